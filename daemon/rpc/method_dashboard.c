/* dashboard.get: the day in the warehouse's zone, read on a reader; stores and
 * their freshness are added on the loop. */
#include <string.h>

#include "common/amounts.h"
#include "common/str.h"
#include "common/zone.h"
#include "db/sql.h"
#include "model/aside_list.h"
#include "model/day.h"
#include "model/ledger_list.h"
#include "model/level_list.h"
#include "model/order_list.h"
#include "model/product_list.h"
#include "model/store.h"
#include "rpc/approval_view.h"
#include "rpc/call.h"
#include "rpc/counts.h"
#include "rpc/order_view.h"
#include "rpc/product_view.h"
#include "rpc/store_view.h"
#include "rpc/ticket_view.h"
#include "rpc_handlers.gen.h"

enum { HOURS = 25, SHOWN = 10 };
static const int64_t hour_ms = 3600000;

struct dashboard {
    struct ticket_counts tickets;
    int64_t from, to, now; /* the day */
    int64_t orders, completed, cancelled;
    int64_t hours[HOURS];
    struct amounts revenue;
    struct counts counts;
    int64_t low, attention, drift, reorder;
    struct product_page low_list;
    struct order_page recent;
    struct pending *pending; /* of each of them */
    int64_t changes[CHANGE_STATES], proposals[PROPOSAL_STATES];
    const char *author; /* whose proposals; NULL: everybody's */
    struct store *stores;
    size_t n_stores;
};

/* --- reading ----------------------------------------------------------- */

static void add_order(const struct day_order *o, void *arg) {
    struct dashboard *d = arg;
    enum status_phase phase = status_phase_of(o->status);
    int64_t hour = (o->created_ms - d->from) / hour_ms;
    d->orders++;
    d->completed += phase == PHASE_DONE;
    d->cancelled += phase == PHASE_DEAD;
    if (hour >= 0 && hour < HOURS)
        d->hours[hour]++;
    if (phase != PHASE_UNPAID && phase != PHASE_DEAD)
        amounts_add(&d->revenue, o->currency, o->total_e4);
}

static int read_store(struct db_tx *tx, struct dashboard *d,
                      const struct store *s) {
    int64_t id = s->id, low = 0, aside = 0, drift = 0, due = 0;
    int rc = day_orders(tx, id, d->from, d->to, add_order, d);
    if (rc >= 0)
        rc = day_low_stock(tx, id, &low);
    if (rc >= 0)
        rc = aside_count(tx, id, &aside);
    if (rc >= 0)
        rc = drift_count(tx, s, 1, &drift);
    if (rc >= 0)
        rc = level_due_count(tx, id, &due);
    if (rc >= 0)
        rc = change_count_of(tx, id, d->changes);
    if (rc >= 0)
        rc = proposal_counts_of(tx, id, d->author, d->proposals);
    d->low += low;
    d->attention += aside;
    d->drift += drift;
    d->reorder += due;
    return rc;
}

static int read_stores(struct db_tx *tx, struct dashboard *d,
                       const char *name) {
    int rc = store_list(tx, &d->stores, &d->n_stores);
    for (size_t i = 0; rc >= 0 && i < d->n_stores; i++) {
        if (!name || str_eq(name, d->stores[i].name))
            rc = read_store(tx, d, &d->stores[i]);
    }
    return rc;
}

static int read_lists(struct rpc_call *call, struct db_tx *tx,
                      struct dashboard *d, const char *name) {
    struct list_request low = {.filter = "low:yes",
                               .store = name,
                               .sort = PRODUCT_SORT_NAME,
                               .limit = SHOWN};
    struct list_request recent = {
        .store = name, .sort = ORDER_SORT_CREATED_DESC, .limit = SHOWN};
    int rc = product_list(tx, &low, true, 0, 0, call_arena(call), &d->low_list,
                          &call->error);
    if (rc >= 0)
        rc = order_list(tx, &recent, call->rpc->o.late_s * 1000,
                        call_arena(call), &d->recent, &call->error);
    if (rc >= 0)
        rc = order_view_pendings(call, tx, &d->recent, &d->pending);
    return rc;
}

static int work(struct rpc_call *call, struct db_tx *tx) {
    const struct rpc_dashboard_get_params *p = call->params;
    const char *name = p->has_store ? p->store : NULL;
    struct ticket_eye eye = ticket_eye_of(call);
    struct dashboard *d = arena_alloc(call_arena(call), sizeof *d);
    *d = (struct dashboard){.now = db_now(tx)};
    d->from = zone_day_start(call->rpc->zone, d->now, 0);
    d->to = zone_day_start(call->rpc->zone, d->now, 1);
    call->data = d;
    int rc = counts_read(call, tx, name, &d->counts);
    d->author = approval_reviews(call) ? NULL : call->actor;
    if (rc >= 0)
        rc = read_stores(tx, d, name);
    if (rc >= 0)
        rc = read_lists(call, tx, d, name);
    if (rc >= 0)
        rc = ticket_count(tx, &eye, &d->tickets);
    if (rc < 0)
        store_list_free(d->stores, d->n_stores);
    return rc;
}

