-- Physical stock (daemon/model/item.c, bin.c, movement.c, demand.c). Items are a
-- tenant's; their ids come out of a lookup that bound a store or a tenant. Bins
-- are the house's.

-- name: LISTING_PRODUCT scope=store kind=read plan=product_remote
-- What an item is made of; a variation without a SKU of its own shows its
-- parent's.
SELECT s.tenant_id, p.type, p.name, p.sku, p.parent_id,
       (SELECT o.sku FROM product o WHERE p.parent_id > 0
           AND o.store_id = p.store_id AND o.remote_id = p.parent_id),
       (SELECT o.name FROM product o WHERE p.parent_id > 0
           AND o.store_id = p.store_id AND o.remote_id = p.parent_id)
  FROM product p JOIN store s ON s.id = p.store_id
 WHERE p.store_id = :store AND p.remote_id = :remote AND p.gone = 0;

-- name: LISTING_ITEM scope=store kind=read
SELECT item_id FROM listing WHERE store_id = :store AND remote_id = :remote;

-- name: LISTING_LOW scope=store kind=read
SELECT i.low_e3 FROM listing l JOIN item i ON i.id = l.item_id
 WHERE l.store_id = :store AND l.remote_id = :remote AND i.low_e3 IS NOT NULL;

-- name: LISTING_UNITS scope=store kind=read
SELECT units FROM listing WHERE store_id = :store AND remote_id = :remote;

-- name: LISTING_ADD scope=store kind=write
INSERT INTO listing (store_id, remote_id, item_id)
    VALUES (:store, :remote, :item);

-- name: LISTING_SET_UNITS scope=store kind=write
UPDATE listing SET units = :units
 WHERE store_id = :store AND remote_id = :remote;

-- name: LISTINGS_OF_ITEM scope=none kind=read plan=listing_item
SELECT l.store_id, l.remote_id, l.units FROM listing l
  JOIN store s ON s.id = l.store_id
 WHERE l.item_id = :item AND s.removed_ms IS NULL
 ORDER BY l.store_id, l.remote_id;

-- name: ITEM_GET scope=none kind=read
SELECT id, tenant_id, sku, title, reorder_e3, low_e3, on_hand_e3, blocked_e3,
       reserved_e3, incoming_e3, due
  FROM item WHERE id = :id;

-- name: ITEM_BY_SKU scope=tenant kind=read plan=item_sku
SELECT id FROM item WHERE tenant_id = :tenant AND sku = :sku AND sku <> '';

-- name: ITEM_ADD scope=tenant kind=write
INSERT INTO item (tenant_id, sku, title, created_ms)
    VALUES (:tenant, :sku, :title, :now);

-- name: ITEM_LIMITS scope=none kind=write
UPDATE item SET reorder_e3 = nullif(:reorder, :none),
       low_e3 = nullif(:low, :none)
 WHERE id = :id;

-- name: ITEM_DERIVE scope=none kind=write
-- What follows from movements, open orders and announcements.
UPDATE item
   SET on_hand_e3 = (SELECT coalesce(sum(qty_e3), 0) FROM balance
                      WHERE item_id = :id),
       blocked_e3 = (SELECT coalesce(sum(a.qty_e3), 0) FROM balance a
                       JOIN bin ON bin.id = a.bin_id
                      WHERE a.item_id = :id AND bin.quarantine = 1),
       reserved_e3 = (SELECT coalesce(sum(d.qty_e3 * l.units), 0)
                        FROM listing l CROSS JOIN demand d
                          ON d.store_id = l.store_id
                             AND d.product_id = l.remote_id
                       WHERE l.item_id = :id),
       incoming_e3 = (SELECT coalesce(sum(max(n.expected_e3 - n.received_e3,
                                              0)), 0)
                        FROM inbound_line n
                        JOIN inbound i ON i.id = n.inbound_id
                       WHERE n.item_id = :id AND i.state = 'open')
 WHERE id = :id;

-- name: ITEM_DUE scope=none kind=write
-- Rows changed: its alert came or went.
UPDATE item
   SET due = reorder_e3 IS NOT NULL
             AND on_hand_e3 - blocked_e3 - reserved_e3 + incoming_e3
                 <= reorder_e3
 WHERE id = :id
   AND due <> (reorder_e3 IS NOT NULL
               AND on_hand_e3 - blocked_e3 - reserved_e3 + incoming_e3
                   <= reorder_e3);

