-- What is left of a store that was removed (daemon/model/purge.c). Each is run
-- until it changes nothing.

-- name: PURGE_STORE scope=none kind=read
-- A purged one has given its name back.
SELECT id, removed_ms IS NOT NULL FROM store WHERE name = :name;
-- name: PURGE_TOTAL scope=store kind=read
SELECT (SELECT count(*) FROM orders WHERE store_id = :store)
     + (SELECT count(*) FROM product WHERE store_id = :store)
     + (SELECT count(*) FROM contact WHERE store_id = :store)
     + (SELECT count(*) FROM change WHERE store_id = :store);
-- name: PURGE_STUB scope=store kind=write
-- Its number is never given again: rows that stay mean this store.
UPDATE store SET name = lower(uuid), title = '', url = '', key_sealed = NULL,
       secret_sealed = NULL, ca = NULL, caps = '{}', reason_text = '',
       verify_report = NULL
 WHERE id = :store AND removed_ms IS NOT NULL;

-- name: PURGE_ORDERS scope=store kind=read plan=orders_store
SELECT id, remote_id, status FROM orders WHERE store_id = :store LIMIT :n;
-- name: PURGE_PRODUCTS scope=store kind=read plan=product_remote
SELECT id, remote_id FROM product WHERE store_id = :store LIMIT :n;
-- name: PURGE_CONTACTS scope=store kind=read plan=contact_store_name
SELECT id FROM contact WHERE store_id = :store LIMIT :n;
-- name: PURGE_REFUNDS scope=store kind=read plan=refund_order
SELECT id FROM refund WHERE store_id = :store LIMIT :n;
-- name: PURGE_CHANGES scope=store kind=read plan=change_store
SELECT id FROM change WHERE store_id = :store LIMIT :n;
-- name: PURGE_PROPOSALS scope=store kind=read plan=proposal_store
SELECT id FROM proposal WHERE store_id = :store LIMIT :n;
-- name: PURGE_PARCELS scope=store kind=read plan=parcel_store
SELECT id FROM parcel WHERE store_id = :store LIMIT :n;
-- name: PURGE_WORK scope=store kind=read plan=work_order
SELECT id FROM work WHERE store_id = :store LIMIT :n;

-- name: PURGE_CHANGE scope=none kind=write
DELETE FROM change WHERE id = :id;
-- name: PURGE_CHANGE_PATHS scope=none kind=write
DELETE FROM change_path WHERE change_id = :id;
-- name: PURGE_PROPOSAL scope=none kind=write
DELETE FROM proposal WHERE id = :id;
-- name: PURGE_PROPOSAL_ITEMS scope=none kind=write
DELETE FROM proposal_item WHERE proposal_id = :id;
-- name: PURGE_PARCEL scope=none kind=write
DELETE FROM parcel WHERE id = :id;
-- name: PURGE_PARCEL_LINES scope=none kind=write
DELETE FROM parcel_line WHERE parcel_id = :id;
-- name: PURGE_WORK_ROW scope=none kind=write
DELETE FROM work WHERE id = :id;
-- name: PURGE_WORK_LINES scope=none kind=write
DELETE FROM work_line WHERE work_id = :id;
-- name: PURGE_SCANS scope=none kind=write plan=scan_work
DELETE FROM scan WHERE work_id = :id;

-- name: PURGE_RETURNS scope=store kind=read plan=return_store
SELECT id FROM return_ WHERE store_id = :store LIMIT :n;
-- name: PURGE_RETURN scope=none kind=write
DELETE FROM return_ WHERE id = :id;
-- name: PURGE_RETURN_LINES scope=none kind=write
DELETE FROM return_line WHERE return_id = :id;

-- name: PURGE_TICKETS scope=store kind=read plan=ticket_store
SELECT id FROM ticket WHERE store_id = :store LIMIT :n;
-- name: PURGE_TICKET scope=none kind=write
DELETE FROM ticket WHERE id = :id;
-- name: PURGE_TICKET_FILES scope=none kind=write
-- The bytes go with the next sweep of their folder.
DELETE FROM file WHERE id IN
    (SELECT l.file_id FROM ticket_message m
       JOIN file_link l ON l.kind = 'message' AND l.of_id = m.id
      WHERE m.ticket_id = :id);
-- name: PURGE_TICKET_MESSAGES scope=none kind=write
DELETE FROM ticket_message WHERE ticket_id = :id;
-- name: PURGE_TICKET_READ scope=none kind=write
DELETE FROM ticket_read WHERE ticket_id = :id;

-- name: PURGE_MAILS scope=store kind=write
DELETE FROM mail WHERE id IN
    (SELECT id FROM mail WHERE store_id = :store LIMIT :n);
-- name: PURGE_NOTES scope=store kind=write plan=note_remote
DELETE FROM note WHERE id IN
    (SELECT id FROM note WHERE store_id = :store LIMIT :n);
