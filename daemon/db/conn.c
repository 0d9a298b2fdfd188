#include "db/conn.h"

#include <pthread.h>
#include <sqlite3.h>
#include <stdio.h>
#include <string.h>

#include "common/buf.h"
#include "common/check.h"
#include "common/env.h"
#include "common/mem.h"
#include "common/str.h"
#include "db/statement.h"

enum {
    BUSY_MS = 5000,      /* somebody looks with another tool */
    PROGRESS_OPS = 1000, /* steps of SQLite's machine between looks at time */
    LEAST_LOOKS = 64     /* a job that was held up does something, too: a page
                          * of a list, some milliseconds */
};

/* Sizes from storage-limits.md 1 and 6. */
static const char writer_pragmas[] = "PRAGMA journal_mode = WAL;"
                                     "PRAGMA synchronous = FULL;"
                                     "PRAGMA foreign_keys = ON;"
                                     "PRAGMA cache_size = -16000;"
                                     "PRAGMA journal_size_limit = 67108864;"
                                     "PRAGMA temp_store = MEMORY;"
                                     "PRAGMA mmap_size = 0;";
static const char reader_pragmas[] = "PRAGMA cache_size = -4000;"
                                     "PRAGMA temp_store = MEMORY;"
                                     "PRAGMA mmap_size = 0;";

static const char *const fixed_sql[CONN_FIXED] = {
    [CONN_BEGIN] = "BEGIN",          [CONN_BEGIN_WRITE] = "BEGIN IMMEDIATE",
    [CONN_COMMIT] = "COMMIT",        [CONN_ROLLBACK] = "ROLLBACK",
    [CONN_SAVE] = "SAVEPOINT job",   [CONN_RELEASE] = "RELEASE job",
    [CONN_UNDO] = "ROLLBACK TO job",
};

int conn_code(int rc) {
    switch (rc & 0xff) {
    case SQLITE_OK:
    case SQLITE_ROW:
    case SQLITE_DONE:
        return 0;
    case SQLITE_CONSTRAINT:
        return rc == SQLITE_CONSTRAINT_UNIQUE ||
                       rc == SQLITE_CONSTRAINT_PRIMARYKEY ||
                       rc == SQLITE_CONSTRAINT_ROWID
                   ? ERR_EXISTS
                   : ERR_CONFLICT;
    case SQLITE_FULL:
        return ERR_DISK_FULL;
    case SQLITE_TOOBIG:
        return ERR_TOO_BIG;
    case SQLITE_INTERRUPT:
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        return ERR_BUSY;
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
        return ERR_DB_CORRUPT;
    case SQLITE_IOERR:
    case SQLITE_CANTOPEN:
    case SQLITE_READONLY:
    case SQLITE_PERM:
        return ERR_IO;
    default:
        return ERR_DB;
    }
}

const char *conn_message(const struct db_conn *c) {
    return sqlite3_errmsg(c->sq);
}

/* In place of SQLite's own, which carries the log over inside COMMIT: who waits
 * for that commit would wait for it too. */
static int on_commit(void *arg, sqlite3 *sq, const char *name, int pages) {
    struct db_conn *c = arg;
    (void)sq, (void)name;
    c->wal_pages = pages;
    return SQLITE_OK;
}

bool conn_checkpoint_due(const struct db_conn *c, bool idle) {
    enum { IDLE_PART = 8 };
    return c->wal_pages >= (idle ? c->wal_max / IDLE_PART : c->wal_max);
}

int conn_checkpoint(struct db_conn *c, bool idle) {
    if (!conn_checkpoint_due(c, idle))
        return 0;
    c->wal_pages = 0; /* until the next commit says how many there are */
    return conn_code(sqlite3_wal_checkpoint_v2(
        c->sq, NULL, SQLITE_CHECKPOINT_PASSIVE, NULL, NULL));
}

bool conn_late(struct db_conn *c) {
    if (c->deadline == INT64_MAX || c->looks++ < LEAST_LOOKS)
        return false;
    return env_mono(c->env) >= c->deadline;
}

static int on_progress(void *arg) {
    return conn_late(arg);
}

void conn_deadline(struct db_conn *c, int64_t mono_ms) {
    c->deadline = mono_ms;
    c->looks = 0;
    if (c->writer)
        return;
    sqlite3_progress_handler(c->sq, PROGRESS_OPS,
                             mono_ms == INT64_MAX ? NULL : on_progress, c);
}

/* A sentence with the cure for a file that will not open. */
static int open_failed(struct db_conn *c, const char *path, struct error *e) {
    int code = conn_code(sqlite3_extended_errcode(c->sq));
    if (code == ERR_DB_CORRUPT)
        return error_set(e, code, path,
                         "%s is damaged (%s): stop here, keep a copy of it, "
                         "and restore a backup",
                         path, conn_message(c));
    if (code == ERR_BUSY)
        return error_set(e, code, path,
                         "%s is held by another program: close it and try "
                         "again",
                         path);
    if (code == ERR_DISK_FULL)
        return error_set(e, code, path,
                         "no space left for %s: free some space and start "
                         "again",
                         path);
    return error_set(e, code ? code : ERR_DB, path,
                     "cannot open %s: %s; check the folder's owner and rights",
                     path, conn_message(c));
}

/* SQLite otherwise takes one lock of the whole process to count the bytes of
 * every allocation, some hundred an order. Refused when the program used SQLite
 * before: that is only slower. */
