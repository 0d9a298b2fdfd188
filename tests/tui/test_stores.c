#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "tui_test.h"

static int start(void **state) {
    static struct tui t;
    tui_start(&t, 24, 80, "stores", NULL);
    *state = &t;
    return 0;
}

static int stop(void **state) {
    tui_stop(*state);
    return 0;
}

#define JOB "01K9QF3E3M7Q2W8R5T1Y6Z0ABC"
#define JOB_ROW(state, rest)                                                   \
    "{\"id\":\"" JOB "\",\"method\":\"stores.create\",\"state\":\"" state      \
    "\",\"stores\":[\"nordic\"]," rest "}"
#define JOB_EVENT(state, rest)                                                 \
    "{\"seq\":10,\"topic\":\"job\",\"data\":" JOB_ROW(state, rest) "}"

#define CA_FILE "fulexo-test-ca.pem"

static void write_ca(void) {
    FILE *f = fopen(CA_FILE, "w");
    assert_non_null(f);
    (void)fputs("-----BEGIN CERTIFICATE-----\n", f);
    assert_int_equal(fclose(f), 0);
}

static void fill_form(struct tui *t) {
    tui_expect(t, "peak");
    term_send(t->term, "a");
    tui_expect(t, "Consumer key");
    term_send(t->term, "snow\rhttps://snow.example\rck_1\rcs_secret\r\r");
    tui_expect(t, "https://snow.example");
    assert_null(strstr(term_screen(t->term), "cs_secret"));
    tui_expect(t, "*********");
}

static void adding_shows_the_hops_live(void **state) {
    struct tui *t = *state;
    fake_daemon_answer(t->daemon, "stores.create", "{\"job\":\"" JOB "\"}");
    fake_daemon_answer(t->daemon, "jobs.get",
                       JOB_ROW("running", "\"steps\":[]"));
    fill_form(t);
    term_send(t->term, " \r/no/such.pem\r");
    tui_expect(t, "this file cannot be read");
    write_ca();
    term_send(t->term, "\025" CA_FILE "\r"); /* Ctrl-U clears the field */
    tui_expect(t, "Testing the connection");
    tui_expect_calls(t, "jobs.get", 1);
    fake_daemon_event(t->daemon,
                      JOB_EVENT("running",
                                "\"steps\":[{\"hop\":\"tls\",\"state\":\"ok\","
                                "\"detail\":\"TLS 1.3.\",\"cure\":null}]"));
    tui_expect(t, "TLS 1.3.");
    fake_daemon_event(t->daemon,
                      JOB_EVENT("done", "\"steps\":[],\"error\":null"));
    tui_expect(t, "snow is connected; the first sync runs.");
    tui_expect(t, "3 stores");
    const char *params = fake_daemon_params(t->daemon, "stores.create");
    assert_non_null(strstr(params, "\"secret\":\"cs_secret\""));
    assert_non_null(strstr(params, "\"allow_http\":true"));
    assert_non_null(strstr(params, "\"ca\":\"-----BEGIN"));
    (void)unlink(CA_FILE);
    assert_non_null(strstr(params, "\"request_id\":\""));
}

static void a_failed_hop_keeps_what_was_typed(void **state) {
    struct tui *t = *state;
    fake_daemon_answer(t->daemon, "stores.create", "{\"job\":\"" JOB "\"}");
    fake_daemon_answer(
        t->daemon, "jobs.get",
        JOB_ROW("failed",
                "\"steps\":[{\"hop\":\"auth\",\"state\":\"failed\",\"detail\":"
                "\"401.\",\"cure\":\"Make a new key.\"}],\"error\":{\"code\":"
                "\"shop_auth\",\"message\":\"The shop did not accept the "
                "key.\",\"hint\":\"Enter another.\"}"));
    fill_form(t);
    term_send(t->term, "\r\r");
    tui_expect(t, "The shop did not accept the key. Enter another.");
    tui_expect(t, "Make a new key.");
    tui_expect(t, "https://snow.example");
    term_send(t->term, "\033"); /* one key loses nothing */
    tui_expect(t, "Esc once more drops what was typed.");
    tui_expect(t, "https://snow.example");
    term_send(t->term, "\t");
    term_settle(t->term, 100);
    term_send(t->term, "\033");
    tui_expect(t, "https://snow.example");
    term_settle(t->term, 400); /* two in one read would be one of Alt */
    term_send(t->term, "\033");
    tui_expect(t, "3 stores");
}

