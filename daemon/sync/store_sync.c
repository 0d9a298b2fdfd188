/* One store's machine: two slots for passes, a timer, and what is loaded.
 *
 * Happy path: load (store, keys, checkpoints) -> tick fills free slots with
 * what plan.c says -> a pass ends -> its checkpoint and the next due times are
 * kept -> tick; with nothing to do the timer waits for what is due next.
 * Failure modes: a failed pass sets the store's state, holds scheduled passes
 * back (full jitter, up to ten minutes) and ends the runs that waited for it;
 * a database error reloads everything from tables, as after a crash. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/arena.h"
#include "common/check.h"
#include "common/cleanup.h"
#include "common/log.h"
#include "common/mem.h"
#include "db/db.h"
#include "model/ids.h"
#include "model/order.h"
#include "sync/pass_full.h"
#include "sync/sync_internal.h"

enum { RETRY_BASE_MS = 5000, RETRY_MAX_MS = 600000, NOTES_MAX = 5000 };

DEFINE_CLEANUP(struct arena *, arena_freep, arena_free)

static void changed(struct store_sync *ss) {
    struct sync *s = ss->engine;
    if (s->o.changed)
        s->o.changed(s->o.changed_self, ss->store.id);
}

static int64_t mono(const struct store_sync *ss) {
    return env_mono(ss->engine->o.env);
}

struct store_sync *store_sync_find(const struct sync *s, int64_t id) {
    for (struct store_sync *ss = s->stores; ss; ss = ss->next)
        if (ss->store.id == id)
            return ss;
    return NULL;
}

struct store_sync *store_sync_new(struct sync *s, int64_t id) {
    struct store_sync *ss = NEW(struct store_sync);
    ss->engine = s;
    ss->store.id = id;
    ss->next = s->stores;
    s->stores = ss;
    return ss;
}

bool store_sync_idle(const struct store_sync *ss) {
    return !ss->slot[SLOT_FAST] && !ss->slot[SLOT_SLOW] && ss->jobs == 0;
}

void store_sync_free(struct store_sync *ss) {
    REQUIRE(store_sync_idle(ss) && !ss->runs);
    struct store_sync **at = &ss->engine->stores;
    while (*at != ss)
        at = &(*at)->next;
    *at = ss->next;
    ss->engine->o.env->cancel(ss->engine->o.env->self, ss->timer);
    shop_free(ss->shop);
    store_done(&ss->store);
    free(ss);
}

/* -- loading --------------------------------------------------------------
 */

/* Everything a machine needs from tables, read in one job. */
struct load {
    struct store_sync *ss;
    struct store store;
    struct checkpoint cp[SYNC_COLLECTIONS];
    char open_slugs[512];
    struct arena *arena;
    const void *key, *secret;
    size_t key_n, secret_n;
    int found;
};

static int load_job(struct db_tx *tx, void *arg) {
    struct load *l = arg;
    int64_t id = l->ss->store.id;
    l->found = store_by_id(tx, id, &l->store);
    if (l->found <= 0)
        return l->found;
    for (int c = 0; c < SYNC_COLLECTIONS; c++) {
        int r = checkpoint_get(
            tx, id, sync_collection_name((enum sync_collection)c), &l->cp[c]);
        if (r < 0)
            return r;
    }
    return order_open_slugs(tx, id, l->open_slugs, sizeof l->open_slugs);
}

static struct shop_config shop_config_of(const struct store_sync *ss,
                                         const char *key, const char *secret) {
    const struct store *st = &ss->store;
    const struct sync_options *o = &ss->engine->o;
    enum shop_auth auth = SHOP_BASIC;
    (void)shop_auth_from(st->auth, &auth);
    return (struct shop_config){
        .name = st->name,
        .url = st->url,
        .home = st->caps.home,
        .key = key,
        .secret = secret,
        .ca = st->ca,
        .auth = auth,
        .route = strcmp(st->rest, "route") == 0,
        .ceiling = o->ceiling,
        .ceiling_first = o->ceiling_first,
        .total_ms = (int64_t)o->timeout_s * 1000,
        .clock_offset_ms = st->caps.clock_offset_ms,
    };
}