-- name: ITEM_SLICE scope=none kind=read
SELECT id FROM item WHERE id > :after ORDER BY id LIMIT :n;

-- name: BALANCE_ADD scope=none kind=write
INSERT INTO balance (item_id, bin_id, qty_e3) VALUES (:item, :bin, :qty)
    ON CONFLICT (item_id, bin_id) DO UPDATE
    SET qty_e3 = qty_e3 + excluded.qty_e3;
-- name: BALANCE_DROP_ZERO scope=none kind=write
DELETE FROM balance WHERE item_id = :item AND bin_id = :bin AND qty_e3 = 0;
-- name: BALANCE_GET scope=none kind=read
SELECT qty_e3 FROM balance WHERE item_id = :item AND bin_id = :bin;
-- name: BALANCE_CLEAR scope=none kind=write
DELETE FROM balance WHERE item_id = :item;
-- name: BALANCE_FILL scope=none kind=write plan=movement_item temp_btree=yes
INSERT INTO balance (item_id, bin_id, qty_e3)
SELECT item_id, bin_id, sum(qty_e3) FROM movement WHERE item_id = :item
 GROUP BY bin_id HAVING sum(qty_e3) <> 0;

-- name: MOVEMENT_ADD scope=none kind=write
INSERT INTO movement (item_id, bin_id, qty_e3, reason, ref, note, store_id,
                      order_id, line_id, part, work_id, author, at_ms, lot_id)
    VALUES (:item, :bin, :qty, :reason, :ref, :note, :of_store, :order, :line,
            :part, :work, :author, :now, :lot);

-- name: MOVEMENT_ANY scope=none kind=read plan=movement_item
SELECT 1 FROM movement WHERE item_id = :item LIMIT 1;

-- name: REASON_MANUAL scope=none kind=read
SELECT manual FROM move_reason WHERE name = :name;
-- name: REASON_LIST scope=none kind=read temp_btree=yes
SELECT name, manual FROM move_reason ORDER BY place;

-- Where an item lies, in the order people walk.
-- name: BINS_OF_ITEM scope=none kind=read temp_btree=yes
SELECT b.id, b.code, b.zone, b.place, b.quarantine, b.disabled, b.version,
       a.qty_e3
  FROM balance a JOIN bin b ON b.id = a.bin_id
 WHERE a.item_id = :item ORDER BY b.zone, b.place, b.code;

-- name: BIN_LIST scope=none kind=read plan=bin_walk
SELECT id, code, zone, place, quarantine, disabled, version,
       (SELECT count(*) FROM balance a WHERE a.bin_id = bin.id)
  FROM bin WHERE (zone, place, code) > (:zone, :place, :code)
 ORDER BY zone, place, code;
-- name: BIN_BY_CODE scope=none kind=read plan=bin_code
SELECT id, code, zone, place, quarantine, disabled, version, 0 FROM bin
 WHERE warehouse_id = 1 AND code = :code;
-- name: BIN_BY_ID scope=none kind=read
SELECT id, code, zone, place, quarantine, disabled, version, 0 FROM bin
 WHERE id = :id;
-- name: BIN_ADD scope=none kind=write
INSERT INTO bin (code, zone, place, quarantine, created_ms)
    VALUES (:code, :zone, :place, :quarantine, :now);
-- name: BIN_UPDATE scope=none kind=write
UPDATE bin SET zone = :zone, place = :place, quarantine = :quarantine,
       disabled = :disabled, version = version + 1
 WHERE id = :id AND version = :version;
-- name: BIN_ITEMS scope=none kind=read plan=balance_bin
SELECT a.item_id, a.qty_e3, i.tenant_id, i.sku, i.title
  FROM balance a JOIN item i ON i.id = a.item_id
 WHERE a.bin_id = :bin AND a.item_id > :after ORDER BY a.item_id;

-- Demand: lines of open orders.
-- name: DEMAND_PLAIN scope=store kind=read
-- 1: the warehouse has nothing to do with the store so far: no product of it is
-- an item or a bundle, nothing of its orders was begun or picked.
SELECT NOT (EXISTS (SELECT 1 FROM listing WHERE store_id = :store)
            OR EXISTS (SELECT 1 FROM bundle WHERE store_id = :store)
            OR EXISTS (SELECT 1 FROM work INDEXED BY work_order
                        WHERE store_id = :store)
            OR EXISTS (SELECT 1 FROM movement INDEXED BY movement_order
                        WHERE store_id = :store AND order_id > 0));
