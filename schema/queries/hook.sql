-- Our webhooks at shops (daemon/model/hook.c).

-- name: HOOK_LIST scope=store kind=read
SELECT topic, remote_id, status, ping_ms, last_ms, lag_ms, disabled_ms,
       deliveries
  FROM hook WHERE store_id = :store;
-- name: HOOK_PUT scope=store kind=write
INSERT INTO hook (store_id, topic, remote_id, status, disabled_ms)
    VALUES (:store, :topic, :remote, :status, :disabled)
    ON CONFLICT (store_id, topic) DO UPDATE
    SET remote_id = excluded.remote_id, status = excluded.status,
        disabled_ms = excluded.disabled_ms;
-- name: HOOK_PING_DUE scope=store kind=write
UPDATE hook SET ping_ms = 0 WHERE store_id = :store AND topic = :topic;
-- name: HOOK_FORGET scope=store kind=write
DELETE FROM hook WHERE store_id = :store;

-- name: HOOK_DOOR scope=store kind=read
SELECT path, sealed, copied_source, copied_ms
  FROM hook_secret WHERE store_id = :store;
-- name: HOOK_DOOR_PUT scope=store kind=write
INSERT INTO hook_secret (store_id, path, sealed)
    VALUES (:store, :path, :sealed)
    ON CONFLICT (store_id) DO UPDATE
    SET path = excluded.path, sealed = excluded.sealed, copied_source = '',
        copied_ms = 0;
-- name: HOOK_DOOR_FORGET scope=store kind=write
DELETE FROM hook_secret WHERE store_id = :store;
