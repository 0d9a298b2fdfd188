-- Goods that come back (daemon/model/return*.c). One is found by its own number
-- and then judged by its store.

-- name: RETURN_GET scope=none kind=read
SELECT r.id, r.store_id, r.remote_id, r.state, r.reason, r.note, r.decision,
       r.refund, r.amount_e4, r.created_ms, r.created_by, r.changed_ms,
       r.version, s.name, coalesce(o.number, ''), coalesce(o.name, ''),
       (SELECT sum(l.want_e3) FROM return_line l WHERE l.return_id = r.id),
       (SELECT sum(l.received_e3) FROM return_line l WHERE l.return_id = r.id),
       (SELECT coalesce(sum(l.restock_e3), 0) FROM return_line l
         WHERE l.return_id = r.id AND l.stock = '')
  FROM return_ r JOIN store s ON s.id = r.store_id
  LEFT JOIN orders o ON o.store_id = r.store_id AND o.remote_id = r.remote_id
 WHERE r.id = :id;
-- name: RETURN_INSERT scope=store kind=write
INSERT INTO return_ (store_id, remote_id, state, reason, note, created_ms,
                     created_by, changed_ms)
    VALUES (:store, :order, 'requested', :reason, :note, :now, :who, :now);
-- name: RETURN_MOVE scope=none kind=write
UPDATE return_ SET state = :state, decision = :decision, changed_ms = :now,
       version = version + 1
 WHERE id = :id;
-- name: RETURN_TOUCH scope=none kind=write
UPDATE return_ SET version = version + 1 WHERE id = :id;
-- name: RETURN_REFUND scope=none kind=write
UPDATE return_ SET refund = :refund, amount_e4 = :amount, version = version + 1
 WHERE id = :id;
-- name: RETURN_BY_REFUND scope=none kind=read plan=return_refund
SELECT id FROM return_ WHERE refund = :refund AND refund <> '';

-- name: RETURN_LINE_ADD scope=none kind=write
INSERT INTO return_line (return_id, line_id, part, product_id, sku, name,
                         want_e3)
    VALUES (:id, :line, :part, :product, :sku, :name, :want);
-- name: RETURN_LINES scope=none kind=read
SELECT line_id, product_id, sku, name, want_e3, received_e3, restock_e3,
       quarantine_e3, dispose_e3, stock, part
  FROM return_line WHERE return_id = :id ORDER BY line_id, part;
-- name: RETURN_RECEIVE scope=none kind=write
UPDATE return_line SET received_e3 = received_e3 + :qty
 WHERE return_id = :id AND line_id = :line AND part = :part
   AND received_e3 + :qty BETWEEN 0 AND want_e3;
-- name: RETURN_INSPECT scope=none kind=write
UPDATE return_line SET restock_e3 = :restock, quarantine_e3 = :quarantine,
       dispose_e3 = :dispose
 WHERE return_id = :id AND line_id = :line AND part = :part;
-- name: RETURN_STOCK scope=none kind=write
UPDATE return_line SET stock = :change
 WHERE return_id = :id AND line_id = :line AND part = :part AND stock = '';

-- What went out for a line and is not back: of each lot (0: of none), the last
-- that was picked first.
-- name: RETURN_SENT scope=store kind=read plan=movement_order temp_btree=yes
SELECT m.item_id, m.lot_id, coalesce(t.code, ''), -sum(m.qty_e3)
  FROM movement m LEFT JOIN lot t ON t.id = m.lot_id
 WHERE m.store_id = :store AND m.order_id = :order AND m.order_id > 0
   AND m.line_id = :line AND m.part = :part
   AND m.reason IN ('pick', 'put_back', 'return')
 GROUP BY m.item_id, m.lot_id HAVING sum(m.qty_e3) < 0
 ORDER BY max(m.id) DESC;
-- name: RETURN_SENT_FROM scope=store kind=read plan=movement_order temp_btree=yes
-- The bin it was picked from last, if something may be put there.
SELECT n.code FROM movement m JOIN bin n ON n.id = m.bin_id
 WHERE m.store_id = :store AND m.order_id = :order AND m.order_id > 0
   AND m.line_id = :line AND m.part = :part AND m.reason = 'pick'
   AND n.quarantine = 0 AND n.disabled = 0
 ORDER BY m.id DESC LIMIT 1;
-- name: RETURN_ITEM scope=store kind=read
SELECT l.item_id, l.units, i.track FROM listing l JOIN item i ON i.id = l.item_id
 WHERE l.store_id = :store AND l.remote_id = :remote;

-- What of each line of an order has come back or is to: of what was looked at,
-- what was there; else what is expected.
-- name: RETURN_TAKEN scope=store kind=read plan=return_order temp_btree=yes
SELECT l.line_id, l.part,
       sum(CASE WHEN r.state IN ('inspected', 'refunded', 'closed')
                THEN l.received_e3 ELSE l.want_e3 END)
  FROM return_ r JOIN return_line l ON l.return_id = r.id
 WHERE r.store_id = :store AND r.remote_id = :order AND r.state <> 'rejected'
 GROUP BY l.line_id, l.part;

-- What of each line of an order is here again.
-- name: RETURN_CAME_BACK scope=store kind=read plan=return_order temp_btree=yes
SELECT l.line_id, l.part, sum(l.received_e3)
  FROM return_ r JOIN return_line l ON l.return_id = r.id
 WHERE r.store_id = :store AND r.remote_id = :order AND l.received_e3 > 0
 GROUP BY l.line_id, l.part;

-- name: RETURN_LIST scope=store kind=read plan=return_store
SELECT id FROM return_
 WHERE store_id = :store AND id < :before ORDER BY id DESC;
-- name: RETURN_LIST_STATE scope=store kind=read plan=return_state
SELECT id FROM return_
 WHERE store_id = :store AND state = :state AND id < :before ORDER BY id DESC;
-- name: RETURN_LIST_ORDER scope=store kind=read plan=return_order
SELECT id FROM return_
 WHERE store_id = :store AND remote_id = :order AND id < :before
 ORDER BY id DESC;
-- name: RETURN_COUNTS_OPEN scope=store kind=read plan=return_open temp_btree=yes
-- Of open ones, which are few: one look, not one a state.
SELECT state, count(*) FROM return_ INDEXED BY return_open
 WHERE store_id = :store
   AND state IN ('requested', 'approved', 'received', 'inspected')
 GROUP BY state;
-- name: RETURN_COUNTS scope=store kind=read plan=return_state
SELECT state, count(*) FROM return_ WHERE store_id = :store
 GROUP BY store_id, state;
