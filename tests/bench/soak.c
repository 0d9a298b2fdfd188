/* A daemon in use: a shop that tells of 50 things a second, people here who
 * change some, clients that look on. Does it grow, does it keep up, does
 * anything get lost?
 *
 * usage: bench_soak PID DATABASE SOCKET STORE SHOP_PORT SECONDS
 *
 * Memory breathes: what a sweep leaves free in the heap goes back at its end
 * and is taken again. So growth is that of the 90th percentile of each minute
 * (sweeps come as often), the median slope between all pairs of minutes (Theil
 * and Sen), behind half of the time, ten minutes at most, in which caches fill.
 * Less than 2 MiB over the rest is not told from zero: pages of a shop's lists
 * on their way are as large. The database's file grows by what it is told, and
 * is no memory. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "bench.h"
#include "client.h"
#include "common/buf.h"
#include "common/cleanup.h"
#include "common/mem.h"
#include "door.h"
#include "soak_traffic.h"

enum { SHOP_RATE = 50, OUR_RATE = 3, SECONDS_MAX = 24 * 3600 };
enum { WARM_MAX_S = 600, MINUTE_S = 60, NOISE = 2 << 20, QUIET_MS = 120000 };

struct soak {
    pid_t pid;
    const char *file, *socket, *store;
    int port, seconds, warm;
    struct client *c;
    double *rss;            /* a second each, bytes */
    int64_t wal;            /* highest, bytes */
    double rate, file_rate; /* deliveries and bytes of the file a second */
};

/* --- what is read -------------------------------------------------------- */

static int64_t size_of(const char *file, const char *behind) {
    AUTO_FREE char *path = mem_printf("%s%s", file, behind);
    struct stat st;
    return stat(path, &st) < 0 ? 0 : st.st_size;
}

/* Deliveries the daemon has taken, of all topics. */
static int64_t deliveries(struct soak *s) {
    AUTO_FREE char *params = mem_printf("{\"store\":\"%s\"}", s->store);
    const char *p = client_call(s->c, "stores.get", params);
    int64_t sum = 0;
    while ((p = strstr(p, "\"deliveries\":"))) {
        sum += door_number(p, "deliveries");
        p++;
    }
    return sum;
}

static int64_t at_shop(const struct soak *s, const char *key) {
    AUTO_BUF struct buf answer = BUF_INIT;
    door_call(s->port, "GET /__demo/hooks", "", &answer);
    return door_number(buf_str(&answer), key);
}

static void sample(struct soak *s, int i) {
    int64_t wal = size_of(s->file, "-wal");
    s->rss[i] = (double)bench_status_kib(s->pid, "VmRSS:") * 1024;
    s->wal = wal > s->wal ? wal : s->wal;
}

/* --- what it says -------------------------------------------------------- */

static double usual_most(const double *v, int n) {
    AUTO_FREE double *part = mem_alloc((size_t)n * sizeof *part);
    memcpy(part, v, (size_t)n * sizeof *part);
    return bench_quantile(part, (size_t)n, 0.9);
}

/* Of n seconds, in bytes a second. */
static double slope(const double *v, int n) {
    int minutes = n < 2 * MINUTE_S ? 2 : n / MINUTE_S;
    double length = (double)n / minutes;
    size_t pairs = 0, max = (size_t)minutes * (size_t)minutes;
    AUTO_FREE double *most = mem_alloc((size_t)minutes * sizeof *most);
    AUTO_FREE double *slopes = mem_alloc(max * sizeof *slopes);
    for (int m = 0; m < minutes; m++) {
        int from = n * m / minutes, to = n * (m + 1) / minutes;
        most[m] = usual_most(v + from, to - from);
        for (int k = 0; k < m; k++)
            slopes[pairs++] = (most[m] - most[k]) / ((m - k) * length);
    }
    return bench_quantile(slopes, pairs, 0.5);
}

static void print(const char *what, double ours, const char *unit,
                  const char *target, bool met) {
    bench_print(
        &(struct bench_figure){"soak", what, ours, unit, 0, target, met});
}

