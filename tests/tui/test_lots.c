/* Lots and serials as a person at the terminal has them: what expires, what
 * receiving and counting ask for, what a return goes back by. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "common/buf.h"
#include "common/json.h"
#include "tui_test.h"

#define LOT(lot, day, state, n)                                                \
    "{\"ref\":\"alpine:34\",\"sku\":\"AO-34\",\"name\":\"Gas 230\","           \
    "\"lot\":\"" lot "\",\"expires\":\"" day "\",\"state\":\"" state           \
    "\",\"quantity\":\"" n "\",\"bin\":\"B-1\"}"

static const char lots[] =
    "{\"items\":[" LOT("L2401", "2026-11-20", "expired", "3") "," LOT(
        "L2407", "2026-12-14", "soon", "12") "],\"next\":null}";

#define OPEN_INBOUND                                                           \
    "\"id\":\"I-12\",\"tenant\":\"main\",\"reference\":\"PO-1\","              \
    "\"supplier\":\"Kuzey\",\"state\":\"open\",\"expected\":\"20\","           \
    "\"received\":\"5\""

/* What was asked of the daemon: code*qty/lot/day. */
static struct buf heard;

static const char *member(const struct json *p, const char *name) {
    const char *s = json_string(json_get(p, name));
    return s ? s : "";
}

/* B.. is a bin, S.. is kept by serials, all else by lots, of which L1 alone is
 * known; a lot of a bin's name is refused. */
static const char *asked(const struct json *p) {
    const char *code = member(p, "code"), *lot = member(p, "lot");
    if (*lot == '\0')
        return *code == 'S' ? "serial" : "lot";
    return *code == 'S' || strcmp(lot, "L1") == 0 || json_get(p, "expires") ||
                   strcmp(lot, "-") == 0
               ? ""
               : "expires";
}

static void answer(const struct json *p, struct buf *out, void *arg) {
    const char *counted = arg;
    const char *code = member(p, "code"), *qty = member(p, "qty");
    bool place = *code == 'B';
    const char *asks = place ? "" : asked(p);
    buf_addf(&heard, "%s%s%s/%s/%s ", code, *qty ? "*" : "", qty,
             member(p, "lot"),
             json_get(p, "expires") ? member(p, "expires") : "?");
    buf_addf(out,
             "{\"what\":\"%s\",\"bin\":\"B-1\",\"sku\":\"%s\",\"name\":"
             "\"Gas\",\"%s\":\"2\",\"verdict\":\"ok\",",
             place ? "bin" : "item", code, counted);
    buf_addf(out, *asks || place ? "\"lot\":null," : "\"lot\":\"%s\",",
             member(p, "lot"));
    buf_addf(out, *asks ? "\"asks\":\"%s\"}" : "\"asks\":null}", asks);
}

static int setup(void **state) {
    static struct tui t;
    static char received[] = "received", counted[] = "counted";
    tui_start(&t, 24, 80, "orders", NULL);
    fake_daemon_answer(t.daemon, "lots.list", lots);
    fake_daemon_answer(t.daemon, "inbound.list",
                       "{\"items\":[{" OPEN_INBOUND "}],\"next\":null}");
    fake_daemon_answer(t.daemon, "inbound.get",
                       "{" OPEN_INBOUND ",\"items\":[],\"bin\":\"B-1\"}");
    fake_daemon_handle(t.daemon, "inbound.receive", answer, received);
    fake_daemon_handle(t.daemon, "counts.scan", answer, counted);
    tui_expect(&t, "148");
    term_send(t.term, "gi");
    tui_expect(&t, "AO-00034");
    *state = &t;
    return 0;
}

static int teardown(void **state) {
    tui_stop(*state);
    buf_done(&heard);
    heard = (struct buf)BUF_INIT;
    return 0;
}

static void heard_all(struct tui *t, const char *method, int n,
                      const char *text) {
    tui_expect_calls(t, method, n);
    assert_string_equal(buf_str(&heard), text);
}

