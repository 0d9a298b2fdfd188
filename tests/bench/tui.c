/* The terminal client on a filled mirror: time to the first list, from key to
 * painted, bytes a key costs and bytes while nothing happens.
 *
 * usage: bench_tui FULEXO SOCKET KEYS IDLE_SECONDS RUNS */
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "bench.h"
#include "common/cleanup.h"
#include "common/mem.h"
#include "tests/lib/term.h"

enum { H = 40, W = 120, KEYS_MAX = 5000, RUNS_MAX = 99, WAIT_MS = 10000 };

static struct term *start(const char *fulexo, const char *socket) {
    const char *const argv[] = {fulexo,     "--screen", "orders",
                                "--socket", socket,     NULL};
    const char *const env[] = {"LC_ALL=C.UTF-8", NULL};
    return term_spawn(argv, H, W, env);
}

/* Until a row of a store shows. */
static void wait_list(struct term *t) {
    if (!term_wait(t, "shop-", WAIT_MS))
        bench_die("no list within %d s:\n%s", WAIT_MS / 1000, term_screen(t));
}

static double start_ms(const char *fulexo, const char *socket) {
    int64_t from = bench_ns();
    struct term *t = start(fulexo, socket);
    wait_list(t);
    double ms = (double)(bench_ns() - from) / 1e6;
    term_destroy(t);
    return ms;
}

/* The floor: a program that writes one word. */
static double bare_ms(void) {
    const char *const argv[] = {"/bin/echo", "shop-", NULL};
    const char *const env[] = {NULL};
    int64_t from = bench_ns();
    struct term *t = term_spawn(argv, H, W, env);
    wait_list(t);
    double ms = (double)(bench_ns() - from) / 1e6;
    term_destroy(t);
    return ms;
}

static void measure_start(char **argv, int runs) {
    double ours[RUNS_MAX], floor[RUNS_MAX];
    (void)start_ms(argv[1], argv[2]); /* its pages are in memory then */
    for (int i = 0; i < runs; i++) {
        floor[i] = bare_ms();
        ours[i] = start_ms(argv[1], argv[2]);
    }
    double ms = bench_quantile(ours, (size_t)runs, 0.5);
    bench_print(&(struct bench_figure){
        "tui", "start to the first list of orders, warm", ms, "ms",
        bench_quantile(floor, (size_t)runs, 0.5), "<= 100 ms", ms <= 100});
}

/* Milliseconds until the last byte a key caused; to 1 ms. */
static double key_ms(struct term *t, const char *key) {
    enum { QUIET = 4 };
    int64_t from = bench_ns(), last = 0;
    term_send(t, key);
    for (int quiet = 0; quiet < QUIET || last == 0; quiet++) {
        if (term_read(t, 1) > 0) {
            last = bench_ns();
            quiet = 0;
        }
        if (bench_ns() - from > 2000000000)
            bench_die("a key changed nothing:\n%s", term_screen(t));
    }
    return (double)(last - from) / 1e6;
}

static void measure_keys(struct term *t, int keys) {
    static double ms[KEYS_MAX], bytes[KEYS_MAX];
    for (int i = 0; i < keys; i++) {
        size_t before = term_bytes(t);
        ms[i] = key_ms(t, "j");
        bytes[i] = (double)(term_bytes(t) - before);
    }
    size_t n = (size_t)keys;
    AUTO_FREE char *what = mem_printf("key to painted, p99 of %d (p50 %.1f)",
                                      keys, bench_quantile(ms, n, 0.5));
    double p99 = bench_quantile(ms, n, 0.99);
    bench_print(&(struct bench_figure){"tui", what, p99, "ms", 0, "<= 16 ms",
                                       p99 <= 16});
    double most = bench_quantile(bytes, n, 0.99);
    AUTO_FREE char *of = mem_printf("bytes a cursor key, p99 (p50 %.0f)",
                                    bench_quantile(bytes, n, 0.5));
    bench_print(&(struct bench_figure){"tui", of, most, "bytes", 0,
                                       "<= 2048 bytes", most <= 2048});
}

/* Seconds since the minute began. */
static int second_now(void) {
    return (int)(time(NULL) % 60);
}

static void measure_idle(struct term *t, int64_t seconds) {
    size_t tick = 0, other = 0;
    int64_t until = bench_ns() + seconds * 1000000000;
    term_settle(t, 1000);
    while (bench_ns() < until) {
        size_t n = term_read(t, 250);
        /* the clock and the ages, at the turn of the minute */
        if (second_now() <= 1)
            tick += n;
        else
            other += n;
    }
    AUTO_FREE char *what =
        mem_printf("bytes in %lld idle s (%zu more at the minute)",
                   (long long)seconds, tick);
    bench_print(&(struct bench_figure){"tui", what, (double)other, "bytes", 0,
                                       "0 bytes", other == 0});
}

int main(int argc, char **argv) {
    if (argc != 6)
        bench_die("usage: bench_tui FULEXO SOCKET KEYS IDLE_SECONDS RUNS");
    int keys = (int)bench_number(argv[3], 1, KEYS_MAX);
    int64_t seconds = bench_number(argv[4], 1, 3600);
    measure_start(argv, (int)bench_number(argv[5], 1, RUNS_MAX));
    struct term *t = start(argv[1], argv[2]);
    wait_list(t);
    term_settle(t, 300);
    measure_keys(t, keys);
    measure_idle(t, seconds);
    term_destroy(t);
    return 0;
}
