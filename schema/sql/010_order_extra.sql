-- What the house asks a client for work on an order; later an invoice takes
-- it up.
CREATE TABLE charge (
    id         INTEGER PRIMARY KEY,         -- spoken as C-12
    store_id   INTEGER NOT NULL REFERENCES store (id),
    remote_id  INTEGER NOT NULL,            -- of the order
    type       TEXT NOT NULL,               -- handling packing materials shipping storage return other
    amount_e4  INTEGER NOT NULL CHECK (amount_e4 <> 0), -- negative: given back
    currency   TEXT NOT NULL,               -- ISO 4217
    note       TEXT NOT NULL,
    author     TEXT NOT NULL,               -- as audit.actor
    created_ms INTEGER NOT NULL,
    billed_id  INTEGER                      -- of the invoice; NULL: not billed
) STRICT;
CREATE INDEX charge_order ON charge (store_id, remote_id, id);

-- Links that show one order to whoever has them. The link is signed; here is
-- what ends it.
CREATE TABLE share (
    id         INTEGER PRIMARY KEY,         -- spoken as L-12
    uuid       BLOB NOT NULL UNIQUE,        -- 16 random bytes, in the link
    store_id   INTEGER NOT NULL REFERENCES store (id),
    remote_id  INTEGER NOT NULL,            -- of the order
    until_ms   INTEGER NOT NULL,
    revoked_ms INTEGER NOT NULL DEFAULT 0,
    author     TEXT NOT NULL,               -- as audit.actor
    created_ms INTEGER NOT NULL
) STRICT;
CREATE INDEX share_order ON share (store_id, remote_id, id);
