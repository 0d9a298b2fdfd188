-- What daemon/model writes when a shop's answer is applied. Statements by our
-- own rowid are scope=none: the id came out of a lookup that bound :store.
-- The first five columns of every *_FIND are the same (model/mirror_apply.c).

-- name: SEQ_RESERVE scope=none kind=write
INSERT INTO meta (key, value) VALUES ('read_seq', CAST(:n AS TEXT))
    ON CONFLICT (key)
    DO UPDATE SET value = CAST(CAST(value AS INTEGER) + :n AS TEXT)
    RETURNING CAST(value AS INTEGER);

-- name: ORDER_FIND scope=store kind=read plan=orders_remote
SELECT id, read_seq, raw_hash, hash, gone, status, shop_status, number,
       created_ms, contact_id
  FROM orders WHERE store_id = :store AND remote_id = :remote;

-- name: ORDER_INSERT scope=store kind=write
INSERT INTO orders (store_id, remote_id, number, status, shop_status, gone,
                    currency, total_e4, created_ms, modified_ms, contact_id,
                    name, email, lines, items_e3, flags, read_seq, raw_hash,
                    hash)
    VALUES (:store, :remote, :number, :status, :shop_status, :gone, :currency,
            :total, :created, :modified, :contact, :name, :email, :lines,
            :items, :flags, :seq, :raw, :hash);

-- No indexed column: the cheap part of every change.
-- name: ORDER_UPDATE scope=none kind=write
UPDATE orders
   SET currency = :currency, total_e4 = :total, modified_ms = :modified,
       name = :name, email = :email, lines = :lines, items_e3 = :items,
       flags = :flags, read_seq = :seq, raw_hash = :raw, hash = :hash
 WHERE id = :id;

-- The same with the state, which is indexed: one writing of the row for both.
-- name: ORDER_UPDATE_STATE scope=none kind=write
UPDATE orders
   SET currency = :currency, total_e4 = :total, modified_ms = :modified,
       name = :name, email = :email, lines = :lines, items_e3 = :items,
       flags = :flags, read_seq = :seq, raw_hash = :raw, hash = :hash,
       status = :status, shop_status = :shop_status, gone = :gone
 WHERE id = :id;

-- name: ORDER_STATUS scope=none kind=write
UPDATE orders SET status = :status, shop_status = :shop_status, gone = :gone
 WHERE id = :id;

-- name: ORDER_KEYS scope=none kind=write
UPDATE orders SET number = :number, created_ms = :created,
       contact_id = :contact
 WHERE id = :id;

-- name: ORDER_SEEN scope=none kind=write
UPDATE orders SET read_seq = :seq, raw_hash = :raw WHERE id = :id;

-- name: ORDER_READ scope=none kind=write
UPDATE orders SET read_seq = :seq WHERE id = :id;

-- name: ORDER_MARKS scope=none kind=write
UPDATE orders SET tags = :tags, holds = :holds WHERE id = :id;

-- name: ORDER_TAG_DATE scope=none kind=write
UPDATE order_tag SET created_ms = :created WHERE order_id = :id;

-- name: ORDER_HOLD_DATE scope=none kind=write
UPDATE order_hold SET created_ms = :created WHERE order_id = :id;

-- name: ORDER_TAGS_OF scope=none kind=read plan=order_tag_order
SELECT tag FROM order_tag WHERE order_id = :id ORDER BY tag;

-- name: ORDER_HOLDS_OF scope=none kind=read plan=order_hold_order
SELECT reason FROM order_hold WHERE order_id = :id ORDER BY reason;

-- name: ORDER_SLICE scope=all kind=read
SELECT id, status, shop_status, gone, store_id, remote_id FROM orders
 WHERE id > :after ORDER BY id LIMIT :n;

-- name: ORDER_COUNT_ADD scope=store kind=write
INSERT INTO order_count (store_id, status, n) VALUES (:store, :status, :n)
    ON CONFLICT (store_id, status) DO UPDATE SET n = n + excluded.n;

-- name: ORDER_COUNT_CLEAR scope=none kind=write
DELETE FROM order_count;

-- name: ORDER_COUNT_FILL scope=none kind=write plan=orders_store_status
INSERT INTO order_count
SELECT store_id, status, count(*) FROM orders GROUP BY store_id, status;

