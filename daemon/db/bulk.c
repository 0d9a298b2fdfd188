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

/* All of it is for an empty mirror alone: beside live stores lists need their
 * indexes, and a checkpoint of 16,000 pages would hold a scan up for 300 ms.
 * 24 MB of cache keep the daemon under 64 MiB; a page that fell out costs a
 * copy from the system's cache. */
int bulk_on(struct db_tx *tx, void *unused) {
    int64_t one;
    (void)unused;
    int rc = db_value(tx, STMT_MIRROR_HAS_ORDERS, &one, "");
    if (rc < 0)
        return rc;
    if (rc > 0)
        return 0;
    rc = conn_exec(tx->conn, "PRAGMA cache_size = -24000");
    tx->conn->wal_max = CONN_WAL_PAGES_BULK;
    return rc < 0 ? rc : drop_all(tx);
}

int bulk_off(struct db_tx *tx, void *unused) {
    (void)unused;
    int rc = bulk_repair(tx);
    if (rc < 0)
        return rc;
    tx->conn->wal_max = CONN_WAL_PAGES;
    return conn_exec(tx->conn, "PRAGMA cache_size = -16000;"
                               "PRAGMA shrink_memory");
}
