-- Receiving and counting (daemon/model/inbound.c, count.c, at_bin.c). What is a
-- tenant's is shown to who sees a store of it (item_seen).

-- name: CODE_PRODUCTS scope=none kind=read plan=product_sku
-- Products and variations of a company that have the SKU.
SELECT p.store_id, p.remote_id FROM product p JOIN store s ON s.id = p.store_id
 WHERE p.sku = :code COLLATE NOCASE AND p.sku <> '' AND s.tenant_id = :tenant_id
   AND p.gone = 0 AND p.type NOT IN ('variable', 'grouped', 'external')
 LIMIT 64;

-- name: CODE_GTIN scope=none kind=read plan=product_gtin
-- The same by the number in bars on them (common/gtin.h).
SELECT p.store_id, p.remote_id FROM product p JOIN store s ON s.id = p.store_id
 WHERE p.gtin = :gtin AND p.gtin <> '' AND s.tenant_id = :tenant_id
   AND p.gone = 0 AND p.type NOT IN ('variable', 'grouped', 'external')
 LIMIT 64;

-- name: AT_BIN_PUT scope=none kind=write
INSERT INTO at_bin (work, author, bin_id) VALUES (:work, :author, :bin)
    ON CONFLICT (work, author) DO UPDATE SET bin_id = excluded.bin_id;
-- name: AT_BIN_GET scope=none kind=read
SELECT bin_id FROM at_bin WHERE work = :work AND author = :author;
-- name: AT_BIN_DROP scope=none kind=write
DELETE FROM at_bin WHERE work = :work;

-- name: INBOUND_ADD scope=tenant kind=write
INSERT INTO inbound (tenant_id, reference, supplier, note, state, shop,
                     expected_ms, created_ms, created_by)
    VALUES (:tenant, :reference, :supplier, :note, 'open', :shop, :expected,
            :now, :author);
-- name: INBOUND_GET scope=none kind=read
SELECT i.id, i.tenant_id, t.name, i.reference, i.supplier, i.note, i.state,
       i.shop, i.expected_ms, i.created_ms, i.created_by, i.closed_ms,
       i.closed_by, i.version,
       (SELECT count(*) FROM inbound_line l WHERE l.inbound_id = i.id),
       (SELECT coalesce(sum(l.expected_e3), 0) FROM inbound_line l
         WHERE l.inbound_id = i.id),
       (SELECT coalesce(sum(l.received_e3), 0) FROM inbound_line l
         WHERE l.inbound_id = i.id)
  FROM inbound i JOIN tenant t ON t.id = i.tenant_id WHERE i.id = :id;
-- name: INBOUND_LIST scope=none kind=read plan=inbound_state
SELECT id FROM inbound WHERE state = :state AND id < :before ORDER BY id DESC;
-- name: INBOUND_LIST_ALL scope=none kind=read
SELECT id FROM inbound WHERE id < :before ORDER BY id DESC;
-- name: INBOUND_CLOSE scope=none kind=write
UPDATE inbound SET state = 'closed', closed_ms = :now, closed_by = :author,
       version = version + 1 WHERE id = :id;
-- name: INBOUND_LINES scope=none kind=read
SELECT l.item_id, i.sku, i.title, l.expected_e3, l.received_e3, l.told_e3
  FROM inbound_line l JOIN item i ON i.id = l.item_id
 WHERE l.inbound_id = :id ORDER BY l.item_id;
-- name: INBOUND_LINE_GET scope=none kind=read
SELECT received_e3, expected_e3, told_e3 FROM inbound_line
 WHERE inbound_id = :id AND item_id = :item;
-- name: INBOUND_EXPECT scope=none kind=write
INSERT INTO inbound_line (inbound_id, item_id, expected_e3)
    VALUES (:id, :item, :expected)
    ON CONFLICT (inbound_id, item_id) DO UPDATE
    SET expected_e3 = excluded.expected_e3;
-- name: INBOUND_LINE_DROP scope=none kind=write
DELETE FROM inbound_line WHERE inbound_id = :id AND item_id = :item
   AND expected_e3 = 0 AND received_e3 = 0 AND told_e3 = 0;
-- name: INBOUND_RECEIVED scope=none kind=write
INSERT INTO inbound_line (inbound_id, item_id, expected_e3, received_e3)
    VALUES (:id, :item, 0, :qty)
    ON CONFLICT (inbound_id, item_id) DO UPDATE
    SET received_e3 = received_e3 + excluded.received_e3;
