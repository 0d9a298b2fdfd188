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

-- Where an item's lots lie: what goes bad first is first, and of that along the
-- walk.
-- name: LOTS_OF_ITEM scope=none kind=read plan=lot_item temp_btree=yes
SELECT l.id, l.item_id, l.code, l.expires_ms, l.qty_e3, b.qty_e3, n.id, n.code,
       n.zone, n.place, n.quarantine, n.disabled
  FROM lot l CROSS JOIN lot_balance b ON b.lot_id = l.id
  JOIN bin n ON n.id = b.bin_id
 WHERE l.item_id = :item AND l.qty_e3 > 0
 ORDER BY l.expires_ms = 0, l.expires_ms, n.zone, n.place, n.code, l.id;

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

-- name: LISTING_TRACK scope=store kind=read
SELECT l.item_id, i.track FROM listing l JOIN item i ON i.id = l.item_id
 WHERE l.store_id = :store AND l.remote_id = :remote;
-- name: LOT_BIN scope=none kind=read temp_btree=yes
-- The first bin of the walk it lies in.
SELECT n.code FROM lot_balance b JOIN bin n ON n.id = b.bin_id
 WHERE b.lot_id = :lot ORDER BY n.zone, n.place, n.code LIMIT 1;
