/* What can be done with an order beside writing it: mails and the receipt. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "tests/shop/rest.h"
#include "tests/shop/schema.h"
#include "tests/shop/shop.h"

static const char templates[] =
    "new_order,cancelled_order,customer_cancelled_order,failed_order,"
    "customer_failed_order,customer_on_hold_order,customer_processing_order,"
    "customer_completed_order,customer_refunded_order,customer_invoice,"
    "customer_note,customer_reset_password,customer_new_account,"
    "admin_payment_gateway_enabled,customer_pos_completed_order,"
    "customer_pos_refunded_order,customer_fulfillment_created,"
    "customer_fulfillment_updated,customer_fulfillment_deleted,"
    "customer_verify_email";

static struct obj *order_of(struct exchange *x) {
    struct obj *o = store_find(x->s, K_ORDER, x->id[0]);
    if (!o)
        reply_error(x, 404, "woocommerce_rest_order_invalid_id",
                    "Invalid order ID.");
    return o;
}

static void template_add(struct exchange *x, struct node *list, const char *id,
                         const char *title, const char *description) {
    struct node *v = node_object(x->a);
    node_puts(x->a, v, "id", id);
    node_puts(x->a, v, "title", title);
    node_puts(x->a, v, "description", description);
    node_add(list, v);
}

void rest_email_templates(struct exchange *x) {
    struct obj *o = order_of(x);
    struct node *list = node_array(x->a);
    if (!o)
        return;
    if (strcmp(o->status, "completed") == 0)
        template_add(x, list, "customer_completed_order", "Completed order",
                     "Send an email to customers notifying them that their "
                     "order is complete and has been shipped");
    template_add(x, list, "customer_invoice", "Order details",
                 "Manually send an email to your customers containing their "
                 "order information and payment links");
    reply_node(x, 200, list);
}

static void sent(struct exchange *x, const struct obj *o, const char *what) {
    AUTO_BUF struct buf text = BUF_INIT;
    const struct node *v = store_edit(x->a, o);
    struct node *answer = node_object(x->a);
    buf_addf(&text, "%s sent to %s.", what,
             node_text(node_path(v, "billing.email")));
    node_puts(x->a, answer, "message", buf_str(&text));
    reply_node(x, 200, answer);
}

void rest_send_email(struct exchange *x) {
    struct obj *o = order_of(x);
    const struct node *id = exchange_arg(x, "template_id");
    if (o &&
        schema_enum(x, "template_id", "template_id", templates, node_text(id)))
        sent(x, o, "Email template &quot;Completed order&quot;");
}

void rest_send_details(struct exchange *x) {
    struct obj *o = order_of(x);
    if (o)
        sent(x, o, "Order details");
}

void rest_receipt(struct exchange *x) {
    char text[512], iso[32];
    if (!order_of(x))
        return;
    struct node *v = node_object(x->a);
    (void)snprintf(text, sizeof text, "%s/wc/file/transient/%016" PRIx64,
                   shop_home(x->shop), store_rand(x->s));
    node_puts(x->a, v, "receipt_url", text);
    (void)store_iso(iso, store_now(x->s) + 86400);
    iso[10] = 0;
    node_puts(x->a, v, "expiration_date", iso);
    reply_node(x, 200, v);
}
