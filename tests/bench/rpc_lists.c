/* Lists and searches of a filled mirror over the socket, beside the same
 * SELECT in a loop on the same file.
 *
 * usage: bench_rpc SOCKET DATABASE CALLS LIMIT_MS WHEN
 * WHEN is said with each figure ("", "while a first sync runs"). */
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench.h"
#include "client.h"
#include "common/buf.h"
#include "common/cleanup.h"
#include "common/mem.h"
#include "common/str.h"
#include "gen_data.h"

enum { CALLS_MAX = 2000, SEARCH_MS = 50 };

#define NEWEST " ORDER BY created_ms DESC, id DESC LIMIT 50"
#define ORDERS "SELECT * FROM orders"
#define JOINED "SELECT o.* FROM "
#define NEWEST_O " ORDER BY o.created_ms DESC, o.id DESC LIMIT 50"
#define SOME_ORDER                                                             \
    " FROM orders WHERE id = 1 + ?1 % (SELECT max(id) FROM orders)"
#define SOME_PRODUCT                                                           \
    " FROM product WHERE id = 1 + ?1 % (SELECT max(id) FROM product)"
#define SOME_STORE                                                             \
    "SELECT name FROM store WHERE id = 1 + ?1 % (SELECT count(*) FROM store)"
#define STORE_ID "store_id = (SELECT id FROM store WHERE name = ?1)"

/* What is asked: filter with a value in place of %s; value: SQL that makes it
 * from a random ?1; bare: the floor with the value as ?1 and the trigrams of
 * the value as ?2. A walk goes on behind the answer before. */
static const struct probe {
    const char *what, *method, *filter, *value, *bare;
    bool walk, search;
} probes[] = {
    {"orders, first page", "orders.list", "", "SELECT ''", ORDERS NEWEST, false,
     false},
    {"orders, next page", "orders.list", "", "SELECT created_ms" SOME_ORDER,
     ORDERS " WHERE created_ms < CAST(?1 AS INTEGER)" NEWEST, true, false},
    {"orders, store", "orders.list", "store:%s", SOME_STORE,
     ORDERS " WHERE " STORE_ID NEWEST, false, false},
    {"orders, status", "orders.list", "status:%s", "SELECT status" SOME_ORDER,
     ORDERS " WHERE status = ?1" NEWEST, false, false},
    {"orders, date", "orders.list", "date:%s",
     "SELECT date(created_ms / 1000, 'unixepoch')" SOME_ORDER,
     ORDERS " WHERE created_ms >= unixepoch(?1) * 1000 AND created_ms < "
            "unixepoch(?1) * 1000 + 86400000" NEWEST,
     false, false},
    {"orders, number", "orders.list", "number:%s", "SELECT number" SOME_ORDER,
     ORDERS " WHERE number = ?1" NEWEST, false, false},
    {"orders, customer", "orders.list", "customer:%s",
     "SELECT email" SOME_ORDER,
     JOINED "contact c JOIN orders o ON o.contact_id = c.id WHERE "
            "c.email_key = lower(?1)" NEWEST_O,
     false, false},
    {"orders, tag", "orders.list", "tag:%s",
     "SELECT tag FROM order_tag GROUP BY tag LIMIT 1 OFFSET ?1 % 3",
     JOINED "order_tag t JOIN orders o ON o.id = t.order_id WHERE t.tag = ?1 "
            "ORDER BY t.created_ms DESC, t.order_id DESC LIMIT 50",
     false, false},
    {"orders, hold", "orders.list", "hold:%s",
     "SELECT reason FROM order_hold GROUP BY reason LIMIT 1 OFFSET ?1 % 3",
     JOINED "order_hold t JOIN orders o ON o.id = t.order_id WHERE t.reason = "
            "?1 ORDER BY t.created_ms DESC, t.order_id DESC LIMIT 50",
     false, false},
    {"products, first page", "products.list", "", "SELECT ''",
     "SELECT * FROM product WHERE parent_id = 0 ORDER BY sort_name, id LIMIT "
     "50",
     false, false},
    {"products, next page", "products.list", "",
     "SELECT sort_name" SOME_PRODUCT,
     "SELECT * FROM product WHERE parent_id = 0 AND sort_name > ?1 ORDER BY "
     "sort_name, id LIMIT 50",
     true, false},
    {"products, store", "products.list", "store:%s", SOME_STORE,
     "SELECT * FROM product WHERE parent_id = 0 AND " STORE_ID
     " ORDER BY sort_name, id LIMIT 50",
     false, false},
    {"customers, first page", "customers.list", "", "SELECT ''",
     "SELECT * FROM contact ORDER BY sort_name, id LIMIT 50", false, false},
    {"customers, next page", "customers.list", "", "SELECT name" SOME_ORDER,
     "SELECT * FROM contact WHERE sort_name > lower(?1) ORDER BY sort_name, "
     "id LIMIT 50",
     true, false},
    {"customers, store", "customers.list", "store:%s", SOME_STORE,
     "SELECT * FROM contact WHERE " STORE_ID " ORDER BY sort_name, id LIMIT 50",
     false, false},
    {"search: number, e-mail, phone, SKU, name", "orders.list", "%s",
     "SELECT CASE ?1 % 6 WHEN 0 THEN number WHEN 1 THEN email WHEN 2 THEN "
     "substr(email, 2, 8) WHEN 3 THEN (SELECT sku FROM line WHERE order_id = "
     "o.id LIMIT 1) WHEN 4 THEN name ELSE (SELECT substr(phone, 5, 7) FROM "
     "contact WHERE id = o.contact_id) END FROM orders o WHERE id = 1 + ?1 % "
     "(SELECT max(id) FROM orders)",
     /* no more candidates than the rule looks at */
     JOINED "(SELECT rowid AS id, text FROM order_fts WHERE order_fts MATCH "
            "?2 LIMIT 10000) f JOIN orders o ON o.id = f.id WHERE "
            "instr(f.text, lower(?1)) > 0" NEWEST_O,
     false, true},
    {"search: a common term", "orders.list", "%s",
     "SELECT CASE ?1 % 2 WHEN 0 THEN 'gmail.com' ELSE 'smith' END",
     JOINED
     "orders o CROSS JOIN order_fts f ON f.rowid = o.id WHERE instr(f.text, "
     "?1) > 0" NEWEST_O,
     false, false},
};

