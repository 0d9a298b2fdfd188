-- What lists read. The ORDERS_BY_* statements stream rows in list order from
-- behind (:created, :id); their columns are the same (model/order_stream.c), so
-- that any of them can be merged. Those across stores are scope=all and have a
-- twin of one store for callers who see some.

-- name: ORDERS_BY_CREATED scope=all kind=read plan=orders_created
SELECT id, store_id, remote_id, number, status, shop_status, gone, currency,
       total_e4, created_ms, modified_ms, contact_id, name, email, lines,
       items_e3, flags, tags, holds, pending
  FROM orders
 WHERE (created_ms, id) < (:created, :id)
 ORDER BY created_ms DESC, id DESC;

-- name: ORDERS_BY_STATUS scope=all kind=read plan=orders_status
SELECT id, store_id, remote_id, number, status, shop_status, gone, currency,
       total_e4, created_ms, modified_ms, contact_id, name, email, lines,
       items_e3, flags, tags, holds, pending
  FROM orders
 WHERE status = :status AND (created_ms, id) < (:created, :id)
 ORDER BY created_ms DESC, id DESC;

-- name: ORDERS_BY_STORE scope=store kind=read plan=orders_store
SELECT id, store_id, remote_id, number, status, shop_status, gone, currency,
       total_e4, created_ms, modified_ms, contact_id, name, email, lines,
       items_e3, flags, tags, holds, pending
  FROM orders
 WHERE store_id = :store AND (created_ms, id) < (:created, :id)
 ORDER BY created_ms DESC, id DESC;

-- name: ORDERS_BY_STORE_STATUS scope=store kind=read plan=orders_store_status
SELECT id, store_id, remote_id, number, status, shop_status, gone, currency,
       total_e4, created_ms, modified_ms, contact_id, name, email, lines,
       items_e3, flags, tags, holds, pending
  FROM orders
 WHERE store_id = :store AND status = :status
   AND (created_ms, id) < (:created, :id)
 ORDER BY created_ms DESC, id DESC;

-- name: ORDERS_BY_CREATED_UP scope=all kind=read plan=orders_created
SELECT id, store_id, remote_id, number, status, shop_status, gone, currency,
       total_e4, created_ms, modified_ms, contact_id, name, email, lines,
       items_e3, flags, tags, holds, pending
  FROM orders
 WHERE (created_ms, id) > (:created, :id)
 ORDER BY created_ms, id;

-- name: ORDERS_BY_STATUS_UP scope=all kind=read plan=orders_status
SELECT id, store_id, remote_id, number, status, shop_status, gone, currency,
       total_e4, created_ms, modified_ms, contact_id, name, email, lines,
       items_e3, flags, tags, holds, pending
  FROM orders
 WHERE status = :status AND (created_ms, id) > (:created, :id)
 ORDER BY created_ms, id;

-- name: ORDERS_BY_STORE_UP scope=store kind=read plan=orders_store
SELECT id, store_id, remote_id, number, status, shop_status, gone, currency,
       total_e4, created_ms, modified_ms, contact_id, name, email, lines,
       items_e3, flags, tags, holds, pending
  FROM orders
 WHERE store_id = :store AND (created_ms, id) > (:created, :id)
 ORDER BY created_ms, id;

-- name: ORDERS_BY_STORE_STATUS_UP scope=store kind=read plan=orders_store_status
SELECT id, store_id, remote_id, number, status, shop_status, gone, currency,
       total_e4, created_ms, modified_ms, contact_id, name, email, lines,
       items_e3, flags, tags, holds, pending
  FROM orders
 WHERE store_id = :store AND status = :status
   AND (created_ms, id) > (:created, :id)
 ORDER BY created_ms, id;

-- name: ORDERS_BY_CONTACT scope=none kind=read plan=orders_contact
SELECT id, store_id, remote_id, number, status, shop_status, gone, currency,
       total_e4, created_ms, modified_ms, contact_id, name, email, lines,
       items_e3, flags, tags, holds, pending
  FROM orders
 WHERE contact_id = :contact AND (created_ms, id) < (:created, :id)
 ORDER BY created_ms DESC, id DESC;

-- name: ORDERS_BY_TAG scope=all kind=read plan=PRIMARY
SELECT o.id, o.store_id, o.remote_id, o.number, o.status, o.shop_status, o.gone,
       o.currency, o.total_e4, o.created_ms, o.modified_ms, o.contact_id,
       o.name, o.email, o.lines, o.items_e3, o.flags, o.tags, o.holds, o.pending
  FROM order_tag t CROSS JOIN orders o ON o.id = t.order_id
 WHERE t.tag = :tag AND (t.created_ms, t.order_id) < (:created, :id)
 ORDER BY t.created_ms DESC, t.order_id DESC;

