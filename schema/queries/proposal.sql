-- Approvals (daemon/model/proposal*.c).

-- name: PROPOSAL_INSERT scope=store kind=write
INSERT INTO proposal (store_id, kind, state, author, reason, over_limit, title,
                      items, created_ms)
    VALUES (:store, :kind, 'pending', :author, :reason, :over, :title, :items,
            :now);
-- name: PROPOSAL_ITEM_PUT scope=none kind=write
INSERT INTO proposal_item (proposal_id, remote_id, path, base, wanted)
    VALUES (:id, :remote, :path, :base, :wanted)
    ON CONFLICT (proposal_id, remote_id, path)
    DO UPDATE SET wanted = excluded.wanted;
-- name: PROPOSAL_RESERVE_PUT scope=store kind=write
INSERT INTO proposal_reserve (store_id, remote_id, proposal_id, qty_e3)
    VALUES (:store, :remote, :id, :qty)
    ON CONFLICT (store_id, remote_id, proposal_id)
    DO UPDATE SET qty_e3 = qty_e3 + excluded.qty_e3;
-- name: PROPOSAL_RESERVE_CLEAR scope=none kind=write
DELETE FROM proposal_reserve WHERE proposal_id = :id;

-- Only while it waits: the number of rows says who was first.
-- name: PROPOSAL_CSV_LOADING scope=none kind=write
UPDATE proposal SET state = 'loading' WHERE id = :id;
-- name: PROPOSAL_CSV_READY scope=none kind=write
UPDATE proposal SET state = 'pending' WHERE id = :id AND state = 'loading';
-- name: PROPOSAL_CSV_DROP_ROWS scope=none kind=write
DELETE FROM proposal_item
 WHERE (proposal_id, remote_id, path) IN
  (SELECT i.proposal_id, i.remote_id, i.path FROM proposal_item i
     JOIN proposal p ON p.id = i.proposal_id
    WHERE i.proposal_id = :id AND p.state = 'loading' LIMIT :max);
-- name: PROPOSAL_CSV_DROP scope=none kind=write
DELETE FROM proposal WHERE id = :id AND state = 'loading';
-- name: PROPOSAL_CSV_UNREADY scope=none kind=read plan=proposal_loading
SELECT id FROM proposal WHERE state = 'loading' AND created_ms < :before
 ORDER BY id LIMIT 1;
-- name: PROPOSAL_DECIDE scope=none kind=write
UPDATE proposal SET state = :state, reviewer = :reviewer, note = :note,
       decided_ms = :now, version = version + 1
 WHERE id = :id AND state = 'pending';
-- name: PROPOSAL_EDITED scope=none kind=write
UPDATE proposal SET reason = :reason, version = version + 1
 WHERE id = :id AND state = 'pending';
-- name: PROPOSAL_PROGRESS scope=none kind=write
UPDATE proposal SET done = done + :done, failed = failed + :failed,
       version = version + 1
 WHERE id = :id;
-- name: PROPOSAL_STOP scope=none kind=write
UPDATE proposal SET stopped = 1, version = version + 1
 WHERE id = :id AND state = 'approved' AND done < items AND stopped = 0;
-- name: PROPOSAL_ITEM_SENT scope=none kind=write
UPDATE proposal_item SET change_id = :change, fault = :fault
 WHERE proposal_id = :id AND remote_id = :remote;

-- name: PROPOSAL_BY_ID scope=none kind=read
SELECT p.id, p.store_id, p.kind, p.state, p.author, p.reason, p.over_limit,
       p.title, p.items, p.done, p.failed, p.stopped, p.reviewer, p.note,
       p.created_ms, p.decided_ms, p.version, s.name
  FROM proposal p JOIN store s ON s.id = p.store_id WHERE p.id = :id;
-- name: PROPOSAL_LIST scope=store kind=read plan=proposal_store
SELECT p.id, p.store_id, p.kind, p.state, p.author, p.reason, p.over_limit,
       p.title, p.items, p.done, p.failed, p.stopped, p.reviewer, p.note,
       p.created_ms, p.decided_ms, p.version, s.name
  FROM proposal p JOIN store s ON s.id = p.store_id
 WHERE p.store_id = :store AND p.id < :before ORDER BY p.id DESC;
