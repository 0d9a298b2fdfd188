/* Every recorded error has its class; so has what stands in front of shops. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "common/arena.h"
#include "common/buf.h"
#include "common/err.h"
#include "common/str.h"
#include "shop/classify.h"
#include "tests/lib/recording.h"

/* err-*: what each must be; the first pattern that fits. */
static const struct {
    const char *name;
    int code;
} expected[] = {
    {"err-auth-readonly-*", ERR_SHOP_PERMISSION},
    {"err-auth-*", ERR_SHOP_AUTH},
    {"err-500-*", ERR_SHOP_BUSY},
    {"err-503-*", ERR_SHOP_BUSY},
    {"err-414-*", ERR_SHOP_INVALID},
    {"err-no-route", ERR_SHOP_NOT_WOO},
    {"err-no-namespace", ERR_SHOP_NOT_WOO},
    {"err-fulfillments-feature-off", ERR_SHOP_NOT_WOO},
    {"err-fulfillment-deleted-get", ERR_SHOP_NOT_FOUND},
    {"err-fulfillment-unknown-order", ERR_SHOP_NOT_FOUND},
    {"err-variation-put-via-products", ERR_SHOP_NOT_FOUND},
    {"err-variation-*", ERR_SHOP_NOT_FOUND},
    {"err-*-unknown-get", ERR_SHOP_NOT_FOUND},
    {"err-*-unknown-put", ERR_SHOP_NOT_FOUND},
    {"err-*-deleted-*", ERR_SHOP_NOT_FOUND},
    {"err-note-unknown-order", ERR_SHOP_NOT_FOUND},
    {"err-order-id-is-product", ERR_SHOP_NOT_FOUND},
    {"err-product-id-is-order", ERR_SHOP_NOT_FOUND},
    {"err-order-already-trashed", ERR_SHOP_CONFLICT},
    {"err-*-with-id", ERR_SHOP_CONFLICT},
    {"err-*-dup-*", ERR_SHOP_CONFLICT},
    {"err-*-noforce", ERR_SHOP_INVALID},
    {"err-*", ERR_SHOP_INVALID},
    {"order-decimal-qty", ERR_SHOP_INVALID},
};

static int expect(const char *name) {
    if (str_starts(name, "hpos-"))
        name += 5;
    for (size_t i = 0; i < sizeof expected / sizeof *expected; i++)
        if (str_glob(expected[i].name, name))
            return expected[i].code;
    return 0;
}

static void check(const struct recording *r, void *arg) {
    struct http_answer a;
    struct shop_verdict v;
    int *errors = arg;
    bool write = !str_eq(r->method, "GET");
    recording_answer(r, &a);
    if (strstr(r->name, "webhook-delivery") || r->body.len == 0) {
        http_answer_done(&a);
        return; /* deliveries, answers without a body */
    }
    classify(&a, write, &v);
    if (v.fault.code != expect(r->name))
        fail_msg("%s: %s, not %s (%s)", r->name, err_name(v.fault.code),
                 err_name(expect(r->name)), v.fault.text);
    if (v.fault.code) {
        ++*errors;
        assert_string_not_equal(v.fault.text, "");
        assert_string_not_equal(v.fault.hop, "");
    } else {
        assert_true(v.json.n > 0);
    }
    http_answer_done(&a);
}

static void every_recording(void **state) {
    int errors = 0;
    (void)state;
    assert_true(recording_each(check, &errors) > 250);
    assert_true(errors > 100);
}

static struct shop_fault judge(int status, const char *body, bool write) {
    struct http_answer a = {.status = status};
    struct shop_verdict v;
    buf_adds(&a.body, body);
    classify(&a, write, &v);
    http_answer_done(&a);
    return v.fault;
}

