/* The line that finds anything: words list, a code opens. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "common/buf.h"
#include "common/json.h"
#include "common/str.h"
#include "tui_test.h"

static const char order_row[] =
    "{\"kind\":\"order\",\"ref\":\"alpine:1998\",\"store\":\"alpine\","
    "\"code\":\"1998\",\"title\":\"Ann Lee\",\"state\":\"processing\","
    "\"exact\":%s}";
static const char product_row[] =
    ",{\"kind\":\"product\",\"ref\":\"alpine:34\",\"store\":\"alpine\","
    "\"code\":\"AO-34\",\"title\":\"Tent\",\"state\":\"publish\","
    "\"exact\":false}";

/* Its number finds the order alone, "tent" two things, all else nothing. */
static void find(const struct json *p, struct buf *out, void *arg) {
    const char *text = json_string(json_get(p, "filter"));
    bool number = str_eq(text, "1998"), word = str_eq(text, "tent");
    (void)arg;
    buf_adds(out, "{\"items\":[");
    if (number || word)
        buf_addf(out, order_row, number ? "true" : "false");
    if (word)
        buf_adds(out, product_row);
    buf_adds(out, "],\"next\":null}");
}

static int setup(void **state) {
    static struct tui t;
    tui_start(&t, 24, 80, "orders", NULL);
    fake_daemon_handle(t.daemon, "search.find", find, NULL);
    tui_expect(&t, "of 148");
    *state = &t;
    return 0;
}

static int teardown(void **state) {
    tui_stop(*state);
    return 0;
}

static void words_list_what_they_are_found_in(void **state) {
    struct tui *t = *state;
    term_send(t->term, "ftent\r");
    tui_expect(t, "2 found");
    tui_expect_row(t, 4, "alpine:1998");
    tui_expect_row(t, 5, "Tent");
    term_send(t->term, "\r");
    tui_expect(t, "Order alpine:1998");
    term_send(t->term, "q");
    tui_expect(t, "2 found");
    term_send(t->term, "q");
    tui_expect(t, "of 148");
}

/* A digit begins the line by itself; from what was scanned one comes back to
 * where one was. */
static void a_code_opens_what_it_is(void **state) {
    struct tui *t = *state;
    term_send(t->term, "1998\r");
    tui_expect(t, "Order alpine:1998");
    term_send(t->term, "q");
    tui_expect(t, "of 148");
}

static void nothing_found_is_said(void **state) {
    struct tui *t = *state;
    term_send(t->term, "f");
    tui_expect(t, "Scan a code");
    term_send(t->term, "\033");
    tui_expect(t, "of 148");
    term_send(t->term, "404\r");
    tui_expect(t, "0 found");
    tui_expect(t, "Nothing is known by this code or these words.");
    term_send(t->term, "1998\r");
    tui_expect(t, "Order alpine:1998");
}

#define CASE(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void) {
    const struct CMUnitTest tests[] = {
        CASE(words_list_what_they_are_found_in),
        CASE(a_code_opens_what_it_is),
        CASE(nothing_found_is_said),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
