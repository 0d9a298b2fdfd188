/* The whole command line against a scripted daemon. */
#include "test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/arena.h"
#include "common/buf.h"
#include "common/mem.h"
#include "mini_daemon.h"
#include "tui/cli.h"
#include "tui/cli_job.h"
#include "tui/cli_options.h"

#define OK(result) "{\"jsonrpc\":\"2.0\",\"id\":$ID,\"result\":" result "}"
#define ERROR(code, name, message, more)                                       \
    "{\"jsonrpc\":\"2.0\",\"id\":$ID,\"error\":{\"code\":" code                \
    ",\"message\":\"" message "\",\"data\":{\"code\":\"" name "\"" more "}}}"
#define JOB "01K9QF3E3M7Q2W8R5T1Y6Z0ABC"

/* What a run left. */
struct run {
    int status;
    char *out, *err;
    char *requests;
};

static void run_done(struct run *r) {
    free(r->out);
    free(r->err);
    free(r->requests);
}

/* `fulexo WORDS` against the rows, on a terminal of `width` cells (0: none). */
static struct run run_cli(const struct mini_row *rows, size_t n, int width,
                          const char *const *words) {
    struct run r = {0};
    size_t out_n, err_n;
    char *argv[24] = {(char *)(uintptr_t) "fulexo"};
    int argc = 1;
    struct mini_daemon *d = mini_daemon_start(rows, n);
    argv[argc++] = (char *)(uintptr_t) "--socket";
    argv[argc++] = (char *)(uintptr_t)mini_daemon_path(d);
    while (*words)
        argv[argc++] = (char *)(uintptr_t)*words++;
    struct cli_io io = {.in = stdin,
                        .out = open_memstream(&r.out, &out_n),
                        .err = open_memstream(&r.err, &err_n),
                        .out_tty = width > 0,
                        .err_tty = width > 0,
                        .width = width};
    r.status = cli_main(argc, argv, &io, NULL);
    fclose(io.out);
    fclose(io.err);
    r.requests = mem_dup(mini_daemon_requests(d));
    mini_daemon_stop(d);
    return r;
}
#define RUN(rows, width, ...)                                                  \
    run_cli(rows, sizeof(rows) / sizeof *(rows), width,                        \
            (const char *const[]){__VA_ARGS__, NULL})

static const struct mini_row nothing[] = {{"none", ""}};

static void test_call(void **state) {
    (void)state;
    static const struct mini_row rows[] = {
        {"orders.raw", OK("{\"object\":{\"n\":1.50}}")}};
    CLEANUP(run_done)
    struct run r = RUN(rows, 0, "call", "orders.raw", "{\"ref\":\n\"a:1\"}");
    assert_int_equal(r.status, 0);
    assert_string_equal(r.out, "{\"object\":{\"n\":1.50}}\n");
    assert_non_null(strstr(r.requests, "orders.raw {\"ref\":\"a:1\"}\n"));
    assert_true(strncmp(r.requests, "session.open ", 13) == 0);
}

static void test_call_wants_an_object(void **state) {
    (void)state;
    CLEANUP(run_done) struct run r = RUN(nothing, 0, "call", "x", "[1");
    assert_int_equal(r.status, 64);
    assert_string_equal(r.requests, "");
}

static const struct mini_row two_pages[] = {
    {"orders.list",
     OK("{\"items\":[{\"ref\":\"a:1\",\"total\":\"5.00\"}],\"next\":\"k\"}")},
    {"orders.list",
     OK("{\"items\":[{\"ref\":\"a:2\",\"total\":\"12.00\"}],\"next\":null}")},
};

static void test_list_shapes(void **state) {
    (void)state;
    CLEANUP(run_done)
    struct run table =
        RUN(two_pages, 80, "orders", "list", "--fields", "ref,total");
    assert_string_equal(table.out, "ref  total\na:1   5.00\n");
    assert_string_equal(table.err, "More follow: --all reads them all.\n");
    CLEANUP(run_done)
    struct run csv = RUN(two_pages, 0, "orders", "list", "--csv", "--all",
                         "--fields", "ref,total");
    assert_string_equal(csv.out, "ref,total\na:1,5.00\na:2,12.00\n");
    assert_non_null(strstr(csv.requests, "\"limit\":500"));
    assert_non_null(strstr(csv.requests, "\"after\":\"k\""));
    CLEANUP(run_done)
    struct run json = RUN(two_pages, 0, "orders", "list", "--json", "--all");
    assert_string_equal(
        json.out, "{\"items\":[{\"ref\":\"a:1\",\"total\":\"5.00\"},{\"ref\":"
                  "\"a:2\",\"total\":\"12.00\"}],\"next\":null}\n");
}

