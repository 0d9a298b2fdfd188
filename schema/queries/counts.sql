-- Counts kept beside the orders (daemon/model/status_count.c).

-- name: ORDER_COUNTS scope=store kind=read
SELECT status, n FROM order_count WHERE store_id = :store AND n > 0;

-- name: ORDER_LATE scope=store kind=read plan=orders_store_status
SELECT count(*) FROM orders
 WHERE store_id = :store AND status = :status AND created_ms < :before;

-- name: ORDER_RECENT scope=store kind=read plan=orders_store_status
SELECT count(*) FROM (SELECT 1 FROM orders
    WHERE store_id = :store AND status = :status AND created_ms >= :from
    LIMIT :max);

-- name: ORDERS_OF_DAY scope=store kind=read plan=orders_store
SELECT created_ms, status, currency, total_e4 FROM orders
 WHERE store_id = :store AND created_ms >= :from AND created_ms < :to
   AND gone = 0;

-- name: PACKED_OF_DAY scope=store kind=read plan=work_packed
SELECT packed_ms FROM work
 WHERE store_id = :store AND packed_ms >= :from AND packed_ms < :to
   AND packed_ms > 0 AND state <> 'dropped';

-- name: SHIPPED_OF_DAY scope=store kind=read plan=parcel_shipped
SELECT shipped_ms FROM parcel
 WHERE store_id = :store AND shipped_ms >= :from AND shipped_ms < :to
   AND shipped_ms > 0;

-- name: WORK_OPEN_COUNTS scope=store kind=read plan=work_open temp_btree=yes
-- Of work in hand, which is little: grouped as it is read.
SELECT state, count(*) FROM work INDEXED BY work_open
 WHERE store_id = :store AND state NOT IN ('done', 'dropped') GROUP BY state;

-- name: PRODUCT_SOLD scope=store kind=read plan=line_product
-- Its lines by order; a variation's lines name both (0: all of the product).
SELECT o.id, o.created_ms, o.status, o.currency, l.qty_e3, l.total_e4
  FROM line l JOIN orders o ON o.id = l.order_id
 WHERE l.store_id = :store AND l.product_id = :product
   AND (:variation = 0 OR l.variation_id = :variation) AND o.gone = 0
 ORDER BY l.order_id;

-- name: PRODUCT_LOW_COUNT scope=store kind=read plan=product_low
SELECT count(*) FROM product WHERE store_id = :store AND low = 1 AND gone = 0;
