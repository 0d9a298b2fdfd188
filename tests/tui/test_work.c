#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

/* Whose hand the work is in, and why an order does not leave. */
#include "common/buf.h"
#include "common/json.h"
#include "tui_test.h"

static char asked[64]; /* the list the last act named */

static void act(const struct json *params, struct buf *out, void *arg) {
    const char *pick = json_string(json_get(params, "pick"));
    (void)arg;
    (void)snprintf(asked, sizeof asked, "%s", pick ? pick : "");
    buf_adds(out, "{\"id\":\"P-78\",\"orders\":[],\"lines\":[]}");
}

static void list(const struct json *params, struct buf *out, void *arg) {
    (void)arg;
    (void)params;
    (void)snprintf(asked, sizeof asked, "%s",
                   json_get(params, "mine") ? "mine" : "all");
    buf_adds(out, "{\"items\":[],\"next\":null}");
}

static struct tui fixture;

static int start(void **state) {
    asked[0] = '\0';
    tui_start(&fixture, 24, 80, "work", NULL);
    fake_daemon_handle(fixture.daemon, "picks.give_back", act, NULL);
    fake_daemon_handle(fixture.daemon, "picks.take_over", act, NULL);
    fake_daemon_handle(fixture.daemon, "picks.get", act, NULL);
    tui_expect(&fixture, ">alpine:2000");
    *state = &fixture;
    return 0;
}

static int stop(void **state) {
    tui_stop(*state);
    return 0;
}

/* A wave is one thing to work on. */
static void it_is_gone_on_with(void **state) {
    struct tui *t = *state;
    term_send(t->term, "\r");
    tui_expect(t, "Scan >");
    tui_expect_calls(t, "picks.get", 1);
    assert_string_equal(asked, "W-12");
}

/* Its pick list, to read or print. */
static void its_paper_is_shown(void **state) {
    struct tui *t = *state;
    term_send(t->term, "v");
    tui_expect(t, "Pick list of all");
    term_send(t->term, "j\r");
    tui_expect(t, "Pick list P-79");
    assert_non_null(strstr(fake_daemon_params(t->daemon, "documents.render"),
                           "\"kind\":\"pick\""));
    term_send(t->term, "p");
    tui_expect(t, "zebra");
}

/* From the packing table, where letters are scans: as often as wanted, and
 * nothing of the work moves by it. */
static void the_packing_table_prints(void **state) {
    struct tui *t = *state;
    term_send(t->term, "go");
    tui_expect(t, "John Smith");
    term_send(t->term, "P");
    tui_expect(t, "AO-00034");
    term_send(t->term, "\033[15~"); /* F5 */
    tui_expect(t, "Packing slip");
    term_send(t->term, "\r");
    tui_expect(t, "Pick list P-79"); /* what the fake says of any paper */
    assert_non_null(strstr(fake_daemon_params(t->daemon, "documents.render"),
                           "\"kind\":\"slip\""));
    term_send(t->term, "q");
    tui_expect(t, "AO-00034");
    assert_int_equal(fake_daemon_calls(t->daemon, "packs.scan"), 0);
}

static void what_is_picked_is_packed(void **state) {
    struct tui *t = *state;
    term_send(t->term, "jj\r");
    tui_expect(t, "PACK alpine:1998");
}

static void ones_own_is_given_back_and_anothers_taken(void **state) {
    struct tui *t = *state;
    term_send(t->term, "b");
    tui_expect(t, "W-12 is given back.");
    assert_string_equal(asked, "W-12");
    term_send(t->term, "j");
    tui_expect(t, ">nordic:1999");
    term_send(t->term, "b"); /* it is another's */
    term_send(t->term, "t");
    tui_expect(t, "P-78 is in your hand.");
    tui_expect_calls(t, "picks.give_back", 1);
    assert_string_equal(asked, "P-78");
}

/* An admin begins with everybody's. */
static void mine_or_everybodys(void **state) {
    struct tui *t = *state;
    tui_expect(t, "everybody's");
    fake_daemon_handle(t->daemon, "picks.list", list, NULL);
    term_send(t->term, "a");
    tui_expect(t, "Nothing is in your hand.");
    assert_string_equal(asked, "mine");
    term_send(t->term, "a");
    tui_expect(t, "Nobody works on an order.");
    assert_string_equal(asked, "all");
}

/* A question that wants a word says which. */
static void the_word_that_is_wanted_is_named(void **state) {
    struct tui *t = *state;
    fake_daemon_answer(t->daemon, "packs.put_back", "{}");
    term_send(t->term, "go");
    tui_expect(t, "of 148");
    term_send(t->term, "P");
    tui_expect(t, "AO-00034");
    term_send(t->term, "\033[20~"); /* F9 */
    tui_expect(t, "\"put back\":");
    term_send(t->term, "put back\r");
    tui_expect_calls(t, "packs.put_back", 1);
}

static void how_it_looks(void **state) {
    (void)state;
    tui_golden("work", "", "alpine:2000", "work");
}

/* Enter on the line that says why. */
static void why_it_does_not_leave(void **state) {
    (void)state;
    tui_golden("orders", "\r\r", "alpine:2000", "order_why");
}

int main(void) {
#define T(name) cmocka_unit_test_setup_teardown(name, start, stop)
    const struct CMUnitTest tests[] = {
        T(it_is_gone_on_with),
        T(its_paper_is_shown),
        T(the_packing_table_prints),
        T(what_is_picked_is_packed),
        T(ones_own_is_given_back_and_anothers_taken),
        T(mine_or_everybodys),
        T(the_word_that_is_wanted_is_named),
        cmocka_unit_test(how_it_looks),
        cmocka_unit_test(why_it_does_not_leave),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