/* --- the screen --------------------------------------------------------------
 */

static void lots_that_expire_are_listed_in_words(void **state) {
    struct tui *t = *state;
    term_send(t->term, "X");
    tui_expect(t, "2026-11-20 EXPIRED");
    tui_expect(t, "2026-12-14 soon");
    tui_expect(t, "L2407");
    term_send(t->term, "\r"); /* to the level of its product */
    tui_expect(t, "Stock alpine:34");
}

static void a_misread_day_is_put_right(void **state) {
    struct tui *t = *state;
    fake_daemon_refuse(t->daemon, "lots.update", "invalid",
                       "expires: must be a day, as in 2026-11-30", "");
    term_send(t->term, "X");
    tui_expect(t, "L2407");
    term_send(t->term, "je");
    tui_expect(t, "L2407");
    term_send(t->term, "2027-02-30\023");
    tui_expect(t, "must be a day");
    tui_expect(t, "2027-02-30"); /* nothing is lost */
    fake_daemon_answer(t->daemon, "lots.update",
                       LOT("L2407", "2027-02-28", "good", "12"));
    term_send(t->term, "\x7f\x7f"
                       "28\023");
    tui_expect_calls(t, "lots.update", 2);
    const char *p = fake_daemon_params(t->daemon, "lots.update");
    assert_non_null(strstr(p, "\"ref\":\"alpine:34\""));
    assert_non_null(strstr(p, "\"lot\":\"L2407\""));
    assert_non_null(strstr(p, "\"expires\":\"2027-02-28\""));
}

static void no_lots_are_said_so(void **state) {
    struct tui *t = *state;
    fake_daemon_answer(t->daemon, "lots.list", "{\"items\":[],\"next\":null}");
    term_send(t->term, "X");
    tui_expect(t, "No lot has expired or will soon.");
}

/* --- receiving ---------------------------------------------------------------
 */

static void to_receiving(struct tui *t) {
    term_send(t->term, "R");
    tui_expect(t, "PO-1");
    term_send(t->term, "\r");
    tui_expect(t, "Bin B-1");
}

static void receiving_asks_for_lot_and_day(void **state) {
    struct tui *t = *state;
    to_receiving(t);
    term_send(t->term, "4*AO-34\r");
    tui_expect(t, "Lot of AO-34 Gas:");
    term_send(t->term, "L9\r");
    tui_expect(t, "Last good day as 2027-03-31 (- none) of AO-34 Gas:");
    term_send(t->term, "2027-03-31\r");
    tui_expect(t, "in B-1    L9");
    heard_all(t, "inbound.receive", 3,
              "AO-34*4//? AO-34*4/L9/? AO-34*4/L9/2027-03-31 ");
    term_send(t->term, "\033[19~"); /* F8: of that lot, one back */
    tui_expect_calls(t, "inbound.receive", 4);
    assert_non_null(strstr(buf_str(&heard), "AO-34*-1/L9/? "));
}

/* A label without a day, and a lot that is known: neither is asked twice. */
static void a_known_lot_is_not_asked_for_its_day(void **state) {
    struct tui *t = *state;
    to_receiving(t);
    term_send(t->term, "AO-34\r");
    tui_expect(t, "Lot of AO-34");
    term_send(t->term, "L8\r");
    tui_expect(t, "Last good day");
    term_send(t->term, "-\r");
    tui_expect(t, "in B-1    L8");
    term_send(t->term, "AO-34\r");
    tui_expect(t, "Lot of AO-34");
    term_send(t->term, "L1\r");
    tui_expect(t, "in B-1    L1");
    heard_all(t, "inbound.receive", 5,
              "AO-34//? AO-34/L8/? AO-34/L8/ AO-34//? AO-34/L1/? ");
}

