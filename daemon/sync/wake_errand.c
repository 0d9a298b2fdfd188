/* What was told to be read again, read again.
 *
 * Happy path: something is told (sync_wake, a read that came too late) -> a
 * look at the list picks up to 50 objects for each kind that is not being read
 * -> one batch a kind (wake_batch.c), side by side -> each end looks again.
 * What arrives while a kind is being read joins its next batch.
 * Failure modes: a fault leaves the rows on the list and holds this errand
 * back (doubling, with jitter, to ten minutes); if it was one object that
 * could not be read, the next word from the shop ends the wait. Rows survive
 * restarts: the first tick looks. */
#include <stdlib.h>
#include <string.h>

#include "common/log.h"
#include "common/mem.h"
#include "db/db.h"
#include "net/backoff.h"
#include "sync/sync_internal.h"
#include "sync/wake_batch.h"

enum { ROWS = 1024, RECENT = 12, RETRY_MS = 5000, RETRY_MAX_MS = 600000 };

struct wake_errand {
    struct store_sync *ss;
    bool dirty;   /* something may wait */
    bool looking; /* a look is under way */
    bool stopped;
    bool single; /* the last fault was one object's */
    struct backoff backoff;
    int64_t retry_ms; /* monotonic: nothing before; 0 none */
    struct wake_batch *lane[WAKE_LANES];
};

/* -- looking ----------------------------------------------------------------
 */

struct look {
    struct wake_errand *e;
    bool busy[WAKE_LANES];
    struct wake_group groups[WAKE_LANES];
};

static const enum wake_lane lane_of_kind[] = {
    [MIRROR_ORDER] = LANE_ORDER,       [MIRROR_REFUND] = LANE_REFUND,
    [MIRROR_NOTE] = LANE_NOTE,         [MIRROR_PRODUCT] = LANE_PRODUCT,
    [MIRROR_CUSTOMER] = LANE_CUSTOMER, [MIRROR_CATEGORY] = LANE_CATEGORY,
};

static int sort_in(struct look *l, struct db_tx *tx, const struct wake *w) {
    struct wake_ask ask = {.w = *w};
    enum wake_lane lane = lane_of_kind[w->kind];
    int r = wake_parent(tx, l->e->ss->store.id, w, &ask.parent_id);
    if (r < 0)
        return r;
    ask.known = r == 1;
    if (lane == LANE_PRODUCT && ask.parent_id > 0)
        lane = LANE_VARIATION;
    struct wake_group *g = &l->groups[lane];
    /* the end of the batch under way, or of a full one, looks again */
    if (!l->busy[lane] && g->n < WAKE_BATCH)
        g->asks[g->n++] = ask;
    return 0;
}

static void add_order(struct wake_group *g, int64_t id) {
    for (size_t i = 0; i < g->n_orders; i++)
        if (g->orders[i] == id)
            return;
    if (id > 0 && g->n_orders < WAKE_ORDERS)
        g->orders[g->n_orders++] = id;
}

/* Whose notes may they be? Those of notes we know, then what changed last, then
 * the newest. Orders that are still to be read go first. */
static int find_orders(struct look *l, struct db_tx *tx) {
    struct wake_group *g = &l->groups[LANE_NOTE];
    int64_t ids[2 * WAKE_ORDERS];
    int64_t store = l->e->ss->store.id;
    if (g->n == 0)
        return 0;
    if (l->busy[LANE_ORDER] || l->groups[LANE_ORDER].n) {
        g->n = 0;
        return 0;
    }
    for (size_t i = 0; i < g->n; i++)
        add_order(g, g->asks[i].parent_id);
    int n = wake_recent_orders(tx, store, ids, RECENT + g->n);
    for (int i = 0; i < n; i++)
        add_order(g, ids[i]);
    return n < 0 ? n : 0;
}

static int look_job(struct db_tx *tx, void *arg) {
    struct look *l = arg;
    AUTO_FREE struct wake *rows = mem_zalloc(ROWS, sizeof *rows);
    int n = wake_list(tx, l->e->ss->store.id, rows, ROWS), r = n;
    for (int i = 0; r >= 0 && i < n; i++)
        r = sort_in(l, tx, &rows[i]);
    return r < 0 ? r : find_orders(l, tx);
}

/* -- batches ----------------------------------------------------------------
 */

