#include "fixture.h"

#include <ftw.h>
#include <setjmp.h>
#include <sqlite3.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include <cmocka.h>

#include "common/digest.h"
#include "common/mem.h"
#include "common/str.h"

static int64_t clock_ms(clockid_t id) {
    struct timespec t;
    (void)clock_gettime(id, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}
static int64_t now(void *self) {
    (void)self;
    return clock_ms(CLOCK_REALTIME);
}
static int64_t mono(void *self) {
    (void)self;
    return clock_ms(CLOCK_MONOTONIC);
}
static void chance(void *self, void *dst, size_t n) {
    (void)self;
    digest_random(dst, n);
}

int fixture_setup(void **state) {
    struct fixture *f = NEW(struct fixture);
    (void)str_format(f->dir, sizeof f->dir, "/tmp/fulexo-db-XXXXXX");
    assert_non_null(mkdtemp(f->dir));
    (void)str_format(f->path, sizeof f->path, "%s/fulexo.db", f->dir);
    f->env = (struct env){.now = now, .mono = mono, .random = chance};
    assert_int_equal(uv_loop_init(&f->loop), 0);
    *state = f;
    return 0;
}

static int drop(const char *path, const struct stat *st, int flag,
                struct FTW *w) {
    (void)st, (void)flag, (void)w;
    return remove(path);
}

int fixture_teardown(void **state) {
    struct fixture *f = *state;
    if (f->db)
        fixture_close(f);
    assert_int_equal(uv_loop_close(&f->loop), 0);
    (void)nftw(f->dir, drop, 8, FTW_DEPTH | FTW_PHYS);
    free(f);
    return 0;
}

int fixture_open(struct fixture *f, struct error *e) {
    struct db_options o = {.path = f->path, .loop = &f->loop, .env = &f->env};
    return db_open(&o, &f->db, e);
}

int fixture_open_inline(struct fixture *f, const char *path) {
    struct db_options o = {.path = path, .env = &f->env, .inline_mode = true};
    return db_open(&o, &f->db, NULL);
}

static void on_closed(void *arg) {
    ((struct fixture *)arg)->db = NULL;
}

void fixture_close(struct fixture *f) {
    db_close(f->db, on_closed, f);
    (void)uv_run(&f->loop, UV_RUN_DEFAULT);
    assert_null(f->db);
}

void fixture_wait(struct fixture *f, int n) {
    int64_t end = mono(NULL) + 10000;
    while (f->done < n && mono(NULL) < end)
        (void)uv_run(&f->loop, UV_RUN_ONCE);
    assert_int_equal(f->done, n);
}

void fixture_done(int status, void *arg) {
    struct fixture *f = arg;
    f->status = status;
    f->order[f->done++ % 8192] = status;
}

int fixture_write(struct fixture *f, db_job job, void *arg) {
    return db_write_sync(f->db, job, arg);
}

struct call {
    db_job job;
    void *arg;
    int status;
    bool over;
};

static int run_call(struct db_tx *tx, void *arg) {
    struct call *c = arg;
    return c->job(tx, c->arg);
}

static void end_call(int status, void *arg) {
    struct call *c = arg;
    c->status = status;
    c->over = true;
}

int fixture_read(struct fixture *f, db_job job, void *arg) {
    struct call c = {.job = job, .arg = arg};
    assert_int_equal(db_read(f->db, DB_INTERACTIVE, run_call, end_call, &c), 0);
    while (!c.over)
        if (db_pump(f->db) == 0)
            (void)uv_run(&f->loop, UV_RUN_ONCE);
    return c.status;
}

void fixture_sql(const char *path, const char *sql) {
    sqlite3 *sq;
    assert_int_equal(sqlite3_open(path, &sq), SQLITE_OK);
    assert_int_equal(sqlite3_exec(sq, sql, NULL, NULL, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_close(sq), SQLITE_OK);
}

int64_t fixture_int(const char *path, const char *sql) {
    sqlite3 *sq;
    sqlite3_stmt *st;
    assert_int_equal(sqlite3_open(path, &sq), SQLITE_OK);
    assert_int_equal(sqlite3_prepare_v2(sq, sql, -1, &st, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_step(st), SQLITE_ROW);
    int64_t v = sqlite3_column_int64(st, 0);
    (void)sqlite3_finalize(st);
    assert_int_equal(sqlite3_close(sq), SQLITE_OK);
    return v;
}

int job_put(struct db_tx *tx, void *key) {
    return db_run(tx, STMT_META_SET, "ss", (const char *)key, "x");
}
