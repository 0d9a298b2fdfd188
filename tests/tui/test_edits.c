#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

/* What people change on orders, products and customers: keys in, the request
 * with what was seen out, the row and the message saying what becomes of it. */
#include "common/buf.h"
#include "common/str.h"
#include "tui_test.h"

static struct tui fixture;

static int start_on(void **state, const char *screen) {
    tui_start(&fixture, 24, 80, screen, NULL);
    *state = &fixture;
    return 0;
}
static int orders(void **state) {
    return start_on(state, "orders");
}
static int products(void **state) {
    return start_on(state, "products");
}
static int customers(void **state) {
    return start_on(state, "customers");
}

static int stop(void **state) {
    tui_stop(*state);
    return 0;
}

static void assert_sent(struct tui *t, const char *method,
                        const char *const *texts) {
    tui_expect_calls(t, method, 1);
    const char *params = fake_daemon_params(t->daemon, method);
    for (; *texts; texts++) {
        if (!strstr(params, *texts)) {
            fail_msg("%s: %s lacks %s", method, params, *texts);
        }
    }
}
#define SENT(t, method, ...)                                                   \
    assert_sent(t, method,                                                     \
                (const char *const[]){"\"request_id\":\"", __VA_ARGS__, NULL})

static void change_event(struct tui *t, const char *state) {
    AUTO_BUF struct buf b = BUF_INIT;
    buf_addf(&b,
             "{\"seq\":21,\"topic\":\"change\",\"store\":\"alpine\",\"data\":{"
             "\"id\":\"" SHOP_CHANGE_NEW "\",\"state\":\"%s\"}}",
             state);
    fake_daemon_event(t->daemon, buf_str(&b));
}

/* changes.get of the new change. */
static void change_is(struct tui *t, const char *state, const char *text,
                      const char *cure) {
    AUTO_BUF struct buf b = BUF_INIT;
    buf_addf(&b,
             "{\"id\":\"" SHOP_CHANGE_NEW "\",\"store\":\"alpine\",\"ref\":"
             "\"alpine:2000\",\"kind\":\"order\",\"act\":\"set\",\"state\":"
             "\"%s\",\"author\":\"ayse\",\"code\":\"\",\"text\":\"%s\","
             "\"cure\":\"%s\",\"can\":[],\"paths\":[{\"path\":\"status\","
             "\"base\":\"processing\",\"theirs\":null,\"wanted\":"
             "\"completed\"}],\"payload\":null,\"answer\":null}",
             state, text, cure);
    fake_daemon_answer(t->daemon, "changes.get", buf_str(&b));
}

/* The order as it is while a change is on its way. */
static void row_is(struct tui *t, const char *status, const char *state) {
    t->shops.pending = state;
    t->shops.status = status;
    fake_daemon_event(t->daemon,
                      "{\"seq\":20,\"topic\":\"order\",\"store\":\"alpine\","
                      "\"ref\":\"alpine:2000\"}");
}

static void pick_completed(struct tui *t) {
    tui_expect(t, ">alpine:2000");
    /* Typed ahead: the choices are still on their way. */
    term_send(t->term, "tjj");
    tui_expect(t, ">completed");
    term_send(t->term, "\r");
}

/* Each step shows on the row and the end is said, without a key. */
static void a_status_goes_to_the_shop(void **state) {
    struct tui *t = *state;
    change_is(t, "confirmed", "", "");
    pick_completed(t);
    SENT(t, "orders.update", "\"ref\":\"alpine:2000\"",
         "\"status\":\"completed\"", "\"base\":{\"status\":\"processing\"}");
    tui_expect(t, "alpine:2000: queued.");
    row_is(t, "completed", "queued");
    tui_expect_row(t, 4, "->completed");
    tui_expect_row(t, 4, "queued");
    row_is(t, "completed", "sending");
    tui_expect_row(t, 4, "sending");
    row_is(t, "completed", "unknown");
    tui_expect_row(t, 4, "unknown");
    row_is(t, NULL, NULL);
    change_event(t, "confirmed");
    tui_expect(t, "alpine:2000 is completed at the shop.");
    tui_expect_row(t, 4, "processing");
}

