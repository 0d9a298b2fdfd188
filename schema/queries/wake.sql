-- What is to be read again (daemon/model/wake.c).

-- name: WAKE_PUT scope=store kind=write
INSERT INTO wake (store_id, kind, remote_id, at_ms)
    VALUES (:store, :kind, :remote, :now)
    ON CONFLICT (store_id, kind, remote_id) DO UPDATE SET times = times + 1;

-- name: WAKE_LIST scope=store kind=read plan=wake_store
SELECT kind, remote_id, at_ms, times FROM wake INDEXED BY wake_store
 WHERE store_id = :store ORDER BY id;

-- name: WAKE_DONE scope=store kind=write
DELETE FROM wake WHERE store_id = :store AND kind = :kind
   AND remote_id = :remote AND times = :times;

-- name: WAKE_COUNT scope=store kind=read plan=wake_store
SELECT count(*), coalesce(min(at_ms), 0) FROM wake WHERE store_id = :store;
