/* The engine is stopped while its first job is still under way, as a signal
 * right after the start does. */
#include <string.h>

#include "common/env.h"
#include "common/mem.h"
#include "db/db.h"
#include "net/http.h"
#include "sync/sync.h"
#include "tests/lib/test.h"

/* Nothing happens by itself: the one timer fires when the test says so. */
struct env_timer {
    void (*fn)(void *arg);
    void *arg;
};

struct world {
    struct env env;
    struct env_timer *timer;
    struct http_transport http;
    struct db *db;
    struct sync *sync;
    int stopped;
};

static int64_t clock_of(void *self) {
    (void)self;
    return 1000;
}

static void chance(void *self, void *dst, size_t n) {
    (void)self;
    memset(dst, 7, n);
}

static struct env_timer *timer(void *self, int64_t delay_ms,
                               void (*fn)(void *arg), void *arg) {
    struct world *w = self;
    (void)delay_ms;
    assert_null(w->timer);
    w->timer = NEW(struct env_timer);
    *w->timer = (struct env_timer){fn, arg};
    return w->timer;
}

static void cancel(void *self, struct env_timer *t) {
    struct world *w = self;
    if (!t)
        return;
    assert_ptr_equal(w->timer, t);
    free(t);
    w->timer = NULL;
}

static void fire(struct world *w) {
    struct env_timer t = *w->timer;
    free(w->timer);
    w->timer = NULL;
    t.fn(t.arg);
}

static void on_stopped(void *arg) {
    struct world *w = arg;
    w->stopped++;
}

static void start_empty(struct world *w, bool stepped) {
    *w = (struct world){.env = {.self = w,
                                .now = clock_of,
                                .mono = clock_of,
                                .random = chance,
                                .timer = timer,
                                .cancel = cancel}};
    struct db_options o = {.path = ":memory:",
                           .env = &w->env,
                           .inline_mode = true,
                           .stepped = stepped};
    assert_int_equal(db_open(&o, &w->db, NULL), 0);
}

static int no_keys(void *self, const struct store *s, struct arena *a,
                   const char **key, const char **secret) {
    (void)self;
    (void)s;
    (void)a;
    (void)key;
    (void)secret;
    return ERR_NOT_FOUND;
}

static void start_sync(struct world *w) {
    struct sync_options so = {
        .db = w->db, .env = &w->env, .http = &w->http, .open_keys = no_keys};
    assert_int_equal(sync_start(&so, &w->sync), 0);
}

static void start(struct world *w) {
    start_empty(w, false);
    start_sync(w);
}

static void the_start_job_ends_after_stop(void **state) {
    (void)state;
    struct world w;
    start(&w);
    sync_stop(w.sync, on_stopped, &w);
    assert_true(db_pump(w.db) > 0); /* the start job's answer */
    assert_int_equal(w.stopped, 0); /* the engine lives for its turn */
    fire(&w);
    assert_int_equal(w.stopped, 1);
    db_close(w.db, NULL, NULL);
}

static void the_start_job_ends_last(void **state) {
    (void)state;
    struct world w;
    start(&w);
    sync_stop(w.sync, on_stopped, &w);
    fire(&w);
    assert_int_equal(w.stopped, 0);
    assert_true(db_pump(w.db) > 0);
    assert_int_equal(w.stopped, 1);
    db_close(w.db, NULL, NULL);
}

/* Somebody changed a store before the stores were read. */
static void a_store_not_loaded_goes_too(void **state) {
    (void)state;
    struct world w;
    start(&w);
    sync_store_changed(w.sync, 1);
    sync_stop(w.sync, on_stopped, &w);
    assert_true(db_pump(w.db) > 0);
    fire(&w);
    (void)db_pump(w.db);
    assert_int_equal(w.stopped, 1);
    db_close(w.db, NULL, NULL);
}

static int add_store(struct db_tx *tx, void *unused) {
    (void)unused;
    struct store st = {.name = "one", .url = "https://one.test"};
    return store_create(tx, (const uint8_t *)"0123456789", &st, NULL);
}

/* A write job may run twice: the stores it listed first are given back. */
static void the_start_job_may_run_again(void **state) {
    (void)state;
    struct world w;
    start_empty(&w, true);
    assert_int_equal(db_write_sync(w.db, add_store, NULL), 0);
    start_sync(&w);
    assert_int_equal(db_turn(w.db, true, DB_INTERACTIVE, DB_FATE_AGAIN), 1);
    sync_stop(w.sync, on_stopped, &w);
    assert_true(db_pump(w.db) > 0);
    fire(&w);
    assert_int_equal(w.stopped, 1);
    db_close(w.db, NULL, NULL);
}

/* The disk was full when the stores were to be read. */
static void the_start_is_tried_again(void **state) {
    (void)state;
    struct world w;
    struct sync_status st;
    start_empty(&w, true);
    assert_int_equal(db_write_sync(w.db, add_store, NULL), 0);
    start_sync(&w);
    assert_int_equal(db_turn(w.db, true, DB_INTERACTIVE, DB_FATE_FULL), 1);
    assert_int_equal(db_pump(w.db), 1);
    assert_int_equal(sync_get_status(w.sync, 1, &st), ERR_NOT_FOUND);
    fire(&w);
    assert_int_equal(db_turn(w.db, true, DB_INTERACTIVE, DB_FATE_RUN), 1);
    assert_int_equal(db_pump(w.db), 1);
    assert_int_equal(sync_get_status(w.sync, 1, &st), 0);
    sync_stop(w.sync, on_stopped, &w);
    fire(&w);
    for (int i = 0; i < 4; i++) { /* the store is read, found without keys */
        (void)db_turn(w.db, i & 1, DB_SYNC, DB_FATE_RUN);
        (void)db_turn(w.db, i & 1, DB_INTERACTIVE, DB_FATE_RUN);
        (void)db_pump(w.db);
    }
    assert_int_equal(w.stopped, 1);
    db_close(w.db, NULL, NULL);
}

/* No job is taken any more while the answer to the first one comes. */
static void a_full_queue_at_the_end(void **state) {
    (void)state;
    struct world w;
    start_empty(&w, true);
    assert_int_equal(db_write_sync(w.db, add_store, NULL), 0);
    start_sync(&w);
    assert_int_equal(db_turn(w.db, true, DB_INTERACTIVE, DB_FATE_RUN), 1);
    assert_int_equal(db_pump(w.db), 1);
    sync_stop(w.sync, on_stopped, &w);
    fire(&w);
    assert_int_equal(w.stopped, 0);
    db_close(w.db, NULL, NULL); /* refuses all that is new */
    assert_int_equal(w.stopped, 1);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_start_job_ends_after_stop),
        cmocka_unit_test(the_start_job_ends_last),
        cmocka_unit_test(a_store_not_loaded_goes_too),
        cmocka_unit_test(the_start_job_may_run_again),
        cmocka_unit_test(the_start_is_tried_again),
        cmocka_unit_test(a_full_queue_at_the_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
