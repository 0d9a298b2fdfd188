#include "tests/unit/demo/replay.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "common/check.h"
#include "tests/shop/shop.h"

static bool about(const struct replay *r, const char *word) {
    return strstr(r->name, word) != NULL;
}

/* The fixture speaks REST like any client; it must succeed. */
static void call(struct replay *r, const char *method, const char *path,
                 const char *body) {
    char target[256];
    (void)snprintf(target, sizeof target, "/wp-json/wc/v3/%s", path);
    struct answer a = client_call(r->port, method, target, body);
    if (a.status / 100 != 2)
        (void)fprintf(stderr, "%s: %s %s: %d %s\n", r->name, method, path,
                      a.status, buf_str(&a.body));
    REQUIRE(a.status / 100 == 2);
    answer_done(&a);
}

static void next_id(struct replay *r, int64_t id) {
    (void)pthread_mutex_lock(&r->shop->lock);
    r->shop->s.next_id = id;
    (void)pthread_mutex_unlock(&r->shop->lock);
}

static void product(struct replay *r, int64_t id, const char *body) {
    next_id(r, id);
    call(r, "POST", "products", body);
}

static void variation(struct replay *r, int64_t id, int64_t parent,
                      const char *size) {
    char path[64], body[300];
    next_id(r, id);
    (void)snprintf(path, sizeof path, "products/%" PRId64 "/variations",
                   parent);
    (void)snprintf(body, sizeof body,
                   "{\"sku\":\"V-%" PRId64 "\",\"regular_price\":\"19.90\","
                   "\"manage_stock\":true,\"stock_quantity\":17,"
                   "\"attributes\":[{\"name\":\"Size\",\"option\":\"%s\"}]}",
                   id, size);
    call(r, "POST", path, body);
}

static const char variable[] =
    "{\"name\":\"Storm Backpack 16\",\"type\":\"variable\",\"attributes\":[{"
    "\"id\":0,\"name\":\"Size\",\"slug\":\"Size\",\"position\":0,\"visible\":"
    "true,\"variation\":true,\"options\":[\"S\",\"M\",\"L\"]}]}";

static void products(struct replay *r) {
    product(r, 10,
            "{\"name\":\"Renamed\",\"sku\":\"AO-00001\",\"regular_price\""
            ":\"77.10\",\"manage_stock\":true,\"stock_quantity\":17,"
            "\"meta_data\":[{\"key\":\"bin\",\"value\":\"A1\"}]}");
    product(r, 13,
            "{\"name\":\"Tom &amp; Jerry\",\"sku\":\"AO-00004\","
            "\"regular_price\":\"244.19\",\"manage_stock\":true,"
            "\"stock_quantity\":100}");
    product(r, 16, "{\"name\":\"Loose\",\"regular_price\":\"5.00\"}");
    product(r, 17, variable);
    variation(r, 20, 17, "L");
    product(r, 28, variable);
    variation(r, 31, 28, "L");
    product(r, 39, variable);
    product(r, 556, variable);
    variation(r, 558, 556, "M");
    if (about(r, "parent-managed"))
        call(r, "PUT", "products/28",
             "{\"manage_stock\":true,\"stock_quantity\":30}");
}

/* Products created late in the recorded shops, then thrown away. */
static void late_products(struct replay *r) {
    product(r, r->hpos ? 1999 : 4553,
            r->hpos ? "{\"name\":\"del me\",\"sku\":\"DEL-39b0f\"}"
                    : "{\"name\":\"del me\",\"sku\":\"DEL-8f65c\"}");
    variation(r, r->hpos ? 2002 : 4573, 39, "S");
}

static void order(struct replay *r, int64_t id, int64_t item,
                  const char *body) {
    next_id(r, id);
    (void)pthread_mutex_lock(&r->shop->lock);
    r->shop->s.next_item = item;
    (void)pthread_mutex_unlock(&r->shop->lock);
    call(r, "POST", "orders", body);
}

static const char rich[] =
    "{\"status\":\"processing\",\"currency\":\"TRY\",\"customer_id\":2,"
    "\"billing\":{\"first_name\":\"Zo\\u00eb\",\"email\":\"zoe@example.test\"},"
    "\"line_items\":[{\"product_id\":13,\"quantity\":3,\"meta_data\":[{\"key\":"
    "\"engraving\",\"value\":\"x\"}]},{\"product_id\":28,\"variation_id\":31,"
    "\"quantity\":1}],\"shipping_lines\":[{\"method_id\":\"flat_rate\","
    "\"method_title\":\"Flat rate\",\"total\":\"49.90\"}],\"fee_lines\":[{"
    "\"name\":\"Gift wrap\",\"total\":\"5.00\"}],\"coupon_lines\":[{\"code\":"
    "\"save10\"}],\"meta_data\":[{\"key\":\"plain\",\"value\":\"x\"}]}";
static const char plain[] =
    "{\"status\":\"processing\",\"billing\":{\"email\":\"g@example.test\"},"
    "\"line_items\":[{\"product_id\":10,\"quantity\":1}]}";

