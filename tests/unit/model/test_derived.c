/* Property: whatever sequence of answers is applied, the columns lists read
 * are what a rebuild from truth gives, counters equal a recount, search texts
 * belong to rows, and every order points at a contact that is there. */
#include "fixture.h"

#include "common/arena.h"
#include "common/mem.h"
#include "model/customer.h"

enum { SEEDS = 20, STEPS = 150, IDS = 12 };

static uint64_t dice;

static int64_t below(int64_t n) {
    dice ^= dice << 13;
    dice ^= dice >> 7;
    dice ^= dice << 17;
    return (int64_t)(dice % (uint64_t)n);
}

static const char *const statuses[] = {"processing", "completed", "trash",
                                       "shipped"};
static const char *const emails[] = {"", "a@x", "b@x", "c@x"};

static struct order any_order(void) {
    struct order o = fx_order(1 + below(IDS), below(6), (size_t)below(4));
    o.status = statuses[below(4)];
    o.created_ms = below(5);
    o.customer_id = below(3);
    o.email = o.email_key = emails[below(4)];
    o.name = o.sort_name = emails[below(4)];
    if (below(4) == 0)
        o.o.search = NULL;
    return o;
}

static void apply_some(struct db_tx *tx, int64_t seq) {
    struct order o[8];
    size_t n = 1 + (size_t)below(8);
    struct mirror_stats st = {0};
    struct mirror_read read = fx_read(seq - below(3));
    read.bulk = below(2);
    for (size_t i = 0; i < n; i++)
        o[i] = any_order();
    assert_int_equal(order_apply(tx, &read, o, n, &st), 0);
    assert_int_equal(st.seen, st.inserted + st.changed + st.same + st.stale);
}

static void apply_customer(struct db_tx *tx, int64_t seq) {
    struct mirror_stats st = {0};
    struct mirror_read read = fx_read(seq);
    const char *email = emails[below(4)];
    struct customer c = {.o = {.remote_id = 1 + below(2), .search = email},
                         .email = email,
                         .email_key = email,
                         .name = "",
                         .sort_name = "",
                         .phone = "",
                         .city = "",
                         .country = ""};
    fx_hash(c.o.raw_hash, below(9));
    memcpy(c.o.hash, c.o.raw_hash, sizeof c.o.hash);
    assert_int_equal(customer_apply(tx, &read, &c, 1, &st), 0);
}

static void one_step(struct db_tx *tx, int64_t seq) {
    struct mirror_read read = fx_read(seq - below(2));
    switch (below(6)) {
    case 0:
        assert_true(order_mark_gone(tx, &read, 1 + below(IDS), (int)below(3)) >=
                    ERR_NOT_FOUND);
        break;
    case 1:
        apply_customer(tx, seq);
        break;
    default:
        apply_some(tx, seq);
    }
}

/* All list columns and counters as one text. */
static char *derived(struct db_tx *tx) {
    return mem_printf(
        "%s|%s",
        fx_text(tx, "SELECT group_concat(id || status || "
                    "ifnull(shop_status, '') || gone || ifnull(tags, '') || "
                    "ifnull(holds, '')) FROM orders"),
        fx_text(tx, "SELECT group_concat(store_id || status || n) FROM "
                    "(SELECT * FROM order_count WHERE n > 0)"));
}

static void check_rebuild(struct db_tx *tx) {
    AUTO_FREE char *before = derived(tx);
    int64_t at = 0;
    assert_int_equal(conn_exec(tx->conn, "UPDATE order_count SET n = n + 3;"
                                         "UPDATE orders SET tags = 'x'"),
                     0);
    do
        at = order_rebuild(tx, at, 5);
    while (at > 0);
    assert_int_equal(at, 0);
    AUTO_FREE char *after = derived(tx);
    assert_string_equal(before, after);
}

static void check_rest(struct db_tx *tx) {
    assert_int_equal(
        fx_sql(tx, "SELECT count(*) FROM orders WHERE contact_id <> 0 AND "
                   "contact_id NOT IN (SELECT id FROM contact)"),
        0);
    assert_int_equal(
        fx_sql(tx, "SELECT count(*) FROM contact WHERE mirrored = 0 AND id "
                   "NOT IN (SELECT contact_id FROM orders)"),
        0);
    assert_int_equal(
        fx_sql(tx, "SELECT count(*) FROM contact_fts WHERE rowid NOT IN "
                   "(SELECT id FROM contact)"),
        0);
    assert_int_equal(fx_sql(tx, "SELECT count(*) FROM line WHERE order_id "
                                "NOT IN (SELECT id FROM orders)"),
                     0);
    assert_int_equal(
        fx_sql(tx, "SELECT count(*) FROM orders o WHERE lines <> (SELECT "
                   "count(*) FROM line l WHERE l.order_id = o.id)"),
        0);
    assert_int_equal(
        fx_sql(tx, "SELECT count(*) FROM (SELECT 1 FROM contact WHERE "
                   "remote_id = 0 GROUP BY email_key HAVING count(*) > 1)"),
        0);
    assert_int_equal(conn_exec(tx->conn, "INSERT INTO order_fts(order_fts) "
                                         "VALUES('integrity-check');"
                                         "INSERT INTO contact_fts(contact_fts) "
                                         "VALUES('integrity-check')"),
                     0);
}

TX_TEST(derived_equals_rebuild) {
    for (int seed = 1; seed <= SEEDS; seed++) {
        dice = (uint64_t)seed * 0x9e3779b97f4a7c15u;
        for (int64_t i = 0; i < STEPS; i++)
            one_step(tx, seed * STEPS + i);
        check_rebuild(tx);
        check_rest(tx);
    }
    assert_true(fx_sql(tx, "SELECT count(*) FROM orders") > IDS / 2);
    return 0;
}

/* The text stored of an order is the last one applied. */
TX_TEST(search_text_is_the_last_one) {
    struct mirror_read read = fx_read(1);
    struct mirror_stats st = {0};
    struct order o[3] = {fx_order(1, 0, 0), fx_order(2, 0, 0),
                         fx_order(1, 1, 0)};
    o[2].o.search = "the last";
    assert_int_equal(order_apply(tx, &read, o, 3, &st), 0);
    assert_string_equal(fx_text(tx,
                                "SELECT text FROM order_fts WHERE rowid = "
                                "(SELECT id FROM orders WHERE remote_id = 1)"),
                        "the last");
    o[2].o.search = NULL;
    fx_hash(o[2].o.hash, 4711);
    assert_int_equal(order_apply(tx, &read, &o[2], 1, &st), 0);
    assert_int_equal(fx_sql(tx, "SELECT count(*) FROM order_fts"), 1);
    return 0;
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(derived_equals_rebuild),
        cmocka_unit_test(search_text_is_the_last_one),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