static void failed(struct wake_errand *e, int status, const struct error *err,
                   bool single) {
    const struct store_sync *ss = e->ss;
    e->single = single;
    e->retry_ms =
        store_sync_mono(ss) + backoff_next(&e->backoff, ss->engine->o.env);
    log_warn("sync.wake", "what %s told of was not read again: %s: %s",
             ss->store.name, err_name(status), err->detail);
}

static void batch_done(void *arg, struct wake_batch *b, int status,
                       const struct error *err, bool single) {
    struct wake_errand *e = arg;
    struct store_sync *ss = e->ss;
    e->lane[wake_batch_lane(b)] = NULL;
    e->dirty = true;
    if (status < 0 && !e->stopped)
        failed(e, status, err, single);
    else if (status == 0)
        backoff_reset(&e->backoff);
    wake_batch_free(b);
    store_sync_changed(ss);
    store_sync_tick(ss);
}

static void start_batches(struct wake_errand *e, const struct look *l) {
    struct store_sync *ss = e->ss;
    const struct sync_options *o = &ss->engine->o;
    struct pass_where at = {o->db, o->env, ss->shop, ss->store.id};
    for (int i = 0; i < WAKE_LANES; i++) {
        if (l->groups[i].n == 0 || e->lane[i])
            continue;
        e->lane[i] = wake_batch_start(&at, &l->groups[i], batch_done, e);
    }
}

static void not_looked(struct wake_errand *e, int status) {
    struct error err = {0};
    (void)error_set(&err, status, "", "%s", err_message(status));
    e->dirty = true;
    failed(e, status, &err, false);
}

static void looked(int status, void *arg) {
    struct look *l = arg;
    struct wake_errand *e = l->e;
    struct store_sync *ss = e->ss;
    e->looking = false;
    if (status < 0)
        not_looked(e, status);
    else if (e->stopped)
        e->dirty = true;
    else
        start_batches(e, l);
    free(l);
    store_sync_tick(ss);
}

static void look(struct wake_errand *e) {
    struct look *l = NEW(struct look);
    l->e = e;
    for (int i = 0; i < WAKE_LANES; i++) {
        l->groups[i].lane = (enum wake_lane)i;
        l->busy[i] = e->lane[i] != NULL;
    }
    e->dirty = false;
    e->looking = true;
    int r = db_read(e->ss->engine->o.db, DB_INTERACTIVE, look_job, looked, l);
    if (r < 0) {
        e->looking = false;
        not_looked(e, r);
        free(l);
    }
}

/* -- the errand -------------------------------------------------------------
 */

static void *wake_start(struct store_sync *ss) {
    struct wake_errand *e = NEW(struct wake_errand);
    e->ss = ss;
    e->dirty = true; /* what was left by the last run */
    backoff_init(&e->backoff, RETRY_MS, RETRY_MAX_MS);
    return e;
}

/* All lanes taken: nothing a look finds could start. */
static bool full(const struct wake_errand *e) {
    for (int i = 0; i < WAKE_LANES; i++)
        if (!e->lane[i])
            return false;
    return true;
}

static void wake_tick(void *self) {
    struct wake_errand *e = self;
    struct store_sync *ss = e->ss;
    e->stopped = false;
    if (ss->woken) {
        ss->woken = false;
        e->dirty = true;
        if (e->single)
            e->retry_ms = 0;
    }
    if (e->dirty && !e->looking && !ss->store.paused && !full(e) &&
        store_sync_mono(ss) >= e->retry_ms)
        look(e);
}

static void wake_stop(void *self) {
    struct wake_errand *e = self;
    e->stopped = true;
    e->dirty = true;
    for (int i = 0; i < WAKE_LANES; i++)
        if (e->lane[i] && wake_batch_stop(e->lane[i])) {
            wake_batch_free(e->lane[i]);
            e->lane[i] = NULL;
        }
}

static bool wake_idle(const void *self) {
    const struct wake_errand *e = self;
    for (int i = 0; i < WAKE_LANES; i++)
        if (e->lane[i])
            return false;
    return !e->looking;
}

static int64_t wake_due(const void *self) {
    const struct wake_errand *e = self;
    bool waits = e->dirty && !e->looking && !e->ss->store.paused && !full(e);
    return waits ? e->retry_ms : 0;
}

static void wake_free(void *self) {
    free(self);
}

const struct errand_ops wake_errand_ops = {
    .start = wake_start,
    .tick = wake_tick,
    .stop = wake_stop,
    .idle = wake_idle,
    .due = wake_due,
    .free = wake_free,
};