-- name: PURGE_CATEGORIES scope=store kind=write plan=category_remote
DELETE FROM category WHERE id IN
    (SELECT id FROM category WHERE store_id = :store LIMIT :n);
-- name: PURGE_ASIDE scope=store kind=write plan=aside_object
DELETE FROM aside WHERE id IN
    (SELECT id FROM aside WHERE store_id = :store LIMIT :n);
-- name: PURGE_TOMBSTONES scope=store kind=write plan=tombstone_object
DELETE FROM tombstone WHERE id IN
    (SELECT id FROM tombstone WHERE store_id = :store LIMIT :n);
-- name: PURGE_WAKE scope=store kind=write plan=wake_store
DELETE FROM wake WHERE id IN
    (SELECT id FROM wake WHERE store_id = :store LIMIT :n);
-- name: PURGE_HOLD_LOG scope=store kind=write plan=hold_log_order
DELETE FROM hold_log WHERE id IN
    (SELECT id FROM hold_log WHERE store_id = :store LIMIT :n);
-- name: PURGE_EVENTS scope=store kind=write plan=order_event_order
DELETE FROM order_event WHERE id IN
    (SELECT id FROM order_event WHERE store_id = :store LIMIT :n);
-- name: PURGE_SHARES scope=store kind=write plan=share_order
DELETE FROM share WHERE id IN
    (SELECT id FROM share WHERE store_id = :store LIMIT :n);
-- name: PURGE_LEDGER scope=store kind=write
DELETE FROM ledger WHERE (store_id, remote_id) IN
    (SELECT store_id, remote_id FROM ledger WHERE store_id = :store LIMIT :n);
-- name: PURGE_LISTINGS scope=store kind=write
DELETE FROM listing WHERE (store_id, remote_id) IN
    (SELECT store_id, remote_id FROM listing WHERE store_id = :store LIMIT :n);
-- name: PURGE_BUNDLES scope=store kind=write
DELETE FROM bundle WHERE (store_id, remote_id) IN
    (SELECT store_id, remote_id FROM bundle WHERE store_id = :store LIMIT :n);
-- name: PURGE_BUNDLE_PARTS scope=store kind=write
DELETE FROM bundle_part WHERE (store_id, remote_id, part) IN
    (SELECT store_id, remote_id, part FROM bundle_part WHERE store_id = :store
      LIMIT :n);
-- name: PURGE_DELIVERIES scope=store kind=write
DELETE FROM delivery WHERE (store_id, kind, remote_id) IN
    (SELECT store_id, kind, remote_id FROM delivery WHERE store_id = :store
      LIMIT :n);
-- name: PURGE_ERASED scope=store kind=write
DELETE FROM erased WHERE (store_id, kind, remote_id) IN
    (SELECT store_id, kind, remote_id FROM erased WHERE store_id = :store
      LIMIT :n);
-- name: PURGE_MOVEMENTS scope=store kind=write plan=movement_order
-- The pieces moved all the same; for which order is forgotten.
UPDATE movement SET note = '', ref = '', store_id = 0, order_id = 0,
       line_id = 0
 WHERE id IN (SELECT id FROM movement
               WHERE store_id = :store AND order_id > 0 LIMIT :n);
-- name: PURGE_CHARGES scope=store kind=write plan=charge_order
-- The house's accounts stay.
UPDATE charge SET note = '' WHERE id IN
    (SELECT id FROM charge WHERE store_id = :store AND note <> '' LIMIT :n);

-- name: PURGE_STATUSES scope=store kind=write
DELETE FROM store_status WHERE store_id = :store;
-- name: PURGE_SETTLING scope=store kind=write
DELETE FROM settling WHERE store_id = :store;
-- name: PURGE_CHECKPOINTS scope=store kind=write
DELETE FROM checkpoint WHERE store_id = :store;
-- name: PURGE_SWEEPS scope=store kind=write
DELETE FROM sweep WHERE store_id = :store;
-- name: PURGE_HOOKS scope=store kind=write
DELETE FROM hook WHERE store_id = :store;
-- name: PURGE_HOOK_SECRET scope=store kind=write
DELETE FROM hook_secret WHERE store_id = :store;
-- name: PURGE_COUNTS scope=store kind=write
DELETE FROM order_count WHERE store_id = :store;
-- name: PURGE_USERS scope=store kind=write
DELETE FROM user_store WHERE store_id = :store;
-- name: PURGE_TOKENS scope=store kind=write
DELETE FROM api_token_store WHERE store_id = :store;

-- name: PURGE_AUDIT scope=none kind=write
-- Payloads of rows about the store's objects, one stretch of the trail.
DELETE FROM audit_payload
 WHERE id > :after AND id <= :until
   AND EXISTS (SELECT 1 FROM audit a WHERE a.id = audit_payload.id
                  AND substr(a.object, 1, length(:prefix)) = :prefix);
-- name: PURGE_REQUESTS scope=none kind=write
UPDATE request SET result = ''
 WHERE instr(result, '"' || :prefix) > 0;
