-- What is to be read again (daemon/model/wake.c).

-- name: WAKE_PUT scope=store kind=write
INSERT INTO wake (store_id, kind, remote_id, at_ms)
    VALUES (:store, :kind, :remote, :now)
    ON CONFLICT (store_id, kind, remote_id) DO UPDATE SET times = times + 1;

-- name: WAKE_LIST scope=store kind=read plan=wake_store
SELECT kind, remote_id, at_ms, times FROM wake INDEXED BY wake_store
 WHERE store_id = :store ORDER BY id;

-- name: WAKE_DONE scope=store kind=write
DELETE FROM wake WHERE store_id = :store AND kind = :kind
   AND remote_id = :remote AND times = :times;

-- Of what the mirror has: the parent, 0 none.
-- name: WAKE_PRODUCT scope=store kind=read plan=product_remote
SELECT parent_id FROM product WHERE store_id = :store AND remote_id = :remote;
-- name: WAKE_REFUND scope=store kind=read plan=refund_remote
SELECT order_remote_id FROM refund
 WHERE store_id = :store AND remote_id = :remote;
-- name: WAKE_NOTE scope=store kind=read plan=note_remote
SELECT order_remote_id FROM note
 WHERE store_id = :store AND remote_id = :remote;

-- What changed last; only the end of the feed is looked at.
-- name: WAKE_RECENT scope=store kind=read
SELECT remote_id FROM feed
 WHERE seq > (SELECT max(seq) FROM feed) - 1000 AND store_id = :store
   AND topic = 'order' AND remote_id > 0
 ORDER BY seq DESC LIMIT :max;

-- name: WAKE_NEWEST scope=store kind=read plan=orders_store
SELECT remote_id FROM orders WHERE store_id = :store
 ORDER BY created_ms DESC, id DESC LIMIT :max;

-- The shop lists an order, or hides it; flags bit 8: ORDER_UNLISTED.
-- name: ORDER_LISTED scope=store kind=write
UPDATE orders SET flags = (flags & ~8) | (CASE WHEN :listed THEN 0 ELSE 8 END)
 WHERE store_id = :store AND remote_id = :remote
   AND (flags & 8 = 0) <> (:listed <> 0);

-- The refunds the mirror has of an order.
-- name: REFUND_IDS_OF scope=store kind=read plan=refund_order
SELECT remote_id FROM refund
 WHERE store_id = :store AND order_remote_id = :order AND gone = 0;

-- name: WAKE_COUNT scope=store kind=read plan=wake_store
SELECT count(*), coalesce(min(at_ms), 0) FROM wake WHERE store_id = :store;