struct bench {
    sqlite3 *sq;
    struct client *client;
    int calls, limit_ms;
    const char *when;
    char *values[CALLS_MAX];
    double ours[CALLS_MAX], floor[CALLS_MAX];
};

static sqlite3_stmt *prepare(struct bench *b, const char *sql) {
    sqlite3_stmt *st;
    if (sqlite3_prepare_v2(b->sq, sql, -1, &st, NULL) != SQLITE_OK)
        bench_die("%s: %s", sql, sqlite3_errmsg(b->sq));
    return st;
}

static void make_values(struct bench *b, const struct probe *p) {
    struct gen g = {(uint64_t)p->what[0]};
    sqlite3_stmt *st = prepare(b, p->value);
    for (int i = 0; i < b->calls; i++) {
        (void)sqlite3_bind_int64(st, 1, (int64_t)(gen_next(&g) >> 33));
        bool row = sqlite3_step(st) == SQLITE_ROW;
        const char *text = row ? (const char *)sqlite3_column_text(st, 0) : "";
        free(b->values[i]);
        b->values[i] = mem_dup(text ? text : "");
        (void)sqlite3_reset(st);
    }
    (void)sqlite3_finalize(st);
}

/* "abcd" -> "abc" AND "bcd", in lower case. */
static char *trigrams(const char *text) {
    struct buf b = BUF_INIT;
    size_t n = strlen(text);
    for (size_t i = 0; i + 3 <= n && !strchr(text, '"'); i++)
        buf_addf(&b, "%s\"%.3s\"", i ? " AND " : "", text + i);
    return buf_take(&b);
}

