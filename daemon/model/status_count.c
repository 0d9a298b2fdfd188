#include "model/status_count.h"

#include <string.h>

#include "common/arena.h"
#include "db/sql.h"

enum { COUNTS_MAX = 512 }; /* statuses of one store */

int status_count_list(struct db_tx *tx, int64_t store_id, struct arena *a,
                      struct status_count **ret, size_t *ret_n) {
    AUTO_ROWS struct db_rows *r = NULL;
    struct status_count *c = arena_alloc(a, COUNTS_MAX * sizeof *c);
    size_t n = 0;
    int rc = db_query(tx, STMT_ORDER_COUNTS, &r, "S", store_id);
    while (rc >= 0 && n < COUNTS_MAX && (rc = db_step(r)) > 0) {
        const char *status = db_text(r, 0);
        c[n++] = (struct status_count){
            .status = arena_dupn(a, status, strlen(status)), .n = db_i64(r, 1)};
    }
    if (rc < 0)
        return rc;
    *ret = c;
    *ret_n = n;
    return 0;
}

/* Where work is behind, old orders are the many: those that are not are then
 * counted instead. */
int status_count_before(struct db_tx *tx, int64_t store_id,
                        const struct status_count *c, int64_t before_ms,
                        int64_t *ret) {
    enum { FEW = 100 };
    int64_t n = 0, recent = FEW;
    int rc = 0;
    if (c->n > FEW)
        rc = db_value(tx, STMT_ORDER_RECENT, &recent, "Ssii", store_id,
                      c->status, before_ms, (int64_t)FEW);
    if (rc >= 0 && recent < FEW)
        n = c->n - recent;
    else if (rc >= 0)
        rc = db_value(tx, STMT_ORDER_LATE, &n, "Ssi", store_id, c->status,
                      before_ms);
    if (rc < 0)
        return rc;
    *ret = n;
    return 0;
}
