-- Questions every kind of mirrored object answers (daemon/model/mirror.c).
-- *_SAME: byte-equal and in the state these bytes say. *_IDS: live ones.

-- name: ORDER_SAME scope=store kind=read plan=orders_remote
SELECT 1 FROM orders
 WHERE store_id = :store AND remote_id = :remote AND raw_hash = :raw
   AND (gone = 0 OR (gone = 1 AND shop_status IS NULL));
-- name: REFUND_SAME scope=store kind=read plan=refund_remote
SELECT 1 FROM refund
 WHERE store_id = :store AND remote_id = :remote AND raw_hash = :raw
   AND gone = 0;
-- name: PRODUCT_SAME scope=store kind=read plan=product_remote
SELECT 1 FROM product
 WHERE store_id = :store AND remote_id = :remote AND raw_hash = :raw
   AND (gone = 0 OR (gone = 1 AND status = 'trash'));
-- name: CONTACT_SAME scope=store kind=read plan=contact_remote
SELECT 1 FROM contact
 WHERE store_id = :store AND remote_id = :remote AND remote_id > 0
   AND raw_hash = :raw AND gone = 0;
-- name: CATEGORY_SAME scope=store kind=read plan=category_remote
SELECT 1 FROM category
 WHERE store_id = :store AND remote_id = :remote AND raw_hash = :raw
   AND gone = 0;

-- name: ORDER_HASH scope=store kind=read plan=orders_remote
SELECT hash, gone FROM orders
 WHERE store_id = :store AND remote_id = :remote;
-- name: REFUND_HASH scope=store kind=read plan=refund_remote
SELECT hash, gone FROM refund
 WHERE store_id = :store AND remote_id = :remote;
-- name: PRODUCT_HASH scope=store kind=read plan=product_remote
SELECT hash, gone FROM product
 WHERE store_id = :store AND remote_id = :remote;
-- name: CONTACT_HASH scope=store kind=read plan=contact_remote
SELECT hash, gone FROM contact
 WHERE store_id = :store AND remote_id = :remote AND remote_id > 0
   AND mirrored = 1;
-- name: CATEGORY_HASH scope=store kind=read plan=category_remote
SELECT hash, gone FROM category
 WHERE store_id = :store AND remote_id = :remote;

-- name: ORDER_IDS scope=store kind=read plan=orders_remote
SELECT remote_id FROM orders
 WHERE store_id = :store AND remote_id > :after AND gone = 0
 ORDER BY remote_id LIMIT :n;
-- name: REFUND_IDS scope=store kind=read plan=refund_remote
SELECT remote_id FROM refund
 WHERE store_id = :store AND remote_id > :after AND gone = 0
 ORDER BY remote_id LIMIT :n;
-- name: NOTE_IDS scope=store kind=read plan=note_remote
SELECT remote_id FROM note
 WHERE store_id = :store AND remote_id > :after
 ORDER BY remote_id LIMIT :n;
-- name: PRODUCT_IDS scope=store kind=read plan=product_remote
SELECT remote_id FROM product
 WHERE store_id = :store AND remote_id > :after AND gone = 0
 ORDER BY remote_id LIMIT :n;
-- name: CONTACT_IDS scope=store kind=read plan=contact_remote
SELECT remote_id FROM contact
 WHERE store_id = :store AND remote_id > :after AND remote_id > 0
   AND mirrored = 1 AND gone = 0
 ORDER BY remote_id LIMIT :n;
-- name: CATEGORY_IDS scope=store kind=read plan=category_remote
SELECT remote_id FROM category
 WHERE store_id = :store AND remote_id > :after AND gone = 0
 ORDER BY remote_id LIMIT :n;

-- From the counters: a shop with 100,000 orders is not counted row by row.
-- name: ORDER_LIVE scope=store kind=read
SELECT coalesce(sum(n), 0) FROM order_count
 WHERE store_id = :store AND status NOT IN ('trash', 'gone');
-- name: REFUND_LIVE scope=store kind=read
SELECT count(*) FROM refund WHERE store_id = :store AND gone = 0;
-- name: NOTE_LIVE scope=store kind=read
SELECT count(*) FROM note WHERE store_id = :store;
-- name: PRODUCT_LIVE scope=store kind=read
SELECT count(*) FROM product WHERE store_id = :store AND gone = 0;
-- name: CONTACT_LIVE scope=store kind=read plan=contact_remote
SELECT count(*) FROM contact
 WHERE store_id = :store AND remote_id > 0 AND mirrored = 1 AND gone = 0;
-- name: CATEGORY_LIVE scope=store kind=read plan=category_remote
SELECT count(*) FROM category WHERE store_id = :store AND gone = 0;

-- name: ORDER_RAW scope=store kind=read plan=orders_remote
SELECT b.dict, b.z FROM orders o JOIN order_object b ON b.id = o.id
 WHERE o.store_id = :store AND o.remote_id = :remote;
