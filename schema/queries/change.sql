-- The outbox (daemon/model/change*.c).

-- name: CHANGE_INSERT scope=store kind=write
INSERT INTO change (uuid, store_id, kind, remote_id, parent_id, act, state,
                    payload, author, reason, created_ms, changed_ms)
    VALUES (:uuid, :store, :kind, :remote, :parent, :act, :state, :payload,
            :author, :reason, :now, :now);

-- name: CHANGE_PATH_PUT scope=none kind=write
INSERT INTO change_path (change_id, path, base, wanted, accept)
    VALUES (:id, :path, :base, :wanted, :accept)
    ON CONFLICT (change_id, path)
    DO UPDATE SET wanted = excluded.wanted, theirs = NULL;

-- name: CHANGE_PATHS scope=none kind=read
SELECT path, base, wanted, theirs, accept FROM change_path
 WHERE change_id = :id ORDER BY path;

-- name: CHANGE_BY_UUID scope=none kind=read
SELECT * FROM change_full WHERE uuid = :uuid;

-- name: CHANGE_BY_ID scope=none kind=read
SELECT * FROM change_full WHERE id = :id;

-- name: CHANGE_OPEN_OF scope=store kind=read plan=change_object
SELECT * FROM change_full
 WHERE store_id = :store AND kind = :kind AND remote_id = :remote
   AND state NOT IN ('confirmed', 'discarded')
 ORDER BY id;

-- name: CHANGE_OPEN_ANY scope=store kind=read plan=change_open
SELECT 1 FROM change INDEXED BY change_open
 WHERE store_id = :store AND kind = :kind
   AND state NOT IN ('confirmed', 'discarded') LIMIT 1;

-- name: CHANGE_OPEN_COUNT scope=store kind=read plan=change_object
SELECT count(*) FROM change
 WHERE store_id = :store AND kind = :kind AND remote_id = :remote
   AND state NOT IN ('confirmed', 'discarded');

-- Open ones of a store by object and order: what may go out is picked from it.
-- name: CHANGE_WAITING scope=store kind=read plan=change_open
SELECT id, kind, remote_id, state, next_ms, ambiguous
  FROM change INDEXED BY change_open
 WHERE store_id = :store AND state NOT IN ('confirmed', 'discarded')
 ORDER BY kind, remote_id, id;

-- The value a path is to have, of the newest change that is on its way.
-- name: CHANGE_WANTED scope=store kind=read plan=change_object
SELECT p.wanted FROM change c JOIN change_path p ON p.change_id = c.id
 WHERE c.store_id = :store AND c.kind = :kind AND c.remote_id = :remote
   AND c.state NOT IN ('confirmed', 'discarded')
   AND c.state IN ('queued', 'sending', 'unknown')
   AND c.act <> 'stock' AND p.path = :path
 ORDER BY c.id DESC LIMIT 1;

-- Deltas on their way.
-- name: CHANGE_DELTA scope=store kind=read plan=change_object
SELECT total(CAST(p.wanted AS INTEGER))
  FROM change c JOIN change_path p ON p.change_id = c.id
 WHERE c.store_id = :store AND c.kind = 'product' AND c.remote_id = :remote
   AND c.state NOT IN ('confirmed', 'discarded')
   AND c.state IN ('queued', 'sending', 'unknown') AND c.act = 'stock';

-- 1 while it is on its way to the trash.
-- name: CHANGE_TRASHING scope=store kind=read plan=change_object
SELECT 1 FROM change
 WHERE store_id = :store AND kind = :kind AND remote_id = :remote
   AND state NOT IN ('confirmed', 'discarded')
   AND state IN ('queued', 'sending', 'unknown') AND act = 'trash' LIMIT 1;

-- Later changes of the same object that set one of its paths.
-- name: CHANGE_DEPENDENTS scope=store kind=read plan=change_object
SELECT c.id FROM change c
 WHERE c.store_id = :store AND c.kind = :kind AND c.remote_id = :remote
   AND c.state NOT IN ('confirmed', 'discarded')
   AND c.state = 'queued' AND c.id > :id
   AND EXISTS (SELECT 1 FROM change_path a JOIN change_path b
                ON a.path = b.path
                WHERE a.change_id = c.id AND b.change_id = :id)
 ORDER BY c.id;

