/* What a person does to an order of a shop: each becomes a change. */
#include "common/json.h"
#include "common/money.h"
#include "model/order_list.h"
#include "rpc/mirrored.h"
#include "rpc/outgoing.h"
#include "rpc_handlers.gen.h"

static void begin(struct outgoing *o, struct rpc_call *call, struct db_tx *tx,
                  const struct ref *ref, enum change_act act,
                  const char *reason) {
    outgoing_ref(o, call, tx, ref, MIRROR_ORDER, act, reason);
}

/* --- update ------------------------------------------------------------ */

static int update_work(struct rpc_call *call, struct db_tx *tx) {
    const struct rpc_orders_update_params *p = call->params;
    struct outgoing o;
    begin(&o, call, tx, &p->ref, CHANGE_SET, p->reason);
    o.base = p->base;
    outgoing_text(&o, "status", p->status);
    outgoing_members(&o, "billing", false, p->billing);
    outgoing_members(&o, "shipping", false, p->shipping);
    outgoing_text(&o, "customer_note", p->customer_note);
    outgoing_members(&o, "meta", true, p->meta);
    return outgoing_commit(&o);
}

int method_orders_update(struct rpc_call *call,
                         const struct rpc_orders_update_params *p) {
    (void)p;
    return call_write(call, update_work, outgoing_then);
}

/* --- note -------------------------------------------------------------- */

static int note_work(struct rpc_call *call, struct db_tx *tx) {
    const struct rpc_orders_note_params *p = call->params;
    AUTO_BUF struct buf payload = BUF_INIT;
    struct outgoing o;
    struct jsonw w;
    begin(&o, call, tx, &p->ref, CHANGE_NOTE, p->reason);
    jsonw_init(&w, &payload);
    jsonw_begin_object(&w);
    jsonw_kstring(&w, "text", p->text);
    jsonw_kbool(&w, "customer", p->customer);
    jsonw_end_object(&w);
    o.n.payload = outgoing_keep(call, &payload);
    return outgoing_commit(&o);
}

int method_orders_note(struct rpc_call *call,
                       const struct rpc_orders_note_params *p) {
    (void)p;
    return call_write(call, note_work, outgoing_then);
}

/* --- trash ------------------------------------------------------------- */

static int trash_work(struct rpc_call *call, struct db_tx *tx) {
    const struct rpc_orders_trash_params *p = call->params;
    struct outgoing o;
    begin(&o, call, tx, &p->ref, CHANGE_TRASH, p->reason);
    return outgoing_commit(&o);
}

int method_orders_trash(struct rpc_call *call,
                        const struct rpc_orders_trash_params *p) {
    (void)p;
    return call_write(call, trash_work, outgoing_then);
}

static int untrash_work(struct rpc_call *call, struct db_tx *tx) {
    const struct rpc_orders_untrash_params *p = call->params;
    struct outgoing o;
    begin(&o, call, tx, &p->ref, CHANGE_UNTRASH, p->reason);
    outgoing_text(&o, "status", p->status);
    return outgoing_commit(&o);
}

int method_orders_untrash(struct rpc_call *call,
                          const struct rpc_orders_untrash_params *p) {
    (void)p;
    return call_write(call, untrash_work, outgoing_then);
}

/* --- refund ------------------------------------------------------------ */

/* Decimals in a list of objects come as text or integer: one form from here
 * on. They were checked when they were read. */
static void write_amount(struct jsonw *w, const struct json *line,
                         const char *name) {
    int64_t e4 = 0;
    (void)json_decimal(json_get(line, name), MONEY_SCALE, &e4);
    jsonw_kmoney(w, name, e4, 2);
}

static void write_quantity(struct jsonw *w, const struct json *line,
                           const char *name) {
    int64_t e3 = 0;
    (void)json_decimal(json_get(line, name), QTY_SCALE, &e3);
    jsonw_kqty(w, name, e3);
}

static void write_line_id(struct jsonw *w, const struct json *line,
                          const char *as) {
    int64_t id = 0;
    (void)json_i64(json_get(line, "line"), false, &id);
    jsonw_ki64(w, as, id);
}

static void write_refund_lines(struct jsonw *w, const struct json *lines) {
    jsonw_key(w, "lines");
    jsonw_begin_array(w);
    for (const struct json *l = json_first(lines); l; l = json_next(l)) {
        jsonw_begin_object(w);
        write_line_id(w, l, "id");
        if (json_get(l, "quantity"))
            write_quantity(w, l, "quantity");
        write_amount(w, l, "amount");
        jsonw_end_object(w);
    }
    jsonw_end_array(w);
}

static int refund_work(struct rpc_call *call, struct db_tx *tx) {
    const struct rpc_orders_refund_params *p = call->params;
    AUTO_BUF struct buf payload = BUF_INIT;
    struct outgoing o;
    struct jsonw w;
    begin(&o, call, tx, &p->ref, CHANGE_REFUND, p->reason);
    jsonw_init(&w, &payload);
    jsonw_begin_object(&w);
    jsonw_kmoney(&w, "amount", p->amount, 2);
    jsonw_kstring(&w, "reason", p->has_reason ? p->reason : "");
    jsonw_kbool(&w, "restock", p->restock);
    jsonw_kbool(&w, "api", p->gateway);
    write_refund_lines(&w, p->lines);
    jsonw_end_object(&w);
    o.n.payload = outgoing_keep(call, &payload);
    o.n.awaiting = true; /* money moves only after a second person's yes */
    return outgoing_commit(&o);
}

int method_orders_refund(struct rpc_call *call,
                         const struct rpc_orders_refund_params *p) {
    if (p->amount <= 0)
        return call_fail(call, ERR_INVALID, "amount", "must be above zero");
    return call_write(call, refund_work, outgoing_then);
}

/* --- track ------------------------------------------------------------- */

static int track_work(struct rpc_call *call, struct db_tx *tx) {
    const struct rpc_orders_track_params *p = call->params;
    AUTO_BUF struct buf payload = BUF_INIT;
    struct outgoing o;
    struct jsonw w;
    begin(&o, call, tx, &p->ref, CHANGE_TRACKING, p->reason);
    jsonw_init(&w, &payload);
    jsonw_begin_object(&w);
    jsonw_kstring(&w, "number", p->number);
    jsonw_kstring(&w, "carrier", p->carrier);
    jsonw_kstring(&w, "url", p->has_url ? p->url : "");
    jsonw_key(&w, "items");
    jsonw_begin_array(&w);
    for (const struct json *l = json_first(p->items); l; l = json_next(l)) {
        jsonw_begin_object(&w);
        write_line_id(&w, l, "line");
        write_quantity(&w, l, "quantity");
        jsonw_end_object(&w);
    }
    jsonw_end_array(&w);
    jsonw_kbool(&w, "notify", p->notify);
    jsonw_end_object(&w);
    o.n.payload = outgoing_keep(call, &payload);
    return outgoing_commit(&o);
}

int method_orders_track(struct rpc_call *call,
                        const struct rpc_orders_track_params *p) {
    (void)p;
    return call_write(call, track_work, outgoing_then);
}
