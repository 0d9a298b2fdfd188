#include "bare.h"

#include <sqlite3.h>
#include <string.h>

#include "bench.h"
#include "common/buf.h"
#include "common/digest.h"
#include "common/json.h"
#include "common/mem.h"
#include "common/str.h"
#include "model/order.h"

enum stmt {
    BEGIN,
    COMMIT,
    ORDER,
    LINE,
    OBJECT,
    TEXT,
    GUEST,
    GUEST_TEXT,
    FIND,
    CHANGE,
    CHANGE_OBJECT,
    COUNT,
    FEED,
    STMTS
};

static const char *const sql[STMTS] = {
    [BEGIN] = "BEGIN IMMEDIATE",
    [COMMIT] = "COMMIT",
    [ORDER] =
        "INSERT INTO orders (store_id, remote_id, number, status, gone, "
        "currency, total_e4, created_ms, modified_ms, contact_id, name, email, "
        "lines, items_e3, flags, read_seq, raw_hash, hash) VALUES (1, ?, ?, ?, "
        "0, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 1, ?, ?)",
    [LINE] = "INSERT INTO line VALUES (?, ?, 1, ?, ?, ?, ?, ?, ?)",
    [OBJECT] = "INSERT INTO order_object VALUES (?, ?, ?)",
    [TEXT] = "INSERT INTO order_fts (rowid, text) VALUES (?, ?)",
    [GUEST] = "INSERT OR IGNORE INTO contact (store_id, remote_id, mirrored, "
              "email, email_key, name, sort_name, phone, city, country, "
              "created_ms, read_seq, raw_hash, hash) VALUES (1, 0, 0, ?, ?, "
              "?, ?, ?, ?, ?, ?, 0, x'', x'')",
    [GUEST_TEXT] = "INSERT INTO contact_fts (rowid, text) VALUES (?, ?)",
    [FIND] = "SELECT id, raw_hash, status FROM orders WHERE store_id = 1 AND "
             "remote_id = ?",
    [CHANGE] = "UPDATE orders SET status = ?, modified_ms = ?, raw_hash = ?, "
               "hash = ?, read_seq = 2 WHERE id = ?",
    [CHANGE_OBJECT] = "UPDATE order_object SET dict = ?, z = ? WHERE id = ?",
    [COUNT] = "INSERT INTO order_count VALUES (1, ?, ?) ON CONFLICT DO UPDATE "
              "SET n = n + excluded.n",
    [FEED] = "INSERT INTO feed (at_ms, topic, store_id, remote_id) VALUES (0, "
             "'order', 1, ?)",
};

struct bare {
    sqlite3 *sq;
    sqlite3_stmt *st[STMTS];
};

static void exec(struct bare *b, const char *text) {
    if (sqlite3_exec(b->sq, text, NULL, NULL, NULL) != SQLITE_OK)
        bench_die("%s: %s", text, sqlite3_errmsg(b->sq));
}

struct bare *bare_open(const char *path, bool bulk) {
    struct bare *b = NEW(struct bare);
    if (sqlite3_open_v2(path, &b->sq,
                        SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX,
                        NULL) != SQLITE_OK)
        bench_die("%s: %s", path, sqlite3_errmsg(b->sq));
    exec(b, "PRAGMA synchronous = FULL; PRAGMA temp_store = memory");
    exec(b, bulk ? "PRAGMA cache_size = -64000; PRAGMA wal_autocheckpoint = "
                   "16000; DROP INDEX orders_number; DROP INDEX line_product"
                 : "PRAGMA cache_size = -16000; PRAGMA wal_autocheckpoint = "
                   "4000");
    for (int i = 0; i < STMTS; i++)
        if (sqlite3_prepare_v2(b->sq, sql[i], -1, &b->st[i], NULL) != SQLITE_OK)
            bench_die("%s: %s", sql[i], sqlite3_errmsg(b->sq));
    return b;
}

void bare_close(struct bare *b) {
    for (int i = 0; i < STMTS; i++)
        (void)sqlite3_finalize(b->st[i]);
    if (sqlite3_close(b->sq) != SQLITE_OK)
        bench_die("%s", sqlite3_errmsg(b->sq));
    free(b);
}

