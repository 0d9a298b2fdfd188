/* The terminal and a daemon that asks who it is. */
#include "tests/lib/test.h"

#include <string.h>

#include "tui_test.h"

#define GUEST                                                                  \
    "{\"daemon\":\"fulexod/1\",\"version\":1,\"locale\":\"en\","               \
    "\"read_only\":false,\"user\":\"\",\"role\":\"guest\",\"seq\":1,"          \
    "\"zone\":\"UTC\",\"held\":false}"
#define AYSE                                                                   \
    "{\"user\":\"ayse\",\"role\":\"staff\",\"read_only\":false,\"lang\":\"\"," \
    "\"token\":\"fxr_Zm9vYmFyZm9vYmFyZm9vYmFyZm9vYmFyZm9vYmFyMTI\"}"

static void a_password_opens_the_screen(void **state) {
    struct tui t;
    (void)state;
    tui_start(&t, 24, 80, "orders", NULL);
    fake_daemon_answer(t.daemon, "session.open", GUEST);
    fake_daemon_refuse(t.daemon, "session.sign_in", "wrong_proof",
                       "Name, password or code is wrong.", "Type them again.");
    fake_daemon_away(t.daemon, true); /* comes back asking who it is */
    fake_daemon_away(t.daemon, false);
    tui_expect(&t, "Sign in");
    term_send(t.term, "ayse\rwrong\r\r");
    tui_expect(&t, "code is wrong. Type them again.");
    fake_daemon_answer(t.daemon, "session.sign_in", AYSE);
    term_send(t.term, "correct horse\r123456\r");
    tui_expect_gone(&t, "Sign in");
    tui_expect(&t, "ayse  staff");
    assert_non_null(strstr(fake_daemon_params(t.daemon, "session.sign_in"),
                           "\"code\":\"123456\""));
    /* The daemon restarts: nobody is asked again. */
    fake_daemon_answer(t.daemon, "session.resume", AYSE);
    int calls = fake_daemon_calls(t.daemon, "session.resume");
    fake_daemon_away(t.daemon, true);
    fake_daemon_away(t.daemon, false);
    tui_expect_calls(&t, "session.resume", calls + 1);
    tui_expect_gone(&t, "Sign in");
    /* Locked out while nothing is typed: the screen goes at once. */
    fake_daemon_event(t.daemon, "{\"seq\":9,\"topic\":\"system\","
                                "\"data\":{\"what\":\"signed_out\"}}");
    tui_expect(&t, "Sign in");
    term_send(t.term, "ayse\rcorrect horse\r\r");
    tui_expect_gone(&t, "Sign in");
    /* The session was ended elsewhere. */
    fake_daemon_refuse(t.daemon, "products.list", "sign_in", "Sign in first.",
                       NULL);
    term_send(t.term, "gp");
    tui_expect(&t, "Sign in");
    tui_stop(&t);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_password_opens_the_screen),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
