/* Charges on an order: only admins see or make them. */
#include "common/str.h"
#include "db/sql.h"
#include "model/charge.h"
#include "model/order_list.h"
#include "rpc/charge_view.h"
#include "rpc/mirrored.h"
#include "rpc_handlers.gen.h"

static const char *const types[] = {"handling", "packing", "materials",
                                    "shipping", "storage", "return",
                                    "other"};

void charge_view_write(const struct charge *c, struct jsonw *w) {
    char id[CHARGE_TEXT];
    jsonw_begin_object(w);
    jsonw_kstring(w, "id", charge_format(id, c->id));
    jsonw_kstring(w, "type", c->type);
    jsonw_kmoney(w, "amount", c->amount_e4, 2);
    jsonw_kstring(w, "currency", c->currency);
    jsonw_kstring(w, "note", c->note);
    jsonw_kstring(w, "author", c->author);
    jsonw_kstring(w, "tenant", c->tenant);
    jsonw_ktime(w, "created", c->created_ms);
    jsonw_kbool(w, "billed", c->billed_id != 0);
    jsonw_end_object(w);
}

/* The order's row; ERR_NOT_FOUND names `ref`. */
static int find(struct rpc_call *call, struct db_tx *tx, const struct ref *ref,
                struct order_item *ret) {
    struct store s = {0};
    int rc = mirrored_store(call, tx, ref, REF_OBJECT, &s);
    if (rc >= 0)
        rc = order_item_get(tx, s.id, ref->id, 0, call_arena(call), ret);
    if (rc == 0)
        rc = mirrored_missing(call, ref);
    store_done(&s);
    return rc < 0 ? rc : 0;
}

/* The audit row keeps what was charged: the row itself may go. */
static int audit(struct rpc_call *call, struct db_tx *tx,
                 const struct charge *c) {
    AUTO_BUF struct buf payload = BUF_INIT;
    struct jsonw w;
    char id[CHARGE_TEXT];
    jsonw_init(&w, &payload);
    charge_view_write(c, &w);
    return call_audit(call, tx, charge_format(id, c->id), buf_str(&payload));
}

static int charge_work(struct rpc_call *call, struct db_tx *tx) {
    const struct rpc_orders_charge_params *p = call->params;
    struct order_item o = {0};
    int rc = find(call, tx, &p->ref, &o);
    if (rc < 0)
        return rc;
    struct charge c = {.store_id = o.store_id,
                       .remote_id = o.remote_id,
                       .type = types[p->type],
                       .amount_e4 = p->amount,
                       .currency = p->has_currency ? p->currency : o.currency,
                       .note = p->has_note ? p->note : "",
                       .author = call->actor};
    rc = store_tenant(tx, o.store_id, call_arena(call), &c.tenant);
    if (rc >= 0)
        rc = charge_add(tx, &c, &call->error);
    if (rc >= 0)
        rc = audit(call, tx, &c);
    charge_view_write(&c, call_result(call));
    return rc;
}

int method_orders_charge(struct rpc_call *call,
                         const struct rpc_orders_charge_params *p) {
    (void)p;
    return call_write(call, charge_work, NULL);
}

static int uncharge_work(struct rpc_call *call, struct db_tx *tx) {
    const struct rpc_orders_uncharge_params *p = call->params;
    struct charge c;
    int64_t id;
    int rc = charge_parse(p->charge, &id) < 0
                 ? 0
                 : charge_get(tx, id, call_arena(call), &c);
    if (rc == 0)
        return call_fail(call, ERR_NOT_FOUND, "charge",
                         "there is no such charge");
    if (rc >= 0)
        rc = charge_remove(tx, &c, &call->error);
    if (rc >= 0)
        rc = audit(call, tx, &c);
    if (rc >= 0)
        charge_view_write(&c, call_result(call));
    return rc;
}

int method_orders_uncharge(struct rpc_call *call,
                           const struct rpc_orders_uncharge_params *p) {
    (void)p;
    return call_write(call, uncharge_work, NULL);
}

static int charges_work(struct rpc_call *call, struct db_tx *tx) {
    const struct rpc_orders_charges_params *p = call->params;
    struct order_item o = {0};
    struct charge *all = NULL;
    size_t n = 0;
    int64_t after = 0;
    char next[CHARGE_TEXT];
    if (p->has_after && charge_parse(p->after, &after) < 0)
        return call_fail(call, ERR_INVALID, "after", "no such place");
    int rc = find(call, tx, &p->ref, &o);
    if (rc >= 0)
        rc = charge_list(tx, o.store_id, o.remote_id, after, call_arena(call),
                         &all, &n);
    if (rc < 0)
        return rc;
    struct jsonw *w = call_list_begin(call);
    bool more = (int64_t)n > p->limit;
    n = more ? (size_t)p->limit : n;
    for (size_t i = 0; i < n; i++)
        charge_view_write(&all[i], w);
    call_list_end(w, more ? charge_format(next, all[n - 1].id) : NULL, false);
    return 0;
}

int method_orders_charges(struct rpc_call *call,
                          const struct rpc_orders_charges_params *p) {
    (void)p;
    return call_read(call, charges_work, NULL);
}
