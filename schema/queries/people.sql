-- People (daemon/model/user.c, tenant.c, proof.c, login.c). They are above
-- stores: who may ask is decided by the protocol table.

-- name: TENANT_LIST scope=none kind=read
SELECT t.id, t.name, t.title, t.created_ms,
       (SELECT count(*) FROM store s
         WHERE s.tenant_id = t.id AND s.removed_ms IS NULL),
       (SELECT count(*) FROM users u WHERE u.tenant_id = t.id), t.owner_orders
  FROM tenant t ORDER BY t.name;
-- name: TENANT_BY_NAME scope=none kind=read
SELECT id, name, title, created_ms, 0, 0, owner_orders FROM tenant WHERE name = :name;
-- name: TENANT_INSERT scope=none kind=write
INSERT INTO tenant (name, title, created_ms) VALUES (:name, :title, :now);
-- name: TENANT_UPDATE scope=none kind=write
UPDATE tenant SET title = :title, owner_orders = :orders WHERE id = :id;
-- name: STORE_TENANT scope=store kind=write
UPDATE store SET tenant_id = :tenant_id WHERE id = :store;
-- name: STORE_TENANT_NAME scope=store kind=read
SELECT t.name FROM store s JOIN tenant t ON t.id = s.tenant_id
 WHERE s.id = :store;
-- Piles that cannot go with a store: another store of its company sells from
-- them too, or the other company has one of that SKU.
-- name: STORE_ITEMS_STAY scope=store kind=read plan=listing_item
SELECT l.remote_id, i.id, iif(i.sku = '', i.title, i.sku), i.on_hand_e3 <> 0
  FROM listing l JOIN item i ON i.id = l.item_id
 WHERE l.store_id = :store
   AND (EXISTS (SELECT 1 FROM listing o JOIN store s ON s.id = o.store_id
                 WHERE o.item_id = i.id AND o.store_id <> l.store_id
                   AND s.removed_ms IS NULL)
        OR i.sku <> '' AND EXISTS
           (SELECT 1 FROM item t
             WHERE t.tenant_id = :tenant_id AND t.sku = i.sku
               AND t.sku <> ''));
-- name: STORE_LISTING_DROP scope=store kind=write
DELETE FROM listing WHERE store_id = :store AND remote_id = :remote;
-- What else keeps it: goods that are announced, a file that comes.
-- name: STORE_ANNOUNCED scope=store kind=read plan=inbound_state
SELECT b.id, b.reference FROM inbound b
  CROSS JOIN inbound_line n ON n.inbound_id = b.id
  CROSS JOIN listing l ON l.item_id = n.item_id AND l.store_id = :store
 WHERE b.state = 'open' LIMIT 1;
-- name: STORE_FILE_COMES scope=store kind=read plan=proposal_state
SELECT 1 FROM proposal WHERE state = 'loading' AND store_id = :store LIMIT 1;
-- And what is done when it goes.
-- name: STORE_ITEMS_GO scope=store kind=write
UPDATE item SET tenant_id = :tenant_id
 WHERE id IN (SELECT item_id FROM listing WHERE store_id = :store);
-- name: STORE_PROPOSALS_END scope=store kind=write plan=proposal_state
UPDATE proposal SET state = 'rejected', reviewer = :who, note = :note,
       decided_ms = :now, version = version + 1
 WHERE store_id = :store AND state = 'pending' AND author IN
       (SELECT name FROM users WHERE tenant_id = :tenant_id);
-- name: STORE_SHARES_END scope=store kind=write plan=share_order
UPDATE share SET revoked_ms = :now
 WHERE store_id = :store AND revoked_ms = 0 AND author IN
       (SELECT name FROM users WHERE tenant_id = :tenant_id);
-- name: STORE_TENANT_OF scope=store kind=read
SELECT tenant_id FROM store WHERE id = :store AND removed_ms IS NULL;
-- name: STORES_OF_TENANT scope=none kind=read plan=store_tenant
SELECT id FROM store WHERE tenant_id = :tenant_id AND removed_ms IS NULL
 ORDER BY id;

-- name: USER_LIST scope=none kind=read
SELECT u.id, u.uuid, u.name, u.title, u.role, u.tenant_id, t.name,
       u.all_stores, u.read_only, u.lang, u.active, u.password IS NOT NULL,
       u.totp IS NOT NULL, u.created_ms, u.seen_ms
  FROM users u LEFT JOIN tenant t ON t.id = u.tenant_id ORDER BY u.name;
-- name: USER_BY_NAME scope=none kind=read
SELECT u.id, u.uuid, u.name, u.title, u.role, u.tenant_id, t.name,
       u.all_stores, u.read_only, u.lang, u.active, u.password IS NOT NULL,
       u.totp IS NOT NULL, u.created_ms, u.seen_ms
  FROM users u LEFT JOIN tenant t ON t.id = u.tenant_id WHERE u.name = :name;
