#include "tests/shop/product.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "tests/shop/cash.h"
#include "tests/shop/hook.h"
#include "tests/shop/shape.h"

void product_slug(struct buf *out, const char *name) {
    for (; *name; name++) {
        unsigned char c = (unsigned char)*name;
        if (c >= 0x80)
            buf_addf(out, "%%%02x", c);
        else if (isalnum(c))
            buf_addc(out, (char)tolower(c));
        else if (out->len && out->data[out->len - 1] != '-')
            buf_addc(out, '-');
    }
}

static void born(struct store *s, struct arena *a, struct obj *o,
                 struct node *v) {
    o->created = o->modified = store_now(s);
    node_puti(a, v, "id", o->id);
    store_put_date(s, a, v, "date_created", o->created);
    store_put_date(s, a, v, "date_modified", o->modified);
}

struct node *product_new(struct store *s, struct arena *a, const char *name,
                         struct obj **ret) {
    AUTO_BUF struct buf slug = BUF_INIT;
    AUTO_BUF struct buf url = BUF_INIT;
    struct obj *o = *ret = store_new(s, K_PRODUCT);
    struct node *v = shape_tree(a, SHAPE_PRODUCT);
    born(s, a, o, v);
    product_slug(&slug, name);
    buf_addf(&url, "%s/product/%s/", s->home, buf_str(&slug));
    node_puts(a, v, "name", name);
    node_puts(a, v, "slug", buf_str(&slug));
    node_puts(a, v, "permalink", buf_str(&url));
    return v;
}

struct node *product_variation_new(struct store *s, struct arena *a,
                                   const struct obj *parent, const char *size,
                                   struct obj **ret) {
    AUTO_BUF struct buf url = BUF_INIT;
    struct obj *o = *ret = store_new(s, K_VARIATION);
    struct node *v = shape_tree(a, SHAPE_VARIATION), *attr = node_object(a);
    born(s, a, o, v);
    o->parent = parent->id;
    buf_addf(&url, "%s/product/", s->home);
    product_slug(&url, parent->name);
    buf_addf(&url, "/?attribute_size=%s", size);
    node_puts(a, v, "permalink", buf_str(&url));
    node_puts(a, v, "name", size);
    node_puti(a, v, "parent_id", parent->id);
    node_puti(a, attr, "id", 0);
    node_puts(a, attr, "name", "Size");
    node_puts(a, attr, "slug", "size");
    node_puts(a, attr, "option", size);
    if (*size)
        node_add(node_get(v, "attributes"), attr);
    return v;
}

/* Price in force: the sale price when there is one below the regular price. */
static void price_derive(struct arena *a, struct node *v) {
    const char *regular = node_text(node_get(v, "regular_price"));
    const char *sale = node_text(node_get(v, "sale_price"));
    if (*sale && cash_of(sale) >= cash_of(regular)) {
        node_puts(a, v, "sale_price", "");
        sale = "";
    }
    node_putb(a, v, "on_sale", *sale != 0);
    node_puts(a, v, "price", *sale ? sale : regular);
}

static void stock_derive(struct arena *a, struct node *v) {
    const struct node *manage = node_get(v, "manage_stock");
    if (!node_true(manage)) {
        if (strcmp(node_text(manage), "parent") != 0)
            node_puts(a, v, "stock_quantity", NULL);
        return;
    }
    if (node_get(v, "stock_quantity")->type == N_NULL)
        node_puti(a, v, "stock_quantity", 0);
    int64_t stock = node_i64(node_get(v, "stock_quantity"), 0);
    bool late = strcmp(node_text(node_get(v, "backorders")), "no") != 0;
    node_putb(a, v, "backorders_allowed", late);
    node_putb(a, v, "backordered", late && stock < 0);
    node_puts(a, v, "stock_status",
              stock > 0 ? "instock" : (late ? "onbackorder" : "outofstock"));
}

