/* What a job may do with its transaction; inline mode; a kill -9. */
#include <limits.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "common/str.h"
#include "db/stmt_table.h"
#include "fixture.h"

static int job_get(struct db_tx *tx, void *key) {
    struct db_rows *rows AUTO_ROWS = NULL;
    int rc = db_query(tx, STMT_META_GET, &rows, "s", (const char *)key);
    return rc < 0 ? rc : db_step(rows);
}

static void inline_mode_runs_at_once(void **state) {
    struct fixture *f = *state;
    assert_int_equal(fixture_open_inline(f, ":memory:"), 0);
    assert_int_equal(db_write(f->db, DB_SYNC, job_put, NULL, (void *)"here"),
                     0);
    assert_int_equal(fixture_read(f, job_get, (void *)"here"), 1);
    assert_int_equal(fixture_read(f, job_get, (void *)"there"), 0);
    assert_int_equal(db_pump(f->db), 0);
}

static int job_write(struct db_tx *tx, void *arg) {
    (void)arg;
    return job_put(tx, (void *)"a");
}

static void readers_do_not_write(void **state) {
    struct fixture *f = *state;
    assert_int_equal(fixture_open(f, NULL), 0);
    assert_int_equal(fixture_read(f, job_write, NULL), ERR_READ_ONLY);
}

static int job_endless(struct db_tx *tx, void *arg) {
    int ms = *(const int *)arg;
    if (ms > 0) {
        db_deadline(tx, ms);
        int64_t left = db_deadline_left(tx);
        assert_true(left > 0 && left <= ms);
    }
    for (;;) {
        int rc = job_get(tx, (void *)"instance_id");
        if (rc < 0)
            return rc;
    }
}

static void a_deadline_ends_a_job(void **state) {
    struct fixture *f = *state;
    static const int ms = 50;
    assert_int_equal(fixture_open(f, NULL), 0);
    int64_t began = f->env.mono(NULL);
    assert_int_equal(fixture_read(f, job_endless, (void *)&ms), ERR_BUSY);
    int64_t took = f->env.mono(NULL) - began;
    assert_true(took >= 50 && took < 1000);
    /* the next job is not touched by it */
    assert_int_equal(fixture_read(f, job_get, (void *)"epoch"), 1);
}

static int job_held_up(struct db_tx *tx, void *arg) {
    db_deadline(tx, -50); /* all of its time went to others */
    for (int *n = arg;; (*n)++) {
        int rc = job_get(tx, (void *)"instance_id");
        if (rc < 0)
            return rc;
    }
}

/* A busy machine makes an answer late, not empty. */
static void who_was_held_up_looks_at_something(void **state) {
    struct fixture *f = *state;
    int n = 0;
    assert_int_equal(fixture_open(f, NULL), 0);
    assert_int_equal(fixture_read(f, job_held_up, &n), ERR_BUSY);
    assert_in_range(n, 60, 70);
}

static void people_wait_two_seconds_at_most(void **state) {
    struct fixture *f = *state;
    static const int none = 0;
    assert_int_equal(fixture_open(f, NULL), 0);
    int64_t began = f->env.mono(NULL);
    assert_int_equal(fixture_read(f, job_endless, (void *)&none), ERR_BUSY);
    int64_t took = f->env.mono(NULL) - began;
    assert_true(took >= 1900 && took < 4000);
}

static int job_snapshot(struct db_tx *tx, void *arg) {
    struct fixture *f = arg;
    int before = job_get(tx, (void *)"late");
    fixture_sql(f->path, "INSERT INTO meta VALUES ('late', 'x')");
    return before * 10 + job_get(tx, (void *)"late");
}

static void a_read_sees_one_snapshot(void **state) {
    struct fixture *f = *state;
    assert_int_equal(fixture_open(f, NULL), 0);
    assert_int_equal(fixture_read(f, job_snapshot, f), 0);
    assert_int_equal(fixture_read(f, job_get, (void *)"late"), 1);
}

static int job_two_rows(struct db_tx *tx, void *arg) {
    (void)arg;
    struct db_rows *a AUTO_ROWS = NULL;
    struct db_rows *b AUTO_ROWS = NULL;
    if (db_query(tx, STMT_META_GET, &a, "s", "epoch") < 0 ||
        db_query(tx, STMT_META_GET, &b, "s", "compat") < 0)
        return ERR_INTERNAL;
    if (db_step(a) != 1 || db_step(b) != 1)
        return ERR_NOT_FOUND;
    return str_eq(db_text(a, 0), "1") && str_eq(db_text(b, 0), "1");
}

static void a_label_may_run_twice_at_once(void **state) {
    struct fixture *f = *state;
    assert_int_equal(fixture_open(f, NULL), 0);
    assert_int_equal(fixture_read(f, job_two_rows, NULL), 1);
}

static void scopes_hold(void **state) {
    (void)state;
    static const int64_t ids[] = {3, 7, 20};
    struct db_scope some = {.n = 3, .stores = ids}, none = {0};
    assert_true(db_scope_has(&some, 3));
    assert_true(db_scope_has(&some, 20));
    assert_false(db_scope_has(&some, 4));
    assert_false(db_scope_has(&none, 3));
    assert_true(db_scope_has(&(struct db_scope){.all = true}, 4));
}

/* Writes numbered rows for ever, each acknowledged through the pipe. */
static int write_for_ever(struct fixture *f, int out) {
    if (fixture_open(f, NULL) < 0)
        return 1;
    for (int i = 1;; i++) {
        char key[24];
        (void)str_format(key, sizeof key, "n%06d", i);
        if (fixture_write(f, job_put, key) < 0 ||
            write(out, &i, sizeof i) != sizeof i)
            return 1;
    }
}

/* The last number that came, of at most `most`. */
static int acknowledged(int in, int most) {
    int i = 0, last = 0;
    while (last < most && read(in, &i, sizeof i) == sizeof i)
        last = i;
    return last;
}

static void nothing_acknowledged_is_lost(void **state) {
    struct fixture *f = *state;
    int fds[2];
    assert_int_equal(pipe(fds), 0);
    pid_t pid = fork();
    assert_true(pid >= 0);
    if (pid == 0)
        _exit(write_for_ever(f, fds[1]));
    assert_int_equal(close(fds[1]), 0);
    assert_int_equal(acknowledged(fds[0], 100), 100);
    assert_int_equal(kill(pid, SIGKILL), 0);
    assert_int_equal(waitpid(pid, NULL, 0), pid);
    int last = acknowledged(fds[0], INT_MAX);
    last = last > 0 ? last : 100;
    assert_int_equal(close(fds[0]), 0);
    assert_int_equal(fixture_open(f, NULL), 0);
    int64_t n =
        fixture_int(f->path, "SELECT count(*) FROM meta WHERE key LIKE 'n%'");
    assert_true(n == last || n == last + 1);
    assert_int_equal(fixture_int(f->path, "SELECT count(*) FROM "
                                          "pragma_integrity_check WHERE "
                                          "integrity_check <> 'ok'"),
                     0);
}

#define T(name)                                                                \
    cmocka_unit_test_setup_teardown(name, fixture_setup, fixture_teardown)

int main(void) {
    const struct CMUnitTest tests[] = {
        T(nothing_acknowledged_is_lost),
        T(inline_mode_runs_at_once),
        T(readers_do_not_write),
        T(a_deadline_ends_a_job),
        T(who_was_held_up_looks_at_something),
        T(people_wait_two_seconds_at_most),
        T(a_read_sees_one_snapshot),
        T(a_label_may_run_twice_at_once),
        cmocka_unit_test(scopes_hold),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