static void run(struct bare *b, enum stmt id) {
    if (sqlite3_step(b->st[id]) != SQLITE_DONE)
        bench_die("%s: %s", sql[id], sqlite3_errmsg(b->sq));
    (void)sqlite3_reset(b->st[id]); /* as the step said */
}

static void num(struct bare *b, enum stmt id, int at, int64_t v) {
    (void)sqlite3_bind_int64(b->st[id], at, v);
}

static void text(struct bare *b, enum stmt id, int at, const char *s) {
    (void)sqlite3_bind_text(b->st[id], at, s, -1, SQLITE_STATIC);
}

static void blob(struct bare *b, enum stmt id, int at, const void *p,
                 size_t n) {
    (void)sqlite3_bind_blob(b->st[id], at, p, (int)n, SQLITE_STATIC);
}

/* The guest's new id; 0: known already. */
static int64_t put_guest(struct bare *b, const struct order *o) {
    const char *const texts[] = {o->email,     o->email_key, o->name,
                                 o->sort_name, o->phone,     o->city,
                                 o->country};
    for (int i = 0; i < 7; i++)
        text(b, GUEST, i + 1, texts[i]);
    num(b, GUEST, 8, o->created_ms);
    run(b, GUEST);
    return sqlite3_changes(b->sq) ? sqlite3_last_insert_rowid(b->sq) : 0;
}

static int64_t put_order(struct bare *b, const struct order *o,
                         int64_t contact) {
    const int64_t numbers[] = {o->total_e4, o->created_ms, o->modified_ms,
                               contact};
    num(b, ORDER, 1, o->o.remote_id);
    text(b, ORDER, 2, o->number);
    text(b, ORDER, 3, o->status);
    text(b, ORDER, 4, o->currency);
    for (int i = 0; i < 4; i++)
        num(b, ORDER, 5 + i, numbers[i]);
    text(b, ORDER, 9, o->name);
    text(b, ORDER, 10, o->email);
    num(b, ORDER, 11, (int64_t)o->n_lines);
    num(b, ORDER, 12, o->items_e3);
    num(b, ORDER, 13, o->flags);
    blob(b, ORDER, 14, o->o.raw_hash, sizeof o->o.raw_hash);
    blob(b, ORDER, 15, o->o.hash, sizeof o->o.hash);
    run(b, ORDER);
    return sqlite3_last_insert_rowid(b->sq);
}

static void put_line(struct bare *b, int64_t order,
                     const struct order_line *l) {
    num(b, LINE, 1, order);
    num(b, LINE, 2, l->line_id);
    num(b, LINE, 3, l->product_id);
    num(b, LINE, 4, l->variation_id);
    text(b, LINE, 5, l->sku);
    num(b, LINE, 6, l->qty_e3);
    num(b, LINE, 7, l->total_e4);
    num(b, LINE, 8, l->reduced_e3);
    run(b, LINE);
}

static void put_text(struct bare *b, enum stmt id, int64_t row, const char *s) {
    num(b, id, 1, row);
    text(b, id, 2, s);
    run(b, id);
}

static void put_guest_text(struct bare *b, int64_t row, const struct order *o) {
    AUTO_FREE char *s =
        mem_printf("%s\n%s\n%s", o->sort_name, o->email_key, o->phone);
    put_text(b, GUEST_TEXT, row, s);
}

/* Orders of a status that came and went in a page. */
struct tally {
    struct {
        char status[24];
        int64_t n;
    } rows[16];
    size_t n;
};

static void count(struct tally *t, const char *status, int64_t n) {
    size_t i = 0;
    while (i < t->n && strcmp(t->rows[i].status, status) != 0)
        i++;
    if (i == sizeof t->rows / sizeof *t->rows)
        bench_die("more statuses than the floor counts");
    if (i == t->n)
        (void)str_copy(t->rows[t->n++].status, sizeof t->rows->status, status);
    t->rows[i].n += n;
}

static void put_counts(struct bare *b, const struct tally *t) {
    for (size_t i = 0; i < t->n; i++) {
        text(b, COUNT, 1, t->rows[i].status);
        num(b, COUNT, 2, t->rows[i].n);
        run(b, COUNT);
    }
}

