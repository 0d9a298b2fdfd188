#include "rpc/approval_view.h"

#include <string.h>

#include "common/field.h"
#include "common/json.h"
#include "common/ref.h"
#include "common/str.h"
#include "common/text.h"
#include "rpc/change_view.h"
#include "rpc/person.h"

enum { ITEMS = 200 }; /* of one answer */

bool approval_reviews(const struct rpc_call *call) {
    return call->who->role == RPC_ROLE_ADMIN;
}

/* --- words -------------------------------------------------------------------
 */

/* A JSON text as people read it; NULL stays NULL. */
static const char *plain(struct rpc_call *call, const char *json) {
    const struct json *v;
    char number[40];
    if (!json)
        return NULL;
    if (json_parse(call_arena(call), json, strlen(json), NULL, &v, NULL) < 0)
        return json;
    if (json_type(v) == JSON_NULL)
        return "";
    const char *s = json_text(v, number);
    return s ? arena_dupn(call_arena(call), s, strlen(s)) : json;
}

static int64_t as_number(const char *json) {
    int64_t v = 0;
    (void)str_to_i64(json ? json : "", INT64_MIN, INT64_MAX, &v);
    return v;
}

/* A new object in a word: the product's name, how many lines the order has. */
static const char *payload_words(struct rpc_call *call, const char *json) {
    const struct json *v;
    if (json_parse(call_arena(call), json, strlen(json), NULL, &v, NULL) < 0)
        return "";
    const char *name = json_string(json_get(v, "name"));
    if (name)
        return name;
    AUTO_BUF struct buf b = BUF_INIT;
    char n[24];
    int lines = 0;
    for (const struct json *l = json_first(json_get(v, "lines")); l;
         l = json_next(l))
        lines++;
    (void)str_format(n, sizeof n, "%d", lines);
    text_format(&b, call->lang, TEXT_APPROVAL_LINES, "n", n, NULL);
    return arena_dupn(call_arena(call), buf_str(&b), b.len);
}

static void write_what(struct rpc_call *call, const struct proposal *p,
                       const struct proposal_item *it, struct jsonw *w) {
    static const enum text_id ids[PROPOSAL_KINDS] = {
        TEXT_APPROVAL_WHAT_STOCK_SET,   TEXT_APPROVAL_WHAT_STOCK_ADJUST,
        TEXT_APPROVAL_WHAT_PRICE,       TEXT_APPROVAL_WHAT_PRODUCT,
        TEXT_APPROVAL_WHAT_NEW_PRODUCT, TEXT_APPROVAL_WHAT_NEW_ORDER,
        TEXT_APPROVAL_WHAT_CSV};
    AUTO_BUF struct buf b = BUF_INIT;
    char by[32], items[24];
    int64_t delta = it ? as_number(it->wanted) - as_number(it->base) : 0;
    (void)str_format(by, sizeof by, "%+lld", (long long)delta);
    (void)str_format(items, sizeof items, "%lld", (long long)p->items);
    text_format(&b, call->lang, ids[p->kind], "title", p->title, "by", by, "n",
                items, NULL);
    jsonw_kstring(w, "what", buf_str(&b));
}

static void stock_words(struct rpc_call *call, const struct proposal_item *it,
                        struct buf *b) {
    char by[32], becomes[32];
    int64_t base = as_number(it->base), wanted = as_number(it->wanted);
    int64_t delta = wanted - base, level = as_number(it->current) + delta;
    (void)str_format(by, sizeof by, "%+lld", (long long)delta);
    (void)str_format(becomes, sizeof becomes, "%lld", (long long)level);
    text_format(b, call->lang, TEXT_APPROVAL_STALE_STOCK, "base",
                plain(call, it->base), "current", plain(call, it->current),
                "by", by, "wanted", plain(call, it->wanted), "becomes", becomes,
                NULL);
}

