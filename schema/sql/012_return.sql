-- Goods that come back (RMA), from an order. Ours alone: the shop learns of it
-- by stock and by a refund, each a change of its own.
CREATE TABLE return_ (
    id         INTEGER PRIMARY KEY,         -- spoken as R-318
    store_id   INTEGER NOT NULL REFERENCES store (id),
    remote_id  INTEGER NOT NULL,            -- of the order
    state      TEXT NOT NULL,               -- requested approved received inspected refunded closed rejected
    reason     TEXT NOT NULL,               -- defective wrong_item not_as_described changed_mind other
    note       TEXT NOT NULL,               -- of whoever opened it
    decision   TEXT NOT NULL DEFAULT '',    -- what was decided, in words
    refund     TEXT NOT NULL DEFAULT '',    -- ULID of the change that gives money back
    amount_e4  INTEGER NOT NULL DEFAULT 0,  -- of it
    created_ms INTEGER NOT NULL,
    created_by TEXT NOT NULL,               -- as audit.actor
    changed_ms INTEGER NOT NULL,            -- last change of state
    version    INTEGER NOT NULL DEFAULT 1   -- grows with every change
) STRICT;
CREATE INDEX return_order ON return_ (store_id, remote_id, id);
CREATE INDEX return_store ON return_ (store_id, id);
CREATE INDEX return_state ON return_ (store_id, state, id);
-- The open ones of every store lie together: a dashboard counts them.
CREATE INDEX return_open ON return_ (store_id)
    WHERE state IN ('requested', 'approved', 'received', 'inspected');
CREATE UNIQUE INDEX return_refund ON return_ (refund) WHERE refund <> '';

-- received <= want; restock + quarantine + dispose is 0 or received.
CREATE TABLE return_line (
    return_id     INTEGER NOT NULL REFERENCES return_ (id) ON DELETE CASCADE,
    line_id       INTEGER NOT NULL,         -- of the order
    product_id    INTEGER NOT NULL,         -- remote id; of the variation if it has one
    sku           TEXT NOT NULL,
    name          TEXT NOT NULL,
    want_e3       INTEGER NOT NULL,
    received_e3   INTEGER NOT NULL DEFAULT 0,
    restock_e3    INTEGER NOT NULL DEFAULT 0,
    quarantine_e3 INTEGER NOT NULL DEFAULT 0,
    dispose_e3    INTEGER NOT NULL DEFAULT 0,
    stock         TEXT NOT NULL DEFAULT '', -- ULID of the change that counts it back in
    PRIMARY KEY (return_id, line_id)
) STRICT, WITHOUT ROWID;
