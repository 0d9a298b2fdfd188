/* Programs the daemon runs: what they are given and how they may end; PDF by
 * the real helper and by ones that hang, crash or are not there; a printer's
 * port. */
#include <arpa/inet.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>
#include <uv.h>
#include <zlib.h>

#include "common/arena.h"
#include "common/buf.h"
#include "common/mem.h"
#include "daemon/out/child.h"
#include "daemon/out/document.h"
#include "daemon/out/pdf.h"
#include "daemon/out/printer.h"
#include "daemon/out/raw.h"
#include "tests/lib/test.h"

struct end {
    int told, status;
    struct buf out;
    char said[500];
};

static void on_end(void *arg, int status, const struct child_end *r) {
    struct end *e = arg;
    e->told++;
    e->status = status;
    buf_clear(&e->out);
    buf_add(&e->out, r->out, r->n);
    (void)snprintf(e->said, sizeof e->said, "%s", r->said);
}

static uv_loop_t loop;
static struct children *children;

static int setup(void **state) {
    (void)state;
    (void)signal(SIGPIPE, SIG_IGN); /* as the daemon does */
    assert_int_equal(uv_loop_init(&loop), 0);
    children = children_new(&loop);
    return 0;
}

static int teardown(void **state) {
    (void)state;
    children_free(children);
    (void)uv_run(&loop, UV_RUN_DEFAULT);
    assert_int_equal(uv_loop_close(&loop), 0);
    return 0;
}

/* Run a shell's script: the one place with a shell is a test. */
static struct end run(const char *script, const char *input, size_t max,
                      int64_t limit_ms) {
    const char *const argv[] = {"sh", "-c", script, NULL};
    const struct child_order o = {.argv = argv,
                                  .input = input,
                                  .n = strlen(input),
                                  .out_max = max,
                                  .limit_ms = limit_ms};
    struct end e = {0};
    assert_int_equal(child_run(children, &o, on_end, &e), 0);
    assert_int_equal(e.told, 0); /* never before it returns */
    (void)uv_run(&loop, UV_RUN_DEFAULT);
    assert_int_equal(e.told, 1);
    return e;
}

enum { LONG_MS = 60000 };

static void it_reads_and_writes(void **state) {
    AUTO_FREE char *big = mem_alloc(300001);
    (void)state;
    memset(big, 'x', 300000);
    big[300000] = '\0';
    struct end e = run("cat; echo err >&2", big, 1 << 20, LONG_MS);
    assert_int_equal(e.status, 0);
    assert_string_equal(buf_str(&e.out), big);
    assert_string_equal(e.said, "err ");
    buf_done(&e.out);
}

static void it_gets_nothing_of_ours(void **state) {
    int fd = open("/dev/null", O_RDONLY); /* without CLOEXEC */
    (void)state;
    (void)setenv("FULEXO_SECRET", "1", 1);
    struct end e = run("ls /proc/$$/fd; env | sort", "", 4096, LONG_MS);
    assert_int_equal(e.status, 0);
    /* 0 to 2, and what the shell itself opened: nothing of ours */
    char ours[16];
    (void)snprintf(ours, sizeof ours, "\n%d\n", fd);
    assert_true(fd > 2);
    assert_null(strstr(buf_str(&e.out), ours));
    assert_null(strstr(buf_str(&e.out), "SECRET"));
    assert_non_null(strstr(buf_str(&e.out), "LANG=C.UTF-8\n"));
    buf_done(&e.out);
    (void)close(fd);
}