/* On a terminal that has grown no field stays hidden. */
static void a_form_with_room_shows_all_of_it(void **state) {
    struct tui *t = *state;
    tui_expect(t, "peak");
    term_send(t->term, "a");
    tui_expect(t, "Consumer key");
    term_resize(t->term, 9, 80);
    term_settle(t->term, 100);
    term_send(t->term, "\t\t\t\t\t");
    tui_expect_gone(t, "Address");
    term_resize(t->term, 24, 80);
    tui_expect(t, "Address");
}

static void a_missing_field_is_named(void **state) {
    struct tui *t = *state;
    tui_expect(t, "peak");
    term_send(t->term, "a");
    tui_expect(t, "Consumer key");
    term_send(t->term, "snow\t\023");
    tui_expect(t, "Address: please fill in.");
    assert_int_equal(fake_daemon_calls(t->daemon, "stores.create"), 0);
}

static void sync_shows_bar_rate_and_time(void **state) {
    struct tui *t = *state;
    fake_daemon_answer(t->daemon, "stores.sync", "{\"job\":\"" JOB "\"}");
    fake_daemon_answer(
        t->daemon, "jobs.get",
        JOB_ROW("running",
                "\"progress\":[{\"store\":\"nordic\",\"progress\":{"
                "\"collection\":\"orders\",\"done\":884,\"total\":2113,"
                "\"rate\":188,\"eta_s\":6}}]"));
    tui_expect(t, "peak");
    term_send(t->term, "js");
    tui_expect(t, "884 of 2,113  188/s  6 s left");
    assert_string_equal(fake_daemon_params(t->daemon, "stores.sync"),
                        "{\"store\":\"nordic\"}");
    fake_daemon_event(t->daemon,
                      "{\"seq\":9,\"topic\":\"order\",\"store\":\"nordic\","
                      "\"ref\":\"nordic:1999\",\"data\":{}}");
    term_settle(t->term, 500);
    tui_expect(t, "884 of 2,113  188/s  6 s left");
    fake_daemon_answer(
        t->daemon, "jobs.get",
        JOB_ROW("done", "\"result\":{\"stores\":[{\"store\":\"nordic\","
                        "\"collections\":[{\"new\":3,\"changed\":2}]}]}"));
    fake_daemon_event(t->daemon, JOB_EVENT("done", "\"progress\":[]"));
    tui_expect(t, "nordic: sync done, 5 changed.");
}

/* Not a key but a word, and only the right one. */
static void removing_is_typed_out(void **state) {
    struct tui *t = *state;
    fake_daemon_answer(t->daemon, "stores.remove", "{\"name\":\"peak\"}");
    tui_expect(t, "peak");
    term_send(t->term, "G");
    tui_expect(t, ">peak");
    term_send(t->term, "D");
    tui_expect(t, "Type peak to remove it.");
    term_send(t->term, "y\r");
    tui_expect(t, "nothing was done");
    term_send(t->term, "D");
    tui_expect(t, "Type peak to remove it.");
    assert_int_equal(fake_daemon_calls(t->daemon, "stores.remove"), 0);
    term_send(t->term, "peak\r");
    tui_expect(t, "peak was removed.");
    assert_non_null(strstr(fake_daemon_params(t->daemon, "stores.remove"),
                           "\"confirm\":\"peak\""));
}

