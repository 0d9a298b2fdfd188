#include "sync/sweep.h"

#include <stdlib.h>
#include <string.h>

#include "common/check.h"
#include "common/log.h"
#include "common/mem.h"
#include "db/db.h"
#include "sync/pass_sweep.h"
#include "sync/sync_internal.h"

enum {
    POLL_COST = 6,     /* four collections, two of them with a trash */
    NOTES_FIRST = 100, /* orders a slice of the first round */
    DEEP_HPOS = 7,     /* there dates tell nearly all: so much rarer */
    DOUBT_MS = 600000
};

static const struct sweep_info infos[SWEEPS] = {
    [SWEEP_OF_OPEN] = {"open", SYNC_ORDERS, SWEEP_FULL, RANK_OPEN,
                       .open = true},
    [SWEEP_OF_NOTES] = {"notes", SYNC_NOTES, SWEEP_NOTES, RANK_LOOK},
    [SWEEP_OF_STOCK] = {"stock_products", SYNC_PRODUCTS, SWEEP_STOCK,
                        RANK_LOOK},
    [SWEEP_OF_STOCK_VARIATIONS] = {"stock_variations", SYNC_VARIATIONS,
                                   SWEEP_STOCK, RANK_LOOK},
    [SWEEP_OF_IDS] = {"ids_orders", SYNC_ORDERS, SWEEP_IDS, RANK_LOOK},
    [SWEEP_OF_REFUNDS] = {"ids_refunds", SYNC_REFUNDS, SWEEP_IDS, RANK_LOOK},
    [SWEEP_OF_TRASH] = {"trash_orders", SYNC_ORDERS, SWEEP_IDS, RANK_LOOK,
                        .trash = true},
    [SWEEP_OF_TRASH_PRODUCTS] = {"trash_products", SYNC_PRODUCTS, SWEEP_IDS,
                                 RANK_LOOK, .trash = true},
    [SWEEP_OF_CUSTOMERS] = {"customers", SYNC_CUSTOMERS, SWEEP_FULL, RANK_LOOK},
    [SWEEP_OF_CATEGORIES] = {"categories", SYNC_CATEGORIES, SWEEP_FULL,
                             RANK_LOOK},
    [SWEEP_OF_ORDERS] = {"deep_orders", SYNC_ORDERS, SWEEP_FULL, RANK_DEEP},
    [SWEEP_OF_PRODUCTS] = {"deep_products", SYNC_PRODUCTS, SWEEP_FULL,
                           RANK_DEEP},
    [SWEEP_OF_VARIATIONS] = {"deep_variations", SYNC_VARIATIONS, SWEEP_FULL,
                             RANK_DEEP},
};

const struct sweep_info *sweep_info(enum sweep_kind k) {
    REQUIRE(k >= 0 && k < SWEEPS);
    return &infos[k];
}

/* -- how often --------------------------------------------------------------
 */

static int64_t wanted_s(const struct store_sync *ss, enum sweep_kind k) {
    const struct sync_options *o = &ss->engine->o;
    if (infos[k].rank == RANK_OPEN)
        return o->open_s;
    if (infos[k].mode == SWEEP_STOCK)
        return o->stock_s;
    if (infos[k].rank == RANK_DEEP)
        return o->deep_s * (ss->store.caps.hpos ? DEEP_HPOS : 1);
    return o->sweep_s;
}

/* What its last round met; before one, what the first sync met. */
static int64_t cost_of(const struct store_sync *ss, enum sweep_kind k) {
    const struct sweep_place *p = &ss->sweeps[k].place;
    bool whole = !infos[k].open && !infos[k].trash;
    int64_t rows = p->started_ms ? p->total : -1;
    if (infos[k].mode == SWEEP_NOTES)
        return rows > 1 ? rows : 1;
    if (rows < 0 && whole)
        rows = ss->cp[infos[k].c].total;
    return sweep_cost(rows);
}

void sweep_replan(struct store_sync *ss) {
    struct sweep_load loads[SWEEPS + 1];
    for (int k = 0; k < SWEEPS; k++) {
        ss->sweeps[k].cost = cost_of(ss, (enum sweep_kind)k);
        loads[k] = (struct sweep_load){infos[k].rank, ss->sweeps[k].cost,
                                       wanted_s(ss, (enum sweep_kind)k)};
    }
    loads[SWEEPS] =
        (struct sweep_load){RANK_POLL, POLL_COST, sync_interval_ms(ss) / 1000};
    sweep_spread(loads, SWEEPS + 1, sync_per_hour(ss));
    for (int k = 0; k < SWEEPS; k++)
        ss->sweeps[k].period_s = loads[k].period_s;
    ss->poll_s = loads[SWEEPS].period_s;
}

/* One that was never through is due at once, but for those that only repeat
 * what the first sync has just read. */