static void a_conflict_shows_on_its_row(void **state) {
    struct tui *t = *state;
    change_is(t, "conflict", "status is cancelled at the shop.",
              "Keep yours or theirs.");
    pick_completed(t);
    tui_expect(t, "alpine:2000: queued.");
    row_is(t, NULL, "conflict");
    change_event(t, "conflict");
    tui_expect_row(t, 4, "CONFLICT");
    tui_expect(t, "status is cancelled at the shop. Keep yours or theirs.");
}

static void a_refusal_at_once_is_said(void **state) {
    struct tui *t = *state;
    fake_daemon_refuse(t->daemon, "orders.update", "invalid",
                       "The shop has no status \"completed\".",
                       "Pick another.");
    pick_completed(t);
    tui_expect(t, "The shop has no status \"completed\". Pick another.");
}

/* What needs no words takes none. */
static void a_hold_ends_without_a_word(void **state) {
    struct tui *t = *state;
    fake_daemon_answer(t->daemon, "orders.release", "{}");
    tui_expect(t, ">alpine:2000");
    term_send(t->term, "L");
    tui_expect(t, "Note");
    term_send(t->term, "\x13");
    tui_expect_calls(t, "orders.release", 1);
}

/* Wrong keys, Esc, a look: nothing is sent. */
static void looking_changes_nothing(void **state) {
    struct tui *t = *state;
    tui_expect(t, ">alpine:2000");
    term_send(t->term, "t");
    tui_expect(t, "Pending payment");
    term_send(t->term, "xXD5\033");
    tui_expect(t, ">alpine:2000");
    term_send(t->term, "D");
    tui_expect(t, "goes into its shop's trash");
    term_send(t->term, "\r");
    tui_expect(t, "Type \"trash 1 order\"");
    term_send(t->term, "trash\r");
    tui_expect(t, "Cancelled");
    term_send(t->term, "q");
    tui_expect(t, ">alpine:2000");
    assert_int_equal(fake_daemon_calls(t->daemon, "orders.update"), 0);
    assert_int_equal(fake_daemon_calls(t->daemon, "orders.trash"), 0);
}

static void marked_orders_are_shown_then_sent(void **state) {
    struct tui *t = *state;
    tui_expect(t, ">alpine:2000");
    term_send(t->term, "   ");
    tui_expect(t, "3 marked");
    term_send(t->term, "t");
    tui_expect(t, "3 orders, 2 shops");
    /* Only what both shops have. */
    assert_null(strstr(term_screen(t->term), "packed"));
    tui_expect(t, "completed");
    term_send(t->term, "G");
    tui_expect(t, ">completed");
    term_send(t->term, "\r");
    tui_expect(t, "all become completed");
    tui_expect(t, "processing->completed");
    assert_int_equal(fake_daemon_calls(t->daemon, "orders.update"), 0);
    term_send(t->term, "\r");
    tui_expect_calls(t, "orders.update", 3);
    tui_expect(t, "3 of 3 taken");
    assert_non_null(strstr(fake_daemon_params(t->daemon, "orders.update"),
                           "\"base\":{\"status\":\"processing\"}"));
    change_is(t, "conflict", "It is cancelled there.", "");
    change_event(t, "conflict");
    tui_expect(t, "CONFLICT: It is cancelled there.");
    /* Enter does not send a second time. */
    term_send(t->term, "\r\r");
    term_settle(t->term, 100);
    assert_int_equal(fake_daemon_calls(t->daemon, "orders.update"), 3);
}

static void each_row_says_why_it_was_not_taken(void **state) {
    struct tui *t = *state;
    fake_daemon_refuse(t->daemon, "orders.update", "read_only",
                       "The key of this shop may only read.", "Ask its owner.");
    tui_expect(t, ">alpine:2000");
    term_send(t->term, "  tG");
    tui_expect(t, ">completed");
    term_send(t->term, "\r");
    tui_expect(t, "all become completed");
    term_send(t->term, "\r");
    tui_expect(t, "0 of 2 taken  2 not taken");
    tui_expect(t, "The key of this shop may");
}