-- A hostile order may name a line twice: the last one stays.
-- name: LINE_INSERT scope=store kind=write
INSERT INTO line (order_id, line_id, store_id, product_id, variation_id, sku,
                  qty_e3, total_e4, reduced_e3)
    VALUES (:order, :line, :store, :product, :variation, :sku, :qty, :total,
            :reduced)
    ON CONFLICT (order_id, line_id) DO UPDATE
    SET product_id = excluded.product_id,
        variation_id = excluded.variation_id, sku = excluded.sku,
        qty_e3 = excluded.qty_e3, total_e4 = excluded.total_e4,
        reduced_e3 = excluded.reduced_e3;

-- name: LINE_OF scope=none kind=read
SELECT line_id, product_id, variation_id, sku, qty_e3, total_e4, reduced_e3
  FROM line WHERE order_id = :order ORDER BY line_id;

-- name: LINE_CLEAR scope=none kind=write
DELETE FROM line WHERE order_id = :order;

-- name: ORDER_OBJECT_NEW scope=none kind=write
INSERT INTO order_object (id, dict, z) VALUES (:id, :dict, :z);
-- name: ORDER_OBJECT_SET scope=none kind=write
UPDATE order_object SET dict = :dict, z = :z WHERE id = :id;
-- name: ORDER_OBJECT_PUT scope=none kind=write
INSERT INTO order_object (id, dict, z) VALUES (:id, :dict, :z)
    ON CONFLICT (id) DO UPDATE SET dict = excluded.dict, z = excluded.z;

-- name: ORDER_TEXT_PUT scope=none kind=write
INSERT INTO order_fts (rowid, text) VALUES (:id, :text);
-- name: ORDER_TEXT_DROP scope=none kind=write
DELETE FROM order_fts WHERE rowid = :id;

-- name: REFUND_FIND scope=store kind=read plan=refund_remote
SELECT id, read_seq, raw_hash, hash, gone FROM refund
 WHERE store_id = :store AND remote_id = :remote;

-- name: REFUND_INSERT scope=store kind=write
INSERT INTO refund (store_id, remote_id, order_remote_id, created_ms, total_e4,
                    reason, read_seq, raw_hash, hash)
    VALUES (:store, :remote, :order, :created, :total, :reason, :seq, :raw,
            :hash);

-- name: REFUND_UPDATE scope=none kind=write
UPDATE refund
   SET order_remote_id = :order, created_ms = :created, total_e4 = :total,
       reason = :reason, gone = 0, read_seq = :seq, raw_hash = :raw,
       hash = :hash
 WHERE id = :id;

-- name: REFUND_SEEN scope=none kind=write
UPDATE refund SET read_seq = :seq, raw_hash = :raw WHERE id = :id;

-- name: REFUND_GONE scope=none kind=write
UPDATE refund SET gone = :gone, read_seq = :seq WHERE id = :id;

-- name: REFUND_OBJECT_PUT scope=none kind=write
INSERT INTO refund_object (id, dict, z) VALUES (:id, :dict, :z)
    ON CONFLICT (id) DO UPDATE SET dict = excluded.dict, z = excluded.z;

-- name: NOTE_OF scope=store kind=read plan=note_order
SELECT id, remote_id, created_ms, author, to_customer, text FROM note
 WHERE store_id = :store AND order_remote_id = :order ORDER BY id;

-- name: NOTE_PUT scope=store kind=write
INSERT INTO note (store_id, remote_id, order_remote_id, created_ms, author,
                  to_customer, text)
    VALUES (:store, :remote, :order, :created, :author, :to_customer, :text)
    ON CONFLICT (store_id, remote_id) DO UPDATE
    SET order_remote_id = excluded.order_remote_id,
        created_ms = excluded.created_ms, author = excluded.author,
        to_customer = excluded.to_customer, text = excluded.text;

-- name: NOTE_DROP scope=none kind=write
DELETE FROM note WHERE id = :id;

-- name: PRODUCT_FIND scope=store kind=read plan=product_remote
SELECT id, read_seq, raw_hash, hash, gone, parent_id, sort_name, sku, low, gtin
  FROM product WHERE store_id = :store AND remote_id = :remote;

