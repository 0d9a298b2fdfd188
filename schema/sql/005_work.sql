-- Requests an hour this shop may be asked; 0: as the setting says.
ALTER TABLE store ADD COLUMN per_hour INTEGER NOT NULL DEFAULT 0;
-- Seconds after which an order to do is late; 0: as the setting says.
ALTER TABLE store ADD COLUMN late_s INTEGER NOT NULL DEFAULT 0;

-- The warehouse's own work on orders. None of it leaves for a shop; each row is
-- written in the transaction that answers the scan or key that caused it.

-- Orders taken together: a batch is walked once and sorted after, a wave is
-- sorted into totes on the way.
CREATE TABLE wave (
    id         INTEGER PRIMARY KEY,         -- spoken as W-12
    kind       TEXT NOT NULL CHECK (kind IN ('batch', 'wave')),
    created_ms INTEGER NOT NULL,
    created_by TEXT NOT NULL,               -- as audit.actor
    done_ms    INTEGER NOT NULL DEFAULT 0   -- 0: still open
) STRICT;

-- An order somebody has begun to work on; at most one open row an order.
CREATE TABLE work (
    id         INTEGER PRIMARY KEY,         -- spoken as P-77
    store_id   INTEGER NOT NULL REFERENCES store (id),
    remote_id  INTEGER NOT NULL,            -- of the order
    state      TEXT NOT NULL,               -- picking picked packing packed done dropped
    wave_id    INTEGER REFERENCES wave (id),
    tote       TEXT NOT NULL DEFAULT '',
    lease_user TEXT NOT NULL DEFAULT '',    -- who has it in hand; '': nobody
    lease_since_ms INTEGER NOT NULL DEFAULT 0, -- since when
    lease_ms   INTEGER NOT NULL DEFAULT 0,  -- last scan or key of that person
    lease_mono INTEGER NOT NULL DEFAULT 0,  -- the same, monotonic, of this run
    basis      BLOB NOT NULL,               -- digests of status, address and lines work was begun on
    begun_ms   INTEGER NOT NULL,
    begun_by   TEXT NOT NULL,
    picked_ms  INTEGER NOT NULL DEFAULT 0,
    packed_ms  INTEGER NOT NULL DEFAULT 0,
    ended_ms   INTEGER NOT NULL DEFAULT 0,  -- done or dropped
    version    INTEGER NOT NULL DEFAULT 1   -- grows with every change
) STRICT;
CREATE UNIQUE INDEX work_open ON work (store_id, remote_id)
    WHERE state NOT IN ('done', 'dropped');
CREATE INDEX work_order ON work (store_id, remote_id, id);
CREATE INDEX work_state ON work (state, id);
CREATE INDEX work_lease ON work (lease_user, id) WHERE lease_user <> '';
CREATE INDEX work_tote ON work (tote COLLATE NOCASE, state) WHERE tote <> '';
CREATE INDEX work_wave ON work (wave_id) WHERE wave_id IS NOT NULL;

-- What is to be picked and packed for it; part: a component of a bundle, 0: the
-- line itself.
CREATE TABLE work_line (
    work_id      INTEGER NOT NULL REFERENCES work (id) ON DELETE CASCADE,
    line_id      INTEGER NOT NULL,          -- of the order
    part         INTEGER NOT NULL DEFAULT 0,
    product_id   INTEGER NOT NULL,          -- remote id; of the variation if it has one
    sku          TEXT NOT NULL,
    ean          TEXT NOT NULL DEFAULT '',  -- the shop's global_unique_id
    name         TEXT NOT NULL,
    bin          TEXT NOT NULL DEFAULT '',  -- where it was said to lie
    want_e3      INTEGER NOT NULL,
    picked_e3    INTEGER NOT NULL DEFAULT 0,
    short_e3     INTEGER NOT NULL DEFAULT 0,
    short_reason TEXT NOT NULL DEFAULT '',  -- missing damaged misplaced other
    short_way    TEXT NOT NULL DEFAULT '',  -- backorder split
    packed_e3    INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (work_id, line_id, part)
) STRICT, WITHOUT ROWID;

-- Every scan and every undoing of one, as it came. Never changed.
CREATE TABLE scan (
    id        INTEGER PRIMARY KEY,
    work_id   INTEGER NOT NULL REFERENCES work (id),
    step      TEXT NOT NULL,                -- pick pack
    line_id   INTEGER NOT NULL DEFAULT 0,   -- 0: it matched none
    part      INTEGER NOT NULL DEFAULT 0,
    parcel_id INTEGER NOT NULL DEFAULT 0,
    qty_e3    INTEGER NOT NULL,             -- negative: undone
    code      TEXT NOT NULL,                -- as scanned
    verdict   TEXT NOT NULL,                -- ok wrong excess undo short
    undoes    INTEGER NOT NULL DEFAULT 0,   -- scan.id that is taken back
    author    TEXT NOT NULL,
    at_ms     INTEGER NOT NULL
) STRICT;
CREATE INDEX scan_work ON scan (work_id, id);

