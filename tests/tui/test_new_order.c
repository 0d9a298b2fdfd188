#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

/* An order taken by phone: products and customer found by typing or scanning,
 * what is short is said, and it is sent as it was put together. */
#include "common/buf.h"
#include "common/json.h"
#include "common/str.h"
#include "tui_test.h"

#define PRODUCT(id, sku, name, type, stock)                                    \
    "{\"ref\":\"alpine:" id "\",\"store\":\"alpine\",\"remote_id\":" id        \
    ",\"parent_id\":0,\"type\":\"" type "\",\"status\":\"publish\",\"sku\":"   \
    "\"" sku "\",\"name\":\"" name                                             \
    "\",\"price\":\"183.78\",\"regular_price\":\"183.78\",\"sale_price\":"     \
    "\"\",\"currency\":\"TRY\",\"manage_stock\":true,\"stock_quantity\":"      \
    "\"" stock "\",\"stock_status\":\"instock\",\"low_stock\":false,"          \
    "\"low_stock_amount\":\"2\",\"categories\":[],\"variations\":0,"           \
    "\"date_modified\":\"2026-11-22T12:24:28Z\",\"pending\":[]}"

/* What a shop finds: a parent of variations cannot be sold. */
static void products(const struct json *p, struct buf *out, void *arg) {
    const char *filter = json_string(json_get(p, "filter"));
    (void)arg;
    if (filter && strstr(filter, "nothing")) {
        buf_adds(out, "{\"items\":[],\"next\":null}");
        return;
    }
    buf_adds(out,
             "{\"items\":[" PRODUCT(
                 "30", "AO-30", "Parent", "variable",
                 "9") "," PRODUCT("35", "AO-00035", "Tent 35", "simple",
                                  "8") "," PRODUCT("34", "AO-00034", "Tent 34",
                                                   "simple",
                                                   "2") "],\"next\":null}");
}

static int start(void **state) {
    static struct tui t;
    tui_start(&t, 24, 80, "orders", NULL);
    *state = &t;
    tui_expect(&t, ">alpine:2000");
    tui_expect(&t, "alpine <1m"); /* the shops are known */
    fake_daemon_handle(t.daemon, "products.list", products, NULL);
    fake_daemon_answer(t.daemon, "orders.create",
                       "{\"change\":\"" SHOP_CHANGE_NEW
                       "\",\"state\":\"queued\",\"short\":[]}");
    term_send(t.term, "a");
    tui_expect(&t, "In which shop?");
    tui_expect(&t, ">alpine");
    term_send(t.term, "\r");
    tui_expect(&t, "a guest: F2 finds the customer");
    return 0;
}

static int stop(void **state) {
    tui_stop(*state);
    return 0;
}

static void sent(struct tui *t, const char *text) {
    tui_expect_calls(t, "orders.create", 1);
    const char *params = fake_daemon_params(t->daemon, "orders.create");
    if (!strstr(params, text)) {
        fail_msg("%s lacks %s", params, text);
    }
}

static void products_are_found_by_typing(void **state) {
    struct tui *t = *state;
    term_send(t->term, "tent");
    tui_expect(t, "AO-00035");
    assert_null(strstr(term_screen(t->term), "Parent"));
    tui_expect_calls(t, "products.list", 1);
    assert_non_null(strstr(fake_daemon_params(t->daemon, "products.list"),
                           "\"store\":\"alpine\""));
    term_send(t->term, "\r");
    tui_expect(t, "AO-00035: 1");
    term_send(t->term, "\033[C\033[C"); /* two more of it */
    tui_expect(t, "1 lines, 3 pieces");
    term_send(t->term, "\033[21~"); /* F10 */
    sent(t, "\"lines\":[{\"product\":\"alpine:35\",\"quantity\":\"3\"}]");
    tui_expect(t, ">alpine:2000");
}

/* A scanner types a code and Enter at once: it waits for the answer. */
static void a_scanned_code_is_exactly_that_product(void **state) {
    struct tui *t = *state;
    term_send(t->term, "2*ao-00034\r");
    tui_expect(t, "AO-00034: 2");
    term_send(t->term, "AO-00034\r");
    tui_expect(t, "AO-00034: 3 wanted, only 2 there.");
    tui_expect(t, "only 2 there");
    /* the shop takes it all the same */
    fake_daemon_answer(
        t->daemon, "orders.create",
        "{\"change\":\"" SHOP_CHANGE_NEW
        "\",\"state\":\"queued\",\"short\":[{\"product\":\"alpine:34\","
        "\"sku\":\"AO-00034\",\"name\":\"Tent 34\",\"wanted\":\"3\","
        "\"free\":\"2\"}]}");
    term_send(t->term, "\033[21~");
    sent(t, "\"product\":\"alpine:34\",\"quantity\":\"3\"");
    tui_expect(t, "There are fewer than it asks for: AO-00034 2/3");
}