-- name: PRODUCT_INSERT scope=store kind=write
INSERT INTO product (store_id, remote_id, parent_id, type, status, gone, sku,
                     name, sort_name, price_e4, regular_e4, sale_e4, manage,
                     stock_e3, stock_status, low_e3, low, created_ms,
                     modified_ms, read_seq, raw_hash, hash, gtin)
    VALUES (:store, :remote, :parent, :type, :status, :gone, :sku, :name,
            :sort_name, nullif(:price, :none), nullif(:regular, :none),
            nullif(:sale, :none), :manage, nullif(:stock, :none),
            :stock_status, nullif(:low_at, :none), :low, :created, :modified,
            :seq, :raw, :hash, :gtin);

-- name: PRODUCT_UPDATE scope=none kind=write
UPDATE product
   SET type = :type, status = :status, gone = :gone, name = :name,
       price_e4 = nullif(:price, :none), regular_e4 = nullif(:regular, :none),
       sale_e4 = nullif(:sale, :none), manage = :manage,
       stock_e3 = nullif(:stock, :none), stock_status = :stock_status,
       low_e3 = nullif(:low_at, :none), created_ms = :created,
       modified_ms = :modified, read_seq = :seq, raw_hash = :raw, hash = :hash
 WHERE id = :id;

-- name: PRODUCT_KEYS scope=none kind=write
UPDATE product SET parent_id = :parent, sort_name = :sort_name, sku = :sku,
       low = :low, gtin = :gtin
 WHERE id = :id;

-- name: PRODUCT_SLICE scope=none kind=read
SELECT id, store_id, remote_id FROM product WHERE id > :after ORDER BY id
 LIMIT :n;
-- name: PRODUCT_GTIN scope=none kind=write
UPDATE product SET gtin = :gtin WHERE id = :id AND gtin <> :gtin;

-- name: PRODUCT_SEEN scope=none kind=write
UPDATE product SET read_seq = :seq, raw_hash = :raw WHERE id = :id;

-- name: PRODUCT_GONE scope=none kind=write
UPDATE product SET gone = :gone, read_seq = :seq WHERE id = :id;

-- name: PRODUCT_SORT_NAME scope=store kind=read plan=product_remote
SELECT sort_name FROM product
 WHERE store_id = :store AND remote_id = :remote;

-- Variations sort under their parent's name.
-- name: PRODUCT_CHILDREN_NAME scope=store kind=write plan=product_parent
UPDATE product SET sort_name = :sort_name
 WHERE store_id = :store AND parent_id = :parent AND sort_name <> :sort_name;

-- A variation whose stock is the parent's moves with it, without its own date.
-- name: PRODUCT_CHILDREN_STOCK scope=store kind=write plan=product_parent
UPDATE product SET stock_e3 = :stock, stock_status = :stock_status
 WHERE store_id = :store AND parent_id = :parent AND manage = 2;

-- name: PRODUCT_OBJECT_PUT scope=none kind=write
INSERT INTO product_object (id, dict, z) VALUES (:id, :dict, :z)
    ON CONFLICT (id) DO UPDATE SET dict = excluded.dict, z = excluded.z;

-- name: PRODUCT_TEXT_PUT scope=none kind=write
INSERT INTO product_fts (rowid, text) VALUES (:id, :text);
-- name: PRODUCT_TEXT_DROP scope=none kind=write
DELETE FROM product_fts WHERE rowid = :id;

-- name: PRODUCT_CATEGORY_OF scope=none kind=read plan=product_category_product temp_btree=yes
SELECT category_id FROM product_category WHERE product_id = :id
 ORDER BY category_id;
-- name: PRODUCT_CATEGORY_PUT scope=store kind=write
INSERT OR IGNORE INTO product_category (store_id, category_id, product_id)
    VALUES (:store, :category, :id);
-- name: PRODUCT_CATEGORY_CLEAR scope=none kind=write plan=product_category_product
DELETE FROM product_category WHERE product_id = :id;

-- name: CATEGORY_FIND scope=store kind=read plan=category_remote
SELECT id, read_seq, raw_hash, hash, gone FROM category
 WHERE store_id = :store AND remote_id = :remote;

-- name: CATEGORY_INSERT scope=store kind=write
INSERT INTO category (store_id, remote_id, parent_id, name, slug, count,
                      read_seq, raw_hash, hash)
    VALUES (:store, :remote, :parent, :name, :slug, :count, :seq, :raw, :hash);

