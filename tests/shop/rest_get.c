#include <inttypes.h>

#include "tests/shop/rest.h"

/* GET of one object, or the kind's own way of saying there is none. */
static void show(struct exchange *x, enum kind k, int64_t id, const char *code,
                 const char *message) {
    struct obj *o = store_find(x->s, k, id);
    if (!rest_is(x, "GET"))
        route_refuse(x);
    else if (o)
        reply_object(x, 200, o->text, o->n);
    else
        reply_error(x, 404, code, message);
}

static void list(struct exchange *x, enum kind k, const char *orderby,
                 bool ascending, bool dates) {
    const struct list_spec spec = {
        .kind = k, .orderby = orderby, .ascending = ascending, .dates = dates};
    if (rest_is(x, "GET"))
        list_reply(x, &spec);
    else
        route_refuse(x);
}
void rest_orders(struct exchange *x) {
    list(x, K_ORDER, REST_BY_POST, false, true);
}
void rest_order(struct exchange *x) {
    show(x, K_ORDER, x->id[0], "woocommerce_rest_shop_order_invalid_id",
         "Invalid ID.");
}
void rest_products(struct exchange *x) {
    list(x, K_PRODUCT, REST_BY_PRODUCT, false, true);
}
void rest_product(struct exchange *x) {
    show(x, K_PRODUCT, x->id[0], "woocommerce_rest_product_invalid_id",
         "Invalid ID.");
}
void rest_variations(struct exchange *x) {
    const struct list_spec spec = {.kind = K_VARIATION,
                                   .orderby = REST_BY_VARIATION,
                                   .dates = true,
                                   .parent = x->id[0]};
    list_reply(x, &spec);
}
void rest_variation(struct exchange *x) {
    show(x, K_VARIATION, x->id[1],
         "woocommerce_rest_product_variation_invalid_id", "Invalid ID.");
}
void rest_customers(struct exchange *x) {
    list(x, K_CUSTOMER, "name,id,include,registered_date", true, false);
}
void rest_customer(struct exchange *x) {
    show(x, K_CUSTOMER, x->id[0], "wc_user_invalid_id", "Invalid user ID.");
}
void rest_terms(struct exchange *x) {
    list(x, K_CATEGORY, "name,id,include,slug,term_group,description,count",
         true, false);
}
void rest_term(struct exchange *x) {
    show(x, K_CATEGORY, x->id[0], "woocommerce_rest_term_invalid",
         "Resource does not exist.");
}
void rest_coupons(struct exchange *x) {
    list(x, K_COUPON, REST_BY_POST, false, true);
}
void rest_coupon(struct exchange *x) {
    show(x, K_COUPON, x->id[0], "woocommerce_rest_shop_coupon_invalid_id",
         "Invalid ID.");
}
void rest_taxes(struct exchange *x) {
    list(x, K_TAX, "order,id,priority", true, false);
}
void rest_tax(struct exchange *x) {
    show(x, K_TAX, x->id[0], "woocommerce_rest_invalid_id", "Invalid ID.");
}
void rest_webhooks(struct exchange *x) {
    list(x, K_WEBHOOK, "date,id,title", false, false);
}
void rest_webhook(struct exchange *x) {
    show(x, K_WEBHOOK, x->id[0], "woocommerce_rest_shop_webhook_invalid_id",
         "Invalid ID.");
}
void rest_order_refunds(struct exchange *x) {
    const struct list_spec spec = {.kind = K_REFUND,
                                   .orderby = REST_BY_POST,
                                   .dates = true,
                                   .parent = x->id[0]};
    list_reply(x, &spec);
}
void rest_order_refund(struct exchange *x) {
    show(x, K_REFUND, x->id[1], "woocommerce_rest_shop_order_refund_invalid_id",
         "Invalid ID.");
}
void rest_notes(struct exchange *x) {
    struct obj *o = NULL;
    if (!store_find(x->s, K_ORDER, x->id[0])) {
        reply_error(x, 404, "woocommerce_rest_order_invalid_id",
                    "Invalid order ID.");
        return;
    }
    x->status = 200;
    x->type = "application/json; charset=UTF-8";
    buf_addc(&x->out, '[');
    while ((o = store_child(x->s, K_NOTE, x->id[0], o))) {
        if (x->out.len > 1)
            buf_addc(&x->out, ',');
        buf_add(&x->out, o->text, o->n);
    }
    buf_addc(&x->out, ']');
}
void rest_note(struct exchange *x) {
    show(x, K_NOTE, x->id[1], "woocommerce_rest_invalid_id",
         "Invalid resource ID.");
}
