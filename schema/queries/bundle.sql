-- Bundles: what they are made of, and how an order's line is fulfilled as parts
-- (daemon/model/bundle.c, line_part.c, demand.c).

-- name: BUNDLE_GET scope=store kind=read
SELECT discount, changed_ms, changed_by, version FROM bundle
 WHERE store_id = :store AND remote_id = :remote;
-- name: BUNDLE_PUT scope=store kind=write
INSERT INTO bundle (store_id, remote_id, discount, changed_ms, changed_by)
    VALUES (:store, :remote, :discount, :now, :who)
    ON CONFLICT (store_id, remote_id) DO UPDATE
    SET discount = excluded.discount, changed_ms = excluded.changed_ms,
        changed_by = excluded.changed_by, version = version + 1;
-- name: BUNDLE_DROP scope=store kind=write
DELETE FROM bundle WHERE store_id = :store AND remote_id = :remote;
-- name: BUNDLE_PARTS scope=store kind=read
SELECT part, product_id, per_e3, optional FROM bundle_part
 WHERE store_id = :store AND remote_id = :remote ORDER BY part;
-- name: BUNDLE_PARTS_DROP scope=store kind=write
DELETE FROM bundle_part WHERE store_id = :store AND remote_id = :remote;
-- name: BUNDLE_PART_ADD scope=store kind=write
INSERT INTO bundle_part (store_id, remote_id, part, product_id, per_e3,
                         optional)
    VALUES (:store, :remote, :part, :product, :per, :optional);
-- name: BUNDLES_WITH scope=store kind=read plan=bundle_part_product
-- Bundles that product is a part of.
SELECT remote_id FROM bundle_part
 WHERE store_id = :store AND product_id = :product ORDER BY remote_id;
-- name: BUNDLE_ORDERS scope=store kind=read
-- Open orders that ask for that product: of a bundle that changes, and of its
-- parts.
SELECT DISTINCT order_id FROM demand
 WHERE store_id = :store AND product_id = :product;

-- Parts that lines of an order were begun as; part 0 is the line itself.
-- name: LINE_PARTS_BEGUN scope=store kind=read plan=work_order temp_btree=yes
SELECT x.line_id, x.part, x.product_id, x.per_e3, x.optional, x.bundle
  FROM work w INDEXED BY work_order CROSS JOIN work_line x ON x.work_id = w.id
 WHERE w.store_id = :store AND w.remote_id = :order AND w.state <> 'dropped'
 GROUP BY x.line_id, x.part;
-- Lines of an order that are a bundle, or were begun as parts of one.
-- name: DEMAND_BUNDLED scope=none kind=read
SELECT l.store_id, o.remote_id, l.line_id,
       iif(l.variation_id > 0, l.variation_id, l.product_id),
       min(l.qty_e3, 1000000000)
  FROM orders o CROSS JOIN line l ON l.order_id = o.id
 WHERE o.id = :order
   AND (EXISTS (SELECT 1 FROM bundle b
                 WHERE b.store_id = l.store_id AND b.remote_id =
                       iif(l.variation_id > 0, l.variation_id, l.product_id))
        OR EXISTS (SELECT 1 FROM work w INDEXED BY work_order
                     CROSS JOIN work_line x ON x.work_id = w.id
                    WHERE w.store_id = o.store_id
                      AND w.remote_id = o.remote_id AND w.state <> 'dropped'
                      AND x.line_id = l.line_id AND x.part > 0));
-- name: DEMAND_LINE_DROP scope=none kind=write plan=demand_order
DELETE FROM demand WHERE order_id = :order AND line_id = :line;
-- name: DEMAND_PART_ADD scope=store kind=write
-- As DEMAND_LEFT, of one part of a line.
INSERT INTO demand (store_id, product_id, order_id, line_id, part, qty_e3)
SELECT :store, :product, :id, :line, :part, left_e3 FROM (
    SELECT :want + coalesce(
        (SELECT sum(m.qty_e3) FROM movement m
          WHERE m.store_id = :store AND m.order_id = :order AND m.order_id > 0
            AND m.line_id = :line AND m.part = :part
            AND m.reason IN ('pick', 'put_back'))
        / coalesce((SELECT g.units FROM listing g
                     WHERE g.store_id = :store AND g.remote_id = :product), 1),
        0) AS left_e3)
 WHERE left_e3 > 0;
-- What open orders want of a product through bundles: its shop has not taken
-- that from its number.
-- name: DEMAND_BUNDLED_OF scope=store kind=read
SELECT coalesce(sum(qty_e3), 0) FROM demand
 WHERE store_id = :store AND product_id = :remote AND part > 0;
-- name: BUNDLE_STOCK scope=store kind=read plan=product_remote
-- What is known of a part: its shop's count, and the warehouse's where it keeps
-- it.
SELECT p.gone, p.manage, p.stock_e3, p.stock_status, i.id, l.units,
       i.on_hand_e3 - i.blocked_e3 - i.reserved_e3,
       EXISTS (SELECT 1 FROM movement m WHERE m.item_id = i.id)
  FROM product p
  LEFT JOIN listing l ON l.store_id = p.store_id AND l.remote_id = p.remote_id
  LEFT JOIN item i ON i.id = l.item_id
 WHERE p.store_id = :store AND p.remote_id = :remote;

-- Parts of an item all of whose shops sell it as a bundle; else NULL.
-- name: ITEM_BUNDLED scope=none kind=read plan=listing_item temp_btree=yes
SELECT group_concat(DISTINCT iif(p.sku <> '', p.sku, p.name))
  FROM listing l
  JOIN bundle_part b ON b.store_id = l.store_id AND b.remote_id = l.remote_id
  JOIN product p ON p.store_id = b.store_id AND p.remote_id = b.product_id
 WHERE l.item_id = :item AND NOT EXISTS
       (SELECT 1 FROM listing o WHERE o.item_id = l.item_id AND NOT EXISTS
           (SELECT 1 FROM bundle g WHERE g.store_id = o.store_id
               AND g.remote_id = o.remote_id));
