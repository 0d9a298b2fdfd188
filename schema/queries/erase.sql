-- Forgetting a person: model/erase.c, and what keeps it so (model/erased.c).

-- name: ERASED_ANY scope=store kind=read
SELECT 1 FROM erased WHERE store_id = :store LIMIT 1;

-- name: ERASED_HAS scope=store kind=read
SELECT 1 FROM erased
 WHERE store_id = :store AND kind = :kind AND remote_id = :remote;

-- name: ERASURE_ADD scope=store kind=write
INSERT INTO erasure (uuid, store_id, actor, at_ms)
    VALUES (:uuid, :store, :actor, :now);
-- name: ERASURE_KNOWN scope=none kind=read
SELECT 1 FROM erasure WHERE uuid = :uuid;
-- name: ERASURE_BEGUN scope=none kind=write
UPDATE erasure SET rest = 1, customer = :customer WHERE id = :id;
-- name: ERASURE_PLACE scope=none kind=write
UPDATE erasure SET place = :place, rest = :rest WHERE id = :id;
-- name: ERASURE_REST scope=none kind=read plan=erasure_rest
SELECT e.id, e.store_id, e.place, s.name, e.customer
  FROM erasure e JOIN store s ON s.id = e.store_id
 WHERE e.rest = 1 ORDER BY e.id LIMIT 1;
-- name: ERASURE_ORDERS scope=store kind=read
SELECT d.remote_id, coalesce(o.id, 0), coalesce(o.number, '')
  FROM erased d LEFT JOIN orders o ON o.store_id = d.store_id
       AND o.remote_id = d.remote_id
 WHERE d.store_id = :store AND d.kind = 'order' AND d.remote_id > :place
   AND d.erasure_id = :erasure
 ORDER BY d.remote_id LIMIT :n;
-- name: ERASED_ADD scope=store kind=write
INSERT INTO erased (store_id, kind, remote_id, erasure_id)
    VALUES (:store, :kind, :remote, :erasure)
    ON CONFLICT DO NOTHING;

-- All orders of a contact.
-- name: ERASED_ADD_ORDERS scope=none kind=write
INSERT INTO erased (store_id, kind, remote_id, erasure_id)
    SELECT store_id, 'order', remote_id, :erasure FROM orders
     WHERE contact_id = :contact
    ON CONFLICT DO NOTHING;

-- name: ERASE_ORDERS scope=none kind=read plan=orders_contact
-- Orders of a contact, and whether each is finished, here too.
SELECT o.id, o.remote_id, o.number,
       (o.gone > 0 OR coalesce(s.phase IN ('done', 'dead'), 0))
       AND NOT EXISTS (SELECT 1 FROM work w
                        WHERE w.store_id = o.store_id
                          AND w.remote_id = o.remote_id
                          AND w.state NOT IN ('done', 'dropped'))
  FROM orders o
  LEFT JOIN store_status s ON s.store_id = o.store_id AND s.slug = o.status
 WHERE o.contact_id = :contact ORDER BY o.created_ms, o.id;

-- name: ERASE_CHANGES scope=store kind=read plan=change_object
SELECT id, uuid, state IN ('confirmed', 'discarded') FROM change
 WHERE store_id = :store AND kind = :kind AND remote_id = :remote;
-- name: ERASE_CHANGES_MADE scope=store kind=read plan=change_made
SELECT id, uuid, state IN ('confirmed', 'discarded') FROM change
 WHERE store_id = :store AND result_id = :remote AND result_id > 0
   AND act = 'create' AND kind = :kind;
-- The same of all orders of a contact: one look, however many they are.
-- name: ERASE_ORDER_CHANGES scope=none kind=read plan=change_object
SELECT c.id, c.uuid, c.state IN ('confirmed', 'discarded')
  FROM orders o CROSS JOIN change c
    ON c.store_id = o.store_id AND c.kind = 'order'
   AND c.remote_id = o.remote_id
 WHERE o.contact_id = :contact;
