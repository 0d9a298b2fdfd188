#include "tests/integration/pushing.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/arena.h"
#include "common/cleanup.h"
#include "common/digest.h"
#include "common/mem.h"
#include "common/str.h"
#include "db/conn.h"

enum { WAIT_MS = 30000, STEP_MS = 10 };

/* -- SQL ------------------------------------------------------------------ */

struct sql {
    const char *text;
    int64_t value;
};

static int get_job(struct db_tx *tx, void *arg) {
    struct sql *s = arg;
    return conn_get_i64(tx->conn, s->text, &s->value);
}

static int exec_job(struct db_tx *tx, void *arg) {
    return conn_exec(tx->conn, arg);
}

int64_t pushing_sql(struct pushing *p, const char *fmt, ...) {
    struct sql s = {.value = INT64_MIN};
    va_list ap;
    va_start(ap, fmt);
    AUTO_FREE char *text = mem_vprintf(fmt, ap);
    va_end(ap);
    s.text = text;
    assert_true(engine_job(&p->e, get_job, &s) >= 0);
    return s.value;
}

/* A demo shop lands what it lands late within that. */
static const struct sync_options quick = {.unknown_quiet_s = 1};

/* -- life ----------------------------------------------------------------- */

void pushing_exec(struct pushing *p, const char *sql) {
    assert_true(engine_job(&p->e, exec_job, (void *)(uintptr_t)sql) >= 0);
    sync_store_changed(p->e.sync, p->store);
    engine_turn(&p->e, 50);
}

void pushing_start(struct pushing *p, const char *storage, const char *more) {
    memset(p, 0, sizeof *p);
    p->arena = arena_new(0);
    shop_proc_start(&p->shop, "--storage", storage, "--seed", "5", "--orders",
                    "120", "--products", "12", "--customers", "6",
                    "--trust-http", more, NULL);
    engine_start_with(&p->e, NULL, &quick);
    p->store = engine_store(&p->e, "alpine", p->shop.url, "basic");
    int rc = engine_sync(&p->e, p->store, SYNC_ALL_COLLECTIONS, false);
    if (rc < 0)
        fail_msg("sync: %s", p->e.result.error.detail);
    pushing_exec(p, "UPDATE store SET paused = 0");
}

void pushing_stop(struct pushing *p) {
    engine_stop(&p->e, false);
    shop_proc_stop(&p->shop);
    arena_free(p->arena);
}

void pushing_restart(struct pushing *p) {
    char dir[sizeof p->e.dir];
    memcpy(dir, p->e.dir, sizeof dir);
    engine_stop(&p->e, true);
    engine_start_with(&p->e, dir, &quick);
    engine_turn(&p->e, 50);
}

/* -- the shop ------------------------------------------------------------- */

void pushing_door(struct pushing *p, const char *path, const char *fmt, ...) {
    va_list ap;
    va_start(ap, fmt);
    AUTO_FREE char *body = mem_vprintf(fmt, ap);
    va_end(ap);
    free(shop_proc_admin(&p->shop, path, body));
}

static const struct json *get(struct pushing *p, const char *path) {
    AUTO_FREE char *text = shop_proc_admin(&p->shop, path, NULL);
    const struct json *v = NULL;
    assert_int_equal(json_parse(p->arena, text, strlen(text), NULL, &v, NULL),
                     0);
    return v;
}

static int64_t number(const struct json *v, const char *key) {
    int64_t n = 0;
    (void)json_i64(json_get(v, key), true, &n);
    return n;
}

const struct json *pushing_object(struct pushing *p, const char *kind,
                                  int64_t id) {
    char path[96];
    (void)snprintf(path, sizeof path, "truth?kind=%s", kind);
    for (const struct json *o = json_first(get(p, path)); o; o = json_next(o))
        if (number(o, "id") == id) {
            (void)snprintf(path, sizeof path, "object?kind=%s&id=%lld", kind,
                           (long long)id);
            return get(p, path);
        }
    return NULL;
}

const char *pushing_text(struct pushing *p, const char *kind, int64_t id,
                         const char *path) {
    char *dst = arena_alloc(p->arena, 40);
    const struct json *o = pushing_object(p, kind, id);
    const char *s = json_text(json_path(o, path), dst);
    return s ? s : "";
}

int64_t pushing_requests(struct pushing *p, const char *route) {
    int64_t n = 0, one;
    const struct json *all = json_get(get(p, "counters"), "routes");
    for (const struct json *c = json_first(all); c; c = json_next(c))
        if (str_starts(json_key(c), route) && json_i64(c, true, &one) == 0)
            n += one;
    return n;
}

