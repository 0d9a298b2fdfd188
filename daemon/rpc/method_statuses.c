/* Order statuses, what they mean and their counts: stores.statuses, stores.map,
 * orders.counts. */
#include <string.h>

#include "common/str.h"
#include "db/sql.h"
#include "model/feed.h"
#include "model/phase.h"
#include "model/status_count.h"
#include "model/store.h"
#include "rpc/call.h"
#include "rpc/counts.h"
#include "rpc_handlers.gen.h"
#include "sync/sync.h"

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

/* Where statuses are written; rc: the first error. */
struct writing {
    struct jsonw *w;
    struct db_tx *tx;
    int rc;
};

static void write_status(struct writing *to, const struct store *s,
                         const struct store_status *st, int64_t orders) {
    struct jsonw *w = to->w;
    bool mapped = st->phase != PHASE_UNMAPPED, settling = false;
    enum status_phase phase = mapped ? st->phase : PHASE_TODO;
    if (to->rc >= 0)
        to->rc = phase_settling(to->tx, s->id, st->slug, &settling);
    jsonw_begin_object(w);
    jsonw_kstring(w, "store", s->name);
    jsonw_kstring(w, "slug", st->slug);
    jsonw_kstring(w, "name", st->name);
    jsonw_kstring(w, "phase", status_phase_name(phase));
    jsonw_ki64(w, "orders", orders);
    jsonw_kbool(w, "can_ship", st->phase == PHASE_TODO);
    jsonw_kbool(w, "mapped", mapped);
    jsonw_kbool(w, "settling", settling);
    jsonw_end_object(w);
}

static bool is_listed(const struct shown *v, const char *slug) {
    for (size_t i = 0; i < v->n_statuses; i++)
        if (str_eq(v->statuses[i].slug, slug))
            return true;
    return false;
}

/* Behind those the shop lists, those it lists no more and orders have. */
static void write_statuses(const struct store *s, const struct shown *v,
                           void *arg) {
    for (size_t i = 0; i < v->n_statuses; i++)
        write_status(arg, s, &v->statuses[i], count_of(v, v->statuses[i].slug));
    for (size_t i = 0; i < v->n_counts; i++) {
        const struct status_count *c = &v->counts[i];
        struct store_status st = {.phase = status_phase_of(c->status)};
        if (c->n <= 0 || st.phase != PHASE_UNMAPPED || is_listed(v, c->status))
            continue;
        (void)str_copy(st.slug, sizeof st.slug, c->status);
        (void)str_copy(st.name, sizeof st.name, c->status);
        write_status(arg, s, &st, c->n);
    }
}

static int statuses_work(struct rpc_call *call, struct db_tx *tx) {
    const struct rpc_stores_statuses_params *p = call->params;
    struct writing to = {call_list_begin(call), tx, 0};
    int rc = each_store(call, tx, p->has_store ? p->store : NULL,
                        write_statuses, &to);
    call_list_end(to.w, NULL, false);
    return rc < 0 ? rc : to.rc;
}

int method_stores_statuses(struct rpc_call *call,
                           const struct rpc_stores_statuses_params *p) {
    (void)p;
    return call_read(call, statuses_work, NULL);
}

/* --- stores.map -------------------------------------------------------- */

_Static_assert((int)RPC_STORES_MAP_PHASE_UNPAID == (int)PHASE_UNPAID &&
                   (int)RPC_STORES_MAP_PHASE_DEAD == (int)PHASE_DEAD,
               "phases are numbered alike");
enum { SETTLE_MS = 10 }; /* the rest is daemon/chores.c's */

static int audit(struct rpc_call *call, struct db_tx *tx,
                 const struct store_status *was) {
    const struct rpc_stores_map_params *p = call->params;
    AUTO_BUF struct buf payload = BUF_INIT;
    struct jsonw w;
    jsonw_init(&w, &payload);
    jsonw_begin_object(&w);
    jsonw_kstring(&w, "status", p->status);
    jsonw_kstring(&w, "was", status_phase_name(was->phase));
    jsonw_kstring(&w, "to", status_phase_name((enum status_phase)p->phase));
    jsonw_end_object(&w);
    return call_audit(call, tx, p->store, buf_str(&payload));
}

static int say(struct rpc_call *call, struct db_tx *tx, int64_t store_id,
               struct store_status *was) {
    const struct rpc_stores_map_params *p = call->params;
    int rc =
        phase_say(tx, store_id, p->status, (enum status_phase)p->phase, was);
    if (rc == ERR_NOT_FOUND)
        return call_fail(call, rc, "status",
                         "%s has no status %s: fulexo stores statuses %s lists "
                         "them",
                         p->store, p->status, p->store);
    if (rc == ERR_INVALID)
        return call_fail(call, rc, "status",
                         "%s is WooCommerce's own and means what it means; "
                         "only what a plug-in made can be mapped",
                         p->status);
    if (rc > 0)
        rc = phase_settle(tx, SETTLE_MS);
    return rc < 0 ? rc : audit(call, tx, was);
}

static int map_work(struct rpc_call *call, struct db_tx *tx) {
    const struct rpc_stores_map_params *p = call->params;
    struct writing to = {call_result(call), tx, 0};
    struct store_status st = {0};
    struct store s = {0};
    struct shown v = {0};
    int rc = store_by_name(tx, p->store, &s);
    if (rc == 0)
        rc = call_fail(call, ERR_NOT_FOUND, "store", "there is no store %s",
                       p->store);
    if (rc >= 0)
        rc = say(call, tx, s.id, &st);
    if (rc >= 0)
        rc = read_shown(call, tx, s.id, &v);
    st.phase = (enum status_phase)p->phase;
    if (rc >= 0)
        write_status(&to, &s, &st, count_of(&v, st.slug));
    call->data = arena_dupn(call_arena(call), (const char *)&s.id, sizeof s.id);
    store_done(&s);
    return rc < 0 ? rc : to.rc;
}

/* It reads open orders by what is open. */
static int map_then(struct rpc_call *call) {
    int64_t id;
    memcpy(&id, call->data, sizeof id);
    if (call->rpc->sync)
        sync_store_changed(call->rpc->sync, id);
    return 0;
}

int method_stores_map(struct rpc_call *call,
                      const struct rpc_stores_map_params *p) {
    (void)p;
    return call_write(call, map_work, map_then);
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
