/* Stock: levels as a person sees them, receiving and counting by scanner. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "common/buf.h"
#include "common/json.h"
#include "common/str.h"
#include "tui_test.h"

#define LEVEL                                                                  \
    "\"ref\":\"alpine:34\",\"store\":\"alpine\",\"remote_id\":34,\"sku\":"     \
    "\"AO-34\",\"name\":\"Tent\",\"shop\":\"9\",\"low\":true,\"wanted\":"      \
    "\"3\","                                                                   \
    "\"on_hand\":\"12\",\"reserved\":\"3\",\"blocked\":\"0\",\"available\":"   \
    "\"9\",\"incoming\":\"20\",\"reorder\":\"10\",\"threshold\":null,\"due\":" \
    "true,\"units\":1,\"bin\":\"B-1\""

static const char levels[] = "{\"items\":[{" LEVEL "}],\"next\":null}";
static const char level[] =
    "{" LEVEL ",\"bins\":[{\"bin\":\"B-1\",\"zone\":\"B\",\"quantity\":\"12\","
    "\"quarantine\":false}],\"listings\":[{\"ref\":\"alpine:34\",\"units\":6}]"
    "}";
static const char ledger[] =
    "{\"items\":[{\"at\":\"2026-11-27T09:12:00Z\",\"reason\":\"receive\","
    "\"delta\":\"5\",\"bin\":\"B-1\",\"ref\":\"I-12\",\"note\":\"\",\"author\":"
    "\"ayse\",\"state\":null}],\"next\":null}";

#define INBOUND                                                                \
    "\"id\":\"I-12\",\"tenant\":\"main\",\"reference\":\"PO-1\",\"supplier\":" \
    "\"Kuzey\",\"state\":\"open\",\"expected\":\"20\",\"received\":\"5\""

static const char inbounds[] = "{\"items\":[{" INBOUND "}],\"next\":null}";
static const char inbound[] =
    "{" INBOUND ",\"items\":[{\"sku\":\"AO-34\",\"name\":\"Tent\",\"expected\":"
    "\"20\",\"received\":\"5\",\"told\":\"0\"}],\"bin\":null}";

/* The codes that came, in the order they came. */
static struct buf scanned;

/* A bin begins with B; X is no code. */
static void receive(const struct json *p, struct buf *out, void *arg) {
    const char *code = json_string(json_get(p, "code"));
    const char *qty = json_string(json_get(p, "qty"));
    bool place = code[0] == 'B';
    (void)arg;
    buf_addf(&scanned, "%s%s%s ", code, qty ? "*" : "", qty ? qty : "");
    buf_addf(out,
             "{\"what\":\"%s\",\"bin\":\"B-1\",\"sku\":%s,\"name\":\"Tent\","
             "\"expected\":\"1\",\"received\":\"2\",\"verdict\":\"%s\"}",
             place ? "bin" : "item", place ? "null" : "\"AO-34\"",
             place ? "ok" : "excess");
}

static int start(void **state, int h, int w) {
    static struct tui t;
    buf_clear(&scanned);
    tui_start(&t, h, w, "orders", NULL);
    fake_daemon_answer(t.daemon, "inventory.list", levels);
    fake_daemon_answer(t.daemon, "inventory.get", level);
    fake_daemon_answer(t.daemon, "inventory.ledger", ledger);
    fake_daemon_answer(t.daemon, "inbound.list", inbounds);
    fake_daemon_answer(t.daemon, "inbound.get", inbound);
    fake_daemon_handle(t.daemon, "inbound.receive", receive, NULL);
    tui_expect(&t, "148");
    term_send(t.term, "gi");
    *state = &t;
    return 0;
}

static int setup(void **state) {
    return start(state, 24, 80);
}

static int setup_small(void **state) {
    return start(state, 12, 40);
}

static int teardown(void **state) {
    tui_stop(*state);
    buf_done(&scanned);
    scanned = (struct buf)BUF_INIT;
    return 0;
}

static void levels_say_in_words_what_runs_out(void **state) {
    struct tui *t = *state;
    tui_expect(t, "[REORDER] Tent");
    tui_expect(t, "B-1");
    term_send(t->term, "\r");
    tui_expect(t, "Stock alpine:34");
    tui_expect(t, "alpine:34  x6");
    term_send(t->term, "\t");
    tui_expect(t, "received");
    tui_expect(t, "I-12");
}

