#include "test.h"

#include <stdlib.h>
#include <string.h>

#include "common/frame.h"
#include "common/mem.h"
#include "mini_daemon.h"
#include "tui/rpc_client.h"

#define OK(result) "{\"jsonrpc\":\"2.0\",\"id\":$ID,\"result\":" result "}"
#define EVENT(n)                                                               \
    "{\"jsonrpc\":\"2.0\",\"method\":\"event\",\"params\":{\"seq\":" n "}}"

/* A client of the rows, session open. */
struct pair {
    struct mini_daemon *d;
    struct rpc_client *c;
    struct rpc_reply r;
    struct rpc_event ev;
    struct error e;
};

static void pair_done(struct pair *p) {
    rpc_reply_done(&p->r);
    rpc_event_done(&p->ev);
    rpc_client_close(p->c);
    mini_daemon_stop(p->d);
}

static struct pair pair_open(const struct mini_row *rows, size_t n) {
    struct pair p = {.d = mini_daemon_start(rows, n)};
    assert_int_equal(rpc_client_open(mini_daemon_path(p.d), &p.c, &p.e), 0);
    assert_int_equal(rpc_client_session(p.c, "en", false, NULL, &p.r, &p.e), 0);
    return p;
}
#define OPEN(rows) pair_open(rows, sizeof(rows) / sizeof *(rows))

static int call(struct pair *p, const char *method) {
    return rpc_client_call(p->c, method, NULL, &p->r, &p->e);
}

static int64_t next_seq(struct pair *p) {
    int64_t seq = -1;
    int rc = rpc_client_event(p->c, 2000, NULL, &p->ev, &p->e);
    assert_int_equal(rc, 1);
    assert_string_equal(p->ev.method, "event");
    assert_int_equal(json_i64(json_get(p->ev.params, "seq"), false, &seq), 0);
    return seq;
}

/* The result's bytes come through as they are, whatever tree they make. */
static void test_text_as_received(void **state) {
    (void)state;
    static const struct mini_row rows[] = {
        {"a", OK("{\"n\": 1.50, \"big\":[12345678901234567890]}")},
        {"b", "{\"id\":$ID,\"result\":[1],\"jsonrpc\":\"2.0\"}"}};
    CLEANUP(pair_done) struct pair p = OPEN(rows);
    assert_int_equal(call(&p, "a"), 0);
    assert_string_equal(buf_str(&p.r.text),
                        "{\"n\": 1.50, \"big\":[12345678901234567890]}");
    assert_int_equal(call(&p, "b"), 0);
    assert_string_equal(buf_str(&p.r.text), "[1]");
}

/* Events before, between and behind answers: each once, in order. */
static void test_events_are_kept(void **state) {
    (void)state;
    static const struct mini_row rows[] = {
        {"a", EVENT("1") "\n" EVENT("2") "\n" OK("1") "\n" EVENT("3")},
        {"b", EVENT("4") "\n" OK("2") "\n" EVENT("5")}};
    CLEANUP(pair_done) struct pair p = OPEN(rows);
    assert_int_equal(call(&p, "a"), 0);
    assert_int_equal(next_seq(&p), 1);
    assert_int_equal(call(&p, "b"), 0);
    for (int64_t seq = 2; seq <= 5; seq++)
        assert_int_equal(next_seq(&p), seq);
    assert_int_equal(rpc_client_event(p.c, 10, NULL, &p.ev, &p.e), 0);
}

static void test_error_answer(void **state) {
    (void)state;
    static const struct mini_row rows[] = {
        {"a", "{\"jsonrpc\":\"2.0\",\"id\":$ID,\"error\":{\"code\":-3,"
              "\"message\":\"Not found.\",\"data\":{\"code\":\"not_found\","
              "\"hint\":\"H\",\"params\":{\"field\":\"ref\"}}}}"}};
    CLEANUP(pair_done) struct pair p = OPEN(rows);
    assert_int_equal(call(&p, "a"), ERR_NOT_FOUND);
    assert_null(p.r.result);
    assert_int_equal(p.r.code, ERR_NOT_FOUND);
    assert_string_equal(p.r.message, "Not found.");
    assert_string_equal(p.r.hint, "H");
    assert_string_equal(p.r.field, "ref");
    assert_int_equal(call(&p, "nonsense"), ERR_UNKNOWN_METHOD);
}

/* An answer to a call that was given up is not taken for the next one's. */
static void test_timeout(void **state) {
    (void)state;
    static const struct mini_row rows[] = {
        {"slow", EVENT("1")},
        {"a", "{\"jsonrpc\":\"2.0\",\"id\":2,\"result\":\"late\"}\n" OK(
                  "\"mine\"")}};
    CLEANUP(pair_done) struct pair p = OPEN(rows);
    rpc_client_set_timeout(p.c, 20);
    assert_int_equal(call(&p, "slow"), ERR_TIMEOUT);
    assert_int_equal(p.r.code, 0);
    rpc_client_set_timeout(p.c, 5000);
    assert_int_equal(call(&p, "a"), 0);
    assert_string_equal(json_string(p.r.result), "mine");
    assert_int_equal(next_seq(&p), 1);
}

static void test_lost(void **state) {
    (void)state;
    static const struct mini_row rows[] = {{"a", NULL}};
    CLEANUP(pair_done) struct pair p = OPEN(rows);
    assert_int_equal(call(&p, "a"), ERR_NO_DAEMON);
    assert_int_equal(p.r.code, 0);
    assert_int_equal(rpc_client_event(p.c, 100, NULL, &p.ev, &p.e),
                     ERR_NO_DAEMON);
}

static void test_no_protocol(void **state) {
    (void)state;
    static const struct mini_row rows[] = {{"a", "HTTP/1.1 400 Bad Request"},
                                           {"b", "{\"jsonrpc\":\"2.0\"}"}};
    CLEANUP(pair_done) struct pair p = OPEN(rows);
    assert_int_equal(call(&p, "a"), ERR_INVALID_REQUEST);
    CLEANUP(pair_done) struct pair q = pair_open(rows + 1, 1);
    assert_int_equal(call(&q, "b"), ERR_INVALID_REQUEST);
}

static void test_too_long(void **state) {
    (void)state;
    struct buf line = BUF_INIT;
    memset(buf_reserve(&line, FRAME_MAX + 2), 'x', FRAME_MAX + 2);
    buf_added(&line, FRAME_MAX + 2);
    const struct mini_row rows[] = {{"a", line.data}};
    {
        CLEANUP(pair_done) struct pair p = OPEN(rows);
        assert_int_equal(call(&p, "a"), ERR_TOO_BIG);
    }
    buf_done(&line);
}

static void test_open_fails(void **state) {
    (void)state;
    struct rpc_client *c = NULL;
    struct error e = {0};
    char path[200];
    assert_int_equal(rpc_client_open("/nonexistent/s", &c, &e), ERR_NO_DAEMON);
    assert_non_null(strstr(e.detail, "/nonexistent/s"));
    memset(path, 'x', sizeof path - 1);
    path[sizeof path - 1] = '\0';
    assert_int_equal(rpc_client_open(path, &c, &e), ERR_NO_DAEMON);
    assert_null(c);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_text_as_received),
        cmocka_unit_test(test_events_are_kept),
        cmocka_unit_test(test_error_answer),
        cmocka_unit_test(test_timeout),
        cmocka_unit_test(test_lost),
        cmocka_unit_test(test_no_protocol),
        cmocka_unit_test(test_too_long),
        cmocka_unit_test(test_open_fails),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
