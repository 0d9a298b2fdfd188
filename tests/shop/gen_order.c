#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/mem.h"
#include "tests/shop/cash.h"
#include "tests/shop/gen.h"
#include "tests/shop/order.h"
#include "tests/shop/refund.h"
#include "tests/shop/shape.h"

#define PICK(s, pool)                                                          \
    ((pool)[store_below((s), (int64_t)(sizeof(pool) / sizeof *(pool)))])

/* What can be bought: a simple product, or one variation of another. */
struct offer {
    struct obj *product, *variation;
};

struct offers {
    struct offer *v;
    size_t n;
};

static struct offers offers_make(const struct store *s) {
    const struct table *p = &s->t[K_PRODUCT], *w = &s->t[K_VARIATION];
    struct offers all = {mem_zalloc(p->n + w->n + 1, sizeof(struct offer)), 0};
    for (size_t i = 0; i < p->n; i++)
        if (!strstr(p->v[i]->text, "\"type\":\"variable\""))
            all.v[all.n++] = (struct offer){p->v[i], NULL};
    for (size_t i = 0; i < w->n; i++) {
        struct obj *parent = store_find(s, K_PRODUCT, w->v[i]->parent);
        if (parent)
            all.v[all.n++] = (struct offer){parent, w->v[i]};
    }
    return all;
}

static const char *status_pick(struct store *s, int64_t age_s) {
    static const char *const open[] = {"processing", "processing", "processing",
                                       "on-hold", "pending"};
    static const char *const closed[] = {"completed", "completed", "completed",
                                         "completed", "completed", "completed",
                                         "completed", "completed", "completed",
                                         "cancelled", "refunded",  "failed"};
    /* Nearly all of the last six weeks are open, few of the older ones. */
    bool fresh = age_s < 42 * 86400;
    bool is_open = fresh ? store_below(s, 10) != 0 : !store_below(s, 80);
    return is_open ? PICK(s, open) : PICK(s, closed);
}

static void people(struct store *s, struct arena *a, struct node *v) {
    char email[64];
    struct gen_person p = gen_person(s);
    const struct table *c = &s->t[K_CUSTOMER];
    (void)snprintf(email, sizeof email, "g%" PRId64 "@example.test",
                   store_below(s, 5000));
    if (c->n && store_below(s, 3)) {
        struct obj *who = c->v[store_below(s, (int64_t)c->n)];
        node_puti(a, v, "customer_id", who->id);
        (void)snprintf(email, sizeof email, "%s", who->sku);
    }
    gen_address(s, a, node_get(v, "billing"), &p, email);
    gen_address(s, a, node_get(v, "shipping"), &p, NULL);
}

static void words(struct store *s, struct arena *a, struct node *v) {
    static const char *const notes[] = {
        "Kapıya bırak — leave at door 🚪 <b>pls</b> & thx",
        "Lütfen zile basmayın", "ギフト包装をお願いします", "اتركه عند الباب"};
    static const char *const sources[] = {"organic", "utm", "typein", "admin"};
    struct node *meta = node_get(v, "meta_data");
    const char *source = PICK(s, sources);
    if (!store_below(s, 8))
        node_puts(a, v, "customer_note", PICK(s, notes));
    (void)order_meta_add(s, a, meta, "_wc_order_attribution_source_type",
                         node_str(a, source), false);
    if (strcmp(source, "admin") != 0)
        (void)order_meta_add(s, a, meta, "_wc_order_attribution_utm_source",
                             node_str(a, "google"), false);
    node_puts(a, v, "created_via",
              store_below(s, 2) ? "checkout" : "store-api");
    node_puts(a, v, "payment_method", store_below(s, 2) ? "bacs" : "cod");
    node_puts(a, v, "payment_method_title",
              strcmp(node_text(node_get(v, "payment_method")), "bacs") == 0
                  ? "Direct bank transfer"
                  : "Cash on delivery");
}

