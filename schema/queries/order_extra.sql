-- Charges and links of orders.

-- name: CHARGE_ADD scope=store kind=write
INSERT INTO charge (store_id, remote_id, type, amount_e4, currency, note,
                    author, created_ms, tenant_id)
    VALUES (:store, :order, :type, :amount, :currency, :note, :who, :now,
            (SELECT tenant_id FROM store WHERE id = :store));
-- name: CHARGE_BY_ID scope=none kind=read
SELECT c.id, c.store_id, c.remote_id, c.type, c.amount_e4, c.currency, c.note,
       c.author, c.created_ms, coalesce(c.billed_id, 0), t.name
  FROM charge c JOIN tenant t ON t.id = c.tenant_id WHERE c.id = :id;
-- name: CHARGES_OF scope=store kind=read plan=charge_order
SELECT c.id, c.store_id, c.remote_id, c.type, c.amount_e4, c.currency, c.note,
       c.author, c.created_ms, coalesce(c.billed_id, 0), t.name
  FROM charge c INDEXED BY charge_order JOIN tenant t ON t.id = c.tenant_id
 WHERE c.store_id = :store AND c.remote_id = :order AND c.id > :after
 ORDER BY c.id;
-- name: CHARGE_REMOVE scope=none kind=write
DELETE FROM charge WHERE id = :id AND billed_id IS NULL;

-- name: SHARE_ADD scope=store kind=write
INSERT INTO share (uuid, store_id, remote_id, until_ms, author, created_ms)
    VALUES (:uuid, :store, :order, :until, :who, :now);
-- name: SHARE_BY_ID scope=none kind=read
SELECT id, store_id, remote_id, until_ms, revoked_ms, author, created_ms
  FROM share WHERE id = :id;
-- name: SHARE_BY_UUID scope=none kind=read
SELECT id, store_id, remote_id, until_ms, revoked_ms, author, created_ms
  FROM share WHERE uuid = :uuid;
-- name: SHARES_OF scope=store kind=read plan=share_order
-- Those that still open something.
SELECT id, store_id, remote_id, until_ms, revoked_ms, author, created_ms
  FROM share
 WHERE store_id = :store AND remote_id = :order AND id > :after
   AND revoked_ms = 0 AND until_ms > :now
 ORDER BY id;
-- name: SHARE_REVOKE scope=none kind=write
UPDATE share SET revoked_ms = :now WHERE id = :id AND revoked_ms = 0;
-- name: SHARE_TRIM scope=none kind=write
DELETE FROM share WHERE until_ms < :before;
