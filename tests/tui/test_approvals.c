#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

/* What waits for approval, as a reviewer and as an owner see it: keys in, the
 * request out, the sentence about what became of it. */
#include "common/buf.h"
#include "common/str.h"
#include "tui_test.h"

static struct tui fixture;

static int start(void **state) {
    tui_start(&fixture, 24, 80, "approvals", NULL);
    *state = &fixture;
    return 0;
}

static int stop(void **state) {
    tui_stop(*state);
    return 0;
}

static void sent(struct tui *t, const char *method, const char *text) {
    tui_expect_calls(t, method, 1);
    const char *params = fake_daemon_params(t->daemon, method);
    if (!strstr(params, text)) {
        fail_msg("%s: %s lacks %s", method, params, text);
    }
}

/* A stale one says what approving does, and is let go with that seen. */
static void approving_is_typed(void **state) {
    struct tui *t = *state;
    tui_expect(t, "AO-00034");
    tui_expect(t, "giving 38");
    term_send(t->term, "a");
    tui_expect(t, "Approving adds +23");
    tui_expect(t, "Type \"approve\"");
    assert_int_equal(fake_daemon_calls(t->daemon, "approvals.approve"), 0);
    term_send(t->term, "approve\r");
    sent(t, "approvals.approve", "\"id\":\"A-31\"");
    sent(t, "approvals.approve", "\"if_version\":1");
    sent(t, "approvals.approve", "\"stale\":true");
    tui_expect(t, "A-31 (stock AO-00034): approved.");
}

/* Who knows the way types all of it at once: it waits for the page. */
static void what_is_typed_ahead_waits_for_the_page(void **state) {
    struct tui *t = *state;
    tui_expect(t, "giving 38");
    fake_daemon_mute(t->daemon, true);
    term_send(t->term, "\raapprove\r");
    term_settle(t->term, 300);
    assert_null(strstr(term_screen(t->term), "Type"));
    fake_daemon_mute(t->daemon, false);
    sent(t, "approvals.approve", "\"id\":\"A-31\"");
    sent(t, "approvals.approve", "\"stale\":true");
    tui_expect(t, "A-31 (stock AO-00034): approved.");
    assert_int_equal(fake_daemon_calls(t->daemon, "approvals.reject"), 0);
}

/* A page that does not come, or an Esc: all of it is dropped, not its tail
 * done. */
static void what_is_typed_ahead_in_vain_is_dropped(void **state) {
    static const char dropped[] = "nothing of what was typed was done";
    struct tui *t = *state;
    tui_expect(t, "giving 38");
    fake_daemon_mute(t->daemon, true);
    term_send(t->term, "\raapprove\r");
    tui_expect(t, dropped);
    term_send(t->term, "r");
    tui_expect_gone(t, dropped);
    term_send(t->term, "\033");
    tui_expect(t, dropped);
    fake_daemon_mute(t->daemon, false);
    tui_expect(t, "By        zoe");
    term_settle(t->term, 300);
    assert_null(strstr(term_screen(t->term), "Type"));
    assert_null(strstr(term_screen(t->term), "Reject A-31"));
    assert_int_equal(fake_daemon_calls(t->daemon, "approvals.approve"), 0);
    assert_int_equal(fake_daemon_calls(t->daemon, "approvals.reject"), 0);
}

static void rejecting_takes_a_reason(void **state) {
    struct tui *t = *state;
    tui_expect(t, "AO-00034");
    term_send(t->term, "r");
    tui_expect(t, "Reject A-31");
    term_send(t->term, "\r");
    tui_expect(t, "Reason");
    assert_int_equal(fake_daemon_calls(t->daemon, "approvals.reject"), 0);
    term_send(t->term, "below cost\r");
    sent(t, "approvals.reject", "\"note\":\"below cost\"");
    tui_expect(t, "A-31 (stock AO-00034): rejected.");
}

