-- What has been kept long enough (daemon/model/retain.c, drop.c).

-- name: RETAIN_COMMANDS scope=none kind=write plan=request_at
DELETE FROM request WHERE (actor, request_id) IN
    (SELECT actor, request_id FROM request WHERE at_ms <= :before LIMIT :n);

-- name: RETAIN_CHANGES scope=all kind=read plan=change_kept
SELECT id, kind IN ('order', 'customer') FROM change
 WHERE trimmed = 0 AND state IN ('confirmed', 'discarded')
   AND changed_ms <= :before
 ORDER BY changed_ms LIMIT :n;
-- name: RETAIN_CHANGE scope=none kind=write
UPDATE change SET payload = iif(payload IS NULL, NULL, '{}'), answer = NULL,
       trimmed = 1
 WHERE id = :id;
-- name: RETAIN_PROPOSALS scope=all kind=read plan=proposal_kept
-- Orders that were proposed and decided, and went out or never will.
SELECT id FROM proposal
 WHERE trimmed = 0 AND kind = 'new_order' AND state <> 'pending'
   AND decided_ms <= :before
   AND (state <> 'approved' OR done >= items OR stopped = 1)
 ORDER BY decided_ms LIMIT :n;
-- name: RETAIN_PROPOSAL scope=none kind=write
UPDATE proposal SET title = '', trimmed = 1 WHERE id = :id;

-- name: RETAIN_MAILS scope=all kind=write plan=mail_kept
-- That it was written stays, so that it is not written again.
UPDATE mail SET recipient = '', params = '{}', subject = '', body = '',
       text = ''
 WHERE id IN (SELECT id FROM mail INDEXED BY mail_kept
               WHERE body <> '' AND state IN ('sent', 'discarded')
                 AND changed_ms <= :before
               ORDER BY changed_ms LIMIT :n);

-- name: RETAIN_AUDIT scope=none kind=write
-- The oldest payloads; rows and digests stay, so the chain is whole.
DELETE FROM audit_payload WHERE id IN
    (SELECT id FROM (SELECT p.id AS id, a.at_ms AS at_ms
                       FROM audit_payload p JOIN audit a ON a.id = p.id
                      ORDER BY p.id LIMIT :n)
      WHERE at_ms <= :before);

-- name: RETAIN_ASIDE scope=all kind=write plan=aside_last
-- A shop that still sends it says so with every full read.
DELETE FROM aside WHERE id IN
    (SELECT id FROM aside WHERE last_ms <= :before AND what = 'decode'
      ORDER BY last_ms LIMIT :n);

-- name: RETAIN_OLDEST scope=none kind=read
-- Instants of the oldest of each class; NULL: there is none.
SELECT (SELECT min(at_ms) FROM request),
       (SELECT min(changed_ms) FROM change
         WHERE trimmed = 0 AND state IN ('confirmed', 'discarded')),
       (SELECT a.at_ms FROM audit_payload p JOIN audit a ON a.id = p.id
         ORDER BY p.id LIMIT 1),
       (SELECT min(since_ms) FROM tombstone),
       (SELECT min(last_ms) FROM aside);

-- name: GONE_PUT scope=store kind=write
INSERT INTO tombstone (store_id, kind, remote_id, since_ms)
    VALUES (:store, :kind, :remote, :now)
    ON CONFLICT (store_id, kind, remote_id) DO UPDATE
    SET since_ms = excluded.since_ms;
-- name: GONE_NEXT scope=all kind=read plan=tombstone_since
SELECT id, store_id, kind, remote_id, since_ms FROM tombstone
 WHERE (since_ms, id) > (:since, :id) AND since_ms <= :before
 ORDER BY since_ms, id LIMIT 1;
-- name: GONE_FORGET scope=none kind=write
DELETE FROM tombstone WHERE id = :id;

