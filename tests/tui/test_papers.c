/* Papers of an order: shown, printed, saved beside the person. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/base64.h"
#include "common/buf.h"
#include "common/json.h"
#include "common/str.h"
#include "tui_test.h"

enum { PART = 8 /* bytes of one answer, so that a PDF takes more */ };

static const char text[] = "Alpine Outdoor\n"
                           "==============\n"
                           "Ship to   Ay\xC5\x9F"
                           "e\n";
static const char pdf[] = "%PDF-1.5 twenty-odd bytes %%EOF\n";
static const char *sha = "aa"; /* of the whole */

static void render(const struct json *p, struct buf *out, void *arg) {
    bool is_pdf = str_eq(json_string(json_get(p, "format")), "pdf");
    const char *all = is_pdf ? pdf : text;
    size_t n = strlen(all), part = is_pdf ? PART : n;
    int64_t offset = 0;
    AUTO_BUF struct buf data = BUF_INIT;
    (void)arg;
    (void)json_i64(json_get(p, "offset"), false, &offset);
    size_t at = (size_t)offset, left = n - at;
    part = part < left ? part : left;
    base64_encode(all + at, part, &data);
    buf_addf(out,
             "{\"name\":\"slip-alpine-2000.pdf\",\"type\":\"x\",\"bytes\":%zu,"
             "\"sha256\":\"%s\",\"data\":\"%s\",\"next\":",
             n, sha, buf_str(&data));
    if (at + part < n)
        buf_addf(out, "%zu}", at + part);
    else
        buf_adds(out, "null}");
}

static char folder[64];

static int setup(void **state) {
    static struct tui t;
    (void)str_copy(folder, sizeof folder, "/tmp/fulexo-papers.XXXXXX");
    assert_non_null(mkdtemp(folder));
    assert_int_equal(chdir(folder), 0); /* the client's working folder */
    sha = "aa";
    tui_start(&t, 24, 80, "orders", NULL);
    fake_daemon_handle(t.daemon, "documents.render", render, NULL);
    tui_expect(&t, ">alpine:2000");
    *state = &t;
    return 0;
}

static int teardown(void **state) {
    char path[128];
    tui_stop(*state);
    for (int i = 1; i <= 2; i++) {
        (void)snprintf(path, sizeof path, "%s/slip-alpine-2000%s.pdf", folder,
                       i > 1 ? "-2" : "");
        (void)unlink(path);
    }
    assert_int_equal(chdir("/"), 0);
    assert_int_equal(rmdir(folder), 0);
    return 0;
}

static void open_slip(struct tui *t) {
    term_send(t->term, "v");
    tui_expect(t, ">Packing slip");
    term_send(t->term, "\r");
    tui_expect(t, "Alpine Outdoor");
}

static void a_slip_is_shown(void **state) {
    struct tui *t = *state;
    open_slip(t);
    tui_expect(t, "alpine:2000: Packing slip");
    tui_expect(t, "Ship to   Ay\xC5\x9F"
                  "e");
    assert_non_null(strstr(fake_daemon_params(t->daemon, "documents.render"),
                           "\"kind\":\"slip\""));
    term_send(t->term, "q");
    tui_expect(t, "of 148");
}

