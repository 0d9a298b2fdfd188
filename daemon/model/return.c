/* The row of a return, its states and its moves. */
#include "model/return.h"

#include "common/arena.h"
#include "common/check.h"
#include "common/str.h"
#include "db/sql.h"
#include "model/change.h"
#include "model/feed.h"
#include "model/list.h"
#include "model/order_event.h"
#include "model/return_row.h"

static const char *const states[RETURN_STATES] = {
    [RETURN_REQUESTED] = "requested", [RETURN_APPROVED] = "approved",
    [RETURN_RECEIVED] = "received",   [RETURN_INSPECTED] = "inspected",
    [RETURN_REFUNDED] = "refunded",   [RETURN_CLOSED] = "closed",
    [RETURN_REJECTED] = "rejected"};

#define TO(s) (1u << RETURN_##s)

static const unsigned moves[RETURN_STATES] = {
    [RETURN_REQUESTED] = TO(APPROVED) | TO(REJECTED),
    [RETURN_APPROVED] = TO(RECEIVED) | TO(REJECTED) | TO(CLOSED),
    [RETURN_RECEIVED] = TO(INSPECTED),
    /* inspected again: somebody looked twice */
    [RETURN_INSPECTED] =
        TO(INSPECTED) | TO(REFUNDED) | TO(CLOSED) | TO(REJECTED),
    [RETURN_REFUNDED] = TO(CLOSED),
};

const char *return_state_name(enum return_state s) {
    REQUIRE(s < RETURN_STATES);
    return states[s];
}

int return_state_parse(const char *name) {
    for (int s = 0; s < RETURN_STATES; s++)
        if (str_eq(states[s], name))
            return s;
    return ERR_INVALID;
}

bool return_may(enum return_state from, enum return_state to) {
    REQUIRE(from < RETURN_STATES && to < RETURN_STATES);
    return (moves[from] & 1u << to) != 0;
}

const char *return_text(char dst[RETURN_TEXT], int64_t id) {
    (void)str_format(dst, RETURN_TEXT, "R-%lld", (long long)id);
    return dst;
}

/* --- rows ------------------------------------------------------------------
 */

static int read_row(struct db_rows *r, struct arena *a, struct return_ *ret) {
    int state = return_state_parse(db_text(r, 3));
    if (state < 0)
        return ERR_DB_CORRUPT;
    *ret = (struct return_){.id = db_i64(r, 0),
                            .store_id = db_i64(r, 1),
                            .remote_id = db_i64(r, 2),
                            .state = (enum return_state)state,
                            .reason = list_keep(a, db_text(r, 4)),
                            .note = list_keep(a, db_text(r, 5)),
                            .decision = list_keep(a, db_text(r, 6)),
                            .refund = list_keep(a, db_text(r, 7)),
                            .amount_e4 = db_i64(r, 8),
                            .created_ms = db_i64(r, 9),
                            .created_by = list_keep(a, db_text(r, 10)),
                            .changed_ms = db_i64(r, 11),
                            .version = db_i64(r, 12),
                            .store = list_keep(a, db_text(r, 13)),
                            .number = list_keep(a, db_text(r, 14)),
                            .customer = list_keep(a, db_text(r, 15)),
                            .want_e3 = db_i64(r, 16),
                            .received_e3 = db_i64(r, 17),
                            .to_restock_e3 = db_i64(r, 18)};
    return 1;
}

int return_get(struct db_tx *tx, int64_t id, struct arena *a,
               struct return_ *ret) {
    struct return_ got;
    AUTO_ROWS struct db_rows *r = NULL;
    int rc = db_query(tx, STMT_RETURN_GET, &r, "i", id);
    if (rc >= 0)
        rc = db_step(r);
    if (rc > 0)
        rc = read_row(r, a, &got);
    if (rc <= 0 || !db_scope_has(db_get_scope(tx), got.store_id))
        return rc < 0 ? rc : 0;
    *ret = got;
    return 1;
}

int return_lines(struct db_tx *tx, int64_t id, struct arena *a,
                 struct return_line **ret, size_t *ret_n) {
    struct return_line *l = arena_alloc(a, RETURN_LINES * sizeof *l);
    AUTO_ROWS struct db_rows *r = NULL;
    size_t n = 0;
    int rc = db_query(tx, STMT_RETURN_LINES, &r, "i", id);
    while (rc >= 0 && n < RETURN_LINES && (rc = db_step(r)) > 0)
        l[n++] = (struct return_line){.line_id = db_i64(r, 0),
                                      .product_id = db_i64(r, 1),
                                      .sku = list_keep(a, db_text(r, 2)),
                                      .name = list_keep(a, db_text(r, 3)),
                                      .want_e3 = db_i64(r, 4),
                                      .received_e3 = db_i64(r, 5),
                                      .restock_e3 = db_i64(r, 6),
                                      .quarantine_e3 = db_i64(r, 7),
                                      .dispose_e3 = db_i64(r, 8),
                                      .stock = list_keep(a, db_text(r, 9)),
                                      .part = db_i64(r, 10)};
    if (rc < 0)
        return rc;
    *ret = l;
    *ret_n = n;
    return 0;
}

int return_came_back(struct db_tx *tx, int64_t store_id, int64_t remote_id,
                     struct arena *a, struct return_back **ret, size_t *ret_n) {
    struct return_back *l = arena_alloc(a, RETURN_LINES * sizeof *l);
    AUTO_ROWS struct db_rows *r = NULL;
    size_t n = 0;
    int rc = db_query(tx, STMT_RETURN_CAME_BACK, &r, "Si", store_id, remote_id);
    while (rc >= 0 && n < RETURN_LINES && (rc = db_step(r)) > 0)
        l[n++] = (struct return_back){db_i64(r, 0), db_i64(r, 1), db_i64(r, 2)};
    if (rc < 0)
        return rc;
    *ret = l;
    *ret_n = n;
    return 0;
}

