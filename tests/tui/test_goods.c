#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

/* Products by hand: texts of several lines, categories chosen from the store's
 * and looked after, a CSV that is seen before it is applied. */
#include "common/buf.h"
#include "common/json.h"
#include "tui_test.h"

#define PRODUCT                                                                \
    "{\"ref\":\"alpine:34\",\"store\":\"alpine\",\"remote_id\":34,"            \
    "\"parent_id\":0,\"type\":\"simple\",\"status\":\"publish\",\"sku\":"      \
    "\"AO-00034\",\"name\":\"Celik Tent 34\",\"price\":\"183.78\","            \
    "\"regular_price\":\"183.78\",\"sale_price\":\"\",\"currency\":\"TRY\","   \
    "\"gtin\":\"4006381333931\",\"weight\":\"1.25\",\"dimensions\":{"          \
    "\"length\":\"40\",\"width\":\"15\",\"height\":\"\"},\"description\":"     \
    "\"Warm.\",\"description_html\":\"<p>Warm.</p>\\n<p>Dry.</p>\","           \
    "\"short_description_html\":\"\",\"category_refs\":["                      \
    "\"alpine:category/18\"],\"categories\":[\"Tents\"],\"pending\":[]}"
#define CATEGORY(ref, name, path, n)                                           \
    "{\"ref\":\"alpine:category/" ref                                          \
    "\",\"store\":\"alpine\",\"remote_id\":" ref                               \
    ",\"parent_id\":0,\"name\":\"" name "\",\"slug\":\"x\",\"path\":\"" path   \
    "\",\"products\":" n "}"
#define CATEGORIES                                                             \
    "{\"items\":[" CATEGORY("18", "Tents", "Outdoor / Tents",                  \
                            "31") "," CATEGORY("19", "Stoves", "Stoves",       \
                                               "4") "],\"next\":null}"
#define ACK "{\"change\":\"" SHOP_CHANGE_NEW "\",\"state\":\"queued\"}"

static struct tui fixture;

static int stop(void **state) {
    tui_stop(*state);
    return 0;
}

static int products(void **state) {
    tui_start(&fixture, 24, 80, "products", NULL);
    fake_daemon_answer(fixture.daemon, "products.get", PRODUCT);
    fake_daemon_answer(fixture.daemon, "products.update", ACK);
    fake_daemon_answer(fixture.daemon, "categories.list", CATEGORIES);
    fake_daemon_answer(fixture.daemon, "categories.update", ACK);
    fake_daemon_answer(fixture.daemon, "categories.delete", ACK);
    tui_expect(&fixture, "AO-00034");
    *state = &fixture;
    return 0;
}

static void assert_has(const char *params, const char *text) {
    if (!strstr(params, text))
        fail_msg("%s lacks %s", params, text);
}

static const char *sent(struct tui *t, const char *method, int n) {
    tui_expect_calls(t, method, n);
    return fake_daemon_params(t->daemon, method);
}

/* --- the form ------------------------------------------------------------- */

/* What is typed over is the text as the shop has it; Enter is a line of it. */
static void a_text_has_several_lines(void **state) {
    struct tui *t = *state;
    term_send(t->term, "e");
    tui_expect(t, "Length");
    tui_expect(t, "<p>Warm.</p> ...");
    term_send(t->term, "\x1b[Z"); /* Shift-Tab: the last field */
    tui_expect(t, "<p>Dry.</p>");
    tui_expect(t, "Enter begins a new line");
    tui_expect_golden(t, "product-form-80x24-en");
    term_send(t->term, "\rFolds.\x13"); /* Ctrl-S */
    const char *p = sent(t, "products.update", 1);
    assert_has(p, "\"description\":\"<p>Warm.</p>\\n<p>Dry.</p>\\nFolds.\"");
    assert_has(p, "\"base\":{\"description\":\"<p>Warm.</p>\\n<p>Dry.</p>\"}");
}

static void sizes_are_fields(void **state) {
    struct tui *t = *state;
    term_send(t->term, "e");
    tui_expect(t, "Length");
    for (int i = 0; i < 7; i++)
        term_send(t->term, "\t"); /* to the length */
    term_send(t->term, "\x7f\x7f"
                       "42\x13");
    const char *p = sent(t, "products.update", 1);
    assert_has(p, "\"length\":\"42\"");
    assert_has(p, "\"base\":{\"length\":\"40\"}");
}

static void a_number_in_bars_is_scanned_into_the_form(void **state) {
    struct tui *t = *state;
    term_send(t->term, "e");
    tui_expect(t, "Length");
    term_send(t->term, "\t\t"); /* to the number */
    tui_expect(t, "8, 12, 13 or 14 digits");
    for (int i = 0; i < 13; i++)
        term_send(t->term, "\x7f");
    term_send(t->term, "9783161484100\x13");
    const char *p = sent(t, "products.update", 1);
    assert_has(p, "\"gtin\":\"9783161484100\"");
    assert_has(p, "\"base\":{\"gtin\":\"4006381333931\"}");
}

