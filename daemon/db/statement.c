#include "db/statement.h"

#include <sqlite3.h>
#include <string.h>

#include "common/check.h"
#include "common/log.h"
#include "common/mem.h"
#include "db/stmt_table.h"

const struct stmt_row stmt_rows[STMT_COUNT] = {
#include "stmt.gen.inc"
};

static void link_running(struct db_conn *c, struct db_rows *r) {
    r->prev = NULL;
    r->next = c->running;
    if (r->next)
        r->next->prev = r;
    c->running = r;
}

static void unlink_running(struct db_conn *c, struct db_rows *r) {
    if (r->prev)
        r->prev->next = r->next;
    else
        c->running = r->next;
    if (r->next)
        r->next->prev = r->prev;
}

static void log_failure(const struct db_conn *c, enum stmt_id id) {
    log_error("db.statement", "%s: %s", stmt_rows[id].label, conn_message(c));
}

static int prepare(struct db_conn *c, enum stmt_id id, struct db_rows **ret) {
    sqlite3_stmt *st = NULL;
    int rc = sqlite3_prepare_v3(c->sq, stmt_rows[id].sql, -1,
                                SQLITE_PREPARE_PERSISTENT, &st, NULL);
    if (rc != SQLITE_OK) {
        log_failure(c, id);
        return conn_code(rc);
    }
    REQUIRE(sqlite3_bind_parameter_count(st) == stmt_rows[id].n_params);
    struct db_rows *r = NEW(struct db_rows);
    r->st = st;
    r->id = id;
    r->feeds = stmt_rows[id].write && strstr(stmt_rows[id].sql, "INTO feed ");
    *ret = r;
    return 0;
}

int statement_take(struct db_tx *tx, enum stmt_id id, struct db_rows **ret) {
    struct db_conn *c = tx->conn;
    REQUIRE(id < STMT_COUNT);
    /* SQLite may have rolled everything back (disk full) under a job that
     * goes on: what it writes now would stand alone. */
    if (tx->writable && conn_idle(c))
        return ERR_DISK_FULL;
    if (!CHECK(tx->writable || !stmt_rows[id].write))
        return ERR_READ_ONLY;
    struct db_rows *r = c->idle[id];
    if (r)
        c->idle[id] = r->next;
    else {
        int rc = prepare(c, id, &r);
        if (rc < 0)
            return rc;
        REQUIRE(r);
    }
    r->tx = tx;
    link_running(c, r);
    *ret = r;
    return 0;
}

void db_rows_done(struct db_rows *r) {
    if (!r)
        return;
    struct db_conn *c = r->tx->conn;
    /* the code of the last step, already reported */
    (void)sqlite3_reset(r->st);
    unlink_running(c, r);
    r->tx = NULL;
    r->prev = NULL;
    r->next = c->idle[r->id];
    c->idle[r->id] = r;
}

void statement_free_all(struct db_conn *c) {
    for (int i = 0; i < STMT_COUNT; i++)
        while (c->idle[i]) {
            struct db_rows *r = c->idle[i];
            c->idle[i] = r->next;
            (void)sqlite3_finalize(r->st);
            free(r);
        }
}

int statement_failed(struct db_rows *r, int rc) {
    int code = conn_code(rc);
    if (code == ERR_DB || code == ERR_IO || code == ERR_DB_CORRUPT)
        log_failure(r->tx->conn, r->id);
    return code;
}
