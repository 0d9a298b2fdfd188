#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "common/json.h"
#include "common/str.h"
#include "fake_daemon.h"
#include "tui/link.h"
#include "tui/loop.h"

struct fixture {
    struct fake_daemon *daemon;
    struct loop *loop;
    struct link *link;
    int states, events, resyncs, answers, errors;
    char got[80];
};

static void on_state(void *arg) {
    ((struct fixture *)arg)->states++;
}

static void on_event(void *arg, const struct json *params) {
    struct fixture *f = arg;
    const char *what = json_string(json_path(params, "data.what"));
    f->events++;
    f->resyncs += str_eq(what, "resync");
}

static void on_answer(void *arg, const struct link_reply *r) {
    struct fixture *f = arg;
    f->answers++;
    if (!r->result) {
        f->errors++;
        str_copy(f->got, sizeof f->got, r->hint ? r->hint : r->code);
    } else {
        const char *s = json_string(json_get(r->result, "say"));
        str_copy(f->got, sizeof f->got, s ? s : "");
    }
}

static int setup(void **state) {
    static struct fixture f;
    f = (struct fixture){.daemon = fake_daemon_start(), .loop = loop_create()};
    struct link_options o = {.socket_path = fake_daemon_socket(f.daemon),
                             .locale = "tr"};
    struct link_events e = {&f, on_state, on_event};
    f.link = link_create(f.loop, &o, &e);
    *state = &f;
    return 0;
}

static int teardown(void **state) {
    struct fixture *f = *state;
    link_destroy(f->link);
    loop_destroy(f->loop);
    fake_daemon_stop(f->daemon);
    return 0;
}

static void turn_until(struct fixture *f, const int *counter, int n) {
    for (int i = 0; i < 500 && *counter < n; i++) {
        loop_turn(f->loop, 10);
    }
    assert_true(*counter >= n);
}

static void wait_up(struct fixture *f) {
    for (int i = 0; i < 500 && link_state(f->link) != LINK_UP; i++) {
        loop_turn(f->loop, 10);
    }
    assert_int_equal(link_state(f->link), LINK_UP);
}

static void opens_and_asks(void **state) {
    struct fixture *f = *state;
    fake_daemon_answer(f->daemon, "x.y", "{\"say\":\"hello\"}");
    /* Asked before the session is open: sent once it is. */
    assert_int_equal(link_ask(f->link, "x.y", "{\"a\":1}", on_answer, f), 0);
    turn_until(f, &f->answers, 1);
    assert_string_equal(f->got, "hello");
    assert_string_equal(link_session(f->link)->user, "ayse");
    assert_string_equal(fake_daemon_params(f->daemon, "x.y"), "{\"a\":1}");
    assert_non_null(strstr(fake_daemon_params(f->daemon, "session.open"),
                           "\"locale\":\"tr\""));
    assert_string_equal(fake_daemon_params(f->daemon, "events.subscribe"),
                        "{\"since\":10}");
    assert_int_equal(link_waiting(f->link), 0);
}

static void errors_carry_the_cure(void **state) {
    struct fixture *f = *state;
    fake_daemon_refuse(f->daemon, "x.y", "not_found", "Not found.", "Look.");
    link_ask(f->link, "x.y", "{}", on_answer, f);
    turn_until(f, &f->errors, 1);
    assert_string_equal(f->got, "Look.");
}

static void a_lost_link_asks_again(void **state) {
    struct fixture *f = *state;
    wait_up(f);
    fake_daemon_answer(f->daemon, "x.y", "{\"say\":\"late\"}");
    fake_daemon_mute(f->daemon, true);
    link_write(f->link, "x.y", "{\"a\":1}", on_answer, f);
    loop_turn(f->loop, 10);
    fake_daemon_away(f->daemon, true);
    for (int i = 0; i < 100 && link_state(f->link) != LINK_DOWN; i++) {
        loop_turn(f->loop, 10);
    }
    assert_int_equal(link_state(f->link), LINK_DOWN);
    assert_true(link_error(f->link)[0] != '\0');
    /* Asked while it is down. */
    link_ask(f->link, "x.y", "{}", on_answer, f);
    fake_daemon_mute(f->daemon, false);
    fake_daemon_away(f->daemon, false);
    turn_until(f, &f->answers, 2);
    assert_int_equal(f->errors, 0);
    assert_int_equal(fake_daemon_calls(f->daemon, "session.open"), 2);
    assert_int_equal(link_waiting(f->link), 0);
}

static void writes_carry_a_request_id(void **state) {
    struct fixture *f = *state;
    fake_daemon_answer(f->daemon, "x.y", "{}");
    link_write(f->link, "x.y", "{}", on_answer, f);
    turn_until(f, &f->answers, 1);
    assert_non_null(
        strstr(fake_daemon_params(f->daemon, "x.y"), "{\"request_id\":\"0"));
}

static void events_move_the_place_to_go_on(void **state) {
    struct fixture *f = *state;
    wait_up(f);
    fake_daemon_event(f->daemon, "{\"seq\":17,\"topic\":\"order\"}");
    turn_until(f, &f->events, 1);
    fake_daemon_answer(f->daemon, "events.subscribe",
                       "{\"seq\":20,\"resync\":true}");
    fake_daemon_away(f->daemon, true);
    fake_daemon_away(f->daemon, false);
    turn_until(f, &f->resyncs, 1);
    assert_string_equal(fake_daemon_params(f->daemon, "events.subscribe"),
                        "{\"since\":17}");
    assert_int_equal(link_session(f->link)->seq, 20);
}

static void forgotten_callbacks_stay_silent(void **state) {
    struct fixture *f = *state;
    fake_daemon_answer(f->daemon, "x.y", "{}");
    link_ask(f->link, "x.y", "{}", on_answer, f);
    link_forget(f->link, f);
    wait_up(f);
    for (int i = 0; i < 20; i++) {
        loop_turn(f->loop, 5);
    }
    assert_int_equal(f->answers, 0);
}

static void too_many_are_refused(void **state) {
    struct fixture *f = *state;
    int refused = 0;
    for (int i = 0; i < 300; i++) {
        refused += link_ask(f->link, "x.y", "{}", NULL, NULL) < 0;
    }
    assert_true(refused >= 300 - 256);
}

static void a_refused_session_says_so(void **state) {
    struct fixture *f = *state;
    fake_daemon_refuse(f->daemon, "session.open", "version", "Too new.", NULL);
    for (int i = 0; i < 200 && link_state(f->link) != LINK_REFUSED; i++) {
        loop_turn(f->loop, 10);
    }
    assert_int_equal(link_state(f->link), LINK_REFUSED);
    assert_string_equal(link_error(f->link), "Too new.");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(opens_and_asks, setup, teardown),
        cmocka_unit_test_setup_teardown(errors_carry_the_cure, setup, teardown),
        cmocka_unit_test_setup_teardown(a_lost_link_asks_again, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(writes_carry_a_request_id, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(events_move_the_place_to_go_on, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(forgotten_callbacks_stay_silent, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(too_many_are_refused, setup, teardown),
        cmocka_unit_test_setup_teardown(a_refused_session_says_so, setup,
                                        teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