-- name: USER_BY_ID scope=none kind=read
SELECT u.id, u.uuid, u.name, u.title, u.role, u.tenant_id, t.name,
       u.all_stores, u.read_only, u.lang, u.active, u.password IS NOT NULL,
       u.totp IS NOT NULL, u.created_ms, u.seen_ms
  FROM users u LEFT JOIN tenant t ON t.id = u.tenant_id WHERE u.id = :id;
-- name: USER_INSERT scope=none kind=write
INSERT INTO users (uuid, name, title, role, tenant_id, all_stores, read_only,
                   lang, created_ms)
    VALUES (:uuid, :name, :title, :role, :tenant_id, :all_stores, :read_only,
            :lang, :now);
-- name: USER_UPDATE scope=none kind=write
UPDATE users SET title = :title, role = :role, tenant_id = :tenant_id,
       all_stores = :all_stores, read_only = :read_only, lang = :lang,
       active = :active
 WHERE id = :id;
-- name: USER_SEEN scope=none kind=write
UPDATE users SET seen_ms = :now WHERE id = :id;
-- name: USER_ADMINS scope=none kind=read
SELECT count(*) FROM users WHERE role = 'admin' AND active = 1;

-- name: USER_STORES scope=none kind=read
SELECT store_id FROM user_store WHERE user_id = :id ORDER BY store_id;
-- name: USER_STORES_CLEAR scope=none kind=write
DELETE FROM user_store WHERE user_id = :id;
-- name: USER_STORE_ADD scope=store kind=write
INSERT INTO user_store (user_id, store_id) VALUES (:id, :store)
    ON CONFLICT DO NOTHING;

-- name: ACCOUNT_LIST scope=none kind=read
SELECT uid, account, user_id FROM unix_account ORDER BY uid;
-- name: ACCOUNT_PUT scope=none kind=write
INSERT INTO unix_account (uid, account, user_id, linked_ms)
    VALUES (:uid, :account, :id, :now);
-- name: ACCOUNT_DROP scope=none kind=write
DELETE FROM unix_account WHERE uid = :uid;

-- name: PROOF_GET scope=none kind=read
SELECT password, totp, totp_new, totp_step, password_ms FROM users
 WHERE id = :id;
-- name: PROOF_PASSWORD scope=none kind=write
UPDATE users SET password = :hash, password_ms = :now WHERE id = :id;
-- name: PROOF_TOTP scope=none kind=write
UPDATE users SET totp = :sealed, totp_new = NULL, totp_step = :step
 WHERE id = :id;
-- name: PROOF_TOTP_NEW scope=none kind=write
UPDATE users SET totp_new = :sealed WHERE id = :id;
-- name: PROOF_TOTP_USED scope=none kind=write
UPDATE users SET totp_step = :step WHERE id = :id AND totp_step < :step;
-- name: CODES_CLEAR scope=none kind=write
DELETE FROM backup_code WHERE user_id = :id;
-- name: CODE_ADD scope=none kind=write
INSERT INTO backup_code (user_id, digest) VALUES (:id, :digest);
-- name: CODE_USE scope=none kind=write
DELETE FROM backup_code WHERE user_id = :id AND digest = :digest;
-- name: CODE_COUNT scope=none kind=read
SELECT count(*) FROM backup_code WHERE user_id = :id;
-- name: INVITATION_PUT scope=none kind=write
INSERT INTO invitation (user_id, digest, until_ms) VALUES (:id, :digest, :until)
    ON CONFLICT (user_id) DO UPDATE
    SET digest = excluded.digest, until_ms = excluded.until_ms;
-- name: INVITATION_GET scope=none kind=read
SELECT digest FROM invitation WHERE user_id = :id AND until_ms > :now;
-- name: INVITATION_DROP scope=none kind=write
DELETE FROM invitation WHERE user_id = :id;

-- name: LOCKOUT_GET scope=none kind=read
SELECT until_ms, wrong FROM lockout WHERE name = :name AND place = :place;
-- name: LOCKOUT_PUT scope=none kind=write
INSERT INTO lockout (name, place, wrong, last_ms, until_ms)
    VALUES (:name, :place, :wrong, :now, :until)
    ON CONFLICT (name, place) DO UPDATE
    SET wrong = excluded.wrong, last_ms = excluded.last_ms,
        until_ms = excluded.until_ms;
-- name: LOCKOUT_CLEAR scope=none kind=write
DELETE FROM lockout WHERE name = :name AND place = :place;
-- name: LOCKOUT_TRIM scope=none kind=write plan=lockout_last
DELETE FROM lockout WHERE last_ms < :before AND until_ms < :now;

-- name: SESSION_INSERT scope=none kind=write
INSERT INTO session (uuid, user_id, kind, digest, place, client, created_ms,
                     used_ms, until_ms)
    VALUES (:uuid, :id, :kind, :digest, :place, :client, :now, :now, :until);
-- name: SESSION_BY_DIGEST scope=none kind=read
SELECT id, uuid, user_id, kind, place, client, created_ms, used_ms, until_ms
  FROM session WHERE digest = :digest;