static void set_state(struct store_sync *ss, int code, const char *text);

static void connect_shop(struct store_sync *ss) {
    struct sync *s = ss->engine;
    struct arena *a CLEANUP(arena_freep) = arena_new(4096);
    const char *key = NULL, *secret = NULL;
    int r = s->o.open_keys(s->o.open_keys_self, &ss->store, a, &key, &secret);
    if (r < 0) {
        set_state(ss, ERR_SHOP_AUTH,
                  "the keys of this store cannot be opened: enter them again");
        return;
    }
    struct shop_config c = shop_config_of(ss, key, secret);
    if (ss->shop)
        shop_configure(ss->shop, &c);
    else
        ss->shop = shop_new(s->hub, &c);
    mem_wipe((char *)(uintptr_t)secret, strlen(secret));
}

static void loaded(int status, void *arg) {
    struct load *l = arg;
    struct store_sync *ss = l->ss;
    ss->jobs--;
    if (status >= 0 && l->found > 0) {
        store_done(&ss->store);
        ss->store = l->store;
        memcpy(ss->cp, l->cp, sizeof ss->cp);
        memcpy(ss->open_slugs, l->open_slugs, sizeof ss->open_slugs);
        ss->loaded = true;
        ss->gone = ss->store.removed;
        ss->fresh_ms = ss->cp[SYNC_ORDERS].success_ms;
        if (!ss->gone)
            connect_shop(ss);
    } else {
        log_error("sync.load", "store %lld cannot be read: %s",
                  (long long)ss->store.id, err_name(status));
        ss->gone = status >= 0;
    }
    free(l);
    changed(ss);
    store_sync_tick(ss);
}

void store_sync_load(struct store_sync *ss) {
    if (!store_sync_idle(ss)) {
        ss->reload = true;
        return;
    }
    ss->reload = false;
    struct load *l = NEW(struct load);
    l->ss = ss;
    ss->jobs++;
    if (db_read(ss->engine->o.db, DB_SYNC, load_job, loaded, l) < 0)
        loaded(ERR_BUSY, l);
}

/* -- state ---------------------------------------------------------------- */

struct state_job {
    struct store_sync *ss;
    char state[16], reason[32], text[300];
};

static int state_job(struct db_tx *tx, void *arg) {
    struct state_job *j = arg;
    return store_set_state(tx, j->ss->store.id, j->state, j->reason, j->text);
}

static void state_done(int status, void *arg) {
    struct state_job *j = arg;
    struct store_sync *ss = j->ss;
    if (status < 0)
        log_warn("sync.state", "state of %s was not saved: %s", ss->store.name,
                 err_name(status));
    ss->jobs--;
    free(j);
    changed(ss);
    store_sync_tick(ss);
}

static const char *state_of(int code) {
    switch (code) {
    case 0:
        return "connected";
    case ERR_SHOP_AUTH:
    case ERR_SHOP_PERMISSION:
    case ERR_SHOP_BLOCKED:
    case ERR_SHOP_TLS:
    case ERR_SHOP_NOT_WOO:
    case ERR_SHOP_REDIRECT:
        return "blocked";
    default:
        return "degraded";
    }
}

static void set_state(struct store_sync *ss, int code, const char *text) {
    const char *state = state_of(code);
    const char *reason = code ? err_name(code) : "";
    ss->last_code = code;
    (void)snprintf(ss->last_text, sizeof ss->last_text, "%s", text);
    if (strcmp(state, ss->store.state) == 0 &&
        strcmp(reason, ss->store.reason) == 0)
        return;
    struct state_job *j = NEW(struct state_job);
    j->ss = ss;
    (void)snprintf(j->state, sizeof j->state, "%s", state);
    (void)snprintf(j->reason, sizeof j->reason, "%s", reason);
    (void)snprintf(j->text, sizeof j->text, "%s", text);
    (void)snprintf(ss->store.state, sizeof ss->store.state, "%s", state);
    (void)snprintf(ss->store.reason, sizeof ss->store.reason, "%s", reason);
    log_info("sync.state", "store %s is %s %s %s", ss->store.name, state,
             reason, text);
    ss->jobs++;
    if (db_write(ss->engine->o.db, DB_INTERACTIVE, state_job, state_done, j) <
        0)
        state_done(ERR_BUSY, j);
}