/* By name, and the store's name with it; what keeps it is said in the form. */
static void a_store_goes_to_another_company(void **state) {
    struct tui *t = *state;
    fake_daemon_refuse(t->daemon, "stores.move", "conflict",
                       "Its goods are on their way, I-7 (PO 3).",
                       "Receive or close that first.");
    tui_expect(t, "alpine");
    term_send(t->term, "M");
    tui_expect(t, "Goes to");
    term_send(t->term, "alpine-co\ralpine\r");
    tui_expect(t, "I-7 (PO 3)");
    tui_expect(t, "alpine-co");
    fake_daemon_answer(t->daemon, "stores.move",
                       "{\"name\":\"alpine\",\"tenant\":\"alpine-co\"}");
    term_send(t->term, "\023");
    tui_expect(t, "alpine is alpine-co's now.");
    const char *params = fake_daemon_params(t->daemon, "stores.move");
    assert_non_null(strstr(params, "\"store\":\"alpine\""));
    assert_non_null(strstr(params, "\"tenant\":\"alpine-co\""));
    assert_non_null(strstr(params, "\"confirm\":\"alpine\""));
}

/* Typed out as well: what the shop signs with meanwhile is refused. */
static void another_secret_is_typed_out(void **state) {
    struct tui *t = *state;
    fake_daemon_answer(t->daemon, "stores.rotate_hooks",
                       "{\"name\":\"alpine\"}");
    tui_expect(t, "alpine");
    term_send(t->term, "W");
    tui_expect(t, "Type alpine to give its webhooks");
    assert_int_equal(fake_daemon_calls(t->daemon, "stores.rotate_hooks"), 0);
    term_send(t->term, "alpine\r");
    tui_expect(t, "alpine: the shop is told another address");
    assert_int_equal(fake_daemon_calls(t->daemon, "stores.rotate_hooks"), 1);
}

/* Whose it is, and from there to its people. */
static void a_store_leads_to_its_company(void **state) {
    struct tui *t = *state;
    tui_expect(t, "alpine");
    term_send(t->term, "\r");
    tui_expect(t, "WooCommerce");
    for (int i = 0; i < 30; i++) {
        int y, x;
        term_cursor(t->term, &y, &x);
        if (strstr(term_row(t->term, y), "Tenant"))
            break;
        term_send(t->term, "j");
        term_settle(t->term, 50);
    }
    term_send(t->term, "\r");
    tui_expect_calls(t, "tenants.get", 1);
    assert_non_null(strstr(fake_daemon_params(t->daemon, "tenants.get"),
                           "\"tenant\":\"main\""));
}

/* The status under the cursor; what it means is chosen. */
static void a_status_is_given_a_meaning(void **state) {
    struct tui *t = *state;
    fake_daemon_answer(t->daemon, "stores.map",
                       "{\"store\":\"alpine\",\"slug\":\"packed\",\"name\":"
                       "\"Packed\",\"phase\":\"held\",\"orders\":4,"
                       "\"can_ship\":false,\"mapped\":true,"
                       "\"settling\":true}");
    tui_expect(t, "alpine");
    term_send(t->term, "\r");
    tui_expect(t, "[Details]");
    term_send(t->term, "\t\t");
    tui_expect(t, "[Statuses]");
    tui_expect(t, "not said");
    tui_expect(t, "until an admin says what it means.");
    term_send(t->term, "jjjjm");
    tui_expect(t, "What a status of alpine means");
    tui_expect(t, "packed");
    term_send(t->term, "\r  \023"); /* to do, held, done: one back */
    tui_expect(t, "alpine: Packed means held now.");
    const char *params = fake_daemon_params(t->daemon, "stores.map");
    assert_non_null(strstr(params, "\"store\":\"alpine\""));
    assert_non_null(strstr(params, "\"status\":\"packed\""));
    assert_non_null(strstr(params, "\"phase\":\"held\""));
}

