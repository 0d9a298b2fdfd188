#include "model/audit_list.h"

#include <string.h>

#include "common/env.h"
#include "common/query.h"
#include "db/sql.h"
#include "model/list.h"
#include "query_keys.gen.h"

static bool passes(const struct query_term *t, const struct audit_item *a,
                   const struct zone *zone, int64_t now) {
    if (!t->key)
        return list_folded(t, a->actor) || list_folded(t, a->action) ||
               list_folded(t, a->object);
    switch (t->key->id) {
    case QUERY_AUDIT_WHO:
        return list_word(t, a->actor);
    case QUERY_AUDIT_ACTION:
        return list_word(t, a->action);
    case QUERY_AUDIT_OBJECT:
        return list_word(t, a->object);
    default:
        return list_date(t, a->at_ms, zone, now);
    }
}

static bool all_pass(const struct query *q, const struct audit_item *a,
                     const struct zone *zone, int64_t now) {
    for (int i = 0; i < q->n_terms; i++) {
        if (passes(&q->terms[i], a, zone, now) == q->terms[i].negated)
            return false;
    }
    return true;
}

/* What audit_each is to find, and how far it came. */
struct walk {
    const struct query *q;
    const struct zone *zone;
    int (*fn)(const struct audit_item *a, void *arg);
    void *arg;
    int64_t last;
    bool end;
};

static int walk(struct db_tx *tx, struct walk *w) {
    AUTO_ROWS struct db_rows *r = NULL;
    int rc = db_query(tx, STMT_AUDIT_LIST, &r, "i", w->last);
    while (rc == 0 && (rc = db_step(r)) > 0) {
        struct audit_item a = {.id = db_i64(r, 0),
                               .at_ms = db_i64(r, 1),
                               .actor = db_text(r, 2),
                               .action = db_text(r, 3),
                               .object = db_text(r, 4),
                               .payload = db_null(r, 5) ? NULL : db_text(r, 5)};
        w->last = a.id;
        rc = all_pass(w->q, &a, w->zone, db_now(tx)) ? w->fn(&a, w->arg) : 0;
        if (rc != 0)
            return rc < 0 ? rc : 0;
    }
    w->end = rc == 0;
    return rc;
}

int audit_each(struct db_tx *tx, int64_t before, const struct query *q,
               const struct zone *zone, int64_t ms,
               int (*fn)(const struct audit_item *a, void *arg), void *arg,
               int64_t *ret_last, bool *ret_end) {
    struct walk w = {
        .q = q, .zone = zone, .fn = fn, .arg = arg, .last = before};
    db_deadline(tx, ms);
    int rc = walk(tx, &w);
    db_deadline(tx, LIST_REST_MS);
    *ret_last = w.last;
    *ret_end = w.end;
    return rc == ERR_BUSY && w.last < before ? 0 : rc; /* it went on */
}
