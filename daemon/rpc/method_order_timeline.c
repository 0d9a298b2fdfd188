/* What happened to an order: what the shop tells, what people wanted, what this
 * house did. */
#include <stdlib.h>
#include <string.h>

#include "common/buf.h"
#include "common/money.h"
#include "common/str.h"
#include "common/text.h"
#include "common/when.h"
#include "db/sql.h"
#include "model/order_event.h"
#include "rpc/order_whole.h"
#include "rpc/raw_view.h"
#include "rpc_handlers.gen.h"

enum { EVENTS_MAX = 500 };

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

static int64_t instant(const struct order_whole *o, const char *name) {
    const char *s = json_string(json_get(o->raw, name));
    int64_t ms;
    return s && when_parse(s, &ms) == 0 ? ms : 0;
}

static void add_dates(struct timeline *t, const struct order_whole *o,
                      enum text_lang lang) {
    const char *via = json_string(json_get(o->raw, "created_via"));
    const char *method = json_string(json_get(o->raw, "payment_method_title"));
    struct moment *m = add(t, o->row.created_ms, "created", NULL);
    if (m)
        /* as WooCommerce names it; a plugin's own name stays */
        text_format(&m->text, lang, TEXT_TIMELINE_CREATED, "via",
                    text_word(lang, "via", via ? via : ""), NULL);
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

static void add_parts(struct timeline *t, const struct order_whole *o,
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
        change_view_words(c, lang, &words);
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

/* What was done to it in this house. */
static void add_events(struct timeline *t, const struct order_event *e,
                       size_t n, enum text_lang lang) {
    for (size_t i = 0; i < n; i++) {
        char name[64];
        struct moment *m = add(t, e[i].at_ms, e[i].what, e[i].who);
        if (!m)
            continue;
        (void)str_format(name, sizeof name, "timeline.event.%s", e[i].what);
        int id = text_find(name);
        text_format(&m->text, lang,
                    id >= 0 ? (enum text_id)id : TEXT_TIMELINE_EVENT_OTHER,
                    "what", e[i].what, "detail", e[i].detail, NULL);
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
    struct order_whole o;
    struct change_page changes = {0};
    struct timeline t = {0};
    struct order_event *events = NULL;
    size_t n_events = 0;
    int rc = order_whole_read(call, tx, &p->ref, &o);
    if (rc >= 0)
        rc = read_changes(call, tx, &p->ref, &changes);
    if (rc >= 0)
        rc = order_event_list(tx, o.row.store_id, o.row.remote_id,
                              call_arena(call), &events, EVENTS_MAX, &n_events);
    if (rc < 0)
        return rc;
    t.m = arena_alloc(call_arena(call), (o.parts.n_refunds + o.parts.n_notes +
                                         changes.n + n_events + 8) *
                                            sizeof *t.m);
    add_dates(&t, &o, call->lang);
    add_parts(&t, &o, call->lang);
    add_changes(&t, &changes, call->lang);
    add_events(&t, events, n_events, call->lang);
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
