#include "fixture.h"

#include <stdio.h>

#include "common/arena.h"
#include "common/digest.h"
#include "common/env.h"
#include "common/mem.h"
#include "model/refund.h"

int64_t fx_clock;

static int64_t clock_now(void *self) {
    (void)self;
    return FX_NOW + fx_clock;
}

static void chance(void *self, void *dst, size_t n) {
    (void)self;
    digest_random(dst, n);
}

static int make_stores(struct db_tx *tx, void *unused) {
    (void)unused;
    return conn_exec(
        tx->conn,
        "INSERT INTO store (id, uuid, name, title, url, created_ms) VALUES "
        "(1, 'u1', 'alpine', '', 'https://a', 0),"
        "(2, 'u2', 'baltic', '', 'https://b', 0)");
}

void fx_run(int (*test)(struct db_tx *tx, void *unused)) {
    const struct env env = {
        .now = clock_now, .mono = clock_now, .random = chance};
    const struct db_options o = {
        .path = ":memory:", .env = &env, .inline_mode = true};
    struct error e = {0};
    struct db *db;
    fx_clock = 0;
    if (db_open(&o, &db, &e) < 0)
        fail_msg("%s: %s", e.where, e.detail);
    assert_int_equal(db_write_sync(db, make_stores, NULL), 0);
    assert_int_equal(db_write_sync(db, test, NULL), 0);
    db_close(db, NULL, NULL);
}

int64_t fx_sql(struct db_tx *tx, const char *fmt, ...) {
    int64_t v = INT64_MIN;
    va_list ap;
    va_start(ap, fmt);
    AUTO_FREE char *sql = mem_vprintf(fmt, ap);
    va_end(ap);
    assert_int_equal(conn_get_i64(tx->conn, sql, &v), 0);
    return v;
}

const char *fx_text(struct db_tx *tx, const char *fmt, ...) {
    static char text[4096];
    va_list ap;
    va_start(ap, fmt);
    AUTO_FREE char *sql = mem_vprintf(fmt, ap);
    va_end(ap);
    text[0] = 0;
    assert_int_equal(conn_get_text(tx->conn, sql, text, sizeof text), 0);
    return text;
}

void fx_hash(uint8_t ret[16], int64_t v) {
    digest_raw(&v, sizeof v, ret);
}

/* Strings of made objects: enough for the largest test, then used again. */
static const char *text(const char *fmt, ...) {
    static char ring[512][64];
    static size_t next;
    char *s = ring[next++ % 512];
    va_list ap;
    va_start(ap, fmt);
    (void)vsnprintf(s, sizeof ring[0], fmt, ap);
    va_end(ap);
    return s;
}

static struct order_line *make_lines(int64_t remote_id, size_t n) {
    static struct order_line ring[256][8];
    static size_t next;
    struct order_line *l = ring[next++ % 256];
    for (size_t i = 0; i < n; i++)
        l[i] = (struct order_line){.line_id = remote_id * 10 + (int64_t)i,
                                   .product_id = 7 + (int64_t)i,
                                   .sku = "SKU-7",
                                   .qty_e3 = 2000,
                                   .total_e4 = 199900};
    return l;
}

struct order fx_order(int64_t remote_id, int64_t version, size_t n_lines) {
    struct order o = {
        .o = {.remote_id = remote_id, .z = "zzzz", .z_n = 4, .dict = -1},
        .number = text("%lld", (long long)remote_id),
        .status = "processing",
        .currency = "EUR",
        .total_e4 = 199900,
        .created_ms = 1000 + remote_id,
        .modified_ms = 2000 + version,
        .name = "Ada Berg",
        .email = "Ada@x.org",
        .email_key = "ada@x.org",
        .phone = "+49123",
        .city = "Berlin",
        .country = "DE",
        .sort_name = "ada berg",
        .items_e3 = 2000 * (int64_t)n_lines,
        .n_lines = n_lines,
        .lines = make_lines(remote_id, n_lines)};
    o.o.search = text("%lld\nada berg\nada@x.org", (long long)remote_id);
    fx_hash(o.o.raw_hash, remote_id * 1000 + version);
    fx_hash(o.o.hash, remote_id * 1000 + version);
    return o;
}

struct mirror_read fx_read(int64_t seq) {
    return (struct mirror_read){.store_id = 1, .sent_seq = seq};
}

static void keep(struct mirror_object *o, enum mirror_kind kind,
                 const char *json, struct arena *a) {
    const void *z;
    size_t n;
    int64_t dict;
    assert_int_equal(
        kept_pack(kept_current(), a, kind, json, strlen(json), &z, &n, &dict),
        0);
    o->z = z;
    o->z_n = n;
    o->dict = dict;
}

void fx_put_order(struct db_tx *tx, struct order *o, int64_t seq,
                  const char *json) {
    struct arena *a = arena_new(0);
    struct mirror_stats st = {0};
    struct mirror_read read = fx_read(seq);
    keep(&o->o, MIRROR_ORDER, json, a);
    digest_truth(json, strlen(json), o->o.hash);
    digest_raw(json, strlen(json), o->o.raw_hash);
    assert_int_equal(order_apply(tx, &read, o, 1, &st), 0);
    assert_int_equal(st.inserted + st.changed, 1);
    arena_free(a);
}

void fx_put_refund(struct db_tx *tx, int64_t remote_id, int64_t order,
                   const char *json) {
    struct arena *a = arena_new(0);
    struct mirror_stats st = {0};
    struct mirror_read read = fx_read(remote_id);
    struct refund r = {.o = {.remote_id = remote_id},
                       .order_remote_id = order,
                       .created_ms = 1,
                       .total_e4 = 10000,
                       .reason = ""};
    keep(&r.o, MIRROR_REFUND, json, a);
    digest_truth(json, strlen(json), r.o.hash);
    digest_raw(json, strlen(json), r.o.raw_hash);
    assert_int_equal(refund_apply(tx, &read, &r, 1, &st), 0);
    arena_free(a);
}