-- name: INBOUND_TOLD scope=none kind=write
UPDATE inbound_line SET told_e3 = received_e3 WHERE inbound_id = :id;

-- name: COUNT_ADD scope=none kind=write
INSERT INTO stock_count (state, whole, blind, note, begun_ms, begun_by)
    VALUES ('open', :whole, :blind, :note, :now, :author);
-- name: COUNT_GET scope=none kind=read
SELECT id, state, whole, blind, note, begun_ms, begun_by, submitted_ms,
       submitted_by, ended_ms, ended_by, version,
       (SELECT count(*) FROM count_bin b WHERE b.count_id = c.id),
       (SELECT count(*) FROM count_bin b
         WHERE b.count_id = c.id AND b.visited_ms > 0)
  FROM stock_count c WHERE id = :id;
-- name: COUNT_LIST scope=none kind=read plan=stock_count_state
SELECT id FROM stock_count WHERE state = :state AND id < :before
 ORDER BY id DESC;
-- name: COUNT_LIST_ALL scope=none kind=read
SELECT id FROM stock_count WHERE id < :before ORDER BY id DESC;
-- name: COUNT_STATE scope=none kind=write
UPDATE stock_count SET state = :state, version = version + 1,
       submitted_ms = iif(:state = 'submitted', :now, submitted_ms),
       submitted_by = iif(:state = 'submitted', :author, submitted_by),
       ended_ms = iif(:state IN ('done', 'dropped'), :now, 0),
       ended_by = iif(:state IN ('done', 'dropped'), :author, '')
 WHERE id = :id AND state = :from;
-- name: COUNT_BIN_ADD scope=none kind=write
INSERT INTO count_bin (count_id, bin_id) VALUES (:count, :bin)
    ON CONFLICT DO NOTHING;
-- name: COUNT_BIN_VISIT scope=none kind=write
UPDATE count_bin SET visited_ms = :now WHERE count_id = :count AND bin_id = :bin;
-- name: COUNT_BIN_NEXT scope=none kind=read temp_btree=yes
-- The first bin of the walk nobody was at yet.
SELECT n.code FROM count_bin b JOIN bin n ON n.id = b.bin_id
 WHERE b.count_id = :count AND b.visited_ms = 0
 ORDER BY n.zone, n.place, n.code LIMIT 1;
-- What lies there: of no lot, which is what its balance has beyond its lots (all
-- of it where it is not kept by them), and of each lot.
-- name: COUNT_LINES_OF_BIN scope=none kind=write plan=balance_bin temp_btree=yes
INSERT INTO count_line (count_id, bin_id, item_id)
SELECT :count, :bin, item_id
  FROM (SELECT item_id, qty_e3 FROM balance WHERE bin_id = :bin
         UNION ALL
        SELECT t.item_id, -b.qty_e3
          FROM lot_balance b JOIN lot t ON t.id = b.lot_id
         WHERE b.bin_id = :bin)
 GROUP BY item_id HAVING sum(qty_e3) <> 0
    ON CONFLICT DO NOTHING;
-- name: COUNT_LOTS_OF_BIN scope=none kind=write plan=lot_balance_bin
INSERT INTO count_line (count_id, bin_id, item_id, lot_id)
SELECT :count, b.bin_id, t.item_id, b.lot_id
  FROM lot_balance b JOIN lot t ON t.id = b.lot_id WHERE b.bin_id = :bin
    ON CONFLICT DO NOTHING;
-- name: COUNT_LINES_OF_ITEM scope=none kind=write plan=lot_item temp_btree=yes
INSERT INTO count_line (count_id, bin_id, item_id)
SELECT :count, bin_id, :item
  FROM (SELECT bin_id, qty_e3 FROM balance WHERE item_id = :item
         UNION ALL
        SELECT b.bin_id, -b.qty_e3
          FROM lot t CROSS JOIN lot_balance b ON b.lot_id = t.id
         WHERE t.item_id = :item AND t.qty_e3 > 0)
 GROUP BY bin_id HAVING sum(qty_e3) <> 0
    ON CONFLICT DO NOTHING;
