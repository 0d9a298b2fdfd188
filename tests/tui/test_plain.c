#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

/* --plain: lines for screen readers; the same actions. */
#include "tui_test.h"

static int start(void **state) {
    static struct tui t;
    static const char *const args[] = {"--plain", NULL};
    tui_start(&t, 60, 100, "orders", args);
    *state = &t;
    return 0;
}

static int stop(void **state) {
    tui_stop(*state);
    return 0;
}

static void rows_are_numbered_and_opened(void **state) {
    struct tui *t = *state;
    tui_expect(t, "1. Order alpine:2000, Age 40m, Status processing");
    tui_expect(t, "10. Order");
    tui_expect(t, "help lists all");
    term_send(t->term, "2\r");
    tui_expect(t, "Order nordic:1999");
    tui_expect(t, "paid Direct bank transfer");
    tui_expect(t, "Ship to: John Smith");
    tui_expect(t, "Harness 151");
    term_send(t->term, "next_tab\r");
    tui_expect(t, "Ship to");
    term_send(t->term, "q\r");
    tui_expect(t, "1-10 of 148");
}

static void enter_shows_more_and_slash_filters(void **state) {
    struct tui *t = *state;
    tui_expect(t, "1-10 of 148");
    term_send(t->term, "\r");
    tui_expect(t, "10-19 of 148");
    term_send(t->term, "/late:yes\r");
    tui_expect(t, "1-9 of 9");
}

static void nothing_is_ever_rewritten(void **state) {
    struct tui *t = *state;
    tui_expect(t, "help lists all");
    term_settle(t->term, 200);
    assert_null(strchr(term_screen(t->term), '\033'));
    int y, x;
    term_cursor(t->term, &y, &x);
    assert_int_equal(x, 2);
    assert_true(term_restored(t->term));
}

static void unknown_words_get_help(void **state) {
    struct tui *t = *state;
    tui_expect(t, "help lists all");
    term_send(t->term, "please\r");
    tui_expect(t, "please");
    tui_expect(t, "A number opens");
    term_send(t->term, "help\r");
    tui_expect(t, "go_stores");
    term_send(t->term, "\004");
    assert_int_equal(term_status(t->term, 20000), 0);
}

#define CASE(f) cmocka_unit_test_setup_teardown(f, start, stop)

int main(void) {
    const struct CMUnitTest tests[] = {
        CASE(rows_are_numbered_and_opened),
        CASE(enter_shows_more_and_slash_filters),
        CASE(nothing_is_ever_rewritten),
        CASE(unknown_words_get_help),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
