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

int status_count_before(struct db_tx *tx, int64_t store_id, const char *status,
                        int64_t before_ms, int64_t *ret) {
    int rc =
        db_value(tx, STMT_ORDER_LATE, ret, "Ssi", store_id, status, before_ms);
    return rc < 0 ? rc : 0;
}
