/* The command of the other end: words and nothing else. Getting out is tried in
 * tests/integration/test_captive.sh. */
#include "test.h"

#include <stdlib.h>
#include <string.h>

#include "common/buf.h"
#include "common/str.h"
#include "tui/captive.h"

/* The words of text, joined by '|'; "-" when it is refused. */
static const char *split(const char *text) {
    static struct buf out;
    char copy[256];
    char *words[8];
    assert_int_equal(str_copy(copy, sizeof copy, text), strlen(text));
    int n = captive_split(copy, words, 8);
    buf_done(&out);
    for (int i = 0; i < n; i++)
        buf_addf(&out, "%s%s", i ? "|" : "", words[i]);
    return n < 0 ? "-" : buf_str(&out);
}

static void words_are_cut_as_a_shell_would(void **state) {
    (void)state;
    assert_string_equal(split(""), "");
    assert_string_equal(split(" \t "), "");
    assert_string_equal(split("orders list"), "orders|list");
    assert_string_equal(split("  orders \t list "), "orders|list");
    assert_string_equal(split("a 'b c' \"d e\""), "a|b c|d e");
    assert_string_equal(split("a'b'\"c\"d"), "abcd");
    assert_string_equal(split("a\\ b \\'c"), "a b|'c");
    assert_string_equal(split("'' \"\""), "|");
    assert_string_equal(split("'a\\b'"), "a\\b");
    assert_string_equal(split("1 2 3 4 5 6 7 8"), "1|2|3|4|5|6|7|8");
}

static void nothing_is_expanded(void **state) {
    static const char *const plain[] = {"$HOME", "`id`", "$(id)", "*",
                                        "~",     ";",    "&&",    "|",
                                        ">x",    "<x",   "${IFS}"};
    (void)state;
    for (size_t i = 0; i < sizeof plain / sizeof *plain; i++)
        assert_string_equal(split(plain[i]), plain[i]);
}

static void what_is_not_whole_is_refused(void **state) {
    (void)state;
    assert_string_equal(split("'a"), "-");
    assert_string_equal(split("a \"b"), "-");
    assert_string_equal(split("1 2 3 4 5 6 7 8 9"), "-");
    assert_string_equal(split("a\\"), "a\\");
    (void)split(""); /* gives the last answer back */
}

static void nobody_is_locked_without_asking(void **state) {
    char *argv[] = {(char *)(uintptr_t) "fulexo", NULL};
    char **at = argv;
    int argc = 1;
    (void)state;
    assert_int_equal(captive_begin(&argc, &at), 0);
    assert_false(captive());
    assert_ptr_equal(at, argv);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(words_are_cut_as_a_shell_would),
        cmocka_unit_test(nothing_is_expanded),
        cmocka_unit_test(what_is_not_whole_is_refused),
        cmocka_unit_test(nobody_is_locked_without_asking),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
