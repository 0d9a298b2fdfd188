#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "common/arena.h"
#include "common/buf.h"
#include "common/err.h"
#include "common/json.h"
#include "common/str.h"
#include "tui/model.h"
#include "tui/progress.h"
#include "tui/screen.h"

static struct arena *arena;

static const struct json *parse(const char *text) {
    const struct json *v = NULL;
    assert_int_equal(json_parse(arena, text, strlen(text), NULL, &v, NULL), 0);
    return v;
}

static int setup(void **state) {
    (void)state;
    arena = arena_new(0);
    return 0;
}

static int teardown(void **state) {
    (void)state;
    arena_free(arena);
    return 0;
}

static void an_order_and_its_flags(void **state) {
    struct order_row r = {0};
    char flags[100];
    int role;
    (void)state;
    assert_int_equal(
        order_row_read(parse("{\"ref\":\"a:1\",\"status\":\"completed\","
                             "\"shopstatus\":\"processing\",\"total\":"
                             "\"1234567.5\",\"flags\":[\"late\"],\"holds\":["
                             "\"fraud\",\"address\"],\"pending\":[{\"state\":"
                             "\"queued\"},{\"state\":\"unknown\"}]}"),
                       &r),
        0);
    assert_string_equal(r.wanted, "completed");
    assert_string_equal(r.total, "1,234,567.5");
    order_row_flags(&r, flags, sizeof flags, &role);
    assert_string_equal(flags, "unknown late hold:fraud, address");
    assert_int_equal(role, ROLE_BAD);
}

static void odd_answers_are_survived(void **state) {
    static const char *const odd[] = {
        "{}",
        "[]",
        "null",
        "{\"ref\":null}",
        "{\"ref\":7,\"total\":[],\"flags\":{},\"holds\":\"x\"}",
    };
    (void)state;
    for (size_t i = 0; i < sizeof odd / sizeof *odd; i++) {
        struct order_row o = {0};
        struct product_row p = {0};
        struct customer_row c = {0};
        struct store_row s = {0};
        struct attention_row a = {0};
        assert_int_equal(order_row_read(parse(odd[i]), &o), ERR_INVALID);
        assert_int_equal(product_row_read(parse(odd[i]), &p), ERR_INVALID);
        assert_int_equal(customer_row_read(parse(odd[i]), &c), ERR_INVALID);
        assert_int_equal(store_row_read(parse(odd[i]), &s), ERR_INVALID);
        assert_int_equal(attention_row_read(parse(odd[i]), &a), ERR_INVALID);
    }
}

static void stock_in_words(void **state) {
    struct product_row r = {0};
    char text[40];
    int role;
    (void)state;
    assert_int_equal(
        product_row_read(parse("{\"ref\":\"a:1\",\"stock_quantity\":\"2\","
                               "\"stock_status\":\"instock\",\"low_stock\":"
                               "true}"),
                         &r),
        0);
    product_row_stock(&r, text, sizeof text, &role);
    assert_string_equal(text, "2 LOW");
    assert_int_equal(role, ROLE_WARN);
    str_copy(r.stock_status, sizeof r.stock_status, "outofstock");
    product_row_stock(&r, text, sizeof text, &role);
    assert_string_equal(text, "2 OUT");
    assert_int_equal(role, ROLE_BAD);
}

static void amounts_are_not_added(void **state) {
    char text[60];
    (void)state;
    model_amounts(text, sizeof text,
                  parse("{\"x\":{\"TRY\":\"148220.40\",\"EUR\":\"9.00\"}}"),
                  "x");
    assert_string_equal(text, "148,220.40 TRY  9.00 EUR");
}

static void progress_says_what_it_knows(void **state) {
    AUTO_BUF struct buf b = BUF_INIT;
    struct progress_row r;
    (void)state;
    progress_row_read(parse("{\"collection\":\"orders\",\"done\":884,"
                            "\"total\":2113,\"rate\":188,\"eta_s\":6}"),
                      &r);
    progress_bar(&b, &r, 78);
    assert_string_equal(
        buf_str(&b),
        "[#########.............]  41 %  884 of 2,113  188/s  6 s left");
    buf_clear(&b);
    progress_bar(&b, &r, 34);
    assert_string_equal(buf_str(&b), "[####......]  41 %  884 of 2,113");
    buf_clear(&b);
    progress_row_read(parse("{\"done\":5,\"total\":null}"), &r);
    progress_bar(&b, &r, 78);
    assert_string_equal(buf_str(&b), "5");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_order_and_its_flags),
        cmocka_unit_test(odd_answers_are_survived),
        cmocka_unit_test(stock_in_words),
        cmocka_unit_test(amounts_are_not_added),
        cmocka_unit_test(progress_says_what_it_knows),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