static void assert_saved(const char *name) {
    char path[160], got[sizeof pdf + 8] = "";
    struct stat st;
    (void)snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *f = fopen(path, "re");
    assert_non_null(f);
    size_t n = fread(got, 1, sizeof got - 1, f);
    assert_int_equal(fclose(f), 0);
    assert_int_equal(n, strlen(pdf));
    assert_string_equal(got, pdf);
    assert_int_equal(stat(path, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0600); /* names and addresses */
}

static void a_pdf_is_saved_part_by_part_and_overwrites_nothing(void **state) {
    struct tui *t = *state;
    open_slip(t);
    term_send(t->term, "s");
    tui_expect(t, "Saved /tmp/");
    tui_expect(t, "slip-alpine-2000.pdf");
    assert_saved("slip-alpine-2000.pdf");
    term_send(t->term, "s");
    tui_expect(t, "slip-alpine-2000-2.pdf");
    assert_saved("slip-alpine-2000-2.pdf");
}

/* Another document behind the first part: nothing is saved. */
static void change(const struct json *p, struct buf *out, void *arg) {
    int64_t offset = 0;
    if (json_i64(json_get(p, "offset"), false, &offset) == 0)
        sha = "bb";
    render(p, out, arg);
}

static void a_paper_that_changes_meanwhile_is_not_saved(void **state) {
    struct tui *t = *state;
    open_slip(t);
    fake_daemon_handle(t->daemon, "documents.render", change, NULL);
    term_send(t->term, "s");
    tui_expect(t, "changed while its paper was fetched");
}

/* Marked orders, and a wave: whose they are goes along. */
static void papers_of_several_are_one(void **state) {
    struct tui *t = *state;
    term_send(t->term, "  v");
    tui_expect(t, "Packing slips of all");
    tui_expect(t, "alpine:2000 and 1 more");
    term_send(t->term, "\r");
    tui_expect(t, "Alpine Outdoor");
    const char *p = fake_daemon_params(t->daemon, "documents.render");
    assert_non_null(strstr(p, "\"orders\":[\"alpine:2000\",\""));
    assert_null(strstr(p, "\"ref\""));
    term_send(t->term, "q\\gj");
    tui_expect(t, "W-12");
    term_send(t->term, "v");
    tui_expect(t, "Pick list of all");
    term_send(t->term, "j\r");
    tui_expect(t, "W-12: Pick list");
    tui_expect_calls(t, "documents.render", 2);
    p = fake_daemon_params(t->daemon, "documents.render");
    assert_non_null(strstr(p, "\"pick\":\"W-12\""));
}

static void the_sheet_of_codes_is_a_paper(void **state) {
    struct tui *t = *state;
    term_send(t->term, "gjc");
    tui_expect(t, "Action codes");
    tui_expect(t, "Alpine Outdoor");
    assert_non_null(strstr(fake_daemon_params(t->daemon, "documents.render"),
                           "\"kind\":\"codes\""));
}

static void it_goes_to_a_printer(void **state) {
    struct tui *t = *state;
    fake_daemon_answer(t->daemon, "documents.printers",
                       "{\"items\":[{\"name\":\"office\",\"way\":\"cups\","
                       "\"where\":\"HP\"},{\"name\":\"zebra\",\"way\":\"raw\","
                       "\"where\":\"192.0.2.7:9100\"}],\"next\":null}");
    fake_daemon_answer(t->daemon, "documents.print",
                       "{\"job\":\"01K9QF3E3M7Q2W8R5T1Y6Z0ABC\"}");
    open_slip(t);
    term_send(t->term, "p");
    tui_expect(t, "zebra  raw:192.0.2.7:9100");
    term_send(t->term, "j\r");
    tui_expect_calls(t, "documents.print", 1);
    const char *params = fake_daemon_params(t->daemon, "documents.print");
    assert_non_null(strstr(params, "\"printer\":\"zebra\""));
    assert_non_null(strstr(params, "\"kind\":\"slip\""));
    assert_non_null(strstr(params, "\"request_id\":\""));
}

static void no_printer_says_where_they_are_named(void **state) {
    struct tui *t = *state;
    fake_daemon_answer(t->daemon, "documents.printers",
                       "{\"items\":[],\"next\":null}");
    open_slip(t);
    term_send(t->term, "p");
    tui_expect(t, "documents.printers");
}

static void what_cannot_be_drawn_is_said(void **state) {
    struct tui *t = *state;
    fake_daemon_refuse(t->daemon, "documents.render", "io",
                       "Reading or writing failed. (fulexo-pdf is not there)",
                       "Install it.");
    term_send(t->term, "v\r");
    tui_expect(t, "fulexo-pdf is not there");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(a_slip_is_shown),
        TEST(a_pdf_is_saved_part_by_part_and_overwrites_nothing),
        TEST(a_paper_that_changes_meanwhile_is_not_saved),
        TEST(papers_of_several_are_one),
        TEST(the_sheet_of_codes_is_a_paper),
        TEST(it_goes_to_a_printer),
        TEST(no_printer_says_where_they_are_named),
        TEST(what_cannot_be_drawn_is_said),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
