-- The stock ledger (daemon/model/ledger.c).

-- name: LEDGER_GET scope=store kind=read
SELECT agreed_e3, agreed_ms, sent_e3, taken_e3, drift_e3, drift_ms
  FROM ledger WHERE store_id = :store AND remote_id = :remote;

-- name: LEDGER_AGREE scope=store kind=write
INSERT INTO ledger (store_id, remote_id, agreed_e3, agreed_ms, taken_e3)
    VALUES (:store, :remote, :agreed, :now, :taken)
    ON CONFLICT (store_id, remote_id)
    DO UPDATE SET agreed_e3 = excluded.agreed_e3,
        agreed_ms = excluded.agreed_ms, taken_e3 = excluded.taken_e3,
        sent_e3 = 0, drift_e3 = 0, drift_ms = 0;

-- name: LEDGER_SENT scope=store kind=write
UPDATE ledger SET sent_e3 = sent_e3 + :delta
 WHERE store_id = :store AND remote_id = :remote;

-- name: LEDGER_BASE scope=store kind=write
UPDATE ledger SET agreed_e3 = :agreed, taken_e3 = :taken
 WHERE store_id = :store AND remote_id = :remote;

-- name: LEDGER_DRIFT scope=store kind=write
UPDATE ledger SET drift_e3 = :drift, drift_ms = :ms
 WHERE store_id = :store AND remote_id = :remote;

-- name: LEDGER_ANY scope=store kind=read
SELECT 1 FROM ledger WHERE store_id = :store LIMIT 1;

-- The newest first: those are what an order may explain that comes late.
-- name: LEDGER_DRIFTED scope=store kind=read temp_btree=yes
SELECT remote_id FROM ledger WHERE store_id = :store AND drift_ms > 0
 ORDER BY drift_ms DESC LIMIT :limit;

-- Pieces that orders took and did not give back, orders in the trash and gone
-- ones too: their stock is still out.
-- name: LEDGER_TAKEN_VARIATION scope=store kind=read plan=line_product
SELECT coalesce(sum(reduced_e3), 0) FROM line
 WHERE store_id = :store AND product_id = :parent AND variation_id = :remote;

-- Of a product: its own, and of those variations whose stock is kept here.
-- name: LEDGER_TAKEN_PRODUCT scope=store kind=read plan=line_product
SELECT coalesce(sum(l.reduced_e3), 0) FROM line l
 WHERE l.store_id = :store AND l.product_id = :remote
   AND NOT EXISTS (SELECT 1 FROM product v
                    WHERE v.store_id = :store
                      AND v.remote_id = l.variation_id AND v.manage = 1);

-- The shop's number, below what is on its way.
-- name: LEDGER_STOCK scope=store kind=read plan=product_remote
SELECT coalesce(u.stock_e3, p.stock_e3) FROM product p
  LEFT JOIN product_under u ON u.id = p.id
 WHERE p.store_id = :store AND p.remote_id = :remote
   AND coalesce(u.stock_e3, p.stock_e3) IS NOT NULL;

-- 1 while the effect of a delta may be there already or not yet.
-- name: LEDGER_MOVING scope=store kind=read plan=change_object
SELECT 1 FROM change
 WHERE store_id = :store AND kind = 'product' AND remote_id = :remote
   AND state NOT IN ('confirmed', 'discarded')
   AND state IN ('sending', 'unknown') AND act = 'stock' LIMIT 1;

-- 1 while a change of its stock waits, is on its way or waits for a person.
-- name: LEDGER_OPEN scope=store kind=read plan=change_object
SELECT 1 FROM change
 WHERE store_id = :store AND kind = 'product' AND remote_id = :remote
   AND state NOT IN ('confirmed', 'discarded') AND act = 'stock' LIMIT 1;

-- As people see them (daemon/model/ledger_list.c).
-- name: DRIFT_LIST scope=store kind=read plan=product_remote
SELECT l.remote_id, p.parent_id, p.sku, p.name,
       coalesce(u.stock_e3, p.stock_e3)
  FROM ledger l CROSS JOIN product p
  LEFT JOIN product_under u ON u.id = p.id
 WHERE l.store_id = :store AND l.remote_id > :after AND l.drift_ms > 0
   AND p.store_id = :store AND p.remote_id = l.remote_id AND p.gone = 0
   AND coalesce(u.stock_e3, p.stock_e3) IS NOT NULL
 ORDER BY l.remote_id;

-- name: DRIFT_COUNT scope=store kind=read plan=product_remote
SELECT count(*)
  FROM ledger l CROSS JOIN product p
  LEFT JOIN product_under u ON u.id = p.id
 WHERE l.store_id = :store AND l.drift_ms > 0
   AND p.store_id = :store AND p.remote_id = l.remote_id AND p.gone = 0
   AND coalesce(u.stock_e3, p.stock_e3) IS NOT NULL;
