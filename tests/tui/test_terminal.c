#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <signal.h>
#include <stdlib.h>
#include <time.h>

#include "common/str.h"
#include "tui_test.h"

static void start(struct tui *t, const char *const args[]) {
    tui_start(t, 24, 80, "orders", args);
}

/* q at the root ends it; the terminal is as it was. */
static void leaving_restores_the_terminal(void **state) {
    struct tui t;
    (void)state;
    start(&t, NULL);
    tui_expect(&t, "of 148");
    assert_false(term_restored(t.term));
    term_send(t.term, "q");
    assert_int_equal(term_status(t.term, 20000), 0);
    assert_true(term_restored(t.term));
    tui_stop(&t);
}

/* Esc gets out of things, but never ends a session; nor does Backspace. */
static void escape_at_the_root_ends_nothing(void **state) {
    struct tui t;
    (void)state;
    start(&t, NULL);
    tui_expect(&t, "of 148");
    term_send(t.term, "/late:yes\r");
    tui_expect_gone(&t, "of 148");
    term_send(t.term, "\033");
    tui_expect(&t, "of 148"); /* out of the filter */
    term_send(t.term, "g");
    term_settle(t.term, 100);
    term_send(t.term, "\033");
    term_settle(t.term, 400); /* two in one read would be one of Alt */
    assert_null(strstr(term_screen(t.term), "leaves")); /* out of g */
    term_send(t.term, "\033");
    tui_expect(&t, "q leaves Fulexo.");
    term_send(t.term, "j");
    term_send(t.term, "\r");
    tui_expect(&t, "Order nordic:1999");
    term_send(t.term, "\033");
    tui_expect_gone(&t, "q leaves Fulexo.");
    tui_expect(&t, "of 148"); /* out of the page */
    term_send(t.term, "\177");
    tui_expect(&t, "q leaves Fulexo.");
    term_send(t.term, "q");
    assert_int_equal(term_status(t.term, 20000), 0);
    tui_stop(&t);
}

static void signals_end_it_cleanly(void **state) {
    static const int signals[] = {SIGTERM, SIGHUP, SIGINT};
    (void)state;
    for (size_t i = 0; i < sizeof signals / sizeof *signals; i++) {
        struct tui t;
        start(&t, NULL);
        tui_expect(&t, "of 148");
        assert_int_equal(kill(term_pid(t.term), signals[i]), 0);
        assert_int_equal(term_status(t.term, 20000), 0);
        assert_true(term_restored(t.term));
        tui_stop(&t);
    }
}

static void a_crash_restores_the_terminal(void **state) {
    struct tui t;
    (void)state;
    start(&t, NULL);
    tui_expect(&t, "of 148");
    assert_int_equal(kill(term_pid(t.term), SIGSEGV), 0);
    assert_int_equal(term_status(t.term, 20000), 128 + SIGSEGV);
    assert_true(term_restored(t.term));
    tui_stop(&t);
}

static void a_closed_terminal_ends_it(void **state) {
    struct tui t;
    (void)state;
    start(&t, NULL);
    tui_expect(&t, "of 148");
    term_hang_up(t.term);
    assert_true(term_status(t.term, 20000) >= 0);
    tui_stop(&t);
}

static void an_unknown_terminal_is_told(void **state) {
    static const char *const terms[] = {"TERM=no-such-terminal", "TERM=dumb",
                                        "TERM="};
    (void)state;
    for (size_t i = 0; i < sizeof terms / sizeof *terms; i++) {
        const char *const argv[] = {TUI_APP, "/nowhere", NULL};
        const char *const env[] = {terms[i], NULL};
        struct term *t = term_spawn(argv, 24, 80, env);
        assert_true(term_wait(t, "--plain", 20000));
        assert_int_equal(term_status(t, 20000), 64);
        term_destroy(t);
    }
}

