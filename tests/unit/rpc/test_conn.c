/* A connection: what is asked is answered to the end; who does not read is
 * paused, then dropped, and never grows the daemon. */
#include "fixture.h"

#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "common/str.h"

enum { NEAR_A_MINUTE = RPC_STUCK_MS - 1 };

/* rpc.discover's answer is long: asked often enough without reading, the
 * socket is full and the rest, more than one answer, waits in the daemon. */
enum { FILLED = RPC_QUEUE_PAUSE / 4 * 3 };

static void fill(struct fx *f, struct fx_client *c) {
    for (int i = 0; i < 100 && f->rpc->held_out < FILLED; i++)
        fx_send(c, "{\"jsonrpc\":\"2.0\",\"id\":1,"
                   "\"method\":\"rpc.discover\"}\n");
    assert_true(f->rpc->held_out >= FILLED);
}

static void who_takes_nothing_for_a_minute_is_dropped(void **state) {
    struct fx *f = *state;
    struct fx_client c;
    fx_connect(f, &c, FX_SESSION);
    fill(f, &c);
    fx_pass(f, NEAR_A_MINUTE);
    assert_int_equal(f->rpc->n_conns, 1);
    fx_pass(f, 1);
    assert_int_equal(f->rpc->n_conns, 0);
    assert_int_equal(f->rpc->held_out, 0);
    while (fx_read(&c))
        continue;
    assert_true(c.ended);
    fx_close(&c);
}

static void who_takes_a_little_is_kept(void **state) {
    struct fx *f = *state;
    struct fx_client c;
    fx_connect(f, &c, FX_SESSION);
    fill(f, &c);
    fx_pass(f, NEAR_A_MINUTE);
    assert_non_null(fx_read(&c));
    assert_true(f->rpc->held_out > 0);
    fx_pass(f, NEAR_A_MINUTE); /* its minute began again */
    assert_int_equal(f->rpc->n_conns, 1);
    while (fx_read(&c))
        continue;
    assert_int_equal(f->rpc->held_out, 0);
    fx_pass(f, 2 * RPC_STUCK_MS); /* nothing waits: nobody is dropped */
    (void)fx_ok(&c, "jobs.list", NULL);
    fx_close(&c);
}

static void who_floods_without_reading_is_paused(void **state) {
    struct fx *f = *state;
    struct fx_client c;
    int64_t answers = 0;
    fx_connect(f, &c, FX_SESSION);
    for (int i = 0; i < 2000; i++)
        fx_send(&c, "{\"jsonrpc\":\"2.0\",\"id\":1,"
                    "\"method\":\"rpc.discover\"}\n");
    assert_in_range(f->rpc->held_out, RPC_QUEUE_PAUSE, 2 * RPC_QUEUE_PAUSE);
    while (fx_read(&c))
        answers++;
    assert_false(c.ended);
    assert_true(answers > 20); /* what was taken in is answered */
    (void)fx_ok(&c, "jobs.list", NULL);
    fx_close(&c);
}

static void what_was_asked_before_the_end_is_answered(void **state) {
    struct fx *f = *state;
    struct fx_client c;
    fx_connect(f, &c, FX_SESSION);
    fx_send(&c, "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"jobs.list\"}\n"
                "{\"jsonrpc\":\"2.0\",\"id\":2,\"method\":\"stores.list\"}\n"
                "{\"jsonrpc\":\"2.0\",\"id\":3,\"meth");
    assert_int_equal(shutdown(c.fd, SHUT_WR), 0);
    int64_t sum = fx_number(fx_read(&c), "id");
    sum += fx_number(fx_read(&c), "id");
    assert_int_equal(sum, 1 + 2); /* half a line is nothing */
    assert_null(fx_read(&c));
    assert_true(c.ended);
    assert_int_equal(f->rpc->n_conns, 0);
    fx_close(&c);
}

static void one_too_many_is_turned_away(void **state) {
    struct fx *f = *state;
    static struct fx_client c[RPC_CONNECTIONS + 1];
    for (int i = 0; i <= RPC_CONNECTIONS; i++)
        fx_connect(f, &c[i], NULL);
    assert_string_equal(fx_code(fx_read(&c[RPC_CONNECTIONS])), "busy");
    assert_null(fx_read(&c[RPC_CONNECTIONS]));
    assert_true(c[RPC_CONNECTIONS].ended);
    (void)fx_ok(&c[0], "session.open", FX_SESSION);
    for (int i = 0; i <= RPC_CONNECTIONS; i++)
        fx_close(&c[i]);
    assert_int_equal(f->rpc->n_conns, 0);
}

static void work_outlives_its_client(void **state) {
    struct fx *f = *state;
    struct fx_client c, d;
    static const char ask[] = "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":"
                              "\"stores.resume\",\"params\":{\"store\":"
                              "\"alpine\"}}\n";
    fx_connect(f, &c, FX_SESSION);
    assert_int_equal(write(c.fd, ask, sizeof ask - 1), sizeof ask - 1);
    (void)uv_run(&f->loop, UV_RUN_NOWAIT); /* taken, not answered yet */
    assert_int_equal(f->rpc->n_calls, 1);
    (void)close(c.fd);
    (void)uv_run(&f->loop, UV_RUN_NOWAIT);
    (void)uv_run(&f->loop, UV_RUN_NOWAIT);
    c.fd = -1;
    fx_close(&c);
    assert_int_equal(f->rpc->n_calls, 0);
    assert_int_equal(f->rpc->n_conns, 0);
    fx_connect(f, &d, FX_SESSION);
    assert_string_equal(
        fx_text(fx_ok(&d, "stores.get", "{\"store\":\"alpine\"}"), "state"),
        "new");
    fx_close(&d);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(
            who_takes_nothing_for_a_minute_is_dropped, fx_setup, fx_teardown),
        cmocka_unit_test_setup_teardown(who_takes_a_little_is_kept, fx_setup,
                                        fx_teardown),
        cmocka_unit_test_setup_teardown(who_floods_without_reading_is_paused,
                                        fx_setup, fx_teardown),
        cmocka_unit_test_setup_teardown(
            what_was_asked_before_the_end_is_answered, fx_setup, fx_teardown),
        cmocka_unit_test_setup_teardown(one_too_many_is_turned_away, fx_setup,
                                        fx_teardown),
        cmocka_unit_test_setup_teardown(work_outlives_its_client, fx_setup,
                                        fx_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
