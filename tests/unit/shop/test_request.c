/* Addresses, queries and signatures. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "common/buf.h"
#include "common/err.h"
#include "common/mem.h"
#include "common/str.h"
#include "shop/oauth.h"
#include "shop/request.h"
#include "shop/shop_call.h"
#include "shop/url.h"

static void addresses(void **state) {
    static const char *const rows[][2] = {
        {"shop.example.com", "https://shop.example.com"},
        {"  https://Shop.Example.COM/ \n", "https://shop.example.com"},
        {"http://a:8080/sub/", "http://a:8080/sub"},
        {"HTTPS://a:443", "https://a"},
        {"http://a:80/x", "http://a/x"},
        {"https://a/shop/wp-json/wc/v3/orders?x=1", "https://a/shop"},
        {"https://a/wp-admin/admin.php?page=x", "https://a"},
        {"https://a/?rest_route=/", "https://a"},
        {"https://a/#top", "https://a"},
        {"https://[::1]:8443/x", "https://[::1]:8443/x"},
        {"https://mağaza.example", "https://mağaza.example"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct url u;
        char text[600];
        struct error e;
        assert_int_equal(url_parse(rows[i][0], &u, &e), 0);
        assert_int_equal(url_format(&u, text, sizeof text), 0);
        assert_string_equal(text, rows[i][1]);
    }
}

static void bad_addresses(void **state) {
    static const char *const rows[] = {
        "",
        "   ",
        "https://",
        "ftp://a",
        "https:///x",
        "https://a b/",
        "https://u:p@a/",
        "https://a:0/",
        "https://a:70000",
        "https://a:x",
        "https://a/<x>",
        "https://a/x y",
        "file:///etc",
        "https://a\"b",
        "https://[::1",
        "javascript://a",
        "https://a:/",
        "https://a/\x01",
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct url u;
        struct error e = {0};
        if (url_parse(rows[i], &u, &e) != ERR_INVALID)
            fail_msg("accepted: %s", rows[i]);
        assert_string_not_equal(e.detail, "");
    }
}

static void encoding(void **state) {
    AUTO_BUF struct buf b = BUF_INIT;
    (void)state;
    url_encode(&b, "aZ09-._~ +:/?&=%\xc3\xa7", 18);
    assert_string_equal(b.data, "aZ09-._~%20%2B%3A%2F%3F%26%3D%25%C3%A7");
}

static void rest_urls(void **state) {
    AUTO_BUF struct buf b = BUF_INIT;
    (void)state;
    url_rest(&b, "https://a/sub", false, "/wc/v3/orders", "page=1");
    assert_string_equal(b.data, "https://a/sub/wp-json/wc/v3/orders?page=1");
    buf_clear(&b);
    url_rest(&b, "https://a", true, "/wc/v3/orders", "page=1");
    assert_string_equal(
        b.data, "https://a/?rest_route=/wc/v3/orders&_x=/wp-json/wc/&page=1");
}

/* RFC 5849, 3.4.1.1: parameters of query, header and body together. */
static void base_string_of_the_rfc(void **state) {
    AUTO_BUF struct buf b = BUF_INIT;
    (void)state;
    oauth_base(&b, "POST", "http://example.com/request",
               "b5=%3D%253D&a3=a&c%40=&a2=r%20b&"
               "oauth_consumer_key=9djdj82h48djs9d2&"
               "oauth_token=kkk9d7dh3k39sjv7&oauth_signature_method=HMAC-SHA1&"
               "oauth_timestamp=137131201&oauth_nonce=7d8f3e4a&c2=&a3=2%20q");
    assert_string_equal(
        b.data,
        "POST&http%3A%2F%2Fexample.com%2Frequest&a2%3Dr%2520b%26a3%3D2%2520q"
        "%26a3%3Da%26b5%3D%253D%25253D%26c%2540%3D%26c2%3D%26oauth_consumer_"
        "key%3D9djdj82h48djs9d2%26oauth_nonce%3D7d8f3e4a%26oauth_signature_m"
        "ethod%3DHMAC-SHA1%26oauth_timestamp%3D137131201%26oauth_token%3Dkkk"
        "9d7dh3k39sjv7");
}

/* Made with another implementation (Python's hmac). */
static void signature(void **state) {
    AUTO_BUF struct buf b = BUF_INIT;
    const struct oauth_request r = {
        .method = "GET",
        .base_url = "http://127.0.0.1:8081/wp-json/wc/v3/orders",
        .query = "per_page=1&status=a%2Cb",
        .key = "ck_demo",
        .secret = "cs_demo",
        .nonce = "abc123",
        .timestamp_s = 1795349502,
    };
    (void)state;
    oauth_query(&b, &r);
    assert_string_equal(b.data,
                        "per_page=1&status=a%2Cb&oauth_consumer_key=ck_demo&"
                        "oauth_nonce=abc123&oauth_signature_method=HMAC-SHA256&"
                        "oauth_timestamp=1795349502&oauth_signature="
                        "P1PeEFlofP5ySdFbDRaw%2BzFTx2AxmholQQZLa6zGJt0%3D");
}

