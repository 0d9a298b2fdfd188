/* Group commit, savepoints, lanes, a full disk, full queues. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "common/mem.h"
#include "common/str.h"
#include "db/conn.h"
#include "fixture.h"

#define COUNT "SELECT count(*) FROM meta WHERE value = 'x'"

/* Holds the writer until the test opens the gate, so that jobs gather. */
struct gate {
    uv_sem_t entered, open;
    bool passed; /* jobs may run twice */
};

static int job_gate(struct db_tx *tx, void *arg) {
    struct gate *g = arg;
    (void)tx;
    if (g->passed)
        return 0;
    uv_sem_post(&g->entered);
    uv_sem_wait(&g->open);
    g->passed = true;
    return 0;
}

static void hold_lane(struct fixture *f, struct gate *g, enum db_lane lane) {
    g->passed = false;
    assert_int_equal(uv_sem_init(&g->entered, 0), 0);
    assert_int_equal(uv_sem_init(&g->open, 0), 0);
    assert_int_equal(db_write(f->db, lane, job_gate, NULL, g), 0);
    uv_sem_wait(&g->entered);
}

static void hold(struct fixture *f, struct gate *g) {
    hold_lane(f, g, DB_INTERACTIVE);
}

static void let_go(struct gate *g) {
    uv_sem_post(&g->open);
}

static int job_fixture_put(struct db_tx *tx, void *arg) {
    struct fixture *f = arg;
    char key[32];
    (void)str_format(key, sizeof key, "k%d", f->jobs++);
    return job_put(tx, key);
}

static void group_commit_is_one_commit(void **state) {
    struct fixture *f = *state;
    struct gate g;
    struct db_stats before, after;
    assert_int_equal(fixture_open(f, NULL), 0);
    db_get_stats(f->db, &before);
    hold(f, &g);
    for (int i = 0; i < 100; i++)
        assert_int_equal(
            db_write(f->db, DB_INTERACTIVE, job_fixture_put, fixture_done, f),
            0);
    let_go(&g);
    fixture_wait(f, 100);
    db_get_stats(f->db, &after);
    assert_int_equal(after.jobs - before.jobs, 101);
    assert_int_equal(after.commits - before.commits, 1);
    assert_int_equal(fixture_int(f->path, COUNT), 100);
}

static int job_much(struct db_tx *tx, void *arg) {
    (void)arg;
    return conn_exec(tx->conn,
                     "WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 "
                     "FROM c WHERE n < 1200) INSERT INTO meta SELECT "
                     "hex(randomblob(8)), printf('%.*c', 4000, 'x') FROM c");
}

/* Until the file holds what the log did; nothing else is written meanwhile. */
static void wait_for_the_file(struct fixture *f, int64_t bytes) {
    struct db_stats now;
    for (int i = 0; i < 1000; i++) {
        db_get_stats(f->db, &now);
        if (now.file_bytes >= bytes)
            return;
        uv_sleep(10);
    }
    fail_msg("%lld bytes, not %lld", (long long)now.file_bytes,
             (long long)bytes);
}

static void a_writer_without_work_empties_the_log(void **state) {
    struct fixture *f = *state;
    struct db_stats before;
    assert_int_equal(fixture_open(f, NULL), 0);
    db_get_stats(f->db, &before);
    assert_int_equal(fixture_write(f, job_much, NULL), 0);
    wait_for_the_file(f, before.file_bytes + 1200 * 4000);
}

static void a_busy_writer_empties_a_long_log(void **state) {
    enum { JOBS = 12 };
    struct fixture *f = *state;
    struct gate g;
    struct db_stats after;
    assert_int_equal(fixture_open(f, NULL), 0);
    hold(f, &g);
    for (int i = 0; i < JOBS; i++)
        assert_int_equal(db_write(f->db, DB_SYNC, job_much, fixture_done, f),
                         0);
    let_go(&g);
    fixture_wait(f, JOBS);
    db_get_stats(f->db, &after);
    assert_true(after.wal_bytes < INT64_C(40) * 1024 * 1024);
}

static int job_put_and_fail(struct db_tx *tx, void *arg) {
    (void)arg;
    assert_int_equal(job_put(tx, (void *)"bad"), 1);
    return ERR_CONFLICT;
}