static void the_doctor_can_be_run_again(void **state) {
    struct tui *t = *state;
    fake_daemon_answer(t->daemon, "stores.test", "{\"job\":\"" JOB "\"}");
    fake_daemon_answer(
        t->daemon, "jobs.get",
        JOB_ROW("done", "\"steps\":[{\"hop\":\"read\",\"state\":\"ok\","
                        "\"detail\":\"Orders can be read.\",\"cure\":null}]"));
    tui_expect(t, "peak");
    term_send(t->term, "t");
    tui_expect(t, "Orders can be read.");
    tui_expect(t, "The connection works.");
    term_send(t->term, "q");
    tui_expect(t, "3 stores");
}

static void the_palette_finds_and_runs(void **state) {
    struct tui *t = *state;
    tui_expect(t, "peak");
    term_send(t->term, ":");
    tui_expect(t, "store_add");
    term_send(t->term, "go ord");
    tui_expect_gone(t, "store_add");
    term_send(t->term, "\r");
    tui_expect(t, "of 148");
    /* Case and marks aside. */
    term_send(t->term, "?");
    tui_expect(t, "type to search");
    term_send(t->term, "GO_CUSTOMERS");
    tui_expect(t, "To the customers.");
    term_send(t->term, "\r");
    tui_expect(t, "Oslo");
}

/* What the screen is for comes first; a search that finds nothing says so, and
 * how to leave. */
static void the_help_begins_with_what_the_screen_is_for(void **state) {
    struct tui *t = *state;
    tui_expect(t, "peak");
    term_send(t->term, "?");
    tui_expect_row(t, 3, "Enter    Open what is selected.");
    tui_expect_row(t, 4, "a        Connect a shop.");
    tui_expect_row(t, 23, "Enter run  Esc cancel");
    term_send(t->term, "AO-00034\r");
    tui_expect(t, "Nothing that can be done here is called that. Esc goes");
    term_send(t->term, "\033");
    tui_expect(t, "3 stores");
}

static void numbers_of_the_dashboard_are_links(void **state) {
    struct tui *t = *state;
    tui_expect(t, "peak");
    term_send(t->term, "gd");
    tui_expect(t, "Revenue");
    term_send(t->term, "jjj\r");
    tui_expect(t, "/ late:yes");
    tui_expect(t, "1-9 of 9");
}

/* Several stores are summed up: a line has no room for each. */
static void a_sync_of_all_is_one_sentence(void **state) {
    struct tui *t = *state;
    fake_daemon_answer(t->daemon, "stores.sync", "{\"job\":\"" JOB "\"}");
    fake_daemon_answer(
        t->daemon, "jobs.get",
        JOB_ROW("done", "\"result\":{\"stores\":[{\"store\":\"alpine\","
                        "\"collections\":[{\"new\":3}]},{\"store\":\"nordic\","
                        "\"collections\":[{\"changed\":2}]}]}"));
    tui_expect(t, "peak");
    term_send(t->term, "S");
    tui_expect(t, "2 stores: sync done, 5 changed.");
}

static void verify_shows_each_difference(void **state) {
    struct tui *t = *state;
    tui_expect(t, "peak");
    term_send(t->term, "j\r");
    tui_expect(t, "[Details]");
    term_send(t->term, "\t\t\t");
    tui_expect(t, "[Verify]");
    tui_expect(t, "nordic:701  orders  differs  Phone (billing)");
    tui_expect(t, "+905551989587");
    tui_expect(t, "+905551989588");
    tui_expect(t, "nordic:34  products  missing here");
    tui_expect(t, "... and 7 more.");
    term_send(t->term, "j\r");
    tui_expect(t, "Order nordic:701");
}

/* What waits for a shop, and how it tells us of changes. */
static void queue_and_webhooks_show(void **state) {
    struct tui *t = *state;
    tui_expect(t, "ok 4m");
    tui_expect(t, "disabled 2");
    term_send(t->term, "j");
    tui_expect(t, "The shop has disabled 2 webhooks. Fulexo enables");
    term_send(t->term, "k\r");
    tui_expect(t, "order.updated");
    tui_expect(t, "0 changes wait to be sent");
    t->shops.held = true;
    fake_daemon_event(t->daemon,
                      "{\"seq\":12,\"topic\":\"store\",\"store\":\"alpine\","
                      "\"data\":{\"state\":\"connected\"}}");
    tui_expect_row(t, 22, "fulexo resume --after-restore");
}

