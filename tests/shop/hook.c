#include "tests/shop/hook.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "tests/shop/hook_queue.h"
#include "tests/shop/hook_wire.h"

enum { PING_LIMIT_MS = 2000 };

static const char *const topics[][2] = {
    {"order.created", "woocommerce_new_order"},
    {"order.updated", "woocommerce_update_order,woocommerce_order_refunded"},
    {"order.deleted", "wp_trash_post,woocommerce_trash_order"},
    {"order.restored", "untrashed_post,woocommerce_untrash_order"},
    {"product.created", "woocommerce_process_product_meta,"
                        "woocommerce_new_product,"
                        "woocommerce_new_product_variation"},
    {"product.updated", "woocommerce_process_product_meta,"
                        "woocommerce_update_product,"
                        "woocommerce_update_product_variation"},
    {"product.deleted", "wp_trash_post"},
    {"product.restored", "untrashed_post"},
    {"product.published", "woocommerce_product_published"},
    {"customer.created", "user_register,woocommerce_created_customer,"
                         "woocommerce_new_customer"},
    {"customer.updated", "profile_update,woocommerce_update_customer"},
    {"customer.deleted", "delete_user"},
    {"coupon.created", "woocommerce_process_shop_coupon_meta,"
                       "woocommerce_new_coupon"},
    {"coupon.updated", "woocommerce_process_shop_coupon_meta,"
                       "woocommerce_update_coupon"},
    {"coupon.deleted", "wp_trash_post"},
    {"coupon.restored", "untrashed_post"},
};

const char *hook_names(const char *topic) {
    for (size_t i = 0; i < sizeof topics / sizeof *topics; i++)
        if (strcmp(topics[i][0], topic) == 0)
            return topics[i][1];
    if (strncmp(topic, "action.woocommerce_", 19) == 0 ||
        strncmp(topic, "action.wc_", 10) == 0)
        return topic + 7;
    return NULL;
}

bool hook_may_call(const char *url, bool safe) {
    struct wire_target t;
    if (wire_target_read(url, &t) < 0)
        return strncmp(url, "https://", 8) == 0;
    if (!safe)
        return true;
    bool local = !strncmp(t.host, "127.", 4) || !strncmp(t.host, "10.", 3) ||
                 !strncmp(t.host, "192.168.", 8) ||
                 !strcmp(t.host, "localhost");
    bool port = !strcmp(t.port, "80") || !strcmp(t.port, "443") ||
                !strcmp(t.port, "8080");
    return !local && port;
}

int hook_ping(const char *url, int64_t id) {
    struct wire w = WIRE_INIT;
    char body[48];
    int n = snprintf(body, sizeof body, "webhook_id=%" PRId64, id);
    const struct wire_message m = {.type = "application/x-www-form-urlencoded",
                                   .heads = "",
                                   .body = body,
                                   .body_n = (size_t)n};
    int status = wire_post(&w, url, &m, PING_LIMIT_MS);
    wire_close(&w);
    return status;
}

void hook_fire(struct store *s, const char *topic, int64_t id) {
    const struct table *t = &s->t[K_WEBHOOK];
    if (s->told)
        s->told(s->told_arg, topic, id);
    for (size_t i = 0; s->hooks && i < t->n; i++)
        if (!strcmp(t->v[i]->name, topic) && !strcmp(t->v[i]->status, "active"))
            hook_queue_add(s->hooks, t->v[i]->id, id);
}

void hook_order_saved(struct store *s, int64_t id, bool untrashed) {
    if (!untrashed || !s->hpos)
        hook_fire(s, "order.updated", id);
}

void hook_order_created(struct store *s, int64_t id) {
    hook_fire(s, "order.created", id);
    hook_fire(s, "order.updated", id);
}

/* Posts know one hook for whatever post is trashed: products hear of orders. */
void hook_order_trashed(struct store *s, int64_t id) {
    hook_fire(s, "order.deleted", id);
    if (!s->hpos)
        hook_fire(s, "product.deleted", id);
}

void hook_order_untrashed(struct store *s, int64_t id) {
    hook_fire(s, "order.restored", id);
    if (!s->hpos)
        hook_fire(s, "product.restored", id);
}

void hook_refund_deleted(struct store *s, int64_t id) {
    if (!s->hpos)
        hook_fire(s, "action.woocommerce_delete_order_refund", id);
}

void hook_removed(struct store *s, enum kind k, int64_t id) {
    if (k == K_ORDER)
        hook_fire(s, "action.woocommerce_delete_order", id);
    else if (k == K_PRODUCT)
        hook_fire(s, "action.woocommerce_delete_product", id);
    else if (k == K_VARIATION)
        hook_fire(s, "action.woocommerce_delete_product_variation", id);
    else if (k == K_CUSTOMER)
        hook_fire(s, "customer.deleted", id);
}

void hook_event(struct store *s, enum kind k, const char *event, int64_t id) {
    static const char *const resources[KINDS] = {
        [K_PRODUCT] = "product",
        [K_VARIATION] = "product",
        [K_CUSTOMER] = "customer",
        [K_COUPON] = "coupon",
    };
    char topic[48];
    if (!resources[k])
        return;
    (void)snprintf(topic, sizeof topic, "%s.%s", resources[k], event);
    hook_fire(s, topic, id);
    if (k == K_CUSTOMER && !strcmp(event, "created"))
        hook_fire(s, "customer.updated", id);
}
