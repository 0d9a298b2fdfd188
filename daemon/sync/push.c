#include "sync/push.h"

#include <stdlib.h>

#include "common/arena.h"
#include "common/check.h"
#include "common/cleanup.h"
#include "common/log.h"
#include "common/mem.h"
#include "db/db.h"
#include "model/cause.h"

enum {
    BACKOFF_MS = 2000,
    BACKOFF_MAX_MS = 600000,
    ALONE_MS =
        30000, /* one that alone meets a fault waits that long, or twice */
    PHP_MARGIN_S = 30
};

int64_t push_quiet_ms(const struct sync_options *o, const struct store *s) {
    int64_t php = s->caps.php_time_limit_s;
    int64_t quiet = php > 0 ? php + PHP_MARGIN_S : 0;
    /* whoever sets less than the default knows the shop better than it does */
    bool set = o->unknown_quiet_s < SYNC_UNKNOWN_QUIET_S;
    return (quiet > o->unknown_quiet_s && !set ? quiet : o->unknown_quiet_s) *
           1000;
}

int64_t push_now(const struct push_move *m) {
    return env_now(m->push->ss->engine->o.env);
}

/* --- moves ---------------------------------------------------------------- */

static void drop(struct push_move *m) {
    struct push *p = m->push;
    struct push_move **at = &p->moves;
    while (*at != m)
        at = &(*at)->next;
    *at = m->next;
    p->n_moves--;
    p->ask = true;
    arena_free(m->arena);
    free(m);
}

void push_end(struct push_move *m) {
    struct store_sync *ss = m->push->ss;
    drop(m);
    store_sync_tick(ss); /* may free the push */
}

/* Would any other change meet the same? */
static bool of_the_shop(int code) {
    switch (code) {
    case ERR_SHOP_INVALID:
    case ERR_SHOP_PERMISSION:
    case ERR_SHOP_NOT_FOUND:
    case ERR_SHOP_NOT_JSON:
    case ERR_SHOP_TOO_LARGE:
    case ERR_SHOP_CONFLICT:
        return false;
    default:
        return true;
    }
}

int64_t push_hold(struct push_move *m, const struct shop_fault *f) {
    struct push *p = m->push;
    const struct env *env = p->ss->engine->o.env;
    if (!of_the_shop(f->code))
        return env_now(env) + ALONE_MS + (int64_t)env_below(env, ALONE_MS);
    int64_t wait = backoff_next(&p->backoff, env);
    if (f->after_ms > wait)
        wait = f->after_ms;
    p->hold_mono = env_mono(env) + wait;
    return env_now(env) + wait;
}

/* The texts of *c live in `a`, which is the move's from now on. */
static void begin(struct push *p, const struct change *c, struct arena *a) {
    struct push_move *m = NEW(struct push_move);
    m->push = p;
    m->arena = a;
    m->c = *c;
    m->next = p->moves;
    p->moves = m;
    p->n_moves++;
    m->view = (struct push_view){.c = &m->c,
                                 .a = a,
                                 .fulfillments = p->ss->store.caps.fulfillments,
                                 .posted_id = c->result_id};
    log_debug("push.take", "%s %s of %s %lld is %s", c->uuid,
              change_act_name(c->act), c->store, (long long)c->remote_id,
              change_state_name(c->state));
    push_read_start(m, c->state == CHANGE_UNKNOWN ? PUSH_LOOK : PUSH_CHECK);
}

/* --- what is due ---------------------------------------------------------- */

struct ask {
    struct push *push;
    struct arena *arenas[2 * PUSH_MOVES]; /* one a change, to outlive others */
    struct change due[2 * PUSH_MOVES];
    size_t n;
    int64_t now, next_ms;
};

static int ask_job(struct db_tx *tx, void *arg) {
    struct ask *a = arg;
    struct change found[2 * PUSH_MOVES];
    struct arena *scratch = arena_new(16 * 1024);
    int rc = change_due(tx, a->push->ss->store.id, a->now, scratch, found,
                        2 * PUSH_MOVES, &a->n, &a->next_ms);
    for (size_t i = 0; rc >= 0 && i < a->n; i++) {
        a->arenas[i] = arena_new(16 * 1024);
        rc = change_get(tx, found[i].uuid, a->arenas[i], &a->due[i]);
        if (rc == 0) /* it was there a moment ago, in the same snapshot */
            rc = ERR_DB_CORRUPT;
    }
    arena_free(scratch);
    return rc < 0 ? rc : 0;
}

static bool in_hand(const struct push *p, const struct change *c) {
    for (const struct push_move *m = p->moves; m; m = m->next)
        if (m->c.id == c->id || (c->remote_id > 0 && m->c.kind == c->kind &&
                                 m->c.remote_id == c->remote_id))
            return true;
    return false;
}

