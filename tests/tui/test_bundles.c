#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

/* Bundles at the screens: what a product is made of, written down as a person
 * would; its parts at the shelf and on the table, each under its own code. */
#include "common/buf.h"
#include "common/json.h"
#include "tui_test.h"

#define PART(n, ref, sku, name, quantity, optional, available)                 \
    "{\"part\":" #n ",\"ref\":\"" ref "\",\"sku\":\"" sku                      \
    "\",\"name\":\"" name "\",\"quantity\":\"" quantity                        \
    "\",\"optional\":" optional                                                \
    ",\"price\":\"23.00\",\"available\":\"" available "\"}"
#define BUNDLE                                                                 \
    "{\"ref\":\"alpine:34\",\"bundle\":true,\"discount\":10,\"cost\":"         \
    "\"41.40\",\"currency\":\"TRY\",\"available\":\"4\",\"parts\":[" PART(     \
        1, "alpine:90", "ROPE", "Rope", "2", "false",                          \
        "9") "," PART(2, "alpine:91", "A B", "Hook", "1", "false",             \
                      "5") "," PART(3, "alpine:92", "LEAF", "Leaflet", "1",    \
                                    "true",                                    \
                                    "0") "],\"in\":[],\"changed\":\"2026-11-"  \
                                         "27T09:00:00Z\",\"changed_by\":"      \
                                         "\"ali\",\"version\":1}"
#define ALONE                                                                  \
    "{\"ref\":\"alpine:34\",\"bundle\":false,\"discount\":0,\"cost\":null,"    \
    "\"currency\":\"TRY\",\"available\":null,\"parts\":[],\"in\":["            \
    "\"alpine:77\"],\"changed\":null,\"changed_by\":null,\"version\":0}"

static struct tui fixture;

static int stop(void **state) {
    tui_stop(*state);
    return 0;
}

/* --- what it is made of --------------------------------------------------- */

static int products(void **state) {
    tui_start(&fixture, 24, 80, "products", NULL);
    fake_daemon_answer(fixture.daemon, "bundles.get", BUNDLE);
    fake_daemon_answer(fixture.daemon, "bundles.set", BUNDLE);
    tui_expect(&fixture, "AO-00034");
    *state = &fixture;
    return 0;
}

static void a_page_tells_the_parts(void **state) {
    struct tui *t = *state;
    term_send(t->term, "\r");
    tui_expect(t, "For real weather");
    term_send(t->term, "\t\t\t\t\t");
    tui_expect(t, "Leaflet  (optional)");
    tui_expect(t, "41.40 TRY  10 % off");
    tui_expect_golden(t, "bundle-80x24-en");
    term_resize(t->term, 12, 40);
    tui_expect(t, "Rope");
    tui_expect_golden(t, "bundle-40x12-en");
}

static void what_is_alone_says_where_it_is_a_part(void **state) {
    struct tui *t = *state;
    fake_daemon_answer(t->daemon, "bundles.get", ALONE);
    term_send(t->term, "\r");
    tui_expect(t, "For real weather");
    term_send(t->term, "\t\t\t\t\t");
    tui_expect(t, "packed as itself");
    tui_expect(t, "alpine:77");
}

static const char *sent(struct tui *t, int n) {
    tui_expect_calls(t, "bundles.set", n);
    return fake_daemon_params(t->daemon, "bundles.set");
}

static void assert_has(const char *params, const char *text) {
    if (!strstr(params, text))
        fail_msg("%s lacks %s", params, text);
}

/* The form holds what it is made of; a SKU with a blank goes by reference. */
static void parts_are_written_down(void **state) {
    struct tui *t = *state;
    term_send(t->term, "B");
    tui_expect(t, "ROPE*2, alpine:91, LEAF?");
    term_send(t->term, ", HOOK*3\x13"); /* Ctrl-S */
    const char *p = sent(t, 1);
    assert_has(p, "\"ref\":\"alpine:34\"");
    assert_has(p, "\"discount\":10");
    assert_has(p,
               "{\"product\":\"ROPE\",\"quantity\":\"2\",\"optional\":false}");
    assert_has(p, "{\"product\":\"alpine:91\",\"quantity\":\"1\",\"optional\":"
                  "false}");
    assert_has(p,
               "{\"product\":\"LEAF\",\"quantity\":\"1\",\"optional\":true}");
    assert_has(p,
               "{\"product\":\"HOOK\",\"quantity\":\"3\",\"optional\":false}");
}

static void what_is_no_part_loses_nothing(void **state) {
    struct tui *t = *state;
    term_send(t->term, "B");
    tui_expect(t, "ROPE*2, alpine:91, LEAF?");
    term_send(t->term, ", *3\x13");
    tui_expect(t, "A part is a SKU or reference");
    tui_expect(t, "LEAF?, *3");
    tui_expect_calls(t, "bundles.set", 0);
    fake_daemon_refuse(t->daemon, "bundles.set", "invalid",
                       "the store has no product HOOK", NULL);
    term_send(t->term, "\x7f\x7f\x7f\x7f, HOOK\x13");
    tui_expect(t, "the store has no product HOOK");
    tui_expect(t, "LEAF?, HOOK");
}