static void print_growth(struct soak *s) {
    int n = s->seconds - s->warm;
    double grown = slope(s->rss + s->warm, n), noise = (double)NOISE / n;
    AUTO_FREE char *what =
        mem_printf("growth of memory in %d s behind %d s, %.1f MiB then", n,
                   s->warm, usual_most(s->rss + s->warm, n) / 1048576);
    AUTO_FREE char *target = mem_printf("0 (< %.0f B/s)", noise);
    print(what, grown, "B/s", target, grown < noise);
}

static void print_file(const struct soak *s) {
    print("growth of the file of the database", s->file_rate, "B/s", "-",
          false);
    print("the largest its log was", (double)s->wal / 1048576, "MiB", "-",
          false);
}

static void print_traffic(const struct soak *s, const struct traffic_count *n) {
    double failed = (double)at_shop(s, "failed");
    AUTO_FREE char *what = mem_printf(
        "webhook deliveries, of %lld edits, sales and notes at the shop",
        (long long)n->shop);
    AUTO_FREE char *lost =
        mem_printf("events lost, of %lld to two clients that read %lld lists",
                   (long long)n->events, (long long)n->lists);
    print(what, s->rate, "/s", ">= 50/s", s->rate >= SHOP_RATE);
    print("deliveries the shop made in vain", failed, "deliveries", "0",
          failed == 0);
    print(lost, (double)n->lost, "events", "0", n->lost == 0);
}

static void print_changes(const struct traffic_count *n, int64_t open) {
    AUTO_FREE char *what =
        mem_printf("changes of ours not confirmed, of %lld, %d/s",
                   (long long)n->changes, OUR_RATE);
    print(what, (double)open, "changes", "0", open == 0);
}

/* --- what happens -------------------------------------------------------- */

static int64_t changes_open(struct soak *s) {
    return door_number(client_call(s->c, "changes.count", "{}"), "open");
}

/* Until the shop has told all and has all, or does not get further. */
static int64_t settle(struct soak *s) {
    int64_t open = changes_open(s);
    for (int ms = 0; ms < QUIET_MS && (open > 0 || at_shop(s, "pending") > 0);
         ms += 100) {
        bench_sleep(100);
        open = changes_open(s);
    }
    return open;
}

/* Takes its samples; what is counted begins behind the warm-up. */
static void measure(struct soak *s) {
    int64_t from = bench_ns(), taken = 0, file = 0;
    for (int i = 0; i < s->seconds; i++) {
        if (i == s->warm) {
            taken = deliveries(s);
            file = size_of(s->file, "");
        }
        int64_t wait = (from - bench_ns()) / 1000000 + (i + 1) * INT64_C(1000);
        bench_sleep(wait > 0 ? wait : 0);
        sample(s, i);
    }
    double seconds = s->seconds - s->warm;
    s->rate = (double)(deliveries(s) - taken) / seconds;
    s->file_rate = (double)(size_of(s->file, "") - file) / seconds;
}

static void soak(struct soak *s) {
    struct traffic_count n;
    struct traffic *t =
        traffic_start(s->port, s->socket, s->store, SHOP_RATE, OUR_RATE);
    measure(s);
    traffic_quiet(t);
    int64_t open = settle(s);
    traffic_stop(t, &n);
    print_growth(s);
    print_file(s);
    print_traffic(s, &n);
    print_changes(&n, open);
}

int main(int argc, char **argv) {
    struct soak s = {0};
    if (argc != 7)
        bench_die("usage: bench_soak PID DATABASE SOCKET STORE SHOP_PORT "
                  "SECONDS");
    s.pid = (pid_t)bench_number(argv[1], 1, 1 << 30);
    s.file = argv[2];
    s.socket = argv[3];
    s.store = argv[4];
    s.port = (int)bench_number(argv[5], 1, 65535);
    s.seconds = (int)bench_number(argv[6], 3, SECONDS_MAX);
    s.warm = s.seconds / 2 < WARM_MAX_S ? s.seconds / 2 : WARM_MAX_S;
    s.rss = mem_zalloc((size_t)s.seconds, sizeof *s.rss);
    s.c = client_open(s.socket);
    soak(&s);
    client_close(s.c);
    free(s.rss);
    return 0;
}