/* -- after a pass --------------------------------------------------------- */

static int64_t jitter(const struct store_sync *ss, int64_t ms) {
    const struct env *e = ss->engine->o.env;
    return ms - ms / 10 + (int64_t)env_below(e, (uint64_t)(ms / 5 + 1));
}

static int64_t period(const struct store_sync *ss, enum sync_collection c) {
    return collection_row(c)->has_modified ? sync_interval_ms(ss)
                                           : ss->engine->o.sweep_s * 1000;
}

static void hold_back(struct store_sync *ss) {
    int64_t cap = RETRY_BASE_MS;
    for (int i = 0; i < ss->failures && cap < RETRY_MAX_MS; i++)
        cap *= 2;
    if (cap > RETRY_MAX_MS)
        cap = RETRY_MAX_MS;
    ss->failures++;
    ss->retry_ms = mono(ss) + RETRY_BASE_MS / 5 +
                   (int64_t)env_below(ss->engine->o.env, (uint64_t)cap);
}

static void failed(struct store_sync *ss, struct pass *p) {
    if (p->status == ERR_CANCELLED)
        return;
    if (p->status == ERR_CONFLICT || p->status == ERR_DB)
        ss->reload = true;
    hold_back(ss);
    set_state(ss, p->status, p->error.detail);
    log_warn("sync.failed", "%s %s of %s: %s: %s", p->ops->step,
             sync_collection_name(p->c), ss->store.name, err_name(p->status),
             p->error.detail);
    run_pass_failed(ss, p);
}

static void edited(void *arg, int status) {
    struct store_sync *ss = arg;
    ss->jobs--;
    if (status < 0) {
        log_warn("sync.checkpoint", "a checkpoint of %s was not saved: %s",
                 ss->store.name, err_name(status));
        ss->reload = true;
    }
    store_sync_tick(ss);
}

/* The pass is through: where the collection stands now. */
static void move_mark(struct store_sync *ss, struct pass *p) {
    struct checkpoint *c = &ss->cp[p->c];
    int64_t now = env_now(ss->engine->o.env);
    if (p->ops == &pass_open_ops || p->ops == &pass_scan_ops ||
        p->ops == &pass_full_ops) {
        memcpy(c->phase, p->cp.phase, sizeof c->phase);
        c->page = p->cp.page;
        c->done = p->cp.done;
        c->total = p->cp.total;
        if (c->mark_ms == 0)
            c->mark_ms = p->cp.mark_ms;
    }
    if (p->ops == &pass_open_ops)
        return;
    if (p->ops == &pass_changes_ops && p->shop_date_ms > c->mark_ms)
        c->mark_ms = p->shop_date_ms;
    c->success_ms = now;
    if (p->counts.inserted + p->counts.changed > 0)
        c->changed_ms = now;
    if (p->c == SYNC_ORDERS)
        ss->fresh_ms = now;
    ss->jobs++;
    intake_edit_only(ss->engine->o.db, ss->engine->o.env, ss->store.id,
                     INTAKE_MARK, c, edited, ss);
}

static void through(struct store_sync *ss, struct pass *p) {
    ss->failures = 0;
    ss->retry_ms = 0;
    ss->cycle_ms[p->c] = p->started_mono;
    if (p->ops != &pass_open_ops)
        ss->due_ms[p->c] = mono(ss) + jitter(ss, period(ss, p->c));
    move_mark(ss, p);
    set_state(ss, 0, "");
    run_pass_done(ss, p);
}

/* -- rows the shop no longer has ------------------------------------------ */

struct gone_job {
    struct store_sync *ss;
    enum mirror_kind kind;
    struct mirror_read read;
    int64_t *ids;
    size_t n;
};

