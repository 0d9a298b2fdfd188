#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "tests/shop/cash.h"
#include "tests/shop/meta.h"
#include "tests/shop/order.h"
#include "tests/shop/order_write.h"
#include "tests/shop/product.h"
#include "tests/shop/rest.h"
#include "tests/shop/shape.h"
#include "tests/shop/shop.h"

static struct node *line_by_id(const struct node *list, int64_t id) {
    for (struct node *l = list->child; l; l = l->next)
        if (node_i64(node_get(l, "id"), 0) == id)
            return l;
    return NULL;
}

static bool no_such_line(struct exchange *x) {
    reply_error(x, 400, "woocommerce_rest_invalid_item_id",
                "Order item ID provided is not associated with order.");
    return false;
}

/* What the order has taken of this line goes back to the shelf. */
static void stock_back(struct exchange *x, const struct node *line) {
    const struct node *taken =
        order_meta(node_get(line, "meta_data"), "_reduced_stock");
    int64_t variation = node_i64(node_get(line, "variation_id"), 0);
    enum kind k = variation ? K_VARIATION : K_PRODUCT;
    struct obj *p = store_find(
        x->s, k,
        variation ? variation : node_i64(node_get(line, "product_id"), 0));
    if (taken && p)
        (void)product_stock_add(x->s, x->a, k, p,
                                node_i64(node_get(taken, "value"), 0));
}

/* Another quantity on an order that has its stock: take the difference. */
static void stock_adjust(struct exchange *x, struct node *line, int64_t qty) {
    struct node *meta = node_get(line, "meta_data");
    struct node *taken = order_meta(meta, "_reduced_stock");
    if (!taken)
        return;
    int64_t variation = node_i64(node_get(line, "variation_id"), 0);
    enum kind k = variation ? K_VARIATION : K_PRODUCT;
    struct obj *p = store_find(
        x->s, k,
        variation ? variation : node_i64(node_get(line, "product_id"), 0));
    int64_t had = node_i64(node_get(taken, "value"), 0);
    if (p)
        (void)product_stock_add(x->s, x->a, k, p, had - qty);
    char text[24];
    (void)snprintf(text, sizeof text, "%" PRId64, qty);
    node_puts(x->a, taken, "value", text);
    node_puts(x->a, taken, "display_value", text);
}

static void line_amounts(struct exchange *x, struct node *line,
                         const struct node *given, int64_t unit) {
    const struct node *qty = node_get(given, "quantity"),
                      *total = node_get(given, "total"),
                      *sub = node_get(given, "subtotal");
    int64_t n = node_i64(node_get(line, "quantity"), 1);
    int64_t was = cash_of(node_text(node_get(line, "total")));
    int64_t before = cash_of(node_text(node_get(line, "subtotal")));
    if (qty) {
        stock_adjust(x, line, node_i64(qty, 1));
        n = node_i64(qty, 1);
        was = before = unit * n;
        node_puti(x->a, line, "quantity", n);
    }
    if (total)
        was = cash_of(node_text(total));
    if (sub || (total && !qty && before < was))
        before = cash_of(node_text(sub ? sub : total));
    if (qty || total || sub)
        order_line_amount(x->a, line, before, was);
}

static bool line_change(struct exchange *x, struct node *list,
                        const struct node *given) {
    struct node *line = line_by_id(list, node_i64(node_get(given, "id"), 0));
    const struct node *qty = node_get(given, "quantity"),
                      *product = node_get(given, "product_id");
    if (!line)
        return no_such_line(x);
    if ((qty && node_i64(qty, 1) == 0) ||
        (product && product->type == N_NULL)) {
        stock_back(x, line);
        node_drop(list, line);
        return true;
    }
    int64_t had = node_i64(node_get(line, "quantity"), 1);
    int64_t unit = cash_of(node_text(node_get(line, "subtotal")));
    line_amounts(x, line, given, had ? unit / had : unit);
    meta_apply(x->s, x->a, line, node_get(given, "meta_data"), true);
    return true;
}

static struct obj *by_sku(struct store *s, enum kind k, const char *sku) {
    for (size_t i = 0; *sku && i < s->t[k].n; i++)
        if (strcmp(s->t[k].v[i]->sku, sku) == 0)
            return s->t[k].v[i];
    return NULL;
}

static bool line_new(struct exchange *x, struct node *list,
                     const struct node *given) {
    const struct node *id = node_get(given, "product_id"),
                      *sku = node_get(given, "sku"),
                      *vid = node_get(given, "variation_id");
    if (!id && !sku && !vid) {
        reply_error(x, 400, "woocommerce_rest_required_product_reference",
                    "Product ID or SKU is required.");
        return false;
    }
    int64_t wanted = node_i64(vid, 0) ? node_i64(vid, 0) : node_i64(id, 0);
    struct obj *w = store_find(x->s, K_VARIATION, wanted);
    struct obj *p = store_find(x->s, K_PRODUCT, node_i64(id, 0));
    if (!p && !w && sku) {
        p = by_sku(x->s, K_PRODUCT, node_text(sku));
        w = p ? NULL : by_sku(x->s, K_VARIATION, node_text(sku));
    }
    if (w)
        p = store_find(x->s, K_PRODUCT, w->parent);
    int64_t qty = node_i64(node_get(given, "quantity"), 1);
    struct node *line = order_line(x->s, x->a, p, w, qty);
    if (node_get(given, "total") || node_get(given, "subtotal")) {
        struct node *amounts = node_copy(x->a, given);
        node_drop(amounts, node_get(amounts, "quantity"));
        line_amounts(x, line, amounts, 0);
    }
    meta_apply(x->s, x->a, line, node_get(given, "meta_data"), true);
    node_add(list, line);
    return true;
}