static void its_failures_are_told_apart(void **state) {
    const char *const none[] = {"/no/such/program", NULL};
    const struct child_order o = {
        .argv = none, .input = "", .out_max = 1, .limit_ms = LONG_MS};
    struct end e = {0};
    (void)state;
    assert_int_equal(child_run(children, &o, on_end, &e), 0);
    (void)uv_run(&loop, UV_RUN_DEFAULT);
    assert_int_equal(e.status, ERR_NOT_FOUND);
    e = run("echo why >&2; exit 3", "", 10, LONG_MS);
    assert_int_equal(e.status, ERR_IO);
    assert_string_equal(e.said, "why ");
    assert_int_equal(run("kill -SEGV $$", "", 10, LONG_MS).status, ERR_IO);
    assert_int_equal(run("exec sleep 60", "", 10, 50).status, ERR_TIMEOUT);
    /* it is gone, what it began holds the pipes */
    assert_int_equal(run("sleep 9 & exit 0", "", 10, 100).status, ERR_TIMEOUT);
    assert_int_equal(run("sleep 9 & exit 1", "", 10, 100).status, ERR_IO);
    e = run("yes", "", 1000, LONG_MS);
    assert_int_equal(e.status, ERR_TOO_BIG);
    assert_true(e.out.len <= 1000);
    buf_done(&e.out);
    assert_int_equal(run("exec 0<&-; exit 0", "unread", 10, LONG_MS).status, 0);
}

static void some_at_a_time_and_all_end_with_the_daemon(void **state) {
    const char *const argv[] = {"sleep", "60", NULL};
    const struct child_order o = {
        .argv = argv, .input = "", .out_max = 1, .limit_ms = LONG_MS};
    struct end e[CHILDREN_MAX] = {0}, more = {0};
    (void)state;
    for (int i = 0; i < CHILDREN_MAX; i++)
        assert_int_equal(child_run(children, &o, on_end, &e[i]), 0);
    assert_int_equal(child_run(children, &o, on_end, &more), ERR_BUSY);
    children_stop(children);
    (void)uv_run(&loop, UV_RUN_DEFAULT);
    for (int i = 0; i < CHILDREN_MAX; i++)
        assert_int_equal(e[i].status, ERR_CANCELLED);
    assert_int_equal(child_run(children, &o, on_end, &more), ERR_BUSY);
    assert_int_equal(more.told, 0);
}

/* --- PDF ------------------------------------------------------------------ */

struct made {
    int told, status;
    struct error e;
    struct buf pdf;
};

static void on_pdf(void *arg, int status, const struct error *e,
                   const char *pdf, size_t n) {
    struct made *m = arg;
    m->told++;
    m->status = status;
    m->e = *e;
    buf_clear(&m->pdf);
    buf_add(&m->pdf, pdf, n);
}

static struct made make(const char *helper, const char *lines) {
    AUTO_BUF struct buf b = BUF_INIT;
    struct made m = {0};
    buf_adds(&b, lines);
    assert_int_equal(pdf_make(children, helper, &b, on_pdf, &m), 0);
    (void)uv_run(&loop, UV_RUN_DEFAULT);
    assert_int_equal(m.told, 1);
    return m;
}

static int count(const struct buf *b, const char *what) {
    size_t n = strlen(what);
    const char *at = b->data, *end = b->data + b->len;
    int found = 0;
    while ((at = memmem(at, (size_t)(end - at), what, n))) {
        found++;
        at += n;
    }
    return found;
}

/* Every compressed stream of the file, one after the other. */
static void inflate_all(const struct buf *pdf, struct buf *out) {
    const char *at = pdf->data, *end = pdf->data + pdf->len;
    while ((at = memmem(at, (size_t)(end - at), "stream\n", 7))) {
        unsigned char text[65536];
        z_stream z = {0};
        at += 7;
        z.next_in = (unsigned char *)(uintptr_t)at;
        z.avail_in = (unsigned)(end - at);
        assert_int_equal(inflateInit(&z), Z_OK);
        int rc = Z_OK;
        while (rc == Z_OK) {
            z.next_out = text;
            z.avail_out = sizeof text;
            rc = inflate(&z, Z_NO_FLUSH);
            buf_add(out, text, sizeof text - z.avail_out);
        }
        (void)inflateEnd(&z);
    }
}

#define HEAD "fulexo-pdf\t1\ta4\ttr\nname\tslip-x\nat\t1700000000\n"
#define NAMES                                                                  \
    "big\tAyşe İĞÜŞ\nbig\tمحمد علي\nbig\t露营帐篷 カンポ 한국어\nbig\t😀 🎁\n"

