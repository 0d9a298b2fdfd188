/* A file of stock rows: how long the preview takes, that its faults are right,
 * what another person's calls take while it is applied, and that it can be
 * cancelled.
 *
 * usage: bench_csv --fill DATABASE ROWS   (no daemon): products for it
 *        bench_csv SOCKET DATABASE ROWS   with the daemon */
#include <pthread.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench.h"
#include "client.h"
#include "common/arena.h"
#include "common/buf.h"
#include "common/cleanup.h"
#include "common/json.h"
#include "common/mem.h"
#include "common/str.h"

enum {
    FIRST = 1000000, /* remote id of the first of its products */
    EVERY = 1000,    /* one row in so many is at fault in a bad file */
    WAIT_MS = 300000,
    BESIDE_MS = 10, /* between two calls of the other person */
    CALLS_MAX = 100000,
    LIMIT_MS = 30,
};

/* --- the file --------------------------------------------------------------
 */

static void fill(const char *path, int64_t rows) {
    sqlite3 *sq;
    AUTO_FREE char *sql = mem_printf(
        "PRAGMA synchronous = OFF; BEGIN; UPDATE store SET can_write = 1; WITH "
        "RECURSIVE s (i) AS (SELECT 0 "
        "UNION ALL SELECT i + 1 FROM s WHERE i < %lld) INSERT INTO product "
        "(store_id, remote_id, parent_id, type, status, sku, name, sort_name, "
        "price_e4, manage, stock_e3, stock_status, low, created_ms, "
        "modified_ms, read_seq, raw_hash, hash) SELECT 1, %d + i, 0, 'simple', "
        "'publish', printf('CSV-%%05d', i), 'Row ' || i, 'row ' || i, 10000, "
        "1, 5000, 'instock', 0, 0, 0, 0, randomblob(16), randomblob(16) FROM "
        "s; COMMIT",
        (long long)rows - 1, FIRST);
    if (sqlite3_open_v2(path, &sq, SQLITE_OPEN_READWRITE, NULL) != SQLITE_OK ||
        sqlite3_exec(sq, sql, NULL, NULL, NULL) != SQLITE_OK)
        bench_die("%s: %s", path, sqlite3_errmsg(sq));
    (void)sqlite3_close(sq);
}

/* Parameters with a file that wants `stock` of each; bad: some rows name what
 * is not there. */
static char *file_of(int64_t rows, int stock, bool bad, const char *more) {
    struct buf b = BUF_INIT;
    buf_adds(&b, "{\"store\":\"shop-001\",\"csv\":\"sku,stock\\n");
    for (int64_t i = 0; i < rows; i++)
        buf_addf(&b,
                 bad && i % EVERY == 0 ? "NONE-%05lld,%d\\n"
                                       : "CSV-%05lld,%d\\n",
                 (long long)i, stock);
    buf_addf(&b, "\"%s}", more);
    return buf_take(&b);
}

/* --- jobs ------------------------------------------------------------------
 */

static const struct json *call(struct client *c, struct arena *a,
                               const char *method, const char *params) {
    const struct json *v = NULL;
    const char *line = client_call(c, method, params);
    if (json_parse(a, line, strlen(line), NULL, &v, NULL) < 0 ||
        !json_get(v, "result"))
        bench_die("%s: %.300s", method, line);
    return json_get(v, "result");
}

static char *begin(struct client *c, struct arena *a, const char *params) {
    const char *id =
        json_string(json_get(call(c, a, "inventory.import", params), "job"));
    return mem_printf("{\"id\":\"%s\"}", id ? id : "");
}

/* Until it ends: jobs.get's answer. */
static const struct json *ended(struct client *c, struct arena *a,
                                const char *job) {
    for (int64_t until = bench_ns() + WAIT_MS * INT64_C(1000000);
         bench_ns() < until; bench_sleep(5)) {
        arena_reset(a);
        const struct json *v = call(c, a, "jobs.get", job);
        const char *s = json_string(json_get(v, "state"));
        if (!s || (!str_eq(s, "running") && !str_eq(s, "queued")))
            return v;
    }
    bench_die("an import does not end");
}

static int64_t number(const struct json *v, const char *path) {
    int64_t n = -1;
    (void)json_i64(json_path(v, path), false, &n);
    return n;
}

/* --- figures ---------------------------------------------------------------
 */

static void preview(struct client *c, struct arena *a, int64_t rows) {
    AUTO_FREE char *params = file_of(rows, 7, true, "");
    int64_t from = bench_ns();
    AUTO_FREE char *job = begin(c, a, params);
    const struct json *v = ended(c, a, job);
    double s = (double)(bench_ns() - from) / 1e9;
    const struct json *list = json_path(v, "result.list"), *one;
    int64_t bad = (rows + EVERY - 1) / EVERY, line = 2, wrong = 0;
    for (one = json_first(list); one; one = json_next(one), line += EVERY)
        wrong += number(one, "line") != line;
    wrong += number(v, "result.faults") != bad;
    wrong += number(v, "result.changes") != rows - bad;
    AUTO_FREE char *what = mem_printf("preview of %lld rows", (long long)rows);
    bench_print(
        &(struct bench_figure){"csv", what, s, "s", 0, "<= 2 s", s <= 2});
    bench_print(&(struct bench_figure){"csv", "its faults that are wrong",
                                       (double)wrong, "rows", 0, "0",
                                       wrong == 0});
}

struct beside {
    const char *socket;
    _Atomic bool stop;
    double *ms; /* CALLS_MAX */
    size_t n;
};

