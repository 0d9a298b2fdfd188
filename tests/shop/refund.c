#include "tests/shop/refund.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "tests/shop/cash.h"
#include "tests/shop/order.h"
#include "tests/shop/shape.h"

struct node *refund_new(struct store *s, struct arena *a,
                        const struct obj *order, struct obj **ret) {
    struct obj *o = *ret = store_new(s, K_REFUND);
    struct node *v = shape_tree(a, SHAPE_REFUND);
    o->parent = order->id;
    o->created = o->modified = store_now(s);
    node_puti(a, v, "id", o->id);
    store_put_date(s, a, v, "date_created", o->created);
    (void)order_meta_add(s, a, node_get(v, "meta_data"), "_refund_type",
                         node_str(a, "partial"), false);
    return v;
}

struct node *refund_line(struct store *s, struct arena *a,
                         const struct node *from, int64_t qty, int64_t total,
                         int64_t tax) {
    char text[CASH_TEXT];
    struct node *l = node_copy(a, from);
    node_puti(a, l, "id", s->next_item++);
    node_puti(a, l, "quantity", -qty);
    node_puts(a, l, "subtotal", cash_text(text, -total, 2));
    node_puts(a, l, "total", text);
    node_puts(a, l, "subtotal_tax", cash_text(text, -tax, 2));
    node_puts(a, l, "total_tax", text);
    node_put(a, l, "price", node_number(a, cash_float(text, total, qty)));
    node_put(a, l, "taxes", node_array(a));
    node_put(a, l, "meta_data", node_array(a));
    (void)order_meta_add(s, a, node_get(l, "meta_data"), "_refunded_item_id",
                         node_str(a, node_text(node_get(from, "id"))), true);
    return l;
}

void refund_save(struct store *s, struct arena *a, struct obj *o,
                 struct node *v) {
    char path[64], up[64];
    (void)snprintf(path, sizeof path, "orders/%" PRId64 "/refunds", o->parent);
    (void)snprintf(up, sizeof up, "orders/%" PRId64, o->parent);
    shape_links(s, a, v, path, "GET,DELETE", up);
    store_save(s, K_REFUND, o, v);
}

static int64_t tax_of(const struct node *refund) {
    int64_t tax = 0;
    const struct node *lines = node_get(refund, "line_items");
    for (const struct node *l = lines->child; l; l = l->next)
        tax += cash_of(node_text(node_get(l, "total_tax")));
    return tax;
}

void refund_list_refresh(struct store *s, struct arena *a,
                         const struct obj *order, struct node *order_tree) {
    struct node *list = node_array(a);
    struct obj *o = NULL;
    while ((o = store_child(s, K_REFUND, order->id, o))) {
        char text[CASH_TEXT + 1];
        const struct node *v = store_edit(a, o);
        struct node *one = node_object(a);
        node_puti(a, one, "id", o->id);
        node_puts(a, one, "reason", node_text(node_get(v, "reason")));
        (void)snprintf(text, sizeof text, "-%s",
                       node_text(node_get(v, "amount")));
        node_puts(a, one, "total", text);
        node_puts(a, one, "total_tax", cash_text(text, tax_of(v), 2));
        node_add(list, one);
    }
    node_put(a, order_tree, "refunds", list);
}

void refund_generate(struct store *s, struct arena *a, struct obj *order,
                     struct node *tree, bool all) {
    char text[CASH_TEXT];
    struct obj *o;
    struct node *v = refund_new(s, a, order, &o), *list = node_array(a),
                *brief = node_object(a);
    const struct node *first = node_get(tree, "line_items")->child;
    order_derive(s, a, tree);
    int64_t total = cash_of(node_text(node_get(tree, "total")));
    if (!all && first) {
        int64_t qty = node_i64(node_get(first, "quantity"), 1);
        total =
            cash_share(cash_of(node_text(node_get(first, "total"))), 1, qty);
        node_add(node_get(v, "line_items"),
                 refund_line(s, a, first, 1, total, 0));
    }
    node_puts(a, v, "amount", cash_text(text, total, 2));
    node_puts(a, v, "reason", all ? "İade 📦" : "damaged");
    refund_save(s, a, o, v);
    /* Written by hand: looking for all refunds of the order would walk the
     * whole table once for each order generated. */
    (void)snprintf(text, sizeof text, "-%s", node_text(node_get(v, "amount")));
    node_puti(a, brief, "id", o->id);
    node_puts(a, brief, "reason", node_text(node_get(v, "reason")));
    node_puts(a, brief, "total", text);
    node_puts(a, brief, "total_tax", "0.00");
    node_add(list, brief);
    node_put(a, tree, "refunds", list);
}
