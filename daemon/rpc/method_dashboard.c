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
#include "model/return.h"
#include "model/store.h"
#include "model/work.h"
#include "rpc/approval_view.h"
#include "rpc/call.h"
#include "rpc/counts.h"
#include "rpc/order_view.h"
#include "rpc/product_view.h"
#include "rpc/store_view.h"
#include "rpc/ticket_view.h"
#include "rpc_handlers.gen.h"

enum { SHOWN = 10 };
static const int64_t hour_ms = 3600000;

struct dashboard {
    struct ticket_eye eye;
    struct ticket_counts tickets;
    int64_t from, to, now; /* the day */
    int64_t orders, completed, cancelled;
    int64_t hours[DAY_HOURS];
    struct day_work done;
    int64_t in_hand[WORK_STATES], returns[RETURN_STATES];
    struct amounts revenue;
    struct counts counts;
    int64_t *of_status; /* created today, beside each of counts.by */
    int64_t low, attention, drift, reorder;
    struct product_page low_list;
    struct order_page recent;
    struct pending *pending; /* of each of them */
    int64_t changes[CHANGE_STATES], proposals;
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
    if (hour >= 0 && hour < DAY_HOURS)
        d->hours[hour]++;
    for (size_t i = 0; i < d->counts.n; i++) {
        if (str_eq(d->counts.by[i].status, o->status)) {
            d->of_status[i]++;
            break;
        }
    }
    if (phase != PHASE_UNPAID && phase != PHASE_DEAD)
        amounts_add(&d->revenue, o->currency, o->total_e4);
}

/* What was done today, and what is in hand. */
static int read_work(struct db_tx *tx, struct dashboard *d, int64_t id) {
    int rc = day_orders(tx, id, d->from, d->to, add_order, d);
    if (rc >= 0)
        rc = day_work(tx, id, d->from, d->to, &d->done);
    if (rc >= 0)
        rc = day_in_hand(tx, id, d->in_hand);
    if (rc >= 0)
        rc = return_open_count_of(tx, id, d->returns);
    return rc < 0 ? rc : ticket_active_of(tx, id, &d->eye, &d->tickets);
}

static int read_store(struct db_tx *tx, struct dashboard *d,
                      const struct store *s) {
    int64_t id = s->id, low = 0, aside = 0, drift = 0, due = 0, pending = 0;
    int rc = read_work(tx, d, id);
    if (rc >= 0)
        rc = day_low_stock(tx, id, &low);
    if (rc >= 0)
        rc = aside_count(tx, id, &aside);
    if (rc >= 0)
        rc = drift_count(tx, s, 1, &drift);
    if (rc >= 0)
        rc = level_due_count(tx, id, &due);
    if (rc >= 0)
        rc = change_open_count_of(tx, id, d->changes);
    if (rc >= 0)
        rc = proposal_pending(tx, id, d->author, &pending);
    d->low += low;
    d->attention += aside;
    d->drift += drift;
    d->reorder += due;
    d->proposals += pending;
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
    struct dashboard *d = arena_alloc(call_arena(call), sizeof *d);
    *d = (struct dashboard){.now = db_now(tx), .eye = ticket_eye_of(call)};
    d->from = zone_day_start(call->rpc->zone, d->now, 0);
    d->to = zone_day_start(call->rpc->zone, d->now, 1);
    call->data = d;
    int rc = counts_read(call, tx, name, &d->counts);
    d->author = approval_reviews(call) ? NULL : call->actor;
    d->of_status =
        arena_alloc(call_arena(call), (d->counts.n + 1) * sizeof *d->of_status);
    memset(d->of_status, 0, (d->counts.n + 1) * sizeof *d->of_status);
    if (rc >= 0)
        rc = read_stores(tx, d, name);
    if (rc >= 0)
        rc = read_lists(call, tx, d, name);
    if (rc < 0)
        store_list_free(d->stores, d->n_stores);
    return rc;
}

/* --- writing ----------------------------------------------------------- */

static int64_t sum(const int64_t *n, size_t count) {
    int64_t all = 0;
    for (size_t i = 0; i < count; i++)
        all += n[i];
    return all;
}

/* Hours that have begun. */
static void write_hours(struct jsonw *w, const char *key,
                        const struct dashboard *d, const int64_t *n) {
    jsonw_key(w, key);
    jsonw_begin_array(w);
    for (int64_t h = 0; h < DAY_HOURS && d->from + h * hour_ms <= d->now; h++)
        jsonw_i64(w, n[h]);
    jsonw_end_array(w);
}

/* Open statuses, and those today's orders have. */
static void write_statuses(struct jsonw *w, const struct dashboard *d) {
    jsonw_key(w, "by_status");
    jsonw_begin_array(w);
    for (size_t i = 0; i < d->counts.n; i++) {
        const struct counts_row *c = &d->counts.by[i];
        if (!c->open && d->of_status[i] == 0)
            continue;
        jsonw_begin_object(w);
        jsonw_kstring(w, "status", c->status);
        jsonw_kbool(w, "open", c->open);
        jsonw_ki64(w, "orders", c->n);
        jsonw_ki64(w, "today", d->of_status[i]);
        jsonw_ki64(w, "late", c->late);
        jsonw_end_object(w);
    }
    jsonw_end_array(w);
}

static void write_in_hand(struct jsonw *w, const struct dashboard *d) {
    jsonw_key(w, "in_hand");
    jsonw_begin_object(w);
    for (int s = 0; s < WORK_DONE; s++)
        jsonw_ki64(w, work_state_name((enum work_state)s), d->in_hand[s]);
    jsonw_end_object(w);
}

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
    jsonw_ki64(w, "packed", sum(d->done.packed, DAY_HOURS));
    jsonw_ki64(w, "shipped", sum(d->done.shipped, DAY_HOURS));
    jsonw_end_object(w);
    jsonw_ki64(w, "todo", d->counts.todo);
    jsonw_ki64(w, "held", d->counts.held);
    jsonw_ki64(w, "late", d->counts.late);
    jsonw_key(w, "statuses");
    counts_write(w, &d->counts, true);
    write_statuses(w, d);
    write_in_hand(w, d);
}

static void write_revenue(struct jsonw *w, const struct dashboard *d) {
    jsonw_key(w, "revenue");
    amounts_write(&d->revenue, w);
    write_hours(w, "hours", d, d->hours);
    write_hours(w, "packed", d, d->done.packed);
    write_hours(w, "shipped", d, d->done.shipped);
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
}

static void write_waiting(struct jsonw *w, const struct dashboard *d) {
    const int64_t *returns = d->returns;
    jsonw_key(w, "waiting");
    jsonw_begin_object(w);
    jsonw_ki64(w, "returns", sum(returns, RETURN_INSPECTED + 1));
    jsonw_ki64(w, "requested", returns[RETURN_REQUESTED]);
    jsonw_ki64(w, "open_tickets",
               d->tickets.by[TICKET_OPEN] + d->tickets.by[TICKET_IN_PROGRESS] +
                   d->tickets.by[TICKET_WAITING]);
    jsonw_ki64(w, "urgent", d->tickets.urgent);
    jsonw_ki64(w, "attention", d->attention);
    jsonw_ki64(w, "drift", d->drift);
    jsonw_ki64(w, "tickets", d->tickets.unread);
    jsonw_ki64(w, "reorder", d->reorder);
    jsonw_ki64(w, "conflicts", d->changes[CHANGE_CONFLICT]);
    jsonw_ki64(w, "approvals", d->changes[CHANGE_AWAITING]);
    jsonw_ki64(w, "proposals", d->proposals);
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
    write_waiting(w, d);
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