/* Troubles of whole stores stand above the objects. */
static void attention_names_troubled_stores(void **state) {
    struct tui *t = *state;
    tui_expect(t, "peak");
    term_send(t->term, "ga");
    tui_expect(t, "peak: blocked. 403 from a firewall page");
    tui_expect(t, "nordic: Webhooks disabled 2. The shop has disabled 2");
    tui_expect(t, ">alpine");
}

/* A drift stands with its sum behind what was set aside; its product is a key
 * away, and agreeing ends it. */
static void a_stock_drift_is_agreed_on(void **state) {
    struct tui *t = *state;
    fake_daemon_answer(t->daemon, "inventory.agree",
                       "{\"ref\":\"alpine:34\",\"agreed\":\"9\"}");
    tui_expect(t, "peak");
    term_send(t->term, "ga");
    tui_expect(t, "stock drift");
    term_send(t->term, "a");
    term_send(t->term, "j");
    tui_expect(t, "Celik Tent 34: the shop has 9, it should be 7 (10 agreed,");
    tui_expect(t, "a agree");
    term_send(t->term, "\r");
    tui_expect(t, "Product alpine:34");
    term_send(t->term, "q");
    tui_expect(t, "stock drift");
    term_send(t->term, "ay\r");
    tui_expect(t, "nothing was done");
    assert_int_equal(fake_daemon_calls(t->daemon, "inventory.agree"), 0);
    fake_daemon_answer(t->daemon, "inventory.drift",
                       "{\"items\":[],\"next\":null}");
    term_send(t->term, "aagree\r");
    tui_expect(t, "alpine:34: 9 is agreed on.");
    tui_expect_gone(t, "stock drift");
    assert_non_null(strstr(fake_daemon_params(t->daemon, "inventory.agree"),
                           "\"ref\":\"alpine:34\",\"request_id\""));
}

/* It comes and goes while the screen is open. */
static void a_stock_drift_comes_by_itself(void **state) {
    struct tui *t = *state;
    fake_daemon_answer(t->daemon, "inventory.drift",
                       "{\"items\":[],\"next\":null}");
    tui_expect(t, "peak");
    term_send(t->term, "ga");
    tui_expect(t, ">alpine");
    fake_daemon_answer(t->daemon, "inventory.drift",
                       "{\"items\":[{\"ref\":\"alpine:35\",\"store\":"
                       "\"alpine\",\"remote_id\":35}],\"next\":null}");
    fake_daemon_event(t->daemon,
                      "{\"seq\":12,\"topic\":\"product\",\"store\":"
                      "\"alpine\",\"ref\":\"alpine:35\",\"data\":{}}");
    tui_expect(t, "stock drift");
}

#define CASE(f) cmocka_unit_test_setup_teardown(f, start, stop)

int main(void) {
    const struct CMUnitTest tests[] = {
        CASE(adding_shows_the_hops_live),
        CASE(a_failed_hop_keeps_what_was_typed),
        CASE(a_missing_field_is_named),
        CASE(a_form_with_room_shows_all_of_it),
        CASE(sync_shows_bar_rate_and_time),
        CASE(removing_is_typed_out),
        CASE(another_secret_is_typed_out),
        CASE(a_store_goes_to_another_company),
        CASE(a_store_leads_to_its_company),
        CASE(a_status_is_given_a_meaning),
        CASE(the_doctor_can_be_run_again),
        CASE(the_palette_finds_and_runs),
        CASE(the_help_begins_with_what_the_screen_is_for),
        CASE(numbers_of_the_dashboard_are_links),
        CASE(a_sync_of_all_is_one_sentence),
        CASE(verify_shows_each_difference),
        CASE(queue_and_webhooks_show),
        CASE(attention_names_troubled_stores),
        CASE(a_stock_drift_is_agreed_on),
        CASE(a_stock_drift_comes_by_itself),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