static void an_unknown_screen_is_told(void **state) {
    const char *const argv[] = {TUI_APP, "/nowhere", "--screen", "nope", NULL};
    struct term *t = term_spawn(argv, 24, 80, NULL);
    (void)state;
    assert_true(term_wait(t, "There is no screen \"nope\".", 20000));
    assert_int_equal(term_status(t, 20000), 64);
    term_destroy(t);
}

static void no_daemon_is_told(void **state) {
    const char *const argv[] = {TUI_APP, "/nowhere", NULL};
    struct term *t = term_spawn(argv, 24, 80, NULL);
    (void)state;
    assert_true(
        term_wait(t, "No fulexod answers on /nowhere: start it, or", 20000));
    assert_true(term_wait(t, "socket with --socket.", 20000));
    term_send(t, "q");
    assert_int_equal(term_status(t, 20000), 0);
    term_destroy(t);
}

/* Every size from 1x1 up, then many at once. */
static void any_size_is_survived(void **state) {
    struct tui t;
    (void)state;
    start(&t, NULL);
    tui_expect(&t, "of 148");
    for (int h = 1; h < 30; h += 2) {
        for (int w = 1; w < 130; w += 17) {
            term_resize(t.term, h, w);
            (void)term_read(t.term, 2);
        }
    }
    for (int i = 0; i < 100; i++) {
        term_resize(t.term, 1 + i % 7 * 6, 1 + i % 11 * 13);
        (void)term_read(t.term, i % 3);
    }
    term_resize(t.term, 24, 80);
    tui_expect(&t, "1-18 of 148");
    term_send(t.term, "\r");
    tui_expect(&t, "Harness 151");
    term_resize(t.term, 1, 1);
    term_settle(t.term, 50);
    term_resize(t.term, 24, 80);
    tui_expect(&t, "Harness 151");
    tui_stop(&t);
}

static void read_only_is_seen_and_kept(void **state) {
    const char *const args[] = {"--read-only", NULL};
    struct tui t;
    (void)state;
    start(&t, args);
    tui_expect(&t, "read-only");
    tui_expect(&t, "of 148");
    term_send(t.term, "gs");
    tui_expect(&t, "nordic");
    assert_null(strstr(term_screen(t.term), "a add"));
    term_send(t.term, "a");
    tui_expect(&t, "This session is read-only.");
    assert_non_null(strstr(fake_daemon_params(t.daemon, "session.open"),
                           "\"read_only\":true"));
    tui_stop(&t);
}

static void no_color_means_none(void **state) {
    struct tui t;
    (void)state;
    start(&t, NULL);
    tui_expect(&t, "hold:");
    /* The word says it; the colour only helps. */
    const char *row = term_row(t.term, 4);
    const char *late = strstr(row, "late");
    assert_non_null(late);
    int at = (int)(late - row);
    assert_int_equal(term_color(t.term, 4, at), 1);
    tui_stop(&t);
    const char *const argv[] = {TUI_APP, "/nowhere", NULL};
    const char *const env[] = {"NO_COLOR=1", NULL};
    struct term *bare = term_spawn(argv, 24, 80, env);
    assert_true(term_wait(bare, "No fulexod", 20000));
    for (int x = 0; x < 80; x++) {
        assert_int_equal(term_color(bare, 22, x), -1);
    }
    term_destroy(bare);
}

/* Five seconds before the full minute: one repaint of clock and ages, then
 * silence. */
static void a_minute_tick_is_small(void **state) {
    const char *const args[] = {"TEST_NOW=1795442515", NULL};
    struct tui t;
    (void)state;
    start(&t, args);
    tui_expect(&t, "of 148");
    tui_expect_row(&t, 0, "14:01");
    term_settle(t.term, 300);
    size_t before = term_bytes(t.term);
    tui_expect(&t, "14:02");
    term_settle(t.term, 500);
    size_t tick = term_bytes(t.term) - before;
    print_message("minute tick: %zu bytes\n", tick);
    assert_true(tick > 0 && tick <= 300);
    assert_int_equal(term_read(t.term, 1500), 0);
    tui_stop(&t);
}

