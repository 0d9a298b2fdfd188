/* Happy path: the file is ours and not newer; space is enough; a copy is taken;
 * each migration runs in its own transaction, which also notes its number.
 * Failure modes: a crash or an error rolls the one migration back and the file
 * is as after the one before, so the next start goes on there; no space, a
 * file this program is too old for or another program's are refused before
 * anything is touched. */
#include "db/migrate.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <sqlite3.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>

#include "common/mem.h"
#include "common/str.h"
#include "db/conn.h"
#include "db/lock.h"

enum { SPACE_RESERVE = 64 << 20 }; /* left free after copy and rewrite */

const struct migration migration_rows[] = {
#include "migrations.gen.inc"
};
const int migration_count = sizeof migration_rows / sizeof migration_rows[0];

DEFINE_CLEANUP(struct db_conn *, conn_closep, conn_close)

int migrate_check_ours(const char *path, const struct env *env,
                       struct error *e) {
    struct stat st;
    if (stat(path, &st) < 0 || st.st_size == 0)
        return 0;
    struct db_conn *c CLEANUP(conn_closep) = NULL;
    int rc = conn_open(path, env, CONN_READER, &c, e);
    if (rc < 0)
        return rc;
    int64_t id = 0, tables = 0;
    rc = conn_get_i64(c, "PRAGMA application_id", &id);
    if (rc == 0)
        rc = conn_get_i64(c, "SELECT count(*) FROM sqlite_schema", &tables);
    if (rc < 0)
        return error_set(e, rc, path,
                         "%s cannot be read (%s): keep a copy of it, then "
                         "restore a backup; nothing was changed",
                         path, conn_message(c));
    if (tables > 0 && id != DB_APPLICATION_ID)
        return error_set(e, ERR_DB, path,
                         "%s belongs to another program: give fulexod a "
                         "folder of its own with --data",
                         path);
    return 0;
}

static int newer(struct db_conn *c, const char *path, int64_t version,
                 int latest, struct error *e) {
    char text[24] = "";
    int64_t compat = 0;
    int rc = conn_get_text(c, "SELECT value FROM meta WHERE key = 'compat'",
                           text, sizeof text);
    if (rc == 0 && str_to_i64(text, 1, INT32_MAX, &compat) == 0 &&
        compat <= latest)
        return 0;
    return error_set(e, ERR_DB_NEWER, path,
                     "%s was written by a newer Fulexo (schema %lld, this "
                     "program knows %d): install that version or newer, or "
                     "put the copy it took (%s.before-...) in its place",
                     path, (long long)version, latest, path);
}

static int space_check(const char *path, struct error *e) {
    struct stat st;
    struct statvfs fs;
    if (stat(path, &st) < 0 || statvfs(path, &fs) < 0)
        return error_set(e, ERR_IO, path, "cannot look at %s: %s", path,
                         strerror(errno));
    uint64_t have = (uint64_t)fs.f_bavail * fs.f_frsize;
    uint64_t need = 2 * (uint64_t)st.st_size + SPACE_RESERVE;
    if (have >= need)
        return 0;
    return error_set(e, ERR_DISK_FULL, path,
                     "the new version needs %llu MB free beside %s for a copy, "
                     "and there are %llu MB: free some space and start again",
                     (unsigned long long)(need >> 20), path,
                     (unsigned long long)(have >> 20));
}

/* The caller is the only user of the file, so one step copies all. */
static int copy_pages(struct db_conn *from, sqlite3 *to) {
    sqlite3_backup *b = sqlite3_backup_init(to, "main", from->sq, "main");
    if (!b)
        return conn_code(sqlite3_extended_errcode(to));
    int rc = sqlite3_backup_step(b, -1);
    int ended = sqlite3_backup_finish(b);
    return conn_code(rc != SQLITE_DONE ? rc : ended);
}

