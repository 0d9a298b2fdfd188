#include "tests/shop/order.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "tests/shop/cash.h"
#include "tests/shop/product.h"
#include "tests/shop/shape.h"

const struct order_status ORDER_STATUSES[] = {
    {"pending", "Pending payment"},
    {"processing", "Processing"},
    {"on-hold", "On hold"},
    {"completed", "Completed"},
    {"cancelled", "Cancelled"},
    {"refunded", "Refunded"},
    {"failed", "Failed"},
    {"checkout-draft", "Draft"},
    {NULL, NULL},
};

const char *order_status_name(const char *slug) {
    for (const struct order_status *st = ORDER_STATUSES; st->slug; st++)
        if (strcmp(st->slug, slug) == 0)
            return st->name;
    return slug;
}

static void key_make(struct store *s, char key[32]) {
    static const char set[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    size_t n = (size_t)snprintf(key, 32, "wc_order_");
    for (int i = 0; i < 13; i++)
        key[n++] = set[store_below(s, (int64_t)sizeof set - 1)];
    key[n] = 0;
}

struct node *order_new(struct store *s, struct arena *a, struct obj **ret) {
    char text[512], key[32];
    struct obj *o = *ret = store_new(s, K_ORDER);
    struct node *v = shape_tree(a, SHAPE_ORDER);
    (void)snprintf(text, sizeof text, "%" PRId64, o->id);
    node_puti(a, v, "id", o->id);
    node_puts(a, v, "number", text);
    key_make(s, key);
    node_puts(a, v, "order_key", key);
    (void)snprintf(text, sizeof text,
                   "%s/checkout/order-pay/%" PRId64 "/?pay_for_order=true"
                   "&key=%s",
                   s->home, o->id, key);
    node_puts(a, v, "payment_url", text);
    o->created = o->modified = store_now(s);
    store_put_date(s, a, v, "date_created", o->created);
    store_put_date(s, a, v, "date_modified", o->modified);
    return v;
}

struct node *order_meta_add(struct store *s, struct arena *a, struct node *list,
                            const char *key, struct node *value, bool display) {
    struct node *m = node_object(a);
    node_puti(a, m, "id", display ? s->next_line_meta++ : s->next_meta++);
    node_puts(a, m, "key", key);
    node_put(a, m, "value", value);
    if (display) {
        char name[64];
        (void)snprintf(name, sizeof name, "%s", key);
        if (strcmp(key, "size") == 0)
            name[0] = 'S'; /* an attribute shows its label */
        node_puts(a, m, "display_key", name);
        node_put(a, m, "display_value", node_copy(a, value));
    }
    node_add(list, m);
    return m;
}

struct node *order_meta(const struct node *list, const char *key) {
    for (struct node *m = list ? list->child : NULL; m; m = m->next)
        if (strcmp(node_text(node_get(m, "key")), key) == 0)
            return m;
    return NULL;
}

void order_line_amount(struct arena *a, struct node *line, int64_t subtotal,
                       int64_t total) {
    char text[CASH_TEXT];
    int64_t qty = node_i64(node_get(line, "quantity"), 1);
    node_puts(a, line, "subtotal", cash_text(text, subtotal, 2));
    node_puts(a, line, "total", cash_text(text, total, 2));
    node_put(a, line, "price", node_number(a, cash_float(text, total, qty)));
}

/* A line of a product gone or never known keeps null where a SKU would be. */
static struct node *line_empty(struct arena *a, struct node *line) {
    node_puts(a, line, "sku", NULL);
    node_puts(a, line, "global_unique_id", NULL);
    node_puti(a, node_get(line, "image"), "id", 0);
    return line;
}

struct node *order_line(struct store *s, struct arena *a,
                        const struct obj *product, const struct obj *variation,
                        int64_t qty) {
    struct node *line = shape_tree(a, SHAPE_LINE);
    node_puti(a, line, "id", s->next_item++);
    node_puti(a, line, "quantity", qty);
    if (!product)
        return line_empty(a, line);
    const struct obj *priced = variation ? variation : product;
    node_puts(a, line, "name", product->name);
    node_puti(a, line, "product_id", product->id);
    node_puts(a, line, "sku", priced->sku);
    if (variation) {
        char name[512];
        (void)snprintf(name, sizeof name, "%s - %s", product->name,
                       variation->name);
        node_puts(a, line, "name", name);
        node_puti(a, line, "variation_id", variation->id);
        node_puti(a, node_get(line, "image"), "id", 0);
        node_puts(a, line, "parent_name", product->name);
        (void)order_meta_add(s, a, node_get(line, "meta_data"), "size",
                             node_str(a, variation->name), true);
    }
    order_line_amount(a, line, priced->stash * qty, priced->stash * qty);
    return line;
}

bool order_takes_stock(const char *status) {
    return !strcmp(status, "processing") || !strcmp(status, "completed") ||
           !strcmp(status, "on-hold");
}

static struct obj *line_stock(struct store *s, const struct node *line,
                              enum kind *ret) {
    int64_t variation = node_i64(node_get(line, "variation_id"), 0);
    int64_t product = node_i64(node_get(line, "product_id"), 0);
    *ret = variation ? K_VARIATION : K_PRODUCT;
    return store_find(s, *ret, variation ? variation : product);
}

void order_stock_take(struct store *s, struct arena *a, struct node *v) {
    struct node *lines = node_get(v, "line_items");
    for (struct node *l = lines->child; l; l = l->next) {
        struct node *meta = node_get(l, "meta_data");
        enum kind k;
        struct obj *p = line_stock(s, l, &k);
        int64_t qty = node_i64(node_get(l, "quantity"), 0);
        if (!p || order_meta(meta, "_reduced_stock") ||
            !product_stock_add(s, a, k, p, -qty))
            continue;
        (void)order_meta_add(s, a, meta, "_reduced_stock",
                             node_str(a, node_text(node_get(l, "quantity"))),
                             true);
    }
}

void order_stock_give(struct store *s, struct arena *a, struct node *v) {
    struct node *lines = node_get(v, "line_items");
    for (struct node *l = lines->child; l; l = l->next) {
        struct node *meta = node_get(l, "meta_data");
        struct node *taken = order_meta(meta, "_reduced_stock");
        enum kind k;
        struct obj *p = line_stock(s, l, &k);
        if (!taken)
            continue;
        if (p)
            (void)product_stock_add(s, a, k, p,
                                    node_i64(node_get(taken, "value"), 0));
        node_drop(meta, taken);
    }
}