int64_t pushing_id(struct pushing *p, const char *kind, const char *status,
                   int nth) {
    char path[64];
    (void)snprintf(path, sizeof path, "truth?kind=%s", kind);
    for (const struct json *o = json_first(get(p, path)); o; o = json_next(o))
        if ((!status || str_eq(json_string(json_get(o, "status")), status)) &&
            nth-- == 0)
            return number(o, "id");
    fail_msg("the shop has no %s %s", kind, status ? status : "");
    return 0;
}

int64_t pushing_nth(struct pushing *p, const char *kind, int nth) {
    char path[64];
    (void)snprintf(path, sizeof path, "truth?kind=%s", kind);
    for (const struct json *o = json_first(get(p, path)); o; o = json_next(o))
        if (nth-- == 0)
            return number(o, "id");
    return 0;
}

/* -- changes -------------------------------------------------------------- */

struct accept {
    const struct change_new *n;
    struct arena *arena;
    struct change c;
    struct error e;
    int rc;
};

static int accept_job(struct db_tx *tx, void *arg) {
    struct accept *a = arg;
    a->rc = change_create(tx, a->n, a->arena, &a->c, &a->e);
    return a->rc;
}

struct change pushing_quietly(struct pushing *p, const struct change_new *n) {
    uint8_t random[10];
    struct change_new full = *n;
    struct accept a = {.n = &full, .arena = p->arena};
    digest_random(random, sizeof random);
    full.store_id = p->store;
    full.author = "ayse";
    full.random = random;
    if (engine_job(&p->e, accept_job, &a) < 0)
        fail_msg("%s: %s (%s)", a.e.where, a.e.detail, err_name(a.rc));
    return a.c;
}

struct change pushing_set(struct pushing *p, enum mirror_kind kind, int64_t id,
                          const char *path, const char *wanted) {
    struct change_path one = {.path = path, .wanted = wanted};
    struct change_new n = {.kind = kind,
                           .remote_id = id,
                           .act = str_eq(path, "stock") ? CHANGE_STOCK
                                                        : CHANGE_SET,
                           .paths = &one,
                           .n_paths = 1};
    struct change c = pushing_quietly(p, &n);
    sync_push(p->e.sync, p->store);
    return c;
}

struct change pushing_act(struct pushing *p, enum mirror_kind kind, int64_t id,
                          enum change_act act, const char *payload) {
    struct change_path one = {.path = "status", .wanted = payload};
    struct change_new n = {.kind = kind, .remote_id = id, .act = act};
    if (act == CHANGE_UNTRASH) {
        n.paths = &one;
        n.n_paths = 1;
    } else {
        n.payload = payload;
    }
    struct change c = pushing_quietly(p, &n);
    sync_push(p->e.sync, p->store);
    return c;
}

static int approve_job(struct db_tx *tx, void *arg) {
    struct error e;
    return change_approve(tx, arg, "bora", &e);
}

void pushing_approve(struct pushing *p, const struct change *c) {
    struct change copy = *c;
    assert_true(engine_job(&p->e, approve_job, &copy) >= 0);
    sync_push(p->e.sync, p->store);
}

struct now {
    const char *uuid;
    struct arena *arena;
    struct change c;
};

static int now_job(struct db_tx *tx, void *arg) {
    struct now *n = arg;
    return change_get(tx, n->uuid, n->arena, &n->c);
}

struct change pushing_now(struct pushing *p, const struct change *c) {
    struct now n = {.uuid = c->uuid, .arena = p->arena};
    assert_int_equal(engine_job(&p->e, now_job, &n), 1);
    return n.c;
}

struct change pushing_until(struct pushing *p, const struct change *c,
                            enum change_state s) {
    struct change now = pushing_now(p, c);
    for (int ms = 0; now.state != s && ms < WAIT_MS; ms += STEP_MS) {
        engine_turn(&p->e, STEP_MS);
        now = pushing_now(p, c);
    }
    if (now.state != s)
        fail_msg("%s %s is %s, not %s: %s %s%s", change_act_name(now.act),
                 now.uuid, change_state_name(now.state), change_state_name(s),
                 now.code, now.cause, now.text);
    return now;
}

void pushing_assert_true(struct pushing *p) {
    assert_int_equal(engine_sync(&p->e, p->store, SYNC_ALL_COLLECTIONS, false),
                     0);
    if (engine_verify(&p->e, p->store) < 0)
        fail_msg("verify: %s", p->e.result.error.detail);
    if (p->e.result.differences)
        fail_msg("differences: %s", p->e.report);
}
