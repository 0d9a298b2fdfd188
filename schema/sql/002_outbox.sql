-- Two-way sync: what we want a shop to be (the outbox), what shops told us by
-- webhook, and what we keep to prove that neither lost anything.

-- The outbox. A row leaves it only as confirmed or discarded.
CREATE TABLE change (
    id         INTEGER PRIMARY KEY,         -- order of acceptance; per object, of sending
    uuid       TEXT NOT NULL UNIQUE,        -- ULID: what people and shops see
    store_id   INTEGER NOT NULL REFERENCES store (id),
    kind       TEXT NOT NULL,               -- order product customer category
    remote_id  INTEGER NOT NULL,            -- 0: to be created
    parent_id  INTEGER NOT NULL DEFAULT 0,  -- product of a variation
    act        TEXT NOT NULL,               -- set stock note refund tracking trash untrash create
    state      TEXT NOT NULL,               -- awaiting queued sending unknown conflict refused confirmed discarded
    payload    TEXT,                        -- JSON object of note, refund, tracking, create
    author     TEXT NOT NULL,               -- as audit.actor
    approver   TEXT NOT NULL DEFAULT '',
    reason     TEXT NOT NULL DEFAULT '',
    created_ms INTEGER NOT NULL,
    changed_ms INTEGER NOT NULL,            -- last change of state
    sent_ms    INTEGER NOT NULL DEFAULT 0,  -- committed before the first byte; 0: never
    next_ms    INTEGER NOT NULL DEFAULT 0,  -- not before (wall clock)
    attempts   INTEGER NOT NULL DEFAULT 0,  -- times sent
    looks      INTEGER NOT NULL DEFAULT 0,  -- times looked since it became unknown
    ambiguous  INTEGER NOT NULL DEFAULT 0,  -- unknown: looking did not tell, a person decides
    code       TEXT NOT NULL DEFAULT '',    -- error name, or depends, already_so
    text       TEXT NOT NULL DEFAULT '',    -- one sentence
    answer     TEXT,                        -- of the shop: JSON, at most 4 KiB
    result_id  INTEGER NOT NULL DEFAULT 0,  -- remote id the shop gave (create, note, refund)
    epoch      INTEGER NOT NULL DEFAULT 0   -- of the file when it was last sent
) STRICT;
-- Open ones of an object, in order; the overlay and the queue.
CREATE INDEX change_open ON change (store_id, kind, remote_id, id)
    WHERE state NOT IN ('confirmed', 'discarded');
CREATE INDEX change_state ON change (store_id, state, id);
CREATE INDEX change_store ON change (store_id, id);
CREATE INDEX change_object ON change (store_id, kind, remote_id, id);

-- As programs read a change: with its store's name.
CREATE VIEW change_full AS
SELECT c.id, c.uuid, c.store_id, c.kind, c.remote_id, c.parent_id, c.act,
       c.state, c.payload, c.author, c.approver, c.reason, c.created_ms,
       c.changed_ms, c.sent_ms, c.next_ms, c.attempts, c.looks, c.ambiguous,
       c.code, c.text, c.answer, c.result_id, c.epoch, s.name AS store
  FROM change c JOIN store s ON s.id = c.store_id;

-- What a change sets; values are JSON text. stock: wanted is the delta.
CREATE TABLE change_path (
    change_id INTEGER NOT NULL REFERENCES change (id) ON DELETE CASCADE,
    path      TEXT NOT NULL,                -- status billing.email meta[key] regular_price stock
    base      TEXT,                         -- seen by the author; NULL: unknown (create)
    wanted    TEXT NOT NULL,
    theirs    TEXT,                         -- the shop's, when it got in the way
    accept    TEXT,                         -- JSON array of bases as good as base
    PRIMARY KEY (change_id, path)
) STRICT, WITHOUT ROWID;

-- What the shop says of a product that is overlaid; its row shows the effect.
CREATE TABLE product_under (
    id           INTEGER PRIMARY KEY,       -- product.id
    status       TEXT NOT NULL,
    sku          TEXT NOT NULL,
    name         TEXT NOT NULL,
    sort_name    TEXT NOT NULL,
    price_e4     INTEGER,
    regular_e4   INTEGER,
    sale_e4      INTEGER,
    stock_e3     INTEGER,
    stock_status TEXT NOT NULL
) STRICT;

-- Open changes an object has; lists filter by it.
ALTER TABLE orders ADD COLUMN pending INTEGER NOT NULL DEFAULT 0;
ALTER TABLE product ADD COLUMN pending INTEGER NOT NULL DEFAULT 0;
CREATE INDEX orders_pending ON orders (store_id, created_ms, id) WHERE pending > 0;
CREATE INDEX product_pending ON product (store_id, sort_name, id) WHERE pending > 0;

