#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "tests/shop/hook.h"
#include "tests/shop/product.h"
#include "tests/shop/product_write.h"
#include "tests/shop/rest.h"
#include "tests/shop/schema.h"

/* Answers to writes are in the edit context: two keys more, before _links. */
static void edited_show(struct exchange *x, const struct obj *o, int status) {
    AUTO_BUF struct buf text = BUF_INIT;
    struct node *v = store_edit(x->a, o), *links = node_get(v, "_links");
    node_drop(v, links);
    buf_addf(&text, "%s/product/%%pagename%%/", x->s->home);
    node_puts(x->a, v, "permalink_template", buf_str(&text));
    node_puts(x->a, v, "generated_slug", node_text(node_get(v, "slug")));
    node_add(v, links);
    buf_clear(&text);
    node_print(&text, v);
    reply_object(x, status, text.data, text.len);
}

static void show(struct exchange *x, enum kind k, const struct obj *o) {
    if (k == K_PRODUCT)
        edited_show(x, o, 200);
    else
        rest_show(x, o);
}

static void create(struct exchange *x) {
    struct obj *o;
    if (node_i64(exchange_arg(x, "id"), 0)) {
        reply_error(x, 400, "woocommerce_rest_product_exists",
                    "Cannot create existing product.");
        return;
    }
    if (!schema_check(x, SCHEMA_PRODUCT))
        return;
    struct node *v =
        product_new(x->s, x->a, node_text(exchange_arg(x, "name")), &o);
    product_save(x->s, x->a, K_PRODUCT, o, v);
    if (!product_write_apply(x, K_PRODUCT, o, v)) {
        store_drop(x->s, K_PRODUCT, o);
        return;
    }
    product_save(x->s, x->a, K_PRODUCT, o, v);
    hook_event(x->s, K_PRODUCT, "created", o->id);
    rest_created(x, o, "products");
    edited_show(x, o, 201);
}

/* Save, move the date, and let the variations of a parent follow its stock. */
static void saved(struct exchange *x, enum kind k, struct obj *o,
                  struct node *v) {
    store_touch(x->s, x->a, o, v);
    product_save(x->s, x->a, k, o, v);
    hook_event(x->s, k, "updated", o->id);
    if (k == K_VARIATION) {
        product_parent_touch(x->s, x->a, o->parent);
        product_children_refresh(x->s, x->a, o->parent);
    } else if (node_true(node_get(v, "manage_stock"))) {
        product_followers_show(x->s, x->a, o);
    }
    show(x, k, o);
}

static void update(struct exchange *x, enum kind k, struct obj *o) {
    if (!schema_check(x, SCHEMA_PRODUCT))
        return;
    struct node *v = store_edit(x->a, o);
    if (product_write_apply(x, k, o, v))
        saved(x, k, o, v);
}

static void children_trash(struct exchange *x, int64_t parent, bool gone) {
    struct obj *c = NULL, *next;
    for (c = store_child(x->s, K_VARIATION, parent, NULL); c; c = next) {
        next = store_child(x->s, K_VARIATION, parent, c);
        if (gone)
            store_drop(x->s, K_VARIATION, c);
        else
            product_write_trash(x->s, x->a, K_VARIATION, c,
                                store_edit(x->a, c));
    }
}

static void discard(struct exchange *x, enum kind k, struct obj *o) {
    int64_t parent = o->parent;
    if (rest_forced(x)) {
        if (k == K_PRODUCT)
            children_trash(x, o->id, true);
        show(x, k, o);
        hook_removed(x->s, k, o->id);
        store_drop(x->s, k, o);
        if (k == K_VARIATION) {
            product_parent_touch(x->s, x->a, parent);
            product_children_refresh(x->s, x->a, parent);
        }
        return;
    }
    if (strcmp(o->status, "trash") == 0) {
        reply_error(x, 410, "woocommerce_rest_already_trashed",
                    "The product has already been deleted.");
        return;
    }
    show(x, k, o); /* as it was before */
    product_write_trash(x->s, x->a, k, o, store_edit(x->a, o));
    hook_event(x->s, k, "deleted", o->id);
    if (k == K_PRODUCT)
        children_trash(x, o->id, false);
    else
        product_children_refresh(x->s, x->a, parent);
}