-- name: ORDERS_BY_TAG_STORE scope=store kind=read plan=PRIMARY
SELECT o.id, o.store_id, o.remote_id, o.number, o.status, o.shop_status, o.gone,
       o.currency, o.total_e4, o.created_ms, o.modified_ms, o.contact_id,
       o.name, o.email, o.lines, o.items_e3, o.flags, o.tags, o.holds, o.pending
  FROM order_tag t CROSS JOIN orders o ON o.id = t.order_id
 WHERE t.tag = :tag AND (t.created_ms, t.order_id) < (:created, :id) AND o.store_id = :store
 ORDER BY t.created_ms DESC, t.order_id DESC;

-- name: ORDERS_BY_HOLD scope=all kind=read plan=PRIMARY
SELECT o.id, o.store_id, o.remote_id, o.number, o.status, o.shop_status, o.gone,
       o.currency, o.total_e4, o.created_ms, o.modified_ms, o.contact_id,
       o.name, o.email, o.lines, o.items_e3, o.flags, o.tags, o.holds, o.pending
  FROM order_hold t CROSS JOIN orders o ON o.id = t.order_id
 WHERE t.reason = :reason AND (t.created_ms, t.order_id) < (:created, :id)
 ORDER BY t.created_ms DESC, t.order_id DESC;

-- name: ORDERS_BY_HOLD_STORE scope=store kind=read plan=PRIMARY
SELECT o.id, o.store_id, o.remote_id, o.number, o.status, o.shop_status, o.gone,
       o.currency, o.total_e4, o.created_ms, o.modified_ms, o.contact_id,
       o.name, o.email, o.lines, o.items_e3, o.flags, o.tags, o.holds, o.pending
  FROM order_hold t CROSS JOIN orders o ON o.id = t.order_id
 WHERE t.reason = :reason AND (t.created_ms, t.order_id) < (:created, :id) AND o.store_id = :store
 ORDER BY t.created_ms DESC, t.order_id DESC;

-- One row with what its contact knows.
-- name: ORDER_ITEM scope=none kind=read
SELECT o.id, o.store_id, o.remote_id, o.number, o.status, o.shop_status, o.gone,
       o.currency, o.total_e4, o.created_ms, o.modified_ms, o.contact_id,
       o.name, o.email, o.lines, o.items_e3, o.flags, o.tags, o.holds, o.pending,
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

-- A walk for words: the rows themselves are not read, the index has it all.
-- name: ORDER_TEXTS_BY_CREATED scope=all kind=read plan=orders_created
SELECT o.id, o.created_ms, c.c0
  FROM orders o CROSS JOIN order_fts_content c ON c.id = o.id
 WHERE (o.created_ms, o.id) < (:created, :id)
 ORDER BY o.created_ms DESC, o.id DESC;

-- name: ORDER_TEXTS_BY_CREATED_UP scope=all kind=read plan=orders_created
SELECT o.id, o.created_ms, c.c0
  FROM orders o CROSS JOIN order_fts_content c ON c.id = o.id
 WHERE (o.created_ms, o.id) > (:created, :id)
 ORDER BY o.created_ms, o.id;

-- name: ORDER_TEXTS_BY_STORE scope=store kind=read plan=orders_store
SELECT o.id, o.created_ms, c.c0
  FROM orders o CROSS JOIN order_fts_content c ON c.id = o.id
 WHERE o.store_id = :store AND (o.created_ms, o.id) < (:created, :id)
 ORDER BY o.created_ms DESC, o.id DESC;

-- name: ORDER_TEXTS_BY_STORE_UP scope=store kind=read plan=orders_store
SELECT o.id, o.created_ms, c.c0
  FROM orders o CROSS JOIN order_fts_content c ON c.id = o.id
 WHERE o.store_id = :store AND (o.created_ms, o.id) > (:created, :id)
 ORDER BY o.created_ms, o.id;

-- name: ORDER_LAST_ID scope=none kind=read
SELECT coalesce(max(id), 0) FROM orders;

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

-- name: LIST_STORE scope=store kind=read
SELECT id, name FROM store WHERE id = :store AND removed_ms IS NULL;

-- name: LIST_COUNTS scope=none kind=read
SELECT store_id, status, n FROM order_count WHERE n > 0;

