#include <string.h>

#include "common/text.h"
#include "model/store.h"
#include "query_keys.gen.h"
#include "rpc/call.h"
#include "rpc_handlers.gen.h"

static const struct query_list *list_of(enum rpc_query_list list) {
    static const struct query_list *const lists[] = {
        [RPC_QUERY_LIST_ORDERS] = &query_list_orders,
        [RPC_QUERY_LIST_PRODUCTS] = &query_list_products,
        [RPC_QUERY_LIST_CUSTOMERS] = &query_list_customers,
        [RPC_QUERY_LIST_CATEGORIES] = &query_list_categories,
        [RPC_QUERY_LIST_STORES] = &query_list_stores,
        [RPC_QUERY_LIST_ATTENTION] = &query_list_attention,
        [RPC_QUERY_LIST_CHANGES] = &query_list_changes,
        [RPC_QUERY_LIST_AUDIT] = &query_list_audit,
        [RPC_QUERY_LIST_INVENTORY] = &query_list_inventory,
    };
    return lists[list];
}

static const char *type_name(enum query_type t) {
    static const char *const names[] = {
        [QUERY_WORD] = "word", [QUERY_CHOICE] = "choice",
        [QUERY_INT] = "int",   [QUERY_MONEY] = "money",
        [QUERY_QTY] = "qty",   [QUERY_DATE] = "date",
        [QUERY_AGE] = "age",
    };
    return names[t];
}

/* What the keys may hold today; read once an answer. */
struct values {
    struct store *stores;
    size_t n_stores;
    const char **statuses; /* without repeats, in the arena */
    size_t n_statuses;
};

static bool is_listed(const struct values *v, const char *slug) {
    for (size_t i = 0; i < v->n_statuses; i++) {
        if (strcmp(v->statuses[i], slug) == 0)
            return true;
    }
    return false;
}

enum { STATUSES_MAX = 256 };

static int read_values(struct db_tx *tx, struct arena *a, struct values *v) {
    int rc = store_list(tx, &v->stores, &v->n_stores);
    v->statuses = arena_alloc(a, STATUSES_MAX * sizeof *v->statuses);
    for (size_t i = 0; rc >= 0 && i < v->n_stores; i++) {
        struct store_status *s;
        size_t n = 0;
        rc = store_statuses(tx, v->stores[i].id, a, &s, &n);
        for (size_t k = 0; rc >= 0 && k < n && v->n_statuses < STATUSES_MAX;
             k++) {
            if (!is_listed(v, s[k].slug))
                v->statuses[v->n_statuses++] = s[k].slug;
        }
    }
    return rc;
}

static void write_choice(struct jsonw *w, const char *choices) {
    while (choices && *choices) {
        size_t n = strcspn(choices, "|");
        jsonw_stringn(w, choices, n);
        choices += n + (choices[n] == '|');
    }
}

static void write_key(struct jsonw *w, const struct query_list *list, size_t i,
                      const struct values *v, enum text_lang lang) {
    enum query_dynamic dynamic = list->dynamic[i];
    jsonw_begin_object(w);
    jsonw_kstring(w, "name", list->keys[i].name);
    jsonw_kstring(w, "type", type_name(list->keys[i].type));
    jsonw_key(w, "choices");
    jsonw_begin_array(w);
    write_choice(w, list->keys[i].choices);
    for (size_t k = 0; dynamic == QUERY_DYNAMIC_STORES && k < v->n_stores; k++)
        jsonw_string(w, v->stores[k].name);
    for (size_t k = 0; dynamic == QUERY_DYNAMIC_STATUSES && k < v->n_statuses;
         k++)
        jsonw_string(w, v->statuses[k]);
    jsonw_end_array(w);
    jsonw_kstring(w, "help", text_get(lang, list->text[i]));
    jsonw_end_object(w);
}

static int keys_work(struct rpc_call *call, struct db_tx *tx) {
    const struct rpc_query_keys_params *p = call->params;
    const struct query_list *list = list_of(p->list);
    struct values v = {0};
    int rc = read_values(tx, call_arena(call), &v);
    if (rc >= 0) {
        struct jsonw *w = call_result(call);
        jsonw_begin_object(w);
        jsonw_key(w, "keys");
        jsonw_begin_array(w);
        for (size_t i = 0; i < list->n; i++)
            write_key(w, list, i, &v, call->lang);
        jsonw_end_array(w);
        jsonw_end_object(w);
    }
    store_list_free(v.stores, v.n_stores);
    return rc;
}

int method_query_keys(struct rpc_call *call,
                      const struct rpc_query_keys_params *p) {
    (void)p;
    return call_read(call, keys_work, NULL);
}