-- name: ERASE_ORDER_CHANGES_MADE scope=none kind=read plan=change_made
SELECT c.id, c.uuid, c.state IN ('confirmed', 'discarded')
  FROM orders o CROSS JOIN change c
    ON c.store_id = o.store_id AND c.result_id = o.remote_id
   AND c.result_id > 0 AND c.act = 'create' AND c.kind = 'order'
 WHERE o.contact_id = :contact;
-- name: ERASE_CREATES scope=store kind=read plan=change_object
-- What people made by hand: the customer stands in the payload.
SELECT id, uuid, state IN ('confirmed', 'discarded'), payload FROM change
 WHERE store_id = :store AND kind = :kind AND remote_id = 0
   AND payload IS NOT NULL;
-- name: ERASE_PROPOSALS scope=store kind=read plan=proposal_store
-- Orders that were proposed: the customer stands in what is wanted.
SELECT p.id, i.wanted, i.change_id, p.state = 'pending'
  FROM proposal p
  JOIN proposal_item i
    ON i.proposal_id = p.id AND i.remote_id = 0 AND i.path = ''
 WHERE p.store_id = :store AND p.kind = 'new_order';
-- name: ERASE_PROPOSAL scope=none kind=write
UPDATE proposal SET title = '', reason = '', note = '' WHERE id = :id;
-- name: ERASE_PROPOSAL_ITEMS scope=none kind=write
UPDATE proposal_item SET wanted = '{}', fault = '' WHERE proposal_id = :id;
-- name: ERASE_CHANGE_ID scope=store kind=read
SELECT id FROM change WHERE uuid = :uuid AND store_id = :store;

-- name: ERASE_CHANGE scope=none kind=write
UPDATE change SET payload = iif(payload IS NULL, NULL, '{}'), reason = '',
       text = '', cause = '', answer = NULL
 WHERE id = :id;
-- name: ERASE_CHANGE_PATHS scope=none kind=write
UPDATE change_path SET base = NULL, wanted = 'null', theirs = NULL,
       accept = NULL
 WHERE change_id = :id;

-- name: ERASE_ORDER scope=none kind=write
UPDATE orders SET name = '', email = '', flags = flags & ~1,
       contact_id = iif(:guest, 0, contact_id)
 WHERE id = :id;
-- name: ERASE_ORDER_ID scope=store kind=read plan=orders_remote
SELECT id, number FROM orders WHERE store_id = :store AND remote_id = :remote;
-- name: ERASE_NOTES scope=store kind=write plan=note_order
UPDATE note SET author = '', text = ''
 WHERE store_id = :store AND order_remote_id = :order;
-- name: ERASE_REFUNDS scope=store kind=read plan=refund_order
SELECT id, remote_id FROM refund
 WHERE store_id = :store AND order_remote_id = :order;
-- name: ERASE_REFUND scope=none kind=write
UPDATE refund SET reason = '' WHERE id = :id;
-- name: ERASE_HOLDS scope=none kind=write plan=order_hold_order
UPDATE order_hold SET note = '' WHERE order_id = :id;
-- name: ERASE_HOLD_LOG scope=store kind=write plan=hold_log_order
UPDATE hold_log SET note = '', release_note = ''
 WHERE store_id = :store AND remote_id = :order;
-- name: ERASE_PARCELS scope=store kind=write plan=parcel_n
UPDATE parcel SET tracking = '', url = ''
 WHERE store_id = :store AND remote_id = :order;
-- name: ERASE_MAILS scope=store kind=write
-- Letters about what came back; none is sent to nobody.
UPDATE mail SET recipient = '', params = '{}', subject = '', body = '',
       text = '', next_ms = 0,
       state = iif(state IN ('sending', 'sent'), state, 'discarded')
 WHERE store_id = :store
   AND cause IN (SELECT 'R-' || id FROM return_
                  WHERE store_id = :store AND remote_id = :order);
-- name: ERASE_RETURNS scope=store kind=write plan=return_order
UPDATE return_ SET note = '', decision = ''
 WHERE store_id = :store AND remote_id = :order;