-- name: REFUND_RAW scope=store kind=read plan=refund_remote
SELECT b.dict, b.z FROM refund o JOIN refund_object b ON b.id = o.id
 WHERE o.store_id = :store AND o.remote_id = :remote;
-- name: PRODUCT_RAW scope=store kind=read plan=product_remote
SELECT b.dict, b.z FROM product o JOIN product_object b ON b.id = o.id
 WHERE o.store_id = :store AND o.remote_id = :remote;
-- name: CONTACT_RAW scope=store kind=read plan=contact_remote
SELECT b.dict, b.z FROM contact o JOIN contact_object b ON b.id = o.id
 WHERE o.store_id = :store AND o.remote_id = :remote AND o.remote_id > 0;

-- name: DICT_ALL scope=none kind=read
SELECT id, kind, data FROM dict ORDER BY id;
-- name: DICT_INSERT scope=none kind=write
INSERT INTO dict (kind, data) VALUES (:kind, :data);

-- One row an object; those without a readable id one a content.
-- name: ASIDE_FIND scope=store kind=read plan=aside_object
SELECT id FROM aside
 WHERE store_id = :store AND kind = :kind AND remote_id = :remote
   AND (:remote > 0 OR raw_hash = :raw) LIMIT 1;
-- name: ASIDE_INSERT scope=store kind=write
INSERT INTO aside (store_id, kind, remote_id, raw_hash, path, reason, raw,
                   first_ms, last_ms, times)
    VALUES (:store, :kind, :remote, :raw_hash, :path, :reason, :raw, :now,
            :now, 1);
-- name: ASIDE_UPDATE scope=none kind=write
UPDATE aside SET raw_hash = :raw_hash, path = :path, reason = :reason,
       raw = :raw, last_ms = :now, times = times + 1
 WHERE id = :id;
-- name: ASIDE_CROWD scope=store kind=read plan=aside_object
SELECT count(*) FROM (SELECT 1 FROM aside WHERE store_id = :store LIMIT :n);
-- name: ASIDE_CROWD_NAMELESS scope=store kind=read plan=aside_object
SELECT count(*) FROM (SELECT 1 FROM aside
 WHERE store_id = :store AND kind = :kind AND remote_id = 0 LIMIT :n);
-- name: ASIDE_DROP_OLDEST scope=store kind=write temp_btree=yes
DELETE FROM aside WHERE id = (SELECT id FROM aside
 WHERE store_id = :store AND kind = :kind AND remote_id = 0
 ORDER BY last_ms, id LIMIT 1);
-- name: ASIDE_ANY scope=store kind=read plan=aside_object
SELECT 1 FROM aside
 WHERE store_id = :store AND kind = :kind AND what = 'decode' LIMIT 1;
-- name: ASIDE_CLEAR scope=store kind=write plan=aside_object
DELETE FROM aside
 WHERE store_id = :store AND kind = :kind AND remote_id = :remote;

-- name: FEED_ADD scope=none kind=write
INSERT INTO feed (at_ms, topic, store_id, remote_id, data)
    VALUES (:now, :topic, :of_store, :remote, :data);
-- name: FEED_SINCE scope=none kind=read
SELECT seq, at_ms, topic, store_id, remote_id, data FROM feed
 WHERE seq > :since ORDER BY seq LIMIT :n;
-- name: FEED_FIRST scope=none kind=read
SELECT coalesce(min(seq), 0) FROM feed;
-- name: FEED_LAST scope=none kind=read
SELECT seq FROM sqlite_sequence WHERE name = 'feed';
-- name: FEED_TRIM scope=none kind=write
DELETE FROM feed WHERE seq <= :until;

-- name: AUDIT_HEAD scope=none kind=read
SELECT id, mac FROM audit ORDER BY id DESC LIMIT 1;
-- name: AUDIT_ADD scope=none kind=write
INSERT INTO audit (id, at_ms, actor, action, object, digest, mac)
    VALUES (:id, :now, :actor, :action, :object, :digest, :mac);
-- name: AUDIT_PAYLOAD_ADD scope=none kind=write
INSERT INTO audit_payload (id, salt, payload) VALUES (:id, :salt, :payload);
-- name: AUDIT_FROM scope=none kind=read
SELECT a.id, a.at_ms, a.actor, a.action, a.object, a.digest, a.mac, p.salt,
       p.payload
  FROM audit a LEFT JOIN audit_payload p ON p.id = a.id
 WHERE a.id > :after ORDER BY a.id;
-- name: AUDIT_LIST scope=none kind=read
SELECT a.id, a.at_ms, a.actor, a.action, a.object, p.payload
  FROM audit a LEFT JOIN audit_payload p ON p.id = a.id
 WHERE a.id < :before ORDER BY a.id DESC;

-- name: REQUEST_FIND scope=none kind=read
SELECT method, params, result FROM request
 WHERE actor = :actor AND request_id = :request;
-- name: REQUEST_ADD scope=none kind=write
INSERT INTO request (actor, request_id, method, params, result, at_ms)
    VALUES (:actor, :request, :method, :params, :result, :now);
