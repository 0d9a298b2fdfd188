-- People: who they are, how they prove it, what they may see.

-- A client company: it has stores and owners. Number 1 is there from the
-- start; every store belongs to one, for ever.
CREATE TABLE tenant (
    id         INTEGER PRIMARY KEY,
    name       TEXT NOT NULL UNIQUE,        -- as a store's name, immutable
    title      TEXT NOT NULL,
    created_ms INTEGER NOT NULL
) STRICT;
INSERT INTO tenant (id, name, title, created_ms) VALUES (1, 'main', '', 0);
CREATE INDEX store_tenant ON store (tenant_id);

CREATE TABLE users (
    id          INTEGER PRIMARY KEY,
    uuid        TEXT NOT NULL UNIQUE,       -- ULID; associated data of seals
    name        TEXT NOT NULL UNIQUE,       -- [a-z][a-z0-9-]{0,31}, immutable
    title       TEXT NOT NULL,              -- as people call them
    role        TEXT NOT NULL CHECK (role IN ('admin', 'staff', 'owner')),
    tenant_id   INTEGER REFERENCES tenant (id), -- of an owner
    all_stores  INTEGER NOT NULL,           -- staff: 0: those of user_store alone
    read_only   INTEGER NOT NULL DEFAULT 0,
    lang        TEXT NOT NULL DEFAULT '',   -- en tr; '': as the terminal says
    active      INTEGER NOT NULL DEFAULT 1,
    password    TEXT,                       -- by crypt(3); NULL: none yet
    password_ms INTEGER NOT NULL DEFAULT 0,
    totp        BLOB,                       -- sealed secret; NULL: none
    totp_new    BLOB,                       -- the same before its first code
    totp_step   INTEGER NOT NULL DEFAULT 0, -- newest that was used
    created_ms  INTEGER NOT NULL,
    seen_ms     INTEGER NOT NULL DEFAULT 0, -- last sign-in
    CHECK ((role = 'owner') = (tenant_id IS NOT NULL))
) STRICT;

CREATE TABLE user_store (
    user_id  INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    store_id INTEGER NOT NULL REFERENCES store (id),
    PRIMARY KEY (user_id, store_id)
) STRICT, WITHOUT ROWID;

-- Accounts of this machine that are somebody without being asked. The name is
-- compared: a number may be given to another person.
CREATE TABLE unix_account (
    uid       INTEGER PRIMARY KEY,
    account   TEXT NOT NULL,
    user_id   INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    linked_ms INTEGER NOT NULL
) STRICT;
CREATE INDEX unix_account_user ON unix_account (user_id);

-- One-time codes, as SHA-256: of an invitation or reset, and ten for the day
-- the telephone is lost.
CREATE TABLE invitation (
    user_id  INTEGER PRIMARY KEY REFERENCES users (id) ON DELETE CASCADE,
    digest   BLOB NOT NULL,
    until_ms INTEGER NOT NULL
) STRICT;
CREATE TABLE backup_code (
    user_id INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    digest  BLOB NOT NULL,
    PRIMARY KEY (user_id, digest)
) STRICT, WITHOUT ROWID;

-- Sessions that outlive a connection.
CREATE TABLE session (
    id         INTEGER PRIMARY KEY,
    uuid       TEXT NOT NULL UNIQUE,
    user_id    INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    kind       TEXT NOT NULL,               -- resume (terminal), login (command line), http
    digest     BLOB NOT NULL UNIQUE,        -- SHA-256 of the token in force
    place      TEXT NOT NULL,               -- uid:1000, or network and agent
    client     TEXT NOT NULL,
    created_ms INTEGER NOT NULL,
    used_ms    INTEGER NOT NULL,
    until_ms   INTEGER NOT NULL
) STRICT;
CREATE INDEX session_user ON session (user_id, used_ms);
-- Refresh tokens that were exchanged: whoever shows one again has stolen it, or
-- was stolen from.
CREATE TABLE session_spent (
    digest     BLOB PRIMARY KEY,
    session_id INTEGER NOT NULL REFERENCES session (id) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
CREATE INDEX session_spent_session ON session_spent (session_id);

CREATE TABLE api_token (
    id         INTEGER PRIMARY KEY,
    uuid       TEXT NOT NULL UNIQUE,
    user_id    INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    name       TEXT NOT NULL,
    digest     BLOB NOT NULL UNIQUE,
    read_only  INTEGER NOT NULL,
    some       INTEGER NOT NULL,            -- 1: stores of api_token_store alone
    created_ms INTEGER NOT NULL,
    used_ms    INTEGER NOT NULL DEFAULT 0,
    until_ms   INTEGER NOT NULL             -- 0: until it is revoked
) STRICT;
CREATE INDEX api_token_user ON api_token (user_id);
CREATE TABLE api_token_store (
    token_id INTEGER NOT NULL REFERENCES api_token (id) ON DELETE CASCADE,
    store_id INTEGER NOT NULL REFERENCES store (id),
    PRIMARY KEY (token_id, store_id)
) STRICT, WITHOUT ROWID;

-- Keys that sign access tokens of the HTTP face: the newest signs, the others
-- are still believed.
CREATE TABLE signing_key (
    id         INTEGER PRIMARY KEY,
    kid        TEXT NOT NULL UNIQUE,        -- ULID; associated data of the seal
    sealed     BLOB NOT NULL,               -- PEM
    created_ms INTEGER NOT NULL
) STRICT;

-- Wrong tries per name (there or not) and place they came from.
CREATE TABLE lockout (
    name     TEXT NOT NULL,
    place    TEXT NOT NULL,
    wrong    INTEGER NOT NULL,
    last_ms  INTEGER NOT NULL,
    until_ms INTEGER NOT NULL,              -- 0: not locked
    PRIMARY KEY (name, place)
) STRICT, WITHOUT ROWID;
CREATE INDEX lockout_last ON lockout (last_ms);