static void the_marked_are_approved_one_by_one(void **state) {
    struct tui *t = *state;
    tui_expect(t, "AO-00034");
    term_send(t->term, " ");
    term_send(t->term, " ");
    term_send(t->term, "A");
    tui_expect(t, "2 proposals are approved");
    term_send(t->term, "\r");
    tui_expect(t, "approve 2 proposals");
    term_send(t->term, "approve 2 proposals\r");
    tui_expect_calls(t, "approvals.approve", 2);
    tui_expect(t, "A-30 price NO-88");
}

static void the_values_stand_side_by_side(void **state) {
    struct tui *t = *state;
    tui_expect(t, "AO-00034");
    term_send(t->term, "\r");
    tui_expect(t, "delivery of 25 arrived today");
    tui_expect(t, "Proposed");
    tui_expect(t, "Stock");
}

static void what_was_decided_is_there_too(void **state) {
    struct tui *t = *state;
    tui_expect(t, "AO-00034");
    term_send(t->term, "u");
    tui_expect(t, "rejected");
    tui_expect(t, "price NO-90");
}

/* --- an owner ------------------------------------------------------------- */

static void an_owner_proposes_from_the_product(void **state) {
    struct tui t;
    (void)state;
    tui_start(&t, 24, 80, "products", NULL);
    tui_expect(&t, "alpine <1m");
    fake_daemon_answer(t.daemon, "session.open", SHOP_OWNER_SESSION);
    fake_daemon_away(t.daemon, true);
    fake_daemon_away(t.daemon, false);
    tui_expect(&t, "owner");
    tui_expect(&t, "alpine <1m");
    term_settle(t.term, 300);
    fake_daemon_answer(t.daemon, "inventory.adjust",
                       "{\"change\":null,\"proposal\":\"A-32\",\"state\":"
                       "\"pending\"}");
    term_send(t.term, "+");
    tui_expect(&t, "This is proposed");
    term_send(t.term, "23\tdelivery\r");
    sent(&t, "inventory.adjust", "\"propose\":true");
    sent(&t, "inventory.adjust", "\"reason\":\"delivery\"");
    tui_expect(&t, "proposed as A-32");
    tui_stop(&t);
}

/* Who may do less than this alone keeps what was typed. */
static void what_is_over_a_limit_is_sent_once_more(void **state) {
    struct tui t;
    (void)state;
    tui_start(&t, 24, 80, "products", NULL);
    tui_expect(&t, "alpine <1m");
    fake_daemon_refuse(t.daemon, "inventory.adjust", "needs_approval",
                       "Somebody else has to approve this.", "Propose it.");
    term_send(t.term, "+");
    tui_expect(&t, "Reason");
    term_send(t.term, "-300\tcounted\r");
    tui_expect(&t, "Send it once more to propose it.");
    fake_daemon_answer(t.daemon, "inventory.adjust",
                       "{\"change\":null,\"proposal\":\"A-33\",\"state\":"
                       "\"pending\"}");
    term_send(t.term, "\r");
    tui_expect(&t, "proposed as A-33");
    assert_non_null(strstr(fake_daemon_params(t.daemon, "inventory.adjust"),
                           "\"propose\":true"));
    tui_stop(&t);
}

/* --- as it looks ---------------------------------------------------------- */

static void approvals(void **state) {
    (void)state;
    tui_golden("approvals", "", "AO-00034", "approvals");
}

static void approval(void **state) {
    (void)state;
    tui_golden("approvals", "\r", "AO-00034", "approval");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, start, stop)

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(approving_is_typed),
        TEST(what_is_typed_ahead_waits_for_the_page),
        TEST(what_is_typed_ahead_in_vain_is_dropped),
        TEST(rejecting_takes_a_reason),
        TEST(the_marked_are_approved_one_by_one),
        TEST(the_values_stand_side_by_side),
        TEST(what_was_decided_is_there_too),
        cmocka_unit_test(an_owner_proposes_from_the_product),
        cmocka_unit_test(what_is_over_a_limit_is_sent_once_more),
        cmocka_unit_test(approvals),
        cmocka_unit_test(approval),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
