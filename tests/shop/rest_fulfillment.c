#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "tests/shop/hook.h"
#include "tests/shop/meta.h"
#include "tests/shop/order.h"
#include "tests/shop/rest.h"
#include "tests/shop/shop.h"

static bool on(struct exchange *x) {
    if (x->shop->o.fulfillments)
        return true;
    route_refuse(x);
    return false;
}

/* The order must exist; its absence carries the status as a string. */
static bool order_known(struct exchange *x) {
    if (store_find(x->s, K_ORDER, x->id[0]))
        return true;
    struct node *v = node_object(x->a), *data = node_object(x->a);
    node_puts(x->a, v, "code", "woocommerce_rest_order_invalid_id");
    node_puts(x->a, v, "message", "Invalid order ID.");
    node_puts(x->a, data, "status", "404");
    node_put(x->a, v, "data", data);
    reply_node(x, 404, v);
    x->allow = NULL;
    return false;
}

/* Errors of this collection have an integer for a code. */
static void refuse(struct exchange *x, int64_t code, const char *message) {
    struct node *v = node_object(x->a), *data = node_object(x->a);
    node_puti(x->a, v, "code", code);
    node_puts(x->a, v, "message", message);
    node_puti(x->a, data, "status", 400);
    node_put(x->a, v, "data", data);
    reply_node(x, 400, v);
}

static void stamp(struct exchange *x, struct node *v, const char *key) {
    char text[40], iso[32];
    (void)snprintf(text, sizeof text, "%sZ", store_iso(iso, store_now(x->s)));
    node_puts(x->a, v, key, text);
}

static void fulfilled_apply(struct exchange *x, struct node *v) {
    struct node *meta = node_get(v, "meta_data");
    if (!node_true(node_get(v, "is_fulfilled")) ||
        order_meta(meta, "_date_fulfilled"))
        return;
    char text[40], iso[32];
    (void)snprintf(text, sizeof text, "%sZ", store_iso(iso, store_now(x->s)));
    (void)order_meta_add(x->s, x->a, meta, "_date_fulfilled",
                         node_str(x->a, text), false);
}

static void order_mark(struct exchange *x) {
    struct obj *o = store_find(x->s, K_ORDER, x->id[0]);
    struct node *v = store_edit(x->a, o), *list = node_array(x->a),
                *m = node_object(x->a);
    node_puts(x->a, m, "key", "_fulfillment_status");
    node_puts(x->a, m, "value", "partially_fulfilled");
    node_add(list, m);
    meta_apply(x->s, x->a, v, list, false);
    if (x->s->hpos)
        store_touch(x->s, x->a, o, v);
    order_save(x->s, x->a, o, v);
    if (x->s->hpos) /* on posts the mark is a row written past the order */
        hook_order_saved(x->s, o->id, false);
    (void)order_note(x->s, x->a, o->id, "Fulfillment updated.", false, false);
}

static void fields_apply(struct exchange *x, struct node *v) {
    const struct node *status = exchange_arg(x, "status"),
                      *done = exchange_arg(x, "is_fulfilled");
    if (status)
        node_puts(x->a, v, "status", node_text(status));
    if (done)
        node_putb(x->a, v, "is_fulfilled", node_true(done));
    meta_apply(x->s, x->a, v, node_get(x->json, "meta_data"), false);
    fulfilled_apply(x, v);
    stamp(x, v, "date_updated");
}

static void create(struct exchange *x) {
    char text[24];
    const struct node *meta = node_get(x->json, "meta_data");
    if (!meta) {
        reply_missing(x, "meta_data");
        return;
    }
    const struct node *items = order_meta(meta, "_items");
    if (!items || !node_count(node_get(items, "value"))) {
        refuse(x, 0, "The fulfillment should contain at least one item.");
        return;
    }
    struct obj *o = store_new(x->s, K_FULFILLMENT);
    struct node *v = node_object(x->a);
    o->parent = x->id[0];
    (void)snprintf(text, sizeof text, "%" PRId64, x->id[0]);
    node_puti(x->a, v, "id", o->id);
    node_puts(x->a, v, "entity_type", "WC_Order");
    node_puts(x->a, v, "entity_id", text);
    node_puts(x->a, v, "status", "unfulfilled");
    node_putb(x->a, v, "is_fulfilled", false);
    node_puts(x->a, v, "date_updated", NULL);
    node_puts(x->a, v, "date_deleted", NULL);
    node_put(x->a, v, "meta_data", node_array(x->a));
    fields_apply(x, v);
    store_save(x->s, K_FULFILLMENT, o, v);
    order_mark(x);
    reply_object(x, 201, o->text, o->n);
}

/* In the list the flag is "0" or "1". */
static void list(struct exchange *x) {
    struct node *all = node_array(x->a);
    struct obj *o = NULL;
    while ((o = store_child(x->s, K_FULFILLMENT, x->id[0], o))) {
        struct node *v = store_edit(x->a, o);
        bool done = node_true(node_get(v, "is_fulfilled"));
        node_puts(x->a, v, "is_fulfilled", done ? "1" : "0");
        node_add(all, v);
    }
    reply_node(x, 200, all);
}

void rest_fulfillments(struct exchange *x) {
    if (!on(x) || !order_known(x))
        return;
    if (rest_is(x, "GET"))
        list(x);
    else
        create(x);
}

static struct obj *known(struct exchange *x) {
    if (!on(x) || !order_known(x))
        return NULL;
    struct obj *o = store_find(x->s, K_FULFILLMENT, x->id[1]);
    if (!o || o->parent != x->id[0]) {
        refuse(x, 404, "Fulfillment not found.");
        return NULL;
    }
    return o;
}

void rest_fulfillment(struct exchange *x) {
    struct obj *o = known(x);
    if (!o)
        return;
    if (rest_is(x, "DELETE")) {
        struct node *v = node_object(x->a);
        store_drop(x->s, K_FULFILLMENT, o);
        order_mark(x);
        node_puts(x->a, v, "message", "Fulfillment deleted successfully.");
        reply_node(x, 200, v);
        return;
    }
    if (!rest_is(x, "GET")) {
        struct node *v = store_edit(x->a, o);
        fields_apply(x, v);
        store_save(x->s, K_FULFILLMENT, o, v);
        order_mark(x);
    }
    rest_show(x, o);
}

void rest_fulfillment_meta(struct exchange *x) {
    struct obj *o = known(x);
    if (o)
        reply_node(x, 200, node_get(store_edit(x->a, o), "meta_data"));
}
