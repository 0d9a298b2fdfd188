-- Letters to people. What a letter is about and which template it is makes it
-- one of a kind: nothing is written to anybody twice.
CREATE TABLE mail (
    id         INTEGER PRIMARY KEY,         -- spoken as M-12
    cause      TEXT NOT NULL,               -- R-318; of a test its ULID
    template   TEXT NOT NULL,               -- return_approved ... test
    store_id   INTEGER NOT NULL,            -- 0: of no store
    lang       TEXT NOT NULL,               -- en tr
    recipient  TEXT NOT NULL,               -- an address
    sender     TEXT NOT NULL,               -- who it is from, in words
    params     TEXT NOT NULL,               -- JSON object the template was filled from
    subject    TEXT NOT NULL,
    body       TEXT NOT NULL,               -- as it was previewed
    message_id TEXT NOT NULL UNIQUE,
    state      TEXT NOT NULL,               -- queued sending sent failed unknown parked discarded
    author     TEXT NOT NULL,               -- as audit.actor
    created_ms INTEGER NOT NULL,
    changed_ms INTEGER NOT NULL,            -- last change of state
    next_ms    INTEGER NOT NULL DEFAULT 0,  -- queued: not before
    attempts   INTEGER NOT NULL DEFAULT 0,  -- times it left for the server
    text       TEXT NOT NULL DEFAULT '',    -- what the server said last, or why not
    UNIQUE (cause, template)
) STRICT;
CREATE INDEX mail_state ON mail (state, id);
CREATE INDEX mail_due ON mail (next_ms, id) WHERE state = 'queued';
