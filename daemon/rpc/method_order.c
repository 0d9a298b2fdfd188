/* One order: its row, the kept object field by field, refunds and notes. */
#include <string.h>

#include "common/money.h"
#include "db/sql.h"
#include "model/charge.h"
#include "rpc/charge_view.h"
#include "rpc/mirrored.h"
#include "rpc/order_progress.h"
#include "rpc/order_view.h"
#include "rpc/order_whole.h"
#include "rpc/person.h"
#include "rpc/raw_view.h"
#include "rpc_handlers.gen.h"

static void write_line(struct jsonw *w, const struct json *l,
                       const struct order_progress *g) {
    int64_t id = 0;
    (void)json_i64(json_get(l, "id"), true, &id);
    jsonw_begin_object(w);
    raw_int(w, "id", l, "id", 0);
    raw_int(w, "product_id", l, "product_id", 0);
    raw_int(w, "variation_id", l, "variation_id", 0);
    raw_text(w, "sku", l, "sku", false);
    raw_text(w, "name", l, "name", true);
    raw_decimal(w, "quantity", l, "quantity");
    raw_price(w, "price", l, "price", "total");
    raw_decimal(w, "subtotal", l, "subtotal");
    raw_decimal(w, "total", l, "total");
    raw_decimal(w, "total_tax", l, "total_tax");
    order_progress_write(w, g, id);
    raw_meta(w, "meta", json_get(l, "meta_data"));
    jsonw_end_object(w);
}

static void write_shipping(struct jsonw *w, const struct json *l) {
    jsonw_begin_object(w);
    raw_int(w, "id", l, "id", 0);
    raw_text(w, "name", l, "method_title", true);
    raw_decimal(w, "total", l, "total");
    raw_decimal(w, "total_tax", l, "total_tax");
    jsonw_end_object(w);
}

static void write_fee(struct jsonw *w, const struct json *l) {
    jsonw_begin_object(w);
    raw_int(w, "id", l, "id", 0);
    raw_text(w, "name", l, "name", true);
    raw_decimal(w, "total", l, "total");
    raw_decimal(w, "total_tax", l, "total_tax");
    jsonw_end_object(w);
}

static void write_coupon(struct jsonw *w, const struct json *l) {
    jsonw_begin_object(w);
    raw_int(w, "id", l, "id", 0);
    raw_text(w, "code", l, "code", true);
    raw_decimal(w, "discount", l, "discount");
    jsonw_end_object(w);
}

static void write_each(struct jsonw *w, const char *key, const struct json *o,
                       void (*fn)(struct jsonw *w, const struct json *l)) {
    jsonw_key(w, key);
    jsonw_begin_array(w);
    for (const struct json *l = json_first(json_get(o, key)); l;
         l = json_next(l))
        fn(w, l);
    jsonw_end_array(w);
}

static void write_lines(struct jsonw *w, const struct order_whole *o,
                        const struct order_progress *g) {
    jsonw_key(w, "line_items");
    jsonw_begin_array(w);
    for (const struct json *l = json_first(json_get(o->raw, "line_items")); l;
         l = json_next(l))
        write_line(w, l, g);
    jsonw_end_array(w);
}

static void write_refund_line(struct jsonw *w, const struct json *l) {
    jsonw_begin_object(w);
    raw_text(w, "sku", l, "sku", false);
    raw_text(w, "name", l, "name", true);
    raw_decimal(w, "quantity", l, "quantity");
    raw_decimal(w, "total", l, "total");
    jsonw_end_object(w);
}

/* What was refunded, from the refund's own kept object. */
static int write_refund(struct rpc_call *call, struct db_tx *tx,
                        struct jsonw *w, const struct order_whole *o,
                        const struct order_refund_item *r) {
    const struct json *raw = NULL;
    struct ref ref = {.kind = REF_OBJECT, .id = r->remote_id};
    const char *text;
    size_t n, at;
    int rc =
        mirrored_raw(call, tx, MIRROR_REFUND, o->row.store_id, &ref, &text, &n);
    if (rc >= 0)
        rc = json_parse(call_arena(call), text, n, NULL, &raw, &at);
    if (rc < 0 && rc != ERR_NOT_FOUND)
        return rc;
    jsonw_begin_object(w);
    jsonw_ki64(w, "id", r->remote_id);
    jsonw_ktime(w, "date_created", r->created_ms);
    jsonw_kmoney(w, "amount", r->total_e4, 2);
    jsonw_kstring(w, "reason", r->reason);
    jsonw_key(w, "lines");
    jsonw_begin_array(w);
    for (const struct json *l = json_first(json_get(raw, "line_items")); l;
         l = json_next(l))
        write_refund_line(w, l);
    jsonw_end_array(w);
    jsonw_end_object(w);
    return 0;
}

