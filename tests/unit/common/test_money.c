#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "common/err.h"
#include "common/money.h"

static void assert_parse(const char *s, int scale, int rc, int64_t want) {
    int64_t v = -77;
    if (money_parse(s, scale, &v) != rc)
        fail_msg("'%s' at scale %d", s ? s : "(null)", scale);
    assert_int_equal(v, rc < 0 ? -77 : want);
}

static void amounts_parse_exactly(void **state) {
    (void)state;
    assert_parse("0", 4, 0, 0);
    assert_parse("-0.00", 4, 0, 0);
    assert_parse("19.90", 4, 0, 199000);
    assert_parse("-0.0001", 4, 0, -1);
    assert_parse("007.5", 4, 0, 75000);
    assert_parse("1.00010000000", 4, 0, 10001);
    assert_parse("1.00015", 4, ERR_RANGE, 0);
    assert_parse("1.5", 0, ERR_RANGE, 0);
    assert_parse("1.0", 0, 0, 1);
    assert_parse("0.000000001", 9, 0, 1);
}

static void malformed_amounts_are_refused(void **state) {
    (void)state;
    static const char *const wrong[] = {
        "",    "-",   ".",    ".5",   "5.",  "+1",    "1,5", " 1",  "1 ",
        "1e3", "--1", "1.2.", "1..2", "NaN", "1.2.3", "0x1", "1.-5"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        assert_parse(wrong[i], 4, ERR_INVALID, 0);
    assert_parse(NULL, 4, ERR_INVALID, 0);
}

static void the_edges_of_int64(void **state) {
    (void)state;
    assert_parse("922337203685477.5807", 4, 0, INT64_MAX);
    assert_parse("922337203685477.5808", 4, ERR_RANGE, 0);
    assert_parse("-922337203685477.5808", 4, 0, INT64_MIN);
    assert_parse("-922337203685477.5809", 4, ERR_RANGE, 0);
    assert_parse("922337203685478", 4, ERR_RANGE, 0);
    assert_parse("99999999999999999999999999999999", 4, ERR_RANGE, 0);
    assert_parse("9223372036854775807", 0, 0, INT64_MAX);
}

static void assert_format(int64_t v, int scale, int decimals,
                          const char *want) {
    char d[MONEY_TEXT];
    assert_string_equal(money_format(d, v, scale, decimals), want);
}

static void formats_show_what_is_there(void **state) {
    (void)state;
    assert_format(199000, 4, 2, "19.90");
    assert_format(199050, 4, 2, "19.905");
    assert_format(199001, 4, 2, "19.9001");
    assert_format(200000, 4, 0, "20");
    assert_format(-1, 4, 2, "-0.0001");
    assert_format(0, 4, 2, "0.00");
    assert_format(5, 0, 2, "5.00");
    assert_format(INT64_MIN, 4, 2, "-922337203685477.5808");
    assert_format(INT64_MIN, 0, 99, "-9223372036854775808.0000");
    assert_format(INT64_MIN, 9, 9, "-9223372036.854775808");
    assert_format(199000, 4, -3, "19.9");
}

static void quantities_have_no_trailing_zeros(void **state) {
    (void)state;
    char d[MONEY_TEXT];
    assert_string_equal(money_format_qty(d, 3000), "3");
    assert_string_equal(money_format_qty(d, 1500), "1.5");
    assert_string_equal(money_format_qty(d, -1), "-0.001");
    assert_string_equal(money_format_qty(d, 0), "0");
}

static void people_get_separators(void **state) {
    (void)state;
    char d[MONEY_TEXT];
    assert_string_equal(money_format_human(d, 1482204000, 4, 2), "148,220.40");
    assert_string_equal(money_format_human(d, 9990000, 4, 2), "999.00");
    assert_string_equal(money_format_human(d, -10000000, 4, 2), "-1,000.00");
    assert_string_equal(money_format_human(d, INT64_MIN, 0, 99),
                        "-9,223,372,036,854,775,808.0000");
    assert_true(strlen(d) < MONEY_TEXT);
}

/* Values of every magnitude and sign survive the trip through text. */
static void round_trip(void **state) {
    (void)state;
    uint64_t x = 88172645463325252u;
    for (int i = 0; i < 200000; i++) {
        x ^= x << 13;
        x ^= x >> 7;
        x ^= x << 17;
        int64_t v = (int64_t)x >> (x % 61), back;
        int scale = (int)(x >> 8) % 10;
        scale = scale < 0 ? -scale : scale;
        char d[MONEY_TEXT];
        (void)money_format(d, v, scale, i % 12);
        assert_int_equal(money_parse(d, scale, &back), 0);
        assert_int_equal(back, v);
    }
}

static void sums_stop_at_the_edge(void **state) {
    (void)state;
    int64_t acc = INT64_MAX - 1;
    assert_true(money_add(&acc, 1));
    assert_false(money_add(&acc, 1));
    assert_int_equal(acc, INT64_MAX);
    acc = INT64_MIN;
    assert_false(money_add(&acc, -1));
    assert_int_equal(acc, INT64_MIN);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(amounts_parse_exactly),
        cmocka_unit_test(malformed_amounts_are_refused),
        cmocka_unit_test(the_edges_of_int64),
        cmocka_unit_test(formats_show_what_is_there),
        cmocka_unit_test(quantities_have_no_trailing_zeros),
        cmocka_unit_test(people_get_separators),
        cmocka_unit_test(round_trip),
        cmocka_unit_test(sums_stop_at_the_edge),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
