#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

/* What the house says of a customer: tags in the list, notes on the page. */
#include "common/str.h"
#include "tui_test.h"

#define MARKS                                                                  \
    "{\"ref\":\"alpine:customer/12\",\"tags\":[\"vip\"],\"notes\":[{\"id\":"   \
    "\"N-4\",\"at\":\"2026-11-22T10:00:00Z\",\"author\":\"ayse\",\"text\":"    \
    "\"Rings twice.\"}]}"

static int start(void **state) {
    static struct tui t;
    tui_start(&t, 24, 80, "customers", NULL);
    *state = &t;
    fake_daemon_answer(t.daemon, "customers.marks", MARKS);
    fake_daemon_answer(t.daemon, "customers.tag", MARKS);
    fake_daemon_answer(t.daemon, "customers.note", MARKS);
    fake_daemon_answer(t.daemon, "customers.unnote", MARKS);
    tui_expect(&t, "John Smith");
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

static void a_tag_goes_on_from_the_list(void **state) {
    struct tui *t = *state;
    term_send(t->term, "#");
    tui_expect(t, "Tag ");
    term_send(t->term, "vip\r");
    sent(t, "customers.tag", "\"add\":[\"vip\"]");
}

static void notes_are_read_and_taken_away(void **state) {
    struct tui *t = *state;
    term_send(t->term, "\r\t\t");
    tui_expect(t, "[Our notes]");
    tui_expect(t, "N-4  22 Nov");
    tui_expect(t, "Rings twice.");
    term_send(t->term, "\r");
    tui_expect(t, "The note N-4 is taken away.");
    assert_int_equal(fake_daemon_calls(t->daemon, "customers.unnote"), 0);
    term_send(t->term, "N-4\r");
    sent(t, "customers.unnote", "\"note\":\"N-4\"");
    term_send(t->term, "n");
    tui_expect(t, "For the house alone");
    term_send(t->term, "Dog.\r");
    sent(t, "customers.note", "\"text\":\"Dog.\"");
}

/* Neither the tab nor the keys are an owner's. */
static void an_owner_reads_none(void **state) {
    struct tui *t = *state;
    fake_daemon_answer(t->daemon, "session.open", SHOP_OWNER_SESSION);
    fake_daemon_away(t->daemon, true);
    fake_daemon_away(t->daemon, false);
    tui_expect(t, "owner");
    term_send(t->term, "\r");
    tui_expect(t, "[Orders");
    for (int i = 0; i < 5; i++) {
        term_send(t->term, "\t");
        term_settle(t->term, 60);
        assert_null(strstr(term_screen(t->term), "Our notes"));
    }
    term_send(t->term, "n");
    term_settle(t->term, 100);
    assert_null(strstr(term_screen(t->term), "For the house alone"));
    assert_int_equal(fake_daemon_calls(t->daemon, "customers.marks"), 0);
}

int main(void) {
#define T(name) cmocka_unit_test_setup_teardown(name, start, stop)
    const struct CMUnitTest tests[] = {
        T(a_tag_goes_on_from_the_list),
        T(notes_are_read_and_taken_away),
        T(an_owner_reads_none),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