/* Each of three serials is asked for; Esc leaves the rest. */
static void receiving_asks_for_each_serial(void **state) {
    struct tui *t = *state;
    to_receiving(t);
    term_send(t->term, "3*SAW\r");
    tui_expect(t, "Serial of SAW Gas:");
    term_send(t->term, "SN1\r");
    tui_expect(t, "2 more serials of SAW:");
    term_send(t->term, "SN2\r");
    tui_expect(t, "1 more serials of SAW:");
    heard_all(t, "inbound.receive", 3, "SAW*3//? SAW*1/SN1/? SAW*1/SN2/? ");
    term_send(t->term, "\x1b");
    tui_expect(t, "Not counted. Scan on.");
    term_send(t->term, "B-2\r");
    tui_expect_calls(t, "inbound.receive", 4);
    assert_non_null(strstr(buf_str(&heard), "B-2//? "));
}

static void what_is_refused_is_asked_again(void **state) {
    struct tui *t = *state;
    to_receiving(t);
    term_send(t->term, "AO-34\r");
    tui_expect(t, "Lot of AO-34");
    fake_daemon_refuse(t->daemon, "inbound.receive", "invalid",
                       "A-1 is a bin or a product, not a lot", "");
    term_send(t->term, "A-1\r");
    tui_expect(t, "A-1 is a bin or a product, not a lot");
    static char received[] = "received";
    fake_daemon_handle(t->daemon, "inbound.receive", answer, received);
    term_send(t->term, "L1\r"); /* it still waits for the lot */
    tui_expect(t, "in B-1    L1");
}

/* --- counting ----------------------------------------------------------------
 */

static void counting_asks_the_same(void **state) {
    struct tui *t = *state;
    term_send(t->term, "C");
    tui_expect(t, "C-8");
    term_send(t->term, "\r");
    tui_expect(t, "Bin B-04-2");
    term_send(t->term, "2*AO-34\r");
    tui_expect(t, "Lot of AO-34 Gas:");
    term_send(t->term, "L1\r");
    tui_expect(t, "in B-1    L1");
    term_send(t->term, "AO-34\r");
    tui_expect(t, "Lot of AO-34 Gas:");
    term_send(t->term, "-\r");
    tui_expect_calls(t, "counts.scan", 4);
    assert_string_equal(buf_str(&heard),
                        "AO-34*2//? AO-34*2/L1/? AO-34//? AO-34/-/? ");
}

/* Whoever approves sees each lot, and which bin a serial leaves. */
static void an_approver_sees_each_lot(void **state) {
    struct tui *t = *state;
    fake_daemon_answer(
        t->daemon, "counts.get",
        "{\"id\":\"C-7\",\"state\":\"submitted\",\"whole\":true,\"blind\":"
        "true,\"lines\":[{\"bin\":\"B-1\",\"sku\":\"AO-34\",\"name\":\"Gas\","
        "\"lot\":\"L1\",\"counted\":\"12\",\"expected\":\"10\",\"variance\":"
        "\"2\",\"elsewhere\":null,\"counted_by\":\"ayse\"},{\"bin\":\"B-1\","
        "\"sku\":\"SAW\",\"name\":\"Saw\",\"lot\":\"SN1\",\"counted\":\"1\","
        "\"expected\":\"0\",\"variance\":\"1\",\"elsewhere\":\"C-2\","
        "\"counted_by\":\"ayse\"}],\"bin\":\"B-1\",\"next_bin\":null}");
    term_send(t->term, "C");
    tui_expect(t, "C-7");
    term_send(t->term, "j\r");
    tui_expect(t, "L1");
    tui_expect(t, "SN1");
    tui_expect(t, "(leaves C-2)");
}

#define CASE(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void) {
    const struct CMUnitTest tests[] = {
        CASE(lots_that_expire_are_listed_in_words),
        CASE(a_misread_day_is_put_right),
        CASE(no_lots_are_said_so),
        CASE(receiving_asks_for_lot_and_day),
        CASE(a_known_lot_is_not_asked_for_its_day),
        CASE(receiving_asks_for_each_serial),
        CASE(what_is_refused_is_asked_again),
        CASE(counting_asks_the_same),
        CASE(an_approver_sees_each_lot),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
