-- Lists people come back to: a filter and a sort behind one of nine keys. One
-- of one's own stands before everybody's of the same key.
CREATE TABLE saved_view (
    owner TEXT NOT NULL,                    -- as audit.actor; '': everybody's
    slot  INTEGER NOT NULL CHECK (slot BETWEEN 1 AND 9),
    list  TEXT NOT NULL,                    -- orders products customers changes ...
    name  TEXT NOT NULL,
    filter TEXT NOT NULL,
    sort  TEXT NOT NULL,                    -- '': the list's own
    PRIMARY KEY (owner, slot)
) STRICT, WITHOUT ROWID;
