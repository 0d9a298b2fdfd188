-- Stores, their statuses and checkpoints (daemon/model/store*.c). A store is
-- looked up before its id is known: model checks the scope of what it found.

-- name: STORE_BY_NAME scope=none kind=read
SELECT id, uuid, name, title, url, auth, rest, allow_http, can_write, paused,
       removed_ms IS NOT NULL, interval_s, state, reason, reason_text,
       state_since_ms, created_ms, verify_ms, verify_rows,
       verify_differences, ca, caps, poll_only, per_hour, late_s
  FROM store WHERE name = :name AND removed_ms IS NULL;

-- name: STORE_BY_ID scope=store kind=read
SELECT id, uuid, name, title, url, auth, rest, allow_http, can_write, paused,
       removed_ms IS NOT NULL, interval_s, state, reason, reason_text,
       state_since_ms, created_ms, verify_ms, verify_rows,
       verify_differences, ca, caps, poll_only, per_hour, late_s
  FROM store WHERE id = :store;

-- name: STORE_LIST scope=none kind=read
SELECT id, uuid, name, title, url, auth, rest, allow_http, can_write, paused,
       removed_ms IS NOT NULL, interval_s, state, reason, reason_text,
       state_since_ms, created_ms, verify_ms, verify_rows,
       verify_differences, ca, caps, poll_only, per_hour, late_s
  FROM store WHERE removed_ms IS NULL ORDER BY name;

-- name: STORE_NAME_TAKEN scope=none kind=read
SELECT removed_ms IS NOT NULL FROM store WHERE name = :name;
-- name: STORE_URL_TAKEN scope=none kind=read plan=store_url
SELECT name FROM store WHERE url = :url AND removed_ms IS NULL;

-- name: STORE_INSERT scope=none kind=write
INSERT INTO store (uuid, name, title, url, allow_http, ca, auth, rest,
                   can_write, caps, paused, interval_s, state, reason,
                   reason_text, state_since_ms, created_ms)
    VALUES (:uuid, :name, :title, :url, :allow_http, :ca, :auth, :rest,
            :can_write, :caps, :paused, :interval, :state, :reason,
            :reason_text, :now, :now);
-- name: STORE_UPDATE scope=store kind=write
UPDATE store SET title = :title, interval_s = :interval, paused = :paused,
       ca = :ca, poll_only = :poll_only, per_hour = :per_hour,
       late_s = :late
 WHERE id = :store;
-- name: STORE_REMOVE scope=store kind=write
UPDATE store SET removed_ms = :now, key_sealed = NULL, secret_sealed = NULL
 WHERE id = :store AND removed_ms IS NULL;
-- name: STORE_CAPS scope=store kind=write
UPDATE store SET auth = :auth, rest = :rest, can_write = :can_write,
       caps = :caps
 WHERE id = :store;
-- name: STORE_STATE scope=store kind=write
UPDATE store SET state_since_ms = iif(state = :state AND reason = :reason,
                                      state_since_ms, :now),
       state = :state, reason = :reason, reason_text = :text
 WHERE id = :store
   AND (state, reason, reason_text) <> (:state, :reason, :text);
-- name: STORE_EXISTS scope=store kind=read
SELECT 1 FROM store WHERE id = :store;
-- name: STORE_VERIFY scope=store kind=write
UPDATE store SET verify_ms = :now, verify_rows = :rows,
       verify_differences = :differences, verify_report = :report
 WHERE id = :store;
-- name: STORE_VERIFY_REPORT scope=store kind=read
SELECT verify_report FROM store
 WHERE id = :store AND verify_report IS NOT NULL;
-- name: STORE_KEYS scope=store kind=write
UPDATE store SET key_sealed = :key, secret_sealed = :secret
 WHERE id = :store;
-- name: STORE_KEYS_OF scope=store kind=read
SELECT key_sealed, secret_sealed FROM store
 WHERE id = :store AND key_sealed IS NOT NULL AND secret_sealed IS NOT NULL;

-- name: STATUS_LIST scope=store kind=read
SELECT slug, name, phase FROM store_status
 WHERE store_id = :store ORDER BY slug;
-- A phase once there stays: an admin may have set it.
-- name: STATUS_PUT scope=store kind=write
INSERT INTO store_status (store_id, slug, name, phase, may_ship)
    VALUES (:store, :slug, :name, :phase, :may_ship)
    ON CONFLICT (store_id, slug) DO UPDATE SET name = excluded.name;
-- name: STATUS_DROP scope=store kind=write
DELETE FROM store_status
 WHERE store_id = :store AND slug = :slug AND said = 0;

-- name: CHECKPOINT_GET scope=store kind=read
SELECT phase, page, pages, done, total, mark_ms, walk_ms, started_ms,
       success_ms, changed_ms
  FROM checkpoint WHERE store_id = :store AND collection = :collection;
-- name: CHECKPOINT_PUT scope=store kind=write
INSERT INTO checkpoint (store_id, collection, phase, page, pages, done, total,
                        mark_ms, walk_ms, started_ms, success_ms, changed_ms)
    VALUES (:store, :collection, :phase, :page, :pages, :done, :total, :mark,
            :walk, :started, :success, :changed)
    ON CONFLICT (store_id, collection) DO UPDATE
    SET phase = excluded.phase, page = excluded.page, pages = excluded.pages,
        done = excluded.done, total = excluded.total,
        mark_ms = excluded.mark_ms, walk_ms = excluded.walk_ms,
        started_ms = excluded.started_ms, success_ms = excluded.success_ms,
        changed_ms = excluded.changed_ms;
