/* Fills a database file with invented orders for the benches, past the engine:
 * gen_mirror FILE [ORDERS [STORES [SEED]]]. Stores one after the other, each
 * newest order first, as first syncs leave them. */
#include <sqlite3.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "common/arena.h"
#include "common/buf.h"
#include "common/check.h"
#include "common/fold.h"
#include "common/mem.h"
#include "common/str.h"
#include "db/lock.h"
#include "db/migrate.h"
#include "gen_data.h"
#include "model/kept.h"
#include "model/mirror.h"

enum { PRODUCTS = 1000, SURNAMES = 31000, FIRST_NAMES = 400, DAYS = 1095 };
#define DAY_MS INT64_C(86400000)

enum stmt {
    STORE,
    STATUS,
    CONTACT,
    CONTACT_TEXT,
    ORDER,
    ORDER_TEXT,
    LINE,
    TAG,
    HOLD,
    PRODUCT,
    PRODUCT_TEXT,
    OBJECT,
    STMTS
};

static const char *const sql[STMTS] = {
    [STORE] = "INSERT INTO store (id, uuid, name, title, url, state, "
              "paused, created_ms) VALUES (?1, 'u' || ?1, ?2, ?2, "
              "'https://' || ?2 || '.example', 'connected', 1, 0)",
    [STATUS] = "INSERT INTO store_status (store_id, slug, name, phase) "
               "VALUES (?, ?, ?, ?)",
    [CONTACT] =
        "INSERT INTO contact (id, store_id, remote_id, mirrored, email, "
        "email_key, name, sort_name, phone, city, country, created_ms, "
        "read_seq, raw_hash, hash) VALUES (?, ?, ?, 0, ?, ?, ?, ?, ?, "
        "'Oslo', 'NO', 0, 0, x'', x'')",
    [CONTACT_TEXT] = "INSERT INTO contact_fts (rowid, text) VALUES (?, ?)",
    [ORDER] = "INSERT INTO orders VALUES (?, ?, ?, ?, ?, NULL, ?, 'EUR', ?, ?, "
              "?, ?, ?, ?, ?, ?, 0, ?, ?, 0, randomblob(16), randomblob(16), "
              "0)",
    [ORDER_TEXT] = "INSERT INTO order_fts (rowid, text) VALUES (?, ?)",
    [LINE] = "INSERT INTO line VALUES (?, ?, ?, ?, 0, ?, ?, ?, 0)",
    [TAG] = "INSERT INTO order_tag VALUES (?, ?, ?)",
    [HOLD] = "INSERT INTO order_hold VALUES (?, ?, ?, '', 0, 'gen', 0)",
    [PRODUCT] =
        "INSERT INTO product (id, store_id, remote_id, parent_id, type, "
        "status, sku, name, sort_name, price_e4, manage, stock_e3, "
        "stock_status, low, created_ms, modified_ms, read_seq, raw_hash, hash) "
        "VALUES (?, ?, ?, 0, 'simple', 'publish', ?, ?, ?, ?, 1, ?, 'instock', "
        "?, 0, 0, 0, randomblob(16), randomblob(16))",
    [OBJECT] = "INSERT INTO order_object (id, dict, z) VALUES (?, ?, ?)",
    [PRODUCT_TEXT] = "INSERT INTO product_fts (rowid, text) VALUES (?, ?)",
};

struct mirror {
    sqlite3 *sq;
    sqlite3_stmt *st[STMTS];
    struct gen gen;
    int64_t now;                     /* UTC ms */
    int64_t order, contact, product; /* last ids */
    struct kept *kept;
    struct arena *arena;
    struct contact *contacts; /* of the current store */
    int64_t n_contacts;
};

struct contact {
    char name[64], email[80], phone[20];
};

static void exec(struct mirror *m, const char *text) {
    if (sqlite3_exec(m->sq, text, NULL, NULL, NULL) == SQLITE_OK)
        return;
    (void)fprintf(stderr, "%s: %s\n", text, sqlite3_errmsg(m->sq));
    exit(1);
}