static void test_get_is_lines(void **state) {
    (void)state;
    static const struct mini_row rows[] = {
        {"orders.get",
         OK("{\"ref\":\"a:1\",\"billing\":{\"city\":\"Oslo\"},\"line_items\":["
            "{\"sku\":\"S\",\"quantity\":\"2\"}],\"notes\":[]}")}};
    CLEANUP(run_done) struct run r = RUN(rows, 80, "orders", "get", "a:1");
    assert_int_equal(r.status, 0);
    assert_string_equal(r.out, "ref           a:1\nbilling.city  "
                               "Oslo\nnotes\n\nline_items:\nsku  quantity\nS  "
                               "         2\n");
}

/* The daemon's error: a line with the cure and its exit status; with --json the
 * object. */
static void test_errors(void **state) {
    (void)state;
    static const struct mini_row rows[] = {
        {"orders.get", ERROR("-3", "not_found", "Not found.",
                             ",\"hint\":\"Look.\",\"params\":{\"field\":"
                             "\"ref\"}")},
        {"stores.pause", ERROR("-6", "denied", "No.", "")},
    };
    CLEANUP(run_done) struct run r = RUN(rows, 0, "orders", "get", "a:1");
    assert_int_equal(r.status, 1);
    assert_string_equal(r.err, "fulexo: Not found. (ref) Look.\n");
    assert_string_equal(r.out, "");
    CLEANUP(run_done)
    struct run json = RUN(rows, 0, "orders", "get", "a:1", "--json");
    assert_string_equal(
        json.out, "{\"code\":-3,\"message\":\"Not found.\",\"data\":{\"code\":"
                  "\"not_found\",\"hint\":\"Look.\",\"params\":{\"field\":"
                  "\"ref\"}}}\n");
    assert_string_equal(json.err, "");
    CLEANUP(run_done) struct run denied = RUN(rows, 0, "stores", "pause", "p");
    assert_int_equal(denied.status, 77);
    assert_string_equal(denied.err, "fulexo: No. Ask an admin.\n");
}

static void test_usage(void **state) {
    (void)state;
    CLEANUP(run_done) struct run r = RUN(nothing, 0, "ordres", "list");
    assert_int_equal(r.status, 64);
    assert_string_equal(
        r.err, "fulexo: There is no command ordres. Did you mean orders?\n");
    CLEANUP(run_done)
    struct run tr = RUN(nothing, 0, "--lang", "tr", "orders", "lst");
    assert_non_null(strstr(tr.err, "orders list mi demek"));
    CLEANUP(run_done) struct run help = RUN(nothing, 0, "orders", "--help");
    assert_int_equal(help.status, 0);
    assert_non_null(strstr(help.out, "timeline"));
    CLEANUP(run_done)
    struct run verb = RUN(nothing, 0, "help", "stores", "create");
    assert_non_null(strstr(verb.out, "--secret-file FILE"));
    assert_non_null(strstr(verb.out, "--tenant TENANT"));
    CLEANUP(run_done) struct run all = RUN(nothing, 0, "help");
    for (size_t i = 0; i < cli_option_rows_n; i++) {
        const char *row = strstr(all.out, cli_option_rows[i].option);
        assert_non_null(row);
        row += strcspn(row, " \n"); /* the option, its value, what it does */
        row += strspn(row, " VALUE");
        assert_true(*row != '\n');
    }
    CLEANUP(run_done) struct run bare = RUN(nothing, 0, "stores");
    assert_int_equal(bare.status, 64);
    assert_string_equal(bare.requests, "");
}

static int no_screen(const struct cli_options *o, const char *socket_path) {
    (void)o;
    (void)socket_path;
    fail_msg("screens without a terminal");
    return 0;
}