/* --- telling ---------------------------------------------------------------
 */

int return_row_told(struct db_tx *tx, const struct return_ *r) {
    int rc = feed_add(tx, "return", r->store_id, r->id, "");
    return rc < 0 ? rc : feed_add(tx, "order", r->store_id, r->remote_id, "");
}

int return_row_event(struct db_tx *tx, const struct return_ *r,
                     const char *what, const char *who) {
    char text[RETURN_TEXT];
    int rc = order_event_add(tx, r->store_id, r->remote_id, what, who,
                             return_text(text, r->id));
    return rc < 0 ? rc : return_row_told(tx, r);
}

static int bad_state(const struct return_ *r, struct error *e) {
    char text[RETURN_TEXT];
    return error_set(e, ERR_CONFLICT, "return", "%s is %s",
                     return_text(text, r->id), return_state_name(r->state));
}

int return_row_move(struct db_tx *tx, const struct return_ *r,
                    enum return_state to, const char *decision, const char *who,
                    struct error *e) {
    char what[32];
    if (!return_may(r->state, to))
        return bad_state(r, e);
    (void)str_format(what, sizeof what, "return_%s", return_state_name(to));
    int rc =
        db_run(tx, STMT_RETURN_MOVE, "ssii", return_state_name(to),
               str_empty(decision) ? r->decision : decision, db_now(tx), r->id);
    return rc < 0 ? rc : return_row_event(tx, r, what, who);
}

/* --- decisions -------------------------------------------------------------
 */

int return_approve(struct db_tx *tx, const struct return_ *r, const char *note,
                   const char *who, struct error *e) {
    return return_row_move(tx, r, RETURN_APPROVED, note, who, e);
}

/* Is something of it on its way back into the shop's stock? */
static int stocked(struct db_tx *tx, const struct return_ *r) {
    AUTO_ROWS struct db_rows *rows = NULL;
    int rc = db_query(tx, STMT_RETURN_LINES, &rows, "i", r->id);
    while (rc >= 0 && (rc = db_step(rows)) > 0)
        if (*db_text(rows, 9))
            return 1;
    return rc;
}

int return_row_untouched(struct db_tx *tx, const struct return_ *r,
                         struct error *e) {
    char text[RETURN_TEXT];
    int rc = stocked(tx, r);
    if (rc == 0 && *r->refund)
        rc = 1;
    return rc > 0 ? error_set(e, ERR_CONFLICT, "return",
                              "of %s something was counted back in or "
                              "refunded already",
                              return_text(text, r->id))
                  : rc;
}

int return_reject(struct db_tx *tx, const struct return_ *r, const char *reason,
                  const char *who, struct error *e) {
    int rc = return_row_untouched(tx, r, e);
    return rc < 0 ? rc
                  : return_row_move(tx, r, RETURN_REJECTED, reason, who, e);
}

/* --- money -----------------------------------------------------------------
 */

/* The change that gives money back: 1 while it may still do so. */
static int refund_open(struct db_tx *tx, const struct return_ *r,
                       struct arena *a) {
    struct change c;
    int rc = *r->refund ? change_get(tx, r->refund, a, &c) : 0;
    return rc <= 0 ? rc
                   : c.state != CHANGE_CONFIRMED && c.state != CHANGE_DISCARDED;
}

int return_may_refund(struct db_tx *tx, const struct return_ *r,
                      struct arena *a, struct error *e) {
    char text[RETURN_TEXT];
    if (r->state != RETURN_INSPECTED)
        return bad_state(r, e);
    int rc = refund_open(tx, r, a);
    return rc > 0 ? error_set(e, ERR_CONFLICT, "return",
                              "the refund of %s is on its way: %s",
                              return_text(text, r->id), r->refund)
                  : rc;
}

int return_refund(struct db_tx *tx, const struct return_ *r, const char *change,
                  int64_t amount_e4, const char *who) {
    int rc = db_run(tx, STMT_RETURN_REFUND, "sii", change, amount_e4, r->id);
    return rc < 0 ? rc : return_row_event(tx, r, "return_refund_asked", who);
}

int return_close(struct db_tx *tx, const struct return_ *r, const char *note,
                 struct arena *a, const char *who, struct error *e) {
    char text[RETURN_TEXT];
    int rc = refund_open(tx, r, a);
    if (rc > 0)
        return error_set(e, ERR_CONFLICT, "return",
                         "the refund of %s is not decided yet: %s",
                         return_text(text, r->id), r->refund);
    return rc < 0 ? rc : return_row_move(tx, r, RETURN_CLOSED, note, who, e);
}

int return_confirmed(struct db_tx *tx, const char *change, const char *who) {
    AUTO_ARENA struct arena *a = arena_new(1024);
    struct return_ r;
    struct error e;
    int64_t id = 0;
    int rc = db_value(tx, STMT_RETURN_BY_REFUND, &id, "s", change);
    if (rc > 0)
        rc = return_get(tx, id, a, &r);
    if (rc <= 0 || !return_may(r.state, RETURN_REFUNDED))
        return rc < 0 ? rc : 0;
    return return_row_move(tx, &r, RETURN_REFUNDED, "", who, &e);
}
