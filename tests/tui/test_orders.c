#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "common/buf.h"
#include "common/str.h"
#include "tui_test.h"

static int start(void **state) {
    static struct tui t;
    tui_start(&t, 24, 80, "orders", NULL);
    *state = &t;
    return 0;
}

static int stop(void **state) {
    tui_stop(*state);
    return 0;
}

static void selected(struct tui *t, const char *ref, int y) {
    char marked[64];
    (void)str_format(marked, sizeof marked, ">%s", ref);
    tui_expect(t, marked);
    tui_expect_row(t, y, marked);
    tui_expect_cursor(t, y);
}

static void keys_move_the_selection(void **state) {
    struct tui *t = *state;
    selected(t, "alpine:2000", 4);
    term_send(t->term, "j");
    selected(t, "nordic:1999", 5);
    term_send(t->term, "\033[B");
    selected(t, "alpine:1998", 6);
    term_send(t->term, "k");
    selected(t, "nordic:1999", 5);
    term_send(t->term, "gg");
    selected(t, "alpine:2000", 4);
    assert_true(term_reverse(t->term, 4, 3));
    assert_false(term_reverse(t->term, 5, 3));
}

static void one_key_costs_little(void **state) {
    struct tui *t = *state;
    selected(t, "alpine:2000", 4);
    for (int i = 0; i < 30; i++) {
        size_t before = term_bytes(t->term);
        term_send(t->term, "j");
        term_settle(t->term, 40);
        assert_true(term_bytes(t->term) - before <= 2048);
    }
}

static void nothing_is_written_while_idle(void **state) {
    struct tui *t = *state;
    selected(t, "alpine:2000", 4);
    term_settle(t->term, 700);
    assert_int_equal(term_read(t->term, 2000), 0);
}

static void the_list_goes_on_page_by_page(void **state) {
    struct tui *t = *state;
    tui_expect(t, "1-18 of 148");
    assert_int_equal(fake_daemon_calls(t->daemon, "orders.list"), 1);
    for (int i = 0; i < 12; i++) {
        term_send(t->term, "\006");
        term_settle(t->term, 40);
    }
    tui_expect(t, "131-148 of 148");
    tui_expect(t, ">");
    assert_int_equal(fake_daemon_calls(t->daemon, "orders.list"), 2);
}

static void a_filter_narrows_and_goes(void **state) {
    struct tui *t = *state;
    tui_expect(t, "of 148");
    term_send(t->term, "/late:yes\r");
    tui_expect(t, "1-9 of 9");
    tui_expect_row(t, 2, "late:yes");
    term_send(t->term, "/\025nothing\r");
    tui_expect(t, "Nothing matches the filter.");
    /* Back leaves the filter first, not the screen. */
    term_send(t->term, "q");
    tui_expect(t, "1-18 of 148");
    assert_int_equal(term_status(t->term, 50), -1);
}

static void a_wrong_filter_is_pointed_at(void **state) {
    struct tui *t = *state;
    int y, x;
    tui_expect(t, "of 148");
    term_send(t->term, "/late:yes colour:red\r");
    tui_expect(t, "column 10");
    tui_expect_cursor(t, 2);
    term_cursor(t->term, &y, &x);
    assert_int_equal(x, 3 + 9);
    assert_int_equal(fake_daemon_calls(t->daemon, "orders.list"), 1);
}

static void tab_completes_keys_and_values(void **state) {
    struct tui *t = *state;
    tui_expect(t, "of 148");
    term_send(t->term, "/");
    term_settle(t->term, 100);
    term_send(t->term, "stat\t");
    tui_expect(t, "/ status:");
    term_send(t->term, "on\t");
    tui_expect(t, "/ status:on-hold");
}

static void filter_input_never_runs_commands(void **state) {
    struct tui *t = *state;
    tui_expect(t, "of 148");
    term_send(t->term, "/qqq");
    tui_expect(t, "/ qqq");
    term_send(t->term, "\033");
    tui_expect_gone(t, "qqq");
    assert_int_equal(term_status(t->term, 50), -1);
}

/* A scanner or the clipboard types "q" and Enter: nothing happens but text, in
 * the line that finds anything. */
static void a_paste_runs_nothing(void **state) {
    struct tui *t = *state;
    tui_expect(t, "of 148");
    term_send(t->term, "\033[200~q\rD\r\033[201~");
    tui_expect(t, "/ qD");
    tui_expect(t, "Scan a code");
    assert_int_equal(term_status(t->term, 50), -1);
}

