/* What db_open takes and what it refuses, each with a sentence that helps. */
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "common/mem.h"
#include "common/str.h"
#include "db/conn.h"
#include "db/migrate.h"
#include "fixture.h"

static void has(const struct error *e, const char *word) {
    if (!strstr(e->detail, word))
        fail_msg("\"%s\" does not say \"%s\"", e->detail, word);
}

static void a_second_daemon_is_refused(void **state) {
    struct fixture *f = *state;
    struct error e = {0};
    struct db *second = NULL;
    struct db_options o = {.path = f->path, .loop = &f->loop, .env = &f->env};
    char pid[24];
    assert_int_equal(fixture_open(f, NULL), 0);
    assert_int_equal(db_open(&o, &second, &e), ERR_LOCKED);
    (void)str_format(pid, sizeof pid, "process %ld", (long)getpid());
    has(&e, pid);
    has(&e, "--data");
    assert_null(second);
    fixture_close(f);
    assert_int_equal(fixture_open(f, NULL), 0);
}

static void reopen(struct fixture *f, int want, struct error *e) {
    assert_int_equal(fixture_open(f, e), want);
}

static void made(struct fixture *f) {
    assert_int_equal(fixture_open(f, NULL), 0);
    fixture_close(f);
}

static void a_newer_schema_is_refused(void **state) {
    struct fixture *f = *state;
    struct error e = {0};
    made(f);
    fixture_sql(f->path, "PRAGMA user_version = 900;"
                         "UPDATE meta SET value = '900' WHERE key = 'compat'");
    reopen(f, ERR_DB_NEWER, &e);
    has(&e, "schema 900");
    has(&e, "install that version or newer");
    /* an additive step leaves compat alone: this program may write */
    fixture_sql(f->path, "UPDATE meta SET value = '1' WHERE key = 'compat'");
    reopen(f, 0, &e);
}

static void overwrite(const char *path, long at, const char *bytes, size_t n) {
    int fd = open(path, O_WRONLY | O_CREAT, 0600);
    assert_true(fd >= 0);
    assert_int_equal(pwrite(fd, bytes, n, at), (ssize_t)n);
    assert_int_equal(close(fd), 0);
}

static void a_damaged_header_is_refused(void **state) {
    struct fixture *f = *state;
    struct error e = {0};
    made(f);
    overwrite(f->path, 0, "SQLXte", 6);
    reopen(f, ERR_DB_CORRUPT, &e);
    has(&e, "restore a backup");
    overwrite(f->path, 0, "SQLite", 6);
    overwrite(f->path, 16, "\x13\x37", 2);
    reopen(f, ERR_DB_CORRUPT, &e);
    overwrite(f->path, 16, "\x10\x00", 2);
    overwrite(f->path, 100, "\xff\xff\xff\xff", 4);
    reopen(f, ERR_DB_CORRUPT, &e);
    has(&e, "restore a backup");
}

static void what_is_not_a_database_is_refused(void **state) {
    struct fixture *f = *state;
    struct error e = {0};
    overwrite(f->path, 0, "a shopping list", 15);
    reopen(f, ERR_DB_CORRUPT, &e);
    has(&e, "not a database");
    assert_int_equal(remove(f->path), 0);
    fixture_sql(f->path, "CREATE TABLE mine (a)");
    reopen(f, ERR_DB, &e);
    has(&e, "another program");
    assert_int_equal(fixture_int(f->path, "SELECT count(*) FROM sqlite_schema"),
                     1);
}

/* Root may write anywhere: be nobody. 0 = as it should be. */
static int as_nobody(struct fixture *f) {
    struct error e = {0};
    struct db *db;
    struct db_options o = {
        .path = f->path, .env = &f->env, .inline_mode = true};
    if (geteuid() == 0 && (setgid(65534) < 0 || setuid(65534) < 0))
        return 1;
    if (db_open(&o, &db, &e) != ERR_IO)
        return 2;
    return strstr(e.detail, "belong to the user") ? 0 : 3;
}

static void a_read_only_folder_is_refused(void **state) {
    struct fixture *f = *state;
    assert_int_equal(chmod(f->dir, 0555), 0);
    pid_t pid = fork();
    if (pid == 0)
        _exit(as_nobody(f));
    int status = -1;
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_int_equal(status, 0);
    assert_int_equal(chmod(f->dir, 0700), 0);
}

static void a_missing_folder_is_refused(void **state) {
    struct fixture *f = *state;
    struct error e = {0};
    (void)str_format(f->path, sizeof f->path, "%s/none/fulexo.db", f->dir);
    reopen(f, ERR_IO, &e);
    has(&e, "folder must exist");
}

static void identity_stays_and_a_copy_is_noticed(void **state) {
    struct fixture *f = *state;
    assert_int_equal(fixture_open(f, NULL), 0);
    struct db_identity first = *db_identity(f->db);
    assert_int_equal(strlen(first.instance_id), 26);
    assert_int_equal(first.epoch, 1);
    assert_false(first.moved);
    fixture_close(f);
    reopen(f, 0, NULL);
    assert_string_equal(db_identity(f->db)->instance_id, first.instance_id);
    assert_int_equal(db_identity(f->db)->epoch, 1);
    fixture_close(f);
    AUTO_FREE char *to = mem_printf("%s/copy.db", f->dir);
    assert_int_equal(rename(f->path, to), 0);
    (void)str_copy(f->path, sizeof f->path, to);
    reopen(f, 0, NULL);
    assert_true(db_identity(f->db)->moved);
    assert_int_equal(db_identity(f->db)->epoch, 2);
    assert_string_equal(db_identity(f->db)->instance_id, first.instance_id);
}