-- name: CHANGE_MOVE scope=none kind=write
UPDATE change SET state = :state, changed_ms = :now, next_ms = :next,
       code = :code, text = :text, cause = :cause, ambiguous = :ambiguous
 WHERE id = :id;

-- name: CHANGE_SENT scope=none kind=write
UPDATE change SET sent_ms = :now, attempts = attempts + 1, looks = 0,
       mark = CASE WHEN :mark > 0 THEN :mark ELSE mark END,
       epoch = CAST((SELECT value FROM meta WHERE key = 'epoch') AS INTEGER)
 WHERE id = :id;

-- name: CHANGE_ANSWERED scope=none kind=write
UPDATE change SET answer = coalesce(:answer, answer),
       result_id = CASE WHEN :result > 0 THEN :result ELSE result_id END,
       remote_id = CASE WHEN remote_id = 0 AND act = 'create' AND :result > 0
                        THEN :result ELSE remote_id END,
       looks = looks + :looked
 WHERE id = :id;

-- name: CHANGE_THEIRS scope=none kind=write
UPDATE change_path SET theirs = :theirs
 WHERE change_id = :id AND path = :path;

-- What was in the way becomes what it starts from.
-- name: CHANGE_REBASE scope=none kind=write
UPDATE change_path SET base = coalesce(theirs, base), theirs = NULL,
       accept = NULL
 WHERE change_id = :id;

-- name: CHANGE_APPROVER scope=none kind=write
UPDATE change SET approver = :who WHERE id = :id;

-- name: CHANGE_PROPOSER scope=none kind=write
UPDATE change SET author = :who, approver = '' WHERE id = :id;

-- name: CHANGE_PAYLOAD scope=none kind=write
UPDATE change SET payload = :payload WHERE id = :id;

-- name: CHANGE_RECOVER scope=store kind=write plan=change_state
UPDATE change SET state = 'unknown', changed_ms = :now, next_ms = :next,
       looks = 0, code = 'cancelled', text = '', cause = '{"name":"stopped"}'
 WHERE store_id = :store AND state = 'sending';

-- What waits for approval was perhaps approved and sent after the copy: only a
-- person can tell. What is confirmed in the copy was at the shop before anything
-- that was still to be sent.
-- name: CHANGE_HOLD scope=none kind=write temp_btree=yes
UPDATE change SET ambiguous = state = 'awaiting', state = 'unknown',
       changed_ms = :now, next_ms = 0, looks = 0,
       mark = CASE WHEN act = 'stock' AND state <> 'sending'
              THEN coalesce((SELECT d.id FROM change d
                              WHERE d.store_id = change.store_id
                                AND d.kind = change.kind
                                AND d.remote_id = change.remote_id
                                AND d.act = 'stock' AND d.state = 'confirmed'
                              ORDER BY d.changed_ms DESC, d.id DESC LIMIT 1), 0)
              ELSE mark END
 WHERE state IN ('awaiting', 'queued', 'sending');

-- name: CHANGE_AWAITED scope=none kind=read
SELECT DISTINCT store_id, kind, remote_id FROM change
 WHERE state = 'awaiting' AND remote_id > 0;

-- name: CHANGE_COUNTS scope=store kind=read plan=change_state
SELECT state, count(*) FROM change WHERE store_id = :store GROUP BY state;

-- Those that are through are many.
-- name: CHANGE_COUNTS_OPEN scope=store kind=read plan=change_open temp_btree=yes
-- Of open ones, which are few: grouped as they are read.
SELECT state, count(*) FROM change INDEXED BY change_open
 WHERE store_id = :store AND state NOT IN ('confirmed', 'discarded')
 GROUP BY state;

-- name: CHANGE_LIST scope=store kind=read plan=change_store
SELECT * FROM change_full WHERE store_id = :store AND id < :before
 ORDER BY id DESC;