static void pieces_are_corrected_with_a_reason(void **state) {
    struct tui *t = *state;
    tui_expect(t, "AO-34");
    term_send(t->term, "+");
    tui_expect(t, "Correct the stock of alpine:34");
    term_send(t->term, "B-1\t-2\023");
    tui_expect_calls(t, "inventory.correct", 1);
    const char *p = fake_daemon_params(t->daemon, "inventory.correct");
    assert_non_null(strstr(p, "\"bin\":\"B-1\""));
    assert_non_null(strstr(p, "\"delta\":\"-2\""));
    assert_non_null(strstr(p, "\"request_id\""));
}

/* A burst without a pause: every scan arrives, once, in its order; letters and
 * digits are no commands. */
static void a_scanner_never_waits(void **state) {
    struct tui *t = *state;
    tui_expect(t, "AO-34");
    term_send(t->term, "R");
    tui_expect(t, "PO-1");
    term_send(t->term, "\r");
    tui_expect(t, "Scan a bin first.");
    term_send(t->term, "B-1\rq-34\r12*AO-34\r5901234\r");
    tui_expect_calls(t, "inbound.receive", 4);
    tui_expect(t, "MORE THAN ANNOUNCED");
    assert_string_equal(buf_str(&scanned), "B-1 q-34 AO-34*12 5901234 ");
    term_send(t->term, "\033[19~"); /* F8: the last one back */
    tui_expect_calls(t, "inbound.receive", 5);
    assert_non_null(strstr(buf_str(&scanned), "5901234*-1 "));
}

/* What to do about it stands at the end: on a handheld, too. */
static void a_refusal_is_read_to_its_end(void **state) {
    struct tui *t = *state;
    fake_daemon_refuse(t->daemon, "inbound.receive", "invalid",
                       "Several products have the SKU AO-34: type the "
                       "reference of one, as in alpine:34.",
                       "Then go on.");
    tui_expect(t, "AO-34");
    term_send(t->term, "R");
    tui_expect(t, "I-12");
    term_send(t->term, "\r");
    tui_expect(t, "5 / 20 AO-34");
    term_send(t->term, "AO-34\r");
    tui_expect(t, "Then go on.");
    tui_expect(t, "5 / 20 AO-34");
}

/* A word closes, not a key; on a handheld as well. */
static void closing_is_typed(void **state) {
    struct tui *t = *state;
    tui_expect(t, "AO-34");
    term_send(t->term, "R");
    tui_expect(t, "I-12");
    term_send(t->term, "\r");
    tui_expect(t, "5 / 20 AO-34");
    term_send(t->term, "\033[21~"); /* F10 */
    tui_expect(t, "close");
    assert_int_equal(fake_daemon_calls(t->daemon, "inbound.close"), 0);
    term_send(t->term, "close\r");
    tui_expect_calls(t, "inbound.close", 1);
}

/* What is to come is said line by line, where it is received. */
static void what_is_to_come_is_announced(void **state) {
    struct tui *t = *state;
    fake_daemon_answer(t->daemon, "inbound.expect",
                       "{\"sku\":\"AO-7\",\"name\":\"Rope\",\"expected\":"
                       "\"12\",\"received\":\"0\",\"told\":\"0\"}");
    tui_expect(t, "AO-34");
    term_send(t->term, "R");
    tui_expect(t, "PO-1");
    term_send(t->term, "\r");
    tui_expect(t, "5 / 20 AO-34");
    term_send(t->term, "\033OS"); /* F4 */
    tui_expect(t, "To come with I-12");
    term_send(t->term, "AO-7\t12\023");
    tui_expect(t, "AO-7 Rope: 12 to come.");
    const char *p = fake_daemon_params(t->daemon, "inbound.expect");
    assert_non_null(strstr(p, "\"id\":\"I-12\""));
    assert_non_null(strstr(p, "\"code\":\"AO-7\""));
    assert_non_null(strstr(p, "\"qty\":\"12\""));
    tui_expect(t, "To come with I-12"); /* the next, in an empty form */
    assert_null(strstr(term_screen(t->term), "SKU        AO-7"));
    term_send(t->term, "\033");
    tui_expect(t, "5 / 20 AO-34");
    assert_int_equal(buf_str(&scanned)[0], '\0');
}