static bool items(struct exchange *x, struct node *v) {
    const struct node *given = node_get(x->json, "line_items");
    struct node *list = node_get(v, "line_items");
    for (const struct node *g = given ? given->child : NULL; g; g = g->next) {
        bool known = node_i64(node_get(g, "id"), 0) != 0;
        if (!(known ? line_change(x, list, g) : line_new(x, list, g)))
            return false;
    }
    return true;
}

/* Shipping and fee lines: texts are copied, amounts in the shop's decimals. */
static bool charges(struct exchange *x, struct node *v, const char *kind,
                    const char *shape, const char *name) {
    static const char *const texts[] = {"method_title", "method_id", "name",
                                        "tax_class", "tax_status"};
    const struct node *given = node_get(x->json, kind);
    struct node *list = node_get(v, kind);
    for (const struct node *g = given ? given->child : NULL; g; g = g->next) {
        int64_t id = node_i64(node_get(g, "id"), 0);
        struct node *line = id ? line_by_id(list, id) : NULL;
        const struct node *named = node_get(g, name),
                          *total = node_get(g, "total");
        if (id && !line)
            return no_such_line(x);
        if (id && named && named->type == N_NULL) {
            node_drop(list, line);
            continue;
        }
        if (!line) {
            line = shape_tree(x->a, shape);
            node_puti(x->a, line, "id", x->s->next_item++);
            node_add(list, line);
        }
        for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
            if (node_get(g, texts[i]) && node_get(line, texts[i]))
                node_puts(x->a, line, texts[i],
                          node_text(node_get(g, texts[i])));
        char text[CASH_TEXT];
        if (total)
            node_puts(x->a, line, "total",
                      cash_text(text, cash_of(node_text(total)), 2));
        meta_apply(x->s, x->a, line, node_get(g, "meta_data"), true);
    }
    return true;
}

static struct obj *coupon_find(struct store *s, const char *code) {
    for (size_t i = 0; i < s->t[K_COUPON].n; i++)
        if (!strcasecmp(s->t[K_COUPON].v[i]->name, code))
            return s->t[K_COUPON].v[i];
    return NULL;
}

/* A draft of the order stays behind: recorded, and a trap for clients. */
static bool no_such_coupon(struct exchange *x, struct obj *o, struct node *v,
                           const char *code) {
    char text[160];
    struct node *data = node_object(x->a);
    (void)snprintf(text, sizeof text,
                   "Coupon &quot;%s&quot; cannot be applied because it does "
                   "not exist.",
                   code);
    if (rest_creates(x)) {
        node_puts(x->a, v, "status", "auto-draft");
        order_save(x->s, x->a, o, v);
        node_puti(x->a, data, "new_draft_order_id", o->id);
    }
    reply_error_data(x, 400, "woocommerce_rest_invalid_coupon", text, data);
    return false;
}

static void coupon_apply(struct exchange *x, struct node *v,
                         const struct obj *c) {
    char text[CASH_TEXT], info[160];
    const struct node *tree = store_edit(x->a, c);
    int64_t amount = cash_of(node_text(node_get(tree, "amount"))), off = 0;
    const char *type = node_text(node_get(tree, "discount_type"));
    struct node *lines = node_get(v, "line_items");
    for (struct node *l = lines->child; l; l = l->next) {
        int64_t full = cash_of(node_text(node_get(l, "subtotal")));
        int64_t less = full;
        if (strcmp(type, "percent") == 0)
            less -= cash_share(full, amount, 1000000);
        else if (l == lines->child)
            less -= amount < full ? amount : full;
        order_line_amount(x->a, l, full, less);
        off += full - less;
    }
    struct node *line = shape_tree(x->a, SHAPE_COUPON_LINE);
    node_puti(x->a, line, "id", x->s->next_item++);
    node_puts(x->a, line, "code", c->name);
    node_puts(x->a, line, "discount", cash_text(text, off, 2));
    node_puts(x->a, line, "discount_type", type);
    node_puti(x->a, line, "nominal_amount", amount / 10000);
    (void)snprintf(info, sizeof info, "[%" PRId64 ",\"%s\",\"%s\",%" PRId64 "]",
                   c->id, c->name, type, amount / 10000);
    (void)order_meta_add(x->s, x->a, node_get(line, "meta_data"), "coupon_info",
                         node_str(x->a, info), true);
    node_add(node_get(v, "coupon_lines"), line);
}

static bool coupons(struct exchange *x, struct obj *o, struct node *v) {
    const struct node *given = node_get(x->json, "coupon_lines");
    for (const struct node *g = given ? given->child : NULL; g; g = g->next) {
        const char *code = node_text(node_get(g, "code"));
        struct obj *c = coupon_find(x->s, code);
        if (node_i64(node_get(g, "id"), 0))
            continue;
        if (!c)
            return no_such_coupon(x, o, v, code);
        coupon_apply(x, v, c);
    }
    return true;
}

bool order_write_lines(struct exchange *x, struct obj *o, struct node *v) {
    return items(x, v) &&
           charges(x, v, "shipping_lines", SHAPE_SHIPPING, "method_id") &&
           charges(x, v, "fee_lines", SHAPE_FEE, "name") && coupons(x, o, v);
}
