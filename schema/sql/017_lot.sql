-- Lots and serials of items that ask for it. A serial is a lot of one piece.

ALTER TABLE item ADD COLUMN track TEXT NOT NULL DEFAULT ''; -- '' lot serial

-- What an item's pieces are told apart by.
CREATE TABLE lot (
    id         INTEGER PRIMARY KEY,
    item_id    INTEGER NOT NULL REFERENCES item (id),
    code       TEXT NOT NULL COLLATE NOCASE,   -- of the lot, or the serial
    expires_ms INTEGER NOT NULL DEFAULT 0,     -- last day it is good, its start in UTC; 0: keeps
    created_ms INTEGER NOT NULL,
    qty_e3     INTEGER NOT NULL DEFAULT 0      -- derived: in all bins
) STRICT;
CREATE UNIQUE INDEX lot_code ON lot (item_id, code);
CREATE INDEX lot_by_code ON lot (code);
CREATE INDEX lot_expiry ON lot (expires_ms, id) WHERE qty_e3 > 0;
CREATE INDEX lot_item ON lot (item_id, expires_ms) WHERE qty_e3 > 0;

ALTER TABLE movement ADD COLUMN lot_id INTEGER NOT NULL DEFAULT 0; -- 0: of none
CREATE INDEX movement_lot ON movement (lot_id, id) WHERE lot_id > 0;

-- Derived: the sum of the movements of a lot in a bin, where it is not 0. What
-- of a balance is in no lot was there before its item asked for one.
CREATE TABLE lot_balance (
    lot_id INTEGER NOT NULL REFERENCES lot (id),
    bin_id INTEGER NOT NULL REFERENCES bin (id),
    qty_e3 INTEGER NOT NULL CHECK (qty_e3 >= 0),
    PRIMARY KEY (lot_id, bin_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX lot_balance_bin ON lot_balance (bin_id, lot_id);

-- Lots and serials that a line of work was made up of, as they were scanned.
CREATE TABLE work_lot (
    work_id   INTEGER NOT NULL REFERENCES work (id) ON DELETE CASCADE,
    line_id   INTEGER NOT NULL,
    part      INTEGER NOT NULL,
    lot_id    INTEGER NOT NULL,
    picked_e3 INTEGER NOT NULL,
    packed_e3 INTEGER NOT NULL,
    PRIMARY KEY (work_id, line_id, part, lot_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX work_lot_lot ON work_lot (lot_id);
ALTER TABLE scan ADD COLUMN lot_id INTEGER NOT NULL DEFAULT 0;