static void a_page_tells_number_and_size(void **state) {
    struct tui *t = *state;
    term_send(t->term, "\r");
    tui_expect(t, "4006381333931");
    tui_expect(t, "40 x 15 x -");
}

/* --- categories ----------------------------------------------------------- */

static void categories_are_chosen_from_the_stores(void **state) {
    struct tui *t = *state;
    term_send(t->term, "\r");
    tui_expect(t, "4006381333931");
    term_send(t->term, "C");
    tui_expect(t, "Outdoor / Tents");
    tui_expect_golden(t, "product-categories-80x24-en");
    assert_has(sent(t, "categories.list", 2), "\"store\":\"alpine\"");
    term_send(t->term, "j \x13"); /* Stoves as well */
    tui_expect(t, "Categories of alpine:34");
    term_send(t->term, "\x13");
    const char *p = sent(t, "products.update", 1);
    assert_has(p, "\"categories\":[\"alpine:category/18\","
                  "\"alpine:category/19\"]");
    assert_has(p, "\"base\":{\"categories\":[18]}");
}

static void a_category_goes_when_its_name_is_typed(void **state) {
    struct tui *t = *state;
    term_send(t->term, "C");
    tui_expect(t, "Outdoor / Tents");
    tui_expect_golden(t, "categories-80x24-en");
    term_send(t->term, "D");
    tui_expect(t, "31 products are in it");
    term_send(t->term, "Tent\r");
    term_send(t->term, "\x07"); /* Ctrl-G: another word does nothing */
    tui_expect_calls(t, "categories.delete", 0);
    term_send(t->term, "D");
    tui_expect(t, "31 products are in it");
    term_send(t->term, "Tents\r");
    const char *p = sent(t, "categories.delete", 1);
    assert_has(p, "\"ref\":\"alpine:category/18\"");
    assert_has(p, "\"name\":\"Tents\"");
}

static void a_category_is_renamed(void **state) {
    struct tui *t = *state;
    term_send(t->term, "C");
    tui_expect(t, "Outdoor / Tents");
    term_send(t->term, "e");
    tui_expect(t, "Category alpine:category/18");
    term_send(t->term, " and tarps\x13");
    const char *p = sent(t, "categories.update", 1);
    assert_has(p, "\"name\":\"Tents and tarps\"");
    assert_has(p, "\"base\":{\"name\":\"Tents\"}");
}

/* --- a CSV ---------------------------------------------------------------- */

#define RESULT(rows, changes, created, faults, list, proposal, state)          \
    "{\"id\":\"01K9QF3E3M7Q2W8R5T1Y6Z0ABC\",\"state\":\"done\",\"progress\":[" \
    "],\"result\":{"                                                           \
    "\"rows\":" rows ",\"changes\":" changes ",\"created\":" created           \
    ",\"same\":0,\"faults\":" faults ",\"list\":[" list                        \
    "],\"proposal\":" proposal ",\"state\":\"" state "\"}}"

static char path[64];

static int with_file(void **state) {
    static const char csv[] = "sku,name\nNEW,Stove\n";
    int rc = products(state);
    (void)snprintf(path, sizeof path, "/tmp/fulexo-goods-XXXXXX");
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, csv, sizeof csv - 1), (ssize_t)sizeof csv - 1);
    (void)close(fd);
    struct fake_daemon *d = fixture.daemon;
    fake_daemon_answer(d, "files.begin", "{\"offset\":0,\"chunk\":1048576}");
    fake_daemon_answer(d, "files.put", "{\"offset\":19}");
    fake_daemon_answer(d, "files.commit", "{\"id\":\"F-7\"}");
    fake_daemon_answer(d, "products.import",
                       "{\"job\":\"01K9QF3E3M7Q2W8R5T1Y6Z0ABC\"}");
    return rc;
}

static int without_file(void **state) {
    (void)unlink(path);
    return stop(state);
}

static void choose(struct tui *t) {
    term_send(t->term, "I");
    tui_expect(t, "A path on this machine");
    term_send(t->term, path);
    term_send(t->term, "\x13");
}

