-- What is kept for how long (daemon/model/retain.c).

-- When an object was first missed at the shop; it may have come back since.
CREATE TABLE tombstone (
    id        INTEGER PRIMARY KEY,
    store_id  INTEGER NOT NULL,
    kind      TEXT NOT NULL,                -- order refund product customer category
    remote_id INTEGER NOT NULL,
    since_ms  INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX tombstone_object ON tombstone (store_id, kind, remote_id);
CREATE INDEX tombstone_since ON tombstone (since_ms, id);
-- Those that are in the file already count from today.
INSERT INTO tombstone (store_id, kind, remote_id, since_ms)
SELECT store_id, 'order', remote_id, unixepoch() * 1000 FROM orders
 WHERE gone = 2
UNION ALL SELECT store_id, 'refund', remote_id, unixepoch() * 1000 FROM refund
 WHERE gone = 2
UNION ALL SELECT store_id, 'product', remote_id, unixepoch() * 1000
  FROM product WHERE gone = 2
UNION ALL SELECT store_id, 'customer', remote_id, unixepoch() * 1000
  FROM contact WHERE gone = 2 AND remote_id > 0
UNION ALL SELECT store_id, 'category', remote_id, unixepoch() * 1000
  FROM category WHERE gone = 2;

-- 1: payload, answer and values about a person were dropped.
ALTER TABLE change ADD COLUMN trimmed INTEGER NOT NULL DEFAULT 0;
CREATE INDEX change_kept ON change (changed_ms)
    WHERE trimmed = 0 AND state IN ('confirmed', 'discarded');
ALTER TABLE proposal ADD COLUMN trimmed INTEGER NOT NULL DEFAULT 0;
CREATE INDEX proposal_kept ON proposal (decided_ms)
    WHERE trimmed = 0 AND kind = 'new_order' AND state <> 'pending';
CREATE INDEX mail_kept ON mail (changed_ms)
    WHERE body <> '' AND state IN ('sent', 'discarded');
CREATE INDEX aside_last ON aside (last_ms);