/* Letters: i int64_t, s text, n NULL. */
static void put(struct mirror *m, enum stmt id, const char *fmt, ...) {
    sqlite3_stmt *st = m->st[id];
    va_list ap;
    va_start(ap, fmt);
    for (int i = 0; fmt[i]; i++)
        if (fmt[i] == 'i')
            (void)sqlite3_bind_int64(st, i + 1, va_arg(ap, int64_t));
        else
            (void)sqlite3_bind_text(st, i + 1, va_arg(ap, const char *), -1,
                                    SQLITE_STATIC);
    va_end(ap);
    if (sqlite3_step(st) != SQLITE_DONE) {
        (void)fprintf(stderr, "%s: %s\n", sql[id], sqlite3_errmsg(m->sq));
        exit(1);
    }
    (void)sqlite3_reset(st);
}

static void create(struct mirror *m, const char *path) {
    REQUIRE(sqlite3_open(path, &m->sq) == SQLITE_OK);
    exec(m, "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;"
            "PRAGMA cache_size = -800000");
    for (int i = 0; i < migration_count; i++)
        exec(m, migration_rows[i].sql);
    AUTO_FREE char *stamp = mem_printf(
        "PRAGMA user_version = %d; PRAGMA application_id = %d;"
        "INSERT INTO meta VALUES ('compat', '1')",
        migration_rows[migration_count - 1].number, DB_APPLICATION_ID);
    exec(m, stamp);
    for (int i = 0; i < STMTS; i++)
        REQUIRE(sqlite3_prepare_v2(m->sq, sql[i], -1, &m->st[i], NULL) ==
                SQLITE_OK);
    exec(m, "DROP INDEX orders_number; DROP INDEX orders_contact;"
            "DROP INDEX line_product;"
            /* pieces of the full text as large as those of a commit of a first
             * sync: FTS5 merges a level that is full at once, and with pieces
             * of hundreds of thousands of orders that takes it seconds */
            "INSERT INTO order_fts (order_fts, rank) VALUES ('hashsize', "
            "131072);"
            "INSERT INTO contact_fts (contact_fts, rank) VALUES ('hashsize', "
            "131072); BEGIN");
}

static void make_contact(struct mirror *m, int64_t store, struct contact *c) {
    char first[24], last[24];
    gen_first_name(first, sizeof first, gen_zipf(&m->gen, FIRST_NAMES));
    gen_surname(last, sizeof last, gen_zipf(&m->gen, SURNAMES));
    unsigned n = (unsigned)(++m->contact % 1000000); /* unique in a store */
    const char *host = gen_below(&m->gen, 100) < 45 ? "gmail.com" : last;
    (void)snprintf(c->name, sizeof c->name, "%s %s", first, last);
    (void)snprintf(c->email, sizeof c->email, "%s%u@%s%s", last, n, host,
                   *host == 'g' ? "" : ".example");
    (void)snprintf(c->phone, sizeof c->phone, "+90555%07u",
                   (unsigned)gen_below(&m->gen, 10000000));
    AUTO_BUF struct buf key = BUF_INIT, sort = BUF_INIT, text = BUF_INIT;
    fold_text(&key, c->email, strlen(c->email));
    fold_text(&sort, c->name, strlen(c->name));
    buf_addf(&text, "%s\n%s\n%s", buf_str(&sort), buf_str(&key), c->phone);
    put(m, CONTACT, "iiisssss", m->contact, store, INT64_C(0), c->email,
        buf_str(&key), c->name, buf_str(&sort), c->phone);
    put(m, CONTACT_TEXT, "is", m->contact, buf_str(&text));
}

static void make_contacts(struct mirror *m, int64_t store, int64_t orders) {
    m->n_contacts = orders * 2 / 5 + 1;
    m->contacts =
        mem_resize(m->contacts, (size_t)m->n_contacts, sizeof *m->contacts);
    for (int64_t i = 0; i < m->n_contacts; i++)
        make_contact(m, store, &m->contacts[i]);
}

