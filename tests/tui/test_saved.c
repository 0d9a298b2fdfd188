/* Saved views: V keeps the list that is shown, g and a digit open it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "tui_test.h"

static int setup(void **state) {
    static struct tui t;
    tui_start(&t, 24, 80, "orders", NULL);
    fake_daemon_answer(t.daemon, "views.list",
                       "{\"items\":[{\"slot\":2,\"own\":true,\"list\":"
                       "\"products\",\"name\":\"running out\",\"filter\":"
                       "\"low:yes\",\"sort\":\"-name\"}],\"next\":null}");
    fake_daemon_answer(t.daemon, "views.save",
                       "{\"slot\":1,\"own\":true,\"list\":\"orders\","
                       "\"name\":\"x\",\"filter\":\"x\",\"sort\":\"\"}");
    tui_expect(&t, "of 148");
    *state = &t;
    return 0;
}

static int teardown(void **state) {
    tui_stop(*state);
    return 0;
}

static void a_key_opens_what_was_kept(void **state) {
    struct tui *t = *state;
    term_send(t->term, "g2");
    tui_expect(t, "running out");
    tui_expect(t, "/ low:yes");
    const char *asked = fake_daemon_params(t->daemon, "products.list");
    assert_non_null(strstr(asked, "\"filter\":\"low:yes\""));
    assert_non_null(strstr(asked, "\"sort\":\"-name\""));
    term_send(t->term, "g3");
    tui_expect(t, "Nothing is kept behind g3");
    tui_expect(t, "/ low:yes");
}

static void the_list_that_is_shown_is_kept(void **state) {
    struct tui *t = *state;
    term_send(t->term, "/store:alpine\r");
    tui_expect(t, "/ store:alpine");
    term_send(t->term, "V");
    tui_expect(t, "g2  products  running out");
    term_send(t->term, "\r");
    tui_expect(t, "Kept: g1 opens it.");
    const char *sent = fake_daemon_params(t->daemon, "views.save");
    assert_non_null(strstr(sent, "\"slot\":1"));
    assert_non_null(strstr(sent, "\"list\":\"orders\""));
    assert_non_null(strstr(sent, "\"filter\":\"store:alpine\""));
}

#define CASE(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void) {
    const struct CMUnitTest tests[] = {
        CASE(a_key_opens_what_was_kept),
        CASE(the_list_that_is_shown_is_kept),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
