-- What was set aside, as people see it (daemon/model/aside_list.c).

-- name: ASIDE_COUNT scope=store kind=read plan=aside_object
SELECT count(*) FROM aside WHERE store_id = :store;

-- name: ASIDE_LIST scope=none kind=read
SELECT id, store_id, kind, remote_id, path, reason, first_ms, times,
       substr(raw, 1, 8000), what
  FROM aside WHERE id < :before ORDER BY id DESC;

-- name: ASIDE_GET scope=none kind=read
SELECT id, store_id, kind, remote_id, path, reason, first_ms, times, raw,
       what
  FROM aside WHERE id = :id;