/* A variation read as a product: its name tells the parent's too. */
static void variation_show(struct exchange *x, const struct obj *w) {
    struct obj *p = store_find(x->s, K_PRODUCT, w->parent);
    struct node *v = store_edit(x->a, w);
    char name[512];
    (void)snprintf(name, sizeof name, "%s - %s", p ? p->name : "", w->name);
    node_puts(x->a, v, "name", name);
    reply_node(x, 200, v);
}

void rest_products(struct exchange *x) {
    if (rest_is(x, "GET"))
        rest_list(x, K_PRODUCT, false);
    else
        create(x);
}

void rest_product(struct exchange *x) {
    struct obj *o = store_find(x->s, K_PRODUCT, x->id[0]);
    struct obj *w = store_find(x->s, K_VARIATION, x->id[0]);
    bool read = rest_is(x, "GET"), gone = rest_is(x, "DELETE");
    if (w && read)
        variation_show(x, w);
    else if (w)
        reply_error(x, 404, "woocommerce_rest_invalid_product_id",
                    "To manipulate product variations you should use the "
                    "/products/&lt;product_id&gt;/variations/&lt;id&gt; "
                    "endpoint.");
    else if (!o)
        reply_error(x, read || gone ? 404 : 400,
                    "woocommerce_rest_product_invalid_id", "Invalid ID.");
    else if (read)
        rest_show(x, o);
    else if (gone)
        discard(x, K_PRODUCT, o);
    else
        update(x, K_PRODUCT, o);
}

void rest_products_batch(struct exchange *x) {
    rest_batch(x, rest_products, rest_product, 0);
}

static void variation_create(struct exchange *x) {
    char path[64];
    struct obj *o, *parent = store_find(x->s, K_PRODUCT, x->id[0]);
    if (!parent) {
        reply_error(x, 404, "woocommerce_rest_product_invalid_id",
                    "Invalid ID.");
        return;
    }
    if (!schema_check(x, SCHEMA_PRODUCT))
        return;
    const struct node *attrs = node_get(x->json, "attributes");
    const char *size =
        node_text(node_get(attrs ? attrs->child : NULL, "option"));
    struct node *v = product_variation_new(x->s, x->a, parent, size, &o);
    product_save(x->s, x->a, K_VARIATION, o, v);
    node_drop(x->json, attrs); /* taken above, in the shape it is kept in */
    if (!product_write_apply(x, K_VARIATION, o, v)) {
        store_drop(x->s, K_VARIATION, o);
        return;
    }
    product_save(x->s, x->a, K_VARIATION, o, v);
    hook_event(x->s, K_VARIATION, "created", o->id);
    product_parent_touch(x->s, x->a, parent->id);
    product_children_refresh(x->s, x->a, parent->id);
    (void)snprintf(path, sizeof path, "products/%" PRId64 "/variations",
                   parent->id);
    rest_created(x, o, path);
}

void rest_variations(struct exchange *x) {
    if (rest_is(x, "GET"))
        rest_list(x, K_VARIATION, true);
    else
        variation_create(x);
}

void rest_variation(struct exchange *x) {
    struct obj *o = store_find(x->s, K_VARIATION, x->id[1]);
    if (!o || o->parent != x->id[0]) {
        reply_error(x, 404, "woocommerce_rest_product_variation_invalid_id",
                    "Invalid ID.");
        x->allow = NULL;
    } else if (rest_is(x, "GET")) {
        rest_show(x, o);
    } else if (rest_is(x, "DELETE")) {
        discard(x, K_VARIATION, o);
    } else {
        update(x, K_VARIATION, o);
    }
}

void rest_variations_batch(struct exchange *x) {
    rest_batch(x, rest_variations, rest_variation, 1);
}