-- name: LIST_PHASES scope=none kind=read
SELECT p.store_id, p.slug, p.phase, s.late_s
  FROM store_status p CROSS JOIN store s ON s.id = p.store_id
 ORDER BY p.store_id, p.slug;

-- name: LIST_PHASES_OF scope=store kind=read
SELECT p.store_id, p.slug, p.phase, s.late_s
  FROM store_status p CROSS JOIN store s ON s.id = p.store_id
 WHERE p.store_id = :store ORDER BY p.slug;

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

-- Lists by name: id, store_id, sort_name first (model/name_list.c), then what a
-- filter looks at.

-- name: PRODUCTS_BY_NAME scope=all kind=read plan=product_name
SELECT id, store_id, sort_name, remote_id, parent_id, type, status, sku, name,
       price_e4, stock_e3, stock_status, low, modified_ms
  FROM product
 WHERE parent_id = 0 AND gone = 0 AND (sort_name, id) > (:name, :id)
 ORDER BY sort_name, id;

-- name: PRODUCTS_BY_STORE scope=store kind=read plan=product_parent
SELECT id, store_id, sort_name, remote_id, parent_id, type, status, sku, name,
       price_e4, stock_e3, stock_status, low, modified_ms
  FROM product
 WHERE store_id = :store AND parent_id = 0 AND gone = 0 AND (sort_name, id) > (:name, :id)
 ORDER BY sort_name, id;

-- name: PRODUCTS_LOW scope=store kind=read plan=product_low
SELECT id, store_id, sort_name, remote_id, parent_id, type, status, sku, name,
       price_e4, stock_e3, stock_status, low, modified_ms
  FROM product INDEXED BY product_low
 WHERE store_id = :store AND low = 1 AND gone = 0 AND (sort_name, id) > (:name, :id)
 ORDER BY sort_name, id;

-- name: CONTACTS_BY_NAME scope=all kind=read plan=contact_name
SELECT id, store_id, sort_name, remote_id, mirrored, email, name, phone, city,
       country
  FROM contact
 WHERE gone = 0 AND (sort_name, id) > (:name, :id)
 ORDER BY sort_name, id;

-- name: CONTACTS_BY_STORE scope=store kind=read plan=contact_store_name
SELECT id, store_id, sort_name, remote_id, mirrored, email, name, phone, city,
       country
  FROM contact
 WHERE store_id = :store AND gone = 0 AND (sort_name, id) > (:name, :id)
 ORDER BY sort_name, id;

-- name: PRODUCTS_BY_NAME_DOWN scope=all kind=read plan=product_name
SELECT id, store_id, sort_name, remote_id, parent_id, type, status, sku, name,
       price_e4, stock_e3, stock_status, low, modified_ms
  FROM product
 WHERE parent_id = 0 AND gone = 0 AND (sort_name, id) < (:name, :id)
 ORDER BY sort_name DESC, id DESC;

-- name: PRODUCTS_BY_STORE_DOWN scope=store kind=read plan=product_parent
SELECT id, store_id, sort_name, remote_id, parent_id, type, status, sku, name,
       price_e4, stock_e3, stock_status, low, modified_ms
  FROM product
 WHERE store_id = :store AND parent_id = 0 AND gone = 0 AND (sort_name, id) < (:name, :id)
 ORDER BY sort_name DESC, id DESC;

-- name: PRODUCTS_LOW_DOWN scope=store kind=read plan=product_low
SELECT id, store_id, sort_name, remote_id, parent_id, type, status, sku, name,
       price_e4, stock_e3, stock_status, low, modified_ms
  FROM product INDEXED BY product_low
 WHERE store_id = :store AND low = 1 AND gone = 0 AND (sort_name, id) < (:name, :id)
 ORDER BY sort_name DESC, id DESC;

-- name: CONTACTS_BY_NAME_DOWN scope=all kind=read plan=contact_name
SELECT id, store_id, sort_name, remote_id, mirrored, email, name, phone, city,
       country
  FROM contact
 WHERE gone = 0 AND (sort_name, id) < (:name, :id)
 ORDER BY sort_name DESC, id DESC;

-- name: CONTACTS_BY_STORE_DOWN scope=store kind=read plan=contact_store_name
SELECT id, store_id, sort_name, remote_id, mirrored, email, name, phone, city,
       country
  FROM contact
 WHERE store_id = :store AND gone = 0 AND (sort_name, id) < (:name, :id)
 ORDER BY sort_name DESC, id DESC;

