-- The database room's own statements.

-- name: META_GET scope=none kind=read
SELECT value FROM meta WHERE key = :key;

-- name: META_NUMBER scope=none kind=read
SELECT CAST(value AS INTEGER) FROM meta WHERE key = :key;

-- name: META_SET scope=none kind=write
INSERT INTO meta (key, value) VALUES (:key, :value)
    ON CONFLICT (key) DO UPDATE SET value = excluded.value;

-- name: MIRROR_HAS_ORDERS scope=none kind=read
SELECT 1 FROM orders LIMIT 1;

-- The indexes with scattered keys (storage-limits.md 2): a bulk fill drops and
-- rebuilds them. orders_contact stays: a customer that turns out to be a guest
-- moves his orders by it. A test compares their text with the migrations'.

-- name: INDEX_NUMBER_DROP scope=none kind=write
DROP INDEX IF EXISTS orders_number;

-- name: INDEX_NUMBER_BUILD scope=none kind=write
CREATE INDEX IF NOT EXISTS orders_number ON orders (number);

-- name: INDEX_LINE_DROP scope=none kind=write
DROP INDEX IF EXISTS line_product;

-- name: INDEX_LINE_BUILD scope=none kind=write
CREATE INDEX IF NOT EXISTS line_product ON line (store_id, product_id, order_id);