/* Another person: reads and writes at a brisk rhythm. */
static void *other(void *arg) {
    struct beside *b = arg;
    struct client *c = client_open(b->socket);
    for (int i = 0; !b->stop && b->n < CALLS_MAX; i++) {
        AUTO_FREE char *tag =
            mem_printf("{\"ref\":\"shop-002:%d\",\"add\":[\"csv\"],\"request_"
                       "id\":\"%lld\"}",
                       1002 + 2 * (i % 50), (long long)bench_ns());
        bench_sleep(BESIDE_MS);
        int64_t from = bench_ns();
        (void)(i % 2 ? client_call(c, "orders.tag", tag)
                     : client_call(c, "orders.list", "{\"limit\":50}"));
        b->ms[b->n++] = (double)(bench_ns() - from) / 1e6;
    }
    client_close(c);
    return NULL;
}

static double p99_of(struct beside *b) {
    return bench_quantile(b->ms, b->n, 0.99);
}

/* Applied, and all its rows gone out as changes. */
static double apply(struct client *c, struct arena *a, sqlite3 *sq,
                    int64_t rows) {
    AUTO_FREE char *params = file_of(rows, 8, false, ",\"apply\":true");
    int64_t from = bench_ns(), done = 0;
    AUTO_FREE char *job = begin(c, a, params);
    const struct json *v = ended(c, a, job);
    const char *id = json_string(json_path(v, "result.proposal"));
    if (!id)
        bench_die("the file became no proposal");
    AUTO_FREE char *sql =
        mem_printf("SELECT done - failed FROM proposal WHERE id = %s", id + 2);
    while (done < rows && bench_ns() - from < WAIT_MS * INT64_C(1000000)) {
        sqlite3_stmt *st;
        bench_sleep(50);
        if (sqlite3_prepare_v2(sq, sql, -1, &st, NULL) == SQLITE_OK &&
            sqlite3_step(st) == SQLITE_ROW)
            done = sqlite3_column_int64(st, 0);
        (void)sqlite3_finalize(st);
    }
    if (done != rows)
        bench_die("%lld of %lld rows went out", (long long)done,
                  (long long)rows);
    return (double)(bench_ns() - from) / 1e9;
}

static void beside(struct client *c, struct arena *a, const char *socket,
                   sqlite3 *sq, int64_t rows) {
    struct beside alone = {.socket = socket}, with = {.socket = socket};
    pthread_t t;
    alone.ms = mem_zalloc(CALLS_MAX, sizeof *alone.ms);
    with.ms = mem_zalloc(CALLS_MAX, sizeof *with.ms);
    (void)pthread_create(&t, NULL, other, &alone);
    bench_sleep(2000);
    alone.stop = true;
    (void)pthread_join(t, NULL);
    (void)pthread_create(&t, NULL, other, &with);
    double s = apply(c, a, sq, rows);
    with.stop = true;
    (void)pthread_join(t, NULL);
    double p99 = p99_of(&with);
    AUTO_FREE char *what = mem_printf(
        "another's call while they are applied as one proposal (%.1f s, p50 "
        "%.2f, worst %.0f); floor: without",
        s, bench_quantile(with.ms, with.n, 0.5), with.ms[with.n - 1]);
    bench_print(&(struct bench_figure){"csv", what, p99, "ms", p99_of(&alone),
                                       "p99 <= 30 ms", p99 <= LIMIT_MS});
    free(alone.ms);
    free(with.ms);
}

static void cancel(struct client *c, struct arena *a, sqlite3 *sq,
                   int64_t rows) {
    AUTO_FREE char *params = file_of(rows, 9, false, ",\"apply\":true");
    AUTO_FREE char *job = begin(c, a, params);
    sqlite3_stmt *st;
    int64_t left = -1;
    (void)call(c, a, "jobs.cancel", job);
    const char *state = json_string(json_get(ended(c, a, job), "state"));
    if (sqlite3_prepare_v2(sq,
                           "SELECT count(*) FROM proposal WHERE state = "
                           "'loading' OR id > 1 + (SELECT max(proposal_id) "
                           "FROM proposal_item)",
                           -1, &st, NULL) == SQLITE_OK &&
        sqlite3_step(st) == SQLITE_ROW)
        left = sqlite3_column_int64(st, 0);
    (void)sqlite3_finalize(st);
    bool right = left == 0 && state && str_eq(state, "cancelled");
    bench_print(&(struct bench_figure){"csv", "left of one that was cancelled",
                                       (double)left, "proposals", 0, "0",
                                       right});
}

int main(int argc, char **argv) {
    sqlite3 *sq;
    if (argc != 4)
        bench_die("usage: bench_csv --fill|SOCKET DATABASE ROWS");
    int64_t rows = bench_number(argv[3], 2, 100000);
    if (str_eq(argv[1], "--fill")) {
        fill(argv[2], rows);
        return 0;
    }
    if (sqlite3_open_v2(argv[2], &sq, SQLITE_OPEN_READONLY, NULL) != SQLITE_OK)
        bench_die("%s: %s", argv[2], sqlite3_errmsg(sq));
    (void)sqlite3_busy_timeout(sq, 5000);
    struct arena *a = arena_new(0);
    struct client *c = client_open(argv[1]);
    preview(c, a, rows);
    cancel(c, a, sq, rows);
    beside(c, a, argv[1], sq, rows);
    client_close(c);
    arena_free(a);
    (void)sqlite3_close(sq);
    return 0;
}