static void orders(struct replay *r) {
    order(r, 1423, 3406, plain);
    call(r, "PUT", "orders/1423", "{\"status\":\"completed\"}");
    if (r->hpos)
        order(r, 1985, 5633, rich);
    else
        order(r, 4098, 14033, rich);
    order(r, r->hpos ? 1997 : 4525, 20000, plain);
    order(r, r->hpos ? 1998 : 4527, 20010, plain);
    order(r, r->hpos ? 2202 : 5677, 20020, plain);
}

static void refund(struct replay *r) {
    char path[64];
    next_id(r, r->hpos ? 1996 : 4143);
    (void)snprintf(path, sizeof path, "orders/%d/refunds",
                   r->hpos ? 1985 : 4098);
    call(r, "POST", path,
         r->hpos ? "{\"api_refund\":false,\"line_items\":[{\"id\":5633,"
                   "\"quantity\":1,\"refund_total\":\"1.00\"}]}"
                 : "{\"api_refund\":false,\"line_items\":[{\"id\":14033,"
                   "\"quantity\":1,\"refund_total\":\"1.00\"}]}");
}

static void own_id(struct replay *r, enum kind k, int64_t before) {
    (void)pthread_mutex_lock(&r->shop->lock);
    r->shop->s.next_own[k] = before;
    (void)pthread_mutex_unlock(&r->shop->lock);
}

static void others(struct replay *r) {
    char path[64];
    own_id(r, K_CUSTOMER, 501);
    call(r, "POST", "customers",
         r->hpos ? "{\"email\":\"n87bfbc@example.test\"}"
                 : "{\"email\":\"n2c0854@example.test\"}");
    own_id(r, K_WEBHOOK, 22);
    call(r, "POST", "webhooks",
         "{\"topic\":\"order.updated\",\"delivery_url\":"
         "\"http://127.0.0.1:9/f\"}");
    call(r, "POST", "taxes", "{\"country\":\"TR\",\"rate\":\"20.0000\"}");
    own_id(r, K_NOTE, (r->hpos ? 4576 : 11476) - 1);
    (void)snprintf(path, sizeof path, "orders/%d/notes", r->hpos ? 1985 : 4098);
    call(r, "POST", path, "{\"note\":\"by user\",\"added_by_user\":true}");
    call(r, "POST", "orders/1423/fulfillments",
         "{\"meta_data\":[{\"id\":0,\"key\":\"_items\",\"value\":[{\"item_id\":"
         "3406,\"qty\":1}]}]}");
}

/* Undo or spoil what this one recording met in another state. */
static void state(struct replay *r) {
    const char *path =
        node_text(node_get(r->request, "path")) + strlen("/wp-json/wc/v3/");
    char force[160];
    (void)snprintf(force, sizeof force, "%s?force=true", path);
    if (about(r, "deleted-"))
        call(r, "DELETE", force, NULL);
    if (about(r, "already-trashed") || about(r, "trashed-get"))
        call(r, "DELETE", path, NULL);
    if (about(r, "dup-sku-trashed"))
        call(r, "DELETE", r->hpos ? "products/1999" : "products/4553", NULL);
    if (about(r, "orders-list-trash"))
        call(r, "DELETE", "orders/4525", NULL);
    if (about(r, "customer-create"))
        call(r, "DELETE", "customers/502?force=true", NULL);
    if (about(r, "fulfillments-list-empty"))
        call(r, "DELETE", "orders/1423/fulfillments/1", NULL);
    if (about(r, "webhook-disabled"))
        call(r, "PUT", "webhooks/23", "{\"status\":\"disabled\"}");
    if (about(r, "reports") || about(r, "delta-again"))
        call(r, "PUT", path,
             "{\"meta_data\":[{\"key\":\"_fulexo_op\","
             "\"value\":\"1\"}]}");
}

void replay_prepare(struct replay *r) {
    const struct demo_options o = {
        .hpos = r->hpos,
        .seed = 7,
        .customers = 12,
        .trust_http = true,
        .fulfillments = !about(r, "feature-off"),
    };
    r->shop = demo_shop_start(&o);
    REQUIRE(r->shop);
    r->port = demo_shop_port(r->shop);
    if (about(r, "feature-off") || about(r, "err-auth"))
        return;
    products(r);
    next_id(r, 1000);
    call(r, "POST", "coupons",
         r->hpos ? "{\"code\":\"save10-d289\",\"amount\":\"10\"}"
                 : "{\"code\":\"save10-a24e\",\"amount\":\"10\"}");
    orders(r);
    refund(r);
    next_id(r, 4500);
    late_products(r);
    others(r);
    state(r);
    next_id(r, 8000);
    (void)pthread_mutex_lock(&r->shop->lock);
    r->shop->s.next_own[K_CUSTOMER] = 600;
    (void)pthread_mutex_unlock(&r->shop->lock);
}
