-- The first schema. STRICT everywhere; money _e4, quantities _e3, instants _ms
-- (UTC). A mirrored object is (store_id, remote_id) within its table; `id` is
-- our arrival-order rowid and never leaves the daemon.

-- Identity and settings of the file: instance_id, epoch, compat, origin (path,
-- inode, machine), key check.
CREATE TABLE meta (
    key   TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE store (
    id           INTEGER PRIMARY KEY,
    uuid         TEXT NOT NULL UNIQUE,      -- ULID; associated data of the seal
    name         TEXT NOT NULL UNIQUE,      -- [a-z][a-z0-9-]{0,31}, immutable
    title        TEXT NOT NULL,
    url          TEXT NOT NULL,             -- canonical base, no trailing slash
    tenant_id    INTEGER NOT NULL DEFAULT 1,
    key_sealed   BLOB,                      -- consumer key
    secret_sealed BLOB,                     -- consumer secret
    allow_http   INTEGER NOT NULL DEFAULT 0,
    ca           TEXT,                      -- PEM this store trusts besides the system's
    auth         TEXT NOT NULL DEFAULT 'basic',   -- basic | query | oauth
    rest         TEXT NOT NULL DEFAULT 'path',    -- path (/wp-json) | route (?rest_route=)
    can_write    INTEGER NOT NULL DEFAULT 0,
    caps         TEXT NOT NULL DEFAULT '{}',      -- JSON of struct shop_caps
    paused       INTEGER NOT NULL DEFAULT 0,
    removed_ms   INTEGER,                   -- soft removal; data kept
    interval_s   INTEGER NOT NULL DEFAULT 0,      -- 0: the setting's default
    state        TEXT NOT NULL DEFAULT 'new',     -- new connected degraded blocked
    reason       TEXT NOT NULL DEFAULT '',        -- error name, '' when connected
    reason_text  TEXT NOT NULL DEFAULT '',
    state_since_ms INTEGER NOT NULL DEFAULT 0,
    created_ms   INTEGER NOT NULL,
    verify_ms    INTEGER,                   -- end of the last verify
    verify_rows  INTEGER,
    verify_differences INTEGER,
    verify_report TEXT,                     -- JSON: counts and exact differences
    lease_owner  TEXT,                      -- which daemon serves it (one, today)
    lease_until_ms INTEGER,
    lease_epoch  INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE UNIQUE INDEX store_url ON store (url) WHERE removed_ms IS NULL;

-- The shop's order statuses and what they mean to a warehouse.
CREATE TABLE store_status (
    store_id INTEGER NOT NULL REFERENCES store (id),
    slug     TEXT NOT NULL,                 -- without wc-
    name     TEXT NOT NULL,
    phase    TEXT NOT NULL,                 -- unpaid todo held done dead unmapped
    moves    TEXT NOT NULL DEFAULT '*',     -- slugs it may move to, comma separated
    may_ship INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (store_id, slug)
) STRICT, WITHOUT ROWID;

-- Where each collection of each store stands: one row is the whole checkpoint.
CREATE TABLE checkpoint (
    store_id   INTEGER NOT NULL REFERENCES store (id),
    collection TEXT NOT NULL,               -- orders refunds notes products ...
    phase      TEXT NOT NULL DEFAULT 'new', -- new open scan ready (sync/pull.h)
    page       INTEGER NOT NULL DEFAULT 0,  -- next page of the scan, walks down
    pages      INTEGER NOT NULL DEFAULT 0,
    done       INTEGER NOT NULL DEFAULT 0,  -- rows received by the scan
    total      INTEGER NOT NULL DEFAULT 0,  -- X-WP-Total at its start
    mark_ms    INTEGER NOT NULL DEFAULT 0,  -- incremental: all before is known
    walk_ms    INTEGER NOT NULL DEFAULT 0,  -- incremental: inside a cycle, else 0
    started_ms INTEGER NOT NULL DEFAULT 0,
    success_ms INTEGER NOT NULL DEFAULT 0,  -- last finished pass
    changed_ms INTEGER NOT NULL DEFAULT 0,  -- last pass that changed a row
    PRIMARY KEY (store_id, collection)
) STRICT, WITHOUT ROWID;

-- Orders: what the shop said, and beside it the derived list columns
-- (status, tags, holds), written by model/order_row.c alone.
CREATE TABLE orders (
    id          INTEGER PRIMARY KEY,
    store_id    INTEGER NOT NULL,
    remote_id   INTEGER NOT NULL,
    number      TEXT NOT NULL,
    status      TEXT NOT NULL,              -- effective
    shop_status TEXT,                       -- NULL while equal to status
    gone        INTEGER NOT NULL DEFAULT 0, -- 0 there, 1 in the trash, 2 gone
    currency    TEXT NOT NULL,
    total_e4    INTEGER NOT NULL,
    created_ms  INTEGER NOT NULL,
    modified_ms INTEGER NOT NULL,
    contact_id  INTEGER NOT NULL,           -- contact.id, 0: neither account nor e-mail
    name        TEXT NOT NULL,
    email       TEXT NOT NULL,
    lines       INTEGER NOT NULL,
    items_e3    INTEGER NOT NULL,
    flags       INTEGER NOT NULL,           -- enum order_flag
    tags        TEXT,                       -- ours, ",a,b,"; NULL: none
    holds       TEXT,                       -- ours, open ones; NULL: none
    read_seq    INTEGER NOT NULL,           -- sent_seq of the last applied read
    raw_hash    BLOB NOT NULL,              -- XXH3-128 of the bytes received
    hash        BLOB NOT NULL               -- truth hash, 16 bytes
) STRICT;
CREATE UNIQUE INDEX orders_remote ON orders (store_id, remote_id);
CREATE INDEX orders_created ON orders (created_ms, id);
CREATE INDEX orders_status ON orders (status, created_ms, id);
CREATE INDEX orders_store ON orders (store_id, created_ms, id);
CREATE INDEX orders_store_status ON orders (store_id, status, created_ms, id);
-- Scattered keys, as line_product: dropped and built after when an empty file
-- is filled.
CREATE INDEX orders_number ON orders (number);
-- Also how a guest's orders move to his account, so never dropped.
CREATE INDEX orders_contact ON orders (contact_id, created_ms, id);

CREATE TABLE line (
    order_id     INTEGER NOT NULL,          -- orders.id
    line_id      INTEGER NOT NULL,
    store_id     INTEGER NOT NULL,
    product_id   INTEGER NOT NULL,          -- remote id, 0: none
    variation_id INTEGER NOT NULL,
    sku          TEXT NOT NULL,
    qty_e3       INTEGER NOT NULL,
    total_e4     INTEGER NOT NULL,
    reduced_e3   INTEGER NOT NULL,          -- _reduced_stock: taken from stock
    PRIMARY KEY (order_id, line_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX line_product ON line (store_id, product_id, order_id);

-- The object as received: zstd with dictionary `dict` (negative: built in).
CREATE TABLE order_object (
    id   INTEGER PRIMARY KEY,
    dict INTEGER NOT NULL,
    z    BLOB NOT NULL
) STRICT;

-- Folded number, name, e-mail, phone, SKUs; one line each.
CREATE VIRTUAL TABLE order_fts USING fts5 (text, tokenize = 'trigram',
    detail = none, columnsize = 0);

-- Orders per store and effective status; kept by model/order_row.c, not by
-- triggers: those make SQLite copy every page an insert touches.
CREATE TABLE order_count (
    store_id INTEGER NOT NULL,
    status   TEXT NOT NULL,
    n        INTEGER NOT NULL,
    PRIMARY KEY (store_id, status)
) STRICT, WITHOUT ROWID;

-- Ours: tags and holds, found newest order first.
CREATE TABLE order_tag (
    tag        TEXT NOT NULL,
    created_ms INTEGER NOT NULL,            -- of the order: list order
    order_id   INTEGER NOT NULL,
    PRIMARY KEY (tag, created_ms, order_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX order_tag_order ON order_tag (order_id);
CREATE TABLE order_hold (
    reason     TEXT NOT NULL,               -- fraud address payment operator date
    created_ms INTEGER NOT NULL,
    order_id   INTEGER NOT NULL,
    note       TEXT NOT NULL DEFAULT '',
    held_ms    INTEGER NOT NULL,
    held_by    TEXT NOT NULL,
    PRIMARY KEY (reason, created_ms, order_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX order_hold_order ON order_hold (order_id);

CREATE TABLE refund (
    id          INTEGER PRIMARY KEY,
    store_id    INTEGER NOT NULL,
    remote_id   INTEGER NOT NULL,
    order_remote_id INTEGER NOT NULL,
    created_ms  INTEGER NOT NULL,
    total_e4    INTEGER NOT NULL,           -- positive amount given back
    reason      TEXT NOT NULL,
    gone        INTEGER NOT NULL DEFAULT 0,
    read_seq    INTEGER NOT NULL,
    raw_hash    BLOB NOT NULL,
    hash        BLOB NOT NULL
) STRICT;
CREATE UNIQUE INDEX refund_remote ON refund (store_id, remote_id);
CREATE INDEX refund_order ON refund (store_id, order_remote_id, id);
CREATE TABLE refund_object (
    id INTEGER PRIMARY KEY, dict INTEGER NOT NULL, z BLOB NOT NULL
) STRICT;

CREATE TABLE note (
    id          INTEGER PRIMARY KEY,
    store_id    INTEGER NOT NULL,
    remote_id   INTEGER NOT NULL,
    order_remote_id INTEGER NOT NULL,
    created_ms  INTEGER NOT NULL,
    author      TEXT NOT NULL,
    to_customer INTEGER NOT NULL,
    text        TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX note_remote ON note (store_id, remote_id);
CREATE INDEX note_order ON note (store_id, order_remote_id, id);

-- Products and variations: one id space at the shop, one table here.
CREATE TABLE product (
    id          INTEGER PRIMARY KEY,
    store_id    INTEGER NOT NULL,
    remote_id   INTEGER NOT NULL,
    parent_id   INTEGER NOT NULL,           -- remote id of the parent; 0: a product
    type        TEXT NOT NULL,              -- simple variable variation grouped ...
    status      TEXT NOT NULL,
    gone        INTEGER NOT NULL DEFAULT 0,
    sku         TEXT NOT NULL,
    name        TEXT NOT NULL,              -- entities decoded
    sort_name   TEXT NOT NULL,              -- folded, of the parent for variations
    price_e4    INTEGER,                    -- NULL: none
    regular_e4  INTEGER,
    sale_e4     INTEGER,
    manage      INTEGER NOT NULL,           -- 0 no, 1 own stock, 2 the parent's
    stock_e3    INTEGER,                    -- NULL: not managed
    stock_status TEXT NOT NULL,
    low_e3      INTEGER,                    -- low_stock_amount; NULL: the shop's default
    low         INTEGER NOT NULL,           -- derived: managed and at or under low_e3
    created_ms  INTEGER NOT NULL,
    modified_ms INTEGER NOT NULL,
    read_seq    INTEGER NOT NULL,
    raw_hash    BLOB NOT NULL,
    hash        BLOB NOT NULL
) STRICT;
CREATE UNIQUE INDEX product_remote ON product (store_id, remote_id);
CREATE INDEX product_parent ON product (store_id, parent_id, sort_name, id);
CREATE INDEX product_name ON product (sort_name, id) WHERE parent_id = 0;
-- As shops compare SKUs: a and A are one.
CREATE INDEX product_sku ON product (sku COLLATE NOCASE) WHERE sku <> '';
CREATE INDEX product_low ON product (store_id, sort_name, id) WHERE low = 1;
CREATE TABLE product_object (
    id INTEGER PRIMARY KEY, dict INTEGER NOT NULL, z BLOB NOT NULL
) STRICT;
CREATE VIRTUAL TABLE product_fts USING fts5 (text, tokenize = 'trigram',
    detail = none, columnsize = 0);
CREATE TABLE product_category (
    store_id    INTEGER NOT NULL,
    category_id INTEGER NOT NULL,           -- remote id
    product_id  INTEGER NOT NULL,           -- product.id
    PRIMARY KEY (store_id, category_id, product_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX product_category_product ON product_category (product_id);

CREATE TABLE category (
    id        INTEGER PRIMARY KEY,
    store_id  INTEGER NOT NULL,
    remote_id INTEGER NOT NULL,
    parent_id INTEGER NOT NULL,
    name      TEXT NOT NULL,
    slug      TEXT NOT NULL,
    count     INTEGER NOT NULL,
    gone      INTEGER NOT NULL DEFAULT 0,
    read_seq  INTEGER NOT NULL,
    raw_hash  BLOB NOT NULL,
    hash      BLOB NOT NULL
) STRICT;
CREATE UNIQUE INDEX category_remote ON category (store_id, remote_id);

-- Customers: registered (remote_id > 0, mirrored) and guests (remote_id 0,
-- derived from orders by folded e-mail).
CREATE TABLE contact (
    id          INTEGER PRIMARY KEY,
    store_id    INTEGER NOT NULL,
    remote_id   INTEGER NOT NULL,
    mirrored    INTEGER NOT NULL,           -- 0: only known from orders
    gone        INTEGER NOT NULL DEFAULT 0,
    email       TEXT NOT NULL,
    email_key   TEXT NOT NULL,              -- folded
    name        TEXT NOT NULL,
    sort_name   TEXT NOT NULL,              -- folded
    phone       TEXT NOT NULL,
    city        TEXT NOT NULL,
    country     TEXT NOT NULL,
    created_ms  INTEGER NOT NULL,           -- mirrored 0: of the newest order
    read_seq    INTEGER NOT NULL,
    raw_hash    BLOB NOT NULL,              -- mirrored 0: empty, as hash
    hash        BLOB NOT NULL
) STRICT;
CREATE UNIQUE INDEX contact_remote ON contact (store_id, remote_id) WHERE remote_id > 0;
-- One guest an e-mail and store; e-mails over all stores.
CREATE UNIQUE INDEX contact_email ON contact (email_key, store_id, remote_id);
CREATE INDEX contact_name ON contact (sort_name, id);
CREATE INDEX contact_store_name ON contact (store_id, sort_name, id);
CREATE TABLE contact_object (
    id INTEGER PRIMARY KEY, dict INTEGER NOT NULL, z BLOB NOT NULL
) STRICT;
CREATE VIRTUAL TABLE contact_fts USING fts5 (text, tokenize = 'trigram',
    detail = none, columnsize = 0);

-- zstd dictionaries, every version kept for ever.
CREATE TABLE dict (
    id   INTEGER PRIMARY KEY,               -- 1 and up
    kind TEXT NOT NULL,
    data BLOB NOT NULL
) STRICT;

-- Needs attention: rows that did not decode, with what arrived.
CREATE TABLE aside (
    id        INTEGER PRIMARY KEY,
    store_id  INTEGER NOT NULL,
    kind      TEXT NOT NULL,
    remote_id INTEGER NOT NULL,             -- 0: could not even be read
    raw_hash  BLOB NOT NULL,
    path      TEXT NOT NULL,                -- the field at fault
    reason    TEXT NOT NULL,
    raw       BLOB NOT NULL,                -- as received, at most 64 KiB
    first_ms  INTEGER NOT NULL,
    last_ms   INTEGER NOT NULL,
    times     INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX aside_object ON aside (store_id, kind, remote_id, raw_hash);

-- Change feed: what changed, in commit order; old rows are dropped.
CREATE TABLE feed (
    seq       INTEGER PRIMARY KEY AUTOINCREMENT,
    at_ms     INTEGER NOT NULL,
    topic     TEXT NOT NULL,                -- order product customer store sync attention
    store_id  INTEGER NOT NULL,             -- 0: none
    remote_id INTEGER NOT NULL,             -- 0: many at once
    data      TEXT NOT NULL DEFAULT ''      -- JSON object or ''
) STRICT;

-- Audit: append-only chain of HMACs; the payload apart, so that erasing a
-- person does not break the chain.
CREATE TABLE audit (
    id      INTEGER PRIMARY KEY,
    at_ms   INTEGER NOT NULL,
    actor   TEXT NOT NULL,                  -- user name, "uid:0", "system"
    action  TEXT NOT NULL,                  -- method or event
    object  TEXT NOT NULL,                  -- reference, may be ''
    digest  BLOB NOT NULL,                  -- SHA-256(salt, payload)
    mac     BLOB NOT NULL                   -- HMAC(previous mac, row)
) STRICT;
CREATE TABLE audit_payload (
    id      INTEGER PRIMARY KEY,            -- audit.id
    salt    BLOB NOT NULL,
    payload TEXT NOT NULL                   -- JSON
) STRICT;

-- Repeat protection of commands, kept 7 days.
CREATE TABLE request (
    actor      TEXT NOT NULL,
    request_id TEXT NOT NULL,
    method     TEXT NOT NULL,
    params     BLOB NOT NULL,               -- SHA-256 of the canonical parameters
    result     TEXT NOT NULL,
    at_ms      INTEGER NOT NULL,
    PRIMARY KEY (actor, request_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX request_at ON request (at_ms);
