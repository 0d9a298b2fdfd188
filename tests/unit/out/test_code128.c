/* Code 128: known symbols, and reading back what was drawn. */
#include <string.h>

#include "daemon/out/pdf/code128.h"
#include "tests/lib/test.h"

static void known_symbols(void **state) {
    /* Start B, P J J, 123C: with Start A the sum is 54. */
    static const uint8_t want[] = {104, 48, 42, 42, 17, 18, 19, 35, 55, 106};
    uint8_t got[CODE128_SYMBOLS];
    (void)state;
    assert_int_equal(code128_symbols("PJJ123C", got), sizeof want);
    unsigned sum = 104;
    for (unsigned i = 1; i <= 7; i++)
        sum += i * want[i];
    assert_int_equal(sum % 103, want[8]);
    assert_memory_equal(got, want, sizeof want);
}

static void digits_go_by_two(void **state) {
    static const uint8_t all[] = {105, 12, 34, 56, 44, 106};
    static const uint8_t mixed[] = {104, 65, 99, 12, 34, 100, 21, 66, 31, 106};
    uint8_t got[CODE128_SYMBOLS];
    (void)state;
    assert_int_equal(code128_symbols("123456", got), sizeof all);
    assert_memory_equal(got, all, sizeof all);
    assert_int_equal(code128_symbols("a12345b", got), sizeof mixed);
    assert_memory_equal(got, mixed, 8);
    assert_int_equal(code128_symbols("a123b", got), 8); /* three: no switch */
}

static void what_it_cannot_say_is_refused(void **state) {
    uint8_t got[CODE128_SYMBOLS], widths[CODE128_WIDTHS];
    char longest[CODE128_TEXT + 2];
    int modules;
    (void)state;
    assert_int_equal(code128_symbols("", got), 0);
    assert_int_equal(code128_symbols("\xC3\xBC", got), 0);
    assert_int_equal(code128_symbols("a\tb", got), 0);
    memset(longest, 'x', sizeof longest);
    longest[CODE128_TEXT + 1] = '\0';
    assert_int_equal(code128_symbols(longest, got), 0);
    longest[CODE128_TEXT] = '\0';
    assert_int_equal(code128_symbols(longest, got), CODE128_TEXT + 3);
    assert_int_equal(code128_widths(longest, widths, &modules),
                     (CODE128_TEXT + 2) * 6 + 7);
    assert_int_equal(modules, (CODE128_TEXT + 2) * 11 + 13);
    /* the most switches there can be */
    for (size_t i = 0; i < CODE128_TEXT; i++)
        longest[i] = i % 5 == 4 ? 'x' : '1';
    size_t n = code128_symbols(longest, got);
    assert_true(n > 0 && n <= CODE128_SYMBOLS);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(known_symbols),
        cmocka_unit_test(digits_go_by_two),
        cmocka_unit_test(what_it_cannot_say_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