-- name: DEMAND_ORDER scope=none kind=read
-- Whether any product of the store is an item, and whether a line may have
-- parts: most orders of a first fill are done with after this look.
SELECT o.store_id, o.status, s.phase,
       EXISTS (SELECT 1 FROM listing l WHERE l.store_id = o.store_id),
       EXISTS (SELECT 1 FROM bundle b WHERE b.store_id = o.store_id)
       OR EXISTS (SELECT 1 FROM work w INDEXED BY work_order
                   WHERE w.store_id = o.store_id
                     AND w.remote_id = o.remote_id)
  FROM orders o
  LEFT JOIN store_status s ON s.store_id = o.store_id AND s.slug = o.status
 WHERE o.id = :id;
-- name: DEMAND_PRODUCTS scope=none kind=read plan=demand_order
SELECT l.item_id FROM demand d
  JOIN listing l ON l.store_id = d.store_id AND l.remote_id = d.product_id
 WHERE d.order_id = :order;
-- name: DEMAND_CLEAR scope=none kind=write plan=demand_order
DELETE FROM demand WHERE order_id = :order;
-- name: DEMAND_LEFT scope=none kind=read
-- Pieces that were picked are no longer on hand either. A shop may say any
-- number: above a million is a million, or sums would overflow.
SELECT store_id, product, order_id, line_id, left_e3 FROM (
    SELECT l.store_id,
           iif(l.variation_id > 0, l.variation_id, l.product_id) AS product,
           l.order_id, l.line_id, min(l.qty_e3, 1000000000) + coalesce(
               (SELECT sum(m.qty_e3) FROM movement m
                 WHERE m.store_id = o.store_id AND m.order_id = o.remote_id
                   AND m.line_id = l.line_id AND m.order_id > 0
                   AND m.reason IN ('pick', 'put_back'))
               / coalesce((SELECT g.units FROM listing g
                            WHERE g.store_id = l.store_id AND g.remote_id =
                                  iif(l.variation_id > 0, l.variation_id,
                                      l.product_id)), 1), 0) AS left_e3
      FROM orders o CROSS JOIN line l ON l.order_id = o.id
     WHERE o.id = :order AND l.product_id > 0)
 WHERE left_e3 > 0;
-- name: DEMAND_PUT scope=none kind=write
INSERT INTO demand (store_id, product_id, order_id, line_id, qty_e3)
    VALUES (:of, :product, :order, :line, :qty);
-- name: DEMAND_OF scope=store kind=read
SELECT coalesce(sum(qty_e3), 0) FROM demand
 WHERE store_id = :store AND product_id = :remote;

-- What a piece of work picked of an order's line and did not put back, by item
-- bin and lot, the newest first; and whether the work named the lot.
-- name: PICKED_OF_LINE scope=store kind=read plan=movement_order temp_btree=yes
SELECT item_id, bin_id, lot_id, -sum(qty_e3),
       iif(lot_id = 0, 0, EXISTS (
           SELECT 1 FROM work_lot n
            WHERE n.work_id = :work AND n.line_id = :line AND n.part = :part
              AND n.lot_id = movement.lot_id))
  FROM movement
 WHERE store_id = :store AND order_id = :order AND order_id > 0
   AND line_id = :line AND part = :part AND work_id = :work
   AND reason IN ('pick', 'put_back')
 GROUP BY item_id, bin_id, lot_id HAVING sum(qty_e3) < 0
 ORDER BY max(id) DESC;
-- Lines it picked of that are not its any more.
-- name: PICKED_LOST_LINES scope=store kind=read plan=movement_order temp_btree=yes
SELECT DISTINCT line_id, part FROM movement
 WHERE store_id = :store AND order_id = :order AND order_id > 0
   AND work_id = :work
   AND (line_id, part) NOT IN (SELECT line_id, part FROM work_line
                                WHERE work_id = :work);

-- Levels (daemon/model/level_list.c).
-- name: LEVEL_OF scope=store kind=read
SELECT i.id, l.units, i.on_hand_e3, i.blocked_e3, i.reserved_e3, i.incoming_e3,
       i.reorder_e3, i.low_e3, i.due, i.track,
       iif(i.track = '', 0, (SELECT min(t.expires_ms) FROM lot t
                              WHERE t.item_id = i.id AND t.qty_e3 > 0
                                AND t.expires_ms > 0))
  FROM listing l JOIN item i ON i.id = l.item_id
 WHERE l.store_id = :store AND l.remote_id = :remote;

