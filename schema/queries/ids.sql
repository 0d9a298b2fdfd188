-- What sync asks of the mirror: bare ids.

-- name: ORDER_OPEN_IDS scope=store kind=read plan=orders_store_status
SELECT remote_id FROM orders
WHERE store_id = :store AND status = :status
ORDER BY created_ms DESC, id DESC LIMIT :max;

-- name: PRODUCT_IDS_PARENT scope=store kind=read plan=product_remote
SELECT remote_id FROM product
WHERE store_id = :store AND remote_id > :after AND parent_id = 0 AND gone = 0
ORDER BY remote_id LIMIT :max;

-- name: VARIATION_IDS scope=store kind=read plan=product_remote
SELECT remote_id FROM product
WHERE store_id = :store AND remote_id > :after AND parent_id > 0 AND gone = 0
ORDER BY remote_id LIMIT :max;

-- name: VARIATION_COUNT scope=store kind=read plan=product_parent
SELECT count(*) FROM product
WHERE store_id = :store AND parent_id > 0 AND gone = 0;
