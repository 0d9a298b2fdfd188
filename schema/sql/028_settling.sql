-- What an admin says a shop's status means. said 1: it stays when the shop lists
-- the status no more, as its orders do.
ALTER TABLE store_status ADD COLUMN said INTEGER NOT NULL DEFAULT 0;

-- A status that means something else now: what its orders ask for is written
-- anew, a slice at a time; then what their items have reserved.
CREATE TABLE settling (
    store_id   INTEGER NOT NULL REFERENCES store (id),
    slug       TEXT NOT NULL,
    step       INTEGER NOT NULL DEFAULT 0,  -- 0: its orders, 1: the store's items
    created_ms INTEGER NOT NULL,            -- of the last order seen to
    at_id      INTEGER NOT NULL,            -- orders.id; of items listing.remote_id
    PRIMARY KEY (store_id, slug)
) STRICT, WITHOUT ROWID;
