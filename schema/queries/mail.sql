-- Letters (daemon/model/mail.c). The queue is above stores; those of an own
-- object are read with its store.

-- name: MAIL_INSERT scope=none kind=write
INSERT INTO mail (cause, template, store_id, lang, recipient, sender, params,
                  subject, body, message_id, state, author, created_ms,
                  changed_ms)
    VALUES (:cause, :template, :store_id, :lang, :recipient, :sender, :params,
            :subject, :body, :message_id, 'queued', :author, :now, :now);
-- name: MAIL_GET scope=none kind=read
SELECT id, cause, template, store_id, lang, recipient, sender, params, subject,
       body, message_id, state, author, created_ms, changed_ms, next_ms,
       attempts, text
  FROM mail WHERE id = :id;
-- name: MAIL_FIND scope=none kind=read
SELECT id FROM mail WHERE cause = :cause AND template = :template;
-- name: MAIL_OF scope=store kind=read temp_btree=yes
SELECT id, cause, template, store_id, lang, recipient, sender, params, subject,
       body, message_id, state, author, created_ms, changed_ms, next_ms,
       attempts, text
  FROM mail WHERE cause = :cause AND store_id = :store ORDER BY id;
-- name: MAIL_LIST scope=none kind=read
SELECT id, cause, template, store_id, lang, recipient, sender, params, subject,
       body, message_id, state, author, created_ms, changed_ms, next_ms,
       attempts, text
  FROM mail WHERE id < :before ORDER BY id DESC;
-- name: MAIL_COUNTS scope=none kind=read plan=mail_state
SELECT state, count(*) FROM mail GROUP BY state;
-- name: MAIL_DUE scope=none kind=read plan=mail_due
SELECT id, next_ms FROM mail INDEXED BY mail_due WHERE state = 'queued' ORDER BY next_ms, id LIMIT 1;
-- name: MAIL_MOVE scope=none kind=write
UPDATE mail SET state = :state, changed_ms = :now, next_ms = :next, text = :text
 WHERE id = :id;
-- name: MAIL_SENDING scope=none kind=write
UPDATE mail SET state = 'sending', changed_ms = :now, next_ms = 0,
       attempts = attempts + 1
 WHERE id = :id AND state = 'queued';
-- name: MAIL_RECOVER scope=none kind=write plan=mail_state
UPDATE mail SET state = 'unknown', changed_ms = :now,
       text = 'Fulexo ended while it was being sent.'
 WHERE state = 'sending';
-- What was to be sent when the copy was made has perhaps been sent since.
-- name: MAIL_PARK scope=none kind=write
UPDATE mail SET state = 'parked', changed_ms = :now, next_ms = 0
 WHERE state IN ('queued', 'sending');
