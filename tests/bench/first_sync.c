/* First sync of N orders from one demo shop with 20 ms answers, against curl
 * --parallel fetching as many of the same pages and throwing them away.
 *
 * usage: bench_first_sync [ORDERS] [LATENCY_MS]
 * Prints: name, ours (s), floor (s), ratio. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "tests/lib/engine.h"
#include "tests/lib/shop_proc.h"
#include "tests/lib/test.h"

enum { RUNS = 5, PAGE = 100, CEILING = 4 };

static double now_s(void) {
    struct timespec t;
    (void)clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static int by_value(const void *a, const void *b) {
    double x = *(const double *)a, y = *(const double *)b;
    return x < y ? -1 : x > y;
}

static double median(double *v, int n) {
    qsort(v, (size_t)n, sizeof *v, by_value);
    return v[n / 2];
}

static double ours(const struct shop_proc *shop, int orders,
                   int64_t *requests) {
    struct engine e;
    engine_start(&e, NULL);
    int64_t id = engine_store(&e, "alpine", shop->url, "basic");
    double t = now_s();
    int r = engine_sync(&e, id, 1u << SYNC_ORDERS, false);
    t = now_s() - t;
    if (r < 0 || e.result.by[SYNC_ORDERS].inserted < orders)
        fail_msg("sync: %s", e.result.error.detail);
    *requests = e.result.requests;
    engine_stop(&e, false);
    return t;
}

/* curl's own best: CEILING transfers at once over kept connections. */
static double floor_of(const struct shop_proc *shop, int64_t pages) {
    char path[] = "/tmp/fulexo-bench.XXXXXX", command[256];
    int fd = mkstemp(path);
    FILE *f = fdopen(fd, "w");
    for (int64_t p = 1; p <= pages; p++)
        (void)fprintf(f,
                      "url = \"%s/wp-json/wc/v3/orders?per_page=%d&page=%lld"
                      "&orderby=id&order=asc\"\noutput = \"/dev/null\"\n"
                      "user = \"ck_demo:cs_demo\"\n",
                      shop->url, PAGE, (long long)p);
    (void)fclose(f);
    (void)snprintf(command, sizeof command,
                   "curl -s --parallel --parallel-immediate --parallel-max %d "
                   "-K %s >/dev/null 2>&1",
                   CEILING, path);
    double t = now_s();
    int r = system(command);
    t = now_s() - t;
    (void)unlink(path);
    if (r != 0)
        fail_msg("curl failed: %d", r);
    return t;
}

int main(int argc, char **argv) {
    int orders = argc > 1 ? (int)strtol(argv[1], NULL, 10) : 10000;
    const char *latency = argc > 2 ? argv[2] : "20";
    char count[16];
    (void)snprintf(count, sizeof count, "%d", orders);
    struct shop_proc shop;
    shop_proc_start(&shop, "--orders", count, "--products", "300",
                    "--customers", "500", "--latency", latency, "--trust-http",
                    "--storage", "hpos", NULL);
    double a[RUNS], b[RUNS];
    int64_t requests = 0;
    for (int i = 0; i < RUNS; i++) {
        a[i] = ours(&shop, orders, &requests);
        b[i] = floor_of(&shop, requests);
    }
    double x = median(a, RUNS), y = median(b, RUNS);
    (void)printf("first_sync\t%d orders, %lld pages\t%.3f\t%.3f\t%.2f\n",
                 orders, (long long)requests, x, y, x / y);
    shop_proc_stop(&shop);
    return 0;
}