-- name: CATEGORY_UPDATE scope=none kind=write
UPDATE category
   SET parent_id = :parent, name = :name, slug = :slug, count = :count,
       gone = 0, read_seq = :seq, raw_hash = :raw, hash = :hash
 WHERE id = :id;

-- The count of products moves by itself: kept, not hashed.
-- name: CATEGORY_SEEN scope=none kind=write
UPDATE category SET count = :count, read_seq = :seq, raw_hash = :raw
 WHERE id = :id;

-- name: CATEGORY_GONE scope=none kind=write
UPDATE category SET gone = :gone, read_seq = :seq WHERE id = :id;

-- name: CONTACT_FIND scope=store kind=read plan=contact_remote
SELECT id, read_seq, raw_hash, hash, gone, mirrored, created_ms, email_key,
       email, name, phone, city, country FROM contact
 WHERE store_id = :store AND remote_id = :remote AND remote_id > 0;

-- An account known by its e-mail before the guest of that e-mail.
-- name: CONTACT_BY_EMAIL scope=store kind=read plan=contact_email
SELECT id, mirrored, created_ms, email, name, phone, city, country
  FROM contact
 WHERE email_key = :email AND store_id = :store
   AND (remote_id = 0 OR mirrored = 1)
 ORDER BY remote_id DESC LIMIT 1;

-- As CONTACT_BY_EMAIL, of the one the order was of.
-- name: CONTACT_AT scope=none kind=read
SELECT id, mirrored, created_ms, email, name, phone, city, country, email_key,
       remote_id
  FROM contact WHERE id = :id;

-- name: CONTACT_GUEST scope=store kind=read plan=contact_email
SELECT id FROM contact
 WHERE email_key = :email AND store_id = :store AND remote_id = 0;

-- name: CONTACT_INSERT scope=store kind=write
INSERT INTO contact (store_id, remote_id, mirrored, email, email_key, name,
                     sort_name, phone, city, country, created_ms, read_seq,
                     raw_hash, hash)
    VALUES (:store, :remote, :mirrored, :email, :email_key, :name, :sort_name,
            :phone, :city, :country, :created, :seq, :raw, :hash);

-- What a newer order says of somebody only known from orders.
-- name: CONTACT_NEWER scope=none kind=write
UPDATE contact
   SET email = :email, email_key = :email_key, name = :name,
       sort_name = :sort_name, phone = :phone, city = :city,
       country = :country
 WHERE id = :id AND mirrored = 0
   AND (email, name, phone, city, country)
       <> (:email, :name, :phone, :city, :country);

-- name: CONTACT_DATE scope=none kind=write
UPDATE contact SET created_ms = :created WHERE id = :id;

-- name: CONTACT_UPDATE scope=none kind=write
UPDATE contact
   SET mirrored = 1, gone = 0, email = :email, email_key = :email_key,
       name = :name, sort_name = :sort_name, phone = :phone, city = :city,
       country = :country, created_ms = :created, read_seq = :seq,
       raw_hash = :raw, hash = :hash
 WHERE id = :id;

-- name: CONTACT_SEEN scope=none kind=write
UPDATE contact SET read_seq = :seq, raw_hash = :raw WHERE id = :id;

-- name: CONTACT_GONE scope=none kind=write
UPDATE contact SET gone = :gone, read_seq = :seq WHERE id = :id;

-- name: CONTACT_ORDERS_MOVE scope=none kind=write plan=orders_contact
UPDATE orders SET contact_id = :to_id WHERE contact_id = :id;

-- name: CONTACT_DROP scope=none kind=write
DELETE FROM contact WHERE id = :id;

-- name: CONTACT_DROP_UNUSED scope=none kind=write plan=orders_contact
DELETE FROM contact WHERE id = :id AND mirrored = 0
   AND NOT EXISTS (SELECT 1 FROM orders WHERE contact_id = :id);

-- name: CONTACT_OBJECT_PUT scope=none kind=write
INSERT INTO contact_object (id, dict, z) VALUES (:id, :dict, :z)
    ON CONFLICT (id) DO UPDATE SET dict = excluded.dict, z = excluded.z;

-- name: CONTACT_TEXT_PUT scope=none kind=write
INSERT INTO contact_fts (rowid, text) VALUES (:id, :text);
-- name: CONTACT_TEXT_DROP scope=none kind=write
DELETE FROM contact_fts WHERE rowid = :id;