static int copy_to(struct db_conn *c, const char *name) {
    sqlite3 *to = NULL;
    int rc = conn_code(sqlite3_open_v2(
        name, &to, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, NULL));
    if (rc == 0)
        rc = copy_pages(c, to);
    int closed = conn_code(sqlite3_close(to));
    return rc < 0 ? rc : closed;
}

static int take_copy(struct db_conn *c, const char *path, int number,
                     struct error *e) {
    int rc = space_check(path, e);
    if (rc < 0)
        return rc;
    AUTO_FREE char *name = mem_printf("%s.before-%03d", path, number);
    AUTO_FREE char *part = mem_printf("%s.part", name);
    (void)remove(part); /* of an earlier try */
    rc = copy_to(c, part);
    if (rc == 0 && rename(part, name) < 0)
        rc = ERR_IO;
    if (rc == 0)
        return 0;
    (void)remove(part);
    return error_set(e, rc, name,
                     "cannot copy the database to %s before it is brought up "
                     "to date: %s",
                     name, err_message(rc));
}

static int foreign_keys_hold(struct db_conn *c) {
    int64_t broken = 0;
    int rc = conn_get_i64(c, "SELECT count(*) FROM pragma_foreign_key_check",
                          &broken);
    return rc < 0 ? rc : broken ? ERR_CONFLICT : 0;
}

static int apply(struct db_conn *c, const struct migration *m) {
    char stamp[96];
    (void)str_format(stamp, sizeof stamp,
                     "PRAGMA user_version = %d; PRAGMA application_id = %d",
                     m->number, DB_APPLICATION_ID);
    int rc = conn_exec(c, m->sql);
    if (rc == 0)
        rc = foreign_keys_hold(c);
    return rc < 0 ? rc : conn_exec(c, stamp);
}

static int apply_one(struct db_conn *c, const char *path,
                     const struct migration *m, struct error *e) {
    int rc = conn_fixed(c, CONN_BEGIN_WRITE);
    if (rc == 0)
        rc = apply(c, m);
    if (rc == 0)
        rc = conn_fixed(c, CONN_COMMIT);
    if (rc == 0)
        return 0;
    (void)error_set(e, rc, m->name,
                    "%s could not be brought up to date (step %03d_%s: %s); it "
                    "is unchanged: install the version used before, and "
                    "report this",
                    path, m->number, m->name, conn_message(c));
    if (!conn_idle(c) && conn_fixed(c, CONN_ROLLBACK) < 0)
        return ERR_DB_CORRUPT;
    return rc;
}

static int set_compat(struct db_conn *c) {
    return conn_exec(c, "INSERT INTO meta VALUES ('compat', '1') "
                        "ON CONFLICT (key) DO NOTHING");
}

/* foreign_keys is off outside the transactions: inside it is a no-op, and
 * rebuilding a parent table would delete all children. */
static int apply_all(struct db_conn *c, const char *path, int64_t version,
                     const struct migration *rows, int n, struct error *e) {
    int rc = conn_exec(c, "PRAGMA foreign_keys = OFF");
    for (int i = 0; rc == 0 && i < n; i++)
        if (rows[i].number > version)
            rc = apply_one(c, path, &rows[i], e);
    int on = conn_exec(c, "PRAGMA foreign_keys = ON");
    return rc < 0 ? rc : on;
}

int migrate_run(struct db_conn *c, const char *path,
                const struct migration *rows, int n, struct error *e) {
    int64_t version = 0;
    int latest = rows[n - 1].number;
    int rc = conn_get_i64(c, "PRAGMA user_version", &version);
    if (rc < 0)
        return error_set(e, rc, path, "cannot read %s: %s", path,
                         conn_message(c));
    if (version > latest)
        return newer(c, path, version, latest, e);
    if (version == latest)
        return 0;
    if (version > 0) {
        rc = take_copy(c, path, (int)version + 1, e);
        if (rc < 0)
            return rc;
    }
    rc = apply_all(c, path, version, rows, n, e);
    return rc < 0 ? rc : set_compat(c);
}
