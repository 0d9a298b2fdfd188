/* Returns and letters, as a person works on them: from the order to the letter,
 * each act asked for before it happens. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "tui_test.h"

static int start(void **state) {
    static struct tui t;
    tui_start(&t, 24, 80, "returns", NULL);
    *state = &t;
    return 0;
}

static int stop(void **state) {
    tui_stop(*state);
    return 0;
}

static void sent(struct tui *t, const char *method, const char *text) {
    tui_expect_calls(t, method, 1);
    const char *params = fake_daemon_params(t->daemon, method);
    if (!strstr(params, text))
        fail_msg("%s lacks %s", params, text);
    if (!strstr(params, "\"request_id\""))
        fail_msg("%s is not safe to repeat", params);
}

static void lists_show_what_waits(void **state) {
    struct tui *t = *state;
    tui_expect(t, "requested 1  approved 1  inspected 1");
    tui_expect(t, "R-319");
    tui_expect(t, "changed mind");
    tui_expect(t, "3/3");
    term_send(t->term, "u");
    tui_expect(t, "/ state:open");
}

static void approved_in_a_form(void **state) {
    struct tui *t = *state;
    tui_expect(t, "R-319");
    term_send(t->term, "a");
    tui_expect(t, "Approve R-319");
    assert_int_equal(fake_daemon_calls(t->daemon, "returns.approve"), 0);
    term_send(t->term, "Liman Cd. 4\x13");
    sent(t, "returns.approve", "\"note\":\"Liman Cd. 4\"");
    tui_expect(t, "R-318: approved.");
}

/* What needs no words takes none. */
static void approved_without_a_word(void **state) {
    struct tui *t = *state;
    tui_expect(t, "R-319");
    term_send(t->term, "a");
    tui_expect(t, "Approve R-319");
    term_send(t->term, "\x13");
    sent(t, "returns.approve", "\"return\":\"R-319\"");
}

static void rejected_with_a_reason(void **state) {
    struct tui *t = *state;
    tui_expect(t, "R-319");
    term_send(t->term, "x");
    tui_expect(t, "Reject R-319");
    term_send(t->term, "\x13");
    term_settle(t->term, 100);
    assert_int_equal(fake_daemon_calls(t->daemon, "returns.reject"), 0);
    term_send(t->term, "worn\x13");
    sent(t, "returns.reject", "\"reason\":\"worn\"");
}

/* Every printable key is the scanner's; q and c are no commands there. */
static void counted_in_by_scan(void **state) {
    struct tui *t = *state;
    tui_expect(t, "R-318");
    term_send(t->term, "jc");
    tui_expect(t, "Scan item >");
    tui_expect(t, ".. 0 / 1");
    term_send(t->term, "qc-00151\r");
    sent(t, "returns.receive", "\"code\":\"qc-00151\"");
    tui_expect(t, "OK  AO-00151  1 of 1");
    fake_daemon_refuse(t->daemon, "returns.receive", "not_found",
                       "Nothing with that code is to come back.", "");
    term_send(t->term, "AO-9\r");
    tui_expect(t, "Nothing with that code");
    term_send(t->term, "\x1b");
    tui_expect_gone(t, "Scan item >");
}

static void stock_goes_by_a_form(void **state) {
    struct tui *t = *state;
    tui_expect(t, "R-317");
    term_send(t->term, "jj+");
    tui_expect(t, "Count R-317 back in");
    tui_expect(t, "counted back into the shop's stock");
    assert_int_equal(fake_daemon_calls(t->daemon, "returns.restock"), 0);
    term_send(t->term, "B-2\x13");
    sent(t, "returns.restock", "\"return\":\"R-317\"");
    sent(t, "returns.restock", "\"bin\":\"B-2\"");
}

/* What was sent stands there, and another may be named with a word why. */
static void a_serial_is_named(void **state) {
    struct tui *t = *state;
    fake_daemon_answer(
        t->daemon, "returns.get",
        "{\"return\":\"R-317\",\"lines\":[{\"line\":7,\"sku\":\"SAW\","
        "\"name\":\"Saw\",\"restock\":\"1\",\"stock\":null,\"tracking\":"
        "\"serial\",\"lots\":\"SN1\",\"bin\":\"B-1\"},{\"line\":8,\"sku\":"
        "\"GAS\",\"name\":\"Gas\",\"restock\":\"5\",\"stock\":null,"
        "\"tracking\":\"lot\",\"lots\":null,\"bin\":\"B-1\"},{\"line\":9,"
        "\"sku\":\"AO-9\",\"name\":\"Rope\",\"restock\":\"1\",\"stock\":"
        "null,\"tracking\":\"none\",\"lots\":null,\"bin\":null}]}");
    tui_expect(t, "R-317");
    term_send(t->term, "jj+");
    tui_expect(t, "SAW: lots or serials, of 1");
    tui_expect(t, "SN1");
    tui_expect(t, "GAS: lots or serials, of 5");
    tui_expect_gone(t, "AO-9");
    term_send(t->term, "\t\tx\t2*L1, L 2\x13");
    sent(t, "returns.restock", "{\"line\":7,\"lot\":\"SN1x\"}");
    sent(t, "returns.restock",
         "{\"line\":8,\"lot\":\"L1\",\"quantity\":\"2\"}");
    sent(t, "returns.restock", "{\"line\":8,\"lot\":\"L 2\"}");
}

