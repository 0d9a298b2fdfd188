-- Parcels (daemon/model/parcel.c, parcel_list.c).

-- name: PARCEL_INSERT scope=store kind=write
INSERT INTO parcel (store_id, remote_id, work_id, n, state, created_ms,
                    created_by, state_ms)
    SELECT :store, :remote, :work, coalesce(max(n), 0) + 1, 'open', :now, :who,
           :now
      FROM parcel WHERE store_id = :store AND remote_id = :remote;

-- name: PARCEL_BY_ID scope=none kind=read
SELECT * FROM parcel_full WHERE id = :id;

-- name: PARCEL_OF_ORDER scope=store kind=read plan=parcel_n
SELECT * FROM parcel_full
 WHERE store_id = :store AND remote_id = :remote ORDER BY n;

-- name: PARCEL_LIST_ORDER scope=store kind=read plan=parcel_n
SELECT id FROM parcel
 WHERE store_id = :store AND remote_id = :remote AND +id < :before
 ORDER BY n DESC;

-- name: PARCEL_LIST scope=store kind=read plan=parcel_store
SELECT id FROM parcel WHERE store_id = :store AND id < :before
 ORDER BY id DESC;

-- name: PARCEL_LIST_STATE scope=store kind=read plan=parcel_store_state
SELECT id FROM parcel
 WHERE store_id = :store AND state = :state AND id < :before
 ORDER BY id DESC;

-- name: PARCEL_LIST_TRACKING scope=store kind=read plan=parcel_tracking
SELECT id FROM parcel
 WHERE store_id = :store AND tracking = :tracking AND tracking <> ''
   AND id < :before
 ORDER BY id DESC;

-- name: PARCEL_LINES scope=none kind=read
SELECT p.line_id, p.part, p.qty_e3, coalesce(w.sku, ''), coalesce(w.name, ''),
       coalesce(w.per_e3, 0), coalesce(w.bundle, '')
  FROM parcel_line p JOIN parcel c ON c.id = p.parcel_id
       LEFT JOIN work_line w ON w.work_id = c.work_id
            AND w.line_id = p.line_id AND w.part = p.part
 WHERE p.parcel_id = :id ORDER BY p.line_id, p.part;

-- name: PARCEL_PUT scope=none kind=write
INSERT INTO parcel_line (parcel_id, line_id, part, qty_e3)
    VALUES (:id, :line, :part, :qty)
    ON CONFLICT (parcel_id, line_id, part)
    DO UPDATE SET qty_e3 = qty_e3 + excluded.qty_e3;
-- name: PARCEL_EMPTIED scope=none kind=write
DELETE FROM parcel_line
 WHERE parcel_id = :id AND line_id = :line AND part = :part AND qty_e3 = 0;

-- name: PARCEL_MOVE scope=none kind=write
UPDATE parcel SET state = :state, state_ms = :now,
       shipped_ms = CASE WHEN :state = 'shipped' THEN :now ELSE shipped_ms END,
       version = version + 1
 WHERE id = :id;
-- name: PARCEL_DESCRIBE scope=none kind=write
UPDATE parcel SET carrier = coalesce(:carrier, carrier),
       service = coalesce(:service, service),
       tracking = coalesce(:tracking, tracking), url = coalesce(:url, url),
       weight_g = CASE WHEN :weight >= 0 THEN :weight ELSE weight_g END,
       length_mm = CASE WHEN :length >= 0 THEN :length ELSE length_mm END,
       width_mm = CASE WHEN :width >= 0 THEN :width ELSE width_mm END,
       height_mm = CASE WHEN :height >= 0 THEN :height ELSE height_mm END,
       version = version + 1
 WHERE id = :id;
-- name: PARCEL_TOLD scope=none kind=write
UPDATE parcel SET change_id = :change WHERE id = :id;
