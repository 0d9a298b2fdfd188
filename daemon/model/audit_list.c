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

int audit_each(struct db_tx *tx, int64_t before, const struct query *q,
               const struct zone *zone, int64_t ms,
               int (*fn)(const struct audit_item *a, void *arg), void *arg,
               int64_t *ret_last, bool *ret_end) {
    AUTO_ROWS struct db_rows *r = NULL;
    int64_t until = db_deadline_left(tx) - ms;
    int rc = db_query(tx, STMT_AUDIT_LIST, &r, "i", before);
    *ret_end = false;
    *ret_last = before;
    while (rc == 0 && db_deadline_left(tx) > until && (rc = db_step(r)) > 0) {
        struct audit_item a = {.id = db_i64(r, 0),
                               .at_ms = db_i64(r, 1),
                               .actor = db_text(r, 2),
                               .action = db_text(r, 3),
                               .object = db_text(r, 4),
                               .payload = db_null(r, 5) ? NULL : db_text(r, 5)};
        *ret_last = a.id;
        rc = all_pass(q, &a, zone, db_now(tx)) ? fn(&a, arg) : 0;
        if (rc != 0)
            return rc < 0 ? rc : 0;
    }
    if (rc == 0)
        *ret_end = db_deadline_left(tx) > until;
    return rc;
}