static void count_no_bytes(void) {
    (void)sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
}

/* As an URI, which alone can say that nobody writes. */
static char *still_uri(const char *path) {
    AUTO_BUF struct buf b = BUF_INIT;
    buf_adds(&b, "file:");
    for (const char *p = path; *p; p++) {
        if (strchr("%?#", *p))
            buf_addf(&b, "%%%02x", (unsigned)(unsigned char)*p);
        else
            buf_addc(&b, *p);
    }
    buf_adds(&b, "?immutable=1");
    return buf_take(&b);
}

static int open_file(const char *path, enum conn_mode mode, sqlite3 **ret) {
    static const int flags[] = {
        [CONN_WRITER] = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE,
        [CONN_READER] = SQLITE_OPEN_READONLY,
        [CONN_STILL] = SQLITE_OPEN_READONLY | SQLITE_OPEN_URI,
    };
    AUTO_FREE char *uri = mode == CONN_STILL ? still_uri(path) : NULL;
    return sqlite3_open_v2(uri ? uri : path, ret,
                           flags[mode] | SQLITE_OPEN_NOMUTEX, NULL);
}

int conn_open(const char *path, const struct env *env, enum conn_mode mode,
              struct db_conn **ret, struct error *e) {
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    bool writer = mode == CONN_WRITER;
    REQUIRE(pthread_once(&once, count_no_bytes) == 0);
    struct db_conn *c = NEW(struct db_conn);
    c->env = env;
    c->writer = writer;
    c->deadline = INT64_MAX;
    int rc = open_file(path, mode, &c->sq);
    REQUIRE(c->sq);
    (void)sqlite3_extended_result_codes(c->sq, 1);
    (void)sqlite3_busy_timeout(c->sq, BUSY_MS);
    (void)sqlite3_db_config(c->sq, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
    /* Plans do not hang on bound values: else a statement is parsed anew at
     * each binding of what a partial index is about (state = :state). */
    (void)sqlite3_db_config(c->sq, SQLITE_DBCONFIG_ENABLE_QPSG, 1, NULL);
    if (rc == SQLITE_OK)
        rc = sqlite3_exec(c->sq, writer ? writer_pragmas : reader_pragmas, NULL,
                          NULL, NULL);
    if (rc != SQLITE_OK) {
        int code = open_failed(c, path, e);
        conn_close(c);
        return code;
    }
    c->wal_max = CONN_WAL_PAGES;
    if (writer)
        (void)sqlite3_wal_hook(c->sq, on_commit, c); /* gives the one before */
    *ret = c;
    return 0;
}

void conn_close(struct db_conn *c) {
    if (!c)
        return;
    conn_reset(c);
    for (int i = 0; i < CONN_FIXED; i++)
        (void)sqlite3_finalize(c->fixed[i]);
    statement_free_all(c);
    int rc = sqlite3_close(c->sq);
    REQUIRE(rc == SQLITE_OK);
    free(c);
}

int conn_fixed(struct db_conn *c, enum conn_fixed which) {
    if (!c->fixed[which]) {
        sqlite3_stmt *st = NULL;
        int rc = sqlite3_prepare_v3(c->sq, fixed_sql[which], -1,
                                    SQLITE_PREPARE_PERSISTENT, &st, NULL);
        if (rc != SQLITE_OK)
            return conn_code(rc);
        c->fixed[which] = st;
    }
    int rc = sqlite3_step(c->fixed[which]);
    /* reset repeats the code of the step */
    (void)sqlite3_reset(c->fixed[which]);
    return conn_code(rc);
}

int conn_exec(struct db_conn *c, const char *sql) {
    return conn_code(sqlite3_exec(c->sq, sql, NULL, NULL, NULL));
}

/* The statement stands on its first row, or *ret is NULL. */
static int first_row(struct db_conn *c, const char *sql, sqlite3_stmt **ret) {
    sqlite3_stmt *st = NULL;
    int rc = sqlite3_prepare_v2(c->sq, sql, -1, &st, NULL);
    if (rc == SQLITE_OK)
        rc = sqlite3_step(st);
    if (rc != SQLITE_ROW) {
        (void)sqlite3_finalize(st);
        st = NULL;
    }
    *ret = st;
    return conn_code(rc);
}

int conn_get_i64(struct db_conn *c, const char *sql, int64_t *ret) {
    sqlite3_stmt *st;
    int r = first_row(c, sql, &st);
    if (st)
        *ret = sqlite3_column_int64(st, 0);
    (void)sqlite3_finalize(st);
    return r;
}

int conn_get_text(struct db_conn *c, const char *sql, char *dst, size_t size) {
    sqlite3_stmt *st;
    int r = first_row(c, sql, &st);
    if (st) {
        const char *s = (const char *)sqlite3_column_text(st, 0);
        (void)str_copy(dst, size, s ? s : "");
    }
    (void)sqlite3_finalize(st);
    return r;
}

bool conn_idle(const struct db_conn *c) {
    return sqlite3_get_autocommit(c->sq) != 0;
}

void conn_reset(struct db_conn *c) {
    while (c->running)
        db_rows_done(c->running);
}

static const struct db_scope scope_all = {.all = true};

struct db_tx conn_tx(struct db_conn *c, bool writable) {
    REQUIRE(!writable || c->writer);
    return (struct db_tx){.conn = c,
                          .scope = &scope_all,
                          .now = env_now(c->env),
                          .writable = writable};
}
