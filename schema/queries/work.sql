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
INSERT INTO work_line (work_id, line_id, part, product_id, sku, ean, name, bin,
                       want_e3, per_e3, optional, bundle)
    VALUES (:work, :line, :part, :product, :sku, :ean, :name, :bin, :want, :per,
            :optional, :bundle);
-- name: WORK_LINES scope=none kind=read
SELECT l.line_id, l.part, l.product_id, l.sku, l.name, l.bin, l.want_e3,
       l.picked_e3, l.short_e3, l.short_reason, l.short_way, l.packed_e3, l.ean,
       b.zone, b.place, l.per_e3, l.optional, l.bundle
  FROM work_line l LEFT JOIN bin b ON b.warehouse_id = 1 AND b.code = l.bin
 WHERE l.work_id = :work ORDER BY l.line_id, l.part;

-- What of a line is in parcels that left or are made up.
-- name: LINES_SHIPPED scope=store kind=read plan=parcel_n
SELECT l.line_id, l.part, sum(l.qty_e3)
  FROM parcel p JOIN parcel_line l ON l.parcel_id = p.id
 WHERE p.store_id = :store AND p.remote_id = :order
   AND p.state NOT IN ('open', 'void')
 GROUP BY p.store_id, p.remote_id, p.n, l.line_id, l.part;

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

-- name: HOLD_PUT scope=none kind=write
INSERT INTO order_hold (reason, created_ms, order_id, note, held_ms, held_by,
                        until_ms)
    SELECT :reason, created_ms, id, :note, :now, :who, :until
      FROM orders WHERE id = :order;
-- name: HOLD_DROP scope=none kind=write plan=order_hold_order
DELETE FROM order_hold WHERE order_id = :order AND reason = :reason;
-- name: HOLDS_OF scope=none kind=read plan=order_hold_order
SELECT reason, note, held_ms, held_by, until_ms FROM order_hold
 WHERE order_id = :order ORDER BY reason;
-- name: HOLDS_OVER scope=none kind=read plan=order_hold_until
SELECT h.order_id, h.reason, o.store_id, o.remote_id
  FROM order_hold h INDEXED BY order_hold_until
  JOIN orders o ON o.id = h.order_id
 WHERE h.until_ms > 0 AND h.until_ms <= :now LIMIT 100;
-- name: HOLD_LOG_ADD scope=none kind=write plan=order_hold_order
INSERT INTO hold_log (store_id, remote_id, reason, note, held_ms, held_by,
                      released_ms, released_by, release_note)
    SELECT o.store_id, o.remote_id, h.reason, h.note, h.held_ms, h.held_by,
           :now, :who, :text
      FROM order_hold h JOIN orders o ON o.id = h.order_id
     WHERE h.order_id = :order AND h.reason = :reason;
-- name: HOLD_LOG_OF scope=store kind=read plan=hold_log_order
SELECT reason, note, held_ms, held_by, released_ms, released_by, release_note
  FROM hold_log WHERE store_id = :store AND remote_id = :order
 ORDER BY id DESC LIMIT 200;

-- name: TAG_ADD scope=none kind=write
INSERT INTO order_tag (tag, created_ms, order_id)
    SELECT :tag, created_ms, id FROM orders WHERE id = :order
    ON CONFLICT DO NOTHING;
-- name: TAG_DROP scope=none kind=write plan=order_tag_order
DELETE FROM order_tag WHERE order_id = :order AND tag = :tag;
-- name: TAG_NUMBER scope=none kind=read plan=order_tag_order
SELECT count(*) FROM order_tag WHERE order_id = :order;

-- name: LINE_PICKED scope=none kind=write
UPDATE work_line SET picked_e3 = picked_e3 + :qty
 WHERE work_id = :work AND line_id = :line AND part = :part
   AND picked_e3 + :qty BETWEEN 0 AND want_e3 - short_e3;
-- name: LINE_SHORT scope=none kind=write
UPDATE work_line SET short_e3 = short_e3 + :qty, short_reason = :reason,
       short_way = :way
 WHERE work_id = :work AND line_id = :line AND part = :part
   AND short_e3 + :qty BETWEEN 0 AND want_e3 - picked_e3;