/* --- into the trash --------------------------------------------------------
 */

static void a_product_goes_when_its_number_is_typed(void **state) {
    struct tui *t = *state;
    fake_daemon_answer(t->daemon, "products.trash",
                       "{\"change\":\"" SHOP_CHANGE_NEW
                       "\",\"state\":\"queued\"}");
    term_send(t->term, "D");
    tui_expect(t, "alpine:34 to the shop's trash?");
    term_send(t->term, "alpine:3\r");
    tui_expect_gone(t, "to the shop's trash?");
    tui_expect_calls(t, "products.trash", 0);
    term_send(t->term, "D");
    tui_expect(t, "alpine:34 to the shop's trash?");
    term_send(t->term, "alpine:34\r");
    tui_expect_calls(t, "products.trash", 1);
    assert_has(fake_daemon_params(t->daemon, "products.trash"),
               "\"ref\":\"alpine:34\"");
}

/* --- at the shelf --------------------------------------------------------- */

#define LINE(part, sku, name, wanted, optional)                                \
    "{\"pick\":\"P-77\",\"ref\":\"alpine:2000\",\"tote\":\"\",\"line\":7,"     \
    "\"part\":" #part ",\"sku\":\"" sku "\",\"name\":\"" name                  \
    "\",\"bin\":\"B-1\",\"bundle\":\"Set\",\"optional\":" optional             \
    ",\"quantity\":\"" wanted "\",\"picked\":\"0\",\"short\":\"0\","           \
    "\"reason\":\"\",\"way\":\"\"}"
#define PICK                                                                   \
    "{\"id\":\"P-77\",\"kind\":\"single\",\"who\":\"ali\",\"idle\":0,"         \
    "\"left\":2,\"last\":{\"pick\":\"P-77\",\"line\":7,\"part\":2},"           \
    "\"orders\":[{\"pick\":\"P-77\",\"ref\":\"alpine:2000\",\"number\":"       \
    "\"2000\",\"state\":\"picking\",\"tote\":\"\",\"who\":\"ali\"}],"          \
    "\"lines\":[" LINE(1, "ROPE", "Rope", "4", "false") "," LINE(              \
        2, "HOOK", "Hook", "2", "false") "," LINE(3, "LEAF", "Leaflet", "1",   \
                                                  "true") "]}"

static void scan(const struct json *params, struct buf *out, void *arg) {
    const char *code = json_string(json_get(params, "code"));
    (void)arg;
    buf_addf(out,
             "{\"verdict\":\"ok\",\"code\":\"%s\",\"name\":\"Hook\",\"pick\":"
             "\"P-77\",\"line\":7,\"part\":2,\"tote\":\"\",\"quantity\":"
             "\"2\",\"picked\":\"2\",\"short\":\"0\",\"left\":1}",
             code);
}

static int picking(void **state) {
    tui_start(&fixture, 24, 80, "orders", NULL);
    fake_daemon_answer(fixture.daemon, "picks.begin", PICK);
    fake_daemon_answer(fixture.daemon, "picks.get", PICK);
    fake_daemon_answer(fixture.daemon, "picks.short", PICK);
    fake_daemon_handle(fixture.daemon, "picks.scan", scan, NULL);
    tui_expect(&fixture, "alpine:2000");
    term_send(fixture.term, "p");
    tui_expect(&fixture, "Rope (Set)");
    *state = &fixture;
    return 0;
}

static void each_part_is_a_line(void **state) {
    struct tui *t = *state;
    tui_expect(t, "Leaflet (Set, optional)");
    tui_expect_golden(t, "picking-bundle-80x24-en");
    term_send(t->term, "HOOK\r");
    tui_expect(t, "ok HOOK"); /* the hook's line, not the rope's */
    tui_expect(t, "0 / 4");
    tui_expect(t, "2 / 2");
}

static void a_short_part_is_named(void **state) {
    struct tui *t = *state;
    /* it stands at the hook, where the last scan was */
    term_send(t->term, "\x1bOQ"); /* F2 */
    tui_expect(t, "HOOK");
    term_send(t->term, "\r");
    tui_expect_calls(t, "picks.short", 1);
    assert_has(fake_daemon_params(t->daemon, "picks.short"),
               "\"line\":7,\"part\":2");
}

int main(void) {
#define T(name, start) cmocka_unit_test_setup_teardown(name, start, stop)
    const struct CMUnitTest tests[] = {
        T(a_page_tells_the_parts, products),
        T(what_is_alone_says_where_it_is_a_part, products),
        T(parts_are_written_down, products),
        T(what_is_no_part_loses_nothing, products),
        T(a_product_goes_when_its_number_is_typed, products),
        T(each_part_is_a_line, picking),
        T(a_short_part_is_named, picking),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