static void changes_show_at_once(void **state) {
    struct tui *t = *state;
    tui_expect(t, "of 148");
    term_send(t->term, "jj");
    selected(t, "alpine:1998", 6);
    t->shops.changed = 2;
    t->shops.inserted = 1;
    fake_daemon_event(t->daemon,
                      "{\"seq\":11,\"topic\":\"order\",\"store\":\"alpine\","
                      "\"ref\":\"alpine:1998\"}");
    fake_daemon_event(t->daemon,
                      "{\"seq\":12,\"topic\":\"order\",\"store\":\"alpine\","
                      "\"ref\":\"alpine:9001\"}");
    tui_expect(t, "2 orders changed at alpine");
    tui_expect(t, "completed");
    /* The row stays selected and on its line; the new one is above. */
    selected(t, "alpine:1998", 6);
    term_send(t->term, "gg");
    selected(t, "alpine:9001", 4);
}

/* A shop tells of a note with every change of a status. */
static void notes_read_no_list(void **state) {
    struct tui *t = *state;
    tui_expect(t, "of 148");
    int before = fake_daemon_calls(t->daemon, "orders.list");
    fake_daemon_event(t->daemon,
                      "{\"seq\":11,\"topic\":\"order\",\"store\":\"alpine\","
                      "\"ref\":\"alpine:1998\",\"data\":{\"part\":\"notes\"}}");
    tui_expect(t, "1 order changed at alpine");
    assert_int_equal(fake_daemon_calls(t->daemon, "orders.list"), before);
}

static void tell_of_1998(struct tui *t) {
    fake_daemon_event(t->daemon,
                      "{\"seq\":11,\"topic\":\"order\",\"store\":\"alpine\","
                      "\"ref\":\"alpine:1998\"}");
}

/* What a key did stands a while: news of others do not take its place. */
static void news_waits_for_what_is_said(void **state) {
    struct tui *t = *state;
    tui_expect(t, "of 148");
    term_send(t->term, "y");
    tui_expect(t, "Copied: alpine:2000");
    tell_of_1998(t);
    term_settle(t->term, 600);
    assert_non_null(strstr(term_screen(t->term), "Copied: alpine:2000"));
    term_send(t->term, "j");
    selected(t, "nordic:1999", 5);
    tell_of_1998(t);
    tui_expect(t, "1 order changed at alpine");
}

static void a_lost_daemon_comes_back(void **state) {
    struct tui *t = *state;
    tui_expect(t, "of 148");
    term_send(t->term, "jj");
    selected(t, "alpine:1998", 6);
    fake_daemon_away(t->daemon, true);
    tui_expect(t, "Connection to the daemon lost");
    /* Typed while it is away: not lost, not misapplied. */
    term_send(t->term, "j\r");
    tui_expect(t, "Order alpine:1997");
    fake_daemon_away(t->daemon, false);
    tui_expect(t, "Connected again.");
    tui_expect(t, "Harness 151");
    term_send(t->term, "q");
    selected(t, "alpine:1997", 7);
}

static void marks_and_copies(void **state) {
    struct tui *t = *state;
    tui_expect(t, "of 148");
    term_send(t->term, "  ");
    tui_expect(t, "2 marked");
    tui_expect_row(t, 4, "*alpine:2000");
    term_send(t->term, "r");
    tui_expect(t, "the order had changed");
    tui_expect_calls(t, "orders.refresh", 2);
    term_send(t->term, "y");
    tui_expect(t, "Copied: alpine:1998");
}

static void late_escape_tails_run_nothing(void **state) {
    struct tui *t = *state;
    tui_expect(t, "of 148");
    term_send(t->term, "gs");
    tui_expect(t, "blocked ");
    term_send(t->term, "go");
    tui_expect(t, "alpine:2000");
    term_send(t->term, "\r");
    tui_expect(t, "Harness 151");
    term_send(t->term, "\033");
    term_settle(t->term, 150);
    term_send(t->term, "[C");
    selected(t, "alpine:2000", 4);
}

/* Ctrl-Left and the like: unknown to us, so nothing, least of all an Esc. */
static void unknown_sequences_do_nothing(void **state) {
    struct tui *t = *state;
    selected(t, "alpine:2000", 4);
    term_send(t->term, "\033[1;5D\033[99~\033Ox");
    term_settle(t->term, 100);
    selected(t, "alpine:2000", 4);
    assert_int_equal(term_status(t->term, 50), -1);
}

/* Each order the list offers is one the daemon knows. */
static void every_sort_is_known(void **state) {
    struct tui *t = *state;
    tui_expect(t, "of 148");
    term_send(t->term, "o");
    tui_expect(t, "oldest first");
    term_send(t->term, "oo");
    tui_expect(t, "smallest total first");
    term_send(t->term, "gp");
    tui_expect(t, "30 products");
    term_send(t->term, "ooo");
    tui_expect(t, "lowest stock first");
    term_send(t->term, "v");
    tui_expect(t, "Each variation is a row now.");
    term_send(t->term, "gc");
    tui_expect(t, "8 customers");
    term_send(t->term, "o");
    tui_expect(t, "name, Z first");
    term_send(t->term, "gs");
    tui_expect(t, "3 stores");
    term_send(t->term, "o");
    tui_expect(t, "freshest first");
}

