#include "model/mail.h"

#include "common/check.h"
#include "common/str.h"
#include "db/sql.h"
#include "model/change.h"
#include "model/feed.h"
#include "model/list.h"
#include "model/mail_row.h"

static const char *const states[MAIL_STATES] = {
    [MAIL_QUEUED] = "queued",      [MAIL_SENDING] = "sending",
    [MAIL_SENT] = "sent",          [MAIL_FAILED] = "failed",
    [MAIL_UNKNOWN] = "unknown",    [MAIL_PARKED] = "parked",
    [MAIL_DISCARDED] = "discarded"};

#define TO(s) (1u << MAIL_##s)

static const unsigned moves[MAIL_STATES] = {
    /* queued again: somebody does not want to wait for the next try */
    [MAIL_QUEUED] = TO(QUEUED) | TO(SENDING) | TO(PARKED) | TO(DISCARDED),
    [MAIL_SENDING] =
        TO(SENT) | TO(QUEUED) | TO(FAILED) | TO(UNKNOWN) | TO(PARKED),
    [MAIL_FAILED] = TO(QUEUED) | TO(DISCARDED),
    [MAIL_UNKNOWN] = TO(QUEUED) | TO(DISCARDED),
    [MAIL_PARKED] = TO(QUEUED) | TO(DISCARDED),
    [MAIL_DISCARDED] = TO(QUEUED),
};

const char *mail_state_name(enum mail_state s) {
    REQUIRE(s < MAIL_STATES);
    return states[s];
}

int mail_state_parse(const char *name) {
    for (int s = 0; s < MAIL_STATES; s++)
        if (str_eq(states[s], name))
            return s;
    return ERR_INVALID;
}

bool mail_may(enum mail_state from, enum mail_state to) {
    REQUIRE(from < MAIL_STATES && to < MAIL_STATES);
    return (moves[from] & 1u << to) != 0;
}

/* --- rows ------------------------------------------------------------------
 */

static const char *keep(struct arena *a, const char *s) {
    return a ? list_keep(a, s) : s;
}

int mail_row_read(struct db_rows *r, struct arena *a, struct mail *ret) {
    int state = mail_state_parse(db_text(r, 11));
    if (state < 0)
        return ERR_DB_CORRUPT;
    *ret = (struct mail){.id = db_i64(r, 0),
                         .cause = keep(a, db_text(r, 1)),
                         .template = keep(a, db_text(r, 2)),
                         .store_id = db_i64(r, 3),
                         .lang = keep(a, db_text(r, 4)),
                         .recipient = keep(a, db_text(r, 5)),
                         .sender = keep(a, db_text(r, 6)),
                         .params = keep(a, db_text(r, 7)),
                         .subject = keep(a, db_text(r, 8)),
                         .body = keep(a, db_text(r, 9)),
                         .message_id = keep(a, db_text(r, 10)),
                         .state = (enum mail_state)state,
                         .author = keep(a, db_text(r, 12)),
                         .created_ms = db_i64(r, 13),
                         .changed_ms = db_i64(r, 14),
                         .next_ms = db_i64(r, 15),
                         .attempts = (int)db_i64(r, 16),
                         .text = keep(a, db_text(r, 17))};
    return 1;
}

int mail_get(struct db_tx *tx, int64_t id, struct arena *a, struct mail *ret) {
    AUTO_ROWS struct db_rows *r = NULL;
    int rc = db_query(tx, STMT_MAIL_GET, &r, "i", id);
    if (rc >= 0)
        rc = db_step(r);
    return rc > 0 ? mail_row_read(r, a, ret) : rc;
}

int mail_find(struct db_tx *tx, const char *cause, const char *template,
              int64_t *ret_id) {
    return db_value(tx, STMT_MAIL_FIND, ret_id, "ss", cause, template);
}

/* Its own page repaints, and so does that of what it is about. */
static int tell(struct db_tx *tx, int64_t store_id) {
    return feed_add(tx, "mail", store_id, 0, "");
}

