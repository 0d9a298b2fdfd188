-- People who asked to be forgotten: who did it and when, nothing of theirs.
CREATE TABLE erasure (
    id       INTEGER PRIMARY KEY,
    uuid     TEXT NOT NULL UNIQUE,          -- ULID, as in the journal beside the database
    store_id INTEGER NOT NULL,
    actor    TEXT NOT NULL,                 -- as audit.actor
    at_ms    INTEGER NOT NULL
) STRICT;
-- Objects of the shop that are read over from then on: what is about a person
-- is dropped before it is stored (model/erased.c).
CREATE TABLE erased (
    store_id   INTEGER NOT NULL,
    kind       TEXT NOT NULL,               -- order customer
    remote_id  INTEGER NOT NULL,
    erasure_id INTEGER NOT NULL REFERENCES erasure (id),
    PRIMARY KEY (store_id, kind, remote_id)
) STRICT, WITHOUT ROWID;
-- What a row of the audit trail or a confirmed change is about.
CREATE INDEX audit_object ON audit (object);
CREATE INDEX change_made ON change (store_id, result_id)
    WHERE act = 'create' AND result_id > 0;