void sweep_loaded(struct store_sync *ss) {
    const struct env *env = ss->engine->o.env;
    int64_t now = env_mono(env), wall = env_now(env);
    sweep_replan(ss);
    for (int k = 0; k < SWEEPS; k++) {
        struct sweep_state *s = &ss->sweeps[k];
        int64_t period = s->period_s * 1000;
        int64_t since = s->place.success_ms ? s->place.success_ms
                                            : ss->cp[infos[k].c].started_ms;
        int64_t left = since + period - wall;
        if (s->place.left >= 0 || infos[k].mode == SWEEP_NOTES || left < 0)
            left = 0;
        s->next_ms = now + (left < period ? left : period);
    }
}

/* -- after a slice -----------------------------------------------------------
 */

static int64_t gap_ms(const struct sweep_state *s) {
    int64_t slice = s->cost < SWEEP_SLICE ? s->cost : SWEEP_SLICE;
    return s->period_s * 1000 * slice / s->cost;
}

void sweep_through(struct store_sync *ss, struct pass *p) {
    const struct env *env = ss->engine->o.env;
    enum sweep_kind k = pass_sweep_kind(p);
    struct sweep_state *s = &ss->sweeps[k];
    s->place = *pass_sweep_place(p);
    sweep_replan(ss);
    int64_t gap = gap_ms(s);
    if (pass_sweep_doubted(p)) {
        log_warn("sync.doubt",
                 "%s suddenly lists far fewer %s than it had: nothing was "
                 "marked as deleted",
                 ss->store.name, sync_collection_name(infos[k].c));
        gap = gap > DOUBT_MS ? gap : DOUBT_MS;
    }
    s->next_ms = env_mono(env) + gap;
}

/* -- notes: open orders, newest first ----------------------------------------
 */

static int by_value_down(const void *a, const void *b) {
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return x > y ? -1 : x < y;
}

int sweep_notes_slice(struct store_sync *ss, struct pass *p, int64_t *ids,
                      int n) {
    struct sweep_state *s = &ss->sweeps[SWEEP_OF_NOTES];
    int64_t max = p->scheduled ? sweep_room(ss, RANK_LOOK) : NOTES_FIRST;
    int first = 0, slice;
    if (p->scheduled && max > SWEEP_SLICE)
        max = SWEEP_SLICE;
    qsort(ids, (size_t)n, sizeof *ids, by_value_down);
    if (s->place.left < 0) {
        s->place.above = INT64_MAX;
        s->place.total = n;
        s->place.started_ms = env_now(ss->engine->o.env);
    }
    while (first < n && ids[first] >= s->place.above)
        first++;
    slice = n - first < max ? n - first : (int)max;
    memmove(ids, ids + first, (size_t)slice * sizeof *ids);
    p->noted = true;
    p->notes_left = n - first - slice;
    return slice;
}

struct notes_job {
    struct store_sync *ss;
    struct sweep_place place;
};

static int notes_job(struct db_tx *tx, void *arg) {
    const struct notes_job *j = arg;
    return sweep_put(tx, j->ss->store.id, infos[SWEEP_OF_NOTES].name,
                     &j->place);
}

static void notes_over(struct notes_job *j, int status) {
    if (status < 0)
        log_warn("sync.notes", "the place of %s was not saved: %s",
                 j->ss->store.name, err_name(status));
    j->ss->jobs--;
    free(j);
}

static void notes_saved(int status, void *arg) {
    struct notes_job *j = arg;
    struct store_sync *ss = j->ss;
    notes_over(j, status);
    store_sync_tick(ss);
}

bool sweep_notes_through(struct store_sync *ss, struct pass *p) {
    struct sweep_state *s = &ss->sweeps[SWEEP_OF_NOTES];
    bool first = s->place.success_ms == 0, round = p->notes_left == 0;
    s->place.left = round ? -1 : p->notes_left;
    if (p->n_ids)
        s->place.above = p->ids[p->n_ids - 1];
    if (round)
        s->place.success_ms = env_now(ss->engine->o.env);
    sweep_replan(ss);
    s->next_ms = store_sync_mono(ss) + (first && !round ? 0 : gap_ms(s));
    struct notes_job *j = NEW(struct notes_job);
    *j = (struct notes_job){ss, s->place};
    ss->jobs++;
    if (db_write(ss->engine->o.db, DB_SYNC, notes_job, notes_saved, j) < 0)
        notes_over(j, ERR_BUSY);
    return round;
}

void sweep_charge(struct store_sync *ss, struct pass *p) {
    if (!p->scheduled)
        return;
    budget_add(&ss->budget, store_sync_mono(ss),
               p->counts.requests - p->charged);
    p->charged = p->counts.requests;
}

int64_t sweep_room(const struct store_sync *ss, enum sweep_rank rank) {
    return budget_room(&ss->budget, store_sync_mono(ss), rank,
                       sync_per_hour(ss));
}

void sweep_free(struct store_sync *ss) {
    for (int k = 0; k < SWEEPS; k++)
        free(ss->sweeps[k].seen);
}
