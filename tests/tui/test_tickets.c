#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

/* Support as a person sees it, against the fake daemon: the list, a ticket, a
 * note that says it is one, and files both ways. */
#include "common/buf.h"
#include "common/json.h"
#include "common/str.h"
#include "tui_test.h"

static struct tui fixture;
static bool read_by_us;

#define ROW(ID, PRIORITY, STATE, SUBJECT, UNREAD)                              \
    "{\"id\":\"" ID "\",\"store\":\"alpine\",\"subject\":\"" SUBJECT           \
    "\",\"priority\":\"" PRIORITY "\",\"state\":\"" STATE                      \
    "\",\"assignee\":null,\"ref\":\"alpine:1779\",\"author\":\"zoe\","         \
    "\"created\":\"2026-11-23T13:40:00Z\",\"changed\":"                        \
    "\"2026-11-23T13:50:00Z\",\"version\":1,\"unread\":" UNREAD
#define FILE_ROW                                                               \
    "{\"id\":\"F-12\",\"name\":\"tent.txt\",\"size\":2048,\"type\":"           \
    "\"text/plain\",\"sha256\":\"\",\"author\":\"zoe\",\"created\":"           \
    "\"2026-11-23T13:40:00Z\",\"ticket\":\"T-42\""
#define SAID(KIND, INTERNAL, TEXT, FILES)                                      \
    "{\"kind\":\"" KIND "\",\"internal\":" INTERNAL ",\"author\":\"zoe\","     \
    "\"at\":\"2026-11-23T13:40:00Z\",\"text\":\"" TEXT                         \
    "\",\"was\":\"open\",\"files\":[" FILES "]}"

static void get(const struct json *p, struct buf *out, void *arg) {
    (void)p;
    (void)arg;
    buf_addf(
        out, "%s%s",
        read_by_us ? ROW("T-42", "urgent", "open", "Tent arrived torn", "false")
                   : ROW("T-42", "urgent", "open", "Tent arrived torn", "true"),
        ",\"messages\":[" SAID(
            "reply", "false", "The seam is open.",
            FILE_ROW
            "}") "," SAID("note", "true", "Third one of that lot.",
                          "") "," SAID("state", "false", "resolved",
                                       "") "],\"earlier\":null,\"moves\":["
                                           "\"in_progress\",\"resolved\"],"
                                           "\"can\":["
                                           "\"reply\",\"note\",\"update\"]}");
}

static void was_read(const struct json *p, struct buf *out, void *arg) {
    (void)p;
    (void)arg;
    read_by_us = true;
    buf_adds(out,
             ROW("T-42", "urgent", "open", "Tent arrived torn", "false") "}");
}

static void serve(struct fake_daemon *d) {
    static const char row[] =
        ROW("T-42", "urgent", "open", "Tent arrived torn", "false") "}";
    static const char *const writes[] = {"tickets.create", "tickets.reply",
                                         "tickets.note", "tickets.update"};
    read_by_us = false;
    fake_daemon_answer(
        d, "tickets.list",
        "{\"items\":[" ROW("T-42", "urgent", "open", "Tent arrived torn",
                           "true") "}," ROW("T-7", "low", "waiting",
                                            "When does it "
                                            "leave?",
                                            "false") "}],\"next\":null}");
    fake_daemon_answer(d, "tickets.counts",
                       "{\"open\":1,\"in_progress\":0,\"waiting\":1,"
                       "\"resolved\":0,\"closed\":0,\"unread\":1,\"mine\":0}");
    fake_daemon_handle(d, "tickets.get", get, NULL);
    fake_daemon_handle(d, "tickets.read", was_read, NULL);
    for (size_t i = 0; i < sizeof writes / sizeof *writes; i++)
        fake_daemon_answer(d, writes[i], row);
}

static int start_at(void **state, int h, int w, const char *const args[]) {
    tui_start(&fixture, h, w, "orders", args);
    serve(fixture.daemon);
    tui_expect(&fixture, "alpine:2000");
    term_send(fixture.term, "gq");
    tui_expect(&fixture, "T-42");
    *state = &fixture;
    return 0;
}

static int start(void **state) {
    return start_at(state, 24, 80, NULL);
}

static int small(void **state) {
    return start_at(state, 12, 40, NULL);
}

static int turkish(void **state) {
    static const char *const args[] = {"--lang", "tr", NULL};
    return start_at(state, 24, 80, args);
}

static int stop(void **state) {
    tui_stop(*state);
    return 0;
}

static void assert_sent(struct tui *t, const char *method, const char *text) {
    tui_expect_calls(t, method, 1);
    if (!strstr(fake_daemon_params(t->daemon, method), text))
        fail_msg("%s: %s lacks %s", method,
                 fake_daemon_params(t->daemon, method), text);
}

