-- Counts kept beside the orders (daemon/model/status_count.c).

-- name: ORDER_COUNTS scope=store kind=read
SELECT status, n FROM order_count WHERE store_id = :store AND n > 0;

-- name: ORDER_LATE scope=store kind=read plan=orders_store_status
SELECT count(*) FROM orders
 WHERE store_id = :store AND status = :status AND created_ms < :before;
