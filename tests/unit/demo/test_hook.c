/* Webhooks: what each event delivers on posts and HPOS, how deliveries are
 * made, signed and counted, and their faults. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "common/digest.h"
#include "tests/lib/listener.h"
#include "tests/shop/demo.h"
#include "tests/unit/demo/client.h"

#define API "/wp-json/wc/v3/"

static struct demo_shop *shops[2];
static struct listener *ear;
static int port; /* of the shop in use */

static int setup(void **state) {
    (void)state;
    ear = listener_start();
    for (int i = 0; i < 2; i++) {
        const struct demo_options o = {.orders = 20,
                                       .products = 12,
                                       .customers = 5,
                                       .trust_http = true,
                                       .hook_delay_ms = 1,
                                       .hpos = i == 1};
        shops[i] = demo_shop_start(&o);
        assert_non_null(shops[i]);
    }
    return 0;
}

static int teardown(void **state) {
    (void)state;
    for (int i = 0; i < 2; i++)
        demo_shop_stop(shops[i]);
    listener_stop(ear);
    return 0;
}

/* A number of the answer, which must be a success; -1 when it has none. */
static int64_t number(const char *method, const char *target, const char *body,
                      const char *key) {
    struct arena *a = arena_new(0);
    struct answer r = client_call(port, method, target, body);
    assert_in_range(r.status, 200, 299);
    int64_t n = node_i64(node_get(answer_json(&r, a), key), -1);
    answer_done(&r);
    arena_free(a);
    return n;
}

static int64_t call(const char *method, const char *target, const char *body) {
    return number(method, target, body, "id");
}

static void settle(void) {
    for (int i = 0; i < 5000; i++) {
        if (number("GET", "/__demo/hooks", NULL, "pending") == 0)
            return;
        (void)usleep(2000);
    }
    fail_msg("deliveries do not end");
}

static const char *const topics[] = {
    "order.created",
    "order.updated",
    "order.deleted",
    "order.restored",
    "product.created",
    "product.updated",
    "product.deleted",
    "product.restored",
    "customer.created",
    "customer.updated",
    "customer.deleted",
    "action.woocommerce_delete_order",
    "action.woocommerce_delete_product",
    "action.woocommerce_delete_product_variation",
    "action.woocommerce_delete_order_refund",
    "action.woocommerce_order_note_added"};

static int64_t hook_make(const char *topic) {
    char body[320];
    (void)snprintf(body, sizeof body,
                   "{\"topic\":\"%s\",\"secret\":\"s3cret\",\"delivery_url\":"
                   "\"http://127.0.0.1:%d/hook\"}",
                   topic, listener_port(ear));
    return call("POST", API "webhooks", body);
}

static void hooks_drop(void) {
    struct arena *a = arena_new(0);
    char target[96];
    struct answer r =
        client_call(port, "GET", API "webhooks?per_page=100", NULL);
    const struct node *h = answer_json(&r, a)->child;
    for (; h; h = h->next) {
        (void)snprintf(target, sizeof target, API "webhooks/%d?force=true",
                       (int)node_i64(node_get(h, "id"), 0));
        (void)call("DELETE", target, NULL);
    }
    answer_done(&r);
    arena_free(a);
}

static void use(bool hpos, bool all) {
    port = demo_shop_port(shops[hpos]);
    hooks_drop();
    settle();
    (void)call("DELETE", "/__demo/faults", NULL);
    for (size_t i = 0; all && i < sizeof topics / sizeof *topics; i++)
        (void)hook_make(topics[i]);
    listener_answer(ear, 200, 0);
    listener_forget(ear);
}

/* Everything told since the last time, as "topic " in the order of `topics`,
 * a number behind where more than one came. */
