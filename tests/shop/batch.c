#include <string.h>

#include "tests/shop/rest.h"

enum { BATCH_MAX = 100 };

/* A failed item as {id, error: {code, message, data}}. */
static struct node *failed(struct exchange *x, const struct node *answer,
                           const struct node *id, bool create) {
    struct node *v = node_object(x->a);
    if (create)
        node_puti(x->a, v, "id", 0);
    else
        node_put(x->a, v, "id", id ? node_copy(x->a, id) : node_null(x->a));
    node_put(x->a, v, "error", node_copy(x->a, answer));
    return v;
}

static struct node *item_run(struct exchange *x, struct node *item,
                             const char *method, route_handler *run,
                             int depth) {
    struct exchange *one = arena_alloc(x->a, sizeof *one);
    const struct node *id =
        item->type == N_OBJECT ? node_get(item, "id") : item;
    *one = *x;
    one->out = (struct buf)BUF_INIT;
    one->params_n = one->headers_n = 0;
    one->in_batch = true;
    one->method = method;
    one->json = item->type == N_OBJECT ? item : node_object(x->a);
    bool create = strcmp(method, "POST") == 0;
    if (!create)
        one->id[depth] = node_i64(id, 0);
    run(one);
    struct node *answer = node_parse(x->a, one->out.data, one->out.len);
    if (one->status >= 400)
        answer = failed(x, answer, id, create);
    buf_done(&one->out);
    return answer;
}

static void part(struct exchange *x, struct node *to, const char *key,
                 const char *method, route_handler *run, int depth) {
    const struct node *items = node_get(x->json, key);
    if (!items || items->type != N_ARRAY)
        return;
    struct node *results = node_array(x->a);
    for (struct node *i = items->child; i; i = i->next)
        node_add(results, item_run(x, i, method, run, depth));
    node_put(x->a, to, key, results);
}

void rest_batch(struct exchange *x, route_handler *list, route_handler *item,
                int depth) {
    size_t n = node_count(node_get(x->json, "create")) +
               node_count(node_get(x->json, "update")) +
               node_count(node_get(x->json, "delete"));
    if (n > BATCH_MAX) {
        reply_error(x, 413, "woocommerce_rest_request_entity_too_large",
                    "Unable to accept more than 100 items for this request.");
        return;
    }
    const char *allow = x->allow;
    struct node *v = node_object(x->a);
    part(x, v, "create", "POST", list, depth);
    part(x, v, "update", "PUT", item, depth);
    part(x, v, "delete", "DELETE", item, depth);
    x->allow = allow;
    reply_node(x, 200, v);
}
