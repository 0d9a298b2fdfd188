/* The command line proves who one is, at a terminal: what is typed is not
 * shown, and the command is sent once more. */
#include "tests/lib/test.h"

#include <stdio.h>
#include <string.h>

#include "fake_daemon.h"
#include "term.h"

enum { SOON_MS = 20000 };

#define ASKED "This asks again: password or code"

struct prompt {
    struct fake_daemon *daemon;
    struct term *term;
};

static void start(struct prompt *p, const char *tail) {
    static char command[512];
    const char *argv[] = {"/bin/sh", "-c", command, NULL};
    const char *env[] = {"LANG=C", "FULEXO_TOKEN_FILE=", NULL};
    p->daemon = fake_daemon_start();
    fake_daemon_refuse(p->daemon, "users.reset", "step_up",
                       "Confirm first that it is you.", NULL);
    fake_daemon_answer(p->daemon, "session.confirm", "{\"confirmed\":true}");
    (void)snprintf(command, sizeof command,
                   FULEXO " --socket %s users reset ayse%s",
                   fake_daemon_socket(p->daemon), tail);
    p->term = term_spawn(argv, 24, 80, env);
}

static void stop(struct prompt *p) {
    assert_int_equal(fake_daemon_faults(p->daemon), 0);
    term_destroy(p->term);
    fake_daemon_stop(p->daemon);
}

static void expect(struct prompt *p, const char *text) {
    if (!term_wait(p->term, text, SOON_MS))
        fail_msg("no \"%s\":\n%s", text, term_screen(p->term));
}

static void let_in(struct prompt *p) {
    fake_daemon_answer(p->daemon, "users.reset",
                       "{\"user\":\"ayse\",\"code\":\"7K3M-9QXD-R2VW-H5TB\","
                       "\"until\":\"2026-12-04T09:00:00Z\"}");
}

static void a_password_is_not_shown(void **state) {
    struct prompt p;
    (void)state;
    start(&p, "");
    expect(&p, ASKED);
    let_in(&p);
    term_send(p.term, "correct horse\r");
    expect(&p, "7K3M-9QXD-R2VW-H5TB");
    assert_int_equal(term_status(p.term, SOON_MS), 0);
    assert_null(strstr(term_screen(p.term), "horse"));
    assert_non_null(strstr(fake_daemon_params(p.daemon, "session.confirm"),
                           "\"password\":\"correct horse\""));
    assert_int_equal(fake_daemon_calls(p.daemon, "users.reset"), 2);
    stop(&p);
}

static void six_digits_are_a_code(void **state) {
    struct prompt p;
    (void)state;
    start(&p, "");
    expect(&p, ASKED);
    let_in(&p);
    term_send(p.term, "123456\r");
    expect(&p, "7K3M-9QXD-R2VW-H5TB");
    assert_int_equal(term_status(p.term, SOON_MS), 0);
    assert_non_null(strstr(fake_daemon_params(p.daemon, "session.confirm"),
                           "\"code\":\"123456\""));
    stop(&p);
}

static void a_wrong_one_does_nothing(void **state) {
    struct prompt p;
    (void)state;
    start(&p, "");
    fake_daemon_refuse(p.daemon, "session.confirm", "wrong_proof",
                       "Name, password or code is wrong.", NULL);
    expect(&p, ASKED);
    term_send(p.term, "horse\r");
    expect(&p, "code is wrong");
    assert_int_equal(term_status(p.term, SOON_MS), 77);
    assert_int_equal(fake_daemon_calls(p.daemon, "users.reset"), 1);
    stop(&p);
}

static void nothing_typed_asks_nobody(void **state) {
    struct prompt p;
    (void)state;
    start(&p, "");
    expect(&p, ASKED);
    term_send(p.term, "\r");
    expect(&p, "Confirm first that it is you.");
    assert_int_equal(term_status(p.term, SOON_MS), 77);
    assert_int_equal(fake_daemon_calls(p.daemon, "session.confirm"), 0);
    stop(&p);
}

/* A script is told; it would wait for ever. */
static void without_a_terminal_nobody_is_asked(void **state) {
    struct prompt p;
    (void)state;
    start(&p, " </dev/null");
    expect(&p, "Confirm first that it is you.");
    assert_int_equal(term_status(p.term, SOON_MS), 77);
    assert_null(strstr(term_screen(p.term), ASKED));
    assert_int_equal(fake_daemon_calls(p.daemon, "session.confirm"), 0);
    stop(&p);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_password_is_not_shown),
        cmocka_unit_test(six_digits_are_a_code),
        cmocka_unit_test(a_wrong_one_does_nothing),
        cmocka_unit_test(nothing_typed_asks_nobody),
        cmocka_unit_test(without_a_terminal_nobody_is_asked),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
