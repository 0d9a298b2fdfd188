/* Barcodes that stand for acts, scanned into each line there is; what means
 * nothing says so, with the bell, and does nothing. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "tui_test.h"

static void rings(struct tui *t, int before) {
    for (int i = 0; i < 500 && term_bells(t->term) == before; i++)
        (void)term_read(t->term, 20);
    assert_int_equal(term_bells(t->term), before + 1);
}

/* Nothing was asked of the daemon for it. */
static void means_nothing(struct tui *t, const char *code, const char *what) {
    int before = term_bells(t->term);
    term_send(t->term, code);
    term_send(t->term, "\r");
    tui_expect(t, what);
    rings(t, before);
}

static int calls(struct tui *t, const char *method) {
    return fake_daemon_calls(t->daemon, method);
}

static void open_work(struct tui *t) {
    tui_start(t, 24, 80, "work", NULL);
    fake_daemon_answer(t->daemon, "picks.undo",
                       "{\"verdict\":\"undone\",\"name\":\"Rope\"}");
    fake_daemon_answer(t->daemon, "picks.short", "{\"id\":\"P-79\"}");
    fake_daemon_answer(t->daemon, "picks.finish", "{\"id\":\"P-79\"}");
    tui_expect(t, ">alpine:2000");
    term_send(t->term, "\r");
    tui_expect(t, "AO-00064-S");
}

static void in_picking(void **state) {
    struct tui t;
    (void)state;
    open_work(&t);
    term_send(t.term, "FULEXONEXT\rfulexoshort\r");
    tui_expect_calls(&t, "picks.short", 1);
    const char *p = fake_daemon_params(t.daemon, "picks.short");
    assert_non_null(strstr(p, "\"line\":3"));
    assert_non_null(strstr(p, "\"reason\":\"missing\""));
    assert_non_null(strstr(p, "\"way\":\"backorder\""));
    term_send(t.term, "FULEXOUNDO\r");
    tui_expect_calls(&t, "picks.undo", 1);
    means_nothing(&t, "FULEXOPARCEL", "(Next parcel) means nothing");
    means_nothing(&t, "FULEXOPICK", "none is called so");
    assert_int_equal(calls(&t, "picks.scan"), 0);
    term_send(t.term, "FULEXODONE\r");
    tui_expect_calls(&t, "picks.finish", 1);
    tui_expect_gone(&t, "AO-00064-S");
    tui_stop(&t);
}

static void leaving_ends_nothing(void **state) {
    struct tui t;
    (void)state;
    open_work(&t);
    term_send(t.term, "FULEXOLEAVE\r");
    tui_expect(&t, ">alpine:2000");
    tui_expect_gone(&t, "AO-00064-S");
    assert_int_equal(calls(&t, "picks.finish"), 0);
    tui_stop(&t);
}

static void in_packing(void **state) {
    struct tui t;
    (void)state;
    tui_start(&t, 24, 80, "orders", NULL);
    fake_daemon_answer(t.daemon, "packs.parcel", "{}");
    fake_daemon_answer(t.daemon, "packs.short", "{}");
    tui_expect(&t, ">alpine:2000");
    term_send(t.term, "P");
    tui_expect(&t, "AO-00034");
    means_nothing(&t, "FULEXOACCEPT", "cannot be done");
    term_send(t.term, "FULEXOSHORT\r");
    tui_expect_calls(&t, "packs.short", 1);
    const char *p = fake_daemon_params(t.daemon, "packs.short");
    assert_non_null(strstr(p, "\"way\":\"backorder\""));
    term_send(t.term, "FULEXOPARCEL\r");
    tui_expect_calls(&t, "packs.parcel", 1);
    assert_int_equal(calls(&t, "packs.scan"), 0);
    tui_stop(&t);
}

/* What would ask first is done by hands. */
static void in_receiving_nothing_is_closed(void **state) {
    struct tui t;
    (void)state;
    tui_start(&t, 24, 80, "inventory", NULL);
    tui_expect(&t, "AO-000");
    term_send(t.term, "R");
    tui_expect(&t, "I-12");
    term_send(t.term, "\r");
    tui_expect(&t, "AO-00064-S");
    means_nothing(&t, "FULEXODONE", "(Done) means nothing");
    assert_int_equal(calls(&t, "inbound.close"), 0);
    assert_int_equal(calls(&t, "inbound.receive"), 0);
    tui_stop(&t);
}

static void in_counting(void **state) {
    struct tui t;
    (void)state;
    tui_start(&t, 24, 80, "inventory", NULL);
    fake_daemon_answer(t.daemon, "counts.submit", "{}");
    tui_expect(&t, "AO-000");
    term_send(t.term, "C");
    tui_expect(&t, "C-8");
    term_send(t.term, "\r");
    tui_expect(&t, "AO-00034");
    means_nothing(&t, "FULEXOSHORT", "(Missing) means nothing");
    term_send(t.term, "FULEXODONE\r");
    tui_expect_calls(&t, "counts.submit", 1);
    assert_int_equal(calls(&t, "counts.scan"), 0);
    tui_stop(&t);
}

/* On a screen without a line it opens the one that finds anything: no letter of
 * it runs a command. */
static void elsewhere_it_runs_nothing(void **state) {
    struct tui t;
    (void)state;
    tui_start(&t, 24, 80, "orders", NULL);
    tui_expect(&t, ">alpine:2000");
    means_nothing(&t, "FULEXODONE", "(Done) means nothing");
    assert_null(strstr(fake_daemon_params(t.daemon, "search.find"), "FULEXO"));
    term_send(t.term, "\033");
    tui_expect(&t, ">alpine:2000");
    tui_stop(&t);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(in_picking),
        cmocka_unit_test(leaving_ends_nothing),
        cmocka_unit_test(in_packing),
        cmocka_unit_test(in_receiving_nothing_is_closed),
        cmocka_unit_test(in_counting),
        cmocka_unit_test(elsewhere_it_runs_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
