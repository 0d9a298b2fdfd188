#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

/* Picking as a scanner does it: a burst, what is wrong, a link that goes away
 * in the middle. */
#include "common/buf.h"
#include "common/json.h"
#include "tui_test.h"

#define LINE(id, sku, name, picked)                                            \
    "{\"pick\":\"P-77\",\"ref\":\"alpine:2000\",\"tote\":\"\",\"line\":" #id   \
    ",\"part\":0,\"sku\":\"" sku "\",\"name\":\"" name                         \
    "\",\"bin\":\"B-1\",\"quantity\":\"9\",\"picked\":\"" picked               \
    "\",\"short\":\"0\",\"reason\":\"\",\"way\":\"\"}"
#define PICK                                                                   \
    "{\"id\":\"P-77\",\"kind\":\"single\",\"who\":\"ali\",\"idle\":0,"         \
    "\"left\":2,\"last\":null,\"orders\":[{\"pick\":\"P-77\",\"ref\":"         \
    "\"alpine:2000\",\"number\":\"2000\",\"state\":\"picking\",\"tote\":"      \
    "\"\",\"who\":\"ali\"}],\"lines\":[" LINE(1, "S-1", "Tent", "0") "," LINE( \
        2, "S-2", "Rope", "0") "]}"

/* Scans as the daemon counts them: each request_id once. */
struct counted {
    char ids[64][32];
    int n, asked;
};

static bool is_new(struct counted *c, const char *id) {
    for (int i = 0; i < c->n; i++) {
        if (strcmp(c->ids[i], id) == 0) {
            return false;
        }
    }
    (void)snprintf(c->ids[c->n++], sizeof c->ids[0], "%s", id);
    return true;
}

static void scan(const struct json *params, struct buf *out, void *arg) {
    struct counted *c = arg;
    const char *code = json_string(json_get(params, "code"));
    bool ok = strcmp(code, "S-1") == 0;
    c->asked++;
    if (ok) {
        (void)is_new(c, json_string(json_get(params, "request_id")));
    }
    buf_addf(out,
             "{\"verdict\":\"%s\",\"code\":\"%s\",\"name\":\"Tent\",\"pick\":"
             "\"P-77\",\"line\":%d,\"part\":0,\"tote\":\"\",\"quantity\":"
             "\"9\",\"picked\":\"%d\",\"short\":\"0\",\"left\":2}",
             ok ? "ok" : "wrong", code, ok ? 1 : 0, c->n);
}

static struct tui fixture;
static struct counted counted;

static int start(void **state) {
    memset(&counted, 0, sizeof counted);
    tui_start(&fixture, 24, 80, "orders", NULL);
    fake_daemon_answer(fixture.daemon, "picks.begin", PICK);
    fake_daemon_answer(fixture.daemon, "picks.get", PICK);
    fake_daemon_handle(fixture.daemon, "picks.scan", scan, &counted);
    tui_expect(&fixture, "alpine:2000");
    term_send(fixture.term, "p");
    tui_expect(&fixture, "0 / 9");
    *state = &fixture;
    return 0;
}

static int stop(void **state) {
    tui_stop(*state);
    return 0;
}

static void a_burst_counts_each_scan(void **state) {
    struct tui *t = *state;
    term_send(t->term, "S-1\rS-1\rS-1\r");
    tui_expect(t, "3 / 9");
    tui_expect(t, "OK");
    tui_expect_calls(t, "picks.scan", 3);
}

/* q, j, : and / are letters of a code here. */
static void a_code_runs_no_command(void **state) {
    struct tui *t = *state;
    term_send(t->term, "qj:/?D");
    tui_expect(t, "qj:/?D");
    term_send(t->term, "\r");
    tui_expect(t, "WRONG ITEM");
    tui_expect(t, "put it back");
    term_send(t->term, "S-1\r");
    tui_expect_gone(t, "WRONG ITEM");
}

/* Nor does it choose why a line is short. */
static void a_code_chooses_nothing(void **state) {
    struct tui *t = *state;
    fake_daemon_answer(t->daemon, "picks.short", PICK);
    term_send(t->term, "\033OQ"); /* F2 */
    tui_expect(t, "Missing: ");
    term_send(t->term, "8690Jk1\r");
    tui_expect(t, "nothing is chosen");
    tui_expect_calls(t, "picks.short", 0);
    term_send(t->term, "\r");
    tui_expect(t, "S-1  Missing: wait for goods"); /* what was said of it */
    tui_expect_calls(t, "picks.short", 1);
}

/* What was wrong before is over with the next act. */
static void a_line_that_is_short_says_so(void **state) {
    struct tui *t = *state;
    fake_daemon_answer(t->daemon, "picks.short", PICK);
    term_send(t->term, "X-9\r");
    tui_expect(t, "WRONG ITEM");
    term_send(t->term, "\033[24~"); /* F12 */
    tui_expect(t, "NOT THERE");
    tui_expect_gone(t, "WRONG ITEM");
}

/* Nothing ends by one key. */
static void what_was_begun_by_mistake_is_ended(void **state) {
    struct tui *t = *state;
    fake_daemon_answer(t->daemon, "picks.drop", "{\"id\":\"P-77\"}");
    term_send(t->term, "\033[20~"); /* F9 */
    tui_expect(t, "Begun by mistake?");
    term_send(t->term, "no\r");
    tui_expect(t, "0 / 9");
    assert_int_equal(fake_daemon_calls(t->daemon, "picks.drop"), 0);
    term_send(t->term, "\033[20~");
    tui_expect(t, "Begun by mistake?");
    term_send(t->term, "put back\r");
    tui_expect(t, "P-77 is ended: put back what was picked.");
}

static void what_is_given_back_is_not_picked(void **state) {
    struct tui *t = *state;
    fake_daemon_answer(t->daemon, "picks.give_back", "{\"id\":\"P-77\"}");
    term_send(t->term, "\033[17~"); /* F6 */
    tui_expect(t, "P-77 is out of your hand: anybody may go on.");
}

static void scans_wait_for_the_link(void **state) {
    struct tui *t = *state;
    fake_daemon_away(t->daemon, true);
    term_send(t->term, "S-1\rS-1\r");
    tui_expect(t, "2 scans wait");
    fake_daemon_away(t->daemon, false);
    tui_expect(t, "2 / 9");
    assert_int_equal(counted.n, 2);
    tui_expect_gone(t, "scans wait");
}

static void how_it_looks(void **state) {
    struct tui *t = *state;
    term_send(t->term, "S-1\rX-9\r");
    tui_expect(t, "WRONG ITEM");
    tui_expect_golden(t, "picking-80x24-en");
    term_resize(t->term, 12, 40);
    tui_expect(t, "WRONG ITEM");
    tui_expect_golden(t, "picking-40x12-en");
}

int main(void) {
#define T(name) cmocka_unit_test_setup_teardown(name, start, stop)
    const struct CMUnitTest tests[] = {
        T(a_burst_counts_each_scan),
        T(a_code_runs_no_command),
        T(a_code_chooses_nothing),
        T(a_line_that_is_short_says_so),
        T(what_was_begun_by_mistake_is_ended),
        T(what_is_given_back_is_not_picked),
        T(scans_wait_for_the_link),
        T(how_it_looks),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
