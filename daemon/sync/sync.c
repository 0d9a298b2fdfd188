#include "sync/sync.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/check.h"
#include "common/log.h"
#include "common/mem.h"
#include "db/db.h"
#include "sync/push.h"
#include "sync/sync_internal.h"

enum { SEQ_BLOCK = 1000000, START_AGAIN_MS = 10000 };

/* -- sequence numbers of requests ----------------------------------------- */

struct seq_job {
    struct sync *s;
    int64_t first;
};

static int seq_job(struct db_tx *tx, void *arg) {
    struct seq_job *j = arg;
    return mirror_reserve_seq(tx, SEQ_BLOCK, &j->first);
}

static void seq_reserved(int status, void *arg) {
    struct seq_job *j = arg;
    struct sync *s = j->s;
    s->jobs--;
    s->seq_asked = false;
    if (status >= 0)
        s->seq_end = j->first + SEQ_BLOCK;
    else
        log_warn("sync.seq", "no sequence numbers: %s", err_name(status));
    free(j);
    sync_maybe_stopped(s);
}

/* Numbers order answers against each other, across restarts too: blocks of them
 * are reserved on disk, and what a crash leaves unused is skipped, so that an
 * old answer never passes for a newer one. The next block is asked for when
 * half of this one is used, so that a request never waits for it. */
static void reserve(struct sync *s) {
    if (s->seq_asked || s->stopping)
        return;
    struct seq_job *j = NEW(struct seq_job);
    j->s = s;
    s->seq_asked = true;
    s->jobs++;
    if (db_write(s->o.db, DB_INTERACTIVE, seq_job, seq_reserved, j) < 0)
        seq_reserved(ERR_BUSY, j);
}

static int64_t next_seq(void *arg) {
    struct sync *s = arg;
    if (s->seq_end - s->seq < SEQ_BLOCK / 2)
        reserve(s);
    return s->seq++;
}

/* -- start and stop ------------------------------------------------------- */

struct start_job {
    struct sync *s;
    struct store *stores;
    size_t n;
    int64_t seq;
};

static int start_job(struct db_tx *tx, void *arg) {
    struct start_job *j = arg;
    store_list_free(j->stores, j->n); /* of a run that was undone */
    j->stores = NULL;
    j->n = 0;
    int r = store_list(tx, &j->stores, &j->n);
    for (size_t i = 0; r >= 0 && i < j->n; i++)
        r = change_recover(tx, j->stores[i].id,
                           push_quiet_ms(&j->s->o, &j->stores[i]));
    return r < 0 ? r : mirror_reserve_seq(tx, SEQ_BLOCK, &j->seq);
}

/* Those somebody asked for meanwhile are there already, not loaded. */
static void load_all(struct sync *s, const struct store *stores, size_t n) {
    for (size_t i = 0; i < n; i++)
        if (!store_sync_find(s, stores[i].id))
            (void)store_sync_new(s, stores[i].id);
    for (struct store_sync *ss = s->stores; ss; ss = ss->next)
        store_sync_load(ss);
}

static void start_again(void *arg);

/* A full disk or a queue that overflows: without its stores the engine is deaf,
 * so it asks until it has them. */
static void start_later(struct sync *s, int status) {
    const struct env *env = s->o.env;
    log_error("sync.start", "the stores cannot be read: %s; once more in %d s",
              err_name(status), START_AGAIN_MS / 1000);
    s->again = env->timer(env->self, START_AGAIN_MS, start_again, s);
}

static void started(int status, void *arg) {
    struct start_job *j = arg;
    struct sync *s = j->s;
    s->jobs--;
    if (status < 0 && !s->stopping) {
        start_later(s, status);
    } else if (status >= 0 && !s->stopping) {
        s->started = true;
        s->seq = j->seq;
        s->seq_end = j->seq + SEQ_BLOCK;
        load_all(s, j->stores, j->n);
    }
    store_list_free(j->stores, j->n);
    free(j);
    sync_maybe_stopped(s);
}

static int ask_stores(struct sync *s) {
    struct start_job *j = NEW(struct start_job);
    j->s = s;
    s->jobs++;
    int r = db_write(s->o.db, DB_INTERACTIVE, start_job, started, j);
    if (r < 0) {
        s->jobs--;
        free(j);
    }
    return r;
}

static void start_again(void *arg) {
    struct sync *s = arg;
    s->again = NULL;
    int r = ask_stores(s);
    if (r < 0)
        start_later(s, r);
}

