#include "fixture.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "auth/hasher.h"
#include "auth/seal.h"
#include "common/digest.h"
#include "common/mem.h"
#include "common/str.h"
#include "db/conn.h"
#include "model/feed.h"
#include "rpc/person.h"

enum { QUIET_TURNS = 8 };

/* --- the world --------------------------------------------------------- */

struct env_timer {
    struct env_timer *next;
    int64_t due;
    void (*fn)(void *arg);
    void *arg;
};

static int64_t now(void *self) {
    return FX_NOW + ((struct fx *)self)->clock;
}

static int64_t mono(void *self) {
    return ((struct fx *)self)->clock;
}

static void chance(void *self, void *dst, size_t n) {
    (void)self;
    digest_random(dst, n);
}

static struct env_timer *timer(void *self, int64_t delay_ms, void (*fn)(void *),
                               void *arg) {
    struct fx *f = self;
    struct env_timer **at = &f->timers, *t = NEW(struct env_timer);
    *t = (struct env_timer){.due = f->clock + delay_ms, .fn = fn, .arg = arg};
    while (*at && (*at)->due <= t->due)
        at = &(*at)->next;
    t->next = *at;
    *at = t;
    return t;
}

static void cancel(void *self, struct env_timer *t) {
    struct env_timer **at = &((struct fx *)self)->timers;
    while (*at && *at != t)
        at = &(*at)->next;
    if (!t)
        return;
    assert_ptr_equal(*at, t); /* neither fired nor cancelled before */
    *at = t->next;
    free(t);
}

void fx_turn(struct fx *f) {
    for (int quiet = 0; quiet < QUIET_TURNS;) {
        /* A hash is made beside the loop: that turn waits for it. */
        bool hashing = f->rpc && hasher_busy(f->rpc->hasher) > 0;
        (void)uv_run(&f->loop, hashing ? UV_RUN_ONCE : UV_RUN_NOWAIT);
        if (hashing)
            quiet = 0;
        quiet = db_pump(f->db) > 0 ? 0 : quiet + 1;
    }
}

void fx_pass(struct fx *f, int64_t ms) {
    int64_t end = f->clock + ms;
    fx_turn(f);
    for (struct env_timer *t; (t = f->timers) && t->due <= end;) {
        f->clock = t->due;
        f->timers = t->next;
        t->fn(t->arg);
        free(t);
        fx_turn(f);
    }
    f->clock = end;
}

void fx_job(struct fx *f, db_job job, void *arg) {
    assert_true(db_write_sync(f->db, job, arg) >= 0);
    fx_turn(f);
}

/* --- life -------------------------------------------------------------- */

static void start(struct fx *f) {
    f->rpc = NULL;
    static const uint8_t audit_key[32] = {1};
    char path[64];
    struct error e = {0};
    assert_int_equal(uv_loop_init(&f->loop), 0);
    f->env = (struct env){f, now, mono, chance, timer, cancel};
    (void)snprintf(path, sizeof path, "%s/f.db", f->dir);
    struct db_options d = {.path = path, .env = &f->env, .inline_mode = true};
    if (db_open(&d, &f->db, &e) < 0)
        fail_msg("%s: %s", e.where, e.detail);
    struct rpc_options o = {.loop = &f->loop,
                            .env = &f->env,
                            .db = f->db,
                            .data = f->dir,
                            .files = {1 << 23, 3, 1 << 24},
                            .audit_key = audit_key,
                            .ring = f->ring,
                            .step_up_admin_s = FX_STEP_UP_S,
                            .step_up_staff_s = FX_STEP_UP_S};
    f->rpc = rpc_new(&o, &e);
    assert_non_null(f->rpc);
}

static void on_stopped(void *arg) {
    ((struct fx *)arg)->ended = true;
}

static void stop(struct fx *f) {
    f->ended = false;
    rpc_stop(f->rpc, 1000, on_stopped, f);
    fx_turn(f);
    if (!f->ended)
        fx_pass(f, 1000); /* a client that takes nothing holds it up */
    assert_true(f->ended);
    rpc_free(f->rpc);
    f->rpc = NULL;
    db_close(f->db, NULL, NULL);
    assert_null(f->timers);
    assert_int_equal(uv_loop_close(&f->loop), 0);
}

void fx_restart(struct fx *f) {
    stop(f);
    start(f);
}

static int add_stores(struct db_tx *tx, void *unused) {
    (void)unused;
    return conn_exec(
        tx->conn,
        "INSERT INTO store (id, uuid, name, title, url, created_ms) VALUES "
        "(1, 'u1', 'alpine', '', 'https://a', 0),"
        "(2, 'u2', 'baltic', '', 'https://b', 0)");
}

static const uint8_t seal_key[32] = {2};

int fx_setup(void **state) {
    struct fx *f = NEW(struct fx);
    (void)signal(SIGPIPE, SIG_IGN); /* as the daemon does */
    (void)snprintf(f->dir, sizeof f->dir, "/tmp/fulexo-test.XXXXXX");
    assert_non_null(mkdtemp(f->dir));
    f->ring = seal_ring_of(1, seal_key);
    start(f);
    fx_job(f, add_stores, NULL);
    *state = f;
    return 0;
}