static const char *told(void) {
    static char text[512];
    size_t n = 0;
    settle();
    text[0] = 0;
    for (size_t i = 0; i < sizeof topics / sizeof *topics; i++) {
        int count = listener_count(ear, topics[i]);
        if (count)
            n += (size_t)snprintf(text + n, sizeof text - n, "%s%s",
                                  n ? " " : "", topics[i]);
        if (count > 1)
            n += (size_t)snprintf(text + n, sizeof text - n, "*%d", count);
    }
    listener_forget(ear);
    return text;
}

static int64_t first_id(const char *target) {
    struct answer r = client_call(port, "GET", target, NULL);
    const char *id = strstr(buf_str(&r.body), "\"id\":");
    assert_non_null(id);
    int64_t n = strtoll(id + 5, NULL, 10);
    answer_done(&r);
    return n;
}

static const char *at(const char *format, int64_t id) {
    static char text[160];
    (void)snprintf(text, sizeof text, format, (int)id);
    return text;
}

#define NOTED "action.woocommerce_order_note_added"
#define NOTE " " NOTED

static void test_orders(void **state) {
    char body[160];
    (void)state;
    for (int hpos = 0; hpos < 2; hpos++) {
        use(hpos, true);
        int64_t product =
            call("POST", API "products",
                 "{\"name\":\"Hat\",\"regular_price\":\"5\",\"manage_stock\":"
                 "true,\"stock_quantity\":9}");
        assert_string_equal(told(), "product.created");
        (void)snprintf(body, sizeof body,
                       "{\"status\":\"processing\",\"line_items\":[{"
                       "\"product_id\":%d,\"quantity\":1}]}",
                       (int)product);
        int64_t id = call("POST", API "orders", body);
        assert_string_equal(told(),
                            "order.created order.updated product.updated" NOTE);
        (void)call("PUT", at(API "orders/%d", id), "{}");
        assert_string_equal(told(), "order.updated");
        (void)call("PUT", at(API "orders/%d", id),
                   "{\"meta_data\":[{\"key\":\"a\",\"value\":\"b\"}]}");
        assert_string_equal(told(), "order.updated");
        (void)call("DELETE", at(API "orders/%d", id), NULL);
        assert_string_equal(told(), hpos ? "order.deleted"
                                         : "order.deleted product.deleted");
        (void)call("PUT", at(API "orders/%d", id),
                   "{\"status\":\"processing\"}");
        assert_string_equal(told(), hpos ? NOTED : "order.updated" NOTE);
        (void)call("DELETE", at(API "orders/%d", id), NULL);
        (void)told();
        (void)call("POST", "/__demo/untrash",
                   at("{\"kind\":\"orders\",\"id\":%d}", id));
        assert_string_equal(told(), hpos ? "order.restored"
                                         : "order.restored product.restored");
        (void)call("DELETE", at(API "orders/%d?force=true", id), NULL);
        assert_string_equal(told(), "action.woocommerce_delete_order");
    }
}

static void test_notes_and_refunds(void **state) {
    (void)state;
    for (int hpos = 0; hpos < 2; hpos++) {
        struct heard h;
        use(hpos, true);
        int64_t id = call("POST", API "orders",
                          "{\"fee_lines\":[{\"name\":\"x\",\"total\":\"9\"}]}");
        (void)told();
        int64_t note =
            call("POST", at(API "orders/%d/notes", id), "{\"note\":\"hello\"}");
        assert_int_equal(listener_wait(ear, NOTED, 1), 0);
        assert_int_equal(listener_heard(ear, NULL, 0, &h), 0);
        assert_string_equal(
            h.body, at("{\"action\":\"woocommerce_order_note_added\",\"arg\":%d"
                       "}",
                       note));
        assert_string_equal(told(), NOTED);
        int64_t refund = call("POST", at(API "orders/%d/refunds", id),
                              "{\"amount\":\"1\",\"api_refund\":false}");
        assert_string_equal(told(), "order.updated");
        char target[96];
        (void)snprintf(target, sizeof target, API "orders/%d/refunds/%d",
                       (int)id, (int)refund);
        (void)call("DELETE", target, NULL);
        assert_string_equal(
            told(), hpos ? "" : "action.woocommerce_delete_order_refund");
    }
}

