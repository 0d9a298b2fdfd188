#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "common/err.h"
#include "common/str.h"

static void assert_i64(const char *s, int64_t min, int64_t max, int rc,
                       int64_t want) {
    int64_t v = -77;
    assert_int_equal(str_to_i64(s, min, max, &v), rc);
    assert_int_equal(v, rc < 0 ? -77 : want);
}

static void integers_parse_whole_or_not(void **state) {
    (void)state;
    const int64_t lo = INT64_MIN, hi = INT64_MAX;
    assert_i64("0", lo, hi, 0, 0);
    assert_i64("-0", lo, hi, 0, 0);
    assert_i64("9223372036854775807", lo, hi, 0, INT64_MAX);
    assert_i64("-9223372036854775808", lo, hi, 0, INT64_MIN);
    assert_i64("9223372036854775808", lo, hi, ERR_RANGE, 0);
    assert_i64("-9223372036854775809", lo, hi, ERR_RANGE, 0);
    assert_i64("99999999999999999999999", lo, hi, ERR_RANGE, 0);
    assert_i64("11", 1, 10, ERR_RANGE, 0);
    assert_i64("0", 1, 10, ERR_RANGE, 0);
    static const char *const wrong[] = {"",   "-",   "+1",  " 1",  "1 ",
                                        "1x", "0x1", "1e3", "1.0", "--1"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        assert_i64(wrong[i], lo, hi, ERR_INVALID, 0);
    assert_i64("99999999999999999999999x", lo, hi, ERR_INVALID, 0);
    assert_i64(NULL, lo, hi, ERR_INVALID, 0);
}

static void booleans_have_eight_words(void **state) {
    (void)state;
    bool b = false;
    assert_int_equal(str_to_bool("on", &b), 0);
    assert_true(b);
    assert_int_equal(str_to_bool("0", &b), 0);
    assert_false(b);
    assert_int_equal(str_to_bool("yes", &b), 0);
    assert_true(b);
    assert_int_equal(str_to_bool("Yes", &b), ERR_INVALID);
    assert_int_equal(str_to_bool("", &b), ERR_INVALID);
    assert_int_equal(str_to_bool(NULL, &b), ERR_INVALID);
    assert_true(b);
}

static void assert_duration(const char *s, int rc, int64_t want) {
    int64_t v = -77;
    assert_int_equal(str_to_duration(s, &v), rc);
    assert_int_equal(v, rc < 0 ? -77 : want);
}

static void durations_have_units(void **state) {
    (void)state;
    assert_duration("0", 0, 0);
    assert_duration("90", 0, 90);
    assert_duration("90s", 0, 90);
    assert_duration("5m", 0, 300);
    assert_duration("2h", 0, 7200);
    assert_duration("3d", 0, 259200);
    assert_duration("1w", 0, 604800);
    assert_duration("3650d", 0, 315360000);
    assert_duration("600w", ERR_RANGE, 0);
    assert_duration("99999999999999999999", ERR_RANGE, 0);
    assert_duration("9223372036854775807w", ERR_RANGE, 0);
    static const char *const wrong[] = {"",    "s",   "-1",  "1y",
                                        "1 m", "1mm", "1.5h"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        assert_duration(wrong[i], ERR_INVALID, 0);
}

static void comparisons(void **state) {
    (void)state;
    assert_true(str_eq("a", "a"));
    assert_false(str_eq("a", "b"));
    assert_true(str_eq(NULL, NULL));
    assert_false(str_eq(NULL, ""));
    assert_true(str_empty(NULL));
    assert_true(str_empty(""));
    assert_false(str_empty(" "));
    assert_true(str_starts("alpine", "alp"));
    assert_false(str_starts("al", "alp"));
    assert_true(str_ends("a.gz", ".gz"));
    assert_false(str_ends("gz", ".gz"));
}

static void formatting_tells_when_it_cut(void **state) {
    (void)state;
    char d[6];
    assert_int_equal(str_format(d, sizeof d, "%d", 12345), 0);
    assert_string_equal(d, "12345");
    assert_int_equal(str_format(d, sizeof d, "%d", 123456), ERR_RANGE);
    assert_string_equal(d, "12345");
}

static void copies_never_split_a_character(void **state) {
    (void)state;
    const char *src = "aü€😀";
    char d[16];
    static const size_t want[] = {0, 0, 1, 1, 3, 3, 3, 6, 6, 6, 6, 10, 10};
    for (size_t size = 0; size < sizeof want / sizeof *want; size++) {
        assert_int_equal(str_copy(d, size, src), want[size]);
        if (size)
            assert_int_equal(strlen(d), want[size]);
    }
}

static void store_names(void **state) {
    (void)state;
    assert_true(str_is_store_name("a"));
    assert_true(str_is_store_name("alpine-2"));
    assert_true(str_is_store_name("a1234567890123456789012345678901"));
    assert_false(str_is_store_name("a12345678901234567890123456789012"));
    assert_false(str_is_store_name(""));
    assert_false(str_is_store_name("2a"));
    assert_false(str_is_store_name("-a"));
    assert_false(str_is_store_name("aB"));
    assert_false(str_is_store_name("a/b"));
    assert_false(str_is_store_name("a\n"));
    assert_false(str_is_store_name(NULL));
}

static void globs(void **state) {
    (void)state;
    assert_true(str_glob("*", ""));
    assert_true(str_glob("orders.*", "orders.list"));
    assert_true(str_glob("*.l?st", "orders.list"));
    assert_true(str_glob("a*b*c", "axxbyybc"));
    assert_false(str_glob("a*b*c", "axxbyyb"));
    assert_false(str_glob("?", ""));
    assert_false(str_glob("abc", "ab"));
    assert_false(str_glob("ab", "abc"));
}

static void a_hostile_glob_ends(void **state) {
    (void)state;
    static char pattern[2001], txt[20001];
    for (size_t i = 0; i < 2000; i += 2)
        memcpy(pattern + i, "*a", 2);
    memset(txt, 'a', 20000);
    txt[19999] = 'b';
    assert_false(str_glob(pattern, txt));
}

static void distances(void **state) {
    (void)state;
    assert_int_equal(str_distance("", ""), 0);
    assert_int_equal(str_distance("orders", "orders"), 0);
    assert_int_equal(str_distance("order", "orders"), 1);
    assert_int_equal(str_distance("odrers", "orders"), 1);
    assert_int_equal(str_distance("kitten", "sitting"), 3);
    assert_int_equal(str_distance("ca", "abc"), 3);
    assert_int_equal(str_distance("", "abc"), 3);
    assert_int_equal(str_distance("abc", ""), 3);
    assert_int_equal(str_distance("aaaaaaaaaaaaaaaa", "bbbbbbbbbbbbbbbb"), 9);
    char a[200] = {0};
    memset(a, 'x', sizeof a - 1);
    assert_int_equal(str_distance(a, a), 0);
    assert_int_equal(str_distance(a, "x"), 9);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(integers_parse_whole_or_not),
        cmocka_unit_test(booleans_have_eight_words),
        cmocka_unit_test(durations_have_units),
        cmocka_unit_test(comparisons),
        cmocka_unit_test(formatting_tells_when_it_cut),
        cmocka_unit_test(copies_never_split_a_character),
        cmocka_unit_test(store_names),
        cmocka_unit_test(globs),
        cmocka_unit_test(a_hostile_glob_ends),
        cmocka_unit_test(distances),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
