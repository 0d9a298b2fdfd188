/* Paging, totals, filters and the time zone trap. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "tests/shop/demo.h"
#include "tests/unit/demo/client.h"

static struct demo_shop *shop_start(bool hpos) {
    const struct demo_options o = {.hpos = hpos,
                                   .seed = 3,
                                   .orders = 120,
                                   .products = 24,
                                   .customers = 15,
                                   .now_s = 1795000000,
                                   .trust_http = true};
    struct demo_shop *s = demo_shop_start(&o);
    assert_non_null(s);
    return s;
}

/* Rows of a list; *ret_total gets X-WP-Total. */
static size_t rows(struct demo_shop *s, const char *query, long *ret_total) {
    char target[400], text[32];
    struct arena *a = arena_new(0);
    (void)snprintf(target, sizeof target, "/wp-json/wc/v3/%s", query);
    struct answer got = client_call(demo_shop_port(s), "GET", target, NULL);
    assert_int_equal(got.status, 200);
    size_t n = node_count(answer_json(&got, a));
    if (ret_total && answer_header(&got, "X-WP-Total", text, sizeof text))
        (void)sscanf(text, "%ld", ret_total);
    answer_done(&got);
    arena_free(a);
    return n;
}

static void test_pages(void **state) {
    (void)state;
    struct demo_shop *s = shop_start(false);
    long total = -1;
    assert_int_equal(rows(s, "orders?per_page=100", &total), 100);
    assert_int_equal(total, 120);
    assert_int_equal(rows(s, "orders?per_page=100&page=2", &total), 20);
    assert_int_equal(rows(s, "orders?per_page=50&offset=100", &total), 20);
    assert_int_equal(rows(s, "orders", &total), 10);
    demo_shop_stop(s);
}

static void test_beyond_the_end(void **state) {
    (void)state;
    long total = -1;
    struct demo_shop *s = shop_start(false);
    assert_int_equal(rows(s, "orders?page=9999", &total), 0);
    assert_int_equal(total, 120);
    demo_shop_stop(s);
    s = shop_start(true);
    assert_int_equal(rows(s, "orders?page=9999", &total), 0);
    assert_int_equal(total, 0);
    demo_shop_stop(s);
}

static void edit(struct demo_shop *s, const char *body) {
    struct answer a =
        client_call(demo_shop_port(s), "POST", "/__demo/edit", body);
    assert_int_equal(a.status, 200);
    answer_done(&a);
}

static int64_t last_order(struct demo_shop *s) {
    struct arena *a = arena_new(0);
    struct answer got =
        client_call(demo_shop_port(s), "GET",
                    "/wp-json/wc/v3/orders?per_page=1&orderby=id", NULL);
    int64_t id = node_i64(node_get(answer_json(&got, a)->child, "id"), 0);
    answer_done(&got);
    arena_free(a);
    return id;
}

/* 12:00:00 UTC is 15:00:00 in the shop's zone. */
static void test_time_zone_trap(void **state) {
    char body[256];
    (void)state;
    struct demo_shop *s = shop_start(true);
    (void)snprintf(body, sizeof body,
                   "{\"kind\":\"orders\",\"id\":%lld,\"patch\":{"
                   "\"date_modified_gmt\":\"2027-03-01T12:00:00\"}}",
                   (long long)last_order(s));
    edit(s, body);
    static const struct {
        const char *query;
        size_t n;
    } table[] = {
        {"2027-03-01T11:59:59Z", 1},
        {"2027-03-01T12:00:00Z", 0}, /* exclusive */
        {"2027-03-01T11:59:59&dates_are_gmt=true", 1},
        {"2027-03-01T12:00:00&dates_are_gmt=true", 0},
        {"2027-03-01T14:59:59", 1}, /* naive = site time */
        {"2027-03-01T15:00:00", 0},
        {"2027-03-01T11:59:59.123Z", 1},
        {"2027-03-01T14:59:59%2B03:00", 1},
        /* both together: shifted by the offset, the row is lost */
        {"2027-03-01T11:59:59Z&dates_are_gmt=true", 0},
        {"2027-03-01T08:59:59Z&dates_are_gmt=true", 1},
    };
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        char query[200];
        (void)snprintf(query, sizeof query, "orders?modified_after=%s",
                       table[i].query);
        size_t n = rows(s, query, NULL);
        if (n != table[i].n)
            print_error("%s\n", table[i].query);
        assert_int_equal(n, table[i].n);
    }
    demo_shop_stop(s);
}

/* A note and an address move no date on posts, a status does; order tables
 * move it with each save. */
static void test_what_moves_the_date(void **state) {
    (void)state;
    for (int hpos = 0; hpos < 2; hpos++) {
        char target[96];
        struct demo_shop *s = shop_start(hpos);
        int port = demo_shop_port(s);
        (void)snprintf(target, sizeof target, "/wp-json/wc/v3/orders/%lld",
                       (long long)last_order(s));
        static const char q[] = "orders?modified_after=2026-11-25T00:00:00Z";
        struct answer a =
            client_call(port, "POST", "/__demo/clock", "{\"jump_s\":31536000}");
        answer_done(&a);
        a = client_call(port, "PUT", target,
                        "{\"billing\":{\"city\":\"\\u0130zmir\"}}");
        assert_int_equal(a.status, 200);
        answer_done(&a);
        assert_int_equal(rows(s, q, NULL), hpos ? 1 : 0);
        a = client_call(port, "PUT", target, "{\"customer_note\":\"new\"}");
        answer_done(&a);
        assert_int_equal(rows(s, q, NULL), 1);
        demo_shop_stop(s);
    }
}

static void test_trash_and_status(void **state) {
    char target[96];
    (void)state;
    struct demo_shop *s = shop_start(false);
    (void)snprintf(target, sizeof target, "/wp-json/wc/v3/orders/%lld",
                   (long long)last_order(s));
    struct answer a = client_call(demo_shop_port(s), "DELETE", target, NULL);
    assert_int_equal(a.status, 200);
    answer_done(&a);
    long total = 0;
    (void)rows(s, "orders", &total);
    assert_int_equal(total, 119);
    assert_int_equal(rows(s, "orders?status=trash", NULL), 1);
    (void)rows(s, "orders?status=any,trash", &total);
    assert_int_equal(total, 119);
    demo_shop_stop(s);
}

/* The Link header repeats the query: 150 long ids do not fit into nginx. */
static void test_long_include_is_502(void **state) {
    char target[2000];
    (void)state;
    struct demo_shop *s = shop_start(false);
    for (int many = 0; many < 2; many++) {
        size_t n = (size_t)snprintf(
            target, sizeof target,
            "/wp-json/wc/v3/orders?per_page=1&page=2&include=");
        for (int i = 0; i < (many ? 150 : 50); i++)
            n += (size_t)snprintf(target + n, sizeof target - n, "%d,",
                                  1000100 + i);
        struct answer a = client_call(demo_shop_port(s), "GET", target, NULL);
        assert_int_equal(a.status, many ? 502 : 200);
        answer_done(&a);
    }
    demo_shop_stop(s);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_pages),
        cmocka_unit_test(test_beyond_the_end),
        cmocka_unit_test(test_time_zone_trap),
        cmocka_unit_test(test_what_moves_the_date),
        cmocka_unit_test(test_trash_and_status),
        cmocka_unit_test(test_long_include_is_502),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