/* Texts come last: FTS5 flushes when other rows are written between. */
void bare_insert(struct bare *b, const struct order *orders, size_t n) {
    AUTO_FREE int64_t *ids = mem_zalloc(n, 2 * sizeof *ids);
    struct tally t = {0};
    run(b, BEGIN);
    for (size_t i = 0; i < n; i++) {
        const struct order *o = &orders[i];
        ids[2 * i + 1] = put_guest(b, o);
        /* a known guest's id is not looked up: spread over the index as it is
         */
        ids[2 * i] = put_order(b, o, o->o.remote_id * 40503 % 99991);
        for (size_t k = 0; k < o->n_lines; k++)
            put_line(b, ids[2 * i], &o->lines[k]);
        num(b, OBJECT, 1, ids[2 * i]);
        num(b, OBJECT, 2, o->o.dict);
        blob(b, OBJECT, 3, o->o.z, o->o.z_n);
        run(b, OBJECT);
        count(&t, o->status, 1);
    }
    put_counts(b, &t);
    for (size_t i = 0; i < n; i++)
        put_text(b, TEXT, ids[2 * i], orders[i].o.search);
    for (size_t i = 0; i < n; i++)
        if (ids[2 * i + 1])
            put_guest_text(b, ids[2 * i + 1], &orders[i]);
    num(b, FEED, 1, 0);
    run(b, FEED);
    run(b, COMMIT);
}

/* What a stored order is found by its remote id for; id 0: unknown. */
struct found {
    int64_t id;
    uint8_t hash[16];
    char status[24];
};

static void find(struct bare *b, int64_t remote, struct found *ret) {
    *ret = (struct found){0};
    num(b, FIND, 1, remote);
    if (sqlite3_step(b->st[FIND]) == SQLITE_ROW) {
        ret->id = sqlite3_column_int64(b->st[FIND], 0);
        memcpy(ret->hash, sqlite3_column_blob(b->st[FIND], 1), 16);
        (void)str_copy(ret->status, sizeof ret->status,
                       (const char *)sqlite3_column_text(b->st[FIND], 2));
    }
    (void)sqlite3_reset(b->st[FIND]); /* as the step said */
}

/* The rows of storage-limits.md 9 that a changed status needs: the order's, the
 * kept object, one of the feed (a client must hear of it), counters once a
 * page. What is only read to find out that nothing else changed (lines, search
 * text, customer) is not the floor's. */
void bare_update(struct bare *b, const struct order *orders, size_t n) {
    struct tally t = {0};
    struct found f;
    run(b, BEGIN);
    for (size_t i = 0; i < n; i++) {
        const struct order *o = &orders[i];
        find(b, o->o.remote_id, &f);
        text(b, CHANGE, 1, o->status);
        num(b, CHANGE, 2, o->modified_ms);
        blob(b, CHANGE, 3, o->o.raw_hash, sizeof o->o.raw_hash);
        blob(b, CHANGE, 4, o->o.hash, sizeof o->o.hash);
        num(b, CHANGE, 5, f.id);
        run(b, CHANGE);
        num(b, CHANGE_OBJECT, 1, o->o.dict);
        blob(b, CHANGE_OBJECT, 2, o->o.z, o->o.z_n);
        num(b, CHANGE_OBJECT, 3, f.id);
        run(b, CHANGE_OBJECT);
        num(b, FEED, 1, o->o.remote_id);
        run(b, FEED);
        count(&t, f.status, -1);
        count(&t, o->status, 1);
    }
    put_counts(b, &t);
    run(b, COMMIT);
}

size_t bare_compare(struct bare *b, const char *page, size_t n) {
    struct json_slice rows[128];
    uint8_t got[16];
    struct found stored;
    size_t found = 0, equal = 0;
    if (json_split(page, n, rows, 128, &found) < 0)
        bench_die("a page is no array");
    run(b, BEGIN);
    for (size_t i = 0; i < found; i++) {
        digest_raw(rows[i].p, rows[i].n, got);
        int64_t remote = strtoll(rows[i].p + sizeof "{\"id\":" - 1, NULL, 10);
        find(b, remote, &stored);
        equal += stored.id && memcmp(got, stored.hash, 16) == 0;
    }
    run(b, COMMIT);
    return equal;
}
