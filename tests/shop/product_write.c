#include "tests/shop/product_write.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/shop/hook.h"
#include "tests/shop/meta.h"
#include "tests/shop/order.h"
#include "tests/shop/product.h"

/* wc_clean_decimal: all but digits, point and minus goes: "12,50" -> "1250",
 * "abc" -> "". */
static const char *price_clean(struct arena *a, const char *s) {
    char *dst = arena_alloc(a, strlen(s) + 1), *to = dst;
    for (; *s; s++)
        if (isdigit((unsigned char)*s) || *s == '.' || *s == '-')
            *to++ = *s;
    *to = 0;
    return dst;
}

static void prices(struct exchange *x, struct node *v) {
    static const char *const keys[] = {"regular_price", "sale_price"};
    if (!strcmp(node_text(node_get(v, "type")), "variable"))
        return; /* a variable parent has no price of its own */
    for (size_t i = 0; i < 2; i++) {
        const struct node *c = exchange_arg(x, keys[i]);
        if (c)
            node_puts(x->a, v, keys[i], price_clean(x->a, node_text(c)));
    }
}

static void stock(struct exchange *x, enum kind k, struct node *v) {
    const struct node *manage = exchange_arg(x, "manage_stock"),
                      *qty = exchange_arg(x, "stock_quantity"),
                      *delta = exchange_arg(x, "inventory_delta");
    const struct node *late = exchange_arg(x, "backorders");
    if (late)
        node_puts(x->a, v, "backorders", node_text(late));
    if (manage) {
        node_putb(x->a, v, "manage_stock", node_true(manage));
        if (!node_true(manage) && k == K_VARIATION) {
            node_puts(x->a, v, "backorders", "no");
            node_putb(x->a, v, "backorders_allowed", false);
            node_puts(x->a, v, "stock_status", "instock");
        }
    }
    if (!node_true(node_get(v, "manage_stock"))) {
        const struct node *status = exchange_arg(x, "stock_status");
        if (status)
            node_puts(x->a, v, "stock_status", node_text(status));
        return; /* quantities are ignored without a word */
    }
    int64_t now = node_i64(node_get(v, "stock_quantity"), 0);
    if (qty)
        node_puti(x->a, v, "stock_quantity",
                  (int64_t)strtod(node_text(qty), NULL));
    else if (delta)
        node_puti(x->a, v, "stock_quantity", now + node_i64(delta, 0));
}

static struct obj *sku_owner(struct store *s, const char *sku, int64_t self) {
    for (int k = K_PRODUCT; k <= K_VARIATION; k++)
        for (size_t i = 0; i < s->t[k].n; i++)
            if (s->t[k].v[i]->id != self && strcmp(s->t[k].v[i]->sku, sku) == 0)
                return s->t[k].v[i];
    return NULL;
}

static bool sku(struct exchange *x, const struct obj *o, struct node *v) {
    const struct node *c = exchange_arg(x, "sku");
    if (!c)
        return true;
    struct obj *owner =
        *node_text(c) ? sku_owner(x->s, node_text(c), o->id) : NULL;
    node_puts(x->a, v, "sku", node_text(c));
    if (!owner)
        return true;
    AUTO_BUF struct buf text = BUF_INIT;
    if (strcmp(owner->status, "trash") == 0) {
        buf_addf(&text,
                 "The product with SKU (%s) you are trying to insert is "
                 "already present in the lookup table",
                 node_text(c));
        reply_error(x, 400, "woocommerce_rest_product_not_created",
                    buf_str(&text));
        return false;
    }
    struct node *data = node_object(x->a);
    buf_addf(&text, "%s-1", node_text(c));
    node_puti(x->a, data, "resource_id", owner->id);
    node_puts(x->a, data, "unique_sku", buf_str(&text));
    reply_error_data(x, 400, "product_invalid_sku",
                     "Invalid or duplicated SKU.", data);
    return false;
}

/* Digits and hyphens are kept. Unlike an SKU, one of the trash is free. */
static const char *gtin_clean(struct arena *a, const char *s) {
    char *dst = arena_alloc(a, strlen(s) + 1), *to = dst;
    for (; *s; s++)
        if (isdigit((unsigned char)*s) || *s == '-')
            *to++ = *s;
    *to = 0;
    return dst;
}

static struct obj *gtin_owner(struct exchange *x, const char *code,
                              int64_t self) {
    for (int k = K_PRODUCT; k <= K_VARIATION; k++)
        for (size_t i = 0; i < x->s->t[k].n; i++) {
            struct obj *o = x->s->t[k].v[i];
            if (o->id == self || strcmp(o->status, "trash") == 0 ||
                !strstr(o->text, code))
                continue;
            const struct node *v = store_edit(x->a, o);
            if (!strcmp(node_text(node_get(v, "global_unique_id")), code))
                return o;
        }
    return NULL;
}

