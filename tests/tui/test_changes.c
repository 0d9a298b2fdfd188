#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

/* The Changes screen: what waits, why, and deciding it. */
#include "tui_test.h"

static int start(void **state) {
    static struct tui t;
    tui_start(&t, 24, 80, "changes", NULL);
    *state = &t;
    return 0;
}

static int stop(void **state) {
    tui_stop(*state);
    return 0;
}

/* The last parameters of a method hold each of these texts. */
static void assert_sent(struct tui *t, const char *method,
                        const char *const *texts) {
    tui_expect_calls(t, method, 1);
    const char *params = fake_daemon_params(t->daemon, method);
    for (; *texts; texts++) {
        if (!strstr(params, *texts)) {
            fail_msg("%s lacks %s", params, *texts);
        }
    }
}
#define SENT(t, method, ...)                                                   \
    assert_sent(t, method, (const char *const[]){__VA_ARGS__, NULL})

static void every_state_and_its_count_show(void **state) {
    struct tui *t = *state;
    tui_expect(t, "CONFLICT");
    tui_expect(t, "Status: completed");
    tui_expect(t, "approval 1  queued 1  sending 1  unknown 1");
    tui_expect(t, "Status is cancelled at the shop, not processing");
    tui_expect(t, "Look at both values");
    tui_expect(t, "done");
    term_send(t->term, "u");
    tui_expect_gone(t, "Leave it at the");
    tui_expect(t, "/ state:open");
    term_send(t->term, "u");
    tui_expect(t, "Leave it at the");
}

static void the_filter_knows_its_keys(void **state) {
    struct tui *t = *state;
    tui_expect(t, "CONFLICT");
    term_send(t->term, "/state:conflict\r");
    tui_expect(t, "1-1 of 1");
    assert_non_null(strstr(fake_daemon_params(t->daemon, "changes.list"),
                           "\"filter\":\"state:conflict\""));
    term_send(t->term, "/\025state:nonsense\r");
    tui_expect(t, "column 7");
}

/* Three values side by side; nothing is sent before the word is typed. */
static void a_conflict_is_kept_mine(void **state) {
    struct tui *t = *state;
    tui_expect(t, "CONFLICT");
    term_send(t->term, "\r");
    tui_expect(t, "Seen");
    tui_expect(t, "processing");
    tui_expect(t, "cancelled");
    term_send(t->term, "m");
    tui_expect(t, "Type \"mine\"");
    term_send(t->term, "yes\r");
    tui_expect(t, "Cancelled");
    assert_int_equal(fake_daemon_calls(t->daemon, "changes.resolve"), 0);
    term_send(t->term, "m");
    tui_expect(t, "Type \"mine\"");
    term_send(t->term, "mine\r");
    SENT(t, "changes.resolve", "\"id\":\"" SHOP_CHANGE_CONFLICT "\"",
         "\"choice\":\"mine\"", "\"request_id\":\"");
    tui_expect(t, "alpine:1779: queued.");
}

/* From the list the values come up first, with the question. */
static void theirs_is_decided_where_the_values_are(void **state) {
    struct tui *t = *state;
    tui_expect(t, "CONFLICT");
    term_send(t->term, "t");
    tui_expect(t, "Seen");
    tui_expect(t, "Type \"theirs\"");
    term_send(t->term, "theirs\r");
    SENT(t, "changes.resolve", "\"choice\":\"theirs\"");
}

/* What a change does not offer is no hint and does nothing. */
static void what_cannot_be_done_is_not(void **state) {
    struct tui *t = *state;
    tui_expect(t, "CONFLICT");
    tui_expect(t, "m mine");
    term_send(t->term, "a");
    term_send(t->term, "H");
    term_settle(t->term, 100);
    assert_null(strstr(term_screen(t->term), "Type \""));
    term_send(t->term, "j");
    tui_expect_gone(t, "m mine");
    term_send(t->term, "m");
    term_settle(t->term, 100);
    assert_null(strstr(term_screen(t->term), "Type \""));
    assert_int_equal(fake_daemon_calls(t->daemon, "changes.resolve"), 0);
    assert_int_equal(fake_daemon_calls(t->daemon, "changes.approve"), 0);
}

static void unknown_is_decided_by_a_person(void **state) {
    struct tui *t = *state;
    tui_expect(t, "CONFLICT");
    term_send(t->term, "jjj");
    tui_expect(t, "No answer came");
    term_send(t->term, "H");
    tui_expect(t, "Type \"happened\"");
    term_send(t->term, "happened\r");
    SENT(t, "changes.resolve", "\"choice\":\"happened\"");
}

static void approving_is_typed(void **state) {
    struct tui *t = *state;
    tui_expect(t, "CONFLICT");
    term_send(t->term, "jjjjj");
    tui_expect(t, "a approve");
    term_send(t->term, "a");
    tui_expect(t, "Approve and send alpine:");
    tui_expect(t, "Type \"approve\"");
    term_send(t->term, "approve\r");
    SENT(t, "changes.approve", "\"id\":\"", "\"request_id\":\"");
}