static void test_products_and_customers(void **state) {
    (void)state;
    for (int hpos = 0; hpos < 2; hpos++) {
        use(hpos, true);
        int64_t id = first_id(API "products?type=variable");
        int64_t w = first_id(at(API "products/%d/variations", id));
        char target[96];
        (void)snprintf(target, sizeof target, API "products/%d/variations/%d",
                       (int)id, (int)w);
        struct heard h;
        (void)call("PUT", target, "{\"stock_quantity\":4}");
        assert_int_equal(listener_wait(ear, "product.updated", 1), 0);
        assert_int_equal(listener_heard(ear, "product.updated", 0, &h), 0);
        assert_non_null(strstr(h.body, at("{\"id\":%d,", w)));
        assert_non_null(strstr(h.body, at("\"parent_id\":%d,", id)));
        assert_string_equal(told(), "product.updated"); /* not the parent */
        (void)snprintf(target, sizeof target,
                       API "products/%d/variations/%d?force=true", (int)id,
                       (int)w);
        (void)call("DELETE", target, NULL);
        assert_string_equal(told(),
                            "action.woocommerce_delete_product_variation");
        (void)call("DELETE", at(API "products/%d", id), NULL);
        assert_string_equal(told(), "product.deleted");
        (void)call("DELETE", at(API "products/%d?force=true", id), NULL);
        assert_string_equal(told(), "action.woocommerce_delete_product");
        id = call("POST", API "customers", "{\"email\":\"new@example.test\"}");
        assert_string_equal(told(), "customer.created customer.updated");
        (void)call("PUT", at(API "customers/%d", id), "{\"first_name\":\"A\"}");
        assert_string_equal(told(), "customer.updated");
        (void)call("DELETE", at(API "customers/%d?force=true", id), NULL);
        assert_string_equal(told(), "customer.deleted");
        id = first_id(API "products/categories");
        (void)call("PUT", at(API "products/categories/%d", id),
                   "{\"name\":\"Other\"}");
        assert_string_equal(told(), "");
    }
}

static void test_the_doors(void **state) {
    (void)state;
    for (int hpos = 0; hpos < 2; hpos++) {
        char body[160];
        struct heard h;
        use(hpos, true);
        int64_t product = first_id(API "products?type=simple");
        (void)snprintf(body, sizeof body,
                       "{\"lines\":[{\"product_id\":%d,\"quantity\":1}]}",
                       (int)product);
        int64_t id = call("POST", "/__demo/sell", body);
        settle();
        assert_int_equal(listener_heard(ear, "order.updated", 0, &h), 0);
        assert_int_equal(listener_count(ear, "order.created"), 1);
        for (int i = 0; listener_heard(ear, NULL, i, &h) == 0; i++) {
            assert_string_not_equal(h.topic, "order.created");
            if (strcmp(h.topic, "order.updated") == 0)
                break; /* a checkout tells of the change first */
        }
        (void)told();
        (void)call("POST", "/__demo/edit",
                   at("{\"kind\":\"orders\",\"id\":%d,\"patch\":{\"billing\":{"
                      "\"city\":\"Bursa\"}}}",
                      id));
        assert_string_equal(told(), "order.updated");
        (void)call("POST", "/__demo/edit",
                   at("{\"kind\":\"orders\",\"id\":%d,\"patch\":{\"meta_data\":"
                      "[]}}",
                      id));
        assert_string_equal(told(), hpos ? "order.updated" : "");
        (void)call("POST", "/__demo/edit",
                   at("{\"kind\":\"products\",\"id\":%d,\"move_date\":false,"
                      "\"patch\":{\"stock_quantity\":3}}",
                      product));
        assert_string_equal(told(), "");
        (void)call("POST", "/__demo/note",
                   at("{\"order_id\":%d,\"note\":\"x\"}", id));
        assert_string_equal(told(), NOTED);
        (void)call("POST", "/__demo/delete",
                   at("{\"kind\":\"orders\",\"id\":%d}", id));
        assert_string_equal(told(), "action.woocommerce_delete_order");
        (void)call("POST", "/__demo/orders", "{\"n\":2}");
        settle();
        assert_int_equal(listener_count(ear, "order.created"), 2);
    }
}

