#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "tests/shop/cash.h"
#include "tests/shop/gen.h"
#include "tests/shop/product.h"
#include "tests/shop/shape.h"

static const char *const makes[] = {
    "Alpine",       "Storm", "Polar",           "Nordic", "Summit",
    "Trail",        "Gölge", "Çelik",           "日本",   "Rüzgâr",
    "🏕️ Camp", "جبل",   "Tom &amp; Jerry",
};
static const char *const things[] = {
    "Lantern", "Kettle", "Harness", "Tent",  "Backpack", "Gaiter", "Boot",
    "Rope",    "Stove",  "Çadır",   "Bıçak", "Şişe",     "テント", "Glove",
};
static const char *const sizes[] = {"S", "M", "L"};

#define PICK(s, pool)                                                          \
    ((pool)[store_below((s), (int64_t)(sizeof(pool) / sizeof *(pool)))])

static void term(struct store *s, struct arena *a, enum kind k,
                 const char *name, const char *slug, int64_t parent) {
    struct obj *o = store_new(s, k);
    struct node *v = shape_tree(a, SHAPE_CATEGORY);
    node_puti(a, v, "id", o->id);
    node_puts(a, v, "name", name);
    node_puts(a, v, "slug", slug);
    node_puti(a, v, "parent", parent);
    shape_links(s, a, v, k == K_TAG ? "products/tags" : "products/categories",
                SHAPE_ALLOW_ALL, NULL);
    store_save(s, k, o, v);
}

void gen_terms(struct store *s, struct arena *a) {
    static const char *const names[][2] = {
        {"Uncategorized", "uncategorized"},
        {"Tents", "tents"},
        {"Stoves", "stoves"},
        {"Footwear", "footwear"},
        {"Apparel", "apparel"},
        {"A &amp; B", "a-b"},
        {"Çocuk", "cocuk"},
        {"登山", "%e7%99%bb%e5%b1%b1"},
    };
    s->next_own[K_CATEGORY] = s->next_own[K_TAG] = 14; /* WordPress's own */
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        term(s, a, K_CATEGORY, names[i][0], names[i][1], i == 6 ? 19 : 0);
    arena_reset(a);
}

/* Put the product into one category, and count it there. */
static void categorise(struct store *s, struct arena *a, struct node *v) {
    struct table *t = &s->t[K_CATEGORY];
    if (!t->n)
        return;
    struct obj *c = t->v[store_below(s, (int64_t)t->n)];
    struct node *term_tree = store_edit(a, c), *one = node_object(a);
    node_puti(a, one, "id", c->id);
    node_puts(a, one, "name", c->name);
    node_puts(a, one, "slug", node_text(node_get(term_tree, "slug")));
    node_add(node_get(v, "categories"), one);
    node_puti(a, term_tree, "count",
              node_i64(node_get(term_tree, "count"), 0) + 1);
    store_save(s, K_CATEGORY, c, term_tree);
}

static void price(struct store *s, struct arena *a, struct node *v) {
    char text[CASH_TEXT];
    int64_t e4 = (500 + store_below(s, 50000)) * 100;
    node_puts(a, v, "regular_price", cash_text(text, e4, 2));
    if (!store_below(s, 8))
        node_puts(a, v, "sale_price", cash_text(text, e4 * 8 / 10, 2));
}

static void stock(struct store *s, struct arena *a, struct node *v) {
    node_putb(a, v, "manage_stock", true);
    node_puti(a, v, "stock_quantity", store_below(s, 220) - 5);
    if (!store_below(s, 10))
        node_puts(a, v, "backorders", "notify");
    if (!store_below(s, 4))
        node_puti(a, v, "low_stock_amount", 5);
}

static void attribute(struct arena *a, struct node *v) {
    struct node *attr = node_object(a), *options = node_array(a);
    node_puti(a, attr, "id", 0);
    node_puts(a, attr, "name", "Size");
    node_puts(a, attr, "slug", "Size");
    node_puti(a, attr, "position", 0);
    node_putb(a, attr, "visible", true);
    node_putb(a, attr, "variation", true);
    for (size_t i = 0; i < 3; i++)
        node_add(options, node_str(a, sizes[i]));
    node_put(a, attr, "options", options);
    node_add(node_get(v, "attributes"), attr);
}

static void variations(struct store *s, struct arena *a, struct obj *parent,
                       struct node *pv, const char *sku) {
    bool own = !node_true(node_get(pv, "manage_stock"));
    for (size_t i = 0; i < 3; i++) {
        char text[48];
        struct obj *o;
        struct node *v = product_variation_new(s, a, parent, sizes[i], &o);
        (void)snprintf(text, sizeof text, "%s-%s", sku, sizes[i]);
        node_puts(a, v, "sku", text);
        price(s, a, v);
        if (own) {
            stock(s, a, v);
        } else {
            node_puts(a, v, "manage_stock", "parent");
            node_put(a, v, "stock_quantity",
                     node_copy(a, node_get(pv, "stock_quantity")));
        }
        product_save(s, a, K_VARIATION, o, v);
    }
    product_children_refresh(s, a, parent->id);
}

static void product_one(struct store *s, struct arena *a, int i) {
    char name[128], sku[32], text[32];
    struct obj *o;
    (void)snprintf(name, sizeof name, "%s %s %d", PICK(s, makes),
                   PICK(s, things), i);
    (void)snprintf(sku, sizeof sku, "AO-%05d", i);
    struct node *v = product_new(s, a, name, &o);
    node_puts(a, v, "sku", sku);
    node_puts(a, v, "description",
              "<p>Durable gear for real weather. Durable gear for real "
              "weather. Durable gear for real weather.</p>\n");
    (void)snprintf(text, sizeof text, "%" PRId64 ".%02" PRId64,
                   store_below(s, 9), store_below(s, 100));
    node_puts(a, v, "weight", text);
    node_puti(a, v, "total_sales", store_below(s, 300));
    categorise(s, a, v);
    bool variable = i % 8 == 0;
    if (variable) {
        node_puts(a, v, "type", "variable");
        attribute(a, v);
        if (i % 24 == 0)
            stock(s, a, v); /* the parent holds the stock of all sizes */
    } else {
        price(s, a, v);
        if (store_below(s, 12))
            stock(s, a, v);
    }
    product_save(s, a, K_PRODUCT, o, v);
    if (variable)
        variations(s, a, o, v, sku);
}

void gen_products(struct store *s, struct arena *a, int n) {
    int64_t now = store_now(s), year = 365 * 86400;
    for (int i = 1; i <= n; i++) {
        s->clock_pin_s = now - 3 * year - year / 2 + (int64_t)i * 60;
        product_one(s, a, i);
        arena_reset(a);
    }
    s->clock_pin_s = 0;
}