static void a_pdf_has_every_script_and_its_code(void **state) {
    AUTO_BUF struct buf text = BUF_INIT;
    (void)state;
    struct made m = make(FULEXO_PDF_BUILT,
                         HEAD NAMES "code\talpine:1779\n"
                                    "columns\t10\t7r\nhead\tA\tB\nrow\tx\t2\n");
    if (m.status < 0)
        fail_msg("%s", m.e.detail);
    assert_int_equal(memcmp(m.pdf.data, "%PDF-1.", 7), 0);
    assert_int_equal(count(&m.pdf, "/Type /Page "), 1);
    assert_true(count(&m.pdf, "%%EOF") == 1);
    assert_true(count(&m.pdf, "/FontFile") > 0);
    inflate_all(&m.pdf, &text);
    /* Start B, seven letters, to C, two pairs, checksum: three bars each, four
     * for the stop. */
    assert_int_equal(count(&text, " re f\n"), (1 + 7 + 1 + 2 + 1) * 3 + 4);
    assert_true(count(&text, "Tj") + count(&text, "TJ") > 5);
    struct made again = make(FULEXO_PDF_BUILT, HEAD NAMES
                             "code\talpine:1779\n"
                             "columns\t10\t7r\nhead\tA\tB\nrow\tx\t2\n");
    assert_int_equal(again.pdf.len, m.pdf.len);
    assert_memory_equal(again.pdf.data, m.pdf.data, m.pdf.len);
    buf_done(&again.pdf);
    buf_done(&m.pdf);
}

static void a_long_table_takes_pages(void **state) {
    AUTO_BUF struct buf b = BUF_INIT;
    (void)state;
    buf_adds(&b, HEAD "columns\t10\t7r\nhead\tA\tB\n");
    for (int i = 0; i < 200; i++)
        buf_addf(&b, "row\tTent %d\t%d\n", i, i);
    struct made m = make(FULEXO_PDF_BUILT, buf_str(&b));
    assert_int_equal(m.status, 0);
    int pages = count(&m.pdf, "/Type /Page ");
    assert_true(pages >= 3 && pages <= 6);
    buf_done(&m.pdf);
}

static void wrong_lines_are_named(void **state) {
    (void)state;
    struct made m = make(FULEXO_PDF_BUILT, HEAD "row\tno columns\n");
    assert_int_equal(m.status, ERR_IO);
    assert_non_null(strstr(m.e.detail, "line 4: the wrong number of cells"));
    m = make(FULEXO_PDF_BUILT, "something else\n");
    assert_non_null(strstr(m.e.detail, "line 1: not what fulexo-pdf 1 reads"));
    m = make(FULEXO_PDF_BUILT, "");
    assert_int_equal(m.status, ERR_IO);
}

/* A script in the helper's place. */
static void put(char path[64], const char *script) {
    (void)snprintf(path, 64, "/tmp/fulexo-helper.%d.sh", (int)getpid());
    FILE *f = fopen(path, "w");
    assert_non_null(f);
    (void)fprintf(f, "#!/bin/sh\n%s\n", script);
    assert_int_equal(fclose(f), 0);
    assert_int_equal(chmod(path, 0700), 0);
}

static void a_helper_that_is_ill_is_a_clear_error(void **state) {
    char path[64];
    (void)state;
    struct made m = make("/no/such/fulexo-pdf", HEAD);
    assert_int_equal(m.status, ERR_IO);
    assert_non_null(strstr(m.e.detail, "/no/such/fulexo-pdf is not there"));
    assert_non_null(strstr(m.e.detail, "text form"));
    put(path, "kill -SEGV $$");
    m = make(path, HEAD);
    assert_int_equal(m.status, ERR_IO);
    assert_non_null(strstr(m.e.detail, "fulexo-pdf failed"));
    put(path, "echo this is no PDF");
    m = make(path, HEAD);
    assert_int_equal(m.status, ERR_IO);
    buf_done(&m.pdf);
    (void)unlink(path);
}

/* --- printers ------------------------------------------------------------- */