static void price_html(struct arena *a, struct node *v) {
    AUTO_BUF struct buf html = BUF_INIT;
    const char *price = node_text(node_get(v, "price"));
    if (*price)
        buf_addf(&html,
                 "<span class=\"woocommerce-Price-amount amount\"><bdi><span "
                 "class=\"woocommerce-Price-currencySymbol\" "
                 "translate=\"no\">&#36;</span>%s</bdi></span>",
                 price);
    node_puts(a, v, "price_html", buf_str(&html));
}

void product_save(struct store *s, struct arena *a, enum kind k, struct obj *o,
                  struct node *v) {
    char path[64], up[64];
    bool variable = strcmp(node_text(node_get(v, "type")), "variable") == 0;
    if (!variable)
        price_derive(a, v);
    stock_derive(a, v);
    if (k == K_VARIATION) {
        (void)snprintf(path, sizeof path, "products/%" PRId64 "/variations",
                       o->parent);
        (void)snprintf(up, sizeof up, "products/%" PRId64, o->parent);
        shape_links(s, a, v, path, SHAPE_ALLOW_ALL, up);
    } else {
        node_putb(a, v, "has_options", variable);
        price_html(a, v);
        shape_links(s, a, v, "products", SHAPE_ALLOW_ALL, NULL);
    }
    o->stash = cash_of(node_text(node_get(v, "price")));
    store_save(s, k, o, v);
}

void product_followers_show(struct store *s, struct arena *a,
                            const struct obj *parent) {
    struct obj *c = NULL;
    const struct node *pv = store_edit(a, parent);
    int64_t stock = node_i64(node_get(pv, "stock_quantity"), 0);
    while ((c = store_child(s, K_VARIATION, parent->id, c))) {
        struct node *v = store_edit(a, c);
        if (strcmp(node_text(node_get(v, "manage_stock")), "parent") != 0)
            continue;
        node_puti(a, v, "stock_quantity", stock);
        node_puts(a, v, "stock_status", stock > 0 ? "instock" : "outofstock");
        product_save(s, a, K_VARIATION, c, v);
    }
}

void product_parent_touch(struct store *s, struct arena *a, int64_t parent_id) {
    struct obj *p = store_find(s, K_PRODUCT, parent_id);
    if (!p)
        return;
    struct node *v = store_edit(a, p);
    store_touch(s, a, p, v);
    store_save(s, K_PRODUCT, p, v);
}

bool product_stock_add(struct store *s, struct arena *a, enum kind k,
                       struct obj *o, int64_t delta) {
    struct node *v = store_edit(a, o);
    const struct node *manage = node_get(v, "manage_stock");
    if (strcmp(node_text(manage), "parent") == 0) {
        o = store_find(s, K_PRODUCT, o->parent);
        return o && product_stock_add(s, a, K_PRODUCT, o, delta);
    }
    if (!node_true(manage))
        return false;
    int64_t stock = node_i64(node_get(v, "stock_quantity"), 0) + delta;
    node_puti(a, v, "stock_quantity", stock);
    store_touch(s, a, o, v);
    product_save(s, a, k, o, v);
    hook_event(s, k, "updated", o->id);
    if (k == K_VARIATION)
        product_parent_touch(s, a, o->parent);
    else
        product_followers_show(s, a, o);
    return true;
}

void product_children_refresh(struct store *s, struct arena *a,
                              int64_t parent_id) {
    struct obj *p = store_find(s, K_PRODUCT, parent_id), *c = NULL;
    if (!p)
        return;
    struct node *v = store_edit(a, p), *ids = node_array(a);
    int64_t low = -1;
    while ((c = store_child(s, K_VARIATION, parent_id, c))) {
        if (strcmp(c->status, "trash") == 0)
            continue;
        node_add(ids, node_int(a, c->id));
        if (low < 0 || c->stash < low)
            low = c->stash;
    }
    char text[CASH_TEXT];
    node_put(a, v, "variations", ids);
    node_puts(a, v, "price", low < 0 ? "" : cash_text(text, low, 2));
    product_save(s, a, K_PRODUCT, p, v);
}