static int gone_job(struct db_tx *tx, void *arg) {
    const struct gone_job *j = arg;
    for (size_t i = 0; i < j->n; i++) {
        int r = j->kind == MIRROR_ORDER
                    ? order_mark_gone(tx, &j->read, j->ids[i], 2)
                    : mirror_mark_gone(tx, &j->read, j->kind, j->ids[i], 2);
        if (r < 0 && r != ERR_NOT_FOUND)
            return r;
    }
    return 0;
}

static void gone_done(int status, void *arg) {
    struct gone_job *j = arg;
    struct store_sync *ss = j->ss;
    if (status < 0)
        log_warn("sync.gone", "deleted rows of %s were not marked: %s",
                 ss->store.name, err_name(status));
    ss->jobs--;
    free(j->ids);
    free(j);
    store_sync_tick(ss);
}

static void mark_gone(struct store_sync *ss, struct pass *p) {
    size_t n;
    const struct full_difference *d = pass_full_found(p, &n);
    if (n == 0)
        return;
    struct gone_job *j = NEW(struct gone_job);
    j->ss = ss;
    j->kind = collection_row(p->c)->kind;
    j->read = (struct mirror_read){ss->store.id, ss->engine->seq, false};
    j->ids = mem_zalloc(n, sizeof *j->ids);
    for (size_t i = 0; i < n; i++)
        j->ids[j->n++] = d[i].remote_id;
    p->counts.gone = (int64_t)n;
    ss->jobs++;
    if (db_write(ss->engine->o.db, DB_SYNC, gone_job, gone_done, j) < 0)
        gone_done(ERR_BUSY, j);
}

/* -- passes --------------------------------------------------------------- */

static void progressed(struct pass *p, void *arg) {
    struct store_sync *ss = arg;
    run_progress(ss, p);
    changed(ss);
}

static int slot_of(const struct store_sync *ss, const struct pass *p) {
    return ss->slot[SLOT_FAST] == p ? SLOT_FAST : SLOT_SLOW;
}

static void leave_bulk(struct store_sync *ss) {
    if (!ss->bulk)
        return;
    ss->bulk = false;
    if (--ss->engine->bulk == 0)
        db_bulk(ss->engine->o.db, false);
}

static void ended(struct pass *p, void *arg) {
    struct store_sync *ss = arg;
    int slot = slot_of(ss, p);
    struct sync_run *run = ss->slot_run[slot];
    if (p->bulk)
        leave_bulk(ss);
    if (p->status < 0) {
        failed(ss, p);
    } else if (run) {
        run_verified(ss, run, p);
    } else if (!p->stopping) {
        if (p->ops == &pass_full_ops)
            mark_gone(ss, p);
        through(ss, p);
    }
    ss->slot[slot] = NULL;
    ss->slot_run[slot] = NULL;
    pass_free(p);
    changed(ss);
    store_sync_tick(ss);
}

/* An empty mirror is filled fastest with the scattered indexes built after. */
static void enter_bulk(struct store_sync *ss, struct pass *p) {
    p->bulk = true;
    if (p->c != SYNC_ORDERS || ss->bulk)
        return;
    ss->bulk = true;
    if (ss->engine->bulk++ == 0)
        db_bulk(ss->engine->o.db, true);
}

static struct pass *make_pass(struct store_sync *ss,
                              const struct sync_step *step) {
    const struct sync_options *o = &ss->engine->o;
    struct pass_where w = {o->db, o->env, ss->shop, ss->store.id};
    struct pass *p = pass_new(step->ops, &w, step->c, &ss->cp[step->c]);
    bool first = strcmp(p->cp.phase, "ready") != 0;
    p->prio =
        first && step->ops == &pass_scan_ops ? SHOP_FIRST : SHOP_INCREMENTAL;
    p->compare = step->verify != NULL;
    p->skip_same = step->ops == &pass_full_ops;
    p->overlap_ms = o->overlap_s * 1000;
    p->resumed = step->ops == &pass_scan_ops &&
                 strcmp(p->cp.phase, "scan") == 0 && p->cp.page >= 0;
    if (step->ops == &pass_changes_ops)
        walk_init(&p->walk, collection_row(step->c)->rows_dated, p->cp.mark_ms,
                  p->overlap_ms, SCAN_SIZE_MAX);
    if (step->ops == &pass_open_ops)
        memcpy(p->open_statuses, ss->open_slugs, sizeof p->open_statuses);
    if (first && step->ops != &pass_changes_ops && !p->compare)
        enter_bulk(ss, p);
    return p;
}

