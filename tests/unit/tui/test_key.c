#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "tui/key.h"

static void names_read_back(void **state) {
    static const char *const names[] = {"Enter",  "Esc", "Tab", "S-Tab",
                                        "Space",  "Up",  "F1",  "F12",
                                        "Ctrl-P", "j",   "?",   "\xc5\x9f"};
    char text[KEY_TEXT];
    int key;
    (void)state;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        assert_int_equal(key_parse(names[i], &key), 0);
        assert_string_equal(key_label(text, key), names[i]);
    }
    assert_int_equal(key_parse("backspace", &key), 0);
    assert_int_equal(key, KEY_BACKSPACE_);
}

static void nonsense_is_refused(void **state) {
    static const char *const bad[] = {"",    "F0",     "F13",  "Ctrl-",
                                      "foo", "Ctrl-1", "\x1b", "\xff"};
    int key = 7;
    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        assert_true(key_parse(bad[i], &key) < 0);
        assert_int_equal(key, 7);
    }
}

/* ESC [ 1 ; 5 D torn apart by a slow link: no letter of it is a command. */
static void late_tails_are_swallowed(void **state) {
    struct key_tail t = {0, 0};
    (void)state;
    assert_false(key_tail_swallow(&t, KEY_ESC_, 1000));
    assert_true(key_tail_swallow(&t, '[', 1100));
    assert_true(key_tail_swallow(&t, '1', 1100));
    assert_true(key_tail_swallow(&t, 'D', 1100));
    assert_false(key_tail_swallow(&t, 'D', 1101));
}

static void a_real_esc_leaves_keys_alone(void **state) {
    struct key_tail t = {0, 0};
    (void)state;
    assert_false(key_tail_swallow(&t, KEY_ESC_, 1000));
    assert_false(key_tail_swallow(&t, 'j', 1010));
    assert_false(key_tail_swallow(&t, '[', 1020));
    assert_false(key_tail_swallow(&t, KEY_ESC_, 2000));
    assert_false(key_tail_swallow(&t, '[', 3000));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_read_back),
        cmocka_unit_test(nonsense_is_refused),
        cmocka_unit_test(late_tails_are_swallowed),
        cmocka_unit_test(a_real_esc_leaves_keys_alone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