-- Stock of a listing we have changed: agreed + what we sent - what orders took.
CREATE TABLE ledger (
    store_id   INTEGER NOT NULL,
    remote_id  INTEGER NOT NULL,            -- product or variation
    agreed_e3  INTEGER NOT NULL,            -- the shop's number when we agreed
    agreed_ms  INTEGER NOT NULL,
    sent_e3    INTEGER NOT NULL DEFAULT 0,  -- confirmed deltas since
    taken_e3   INTEGER NOT NULL DEFAULT 0,  -- by orders when we agreed
    drift_e3   INTEGER NOT NULL DEFAULT 0,  -- the shop's number minus expected
    drift_ms   INTEGER NOT NULL DEFAULT 0,  -- since; 0: none
    PRIMARY KEY (store_id, remote_id)
) STRICT, WITHOUT ROWID;

-- No webhooks at that shop, by hand.
ALTER TABLE store ADD COLUMN poll_only INTEGER NOT NULL DEFAULT 0;

-- Our webhooks at a shop; committed before the shop is asked to make them.
CREATE TABLE hook (
    store_id     INTEGER NOT NULL REFERENCES store (id),
    topic        TEXT NOT NULL,
    remote_id    INTEGER NOT NULL DEFAULT 0, -- 0: not made yet
    status       TEXT NOT NULL DEFAULT 'new', -- new active paused disabled unreachable
    ping_ms      INTEGER NOT NULL DEFAULT 0,
    last_ms      INTEGER NOT NULL DEFAULT 0, -- last delivery
    lag_ms       INTEGER NOT NULL DEFAULT 0, -- of it, behind the change
    disabled_ms  INTEGER NOT NULL DEFAULT 0,
    deliveries   INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (store_id, topic)
) STRICT, WITHOUT ROWID;
-- Per store: the secret path and the sealed secret deliveries are signed with.
CREATE TABLE hook_secret (
    store_id INTEGER PRIMARY KEY REFERENCES store (id),
    path     TEXT NOT NULL UNIQUE,
    sealed   BLOB NOT NULL,
    copied_source TEXT NOT NULL DEFAULT '', -- foreign X-WC-Webhook-Source: the shop was copied
    copied_ms INTEGER NOT NULL DEFAULT 0
) STRICT;

-- What must be read again soon: from webhooks, and reads that came too late.
-- One row an object: later reasons ride on the first.
CREATE TABLE wake (
    id        INTEGER PRIMARY KEY,
    store_id  INTEGER NOT NULL,
    kind      TEXT NOT NULL,                -- order product customer category refund note
    remote_id INTEGER NOT NULL,
    at_ms     INTEGER NOT NULL,             -- when it was told first
    times     INTEGER NOT NULL DEFAULT 1    -- grows when told again
) STRICT;
CREATE UNIQUE INDEX wake_object ON wake (store_id, kind, remote_id);
CREATE INDEX wake_store ON wake (store_id, id); -- told first, read first
-- The last webhook delivery of each object: the same one told again wakes
-- nothing. Trimmed by age.
CREATE TABLE delivery (
    store_id  INTEGER NOT NULL,
    kind      TEXT NOT NULL,                -- as wake.kind
    remote_id INTEGER NOT NULL,
    digest    BLOB NOT NULL,                -- XXH3-128 of topic and body
    at_ms     INTEGER NOT NULL,
    PRIMARY KEY (store_id, kind, remote_id)
) STRICT, WITHOUT ROWID;

-- How far each sweep over a store has come, and when it was through last.
CREATE TABLE sweep (
    store_id   INTEGER NOT NULL REFERENCES store (id),
    kind       TEXT NOT NULL,               -- open notes stock_products ids_orders ...
    rows_left  INTEGER NOT NULL,            -- of this round still to be read; -1: none is begun
    above      INTEGER NOT NULL,            -- lowest remote id it has read
    total      INTEGER NOT NULL,            -- rows listed when it began
    started_ms INTEGER NOT NULL,
    success_ms INTEGER NOT NULL,            -- end of the last whole round; 0: never
    PRIMARY KEY (store_id, kind)
) STRICT, WITHOUT ROWID;
-- decode, or removal: a shop suddenly lists far fewer rows than it had.
ALTER TABLE aside ADD COLUMN what TEXT NOT NULL DEFAULT 'decode';
