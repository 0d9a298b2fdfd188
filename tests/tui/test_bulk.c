#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

/* One act on marked orders: what would become of each is seen before anything
 * is sent, and what became of it after. */
#include "common/buf.h"
#include "common/json.h"
#include "common/str.h"
#include "tui_test.h"

/* The first is ready, the second held, the third not allowed. */
static void preview(const struct json *p, struct buf *out, void *arg) {
    const struct json *o = json_first(json_get(p, "orders"));
    static const char *const rest[] = {
        "\"holds\":[],\"state\":\"ready\",\"text\":\"\"}",
        "\"holds\":[\"address\"],\"state\":\"ready\",\"text\":\"\"}",
        "\"holds\":[],\"state\":\"refused\",\"text\":\"It is gone.\"}"};
    (void)arg;
    buf_adds(out, "{\"orders\":3,\"stores\":2,\"held\":1,\"unchanged\":0,"
                  "\"refused\":1,\"more\":false,\"rows\":[");
    for (int i = 0; o && i < 3; i++, o = json_next(o)) {
        buf_addf(out, "%s{\"ref\":\"%s\",\"status\":\"processing\",%s",
                 i ? "," : "", json_string(o), rest[i]);
    }
    buf_adds(out, "]}");
}

static int start(void **state) {
    static struct tui t;
    tui_start(&t, 24, 80, "orders", NULL);
    *state = &t;
    fake_daemon_handle(t.daemon, "orders.preview", preview, NULL);
    tui_expect(&t, ">alpine:2000");
    term_send(t.term, "   "); /* three marks */
    tui_expect(&t, ">alpine:1997");
    return 0;
}

static int stop(void **state) {
    tui_stop(*state);
    return 0;
}

static void previewed(struct tui *t, const char *act) {
    tui_expect(t, "3 orders, 2 shops, 1 held, 1 not allowed");
    tui_expect(t, "hold:address");
    tui_expect(t, "! It is gone.");
    tui_expect_calls(t, "orders.preview", 1);
    assert_non_null(
        strstr(fake_daemon_params(t->daemon, "orders.preview"), act));
}

static void a_status_is_shown_before_it_is_sent(void **state) {
    struct tui *t = *state;
    term_send(t->term, "tjjj\r");
    previewed(t, "\"act\":\"status\"");
    assert_int_equal(fake_daemon_calls(t->daemon, "orders.update"), 0);
    term_send(t->term, "\r");
    tui_expect_calls(t, "orders.update", 2); /* not the third */
    tui_expect(t, "2 of 3 taken");
    tui_expect(t, "1 not taken");
}

static void holds_are_filled_in_once_for_all(void **state) {
    struct tui *t = *state;
    fake_daemon_answer(t->daemon, "orders.hold",
                       "{\"ref\":\"alpine:2000\",\"tags\":[],\"holds\":[]}");
    term_send(t->term, "H");
    tui_expect(t, "Hold 3 orders");
    term_send(t->term, "  \trecall\033[21~");
    previewed(t, "\"act\":\"hold\",\"value\":\"address\"");
    term_send(t->term, "\r");
    tui_expect_calls(t, "orders.hold", 2);
    assert_non_null(strstr(fake_daemon_params(t->daemon, "orders.hold"),
                           "\"reason\":\"address\",\"note\":\"recall\""));
    tui_expect(t, "done");
    tui_expect(t, "2 of 3 taken");
}

static void tags_go_on_and_off(void **state) {
    struct tui *t = *state;
    fake_daemon_answer(t->daemon, "orders.tag",
                       "{\"ref\":\"alpine:2000\",\"tags\":[],\"holds\":[]}");
    term_send(t->term, "#");
    tui_expect(t, "Tag 3 orders");
    term_send(t->term, "-gift\r");
    previewed(t, "\"act\":\"untag\",\"value\":\"gift\"");
    term_send(t->term, "\r");
    tui_expect_calls(t, "orders.tag", 2);
    assert_non_null(strstr(fake_daemon_params(t->daemon, "orders.tag"),
                           "\"remove\":[\"gift\"]"));
}

/* Those that may are walked together. */
static void a_walk_leaves_out_what_may_not(void **state) {
    struct tui *t = *state;
    term_send(t->term, "p");
    previewed(t, "\"act\":\"pick\"");
    assert_int_equal(fake_daemon_calls(t->daemon, "picks.begin"), 0);
    term_send(t->term, "\r");
    tui_expect_calls(t, "picks.begin", 1);
    const char *params = fake_daemon_params(t->daemon, "picks.begin");
    assert_non_null(strstr(params, "alpine:2000"));
    assert_null(strstr(params, "1998"));
}

/* The daemon judges each all the same. */
static void without_a_preview_it_can_be_sent(void **state) {
    struct tui *t = *state;
    fake_daemon_refuse(t->daemon, "orders.preview", "busy", "Not now.",
                       "Wait.");
    term_send(t->term, "tjjj\r");
    tui_expect(t, "Not now. Wait.");
    term_send(t->term, "\r");
    tui_expect_calls(t, "orders.update", 3);
}

int main(void) {
#define T(name) cmocka_unit_test_setup_teardown(name, start, stop)
    const struct CMUnitTest tests[] = {
        T(a_status_is_shown_before_it_is_sent),
        T(holds_are_filled_in_once_for_all),
        T(tags_go_on_and_off),
        T(a_walk_leaves_out_what_may_not),
        T(without_a_preview_it_can_be_sent),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