-- name: CHANGE_LIST_STATE scope=store kind=read plan=change_state
SELECT * FROM change_full
 WHERE store_id = :store AND state = :state AND id < :before
 ORDER BY id DESC;

-- name: CHANGE_LIST_OBJECT scope=store kind=read plan=change_object
SELECT * FROM change_full
 WHERE store_id = :store AND kind = :kind AND remote_id = :remote
   AND id < :before
 ORDER BY id DESC;

-- Reads sent before a write of ours was answered are stale.
-- name: ORDER_BARRIER scope=store kind=write plan=orders_remote
UPDATE orders SET read_seq = max(read_seq, :seq)
 WHERE store_id = :store AND remote_id = :remote;
-- name: PRODUCT_BARRIER scope=store kind=write plan=product_remote
UPDATE product SET read_seq = max(read_seq, :seq)
 WHERE store_id = :store AND remote_id = :remote;

-- The overlay (daemon/model/overlay.c).
-- name: ORDER_PENDING scope=none kind=write
UPDATE orders SET pending = :n WHERE id = :id;
-- name: PRODUCT_PENDING scope=none kind=write
UPDATE product SET pending = :n WHERE id = :id;

-- name: PRODUCT_UNDER_KEEP scope=none kind=write
INSERT OR REPLACE INTO product_under (id, status, sku, name, sort_name,
        price_e4, regular_e4, sale_e4, stock_e3, stock_status)
SELECT id, status, sku, name, sort_name, price_e4, regular_e4, sale_e4,
       stock_e3, stock_status
  FROM product WHERE id = :id;

-- name: PRODUCT_UNDER_BACK scope=none kind=write
UPDATE product
   SET (status, sku, name, sort_name, price_e4, regular_e4, sale_e4, stock_e3,
        stock_status) =
       (SELECT u.status, u.sku, u.name, u.sort_name, u.price_e4, u.regular_e4,
               u.sale_e4, u.stock_e3, u.stock_status
          FROM product_under u WHERE u.id = product.id)
 WHERE id = :id AND EXISTS (SELECT 1 FROM product_under u WHERE u.id = :id);

-- name: PRODUCT_UNDER_DROP scope=none kind=write
DELETE FROM product_under WHERE id = :id;

-- name: PRODUCT_UNDER_GET scope=none kind=read
SELECT status, sku, name, price_e4, regular_e4, sale_e4, stock_e3
  FROM product_under WHERE id = :id;

-- name: PRODUCT_OVERLAY_TEXT scope=none kind=write
UPDATE product SET status = coalesce(:status, status),
       sku = coalesce(:sku, sku), name = coalesce(:name, name),
       sort_name = coalesce(:sort_name, sort_name)
 WHERE id = :id;

-- The price in force is the sale price where there is one.
-- name: PRODUCT_OVERLAY_PRICE scope=none kind=write
UPDATE product SET regular_e4 = nullif(:regular, :none),
       sale_e4 = nullif(:sale, :none),
       price_e4 = coalesce(nullif(:sale, :none), nullif(:regular, :none))
 WHERE id = :id;

-- name: PRODUCT_OVERLAY_STOCK scope=none kind=write
UPDATE product SET stock_e3 = stock_e3 + :delta
 WHERE id = :id AND stock_e3 IS NOT NULL;

-- name: PRODUCT_LOW_AGAIN scope=none kind=write
UPDATE product SET low = (manage = 1 AND stock_e3 IS NOT NULL
                          AND stock_e3 <= coalesce(low_e3,
                              (SELECT i.low_e3 FROM listing l
                                 JOIN item i ON i.id = l.item_id
                                WHERE l.store_id = product.store_id
                                  AND l.remote_id = product.remote_id),
                              :low_default))
 WHERE id = :id;

-- name: PRODUCT_PRICES scope=none kind=read
SELECT regular_e4, sale_e4 FROM product WHERE id = :id;

-- name: PRODUCT_PARENT scope=store kind=read plan=product_remote
SELECT parent_id FROM product WHERE store_id = :store AND remote_id = :remote;

-- name: CHANGE_HELD scope=none kind=read
SELECT CAST(value AS INTEGER) FROM meta WHERE key = 'held';
