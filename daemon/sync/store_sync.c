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

#include "common/check.h"
#include "common/mem.h"
#include "db/db.h"
#include "model/ids.h"
#include "sync/pass_full.h"
#include "sync/pass_sweep.h"
#include "sync/sync_internal.h"

enum { NOTES_MAX = 5000, LARGE_ROWS = 2000 };

void store_sync_changed(struct store_sync *ss) {
    struct sync *s = ss->engine;
    if (s->o.changed)
        s->o.changed(s->o.changed_self, ss->store.id);
}

int64_t store_sync_mono(const struct store_sync *ss) {
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
    return !ss->slot[SLOT_FAST] && !ss->slot[SLOT_SLOW] && ss->jobs == 0 &&
           errand_all_idle(ss);
}

void store_sync_free(struct store_sync *ss) {
    REQUIRE(store_sync_idle(ss) && !ss->runs);
    struct store_sync **at = &ss->engine->stores;
    while (*at != ss)
        at = &(*at)->next;
    *at = ss->next;
    ss->engine->o.env->cancel(ss->engine->o.env->self, ss->timer);
    errand_free_all(ss);
    sweep_free(ss);
    shop_free(ss->shop);
    store_done(&ss->store);
    free(ss);
}

/* -- passes --------------------------------------------------------------- */

static void progressed(struct pass *p, void *arg) {
    struct store_sync *ss = arg;
    sweep_charge(ss, p);
    run_progress(ss, p);
    store_sync_changed(ss);
}

static int slot_of(const struct store_sync *ss, const struct pass *p) {
    return ss->slot[SLOT_FAST] == p ? SLOT_FAST : SLOT_SLOW;
}

/* The first store to fill an empty mirror has the writer's bulk mode until its
 * orders are through or a pass fails: lists by number then walk, so it must not
 * last as long as the slowest of many shops. */
static void leave_bulk(struct store_sync *ss, const struct pass *p) {
    bool through = strcmp(ss->cp[SYNC_ORDERS].phase, "ready") == 0;
    if (!ss->bulk || (!through && p->status == 0 && !p->stopping))
        return;
    ss->bulk = false;
    db_bulk(ss->engine->o.db, false);
}

static void ended(struct pass *p, void *arg) {
    struct store_sync *ss = arg;
    int slot = slot_of(ss, p);
    struct sync_run *run = ss->slot_run[slot];
    sweep_charge(ss, p);
    if (p->status < 0) {
        store_sync_failed(ss, p);
    } else if (run) {
        run_verified(ss, run, p);
    } else if (!p->stopping) {
        if (p->ops == &pass_full_ops)
            store_sync_mark_gone(ss, p);
        store_sync_through(ss, p);
    }
    /* rows that came too late, refunds an order names and we lack */
    if (p->counts.stale + p->counts.inserted + p->counts.changed +
            p->counts.told >
        0)
        ss->woken = true;
    leave_bulk(ss, p);
    ss->slot[slot] = NULL;
    ss->slot_run[slot] = NULL;
    bool large = p->counts.rows >= LARGE_ROWS;
    pass_free(p);
    if (large)
        mem_trim();
    store_sync_changed(ss);
    store_sync_tick(ss);
}

/* An empty mirror is filled fastest with the scattered indexes built after. */
static void enter_bulk(struct store_sync *ss, struct pass *p) {
    struct sync *s = ss->engine;
    p->bulk = true;
    if (p->c != SYNC_ORDERS || s->bulk_used)
        return;
    s->bulk_used = ss->bulk = true;
    db_bulk(s->o.db, true);
}

static void set_sweep(struct store_sync *ss, struct pass *p,
                      enum sweep_kind k) {
    int64_t room = sweep_room(ss, sweep_info(k)->rank);
    pass_sweep_set(p, k, &ss->sweeps[k],
                   (int)(room < SWEEP_SLICE ? room : SWEEP_SLICE));
}