-- name: LINES_WITHOUT scope=none kind=write
-- The bundle leaves without what is not there of its optional parts.
UPDATE work_line SET short_e3 = want_e3 - max(picked_e3, packed_e3),
       short_reason = iif(short_reason = '', 'missing', short_reason)
 WHERE work_id = :work AND optional = 1
   AND want_e3 > max(picked_e3, packed_e3) + short_e3;
-- name: SCAN_ADD scope=none kind=write
INSERT INTO scan (work_id, step, line_id, part, qty_e3, code, verdict, undoes,
                  author, at_ms, lot_id)
    VALUES (:work, :step, :line, :part, :qty, :code, :verdict, :undoes, :who,
            :now, :lot);
-- The last scan that counted and was not taken back.
-- name: SCAN_LAST scope=none kind=read plan=scan_work
SELECT s.id, s.line_id, s.part, s.qty_e3, s.code, s.verdict, s.lot_id
  FROM scan s
 WHERE s.work_id = :work AND s.step = :step AND s.verdict IN ('ok', 'short')
   AND NOT EXISTS (SELECT 1 FROM scan u
                    WHERE u.work_id = s.work_id AND u.undoes = s.id)
 ORDER BY s.id DESC LIMIT 1;
-- name: SCAN_LINE_LAST scope=none kind=read plan=scan_work
SELECT id, line_id, part FROM scan WHERE work_id = :work AND line_id > 0
 ORDER BY id DESC LIMIT 1;
-- A variation is called what its product is called, too: "L" says nothing.
-- name: PRODUCT_OF_CODE scope=none kind=read plan=product_sku
SELECT p.store_id,
       coalesce((SELECT CASE WHEN instr(p.name, o.name) = 1 THEN ''
                    ELSE o.name || ' - ' END
          FROM product o WHERE p.parent_id > 0
           AND o.store_id = p.store_id AND o.remote_id = p.parent_id),
       '') || p.name
  FROM product p
 WHERE p.sku = :sku COLLATE NOCASE AND p.sku <> '' LIMIT 50;

-- name: WAVE_INSERT scope=none kind=write
INSERT INTO wave (kind, created_ms, created_by) VALUES (:kind, :now, :who);
-- name: WAVE_BY_ID scope=none kind=read
SELECT id, kind, created_ms, created_by, done_ms FROM wave WHERE id = :id;
-- name: WAVE_WORKS scope=none kind=read plan=work_wave
SELECT id FROM work WHERE wave_id = :id ORDER BY id;
-- name: WAVE_DONE scope=none kind=write
UPDATE wave SET done_ms = :now WHERE id = :id;
-- name: WORKS_IN scope=none kind=read plan=work_state
SELECT id FROM work WHERE state = :state AND id < :before ORDER BY id DESC;
-- name: WORKS_OPEN scope=none kind=read plan=work_state temp_btree=yes
SELECT id FROM work
 WHERE state IN ('picking', 'picked', 'packing', 'packed') AND id < :before
 ORDER BY id DESC;
-- name: WORKS_OF_HAND scope=none kind=read plan=work_lease
SELECT id FROM work WHERE lease_user = :who AND lease_user <> ''
   AND id < :before ORDER BY id DESC;

-- Beside each row of a list of orders.
-- name: WORK_BRIEF scope=store kind=read plan=work_open
SELECT id, state, lease_user, tote FROM work
 WHERE store_id = :store AND remote_id = :order
   AND state NOT IN ('done', 'dropped');
-- What the lines of ended work were short of, newest work first.
-- name: SHORT_LAST scope=store kind=read plan=work_order
SELECT l.sku, l.name, l.short_e3, l.short_reason
  FROM work w INDEXED BY work_order JOIN work_line l ON l.work_id = w.id
 WHERE w.store_id = :store AND w.remote_id = :order AND l.line_id = :line
   AND l.short_e3 > 0 AND l.short_way = 'backorder'
 ORDER BY w.id DESC LIMIT 1;
-- name: STOCK_OF scope=store kind=read plan=product_remote
SELECT manage, stock_e3, stock_status FROM product
 WHERE store_id = :store AND remote_id = :product;
-- name: ORDER_NUMBER_OF scope=store kind=read plan=orders_remote
SELECT number FROM orders WHERE store_id = :store AND remote_id = :order;
