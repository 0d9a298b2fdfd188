-- Why a change is where it is, without words (model/cause.h): JSON, '' when its
-- text says it, as the shop's own words or one written down before this.
ALTER TABLE change ADD COLUMN cause TEXT NOT NULL DEFAULT '';

DROP VIEW change_full;
CREATE VIEW change_full AS
SELECT c.id, c.uuid, c.store_id, c.kind, c.remote_id, c.parent_id, c.act,
       c.state, c.payload, c.author, c.approver, c.reason, c.created_ms,
       c.changed_ms, c.sent_ms, c.next_ms, c.attempts, c.looks, c.ambiguous,
       c.code, c.text, c.answer, c.result_id, c.epoch, s.name AS store,
       c.mark, c.cause
  FROM change c JOIN store s ON s.id = c.store_id;
