-- Tags and notes of customers (daemon/model/contact_mark.c). The contact was
-- found in the scope before.

-- name: CONTACT_TAGS_OF scope=none kind=read plan=contact_tag_contact
SELECT tag FROM contact_tag WHERE contact_id = :contact ORDER BY tag;
-- name: CONTACT_TAG_ADD scope=none kind=write
INSERT INTO contact_tag (tag, contact_id) VALUES (:tag, :contact)
    ON CONFLICT DO NOTHING;
-- name: CONTACT_TAG_DROP scope=none kind=write
DELETE FROM contact_tag WHERE tag = :tag AND contact_id = :contact;
-- name: CONTACT_TAG_NUMBER scope=none kind=read plan=contact_tag_contact
SELECT count(*) FROM contact_tag WHERE contact_id = :contact;
-- Of all stores: the list drops what the caller may not see.
-- name: CONTACTS_OF_TAG scope=none kind=read
SELECT contact_id FROM contact_tag WHERE tag = :tag
 ORDER BY contact_id LIMIT :n;

-- name: CONTACT_NOTE_ADD scope=none kind=write
INSERT INTO contact_note (contact_id, at_ms, author, text)
    VALUES (:contact, :now, :author, :text);
-- name: CONTACT_NOTE_DROP scope=none kind=write
DELETE FROM contact_note WHERE id = :id AND contact_id = :contact;
-- name: CONTACT_NOTE_NUMBER scope=none kind=read plan=contact_note_contact
SELECT count(*) FROM contact_note WHERE contact_id = :contact;
-- Newest first.
-- name: CONTACT_NOTES_OF scope=none kind=read plan=contact_note_contact
SELECT id, at_ms, author, text FROM contact_note
 WHERE contact_id = :contact ORDER BY id DESC;

-- name: CONTACT_TAGS_MOVE scope=none kind=write plan=contact_tag_contact
INSERT INTO contact_tag (tag, contact_id)
    SELECT tag, :to_id FROM contact_tag WHERE contact_id = :id
    ON CONFLICT DO NOTHING;
-- name: CONTACT_NOTES_MOVE scope=none kind=write plan=contact_note_contact
UPDATE contact_note SET contact_id = :to_id WHERE contact_id = :id;
-- name: CONTACT_TAGS_CLEAR scope=none kind=write plan=contact_tag_contact
DELETE FROM contact_tag WHERE contact_id = :id;
-- name: CONTACT_NOTES_CLEAR scope=none kind=write plan=contact_note_contact
DELETE FROM contact_note WHERE contact_id = :id;
