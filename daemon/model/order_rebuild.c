#include "common/mem.h"
#include "model/order.h"
#include "model/order_row.h"
#include "model/overlay.h"

/* A row as far as its list columns are derived from it. */
struct slice_row {
    int64_t id, store_id, remote_id;
    char *shop;
    int gone;
};

enum { SLICE_MAX = 1000 };

static int read_slice(struct db_tx *tx, int64_t after, int n,
                      struct slice_row *rows) {
    AUTO_ROWS struct db_rows *r = NULL;
    int got = 0;
    int rc = db_query(tx, STMT_ORDER_SLICE, &r, "ii", after, (int64_t)n);
    while (rc >= 0 && (rc = db_step(r)) > 0) {
        const char *shop = db_text(r, db_null(r, 2) ? 1 : 2);
        rows[got++] =
            (struct slice_row){db_i64(r, 0), db_i64(r, 4), db_i64(r, 5),
                               mem_dup(shop), (int)db_i64(r, 3)};
    }
    return rc < 0 ? rc : got;
}

static int rebuild_row(struct db_tx *tx, const struct slice_row *row) {
    AUTO_COUNTS struct order_counts unused = {0}; /* recounted at the end */
    struct order_state s = order_state_of(row->shop, row->gone, NULL);
    int rc = order_row_state(tx, &unused, row->id, row->shop, &s);
    if (rc >= 0)
        rc = order_row_marks(tx, row->id);
    if (rc >= 0)
        rc = overlay_any(tx, row->store_id, MIRROR_ORDER);
    return rc <= 0 ? rc
                   : overlay_refresh(tx, row->store_id, MIRROR_ORDER,
                                     row->remote_id);
}

/* Counters once, behind the last slice. */
static int recount(struct db_tx *tx) {
    int rc = db_run(tx, STMT_ORDER_COUNT_CLEAR, "");
    return rc < 0 ? rc : db_run(tx, STMT_ORDER_COUNT_FILL, "");
}

int64_t order_rebuild(struct db_tx *tx, int64_t after, int n) {
    struct slice_row rows[SLICE_MAX];
    int64_t last = 0;
    int rc = 0;
    int got = read_slice(tx, after, n > SLICE_MAX ? SLICE_MAX : n, rows);
    for (int i = 0; i < got; i++) {
        if (rc >= 0)
            rc = rebuild_row(tx, &rows[i]);
        last = rows[i].id;
        free(rows[i].shop);
    }
    if (got == 0)
        rc = recount(tx);
    return got < 0 ? got : rc < 0 ? rc : last;
}
