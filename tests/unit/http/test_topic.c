/* What deliveries tell: the recorded ones of a real shop, and hostile ones. */
#include "tests/lib/test.h"

#include <string.h>

#include "common/str.h"
#include "http/topic.h"
#include "tests/lib/recording.h"

static const struct json *header(const struct recording *r, const char *name) {
    const struct json *request = json_get(r->root, "request");
    return json_get(json_get(request, "headers"), name);
}

/* Recorded with the secret that signed it; what it is to wake. */
static const struct recorded {
    const char *name;
    int n;
    struct delivery_wake wakes[DELIVERY_WAKES];
} recorded[] = {
    {"hpos-webhook-delivery-order-created", 1, {{MIRROR_ORDER, 2007}}},
    {"hpos-webhook-delivery-order-updated", 1, {{MIRROR_ORDER, 2007}}},
    {"hpos-webhook-delivery-product-updated-variation",
     1,
     {{MIRROR_PRODUCT, 53}}},
    {"hpos-webhook-delivery-action-delete_product_variation",
     1,
     {{MIRROR_PRODUCT, 2012}}},
    {"hpos-webhook-delivery-action-woocommerce_order_note_added",
     1,
     {{MIRROR_NOTE, 4603}}},
    {"hpos-webhook-delivery-action-product_set_stock-empty-arg", 0, {{0}}},
    {"hpos-webhook-delivery-customer-deleted", 1, {{MIRROR_CUSTOMER, 503}}},
    {"webhook-delivery-order-created-object-gone", 0, {{0}}},
    {"webhook-delivery-order-deleted", 1, {{MIRROR_ORDER, 5249}}},
    {"webhook-delivery-product-deleted-crossfire",
     2,
     {{MIRROR_PRODUCT, 5249}, {MIRROR_ORDER, 5249}}},
};

static void recorded_deliveries(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof recorded / sizeof *recorded; i++) {
        const struct recorded *want = &recorded[i];
        struct recording r;
        struct delivery d;
        recording_read(want->name, &r);
        const char *secret = json_string(json_get(r.root, "webhook_secret"));
        const char *body = json_string(json_path(r.root, "request.body_raw"));
        const char *mac = json_string(header(&r, "X-WC-Webhook-Signature"));
        assert_non_null(body);
        assert_true(
            topic_signed(mac, secret, strlen(secret), body, strlen(body)));
        topic_read(json_string(header(&r, "X-WC-Webhook-Topic")), body,
                   strlen(body), &d);
        assert_int_equal(d.n_wakes, want->n);
        for (int k = 0; k < want->n; k++) {
            assert_int_equal(d.wakes[k].kind, want->wakes[k].kind);
            assert_int_equal(d.wakes[k].remote_id, want->wakes[k].remote_id);
        }
        recording_done(&r);
    }
}

static void the_recorded_ping(void **state) {
    struct recording r;
    int64_t id;
    (void)state;
    recording_read("hpos-webhook-delivery-ping", &r);
    const char *body = json_string(json_path(r.root, "request.body_raw"));
    assert_int_equal(topic_ping(body, strlen(body), &id), 0);
    assert_int_equal(id, 1);
    recording_done(&r);
}

static void what_is_no_ping(void **state) {
    static const char *const bodies[] = {
        "",
        "webhook_id=",
        "webhook_id=0",
        "webhook_id=-1",
        "webhook_id=1x",
        "webhook_id=1&a=b",
        "webhook_id=9007199254740992",
        "webhook_id=99999999999999999999999999",
        "webhook_i",
        "{\"id\":1}",
    };
    int64_t id = 7;
    (void)state;
    for (size_t i = 0; i < sizeof bodies / sizeof *bodies; i++)
        assert_int_equal(topic_ping(bodies[i], strlen(bodies[i]), &id),
                         ERR_INVALID);
    assert_int_equal(topic_ping("webhook_id=1\0", 13, &id), ERR_INVALID);
    assert_int_equal(id, 7);
    assert_int_equal(topic_ping("webhook_id=9007199254740991", 27, &id), 0);
    assert_int_equal(id, 9007199254740991);
}

static int wakes(const char *topic, const char *body) {
    struct delivery d;
    topic_read(topic, body, strlen(body), &d);
    return d.n_wakes;
}

static void topics_and_members(void **state) {
    (void)state;
    assert_int_equal(wakes("order.restored", "{\"id\":1}"), 1);
    assert_int_equal(wakes("product.restored", "{\"id\":1}"), 2);
    assert_int_equal(wakes("product.created", "{\"id\":1}"), 1);
    assert_int_equal(wakes("customer.updated", "{\"id\":\"1\"}"), 1);
    assert_int_equal(wakes("action.woocommerce_delete_order", "{\"arg\":1}"),
                     1);
    assert_int_equal(
        wakes("action.woocommerce_delete_order_refund", "{\"arg\":1}"), 1);
    assert_int_equal(wakes("action.woocommerce_delete_product", "{\"arg\":1}"),
                     1);
    /* the other member, other topics, other writings of them */
    assert_int_equal(wakes("action.woocommerce_delete_order", "{\"id\":1}"), 0);
    assert_int_equal(wakes("order.updated", "{\"arg\":1}"), 0);
    assert_int_equal(wakes("order.updated", "{\"ID\":1}"), 0);
    assert_int_equal(wakes("coupon.updated", "{\"id\":1}"), 0);
    assert_int_equal(wakes("orders.updated", "{\"id\":1}"), 0);
    assert_int_equal(wakes("action.woocommerce_delete_orders", "{\"arg\":1}"),
                     0);
    assert_int_equal(wakes("", "{\"id\":1}"), 0);
}