-- name: SESSION_BY_UUID scope=none kind=read
SELECT id, uuid, user_id, kind, place, client, created_ms, used_ms, until_ms
  FROM session WHERE uuid = :uuid;
-- name: SESSIONS_OF scope=none kind=read plan=session_user
SELECT id, uuid, user_id, kind, place, client, created_ms, used_ms, until_ms
  FROM session WHERE user_id = :id ORDER BY used_ms DESC;
-- name: SESSION_LIST scope=none kind=read
SELECT id, uuid, user_id, kind, place, client, created_ms, used_ms, until_ms
  FROM session ORDER BY id;
-- name: SESSION_USED scope=none kind=write
UPDATE session SET used_ms = :now, until_ms = :until WHERE id = :id;
-- name: SESSION_TURN scope=none kind=write
UPDATE session SET digest = :digest, used_ms = :now WHERE id = :id;
-- name: SESSION_DROP scope=none kind=write
DELETE FROM session WHERE id = :id;
-- name: SESSIONS_DROP scope=none kind=write plan=session_user
DELETE FROM session WHERE user_id = :id AND id <> :but;
-- name: SESSIONS_TRIM scope=none kind=write
DELETE FROM session WHERE until_ms < :now;
-- name: SPENT_ADD scope=none kind=write
INSERT INTO session_spent (digest, session_id) VALUES (:digest, :id);
-- name: SPENT_FIND scope=none kind=read
SELECT session_id FROM session_spent WHERE digest = :digest;

-- name: TOKEN_INSERT scope=none kind=write
INSERT INTO api_token (uuid, user_id, name, digest, read_only, some,
                       created_ms, until_ms)
    VALUES (:uuid, :id, :name, :digest, :read_only, :some, :now, :until);
-- name: TOKEN_BY_DIGEST scope=none kind=read
SELECT id, uuid, user_id, name, read_only, some, created_ms, used_ms, until_ms
  FROM api_token WHERE digest = :digest;
-- name: TOKENS_OF scope=none kind=read plan=api_token_user
SELECT id, uuid, user_id, name, read_only, some, created_ms, used_ms, until_ms
  FROM api_token WHERE user_id = :id ORDER BY id;
-- name: TOKEN_BY_UUID scope=none kind=read
SELECT id, uuid, user_id, name, read_only, some, created_ms, used_ms, until_ms
  FROM api_token WHERE uuid = :uuid;
-- name: TOKEN_USED scope=none kind=write
UPDATE api_token SET used_ms = :now WHERE id = :id;
-- name: TOKEN_DROP scope=none kind=write
DELETE FROM api_token WHERE id = :id;
-- name: TOKENS_DROP scope=none kind=write plan=api_token_user
DELETE FROM api_token WHERE user_id = :id;
-- name: TOKEN_STORE_ADD scope=store kind=write
INSERT INTO api_token_store (token_id, store_id) VALUES (:id, :store)
    ON CONFLICT DO NOTHING;
-- name: TOKEN_STORES scope=none kind=read
SELECT store_id FROM api_token_store WHERE token_id = :id ORDER BY store_id;

-- name: SIGNING_KEYS scope=none kind=read
SELECT kid, sealed, created_ms FROM signing_key ORDER BY id DESC;
-- name: SIGNING_KEY_ADD scope=none kind=write
INSERT INTO signing_key (kid, sealed, created_ms) VALUES (:kid, :sealed, :now);
-- name: SIGNING_KEY_TRIM scope=none kind=write
DELETE FROM signing_key
 WHERE created_ms < :before
   AND id < (SELECT max(id) FROM signing_key);

-- Values under the key ring (daemon/auth/reseal.c): id, uuid, one value or two.

-- name: SEALED_STORES scope=none kind=read
SELECT id, uuid, key_sealed, secret_sealed FROM store
 WHERE key_sealed IS NOT NULL OR secret_sealed IS NOT NULL;
-- name: SEALED_USERS scope=none kind=read
SELECT id, uuid, totp, totp_new FROM users
 WHERE totp IS NOT NULL OR totp_new IS NOT NULL;
-- name: SEALED_HOOKS scope=none kind=read
SELECT h.store_id, s.uuid, h.sealed
  FROM hook_secret h JOIN store s ON s.id = h.store_id;
-- name: SEALED_SIGNING scope=none kind=read
SELECT id, kid, sealed FROM signing_key;
-- name: RESEAL_STORE scope=none kind=write
UPDATE store SET key_sealed = :key, secret_sealed = :secret WHERE id = :id;
-- name: RESEAL_USER scope=none kind=write
UPDATE users SET totp = :totp, totp_new = :totp_new WHERE id = :id;
-- name: RESEAL_HOOK scope=none kind=write
UPDATE hook_secret SET sealed = :sealed WHERE store_id = :id;
-- name: RESEAL_SIGNING scope=none kind=write
UPDATE signing_key SET sealed = :sealed WHERE id = :id;
