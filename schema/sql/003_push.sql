-- What the push engine must remember of a change across a crash.

-- Highest id of its kind that was at the shop before it was sent: a note or an
-- object with a higher one may be ours, one with a lower one is not.
ALTER TABLE change ADD COLUMN mark INTEGER NOT NULL DEFAULT 0;

DROP VIEW change_full;
CREATE VIEW change_full AS
SELECT c.id, c.uuid, c.store_id, c.kind, c.remote_id, c.parent_id, c.act,
       c.state, c.payload, c.author, c.approver, c.reason, c.created_ms,
       c.changed_ms, c.sent_ms, c.next_ms, c.attempts, c.looks, c.ambiguous,
       c.code, c.text, c.answer, c.result_id, c.epoch, s.name AS store,
       c.mark
  FROM change c JOIN store s ON s.id = c.store_id;
