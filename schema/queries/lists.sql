-- What lists read. The ORDERS_BY_* statements stream rows in list order from
-- behind (:created, :id); their columns are the same (model/order_stream.c), so
-- that any of them can be merged. Those across stores are scope=all and have a
-- twin of one store for callers who see some.

-- name: ORDERS_BY_CREATED scope=all kind=read plan=orders_created
SELECT id, store_id, remote_id, number, status, shop_status, gone, currency,
       total_e4, created_ms, modified_ms, contact_id, name, email, lines,
       items_e3, flags, tags, holds
  FROM orders
 WHERE (created_ms, id) < (:created, :id)
 ORDER BY created_ms DESC, id DESC;

-- name: ORDERS_BY_STATUS scope=all kind=read plan=orders_status
SELECT id, store_id, remote_id, number, status, shop_status, gone, currency,
       total_e4, created_ms, modified_ms, contact_id, name, email, lines,
       items_e3, flags, tags, holds
  FROM orders
 WHERE status = :status AND (created_ms, id) < (:created, :id)
 ORDER BY created_ms DESC, id DESC;

-- name: ORDERS_BY_STORE scope=store kind=read plan=orders_store
SELECT id, store_id, remote_id, number, status, shop_status, gone, currency,
       total_e4, created_ms, modified_ms, contact_id, name, email, lines,
       items_e3, flags, tags, holds
  FROM orders
 WHERE store_id = :store AND (created_ms, id) < (:created, :id)
 ORDER BY created_ms DESC, id DESC;

-- name: ORDERS_BY_STORE_STATUS scope=store kind=read plan=orders_store_status
SELECT id, store_id, remote_id, number, status, shop_status, gone, currency,
       total_e4, created_ms, modified_ms, contact_id, name, email, lines,
       items_e3, flags, tags, holds
  FROM orders
 WHERE store_id = :store AND status = :status
   AND (created_ms, id) < (:created, :id)
 ORDER BY created_ms DESC, id DESC;

-- name: ORDERS_BY_CREATED_UP scope=all kind=read plan=orders_created
SELECT id, store_id, remote_id, number, status, shop_status, gone, currency,
       total_e4, created_ms, modified_ms, contact_id, name, email, lines,
       items_e3, flags, tags, holds
  FROM orders
 WHERE (created_ms, id) > (:created, :id)
 ORDER BY created_ms, id;

-- name: ORDERS_BY_STATUS_UP scope=all kind=read plan=orders_status
SELECT id, store_id, remote_id, number, status, shop_status, gone, currency,
       total_e4, created_ms, modified_ms, contact_id, name, email, lines,
       items_e3, flags, tags, holds
  FROM orders
 WHERE status = :status AND (created_ms, id) > (:created, :id)
 ORDER BY created_ms, id;

-- name: ORDERS_BY_STORE_UP scope=store kind=read plan=orders_store
SELECT id, store_id, remote_id, number, status, shop_status, gone, currency,
       total_e4, created_ms, modified_ms, contact_id, name, email, lines,
       items_e3, flags, tags, holds
  FROM orders
 WHERE store_id = :store AND (created_ms, id) > (:created, :id)
 ORDER BY created_ms, id;

-- name: ORDERS_BY_STORE_STATUS_UP scope=store kind=read plan=orders_store_status
SELECT id, store_id, remote_id, number, status, shop_status, gone, currency,
       total_e4, created_ms, modified_ms, contact_id, name, email, lines,
       items_e3, flags, tags, holds
  FROM orders
 WHERE store_id = :store AND status = :status
   AND (created_ms, id) > (:created, :id)
 ORDER BY created_ms, id;

-- name: ORDERS_BY_CONTACT scope=none kind=read plan=orders_contact
SELECT id, store_id, remote_id, number, status, shop_status, gone, currency,
       total_e4, created_ms, modified_ms, contact_id, name, email, lines,
       items_e3, flags, tags, holds
  FROM orders
 WHERE contact_id = :contact AND (created_ms, id) < (:created, :id)
 ORDER BY created_ms DESC, id DESC;

-- name: ORDERS_BY_TAG scope=all kind=read plan=PRIMARY
SELECT o.id, o.store_id, o.remote_id, o.number, o.status, o.shop_status, o.gone,
       o.currency, o.total_e4, o.created_ms, o.modified_ms, o.contact_id,
       o.name, o.email, o.lines, o.items_e3, o.flags, o.tags, o.holds
  FROM order_tag t CROSS JOIN orders o ON o.id = t.order_id
 WHERE t.tag = :tag AND (t.created_ms, t.order_id) < (:created, :id)
 ORDER BY t.created_ms DESC, t.order_id DESC;

-- name: ORDERS_BY_TAG_STORE scope=store kind=read plan=PRIMARY
SELECT o.id, o.store_id, o.remote_id, o.number, o.status, o.shop_status, o.gone,
       o.currency, o.total_e4, o.created_ms, o.modified_ms, o.contact_id,
       o.name, o.email, o.lines, o.items_e3, o.flags, o.tags, o.holds
  FROM order_tag t CROSS JOIN orders o ON o.id = t.order_id
 WHERE t.tag = :tag AND (t.created_ms, t.order_id) < (:created, :id) AND o.store_id = :store
 ORDER BY t.created_ms DESC, t.order_id DESC;