static void trash_is_typed_out(void **state) {
    struct tui *t = *state;
    tui_expect(t, ">alpine:2000");
    term_send(t->term, "   D");
    tui_expect(t, "3 orders, 2 shops: they go into their shops' trash");
    term_send(t->term, "\r");
    tui_expect(t, "Type \"trash 3 orders\"");
    term_send(t->term, "trash 3 orders\r");
    tui_expect_calls(t, "orders.trash", 3);
    assert_non_null(strstr(fake_daemon_params(t->daemon, "orders.trash"),
                           "\"request_id\":\""));
}

static void untrash_asks_for_a_status(void **state) {
    struct tui *t = *state;
    tui_expect(t, ">alpine:2000");
    term_send(t->term, "U");
    tui_expect(t, "Pending payment");
    term_send(t->term, "j");
    tui_expect(t, ">on-hold");
    term_send(t->term, "\r");
    SENT(t, "orders.untrash", "\"ref\":\"alpine:2000\"",
         "\"status\":\"on-hold\"");
}

static void a_note_is_private_unless_said(void **state) {
    struct tui *t = *state;
    tui_expect(t, ">alpine:2000");
    term_send(t->term, "n");
    tui_expect(t, "Note on alpine:2000");
    term_send(t->term, "leave it\t \023");
    SENT(t, "orders.note", "\"text\":\"leave it\"", "\"customer\":true");
    tui_expect(t, "alpine:2000: queued.");
}

/* Only what was typed over is sent, with what was there. */
static void an_address_sends_what_changed(void **state) {
    struct tui *t = *state;
    tui_expect(t, ">alpine:2000");
    term_send(t->term, "e");
    tui_expect(t, ">Ship to");
    term_send(t->term, "\r");
    tui_expect(t, "231 \xc4\xb0stiklal Cd.");
    term_send(t->term, "\023");
    tui_expect(t, "Nothing was changed.");
    term_send(t->term, "\t\025Smithson\t\t\025"
                       "5 Elm St\023");
    SENT(t, "orders.update", "\"ref\":\"alpine:2000\"",
         "\"shipping\":{\"last_name\":\"Smithson\",\"address_1\":\"5 Elm St\"}",
         "\"base\":{\"shipping.last_name\":\"Smith\",",
         "\"shipping.address_1\":\"231 \xc4\xb0stiklal Cd.\"}");
}

/* The daemon goes away between two letters: nothing is typed twice. */
static void a_lost_daemon_loses_no_letter(void **state) {
    struct tui *t = *state;
    tui_expect(t, ">alpine:2000");
    term_send(t->term, "e\r");
    tui_expect(t, "231 \xc4\xb0stiklal Cd.");
    term_send(t->term, "\t\025Smi");
    fake_daemon_away(t->daemon, true);
    tui_expect(t, "Connection to the daemon lost");
    term_send(t->term, "thson\023");
    tui_expect(t, "Smithson");
    tui_expect(t, "Waiting for the daemon");
    term_send(t->term, "\023");
    fake_daemon_away(t->daemon, false);
    tui_expect(t, ">alpine:2000");
    SENT(t, "orders.update", "\"last_name\":\"Smithson\"");
}

static void a_refused_field_is_selected(void **state) {
    struct tui *t = *state;
    fake_daemon_refuse(t->daemon, "orders.refund", "invalid",
                       "More than was paid.", "At most 20.00.");
    tui_expect(t, ">alpine:2000");
    term_send(t->term, "R");
    tui_expect(t, "AO-00151 of 1");
    tui_expect(t, "second person");
    term_send(t->term, "\023");
    tui_expect(t, "Amount: please fill in.");
    term_send(t->term, "500\023");
    tui_expect(t, "More than was paid. At most 20.00.");
    tui_expect(t, ">Amount");
    tui_expect(t, "500");
}

static void a_refund_restocks_what_is_said(void **state) {
    struct tui *t = *state;
    tui_expect(t, ">alpine:2000");
    term_send(t->term, "R");
    tui_expect(t, "AO-00151 of 1");
    term_send(t->term, "30.44\tscratched\t\t \023");
    tui_expect(t, "how many of which line");
    assert_int_equal(fake_daemon_calls(t->daemon, "orders.refund"), 0);
    term_send(t->term, "\t1\023");
    SENT(t, "orders.refund", "\"amount\":\"30.44\"", "\"restock\":true",
         "\"gateway\":false", "\"reason\":\"scratched\"",
         "\"lines\":[{\"line\":1,\"quantity\":\"1\"}]");
}