-- What leaves the house: a parcel with its carrier and tracking.
CREATE TABLE parcel (
    id         INTEGER PRIMARY KEY,         -- spoken as S-15
    store_id   INTEGER NOT NULL REFERENCES store (id),
    remote_id  INTEGER NOT NULL,            -- of the order
    work_id    INTEGER NOT NULL REFERENCES work (id),
    n          INTEGER NOT NULL,            -- 1, 2 .. within the order
    state      TEXT NOT NULL,               -- open created label shipped in_transit out_for_delivery delivered exception void
    carrier    TEXT NOT NULL DEFAULT '',
    service    TEXT NOT NULL DEFAULT '',
    tracking   TEXT NOT NULL DEFAULT '',
    url        TEXT NOT NULL DEFAULT '',
    weight_g   INTEGER NOT NULL DEFAULT 0,
    length_mm  INTEGER NOT NULL DEFAULT 0,
    width_mm   INTEGER NOT NULL DEFAULT 0,
    height_mm  INTEGER NOT NULL DEFAULT 0,
    created_ms INTEGER NOT NULL,
    created_by TEXT NOT NULL,
    shipped_ms INTEGER NOT NULL DEFAULT 0,
    state_ms   INTEGER NOT NULL DEFAULT 0,
    change_id  INTEGER NOT NULL DEFAULT 0,  -- that tells the shop of the tracking
    version    INTEGER NOT NULL DEFAULT 1
) STRICT;
CREATE UNIQUE INDEX parcel_n ON parcel (store_id, remote_id, n);
CREATE INDEX parcel_store_state ON parcel (store_id, state, id);
CREATE INDEX parcel_store ON parcel (store_id, id);
CREATE INDEX parcel_tracking ON parcel (tracking) WHERE tracking <> '';
CREATE TABLE parcel_line (
    parcel_id INTEGER NOT NULL REFERENCES parcel (id) ON DELETE CASCADE,
    line_id   INTEGER NOT NULL,
    part      INTEGER NOT NULL DEFAULT 0,
    qty_e3    INTEGER NOT NULL,
    PRIMARY KEY (parcel_id, line_id, part)
) STRICT, WITHOUT ROWID;

CREATE VIEW parcel_full AS
SELECT p.id, p.store_id, p.remote_id, p.work_id, p.n, p.state, p.carrier,
       p.service, p.tracking, p.url, p.weight_g, p.length_mm, p.width_mm,
       p.height_mm, p.created_ms, p.created_by, p.shipped_ms, p.state_ms,
       p.change_id, p.version, s.name AS store, o.number, c.uuid,
       c.state AS change_state,
       (SELECT coalesce(sum(l.qty_e3), 0) FROM parcel_line l
         WHERE l.parcel_id = p.id) AS pieces_e3
  FROM parcel p JOIN store s ON s.id = p.store_id
       LEFT JOIN orders o ON o.store_id = p.store_id
            AND o.remote_id = p.remote_id
       LEFT JOIN change c ON c.id = p.change_id;

-- Holds that were released; open ones are rows of order_hold.
CREATE TABLE hold_log (
    id           INTEGER PRIMARY KEY,
    store_id     INTEGER NOT NULL,
    remote_id    INTEGER NOT NULL,
    reason       TEXT NOT NULL,
    note         TEXT NOT NULL,
    held_ms      INTEGER NOT NULL,
    held_by      TEXT NOT NULL,
    released_ms  INTEGER NOT NULL,
    released_by  TEXT NOT NULL,
    release_note TEXT NOT NULL
) STRICT;
CREATE INDEX hold_log_order ON hold_log (store_id, remote_id, id);
-- A hold of reason `date` ends by itself.
ALTER TABLE order_hold ADD COLUMN until_ms INTEGER NOT NULL DEFAULT 0;
CREATE INDEX order_hold_until ON order_hold (until_ms) WHERE until_ms > 0;

-- What happened to an order in this house, oldest first: its timeline, beside
-- what the shop and the outbox tell.
CREATE TABLE order_event (
    id        INTEGER PRIMARY KEY,
    store_id  INTEGER NOT NULL,
    remote_id INTEGER NOT NULL,
    at_ms     INTEGER NOT NULL,
    what      TEXT NOT NULL,                -- held released picking picked short packed shipped returned ...
    who       TEXT NOT NULL,                -- as audit.actor
    detail    TEXT NOT NULL DEFAULT ''      -- reason, parcel, reference of another own object
) STRICT;
CREATE INDEX order_event_order ON order_event (store_id, remote_id, id);