static void value_words(struct rpc_call *call, const struct proposal_item *it,
                        struct buf *b) {
    AUTO_BUF struct buf field = BUF_INIT;
    field_words(&field, call->lang, it->path);
    text_format(b, call->lang, TEXT_APPROVAL_STALE_VALUE, "path",
                buf_str(&field), "base", it->base ? plain(call, it->base) : "",
                "current", plain(call, it->current), "wanted",
                plain(call, it->wanted), NULL);
}

static void write_stale(struct rpc_call *call, const struct proposal_item *it,
                        struct jsonw *w) {
    AUTO_BUF struct buf b = BUF_INIT;
    bool stale = it && it->stale;
    if (stale && !it->current)
        buf_adds(&b, text_get(call->lang, TEXT_APPROVAL_STALE_GONE));
    else if (stale && str_eq(it->path, "stock"))
        stock_words(call, it, &b);
    else if (stale)
        value_words(call, it, &b);
    jsonw_kbool(w, "stale", stale);
    jsonw_kstring(w, "stale_text", buf_str(&b));
}

/* --- a row -------------------------------------------------------------------
 */

static void write_ref(const struct proposal *p, int64_t id, struct jsonw *w) {
    char text[REF_TEXT];
    struct ref ref = {.kind = REF_OBJECT, .id = id};
    (void)str_copy(ref.store, sizeof ref.store, p->store);
    jsonw_kstring(w, "ref", id ? ref_format(text, &ref) : NULL);
}

/* Which of its items a row shows: a stale one before the others. */
static const struct proposal_item *shown(const struct proposal_item *items,
                                         size_t n) {
    for (size_t i = 0; i < n; i++)
        if (items[i].stale)
            return &items[i];
    return n ? items : NULL;
}

static void write_values(struct rpc_call *call, const struct proposal *p,
                         const struct proposal_item *it, struct jsonw *w) {
    bool field = it && *it->path && p->kind != PROPOSAL_CSV;
    write_ref(p,
              it && p->kind != PROPOSAL_CSV
                  ? it->remote_id > 0 ? it->remote_id : it->made_id
                  : 0,
              w);
    jsonw_kstring(w, "path", field ? it->path : NULL);
    jsonw_kstring(w, "base", field ? plain(call, it->base) : NULL);
    jsonw_kstring(w, "current", field ? plain(call, it->current) : NULL);
    jsonw_kstring(w, "wanted",
                  field ? plain(call, it->wanted)
                  : it && p->kind != PROPOSAL_CSV
                      ? payload_words(call, it->wanted)
                      : NULL);
    write_stale(call, field ? it : NULL, w);
}

/* Why an item's change is where it is; in the call's arena. */
static const char *why(struct rpc_call *call, const struct proposal_item *it) {
    AUTO_BUF struct buf b = BUF_INIT;
    change_view_cause(it->cause, it->text, call->lang, &b);
    return arena_dupn(call_arena(call), buf_str(&b), b.len);
}

/* Of several changes the one that asks most of people. */
static int write_answer(struct rpc_call *call, struct db_tx *tx,
                        const struct proposal *p,
                        const struct proposal_item *it, struct jsonw *w) {
    static const enum change_state order[] = {
        CHANGE_CONFLICT, CHANGE_REFUSED, CHANGE_UNKNOWN,   CHANGE_AWAITING,
        CHANGE_QUEUED,   CHANGE_SENDING, CHANGE_DISCARDED, CHANGE_CONFIRMED};
    int64_t n[CHANGE_STATES] = {0};
    const char *answer = "";
    int rc = p->state == PROPOSAL_APPROVED ? proposal_outcome(tx, p->id, n) : 0;
    for (size_t i = sizeof order / sizeof *order; i-- > 0;)
        if (n[order[i]])
            answer = change_state_name(order[i]);
    jsonw_kstring(w, "answer", answer);
    jsonw_kstring(w, "answer_text",
                  it && p->kind != PROPOSAL_CSV ? why(call, it) : "");
    return rc < 0 ? rc : 0;
}