-- Held back by orders that wait for approval, of all listings of the item.
-- name: LEVEL_WAITING scope=none kind=read plan=listing_item
SELECT total(r.qty_e3 * l.units) FROM listing l INDEXED BY listing_item
  JOIN proposal_reserve r ON r.store_id = l.store_id
       AND r.remote_id = l.remote_id
  JOIN proposal p ON p.id = r.proposal_id
 WHERE l.item_id = :item AND p.state = 'pending';

-- name: LEVELS_IN_BIN scope=none kind=read plan=balance_bin
SELECT p.id, p.sort_name FROM bin b CROSS JOIN balance a ON a.bin_id = b.id
 CROSS JOIN listing l ON l.item_id = a.item_id
 CROSS JOIN product p ON p.store_id = l.store_id AND p.remote_id = l.remote_id
 WHERE b.warehouse_id = 1 AND b.code = :code AND p.gone = 0 LIMIT :n;

-- name: LEVELS_DUE scope=none kind=read plan=item_due
SELECT p.id, p.sort_name FROM item i INDEXED BY item_due
 CROSS JOIN listing l ON l.item_id = i.id
 CROSS JOIN product p ON p.store_id = l.store_id AND p.remote_id = l.remote_id
 WHERE i.due = 1 AND p.gone = 0 LIMIT :n;

-- name: LEVELS_EXPIRING scope=none kind=read plan=lot_expiry
SELECT p.id, p.sort_name FROM lot t INDEXED BY lot_expiry
 CROSS JOIN listing l ON l.item_id = t.item_id
 CROSS JOIN product p ON p.store_id = l.store_id AND p.remote_id = l.remote_id
 WHERE t.qty_e3 > 0 AND t.expires_ms > 0 AND t.expires_ms <= :until
   AND p.gone = 0 LIMIT :n;

-- name: LEVELS_LOW scope=store kind=read plan=product_low
SELECT id, sort_name FROM product INDEXED BY product_low
 WHERE store_id = :store AND low = 1 AND gone = 0 LIMIT :n;

-- name: LEVEL_DUE_COUNT scope=store kind=read plan=item_due
-- Listings of the store that are at their reorder point.
SELECT count(*) FROM item i INDEXED BY item_due
 CROSS JOIN listing l ON l.item_id = i.id
 WHERE i.due = 1 AND l.store_id = :store
   AND i.tenant_id = (SELECT tenant_id FROM store WHERE id = :store);

-- The ledger of a listing: what moved in the warehouse, newest first, and what
-- was changed of the shop's number (daemon/model/level_ledger.c).
-- name: MOVEMENTS_OF scope=none kind=read plan=movement_item
SELECT m.id, m.at_ms, m.qty_e3, m.reason, m.ref, m.note, m.author, m.store_id,
       b.code, l.code
  FROM movement m JOIN bin b ON b.id = m.bin_id
  LEFT JOIN lot l ON m.lot_id > 0 AND l.id = m.lot_id
 WHERE m.item_id = :item AND m.id < :before ORDER BY m.id DESC;
-- name: STOCK_CHANGES_OF scope=store kind=read plan=change_object
SELECT c.id, c.created_ms, p.wanted, c.state, c.reason, c.author, c.uuid
  FROM change c JOIN change_path p ON p.change_id = c.id AND p.path = 'stock'
 WHERE c.store_id = :store AND c.kind = 'product' AND c.remote_id = :remote
   AND c.act = 'stock' AND c.id < :before ORDER BY c.id DESC;
-- name: TENANT_OF_STORE scope=store kind=read
SELECT tenant_id FROM store WHERE id = :store;
-- name: BIN_CONTENTS scope=none kind=read plan=balance_bin
SELECT i.tenant_id, t.name, i.sku, i.title, a.qty_e3
  FROM balance a JOIN item i ON i.id = a.item_id
  JOIN tenant t ON t.id = i.tenant_id
 WHERE a.bin_id = :bin ORDER BY a.item_id;
-- name: BIN_ITEM_COUNT scope=none kind=read plan=balance_bin
SELECT count(*) FROM balance WHERE bin_id = :bin;
