#include "model/demand.h"

#include "common/mem.h"
#include "common/str.h"
#include "db/sql.h"
#include "model/item.h"
#include "model/store.h"

/* 1: its lines are wanted. */
static int is_open(struct db_tx *tx, int64_t order_id) {
    AUTO_ROWS struct db_rows *r = NULL;
    int rc = db_query(tx, STMT_DEMAND_ORDER, &r, "i", order_id);
    if (rc >= 0)
        rc = db_step(r);
    if (rc <= 0)
        return rc;
    enum status_phase p = status_phase_of(db_text(r, 1));
    const char *phase = db_null(r, 2) ? status_phase_name(p) : db_text(r, 2);
    return p != PHASE_DEAD && (str_eq(phase, "todo") || str_eq(phase, "held") ||
                               str_eq(phase, "unmapped"));
}

/* Items of an order's demand, more added to those there. */
struct touched {
    int64_t *ids;
    size_t n;
};

static void touched_done(struct touched *t) {
    free(t->ids);
}

static int touch(struct db_tx *tx, int64_t order_id, struct touched *t) {
    AUTO_ROWS struct db_rows *r = NULL;
    int rc = db_query(tx, STMT_DEMAND_PRODUCTS, &r, "i", order_id);
    while (rc >= 0 && (rc = db_step(r)) > 0) {
        size_t i = 0;
        while (i < t->n && t->ids[i] != db_i64(r, 0))
            i++;
        if (i < t->n)
            continue;
        t->ids = mem_resize(t->ids, t->n + 1, sizeof *t->ids);
        t->ids[t->n++] = db_i64(r, 0);
    }
    return rc < 0 ? rc : 0;
}

int demand_write(struct db_tx *tx, int64_t order_id, bool fresh) {
    CLEANUP(touched_done) struct touched t = {0};
    int open = is_open(tx, order_id);
    int rc = open;
    if (rc >= 0 && !fresh)
        rc = touch(tx, order_id, &t);
    if (rc >= 0 && !fresh)
        rc = db_run(tx, STMT_DEMAND_CLEAR, "i", order_id);
    if (rc >= 0 && open)
        rc = db_run(tx, STMT_DEMAND_FILL, "i", order_id);
    if (rc >= 0 && open)
        rc = touch(tx, order_id, &t);
    for (size_t i = 0; rc >= 0 && i < t.n; i++)
        rc = item_refresh(tx, t.ids[i]);
    return rc < 0 ? rc : 0;
}

int demand_of(struct db_tx *tx, int64_t store_id, int64_t remote_id,
              int64_t *ret_e3) {
    int rc = db_value(tx, STMT_DEMAND_OF, ret_e3, "Si", store_id, remote_id);
    return rc < 0 ? rc : 0;
}
