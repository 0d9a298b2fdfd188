-- Bundles: a product of a store that is packed as others of it. Ours; the shop
-- knows a product like any other and counts its own number of it.
CREATE TABLE bundle (
    store_id   INTEGER NOT NULL REFERENCES store (id),
    remote_id  INTEGER NOT NULL,            -- of the product or variation
    discount   INTEGER NOT NULL DEFAULT 0,  -- per cent off what its parts cost
    changed_ms INTEGER NOT NULL,
    changed_by TEXT NOT NULL,               -- as audit.actor
    version    INTEGER NOT NULL DEFAULT 1,
    PRIMARY KEY (store_id, remote_id)
) STRICT, WITHOUT ROWID;
CREATE TABLE bundle_part (
    store_id   INTEGER NOT NULL,
    remote_id  INTEGER NOT NULL,            -- of the bundle
    part       INTEGER NOT NULL CHECK (part > 0), -- 1, 2 .. as they were given
    product_id INTEGER NOT NULL,            -- remote id, of the variation if it has one
    per_e3     INTEGER NOT NULL CHECK (per_e3 > 0), -- of it in one bundle
    optional   INTEGER NOT NULL DEFAULT 0,  -- 1: the bundle leaves without it too
    PRIMARY KEY (store_id, remote_id, part),
    UNIQUE (store_id, remote_id, product_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX bundle_part_product ON bundle_part (store_id, product_id);

-- What a line of work is of a bundle; as it was when work was begun, so that an
-- order keeps its parts when the bundle is edited.
ALTER TABLE work_line ADD COLUMN per_e3 INTEGER NOT NULL DEFAULT 0; -- of it in one bundle; 0: no part
ALTER TABLE work_line ADD COLUMN optional INTEGER NOT NULL DEFAULT 0;
ALTER TABLE work_line ADD COLUMN bundle TEXT NOT NULL DEFAULT ''; -- its name; '': no part
ALTER TABLE movement ADD COLUMN part INTEGER NOT NULL DEFAULT 0; -- of the order's line
ALTER TABLE demand ADD COLUMN part INTEGER NOT NULL DEFAULT 0; -- of the order's line
