#include <stdlib.h>
#include <string.h>

#include "common/mem.h"

#include "tests/shop/hook.h"
#include "tests/shop/order.h"
#include "tests/shop/order_write.h"
#include "tests/shop/refund.h"
#include "tests/shop/rest.h"
#include "tests/shop/schema.h"
#include "tests/shop/shop.h"
#include "tests/shop/timers.h"

static void create(struct exchange *x) {
    struct obj *o;
    x->creating = true;
    if (node_i64(exchange_arg(x, "id"), 0)) {
        reply_error(x, 400, "woocommerce_rest_shop_order_exists",
                    "Cannot create existing shop_order.");
        return;
    }
    if (!schema_check(x, SCHEMA_ORDER))
        return;
    struct node *v = order_new(x->s, x->a, &o);
    order_save(x->s, x->a, o, v);
    if (!order_write_apply(x, o, v)) {
        if (strcmp(o->status, "auto-draft") != 0)
            store_drop(x->s, K_ORDER, o);
        return;
    }
    order_derive(x->s, x->a, v);
    if (strcmp(node_text(node_get(v, "status")), "refunded") == 0)
        refund_generate(x->s, x->a, o, v, true);
    order_save(x->s, x->a, o, v);
    hook_order_created(x->s, o->id);
    rest_created(x, o, "orders");
}

struct slide {
    struct demo_shop *shop;
    int64_t id;
    char status[24];
};

/* Some plugin puts the status back a while after it was set. */
static void slide_back(void *arg, bool stopping) {
    struct slide *b = arg;
    struct store *s = &b->shop->s;
    if (stopping) { /* maybe called by who holds the lock */
        free(b);
        return;
    }
    (void)pthread_mutex_lock(&b->shop->lock);
    struct obj *o = store_find(s, K_ORDER, b->id);
    if (o) {
        struct arena *a = arena_new(0);
        struct node *v = store_edit(a, o);
        order_write_status(s, a, o, v, b->status);
        store_touch(s, a, o, v);
        order_save(s, a, o, v);
        hook_order_saved(s, o->id, false);
        arena_free(a);
    }
    (void)pthread_mutex_unlock(&b->shop->lock);
    free(b);
}

static void slide_plan(struct exchange *x, const struct obj *o) {
    struct slide *b = NEW(struct slide);
    b->shop = x->shop;
    b->id = o->id;
    memcpy(b->status, o->status, sizeof b->status);
    timers_add(x->shop->timers, timers_now() + x->slide_ms * 1000, slide_back,
               b);
}

static void update(struct exchange *x, struct obj *o) {
    if (!schema_check(x, SCHEMA_ORDER))
        return;
    struct node *v = store_edit(x->a, o);
    bool trashed = strcmp(o->status, "trash") == 0;
    if (!order_write_apply(x, o, v))
        return;
    if (x->slide_ms && strcmp(o->status, node_text(node_get(v, "status"))) != 0)
        slide_plan(x, o);
    order_save(x->s, x->a, o, v);
    hook_order_saved(x->s, o->id, trashed && strcmp(o->status, "trash") != 0);
    rest_show(x, o);
}

static void children_remove(struct store *s, enum kind k, int64_t parent) {
    struct obj *c;
    while ((c = store_child(s, k, parent, NULL)))
        store_drop(s, k, c);
}

static void discard(struct exchange *x, struct obj *o) {
    if (rest_forced(x)) {
        children_remove(x->s, K_REFUND, o->id);
        children_remove(x->s, K_NOTE, o->id);
        hook_removed(x->s, K_ORDER, o->id);
        rest_remove(x, K_ORDER, o);
        return;
    }
    if (strcmp(o->status, "trash") == 0) {
        reply_error(x, 410, "woocommerce_rest_already_trashed",
                    "The shop_order has already been deleted.");
        return;
    }
    rest_show(x, o); /* as it was before */
    order_write_trash(x->s, x->a, o, store_edit(x->a, o));
}

static void view(struct exchange *x, struct obj *o) {
    if (x->view_bumps) {
        struct node *v = store_edit(x->a, o);
        store_touch(x->s, x->a, o, v);
        store_save(x->s, K_ORDER, o, v);
    }
    rest_show(x, o);
}

void rest_orders(struct exchange *x) {
    if (rest_is(x, "GET"))
        rest_list(x, K_ORDER, false);
    else
        create(x);
}

void rest_order(struct exchange *x) {
    struct obj *o = store_find(x->s, K_ORDER, x->id[0]);
    bool read = rest_is(x, "GET"), gone = rest_is(x, "DELETE");
    if (!o && (read || gone))
        reply_error(x, 404, "woocommerce_rest_shop_order_invalid_id",
                    "Invalid ID.");
    else if (!o)
        reply_error(x, 400, "woocommerce_rest_shop_order_invalid_id",
                    "ID is invalid.");
    else if (read)
        view(x, o);
    else if (gone)
        discard(x, o);
    else
        update(x, o);
}

void rest_orders_batch(struct exchange *x) {
    rest_batch(x, rest_orders, rest_order, 0);
}
