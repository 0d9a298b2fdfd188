-- A line of a return may be one part of a bundle.
CREATE TABLE return_line_by_part (
    return_id     INTEGER NOT NULL REFERENCES return_ (id) ON DELETE CASCADE,
    line_id       INTEGER NOT NULL,         -- of the order
    part          INTEGER NOT NULL DEFAULT 0, -- of its bundle; 0: the line itself
    product_id    INTEGER NOT NULL,         -- remote id; of the variation if it has one
    sku           TEXT NOT NULL,
    name          TEXT NOT NULL,
    want_e3       INTEGER NOT NULL,
    received_e3   INTEGER NOT NULL DEFAULT 0,
    restock_e3    INTEGER NOT NULL DEFAULT 0,
    quarantine_e3 INTEGER NOT NULL DEFAULT 0,
    dispose_e3    INTEGER NOT NULL DEFAULT 0,
    stock         TEXT NOT NULL DEFAULT '', -- ULID of the change that counts it back in; -: in its bin alone
    PRIMARY KEY (return_id, line_id, part)
) STRICT, WITHOUT ROWID;
INSERT INTO return_line_by_part (return_id, line_id, product_id, sku, name,
                                 want_e3, received_e3, restock_e3,
                                 quarantine_e3, dispose_e3, stock)
SELECT return_id, line_id, product_id, sku, name, want_e3, received_e3,
       restock_e3, quarantine_e3, dispose_e3, stock
  FROM return_line;
DROP TABLE return_line;
ALTER TABLE return_line_by_part RENAME TO return_line;
