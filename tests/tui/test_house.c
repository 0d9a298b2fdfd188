#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

/* The tabs of an order that tell what the house did: its parcels, what it
 * charges, who was given a link. */
#include "common/str.h"
#include "tui_test.h"

static int start(void **state) {
    static struct tui t;
    tui_start(&t, 24, 80, "orders", NULL);
    *state = &t;
    tui_expect(&t, ">alpine:2000");
    fake_daemon_answer(
        t.daemon, "shipments.order",
        "{\"ref\":\"alpine:2000\",\"work\":null,\"left\":\"0\",\"why\":\"\","
        "\"parcels\":[{\"id\":\"S-15\",\"ref\":\"alpine:2000\",\"store\":"
        "\"alpine\",\"number\":\"2000\",\"n\":1,\"state\":\"in_transit\","
        "\"carrier\":\"Yurtici\",\"service\":\"\",\"tracking\":\"YK123\","
        "\"url\":\"https://track.test/YK123\",\"weight\":0,\"length\":0,"
        "\"width\":0,\"height\":0,\"pieces\":\"3\",\"created\":"
        "\"2026-11-23T09:00:00Z\",\"shipped\":\"2026-11-23T10:00:00Z\","
        "\"changed\":\"2026-11-23T12:02:00Z\",\"change\":null,\"told\":"
        "\"confirmed\"}]}");
    fake_daemon_answer(
        t.daemon, "orders.shares",
        "{\"items\":[{\"id\":\"L-7\",\"author\":\"can\",\"created\":"
        "\"2026-11-23T09:00:00Z\",\"until\":\"2026-11-24T09:00:00Z\"}],"
        "\"next\":null}");
    fake_daemon_answer(t.daemon, "orders.share",
                       "{\"id\":\"L-8\",\"url\":\"https://h.test/share/AbC\","
                       "\"until\":\"2026-11-25T14:02:00Z\"}");
    fake_daemon_answer(t.daemon, "orders.unshare", "{\"id\":\"L-7\"}");
    return 0;
}

static int stop(void **state) {
    tui_stop(*state);
    return 0;
}

static void open_tab(struct tui *t, const char *title) {
    term_send(t->term, "\r");
    tui_expect(t, "[Lines]");
    for (int i = 0; i < 10 && !strstr(term_screen(t->term), title); i++) {
        term_send(t->term, "\t");
        term_settle(t->term, 60);
    }
    tui_expect(t, title);
}

static void sent(struct tui *t, const char *method, const char *text) {
    tui_expect_calls(t, method, 1);
    const char *params = fake_daemon_params(t->daemon, method);
    if (!strstr(params, text)) {
        fail_msg("%s: %s lacks %s", method, params, text);
    }
}

static void the_lines_say_how_far_they_are(void **state) {
    struct tui *t = *state;
    term_send(t->term, "\r");
    tui_expect(t, "Pick  Pack  Ship  Back");
    tui_expect(t, "paid Direct bank transfer 22 Nov");
}

static void parcels_are_a_key_away(void **state) {
    struct tui *t = *state;
    open_tab(t, "[Parcels]");
    tui_expect(t, "S-15   in transit       3 pieces  Yurtici  YK123  2h");
    tui_expect(t, "https://track.test/YK123");
    term_send(t->term, "\r");
    tui_expect_calls(t, "shipments.get", 1);
    sent(t, "shipments.get", "\"id\":\"S-15\"");
}

static void a_charge_is_made_by_a_form(void **state) {
    struct tui *t = *state;
    open_tab(t, "[House]");
    tui_expect(t, "C-11   handling");
    term_send(t->term, "$");
    tui_expect(t, "Charge work on alpine:2000");
    fake_daemon_answer(
        t->daemon, "orders.charge",
        "{\"id\":\"C-12\",\"type\":\"packing\",\"amount\":\"4.50\","
        "\"currency\":\"TRY\",\"note\":\"Gift\",\"author\":\"can\","
        "\"created\":\"2026-11-23T14:02:00Z\",\"billed\":false}");
    term_send(t->term, "  \t4.50\tGift\r");
    sent(t, "orders.charge", "\"type\":\"packing\",\"amount\":\"4.50\"");
    tui_expect(t, "[House]");
}

/* The link is on the screen once, ready to be copied. */
/* What went by mistake is taken back by its number. */
static void a_charge_is_taken_back_by_its_number(void **state) {
    struct tui *t = *state;
    open_tab(t, "[House]");
    fake_daemon_answer(
        t->daemon, "orders.uncharge",
        "{\"id\":\"C-11\",\"type\":\"handling\",\"amount\":\"1.50\","
        "\"currency\":\"TRY\",\"note\":\"\",\"author\":\"can\","
        "\"created\":\"2026-11-23T14:02:00Z\",\"billed\":false}");
    term_send(t->term, "j\r");
    tui_expect(t, "The charge C-11 is taken back");
    term_send(t->term, "C-12\r");
    assert_int_equal(fake_daemon_calls(t->daemon, "orders.uncharge"), 0);
    term_send(t->term, "\r");
    tui_expect(t, "The charge C-11 is taken back");
    term_send(t->term, "C-11\r");
    sent(t, "orders.uncharge", "\"charge\":\"C-11\"");
}

static void a_link_is_shown_once(void **state) {
    struct tui *t = *state;
    open_tab(t, "[House]");
    term_send(t->term, "Y");
    tui_expect(t, "A link that shows alpine:2000");
    term_send(t->term, "\033[F\010\01048\r");
    sent(t, "orders.share", "\"hours\":48");
    tui_expect(t, "https://h.test/share/AbC");
    tui_expect(t, "This is shown once");
    term_send(t->term, "q");
    tui_expect_gone(t, "share/AbC");
}

static void a_link_ends_by_its_number(void **state) {
    struct tui *t = *state;
    open_tab(t, "[House]");
    tui_expect(t, "L-7");
    term_send(t->term, "jjjj\r");
    tui_expect(t, "opens nothing from now on");
    term_send(t->term, "L-7\r");
    sent(t, "orders.unshare", "\"share\":\"L-7\"");
}

static void an_owner_has_no_such_tab(void **state) {
    struct tui *t = *state;
    fake_daemon_answer(t->daemon, "session.open", SHOP_OWNER_SESSION);
    fake_daemon_away(t->daemon, true);
    fake_daemon_away(t->daemon, false);
    tui_expect(t, "owner");
    term_send(t->term, "\r");
    tui_expect(t, "[Lines]");
    for (int i = 0; i < 10; i++) {
        term_send(t->term, "\t");
        term_settle(t->term, 60);
        assert_null(strstr(term_screen(t->term), "House"));
    }
    assert_int_equal(fake_daemon_calls(t->daemon, "orders.shares"), 0);
}

int main(void) {
#define T(name) cmocka_unit_test_setup_teardown(name, start, stop)
    const struct CMUnitTest tests[] = {
        T(the_lines_say_how_far_they_are),
        T(parcels_are_a_key_away),
        T(a_charge_is_made_by_a_form),
        T(a_charge_is_taken_back_by_its_number),
        T(a_link_is_shown_once),
        T(a_link_ends_by_its_number),
        T(an_owner_has_no_such_tab),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
