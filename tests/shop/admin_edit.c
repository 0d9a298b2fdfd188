#include "tests/shop/admin_edit.h"

#include <string.h>

#include "common/when.h"
#include "tests/shop/hook.h"
#include "tests/shop/order.h"
#include "tests/shop/order_write.h"
#include "tests/shop/product.h"
#include "tests/shop/product_write.h"
#include "tests/shop/refund.h"
#include "tests/shop/shop.h"

static void merge(struct arena *a, struct node *to, const struct node *patch) {
    for (const struct node *p = patch->child; p; p = p->next) {
        struct node *old = node_get(to, p->key);
        if (old && old->type == N_OBJECT && p->type == N_OBJECT)
            merge(a, old, p);
        else
            node_put(a, to, p->key, node_copy(a, p));
    }
}

/* The object named by kind and id, from body or query; NULL was answered. */
static struct obj *named(struct exchange *x, enum kind *ret) {
    int k = store_kind_of(node_text(exchange_arg(x, "kind")));
    struct obj *o = k < 0 ? NULL
                          : store_find(x->s, (enum kind)k,
                                       node_i64(exchange_arg(x, "id"), 0));
    if (!o) {
        reply_error(x, 404, "demo_unknown", "No such object.");
        return NULL;
    }
    *ret = (enum kind)k;
    return o;
}

static void save(struct exchange *x, enum kind k, struct obj *o,
                 struct node *v) {
    if (k == K_ORDER)
        order_save(x->s, x->a, o, v);
    else if (k == K_PRODUCT || k == K_VARIATION)
        product_save(x->s, x->a, k, o, v);
    else
        store_save(x->s, k, o, v);
}

/* Dates a patch sets itself hold beside the text too. */
static bool dates_patched(struct exchange *x, struct obj *o, struct node *v,
                          const struct node *patch) {
    int64_t ms;
    const char *made = node_text(node_get(patch, "date_created_gmt"));
    const char *moved = node_text(node_get(patch, "date_modified_gmt"));
    if (*made && when_parse(made, &ms) == 0) {
        o->created = ms / 1000;
        store_put_date(x->s, x->a, v, "date_created", o->created);
    }
    if (!*moved || when_parse(moved, &ms) < 0)
        return false;
    o->modified = ms / 1000;
    store_put_date(x->s, x->a, v, "date_modified", o->modified);
    return true;
}

static bool date_moves(struct exchange *x, enum kind k,
                       const struct node *patch) {
    const struct node *told = node_get(x->json, "move_date");
    if (told)
        return node_true(told);
    if (k == K_ORDER && !x->s->hpos)
        return node_get(patch, "status") || node_get(patch, "customer_note");
    return k == K_ORDER || k == K_PRODUCT || k == K_VARIATION ||
           k == K_CUSTOMER;
}

/* A raw write tells nobody; nor do posts when meta alone is saved. */
static void edit_fire(struct exchange *x, enum kind k, const struct obj *o,
                      const struct node *patch, bool untrashed) {
    const struct node *told = node_get(x->json, "move_date");
    bool meta_alone = patch->child && !patch->child->next &&
                      !strcmp(patch->child->key, "meta_data");
    if (told && !node_true(told))
        return;
    if (k != K_ORDER)
        hook_event(x->s, k, "updated", o->id);
    else if (x->s->hpos || !meta_alone)
        hook_order_saved(x->s, o->id, untrashed);
}

void admin_edit(struct exchange *x) {
    enum kind k = K_ORDER;
    struct obj *o = named(x, &k);
    struct node *patch = node_get(x->json, "patch");
    if (!o)
        return;
    if (!patch || patch->type != N_OBJECT) {
        reply_error(x, 400, "demo_invalid", "patch is an object");
        return;
    }
    struct node *v = store_edit(x->a, o);
    bool moves = date_moves(x, k, patch);
    bool trashed = strcmp(o->status, "trash") == 0;
    const struct node *status = node_get(patch, "status");
    if (k == K_ORDER && status) {
        order_write_status(x->s, x->a, o, v, node_text(status));
        node_drop(patch, status);
    }
    merge(x->a, v, patch);
    if (!dates_patched(x, o, v, patch) && moves)
        store_touch(x->s, x->a, o, v);
    save(x, k, o, v);
    if (k == K_VARIATION && moves)
        product_parent_touch(x->s, x->a, o->parent);
    if (k == K_PRODUCT)
        product_followers_show(x->s, x->a, o);
    edit_fire(x, k, o, patch, trashed && strcmp(o->status, "trash") != 0);
    reply_object(x, 200, o->text, o->n);
}

