-- Tickets and files (daemon/model/ticket*.c, file*.c).

-- name: TICKET_ADD scope=store kind=write
INSERT INTO ticket (store_id, subject, priority, state, about_kind, about_id,
                    author, created_ms, changed_ms)
    VALUES (:store, :subject, :priority, 'open', :kind, :about, :author, :now,
            :now);
-- name: TICKET_BY_ID scope=none kind=read
SELECT t.id, t.store_id, t.subject, t.priority, t.state, t.assignee,
       t.about_kind, t.about_id, t.author, t.created_ms, t.changed_ms,
       t.last_id, t.open_id, t.version, s.name, coalesce(r.message_id, 0)
  FROM ticket t JOIN store s ON s.id = t.store_id
  LEFT JOIN ticket_read r ON r.ticket_id = t.id AND r.who = :who
 WHERE t.id = :id;
-- name: TICKET_LIST scope=store kind=read plan=ticket_store
SELECT t.id, t.store_id, t.subject, t.priority, t.state, t.assignee,
       t.about_kind, t.about_id, t.author, t.created_ms, t.changed_ms,
       t.last_id, t.open_id, t.version, s.name, coalesce(r.message_id, 0)
  FROM ticket t INDEXED BY ticket_store JOIN store s ON s.id = t.store_id
  LEFT JOIN ticket_read r ON r.ticket_id = t.id AND r.who = :who
 WHERE t.store_id = :store AND t.changed_ms <= :before
 ORDER BY t.changed_ms DESC, t.id DESC;
-- name: TICKET_LIST_STATE scope=store kind=read plan=ticket_state
SELECT t.id, t.store_id, t.subject, t.priority, t.state, t.assignee,
       t.about_kind, t.about_id, t.author, t.created_ms, t.changed_ms,
       t.last_id, t.open_id, t.version, s.name, coalesce(r.message_id, 0)
  FROM ticket t INDEXED BY ticket_state JOIN store s ON s.id = t.store_id
  LEFT JOIN ticket_read r ON r.ticket_id = t.id AND r.who = :who
 WHERE t.store_id = :store AND t.state = :state AND t.changed_ms <= :before
 ORDER BY t.changed_ms DESC, t.id DESC;
-- name: TICKET_SETTLED scope=store kind=read plan=ticket_state
SELECT state, count(*) FROM ticket INDEXED BY ticket_state
 WHERE store_id = :store AND state IN ('resolved', 'closed')
   AND (:inner OR open_id > 0) GROUP BY state;
-- Each active one: urgent, unread (inner: notes count as well), mine.
-- name: TICKET_ACTIVE scope=store kind=read plan=ticket_open
SELECT t.state, t.priority = 'urgent',
       CASE WHEN :inner THEN t.last_id ELSE t.open_id END
           > coalesce(r.message_id, 0), t.assignee = :who
  FROM ticket t INDEXED BY ticket_open
  LEFT JOIN ticket_read r ON r.ticket_id = t.id AND r.who = :who
 WHERE t.store_id = :store AND t.state IN ('open', 'in_progress', 'waiting');
-- Unread ones; what was settled long ago is nobody's news.
-- name: TICKET_NEWS scope=store kind=read plan=ticket_state
SELECT count(*) FROM ticket t INDEXED BY ticket_state
  LEFT JOIN ticket_read r ON r.ticket_id = t.id AND r.who = :who
 WHERE t.store_id = :store AND t.state IN ('resolved', 'closed')
   AND t.changed_ms > :since
   AND CASE WHEN :inner THEN t.last_id ELSE t.open_id END
       > coalesce(r.message_id, 0);

-- name: TICKET_MESSAGE_ADD scope=none kind=write
INSERT INTO ticket_message (ticket_id, kind, author, text, was, at_ms)
    VALUES (:ticket, :kind, :author, :text, :was, :now);
-- A note leaves no mark on what owners see.
-- name: TICKET_NOTED scope=none kind=write
UPDATE ticket SET last_id = :message WHERE id = :id;
-- name: TICKET_TOLD scope=none kind=write
UPDATE ticket SET last_id = :message, open_id = :message, changed_ms = :now,
       version = version + 1
 WHERE id = :id;
