/* A change through the terminal and back, over a demo shop: from Enter until
 * the shop has the status and the row says so; from an edit in the shop until
 * an open screen shows it.
 *
 * usage: bench_tui_change FULEXO SOCKET SHOP_PORT ORDER N */
#include <stdio.h>
#include <string.h>

#include "bench.h"
#include "common/buf.h"
#include "common/cleanup.h"
#include "common/mem.h"
#include "door.h"
#include "tests/lib/term.h"

enum { H = 24, W = 100, ROW = 4, N_MAX = 2000, WAIT_MS = 10000 };

/* Between two changes: nobody makes them in one breath. */
enum { QUIET_MS = 150 };

/* --- the shop ------------------------------------------------------------ */

static void edit(int port, const char *order, const char *status) {
    AUTO_BUF struct buf answer = BUF_INIT;
    AUTO_FREE char *body = mem_printf(
        "{\"kind\":\"orders\",\"id\":%s,\"patch\":{\"status\":\"%s\"}}", order,
        status);
    door_call(port, "POST /__demo/edit", body, &answer);
}

static void must_be(int port, const char *order, const char *status) {
    AUTO_BUF struct buf answer = BUF_INIT;
    AUTO_FREE char *head =
        mem_printf("GET /__demo/object?kind=orders&id=%s", order);
    AUTO_FREE char *want = mem_printf("\"status\":\"%s\"", status);
    door_call(port, head, "", &answer);
    if (!strstr(buf_str(&answer), want))
        bench_die("order %s is not %s at the shop", order, status);
}

/* --- the screen ---------------------------------------------------------- */

static void wait_for(struct term *t, const char *text) {
    if (!term_wait(t, text, WAIT_MS))
        bench_die("'%s' does not come:\n%s", text, term_screen(t));
}

/* The one row has that status, nothing on its way. */
static void wait_row(struct term *t, const char *status) {
    AUTO_FREE char *word = mem_printf(" %s ", status);
    int64_t until = bench_ns() + WAIT_MS * INT64_C(1000000);
    while (!strstr(term_row(t, ROW), word)) {
        if (bench_ns() > until)
            bench_die("the row is not %s:\n%s", status, term_screen(t));
        (void)term_read(t, 1);
    }
}

static struct term *one_order(const char *fulexo, const char *socket,
                              const char *order) {
    const char *const argv[] = {fulexo,     "--screen", "orders",
                                "--socket", socket,     NULL};
    const char *const env[] = {"LC_ALL=C.UTF-8", NULL};
    AUTO_FREE char *keys = mem_printf("/number:%s\r", order);
    struct term *t = term_spawn(argv, H, W, env);
    wait_for(t, "alpine:");
    term_send(t, keys);
    wait_for(t, "1-1 of 1");
    return t;
}

/* From Enter on: the choice is on the screen by then. */
static double typed_ms(struct term *t, const char *key, const char *status) {
    AUTO_FREE char *choice = mem_printf(">%s ", status);
    AUTO_FREE char *said = mem_printf(" is %s at the shop", status);
    term_settle(t, QUIET_MS);
    term_send(t, "t");
    wait_for(t, "New status");
    wait_for(t, "completed ");
    term_send(t, key);
    wait_for(t, choice);
    int64_t from = bench_ns();
    term_send(t, "\r");
    wait_for(t, said);
    wait_row(t, status);
    return (double)(bench_ns() - from) / 1e6;
}

static double shown_ms(struct term *t, int port, const char *order,
                       const char *status) {
    term_settle(t, QUIET_MS);
    int64_t from = bench_ns();
    edit(port, order, status);
    wait_row(t, status);
    return (double)(bench_ns() - from) / 1e6;
}

static void figure(const char *what, double *ms, int n, double limit) {
    double p50 = bench_quantile(ms, (size_t)n, 0.5);
    double p99 = bench_quantile(ms, (size_t)n, 0.99);
    AUTO_FREE char *text = mem_printf("%s, p99 of %d (p50 %.0f)", what, n, p50);
    AUTO_FREE char *target = mem_printf("<= %.0f ms", limit);
    bench_print(&(struct bench_figure){"tui_change", text, p99, "ms", 0, target,
                                       p99 <= limit});
}

int main(int argc, char **argv) {
    static double typed[N_MAX], shown[N_MAX];
    if (argc != 6)
        bench_die("usage: bench_tui_change FULEXO SOCKET SHOP_PORT ORDER N");
    int port = (int)bench_number(argv[3], 1, 65535);
    int n = (int)bench_number(argv[5], 1, N_MAX);
    const char *order = argv[4];
    struct term *t = one_order(argv[1], argv[2], order);
    edit(port, order, "failed");
    wait_row(t, "failed");
    for (int i = 0; i < n; i++)
        shown[i] = shown_ms(t, port, order, i % 2 ? "failed" : "pending");
    edit(port, order, "processing");
    wait_row(t, "processing");
    for (int i = 0; i < n; i++) {
        const char *status = i % 2 ? "processing" : "on-hold";
        typed[i] = typed_ms(t, i % 2 ? "k" : "j", status);
        must_be(port, order, status);
    }
    figure("a typed status is at the shop and on the row", typed, n, 250);
    figure("an edit at the shop is on the screen", shown, n, 150);
    term_destroy(t);
    return 0;
}