-- name: PROPOSAL_LIST_STATE scope=store kind=read plan=proposal_state
SELECT p.id, p.store_id, p.kind, p.state, p.author, p.reason, p.over_limit,
       p.title, p.items, p.done, p.failed, p.stopped, p.reviewer, p.note,
       p.created_ms, p.decided_ms, p.version, s.name
  FROM proposal p JOIN store s ON s.id = p.store_id
 WHERE p.store_id = :store AND p.state = :state AND p.id < :before
 ORDER BY p.id DESC;
-- name: PROPOSAL_COUNTS scope=store kind=read plan=proposal_state
SELECT state, count(*) FROM proposal WHERE store_id = :store GROUP BY state;
-- name: PROPOSAL_COUNTS_OF scope=store kind=read plan=proposal_state
SELECT state, count(*) FROM proposal INDEXED BY proposal_state
 WHERE store_id = :store AND author = :author GROUP BY state;
-- name: PROPOSAL_PENDING scope=store kind=read plan=proposal_state
-- Those of an author, or of everybody (NULL).
SELECT count(*) FROM proposal INDEXED BY proposal_state
 WHERE store_id = :store AND state = 'pending'
   AND (:author IS NULL OR author = :author);
-- name: PROPOSAL_UNDER_WAY scope=none kind=read plan=proposal_under_way
SELECT id FROM proposal
 WHERE state = 'approved' AND done < items AND stopped = 0 ORDER BY id;

-- name: PROPOSAL_ITEMS scope=none kind=read
SELECT i.remote_id, i.path, i.base, i.wanted, i.change_id, i.fault, c.uuid,
       c.state, c.text, c.remote_id, c.result_id, c.cause
  FROM proposal_item i LEFT JOIN change c ON c.id = i.change_id
 WHERE i.proposal_id = :id AND i.remote_id >= :from
 ORDER BY i.remote_id, i.path LIMIT :max;
-- What has not gone out yet, object by object.
-- name: PROPOSAL_WAITING scope=none kind=read plan=proposal_item_waiting
SELECT remote_id, path, base, wanted
  FROM proposal_item INDEXED BY proposal_item_waiting
 WHERE proposal_id = :id AND change_id = 0 AND fault = ''
 ORDER BY remote_id, path LIMIT :max;
-- How the shop answered, by state.
-- name: PROPOSAL_OUTCOME scope=none kind=read temp_btree=yes
SELECT c.state, count(DISTINCT c.id)
  FROM proposal_item i JOIN change c ON c.id = i.change_id
 WHERE i.proposal_id = :id GROUP BY c.state;
-- Held back of a product by orders that wait.
-- name: PROPOSAL_RESERVED scope=store kind=read
SELECT total(r.qty_e3) FROM proposal_reserve r
  JOIN proposal p ON p.id = r.proposal_id
 WHERE r.store_id = :store AND r.remote_id = :remote AND p.state = 'pending';

-- May owners of the store's tenant place orders?
-- name: STORE_OWNER_ORDERS scope=store kind=read
SELECT t.owner_orders FROM store s JOIN tenant t ON t.id = s.tenant_id
 WHERE s.id = :store;
-- Objects of a store with a SKU; a row of a file means one of them.
-- name: STOCK_OF_SKU scope=store kind=read plan=product_sku
SELECT remote_id FROM product INDEXED BY product_sku
 WHERE sku = :sku COLLATE NOCASE AND sku <> '' AND store_id = :store
   AND gone = 0 LIMIT 2;
-- What an author saw of a stock: the effective number.
-- name: PRODUCT_STOCK_NOW scope=store kind=read plan=product_remote
SELECT stock_e3, manage, sku, name, parent_id, stock_status FROM product
 WHERE store_id = :store AND remote_id = :remote AND gone = 0;