static void make_products(struct mirror *m, int64_t store) {
    for (int64_t i = 1; i <= PRODUCTS; i++) {
        char sku[16], name[64], fold[64], word[24], text[96];
        gen_surname(word, sizeof word, gen_below(&m->gen, 3000));
        (void)snprintf(sku, sizeof sku, "AO-%05d", (int)i);
        (void)snprintf(name, sizeof name, "%s Tent %d", word, (int)i);
        AUTO_BUF struct buf b = BUF_INIT;
        fold_text(&b, name, strlen(name));
        (void)snprintf(fold, sizeof fold, "%s", buf_str(&b));
        (void)snprintf(text, sizeof text, "%s\nao-%05d", fold, (int)i);
        int64_t stock = (int64_t)gen_below(&m->gen, 100) * 1000;
        m->product++;
        put(m, PRODUCT, "iiisssiii", m->product, store, i + 10, sku, name, fold,
            (int64_t)(gen_below(&m->gen, 900) + 10) * 10000, stock,
            (int64_t)(stock <= 2000));
        put(m, PRODUCT_TEXT, "is", m->product, text);
    }
}

static const char *pick_status(struct gen *g, int64_t age_ms) {
    uint64_t r = gen_below(g, 1000);
    if (age_ms < 45 * DAY_MS && r < 800)
        return r < 550 ? "processing" : r < 700 ? "on-hold" : "pending";
    if (r < 15)
        return r < 8 ? "processing" : "pending";
    return r < 80    ? "cancelled"
           : r < 110 ? "refunded"
           : r < 130 ? "failed"
           : r < 135 ? "trash"
                     : "completed";
}

static int64_t make_lines(struct mirror *m, int64_t store, struct buf *text,
                          int64_t *ret_items) {
    int64_t n = 1 + (int64_t)gen_below(&m->gen, 5);
    *ret_items = 0;
    for (int64_t i = 1; i <= n; i++) {
        char sku[16];
        int64_t product = 1 + (int64_t)gen_zipf(&m->gen, PRODUCTS);
        int64_t qty = 1000 * (1 + (int64_t)gen_below(&m->gen, 3));
        (void)snprintf(sku, sizeof sku, "AO-%05d", (int)product);
        buf_addf(text, "\nao-%05d", (int)product);
        *ret_items += qty;
        put(m, LINE, "iiiisii", m->order, m->order * 8 + i, store, product + 10,
            sku, qty, qty * 199);
    }
    return n;
}

static void add_line_json(struct mirror *m, struct buf *b, int64_t i) {
    unsigned sku = (unsigned)gen_zipf(&m->gen, PRODUCTS) + 1;
    unsigned price = (unsigned)gen_below(&m->gen, 90000) + 100;
    buf_addf(b,
             "%s{\"id\":%lld,\"name\":\"Harness %u\",\"product_id\":%u,"
             "\"variation_id\":0,\"quantity\":1,\"tax_class\":\"\","
             "\"subtotal\":\"%u.95\",\"subtotal_tax\":\"0.00\",\"total\":"
             "\"%u.95\",\"total_tax\":\"0.00\",\"taxes\":[],\"meta_data\":["
             "{\"id\":%lld,\"key\":\"_reduced_stock\",\"value\":\"1\","
             "\"display_key\":\"_reduced_stock\",\"display_value\":\"1\"}],"
             "\"sku\":\"AO-%05u\",\"global_unique_id\":\"\",\"price\":%u.95,"
             "\"image\":{\"id\":\"\",\"src\":\"\"},\"parent_name\":null}",
             i ? "," : "", (long long)(m->order * 8 + i), sku, sku + 10, price,
             price, (long long)(m->order * 90 + i), sku, price);
}

static void add_address(struct mirror *m, struct buf *b, const char *key,
                        const struct contact *c) {
    buf_addf(b,
             ",\"%s\":{\"first_name\":\"%s\",\"last_name\":\"\",\"company\":"
             "\"\",\"address_1\":\"%u Istiklal Cd.\",\"address_2\":\"\","
             "\"city\":\"Istanbul\",\"state\":\"TR34\",\"postcode\":\"%05u\","
             "\"country\":\"TR\",\"email\":\"%s\",\"phone\":\"%s\"}",
             key, c->name, (unsigned)gen_below(&m->gen, 400),
             (unsigned)gen_below(&m->gen, 99999), c->email, c->phone);
}