static void children_remove(struct store *s, enum kind k, int64_t parent) {
    struct obj *c;
    while ((c = store_child(s, k, parent, NULL)))
        store_drop(s, k, c);
}

/* A refund gone changes its order's list, and no date. */
static void refund_gone(struct exchange *x, int64_t order_id) {
    struct obj *order = store_find(x->s, K_ORDER, order_id);
    if (!order)
        return;
    struct node *v = store_edit(x->a, order);
    refund_list_refresh(x->s, x->a, order, v);
    store_save(x->s, K_ORDER, order, v);
}

void admin_delete(struct exchange *x) {
    enum kind k = K_ORDER;
    struct obj *o = named(x, &k);
    if (!o)
        return;
    reply_object(x, 200, o->text, o->n);
    bool trash = node_true(exchange_arg(x, "trash"));
    int64_t id = o->id, parent = o->parent;
    if (trash && k == K_ORDER) {
        order_write_trash(x->s, x->a, o, store_edit(x->a, o));
    } else if (trash && (k == K_PRODUCT || k == K_VARIATION)) {
        product_write_trash(x->s, x->a, k, o, store_edit(x->a, o));
        hook_event(x->s, k, "deleted", id);
    } else {
        store_drop(x->s, k, o);
        hook_removed(x->s, k, id);
        if (k == K_ORDER) {
            children_remove(x->s, K_REFUND, id);
            children_remove(x->s, K_NOTE, id);
        }
        if (k == K_PRODUCT)
            children_remove(x->s, K_VARIATION, id);
        if (k == K_REFUND) {
            hook_refund_deleted(x->s, id);
            refund_gone(x, parent);
        }
    }
    if (k == K_VARIATION)
        product_children_refresh(x->s, x->a, parent);
}

void admin_untrash(struct exchange *x) {
    enum kind k = K_ORDER;
    struct obj *o = named(x, &k);
    if (!o)
        return;
    if (k == K_ORDER)
        order_write_untrash(x->s, x->a, o, store_edit(x->a, o));
    else if (k == K_PRODUCT || k == K_VARIATION)
        product_write_untrash(x->s, x->a, k, o, store_edit(x->a, o));
    for (struct obj *c = NULL;
         k == K_PRODUCT && (c = store_child(x->s, K_VARIATION, o->id, c));)
        product_write_untrash(x->s, x->a, K_VARIATION, c, store_edit(x->a, c));
    reply_object(x, 200, o->text, o->n);
}

/* The checkout saves the order before it tells that there is a new one. */
void admin_sell(struct exchange *x) {
    struct obj *o;
    struct node *v = order_new(x->s, x->a, &o);
    const struct node *given = node_get(x->json, "lines");
    const char *status = node_text(node_get(x->json, "status"));
    node_puts(x->a, v, "created_via", "checkout");
    order_save(x->s, x->a, o, v);
    for (const struct node *g = given ? given->child : NULL; g; g = g->next) {
        struct obj *w = store_find(x->s, K_VARIATION,
                                   node_i64(node_get(g, "variation_id"), 0));
        struct obj *p =
            store_find(x->s, K_PRODUCT,
                       w ? w->parent : node_i64(node_get(g, "product_id"), 0));
        node_add(
            node_get(v, "line_items"),
            order_line(x->s, x->a, p, w, node_i64(node_get(g, "quantity"), 1)));
    }
    order_write_status(x->s, x->a, o, v, *status ? status : "processing");
    store_touch(x->s, x->a, o, v);
    order_save(x->s, x->a, o, v);
    hook_order_saved(x->s, o->id, false);
    hook_fire(x->s, "order.created", o->id);
    reply_object(x, 200, o->text, o->n);
}

void admin_note(struct exchange *x) {
    int64_t id = node_i64(exchange_arg(x, "order_id"), 0);
    if (!store_find(x->s, K_ORDER, id)) {
        reply_error(x, 404, "demo_unknown", "No such order.");
        return;
    }
    struct obj *o =
        order_note(x->s, x->a, id, node_text(exchange_arg(x, "note")),
                   node_true(exchange_arg(x, "to_customer")), true);
    reply_object(x, 200, o->text, o->n);
}

void admin_object(struct exchange *x) {
    enum kind k = K_ORDER;
    struct obj *o = named(x, &k);
    if (o)
        reply_object(x, 200, o->text, o->n);
}
