#include <string.h>

#include "common/field.h"
#include "common/said.h"
#include "common/str.h"
#include "common/utf8.h"
#include "db/sql.h"
#include "model/aside_list.h"
#include "model/mirror.h"
#include "model/store.h"
#include "query_keys.gen.h"
#include "rpc/call.h"
#include "rpc/refresh.h"
#include "rpc/store_view.h"
#include "rpc_handlers.gen.h"

enum { RAW_CHARS = 2000, WALK_MS = 500 };

/* Collection of what mirror_kind_name says. */
static const char *collection_of(const char *kind) {
    static const struct {
        const char *kind, *collection;
    } names[] = {
        {"order", "orders"},       {"refund", "refunds"},
        {"note", "notes"},         {"product", "products"},
        {"customer", "customers"}, {"category", "categories"},
    };
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (str_eq(names[i].kind, kind))
            return names[i].collection;
    }
    return kind;
}

struct walk {
    struct rpc_call *call;
    struct jsonw *w;
    struct query query;
    struct store *stores;
    size_t n_stores;
    int64_t left;
    int64_t last, next; /* ids; 0: none */
};

static const char *store_name(const struct walk *k, int64_t id) {
    for (size_t i = 0; i < k->n_stores; i++) {
        if (k->stores[i].id == id)
            return k->stores[i].name;
    }
    return NULL;
}

static bool term_matches(const struct query_term *t, const char *store,
                         const struct aside_item *a) {
    for (int i = 0; i < t->n_values; i++) {
        const char *v = t->values[i].text;
        bool hit = !t->key ? strstr(a->reason, v) || strstr(a->path, v)
                   : t->key->id == QUERY_ATTENTION_STORE ? str_glob(v, store)
                   : t->key->id == QUERY_ATTENTION_COLLECTION
                       ? str_glob(v, collection_of(a->kind))
                       : str_eq(v, a->what);
        if (hit)
            return true;
    }
    return false;
}

static bool matches(const struct walk *k, const char *store,
                    const struct aside_item *a) {
    for (int i = 0; i < k->query.n_terms; i++) {
        const struct query_term *t = &k->query.terms[i];
        if (term_matches(t, store, a) == t->negated)
            return false;
    }
    return true;
}

static void write_item(struct jsonw *w, enum text_lang lang, const char *store,
                       const struct aside_item *a) {
    AUTO_BUF struct buf detail = BUF_INIT;
    field_words(&detail, lang, a->path);
    buf_adds(&detail, detail.len ? ": " : "");
    said_words(&detail, lang, a->reason);
    jsonw_begin_object(w);
    jsonw_ki64(w, "id", a->id);
    jsonw_kstring(w, "store", store);
    jsonw_kstring(w, "collection", collection_of(a->kind));
    jsonw_key(w, "remote_id");
    if (a->remote_id > 0)
        jsonw_i64(w, a->remote_id);
    else
        jsonw_null(w);
    jsonw_kstring(w, "what", a->what);
    jsonw_kstring(w, "path", a->path);
    jsonw_kstring(w, "detail", buf_str(&detail));
    jsonw_kstring(w, "cure", NULL);
    jsonw_ktime(w, "since", a->first_ms);
    jsonw_ki64(w, "tries", a->times);
    jsonw_key(w, "raw");
    /* The writer repairs a character cut in the middle. */
    jsonw_stringn(w, a->raw, strnlen(a->raw, RAW_CHARS));
    jsonw_end_object(w);
}

static int on_item(const struct aside_item *a, void *arg) {
    struct walk *k = arg;
    const char *store = store_name(k, a->store_id);
    if (!store || !matches(k, store, a))
        return 0; /* of a removed store, or not asked for */
    if (k->left-- == 0) {
        k->next = k->last;
        return 1;
    }
    write_item(k->w, k->call->lang, store, a);
    k->last = a->id;
    return 0;
}

static int list_rows(struct walk *k, struct db_tx *tx, int64_t before) {
    char next[24];
    struct jsonw *w = k->w = call_list_begin(k->call);
    int rc = aside_each(tx, before, on_item, k);
    (void)str_format(next, sizeof next, "%lld", (long long)k->next);
    call_list_end(w, k->next ? next : NULL, false);
    return rc < 0 ? rc : 0;
}

static int list_work(struct rpc_call *call, struct db_tx *tx) {
    const struct rpc_attention_list_params *p = call->params;
    struct walk k = {.call = call, .left = p->limit};
    int64_t before = INT64_MAX;
    if (p->has_after && str_to_i64(p->after, 1, INT64_MAX, &before) < 0)
        return call_fail(call, ERR_INVALID, "after", "no such place");
    int rc =
        query_parse(p->has_filter ? p->filter : "", query_list_attention.keys,
                    query_list_attention.n, &k.query, &call->error);
    if (rc >= 0)
        rc = store_list(tx, &k.stores, &k.n_stores);
    if (rc >= 0)
        rc = list_rows(&k, tx, before);
    store_list_free(k.stores, k.n_stores);
    query_done(&k.query);
    return rc;
}

int method_attention_list(struct rpc_call *call,
                          const struct rpc_attention_list_params *p) {
    (void)p;
    return call_read(call, list_work, NULL);
}

/* --- retry ------------------------------------------------------------- */

static int retry_find(struct rpc_call *call, struct db_tx *tx) {
    const struct rpc_attention_retry_params *p = call->params;
    struct aside_item *a = arena_alloc(call_arena(call), sizeof *a);
    int rc = aside_get(tx, p->id, call_arena(call), a);
    if (rc == 0)
        return call_fail(call, ERR_NOT_FOUND, "id", "there is no such entry");
    call->data = a;
    return rc;
}

static int retry_look(struct rpc_call *call, struct db_tx *tx) {
    const struct rpc_attention_retry_params *p = call->params;
    struct aside_item a;
    int rc = aside_get(tx, p->id, call_arena(call), &a);
    if (rc < 0)
        return rc;
    struct jsonw *w = call_result(call);
    jsonw_begin_object(w);
    jsonw_ki64(w, "id", p->id);
    jsonw_kbool(w, "solved", rc == 0);
    jsonw_ksaid(w, "detail", call->lang, rc > 0 ? a.reason : NULL);
    jsonw_end_object(w);
    return 0;
}

/* Read again: is the entry still there? */
static void retry_answer(struct rpc_call *call, int status) {
    if (status >= 0 || status == ERR_SHOP_NOT_FOUND)
        status = call_read(call, retry_look, NULL);
    if (status < 0)
        call_finish(call, status);
}

static void retry_synced(const struct sync_result *r, void *arg) {
    struct rpc_call *call = arg;
    if (r->status < 0)
        call->error = r->error;
    retry_answer(call, r->status);
}

/* An order is read alone; of other kinds the collection is read in full. */
static int retry_then(struct rpc_call *call) {
    const struct aside_item *a = call->data;
    struct sync_run *run;
    call_note(call, a->kind);
    if (str_eq(a->kind, "order") && a->remote_id > 0)
        return refresh_order(call, a->store_id, a->remote_id, retry_answer);
    int c = sync_collection_parse(collection_of(a->kind));
    if (c < 0 || !call->rpc->sync)
        return call_fail(call, ERR_BUSY, "",
                         "it is read again with the next "
                         "full pass");
    (void)call_hold(call);
    return sync_run(call->rpc->sync, a->store_id, 1u << c, true, NULL,
                    retry_synced, call, &run);
}

int method_attention_retry(struct rpc_call *call,
                           const struct rpc_attention_retry_params *p) {
    (void)p;
    return call_read(call, retry_find, retry_then);
}