static void the_list_says_what_presses(void **state) {
    struct tui *t = *state;
    tui_expect(t, "*T-42");
    tui_expect(t, "URGENT");
    tui_expect(t, "Tent arrived torn");
    tui_expect(t, "waits for");
    tui_expect(t, "1 to read");
}

static void a_ticket_is_read_when_it_is_shown(void **state) {
    struct tui *t = *state;
    term_send(t->term, "\r");
    tui_expect(t, "The seam is open.");
    tui_expect(t, "tent.txt");
    tui_expect(t, "2 KiB");
    tui_expect(t, "internal note");
    tui_expect(t, "State: open");
    tui_expect_calls(t, "tickets.read", 1);
}

static void it_is_talked_in(void **state) {
    struct tui *t = *state;
    term_send(t->term, "\r");
    tui_expect(t, "The seam is open.");
    term_send(t->term, "r");
    tui_expect(t, "Reply to T-42");
    term_send(t->term, "A new one leaves.\x13");
    assert_sent(t, "tickets.reply", "A new one leaves.");
    tui_expect(t, "T-42: done.");
    term_send(t->term, "n");
    tui_expect(t, "Owners never see it.");
    term_send(t->term, "ask the maker\x13");
    assert_sent(t, "tickets.note", "ask the maker");
}

static void it_is_put_elsewhere(void **state) {
    struct tui *t = *state;
    term_send(t->term, "\r");
    tui_expect(t, "The seam is open.");
    term_send(t->term, "t");
    tui_expect(t, "in which state?");
    term_send(t->term, "j\r");
    assert_sent(t, "tickets.update", "\"state\":\"resolved\"");
    term_send(t->term, "@");
    tui_expect(t, "empty: nobody"); /* the form is there, not only its title */
    term_send(t->term, "ayse\x13");
    tui_expect_calls(t, "tickets.update", 2);
    assert_non_null(strstr(fake_daemon_params(t->daemon, "tickets.update"),
                           "\"assignee\":\"ayse\""));
}

static void one_is_opened_from_an_order(void **state) {
    struct tui *t = *state;
    term_send(t->term, "go");
    tui_expect(t, "alpine:2000");
    term_send(t->term, "\r");
    tui_expect(t, "Lines");
    term_send(t->term, "M");
    tui_expect(t, "Open a ticket");
    term_send(t->term, "Torn\tThe seam.\x13");
    assert_sent(t, "tickets.create", "\"ref\":\"alpine:2000\"");
    assert_sent(t, "tickets.create", "\"subject\":\"Torn\"");
    tui_expect(t, "T-42 is open.");
}

/* What is there already is not sent again. */
static void a_file_goes_on_where_it_stopped(void **state) {
    struct tui *t = *state;
    char path[] = "/tmp/fulexo-test.XXXXXX";
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, "hello, tent", 11), 11);
    (void)close(fd);
    fake_daemon_answer(t->daemon, "files.begin",
                       "{\"offset\":7,\"chunk\":1048576}");
    fake_daemon_answer(t->daemon, "files.put", "{\"offset\":11}");
    fake_daemon_answer(t->daemon, "files.commit", FILE_ROW "}");
    term_send(t->term, "\r");
    tui_expect(t, "The seam is open.");
    term_send(t->term, "a");
    tui_expect(t, "Path of the file");
    term_send(t->term, "/no/such/file\x13");
    tui_expect(t, "cannot be read");
    for (int i = 0; i < 13; i++)
        term_send(t->term, "\x7f");
    term_send(t->term, path);
    term_send(t->term, "\x13");
    assert_sent(t, "files.put", "\"offset\":7,\"data\":\"dGVudA==\"");
    assert_sent(t, "tickets.reply", "\"files\":[\"F-12\"]");
    tui_expect(t, "was sent.");
    (void)unlink(path);
}

static void it_fits_a_small_screen(void **state) {
    struct tui *t = *state;
    tui_expect(t, "Tent arrived");
    term_send(t->term, "\r");
    tui_expect(t, "The seam is open.");
}

static void it_speaks_turkish(void **state) {
    struct tui *t = *state;
    tui_expect(t, "ACİL");
    tui_expect(t, "yanıt bekli");
    term_send(t->term, "\r");
    tui_expect(t, "iç not");
}

#define TEST(name, set_up) cmocka_unit_test_setup_teardown(name, set_up, stop)

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(the_list_says_what_presses, start),
        TEST(a_ticket_is_read_when_it_is_shown, start),
        TEST(it_is_talked_in, start),
        TEST(it_is_put_elsewhere, start),
        TEST(one_is_opened_from_an_order, start),
        TEST(a_file_goes_on_where_it_stopped, start),
        TEST(it_fits_a_small_screen, small),
        TEST(it_speaks_turkish, turkish),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
