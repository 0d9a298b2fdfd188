/* Keys: Basic, query, OAuth 1.0a, permissions, plain permalinks. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "common/digest.h"
#include "tests/shop/demo.h"
#include "tests/unit/demo/client.h"

static struct demo_shop *shop_start(bool https, bool plain,
                                    const char *permission) {
    const struct demo_options o = {.orders = 3,
                                   .trust_http = https,
                                   .plain_permalinks = plain,
                                   .permission = permission};
    struct demo_shop *s = demo_shop_start(&o);
    assert_non_null(s);
    return s;
}

static void expect(struct demo_shop *s, const char *method, const char *target,
                   const char *headers, int status, const char *code) {
    struct arena *a = arena_new(0);
    struct answer got =
        client_send(demo_shop_port(s), method, target, headers, NULL);
    if (got.status != status)
        print_error("%s: %d %s\n", target, got.status, buf_str(&got.body));
    assert_int_equal(got.status, status);
    if (code)
        assert_string_equal(node_text(node_get(answer_json(&got, a), "code")),
                            code);
    answer_done(&got);
    arena_free(a);
}

#define ORDERS "/wp-json/wc/v3/orders"
#define VIEW "woocommerce_rest_cannot_view"
#define AUTH "woocommerce_rest_authentication_error"

static void test_basic_and_query(void **state) {
    (void)state;
    struct demo_shop *s = shop_start(true, false, NULL);
    expect(s, "GET", ORDERS, CLIENT_KEY, 200, NULL);
    expect(s, "GET", ORDERS "?consumer_key=ck_demo&consumer_secret=cs_demo", "",
           200, NULL);
    expect(s, "GET", ORDERS, "", 401, VIEW);
    expect(s, "GET", ORDERS "?consumer_key=ck_no&consumer_secret=cs_demo", "",
           401, VIEW);
    expect(s, "GET", ORDERS "?consumer_key=ck_demo&consumer_secret=no", "", 401,
           AUTH);
    expect(s, "GET", "/wp-json/", "", 200, NULL);
    demo_shop_stop(s);
    s = shop_start(false, false, NULL); /* http: ignored, like no key */
    expect(s, "GET", ORDERS, CLIENT_KEY, 401, VIEW);
    demo_shop_stop(s);
}

static void test_permission(void **state) {
    (void)state;
    struct demo_shop *s = shop_start(true, false, "read");
    expect(s, "GET", ORDERS, CLIENT_KEY, 200, NULL);
    expect(s, "POST", ORDERS, CLIENT_KEY, 401, AUTH);
    demo_shop_stop(s);
}

static void test_plain_permalinks(void **state) {
    (void)state;
    struct demo_shop *s = shop_start(true, true, NULL);
    expect(s, "GET", ORDERS, CLIENT_KEY, 301, NULL);
    expect(s, "GET", "/?rest_route=/wc/v3/orders", CLIENT_KEY, 401, VIEW);
    expect(s, "GET", "/?rest_route=/wc/v3/orders&_x=/wp-json/wc/", CLIENT_KEY,
           200, NULL);
    demo_shop_stop(s);
}

static void encode(struct buf *out, const char *p) {
    for (; *p; p++) {
        if (strchr("-_.~", *p) || (*p >= '0' && *p <= '9') ||
            ((*p | 32) >= 'a' && (*p | 32) <= 'z'))
            buf_addc(out, *p);
        else
            buf_addf(out, "%%%02X", (unsigned char)*p);
    }
}

/* "GET" of /orders with the parameters (sorted, encoded) signed. */
static void oauth(struct demo_shop *s, const char *key, const char *secret,
                  const char *method, long stamp, const char *nonce,
                  struct buf *target) {
    AUTO_BUF struct buf query = BUF_INIT;
    AUTO_BUF struct buf base = BUF_INIT;
    uint8_t mac[DIGEST_SHA256];
    char sign[64], full[64];
    buf_addf(&query,
             "oauth_consumer_key=%s&oauth_nonce=%s&oauth_signature_method=%s&"
             "oauth_timestamp=%ld&status=any%%2Ctrash",
             key, nonce, method, stamp);
    (void)snprintf(full, sizeof full, "%s" ORDERS, demo_shop_url(s));
    buf_adds(&base, "GET&");
    encode(&base, full);
    buf_addc(&base, '&');
    encode(&base, query.data);
    (void)snprintf(full, sizeof full, "%s&", secret);
    digest_hmac(full, strlen(full), base.data, base.len, mac);
    digest_base64(mac, sizeof mac, sign);
    buf_clear(target);
    buf_addf(target, ORDERS "?%s&oauth_signature=", query.data);
    encode(target, sign);
}

static void test_oauth(void **state) {
    (void)state;
    struct demo_shop *s = shop_start(false, false, NULL);
    AUTO_BUF struct buf t = BUF_INIT;
    long now = (long)time(NULL);
    static const struct {
        const char *key, *secret, *method, *nonce;
        long late;
        int status;
        const char *message;
    } table[] = {
        {"ck_demo", "cs_demo", "HMAC-SHA256", "n1", 0, 200, NULL},
        {"ck_demo", "cs_demo", "HMAC-SHA256", "n1", 1, 401,
         "Invalid nonce - nonce has already been used."},
        {"ck_demo", "cs_demo", "HMAC-SHA256", "n2", 890, 200, NULL},
        {"ck_demo", "cs_demo", "HMAC-SHA256", "n3", 910, 401,
         "Invalid timestamp."},
        {"ck_demo", "cs_demo", "HMAC-SHA512", "n4", 0, 401,
         "Invalid signature - signature method is invalid."},
        {"ck_demo", "wrong", "HMAC-SHA256", "n5", 0, 401,
         "Invalid signature - provided signature does not match."},
        {"ck_other", "cs_demo", "HMAC-SHA256", "n6", 0, 401,
         "Consumer key is invalid."},
    };
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        struct arena *a = arena_new(0);
        oauth(s, table[i].key, table[i].secret, table[i].method,
              now - table[i].late, table[i].nonce, &t);
        struct answer got =
            client_send(demo_shop_port(s), "GET", t.data, "", NULL);
        assert_int_equal(got.status, table[i].status);
        if (table[i].message)
            assert_string_equal(
                node_text(node_get(answer_json(&got, a), "message")),
                table[i].message);
        answer_done(&got);
        arena_free(a);
    }
    demo_shop_stop(s);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_basic_and_query),
        cmocka_unit_test(test_permission),
        cmocka_unit_test(test_plain_permalinks),
        cmocka_unit_test(test_oauth),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
