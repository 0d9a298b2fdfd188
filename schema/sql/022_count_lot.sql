-- Counts name lots: a line of what is kept by them is one lot in one bin.
CREATE TABLE count_line_by_lot (
    count_id    INTEGER NOT NULL REFERENCES stock_count (id),
    bin_id      INTEGER NOT NULL REFERENCES bin (id),
    item_id     INTEGER NOT NULL REFERENCES item (id),
    lot_id      INTEGER NOT NULL DEFAULT 0, -- 0: pieces of no lot
    counted_e3  INTEGER,                    -- NULL: not yet
    expected_e3 INTEGER,                    -- what it should have been just then
    counted_by  TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (count_id, bin_id, item_id, lot_id)
) STRICT, WITHOUT ROWID;
INSERT INTO count_line_by_lot (count_id, bin_id, item_id, counted_e3,
                               expected_e3, counted_by)
SELECT count_id, bin_id, item_id, counted_e3, expected_e3, counted_by
  FROM count_line;
DROP TABLE count_line;
ALTER TABLE count_line_by_lot RENAME TO count_line;
