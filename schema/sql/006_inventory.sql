-- Physical stock: what lies where in the warehouse. None of it is the shop's:
-- its number is in `product`, whose doing that is in `ledger`.

-- One pile of one client company, whichever of its shops sell it. Made when
-- warehouse work first touches it.
CREATE TABLE item (
    id          INTEGER PRIMARY KEY,
    tenant_id   INTEGER NOT NULL REFERENCES tenant (id),
    sku         TEXT NOT NULL,              -- '': its product has none
    title       TEXT NOT NULL,
    reorder_e3  INTEGER,                    -- buy more at or under it; NULL: never
    low_e3      INTEGER,                    -- low at or under it where the shop says nothing
    created_ms  INTEGER NOT NULL,
    -- Derived (daemon/model/item.c), in the transaction of what they follow from.
    on_hand_e3  INTEGER NOT NULL DEFAULT 0, -- sum of its balances
    blocked_e3  INTEGER NOT NULL DEFAULT 0, -- of these, in quarantine
    reserved_e3 INTEGER NOT NULL DEFAULT 0, -- open orders want it
    incoming_e3 INTEGER NOT NULL DEFAULT 0, -- announced and not there yet
    due         INTEGER NOT NULL DEFAULT 0  -- 1: at or under its reorder point
) STRICT;
CREATE UNIQUE INDEX item_sku ON item (tenant_id, sku) WHERE sku <> '';
CREATE INDEX item_tenant ON item (tenant_id, id);
CREATE INDEX item_due ON item (tenant_id, id) WHERE due = 1;

