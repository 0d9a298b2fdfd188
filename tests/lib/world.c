#include "tests/lib/world.h"

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "common/mem.h"
#include "tests/lib/test.h"

enum { STEP_MS = 10 };

void world_start_daemon(struct world *w) {
    memset(w, 0, sizeof *w);
    daemon_proc_init(&w->d);
    daemon_proc_start(&w->d, NULL);
    world_connect(w);
}

void world_start(struct world *w, ...) {
    struct shop_proc shop;
    va_list ap;
    va_start(ap, w);
    shop_proc_vstart(&shop, &ap);
    va_end(ap);
    world_start_daemon(w);
    w->shop = shop;
}

void world_done(struct world *w) {
    world_disconnect(w);
    daemon_proc_done(&w->d);
    if (w->shop.pid > 0)
        shop_proc_stop(&w->shop);
}

void world_connect(struct world *w) {
    rpc_client_connect(&w->c, w->d.socket, true);
    w->connected = true;
}

void world_disconnect(struct world *w) {
    if (w->connected)
        rpc_client_close(&w->c);
    w->connected = false;
}

/* --- calls ------------------------------------------------------------- */

static char *vformat(const char *fmt, va_list ap) {
    char *text = NULL;
    assert_true(vasprintf(&text, fmt, ap) >= 0);
    return text;
}

static const struct json *done_job(struct world *w, const char *method,
                                   const char *params) {
    AUTO_BUF struct buf text = BUF_INIT;
    const struct json *j = rpc_call_job(&w->c, method, params, WORLD_JOB_MS);
    const char *state = json_string(json_get(j, "state"));
    if (!state || strcmp(state, "done") != 0) {
        json_print(&text, j);
        fail_msg("%s %s: %s", method, params, buf_str(&text));
    }
    return json_get(j, "result");
}

const struct json *world_job(struct world *w, const char *method,
                             const char *fmt, ...) {
    va_list ap;
    va_start(ap, fmt);
    AUTO_FREE char *params = vformat(fmt, ap);
    va_end(ap);
    return done_job(w, method, params);
}

const struct json *world_call(struct world *w, const char *method,
                              const char *fmt, ...) {
    va_list ap;
    va_start(ap, fmt);
    AUTO_FREE char *params = vformat(fmt, ap);
    va_end(ap);
    return rpc_call_ok(&w->c, method, params);
}

int64_t world_number(const struct json *v, const char *key) {
    int64_t n = 0;
    if (json_i64(json_get(v, key), false, &n) < 0) {
        AUTO_BUF struct buf text = BUF_INIT;
        json_print(&text, v);
        fail_msg("%s is no number in %s", key, buf_str(&text));
    }
    return n;
}

void world_store(struct world *w, const char *name, const char *more) {
    (void)world_job(w, "stores.create",
                    "{\"name\":\"%s\",\"url\":\"%s\",\"key\":\"ck_demo\","
                    "\"secret\":\"cs_demo\",\"allow_http\":true%s}",
                    name, w->shop.url, more);
    (void)snprintf(w->store, sizeof w->store, "%s", name);
}

/* --- truth ------------------------------------------------------------- */

static int64_t rows_compared(const struct json *stores) {
    int64_t sum = 0;
    for (const struct json *s = json_first(stores); s; s = json_next(s))
        for (const struct json *n = json_first(json_get(s, "rows")); n;
             n = json_next(n)) {
            int64_t one = 0;
            assert_int_equal(json_i64(n, false, &one), 0);
            sum += one;
        }
    return sum;
}

void world_assert_true(struct world *w, int64_t rows) {
    AUTO_BUF struct buf text = BUF_INIT;
    const struct json *r =
        w->store[0]
            ? world_job(w, "stores.verify", "{\"store\":\"%s\"}", w->store)
            : world_job(w, "stores.verify", "{}");
    int64_t compared = rows_compared(json_get(r, "stores"));
    if (world_number(r, "differences") > 0 || compared < rows) {
        json_print(&text, r);
        fail_msg("%lld objects, at least %lld expected: %.4000s",
                 (long long)compared, (long long)rows, buf_str(&text));
    }
}

/* --- the shop ---------------------------------------------------------- */

void world_door(struct world *w, const char *path, const char *fmt, ...) {
    va_list ap;
    va_start(ap, fmt);
    AUTO_FREE char *body = vformat(fmt, ap);
    va_end(ap);
    free(shop_proc_admin(&w->shop, path, body));
}

size_t world_ids(struct world *w, const char *kind, int64_t *ids, size_t n) {
    char path[64];
    (void)snprintf(path, sizeof path, "truth?kind=%s", kind);
    AUTO_FREE char *text = shop_proc_admin(&w->shop, path, NULL);
    size_t got = 0;
    for (const char *p = text; got < n && (p = strstr(p, "{\"id\":")); p += 6)
        ids[got++] = strtoll(p + 6, NULL, 10);
    return got;
}

/* --- time -------------------------------------------------------------- */

int64_t world_mono(void) {
    struct timespec t;
    (void)clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

bool world_until(struct world *w, bool (*fn)(struct world *w, void *arg),
                 void *arg, int timeout_ms) {
    int64_t end = world_mono() + timeout_ms;
    while (!fn(w, arg)) {
        if (world_mono() > end)
            return false;
        (void)poll(NULL, 0, STEP_MS);
    }
    return true;
}