static bool gtin(struct exchange *x, const struct obj *o, struct node *v) {
    const struct node *c = exchange_arg(x, "global_unique_id");
    if (!c)
        return true;
    const char *code = gtin_clean(x->a, node_text(c));
    struct obj *owner = *code ? gtin_owner(x, code, o->id) : NULL;
    node_puts(x->a, v, "global_unique_id", code);
    if (!owner)
        return true;
    struct node *data = node_object(x->a);
    node_puti(x->a, data, "resource_id", owner->id);
    reply_error_data(x, 400, "product_invalid_global_unique_id",
                     "Invalid or duplicated GTIN, UPC, EAN or ISBN.", data);
    return false;
}

static void texts(struct exchange *x, enum kind k, struct node *v) {
    static const char *const keys[] = {"name",
                                       "status",
                                       "type",
                                       "description",
                                       "short_description",
                                       "weight",
                                       "slug",
                                       "tax_class",
                                       "catalog_visibility",
                                       "tax_status"};
    for (size_t i = k == K_VARIATION; i < sizeof keys / sizeof *keys; i++) {
        const struct node *c = exchange_arg(x, keys[i]);
        if (c && node_get(v, keys[i]) &&
            !(k == K_VARIATION && strcmp(keys[i], "type") == 0))
            node_puts(x->a, v, keys[i], node_text(c));
    }
    const struct node *low = exchange_arg(x, "low_stock_amount");
    if (low)
        node_put(x->a, v, "low_stock_amount", node_copy(x->a, low));
}

static void categories(struct exchange *x, struct node *v) {
    const struct node *given = node_get(x->json, "categories");
    if (!given || !node_get(v, "categories"))
        return;
    struct node *list = node_array(x->a);
    for (const struct node *g = given->child; g; g = g->next) {
        struct obj *c =
            store_find(x->s, K_CATEGORY, node_i64(node_get(g, "id"), 0));
        struct node *one = node_object(x->a);
        if (!c)
            continue;
        node_puti(x->a, one, "id", c->id);
        node_puts(x->a, one, "name", c->name);
        node_puts(x->a, one, "slug",
                  node_text(node_get(store_edit(x->a, c), "slug")));
        node_add(list, one);
    }
    node_put(x->a, v, "categories", list);
}

static void attributes(struct exchange *x, struct node *v) {
    const struct node *given = node_get(x->json, "attributes");
    if (given && given->type == N_ARRAY)
        node_put(x->a, v, "attributes", node_copy(x->a, given));
}

bool product_write_apply(struct exchange *x, enum kind k, const struct obj *o,
                         struct node *v) {
    if (!sku(x, o, v) || !gtin(x, o, v))
        return false;
    texts(x, k, v);
    prices(x, v);
    stock(x, k, v);
    categories(x, v);
    attributes(x, v);
    meta_apply(x->s, x->a, v, node_get(x->json, "meta_data"), false);
    return true;
}

void product_write_trash(struct store *s, struct arena *a, enum kind k,
                         struct obj *o, struct node *v) {
    char text[64];
    struct node *meta = node_get(v, "meta_data");
    (void)order_meta_add(s, a, meta, "_wp_trash_meta_status",
                         node_str(a, node_text(node_get(v, "status"))), false);
    (void)snprintf(text, sizeof text, "%" PRId64, store_now(s));
    (void)order_meta_add(s, a, meta, "_wp_trash_meta_time", node_str(a, text),
                         false);
    if (node_get(v, "slug")) {
        AUTO_BUF struct buf slug = BUF_INIT;
        buf_addf(&slug, "%s__trashed", node_text(node_get(v, "slug")));
        (void)order_meta_add(s, a, meta, "_wp_desired_post_slug",
                             node_str(a, node_text(node_get(v, "slug"))),
                             false);
        node_puts(a, v, "slug", buf_str(&slug));
    }
    node_puts(a, v, "status", "trash");
    store_touch(s, a, o, v);
    product_save(s, a, k, o, v);
}

/* A mark of the trash: its value, and it is gone from the list. "" if none. */
static const char *mark_take(struct arena *a, struct node *v, const char *key) {
    struct node *list = node_get(v, "meta_data"), *m = order_meta(list, key);
    const char *text = node_text(node_get(m, "value"));
    text = arena_dupn(a, text, strlen(text));
    if (m)
        node_drop(list, m);
    return text;
}

void product_write_untrash(struct store *s, struct arena *a, enum kind k,
                           struct obj *o, struct node *v) {
    if (strcmp(o->status, "trash") != 0)
        return;
    const char *status = mark_take(a, v, "_wp_trash_meta_status");
    const char *slug = mark_take(a, v, "_wp_desired_post_slug");
    (void)mark_take(a, v, "_wp_trash_meta_time");
    node_puts(a, v, "status", *status ? status : "draft");
    if (*slug)
        node_puts(a, v, "slug", slug);
    store_touch(s, a, o, v);
    product_save(s, a, k, o, v);
    hook_event(s, k, "restored", o->id);
}
