#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "tests/shop/cash.h"
#include "tests/shop/hook.h"
#include "tests/shop/order.h"
#include "tests/shop/shape.h"

/* Sum of a money field over the objects of a list. */
static int64_t sum(const struct node *list, const char *key) {
    int64_t total = 0;
    for (const struct node *c = list ? list->child : NULL; c; c = c->next)
        total += cash_of(node_text(node_get(c, key)));
    return total;
}

static void put_cash(struct arena *a, struct node *v, const char *key,
                     int64_t e4) {
    char text[CASH_TEXT];
    node_puts(a, v, key, cash_text(text, e4, 2));
}

static int64_t totals(struct arena *a, struct node *v) {
    const struct node *lines = node_get(v, "line_items"),
                      *fees = node_get(v, "fee_lines"),
                      *ship = node_get(v, "shipping_lines");
    int64_t goods = sum(lines, "total"), freight = sum(ship, "total");
    int64_t ship_tax = sum(ship, "total_tax");
    int64_t cart_tax = sum(lines, "total_tax") + sum(fees, "total_tax");
    int64_t total = goods + freight + sum(fees, "total") + ship_tax + cart_tax;
    if (total < 0)
        total = 0; /* WooCommerce never lets a rebate pay the customer */
    put_cash(a, v, "discount_total", sum(lines, "subtotal") - goods);
    put_cash(a, v, "shipping_total", freight);
    put_cash(a, v, "shipping_tax", ship_tax);
    put_cash(a, v, "cart_tax", cart_tax);
    put_cash(a, v, "total", total);
    put_cash(a, v, "total_tax", cart_tax + ship_tax);
    return total;
}

static const char *symbol_of(const char *currency) {
    static const char *const table[][2] = {
        {"USD", "$"}, {"TRY", "₺"},  {"EUR", "€"},   {"GBP", "£"},
        {"JPY", "¥"}, {"PLN", "zł"}, {"AED", "د.إ"}, {"CHF", "CHF"},
    };
    for (size_t i = 0; i < sizeof table / sizeof *table; i++)
        if (strcmp(table[i][0], currency) == 0)
            return table[i][1];
    return currency;
}

static bool is_one_of(const char *s, const char *x, const char *y) {
    return strcmp(s, x) == 0 || strcmp(s, y) == 0;
}

static void links(struct store *s, struct arena *a, struct node *v) {
    char url[512];
    int64_t customer = node_i64(node_get(v, "customer_id"), 0);
    shape_links(s, a, v, "orders", SHAPE_ALLOW_ALL, NULL);
    struct node *all = node_get(v, "_links"), *list = node_array(a),
                *one = node_object(a);
    (void)snprintf(url, sizeof url,
                   "%s/wp-json/wc/v3/orders/%s/actions/email_templates",
                   s->home, node_text(node_get(v, "number")));
    node_putb(a, one, "embeddable", true);
    node_puts(a, one, "href", url);
    node_add(list, one);
    node_put(a, all, "email_templates", list);
    if (customer) {
        (void)snprintf(url, sizeof url, "%s/wp-json/wc/v3/customers/%" PRId64,
                       s->home, customer);
        list = node_array(a);
        one = node_object(a);
        node_puts(a, one, "href", url);
        node_add(list, one);
        node_put(a, all, "customer", list);
    }
}

void order_derive(struct store *s, struct arena *a, struct node *v) {
    const char *status = node_text(node_get(v, "status"));
    int64_t total = totals(a, v);
    bool physical = false;
    const struct node *lines = node_get(v, "line_items");
    for (const struct node *l = lines->child; l; l = l->next)
        physical |= node_i64(node_get(l, "product_id"), 0) != 0;
    node_putb(a, v, "is_editable", is_one_of(status, "pending", "on-hold"));
    node_putb(a, v, "needs_payment",
              is_one_of(status, "pending", "failed") && total > 0);
    node_putb(a, v, "needs_processing", physical);
    node_puts(a, v, "currency_symbol",
              symbol_of(node_text(node_get(v, "currency"))));
    links(s, a, v);
}

void order_save(struct store *s, struct arena *a, struct obj *o,
                struct node *v) {
    order_derive(s, a, v);
    store_save(s, K_ORDER, o, v);
}

/* What kses leaves of a note: a bare ampersand becomes an entity. */
static void note_filter(struct buf *out, const char *text) {
    for (; *text; text++) {
        buf_addc(out, *text);
        if (*text == '&' && strncmp(text, "&amp;", 5) != 0)
            buf_adds(out, "amp;");
    }
}

struct obj *order_note(struct store *s, struct arena *a, int64_t order_id,
                       const char *text, bool to_customer, bool user) {
    char path[64], up[64];
    AUTO_BUF struct buf note = BUF_INIT;
    struct obj *o = store_new(s, K_NOTE);
    struct node *v = shape_tree(a, SHAPE_NOTE);
    o->parent = order_id;
    o->created = o->modified = store_now(s);
    note_filter(&note, text);
    node_puti(a, v, "id", o->id);
    node_puts(a, v, "author", user ? "admin" : "WooCommerce");
    store_put_date(s, a, v, "date_created", o->created);
    node_puts(a, v, "note", buf_str(&note));
    node_putb(a, v, "customer_note", to_customer);
    (void)snprintf(path, sizeof path, "orders/%" PRId64 "/notes", order_id);
    (void)snprintf(up, sizeof up, "orders/%" PRId64, order_id);
    shape_links(s, a, v, path, "GET,DELETE", up);
    store_save(s, K_NOTE, o, v);
    hook_fire(s, "action.woocommerce_order_note_added", o->id);
    return o;
}
