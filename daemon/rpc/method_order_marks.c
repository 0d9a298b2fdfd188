/* What this house says of an order: tags, holds, and why it does not leave. */
#include <string.h>

#include "common/buf.h"
#include "common/field.h"
#include "common/str.h"
#include "common/text.h"
#include "common/when.h"
#include "common/zone.h"
#include "db/sql.h"
#include "model/hold.h"
#include "model/order_list.h"
#include "model/why.h"
#include "rpc/mirrored.h"
#include "rpc_handlers.gen.h"

static int order_of(struct rpc_call *call, struct db_tx *tx,
                    const struct ref *ref, struct order_item *ret) {
    struct store s = {0};
    int rc = mirrored_store(call, tx, ref, REF_OBJECT, &s);
    if (rc >= 0)
        rc = order_item_get(tx, s.id, ref->id, 0, call_arena(call), ret);
    store_done(&s);
    return rc == 0 ? mirrored_missing(call, ref) : rc < 0 ? rc : 0;
}

/* --- the answer --------------------------------------------------------- */

static void write_hold(struct jsonw *w, const struct hold *h) {
    jsonw_begin_object(w);
    jsonw_kstring(w, "reason", h->reason);
    jsonw_kstring(w, "note", h->note);
    jsonw_ktime(w, "held", h->held_ms);
    jsonw_kstring(w, "by", h->held_by);
    jsonw_ktime(w, "until", h->until_ms);
    jsonw_end_object(w);
}

static void write_tags(struct jsonw *w, const char *list) {
    jsonw_key(w, "tags");
    jsonw_begin_array(w);
    for (size_t n; *list; list += n + (list[n] == ',')) {
        n = strcspn(list, ",");
        if (n > 0)
            jsonw_stringn(w, list, n);
    }
    jsonw_end_array(w);
}

static int answer_marks(struct rpc_call *call, struct db_tx *tx,
                        const struct ref *ref) {
    struct order_item o;
    struct hold *h;
    size_t n;
    char text[REF_TEXT];
    int rc = order_of(call, tx, ref, &o);
    if (rc >= 0)
        rc = hold_list(tx, o.id, call_arena(call), &h, &n);
    if (rc < 0)
        return rc;
    struct jsonw *w = call_result(call);
    jsonw_begin_object(w);
    jsonw_kstring(w, "ref", ref_format(text, ref));
    write_tags(w, o.tags);
    jsonw_key(w, "holds");
    jsonw_begin_array(w);
    for (size_t i = 0; i < n; i++)
        write_hold(w, &h[i]);
    jsonw_end_array(w);
    jsonw_end_object(w);
    return 0;
}

static int marks_work(struct rpc_call *call, struct db_tx *tx) {
    const struct rpc_orders_marks_params *p = call->params;
    return answer_marks(call, tx, &p->ref);
}

int method_orders_marks(struct rpc_call *call,
                        const struct rpc_orders_marks_params *p) {
    (void)p;
    return call_read(call, marks_work, NULL);
}

/* The end of a write: its row of the audit trail, and the marks now. */
static int done(struct rpc_call *call, struct db_tx *tx, const struct ref *ref,
                const char *payload) {
    char text[REF_TEXT];
    int rc = call_audit(call, tx, ref_format(text, ref), payload);
    return rc < 0 ? rc : answer_marks(call, tx, ref);
}

/* --- tags --------------------------------------------------------------- */

static void write_list(struct jsonw *w, const char *key,
                       const char *const *words, size_t n) {
    jsonw_key(w, key);
    jsonw_begin_array(w);
    for (size_t i = 0; i < n; i++)
        jsonw_string(w, words[i]);
    jsonw_end_array(w);
}

static int tag_work(struct rpc_call *call, struct db_tx *tx) {
    const struct rpc_orders_tag_params *p = call->params;
    AUTO_BUF struct buf payload = BUF_INIT;
    struct order_item o;
    struct jsonw w;
    int rc = order_of(call, tx, &p->ref, &o);
    for (size_t i = 0; rc >= 0 && i < p->n_remove; i++)
        rc = tag_remove(tx, o.store_id, o.remote_id, p->remove[i], call->actor);
    for (size_t i = 0; rc >= 0 && i < p->n_add; i++)
        rc = tag_add(tx, o.store_id, o.remote_id, p->add[i], call->actor,
                     &call->error);
    if (rc < 0)
        return rc;
    jsonw_init(&w, &payload);
    jsonw_begin_object(&w);
    write_list(&w, "add", p->add, p->n_add);
    write_list(&w, "remove", p->remove, p->n_remove);
    jsonw_end_object(&w);
    return done(call, tx, &p->ref, buf_str(&payload));
}

int method_orders_tag(struct rpc_call *call,
                      const struct rpc_orders_tag_params *p) {
    if (p->n_add + p->n_remove == 0)
        return call_fail(call, ERR_INVALID, "add", "no tag was given");
    return call_write(call, tag_work, NULL);
}

/* --- holds -------------------------------------------------------------- */

static const char *const reasons[] = {
    [RPC_ORDERS_HOLD_REASON_FRAUD] = "fraud",
    [RPC_ORDERS_HOLD_REASON_ADDRESS] = "address",
    [RPC_ORDERS_HOLD_REASON_PAYMENT] = "payment",
    [RPC_ORDERS_HOLD_REASON_OPERATOR] = "operator",
    [RPC_ORDERS_HOLD_REASON_DATE] = "date"};
