-- Lots and serials (daemon/model/lot.c). Their items came out of a lookup that
-- bound a store or a tenant, or are shown to who sees a store of it (item_seen).

-- name: ITEM_TRACK scope=none kind=read
SELECT track FROM item WHERE id = :id;
-- name: ITEM_SET_TRACK scope=none kind=write
UPDATE item SET track = :track WHERE id = :id;

-- name: LOT_GET scope=none kind=read
SELECT id, item_id, code, expires_ms, qty_e3 FROM lot WHERE id = :id;
-- name: LOT_BY_CODE scope=none kind=read plan=lot_code
SELECT id, item_id, code, expires_ms, qty_e3 FROM lot
 WHERE item_id = :item AND code = :code;
-- name: LOT_ADD scope=none kind=write
INSERT INTO lot (item_id, code, expires_ms, created_ms)
    VALUES (:item, :code, :expires, :now);
-- name: LOT_EXPIRES scope=none kind=write
UPDATE lot SET expires_ms = :expires WHERE id = :id;
-- name: LOT_ANY_LEFT scope=none kind=read plan=lot_item
SELECT 1 FROM lot WHERE item_id = :item AND qty_e3 > 0 LIMIT 1;

-- name: LOT_BALANCE_ADD scope=none kind=write
INSERT INTO lot_balance (lot_id, bin_id, qty_e3) VALUES (:lot, :bin, :qty)
    ON CONFLICT (lot_id, bin_id) DO UPDATE
    SET qty_e3 = qty_e3 + excluded.qty_e3;
-- name: LOT_BALANCE_TAKE scope=none kind=write
UPDATE lot_balance SET qty_e3 = qty_e3 - :qty
 WHERE lot_id = :lot AND bin_id = :bin;
-- name: LOT_BALANCE_DROP_ZERO scope=none kind=write
DELETE FROM lot_balance WHERE lot_id = :lot AND bin_id = :bin AND qty_e3 = 0;
-- name: LOT_BALANCE_GET scope=none kind=read
SELECT qty_e3 FROM lot_balance WHERE lot_id = :lot AND bin_id = :bin;
-- name: LOT_QTY scope=none kind=write
UPDATE lot SET qty_e3 = qty_e3 + :qty WHERE id = :id;
-- name: LOT_BALANCE_CLEAR scope=none kind=write plan=lot_code
DELETE FROM lot_balance
 WHERE lot_id IN (SELECT id FROM lot WHERE item_id = :item);
-- name: LOT_BALANCE_FILL scope=none kind=write plan=movement_item temp_btree=yes
INSERT INTO lot_balance (lot_id, bin_id, qty_e3)
SELECT lot_id, bin_id, sum(qty_e3) FROM movement
 WHERE item_id = :item AND lot_id > 0
 GROUP BY lot_id, bin_id HAVING sum(qty_e3) <> 0;
-- name: LOT_QTY_DERIVE scope=none kind=write plan=lot_code
UPDATE lot SET qty_e3 = (SELECT coalesce(sum(b.qty_e3), 0) FROM lot_balance b
                          WHERE b.lot_id = lot.id)
 WHERE item_id = :item;

-- Pieces of an item in a bin that are of some lot.
-- name: LOTS_IN_BIN_SUM scope=none kind=read plan=lot_item
SELECT coalesce(sum(b.qty_e3), 0)
  FROM lot l CROSS JOIN lot_balance b ON b.lot_id = l.id
 WHERE l.item_id = :item AND l.qty_e3 > 0 AND b.bin_id = :bin;

-- Pieces of a lot that lie where nothing is for sale.
-- name: LOT_QUARANTINED scope=none kind=read
SELECT coalesce(sum(b.qty_e3), 0)
  FROM lot_balance b JOIN bin n ON n.id = b.bin_id
 WHERE b.lot_id = :lot AND n.quarantine = 1;

-- Where an item's lots lie: what goes bad first is first, and of that along the
-- walk, through quarantine last.
-- name: LOTS_OF_ITEM scope=none kind=read plan=lot_item temp_btree=yes
SELECT l.id, l.item_id, l.code, l.expires_ms, l.qty_e3, b.qty_e3, n.id, n.code,
       n.zone, n.place, n.quarantine, n.disabled
  FROM lot l CROSS JOIN lot_balance b ON b.lot_id = l.id
  JOIN bin n ON n.id = b.bin_id
 WHERE l.item_id = :item AND l.qty_e3 > 0
 ORDER BY l.expires_ms = 0, l.expires_ms, n.quarantine, n.zone, n.place, n.code,
          l.id;