/* Into a pipe no screen is drawn. */
static void test_no_terminal(void **state) {
    (void)state;
    char *err, *argv[] = {(char *)(uintptr_t) "fulexo", NULL};
    size_t n;
    struct cli_io io = {.in = stdin, .out = stdout, .in_tty = true};
    io.err = open_memstream(&err, &n);
    assert_int_equal(cli_main(1, argv, &io, no_screen), 64);
    fclose(io.err);
    assert_non_null(strstr(err, "need a terminal"));
    free(err);
}

static void test_no_daemon(void **state) {
    (void)state;
    CLEANUP(run_done)
    struct run r = RUN(nothing, 0, "--socket", "/nonexistent/s", "health");
    assert_int_equal(r.status, 69);
    assert_non_null(strstr(r.err, "/nonexistent/s"));
    assert_non_null(strstr(r.err, "--socket"));
}

static void test_health_status(void **state) {
    (void)state;
    static const struct mini_row rows[] = {
        {"health.get", OK("{\"state\":\"warn\",\"checks\":[{\"name\":\"disk\","
                          "\"state\":\"warn\",\"detail\":\"1 GB\",\"cure\":"
                          "null}]}")},
        {"health.get", OK("{\"state\":\"ok\",\"checks\":[]}")}};
    CLEANUP(run_done) struct run r = RUN(rows, 80, "health");
    assert_int_equal(r.status, 1);
    assert_string_equal(r.out, "name  state  detail  cure\n"
                               "disk  warn   1 GB\n");
    CLEANUP(run_done)
    struct run fine =
        run_cli(rows + 1, 1, 0, (const char *const[]){"health", NULL});
    assert_int_equal(fine.status, 0);
}

static void test_sync_begins(void **state) {
    (void)state;
    static const struct mini_row rows[] = {
        {"stores.sync", OK("{\"job\":\"" JOB "\"}")}};
    CLEANUP(run_done) struct run r = RUN(rows, 0, "sync");
    assert_int_equal(r.status, 0);
    assert_string_equal(r.out,
                        "Begun. fulexo jobs get " JOB " tells how far it "
                        "is.\n");
    assert_non_null(strstr(r.requests, "stores.sync {\"all\":true}\n"));
    CLEANUP(run_done)
    struct run one = RUN(rows, 0, "sync", "--store", "peak", "--full");
    assert_non_null(strstr(one.requests,
                           "stores.sync {\"store\":\"peak\",\"full\":true}\n"));
}

#define ROW(state, more)                                                       \
    "{\"id\":\"" JOB "\",\"state\":\"" state "\",\"steps\":[],\"progress\":["  \
    "{\"store\":\"peak\",\"progress\":{\"collection\":\"orders\",\"done\":5,"  \
    "\"total\":10,\"rate\":2,\"eta_s\":3}}],\"error\":null" more "}"
#define EVENT(state)                                                           \
    "{\"jsonrpc\":\"2.0\",\"method\":\"event\",\"params\":{\"seq\":1,"         \
    "\"topic\":\"job\",\"data\":" ROW(state, "") "}}"

static const struct mini_row verify_rows[] = {
    {"stores.verify", OK("{\"job\":\"" JOB "\"}") "\n" EVENT("running")},
    {"jobs.get", OK(ROW("running", ",\"result\":null")) "\n" EVENT("done")},
    {"jobs.get",
     OK(ROW("done",
            ",\"result\":{\"differences\":1,\"stores\":[{\"store\":\"peak\","
            "\"rows\":{\"orders\":8,\"products\":2},\"differences\":1,"
            "\"list\":[{\"ref\":\"peak:7\",\"collection\":\"orders\",\"what\":"
            "\"differs\",\"path\":\"status\",\"mirror\":\"a\",\"shop\":\"b\"}]"
            ",\"more\":0,\"error\":null}]}"))},
};

static void test_verify_waits(void **state) {
    (void)state;
    CLEANUP(run_done) struct run r = RUN(verify_rows, 0, "verify");
    assert_int_equal(r.status, 1);
    assert_string_equal(r.err, ""); /* no progress into a pipe */
    assert_string_equal(r.out,
                        "peak: 10 objects compared, 1 differ.\n"
                        "  orders 8, products 2\n"
                        "ref     collection  what     path    mirror  shop\n"
                        "peak:7  orders      differs  status  a       b\n");
    CLEANUP(run_done) struct run tty = RUN(verify_rows, 80, "verify");
    assert_non_null(strstr(tty.err, "peak: orders 50 %  5 of 10"));
    CLEANUP(run_done) struct run csv = RUN(verify_rows, 0, "verify", "--csv");
    assert_string_equal(csv.out, "ref,collection,what,path,mirror,shop\n"
                                 "peak:7,orders,differs,status,a,b\n");
    CLEANUP(run_done) struct run json = RUN(verify_rows, 0, "verify", "--json");
    assert_int_equal(json.status, 1);
    assert_true(strncmp(json.out, "{\"differences\":1,", 17) == 0);
}