static void a_refused_one_is_edited(void **state) {
    struct tui *t = *state;
    tui_expect(t, "CONFLICT");
    term_send(t->term, "jjjj");
    tui_expect(t, "12,5 is no number");
    term_send(t->term, "\r");
    tui_expect(t, "NO-88-A");
    term_send(t->term, "e");
    tui_expect(t, "Other values");
    tui_expect(t, ">Price");
    term_send(t->term, "\025"
                       "12.50\023");
    SENT(t, "changes.edit", "\"set\":{\"regular_price\":\"12.50\"}",
         "\"request_id\":\"");
    /* What was not typed over is not sent. */
    assert_null(strstr(fake_daemon_params(t->daemon, "changes.edit"), "sku"));
}

static void retrying_needs_no_word(void **state) {
    struct tui *t = *state;
    tui_expect(t, "CONFLICT");
    term_send(t->term, "jjjj");
    tui_expect(t, "12,5 is no number");
    term_send(t->term, "r");
    SENT(t, "changes.retry", "\"id\":\"");
}

static void several_are_given_up_after_a_preview(void **state) {
    struct tui *t = *state;
    tui_expect(t, "CONFLICT");
    term_send(t->term, "  ");
    tui_expect(t, "2 marked");
    term_send(t->term, "D");
    tui_expect(t, "2 changes are given up");
    tui_expect(t, "alpine:1779");
    term_send(t->term, "\r");
    tui_expect(t, "Type \"discard 2 changes\"");
    term_send(t->term, "discard\r");
    tui_expect(t, "Cancelled");
    assert_int_equal(fake_daemon_calls(t->daemon, "changes.discard"), 0);
    term_send(t->term, "\r");
    term_send(t->term, "discard 2 changes\r");
    tui_expect_calls(t, "changes.discard", 2);
    tui_expect(t, "2 of 2 taken");
}

static void events_move_the_rows(void **state) {
    struct tui *t = *state;
    tui_expect(t, "CONFLICT");
    fake_daemon_answer(t->daemon, "changes.list",
                       "{\"items\":[],\"next\":null,\"total\":0}");
    fake_daemon_answer(t->daemon, "changes.count",
                       "{\"open\":0,\"awaiting\":0,\"queued\":0,\"sending\":0,"
                       "\"unknown\":0,\"conflict\":0,\"refused\":0,"
                       "\"confirmed\":388,\"discarded\":7}");
    fake_daemon_event(t->daemon,
                      "{\"seq\":11,\"topic\":\"change\",\"store\":\"alpine\","
                      "\"data\":{\"id\":\"" SHOP_CHANGE_CONFLICT
                      "\",\"state\":\"confirmed\"}}");
    tui_expect(t, "Nothing was changed yet.");
    tui_expect(t, "nothing waits");
}

static void read_only_decides_nothing(void **state) {
    struct tui *t = *state;
    static const char *const args[] = {"--read-only", NULL};
    tui_stop(t);
    tui_start(t, 24, 80, "changes", args);
    tui_expect(t, "CONFLICT");
    assert_null(strstr(term_screen(t->term), "m mine"));
    term_send(t->term, "m");
    tui_expect(t, "read-only");
    term_send(t->term, "D");
    term_settle(t->term, 100);
    assert_null(strstr(term_screen(t->term), "Type \""));
}

static void plain_lines_say_it_all(void **state) {
    struct tui *t = *state;
    static const char *const args[] = {"--plain", NULL};
    tui_stop(t);
    tui_start(t, 60, 100, "changes", args);
    tui_expect(
        t, "1. State CONFLICT, Object alpine:1779, Wanted Status: completed");
    term_send(t->term, "1\r");
    tui_expect(t, "cancelled");
    term_send(t->term, "keep_mine\r");
    tui_expect(t, "Type \"mine\"");
    term_send(t->term, "mine\r");
    SENT(t, "changes.resolve", "\"choice\":\"mine\"");
}

/* The numbers of the dashboard lead to their lists. */
static void the_dashboard_leads_there(void **state) {
    struct tui *t = *state;
    tui_expect(t, "CONFLICT");
    term_send(t->term, "gd");
    tui_expect(t, "1 conflict");
    tui_expect(t, "1 unknown: sent, no answer");
    tui_expect(t, "2 changes wait for approval");
    for (int i = 0; i < 30 && !strstr(term_screen(t->term), "state:conflict");
         i++) {
        int y, x;
        term_cursor(t->term, &y, &x);
        if (strstr(term_row(t->term, y), "1 conflict")) {
            term_send(t->term, "\r");
            tui_expect(t, "/ state:conflict");
        } else {
            term_send(t->term, "j");
            term_settle(t->term, 50);
        }
    }
    tui_expect(t, "/ state:conflict");
    tui_expect(t, "1-1 of 1");
}

#define CASE(f) cmocka_unit_test_setup_teardown(f, start, stop)

int main(void) {
    const struct CMUnitTest tests[] = {
        CASE(every_state_and_its_count_show),
        CASE(the_filter_knows_its_keys),
        CASE(a_conflict_is_kept_mine),
        CASE(theirs_is_decided_where_the_values_are),
        CASE(what_cannot_be_done_is_not),
        CASE(unknown_is_decided_by_a_person),
        CASE(approving_is_typed),
        CASE(a_refused_one_is_edited),
        CASE(retrying_needs_no_word),
        CASE(several_are_given_up_after_a_preview),
        CASE(events_move_the_rows),
        CASE(read_only_decides_nothing),
        CASE(plain_lines_say_it_all),
        CASE(the_dashboard_leads_there),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