_Static_assert((int)RPC_ORDERS_HOLD_REASON_DATE ==
                   (int)RPC_ORDERS_RELEASE_REASON_DATE,
               "both name the same reasons");

/* A date of the warehouse's days, or an instant. */
static int read_until(struct rpc_call *call, const char *text,
                      int64_t *ret_ms) {
    int64_t ms;
    if (strlen(text) == 10) {
        char start[24];
        int y, m, d;
        (void)str_format(start, sizeof start, "%sT00:00:00Z", text);
        if (when_parse(start, &ms) < 0)
            return call_fail(call, ERR_INVALID, "until",
                             "a date is written 2026-12-24");
        when_civil(ms, &y, &m, &d);
        *ret_ms = zone_from_date(call->rpc->zone, y, m, d);
        return 0;
    }
    if (when_parse(text, &ms) < 0)
        return call_fail(call, ERR_INVALID, "until",
                         "a date is written 2026-12-24");
    *ret_ms = ms;
    return 0;
}

static void write_hold_audit(struct buf *out, const char *reason,
                             const char *note, const char *until) {
    struct jsonw w;
    jsonw_init(&w, out);
    jsonw_begin_object(&w);
    if (reason)
        jsonw_kstring(&w, "reason", reason);
    if (note[0])
        jsonw_kstring(&w, "note", note);
    if (until)
        jsonw_kstring(&w, "until", until);
    jsonw_end_object(&w);
}

static int hold_work(struct rpc_call *call, struct db_tx *tx) {
    const struct rpc_orders_hold_params *p = call->params;
    AUTO_BUF struct buf payload = BUF_INIT;
    struct hold_new h = {.reason = reasons[p->reason],
                         .note = p->has_note ? p->note : "",
                         .who = call->actor};
    struct order_item o;
    int rc = order_of(call, tx, &p->ref, &o);
    if (rc >= 0 && p->has_until)
        rc = read_until(call, p->until, &h.until_ms);
    if (rc < 0)
        return rc;
    h.store_id = o.store_id;
    h.remote_id = o.remote_id;
    rc = hold_place(tx, &h, &call->error);
    write_hold_audit(&payload, h.reason, h.note,
                     p->has_until ? p->until : NULL);
    return rc < 0 ? rc : done(call, tx, &p->ref, buf_str(&payload));
}

int method_orders_hold(struct rpc_call *call,
                       const struct rpc_orders_hold_params *p) {
    (void)p;
    return call_write(call, hold_work, NULL);
}

static int release_work(struct rpc_call *call, struct db_tx *tx) {
    const struct rpc_orders_release_params *p = call->params;
    AUTO_BUF struct buf payload = BUF_INIT;
    const char *reason = p->has_reason ? reasons[p->reason] : NULL;
    const char *note = p->has_note ? p->note : "";
    struct order_item o;
    int rc = order_of(call, tx, &p->ref, &o);
    if (rc >= 0)
        rc = hold_release(tx, o.store_id, o.remote_id, reason, call->actor,
                          note, &call->error);
    write_hold_audit(&payload, reason, note, NULL);
    return rc < 0 ? rc : done(call, tx, &p->ref, buf_str(&payload));
}

int method_orders_release(struct rpc_call *call,
                          const struct rpc_orders_release_params *p) {
    (void)p;
    return call_write(call, release_work, NULL);
}

/* --- why ---------------------------------------------------------------- */

static void write_sentence(struct jsonw *w, const char *key,
                           enum text_lang lang, const struct blocker *b,
                           const char *suffix) {
    AUTO_BUF struct buf out = BUF_INIT;
    char name[48], n[24];
    (void)str_format(name, sizeof name, "why.%s%s", why_name(b->what), suffix);
    (void)str_format(n, sizeof n, "%lld", (long long)b->n);
    int id = text_find(name);
    text_format(&out, lang, (enum text_id)id, "n", n, "a",
                field_status(lang, b->a), "b", b->b, "c", b->c, "who",
                b->a[0] ? b->a : text_get(lang, TEXT_WHY_NOBODY), NULL);
    while (out.len && out.data[out.len - 1] == ' ') /* no note behind it */
        out.data[--out.len] = '\0';
    jsonw_kstring(w, key, buf_str(&out));
}

static int why_work(struct rpc_call *call, struct db_tx *tx) {
    const struct rpc_orders_why_params *p = call->params;
    struct order_item o;
    struct blocker *b;
    size_t n;
    char text[REF_TEXT];
    int rc = order_of(call, tx, &p->ref, &o);
    if (rc >= 0)
        rc = why_list(tx, o.store_id, o.remote_id, call_arena(call), &b, &n);
    if (rc < 0)
        return rc;
    struct jsonw *w = call_result(call);
    jsonw_begin_object(w);
    jsonw_kstring(w, "ref", ref_format(text, &p->ref));
    jsonw_key(w, "blockers");
    jsonw_begin_array(w);
    for (size_t i = 0; i < n; i++) {
        jsonw_begin_object(w);
        jsonw_kstring(w, "what", why_name(b[i].what));
        write_sentence(w, "text", call->lang, &b[i], "");
        write_sentence(w, "who", call->lang, &b[i], ".cure");
        jsonw_end_object(w);
    }
    jsonw_end_array(w);
    jsonw_end_object(w);
    return 0;
}

int method_orders_why(struct rpc_call *call,
                      const struct rpc_orders_why_params *p) {
    (void)p;
    return call_read(call, why_work, NULL);
}
