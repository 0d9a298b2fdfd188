-- Numbers of goods in bars (common/gtin.h): the shop's global_unique_id as all
-- its spellings have it; '' none. What was mirrored before is filled from the
-- kept objects by cache.clear.
ALTER TABLE product ADD COLUMN gtin TEXT NOT NULL DEFAULT '';
CREATE INDEX product_gtin ON product (gtin) WHERE gtin <> '';