static void the_customer_is_found_too(void **state) {
    struct tui *t = *state;
    term_send(t->term, "\033OQ"); /* F2 */
    tui_expect(t, "Customer >");
    term_send(t->term, "smith");
    tui_expect(t, "John Smith");
    term_send(t->term, "\r");
    tui_expect_calls(t, "customers.get", 1);
    tui_expect(t, "alpine:customer/");
    term_send(t->term, "ao-00034\r");
    tui_expect(t, "AO-00034: 1");
    term_send(t->term, "\033[21~");
    sent(t, "\"customer\":\"alpine:customer/");
    sent(t, "\"billing\":{\"first_name\":");
}

/* Typed by hand it is a guest's; a refusal loses nothing. */
static void an_address_is_typed(void **state) {
    struct tui *t = *state;
    term_send(t->term, "\033OR"); /* F3 */
    tui_expect(t, "Address, payment, shipping: alpine");
    term_send(t->term, "Zoe\tQuick\033[21~");
    tui_expect(t, "alpine  Zoe Quick");
    term_send(t->term, "ao-00034\r");
    tui_expect(t, "AO-00034: 1");
    fake_daemon_refuse(t->daemon, "orders.create", "invalid", "This cannot be.",
                       "Try another.");
    term_send(t->term, "\033[21~");
    tui_expect(t, "This cannot be. Try another.");
    tui_expect(t, "AO-00034");
    fake_daemon_answer(t->daemon, "orders.create",
                       "{\"change\":\"" SHOP_CHANGE_NEW
                       "\",\"state\":\"queued\",\"short\":[]}");
    term_send(t->term, "\033[21~");
    tui_expect_calls(t, "orders.create", 2);
    assert_non_null(
        strstr(fake_daemon_params(t->daemon, "orders.create"),
               "\"billing\":{\"first_name\":\"Zoe\",\"last_name\":\"Quick\"}"));
}

static void nothing_is_lost_by_a_slip(void **state) {
    struct tui *t = *state;
    term_send(t->term, "\033[21~");
    tui_expect(t, "Nothing is in it yet");
    term_send(t->term, "nothing\r");
    tui_expect(t, "Nothing in this shop is called nothing.");
    term_send(t->term, "\025ao-00034\r");
    tui_expect(t, "AO-00034: 1");
    term_send(t->term, "\033");
    tui_expect(t, "What was put together is lost.");
    term_send(t->term, "\033");
    tui_expect(t, "AO-00034");
    assert_int_equal(fake_daemon_calls(t->daemon, "orders.create"), 0);
}

/* An owner gives a reason, where the tenant's owners may order at all. */
static void an_owner_proposes_it(void **state) {
    struct tui t;
    (void)state;
    tui_start(&t, 24, 80, "orders", NULL);
    tui_expect(&t, ">alpine:2000");
    fake_daemon_answer(t.daemon, "session.open", SHOP_OWNER_SESSION);
    fake_daemon_away(t.daemon, true);
    fake_daemon_away(t.daemon, false);
    tui_expect(&t, "owner");
    tui_expect(&t, "alpine <1m");
    fake_daemon_handle(t.daemon, "products.list", products, NULL);
    term_settle(t.term, 300);
    term_send(t.term, "a");
    tui_expect(&t, "Owners place no orders here");
    fake_daemon_answer(t.daemon, "approvals.counts",
                       "{\"pending\":0,\"approved\":0,\"rejected\":0,"
                       "\"withdrawn\":0,\"orders\":true}");
    fake_daemon_answer(t.daemon, "orders.create",
                       "{\"change\":null,\"proposal\":\"A-32\",\"state\":"
                       "\"pending\"}");
    term_send(t.term, "a");
    tui_expect(&t, "In which shop?");
    term_send(t.term, "\r");
    tui_expect(&t, "Product >");
    term_send(t.term, "ao-00034\r");
    tui_expect(&t, "AO-00034: 1");
    term_send(t.term, "\033[21~");
    tui_expect(&t, "This is proposed");
    term_send(t.term, "rang today\r");
    sent(&t, "\"reason\":\"rang today\",\"propose\":true");
    tui_expect(&t, "proposed as A-32");
    tui_stop(&t);
}

int main(void) {
#define T(name) cmocka_unit_test_setup_teardown(name, start, stop)
    const struct CMUnitTest tests[] = {
        T(products_are_found_by_typing),
        T(a_scanned_code_is_exactly_that_product),
        T(the_customer_is_found_too),
        T(an_address_is_typed),
        T(nothing_is_lost_by_a_slip),
        cmocka_unit_test(an_owner_proposes_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