static void list_requests(void **state) {
    struct shop_request r;
    const int64_t ids[] = {5, 7};
    (void)state;
    request_list(&r, COLLECTION_ORDERS, 3, 100, ORDER_BY_MODIFIED_ASC);
    request_modified_after(&r, INT64_C(1795348800000));
    request_status(&r, "any");
    assert_string_equal(r.path, "/wc/v3/orders");
    assert_string_equal(r.query,
                        "page=3&per_page=100&orderby=modified&order=asc&"
                        "modified_after=2026-11-22T12%3A00%3A00Z&status=any");
    assert_int_equal(r.cls, REQUEST_PAGE);
    request_list(&r, COLLECTION_CUSTOMERS, 1, 10, ORDER_BY_ID_ASC);
    assert_non_null(strstr(r.query, "role=all"));
    request_init(&r, HTTP_GET, collection_path(COLLECTION_PRODUCTS));
    request_include(&r, ids, 2);
    request_fields(&r, "id");
    assert_string_equal(r.query, "include=5%2C7&per_page=2&_fields=id");
    assert_int_equal(r.cls, REQUEST_IDS);
}

static void single_requests(void **state) {
    struct shop_request r;
    (void)state;
    request_one(&r, COLLECTION_ORDERS, 0, 12);
    assert_string_equal(r.path, "/wc/v3/orders/12");
    request_one(&r, COLLECTION_VARIATIONS, 4, 12);
    assert_string_equal(r.path, "/wc/v3/products/4/variations/12");
    request_one(&r, COLLECTION_VARIATIONS, 0, 12);
    assert_string_equal(r.path, "/wc/v3/products/12");
    request_one(&r, COLLECTION_REFUNDS, 4, 12);
    assert_string_equal(r.path, "/wc/v3/orders/4/refunds/12");
    request_one(&r, COLLECTION_CATEGORIES, 0, 3);
    assert_string_equal(r.path, "/wc/v3/products/categories/3");
    request_notes(&r, 9);
    assert_string_equal(r.path, "/wc/v3/orders/9/notes");
}

static void too_long(void **state) {
    static char value[REQUEST_QUERY];
    struct shop_request r;
    (void)state;
    memset(value, 'a', sizeof value - 1);
    request_init(&r, HTTP_GET, "/x");
    request_param(&r, "search", value);
    assert_true(r.overflowed);
    request_init(&r, HTTP_GET, value);
    assert_true(r.overflowed);
}

static int64_t clock_now(void *self) {
    (void)self;
    return INT64_C(1795349502000);
}

static void fives(void *self, void *dst, size_t n) {
    (void)self;
    memset(dst, 5, n);
}

static const struct env env = {.now = clock_now, .random = fives};

static void sign(const struct shop_config *c, enum http_method m,
                 struct shop_sign *s, struct http_request *ret) {
    struct shop_request r;
    request_init(&r, m, "/wc/v3/orders");
    request_param_i64(&r, "page", 1);
    shop_sign(c, &env, &r, s, ret);
}

static void basic_and_query(void **state) {
    struct shop_config c = {.url = "https://a", .key = "ck", .secret = "c s"};
    struct shop_sign s;
    struct http_request r;
    (void)state;
    sign(&c, HTTP_GET, &s, &r);
    assert_string_equal(
        r.url, "https://a/wp-json/wc/v3/orders?page=1&_fx=5050505050505");
    assert_string_equal(r.user, "ck");
    assert_string_equal(r.password, "c s");
    shop_sign_done(&s);
    c.auth = SHOP_QUERY;
    c.route = true;
    sign(&c, HTTP_PUT, &s, &r);
    assert_string_equal(r.url,
                        "https://a/?rest_route=/wc/v3/orders&_x=/wp-json/wc/&"
                        "page=1&consumer_key=ck&consumer_secret=c%20s");
    assert_null(r.user);
    assert_string_equal(r.headers[r.n_headers - 1].name, "Content-Type");
    shop_sign_done(&s);
}

/* The shop verifies what it believes: its home, its path, every parameter. */
static void oauth_of_a_route_shop(void **state) {
    struct shop_config c = {.url = "http://localhost:81",
                            .home = "http://127.0.0.1:81",
                            .key = "ck",
                            .secret = "cs",
                            .auth = SHOP_OAUTH,
                            .route = true};
    AUTO_BUF struct buf base = BUF_INIT;
    AUTO_BUF struct buf expected = BUF_INIT;
    struct shop_sign s;
    struct http_request r;
    char want[OAUTH_SIGNATURE];
    (void)state;
    sign(&c, HTTP_GET, &s, &r);
    static const char head[] =
        "http://localhost:81/?rest_route=/wc/v3/orders&_x=/wp-json/wc/&";
    assert_true(str_starts(r.url, head));
    char *rest = mem_dup(r.url + strlen(head));
    char *sig = strstr(rest, "&oauth_signature=");
    assert_non_null(sig);
    *sig = 0;
    buf_addf(&expected,
             "rest_route=%%2Fwc%%2Fv3%%2Forders&_x=%%2Fwp-json"
             "%%2Fwc%%2F&%s",
             rest);
    oauth_base(&base, "GET", "http://127.0.0.1:81", expected.data);
    oauth_sign("cs", base.data, base.len, want);
    buf_clear(&expected);
    url_encode(&expected, want, strlen(want));
    assert_string_equal(sig + strlen("&oauth_signature="), expected.data);
    assert_null(r.user);
    free(rest);
    shop_sign_done(&s);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(addresses),
        cmocka_unit_test(bad_addresses),
        cmocka_unit_test(encoding),
        cmocka_unit_test(rest_urls),
        cmocka_unit_test(base_string_of_the_rfc),
        cmocka_unit_test(signature),
        cmocka_unit_test(list_requests),
        cmocka_unit_test(single_requests),
        cmocka_unit_test(too_long),
        cmocka_unit_test(basic_and_query),
        cmocka_unit_test(oauth_of_a_route_shop),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
