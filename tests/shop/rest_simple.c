/* Kinds whose writes only copy fields: categories, coupons, tax rates. */
#include <stdio.h>
#include <string.h>

#include "tests/shop/cash.h"
#include "tests/shop/hook.h"
#include "tests/shop/meta.h"
#include "tests/shop/product.h"
#include "tests/shop/rest.h"
#include "tests/shop/shape.h"

struct simple {
    enum kind kind;
    const char *path, *shape, *needs, *code, *message;
    bool dates, trash;
};

static const struct simple category = {K_CATEGORY,
                                       "products/categories",
                                       SHAPE_CATEGORY,
                                       "name",
                                       "woocommerce_rest_term_invalid",
                                       "Resource does not exist.",
                                       false,
                                       false};
static const struct simple coupon = {K_COUPON,
                                     "coupons",
                                     SHAPE_COUPON,
                                     "code",
                                     "woocommerce_rest_shop_coupon_invalid_id",
                                     "Invalid ID.",
                                     true,
                                     true};
static const struct simple tax = {K_TAX,
                                  "taxes",
                                  SHAPE_TAX,
                                  NULL,
                                  "woocommerce_rest_invalid_id",
                                  "Invalid resource ID.",
                                  false,
                                  false};

/* Members the shape has are taken over in the shape's own type. */
static void apply(struct exchange *x, struct node *v) {
    for (struct node *f = v->child; f; f = f->next) {
        const struct node *c = exchange_arg(x, f->key);
        if (!c || !strcmp(f->key, "id") || !strcmp(f->key, "_links") ||
            !strcmp(f->key, "meta_data"))
            continue;
        if (!strcmp(f->key, "amount") || strstr(f->key, "mum_amount")) {
            char text[CASH_TEXT];
            node_puts(x->a, v, f->key,
                      cash_text(text, cash_of(node_text(c)), 2));
        } else if (f->type == N_STRING) {
            node_puts(x->a, v, f->key, node_text(c));
        } else {
            node_put(x->a, v, f->key, node_copy(x->a, c));
        }
    }
    if (node_get(v, "meta_data"))
        meta_apply(x->s, x->a, v, node_get(x->json, "meta_data"), false);
}

static void create(struct exchange *x, const struct simple *k) {
    if (k->needs && !exchange_arg(x, k->needs)) {
        reply_missing(x, k->needs);
        return;
    }
    struct obj *o = store_new(x->s, k->kind);
    struct node *v = shape_tree(x->a, k->shape);
    node_puti(x->a, v, "id", o->id);
    if (k->dates) {
        o->created = o->modified = store_now(x->s);
        store_put_date(x->s, x->a, v, "date_created", o->created);
        store_put_date(x->s, x->a, v, "date_modified", o->modified);
    }
    if (k->kind == K_CATEGORY) {
        AUTO_BUF struct buf slug = BUF_INIT;
        product_slug(&slug, node_text(exchange_arg(x, "name")));
        node_puts(x->a, v, "slug", buf_str(&slug));
    }
    apply(x, v);
    shape_links(x->s, x->a, v, k->path, SHAPE_ALLOW_ALL, NULL);
    store_save(x->s, k->kind, o, v);
    hook_event(x->s, k->kind, "created", o->id);
    rest_created(x, o, k->path);
}

/* An amount or a count does not move a coupon's date; its words do. */
static bool moves(const struct exchange *x) {
    return exchange_arg(x, "code") || exchange_arg(x, "description");
}

static void update(struct exchange *x, const struct simple *k, struct obj *o) {
    struct node *v = store_edit(x->a, o);
    apply(x, v);
    if (k->dates && moves(x))
        store_touch(x->s, x->a, o, v);
    store_save(x->s, k->kind, o, v);
    hook_event(x->s, k->kind, "updated", o->id);
    rest_show(x, o);
}

static void discard(struct exchange *x, const struct simple *k, struct obj *o) {
    if (rest_forced(x)) {
        rest_remove(x, k->kind, o);
        return;
    }
    if (!k->trash) {
        rest_no_trash(x, "Resource does not support trashing.");
        return;
    }
    struct node *v = store_edit(x->a, o);
    rest_show(x, o);
    node_puts(x->a, v, "status", "trash");
    store_touch(x->s, x->a, o, v);
    store_save(x->s, k->kind, o, v);
    hook_event(x->s, k->kind, "deleted", o->id);
}

static void collection(struct exchange *x, const struct simple *k) {
    if (rest_is(x, "GET"))
        rest_list(x, k->kind, false);
    else
        create(x, k);
}

static void item(struct exchange *x, const struct simple *k) {
    struct obj *o = store_find(x->s, k->kind, x->id[0]);
    if (!o) {
        reply_error(x, 404, k->code, k->message);
        x->allow = NULL;
    } else if (rest_is(x, "GET")) {
        rest_show(x, o);
    } else if (rest_is(x, "DELETE")) {
        discard(x, k, o);
    } else {
        update(x, k, o);
    }
}

void rest_terms(struct exchange *x) {
    collection(x, &category);
}
void rest_term(struct exchange *x) {
    item(x, &category);
}
void rest_coupons(struct exchange *x) {
    collection(x, &coupon);
}
void rest_coupon(struct exchange *x) {
    item(x, &coupon);
}
void rest_taxes(struct exchange *x) {
    collection(x, &tax);
}
void rest_tax(struct exchange *x) {
    item(x, &tax);
}
