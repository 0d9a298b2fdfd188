#include "tests/shop/admin.h"

#include <string.h>

#include "common/digest.h"
#include "tests/shop/shop.h"

static void counters_show(struct exchange *x) {
    struct demo_shop *s = x->shop;
    struct node *v = node_object(x->a), *routes = node_object(x->a);
    for (size_t i = 0; i < SHOP_COUNTERS && s->counters[i].n; i++)
        node_puti(x->a, routes, s->counters[i].route, s->counters[i].n);
    node_puti(x->a, v, "requests", s->requests);
    node_puti(x->a, v, "in_flight_max", s->in_flight_max);
    node_put(x->a, v, "routes", routes);
    reply_node(x, 200, v);
}

/* Every object of a kind: [{"id","status","hash"}]. */
static void truth_show(struct exchange *x) {
    const char *kind = exchange_param(x, "kind");
    int k = kind ? store_kind_of(kind) : -1;
    if (k < 0) {
        reply_error(x, 400, "demo_kind", "kind=orders, products, ...");
        return;
    }
    const struct table *t = &x->s->t[k];
    x->status = 200;
    x->type = "application/json";
    buf_addc(&x->out, '[');
    for (size_t i = 0; i < t->n; i++) {
        uint8_t key[DIGEST_KEY];
        char hex[2 * DIGEST_KEY + 1];
        digest_raw(t->v[i]->text, t->v[i]->n, key);
        digest_hex(key, sizeof key, hex);
        buf_addf(&x->out,
                 "%s{\"id\":%lld,\"parent\":%lld,\"status\":\"%s\","
                 "\"hash\":\"%s\"}",
                 i ? "," : "", (long long)t->v[i]->id,
                 (long long)t->v[i]->parent, t->v[i]->status, hex);
    }
    buf_addc(&x->out, ']');
}

void admin_answer(struct exchange *x) {
    const char *what = x->url + strlen("/__demo/");
    if (strcmp(what, "counters") == 0)
        counters_show(x);
    else if (strcmp(what, "truth") == 0)
        truth_show(x);
    else
        reply_error(x, 404, "demo_unknown", "No such door.");
}
