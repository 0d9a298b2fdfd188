-- What shops tell by webhook (daemon/model/delivery.c).

-- Changes no row when it is the last delivery of its object once more.
-- name: DELIVERY_PUT scope=store kind=write
INSERT INTO delivery (store_id, kind, remote_id, digest, at_ms)
    VALUES (:store, :kind, :remote, :digest, :now)
    ON CONFLICT (store_id, kind, remote_id) DO UPDATE
    SET digest = excluded.digest, at_ms = excluded.at_ms
    WHERE digest <> excluded.digest OR at_ms <= :before;
-- name: DELIVERY_TRIM scope=none kind=write
DELETE FROM delivery WHERE at_ms <= :before;

-- A lag that is not known leaves the last one.
-- name: DELIVERY_HOOK scope=store kind=write
UPDATE hook SET last_ms = :now, deliveries = deliveries + 1,
       lag_ms = coalesce(:lag, lag_ms)
 WHERE store_id = :store AND topic = :topic;
-- name: DELIVERY_PING scope=store kind=write
UPDATE hook SET ping_ms = :now
 WHERE store_id = :store AND remote_id = :remote AND remote_id <> 0;
-- Pings that come before the shop has told the webhook's id.
-- name: DELIVERY_PING_NEW scope=store kind=write
UPDATE hook SET ping_ms = :now
 WHERE store_id = :store AND remote_id = 0 AND status = 'new';
-- name: DELIVERY_COPIED scope=store kind=write
UPDATE hook_secret SET copied_source = :source, copied_ms = :now
 WHERE store_id = :store AND copied_source <> :source;

-- name: DELIVERY_DOORS scope=all kind=read
SELECT h.store_id, h.path, h.sealed
  FROM hook_secret h JOIN store s ON s.id = h.store_id
 WHERE s.removed_ms IS NULL;
