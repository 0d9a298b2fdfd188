/* One order: its row, the kept object field by field, refunds and notes; and
 * its timeline. */
#include <stdlib.h>
#include <string.h>

#include "common/buf.h"
#include "common/money.h"
#include "common/str.h"
#include "common/when.h"
#include "db/sql.h"
#include "model/order_get.h"
#include "model/order_list.h"
#include "rpc/mirrored.h"
#include "rpc/order_view.h"
#include "rpc/raw_view.h"
#include "rpc_handlers.gen.h"

/* All that is known of an order; in the call's arena. */
struct whole {
    struct order_item row;
    struct order_parts parts;
    struct pending pending;
    const struct json *raw; /* with what is on its way; NULL: not kept */
    int64_t checked_ms;
};

static int read_whole(struct rpc_call *call, struct db_tx *tx,
                      const struct ref *ref, struct whole *o) {
    struct store s = {0};
    *o = (struct whole){0};
    int rc = mirrored_store(call, tx, ref, REF_OBJECT, &s);
    if (rc >= 0)
        rc = order_item_get(tx, s.id, ref->id, call->rpc->o.late_s * 1000,
                            call_arena(call), &o->row);
    store_done(&s);
    if (rc <= 0)
        return rc < 0 ? rc : mirrored_missing(call, ref);
    rc = order_parts_get(tx, o->row.id, o->row.store_id, ref->id,
                         call_arena(call), &o->parts);
    if (rc >= 0)
        rc = mirrored_checked(tx, o->row.store_id, "orders", &o->checked_ms);
    if (rc >= 0)
        rc = mirrored_json(call, tx, MIRROR_ORDER, o->row.store_id, ref,
                           &o->raw);
    if (rc >= 0)
        rc = order_view_pending(call, tx, &o->row, &o->pending);
    if (rc >= 0 && o->pending.now)
        o->raw = o->pending.now;
    return rc < 0 ? rc : 0;
}

/* --- get --------------------------------------------------------------- */

static void write_line(struct jsonw *w, const struct json *l) {
    jsonw_begin_object(w);
    raw_int(w, "id", l, "id", 0);
    raw_int(w, "product_id", l, "product_id", 0);
    raw_int(w, "variation_id", l, "variation_id", 0);
    raw_text(w, "sku", l, "sku", false);
    raw_text(w, "name", l, "name", true);
    raw_decimal(w, "quantity", l, "quantity");
    raw_decimal(w, "price", l, "price");
    raw_decimal(w, "subtotal", l, "subtotal");
    raw_decimal(w, "total", l, "total");
    raw_decimal(w, "total_tax", l, "total_tax");
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
                        struct jsonw *w, const struct whole *o,
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
                         struct jsonw *w, const struct whole *o) {
    int rc = 0;
    jsonw_key(w, "refunds");
    jsonw_begin_array(w);
    for (size_t i = 0; rc >= 0 && i < o->parts.n_refunds; i++)
        rc = write_refund(call, tx, w, o, &o->parts.refunds[i]);
    jsonw_end_array(w);
    return rc;
}