-- name: TICKET_SET scope=none kind=write
UPDATE ticket SET state = :state, priority = :priority, assignee = :assignee
 WHERE id = :id;
-- name: TICKET_MESSAGES scope=none kind=read plan=ticket_message_of
SELECT id, kind, author, text, was, at_ms FROM ticket_message
 WHERE ticket_id = :ticket AND id < :before AND (kind <> 'note' OR :inner)
 ORDER BY id DESC LIMIT :max;
-- name: TICKET_READ_PUT scope=none kind=write
INSERT INTO ticket_read (ticket_id, who, message_id)
    VALUES (:ticket, :who, :message)
    ON CONFLICT (ticket_id, who) DO UPDATE SET message_id = excluded.message_id;
-- A store's tickets when its company is another: what was said is the house's
-- own from then on, and over.
-- name: TICKETS_NOTED scope=store kind=write
UPDATE ticket_message SET kind = 'note'
 WHERE kind = 'reply' AND ticket_id IN
       (SELECT id FROM ticket WHERE store_id = :store AND open_id > 0);
-- name: TICKETS_HIDE scope=store kind=write plan=ticket_store
UPDATE ticket SET state = 'closed', open_id = 0, version = version + 1
 WHERE store_id = :store AND open_id > 0;

-- Who works here and sees the store.
-- name: TICKET_ASSIGNABLE scope=store kind=read
SELECT 1 FROM users u
 WHERE u.name = :name AND u.active = 1 AND u.role <> 'owner'
   AND (u.role = 'admin' OR u.all_stores = 1 OR EXISTS
        (SELECT 1 FROM user_store x
          WHERE x.user_id = u.id AND x.store_id = :store));

-- name: FILE_ADD scope=none kind=write
INSERT INTO file (sha256, size, type, name, author, created_ms)
    VALUES (:sha256, :size, :type, :name, :author, :now);
-- name: FILE_BY_ID scope=none kind=read
SELECT f.id, f.sha256, f.size, f.type, f.name, f.author, f.created_ms,
       l.file_id, t.id, t.store_id, m.kind
  FROM file f LEFT JOIN file_link l ON l.file_id = f.id
  LEFT JOIN ticket_message m ON l.kind = 'message' AND m.id = l.of_id
  LEFT JOIN ticket t ON t.id = m.ticket_id
 WHERE f.id = :id;
-- name: FILES_OF_MESSAGE scope=none kind=read plan=file_link_of temp_btree=yes
SELECT f.id, f.sha256, f.size, f.type, f.name, f.author, f.created_ms,
       l.file_id, t.id, t.store_id, m.kind
  FROM file_link l JOIN file f ON f.id = l.file_id
  JOIN ticket_message m ON m.id = l.of_id
  JOIN ticket t ON t.id = m.ticket_id
 WHERE l.kind = 'message' AND l.of_id = :message ORDER BY f.id;
-- What somebody sent and put nowhere yet.
-- name: FILES_OF_AUTHOR scope=none kind=read plan=file_author
SELECT f.id, f.sha256, f.size, f.type, f.name, f.author, f.created_ms,
       NULL, NULL, NULL, NULL
  FROM file f
 WHERE f.author = :author
   AND NOT EXISTS (SELECT 1 FROM file_link l WHERE l.file_id = f.id)
 ORDER BY f.id LIMIT :max;
-- name: FILE_LINK_ADD scope=none kind=write
INSERT INTO file_link (file_id, kind, of_id) VALUES (:file, :kind, :of);
-- name: FILE_DROP scope=none kind=write
DELETE FROM file WHERE id = :id;
-- The same bytes twice are counted twice: who sent them is asked for them.
-- name: FILE_TOTAL scope=none kind=read
SELECT coalesce(sum(size), 0) FROM file;
-- name: FILE_KNOWN scope=none kind=read plan=file_sha256
SELECT 1 FROM file WHERE sha256 = :sha256 LIMIT 1;
-- name: FILE_FORGET scope=none kind=write
DELETE FROM file WHERE created_ms < :before
   AND NOT EXISTS (SELECT 1 FROM file_link l WHERE l.file_id = file.id);