static void start_pass(struct store_sync *ss, int slot, struct pass *p,
                       struct sync_run *run) {
    ss->slot[slot] = p;
    ss->slot_run[slot] = run;
    pass_start(p, ended, progressed, ss);
}

/* -- notes: which orders, first -------------------------------------------- */

struct notes_job {
    struct store_sync *ss;
    struct pass *pass;
    int64_t ids[NOTES_MAX];
    int n;
};

static int notes_job(struct db_tx *tx, void *arg) {
    struct notes_job *j = arg;
    j->n = order_open_ids(tx, j->ss->store.id, j->ids, NOTES_MAX);
    return j->n < 0 ? j->n : 0;
}

static void notes_listed(int status, void *arg) {
    struct notes_job *j = arg;
    struct store_sync *ss = j->ss;
    struct pass *p = j->pass;
    ss->jobs--;
    if (status >= 0) {
        pass_saw(p, j->ids, (size_t)j->n);
        p->total = j->n;
    } else {
        pass_fail(p, status, "notes", err_message(status));
    }
    free(j);
    if (ss->gone || ss->engine->stopping)
        pass_stop(p, 0);
    pass_start(p, ended, progressed, ss);
}

static void start_notes(struct store_sync *ss, struct pass *p) {
    struct notes_job *j = NEW(struct notes_job);
    j->ss = ss;
    j->pass = p;
    ss->slot[SLOT_SLOW] = p;
    ss->jobs++;
    if (db_read(ss->engine->o.db, DB_SYNC, notes_job, notes_listed, j) < 0)
        notes_listed(ERR_BUSY, j);
}

/* -- the machine ---------------------------------------------------------- */

static void fill(struct store_sync *ss, int slot) {
    struct sync_step step;
    plan_next(ss, slot, mono(ss), &step);
    if (!step.ops)
        return;
    struct pass *p = make_pass(ss, &step);
    if (step.ops == &pass_notes_ops)
        start_notes(ss, p);
    else
        start_pass(ss, slot, p, step.verify);
}

static void timer_due(void *arg) {
    struct store_sync *ss = arg;
    ss->timer = NULL;
    store_sync_tick(ss);
}

static void set_timer(struct store_sync *ss) {
    const struct env *e = ss->engine->o.env;
    e->cancel(e->self, ss->timer);
    ss->timer = NULL;
    int64_t at = plan_due(ss);
    if (at == 0 || ss->gone || !ss->shop)
        return;
    int64_t wait = at - mono(ss);
    ss->timer = e->timer(e->self, wait > 1 ? wait : 1, timer_due, ss);
}

static void leave(struct store_sync *ss) {
    struct sync *s = ss->engine;
    run_sweep(ss, s->stopping ? ERR_CANCELLED : ERR_NOT_FOUND);
    if (store_sync_idle(ss) && !ss->runs)
        store_sync_free(ss);
    sync_maybe_stopped(s);
}

void store_sync_tick(struct store_sync *ss) {
    if (ss->gone || ss->engine->stopping) {
        store_sync_stop(ss);
        leave(ss);
        return;
    }
    if (ss->reload && store_sync_idle(ss)) {
        store_sync_load(ss);
        return;
    }
    if (ss->loaded && !ss->shop)
        run_sweep(ss, ERR_SHOP_AUTH);
    for (int i = 0; i < SLOTS && ss->loaded && ss->shop && !ss->reload; i++)
        if (!ss->slot[i])
            fill(ss, i);
    run_sweep(ss, 0);
    if (store_sync_idle(ss))
        set_timer(ss);
}

void store_sync_stop(struct store_sync *ss) {
    for (int i = 0; i < SLOTS; i++)
        if (ss->slot[i])
            pass_stop(ss->slot[i], 0);
}