/* The order as a shop would have answered it: the recorded keys. */
static void make_object(struct mirror *m, const struct contact *c,
                        int64_t remote, const char *status, int64_t lines) {
    static const char *const metas[] = {
        "source_type",        "referrer",      "utm_source",    "session_entry",
        "session_start_time", "session_pages", "session_count", "device_type"};
    AUTO_BUF struct buf b = BUF_INIT;
    const void *z;
    size_t n;
    int64_t dict;
    buf_addf(&b,
             "{\"id\":%lld,\"parent_id\":0,\"status\":\"%s\",\"currency\":"
             "\"EUR\",\"version\":\"11.0.1\",\"prices_include_tax\":false,"
             "\"discount_total\":\"0.00\",\"discount_tax\":\"0.00\","
             "\"shipping_total\":\"49.90\",\"shipping_tax\":\"0.00\","
             "\"cart_tax\":\"0.00\",\"total\":\"%u.95\",\"total_tax\":\"0.00\","
             "\"customer_id\":0,\"order_key\":\"wc_order_%013llx\"",
             (long long)remote, status, (unsigned)gen_below(&m->gen, 90000),
             (unsigned long long)gen_next(&m->gen) >> 12);
    add_address(m, &b, "billing", c);
    add_address(m, &b, "shipping", c);
    buf_adds(&b, ",\"payment_method\":\"bacs\",\"payment_method_title\":"
                 "\"Direct bank transfer\",\"transaction_id\":\"\","
                 "\"created_via\":\"checkout\",\"meta_data\":[");
    for (int64_t i = 0; i < 8 * (int64_t)gen_below(&m->gen, 2); i++)
        buf_addf(&b,
                 "%s{\"id\":%lld,\"key\":\"_wc_order_attribution_%s\","
                 "\"value\":\"%llu\"}",
                 i ? "," : "", (long long)(m->order * 40 + i), metas[i % 8],
                 (unsigned long long)gen_below(&m->gen, 100000));
    buf_adds(&b, "],\"line_items\":[");
    for (int64_t i = 0; i < lines; i++)
        add_line_json(m, &b, i);
    buf_adds(&b, "],\"tax_lines\":[],\"shipping_lines\":[],\"fee_lines\":[],"
                 "\"coupon_lines\":[],\"refunds\":[],\"is_editable\":false,"
                 "\"needs_payment\":false,\"currency_symbol\":\"E\"}");
    arena_reset(m->arena);
    REQUIRE(kept_pack(m->kept, m->arena, MIRROR_ORDER, b.data, b.len, &z, &n,
                      &dict) == 0);
    sqlite3_stmt *st = m->st[OBJECT];
    (void)sqlite3_bind_int64(st, 1, m->order);
    (void)sqlite3_bind_int64(st, 2, dict);
    (void)sqlite3_bind_blob64(st, 3, z, n, SQLITE_STATIC);
    REQUIRE(sqlite3_step(st) == SQLITE_DONE);
    (void)sqlite3_reset(st);
}

/* ",word," into dst or NULL, and its row. */
static const char *make_mark(struct mirror *m, enum stmt id, int percent,
                             const char *const words[3], int64_t created,
                             char *dst, size_t size) {
    if (gen_below(&m->gen, 100) >= (uint64_t)percent)
        return NULL;
    const char *word = words[gen_below(&m->gen, 3)];
    put(m, id, "sii", word, created, m->order);
    (void)snprintf(dst, size, ",%s,", word);
    return dst;
}