-- What is left, by the day it expires, and what keeps after it.
-- name: LOTS_EXPIRING scope=none kind=read plan=lot_expiry
SELECT l.id, l.item_id, l.code, l.expires_ms, l.qty_e3
  FROM lot l INDEXED BY lot_expiry
 WHERE l.qty_e3 > 0 AND l.expires_ms > 0 AND l.expires_ms <= :until
   AND (l.expires_ms, l.id) > (:after, :after_id)
 ORDER BY l.expires_ms, l.id;

-- Open work that picked it and did not put it back.
-- name: LOT_IN_HAND scope=none kind=read plan=movement_lot temp_btree=yes
SELECT w.id FROM movement m JOIN work w ON w.id = m.work_id
 WHERE m.lot_id = :lot AND m.lot_id > 0 AND m.reason IN ('pick', 'put_back')
   AND w.state NOT IN ('done', 'dropped')
 GROUP BY w.id HAVING sum(m.qty_e3) < 0 LIMIT 1;

-- The bin a serial lies in.
-- name: LOT_BIN_ID scope=none kind=read
SELECT bin_id FROM lot_balance WHERE lot_id = :lot AND qty_e3 > 0 LIMIT 1;

-- name: LISTING_TRACK scope=store kind=read
SELECT l.item_id, i.track, i.on_hand_e3, i.blocked_e3
  FROM listing l JOIN item i ON i.id = l.item_id
 WHERE l.store_id = :store AND l.remote_id = :remote;
-- name: LOT_BIN scope=none kind=read temp_btree=yes
-- The first bin of the walk it lies in.
SELECT n.code FROM lot_balance b JOIN bin n ON n.id = b.bin_id
 WHERE b.lot_id = :lot ORDER BY n.zone, n.place, n.code LIMIT 1;

-- Lots that lines of work were made up of (daemon/model/work_lot.c).
-- name: WORK_LOT_ADD scope=none kind=write
INSERT INTO work_lot (work_id, line_id, part, lot_id, picked_e3, packed_e3)
    VALUES (:work, :line, :part, :lot, :picked, :packed)
    ON CONFLICT (work_id, line_id, part, lot_id) DO UPDATE
    SET picked_e3 = picked_e3 + excluded.picked_e3,
        packed_e3 = packed_e3 + excluded.packed_e3;
-- name: WORK_LOTS scope=none kind=read
SELECT line_id, part, lot_id, picked_e3, packed_e3 FROM work_lot
 WHERE work_id = :work ORDER BY line_id, part, lot_id;
-- name: WORK_LOTS_OF_LINE scope=none kind=read
SELECT lot_id, picked_e3, packed_e3 FROM work_lot
 WHERE work_id = :work AND line_id = :line AND part = :part;
-- Open work that has it in hand or means to.
-- name: WORK_LOT_NAMED scope=none kind=read plan=work_lot_lot
SELECT w.id FROM work_lot n CROSS JOIN work w ON w.id = n.work_id
 WHERE n.lot_id = :lot AND w.state NOT IN ('done', 'dropped')
   AND (n.picked_e3 > 0 OR n.packed_e3 > 0) LIMIT 1;
-- What scans put of a line's lots into a parcel, the newest first.
-- name: PARCEL_LOTS scope=none kind=read plan=scan_work temp_btree=yes
SELECT lot_id, sum(qty_e3) FROM scan
 WHERE work_id = :work AND parcel_id = :parcel AND line_id = :line
   AND part = :part AND lot_id > 0 AND verdict IN ('ok', 'undo')
 GROUP BY lot_id HAVING sum(qty_e3) > 0 ORDER BY max(id) DESC;
-- name: WORK_LOT_PACKED scope=none kind=read
SELECT packed_e3 FROM work_lot
 WHERE work_id = :work AND line_id = :line AND part = :part AND lot_id = :lot;

-- Lots of that code, of whichever item (daemon/model/find.c).
-- name: LOTS_OF_CODE scope=none kind=read plan=lot_by_code
SELECT id, item_id, code, expires_ms, qty_e3 FROM lot WHERE code = :code
 LIMIT 50;
-- name: WORKS_OF_TOTE scope=none kind=read plan=work_tote
SELECT id FROM work INDEXED BY work_tote
 WHERE state IN ('picking', 'picked', 'packing', 'packed') AND tote <> ''
   AND tote = :tote COLLATE NOCASE LIMIT 20;