/* Ctrl-Z gives the shell back, fg the same screen. Without a shell to go to
 * it does nothing. */
static void suspending_needs_a_shell(void **state) {
    struct tui t;
    char line[300];
    (void)state;
    start(&t, NULL);
    tui_expect(&t, "of 148");
    term_send(t.term, "\032j");
    tui_expect(&t, ">nordic:1999");

    const char *const argv[] = {"/bin/bash", "--norc", "-i", NULL};
    struct term *shell = term_spawn(argv, 24, 80, NULL);
    (void)str_format(line, sizeof line, "%s %s --screen orders\r", TUI_APP,
                     fake_daemon_socket(t.daemon));
    term_send(shell, line);
    assert_true(term_wait(shell, "of 148", 20000));
    term_send(shell, "\032");
    assert_true(term_wait(shell, "Stopped", 20000));
    assert_true(term_restored(shell));
    term_send(shell, "fg\r");
    assert_true(term_wait(shell, "of 148", 20000));
    term_send(shell, "j");
    assert_true(term_wait(shell, ">nordic:1999", 20000));
    term_destroy(shell);
    tui_stop(&t);
}

static int64_t now_us(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

static int by_size(const void *a, const void *b) {
    const int64_t *x = a, *y = b;
    return (*x > *y) - (*x < *y);
}

/* Type one key; the time until the program wrote something. */
static int64_t one_key(struct tui *t, const char *key) {
    size_t before = term_bytes(t->term);
    int64_t begin = now_us();
    term_send(t->term, key);
    while (term_bytes(t->term) == before && now_us() - begin < 500000) {
        (void)term_read(t->term, 0);
    }
    int64_t took = now_us() - begin;
    (void)term_read(t->term, 4);
    return took;
}

/* Generous bounds (a busy machine runs this); the figures are printed. */
static void start_and_keys_are_quick(void **state) {
    enum { KEYS = 200 };
    struct tui t;
    int64_t took[KEYS];
    size_t most = 0;
    (void)state;
    int64_t begin = now_us();
    start(&t, NULL);
    tui_expect(&t, "alpine:2000");
    int64_t first = now_us() - begin;
    term_settle(t.term, 100);
    for (int i = 0; i < KEYS; i++) {
        size_t before = term_bytes(t.term);
        took[i] = one_key(&t, i < KEYS / 2 ? "j" : "k");
        size_t bytes = term_bytes(t.term) - before;
        most = bytes > most ? bytes : most;
    }
    qsort(took, KEYS, sizeof *took, by_size);
    print_message("first list %lld us; a key: median %lld us, p99 %lld us, at "
                  "most %zu bytes\n",
                  (long long)first, (long long)took[KEYS / 2],
                  (long long)took[KEYS * 99 / 100], most);
    assert_true(first < 1000000);
    assert_true(took[KEYS * 99 / 100] < 250000);
    assert_true(most <= 2048);
    tui_stop(&t);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(leaving_restores_the_terminal),
        cmocka_unit_test(escape_at_the_root_ends_nothing),
        cmocka_unit_test(signals_end_it_cleanly),
        cmocka_unit_test(a_crash_restores_the_terminal),
        cmocka_unit_test(a_closed_terminal_ends_it),
        cmocka_unit_test(an_unknown_terminal_is_told),
        cmocka_unit_test(an_unknown_screen_is_told),
        cmocka_unit_test(no_daemon_is_told),
        cmocka_unit_test(any_size_is_survived),
        cmocka_unit_test(read_only_is_seen_and_kept),
        cmocka_unit_test(no_color_means_none),
        cmocka_unit_test(a_minute_tick_is_small),
        cmocka_unit_test(suspending_needs_a_shell),
        cmocka_unit_test(start_and_keys_are_quick),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
