-- Support: tickets people talk in, and the files they hand over.
CREATE TABLE ticket (
    id         INTEGER PRIMARY KEY,         -- spoken as T-42
    store_id   INTEGER NOT NULL REFERENCES store (id), -- its tenant's owners see it
    subject    TEXT NOT NULL,
    priority   TEXT NOT NULL,               -- low normal high urgent
    state      TEXT NOT NULL,               -- open in_progress waiting resolved closed
    assignee   TEXT NOT NULL DEFAULT '',    -- users.name; '': nobody
    about_kind TEXT NOT NULL DEFAULT '',    -- order customer; '': of the store
    about_id   INTEGER NOT NULL DEFAULT 0,  -- at the shop
    author     TEXT NOT NULL,               -- as audit.actor
    created_ms INTEGER NOT NULL,
    changed_ms INTEGER NOT NULL,            -- by something owners see
    last_id    INTEGER NOT NULL DEFAULT 0,  -- newest message
    open_id    INTEGER NOT NULL DEFAULT 0,  -- newest that owners see
    version    INTEGER NOT NULL DEFAULT 0   -- grows with every change owners see
) STRICT;
CREATE INDEX ticket_store ON ticket (store_id, changed_ms, id);
CREATE INDEX ticket_state ON ticket (store_id, state, changed_ms, id);
-- The active ones of every store lie together: a dashboard counts them.
CREATE INDEX ticket_open ON ticket (store_id)
    WHERE state IN ('open', 'in_progress', 'waiting');
CREATE INDEX ticket_about ON ticket (store_id, about_kind, about_id)
    WHERE about_id > 0;

-- What was said and done. note: for who works here, never shown to an owner.
CREATE TABLE ticket_message (
    id        INTEGER PRIMARY KEY,
    ticket_id INTEGER NOT NULL REFERENCES ticket (id),
    kind      TEXT NOT NULL,                -- reply note; state priority assignee
    author    TEXT NOT NULL,                -- as audit.actor
    text      TEXT NOT NULL,                -- of the last three: what it is now
    was       TEXT NOT NULL DEFAULT '',     -- ... and what it was
    at_ms     INTEGER NOT NULL
) STRICT;
CREATE INDEX ticket_message_of ON ticket_message (ticket_id, id);

-- How far somebody has read.
CREATE TABLE ticket_read (
    ticket_id  INTEGER NOT NULL REFERENCES ticket (id),
    who        TEXT NOT NULL,               -- as audit.actor
    message_id INTEGER NOT NULL,
    PRIMARY KEY (ticket_id, who)
) STRICT, WITHOUT ROWID;

-- The bytes lie in the folder files under the data folder, named by their
-- SHA-256; several rows may name the same bytes.
CREATE TABLE file (
    id         INTEGER PRIMARY KEY,         -- spoken as F-12
    sha256     BLOB NOT NULL,
    size       INTEGER NOT NULL,
    type       TEXT NOT NULL,               -- by its bytes, not by its name
    name       TEXT NOT NULL,               -- for people; never a path of ours
    author     TEXT NOT NULL,               -- as audit.actor
    created_ms INTEGER NOT NULL
) STRICT;
CREATE INDEX file_sha256 ON file (sha256);
CREATE INDEX file_author ON file (author);
-- What it belongs to; one that belongs to nothing is its author's alone, for
-- seven days.
CREATE TABLE file_link (
    file_id INTEGER PRIMARY KEY REFERENCES file (id) ON DELETE CASCADE,
    kind    TEXT NOT NULL,                  -- message: ticket_message
    of_id   INTEGER NOT NULL
) STRICT;
CREATE INDEX file_link_of ON file_link (kind, of_id);
