-- Backups: what is asked of a copy that is checked or put in place.

-- name: BACKUP_TABLES scope=none kind=read temp_btree=yes
-- The tables whose rows are summed; a virtual one has no rows of its own.
SELECT name FROM sqlite_schema
WHERE type = 'table' AND name NOT LIKE 'sqlite~_%' ESCAPE '~'
    AND sql NOT LIKE 'CREATE VIRTUAL%'
ORDER BY name;

-- name: BACKUP_SEALED scope=none kind=read
-- One value that the key ring must open.
SELECT uuid, secret_sealed FROM store WHERE secret_sealed IS NOT NULL LIMIT 1;
-- name: BACKUP_FILES scope=none kind=read plan=file_sha256
-- What must be among the stored files.
SELECT DISTINCT sha256 FROM file ORDER BY sha256;