-- The variations of a product.
-- name: PRODUCTS_OF scope=store kind=read plan=product_parent temp_btree=yes
SELECT id, store_id, sort_name, remote_id, parent_id, type, status, sku, name,
       price_e4, stock_e3, stock_status, low, modified_ms
  FROM product
 WHERE store_id = :store AND parent_id = :parent AND gone = 0 AND id > :id
 ORDER BY id;

-- name: PRODUCT_ROW scope=none kind=read
SELECT id, store_id, sort_name, remote_id, parent_id, type, status, sku, name,
       price_e4, stock_e3, stock_status, low, modified_ms
  FROM product WHERE id = :id AND gone = 0;

-- name: PRODUCT_ITEM scope=none kind=read
SELECT id, store_id, sort_name, remote_id, parent_id, type, status, sku, name,
       price_e4, stock_e3, stock_status, low, modified_ms, gone, regular_e4, sale_e4, manage, low_e3, created_ms,
       (SELECT count(*) FROM product v WHERE v.store_id = p.store_id
           AND v.parent_id = p.remote_id AND v.gone = 0 AND p.parent_id = 0),
       (SELECT o.name FROM product o WHERE p.parent_id > 0
           AND o.store_id = p.store_id AND o.remote_id = p.parent_id),
       pending,
       EXISTS (SELECT 1 FROM bundle b WHERE b.store_id = p.store_id
                  AND b.remote_id = p.remote_id)
  FROM product p WHERE id = :id;

-- name: PRODUCT_ITEM_ID scope=store kind=read plan=product_remote
SELECT id FROM product WHERE store_id = :store AND remote_id = :remote;

-- name: PRODUCTS_OF_GTIN scope=none kind=read plan=product_gtin
SELECT p.store_id, p.remote_id,
       coalesce((SELECT CASE WHEN instr(p.name, o.name) = 1 THEN ''
                    ELSE o.name || ' - ' END
          FROM product o WHERE p.parent_id > 0
           AND o.store_id = p.store_id AND o.remote_id = p.parent_id),
       '') || p.name
  FROM product p WHERE p.gtin = :gtin AND p.gtin <> '' AND p.gone = 0 LIMIT :n;
-- name: PRODUCTS_OF_SKU scope=none kind=read plan=product_sku
SELECT id, sort_name FROM product
 WHERE sku = :sku COLLATE NOCASE AND sku <> '' LIMIT :n;

-- name: PRODUCTS_MATCHING scope=none kind=read
SELECT rowid FROM product_fts WHERE product_fts MATCH :match LIMIT :n;

-- name: PRODUCT_TEXT_OF scope=none kind=read
SELECT c0 FROM product_fts_content WHERE id = :id;

-- name: PRODUCT_CATEGORIES scope=none kind=read plan=product_category_product temp_btree=yes
SELECT c.name FROM product_category pc
  JOIN category c ON c.store_id = pc.store_id AND c.remote_id = pc.category_id
 WHERE pc.product_id = :id AND c.gone = 0 ORDER BY c.name;

-- What products of the store are priced in: its newest order tells.
-- name: STORE_CURRENCY scope=store kind=read plan=orders_store
SELECT currency FROM orders WHERE store_id = :store
 ORDER BY created_ms DESC, id DESC LIMIT 1;

-- name: CONTACT_ROW scope=none kind=read
SELECT id, store_id, sort_name, remote_id, mirrored, email, name, phone, city,
       country
  FROM contact WHERE id = :id AND gone = 0;

-- name: CONTACT_ITEM scope=none kind=read
SELECT id, store_id, sort_name, remote_id, mirrored, email, name, phone, city,
       country, gone, created_ms
  FROM contact WHERE id = :id;

-- name: CONTACT_GUEST_ID scope=store kind=read plan=contact_email
SELECT id FROM contact
 WHERE email_key = :email AND store_id = :store AND remote_id = 0;

-- name: CONTACTS_MATCHING scope=none kind=read
SELECT rowid FROM contact_fts WHERE contact_fts MATCH :match LIMIT :n;

-- name: CONTACT_TEXT_OF scope=none kind=read
SELECT c0 FROM contact_fts_content WHERE id = :id;

-- name: CONTACT_ORDERS scope=none kind=read plan=orders_contact
SELECT store_id, remote_id, status, currency, total_e4, created_ms, flags
  FROM orders WHERE contact_id = :id
 ORDER BY created_ms DESC, id DESC LIMIT :n;