static void lines(struct store *s, struct arena *a, struct node *v,
                  const struct offers *all) {
    struct node *list = node_get(v, "line_items");
    bool taken = order_takes_stock(node_text(node_get(v, "status")));
    for (int64_t n = 1 + store_below(s, 5); n && all->n; n--) {
        struct offer of = all->v[store_below(s, (int64_t)all->n)];
        struct node *l =
            order_line(s, a, of.product, of.variation, 1 + store_below(s, 3));
        if (taken)
            (void)order_meta_add(
                s, a, node_get(l, "meta_data"), "_reduced_stock",
                node_str(a, node_text(node_get(l, "quantity"))), true);
        node_add(list, l);
    }
}

static void extras(struct store *s, struct arena *a, struct node *v) {
    char text[CASH_TEXT];
    struct node *ship = shape_tree(a, SHAPE_SHIPPING);
    node_puti(a, ship, "id", s->next_item++);
    node_puts(a, ship, "total", "49.90");
    node_add(node_get(v, "shipping_lines"), ship);
    if (store_below(s, 15) != 0)
        return;
    bool rebate = store_below(s, 2);
    struct node *fee = shape_tree(a, SHAPE_FEE);
    node_puti(a, fee, "id", s->next_item++);
    node_puts(a, fee, "name", rebate ? "Rebate" : "Gift wrap");
    node_puts(a, fee, "total", cash_text(text, rebate ? -12500 : 50000, 2));
    node_add(node_get(v, "fee_lines"), fee);
}

/* Ten per cent off every line, by the shop's one coupon. */
static void coupon(struct store *s, struct arena *a, struct node *v) {
    struct table *t = &s->t[K_COUPON];
    if (!t->n || store_below(s, 12))
        return;
    char text[CASH_TEXT], info[96];
    int64_t off = 0;
    struct node *lines_tree = node_get(v, "line_items");
    for (struct node *l = lines_tree->child; l; l = l->next) {
        int64_t full = cash_of(node_text(node_get(l, "subtotal")));
        int64_t less = cash_share(full, 90, 100);
        order_line_amount(a, l, full, less);
        off += full - less;
    }
    struct node *c = shape_tree(a, SHAPE_COUPON_LINE);
    node_puti(a, c, "id", s->next_item++);
    node_puts(a, c, "code", t->v[0]->name);
    node_puts(a, c, "discount", cash_text(text, off, 2));
    node_puti(a, c, "nominal_amount", 10);
    (void)snprintf(info, sizeof info, "[%" PRId64 ",\"%s\",\"percent\",10]",
                   t->v[0]->id, t->v[0]->name);
    (void)order_meta_add(s, a, node_get(c, "meta_data"), "coupon_info",
                         node_str(a, info), true);
    node_add(node_get(v, "coupon_lines"), c);
}

static void tax_put(struct arena *a, struct node *line, int64_t e4) {
    char text[CASH_TEXT];
    struct node *one = node_object(a), *list = node_array(a);
    cash_text(text, e4, 2);
    node_puts(a, line, "total_tax", text);
    if (node_get(line, "subtotal_tax"))
        node_puts(a, line, "subtotal_tax", text);
    node_puti(a, one, "id", 1);
    node_puts(a, one, "total", text);
    node_puts(a, one, "subtotal", text);
    node_add(list, one);
    node_put(a, line, "taxes", list);
}

/* 20 % KDV on lines and freight. */
static void taxes(struct store *s, struct arena *a, struct node *v) {
    char text[CASH_TEXT];
    int64_t goods = 0, freight = 0;
    if (store_below(s, 10))
        return;
    for (struct node *l = node_get(v, "line_items")->child; l; l = l->next) {
        int64_t e4 = cash_share(cash_of(node_text(node_get(l, "total"))), 1, 5);
        tax_put(a, l, e4);
        goods += e4;
    }
    struct node *ship = node_get(v, "shipping_lines")->child;
    freight = cash_share(cash_of(node_text(node_get(ship, "total"))), 1, 5);
    tax_put(a, ship, freight);
    struct node *t = shape_tree(a, SHAPE_TAX_LINE);
    node_puti(a, t, "id", s->next_item++);
    node_puts(a, t, "tax_total", cash_text(text, goods, 2));
    node_puts(a, t, "shipping_tax_total", cash_text(text, freight, 2));
    node_add(node_get(v, "tax_lines"), t);
}

