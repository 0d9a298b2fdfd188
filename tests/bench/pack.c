/* A packer with a scanner: from the last key of a code until the scan is on
 * disk and on the screen; then a 20-line order in one burst over a slow link,
 * the daemon killed in the middle of it, and what was lost or doubled.
 *
 * usage: bench_pack FULEXO FULEXOD DATA SOCKET N
 * DATA has the store "packing", synced; its daemon is started here. */
#include <poll.h>
#include <signal.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bench.h"
#include "client.h"
#include "common/arena.h"
#include "common/buf.h"
#include "common/cleanup.h"
#include "common/json.h"
#include "common/mem.h"
#include "slow_link.h"
#include "tests/lib/term.h"

enum {
    H = 30,
    W = 100,
    LINES = 20,
    PIECES = 2,
    N_MAX = 5000,
    WAIT_MS = 60000,
    GAP_MS = 50, /* between two scans of the burst */
    LINK_MS = 300,
};

struct bench {
    const char *fulexo, *fulexod, *data, *socket;
    pid_t daemon;
    struct client *c;
    struct arena *arena; /* of the answers */
};

/* Until it serves. */
static void start_daemon(struct bench *b) {
    (void)unlink(b->socket);
    b->daemon = fork();
    if (b->daemon == 0) {
        /* a bench that gives up leaves nobody behind */
        (void)prctl(PR_SET_PDEATHSIG, SIGKILL);
        (void)execl(b->fulexod, b->fulexod, "--data", b->data, "--socket",
                    b->socket, "--log-level", "error", (char *)NULL);
        _exit(127);
    }
    for (int i = 0; access(b->socket, F_OK) != 0; i++) {
        if (i > WAIT_MS / 10)
            bench_die("the daemon does not start");
        bench_sleep(10);
    }
}

/* --- orders ------------------------------------------------------------ */

static const struct json *call(struct bench *b, const char *method,
                               const char *params) {
    const struct json *v = NULL;
    const char *line = client_call(b->c, method, params);
    if (json_parse(b->arena, line, strlen(line), NULL, &v, NULL) < 0 ||
        !json_get(v, "result"))
        bench_die("%s: %.300s", method, line);
    return json_get(v, "result");
}

static const char *text(const struct json *v, const char *path) {
    const char *s = json_string(json_path(v, path));
    return s ? s : "";
}

static void order_params(struct bench *b, int lines, int pieces,
                         struct buf *out) {
    const struct json *p = json_first(json_get(
        call(b, "products.list", "{\"filter\":\"type:simple\",\"limit\":100}"),
        "items"));
    int n = 0;
    buf_adds(out, "{\"store\":\"packing\",\"status\":\"processing\","
                  "\"shipping\":{\"city\":\"Bonn\"},\"lines\":[");
    for (; p && n < lines; p = json_next(p))
        if (*text(p, "sku"))
            buf_addf(out, "%s{\"product\":\"%s\",\"quantity\":\"%d\"}",
                     n++ ? "," : "", text(p, "ref"), pieces);
    buf_adds(out, "]}");
    if (n < lines)
        bench_die("the shop has %d products with a SKU", n);
}

/* Made through the outbox; its reference once the shop has it. */
static char *make_order(struct bench *b, int lines, int pieces) {
    AUTO_BUF struct buf params = BUF_INIT;
    order_params(b, lines, pieces, &params);
    AUTO_FREE char *id =
        mem_printf("{\"id\":\"%s\"}",
                   text(call(b, "orders.create", buf_str(&params)), "change"));
    for (int i = 0; i < WAIT_MS / 20; i++) {
        const struct json *c = call(b, "changes.get", id);
        if (strcmp(text(c, "state"), "confirmed") == 0)
            return mem_dup(text(c, "ref"));
        bench_sleep(20);
    }
    bench_die("the shop makes no order");
}

/* --- the screen
 * ---------------------------------------------------------------- */

static void wait_for(struct term *t, const char *what) {
    if (!term_wait(t, what, WAIT_MS))
        bench_die("'%s' does not come:\n%s", what, term_screen(t));
}

static struct term *pack_screen(const struct bench *b, const char *socket,
                                const char *ref) {
    const char *const argv[] = {b->fulexo,  "--screen", "orders",
                                "--socket", socket,     NULL};
    const char *const env[] = {"LC_ALL=C.UTF-8", NULL};
    AUTO_FREE char *keys = mem_printf("/number:%s\r", strchr(ref, ':') + 1);
    struct term *t = term_spawn(argv, H, W, env);
    wait_for(t, "packing:");
    term_send(t, keys);
    wait_for(t, "1-1 of 1");
    term_send(t, "P");
    wait_for(t, "PACK ");
    wait_for(t, " left ");
    return t;
}

/* One synced commit of a small row, on the same disk. */
static double floor_ms(const struct bench *b, int n, double *ms) {
    AUTO_FREE char *path = mem_printf("%s/floor.db", b->data);
    sqlite3 *db;
    if (sqlite3_open(path, &db) != SQLITE_OK ||
        sqlite3_exec(db,
                     "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;"
                     "CREATE TABLE t (id INTEGER PRIMARY KEY, v TEXT)",
                     NULL, NULL, NULL) != SQLITE_OK)
        bench_die("%s: %s", path, sqlite3_errmsg(db));
    for (int i = 0; i < n; i++) {
        int64_t from = bench_ns();
        if (sqlite3_exec(db, "INSERT INTO t (v) VALUES ('a scan')", NULL, NULL,
                         NULL) != SQLITE_OK)
            bench_die("%s: %s", path, sqlite3_errmsg(db));
        ms[i] = (double)(bench_ns() - from) / 1e6;
    }
    (void)sqlite3_close(db);
    (void)unlink(path);
    return bench_quantile(ms, (size_t)n, 0.99);
}