int mail_add(struct db_tx *tx, const struct mail_new *n, int64_t *ret_id,
             struct error *e) {
    int64_t id;
    int rc = db_run(tx, STMT_MAIL_INSERT, "ssissssssssi", n->cause, n->template,
                    n->store_id, n->lang, n->recipient, n->sender, n->params,
                    n->subject, n->body, n->message_id, n->author, db_now(tx));
    if (rc == ERR_EXISTS)
        return error_set(e, rc, "template",
                         "that letter was written already; see its mails");
    if (rc < 0)
        return rc;
    id = db_last_id(tx);
    rc = tell(tx, n->store_id);
    if (rc >= 0)
        *ret_id = id;
    return rc;
}

/* --- moves -----------------------------------------------------------------
 */

static int move(struct db_tx *tx, const struct mail *m, enum mail_state to,
                int64_t next_ms, const char *text) {
    if (!mail_may(m->state, to))
        return ERR_CONFLICT;
    int rc = db_run(tx, STMT_MAIL_MOVE, "siisi", mail_state_name(to),
                    db_now(tx), next_ms, text, m->id);
    return rc < 0 ? rc : tell(tx, m->store_id);
}

int mail_retry(struct db_tx *tx, const struct mail *m, struct error *e) {
    if (!*m->recipient)
        return error_set(e, ERR_CONFLICT, "mail",
                         "who it was for was forgotten on request");
    int rc = m->state == MAIL_SENDING ? ERR_CONFLICT
                                      : move(tx, m, MAIL_QUEUED, 0, m->text);
    return rc == ERR_CONFLICT
               ? error_set(e, rc, "mail", "it is %s: it is not sent again",
                           mail_state_name(m->state))
               : rc;
}

int mail_discard(struct db_tx *tx, const struct mail *m, struct error *e) {
    int rc = move(tx, m, MAIL_DISCARDED, 0, m->text);
    return rc == ERR_CONFLICT
               ? error_set(e, rc, "mail", "it is %s: nothing to take back",
                           mail_state_name(m->state))
               : rc;
}

/* --- the mailer ------------------------------------------------------------
 */

/* The first in line: 1 when it is its turn. */
static int due(struct db_tx *tx, int64_t *ret_id, int64_t *ret_next_ms) {
    AUTO_ROWS struct db_rows *r = NULL;
    int rc = db_query(tx, STMT_MAIL_DUE, &r, "");
    if (rc >= 0)
        rc = db_step(r);
    if (rc <= 0)
        return rc;
    *ret_id = db_i64(r, 0);
    if (db_i64(r, 1) <= db_now(tx))
        return 1;
    *ret_next_ms = db_i64(r, 1);
    return 0;
}

int mail_take(struct db_tx *tx, struct arena *a, struct mail *ret,
              int64_t *ret_next_ms) {
    int64_t id = 0, next = 0;
    int rc = change_held(tx);
    if (rc == 0)
        rc = due(tx, &id, &next);
    else if (rc > 0)
        rc = 0;
    if (rc > 0)
        rc = db_run(tx, STMT_MAIL_SENDING, "ii", db_now(tx), id);
    if (rc > 0)
        rc = mail_get(tx, id, a, ret);
    if (rc > 0)
        rc = tell(tx, ret->store_id) < 0 ? ERR_DB : 1;
    if (rc >= 0)
        *ret_next_ms = next;
    return rc;
}

int mail_settle(struct db_tx *tx, int64_t id, enum mail_state state,
                int64_t next_ms, const char *text) {
    struct mail m = {.id = id};
    AUTO_ROWS struct db_rows *r = NULL;
    int rc = db_query(tx, STMT_MAIL_GET, &r, "i", id);
    if (rc >= 0)
        rc = db_step(r);
    if (rc <= 0)
        return rc < 0 ? rc : ERR_NOT_FOUND;
    int was = mail_state_parse(db_text(r, 11));
    m.store_id = db_i64(r, 3);
    db_rows_done(TAKE_PTR(r));
    if (was != MAIL_SENDING)
        return ERR_CONFLICT;
    m.state = MAIL_SENDING;
    return move(tx, &m, state, next_ms, text);
}

static int all(struct db_tx *tx, enum stmt_id what) {
    int n = db_run(tx, what, "i", db_now(tx));
    int rc = n > 0 ? tell(tx, 0) : n;
    return rc < 0 ? rc : n;
}

int mail_recover(struct db_tx *tx) {
    return all(tx, STMT_MAIL_RECOVER);
}

int mail_park(struct db_tx *tx) {
    return all(tx, STMT_MAIL_PARK);
}
