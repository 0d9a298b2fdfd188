#include "tests/shop/meta.h"

#include <string.h>

#include "tests/shop/order.h"

static struct node *by_id(const struct node *list, int64_t id) {
    for (struct node *m = list->child; id && m; m = m->next)
        if (node_i64(node_get(m, "id"), 0) == id)
            return m;
    return NULL;
}

static struct node *stored(struct arena *a, const struct node *v) {
    if (v && (v->type == N_ARRAY || v->type == N_OBJECT))
        return node_copy(a, v);
    if (v && v->type == N_BOOL)
        return node_str(a, node_true(v) ? "1" : "");
    return node_str(a, node_text(v));
}

/* Internal keys of an order are its properties. */
static bool property(struct arena *a, struct node *owner, const char *key,
                     const struct node *value) {
    static const char prefix[] = "_billing_";
    struct node *billing = node_get(owner, "billing");
    if (!billing || strncmp(key, prefix, sizeof prefix - 1) != 0)
        return false;
    const char *field = key + sizeof prefix - 1;
    if (!node_get(billing, field))
        return false;
    node_puts(a, billing, field, node_text(value));
    return true;
}

static void one(struct store *s, struct arena *a, struct node *owner,
                const struct node *m, bool display) {
    struct node *list = node_get(owner, "meta_data");
    const char *key = node_text(node_get(m, "key"));
    const struct node *value = node_get(m, "value");
    struct node *old = by_id(list, node_i64(node_get(m, "id"), 0));
    if (!old && *key)
        old = order_meta(list, key);
    if (property(a, owner, key, value))
        return;
    if (value && value->type == N_NULL) {
        if (old)
            node_drop(list, old);
        return;
    }
    if (!old) {
        if (*key)
            (void)order_meta_add(s, a, list, key, stored(a, value), display);
        return;
    }
    if (value)
        node_put(a, old, "value", stored(a, value));
    if (value && display)
        node_put(a, old, "display_value", stored(a, value));
}

void meta_apply(struct store *s, struct arena *a, struct node *owner,
                const struct node *given, bool display) {
    for (const struct node *m = given ? given->child : NULL; m; m = m->next)
        if (m->type == N_OBJECT)
            one(s, a, owner, m, display);
}