static void in_front_of_the_shop(void **state) {
    static const struct {
        int status, code;
        const char *body, *hop;
        enum shop_retry retry;
        bool server;
    } rows[] = {
        {403, ERR_SHOP_BLOCKED, "<html>Access denied | Cloudflare</html>",
         "waf", SHOP_RETRY_HUMAN, false},
        {403, ERR_SHOP_BLOCKED, "<html>no</html>", "waf", SHOP_RETRY_HUMAN,
         false},
        {200, ERR_SHOP_BLOCKED, "<html>Checking your browser</html>", "waf",
         SHOP_RETRY_HUMAN, false},
        {200, ERR_SHOP_NOT_JSON,
         "<html><form action=\"/wp-login.php\">Log in</form></html>", "json",
         SHOP_RETRY_LATER, false},
        {200, ERR_SHOP_NOT_JSON, "<html>My shop</html>", "json",
         SHOP_RETRY_LATER, false},
        {200, ERR_SHOP_NOT_JSON, "", "json", SHOP_RETRY_LATER, false},
        {200, ERR_SHOP_NOT_JSON, "[{\"id\":1},{\"id\"", "json",
         SHOP_RETRY_LATER, false},
        {401, ERR_SHOP_AUTH, "<html>401 Authorization Required</html>", "auth",
         SHOP_RETRY_HUMAN, false},
        {404, ERR_SHOP_NOT_FOUND, "<html>404</html>", "json", SHOP_RETRY_NEVER,
         false},
        {429, ERR_SHOP_THROTTLED, "<html>slow down</html>", "http",
         SHOP_RETRY_LATER, true},
        {429, ERR_SHOP_THROTTLED, "{\"code\":\"rest_no_route\"}", "shop",
         SHOP_RETRY_LATER, true},
        {502, ERR_SHOP_BUSY, "<html>502 Bad Gateway</html>", "http",
         SHOP_RETRY_LATER, true},
        {503, ERR_SHOP_BUSY, "", "http", SHOP_RETRY_LATER, true},
        {400, ERR_SHOP_INVALID, "{\"oops\":1}", "json", SHOP_RETRY_NEVER,
         false},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct shop_fault f = judge(rows[i].status, rows[i].body, false);
        if (f.code != rows[i].code || strcmp(f.hop, rows[i].hop) != 0 ||
            f.retry != rows[i].retry || f.server != rows[i].server)
            fail_msg("row %zu: %s at %s (%s)", i, err_name(f.code), f.hop,
                     f.text);
    }
}

static void notices_are_skipped(void **state) {
    struct http_answer a = {.status = 200};
    struct shop_verdict v;
    (void)state;
    buf_adds(&a.body, "<br />\n<b>Warning</b>: x in /a.php on line 3<br />\n"
                      "[{\"id\":1}]");
    classify(&a, false, &v);
    assert_int_equal(v.fault.code, 0);
    assert_true(v.noise);
    assert_int_equal(v.json.n, 10);
    assert_memory_equal(v.json.p, "[{\"id\":1}]", 10);
    http_answer_done(&a);
}

static void on_the_wire(void **state) {
    static const struct {
        enum http_error error;
        int code;
        bool unknown; /* a write may have happened */
    } rows[] = {
        {HTTP_DNS, ERR_SHOP_DNS, false},
        {HTTP_REFUSED, ERR_SHOP_REFUSED, false},
        {HTTP_TLS, ERR_SHOP_TLS, false},
        {HTTP_TIMEOUT, ERR_SHOP_TIMEOUT, true},
        {HTTP_CUT, ERR_SHOP_TIMEOUT, true},
        {HTTP_TOO_LARGE, ERR_SHOP_TOO_LARGE, true},
        {HTTP_BROKEN, ERR_SHOP_BUSY, true},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct http_answer a = {.error = rows[i].error};
        struct shop_verdict v;
        classify(&a, true, &v);
        assert_int_equal(v.fault.code, rows[i].code);
        assert_int_equal(v.fault.unknown, rows[i].unknown);
        classify(&a, false, &v);
        assert_false(v.fault.unknown);
    }
    assert_true(judge(502, "<html>", true).unknown);
    assert_true(
        judge(500, "{\"code\":\"internal_server_error\"}", true).unknown);
    assert_false(judge(400, "{\"code\":\"rest_invalid_param\"}", true).unknown);
}

