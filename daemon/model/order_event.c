#include "model/order_event.h"

#include "common/arena.h"
#include "db/sql.h"
#include "model/list.h"

int order_event_add(struct db_tx *tx, int64_t store_id, int64_t remote_id,
                    const char *what, const char *who, const char *detail) {
    int rc = db_run(tx, STMT_EVENT_ADD, "Siisss", store_id, remote_id,
                    db_now(tx), what, who, detail);
    return rc < 0 ? rc : 0;
}

int order_event_list(struct db_tx *tx, int64_t store_id, int64_t remote_id,
                     struct arena *a, struct order_event **ret, size_t max,
                     size_t *ret_n) {
    AUTO_ROWS struct db_rows *r = NULL;
    struct order_event *e = arena_alloc(a, (max + 1) * sizeof *e);
    size_t n = 0;
    int rc = db_query(tx, STMT_EVENTS_OF, &r, "Sii", store_id, remote_id,
                      (int64_t)max);
    while (rc >= 0 && n < max && (rc = db_step(r)) > 0)
        e[n++] = (struct order_event){.at_ms = db_i64(r, 0),
                                      .what = list_keep(a, db_text(r, 1)),
                                      .who = list_keep(a, db_text(r, 2)),
                                      .detail = list_keep(a, db_text(r, 3))};
    if (rc < 0)
        return rc;
    *ret = e;
    *ret_n = n;
    return 0;
}
