#include "db/bulk.h"

#include "db/conn.h"

static const struct {
    enum stmt_id drop, build;
} scattered[] = {
    {STMT_INDEX_NUMBER_DROP, STMT_INDEX_NUMBER_BUILD},
    {STMT_INDEX_LINE_DROP, STMT_INDEX_LINE_BUILD},
};
enum { N_SCATTERED = sizeof scattered / sizeof scattered[0] };

static int drop_all(struct db_tx *tx) {
    int rc = 0;
    for (int i = 0; rc >= 0 && i < N_SCATTERED; i++)
        rc = db_run(tx, scattered[i].drop, "");
    return rc;
}

int bulk_repair(struct db_tx *tx) {
    int rc = 0;
    for (int i = 0; rc >= 0 && i < N_SCATTERED; i++)
        rc = db_run(tx, scattered[i].build, "");
    return rc;
}

/* The large cache and the missing indexes are for an empty mirror alone: beside
 * live stores memory stays small and lists need their indexes. */
int bulk_on(struct db_tx *tx, void *unused) {
    int64_t one;
    (void)unused;
    int rc = db_value(tx, STMT_MIRROR_HAS_ORDERS, &one, "");
    if (rc < 0)
        return rc;
    bool empty = rc == 0;
    rc = conn_exec(tx->conn, "PRAGMA wal_autocheckpoint = 16000");
    if (rc >= 0 && empty)
        rc = conn_exec(tx->conn, "PRAGMA cache_size = -64000");
    return rc >= 0 && empty ? drop_all(tx) : rc;
}

int bulk_off(struct db_tx *tx, void *unused) {
    (void)unused;
    int rc = bulk_repair(tx);
    if (rc < 0)
        return rc;
    return conn_exec(tx->conn, "PRAGMA cache_size = -16000;"
                               "PRAGMA wal_autocheckpoint = 4000;"
                               "PRAGMA shrink_memory");
}
