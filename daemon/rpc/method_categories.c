#include <string.h>

#include "common/fold.h"
#include "common/str.h"
#include "model/category_list.h"
#include "model/store.h"
#include "query_keys.gen.h"
#include "rpc/call.h"
#include "rpc_handlers.gen.h"

/* One walk over the categories of all stores, in the order of the answer. */
struct walk {
    const struct rpc_categories_list_params *p;
    struct query query;
    struct jsonw *w;
    int64_t skip, left; /* matching rows */
    int64_t met;
    bool more;
};

static bool contains(const char *text, const char *word) {
    AUTO_BUF struct buf a = BUF_INIT, b = BUF_INIT;
    fold_text(&a, text, strlen(text));
    fold_text(&b, word, strlen(word));
    return strstr(buf_str(&a), buf_str(&b)) != NULL;
}

static bool term_matches(const struct query_term *t, const char *store,
                         const struct category_item *c) {
    for (int i = 0; i < t->n_values; i++) {
        const char *v = t->values[i].text;
        bool by_store = t->key && t->key->id == QUERY_CATEGORIES_STORE;
        if (by_store ? str_glob(v, store) : contains(c->name, v))
            return true;
    }
    return false;
}

static bool matches(const struct walk *k, const char *store,
                    const struct category_item *c) {
    for (int i = 0; i < k->query.n_terms; i++) {
        const struct query_term *t = &k->query.terms[i];
        if (term_matches(t, store, c) == t->negated)
            return false;
    }
    return true;
}

static void write_row(struct jsonw *w, const char *store,
                      const struct category_item *c) {
    char ref[80];
    (void)str_format(ref, sizeof ref, "%s:category/%lld", store,
                     (long long)c->remote_id);
    jsonw_begin_object(w);
    jsonw_kstring(w, "ref", ref);
    jsonw_kstring(w, "store", store);
    jsonw_ki64(w, "remote_id", c->remote_id);
    jsonw_ki64(w, "parent_id", c->parent_id);
    jsonw_kstring(w, "name", c->name);
    jsonw_kstring(w, "slug", c->slug);
    jsonw_kstring(w, "path", c->path);
    jsonw_ki64(w, "products", c->products);
    jsonw_end_object(w);
}

static void write_store(struct walk *k, const char *store,
                        const struct category_item *c, size_t n) {
    for (size_t i = 0; i < n && !k->more; i++) {
        if (!matches(k, store, &c[i]) || k->met++ < k->skip)
            continue;
        if (k->left-- == 0)
            k->more = true;
        else
            write_row(k->w, store, &c[i]);
    }
}

static int walk_stores(struct rpc_call *call, struct db_tx *tx,
                       struct walk *k) {
    struct store *stores = NULL;
    size_t n = 0, met = 0;
    int rc = store_list(tx, &stores, &n);
    for (size_t i = 0; rc >= 0 && i < n && !k->more; i++) {
        struct category_item *c;
        size_t n_c = 0;
        if (k->p->has_store && !str_eq(k->p->store, stores[i].name))
            continue;
        met++;
        rc = category_list(tx, stores[i].id, call_arena(call), &c, &n_c);
        if (rc >= 0)
            write_store(k, stores[i].name, c, n_c);
    }
    store_list_free(stores, n);
    if (rc >= 0 && k->p->has_store && met == 0)
        rc = call_fail(call, ERR_NOT_FOUND, "store", "there is no store %s",
                       k->p->store);
    return rc < 0 ? rc : 0;
}

/* A place is the number of rows before it. */
static int list_work(struct rpc_call *call, struct db_tx *tx) {
    const struct rpc_categories_list_params *p = call->params;
    struct walk k = {.p = p, .left = p->limit};
    char next[24];
    if (p->has_after && str_to_i64(p->after, 1, INT32_MAX, &k.skip) < 0)
        return call_fail(call, ERR_INVALID, "after", "no such place");
    int rc =
        query_parse(p->has_filter ? p->filter : "", query_list_categories.keys,
                    query_list_categories.n, &k.query, &call->error);
    if (rc < 0)
        return rc;
    struct jsonw *w = k.w = call_list_begin(call);
    rc = walk_stores(call, tx, &k);
    (void)str_format(next, sizeof next, "%lld",
                     (long long)k.skip + (long long)p->limit);
    call_list_end(w, k.more ? next : NULL, false);
    query_done(&k.query);
    return rc;
}

int method_categories_list(struct rpc_call *call,
                           const struct rpc_categories_list_params *p) {
    (void)p;
    return call_read(call, list_work, NULL);
}
