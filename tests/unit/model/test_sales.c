/* Sales of a product: paid orders' lines, by period, of a variation its own. */
#include "fixture.h"
#include "model/sales.h"

static const int64_t day_ms = 86400000;

static void order(struct db_tx *tx, int id, const char *status, int64_t ago,
                  const char *currency) {
    (void)fx_sql(tx,
                 "INSERT INTO orders (id, store_id, remote_id, number, status, "
                 "currency, total_e4, created_ms, modified_ms, contact_id, "
                 "name, email, lines, items_e3, flags, read_seq, raw_hash, "
                 "hash) VALUES (%d, 1, %d, 'n', '%s', '%s', 0, %lld, 0, 0, '', "
                 "'', 1, 0, 0, 0, x'', x'')",
                 id, id, status, currency, (long long)(FX_NOW - ago));
}

static void line(struct db_tx *tx, int order_id, int line_id, int variation) {
    (void)fx_sql(tx,
                 "INSERT INTO line VALUES (%d, %d, 1, 5, %d, 'S', 2000, "
                 "10000, 0)",
                 order_id, line_id, variation);
}

TX_TEST(paid_lines_are_counted_by_period) {
    struct sales s[SALES_PERIODS];
    order(tx, 1, "processing", 0, "TRY");
    line(tx, 1, 1, 0);
    line(tx, 1, 2, 7);
    order(tx, 2, "completed", 40 * day_ms, "EUR");
    line(tx, 2, 1, 7);
    order(tx, 3, "cancelled", 0, "TRY");
    line(tx, 3, 1, 0);
    order(tx, 4, "pending", 0, "TRY");
    line(tx, 4, 1, 0);
    assert_int_equal(sales_of(tx, 1, 5, 0, s), 0);
    assert_int_equal(s[0].orders, 1);
    assert_int_equal(s[0].qty_e3, 4000);
    assert_int_equal(s[0].revenue.n, 1);
    assert_int_equal(s[0].revenue.of[0].e4, 20000);
    assert_int_equal(s[1].orders, 2);
    assert_int_equal(s[1].revenue.n, 2);
    assert_int_equal(s[3].qty_e3, 6000);
    assert_int_equal(sales_of(tx, 1, 7, 5, s), 0);
    assert_int_equal(s[0].qty_e3, 2000);
    assert_int_equal(s[3].orders, 2);
    assert_int_equal(sales_of(tx, 2, 5, 0, s), 0);
    assert_int_equal(s[3].orders, 0);
    return 0;
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(paid_lines_are_counted_by_period),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
