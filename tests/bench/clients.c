/* A house at work on a filled mirror: N people at once, each kind of call with
 * its 99th percentile, beside the same calls of one alone; and that no order
 * was in two pickers' hands.
 *
 * usage: bench_clients SOCKET DATABASE PEOPLE SECONDS */
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench.h"
#include "client.h"
#include "common/cleanup.h"
#include "common/mem.h"
#include "crowd.h"

enum {
    PEOPLE_MAX = 200,
    LEAST_MS = 200, /* between an answer and the next call: 200 to 800 */
    SPREAD_MS = 600,
    ALONE_MS = 2,
    LIMIT_MS = 30,
};

static struct crowd crowd;
static struct person people[PEOPLE_MAX], alone[CROWD_ROLES];

static enum crowd_role role_of(int i) {
    static const enum crowd_role roles[] = {
        PICKER, PACKER, READER, PICKER, EDITOR, READER, PICKER, PACKER,
        KEEPER, PICKER, EDITOR, READER, PICKER, PACKER, BOSS};
    return roles[(size_t)i % (sizeof roles / sizeof *roles)];
}

/* --- values ----------------------------------------------------------------
 */

static sqlite3 *open_database(const char *path) {
    sqlite3 *sq;
    if (sqlite3_open_v2(path, &sq, SQLITE_OPEN_READONLY, NULL) != SQLITE_OK)
        bench_die("%s: %s", path, sqlite3_errmsg(sq));
    (void)sqlite3_busy_timeout(sq, 5000);
    return sq;
}

static void make_values(sqlite3 *sq, int kind) {
    struct gen g = {(uint64_t)kind};
    sqlite3_stmt *st;
    const char *sql = crowd_probes[kind].value;
    if (!sql)
        return;
    if (sqlite3_prepare_v2(sq, sql, -1, &st, NULL) != SQLITE_OK)
        bench_die("%s: %s", sql, sqlite3_errmsg(sq));
    for (int i = 0; i < VALUES; i++) {
        (void)sqlite3_bind_int64(st, 1, (int64_t)(gen_next(&g) >> 33));
        if (sqlite3_step(st) != SQLITE_ROW)
            bench_die("%s: nothing", sql);
        crowd.values[kind][i] =
            mem_dup((const char *)sqlite3_column_text(st, 0));
        (void)sqlite3_reset(st);
    }
    (void)sqlite3_finalize(st);
}

static int64_t number_of(sqlite3 *sq, const char *sql) {
    sqlite3_stmt *st;
    if (sqlite3_prepare_v2(sq, sql, -1, &st, NULL) != SQLITE_OK ||
        sqlite3_step(st) != SQLITE_ROW)
        bench_die("%s: %s", sql, sqlite3_errmsg(sq));
    int64_t n = sqlite3_column_int64(st, 0);
    (void)sqlite3_finalize(st);
    return n;
}

/* --- work ------------------------------------------------------------------
 */

static void *shift(void *arg) {
    struct person *p = arg;
    while (bench_ns() < crowd.until)
        person_work(p);
    return NULL;
}

static double together(int n, int seconds) {
    int64_t from = bench_ns(), calls = 0;
    crowd.until = from + seconds * INT64_C(1000000000);
    crowd.least = LEAST_MS;
    crowd.spread = SPREAD_MS;
    for (int i = 0; i < n; i++)
        person_open(&people[i], &crowd, i + 1, role_of(i));
    for (int i = 0; i < n; i++)
        if (pthread_create(&people[i].thread, NULL, shift, &people[i]) != 0)
            bench_die("no thread for %d people", n);
    for (int i = 0; i < n; i++) {
        (void)pthread_join(people[i].thread, NULL);
        calls += people[i].calls;
    }
    return (double)calls * 1e9 / (double)(bench_ns() - from);
}

/* One after the other, in every role. */
static void by_one(int seconds) {
    crowd.until = bench_ns() + seconds * INT64_C(1000000000);
    crowd.least = ALONE_MS;
    crowd.spread = 0;
    for (int i = 0; i < CROWD_ROLES; i++)
        person_open(&alone[i], &crowd, i + 1, (enum crowd_role)i);
    for (int i = 0; bench_ns() < crowd.until; i = (i + 1) % CROWD_ROLES)
        for (int k = 0; k < (i == PICKER || i == PACKER ? 1 : 8); k++)
            person_work(&alone[i]);
    for (int i = 0; i < CROWD_ROLES; i++)
        client_close(alone[i].c);
}