static const struct migration steps[] = {
    {1, "one",
     "CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT);"
     "CREATE TABLE a (id INTEGER PRIMARY KEY);"
     "CREATE TABLE b (a REFERENCES a (id)); INSERT INTO a VALUES (1);"
     "INSERT INTO b VALUES (1);"},
    {2, "two", "CREATE TABLE c (x); INSERT INTO c VALUES (7);"},
    {3, "bad", "CREATE TABLE d (x); DELETE FROM a;"},
};

static int migrate_to(struct fixture *f, int n, struct error *e) {
    struct db_conn *c;
    assert_int_equal(conn_open(f->path, &f->env, CONN_WRITER, &c, e), 0);
    int rc = migrate_run(c, f->path, steps, n, e);
    conn_close(c);
    return rc;
}

static void migrations_copy_and_roll_back(void **state) {
    struct fixture *f = *state;
    struct error e = {0};
    assert_int_equal(migrate_to(f, 1, &e), 0);
    assert_int_equal(migrate_to(f, 2, &e), 0);
    AUTO_FREE char *copy = mem_printf("%s.before-002", f->path);
    assert_int_equal(fixture_int(copy, "PRAGMA user_version"), 1);
    assert_int_equal(fixture_int(copy, "SELECT count(*) FROM b"), 1);
    /* leaves an orphan behind: foreign_key_check refuses */
    assert_int_equal(migrate_to(f, 3, &e), ERR_CONFLICT);
    has(&e, "003_bad");
    has(&e, "unchanged");
    assert_int_equal(fixture_int(f->path, "PRAGMA user_version"), 2);
    assert_int_equal(fixture_int(f->path, "SELECT count(*) FROM a"), 1);
    assert_int_equal(fixture_int(f->path, "SELECT count(*) FROM sqlite_schema "
                                          "WHERE name = 'd'"),
                     0);
}

#define INDEXES                                                                \
    "SELECT sum(length(replace(replace(sql, ' IF NOT EXISTS', ''), '\n', "     \
    "''))) FROM sqlite_schema WHERE name IN ('orders_number', "                \
    "'line_product')"
#define N_INDEXES                                                              \
    "SELECT count(*) FROM sqlite_schema WHERE name IN ('orders_number', "      \
    "'line_product')"

static int job_nothing(struct db_tx *tx, void *arg) {
    (void)tx, (void)arg;
    return 0;
}

static void bulk(struct fixture *f, bool on) {
    db_bulk(f->db, on);
    int want = ++f->jobs;
    assert_int_equal(db_write(f->db, DB_SYNC, job_nothing, fixture_done, f), 0);
    fixture_wait(f, want);
}

static void bulk_drops_and_builds_indexes(void **state) {
    struct fixture *f = *state;
    assert_int_equal(fixture_open(f, NULL), 0);
    int64_t text = fixture_int(f->path, INDEXES);
    assert_int_equal(fixture_int(f->path, N_INDEXES), 2);
    bulk(f, true);
    assert_int_equal(fixture_int(f->path, N_INDEXES), 0);
    bulk(f, false);
    assert_int_equal(fixture_int(f->path, N_INDEXES), 2);
    assert_int_equal(fixture_int(f->path, INDEXES), text);
    /* ended in between: the next start builds them */
    bulk(f, true);
    fixture_close(f);
    assert_int_equal(fixture_int(f->path, N_INDEXES), 0);
    reopen(f, 0, NULL);
    assert_int_equal(fixture_int(f->path, N_INDEXES), 2);
}

static void bulk_leaves_a_filled_mirror_alone(void **state) {
    struct fixture *f = *state;
    made(f);
    fixture_sql(f->path,
                "INSERT INTO orders VALUES (1,1,1,'1','pending',NULL,0,'EUR',"
                "0,0,0,0,'','',0,0,0,NULL,NULL,0,x'',x'',0)");
    reopen(f, 0, NULL);
    bulk(f, true);
    assert_int_equal(fixture_int(f->path, N_INDEXES), 2);
}

#define T(name)                                                                \
    cmocka_unit_test_setup_teardown(name, fixture_setup, fixture_teardown)

int main(void) {
    const struct CMUnitTest tests[] = {
        T(a_second_daemon_is_refused),
        T(a_newer_schema_is_refused),
        T(a_damaged_header_is_refused),
        T(what_is_not_a_database_is_refused),
        T(a_read_only_folder_is_refused),
        T(a_missing_folder_is_refused),
        T(identity_stays_and_a_copy_is_noticed),
        T(migrations_copy_and_roll_back),
        T(bulk_drops_and_builds_indexes),
        T(bulk_leaves_a_filled_mirror_alone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