static void write_notes(struct jsonw *w, const struct whole *o) {
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

static void write_amounts(struct jsonw *w, const struct whole *o) {
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

static void write_facts(struct jsonw *w, const struct whole *o) {
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
    write_each(w, "line_items", o->raw, write_line);
    write_each(w, "shipping_lines", o->raw, write_shipping);
    write_each(w, "fee_lines", o->raw, write_fee);
    write_each(w, "coupon_lines", o->raw, write_coupon);
}

static int get_work(struct rpc_call *call, struct db_tx *tx) {
    const struct rpc_orders_get_params *p = call->params;
    struct whole o;
    int rc = read_whole(call, tx, &p->ref, &o);
    if (rc < 0)
        return rc;
    struct jsonw *w = call_result(call);
    jsonw_begin_object(w);
    order_view_fields(&o.row, &o.pending, UINT64_MAX, db_now(tx), w);
    write_facts(w, &o);
    rc = write_refunds(call, tx, w, &o);
    write_notes(w, &o);
    jsonw_ktime(w, "checked", o.checked_ms);
    jsonw_end_object(w);
    return rc;
}

int method_orders_get(struct rpc_call *call,
                      const struct rpc_orders_get_params *p) {
    (void)p;
    return call_read(call, get_work, NULL);
}

/* --- timeline ---------------------------------------------------------- */

struct moment {
    int64_t at_ms;
    const char *what, *who;
    struct buf text;
};

struct timeline {
    struct moment *m;
    size_t n;
};

static struct moment *add(struct timeline *t, int64_t at_ms, const char *what,
                          const char *who) {
    struct moment *m = &t->m[t->n];
    if (at_ms <= 0)
        return NULL;
    t->n++;
    *m = (struct moment){.at_ms = at_ms, .what = what, .who = who};
    return m;
}

static int64_t instant(const struct whole *o, const char *name) {
    const char *s = json_string(json_get(o->raw, name));
    int64_t ms;
    return s && when_parse(s, &ms) == 0 ? ms : 0;
}

static void add_dates(struct timeline *t, const struct whole *o,
                      enum text_lang lang) {
    const char *via = json_string(json_get(o->raw, "created_via"));
    const char *method = json_string(json_get(o->raw, "payment_method_title"));
    struct moment *m = add(t, o->row.created_ms, "created", NULL);
    if (m)
        text_format(&m->text, lang, TEXT_TIMELINE_CREATED, "via",
                    via ? via : "", NULL);
    m = add(t, instant(o, "date_paid_gmt"), "paid", NULL);
    if (m)
        text_format(&m->text, lang, TEXT_TIMELINE_PAID, "method",
                    method ? method : "", NULL);
    m = add(t, instant(o, "date_completed_gmt"), "completed", NULL);
    if (m)
        text_format(&m->text, lang, TEXT_TIMELINE_COMPLETED, NULL);
    m = add(t, o->row.modified_ms, "changed", NULL);
    if (m)
        text_format(&m->text, lang, TEXT_TIMELINE_MODIFIED, NULL);
}

static void add_parts(struct timeline *t, const struct whole *o,
                      enum text_lang lang) {
    for (size_t i = 0; i < o->parts.n_refunds; i++) {
        const struct order_refund_item *r = &o->parts.refunds[i];
        char amount[MONEY_TEXT];
        struct moment *m = add(t, r->created_ms, "refund", NULL);
        if (m)
            text_format(&m->text, lang, TEXT_TIMELINE_REFUND, "amount",
                        money_format(amount, r->total_e4, MONEY_SCALE, 2),
                        "reason", r->reason, NULL);
    }
    for (size_t i = 0; i < o->parts.n_notes; i++) {
        const struct order_note_item *n = &o->parts.notes[i];
        struct moment *m = add(t, n->created_ms, "note", n->author);
        if (m)
            text_format(&m->text, lang,
                        n->to_customer ? TEXT_TIMELINE_NOTE_CUSTOMER
                                       : TEXT_TIMELINE_NOTE,
                        "note", n->text, NULL);
    }
}

/* The newest of them, open and done. */
static int read_changes(struct rpc_call *call, struct db_tx *tx,
                        const struct ref *ref, struct change_page *ret) {
    char text[REF_TEXT], filter[REF_TEXT + 16];
    (void)str_format(filter, sizeof filter, "object:\"%s\"",
                     ref_format(text, ref));
    struct list_request r = {.filter = filter, .limit = LIST_LIMIT_MAX};
    return change_list(tx, &r, call_arena(call), ret, &call->error);
}

/* What people asked for, and what became of it. */
static void add_changes(struct timeline *t, const struct change_page *page,
                        enum text_lang lang) {
    for (size_t i = 0; i < page->n; i++) {
        const struct change *c = &page->items[i];
        AUTO_BUF struct buf words = BUF_INIT;
        struct moment *m = add(t, c->created_ms, "change", c->author);
        if (!m)
            continue;
        change_view_words(c, &words);
        text_format(&m->text, lang, TEXT_TIMELINE_CHANGE, "act",
                    change_view_act(c, lang), "words", buf_str(&words), "state",
                    change_view_state(c, lang), NULL);
        if (!str_empty(c->approver)) {
            buf_addc(&m->text, ' ');
            text_format(&m->text, lang, TEXT_TIMELINE_APPROVED, "who",
                        c->approver, NULL);
        }
    }
}

static int newest_first(const void *a, const void *b) {
    int64_t x = ((const struct moment *)a)->at_ms;
    int64_t y = ((const struct moment *)b)->at_ms;
    return x < y ? 1 : x > y ? -1 : 0;
}

/* A place is the number of rows before it. */
static int write_timeline(struct rpc_call *call, const struct timeline *t) {
    const struct rpc_orders_timeline_params *p = call->params;
    int64_t from = 0;
    char next[24];
    if (p->has_after && str_to_i64(p->after, 1, INT32_MAX, &from) < 0)
        return call_fail(call, ERR_INVALID, "after", "no such place");
    int64_t n = (int64_t)t->n, end = n - from > p->limit ? from + p->limit : n;
    struct jsonw *w = call_list_begin(call);
    for (int64_t i = from; i < end; i++) {
        jsonw_begin_object(w);
        jsonw_ktime(w, "at", t->m[i].at_ms);
        jsonw_kstring(w, "what", t->m[i].what);
        jsonw_kstring(w, "who", t->m[i].who);
        jsonw_kstring(w, "text", buf_str(&t->m[i].text));
        jsonw_end_object(w);
    }
    (void)str_format(next, sizeof next, "%lld", (long long)end);
    call_list_end(w, end < n ? next : NULL, false);
    return 0;
}

static int timeline_work(struct rpc_call *call, struct db_tx *tx) {
    const struct rpc_orders_timeline_params *p = call->params;
    struct whole o;
    struct change_page changes = {0};
    struct timeline t = {0};
    int rc = read_whole(call, tx, &p->ref, &o);
    if (rc >= 0)
        rc = read_changes(call, tx, &p->ref, &changes);
    if (rc < 0)
        return rc;
    t.m = arena_alloc(call_arena(call),
                      (o.parts.n_refunds + o.parts.n_notes + changes.n + 8) *
                          sizeof *t.m);
    add_dates(&t, &o, call->lang);
    add_parts(&t, &o, call->lang);
    add_changes(&t, &changes, call->lang);
    qsort(t.m, t.n, sizeof *t.m, newest_first);
    rc = write_timeline(call, &t);
    for (size_t i = 0; i < t.n; i++)
        buf_done(&t.m[i].text);
    return rc;
}

int method_orders_timeline(struct rpc_call *call,
                           const struct rpc_orders_timeline_params *p) {
    (void)p;
    return call_read(call, timeline_work, NULL);
}