static void hostile_ids_wake_nothing(void **state) {
    static const char *const bodies[] = {
        "{\"id\":0}",
        "{\"id\":-1}",
        "{\"id\":1.5}",
        "{\"id\":9007199254740993}",
        "{\"id\":1e300}",
        "{\"id\":[]}",
        "{\"id\":{\"id\":1}}",
        "{\"id\":null}",
        "{\"id\":\"x\"}",
        "{}",
        "[{\"id\":1}]",
        "",
        "{\"id\":1",
        "{\"id\":1}{\"id\":2}",
        "\xff\xfe",
    };
    (void)state;
    for (size_t i = 0; i < sizeof bodies / sizeof *bodies; i++)
        assert_int_equal(wakes("order.updated", bodies[i]), 0);
}

static void digests_tell_deliveries_apart(void **state) {
    struct delivery a, b;
    (void)state;
    topic_read("order.updated", "{\"id\":1}", 8, &a);
    topic_read("order.updated", "{\"id\":1}", 8, &b);
    assert_memory_equal(a.digest, b.digest, sizeof a.digest);
    topic_read("order.created", "{\"id\":1}", 8, &b);
    assert_memory_not_equal(a.digest, b.digest, sizeof a.digest);
    topic_read("order.updated", "{\"id\":1} ", 9, &b);
    assert_memory_not_equal(a.digest, b.digest, sizeof a.digest);
}

static void the_change_is_dated(void **state) {
    struct delivery d;
    const char *body =
        "{\"id\":1,\"date_modified_gmt\":\"2026-11-22T12:26:55\"}";
    (void)state;
    topic_read("product.updated", body, strlen(body), &d);
    assert_int_equal(d.changed_ms, 1795350415000);
    body = "{\"id\":1,\"date_modified_gmt\":\"yesterday\"}";
    topic_read("product.updated", body, strlen(body), &d);
    assert_int_equal(d.changed_ms, 0);
    assert_int_equal(d.n_wakes, 1);
}

static void a_long_topic_is_cut(void **state) {
    struct delivery d;
    char topic[4096];
    (void)state;
    memset(topic, 'a', sizeof topic - 1);
    topic[sizeof topic - 1] = 0;
    topic_read(topic, "{\"id\":1}", 8, &d);
    assert_int_equal(strlen(d.topic), sizeof d.topic - 1);
    assert_int_equal(d.n_wakes, 0);
}

static void sources(void **state) {
    const char *url = "https://shop.example.test/de";
    const char *home = "https://www.shop.example.test";
    (void)state;
    assert_true(topic_source_is("https://shop.example.test/de", url, home));
    assert_true(topic_source_is("https://SHOP.example.test/de//", url, home));
    assert_true(topic_source_is("http://shop.example.test/de/", url, home));
    assert_true(topic_source_is("https://www.shop.example.test/", url, home));
    assert_false(topic_source_is("https://shop.example.test/", url, home));
    assert_false(topic_source_is("https://staging.example.test/", url, home));
    assert_false(topic_source_is("https://shop.example.test.evil/", url, home));
    assert_false(topic_source_is("https://", url, ""));
    assert_false(topic_source_is("", url, ""));
}

static void signatures(void **state) {
    const char *good = "SZKic/pR6TawHKJN5NZ2hjdFRqz0PrmuvZ7zoAbNYm0=";
    const char *s = "whsec-example-123";
    char bad[64];
    (void)state;
    assert_true(topic_signed(good, s, strlen(s), "{\"id\":503}", 10));
    for (size_t i = 0; i < strlen(good); i++) {
        (void)str_copy(bad, sizeof bad, good);
        bad[i] = bad[i] == 'A' ? 'B' : 'A';
        assert_false(topic_signed(bad, s, strlen(s), "{\"id\":503}", 10));
    }
    assert_false(topic_signed("", s, strlen(s), "{\"id\":503}", 10));
    (void)str_format(bad, sizeof bad, "%s ", good);
    assert_false(topic_signed(bad, s, strlen(s), "{\"id\":503}", 10));
    assert_false(topic_signed(good, s, strlen(s), "{\"id\":504}", 10));
    assert_false(topic_signed(good, s, strlen(s) - 1, "{\"id\":503}", 10));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(recorded_deliveries),
        cmocka_unit_test(the_recorded_ping),
        cmocka_unit_test(what_is_no_ping),
        cmocka_unit_test(topics_and_members),
        cmocka_unit_test(hostile_ids_wake_nothing),
        cmocka_unit_test(digests_tell_deliveries_apart),
        cmocka_unit_test(the_change_is_dated),
        cmocka_unit_test(a_long_topic_is_cut),
        cmocka_unit_test(sources),
        cmocka_unit_test(signatures),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