/* Of several stores the one that lasts longest is shown. */
static void test_progress_of_several(void **state) {
    (void)state;
    static const char text[] =
        "{\"progress\":[{\"store\":\"a\",\"progress\":{\"collection\":"
        "\"orders\",\"done\":9,\"total\":null,\"rate\":0,\"eta_s\":null}},{"
        "\"store\":\"b\",\"progress\":{\"collection\":\"orders\",\"done\":1,"
        "\"total\":100,\"rate\":1,\"eta_s\":99}},{\"store\":\"c\","
        "\"progress\":{\"collection\":\"orders\",\"done\":90,\"total\":100,"
        "\"rate\":10,\"eta_s\":1}}]}";
    struct arena *a = arena_new(0);
    AUTO_BUF struct buf out = BUF_INIT;
    struct cli c = {.lang = TEXT_EN};
    const struct json *v;
    assert_int_equal(json_parse(a, text, strlen(text), NULL, &v, NULL), 0);
    cli_job_progress(&c, v, &out);
    assert_string_equal(buf_str(&out), "b: orders 1 %  1 of 100  1/s  1 min "
                                       "left  (+2)");
    arena_free(a);
}

/* Ctrl-C: the work that only reads ends too, other work is left alone. */
static void test_interrupt(void **state) {
    (void)state;
    static const struct mini_row rows[] = {
        {"stores.verify", OK("{\"job\":\"" JOB "\"}")},
        {"stores.sync", OK("{\"job\":\"" JOB "\"}")},
        {"jobs.get", OK(ROW("running", ",\"result\":null")) "$INT"},
        {"jobs.cancel", OK("{\"state\":\"cancelled\"}")}};
    CLEANUP(run_done) struct run verify = RUN(rows, 0, "verify");
    assert_int_equal(verify.status, 1);
    assert_string_equal(verify.err, "fulexo: It was cancelled.\n");
    assert_non_null(strstr(verify.requests, "jobs.cancel {\"id\":\"" JOB "\""));
    CLEANUP(run_done) struct run sync = RUN(rows, 0, "sync", "--wait");
    assert_int_equal(sync.status, 1);
    assert_non_null(strstr(sync.err, "fulexo jobs get " JOB));
    assert_null(strstr(sync.requests, "jobs.cancel"));
}

/* A test that fails prints its hops and the reason, with the reason's status.
 */
static void test_job_fails(void **state) {
    (void)state;
    static const struct mini_row rows[] = {
        {"stores.test", OK("{\"job\":\"" JOB "\"}")},
        {"jobs.get",
         OK("{\"id\":\"" JOB "\",\"state\":\"failed\",\"progress\":[],"
            "\"steps\":[],\"error\":{\"code\":\"shop_tls\",\"message\":\"Not "
            "trusted.\",\"hint\":\"Use --ca-file.\"},\"result\":{\"ok\":false,"
            "\"hops\":[{\"hop\":\"tls\",\"state\":\"failed\",\"detail\":"
            "\"Self-signed.\",\"cure\":null,\"ms\":3}]}}")}};
    CLEANUP(run_done) struct run r = RUN(rows, 0, "stores", "test", "peak");
    assert_int_equal(r.status, 77);
    assert_string_equal(r.out, "failed     tls          Self-signed. (3 ms)\n");
    assert_string_equal(r.err, "fulexo: Not trusted. Use --ca-file.\n");
}

static void test_daemon_goes_away(void **state) {
    (void)state;
    static const struct mini_row rows[] = {{"orders.counts", NULL}};
    CLEANUP(run_done) struct run r = RUN(rows, 0, "orders", "counts");
    assert_int_equal(r.status, 69);
}

