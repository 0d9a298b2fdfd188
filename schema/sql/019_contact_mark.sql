-- What this house says of a customer, account or guest; no shop is told. A
-- guest's go to whom the guest becomes (daemon/model/contact_mark.c).
CREATE TABLE contact_tag (
    tag        TEXT NOT NULL COLLATE NOCASE,
    contact_id INTEGER NOT NULL,            -- contact.id
    PRIMARY KEY (tag, contact_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX contact_tag_contact ON contact_tag (contact_id);
CREATE TABLE contact_note (
    id         INTEGER PRIMARY KEY,         -- spoken as N-12
    contact_id INTEGER NOT NULL,
    at_ms      INTEGER NOT NULL,
    author     TEXT NOT NULL,               -- as audit.actor
    text       TEXT NOT NULL
) STRICT;
CREATE INDEX contact_note_contact ON contact_note (contact_id, id);
