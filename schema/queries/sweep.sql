-- Sweeps: where they stand, and the mirror's side of a page (model/sweep.c).

-- name: SWEEP_GET scope=store kind=read
SELECT rows_left, above, total, started_ms, success_ms FROM sweep
 WHERE store_id = :store AND kind = :kind;
-- name: SWEEP_PUT scope=store kind=write
INSERT INTO sweep (store_id, kind, rows_left, above, total, started_ms,
                   success_ms)
    VALUES (:store, :kind, :left, :above, :total, :started, :success)
    ON CONFLICT (store_id, kind) DO UPDATE
    SET rows_left = excluded.rows_left, above = excluded.above,
        total = excluded.total, started_ms = excluded.started_ms,
        success_ms = excluded.success_ms;

-- What the mirror has between two ids: id, last read, whether the shop hides
-- it, then stock as the shop has it (below what we overlay).
-- name: SWEEP_ORDERS scope=store kind=read plan=orders_remote
SELECT remote_id, read_seq, flags & 8 FROM orders
 WHERE store_id = :store AND remote_id >= :low AND remote_id < :high
   AND gone = :gone
 ORDER BY remote_id LIMIT :max;
-- name: SWEEP_REFUNDS scope=store kind=read plan=refund_remote
SELECT remote_id, read_seq, 0 FROM refund
 WHERE store_id = :store AND remote_id >= :low AND remote_id < :high
   AND gone = :gone
 ORDER BY remote_id LIMIT :max;
-- name: SWEEP_PRODUCTS scope=store kind=read plan=product_remote
SELECT p.remote_id, p.read_seq, 0, p.manage,
       iif(u.id IS NULL, p.stock_e3, u.stock_e3),
       iif(u.id IS NULL, p.stock_status, u.stock_status)
  FROM product p LEFT JOIN product_under u ON u.id = p.id
 WHERE p.store_id = :store AND p.remote_id >= :low AND p.remote_id < :high
   AND p.gone = :gone AND p.parent_id = 0
 ORDER BY p.remote_id LIMIT :max;
-- name: SWEEP_VARIATIONS scope=store kind=read plan=product_remote
SELECT p.remote_id, p.read_seq, 0, p.manage,
       iif(u.id IS NULL, p.stock_e3, u.stock_e3),
       iif(u.id IS NULL, p.stock_status, u.stock_status)
  FROM product p LEFT JOIN product_under u ON u.id = p.id
 WHERE p.store_id = :store AND p.remote_id >= :low AND p.remote_id < :high
   AND p.gone = :gone AND p.parent_id > 0
 ORDER BY p.remote_id LIMIT :max;
-- name: SWEEP_CONTACTS scope=store kind=read plan=contact_remote
SELECT remote_id, read_seq, 0 FROM contact
 WHERE store_id = :store AND remote_id >= :low AND remote_id < :high
   AND remote_id > 0 AND gone = :gone AND mirrored = 1
 ORDER BY remote_id LIMIT :max;
-- name: SWEEP_CATEGORIES scope=store kind=read plan=category_remote
SELECT remote_id, read_seq, 0 FROM category
 WHERE store_id = :store AND remote_id >= :low AND remote_id < :high
   AND gone = :gone
 ORDER BY remote_id LIMIT :max;

-- A shop lists suspiciously few rows of a kind: one entry a kind.
-- name: REMOVAL_PUT scope=store kind=write
INSERT INTO aside (store_id, kind, remote_id, raw_hash, path, reason, raw,
                   first_ms, last_ms, times, what)
    VALUES (:store, :kind, 0, x'00', '', :reason, x'', :now, :now, 1, 'removal')
    ON CONFLICT (store_id, kind, remote_id, raw_hash) DO UPDATE
    SET reason = excluded.reason, last_ms = excluded.last_ms, times = times + 1;
-- name: REMOVAL_CLEAR scope=store kind=write plan=aside_object
DELETE FROM aside
 WHERE store_id = :store AND kind = :kind AND remote_id = 0
   AND what = 'removal';
