/* Codes that stand for acts: a prefix and a word, and nothing else is one. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "common/action_code.h"
#include "common/err.h"
#include "common/str.h"

static void every_word_is_its_code(void **state) {
    (void)state;
    for (int i = 0; i < ACTION_CODES; i++) {
        char text[64];
        const char *word = action_code_word((enum action_code)i);
        (void)str_format(text, sizeof text, ACTION_CODE_PREFIX "%s", word);
        assert_int_equal(action_code_parse(ACTION_CODE_PREFIX, text), i);
        assert_null(strchr(word, 'I'));
    }
    assert_int_equal(action_code_parse("$$/", "$$/undo"), ACTION_CODE_UNDO);
    assert_int_equal(action_code_parse("FULEXO", "fulexoDone"),
                     ACTION_CODE_DONE);
}

static void nothing_else_is_one(void **state) {
    (void)state;
    assert_int_equal(action_code_parse("FULEXO", "AO-UNDO"), ERR_NOT_FOUND);
    assert_int_equal(action_code_parse("FULEXO", "UNDO"), ERR_NOT_FOUND);
    assert_int_equal(action_code_parse("FULEXO", " FULEXOUNDO"), ERR_NOT_FOUND);
    assert_int_equal(action_code_parse("FULEXO", ""), ERR_NOT_FOUND);
    assert_int_equal(action_code_parse("", "UNDO"), ERR_NOT_FOUND);
    assert_int_equal(action_code_parse("FULEXO", "FULEXO"), ERR_INVALID);
    assert_int_equal(action_code_parse("FULEXO", "FULEXOUNDOX"), ERR_INVALID);
    assert_int_equal(action_code_parse("FULEXO", "FULEXO UNDO"), ERR_INVALID);
}

static void a_prefix_is_no_number_and_no_blank(void **state) {
    static const char *const bad[] = {
        "", "AB", "1AB", "A B", "A*BC", "ABÇ", "ABCDEFGHIJKLMNOPQ"};
    (void)state;
    assert_true(action_code_prefix_ok(ACTION_CODE_PREFIX));
    assert_true(action_code_prefix_ok("$$/"));
    assert_true(action_code_prefix_ok("A1-"));
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_false(action_code_prefix_ok(bad[i]));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_word_is_its_code),
        cmocka_unit_test(nothing_else_is_one),
        cmocka_unit_test(a_prefix_is_no_number_and_no_blank),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
