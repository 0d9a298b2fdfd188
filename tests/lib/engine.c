#include "tests/lib/engine.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/arena.h"
#include "common/digest.h"
#include "common/mem.h"
#include "model/kept.h"
#include "model/store.h"
#include "tests/lib/test.h"

/* -- env ------------------------------------------------------------------ */

struct env_timer {
    uv_timer_t uv;
    void (*fn)(void *arg);
    void *arg;
};

static int64_t wall(void *self) {
    (void)self;
    uv_timeval64_t t;
    (void)uv_gettimeofday(&t);
    return t.tv_sec * 1000 + t.tv_usec / 1000;
}

static int64_t mono(void *self) {
    (void)self;
    return (int64_t)(uv_hrtime() / 1000000);
}

static void chance(void *self, void *dst, size_t n) {
    (void)self;
    digest_random(dst, n);
}

static void timer_free(uv_handle_t *h) {
    free(h->data);
}

static void timer_fired(uv_timer_t *uv) {
    struct env_timer *t = uv->data;
    uv_close((uv_handle_t *)uv, timer_free);
    t->fn(t->arg);
}

static struct env_timer *timer(void *self, int64_t delay_ms, void (*fn)(void *),
                               void *arg) {
    struct env_timer *t = NEW(struct env_timer);
    t->fn = fn;
    t->arg = arg;
    t->uv.data = t;
    (void)uv_timer_init(self, &t->uv);
    t->uv.data = t;
    (void)uv_timer_start(&t->uv, timer_fired, (uint64_t)delay_ms, 0);
    return t;
}

static void cancel(void *self, struct env_timer *t) {
    (void)self;
    if (t)
        uv_close((uv_handle_t *)&t->uv, timer_free);
}

/* -- life ----------------------------------------------------------------- */

static int open_keys(void *self, const struct store *s, struct arena *a,
                     const char **key, const char **secret) {
    (void)self;
    (void)s;
    *key = arena_dupn(a, "ck_demo", 7);
    *secret = arena_dupn(a, "cs_demo", 7);
    return 0;
}

/* Not sealed at all: what is stored is what was given. */
static void seal_hook(void *self, const struct store *s, const char *secret,
                      struct buf *ret) {
    (void)self;
    (void)s;
    buf_adds(ret, secret);
}

static int open_hook(void *self, const struct store *s, const void *sealed,
                     size_t n, struct buf *ret) {
    (void)self;
    (void)s;
    buf_add(ret, sealed, n);
    return 0;
}

static int load_kept(struct db_tx *tx, void *arg) {
    return kept_load(arg, tx);
}

void engine_start(struct engine *e, const char *dir) {
    engine_start_with(e, dir, NULL);
}

void engine_start_with(struct engine *e, const char *dir,
                       const struct sync_options *more) {
    memset(e, 0, sizeof *e);
    assert_int_equal(uv_loop_init(&e->loop), 0);
    e->env = (struct env){&e->loop, wall, mono, chance, timer, cancel};
    if (dir) {
        (void)snprintf(e->dir, sizeof e->dir, "%s", dir);
    } else {
        (void)snprintf(e->dir, sizeof e->dir, "/tmp/fulexo-test.XXXXXX");
        assert_non_null(mkdtemp(e->dir));
    }
    char path[128];
    (void)snprintf(path, sizeof path, "%s/fulexo.db", e->dir);
    struct error err = {0};
    struct db_options o = {.path = path, .loop = &e->loop, .env = &e->env};
    if (db_open(&o, &e->db, &err) < 0)
        fail_msg("db_open: %s", err.detail);
    e->kept = kept_new();
    kept_use(e->kept);
    assert_true(db_write_sync(e->db, load_kept, e->kept) >= 0);
    e->http = http_new(&e->loop, &(struct http_options){0});
    e->transport = http_transport(e->http);
    struct sync_options so = more ? *more : (struct sync_options){0};
    so.db = e->db;
    so.env = &e->env;
    so.http = &e->transport;
    so.open_keys = open_keys;
    so.seal_hook = seal_hook;
    so.open_hook = open_hook;
    assert_int_equal(sync_start(&so, &e->sync), 0);
}

static void over(void *arg) {
    struct engine *e = arg;
    e->done = true;
}

static void wait_done(struct engine *e) {
    uint64_t give_up = uv_hrtime() + 120ull * 1000000000ull;
    while (!e->done) {
        (void)uv_run(&e->loop, UV_RUN_ONCE);
        if (uv_hrtime() > give_up)
            fail_msg("nothing came back within two minutes");
    }
}

void engine_stop(struct engine *e, bool keep) {
    e->done = false;
    sync_stop(e->sync, over, e);
    wait_done(e);
    e->done = false;
    http_close(e->http, over, e);
    wait_done(e);
    e->done = false;
    db_close(e->db, over, e);
    wait_done(e);
    kept_use(NULL);
    kept_free(e->kept);
    while (uv_loop_close(&e->loop) == UV_EBUSY)
        (void)uv_run(&e->loop, UV_RUN_ONCE);
    if (keep)
        return;
    char command[128];
    (void)snprintf(command, sizeof command, "rm -rf '%s'", e->dir);
    assert_int_equal(system(command), 0);
}

/* -- work ----------------------------------------------------------------- */

static int create_job(struct db_tx *tx, void *arg) {
    struct store *s = arg;
    uint8_t random[10];
    struct error e = {0};
    digest_random(random, sizeof random);
    int r = store_create(tx, random, s, &e);
    return r < 0 ? r : store_update(tx, s);
}

int64_t engine_store(struct engine *e, const char *name, const char *url,
                     const char *auth) {
    struct store s = {.paused = true, .can_write = true};
    (void)snprintf(s.name, sizeof s.name, "%s", name);
    (void)snprintf(s.title, sizeof s.title, "%s", name);
    (void)snprintf(s.url, sizeof s.url, "%s", url);
    (void)snprintf(s.auth, sizeof s.auth, "%s", auth);
    (void)snprintf(s.rest, sizeof s.rest, "path");
    (void)snprintf(s.state, sizeof s.state, "new");
    (void)snprintf(s.caps.home, sizeof s.caps.home, "%s", url);
    s.allow_http = true;
    assert_true(db_write_sync(e->db, create_job, &s) >= 0);
    sync_store_changed(e->sync, s.id);
    engine_turn(e, 50);
    return s.id;
}

static void progressed(const struct sync_progress *p, void *arg) {
    struct engine *e = arg;
    (void)p;
    e->progress++;
}

static void finished(const struct sync_result *r, void *arg) {
    struct engine *e = arg;
    e->result = *r;
    (void)snprintf(e->report, sizeof e->report, "%s",
                   r->report ? r->report : "");
    e->done = true;
}

int engine_sync(struct engine *e, int64_t store, unsigned collections,
                bool full) {
    e->done = false;
    int r = sync_run(e->sync, store, collections, full, progressed, finished, e,
                     NULL);
    if (r < 0)
        return r;
    wait_done(e);
    return e->result.status;
}

int engine_verify(struct engine *e, int64_t store) {
    e->done = false;
    int r = sync_verify(e->sync, store, progressed, finished, e, NULL);
    if (r < 0)
        return r;
    wait_done(e);
    return e->result.status;
}

void engine_turn(struct engine *e, int64_t ms) {
    e->done = false;
    (void)timer(&e->loop, ms, over, e);
    wait_done(e);
}

int engine_job(struct engine *e, db_job job, void *arg) {
    return db_write_sync(e->db, job, arg);
}