-- name: COUNT_LOTS_OF_ITEM scope=none kind=write plan=lot_item
INSERT INTO count_line (count_id, bin_id, item_id, lot_id)
SELECT :count, b.bin_id, t.item_id, b.lot_id
  FROM lot t CROSS JOIN lot_balance b ON b.lot_id = t.id
 WHERE t.item_id = :item AND t.qty_e3 > 0
    ON CONFLICT DO NOTHING;
-- name: COUNT_BINS_OF_LINES scope=none kind=write
INSERT INTO count_bin (count_id, bin_id)
SELECT DISTINCT count_id, bin_id FROM count_line WHERE count_id = :count
    ON CONFLICT DO NOTHING;
-- name: COUNT_LINE_GET scope=none kind=read
SELECT coalesce(counted_e3, 0) FROM count_line
 WHERE count_id = :count AND bin_id = :bin AND item_id = :item
   AND lot_id = :lot;
-- name: COUNT_LINE_PUT scope=none kind=write
INSERT INTO count_line (count_id, bin_id, item_id, lot_id, counted_e3,
                        expected_e3, counted_by)
    VALUES (:count, :bin, :item, :lot, :counted, :expected, :author)
    ON CONFLICT (count_id, bin_id, item_id, lot_id) DO UPDATE
    SET counted_e3 = excluded.counted_e3, expected_e3 = excluded.expected_e3,
        counted_by = excluded.counted_by;
-- name: COUNT_LINES scope=none kind=read temp_btree=yes
-- A serial is in one place: the last column is where else it is said to be.
SELECT l.bin_id, n.code, l.item_id, i.sku, i.title, l.counted_e3,
       l.expected_e3, l.counted_by, l.lot_id, coalesce(t.code, ''),
       CASE WHEN i.track = 'serial' THEN
            (SELECT o.code FROM lot_balance b JOIN bin o ON o.id = b.bin_id
              WHERE b.lot_id = l.lot_id AND b.bin_id <> l.bin_id LIMIT 1)
       END
  FROM count_line l JOIN bin n ON n.id = l.bin_id
  JOIN item i ON i.id = l.item_id LEFT JOIN lot t ON t.id = l.lot_id
 WHERE l.count_id = :count
 ORDER BY n.zone, n.place, n.code, i.sku, i.id, l.lot_id = 0, t.code;
-- name: COUNT_LOTS_OF_CODE scope=none kind=read plan=lot_by_code
-- Lots of that code, of items the count asks for in that bin.
SELECT t.id, t.item_id FROM lot t
 WHERE t.code = :code AND EXISTS
       (SELECT 1 FROM count_line l WHERE l.count_id = :count
           AND l.bin_id = :bin AND l.item_id = t.item_id)
 LIMIT 2;
-- name: COUNT_LOT_BIN scope=none kind=read
-- Another bin of the count where somebody counted that lot.
SELECT n.code FROM count_line l JOIN bin n ON n.id = l.bin_id
 WHERE l.count_id = :count AND l.bin_id <> :bin AND l.item_id = :item
   AND l.lot_id = :lot AND l.counted_e3 > 0 LIMIT 1;
-- name: COUNT_MINE scope=none kind=read
-- 1: that person counted some of it.
SELECT 1 FROM count_line WHERE count_id = :count AND counted_by = :author
 LIMIT 1;
-- name: COUNT_BINS_LEFT scope=none kind=write
-- What nobody was at is no longer part of it.
DELETE FROM count_bin WHERE count_id = :count AND visited_ms = 0;
-- name: COUNT_LINES_LEFT scope=none kind=write
DELETE FROM count_line WHERE count_id = :count AND bin_id NOT IN
       (SELECT bin_id FROM count_bin WHERE count_id = :count);
-- name: COUNT_LINE_BY_SKU scope=none kind=read
SELECT DISTINCT l.item_id FROM count_line l JOIN item i ON i.id = l.item_id
 WHERE l.count_id = :count AND l.bin_id = :bin AND i.sku = :code
   AND i.sku <> '' LIMIT 2;
-- name: COUNT_HAS_LINE scope=none kind=read
SELECT 1 FROM count_line
 WHERE count_id = :count AND bin_id = :bin AND item_id = :item LIMIT 1;
-- name: COUNT_HAS_BIN scope=none kind=read
SELECT 1 FROM count_bin WHERE count_id = :count AND bin_id = :bin;