/* --- writing ----------------------------------------------------------- */

static void write_day(struct jsonw *w, const struct rpc *r,
                      const struct dashboard *d) {
    char day[16];
    int year, month, date;
    zone_civil(r->zone, d->now, &year, &month, &date, NULL, NULL);
    (void)str_format(day, sizeof day, "%04d-%02d-%02d", year, month, date);
    jsonw_kstring(w, "day", day);
    jsonw_key(w, "today");
    jsonw_begin_object(w);
    jsonw_ki64(w, "orders", d->orders);
    jsonw_ki64(w, "completed", d->completed);
    jsonw_ki64(w, "cancelled", d->cancelled);
    jsonw_end_object(w);
    jsonw_ki64(w, "todo", d->counts.todo);
    jsonw_ki64(w, "held", d->counts.held);
    jsonw_ki64(w, "late", d->counts.late);
    jsonw_key(w, "statuses");
    counts_write(w, &d->counts, true);
}

static void write_revenue(struct jsonw *w, const struct dashboard *d) {
    jsonw_key(w, "revenue");
    amounts_write(&d->revenue, w);
    jsonw_key(w, "hours");
    jsonw_begin_array(w);
    for (int64_t h = 0; h < HOURS && d->from + h * hour_ms <= d->now; h++)
        jsonw_i64(w, d->hours[h]);
    jsonw_end_array(w);
}

static void write_low(struct jsonw *w, const struct dashboard *d) {
    jsonw_ki64(w, "low_stock", d->low);
    jsonw_key(w, "low_stock_list");
    jsonw_begin_array(w);
    for (size_t i = 0; i < d->low_list.n; i++) {
        const struct product_item *p = &d->low_list.items[i];
        jsonw_begin_object(w);
        product_view_ref(w, "ref", p->store, p->remote_id);
        jsonw_kstring(w, "sku", p->sku);
        jsonw_kstring(w, "name", p->name);
        jsonw_kqty(w, "stock_quantity",
                   p->stock_e3 == PRODUCT_NONE ? 0 : p->stock_e3);
        jsonw_end_object(w);
    }
    jsonw_end_array(w);
    jsonw_key(w, "waiting");
    jsonw_begin_object(w);
    jsonw_ki64(w, "attention", d->attention);
    jsonw_ki64(w, "drift", d->drift);
    jsonw_ki64(w, "tickets", d->tickets.unread);
    jsonw_ki64(w, "reorder", d->reorder);
    jsonw_ki64(w, "conflicts", d->changes[CHANGE_CONFLICT]);
    jsonw_ki64(w, "approvals", d->changes[CHANGE_AWAITING]);
    jsonw_ki64(w, "proposals", d->proposals[PROPOSAL_PENDING]);
    jsonw_ki64(w, "refused", d->changes[CHANGE_REFUSED]);
    jsonw_ki64(w, "unknown", d->changes[CHANGE_UNKNOWN]);
    jsonw_end_object(w);
}

static void write_stores(struct jsonw *w, const struct rpc *r,
                         const struct dashboard *d, const char *name) {
    jsonw_key(w, "stores");
    jsonw_begin_array(w);
    for (size_t i = 0; i < d->n_stores; i++) {
        const struct store *s = &d->stores[i];
        struct sync_status st = store_status_of(r, s->id);
        if (name && !str_eq(name, s->name))
            continue;
        jsonw_begin_object(w);
        jsonw_kstring(w, "name", s->name);
        jsonw_kstring(w, "state", store_state(s, &st));
        jsonw_ktime(w, "fresh", st.fresh_ms);
        jsonw_end_object(w);
    }
    jsonw_end_array(w);
}

static int then(struct rpc_call *call) {
    const struct rpc_dashboard_get_params *p = call->params;
    struct dashboard *d = call->data;
    struct jsonw *w = call_result(call);
    jsonw_begin_object(w);
    write_day(w, call->rpc, d);
    write_revenue(w, d);
    write_low(w, d);
    write_stores(w, call->rpc, d, p->has_store ? p->store : NULL);
    jsonw_key(w, "recent");
    jsonw_begin_array(w);
    for (size_t i = 0; i < d->recent.n; i++)
        order_view_write(&d->recent.items[i], &d->pending[i], d->now, w);
    jsonw_end_array(w);
    jsonw_end_object(w);
    store_list_free(d->stores, d->n_stores);
    return 0;
}

int method_dashboard_get(struct rpc_call *call,
                         const struct rpc_dashboard_get_params *p) {
    (void)p;
    return call_read(call, work, then);
}
