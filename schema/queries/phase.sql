-- What statuses mean (model/phase.h).
-- name: STATUS_KNOWN scope=store kind=read
-- Its name and phase; listed no more and in use: its slug, and no phase.
SELECT name, phase FROM store_status WHERE store_id = :store AND slug = :slug
UNION ALL
SELECT status, 'unmapped' FROM order_count
 WHERE store_id = :store AND status = :slug AND n > 0
 LIMIT 1;
-- name: STATUS_SAY scope=store kind=write
INSERT INTO store_status (store_id, slug, name, phase, may_ship, said)
    VALUES (:store, :slug, :name, :phase, :may_ship, 1)
    ON CONFLICT (store_id, slug) DO UPDATE
    SET phase = excluded.phase, may_ship = excluded.may_ship, said = 1;

-- name: SETTLING_PUT scope=store kind=write
-- From the start, wherever an earlier one stood.
INSERT INTO settling (store_id, slug, created_ms, at_id)
    VALUES (:store, :slug, -9223372036854775807, 0)
    ON CONFLICT (store_id, slug) DO UPDATE
    SET step = 0, created_ms = excluded.created_ms, at_id = 0;
-- name: SETTLING_NEXT scope=all kind=read
SELECT store_id, slug, step, created_ms, at_id FROM settling LIMIT 1;
-- name: SETTLING_ANY scope=store kind=read
SELECT 1 FROM settling WHERE store_id = :store LIMIT 1;
-- name: SETTLING_OF scope=store kind=read
SELECT 1 FROM settling WHERE store_id = :store AND slug = :slug;
-- name: SETTLING_AT scope=store kind=write
UPDATE settling SET step = :step, created_ms = :created, at_id = :at
 WHERE store_id = :store AND slug = :slug;
-- name: SETTLING_DONE scope=store kind=write
DELETE FROM settling WHERE store_id = :store AND slug = :slug;
-- name: SETTLING_ORDERS scope=store kind=read plan=orders_store_status
SELECT id, created_ms FROM orders
 WHERE store_id = :store AND status = :slug
   AND (created_ms, id) > (:created, :at)
 ORDER BY created_ms, id LIMIT 64;
-- name: SETTLING_ITEM scope=store kind=read
SELECT remote_id, item_id FROM listing
 WHERE store_id = :store AND remote_id > :at ORDER BY remote_id LIMIT 1;