/* Its words are the shop's, ours are in the reader's language. */
static void a_fault_is_told_in_every_language(void **state) {
    (void)state;
    static const struct {
        int status;
        const char *body, *en, *tr;
    } rows[] = {
        {400,
         "{\"code\":\"product_invalid_sku\",\"message\":\"No \\\"SKU\\\"\"}",
         "The shop answers 400 product_invalid_sku: No \"SKU\"",
         "Mağazanın yanıtı 400 product_invalid_sku: No \"SKU\""},
        {502, "<html>502 Bad Gateway</html>",
         "The shop's web server answers 502: 502 Bad Gateway",
         "Mağazanın web sunucusunun yanıtı 502: 502 Bad Gateway"},
        {200, "", "Not JSON came back (200): an empty body",
         "JSON olmayan bir şey geldi (200): boş bir yanıt"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct arena *a = arena_new(1024);
        AUTO_BUF struct buf b = BUF_INIT;
        struct shop_fault f = judge(rows[i].status, rows[i].body, true);
        assert_string_equal(f.text, rows[i].en);
        assert_int_equal(cause_words(fault_cause(&f, a), TEXT_TR, &b), 0);
        assert_string_equal(buf_str(&b), rows[i].tr);
        arena_free(a);
    }
    const struct http_answer cut = {.error = HTTP_TIMEOUT};
    struct shop_verdict v;
    struct arena *a = arena_new(1024);
    AUTO_BUF struct buf b = BUF_INIT;
    classify(&cut, true, &v);
    assert_true(str_starts(v.fault.text, "No answer in time: "));
    assert_int_equal(cause_words(fault_cause(&v.fault, a), TEXT_TR, &b), 0);
    assert_true(str_starts(buf_str(&b), "Zamanında yanıt gelmedi: "));
    arena_free(a);
}

static void redirects(void **state) {
    struct http_answer a = {.status = 301};
    struct shop_verdict v;
    static const char to[] = "https://other.example/\x1b[31m";
    (void)state;
    (void)http_header_add(&a, "Location", 8, to, strlen(to));
    classify(&a, false, &v);
    assert_int_equal(v.fault.code, ERR_SHOP_REDIRECT);
    assert_non_null(strstr(v.fault.text, "https://other.example/"));
    assert_null(strchr(v.fault.text, '\x1b'));
    http_answer_done(&a);
}

static void quotes_are_safe_and_short(void **state) {
    static const char evil[] = "\x1b]0;owned\x07\xff\xe2\x80\xae";
    static char body[5000];
    (void)state;
    memset(body, 'x', sizeof body - 1);
    memcpy(body, evil, sizeof evil - 1);
    struct shop_fault f = judge(200, body, false);
    assert_true(strlen(f.quote) <= 203 && strlen(f.text) < 400);
    for (const char *p = f.quote; *p; p++)
        assert_true((unsigned char)*p >= ' ' && *p != 0x7f);
    for (const char *p = f.text; *p; p++)
        assert_true((unsigned char)*p >= ' ' && *p != 0x7f);
    f = judge(404,
              "{\"code\":\"a\\u001b[2Jb\",\"message\":\"<b>x</b>\\n\\u202ey\"}",
              false);
    assert_null(strchr(f.shop_code, '\x1b'));
    assert_null(strstr(f.text, "<b>"));
    assert_null(strstr(f.text, "\xe2\x80\xae"));
}

static void retry_after(void **state) {
    static const struct {
        const char *value;
        int64_t ms;
    } rows[] = {
        {"600", 600000},
        {"0", 0},
        {"-5", -1},
        {"soon", -1},
        {"86401", -1},
        {"Sun, 22 Nov 2026 12:12:38 GMT", 38000},
        {"Sun, 22 Nov 2026 12:00:00 GMT", 0},
        {"Sun, 22 Nov 2037 12:00:00 GMT", 86400000},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct http_answer a = {0};
        (void)http_header_add(&a, "Retry-After", 11, rows[i].value,
                              strlen(rows[i].value));
        /* 2026-11-22T12:12:00Z */
        assert_int_equal(classify_retry_after(&a, INT64_C(1795349520000)),
                         rows[i].ms);
        http_answer_done(&a);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_recording),
        cmocka_unit_test(in_front_of_the_shop),
        cmocka_unit_test(notices_are_skipped),
        cmocka_unit_test(on_the_wire),
        cmocka_unit_test(a_fault_is_told_in_every_language),
        cmocka_unit_test(redirects),
        cmocka_unit_test(quotes_are_safe_and_short),
        cmocka_unit_test(retry_after),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