-- name: ORDERS_BY_HOLD scope=all kind=read plan=PRIMARY
SELECT o.id, o.store_id, o.remote_id, o.number, o.status, o.shop_status, o.gone,
       o.currency, o.total_e4, o.created_ms, o.modified_ms, o.contact_id,
       o.name, o.email, o.lines, o.items_e3, o.flags, o.tags, o.holds
  FROM order_hold t CROSS JOIN orders o ON o.id = t.order_id
 WHERE t.reason = :reason AND (t.created_ms, t.order_id) < (:created, :id)
 ORDER BY t.created_ms DESC, t.order_id DESC;

-- name: ORDERS_BY_HOLD_STORE scope=store kind=read plan=PRIMARY
SELECT o.id, o.store_id, o.remote_id, o.number, o.status, o.shop_status, o.gone,
       o.currency, o.total_e4, o.created_ms, o.modified_ms, o.contact_id,
       o.name, o.email, o.lines, o.items_e3, o.flags, o.tags, o.holds
  FROM order_hold t CROSS JOIN orders o ON o.id = t.order_id
 WHERE t.reason = :reason AND (t.created_ms, t.order_id) < (:created, :id) AND o.store_id = :store
 ORDER BY t.created_ms DESC, t.order_id DESC;

-- One row with what its contact knows.
-- name: ORDER_ITEM scope=none kind=read
SELECT o.id, o.store_id, o.remote_id, o.number, o.status, o.shop_status, o.gone,
       o.currency, o.total_e4, o.created_ms, o.modified_ms, o.contact_id,
       o.name, o.email, o.lines, o.items_e3, o.flags, o.tags, o.holds,
       c.remote_id, c.phone, c.country
  FROM orders o LEFT JOIN contact c ON c.id = o.contact_id
 WHERE o.id = :id;

-- name: ORDER_ITEM_ID scope=store kind=read plan=orders_remote
SELECT id FROM orders WHERE store_id = :store AND remote_id = :remote;

-- name: ORDER_DATE_OF scope=none kind=read
SELECT created_ms FROM orders WHERE id = :id;

-- name: ORDERS_BY_NUMBER scope=none kind=read plan=orders_number
SELECT id FROM orders
 WHERE number >= :number AND number < :until LIMIT :n;

-- name: ORDERS_MATCHING scope=none kind=read
SELECT rowid FROM order_fts WHERE order_fts MATCH :match LIMIT :n;

-- Straight from the content of the full-text table: three times as fast.
-- name: ORDER_TEXT_OF scope=none kind=read
SELECT c0 FROM order_fts_content WHERE id = :id;

-- name: TAG_COUNT scope=none kind=read plan=PRIMARY
SELECT count(*) FROM (SELECT 1 FROM order_tag WHERE tag = :tag LIMIT :n);

-- name: HOLD_COUNT scope=none kind=read plan=PRIMARY
SELECT count(*) FROM (SELECT 1 FROM order_hold WHERE reason = :reason
 LIMIT :n);

-- The smallest tag or hold behind another: a walk over what is in use.
-- name: TAG_NEXT scope=none kind=read plan=PRIMARY
SELECT tag FROM order_tag WHERE tag > :after ORDER BY tag LIMIT 1;

-- name: HOLD_NEXT scope=none kind=read plan=PRIMARY
SELECT reason FROM order_hold WHERE reason > :after ORDER BY reason LIMIT 1;

-- name: LIST_STORES scope=none kind=read
SELECT id, name FROM store WHERE removed_ms IS NULL ORDER BY id;

-- name: LIST_COUNTS scope=none kind=read
SELECT store_id, status, n FROM order_count WHERE n > 0;

-- name: LIST_PHASES scope=none kind=read
SELECT store_id, slug, phase FROM store_status ORDER BY store_id, slug;

-- name: CONTACTS_OF_EMAIL scope=none kind=read plan=contact_email
SELECT id, store_id FROM contact WHERE email_key = :email;

-- name: CONTACT_OF_ID scope=store kind=read plan=contact_remote
SELECT id FROM contact
 WHERE store_id = :store AND remote_id = :remote AND remote_id > 0;

-- name: CONTACT_BRIEF scope=none kind=read
SELECT remote_id, phone, country FROM contact WHERE id = :id;

-- name: ORDER_REFUNDS scope=store kind=read plan=refund_order
SELECT remote_id, created_ms, total_e4, reason FROM refund
 WHERE store_id = :store AND order_remote_id = :order AND gone = 0
 ORDER BY id DESC;

-- name: ORDER_NOTES scope=store kind=read plan=note_order
SELECT remote_id, created_ms, author, to_customer, text FROM note
 WHERE store_id = :store AND order_remote_id = :order ORDER BY id DESC;