int fx_teardown(void **state) {
    struct fx *f = *state;
    char command[64];
    stop(f);
    (void)snprintf(command, sizeof command, "rm -rf '%s'", f->dir);
    assert_int_equal(system(command), 0);
    seal_ring_free(f->ring);
    free(f);
    return 0;
}

struct made {
    const char *topic;
    int64_t store_id, n;
};

static int add_events(struct db_tx *tx, void *arg) {
    const struct made *m = arg;
    int rc = 0;
    for (int64_t i = 1; rc >= 0 && i <= m->n; i++)
        rc = feed_add(tx, m->topic, m->store_id, i, "");
    return rc;
}

void fx_events(struct fx *f, const char *topic, int64_t store_id, int64_t n) {
    fx_job(f, add_events, &(struct made){topic, store_id, n});
}

/* --- a client ---------------------------------------------------------- */

static int take_end(struct fx *f, struct fx_client *c) {
    int fds[2];
    assert_int_equal(
        socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, fds),
        0);
    *c = (struct fx_client){.f = f, .fd = fds[0], .arena = arena_new(0)};
    frame_init(&c->in, FRAME_MAX);
    return fds[1];
}

void fx_connect(struct fx *f, struct fx_client *c, const char *session) {
    rpc_serve(f->rpc, take_end(f, c));
    if (session)
        (void)fx_ok(c, "session.open", session);
}

void fx_connect_as(struct fx *f, struct fx_client *c, unsigned uid) {
    rpc_serve_as(f->rpc, take_end(f, c), uid);
    (void)fx_ok(c, "session.open", FX_SESSION);
}

struct person_row {
    const char *name, *role;
    unsigned uid;
    int64_t tenant; /* 0 none */
};

static int add_person(struct db_tx *tx, void *arg) {
    const struct person_row *p = arg;
    char sql[600];
    (void)snprintf(
        sql, sizeof sql,
        "INSERT OR IGNORE INTO tenant (id, name, title, created_ms)"
        " VALUES (%lld, 't%lld', '', 0);"
        "INSERT INTO users (uuid, name, title, role, tenant_id, all_stores,"
        " created_ms) VALUES ('u-%s', '%s', '', '%s', nullif(%lld, 0), 1, 0);"
        "INSERT INTO unix_account (uid, account, user_id, linked_ms)"
        " SELECT %u, 'uid %u', id, 0 FROM users WHERE name = '%s';",
        (long long)(p->tenant ? p->tenant : 1),
        (long long)(p->tenant ? p->tenant : 1), p->name, p->name, p->role,
        (long long)p->tenant, p->uid, p->uid, p->name);
    return conn_exec(tx->conn, sql);
}

void fx_person(struct fx *f, const char *name, const char *role, unsigned uid,
               int64_t tenant) {
    fx_job(f, add_person, &(struct person_row){name, role, uid, tenant});
    assert_true(people_load(f->rpc->people) >= 0);
    fx_turn(f);
}

void fx_close(struct fx_client *c) {
    (void)close(c->fd);
    frame_done(&c->in);
    arena_free(c->arena);
    fx_turn(c->f);
}

void fx_send(struct fx_client *c, const char *line) {
    size_t n = strlen(line);
    while (n > 0) {
        ssize_t sent = send(c->fd, line, n, MSG_NOSIGNAL);
        if (sent < 0)
            return; /* hung up, or full: the test sees it by what it reads */
        line += sent;
        n -= (size_t)sent;
        fx_turn(c->f);
    }
    fx_turn(c->f);
}

const struct json *fx_read(struct fx_client *c) {
    char bytes[16384];
    const char *line;
    const struct json *v;
    size_t n;
    while (!frame_next(&c->in, &line, &n)) {
        fx_turn(c->f);
        ssize_t got = read(c->fd, bytes, sizeof bytes);
        c->ended = got == 0 || (got < 0 && errno == ECONNRESET);
        if (got <= 0)
            return NULL;
        assert_int_equal(frame_feed(&c->in, bytes, (size_t)got), 0);
    }
    assert_int_equal(json_parse(c->arena, line, n, NULL, &v, NULL), 0);
    return v;
}

const struct json *fx_ask(struct fx_client *c, const char *method,
                          const char *params) {
    AUTO_BUF struct buf line = BUF_INIT;
    const struct json *m;
    buf_addf(&line,
             "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"%s\",\"params\":%s}\n",
             method, params ? params : "{}");
    fx_send(c, buf_str(&line));
    do
        m = fx_read(c);
    while (m && json_get(m, "method"));
    if (!m)
        fail_msg("no answer to %s %s", method, params ? params : "");
    return m;
}

const struct json *fx_ok(struct fx_client *c, const char *method,
                         const char *params) {
    const struct json *m = fx_ask(c, method, params);
    const struct json *r = json_get(m, "result");
    if (!r)
        fail_msg("%s %s: %s", method, params ? params : "",
                 fx_text(m, "error.message"));
    return r;
}

const char *fx_code(const struct json *answer) {
    return fx_text(answer, "error.data.code");
}

const char *fx_text(const struct json *v, const char *path) {
    const char *s = json_string(json_path(v, path));
    return s ? s : "";
}

int64_t fx_number(const struct json *v, const char *path) {
    int64_t n = -1;
    if (json_i64(json_path(v, path), false, &n) < 0)
        fail_msg("%s is no number", path);
    return n;
}