-- Is it still gone, and may its row go? Never while something of ours hangs on
-- it: a change on its way, work that moved pieces, a charge, a pile on a shelf.
-- name: GONE_ORDER scope=store kind=read plan=orders_remote
SELECT o.id, o.pending = 0
       AND NOT EXISTS (SELECT 1 FROM work w WHERE w.store_id = o.store_id
                          AND w.remote_id = o.remote_id)
       AND NOT EXISTS (SELECT 1 FROM charge c WHERE c.store_id = o.store_id
                          AND c.remote_id = o.remote_id)
       AND NOT EXISTS (SELECT 1 FROM return_ r WHERE r.store_id = o.store_id
                          AND r.remote_id = o.remote_id),
       o.contact_id
  FROM orders o
 WHERE o.store_id = :store AND o.remote_id = :remote AND o.gone = 2;
-- name: GONE_REFUND scope=store kind=read plan=refund_remote
SELECT id, 1 FROM refund
 WHERE store_id = :store AND remote_id = :remote AND gone = 2;
-- name: GONE_PRODUCT scope=store kind=read plan=product_remote
SELECT p.id, p.pending = 0
       AND NOT EXISTS (SELECT 1 FROM listing l WHERE l.store_id = p.store_id
                          AND l.remote_id = p.remote_id)
       AND NOT EXISTS (SELECT 1 FROM product v WHERE v.store_id = p.store_id
                          AND v.parent_id = p.remote_id AND p.parent_id = 0)
  FROM product p
 WHERE p.store_id = :store AND p.remote_id = :remote AND p.gone = 2;
-- name: GONE_CONTACT scope=store kind=read plan=contact_remote
SELECT c.id, NOT EXISTS (SELECT 1 FROM orders o WHERE o.contact_id = c.id)
  FROM contact c
 WHERE c.store_id = :store AND c.remote_id = :remote AND c.remote_id > 0
   AND c.gone = 2;
-- name: GONE_CATEGORY scope=store kind=read plan=category_remote
SELECT id, 1 FROM category
 WHERE store_id = :store AND remote_id = :remote AND gone = 2;

-- name: DROP_ORDER scope=none kind=write
DELETE FROM orders WHERE id = :id;
-- name: DROP_ORDER_OBJECT scope=none kind=write
DELETE FROM order_object WHERE id = :id;
-- name: DROP_ORDER_TAGS scope=none kind=write plan=order_tag_order
DELETE FROM order_tag WHERE order_id = :id;
-- name: DROP_ORDER_HOLDS scope=none kind=write plan=order_hold_order
DELETE FROM order_hold WHERE order_id = :id;
-- name: DROP_REFUND_OBJECTS scope=store kind=write plan=refund_order
DELETE FROM refund_object WHERE id IN
    (SELECT id FROM refund WHERE store_id = :store AND order_remote_id = :order);
-- name: DROP_REFUNDS scope=store kind=write plan=refund_order
DELETE FROM refund WHERE store_id = :store AND order_remote_id = :order;
-- name: DROP_NOTES scope=store kind=write plan=note_order
DELETE FROM note WHERE store_id = :store AND order_remote_id = :order;
-- name: DROP_HOLD_LOG scope=store kind=write plan=hold_log_order
DELETE FROM hold_log WHERE store_id = :store AND remote_id = :order;
-- name: DROP_EVENTS scope=store kind=write plan=order_event_order
DELETE FROM order_event WHERE store_id = :store AND remote_id = :order;
-- name: DROP_SHARES scope=store kind=write plan=share_order
DELETE FROM share WHERE store_id = :store AND remote_id = :order;
-- name: DROP_REFUND scope=none kind=write
DELETE FROM refund WHERE id = :id;
-- name: DROP_REFUND_OBJECT scope=none kind=write
DELETE FROM refund_object WHERE id = :id;
-- name: DROP_PRODUCT scope=none kind=write
DELETE FROM product WHERE id = :id;
-- name: DROP_PRODUCT_OBJECT scope=none kind=write
DELETE FROM product_object WHERE id = :id;
-- name: DROP_PRODUCT_UNDER scope=none kind=write
DELETE FROM product_under WHERE id = :id;
-- name: DROP_LEDGER scope=store kind=write
DELETE FROM ledger WHERE store_id = :store AND remote_id = :remote;
-- name: DROP_CATEGORY scope=none kind=write
DELETE FROM category WHERE id = :id;
-- name: DROP_CATEGORY_PRODUCTS scope=store kind=write
DELETE FROM product_category
 WHERE store_id = :store AND category_id = :category;