static void printers_are_read(void **state) {
    static const char *const bad[] = {"a",
                                      "a=",
                                      "a=cups:",
                                      "a=cups:-oraw",
                                      "a=cups:x/y",
                                      "a=raw:host",
                                      "a=raw:host:0",
                                      "a=raw::9100",
                                      "A=cups:x",
                                      "a=cups:x a=cups:y",
                                      "a=ipp:x"};
    struct printers *p;
    struct error e = {0};
    (void)state;
    assert_int_equal(printers_parse("office=cups:HP_1 zebra=raw:10.0.0.7:9100,"
                                    "six=raw:[::1]:9101",
                                    &p, &e),
                     0);
    assert_int_equal(p->n, 3);
    assert_int_equal(printers_find(p, "office")->way, PRINTER_CUPS);
    assert_string_equal(printers_find(p, "zebra")->where, "10.0.0.7");
    assert_string_equal(printers_find(p, "six")->where, "::1");
    assert_string_equal(printers_find(p, "six")->port, "9101");
    assert_null(printers_find(p, "none"));
    printers_free(p);
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        if (printers_parse(bad[i], &p, &e) != ERR_CONFIG)
            fail_msg("%s", bad[i]);
    assert_int_equal(printers_parse(NULL, &p, &e), 0);
    assert_int_equal(p->n, 0);
    printers_free(p);
}

struct sent {
    int told, status;
    char detail[400];
};

static void on_sent(void *arg, int status, const struct error *e,
                    const char *said) {
    struct sent *s = arg;
    (void)said;
    s->told++;
    s->status = status;
    (void)snprintf(s->detail, sizeof s->detail, "%s", e->detail);
}

/* Listening on a port of this machine. */
static int listen_here(struct printer *ret) {
    struct sockaddr_in a = {.sin_family = AF_INET,
                            .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t n = sizeof a;
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_int_equal(bind(fd, (struct sockaddr *)&a, sizeof a), 0);
    assert_int_equal(getsockname(fd, (struct sockaddr *)&a, &n), 0);
    *ret = (struct printer){
        .name = "zebra", .way = PRINTER_RAW, .where = "127.0.0.1"};
    (void)snprintf(ret->port, sizeof ret->port, "%u", ntohs(a.sin_port));
    return fd;
}

static void a_port_gets_the_bytes(void **state) {
    struct printer p;
    struct sent s = {0};
    char got[64] = "";
    int fd = listen_here(&p);
    (void)state;
    assert_int_equal(listen(fd, 1), 0);
    assert_int_equal(
        printer_send(&p, &loop, children, "t", "^XA^XZ", 6, on_sent, &s), 0);
    (void)uv_run(&loop, UV_RUN_DEFAULT);
    assert_int_equal(s.told, 1);
    assert_int_equal(s.status, 0);
    int at = accept4(fd, NULL, NULL, SOCK_CLOEXEC);
    assert_int_equal(read(at, got, sizeof got), 6);
    assert_string_equal(got, "^XA^XZ");
    (void)close(at);
    (void)close(fd);
}

static void a_dead_port_is_told(void **state) {
    struct printer p;
    struct sent s = {0};
    int fd = listen_here(&p);
    (void)state;
    (void)close(fd);
    assert_int_equal(
        printer_send(&p, &loop, children, "t", "x", 1, on_sent, &s), 0);
    (void)uv_run(&loop, UV_RUN_DEFAULT);
    assert_int_equal(s.status, ERR_IO);
    assert_non_null(strstr(s.detail, "127.0.0.1:"));
    assert_non_null(strstr(s.detail, "refused"));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(it_reads_and_writes),
        TEST(it_gets_nothing_of_ours),
        TEST(its_failures_are_told_apart),
        TEST(some_at_a_time_and_all_end_with_the_daemon),
        TEST(a_pdf_has_every_script_and_its_code),
        TEST(a_long_table_takes_pages),
        TEST(wrong_lines_are_named),
        TEST(a_helper_that_is_ill_is_a_clear_error),
        TEST(printers_are_read),
        TEST(a_port_gets_the_bytes),
        TEST(a_dead_port_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