static void a_csv_is_seen_before_it_is_applied(void **state) {
    struct tui *t = *state;
    fake_daemon_answer(t->daemon, "jobs.get",
                       RESULT("1", "1", "1", "0", "", "null", "preview"));
    choose(t);
    tui_expect(t, "1 rows: 1 to change, 1 of them new");
    tui_expect(t, "F10 applies it");
    const char *p = sent(t, "products.import", 1);
    assert_has(p, "\"file\":\"F-7\"");
    assert_has(p, "\"apply\":false");
    fake_daemon_answer(t->daemon, "jobs.get",
                       RESULT("1", "1", "1", "0", "", "\"A-31\"", "approved"));
    term_send(t->term, "\x13");
    assert_has(sent(t, "products.import", 2), "\"apply\":true");
    tui_expect(t, "approved as A-31");
    tui_expect_calls(t, "files.commit", 1);
}

/* The daemon's event says that the work ended, and not what came of it. */
static void an_end_that_is_told_is_asked_about(void **state) {
    struct tui *t = *state;
    fake_daemon_answer(t->daemon, "jobs.get",
                       "{\"id\":\"01K9QF3E3M7Q2W8R5T1Y6Z0ABC\",\"state\":"
                       "\"running\",\"progress\":["
                       "{\"store\":\"alpine\",\"progress\":{\"collection\":"
                       "\"products\",\"done\":40,\"total\":100,\"rate\":null,"
                       "\"eta_s\":null}}]}");
    choose(t);
    tui_expect(t, "40 %");
    fake_daemon_answer(t->daemon, "jobs.get",
                       RESULT("3", "2", "1", "0", "", "null", "preview"));
    fake_daemon_event(t->daemon,
                      "{\"topic\":\"job\",\"data\":{\"id\":"
                      "\"01K9QF3E3M7Q2W8R5T1Y6Z0ABC\",\"state\":\"done\","
                      "\"progress\":[],\"steps\":[],\"error\":null}}");
    tui_expect(t, "3 rows: 2 to change, 1 of them new");
    tui_expect(t, "F10 applies it");
}

static void rows_at_fault_are_shown_and_nothing_is_applied(void **state) {
    struct tui *t = *state;
    fake_daemon_answer(
        t->daemon, "jobs.get",
        RESULT("2", "1", "0", "1",
               "{\"line\":3,\"text\":\"the store has no such SKU\"}", "null",
               "preview"));
    choose(t);
    tui_expect(t, "the store has no such SKU");
    tui_expect(t, "Correct these rows");
    term_resize(t->term, 12, 40);
    tui_expect(t, "no such SKU");
    term_resize(t->term, 24, 80);
    /* once more is another look, never an apply */
    term_send(t->term, "\x13");
    assert_has(sent(t, "products.import", 2), "\"apply\":false");
}

/* Esc ends the work first, and leaves when nothing is on its way. */
static void an_import_is_stopped(void **state) {
    struct tui *t = *state;
    fake_daemon_answer(t->daemon, "jobs.get",
                       "{\"id\":\"01K9QF3E3M7Q2W8R5T1Y6Z0ABC\",\"state\":"
                       "\"running\",\"progress\":["
                       "{\"store\":\"alpine\",\"progress\":{\"collection\":"
                       "\"products\",\"done\":40,\"total\":100,\"rate\":null,"
                       "\"eta_s\":null}}]}");
    fake_daemon_answer(
        t->daemon, "jobs.cancel",
        "{\"id\":\"01K9QF3E3M7Q2W8R5T1Y6Z0ABC\",\"state\":\"cancelled\","
        "\"progress\":[]}");
    choose(t);
    tui_expect(t, "40 %");
    term_send(t->term, "\x07"); /* Ctrl-G */
    assert_has(sent(t, "jobs.cancel", 1), "01K9QF3E3M7Q2W8R5T1Y6Z0ABC");
    tui_expect(t, "It was stopped");
    term_send(t->term, "\x07");
    tui_expect(t, "AO-00034");
}

static void a_file_that_is_not_there_is_said(void **state) {
    struct tui *t = *state;
    term_send(t->term, "I");
    tui_expect(t, "A path on this machine");
    term_send(t->term, "/nowhere/a.csv\x13");
    tui_expect(t, "/nowhere/a.csv");
    tui_expect_calls(t, "files.begin", 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, products, stop)
#define FILE_TEST(name)                                                        \
    cmocka_unit_test_setup_teardown(name, with_file, without_file)

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(a_text_has_several_lines),
        TEST(sizes_are_fields),
        TEST(a_number_in_bars_is_scanned_into_the_form),
        TEST(a_page_tells_number_and_size),
        TEST(categories_are_chosen_from_the_stores),
        TEST(a_category_goes_when_its_name_is_typed),
        TEST(a_category_is_renamed),
        FILE_TEST(a_csv_is_seen_before_it_is_applied),
        FILE_TEST(an_end_that_is_told_is_asked_about),
        FILE_TEST(rows_at_fault_are_shown_and_nothing_is_applied),
        FILE_TEST(an_import_is_stopped),
        FILE_TEST(a_file_that_is_not_there_is_said),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