-- name: ERASE_CHARGES scope=store kind=write plan=charge_order
-- The amount stays.
UPDATE charge SET note = '' WHERE store_id = :store AND remote_id = :order;
-- name: ERASE_EVENTS scope=store kind=write plan=order_event_order
UPDATE order_event SET detail = ''
 WHERE store_id = :store AND remote_id = :order;

-- name: ERASE_MOVEMENTS scope=store kind=write plan=movement_order
-- The pieces stay; what somebody wrote beside them goes.
UPDATE movement SET note = ''
 WHERE store_id = :store AND order_id = :order AND order_id > 0;

-- name: ERASE_CONTACT scope=none kind=write
UPDATE contact SET email = '', email_key = '', name = '', sort_name = '',
       phone = '', city = '', country = ''
 WHERE id = :id;
-- name: ERASE_CONTACT_OBJECT scope=none kind=write
DELETE FROM contact_object WHERE id = :id;

-- name: ERASE_ASIDE scope=store kind=write plan=aside_object
DELETE FROM aside
 WHERE store_id = :store AND kind = :kind AND remote_id = :remote;
-- name: ERASE_ASIDE_NAMELESS scope=store kind=write plan=aside_object
-- Rows nobody could tell the id of, by the e-mail they hold.
DELETE FROM aside
 WHERE store_id = :store AND instr(lower(CAST(raw AS TEXT)), :email) > 0;
-- name: ERASE_DELIVERY scope=store kind=write
DELETE FROM delivery
 WHERE store_id = :store AND kind = :kind AND remote_id = :remote;
-- name: ERASE_VIEWS scope=none kind=write
-- A list somebody kept of this one person.
DELETE FROM saved_view WHERE instr(lower(filter), :email) > 0;
-- name: ERASE_AUDIT scope=none kind=write plan=audit_object
-- The row and its digest stay: the chain is whole without the payload.
DELETE FROM audit_payload
 WHERE id IN (SELECT id FROM audit WHERE object = :object);
-- name: ERASE_REQUESTS scope=none kind=read
SELECT actor, request_id, result FROM request WHERE result <> '';
-- name: ERASE_REQUEST scope=none kind=write
UPDATE request SET result = '' WHERE actor = :actor AND request_id = :request;
-- name: ERASE_OTHER_STORES scope=none kind=read plan=contact_email
SELECT s.name FROM contact c JOIN store s ON s.id = c.store_id
 WHERE c.email_key = :email AND c.store_id <> :not AND s.removed_ms IS NULL
 ORDER BY c.store_id;
-- name: ERASE_STORE scope=none kind=read
SELECT id, name FROM store WHERE uuid = :uuid;
-- name: ERASE_STORE_UUID scope=store kind=read
SELECT uuid FROM store WHERE id = :store;

-- What is said about an order or a customer, and what was handed over with it;
-- the bytes go with the next sweep of their folder.
-- name: ERASE_TICKETS scope=store kind=write plan=ticket_about
UPDATE ticket SET subject = '' WHERE store_id = :store AND about_kind = :kind
   AND about_id = :about AND about_id > 0;
-- name: ERASE_TICKET_FILES scope=store kind=write plan=ticket_about
DELETE FROM file WHERE id IN
  (SELECT l.file_id FROM ticket t INDEXED BY ticket_about
     JOIN ticket_message m ON m.ticket_id = t.id
     JOIN file_link l ON l.kind = 'message' AND l.of_id = m.id
    WHERE t.store_id = :store AND t.about_kind = :kind AND t.about_id = :about
      AND t.about_id > 0);
-- name: ERASE_TICKET_TEXTS scope=store kind=write plan=ticket_about
UPDATE ticket_message SET text = '' WHERE kind IN ('reply', 'note')
   AND ticket_id IN
  (SELECT t.id FROM ticket t INDEXED BY ticket_about
    WHERE t.store_id = :store AND t.about_kind = :kind AND t.about_id = :about
      AND t.about_id > 0);