static void run_floor(struct bench *b, const struct probe *p) {
    sqlite3_stmt *st = prepare(b, p->bare);
    for (int i = 0; i < b->calls; i++) {
        AUTO_FREE char *words = trigrams(b->values[i]);
        int64_t from = bench_ns();
        (void)sqlite3_bind_text(st, 1, b->values[i], -1, SQLITE_STATIC);
        (void)sqlite3_bind_text(st, 2, words, -1, SQLITE_STATIC);
        while (sqlite3_step(st) == SQLITE_ROW)
            for (int c = 0; c < sqlite3_column_count(st); c++)
                (void)sqlite3_column_text(st, c);
        if (sqlite3_reset(st) != SQLITE_OK)
            bench_die("%s: %s", p->bare, sqlite3_errmsg(b->sq));
        b->floor[i] = (double)(bench_ns() - from) / 1e6;
    }
    (void)sqlite3_finalize(st);
}

/* The parameters of one call; after: of the answer before, or NULL. */
static char *params_of(const struct probe *p, const char *value,
                       const char *after) {
    struct buf b = BUF_INIT;
    buf_adds(&b, "{\"filter\":\"");
    for (const char *f = p->filter; *f; f++)
        if (f[0] == '%' && f[1] == 's') {
            buf_adds(&b, value);
            f++;
        } else {
            buf_addc(&b, *f);
        }
    buf_addc(&b, '"');
    if (after)
        buf_addf(&b, ",\"after\":\"%s\"", after);
    buf_addc(&b, '}');
    return buf_take(&b);
}

/* The text behind "next":; NULL at the end. */
static char *next_of(const char *answer) {
    const char *at = strstr(answer, "\"next\":\"");
    if (!at)
        return NULL;
    at += strlen("\"next\":\"");
    const char *end = strchr(at, '"');
    return end ? mem_printf("%.*s", (int)(end - at), at) : NULL;
}

static void run_ours(struct bench *b, const struct probe *p) {
    char *after = NULL;
    for (int i = 0; i < b->calls; i++) {
        AUTO_FREE char *params =
            params_of(p, b->values[i], p->walk ? after : NULL);
        int64_t from = bench_ns();
        const char *answer = client_call(b->client, p->method, params);
        b->ours[i] = (double)(bench_ns() - from) / 1e6;
        if (!strstr(answer, "\"result\""))
            bench_die("%s %s: %.300s", p->method, params, answer);
        free(after);
        after = next_of(answer);
    }
    free(after);
}

static void run_probe(struct bench *b, const struct probe *p) {
    size_t n = (size_t)b->calls;
    make_values(b, p);
    run_floor(b, p);
    run_ours(b, p);
    double p99 = bench_quantile(b->ours, n, 0.99);
    double floor99 = bench_quantile(b->floor, n, 0.99);
    double limit = p->search ? SEARCH_MS : b->limit_ms;
    AUTO_FREE char *target = mem_printf("p99 <= %.0f ms", limit);
    AUTO_FREE char *what = mem_printf("%s%s (p50 %.2f, floor %.2f)", p->what,
                                      b->when, bench_quantile(b->ours, n, 0.5),
                                      bench_quantile(b->floor, n, 0.5));
    bench_print(&(struct bench_figure){"lists", what, p99, "ms", floor99,
                                       target, p99 <= limit});
}

int main(int argc, char **argv) {
    static struct bench b;
    if (argc != 6)
        bench_die("usage: bench_rpc SOCKET DATABASE CALLS LIMIT_MS WHEN");
    if (sqlite3_open_v2(argv[2], &b.sq, SQLITE_OPEN_READONLY, NULL) !=
            SQLITE_OK ||
        sqlite3_exec(b.sq, "PRAGMA cache_size = -8000", NULL, NULL, NULL) !=
            SQLITE_OK)
        bench_die("%s: %s", argv[2], sqlite3_errmsg(b.sq));
    b.client = client_open(argv[1]);
    b.calls = (int)bench_number(argv[3], 1, CALLS_MAX);
    b.limit_ms = (int)bench_number(argv[4], 1, 10000);
    b.when = argv[5];
    for (size_t i = 0; i < sizeof probes / sizeof *probes; i++)
        run_probe(&b, &probes[i]);
    for (int i = 0; i < b.calls; i++)
        free(b.values[i]);
    client_close(b.client);
    (void)sqlite3_close(b.sq); /* nothing was written */
    return 0;
}