static int write_refunds(struct rpc_call *call, struct db_tx *tx,
                         struct jsonw *w, const struct order_whole *o) {
    int rc = 0;
    jsonw_key(w, "refunds");
    jsonw_begin_array(w);
    for (size_t i = 0; rc >= 0 && i < o->parts.n_refunds; i++)
        rc = write_refund(call, tx, w, o, &o->parts.refunds[i]);
    jsonw_end_array(w);
    return rc;
}

static void write_notes(struct jsonw *w, const struct order_whole *o) {
    jsonw_key(w, "notes");
    jsonw_begin_array(w);
    for (size_t i = 0; i < o->parts.n_notes; i++) {
        const struct order_note_item *n = &o->parts.notes[i];
        jsonw_begin_object(w);
        jsonw_ki64(w, "id", n->remote_id);
        jsonw_ktime(w, "date_created", n->created_ms);
        jsonw_kstring(w, "author", n->author);
        jsonw_kstring(w, "note", n->text);
        jsonw_kbool(w, "customer_note", n->to_customer);
        jsonw_end_object(w);
    }
    jsonw_end_array(w);
}

/* What the house asks for its work; nobody else's business. */
static int write_charges(struct rpc_call *call, struct db_tx *tx,
                         struct jsonw *w, const struct order_whole *o) {
    struct charge *all = NULL;
    size_t n = 0;
    int rc = charge_list(tx, o->row.store_id, o->row.remote_id, 0,
                         call_arena(call), &all, &n);
    jsonw_key(w, "charges");
    jsonw_begin_array(w);
    for (size_t i = 0; i < n; i++)
        charge_view_write(&all[i], w);
    jsonw_end_array(w);
    return rc;
}

static void write_amounts(struct jsonw *w, const struct order_whole *o) {
    int64_t refunded = 0;
    for (size_t i = 0; i < o->parts.n_refunds; i++) {
        if (!money_add(&refunded, o->parts.refunds[i].total_e4))
            refunded = INT64_MAX; /* absurd amounts stay absurd */
    }
    raw_decimal(w, "discount_total", o->raw, "discount_total");
    raw_decimal(w, "shipping_total", o->raw, "shipping_total");
    raw_decimal(w, "total_tax", o->raw, "total_tax");
    jsonw_kmoney(w, "refund_total", refunded, 2);
}

static void write_facts(struct jsonw *w, const struct order_whole *o) {
    raw_address(w, "billing", json_get(o->raw, "billing"), true);
    raw_address(w, "shipping", json_get(o->raw, "shipping"), false);
    raw_text(w, "payment_method_title", o->raw, "payment_method_title", true);
    raw_text(w, "transaction_id", o->raw, "transaction_id", false);
    raw_time(w, "date_paid", o->raw, "date_paid_gmt");
    raw_time(w, "date_completed", o->raw, "date_completed_gmt");
    raw_text(w, "customer_note", o->raw, "customer_note", true);
    raw_meta(w, "meta", json_get(o->raw, "meta_data"));
    write_amounts(w, o);
    raw_text(w, "created_via", o->raw, "created_via", false);
    write_each(w, "shipping_lines", o->raw, write_shipping);
    write_each(w, "fee_lines", o->raw, write_fee);
    write_each(w, "coupon_lines", o->raw, write_coupon);
}

static int get_work(struct rpc_call *call, struct db_tx *tx) {
    const struct rpc_orders_get_params *p = call->params;
    struct order_whole o;
    struct order_progress g;
    int rc = order_whole_read(call, tx, &p->ref, &o);
    if (rc >= 0)
        rc = order_progress_read(call, tx, &o.row, &g);
    if (rc < 0)
        return rc;
    struct jsonw *w = call_result(call);
    jsonw_begin_object(w);
    order_view_fields(&o.row, &o.pending, UINT64_MAX, db_now(tx), w);
    write_facts(w, &o);
    write_lines(w, &o, &g);
    rc = write_refunds(call, tx, w, &o);
    write_notes(w, &o);
    if (rc >= 0 && call->who->role == RPC_ROLE_ADMIN)
        rc = write_charges(call, tx, w, &o);
    jsonw_ktime(w, "checked", o.checked_ms);
    jsonw_end_object(w);
    return rc;
}

int method_orders_get(struct rpc_call *call,
                      const struct rpc_orders_get_params *p) {
    (void)p;
    return call_read(call, get_work, NULL);
}