static void set_defaults(struct sync_options *o) {
    static const struct sync_options def = {.interval_open_s = 60,
                                            .interval_s = 300,
                                            .open_s = 300,
                                            .stock_s = 3600,
                                            .sweep_s = 6 * 3600,
                                            .deep_s = 24 * 3600,
                                            .requests_per_hour = 600,
                                            .overlap_s = 120,
                                            .page_rows = SCAN_SIZE_MAX,
                                            .soon_ms = 20000,
                                            .unknown_quiet_s =
                                                SYNC_UNKNOWN_QUIET_S,
                                            .ceiling_first = 4,
                                            .ceiling = 2,
                                            .timeout_s = 60};
    if (o->interval_open_s == 0)
        o->interval_open_s = def.interval_open_s;
    if (o->interval_s == 0)
        o->interval_s = def.interval_s;
    if (o->sweep_s == 0)
        o->sweep_s = def.sweep_s;
    if (o->open_s == 0)
        o->open_s = def.open_s;
    if (o->stock_s == 0)
        o->stock_s = def.stock_s;
    if (o->deep_s == 0)
        o->deep_s = def.deep_s;
    if (o->requests_per_hour == 0)
        o->requests_per_hour = def.requests_per_hour;
    if (o->overlap_s == 0)
        o->overlap_s = def.overlap_s;
    if (o->page_rows == 0)
        o->page_rows = def.page_rows;
    if (o->soon_ms == 0)
        o->soon_ms = def.soon_ms;
    if (o->unknown_quiet_s == 0)
        o->unknown_quiet_s = def.unknown_quiet_s;
    if (o->ceiling_first == 0)
        o->ceiling_first = def.ceiling_first;
    if (o->ceiling == 0)
        o->ceiling = def.ceiling;
    if (o->timeout_s == 0)
        o->timeout_s = def.timeout_s;
}

/* Without slashes at its end; NULL for none. */
static char *url_copy(const char *url) {
    size_t n = url ? strlen(url) : 0;
    while (n > 0 && url[n - 1] == '/')
        n--;
    return n > 0 ? mem_dupn(url, n) : NULL;
}

int sync_start(const struct sync_options *o, struct sync **ret) {
    struct sync *s = NEW(struct sync);
    s->o = *o;
    set_defaults(&s->o);
    s->public_url = url_copy(o->public_url);
    s->hub = shop_hub_new(&(struct shop_hub_options){
        .env = o->env, .transport = *o->http, .seq = next_seq, .seq_arg = s});
    int r = ask_stores(s);
    if (r < 0) {
        shop_hub_free(s->hub);
        free(s->public_url);
        free(s);
        return r;
    }
    *ret = s;
    return 0;
}

void sync_maybe_stopped(struct sync *s) {
    if (!s->stopping || s->stores || s->jobs > 0 || !s->stopped)
        return;
    void (*fn)(void *) = s->stopped;
    void *arg = s->stopped_arg;
    shop_hub_free(s->hub);
    free(s->public_url);
    free(s);
    fn(arg);
}

static void stop_turn(void *arg) {
    struct sync *s = arg;
    struct store_sync *next;
    for (struct store_sync *ss = s->stores; ss; ss = next) {
        next = ss->next;
        store_sync_tick(ss);
    }
    s->jobs--;
    sync_maybe_stopped(s);
}

void sync_stop(struct sync *s, void (*stopped)(void *arg), void *arg) {
    s->stopping = true;
    s->stopped = stopped;
    s->stopped_arg = arg;
    s->o.env->cancel(s->o.env->self, s->again);
    s->again = NULL;
    /* The turn counts as a job until it has walked: otherwise the start job,
     * still under way when a signal comes early, would be the last and free the
     * engine under the timer. */
    s->jobs++;
    (void)s->o.env->timer(s->o.env->self, 0, stop_turn, s);
}

/* -- the outside's calls -------------------------------------------------- */

void sync_store_changed(struct sync *s, int64_t store_id) {
    struct store_sync *ss = store_sync_find(s, store_id);
    if (!ss)
        ss = store_sync_new(s, store_id);
    if (!s->started)
        return; /* read with all others */
    /* passes under way end, so that new keys and a pause count at once */
    store_sync_stop(ss);
    ss->retry_ms = 0;
    store_sync_load(ss);
}

void sync_push(struct sync *s, int64_t store_id) {
    struct store_sync *ss = store_sync_find(s, store_id);
    if (!ss)
        return;
    ss->pushed = true;
    if (ss->loaded)
        store_sync_tick(ss);
}

void sync_push_all(struct sync *s) {
    struct store_sync *next;
    for (struct store_sync *ss = s->stores; ss; ss = next) {
        next = ss->next;
        sync_push(s, ss->store.id);
    }
}

void sync_wake(struct sync *s, int64_t store_id) {
    struct store_sync *ss = store_sync_find(s, store_id);
    if (!ss)
        return;
    ss->woken = true;
    if (ss->loaded)
        store_sync_tick(ss);
}

void sync_set_schedule(struct sync *s, const struct sync_options *o) {
    s->o.interval_s = o->interval_s;
    s->o.interval_open_s = o->interval_open_s;
    s->o.open_s = o->open_s;
    s->o.stock_s = o->stock_s;
    s->o.sweep_s = o->sweep_s;
    s->o.deep_s = o->deep_s;
    s->o.requests_per_hour = o->requests_per_hour;
    set_defaults(&s->o);
}

