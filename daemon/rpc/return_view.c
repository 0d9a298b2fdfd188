#include "rpc/return_view.h"

#include "common/ref.h"
#include "common/str.h"
#include "db/sql.h"
#include "model/change.h"
#include "model/order_event.h"
#include "model/order_get.h"
#include "model/return_put.h"
#include "rpc/mail_view.h"

enum { EVENTS = 200 /* of the order, looked at */ };

int return_view_find(struct rpc_call *call, struct db_tx *tx, const char *text,
                     struct return_ *ret) {
    int64_t id = 0;
    int rc = ref_spoken(text, 'R', &id);
    if (rc >= 0)
        rc = return_get(tx, id, call_arena(call), ret);
    return rc > 0 ? 0
           : rc == 0 || rc == ERR_INVALID
               ? call_fail(call, ERR_NOT_FOUND, "return",
                           "there is no return %s", text)
               : rc;
}

int return_view_order(struct rpc_call *call, struct db_tx *tx,
                      const struct return_ *r, struct order_item *ret) {
    return order_item_get(tx, r->store_id, r->remote_id, 0, call_arena(call),
                          ret);
}

/* --- a row -----------------------------------------------------------------
 */

static void write_can(struct jsonw *w, const struct return_ *r) {
    static const struct {
        const char *name;
        enum return_state to;
    } acts[] = {{"approve", RETURN_APPROVED}, {"reject", RETURN_REJECTED},
                {"receive", RETURN_RECEIVED}, {"inspect", RETURN_INSPECTED},
                {"refund", RETURN_REFUNDED},  {"close", RETURN_CLOSED}};
    jsonw_key(w, "can");
    jsonw_begin_array(w);
    for (size_t i = 0; i < sizeof acts / sizeof *acts; i++)
        if (return_may(r->state, acts[i].to))
            jsonw_string(w, acts[i].name);
    if (r->state == RETURN_RECEIVED) /* more of it */
        jsonw_string(w, "receive");
    if ((r->state == RETURN_INSPECTED || r->state == RETURN_REFUNDED) &&
        r->to_restock_e3 > 0)
        jsonw_string(w, "restock");
    jsonw_end_array(w);
}

static void write_order(struct jsonw *w, const struct return_ *r) {
    char text[REF_TEXT];
    struct ref ref = {.kind = REF_OBJECT, .id = r->remote_id};
    (void)str_copy(ref.store, sizeof ref.store, r->store);
    jsonw_kstring(w, "order", ref_format(text, &ref));
}

void return_view_fields(const struct return_ *r, struct jsonw *w) {
    char text[RETURN_TEXT];
    jsonw_kstring(w, "return", return_text(text, r->id));
    jsonw_kstring(w, "store", r->store);
    write_order(w, r);
    jsonw_kstring(w, "number", r->number);
    jsonw_kstring(w, "customer", r->customer);
    jsonw_kstring(w, "state", return_state_name(r->state));
    jsonw_kstring(w, "reason", r->reason);
    jsonw_kstring(w, "note", r->note);
    jsonw_kstring(w, "decision", r->decision);
    jsonw_kqty(w, "quantity", r->want_e3);
    jsonw_kqty(w, "received", r->received_e3);
    jsonw_kstring(w, "refund", *r->refund ? r->refund : NULL);
    jsonw_kmoney(w, "amount", r->amount_e4, 2);
    jsonw_ktime(w, "created", r->created_ms);
    jsonw_kstring(w, "created_by", r->created_by);
    jsonw_ktime(w, "changed", r->changed_ms);
    jsonw_ki64(w, "version", r->version);
    write_can(w, r);
}

/* --- the whole -------------------------------------------------------------
 */

/* What is known of where it goes back to. */
static int write_home(struct rpc_call *call, struct db_tx *tx, struct jsonw *w,
                      const struct return_ *r, const struct return_line *l) {
    struct return_home h;
    int64_t pieces = 0;
    int rc = return_home(tx, r, l, call_arena(call), &h);
    if (rc < 0)
        return rc;
    if (__builtin_mul_overflow(l->restock_e3, h.units, &pieces))
        pieces = 0;
    const char *lots = return_home_lots(&h, pieces, call_arena(call));
    jsonw_kstring(w, "tracking", h.track);
    jsonw_kstring(w, "lots", *lots ? lots : NULL);
    jsonw_kstring(w, "bin", *h.bin ? h.bin : NULL);
    return 0;
}

static int write_line(struct rpc_call *call, struct db_tx *tx, struct jsonw *w,
                      const struct return_ *r, const struct return_line *l) {
    jsonw_begin_object(w);
    jsonw_ki64(w, "line", l->line_id);
    jsonw_ki64(w, "part", l->part);
    jsonw_ki64(w, "product_id", l->product_id);
    jsonw_kstring(w, "sku", l->sku);
    jsonw_kstring(w, "name", l->name);
    jsonw_kqty(w, "quantity", l->want_e3);
    jsonw_kqty(w, "received", l->received_e3);
    jsonw_kqty(w, "restock", l->restock_e3);
    jsonw_kqty(w, "quarantine", l->quarantine_e3);
    jsonw_kqty(w, "dispose", l->dispose_e3);
    bool alone = str_eq(l->stock, RETURN_BIN_ALONE);
    jsonw_kstring(w, "stock", *l->stock && !alone ? l->stock : NULL);
    jsonw_kbool(w, "stocked", *l->stock != '\0');
    int rc = write_home(call, tx, w, r, l);
    jsonw_end_object(w);
    return rc;
}