-- What a shop sells of it; units: pieces a shop's one takes from the pile.
CREATE TABLE listing (
    store_id  INTEGER NOT NULL REFERENCES store (id),
    remote_id INTEGER NOT NULL,             -- of the product or variation
    item_id   INTEGER NOT NULL REFERENCES item (id),
    units     INTEGER NOT NULL DEFAULT 1 CHECK (units BETWEEN 1 AND 10000),
    PRIMARY KEY (store_id, remote_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX listing_item ON listing (item_id);

-- Places of the warehouse; people walk them by zone, place and code.
CREATE TABLE bin (
    id           INTEGER PRIMARY KEY,
    warehouse_id INTEGER NOT NULL DEFAULT 1,
    code         TEXT NOT NULL COLLATE NOCASE,  -- as its label says
    zone         TEXT NOT NULL DEFAULT '',
    place        INTEGER NOT NULL DEFAULT 0,    -- on the walk through the zone
    quarantine   INTEGER NOT NULL DEFAULT 0,    -- 1: nothing in it is for sale
    disabled     INTEGER NOT NULL DEFAULT 0,
    created_ms   INTEGER NOT NULL,
    version      INTEGER NOT NULL DEFAULT 1
) STRICT;
CREATE UNIQUE INDEX bin_code ON bin (warehouse_id, code);
CREATE INDEX bin_walk ON bin (zone, place, code);

-- Why pieces move. manual: a person may give it for an adjustment.
CREATE TABLE move_reason (
    name   TEXT PRIMARY KEY,
    place  INTEGER NOT NULL,
    manual INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO move_reason (name, place, manual) VALUES
    ('correction', 1, 1), ('found', 2, 1), ('lost', 3, 1), ('damaged', 4, 1),
    ('expired', 5, 1), ('own_use', 6, 1), ('opening', 7, 1),
    ('receive', 20, 0), ('pick', 21, 0), ('put_back', 22, 0), ('move', 23, 0),
    ('count', 24, 0), ('return', 25, 0);

-- Every piece that came, went or changed its place. Never changed.
CREATE TABLE movement (
    id        INTEGER PRIMARY KEY,
    item_id   INTEGER NOT NULL REFERENCES item (id),
    bin_id    INTEGER NOT NULL REFERENCES bin (id),
    qty_e3    INTEGER NOT NULL CHECK (qty_e3 <> 0), -- negative: out of the bin
    reason    TEXT NOT NULL REFERENCES move_reason (name),
    ref       TEXT NOT NULL DEFAULT '',     -- order, inbound, count, return it is of
    note      TEXT NOT NULL DEFAULT '',
    store_id  INTEGER NOT NULL DEFAULT 0,   -- of an order's line; 0: of none
    order_id  INTEGER NOT NULL DEFAULT 0,   -- remote id
    line_id   INTEGER NOT NULL DEFAULT 0,
    work_id   INTEGER NOT NULL DEFAULT 0,   -- whose picking it was; 0: none
    author    TEXT NOT NULL,                -- as audit.actor
    at_ms     INTEGER NOT NULL
) STRICT;
CREATE INDEX movement_item ON movement (item_id, id);
CREATE INDEX movement_bin ON movement (bin_id, id);
CREATE INDEX movement_order ON movement (store_id, order_id, line_id)
    WHERE order_id > 0;

-- Derived: the sum of the movements of an item in a bin, where it is not 0.
CREATE TABLE balance (
    item_id INTEGER NOT NULL,
    bin_id  INTEGER NOT NULL,
    qty_e3  INTEGER NOT NULL,
    PRIMARY KEY (item_id, bin_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX balance_bin ON balance (bin_id, item_id);

-- Derived: lines of open orders with what of them was not picked yet, in the
-- shop's own units.
CREATE TABLE demand (
    store_id   INTEGER NOT NULL,
    product_id INTEGER NOT NULL,            -- remote id; of the variation if it has one
    order_id   INTEGER NOT NULL,            -- orders.id
    line_id    INTEGER NOT NULL,
    qty_e3     INTEGER NOT NULL,
    PRIMARY KEY (store_id, product_id, order_id, line_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX demand_order ON demand (order_id);
-- Orders that are in the file already.
INSERT INTO demand
SELECT l.store_id, iif(l.variation_id > 0, l.variation_id, l.product_id),
       l.order_id, l.line_id, min(l.qty_e3, 1000000000)
  FROM orders o JOIN line l ON l.order_id = o.id
  LEFT JOIN store_status s ON s.store_id = o.store_id AND s.slug = o.status
 WHERE o.gone = 0 AND l.product_id > 0 AND l.qty_e3 > 0
   AND coalesce(s.phase, iif(o.status = 'processing', 'todo',
           iif(o.status = 'on-hold', 'held', '')))
       IN ('todo', 'held', 'unmapped');

-- What a supplier has announced, and what came of it.
CREATE TABLE inbound (
    id          INTEGER PRIMARY KEY,        -- spoken as I-12
    tenant_id   INTEGER NOT NULL REFERENCES tenant (id),
    reference   TEXT NOT NULL,              -- of the supplier's paper
    supplier    TEXT NOT NULL DEFAULT '',
    note        TEXT NOT NULL DEFAULT '',
    state       TEXT NOT NULL,              -- open closed
    shop        INTEGER NOT NULL,           -- 1: the shops are told of what comes
    expected_ms INTEGER NOT NULL DEFAULT 0, -- day it should come; 0: not known
    created_ms  INTEGER NOT NULL,
    created_by  TEXT NOT NULL,
    closed_ms   INTEGER NOT NULL DEFAULT 0,
    closed_by   TEXT NOT NULL DEFAULT '',
    version     INTEGER NOT NULL DEFAULT 1
) STRICT;
CREATE UNIQUE INDEX inbound_reference ON inbound (tenant_id, reference);
CREATE INDEX inbound_state ON inbound (state, id);
CREATE TABLE inbound_line (
    inbound_id  INTEGER NOT NULL REFERENCES inbound (id),
    item_id     INTEGER NOT NULL REFERENCES item (id),
    expected_e3 INTEGER NOT NULL,           -- 0: it came unannounced
    received_e3 INTEGER NOT NULL DEFAULT 0,
    told_e3     INTEGER NOT NULL DEFAULT 0, -- of these, what shops were told of
    PRIMARY KEY (inbound_id, item_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX inbound_line_item ON inbound_line (item_id);

-- A count of some bins, or of some items wherever they lie.
CREATE TABLE stock_count (
    id           INTEGER PRIMARY KEY,       -- spoken as C-12
    state        TEXT NOT NULL,             -- open submitted done dropped
    whole        INTEGER NOT NULL,          -- 1: all that lies in its bins; 0: its lines alone
    blind        INTEGER NOT NULL,          -- 1: who counts is not told what should be there
    note         TEXT NOT NULL DEFAULT '',
    begun_ms     INTEGER NOT NULL,
    begun_by     TEXT NOT NULL,
    submitted_ms INTEGER NOT NULL DEFAULT 0,
    submitted_by TEXT NOT NULL DEFAULT '',
    ended_ms     INTEGER NOT NULL DEFAULT 0,
    ended_by     TEXT NOT NULL DEFAULT '',
    version      INTEGER NOT NULL DEFAULT 1
) STRICT;
CREATE INDEX stock_count_state ON stock_count (state, id);
CREATE TABLE count_bin (
    count_id   INTEGER NOT NULL REFERENCES stock_count (id),
    bin_id     INTEGER NOT NULL REFERENCES bin (id),
    visited_ms INTEGER NOT NULL DEFAULT 0,  -- 0: nobody was there yet
    PRIMARY KEY (count_id, bin_id)
) STRICT, WITHOUT ROWID;
CREATE TABLE count_line (
    count_id    INTEGER NOT NULL REFERENCES stock_count (id),
    bin_id      INTEGER NOT NULL REFERENCES bin (id),
    item_id     INTEGER NOT NULL REFERENCES item (id),
    counted_e3  INTEGER,                    -- NULL: not yet
    expected_e3 INTEGER,                    -- what it should have been just then
    counted_by  TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (count_id, bin_id, item_id)
) STRICT, WITHOUT ROWID;

-- The bin somebody stands at, in the course of receiving or counting: a scan
-- that follows another at once need not know what came of it.
CREATE TABLE at_bin (
    work   TEXT NOT NULL,                   -- I-12 C-7
    author TEXT NOT NULL,
    bin_id INTEGER NOT NULL REFERENCES bin (id),
    PRIMARY KEY (work, author)
) STRICT, WITHOUT ROWID;
