#include "tests/lib/live.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/arena.h"
#include "common/json.h"
#include "common/mem.h"
#include "db/conn.h"
#include "model/store.h"
#include "model/wake.h"
#include "tests/lib/test.h"

enum { STEP_MS = 20, LIMIT_MS = 60000 };

void live_start(struct live *l, const struct sync_options *so, ...) {
    va_list ap;
    memset(l, 0, sizeof *l);
    va_start(ap, so);
    shop_proc_vstart(&l->shop, &ap);
    va_end(ap);
    engine_start_with(&l->e, NULL, so);
    l->store = engine_store(&l->e, "alpine", l->shop.url, "basic");
    if (engine_sync(&l->e, l->store, SYNC_ALL_COLLECTIONS, false) < 0)
        fail_msg("sync: %s", l->e.result.error.detail);
}

void live_done(struct live *l) {
    engine_stop(&l->e, false);
    shop_proc_stop(&l->shop);
}

void live_restart(struct live *l, const struct sync_options *so) {
    char dir[sizeof l->e.dir];
    memcpy(dir, l->e.dir, sizeof dir);
    engine_stop(&l->e, true);
    engine_start_with(&l->e, dir, so);
}

/* -- the store ------------------------------------------------------------- */

struct pause {
    int64_t store;
    bool on;
};

static int pause_job(struct db_tx *tx, void *arg) {
    const struct pause *p = arg;
    struct store s;
    int r = store_by_id(tx, p->store, &s);
    if (r <= 0)
        return r < 0 ? r : ERR_NOT_FOUND;
    s.paused = p->on;
    r = store_update(tx, &s);
    store_done(&s);
    return r;
}

static void set_paused(struct live *l, bool on) {
    struct pause p = {l->store, on};
    assert_true(engine_job(&l->e, pause_job, &p) >= 0);
    sync_store_changed(l->e.sync, l->store);
}

static bool busy(struct live *l) {
    struct sync_status s;
    if (sync_get_status(l->e.sync, l->store, &s) < 0)
        return true;
    return s.running || s.queue || s.in_flight;
}

static void settle(struct live *l) {
    int quiet = 0;
    for (int ms = 0; quiet < 10; ms += STEP_MS) {
        if (ms > LIMIT_MS)
            fail_msg("the store does not come to rest");
        engine_turn(&l->e, STEP_MS);
        quiet = busy(l) ? 0 : quiet + 1;
    }
}

void live_pause(struct live *l) {
    set_paused(l, true);
    settle(l);
}

void live_run(struct live *l) {
    set_paused(l, false);
    settle(l);
}

void live_run_on(struct live *l) {
    set_paused(l, false);
}

/* -- the shop -------------------------------------------------------------- */

void live_door(struct live *l, const char *path, const char *fmt, ...) {
    va_list ap;
    va_start(ap, fmt);
    AUTO_FREE char *body = mem_vprintf(fmt, ap);
    va_end(ap);
    free(shop_proc_admin(&l->shop, path, body));
}

int64_t live_id(struct live *l, const char *kind, int n) {
    char path[64];
    (void)snprintf(path, sizeof path, "truth?kind=%s", kind);
    AUTO_FREE char *text = shop_proc_admin(&l->shop, path, NULL);
    const char *p = text;
    for (int i = 0; i <= n; i++) {
        p = strstr(p + (i > 0), "{\"id\":");
        if (!p)
            fail_msg("the shop has no %s number %d", kind, n);
    }
    return strtoll(p + 6, NULL, 10);
}

int64_t live_requests(struct live *l, const char *route) {
    AUTO_FREE char *text = shop_proc_admin(&l->shop, "counters", NULL);
    struct arena *a = arena_new(0);
    const struct json *v = NULL;
    int64_t sum = 0;
    assert_int_equal(json_parse(a, text, strlen(text), NULL, &v, NULL), 0);
    const struct json *routes = json_get(v, "routes");
    for (const struct json *r = json_first(routes); r; r = json_next(r)) {
        int64_t n = 0;
        const char *name = json_key(r);
        if ((!*route || strcmp(name, route) == 0) &&
            json_i64(r, false, &n) == 0)
            sum += n;
    }
    arena_free(a);
    free(shop_proc_delete(&l->shop, "counters"));
    return sum;
}

/* -- the mirror ------------------------------------------------------------ */

struct question {
    const char *sql;
    int64_t answer;
};

static int sql_job(struct db_tx *tx, void *arg) {
    struct question *q = arg;
    q->answer = INT64_MIN;
    return conn_get_i64(tx->conn, q->sql, &q->answer);
}

static int64_t ask(struct live *l, const char *sql) {
    struct question q = {.sql = sql};
    (void)engine_job(&l->e, sql_job, &q); /* no row: INT64_MIN */
    return q.answer;
}

int64_t live_sql(struct live *l, const char *fmt, ...) {
    va_list ap;
    va_start(ap, fmt);
    AUTO_FREE char *sql = mem_vprintf(fmt, ap);
    va_end(ap);
    return ask(l, sql);
}

void live_until(struct live *l, int64_t wanted, const char *fmt, ...) {
    va_list ap;
    va_start(ap, fmt);
    AUTO_FREE char *sql = mem_vprintf(fmt, ap);
    va_end(ap);
    for (int ms = 0; ask(l, sql) != wanted; ms += STEP_MS) {
        if (ms > LIMIT_MS)
            fail_msg("%s: %lld, not %lld", sql, (long long)ask(l, sql),
                     (long long)wanted);
        engine_turn(&l->e, STEP_MS);
    }
}

struct told {
    int64_t store, id;
    enum mirror_kind kind;
};

static int told_job(struct db_tx *tx, void *arg) {
    const struct told *t = arg;
    return wake_put(tx, t->store, t->kind, t->id);
}

void live_told(struct live *l, enum mirror_kind kind, int64_t id) {
    struct told t = {l->store, id, kind};
    assert_int_equal(engine_job(&l->e, told_job, &t), 0);
    sync_wake(l->e.sync, l->store);
}

void live_heard(struct live *l) {
    live_until(l, 0, "SELECT count(*) FROM wake");
}

void live_assert_true(struct live *l) {
    if (engine_verify(&l->e, l->store) < 0)
        fail_msg("verify: %s", l->e.result.error.detail);
    if (l->e.result.differences)
        fail_msg("differences: %s", l->e.report);
}