static int write_lines(struct rpc_call *call, struct db_tx *tx,
                       const struct return_ *r, struct jsonw *w) {
    struct return_line *lines;
    size_t n;
    int rc = return_lines(tx, r->id, call_arena(call), &lines, &n);
    if (rc < 0)
        return rc;
    jsonw_key(w, "lines");
    jsonw_begin_array(w);
    for (size_t i = 0; rc >= 0 && i < n; i++)
        rc = write_line(call, tx, w, r, &lines[i]);
    jsonw_end_array(w);
    return rc < 0 ? rc : 0;
}

/* Those of the order, made by whom ever. */
static int write_refunds(struct rpc_call *call, struct db_tx *tx,
                         const struct return_ *r, struct jsonw *w) {
    struct order_item o;
    struct order_parts parts = {0};
    struct change c = {0};
    int rc = return_view_order(call, tx, r, &o);
    if (rc > 0)
        rc = order_parts_get(tx, o.id, r->store_id, r->remote_id,
                             call_arena(call), &parts);
    if (rc >= 0 && *r->refund)
        rc = change_get(tx, r->refund, call_arena(call), &c);
    if (rc < 0)
        return rc;
    jsonw_key(w, "refunds");
    jsonw_begin_array(w);
    for (size_t i = 0; i < parts.n_refunds; i++) {
        const struct order_refund_item *f = &parts.refunds[i];
        jsonw_begin_object(w);
        jsonw_ki64(w, "id", f->remote_id);
        jsonw_ktime(w, "date_created", f->created_ms);
        jsonw_kmoney(w, "amount", f->total_e4, 2);
        jsonw_kstring(w, "reason", f->reason);
        jsonw_kbool(w, "ours", c.result_id == f->remote_id);
        jsonw_end_object(w);
    }
    jsonw_end_array(w);
    return 0;
}

static int write_mails(struct rpc_call *call, struct db_tx *tx,
                       const struct return_ *r, struct jsonw *w) {
    char text[RETURN_TEXT];
    struct mail *mails;
    size_t n;
    int rc = mail_of(tx, r->store_id, return_text(text, r->id),
                     call_arena(call), &mails, &n);
    if (rc < 0)
        return rc;
    jsonw_key(w, "mails");
    jsonw_begin_array(w);
    for (size_t i = 0; i < n; i++) {
        jsonw_begin_object(w);
        mail_view_fields(&mails[i], call->lang, w);
        jsonw_end_object(w);
    }
    jsonw_end_array(w);
    return 0;
}

static int write_letters(struct rpc_call *call, struct db_tx *tx,
                         const struct return_ *r, struct jsonw *w) {
    char text[RETURN_TEXT];
    int64_t id, amount;
    jsonw_key(w, "letters");
    jsonw_begin_array(w);
    for (int l = 0; l < LETTER_TEST; l++) {
        const char *name = letter_name((enum letter)l);
        int rc = mail_find(tx, return_text(text, r->id), name, &id);
        bool fresh = rc == 0;
        if (rc >= 0 && fresh)
            rc = return_letter_may(call, tx, r, l, &amount);
        if (rc < 0 && rc != ERR_CONFLICT)
            return rc;
        if (fresh && rc >= 0)
            jsonw_string(w, name);
    }
    jsonw_end_array(w);
    call->error = (struct error){0}; /* what may not be written is no failure */
    return 0;
}

static int write_events(struct rpc_call *call, struct db_tx *tx,
                        const struct return_ *r, struct jsonw *w) {
    char text[RETURN_TEXT];
    struct order_event *e;
    size_t n;
    int rc = order_event_list(tx, r->store_id, r->remote_id, call_arena(call),
                              &e, EVENTS, &n);
    if (rc < 0)
        return rc;
    jsonw_key(w, "events");
    jsonw_begin_array(w);
    for (size_t i = 0; i < n; i++) {
        if (!str_eq(e[i].detail, return_text(text, r->id)))
            continue;
        jsonw_begin_object(w);
        jsonw_ktime(w, "at", e[i].at_ms);
        jsonw_kstring(w, "what", e[i].what);
        jsonw_kstring(w, "who", e[i].who);
        jsonw_end_object(w);
    }
    jsonw_end_array(w);
    return 0;
}

int return_view_whole(struct rpc_call *call, struct db_tx *tx,
                      const struct return_ *r, struct jsonw *w) {
    int rc = write_lines(call, tx, r, w);
    if (rc >= 0)
        rc = write_refunds(call, tx, r, w);
    if (rc >= 0)
        rc = write_mails(call, tx, r, w);
    if (rc >= 0)
        rc = write_letters(call, tx, r, w);
    return rc < 0 ? rc : write_events(call, tx, r, w);
}

int return_view_done(struct rpc_call *call, struct db_tx *tx, int64_t id,
                     const char *const *changes, size_t n) {
    char text[RETURN_TEXT];
    struct return_ r;
    int rc = call_audit(call, tx, return_text(text, id), "{}");
    if (rc >= 0)
        rc = return_get(tx, id, call_arena(call), &r);
    if (rc <= 0)
        return rc < 0 ? rc : ERR_NOT_FOUND;
    struct jsonw *w = call_result(call);
    jsonw_begin_object(w);
    jsonw_kstring(w, "return", text);
    jsonw_kstring(w, "state", return_state_name(r.state));
    jsonw_key(w, "changes");
    jsonw_begin_array(w);
    for (size_t i = 0; i < n; i++)
        jsonw_string(w, changes[i]);
    jsonw_end_array(w);
    jsonw_end_object(w);
    return 0;
}
