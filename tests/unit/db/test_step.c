/* Stepped mode: nothing runs by itself, and a crash is what was not run. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "common/mem.h"
#include "db/conn.h"
#include "fixture.h"

static void open_stepped(struct fixture *f) {
    struct db_options o = {.path = ":memory:",
                           .env = &f->env,
                           .inline_mode = true,
                           .stepped = true};
    assert_int_equal(db_open(&o, &f->db, NULL), 0);
}

static int put_once(struct db_tx *tx, void *arg) {
    struct fixture *f = arg;
    char key[] = "once";
    f->jobs++;
    return job_put(tx, key);
}

static void nothing_runs_before_its_step(void **state) {
    struct fixture *f = *state;
    open_stepped(f);
    assert_int_equal(db_write(f->db, DB_SYNC, put_once, fixture_done, f), 0);
    assert_int_equal(db_pump(f->db), 0);
    assert_int_equal(db_turn(f->db, true, DB_INTERACTIVE, DB_FATE_RUN), 0);
    assert_int_equal(db_turn(f->db, false, DB_SYNC, DB_FATE_RUN), 0);
    assert_int_equal(db_turn(f->db, true, DB_SYNC, DB_FATE_RUN), 1);
    assert_int_equal(db_turn(f->db, true, DB_SYNC, DB_FATE_RUN), 0);
    assert_int_equal(f->done, 0);
    assert_int_equal(db_pump(f->db), 1);
    db_close(TAKE_PTR(f->db), NULL, NULL);
}

/* f->jobs becomes the number of rows put. */
static int count(struct db_tx *tx, void *arg) {
    struct fixture *f = arg;
    int64_t n = -1;
    int rc = conn_get_i64(tx->conn,
                          "SELECT count(*) FROM meta WHERE value = 'x'", &n);
    f->jobs = (int)n;
    return rc;
}

/* Run, undone and run again it has happened once. */
static void a_job_may_run_again(void **state) {
    struct fixture *f = *state;
    open_stepped(f);
    assert_int_equal(db_write(f->db, DB_INTERACTIVE, put_once, fixture_done, f),
                     0);
    assert_int_equal(db_turn(f->db, true, DB_INTERACTIVE, DB_FATE_AGAIN), 1);
    assert_int_equal(db_pump(f->db), 1);
    assert_int_equal(f->jobs, 2);
    assert_true(f->order[0] >= 0);
    assert_int_equal(db_read(f->db, DB_SYNC, count, fixture_done, f), 0);
    assert_int_equal(db_turn(f->db, false, DB_SYNC, DB_FATE_RUN), 1);
    assert_int_equal(f->jobs, 1);
    db_close(TAKE_PTR(f->db), NULL, NULL);
}

static void a_full_disk_runs_nothing(void **state) {
    struct fixture *f = *state;
    open_stepped(f);
    assert_int_equal(db_write(f->db, DB_SYNC, put_once, fixture_done, f), 0);
    assert_int_equal(db_turn(f->db, true, DB_SYNC, DB_FATE_FULL), 1);
    assert_int_equal(db_pump(f->db), 1);
    assert_int_equal(f->jobs, 0);
    assert_int_equal(f->order[0], ERR_DISK_FULL);
    db_close(TAKE_PTR(f->db), NULL, NULL);
}

static void closing_runs_what_waits(void **state) {
    struct fixture *f = *state;
    open_stepped(f);
    assert_int_equal(db_write(f->db, DB_SYNC, put_once, fixture_done, f), 0);
    assert_int_equal(db_write(f->db, DB_INTERACTIVE, put_once, fixture_done, f),
                     0);
    db_close(TAKE_PTR(f->db), NULL, NULL);
    assert_int_equal(f->done, 2);
}

#define TEST(name)                                                             \
    cmocka_unit_test_setup_teardown(name, fixture_setup, fixture_teardown)

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(nothing_runs_before_its_step),
        TEST(a_job_may_run_again),
        TEST(a_full_disk_runs_nothing),
        TEST(closing_runs_what_waits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