static void tracking_is_given(void **state) {
    struct tui *t = *state;
    tui_expect(t, ">alpine:2000");
    term_send(t->term, "T");
    tui_expect(t, "Tracking of alpine:2000");
    term_send(t->term, "1Z999\tups\t\t \023");
    SENT(t, "orders.track", "\"number\":\"1Z999\"", "\"carrier\":\"ups\"",
         "\"notify\":false");
}

static void forms_are_for_one_order(void **state) {
    struct tui *t = *state;
    tui_expect(t, ">alpine:2000");
    term_send(t->term, "  R");
    tui_expect(t, "one order at a time");
    assert_null(strstr(term_screen(t->term), "Amount"));
}

static void the_page_lists_its_changes(void **state) {
    struct tui *t = *state;
    tui_expect(t, ">alpine:2000");
    term_send(t->term, "j\r");
    tui_expect(t, "Changes 1");
    term_send(t->term, "\t\t\t\t\t\t\t");
    tui_expect(t, "[Changes 1]");
    tui_expect(t, "Status: processing");
    assert_non_null(strstr(fake_daemon_params(t->daemon, "changes.list"),
                           "object:\\\"nordic:1999\\\""));
    term_send(t->term, "\r");
    tui_expect(t, "Change nordic:1999");
}

static void read_only_refuses_every_write(void **state) {
    struct tui *t = *state;
    static const char *const args[] = {"--read-only", NULL};
    static const char *const keys[] = {"t", "n", "e", "R", "T", "D", "U", "a"};
    tui_stop(t);
    tui_start(t, 24, 80, "orders", args);
    tui_expect(t, ">alpine:2000");
    assert_null(strstr(term_screen(t->term), "t status"));
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        term_send(t->term, keys[i]);
        tui_expect(t, "This session is read-only.");
        tui_expect(t, ">alpine:2000");
    }
}

static void plain_lines_change_a_status(void **state) {
    struct tui *t = *state;
    static const char *const args[] = {"--plain", NULL};
    tui_stop(t);
    tui_start(t, 60, 100, "orders", args);
    tui_expect(t, "1. Order alpine:2000");
    term_send(t->term, "status\r");
    tui_expect(t, "4. completed");
    term_send(t->term, "4\r");
    SENT(t, "orders.update", "\"status\":\"completed\"",
         "\"base\":{\"status\":\"processing\"}");
    tui_expect(t, "alpine:2000: queued.");
    term_send(t->term, "note\r");
    tui_expect(t, "Note? []");
    term_send(t->term, "by hand\r");
    tui_expect(t, "To customer? [false]");
    term_send(t->term, "\r");
    SENT(t, "orders.note", "\"text\":\"by hand\"", "\"customer\":false");
}

/* --- products and customers ---------------------------------------------- */

static void a_price_is_changed(void **state) {
    struct tui *t = *state;
    tui_expect(t, "AO-00034");
    term_send(t->term, "e");
    tui_expect(t, "199.00");
    term_send(t->term, "\t\t\t \t\025"
                       "189.90\t\025"
                       "150\023");
    SENT(t, "products.update", "\"ref\":\"alpine:34\"", "\"status\":\"draft\"",
         "\"regular_price\":\"189.90\"", "\"sale_price\":\"150\"",
         "\"base\":{\"status\":\"publish\",\"regular_price\":\"199.00\"",
         "\"sale_price\":\"\"}");
}

static void stock_moves_by_what_was_counted(void **state) {
    struct tui *t = *state;
    tui_expect(t, "AO-00034");
    term_send(t->term, "j+");
    tui_expect(t, "Stock of");
    term_send(t->term, "-3\tbroken\023");
    SENT(t, "inventory.adjust", "\"ref\":\"nordic:35\"", "\"delta\":\"-3\"",
         "\"reason\":\"broken\"");
}