static void signature(const struct heard *h, char base64[64]) {
    uint8_t mac[DIGEST_SHA256];
    digest_hmac("s3cret", 6, h->body, h->body_n, mac);
    digest_base64(mac, sizeof mac, base64);
}

static void test_how_it_is_made(void **state) {
    char mac[64];
    struct heard h, second;
    (void)state;
    use(false, false);
    int64_t hook = hook_make("order.updated");
    assert_int_equal(listener_heard(ear, "", 0, &h), 0); /* the ping */
    assert_string_equal(h.body, at("webhook_id=%d", hook));
    assert_string_equal(h.type, "application/x-www-form-urlencoded");
    listener_forget(ear);
    int connections = listener_connections(ear);
    int64_t a = first_id(API "orders?order=asc"), b = first_id(API "orders");
    for (int i = 0; i < 20; i++) {
        listener_forget(ear);
        (void)call("PUT", at(API "orders/%d", a), "{}");
        (void)call("PUT", at(API "orders/%d", b), "{}");
        assert_int_equal(listener_wait(ear, "order.updated", 2), 0);
        (void)listener_heard(ear, NULL, 0, &h);
        (void)listener_heard(ear, NULL, 1, &second);
        if (strcmp(h.delivery, second.delivery) == 0)
            break; /* both within one second */
    }
    assert_string_equal(h.delivery, second.delivery);
    signature(&h, mac);
    assert_string_equal(h.sign, mac);
    assert_string_equal(h.type, "application/json");
    assert_int_equal(h.hook, hook);
    (void)snprintf(mac, sizeof mac, "http://127.0.0.1:%d/", port);
    assert_string_equal(h.source, mac);
    assert_non_null(strstr(h.body, "\"_links\""));
    assert_true(listener_connections(ear) <= connections + 1);
}

static void test_what_waits_is_not_queued_again(void **state) {
    struct heard h;
    (void)state;
    use(false, false);
    (void)hook_make("order.updated");
    (void)hook_make("order.created");
    listener_forget(ear);
    (void)call("POST", "/__demo/hooks", "{\"delay_ms\":300}");
    int64_t id = call("POST", API "orders", "{}");
    for (int i = 0; i < 3; i++)
        (void)call("PUT", at(API "orders/%d", id),
                   i == 2 ? "{\"customer_note\":\"last\"}"
                          : "{\"customer_note\":\"early\"}");
    settle();
    assert_int_equal(listener_count(ear, NULL), 2);
    assert_int_equal(listener_heard(ear, "order.updated", 0, &h), 0);
    assert_non_null(strstr(h.body, "\"customer_note\":\"last\""));
    listener_forget(ear);
    id = call("POST", API "orders", "{}");
    (void)call("DELETE", at(API "orders/%d?force=true", id), NULL);
    settle();
    assert_int_equal(listener_heard(ear, "order.created", 0, &h), 0);
    assert_string_equal(
        h.body, "{\"code\":\"woocommerce_rest_shop_order_invalid_id\","
                "\"message\":\"Invalid ID.\",\"data\":{\"status\":404}}");
    (void)call("POST", "/__demo/hooks", "{\"delay_ms\":1}");
}

static bool active(int64_t hook) {
    struct answer r =
        client_call(port, "GET", at(API "webhooks/%d", hook), NULL);
    bool on = strstr(buf_str(&r.body), "\"status\":\"active\"") != NULL;
    answer_done(&r);
    return on;
}

static void happen(int64_t id, int n) {
    for (int i = 0; i < n; i++) {
        (void)call("PUT", at(API "orders/%d", id), "{}");
        settle();
    }
}

