/* Order statuses and their counts: stores.statuses, orders.counts. */
#include <string.h>

#include "common/str.h"
#include "db/sql.h"
#include "model/status_count.h"
#include "model/store.h"
#include "rpc/call.h"
#include "rpc/counts.h"
#include "rpc_handlers.gen.h"

/* One store's statuses with their counts. */
struct shown {
    struct status_count *counts;
    size_t n_counts;
    struct store_status *statuses;
    size_t n_statuses;
};

static int read_shown(struct rpc_call *call, struct db_tx *tx, int64_t id,
                      struct shown *s) {
    struct arena *a = call_arena(call);
    int rc = status_count_list(tx, id, a, &s->counts, &s->n_counts);
    return rc < 0 ? rc
                  : store_statuses(tx, id, a, &s->statuses, &s->n_statuses);
}

/* Calls fn for the store of that name, or for all. */
static int each_store(struct rpc_call *call, struct db_tx *tx, const char *name,
                      void (*fn)(const struct store *s, const struct shown *v,
                                 void *arg),
                      void *arg) {
    struct store *stores = NULL;
    size_t n = 0, met = 0;
    int rc = store_list(tx, &stores, &n);
    for (size_t i = 0; rc >= 0 && i < n; i++) {
        struct shown v = {0};
        if (name && !str_eq(name, stores[i].name))
            continue;
        met++;
        rc = read_shown(call, tx, stores[i].id, &v);
        if (rc >= 0)
            fn(&stores[i], &v, arg);
    }
    store_list_free(stores, n);
    if (rc >= 0 && name && met == 0)
        rc = call_fail(call, ERR_NOT_FOUND, "store", "there is no store %s",
                       name);
    return rc < 0 ? rc : 0;
}

static int64_t count_of(const struct shown *v, const char *slug) {
    for (size_t i = 0; i < v->n_counts; i++) {
        if (str_eq(v->counts[i].status, slug))
            return v->counts[i].n;
    }
    return 0;
}

static void write_statuses(const struct store *s, const struct shown *v,
                           void *arg) {
    struct jsonw *w = arg;
    for (size_t i = 0; i < v->n_statuses; i++) {
        const struct store_status *st = &v->statuses[i];
        bool mapped = st->phase != PHASE_UNMAPPED;
        enum status_phase phase = mapped ? st->phase : PHASE_TODO;
        jsonw_begin_object(w);
        jsonw_kstring(w, "store", s->name);
        jsonw_kstring(w, "slug", st->slug);
        jsonw_kstring(w, "name", st->name);
        jsonw_kstring(w, "phase", status_phase_name(phase));
        jsonw_ki64(w, "orders", count_of(v, st->slug));
        jsonw_kbool(w, "can_ship", st->phase == PHASE_TODO);
        jsonw_kbool(w, "mapped", mapped);
        jsonw_end_object(w);
    }
}

static int statuses_work(struct rpc_call *call, struct db_tx *tx) {
    const struct rpc_stores_statuses_params *p = call->params;
    struct jsonw *w = call_list_begin(call);
    int rc =
        each_store(call, tx, p->has_store ? p->store : NULL, write_statuses, w);
    call_list_end(w, NULL, false);
    return rc;
}

int method_stores_statuses(struct rpc_call *call,
                           const struct rpc_stores_statuses_params *p) {
    (void)p;
    return call_read(call, statuses_work, NULL);
}

/* --- orders.counts ----------------------------------------------------- */

enum { STATUSES = 512 };

struct sums {
    struct rpc_call *call;
    struct db_tx *tx;
    struct counts *c;
    int rc;
};

static enum status_phase phase_of(const struct shown *v, const char *slug) {
    for (size_t i = 0; i < v->n_statuses; i++) {
        if (str_eq(v->statuses[i].slug, slug))
            return v->statuses[i].phase;
    }
    return status_phase_of(slug);
}

/* Its row; NULL: there are hundreds, the totals still count it. */
static struct counts_row *add_status(struct counts *to,
                                     const struct status_count *c, bool open) {
    size_t i = 0;
    while (i < to->n && !str_eq(to->by[i].status, c->status))
        i++;
    if (i == STATUSES)
        return NULL;
    if (i == to->n)
        to->by[to->n++] = (struct counts_row){.status = c->status};
    to->by[i].n += c->n;
    to->by[i].open = to->by[i].open || open;
    return &to->by[i];
}

static void add_late(struct sums *s, const struct store *store,
                     const struct status_count *c, struct counts_row *row) {
    int64_t late_s = store->late_s ? store->late_s : s->call->rpc->o.late_s;
    int64_t late_ms = late_s * 1000, n = 0;
    if (s->rc >= 0 && late_ms > 0)
        s->rc = status_count_before(s->tx, store->id, c,
                                    db_now(s->tx) - late_ms, &n);
    s->c->late += n;
    if (row)
        row->late += n;
}

/* An unmapped status counts as to do: it is treated as open. */
static void add_store(const struct store *store, const struct shown *v,
                      void *arg) {
    struct sums *s = arg;
    for (size_t i = 0; i < v->n_counts; i++) {
        const struct status_count *c = &v->counts[i];
        if (str_eq(c->status, "gone") || str_eq(c->status, "trash"))
            continue;
        enum status_phase phase = phase_of(v, c->status);
        bool todo = phase == PHASE_TODO || phase == PHASE_UNMAPPED;
        s->c->total += c->n;
        s->c->held += phase == PHASE_HELD ? c->n : 0;
        s->c->todo += todo ? c->n : 0;
        struct counts_row *row =
            add_status(s->c, c, todo || phase == PHASE_HELD);
        if (todo)
            add_late(s, store, c, row);
    }
}

int counts_read(struct rpc_call *call, struct db_tx *tx, const char *store,
                struct counts *ret) {
    *ret = (struct counts){
        .by = arena_alloc(call_arena(call), STATUSES * sizeof *ret->by)};
    struct sums s = {.call = call, .tx = tx, .c = ret};
    int rc = each_store(call, tx, store, add_store, &s);
    return rc < 0 ? rc : s.rc;
}

void counts_write(struct jsonw *w, const struct counts *c, bool open_only) {
    jsonw_begin_object(w);
    for (size_t i = 0; i < c->n; i++) {
        if (c->by[i].open || !open_only)
            jsonw_ki64(w, c->by[i].status, c->by[i].n);
    }
    jsonw_end_object(w);
}

static int counts_work(struct rpc_call *call, struct db_tx *tx) {
    const struct rpc_orders_counts_params *p = call->params;
    struct counts c;
    int rc = counts_read(call, tx, p->has_store ? p->store : NULL, &c);
    if (rc < 0)
        return rc;
    struct jsonw *w = call_result(call);
    jsonw_begin_object(w);
    jsonw_ki64(w, "total", c.total);
    jsonw_ki64(w, "todo", c.todo);
    jsonw_ki64(w, "held", c.held);
    jsonw_ki64(w, "late", c.late);
    jsonw_key(w, "statuses");
    counts_write(w, &c, false);
    jsonw_end_object(w);
    return 0;
}

int method_orders_counts(struct rpc_call *call,
                         const struct rpc_orders_counts_params *p) {
    (void)p;
    return call_read(call, counts_work, NULL);
}
