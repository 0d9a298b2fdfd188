/* Happy path: a connection of its own begins a read transaction, which pins one
 * moment of the file; its pages are copied some megabytes at a time; the copy
 * is marked as one and written out to the disk.
 * Failure modes: no space, a cancel, an I/O error: the copy is removed. The
 * writer never waits; only its log grows until the read transaction ends. */
#include <errno.h>
#include <fcntl.h>
#include <sqlite3.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "common/mem.h"
#include "common/str.h"
#include "db/backup.h"
#include "db/conn.h"
#include "db/migrate.h"
#include "db/sql.h"

enum { STEP_PAGES = 1024 }; /* 4 MiB: some milliseconds between two looks */

DEFINE_CLEANUP(struct db_conn *, conn_closep, conn_close)

int db_schema_version(void) {
    return migration_rows[migration_count - 1].number;
}

static int step_all(sqlite3_backup *b, const struct db_watch *w) {
    int rc = SQLITE_OK;
    while (rc == SQLITE_OK) {
        rc = sqlite3_backup_step(b, STEP_PAGES);
        int64_t total = sqlite3_backup_pagecount(b);
        if (!w->go_on(w->self, total - sqlite3_backup_remaining(b), total))
            return ERR_CANCELLED;
    }
    return conn_code(rc);
}

static int copy_pages(struct db_conn *from, sqlite3 *to,
                      const struct db_watch *w) {
    sqlite3_backup *b = sqlite3_backup_init(to, "main", from->sq, "main");
    if (!b)
        return conn_code(sqlite3_extended_errcode(to));
    int rc = step_all(b, w);
    int ended = conn_code(sqlite3_backup_finish(b));
    return rc < 0 ? rc : ended;
}

/* The target may be lost with the power while it is filled: it is no backup
 * before it was synced. No journal, then, and no waiting for the disk. */
static int fill(struct db_conn *from, const char *path,
                const struct db_watch *w) {
    sqlite3 *to = NULL;
    int rc = sqlite3_open_v2(path, &to,
                             SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, NULL);
    if (rc == SQLITE_OK)
        rc = sqlite3_exec(to, "PRAGMA synchronous=OFF; PRAGMA journal_mode=OFF",
                          NULL, NULL, NULL);
    int code = rc == SQLITE_OK ? copy_pages(from, to, w) : conn_code(rc);
    int closed = conn_code(sqlite3_close(to));
    return code < 0 ? code : closed;
}

/* One row first: BEGIN alone does not pin the moment, and without it the copy
 * would begin again with every commit. */
static int copy_moment(const char *from, const char *to, const struct env *env,
                       const struct db_watch *w, struct error *e) {
    struct db_conn *c CLEANUP(conn_closep) = NULL;
    int64_t tables;
    int rc = conn_open(from, env, CONN_READER, &c, e);
    if (rc == 0)
        rc = conn_fixed(c, CONN_BEGIN);
    if (rc == 0)
        rc = conn_get_i64(c, "SELECT count(*) FROM sqlite_schema", &tables);
    return rc < 0 ? rc : fill(c, to, w);
}

/* Its origin is no file's: identity_load takes whatever holds it for moved,
 * also when it was copied over the database's own file. */
static int mark(const char *path, const struct env *env, struct error *e) {
    return db_copy_prepare(path, env, 0, "origin", "a backup", e);
}

static int sync_file(const char *path) {
    AUTO_FD int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd >= 0 && fsync(fd) == 0)
        return 0;
    return errno == ENOSPC || errno == EDQUOT ? ERR_DISK_FULL : ERR_IO;
}

static void remove_all(const char *path) {
    static const char *const ends[] = {"", "-wal", "-shm", "-journal"};
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
        AUTO_FREE char *name = mem_printf("%s%s", path, ends[i]);
        (void)unlink(name); /* most were never there */
    }
}

int db_copy_take(const char *from, const char *to, const struct env *env,
                 const struct db_watch *w, struct error *e) {
    int rc = copy_moment(from, to, env, w, e);
    if (rc == 0)
        rc = mark(to, env, e);
    if (rc == 0)
        rc = sync_file(to);
    if (rc == 0)
        return 0;
    remove_all(to);
    return error_set(e, rc, to, "%s cannot be copied to %s: %s", from, to,
                     err_message(rc));
}

static int raise_epoch(struct db_tx *tx, int64_t epoch) {
    char text[24];
    int64_t now = 0;
    int rc = db_value(tx, STMT_META_NUMBER, &now, "s", "epoch");
    if (rc < 0 || now >= epoch)
        return rc;
    (void)str_format(text, sizeof text, "%lld", (long long)epoch);
    return db_run(tx, STMT_META_SET, "ss", "epoch", text);
}

int db_copy_prepare(const char *path, const struct env *env, int64_t epoch,
                    const char *key, const char *value, struct error *e) {
    struct db_conn *c CLEANUP(conn_closep) = NULL;
    int rc = conn_open(path, env, CONN_WRITER, &c, e);
    if (rc < 0)
        return rc;
    rc = conn_fixed(c, CONN_BEGIN_WRITE);
    if (rc == 0) {
        struct db_tx tx = conn_tx(c, true);
        rc = raise_epoch(&tx, epoch);
        if (rc >= 0)
            rc = db_run(&tx, STMT_META_SET, "ss", key, value);
        conn_reset(c);
        int ended = conn_fixed(c, rc < 0 ? CONN_ROLLBACK : CONN_COMMIT);
        rc = rc < 0 ? rc : ended;
    }
    if (rc < 0)
        return error_set(e, rc, path, "cannot write to %s: %s", path,
                         conn_message(c));
    return 0;
}
