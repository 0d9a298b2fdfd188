-- The warehouse's own work on orders (daemon/model/work*.c, fulfil.c,
-- order_event.c, hold.c, tag.c, pick*.c, wave.c). A piece of work is found by
-- its own id and then judged by its store: daemon/model/work.c.

-- name: WORK_BY_ID scope=none kind=read
SELECT w.id, w.store_id, w.remote_id, w.state, w.wave_id, w.tote, w.lease_user,
       w.lease_since_ms, w.lease_ms, w.lease_mono, w.basis, w.begun_ms,
       w.begun_by, w.picked_ms, w.packed_ms, w.ended_ms, w.version, s.name
  FROM work w JOIN store s ON s.id = w.store_id
 WHERE w.id = :id;
-- name: WORK_OF scope=store kind=read plan=work_open
SELECT id FROM work
 WHERE store_id = :store AND remote_id = :order
   AND state NOT IN ('done', 'dropped');
-- name: WORK_ALL_OF scope=store kind=read plan=work_order
SELECT id FROM work INDEXED BY work_order
 WHERE store_id = :store AND remote_id = :order ORDER BY id;
-- name: WORK_INSERT scope=store kind=write
INSERT INTO work (store_id, remote_id, state, wave_id, tote, lease_user,
                  lease_since_ms, lease_ms, lease_mono, basis, begun_ms,
                  begun_by)
    VALUES (:store, :order, 'picking', nullif(:wave, 0), :tote, :who, :now,
            :now, :mono, :basis, :now, :who);
-- name: WORK_STATE scope=none kind=write
UPDATE work SET state = :state, picked_ms = :picked, packed_ms = :packed,
       ended_ms = :ended, version = version + 1
 WHERE id = :id;
-- name: WORK_BASIS_PUT scope=none kind=write
UPDATE work SET basis = :basis, version = version + 1 WHERE id = :id;
-- name: WORK_LEASE scope=none kind=write
UPDATE work SET lease_user = :who, lease_since_ms = :since, lease_ms = :now,
       lease_mono = :mono, version = version + 1
 WHERE id = :id;
-- name: WORK_RESTART scope=none kind=write plan=work_lease
UPDATE work SET lease_mono = :mono WHERE lease_user <> '';

-- name: WORK_LINE_ADD scope=none kind=write
INSERT INTO work_line (work_id, line_id, part, product_id, sku, name, bin,
                       want_e3)
    VALUES (:work, :line, :part, :product, :sku, :name, :bin, :want);
-- name: WORK_LINES scope=none kind=read
SELECT line_id, part, product_id, sku, name, bin, want_e3, picked_e3, short_e3,
       short_reason, short_way, packed_e3
  FROM work_line WHERE work_id = :work ORDER BY line_id, part;

-- What of a line is in parcels that left or are made up.
-- name: LINES_SHIPPED scope=store kind=read plan=parcel_n
SELECT l.line_id, sum(l.qty_e3)
  FROM parcel p JOIN parcel_line l ON l.parcel_id = p.id
 WHERE p.store_id = :store AND p.remote_id = :order
   AND p.state NOT IN ('open', 'void') AND l.part = 0
 GROUP BY p.store_id, p.remote_id, p.n, l.line_id;

-- name: EVENT_ADD scope=store kind=write
INSERT INTO order_event (store_id, remote_id, at_ms, what, who, detail)
    VALUES (:store, :order, :now, :what, :who, :detail);
-- name: EVENTS_OF scope=store kind=read plan=order_event_order
SELECT at_ms, what, who, detail FROM order_event
 WHERE store_id = :store AND remote_id = :order ORDER BY id DESC LIMIT :n;

-- name: ORDER_STATUS_OF scope=store kind=read plan=orders_remote
SELECT id, status, gone, created_ms FROM orders
 WHERE store_id = :store AND remote_id = :order;
-- name: STATUS_PHASE scope=store kind=read
SELECT phase FROM store_status WHERE store_id = :store AND slug = :slug;
-- name: PRODUCT_NAME_OF scope=store kind=read plan=product_remote
SELECT name FROM product WHERE store_id = :store AND remote_id = :product;
-- name: HOLD_OPEN_OF scope=none kind=read plan=order_hold_order
SELECT reason, held_by FROM order_hold
 WHERE order_id = :order AND (until_ms = 0 OR until_ms > :now) LIMIT 1;
