/* A write that is answered as if done and then forgotten: the object is put
 * back as it was, a new one is taken away again. Stock that moved with it
 * stays moved. */
#include <stdlib.h>
#include <string.h>

#include "common/mem.h"
#include "tests/shop/shop.h"

static const struct {
    const char *prefix;
    enum kind kind;
} kinds[] = {
    {"/wc/v3/orders/", K_ORDER},
    {"/wc/v3/orders", K_ORDER},
    {"/wc/v3/products/categories", K_CATEGORY},
    {"/wc/v3/products", K_PRODUCT},
    {"/wc/v3/customers", K_CUSTOMER},
    {"/wc/v3/coupons", K_COUPON},
    {"/wc/v3/webhooks", K_WEBHOOK},
};

static enum kind kind_of(const char *route) {
    if (strstr(route, "/variations"))
        return K_VARIATION;
    if (strstr(route, "/notes"))
        return K_NOTE;
    if (strstr(route, "/refunds"))
        return K_REFUND;
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (strncmp(route, kinds[i].prefix, strlen(kinds[i].prefix)) == 0)
            return kinds[i].kind;
    return K_ORDER;
}

static int64_t last_number(const char *route) {
    const char *slash = strrchr(route, '/');
    return slash ? strtoll(slash + 1, NULL, 10) : 0;
}

void fault_echo_before(struct exchange *x, struct fault_echo *e) {
    *e = (struct fault_echo){.kind = kind_of(x->route ? x->route : ""),
                             .id = last_number(x->route ? x->route : "")};
    const struct obj *o = store_find(x->s, e->kind, e->id);
    e->known = o != NULL;
    if (!o)
        return;
    e->before = *o;
    e->before.text = mem_dupn(o->text, o->n);
    e->before.name = mem_dup(o->name);
    e->before.sku = mem_dup(o->sku);
}

void fault_echo_after(struct exchange *x, struct fault_echo *e) {
    const struct node *v = node_parse(x->a, x->out.data, x->out.len);
    int64_t id = e->known ? e->id : node_i64(node_get(v, "id"), 0);
    struct obj *o = x->status < 400 ? store_find(x->s, e->kind, id) : NULL;
    if (o && !e->known) {
        store_drop(x->s, e->kind, o);
    } else if (o) {
        struct obj now = *o;
        *o = e->before;
        e->before = now;
        x->s->t[e->kind].generation++;
    }
}

void fault_echo_done(struct fault_echo *e) {
    free(e->before.text);
    free(e->before.name);
    free(e->before.sku);
}
