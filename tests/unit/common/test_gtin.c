/* One number of goods in all its spellings. */
#include "tests/lib/test.h"

#include "common/err.h"
#include "common/gtin.h"

static const char *key(const char *code) {
    static char dst[GTIN_TEXT];
    return gtin_key(dst, code);
}

static void zeros_in_front_are_nothing(void **state) {
    (void)state;
    assert_string_equal(key("036000291452"), "36000291452");
    assert_string_equal(key("0036000291452"), "36000291452");
    assert_string_equal(key("00036000291452"), "36000291452");
    assert_true(gtin_same("036000291452", "0036000291452"));
    assert_true(gtin_same("00036000291452", "036000291452"));
    assert_false(gtin_same("036000291452", "136000291452"));
}

static void hyphens_and_blanks_are_people_s(void **state) {
    (void)state;
    assert_true(gtin_same("978-3-16-148410-0", "9783161484100"));
    assert_true(gtin_same("0 36000 29145 2", "036000291452"));
}

static void what_is_no_number_is_nothing(void **state) {
    static const char *const none[] = {
        "",         "AO-00034",     "1234567", "123456789012345",
        "00000000", "03600029145X", "- -"};
    (void)state;
    for (size_t i = 0; i < sizeof none / sizeof *none; i++) {
        assert_string_equal(key(none[i]), "");
        assert_int_equal(gtin_same(none[i], none[i]), *none[i] != '\0');
        assert_false(gtin_same(none[i], "036000291452"));
    }
}

/* What a shop is given is a number that can be scanned. */
static void a_mistyped_digit_is_found(void **state) {
    static const char *const good[][2] = {
        {"96385074", "96385074"},
        {"036000291452", "036000291452"},
        {"4006381333931", "4006381333931"},
        {"978-3-16-148410-0", "9783161484100"},
        {"1 0012345 67890 2", "10012345678902"},
    };
    static const struct {
        const char *code;
        int rc;
    } bad[] = {{"4006381333932", ERR_RANGE},     {"4006383133931", ERR_RANGE},
               {"96385075", ERR_RANGE},          {"36000291452", ERR_INVALID},
               {"123456789", ERR_INVALID},       {"", ERR_INVALID},
               {"400638133393X", ERR_INVALID},   {"3-16-148410-0", ERR_INVALID},
               {"123456789012345", ERR_INVALID}, {"00000000", ERR_INVALID}};
    char dst[GTIN_TEXT] = "as it was";
    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_int_equal(gtin_digits(dst, bad[i].code), bad[i].rc);
    assert_string_equal(dst, "as it was");
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        assert_int_equal(gtin_digits(dst, good[i][0]), 0);
        assert_string_equal(dst, good[i][1]);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(zeros_in_front_are_nothing),
        cmocka_unit_test(hyphens_and_blanks_are_people_s),
        cmocka_unit_test(what_is_no_number_is_nothing),
        cmocka_unit_test(a_mistyped_digit_is_found),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