/* Two pages: the last row is behind one that was never looked at. */
static void end_goes_to_the_last_row(void **state) {
    struct tui *t = *state;
    selected(t, "alpine:2000", 4);
    term_send(t->term, "G");
    tui_expect(t, "131-148 of 148");
    selected(t, "alpine:1853", 21);
    assert_null(strstr(term_screen(t->term), "not the last one"));
    term_send(t->term, "gg");
    selected(t, "alpine:2000", 4);
}

/* A hundred rows a page, for ever. */
static void endless(const struct json *p, struct buf *out, void *arg) {
    static int n;
    (void)p;
    (void)arg;
    buf_adds(out, "{\"items\":[");
    for (int i = 0; i < 100; i++, n++) {
        buf_addf(out, "%s{\"ref\":\"alpine:%d\",\"status\":\"failed\"}",
                 i ? "," : "", n);
    }
    buf_addf(out, "],\"next\":\"%d\"}", n);
}

/* Nobody counted it and it has no end: both are said. */
static void a_list_without_end_says_so(void **state) {
    struct tui *t = *state;
    selected(t, "alpine:2000", 4);
    fake_daemon_handle(t->daemon, "orders.list", endless, NULL);
    term_send(t->term, "/customer:x\r");
    tui_expect(t, "1-18 of 100+");
    term_send(t->term, "G");
    tui_expect(t, "not the last one");
    tui_expect(t, "4,983-5,000 of 5,");
}

/* The counters know the length of the whole list. */
static void counters_give_the_total(void **state) {
    struct tui *t = *state;
    selected(t, "alpine:2000", 4);
    fake_daemon_handle(t->daemon, "orders.list", endless, NULL);
    term_send(t->term, "/customer:x\r");
    tui_expect(t, "1-18 of 100+");
    term_send(t->term, "\\");
    tui_expect(t, "1-18 of 21,355");
    term_send(t->term, "/status:failed\r");
    tui_expect(t, "1-18 of 235");
}

/* No event names the rows that came or went with it. */
static void a_list_is_read_again_when_a_store_comes_or_goes(void **state) {
    struct tui *t = *state;
    static const char none[] = "{\"items\":[],\"next\":null}";
    tui_expect(t, "alpine:2000");
    tui_expect_row(t, 1, "nordic"); /* the stores are known */
    fake_daemon_answer(t->daemon, "orders.list", none);
    fake_daemon_answer(t->daemon, "stores.list", none);
    fake_daemon_event(t->daemon, "{\"seq\":11,\"topic\":\"store\",\"store\":"
                                 "\"alpine\",\"data\":{}}");
    tui_expect(t, "No store is connected yet: g s, then a.");
    tui_expect_gone(t, "alpine:2000");
}

/* The end of a sentence, where the cure is, is seen on a handheld. */
static void what_is_too_long_for_the_line_goes_on_above(void **state) {
    struct tui *t = *state;
    tui_expect(t, "alpine:2000");
    term_resize(t->term, 12, 40);
    tui_expect_gone(t, "Customer");
    fake_daemon_away(t->daemon, true);
    tui_expect_row(t, 9, "Connection to the daemon lost; trying");
    tui_expect_row(t, 10, "again.");
}

static void raw_objects_are_json(void **state) {
    struct tui *t = *state;
    selected(t, "alpine:2000", 4);
    term_send(t->term, "w");
    tui_expect(t, "\"status\": \"processing\",");
    tui_expect(t, "\"billing\": {");
    tui_expect(t, "  \"city\": \"Oslo\"");
}

#define CASE(f) cmocka_unit_test_setup_teardown(f, start, stop)

int main(void) {
    const struct CMUnitTest tests[] = {
        CASE(keys_move_the_selection),
        CASE(one_key_costs_little),
        CASE(nothing_is_written_while_idle),
        CASE(the_list_goes_on_page_by_page),
        CASE(a_filter_narrows_and_goes),
        CASE(a_wrong_filter_is_pointed_at),
        CASE(tab_completes_keys_and_values),
        CASE(filter_input_never_runs_commands),
        CASE(a_paste_runs_nothing),
        CASE(changes_show_at_once),
        CASE(notes_read_no_list),
        CASE(news_waits_for_what_is_said),
        CASE(a_lost_daemon_comes_back),
        CASE(marks_and_copies),
        CASE(late_escape_tails_run_nothing),
        CASE(unknown_sequences_do_nothing),
        CASE(every_sort_is_known),
        CASE(end_goes_to_the_last_row),
        CASE(a_list_without_end_says_so),
        CASE(counters_give_the_total),
        CASE(raw_objects_are_json),
        CASE(a_list_is_read_again_when_a_store_comes_or_goes),
        CASE(what_is_too_long_for_the_line_goes_on_above),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
