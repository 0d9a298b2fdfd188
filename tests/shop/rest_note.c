#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "tests/shop/order.h"
#include "tests/shop/rest.h"
#include "tests/shop/schema.h"

/* All in one answer, newest first, without totals. */
static void list(struct exchange *x) {
    const char *type = exchange_param(x, "type");
    const struct table *t = &x->s->t[K_NOTE];
    x->status = 200;
    x->type = "application/json; charset=UTF-8";
    buf_addc(&x->out, '[');
    for (size_t i = t->n; i-- > 0;) {
        const struct obj *o = t->v[i];
        if (o->parent != x->id[0])
            continue;
        bool to_customer = strstr(o->text, "\"customer_note\":true") != NULL;
        if (type && ((!strcmp(type, "customer") && !to_customer) ||
                     (!strcmp(type, "internal") && to_customer)))
            continue;
        if (x->out.len > 1)
            buf_addc(&x->out, ',');
        buf_add(&x->out, o->text, o->n);
    }
    buf_addc(&x->out, ']');
}

static void create(struct exchange *x) {
    char path[64];
    const struct node *note = exchange_arg(x, "note");
    if (!note) {
        reply_missing(x, "note");
        return;
    }
    if (!schema_check(x, SCHEMA_NOTE))
        return;
    struct obj *o = order_note(x->s, x->a, x->id[0], node_text(note),
                               node_true(exchange_arg(x, "customer_note")),
                               node_true(exchange_arg(x, "added_by_user")));
    (void)snprintf(path, sizeof path, "orders/%" PRId64 "/notes", x->id[0]);
    rest_created(x, o, path);
}

static bool order_known(struct exchange *x) {
    if (store_find(x->s, K_ORDER, x->id[0]))
        return true;
    reply_error(x, 404, "woocommerce_rest_order_invalid_id",
                "Invalid order ID.");
    return false;
}

void rest_notes(struct exchange *x) {
    if (!order_known(x))
        return;
    if (rest_is(x, "GET"))
        list(x);
    else
        create(x);
}

void rest_note(struct exchange *x) {
    struct obj *o = store_find(x->s, K_NOTE, x->id[1]);
    if (!order_known(x))
        return;
    if (!o || o->parent != x->id[0])
        reply_error(x, 404, "woocommerce_rest_invalid_id",
                    "Invalid resource ID.");
    else if (rest_is(x, "GET"))
        rest_show(x, o);
    else if (rest_forced(x))
        rest_remove(x, K_NOTE, o);
    else /* the wrong noun is WooCommerce's */
        rest_no_trash(x, "Webhooks do not support trashing.");
}