void sync_set_public_url(struct sync *s, const char *url) {
    free(s->public_url);
    s->public_url = url_copy(url);
    for (struct store_sync *ss = s->stores; ss; ss = ss->next)
        if (ss->loaded)
            store_sync_tick(ss);
}

int64_t sync_interval_ms(const struct store_sync *ss) {
    const struct sync *s = ss->engine;
    int64_t seconds =
        ss->store.interval_s ? ss->store.interval_s : s->o.interval_s;
    if (s->attention && seconds > s->o.interval_open_s)
        seconds = s->o.interval_open_s;
    return seconds * 1000;
}

int64_t sync_per_hour(const struct store_sync *ss) {
    return ss->store.per_hour ? ss->store.per_hour
                              : ss->engine->o.requests_per_hour;
}

/* Somebody looks: what would only be due later is due within the short
 * interval. */
void sync_attention(struct sync *s, bool on) {
    bool was = s->attention;
    s->attention = on;
    if (!on || was)
        return;
    int64_t now = env_mono(s->o.env);
    for (struct store_sync *ss = s->stores; ss; ss = ss->next) {
        sweep_replan(ss);
        int64_t latest = now + ss->poll_s * 1000;
        for (int c = 0; c < SYNC_COLLECTIONS; c++)
            if (collection_row((enum sync_collection)c)->has_modified &&
                ss->due_ms[c] > latest)
                ss->due_ms[c] = latest;
        if (ss->loaded)
            store_sync_tick(ss);
    }
}

static const struct pass *busiest(const struct store_sync *ss) {
    return ss->slot[SLOT_SLOW] ? ss->slot[SLOT_SLOW] : ss->slot[SLOT_FAST];
}

static void pass_status(const struct pass *p, struct sync_status *ret) {
    (void)snprintf(ret->step, sizeof ret->step, "%s",
                   p->compare ? "verify" : p->ops->step);
    (void)snprintf(ret->collection, sizeof ret->collection, "%s",
                   sync_collection_name(p->c));
    ret->running = true;
    ret->done = p->done;
    ret->total = p->total;
    ret->rate_milli = p->rate.milli;
    ret->eta_s = rate_eta(&p->rate, p->total - p->done);
}

static void shop_status(const struct store_sync *ss, struct sync_status *ret) {
    struct shop_stats st;
    shop_stats(ss->shop, &st);
    ret->queue = st.queued;
    ret->in_flight = st.in_flight;
    ret->concurrency = st.allowed;
    ret->requests_per_min_milli = st.rate_e3 * 60;
    ret->latency_us = st.latency_us;
    ret->errors = st.errors;
    ret->circuit_open = strcmp(st.circuit, "closed") != 0;
}

/* The next look for changes, as people mean it. */
static int64_t next_run(const struct store_sync *ss) {
    int64_t at = plan_due(ss, SLOT_FAST, store_sync_mono(ss));
    return at ? at : ss->retry_ms;
}

static void sweep_status(const struct store_sync *ss, int64_t offset,
                         struct sync_status *ret) {
    ret->n_sweeps = SWEEPS;
    for (int k = 0; k < SWEEPS; k++) {
        const struct sweep_state *s = &ss->sweeps[k];
        ret->sweeps[k] = (struct sync_sweep){
            .kind = sweep_info((enum sweep_kind)k)->name,
            .last_ms = s->place.success_ms,
            .next_ms = ss->store.paused ? 0 : s->next_ms + offset,
            .period_s = s->period_s,
        };
    }
    ret->per_hour = sync_per_hour(ss);
    ret->used = budget_used(&ss->budget, store_sync_mono(ss));
    ret->poll_s = ss->poll_s;
}

int sync_get_status(const struct sync *s, int64_t store_id,
                    struct sync_status *ret) {
    const struct store_sync *ss = store_sync_find(s, store_id);
    if (!ss)
        return ERR_NOT_FOUND;
    memset(ret, 0, sizeof *ret);
    ret->eta_s = -1;
    ret->first = ss->loaded && plan_first(ss);
    ret->fresh_ms = ss->fresh_ms;
    int64_t offset = env_now(s->o.env) - env_mono(s->o.env);
    if (ss->retry_ms > env_mono(s->o.env))
        ret->retry_at_ms = ss->retry_ms + offset;
    if (ss->loaded && !ss->store.paused)
        ret->next_run_ms = next_run(ss) + offset;
    if (ss->loaded)
        sweep_status(ss, offset, ret);
    if (busiest(ss))
        pass_status(busiest(ss), ret);
    if (ss->shop)
        shop_status(ss, ret);
    ret->public_url = s->public_url != NULL;
    ret->hook_code = ss->hook_code;
    (void)snprintf(ret->hook_text, sizeof ret->hook_text, "%s", ss->hook_text);
    if (ss->last_code) {
        (void)snprintf(ret->last_error, sizeof ret->last_error, "%s",
                       err_name(ss->last_code));
        (void)snprintf(ret->last_error_text, sizeof ret->last_error_text, "%s",
                       ss->last_text);
    }
    return 0;
}