static struct pass *make_pass(struct store_sync *ss,
                              const struct sync_step *step) {
    const struct sync_options *o = &ss->engine->o;
    struct pass_where w = {o->db, o->env, ss->shop, ss->store.id};
    struct pass *p = pass_new(step->ops, &w, step->c, &ss->cp[step->c]);
    bool first = step->c != SYNC_NOTES && strcmp(p->cp.phase, "ready") != 0;
    p->prio =
        first && step->ops != &pass_changes_ops ? SHOP_FIRST : SHOP_INCREMENTAL;
    p->compare = step->verify != NULL;
    p->scheduled = step->scheduled;
    /* a first scan meets the open orders again that were read before it */
    p->skip_same = step->ops == &pass_full_ops ||
                   step->ops == &pass_sweep_ops ||
                   (step->ops == &pass_scan_ops && step->c == SYNC_ORDERS);
    p->overlap_ms = o->overlap_s * 1000;
    p->rows = o->page_rows;
    p->soon_ms = o->soon_ms;
    p->resumed = step->ops == &pass_scan_ops &&
                 strcmp(p->cp.phase, "scan") == 0 && p->cp.page >= 0;
    if (step->ops == &pass_changes_ops)
        walk_init(&p->walk, collection_row(step->c)->rows_dated, p->cp.mark_ms,
                  p->overlap_ms, p->rows);
    if (step->sweep != SWEEPS)
        p->prio = SHOP_SWEEP;
    if (step->ops == &pass_sweep_ops)
        set_sweep(ss, p, step->sweep);
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
    bool sweep; /* a slice of the sweep, else all at once */
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
        if (j->sweep)
            j->n = sweep_notes_slice(ss, p, j->ids, j->n);
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

static void start_notes(struct store_sync *ss, struct pass *p, bool sweep) {
    struct notes_job *j = NEW(struct notes_job);
    j->ss = ss;
    j->pass = p;
    j->sweep = sweep;
    ss->slot[SLOT_SLOW] = p;
    ss->jobs++;
    if (db_read(ss->engine->o.db, DB_SYNC, notes_job, notes_listed, j) < 0)
        notes_listed(ERR_BUSY, j);
}

/* -- the machine ---------------------------------------------------------- */

static void fill(struct store_sync *ss, int slot) {
    struct sync_step step;
    plan_next(ss, slot, store_sync_mono(ss), &step);
    if (!step.ops)
        return;
    struct pass *p = make_pass(ss, &step);
    if (step.ops == &pass_notes_ops)
        start_notes(ss, p, step.sweep == SWEEP_OF_NOTES);
    else
        start_pass(ss, slot, p, step.verify);
}

static void timer_due(void *arg) {
    struct store_sync *ss = arg;
    ss->timer = NULL;
    store_sync_tick(ss);
}

static void set_timer(struct store_sync *ss, bool works) {
    const struct env *e = ss->engine->o.env;
    e->cancel(e->self, ss->timer);
    ss->timer = NULL;
    int64_t mono = store_sync_mono(ss),
            at = works ? errand_due_first(ss) : ss->load_ms;
    for (int i = 0; i < SLOTS && works; i++) {
        int64_t due = ss->slot[i] ? 0 : plan_due(ss, i, mono);
        /* what is due and not begun waits for the other slot to end */
        if (due > mono && (at == 0 || due < at))
            at = due;
    }
    if (at == 0)
        return;
    int64_t wait = at - mono;
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
        if (!ss->engine->stopping)
            errand_leave_all(ss);
        store_sync_stop(ss);
        leave(ss);
        return;
    }
    if (ss->reload && store_sync_idle(ss) &&
        store_sync_mono(ss) >= ss->load_ms) {
        store_sync_load(ss);
        return;
    }
    if (ss->loaded && !ss->shop)
        run_sweep(ss, ERR_SHOP_AUTH);
    bool works = ss->loaded && ss->shop && !ss->reload;
    for (int i = 0; i < SLOTS && works; i++)
        if (!ss->slot[i])
            fill(ss, i);
    if (works)
        errand_tick_all(ss);
    run_sweep(ss, 0);
    set_timer(ss, works);
}

void store_sync_stop(struct store_sync *ss) {
    for (int i = 0; i < SLOTS; i++)
        if (ss->slot[i])
            pass_stop(ss->slot[i], 0);
    errand_stop_all(ss);
}
