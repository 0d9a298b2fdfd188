#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "tests/shop/cash.h"
#include "tests/shop/hook.h"
#include "tests/shop/meta.h"
#include "tests/shop/order.h"
#include "tests/shop/order_write.h"
#include "tests/shop/product.h"
#include "tests/shop/refund.h"
#include "tests/shop/rest.h"
#include "tests/shop/schema.h"
#include "tests/shop/shop.h"

/* This one error carries the bare status where others carry an object. */
static void refuse(struct exchange *x, const char *message) {
    struct node *v = node_object(x->a);
    node_puts(x->a, v, "code", "woocommerce_rest_cannot_create_order_refund");
    node_puts(x->a, v, "message", message);
    node_puti(x->a, v, "data", 500);
    reply_node(x, 500, v);
}

static int64_t refunded(const struct node *order) {
    int64_t sum = 0;
    for (const struct node *r = node_get(order, "refunds")->child; r;
         r = r->next)
        sum -= cash_of(node_text(node_get(r, "total")));
    return sum;
}

static const struct node *order_item(const struct node *order, int64_t id) {
    for (const struct node *l = node_get(order, "line_items")->child; l;
         l = l->next)
        if (node_i64(node_get(l, "id"), 0) == id)
            return l;
    return NULL;
}

static int64_t tax_asked(const struct node *given) {
    int64_t tax = 0;
    const struct node *all = node_get(given, "refund_tax");
    for (const struct node *t = all ? all->child : NULL; t; t = t->next)
        tax += cash_of(node_text(node_get(t, "refund_total")));
    return tax;
}

static int64_t lines_sum(const struct node *given) {
    int64_t sum = 0;
    for (const struct node *g = given ? given->child : NULL; g; g = g->next)
        sum += cash_of(node_text(node_get(g, "refund_total"))) + tax_asked(g);
    return sum;
}

static void restock(struct exchange *x, const struct node *line, int64_t qty) {
    int64_t variation = node_i64(node_get(line, "variation_id"), 0);
    enum kind k = variation ? K_VARIATION : K_PRODUCT;
    struct obj *p = store_find(
        x->s, k,
        variation ? variation : node_i64(node_get(line, "product_id"), 0));
    if (p && qty)
        (void)product_stock_add(x->s, x->a, k, p, qty);
}

/* Unknown lines and too many pieces are accepted, as recorded. */
static void lines_apply(struct exchange *x, struct node *order,
                        struct node *v) {
    const struct node *given = node_get(x->json, "line_items"),
                      *api = exchange_arg(x, "api_restock");
    bool back = !api || node_true(api);
    for (const struct node *g = given ? given->child : NULL; g; g = g->next) {
        const struct node *line =
            order_item(order, node_i64(node_get(g, "id"), 0));
        int64_t qty = node_i64(node_get(g, "quantity"), 0);
        if (!line)
            continue;
        node_add(node_get(v, "line_items"),
                 refund_line(x->s, x->a, line, qty,
                             cash_of(node_text(node_get(g, "refund_total"))),
                             tax_asked(g)));
        if (back && order_meta(node_get(line, "meta_data"), "_reduced_stock"))
            restock(x, line, qty);
    }
}

static void order_follow(struct exchange *x, struct obj *order,
                         struct node *ov) {
    refund_list_refresh(x->s, x->a, order, ov);
    int64_t total = cash_of(node_text(node_get(ov, "total")));
    if (total > 0 && refunded(ov) >= total)
        order_write_status(x->s, x->a, order, ov, "refunded");
    store_touch(x->s, x->a, order, ov);
    order_save(x->s, x->a, order, ov);
    hook_order_saved(x->s, order->id, false);
}

static void create(struct exchange *x, struct obj *order) {
    char text[CASH_TEXT];
    const struct node *amount = exchange_arg(x, "amount"),
                      *api = exchange_arg(x, "api_refund"),
                      *given = node_get(x->json, "line_items");
    if (!schema_check(x, SCHEMA_REFUND))
        return;
    struct node *ov = store_edit(x->a, order);
    int64_t left = cash_of(node_text(node_get(ov, "total"))) - refunded(ov);
    int64_t e4 = amount ? cash_of(node_text(amount)) : lines_sum(given);
    if (e4 < 0 || e4 > left) {
        refuse(x, "Invalid refund amount.");
        return;
    }
    if (!api || node_true(api)) {
        refuse(x, "The payment gateway for this order does not support "
                  "automatic refunds.");
        return;
    }
    struct obj *o;
    struct node *v = refund_new(x->s, x->a, order, &o);
    lines_apply(x, ov, v);
    bool none = !amount && !given; /* stored as nothing at all */
    node_puts(x->a, v, "amount", none ? "" : cash_text(text, e4, 2));
    node_puts(x->a, v, "reason", node_text(exchange_arg(x, "reason")));
    meta_apply(x->s, x->a, v, node_get(x->json, "meta_data"), false);
    refund_save(x->s, x->a, o, v);
    order_follow(x, order, ov);
    reply_object(x, 201, o->text, o->n);
    /* WooCommerce prints the pattern of the route here. */
    exchange_header(x, "Location",
                    "%s/wp-json/wc/v3/orders/(?P<order_id>[\\d]+)/refunds/"
                    "%" PRId64,
                    shop_home(x->shop), o->id);
}

void rest_order_refunds(struct exchange *x) {
    struct obj *order = store_find(x->s, K_ORDER, x->id[0]);
    if (rest_is(x, "GET"))
        rest_list(x, K_REFUND, true); /* of a gone order: 200 [] */
    else if (order)
        create(x, order);
    else
        reply_error(x, 404, "woocommerce_rest_invalid_order_id",
                    "Invalid order ID.");
}

/* Deleting moves neither the order's status nor its date. */
static void discard(struct exchange *x, struct obj *o) {
    struct obj *order = store_find(x->s, K_ORDER, o->parent);
    hook_refund_deleted(x->s, o->id);
    rest_remove(x, K_REFUND, o);
    if (!order)
        return;
    struct node *ov = store_edit(x->a, order);
    refund_list_refresh(x->s, x->a, order, ov);
    store_save(x->s, K_ORDER, order, ov);
}

void rest_order_refund(struct exchange *x) {
    struct obj *o = store_find(x->s, K_REFUND, x->id[1]);
    if (!o || o->parent != x->id[0])
        reply_error(x, 404, "woocommerce_rest_shop_order_refund_invalid_id",
                    "Invalid ID.");
    else if (rest_is(x, "GET"))
        rest_show(x, o);
    else
        discard(x, o);
}
