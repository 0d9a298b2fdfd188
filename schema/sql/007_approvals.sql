-- Approvals: what somebody proposes and another person lets go out to a shop.
CREATE TABLE proposal (
    id         INTEGER PRIMARY KEY,         -- spoken as A-31
    store_id   INTEGER NOT NULL REFERENCES store (id),
    kind       TEXT NOT NULL,               -- stock_set stock_adjust price product new_product new_order csv
    state      TEXT NOT NULL,               -- pending approved rejected withdrawn
    author     TEXT NOT NULL,               -- as audit.actor
    reason     TEXT NOT NULL DEFAULT '',
    over_limit INTEGER NOT NULL DEFAULT 0,  -- the author may do as much without, but not this much
    title      TEXT NOT NULL,               -- what it is about: SKU or name when it was proposed
    items      INTEGER NOT NULL,            -- rows of proposal_item that go out
    done       INTEGER NOT NULL DEFAULT 0,  -- of them: went out, or could not
    failed     INTEGER NOT NULL DEFAULT 0,  -- of them: could not
    stopped    INTEGER NOT NULL DEFAULT 0,  -- 1: somebody stopped it on the way
    reviewer   TEXT NOT NULL DEFAULT '',
    note       TEXT NOT NULL DEFAULT '',    -- the reviewer's
    created_ms INTEGER NOT NULL,
    decided_ms INTEGER NOT NULL DEFAULT 0,
    version    INTEGER NOT NULL DEFAULT 1   -- grows with every change
) STRICT;
CREATE INDEX proposal_store ON proposal (store_id, id);
CREATE INDEX proposal_state ON proposal (store_id, state, id);
CREATE INDEX proposal_under_way ON proposal (id)
    WHERE state = 'approved' AND done < items AND stopped = 0;

-- What it sets; values are JSON text. stock: the level seen and the level
-- wanted, what is sent is their difference. Path '': a new object, wanted is
-- its payload.
CREATE TABLE proposal_item (
    proposal_id INTEGER NOT NULL REFERENCES proposal (id),
    remote_id   INTEGER NOT NULL,           -- 0: a new object
    path        TEXT NOT NULL,
    base        TEXT,                       -- seen by the author; NULL: none
    wanted      TEXT NOT NULL,
    change_id   INTEGER NOT NULL DEFAULT 0, -- change.id it became
    fault       TEXT NOT NULL DEFAULT '',   -- why it could not
    PRIMARY KEY (proposal_id, remote_id, path)
) STRICT, WITHOUT ROWID;
CREATE INDEX proposal_item_waiting ON proposal_item (proposal_id, remote_id)
    WHERE change_id = 0 AND fault = '';

-- Pieces an order that waits for approval holds back.
CREATE TABLE proposal_reserve (
    store_id    INTEGER NOT NULL,
    remote_id   INTEGER NOT NULL,           -- product or variation
    proposal_id INTEGER NOT NULL REFERENCES proposal (id),
    qty_e3      INTEGER NOT NULL,
    PRIMARY KEY (store_id, remote_id, proposal_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX proposal_reserve_of ON proposal_reserve (proposal_id);

-- May its owners place orders, for approval?
ALTER TABLE tenant ADD COLUMN owner_orders INTEGER NOT NULL DEFAULT 0;
