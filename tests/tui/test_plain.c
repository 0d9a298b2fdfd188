#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

/* --plain: lines for screen readers; the same actions. */
#include "common/buf.h"
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

/* Where every line is text, a key's name is that key; and no line typed there
 * runs an act by its name. */
static void forms_are_filled_in_and_left(void **state) {
    struct tui *t = *state;
    tui_expect(t, "help lists all");
    term_send(t->term, "n\r");
    tui_expect(t, "F10 saves");
    term_send(t->term, "at the door\r");
    tui_expect(t, "To customer?");
    term_send(t->term, "S-Tab\r");
    tui_expect(t, "Note? [at the door]");
    term_send(t->term, "q\r");
    tui_expect(t, "To customer? [false]");
    term_send(t->term, "S-Tab\r");
    tui_expect(t, "Note? [q]"); /* text, as any other */
    term_send(t->term, "Esc\r");
    tui_expect(t, "Esc once more drops what was typed.");
    term_send(t->term, "Esc\r");
    tui_expect(t, "1-10 of 148");
    assert_int_equal(fake_daemon_calls(t->daemon, "orders.note"), 0);
}

static void the_list_of_acts_is_searched_and_left(void **state) {
    struct tui *t = *state;
    tui_expect(t, "help lists all");
    term_send(t->term, "help\r");
    tui_expect(t, "A number runs it");
    term_send(t->term, "go_customers\r");
    tui_expect(t, "1. go_customers");
    term_send(t->term, "zzz\r");
    tui_expect(t, "Nothing that can be done here is called that.");
    term_send(t->term, "q\r");
    tui_expect(t, "1-10 of 148");
}

static void scan(const struct json *p, struct buf *out, void *arg) {
    (void)p;
    (void)arg;
    buf_adds(out, "{\"verdict\":\"wrong\",\"code\":\"8690\",\"name\":\"Tent\","
                  "\"pick\":\"P-77\",\"line\":1,\"part\":0,\"tote\":\"\","
                  "\"quantity\":\"9\",\"picked\":\"0\",\"short\":\"0\","
                  "\"left\":1}");
}

/* Digits are a code, not the number of a row. */
static void a_line_is_a_scan(void **state) {
    struct tui *t = *state;
    static const char pick[] =
        "{\"id\":\"P-77\",\"kind\":\"single\",\"who\":\"ali\",\"idle\":0,"
        "\"left\":1,\"last\":null,\"orders\":[],\"lines\":[{\"pick\":\"P-77\","
        "\"ref\":\"alpine:2000\",\"tote\":\"\",\"line\":1,\"part\":0,\"sku\":"
        "\"S-1\",\"name\":\"Tent\",\"bin\":\"B-1\",\"quantity\":\"9\","
        "\"picked\":\"0\",\"short\":\"0\",\"reason\":\"\",\"way\":\"\"}]}";
    fake_daemon_answer(t->daemon, "picks.begin", pick);
    fake_daemon_answer(t->daemon, "picks.get", pick);
    fake_daemon_handle(t->daemon, "picks.scan", scan, NULL);
    tui_expect(t, "help lists all");
    term_send(t->term, "p\r");
    tui_expect(t, "A line is a scan");
    term_send(t->term, "8690\r");
    tui_expect(t, "WRONG ITEM");
    tui_expect_calls(t, "picks.scan", 1);
    term_send(t->term, "Esc\r");
    tui_expect(t, "1-10 of 148");
}

#define CASE(f) cmocka_unit_test_setup_teardown(f, start, stop)

int main(void) {
    const struct CMUnitTest tests[] = {
        CASE(rows_are_numbered_and_opened),
        CASE(enter_shows_more_and_slash_filters),
        CASE(nothing_is_ever_rewritten),
        CASE(unknown_words_get_help),
        CASE(forms_are_filled_in_and_left),
        CASE(the_list_of_acts_is_searched_and_left),
        CASE(a_line_is_a_scan),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