static void later_dates(struct store *s, struct arena *a, struct obj *o,
                        struct node *v, int64_t now) {
    const char *st = node_text(node_get(v, "status"));
    int64_t done = o->created + 3600 + store_below(s, 5 * 86400);
    if (done > now)
        done = now;
    bool paid = !strcmp(st, "processing") || !strcmp(st, "completed") ||
                !strcmp(st, "refunded");
    if (paid)
        store_put_date(s, a, v, "date_paid", o->created + 30);
    if (!strcmp(st, "completed") || !strcmp(st, "refunded"))
        store_put_date(s, a, v, "date_completed", done);
    bool moved = strcmp(st, "processing") && strcmp(st, "pending");
    o->modified = moved ? done : o->created + (paid ? 30 : 0);
    if (o->modified > now) /* a new one: no shop dates ahead */
        o->modified = now;
    store_put_date(s, a, v, "date_modified", o->modified);
}

/* What happened to the order since: refunds and notes. */
static void history(struct store *s, struct arena *a, struct obj *o,
                    struct node *v) {
    char text[128];
    const char *st = node_text(node_get(v, "status"));
    if (!strcmp(st, "refunded"))
        refund_generate(s, a, o, v, true);
    else if (!strcmp(st, "completed") && !store_below(s, 30))
        refund_generate(s, a, o, v, false);
    bool open = !strcmp(st, "processing") || !strcmp(st, "on-hold");
    if (!open && store_below(s, 10))
        return;
    (void)snprintf(text, sizeof text,
                   "Order status changed from Pending payment to %s.",
                   order_status_name(st));
    (void)order_note(s, a, o->id, text, false, false);
    if (!store_below(s, 4))
        (void)order_note(s, a, o->id, "Kargo hazırlanıyor 📦", true, true);
}

static void order_one(struct store *s, struct arena *a,
                      const struct offers *all, int64_t now, bool quiet) {
    static const char *const money[] = {"TRY", "USD", "EUR", "JPY", "GBP"};
    struct obj *o;
    struct node *v = order_new(s, a, &o);
    const char *status =
        quiet ? status_pick(s, now - o->created) : "processing";
    node_puts(a, v, "status", quiet ? status : "pending");
    node_puts(a, v, "currency", s->mixed_currency ? PICK(s, money) : "TRY");
    people(s, a, v);
    words(s, a, v);
    lines(s, a, v, all);
    extras(s, a, v);
    coupon(s, a, v);
    taxes(s, a, v);
    if (!quiet) {
        node_puts(a, v, "status", status);
        order_stock_take(s, a, v);
    }
    later_dates(s, a, o, v, now);
    history(s, a, o, v);
    order_save(s, a, o, v);
}

void gen_orders(struct store *s, int n, int64_t from_s, int64_t until_s,
                bool quiet) {
    struct offers all = offers_make(s);
    struct arena *a = arena_new(0);
    for (int i = 0; i < n; i++) {
        int64_t step = (until_s - from_s) / n;
        s->clock_pin_s = from_s + step * i + (step ? store_below(s, step) : 0);
        order_one(s, a, &all, until_s, quiet);
        arena_reset(a);
    }
    s->clock_pin_s = 0;
    arena_free(a);
    free(all.v);
}

static void coupon_one(struct store *s, struct arena *a) {
    struct obj *o = store_new(s, K_COUPON);
    struct node *v = shape_tree(a, SHAPE_COUPON);
    o->created = o->modified = store_now(s);
    node_puti(a, v, "id", o->id);
    node_puts(a, v, "code", "save10");
    node_puts(a, v, "amount", "10.00");
    node_puts(a, v, "discount_type", "percent");
    store_put_date(s, a, v, "date_created", o->created);
    store_put_date(s, a, v, "date_modified", o->modified);
    shape_links(s, a, v, "coupons", SHAPE_ALLOW_ALL, NULL);
    store_save(s, K_COUPON, o, v);
}

void gen_shop(struct store *s, const struct demo_options *o) {
    struct arena *a = arena_new(0);
    int64_t now = store_now(s), year = 365 * 86400;
    gen_terms(s, a);
    s->next_own[K_CUSTOMER] = 1; /* 1 is the administrator */
    gen_customers(s, a, o->customers);
    gen_products(s, a, o->products);
    coupon_one(s, a);
    gen_orders(s, o->orders, now - 3 * year, now, true);
    arena_free(a);
}