/* --- figures ---------------------------------------------------------------
 */

/* All of a kind; the caller frees. */
static double *collect(const struct person *p, int n, int kind, size_t *ret_n) {
    double *all = NULL;
    size_t sum = 0;
    for (int i = 0; i < n; i++) {
        size_t k = p[i].n[kind];
        all = mem_resize(all, sum + k + 1, sizeof *all);
        if (k > 0)
            memcpy(all + sum, p[i].ms[kind], k * sizeof *all);
        sum += k;
    }
    *ret_n = sum;
    return all;
}

static void print_kind(int n, int kind) {
    size_t calls, one;
    AUTO_FREE double *ms = collect(people, n, kind, &calls);
    AUTO_FREE double *floor = collect(alone, CROWD_ROLES, kind, &one);
    if (calls == 0)
        return;
    double p99 = bench_quantile(ms, calls, 0.99);
    double p50 = bench_quantile(ms, calls, 0.5);
    double floor99 = one ? bench_quantile(floor, one, 0.99) : 0;
    AUTO_FREE char *what =
        mem_printf("%s, p99 of %zu (p50 %.2f, worst %.0f); floor: one alone",
                   crowd_what(kind), calls, p50, ms[calls - 1]);
    bench_print(&(struct bench_figure){"clients", what, p99, "ms", floor99,
                                       "p99 <= 30 ms", p99 <= LIMIT_MS});
}

/* Every call of everybody: a kind of which there were few has its worst call
 * for a 99th percentile. */
static void print_all(int n) {
    double *all = NULL;
    size_t sum = 0;
    for (int kind = 0; kind < crowd_n_probes + STEPS; kind++) {
        size_t k;
        AUTO_FREE double *ms = collect(people, n, kind, &k);
        all = mem_resize(all, sum + k + 1, sizeof *all);
        memcpy(all + sum, ms, k * sizeof *all);
        sum += k;
    }
    double p99 = bench_quantile(all, sum, 0.99);
    AUTO_FREE char *what =
        mem_printf("all of them, p99 of %zu (p50 %.2f, worst %.0f)", sum,
                   bench_quantile(all, sum, 0.5), all[sum - 1]);
    bench_print(&(struct bench_figure){"clients", what, p99, "ms", 0,
                                       "p99 <= 30 ms", p99 <= LIMIT_MS});
    free(all);
}

static void print_hands(sqlite3 *sq, double rate, int n) {
    int64_t mixed = number_of(
        sq, "SELECT count(*) FROM (SELECT 1 FROM scan WHERE author <> '' GROUP "
            "BY work_id, step HAVING count(DISTINCT author) > 1)");
    int64_t wrong = mixed + crowd.taken;
    AUTO_FREE char *what = mem_printf(
        "orders in two people's hands, of %d picked and %d packed by %d "
        "people with %.0f calls/s (%d met another's and were refused)",
        crowd.picked, crowd.packed, n, rate, crowd.refused);
    bench_print(&(struct bench_figure){"clients", what, (double)wrong, "orders",
                                       0, "0", wrong == 0});
    if (wrong > 0)
        bench_die("%lld orders were in two people's hands", (long long)wrong);
}

int main(int argc, char **argv) {
    if (argc != 5)
        bench_die("usage: bench_clients SOCKET DATABASE PEOPLE SECONDS");
    int n = (int)bench_number(argv[3], 1, PEOPLE_MAX);
    int seconds = (int)bench_number(argv[4], 1, 3600);
    sqlite3 *sq = open_database(argv[2]);
    crowd.socket = argv[1];
    (void)pthread_mutex_init(&crowd.lock, NULL);
    for (int i = 0; i < crowd_n_probes; i++)
        make_values(sq, i);
    by_one(seconds / 3 + 1);
    crowd.picked = crowd.packed = crowd.refused = 0;
    double rate = together(n, seconds);
    for (int i = 0; i < crowd_n_probes + STEPS; i++)
        print_kind(n, i);
    print_all(n);
    print_hands(sq, rate, n);
    for (int i = 0; i < n; i++)
        person_close(&people[i]);
    (void)sqlite3_close(sq); /* nothing was written */
    return 0;
}