/* The code is there; from Enter until the count of its line is another: it was
 * committed by then, for the screen shows answers alone. */
static double scan_ms(struct term *t, const char *sku, int i, int n) {
    AUTO_FREE char *counted = mem_printf("%d / %d", i, n);
    AUTO_FREE char *typed = mem_printf("> %s", sku);
    term_send(t, sku);
    wait_for(t, typed);
    int64_t from = bench_ns();
    term_send(t, "\r");
    while (!strstr(term_screen(t), counted)) {
        if (bench_ns() - from > WAIT_MS * INT64_C(1000000))
            bench_die("no %s:\n%s", counted, term_screen(t));
        (void)term_read(t, 1);
    }
    return (double)(bench_ns() - from) / 1e6;
}

static const char *sku_of(struct bench *b, const char *ref, int line) {
    AUTO_FREE char *params = mem_printf("{\"ref\":\"%s\"}", ref);
    const struct json *l =
        json_first(json_get(call(b, "packs.get", params), "lines"));
    while (line-- > 0)
        l = json_next(l);
    return text(l, "sku");
}

static void one_by_one(struct bench *b, int n) {
    static double ours[N_MAX], bare[N_MAX];
    AUTO_FREE char *ref = make_order(b, 1, n);
    struct term *t = pack_screen(b, b->socket, ref);
    const char *sku = sku_of(b, ref, 0);
    for (int i = 0; i < n; i++)
        ours[i] = scan_ms(t, sku, i + 1, n);
    term_destroy(t);
    double p50 = bench_quantile(ours, (size_t)n, 0.5);
    double p99 = bench_quantile(ours, (size_t)n, 0.99);
    AUTO_FREE char *what = mem_printf(
        "a scan is on disk and painted, p99 of %d (p50 %.2g); floor: one "
        "synced commit",
        n, p50);
    bench_print(&(struct bench_figure){
        "pack", what, p99, "ms", floor_ms(b, n, bare), "<= 50 ms", p99 <= 50});
}

/* --- a burst over a slow link
 * ----------------------------------------------------- */

/* Scans that are not what was made of them: lost or counted twice. */
static int wrong_counts(struct bench *b, const char *ref) {
    AUTO_FREE char *params = mem_printf("{\"ref\":\"%s\"}", ref);
    const struct json *l =
        json_first(json_get(call(b, "packs.get", params), "lines"));
    int wrong = 0;
    for (; l; l = json_next(l))
        wrong += abs((int)bench_number(text(l, "packed"), 0, 1000) - PIECES);
    return wrong;
}

static void type_burst(struct bench *b, struct term *t, char **skus) {
    for (int i = 0; i < LINES * PIECES; i++) {
        int64_t next = bench_ns() + GAP_MS * INT64_C(1000000);
        term_send(t, skus[i / PIECES]);
        term_send(t, "\r");
        if (i == LINES) { /* half of them */
            (void)kill(b->daemon, SIGKILL);
            (void)waitpid(b->daemon, NULL, 0);
            start_daemon(b);
        }
        while (bench_ns() < next)
            (void)term_read(t, 1);
    }
}

static void in_a_burst(struct bench *b) {
    char *skus[LINES];
    AUTO_FREE char *ref = make_order(b, LINES, PIECES);
    struct slow_link *link = slow_link_start(b->socket, LINK_MS / 2);
    struct term *t = pack_screen(b, slow_link_path(link), ref);
    for (int i = 0; i < LINES; i++)
        skus[i] = mem_dup(sku_of(b, ref, i));
    int64_t from = bench_ns();
    type_burst(b, t, skus);
    double typed = (double)(bench_ns() - from) / 1e9;
    if (!term_wait(t, "left 0", WAIT_MS))
        bench_die("the last scan is not there:\n%s", term_screen(t));
    double all = (double)(bench_ns() - from) / 1e9;
    term_destroy(t);
    slow_link_stop(link);
    client_close(b->c);
    b->c = client_open(b->socket);
    int wrong = wrong_counts(b, ref);
    AUTO_FREE char *what = mem_printf(
        "%d scans, %d ms apart, link of %d ms, daemon killed in the middle: "
        "lost or doubled (typed in %.1f s, all there after %.1f s)",
        LINES * PIECES, GAP_MS, LINK_MS, typed, all);
    bench_print(&(struct bench_figure){"pack", what, wrong, "scans", 0, "0",
                                       wrong == 0});
    for (int i = 0; i < LINES; i++)
        free(skus[i]);
}

int main(int argc, char **argv) {
    if (argc != 6)
        bench_die("usage: bench_pack FULEXO FULEXOD DATA SOCKET N");
    struct bench b = {.fulexo = argv[1],
                      .fulexod = argv[2],
                      .data = argv[3],
                      .socket = argv[4],
                      .arena = arena_new(0)};
    start_daemon(&b);
    b.c = client_open(b.socket);
    one_by_one(&b, (int)bench_number(argv[5], 1, N_MAX));
    in_a_burst(&b);
    (void)kill(b.daemon, SIGTERM);
    (void)waitpid(b.daemon, NULL, 0);
    client_close(b.c);
    arena_free(b.arena);
    return 0;
}