static void what_its_state_forbids_does_nothing(void **state) {
    struct tui *t = *state;
    tui_expect(t, "R-319");
    term_send(t->term, "+R");
    term_settle(t->term, 100);
    assert_null(strstr(term_screen(t->term), "Type \""));
    tui_expect(t, "a approve");
}

static void letters_are_seen_first(void **state) {
    struct tui *t = *state;
    tui_expect(t, "R-318");
    term_send(t->term, "jm");
    tui_expect(t, "return approved");
    term_send(t->term, "\r");
    tui_expect(t, "john@example.test");
    tui_expect(t, "your return is approved.");
    tui_expect(t, "Nothing was sent yet.");
    assert_int_equal(fake_daemon_calls(t->daemon, "returns.notify"), 0);
    term_send(t->term, "\r");
    sent(t, "returns.notify", "\"letter\":\"return_approved\"");
    tui_expect(t, "M-15 is on its way to john@example.test.");
}

static void a_page_tells_all(void **state) {
    struct tui *t = *state;
    tui_expect(t, "R-318");
    term_send(t->term, "j\r");
    tui_expect(t, "Harness 151");
    tui_expect(t, "a seam is open");
    term_send(t->term, "\t");
    tui_expect(t, "return approved: not written yet");
    term_send(t->term, "\t");
    tui_expect(t, "ayse");
}

static void opened_from_an_order(void **state) {
    struct tui *t = *state;
    tui_expect(t, "R-319");
    term_send(t->term, "go");
    tui_expect(t, "alpine:2000");
    term_send(t->term, "B");
    tui_expect(t, "Customer says");
    term_send(t->term, " \x13"); /* the first reason */
    tui_expect(t, "Say how many");
    assert_int_equal(fake_daemon_calls(t->daemon, "returns.create"), 0);
    term_send(t->term, "1\x13");
    sent(t, "returns.create", "\"quantity\":\"1\"");
}

/* What lies in the box of a bundle is its parts: each has a field. */
static void a_bundle_is_opened_by_its_parts(void **state) {
    struct tui *t = *state;
    fake_daemon_answer(
        t->daemon, "orders.get",
        "{\"ref\":\"alpine:2000\",\"line_items\":[{\"id\":70,\"sku\":\"SET\","
        "\"name\":\"Set\",\"quantity\":\"2\",\"parts\":[{\"part\":1,\"sku\":"
        "\"ROPE\",\"name\":\"Rope\",\"quantity\":\"4\"},{\"part\":2,\"sku\":"
        "\"HOOK\",\"name\":\"Hook\",\"quantity\":\"2\"}]}]}");
    tui_expect(t, "R-319");
    term_send(t->term, "go");
    tui_expect(t, "alpine:2000");
    term_send(t->term, "B");
    tui_expect(t, "ROPE");
    tui_expect(t, "HOOK");
    term_send(t->term, " \t\t1\x13");
    sent(t, "returns.create",
         "\"lines\":[{\"line\":70,\"part\":2,\"quantity\":\"1\"}]");
}

static void letters_nobody_knows_are_decided(void **state) {
    struct tui *t = *state;
    tui_expect(t, "R-319");
    term_send(t->term, "gw");
    tui_expect(t, "M-14");
    tui_expect(t, "550 5.1.1 no");
    tui_expect(t, "failed 1  unknown 1");
    term_send(t->term, "r");
    tui_expect(t, "a second time");
    term_send(t->term, "send M-14\r");
    sent(t, "mails.retry", "\"mail\":\"M-14\"");
    term_send(t->term, "jr"); /* failed for certain: it just goes */
    tui_expect_calls(t, "mails.retry", 2);
    term_send(t->term, "D");
    tui_expect(t, "Type \"discard M-13\"");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, start, stop)

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(lists_show_what_waits),
        TEST(approved_in_a_form),
        TEST(approved_without_a_word),
        TEST(rejected_with_a_reason),
        TEST(counted_in_by_scan),
        TEST(stock_goes_by_a_form),
        TEST(a_serial_is_named),
        TEST(a_bundle_is_opened_by_its_parts),
        TEST(what_its_state_forbids_does_nothing),
        TEST(letters_are_seen_first),
        TEST(a_page_tells_all),
        TEST(opened_from_an_order),
        TEST(letters_nobody_knows_are_decided),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