static void test_failures(void **state) {
    (void)state;
    use(true, false);
    int64_t hook = hook_make("order.updated");
    int64_t id = first_id(API "orders");
    listener_forget(ear);
    listener_answer(ear, 500, 0);
    happen(id, 6);
    assert_true(active(hook)); /* six are counted */
    listener_answer(ear, 302, 0);
    happen(id, 1); /* a success forgets them */
    listener_answer(ear, 404, 0);
    happen(id, 6);
    assert_true(active(hook));
    happen(id, 1);
    assert_false(active(hook));
    assert_int_equal(listener_count(ear, NULL), 14); /* nothing came twice */
    happen(id, 2);
    assert_int_equal(listener_count(ear, NULL), 14); /* lost */
    (void)call("PUT", at(API "webhooks/%d", hook), "{\"status\":\"active\"}");
    happen(id, 1); /* the counter stayed */
    assert_false(active(hook));
    (void)call("PUT", at(API "webhooks/%d", hook), "{\"status\":\"active\"}");
    listener_answer(ear, 200, 0);
    happen(id, 1);
    listener_answer(ear, 500, 0);
    happen(id, 6);
    assert_true(active(hook));
}

static void fault(const char *kind) {
    char body[96];
    (void)call("DELETE", "/__demo/faults", NULL);
    (void)snprintf(body, sizeof body, "{\"kind\":\"%s\",\"value\":300}", kind);
    (void)call("POST", "/__demo/faults", body);
    listener_forget(ear);
}

static void test_faults(void **state) {
    char mac[64];
    struct heard h;
    (void)state;
    use(true, false);
    int64_t hook = hook_make("order.updated");
    int64_t id = first_id(API "orders");
    fault("hook_double");
    happen(id, 1);
    assert_int_equal(listener_count(ear, "order.updated"), 2);
    fault("hook_drop");
    happen(id, 1);
    assert_int_equal(listener_count(ear, NULL), 0);
    fault("hook_stale_source");
    happen(id, 1);
    assert_int_equal(listener_heard(ear, NULL, 0, &h), 0);
    assert_string_equal(h.source, "https://staging.example.test/");
    signature(&h, mac);
    assert_string_equal(h.sign, mac);
    fault("hook_bad_sign");
    happen(id, 1);
    assert_int_equal(listener_heard(ear, NULL, 0, &h), 0);
    signature(&h, mac);
    assert_string_not_equal(h.sign, mac);
    fault("hook_late");
    (void)call("PUT", at(API "orders/%d", id), "{}");
    assert_int_equal(number("GET", "/__demo/hooks", NULL, "pending"), 1);
    settle();
    assert_int_equal(listener_count(ear, NULL), 1);
    fault("hook_disable");
    happen(id, 1);
    assert_false(active(hook));
    assert_int_equal(listener_count(ear, NULL), 0);
}

/* The shop answers while its deliveries wait for a slow listener. */
static void test_the_shop_goes_on(void **state) {
    (void)state;
    use(true, false);
    (void)hook_make("order.updated");
    int64_t id = first_id(API "orders");
    listener_answer(ear, 200, 600);
    (void)call("PUT", at(API "orders/%d", id), "{}");
    assert_int_equal(listener_wait(ear, "order.updated", 1), 0);
    /* on its way still when that is answered */
    assert_int_equal(number("GET", "/__demo/hooks", NULL, "pending"), 1);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_orders),
        cmocka_unit_test(test_notes_and_refunds),
        cmocka_unit_test(test_products_and_customers),
        cmocka_unit_test(test_the_doors),
        cmocka_unit_test(test_how_it_is_made),
        cmocka_unit_test(test_what_waits_is_not_queued_again),
        cmocka_unit_test(test_failures),
        cmocka_unit_test(test_faults),
        cmocka_unit_test(test_the_shop_goes_on),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