static void make_order(struct mirror *m, int64_t store, int64_t remote,
                       int64_t created) {
    static const char *const tags[] = {"gift", "vip", "fragile"};
    static const char *const holds[] = {"fraud", "address", "payment"};
    char number[24], tag[16], hold[16];
    int64_t who = (int64_t)gen_below(&m->gen, (uint64_t)m->n_contacts);
    const struct contact *c = &m->contacts[who];
    const char *status = pick_status(&m->gen, m->now - created);
    AUTO_BUF struct buf text = BUF_INIT;
    int64_t items;
    m->order++;
    (void)snprintf(number, sizeof number, "%lld", (long long)remote);
    buf_addf(&text, "%s\n", number);
    fold_text(&text, c->name, strlen(c->name));
    buf_addc(&text, '\n');
    fold_text(&text, c->email, strlen(c->email));
    buf_addf(&text, "\n%s", c->phone);
    int64_t lines = make_lines(m, store, &text, &items);
    const char *t = make_mark(m, TAG, 4, tags, created, tag, sizeof tag);
    const char *h = make_mark(m, HOLD, 2, holds, created, hold, sizeof hold);
    put(m, ORDER, "iiissiiiiissiiss", m->order, store, remote, number, status,
        (int64_t)(strcmp(status, "trash") == 0), items * 199, created,
        created + 3600000, m->contact - m->n_contacts + 1 + who, c->name,
        c->email, lines, items, t, h);
    put(m, ORDER_TEXT, "is", m->order, buf_str(&text));
    make_object(m, c, remote, status, lines);
}

static void make_store(struct mirror *m, int64_t store, int64_t orders) {
    static const char *const map[][2] = {
        {"pending", "unpaid"}, {"processing", "todo"}, {"on-hold", "held"},
        {"completed", "done"}, {"cancelled", "dead"},  {"refunded", "dead"},
        {"failed", "dead"}};
    char name[16];
    (void)snprintf(name, sizeof name, "shop-%03d", (int)store);
    put(m, STORE, "is", store, name);
    for (size_t i = 0; i < sizeof map / sizeof map[0]; i++)
        put(m, STATUS, "isss", store, map[i][0], map[i][0], map[i][1]);
    make_products(m, store);
    make_contacts(m, store, orders);
    for (int64_t i = 0; i < orders; i++) {
        int64_t span = DAYS * DAY_MS / orders;
        int64_t created =
            m->now - i * span - (int64_t)gen_below(&m->gen, (uint64_t)span + 1);
        make_order(m, store, 1000 + 2 * (orders - i), created / 1000 * 1000);
    }
}

static void finish(struct mirror *m) {
    exec(m, "INSERT INTO order_count SELECT store_id, status, count(*) FROM "
            "orders GROUP BY store_id, status; COMMIT");
    exec(m, "CREATE INDEX orders_number ON orders (number);"
            "CREATE INDEX orders_contact ON orders (contact_id, created_ms, "
            "id);"
            "CREATE INDEX line_product ON line (store_id, product_id, "
            "order_id)");
    for (int i = 0; i < STMTS; i++)
        (void)sqlite3_finalize(m->st[i]); /* journal_mode needs it */
    exec(m, "INSERT INTO order_fts (order_fts, rank) VALUES ('hashsize', "
            "1048576);"
            "INSERT INTO contact_fts (contact_fts, rank) VALUES ('hashsize', "
            "1048576); PRAGMA journal_mode = WAL");
    REQUIRE(sqlite3_close(m->sq) == SQLITE_OK);
    free(m->contacts);
}

static int number(const char *text, int64_t *ret) {
    return str_to_i64(text, 1, 100000000, ret);
}

int main(int argc, char **argv) {
    int64_t orders = 1000000, stores = 100, seed = 1;
    if (argc < 2 || (argc > 2 && number(argv[2], &orders) < 0) ||
        (argc > 3 && number(argv[3], &stores) < 0) ||
        (argc > 4 && number(argv[4], &seed) < 0) || orders < stores) {
        (void)fprintf(stderr, "gen_mirror FILE [ORDERS [STORES [SEED]]]\n");
        return 64;
    }
    if (access(argv[1], F_OK) == 0) {
        (void)fprintf(stderr, "%s is there already\n", argv[1]);
        return 1;
    }
    struct mirror m = {.gen = {(uint64_t)seed}};
    m.now = (int64_t)time(NULL) * 1000;
    m.kept = kept_new();
    m.arena = arena_new(0);
    create(&m, argv[1]);
    for (int i = 0; i < stores; i++)
        make_store(&m, i + 1, gen_share(i, (int)stores, orders));
    finish(&m);
    kept_free(m.kept);
    arena_free(m.arena);
    (void)printf("%lld orders, %lld contacts, %lld products\n",
                 (long long)m.order, (long long)m.contact,
                 (long long)m.product);
    return 0;
}