static void a_product_row_says_what_is_on_its_way(void **state) {
    struct tui *t = *state;
    tui_expect(t, "AO-00034");
    t->shops.pending = "sending";
    fake_daemon_event(t->daemon,
                      "{\"seq\":20,\"topic\":\"product\",\"store\":\"alpine\","
                      "\"ref\":\"alpine:34\"}");
    tui_expect(t, "[sending] ");
    term_send(t->term, "\r");
    tui_expect(t, "being sent");
    tui_expect(t, "Changes 1");
}

static void products_and_categories_are_made(void **state) {
    struct tui *t = *state;
    tui_expect(t, "AO-00034");
    tui_expect(t, "alpine <1m");
    term_send(t->term, "a");
    tui_expect(t, "New product");
    term_send(t->term, "\023");
    tui_expect(t, "Store: please fill in.");
    term_send(t->term, " \tTent 99\tAO-99\t\t\t10\023");
    SENT(t, "products.create", "\"store\":\"alpine\"", "\"name\":\"Tent 99\"",
         "\"sku\":\"AO-99\"", "\"status\":\"draft\"",
         "\"regular_price\":\"10\"");
    tui_expect(t, "30 products");
    term_send(t->term, "A");
    tui_expect(t, "New category");
    term_send(t->term, " \tRopes\023");
    SENT(t, "categories.create", "\"name\":\"Ropes\"");
}

static void a_customer_is_edited(void **state) {
    struct tui *t = *state;
    tui_expect(t, "John Smith");
    term_send(t->term, "e");
    tui_expect(t, ">First name");
    term_send(t->term, "\t\t\025"
                       "new@example.test\023");
    SENT(t, "customers.update", "\"email\":\"new@example.test\"",
         "\"base\":{\"email\":\"zoe@example.test\"}");
    tui_expect(t, "8 customers");
    /* A guest has no account that could be changed. */
    term_send(t->term, "jjje");
    term_settle(t->term, 100);
    assert_null(strstr(term_screen(t->term), "First name"));
}

#define CASE(f, start) cmocka_unit_test_setup_teardown(f, start, stop)

/* The e-mail is typed; another word erases nobody. */
static void a_customer_is_erased_by_typing_the_email(void **state) {
    struct tui *t = *state;
    fake_daemon_answer(t->daemon, "customers.erase",
                       "{\"orders\":4,\"changes\":1,\"elsewhere\":[\"peak\"]}");
    tui_expect(t, "zoe@example.test");
    term_send(t->term, "\r");
    tui_expect(t, "58.40");
    term_send(t->term, "D");
    tui_expect(t, "Type zoe@example.test to erase");
    term_send(t->term, "yes\rDzoe@example.test\r");
    tui_expect(t, "Erased: 4 orders. The e-mail is known in peak too.");
    SENT(t, "customers.erase", "\"confirm\":\"zoe@example.test\"",
         "\"ref\":\"");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        CASE(a_status_goes_to_the_shop, orders),
        CASE(a_conflict_shows_on_its_row, orders),
        CASE(a_refusal_at_once_is_said, orders),
        CASE(a_hold_ends_without_a_word, orders),
        CASE(looking_changes_nothing, orders),
        CASE(marked_orders_are_shown_then_sent, orders),
        CASE(each_row_says_why_it_was_not_taken, orders),
        CASE(trash_is_typed_out, orders),
        CASE(untrash_asks_for_a_status, orders),
        CASE(a_note_is_private_unless_said, orders),
        CASE(an_address_sends_what_changed, orders),
        CASE(a_lost_daemon_loses_no_letter, orders),
        CASE(a_refused_field_is_selected, orders),
        CASE(a_refund_restocks_what_is_said, orders),
        CASE(tracking_is_given, orders),
        CASE(forms_are_for_one_order, orders),
        CASE(the_page_lists_its_changes, orders),
        CASE(read_only_refuses_every_write, orders),
        CASE(plain_lines_change_a_status, orders),
        CASE(a_price_is_changed, products),
        CASE(stock_moves_by_what_was_counted, products),
        CASE(a_product_row_says_what_is_on_its_way, products),
        CASE(products_and_categories_are_made, products),
        CASE(a_customer_is_edited, customers),
        CASE(a_customer_is_erased_by_typing_the_email, customers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