static void fail_the_second(struct fixture *f, enum db_lane lane) {
    struct gate g;
    assert_int_equal(fixture_open(f, NULL), 0);
    hold(f, &g);
    (void)db_write(f->db, lane, job_fixture_put, fixture_done, f);
    (void)db_write(f->db, lane, job_put_and_fail, fixture_done, f);
    (void)db_write(f->db, lane, job_fixture_put, fixture_done, f);
    let_go(&g);
    fixture_wait(f, 3);
    assert_int_equal(f->order[0], 1);
    assert_int_equal(f->order[1], ERR_CONFLICT);
    assert_int_equal(f->order[2], 1);
    assert_int_equal(fixture_int(f->path, COUNT), 2);
}

static void a_failed_job_goes_alone(void **state) {
    fail_the_second(*state, DB_INTERACTIVE);
}

/* These have no savepoint: the others are run once more. */
static void a_failed_sync_job_goes_alone(void **state) {
    fail_the_second(*state, DB_SYNC);
}

static int job_name(struct db_tx *tx, void *arg) {
    (void)tx;
    return *(const int *)arg;
}

static int seen[8], n_seen;
static void note(int status, void *arg) {
    (void)arg;
    seen[n_seen++] = status;
}

static void people_go_first(void **state) {
    struct fixture *f = *state;
    struct gate g;
    static const int sync[] = {10, 11, 12}, person[] = {1, 2};
    assert_int_equal(fixture_open(f, NULL), 0);
    hold(f, &g);
    n_seen = 0;
    for (int i = 0; i < 3; i++)
        (void)db_write(f->db, DB_SYNC, job_name, note, (void *)&sync[i]);
    for (int i = 0; i < 2; i++)
        (void)db_write(f->db, DB_INTERACTIVE, job_name, note,
                       (void *)&person[i]);
    let_go(&g);
    while (n_seen < 5)
        (void)uv_run(&f->loop, UV_RUN_ONCE);
    const int want[] = {1, 2, 10, 11, 12};
    assert_memory_equal(seen, want, sizeof want);
}

static _Atomic int64_t stepped_ms = 1000000;
static int64_t stepped(void *self) {
    (void)self;
    return stepped_ms;
}

static int job_slow(struct db_tx *tx, void *arg) {
    (void)tx, (void)arg;
    stepped_ms += 15;
    return 0;
}

/* Commits for 180 ms of jobs that all wait already. */
static int64_t commits_of_slow(struct fixture *f) {
    enum { JOBS = 12 };
    struct gate g;
    struct db_stats before, after;
    f->done = 0;
    hold_lane(f, &g, DB_SYNC);
    db_get_stats(f->db, &before);
    for (int i = 0; i < JOBS; i++)
        (void)db_write(f->db, DB_SYNC, job_slow, fixture_done, f);
    let_go(&g);
    fixture_wait(f, JOBS);
    db_get_stats(f->db, &after);
    return after.commits - before.commits;
}

static void sync_runs_in_slices(void **state) {
    struct fixture *f = *state;
    f->env.mono = stepped;
    assert_int_equal(fixture_open(f, NULL), 0);
    assert_int_equal(commits_of_slow(f), 3);
    /* nobody works yet on an empty mirror */
    db_bulk(f->db, true);
    assert_int_equal(fixture_write(f, job_put, (void *)"behind it"), 1);
    assert_int_equal(commits_of_slow(f), 2);
    db_bulk(f->db, false);
}

static void a_person_ends_the_slice(void **state) {
    struct fixture *f = *state;
    struct gate g;
    struct db_stats before, after;
    f->env.mono = stepped;
    assert_int_equal(fixture_open(f, NULL), 0);
    db_get_stats(f->db, &before);
    hold_lane(f, &g, DB_SYNC);
    stepped_ms += 25;
    (void)db_write(f->db, DB_INTERACTIVE, job_fixture_put, fixture_done, f);
    (void)db_write(f->db, DB_SYNC, job_fixture_put, fixture_done, f);
    let_go(&g);
    fixture_wait(f, 2);
    db_get_stats(f->db, &after);
    assert_int_equal(after.commits - before.commits, 2);
}