static void test_doctor(void **state) {
    (void)state;
    static const struct mini_row rows[] = {
        {"health.get", OK("{\"state\":\"ok\",\"checks\":[{\"name\":\"disk\","
                          "\"state\":\"ok\",\"detail\":\"9 GB\",\"cure\":null}"
                          "]}")}};
    CLEANUP(run_done) struct run r = RUN(rows, 0, "doctor");
    assert_int_equal(r.status, 0);
    assert_non_null(strstr(r.out, "fulexod/9, root (admin)"));
    assert_non_null(strstr(r.out, "disk"));
    CLEANUP(run_done)
    struct run none = RUN(rows, 0, "doctor", "--socket", "/nonexistent/s");
    assert_int_equal(none.status, 69);
    assert_non_null(strstr(none.out, "failed"));
}

static void test_watch(void **state) {
    (void)state;
    static const struct mini_row rows[] = {
        {"events.subscribe", OK("{\"seq\":1,\"resync\":false}") "\n" EVENT(
                                 "running") "\nnonsense"}};
    CLEANUP(run_done) struct run r = RUN(rows, 0, "watch");
    assert_true(strncmp(r.out, "{\"seq\":1,\"topic\":\"job\",", 23) == 0);
    assert_int_equal(r.status, 64); /* then something that is no daemon */
}

/* A file to import goes in pieces, from where an earlier try stopped; its
 * number goes along in place of its path. */
static void test_a_file_is_sent_first(void **state) {
    (void)state;
    static const struct mini_row rows[] = {
        {"files.begin", OK("{\"offset\":3,\"chunk\":1048576}")},
        {"files.put", OK("{\"offset\":12}")},
        {"files.commit", OK("{\"id\":\"F-7\"}")},
        {"events.subscribe", OK("{\"seq\":1,\"resync\":false}")},
        {"products.import", OK("{\"job\":\"" JOB "\"}")},
        {"jobs.get", OK("{\"id\":\"" JOB "\",\"state\":\"done\",\"error\":null,"
                        "\"progress\":[],\"steps\":[],\"result\":{\"rows\":1,"
                        "\"changes\":0}}")},
    };
    char path[] = "/tmp/fulexo-cli-XXXXXX";
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, "sku,name\nA,B", 12), 12);
    (void)close(fd);
    CLEANUP(run_done)
    struct run r = RUN(rows, 0, "products", "import", "alpine", path);
    CLEANUP(run_done)
    struct run named = RUN(rows, 0, "products", "import", "alpine",
                           "--csv-file", path, "--apply");
    (void)unlink(path);
    assert_int_equal(r.status, 0);
    assert_non_null(
        strstr(r.requests, "\"offset\":3,\"data\":\"LG5hbWUKQSxC\""));
    assert_non_null(strstr(
        r.requests, "products.import {\"store\":\"alpine\",\"file\":\"F-7\""));
    assert_null(strstr(r.requests, path));
    assert_non_null(strstr(named.requests, "\"file\":\"F-7\",\"apply\":true"));
    CLEANUP(run_done)
    struct run again = RUN(rows, 0, "products", "import", "alpine", "F-7");
    assert_null(strstr(again.requests, "files."));
    CLEANUP(run_done)
    struct run none = RUN(rows, 0, "products", "import", "alpine", "/no/where");
    assert_int_equal(none.status, 64);
    assert_null(strstr(none.requests, "products.import"));
}

int main(void) {
    unsetenv("LC_ALL");
    unsetenv("LC_MESSAGES");
    setenv("LANG", "C", 1);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_file_is_sent_first),
        cmocka_unit_test(test_call),
        cmocka_unit_test(test_call_wants_an_object),
        cmocka_unit_test(test_list_shapes),
        cmocka_unit_test(test_get_is_lines),
        cmocka_unit_test(test_errors),
        cmocka_unit_test(test_usage),
        cmocka_unit_test(test_no_terminal),
        cmocka_unit_test(test_no_daemon),
        cmocka_unit_test(test_health_status),
        cmocka_unit_test(test_sync_begins),
        cmocka_unit_test(test_verify_waits),
        cmocka_unit_test(test_progress_of_several),
        cmocka_unit_test(test_interrupt),
        cmocka_unit_test(test_job_fails),
        cmocka_unit_test(test_daemon_goes_away),
        cmocka_unit_test(test_doctor),
        cmocka_unit_test(test_watch),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
