/* How fast the writer applies orders: order_apply in jobs of 100 (three lines,
 * full text, kept object, contact, counters), beside a bare loop of prepared
 * inserts of the same rows into the same schema.
 *
 * usage: bench_apply FILE [ORDERS]   FILE is made anew for every run. */
#include <sqlite3.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "common/check.h"
#include "common/cleanup.h"
#include "common/digest.h"
#include "common/env.h"
#include "common/mem.h"
#include "common/str.h"
#include "db/db.h"
#include "model/order.h"

enum { JOB = 100, LINES = 3, Z = 373 };

static int64_t clock_us(clockid_t clock) {
    struct timespec t;
    REQUIRE(clock_gettime(clock, &t) == 0);
    return t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

static int64_t mono_us(void) {
    return clock_us(CLOCK_MONOTONIC);
}

/* Time of a pass on the wall and on the processor: on a shared machine only
 * the latter can be compared between runs. */
struct watch {
    int64_t wall, cpu, wall_from, cpu_from;
};

static void watch_start(struct watch *w) {
    w->wall_from = mono_us();
    w->cpu_from = clock_us(CLOCK_THREAD_CPUTIME_ID);
}

static void watch_stop(struct watch *w) {
    w->wall += mono_us() - w->wall_from;
    w->cpu += clock_us(CLOCK_THREAD_CPUTIME_ID) - w->cpu_from;
}

static void report(const char *name, int64_t total, const struct watch *w) {
    printf("%-24s %8.0f orders/s  %6.1f us wall  %6.1f us cpu", name,
           (double)total * 1e6 / (double)w->wall,
           (double)w->wall / (double)total, (double)w->cpu / (double)total);
}

static int64_t env_ms(void *self) {
    (void)self;
    return mono_us() / 1000;
}

static void chance(void *self, void *dst, size_t n) {
    (void)self;
    digest_random(dst, n);
}

static const struct env clocks = {
    .now = env_ms, .mono = env_ms, .random = chance};

/* One made order with room for its strings. */
struct made {
    struct order o;
    struct order_line lines[LINES];
    char number[16], name[40], email[64], phone[24], sku[LINES][16];
    char search[256];
    uint8_t z[Z];
};

static uint64_t mix(uint64_t x) {
    x ^= x >> 31;
    x *= 0x9e3779b97f4a7c15u;
    x ^= x >> 29;
    return x * 0xbf58476d1ce4e5b9u;
}

static void make_lines(struct made *m, uint64_t seed) {
    for (size_t i = 0; i < LINES; i++) {
        uint64_t product = mix(seed + i) % 1000;
        (void)str_format(m->sku[i], sizeof m->sku[i], "SKU-%04d", (int)product);
        m->lines[i] =
            (struct order_line){.line_id = m->o.o.remote_id * 3 + (int64_t)i,
                                .product_id = 10 + (int64_t)product,
                                .sku = m->sku[i],
                                .qty_e3 = 1000,
                                .total_e4 = 199900};
    }
}

static void make_texts(struct made *m, uint64_t person) {
    (void)str_format(m->number, sizeof m->number, "%d", (int)m->o.o.remote_id);
    (void)str_format(m->name, sizeof m->name, "name%x surname%x",
                     (unsigned)(person % 300), (unsigned)(person % 2000));
    (void)str_format(m->email, sizeof m->email, "user%u@gmail.com",
                     (unsigned)person);
    (void)str_format(m->phone, sizeof m->phone, "+90532%07u", (unsigned)person);
    (void)str_format(m->search, sizeof m->search, "%s\n%s\n%s\n%s\n%s %s %s",
                     m->number, m->name, m->email, m->phone, m->sku[0],
                     m->sku[1], m->sku[2]);
}

/* Order number n of a page; people come back: as many as half the orders. */
static void make(struct made *m, int64_t n, int64_t total, int version) {
    static const char *const statuses[] = {"processing", "completed", "on-hold",
                                           "cancelled"};
    uint64_t seed = mix((uint64_t)n);
    m->o.o.remote_id = 1000 + n;
    make_lines(m, seed);
    make_texts(m, seed % (uint64_t)(total / 2 + 1));
    for (size_t i = 0; i < Z; i++)
        m->z[i] = (uint8_t)(mix(seed + i) >> 40);
    m->o = (struct order){.o = {.remote_id = 1000 + n,
                                .z = m->z,
                                .z_n = Z,
                                .dict = -1,
                                .search = m->search},
                          .number = m->number,
                          .status = statuses[(n + version) % 4],
                          .currency = "EUR",
                          .total_e4 = 599700,
                          .created_ms = 1700000000000 + n * 60000,
                          .modified_ms = 1700000000000 + n * 60000 + version,
                          .name = m->name,
                          .email = m->email,
                          .email_key = m->email,
                          .sort_name = m->name,
                          .phone = m->phone,
                          .city = "Istanbul",
                          .country = "TR",
                          .items_e3 = 3000,
                          .n_lines = LINES,
                          .lines = m->lines};
    int64_t key[2] = {n, version};
    digest_raw(key, sizeof key, m->o.o.raw_hash);
    digest_raw(key, sizeof key, m->o.o.hash);
}

/* A job's work, and where its time is gathered. */
struct page {
    struct mirror_read read;
    struct order orders[JOB];
    struct made *made;
    struct watch in; /* inside order_apply */
};

static int apply(struct db_tx *tx, void *arg) {
    struct page *p = arg;
    struct mirror_stats st = {0};
    watch_start(&p->in);
    int rc = order_apply(tx, &p->read, p->orders, JOB, &st);
    watch_stop(&p->in);
    return rc;
}

static void run_pass(struct db *db, struct page *p, const char *name,
                     int64_t total, int version) {
    struct watch w = {0};
    p->read.sent_seq++;
    p->in = w;
    for (int64_t at = 0; at < total; at += JOB) {
        for (int64_t i = 0; i < JOB; i++) {
            make(&p->made[i], at + i, total, version);
            p->orders[i] = p->made[i].o;
        }
        watch_start(&w);
        REQUIRE(db_write_sync(db, apply, p) == 0);
        watch_stop(&w);
    }
    report(name, total, &w);
    printf("  (apply alone %.1f cpu)\n", (double)p->in.cpu / (double)total);
}

static void remove_file(const char *path) {
    static const char *const ends[] = {"", "-wal", "-shm", ".lock"};
    for (size_t i = 0; i < sizeof ends / sizeof ends[0]; i++) {
        AUTO_FREE char *name = mem_printf("%s%s", path, ends[i]);
        (void)unlink(name); /* may not be there */
    }
}

static struct db *open_new(const char *path) {
    const struct db_options o = {
        .path = path, .env = &clocks, .inline_mode = true};
    struct error e = {0};
    struct db *db;
    remove_file(path);
    if (db_open(&o, &db, &e) < 0) {
        fprintf(stderr, "%s: %s\n", e.where, e.detail);
        exit(1);
    }
    return db;
}

static void run_product(const char *path, int64_t total, bool bulk) {
    struct page p = {.read = {.store_id = 1, .sent_seq = 1, .bulk = true}};
    p.made = mem_zalloc(JOB, sizeof *p.made);
    struct db *db = open_new(path);
    if (bulk)
        db_bulk(db, true);
    run_pass(db, &p, bulk ? "insert, bulk index set" : "insert, full", total,
             0);
    if (bulk)
        db_bulk(db, false);
    run_pass(db, &p, "unchanged, parsed", total, 0);
    p.read.bulk = false;
    run_pass(db, &p, "changed status", total, 1);
    db_close(db, NULL, NULL);
    free(p.made);
}

static const char *const bare_sql[] = {
    "INSERT INTO orders (store_id, remote_id, number, status, gone, currency,"
    " total_e4, created_ms, modified_ms, contact_id, name, email, lines,"
    " items_e3, flags, read_seq, raw_hash, hash)"
    " VALUES (1, ?, ?, ?, 0, 'EUR', ?, ?, ?, ?, ?, ?, 3, 3000, 0, 1, ?, ?)",
    "INSERT INTO line VALUES (?, ?, 1, ?, 0, ?, 1000, 199900, 0)",
    "INSERT INTO order_object VALUES (?, -1, ?)",
    "INSERT INTO order_fts (rowid, text) VALUES (?, ?)",
    "INSERT OR IGNORE INTO contact (store_id, remote_id, mirrored, email,"
    " email_key, name, sort_name, phone, city, country, created_ms, read_seq,"
    " raw_hash, hash) VALUES (1, 0, 0, ?1, ?1, ?2, ?2, ?3, 'Istanbul', 'TR',"
    " ?4, 0, x'', x'')",
    "INSERT INTO contact_fts (rowid, text) VALUES (?, ?)",
};
enum { BARE = sizeof bare_sql / sizeof bare_sql[0] };

static void exec(sqlite3 *sq, const char *sql) {
    REQUIRE(sqlite3_exec(sq, sql, NULL, NULL, NULL) == SQLITE_OK);
}

static void step(sqlite3_stmt *st) {
    if (sqlite3_step(st) != SQLITE_DONE)
        fprintf(stderr, "%s: %s\n", sqlite3_sql(st),
                sqlite3_errmsg(sqlite3_db_handle(st)));
    REQUIRE(sqlite3_reset(st) == SQLITE_OK);
}

static void text(sqlite3_stmt *st, int at, const char *s) {
    (void)sqlite3_bind_text(st, at, s, -1, SQLITE_STATIC);
}

static int64_t bare_contact(sqlite3 *sq, sqlite3_stmt **st,
                            const struct order *o) {
    text(st[4], 1, o->email);
    text(st[4], 2, o->name);
    text(st[4], 3, o->phone);
    (void)sqlite3_bind_int64(st[4], 4, o->created_ms);
    step(st[4]);
    return sqlite3_changes(sq) > 0 ? sqlite3_last_insert_rowid(sq) : 0;
}

static void bare_order(sqlite3_stmt *st, const struct order *o,
                       int64_t contact) {
    (void)sqlite3_bind_int64(st, 1, o->o.remote_id);
    text(st, 2, o->number);
    text(st, 3, o->status);
    (void)sqlite3_bind_int64(st, 4, o->total_e4);
    (void)sqlite3_bind_int64(st, 5, o->created_ms);
    (void)sqlite3_bind_int64(st, 6, o->modified_ms);
    (void)sqlite3_bind_int64(st, 7, contact);
    text(st, 8, o->name);
    text(st, 9, o->email);
    (void)sqlite3_bind_blob(st, 10, o->o.raw_hash, 16, SQLITE_STATIC);
    (void)sqlite3_bind_blob(st, 11, o->o.hash, 16, SQLITE_STATIC);
    step(st);
}

/* Rows that get a text; 0: none. */
struct bare_ids {
    int64_t order, contact;
};

static void bare_one(sqlite3 *sq, sqlite3_stmt **st, const struct order *o,
                     struct bare_ids *ret) {
    int64_t contact = bare_contact(sq, st, o);
    /* not its id, but spread over the index as ids are */
    bare_order(st[0], o, (int64_t)(mix((uint64_t)o->o.remote_id) % 100000));
    int64_t id = sqlite3_last_insert_rowid(sq);
    for (size_t i = 0; i < LINES; i++) {
        (void)sqlite3_bind_int64(st[1], 1, id);
        (void)sqlite3_bind_int64(st[1], 2, o->lines[i].line_id);
        (void)sqlite3_bind_int64(st[1], 3, o->lines[i].product_id);
        text(st[1], 4, o->lines[i].sku);
        step(st[1]);
    }
    (void)sqlite3_bind_int64(st[2], 1, id);
    (void)sqlite3_bind_blob(st[2], 2, o->o.z, (int)o->o.z_n, SQLITE_STATIC);
    step(st[2]);
    *ret = (struct bare_ids){id, contact};
}

/* Full text comes last: any statement between that needs a savepoint would
 * make FTS5 flush (a third of the speed). */
static void bare_text(sqlite3_stmt *st, int64_t id, const char *s) {
    if (id == 0)
        return;
    (void)sqlite3_bind_int64(st, 1, id);
    text(st, 2, s);
    step(st);
}

static void bare_job(sqlite3 *sq, sqlite3_stmt **st, const struct made *made) {
    struct bare_ids ids[JOB];
    exec(sq, "BEGIN IMMEDIATE");
    for (int64_t i = 0; i < JOB; i++)
        bare_one(sq, st, &made[i].o, &ids[i]);
    for (int64_t i = 0; i < JOB; i++)
        bare_text(st[3], ids[i].order, made[i].search);
    for (int64_t i = 0; i < JOB; i++)
        bare_text(st[5], ids[i].contact, made[i].search);
    exec(sq, "COMMIT");
}

static sqlite3 *bare_open(const char *path, bool bulk) {
    sqlite3 *sq;
    db_close(open_new(path), NULL, NULL); /* leaves the schema */
    REQUIRE(sqlite3_open_v2(path, &sq,
                            SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX,
                            NULL) == SQLITE_OK);
    exec(sq, "PRAGMA synchronous = FULL; PRAGMA temp_store = memory");
    exec(sq, bulk ? "PRAGMA cache_size = -64000;"
                    "PRAGMA wal_autocheckpoint = 16000;"
                    "DROP INDEX orders_number;"
                    "DROP INDEX line_product"
                  : "PRAGMA cache_size = -16000;"
                    "PRAGMA wal_autocheckpoint = 4000");
    return sq;
}

static void run_bare(const char *path, int64_t total, bool bulk) {
    sqlite3_stmt *st[BARE];
    struct watch w = {0};
    struct made *made = mem_zalloc(JOB, sizeof *made);
    sqlite3 *sq = bare_open(path, bulk);
    for (int i = 0; i < BARE; i++)
        REQUIRE(sqlite3_prepare_v2(sq, bare_sql[i], -1, &st[i], NULL) ==
                SQLITE_OK);
    for (int64_t at = 0; at < total; at += JOB) {
        for (int64_t i = 0; i < JOB; i++)
            make(&made[i], at + i, total, 0);
        watch_start(&w);
        bare_job(sq, st, made);
        watch_stop(&w);
    }
    for (int i = 0; i < BARE; i++)
        (void)sqlite3_finalize(st[i]);
    REQUIRE(sqlite3_close(sq) == SQLITE_OK);
    free(made);
    report(bulk ? "bare inserts, bulk set" : "bare inserts, full", total, &w);
    printf("\n");
}

int main(int argc, char **argv) {
    int64_t total = 20000;
    if (argc < 2 || argc > 3 ||
        (argc == 3 && str_to_i64(argv[2], JOB, 100000000, &total) < 0)) {
        fprintf(stderr, "usage: bench_apply FILE [ORDERS]\n");
        return 64;
    }
    total -= total % JOB;
    run_bare(argv[1], total, true);
    run_product(argv[1], total, true);
    run_bare(argv[1], total, false);
    run_product(argv[1], total, false);
    remove_file(argv[1]);
    return 0;
}