static void take(struct push *p, struct ask *a) {
    const struct env *env = p->ss->engine->o.env;
    if (a->next_ms > 0) {
        int64_t wait = a->next_ms - env_now(env);
        p->due_mono = env_mono(env) + (wait > 1 ? wait : 1);
    }
    for (size_t i = 0; i < a->n && p->n_moves < PUSH_MOVES; i++)
        if (!in_hand(p, &a->due[i]))
            begin(p, &a->due[i], TAKE_PTR(a->arenas[i]));
}

static void asked(int status, void *arg) {
    struct ask *a = arg;
    struct push *p = a->push;
    struct store_sync *ss = p->ss;
    p->asking = false;
    if (status < 0) {
        log_warn("push.due", "what is due for %s cannot be read: %s",
                 ss->store.name, err_name(status));
        p->hold_mono = store_sync_mono(ss) + BACKOFF_MS;
        p->ask = true;
    } else if (!p->stopping) {
        take(p, a);
    }
    for (size_t i = 0; i < 2 * PUSH_MOVES; i++)
        arena_free(a->arenas[i]);
    free(a);
    store_sync_tick(ss);
}

static void ask(struct push *p) {
    struct ask *a = NEW(struct ask);
    a->push = p;
    a->now = env_now(p->ss->engine->o.env);
    p->ask = false;
    p->asking = true;
    p->due_mono = 0;
    if (db_read(p->ss->engine->o.db, DB_SYNC, ask_job, asked, a) == 0)
        return;
    p->asking = false;
    p->ask = true;
    p->hold_mono = store_sync_mono(p->ss) + BACKOFF_MS;
    free(a);
}

/* --- the errand ----------------------------------------------------------- */

static void *push_start(struct store_sync *ss) {
    struct push *p = NEW(struct push);
    p->ss = ss;
    p->ask = true;
    backoff_init(&p->backoff, BACKOFF_MS, BACKOFF_MAX_MS);
    return p;
}

static bool may(const struct push *p) {
    const struct store *s = &p->ss->store;
    return !s->paused && s->can_write && p->n_moves < PUSH_MOVES;
}

static void push_tick(void *self) {
    struct push *p = self;
    int64_t mono = store_sync_mono(p->ss);
    p->stopping = false;
    if (p->ss->pushed) { /* somebody waits: try again now */
        p->ss->pushed = false;
        p->ask = true;
        p->hold_mono = 0;
    }
    if (p->due_mono > 0 && mono >= p->due_mono)
        p->ask = true;
    if (p->ask && !p->asking && mono >= p->hold_mono && may(p))
        ask(p);
}

/* What only reads is dropped, a write is waited for. No tick in here: whoever
 * stops a store looks at it afterwards. */
static void cut(struct push_move *m) {
    if (!m->call || m->step == PUSH_WRITE)
        return;
    shop_cancel(TAKE_PTR(m->call));
    if (m->step == PUSH_CHECK || m->step == PUSH_LOOK) {
        drop(m);
        return;
    }
    push_unknown(m, 0, ERR_CANCELLED, cause_plain(CAUSE_STOPPED));
    push_commit(m);
}

static void too_late(void *arg) {
    struct push *p = arg;
    int64_t quiet = push_quiet_ms(&p->ss->engine->o, &p->ss->store);
    p->late = NULL;
    for (struct push_move *m = p->moves; m; m = m->next) {
        if (!m->call)
            continue;
        shop_cancel(TAKE_PTR(m->call));
        push_unknown(m, quiet, ERR_CANCELLED, cause_plain(CAUSE_STOPPED));
        push_commit(m);
    }
}

static void push_stop(void *self) {
    struct push *p = self;
    const struct env *env = p->ss->engine->o.env;
    if (!p->stopping) {
        p->stopping = true;
        for (struct push_move *m = p->moves, *next; m; m = next) {
            next = m->next;
            cut(m);
        }
    }
    if (p->ss->engine->stopping && p->moves && !p->late)
        p->late = env->timer(env->self, PUSH_STOP_MS, too_late, p);
}

static bool push_idle(const void *self) {
    const struct push *p = self;
    return !p->moves && !p->asking;
}

static int64_t push_due(const void *self) {
    const struct push *p = self;
    int64_t at = p->ask ? p->hold_mono : p->due_mono;
    if (p->asking || !may(p))
        return 0;
    if (p->ask && at == 0)
        return 1;
    return at > 0 && at < p->hold_mono ? p->hold_mono : at;
}

static void push_free(void *self) {
    struct push *p = self;
    const struct env *env = p->ss->engine->o.env;
    REQUIRE(push_idle(p));
    env->cancel(env->self, p->late);
    free(p);
}

const struct errand_ops push_ops = {.start = push_start,
                                    .tick = push_tick,
                                    .stop = push_stop,
                                    .idle = push_idle,
                                    .due = push_due,
                                    .free = push_free};