static void a_count_is_given_up_by_a_word(void **state) {
    struct tui *t = *state;
    fake_daemon_answer(t->daemon, "counts.drop", "{\"id\":\"C-8\"}");
    tui_expect(t, "AO-34");
    term_send(t->term, "C");
    tui_expect(t, "C-8");
    term_send(t->term, "\r");
    tui_expect(t, "Scan");
    tui_expect(t, "F9 give up");
    term_send(t->term, "\033[20~"); /* F9 */
    tui_expect(t, "Give this count up?");
    assert_int_equal(fake_daemon_calls(t->daemon, "counts.drop"), 0);
    term_send(t->term, "drop\r");
    tui_expect_calls(t, "counts.drop", 1);
}

/* What is no number is said in the words of the form, not of the protocol. */
/* And what was typed is not lost by one key. */
static void a_number_is_a_number(void **state) {
    struct tui *t = *state;
    tui_expect(t, "AO-34");
    term_send(t->term, "b");
    tui_expect(t, "B-04-2");
    term_send(t->term, "a");
    tui_expect(t, "New bin");
    term_send(t->term, "C-9\t\tfirst\023");
    tui_expect(t, "Place: a whole number, please.");
    tui_expect(t, "first"); /* nothing typed is lost */
    tui_expect_calls(t, "bins.create", 0);
    term_send(t->term, "\033");
    tui_expect(t, "Esc once more drops what was typed.");
    tui_expect(t, "C-9");
    term_settle(t->term, 400); /* two in one read would be one of Alt */
    term_send(t->term, "\033");
    tui_expect_gone(t, "New bin");
}

/* A bin is made, changed, and leads to what lies in it. */
static void bins_are_listed_and_changed(void **state) {
    struct tui *t = *state;
    tui_expect(t, "AO-34");
    term_send(t->term, "b");
    tui_expect(t, "B-04-2");
    tui_expect(t, "Quarantine");
    term_send(t->term, "je");
    tui_expect(t, "Bin B-04-2");
    tui_expect(t, "[ ]");            /* its values are here */
    term_send(t->term, "\t\t \023"); /* quarantine, Ctrl-S */
    tui_expect_calls(t, "bins.update", 1);
    const char *p = fake_daemon_params(t->daemon, "bins.update");
    assert_non_null(strstr(p, "\"bin\":\"B-04-2\""));
    assert_non_null(strstr(p, "\"quarantine\":true"));
    assert_null(strstr(p, "\"zone\"")); /* what was not touched stays */
    term_send(t->term, "\r");
    tui_expect(t, "Rope 64 - S");
    term_send(t->term, "\r");
    tui_expect(t, "/ sku:AO-00034");
}

/* Where most of it lies stands there already. */
static void a_move_begins_where_it_lies(void **state) {
    struct tui *t = *state;
    tui_expect(t, "AO-34");
    term_send(t->term, "M");
    tui_expect(t, "Quantity");
    term_send(t->term, "\tC-1\t2\023");
    tui_expect_calls(t, "inventory.move", 1);
    const char *p = fake_daemon_params(t->daemon, "inventory.move");
    assert_non_null(strstr(p, "\"from\":\"B-1\""));
    assert_non_null(strstr(p, "\"to\":\"C-1\""));
    assert_non_null(strstr(p, "\"qty\":\"2\""));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(levels_say_in_words_what_runs_out,
                                        setup, teardown),
        cmocka_unit_test_setup_teardown(pieces_are_corrected_with_a_reason,
                                        setup, teardown),
        cmocka_unit_test_setup_teardown(bins_are_listed_and_changed, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(a_move_begins_where_it_lies, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(a_scanner_never_waits, setup, teardown),
        cmocka_unit_test_setup_teardown(what_is_to_come_is_announced, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(a_count_is_given_up_by_a_word, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(a_number_is_a_number, setup, teardown),
        cmocka_unit_test_setup_teardown(a_refusal_is_read_to_its_end,
                                        setup_small, teardown),
        cmocka_unit_test_setup_teardown(closing_is_typed, setup_small,
                                        teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
