-- Packing and shipping (daemon/model/pack*.c, ship.c). Work was looked up in the
-- caller's scope before (work.sql).

-- name: PACK_COUNT scope=none kind=write
UPDATE work_line SET packed_e3 = packed_e3 + :qty
 WHERE work_id = :work AND line_id = :line AND part = :part;
-- name: PACK_SHORT scope=none kind=write
UPDATE work_line SET short_e3 = :qty, short_reason = :reason, short_way = :way
 WHERE work_id = :work AND line_id = :line AND part = :part;
-- name: PACK_WANT scope=none kind=write
UPDATE work_line SET want_e3 = :want, short_e3 = :short
 WHERE work_id = :work AND line_id = :line AND part = :part;
-- name: PACK_WITHOUT scope=none kind=write
-- The bundle leaves without what is not there of its optional parts.
UPDATE work_line SET short_e3 = want_e3 - packed_e3,
       short_reason = iif(short_reason = '', 'missing', short_reason)
 WHERE work_id = :work AND optional = 1 AND want_e3 > packed_e3 + short_e3;
-- name: PACK_LINE_DROP scope=none kind=write
DELETE FROM work_line
 WHERE work_id = :work AND line_id = :line AND part = :part;

-- name: PACK_SCAN_ADD scope=none kind=write
INSERT INTO scan (work_id, step, line_id, part, parcel_id, qty_e3, code,
                  verdict, undoes, author, at_ms, lot_id)
    VALUES (:work, 'pack', :line, :part, :parcel, :qty, :code, :verdict,
            :undoes, :who, :now, :lot);
-- The last scan that still counts, and can be taken back.
-- name: PACK_SCAN_LAST scope=none kind=read plan=scan_work
SELECT s.id, s.line_id, s.part, s.parcel_id, s.qty_e3, s.code, s.lot_id
  FROM scan s JOIN parcel p ON p.id = s.parcel_id
       JOIN parcel_line l ON l.parcel_id = p.id AND l.line_id = s.line_id
            AND l.part = s.part
 WHERE s.work_id = :work AND s.step = 'pack' AND s.verdict = 'ok'
   AND p.state IN ('open', 'created') AND l.qty_e3 >= s.qty_e3
   AND NOT EXISTS (SELECT 1 FROM scan u
                    WHERE u.work_id = s.work_id AND u.undoes = s.id)
 ORDER BY s.id DESC LIMIT 1;

-- name: PACK_PRODUCT_NAME scope=store kind=read plan=product_sku
SELECT coalesce((SELECT CASE WHEN instr(p.name, o.name) = 1 THEN ''
                    ELSE o.name || ' - ' END
          FROM product o WHERE p.parent_id > 0
           AND o.store_id = p.store_id AND o.remote_id = p.parent_id),
       '') || p.name
  FROM product p
 WHERE p.sku = :sku COLLATE NOCASE AND p.sku <> '' AND p.store_id = :store
 LIMIT 1;
-- name: PACK_ORDER_OF_NUMBER scope=store kind=read plan=orders_number
SELECT remote_id FROM orders
 WHERE number = :number AND store_id = :store AND gone = 0 LIMIT 1;
-- name: PACK_ORDER_SAYS scope=store kind=read plan=orders_remote
SELECT status, modified_ms, number FROM orders
 WHERE store_id = :store AND remote_id = :remote;