/* A limit of pages stands for a disk that is full. */
static int job_limit(struct db_tx *tx, void *arg) {
    char sql[64];
    (void)str_format(sql, sizeof sql, "PRAGMA max_page_count = %d",
                     *(const int *)arg);
    return conn_exec(tx->conn, sql);
}

static int job_big(struct db_tx *tx, void *arg) {
    (void)arg;
    AUTO_FREE char *text = mem_alloc((1 << 22) + 1);
    memset(text, 'y', 1 << 22);
    text[1 << 22] = '\0';
    return db_run(tx, STMT_META_SET, "ss", "big", text);
}

/* Ignores that its own write failed: nothing after it may be kept. */
static int job_big_stubborn(struct db_tx *tx, void *arg) {
    (void)job_big(tx, arg);
    (void)job_put(tx, (void *)"stubborn");
    return 0;
}

static void only_the_guilty_meet_a_full_disk(void **state) {
    struct fixture *f = *state;
    struct gate g;
    struct db_stats st;
    static const int tight = 200, wide = 100000;
    assert_int_equal(fixture_open(f, NULL), 0);
    assert_int_equal(fixture_write(f, job_limit, (void *)&tight), 0);
    hold(f, &g);
    (void)db_write(f->db, DB_INTERACTIVE, job_fixture_put, fixture_done, f);
    (void)db_write(f->db, DB_INTERACTIVE, job_big, fixture_done, f);
    (void)db_write(f->db, DB_INTERACTIVE, job_big_stubborn, fixture_done, f);
    (void)db_write(f->db, DB_INTERACTIVE, job_fixture_put, fixture_done, f);
    let_go(&g);
    fixture_wait(f, 4);
    assert_int_equal(f->order[0], 1);
    assert_int_equal(f->order[1], ERR_DISK_FULL);
    assert_int_equal(f->order[3], 1);
    assert_true(fixture_int(f->path, COUNT) >= 2);
    assert_int_equal(fixture_int(f->path, "SELECT count(*) FROM meta WHERE "
                                          "key = 'big'"),
                     0);
    assert_int_equal(fixture_write(f, job_big, NULL), ERR_DISK_FULL);
    db_get_stats(f->db, &st);
    assert_true(st.disk_full);
    assert_int_equal(fixture_write(f, job_limit, (void *)&wide), 0);
    assert_int_equal(fixture_write(f, job_big, NULL), 1);
    db_get_stats(f->db, &st);
    assert_false(st.disk_full);
}

static void a_full_queue_says_busy(void **state) {
    struct fixture *f = *state;
    struct gate g;
    int n = 0;
    assert_int_equal(fixture_open(f, NULL), 0);
    hold(f, &g);
    while (n < 100000 &&
           db_write(f->db, DB_SYNC, job_fixture_put, fixture_done, f) == 0)
        n++;
    assert_int_equal(n, 256);
    assert_int_equal(db_write(f->db, DB_SYNC, job_put, NULL, (void *)"a"),
                     ERR_BUSY);
    /* the other lane is not touched by it */
    assert_int_equal(
        db_write(f->db, DB_INTERACTIVE, job_fixture_put, fixture_done, f), 0);
    let_go(&g);
    fixture_wait(f, n + 1);
}

static void close_finishes_what_waits(void **state) {
    struct fixture *f = *state;
    assert_int_equal(fixture_open(f, NULL), 0);
    for (int i = 0; i < 50; i++)
        (void)db_write(f->db, DB_SYNC, job_fixture_put, fixture_done, f);
    fixture_close(f);
    assert_int_equal(f->done, 50);
    assert_int_equal(fixture_int(f->path, COUNT), 50);
}

#define T(name)                                                                \
    cmocka_unit_test_setup_teardown(name, fixture_setup, fixture_teardown)

int main(void) {
    const struct CMUnitTest tests[] = {
        T(group_commit_is_one_commit),
        T(a_writer_without_work_empties_the_log),
        T(a_busy_writer_empties_a_long_log),
        T(a_failed_job_goes_alone),
        T(a_failed_sync_job_goes_alone),
        T(people_go_first),
        T(sync_runs_in_slices),
        T(a_person_ends_the_slice),
        T(only_the_guilty_meet_a_full_disk),
        T(a_full_queue_says_busy),
        T(close_finishes_what_waits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