static void write_can(const struct rpc_call *call, const struct proposal *p,
                      struct jsonw *w) {
    bool waits = p->state == PROPOSAL_PENDING;
    bool own = str_eq(p->author, call->actor);
    bool sends =
        p->state == PROPOSAL_APPROVED && p->done < p->items && !p->stopped;
    const struct {
        const char *name;
        bool may;
    } acts[] = {
        {"approve", waits && !own && approval_reviews(call)},
        {"reject", waits && !own && approval_reviews(call)},
        {"edit", waits && own},
        {"withdraw", waits && own},
        {"stop",
         sends && p->kind == PROPOSAL_CSV && (own || approval_reviews(call))},
    };
    jsonw_key(w, "can");
    jsonw_begin_array(w);
    for (size_t i = 0; i < sizeof acts / sizeof *acts; i++)
        if (acts[i].may)
            jsonw_string(w, acts[i].name);
    jsonw_end_array(w);
}

int approval_view_fields(struct rpc_call *call, struct db_tx *tx,
                         const struct proposal *p, struct jsonw *w) {
    char id[PROPOSAL_ID_TEXT];
    struct proposal_item *items = NULL;
    size_t n = 0;
    int rc = p->kind == PROPOSAL_CSV
                 ? 0
                 : proposal_items(tx, p, 0, 64, call_arena(call), &items, &n);
    if (rc < 0)
        return rc;
    const struct proposal_item *it = shown(items, n);
    jsonw_kstring(w, "id", proposal_id_format(id, p->id));
    jsonw_kstring(w, "store", p->store);
    jsonw_kstring(w, "kind", proposal_kind_name(p->kind));
    jsonw_kstring(w, "state", proposal_state_name(p->state));
    jsonw_kstring(w, "author", p->author);
    jsonw_kstring(w, "reason", p->reason);
    jsonw_kbool(w, "over_limit", p->over_limit);
    jsonw_kstring(w, "title", p->title);
    write_what(call, p, it, w);
    write_values(call, p, it, w);
    jsonw_kstring(w, "reviewer", str_empty(p->reviewer) ? NULL : p->reviewer);
    jsonw_kstring(w, "note", p->note);
    jsonw_ktime(w, "created", p->created_ms);
    jsonw_ktime(w, "decided", p->decided_ms);
    jsonw_ki64(w, "version", p->version);
    jsonw_ki64(w, "items", p->items);
    jsonw_ki64(w, "done", p->done);
    jsonw_ki64(w, "failed", p->failed);
    rc = write_answer(call, tx, p, it, w);
    write_can(call, p, w);
    return rc;
}

/* --- items -------------------------------------------------------------------
 */

static void write_item(struct rpc_call *call, const struct proposal *p,
                       const struct proposal_item *it, struct jsonw *w) {
    jsonw_begin_object(w);
    write_ref(p, it->remote_id > 0 ? it->remote_id : it->made_id, w);
    jsonw_kstring(w, "path", it->path);
    change_view_json(w, "base", it->base);
    change_view_json(w, "current", it->current);
    change_view_json(w, "wanted", it->wanted);
    jsonw_kbool(w, "stale", it->stale);
    jsonw_kstring(w, "change", it->change);
    jsonw_kstring(w, "answer", it->change ? change_state_name(it->answer) : "");
    jsonw_kstring(w, "text", why(call, it));
    jsonw_ksaid(w, "fault", call->lang, it->fault);
    jsonw_end_object(w);
}

int approval_view_items(struct rpc_call *call, struct db_tx *tx,
                        const struct proposal *p, int64_t from,
                        struct jsonw *w) {
    struct proposal_item *items = NULL;
    size_t n = 0;
    int rc =
        proposal_items(tx, p, from, ITEMS + 64, call_arena(call), &items, &n);
    size_t k = 0;
    jsonw_key(w, "list");
    jsonw_begin_array(w);
    /* an object's fields stay together */
    for (; rc >= 0 && k < n &&
           (k < ITEMS || items[k].remote_id == items[k - 1].remote_id);
         k++)
        write_item(call, p, &items[k], w);
    jsonw_end_array(w);
    jsonw_key(w, "more");
    if (rc >= 0 && k < n)
        jsonw_i64(w, items[k].remote_id);
    else
        jsonw_null(w);
    return rc < 0 ? rc : 0;
}
