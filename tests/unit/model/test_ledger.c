/* Whose doing a product's stock is: what was agreed, what we sent, what orders
 * took; and when the sum does not add up. */
#include "common/err.h"
#include "fixture.h"
#include "model/ledger.h"

/* Product 5 with eight pieces, by its own stock. */
static void stocked(struct db_tx *tx) {
    (void)fx_sql(tx,
                 "INSERT INTO product (id, store_id, remote_id, parent_id, "
                 "type, status, gone, sku, name, sort_name, manage, stock_e3, "
                 "stock_status, low, created_ms, modified_ms, read_seq, "
                 "raw_hash, hash) VALUES (1, 1, 5, 0, 'simple', 'publish', 0, "
                 "'', '', '', 1, 8000, '', 0, 0, 0, 0, x'', x'')");
}

/* An order took that many. */
static void taken(struct db_tx *tx, int order, int e3) {
    (void)fx_sql(tx,
                 "INSERT INTO line (order_id, line_id, store_id, product_id, "
                 "variation_id, sku, qty_e3, total_e4, reduced_e3) VALUES "
                 "(%d, 1, 1, 5, 0, '', 1000, 0, %d)",
                 order, e3);
}

static struct ledger got(struct db_tx *tx) {
    struct ledger l = {0};
    assert_int_equal(ledger_get(tx, 1, 5, &l), 1);
    return l;
}

/* Eight are there after two of ours went: it was ten that was agreed. */
static void agreed(struct db_tx *tx) {
    stocked(tx);
    taken(tx, 1, 3000);
    assert_int_equal(ledger_sent(tx, 1, 5, -2000), 0);
    (void)fx_sql(tx, "UPDATE ledger SET agreed_ms = agreed_ms - %d",
                 LEDGER_SETTLE_MS);
}

TX_TEST(the_first_delta_agrees_on_what_was_there) {
    agreed(tx);
    struct ledger l = got(tx);
    assert_int_equal(l.agreed_e3, 10000);
    assert_int_equal(l.sent_e3, -2000);
    assert_int_equal(l.taken_e3, 3000);
    assert_int_equal(l.expected_e3, 8000);
    assert_int_equal(ledger_check(tx, 1, 5, 8000), 0);
    assert_int_equal(got(tx).drift_ms, 0);
    return 0;
}

TX_TEST(a_listing_we_never_changed_has_no_ledger) {
    struct ledger l;
    stocked(tx);
    assert_int_equal(ledger_get(tx, 1, 5, &l), 0);
    assert_int_equal(ledger_check(tx, 1, 5, 1), 0);
    return 0;
}

TX_TEST(what_orders_take_is_no_drift) {
    agreed(tx);
    taken(tx, 2, 1000);
    assert_int_equal(ledger_check(tx, 1, 5, 7000), 0);
    assert_int_equal(got(tx).drift_ms, 0);
    assert_int_equal(ledger_sent(tx, 1, 5, 4000), 0);
    assert_int_equal(ledger_check(tx, 1, 5, 11000), 0);
    assert_int_equal(got(tx).drift_ms, 0);
    return 0;
}

TX_TEST(a_number_typed_over_a_sale_is_drift_until_it_adds_up) {
    agreed(tx);
    taken(tx, 2, 1000);
    assert_int_equal(ledger_check(tx, 1, 5, 8000), 0);
    struct ledger l = got(tx);
    assert_int_equal(l.drift_e3, 1000);
    assert_int_equal(l.drift_ms, FX_NOW);
    assert_int_equal(fx_sql(tx, "SELECT count(*) FROM feed WHERE topic = "
                                "'product' AND remote_id = 5"),
                     1);
    /* the same again tells nobody */
    assert_int_equal(ledger_check(tx, 1, 5, 8000), 0);
    assert_int_equal(fx_sql(tx, "SELECT count(*) FROM feed WHERE topic = "
                                "'product' AND remote_id = 5"),
                     1);
    assert_int_equal(ledger_check(tx, 1, 5, 7000), 0);
    assert_int_equal(got(tx).drift_ms, 0);
    return 0;
}

/* The order behind a sale comes in after the stock was read. */
TX_TEST(a_drift_ends_with_the_order_that_explains_it) {
    agreed(tx);
    (void)fx_sql(tx, "UPDATE product SET stock_e3 = 7000");
    assert_int_equal(ledger_check(tx, 1, 5, 7000), 0);
    assert_int_equal(got(tx).drift_e3, -1000);
    taken(tx, 2, 1000);
    assert_int_equal(ledger_again(tx, 1), 0);
    assert_int_equal(got(tx).drift_ms, 0);
    return 0;
}

/* However many old ones nobody cares for. */
TX_TEST(a_new_drift_ends_beside_many_old_ones) {
    agreed(tx);
    (void)fx_sql(tx, "INSERT INTO ledger (store_id, remote_id, agreed_e3, "
                     "agreed_ms, drift_e3, drift_ms) WITH n(i) AS (SELECT 1 "
                     "UNION ALL SELECT i + 1 FROM n WHERE i < 500) "
                     "SELECT 1, -i, 0, 1, 1000, 1 FROM n");
    (void)fx_sql(tx, "UPDATE product SET stock_e3 = 7000");
    assert_int_equal(ledger_check(tx, 1, 5, 7000), 0);
    assert_int_equal(got(tx).drift_e3, -1000);
    taken(tx, 2, 1000);
    assert_int_equal(ledger_again(tx, 1), 0);
    assert_int_equal(got(tx).drift_ms, 0);
    return 0;
}

/* A sale right before the agreement comes in after it. */
TX_TEST(the_base_settles_after_it_was_agreed) {
    stocked(tx);
    assert_int_equal(ledger_sent(tx, 1, 5, -2000), 0);
    taken(tx, 1, 1000);
    assert_int_equal(ledger_check(tx, 1, 5, 8000), 0);
    struct ledger l = got(tx);
    assert_int_equal(l.drift_ms, 0);
    assert_int_equal(l.expected_e3, 8000);
    return 0;
}

TX_TEST(nothing_is_judged_while_a_delta_is_under_way) {
    agreed(tx);
    (void)fx_sql(tx, "INSERT INTO change (uuid, store_id, kind, remote_id, "
                     "act, state, author, created_ms, changed_ms) VALUES "
                     "('u', 1, 'product', 5, 'stock', 'unknown', 'a', 0, 0)");
    assert_int_equal(ledger_check(tx, 1, 5, 1000), 0);
    assert_int_equal(got(tx).drift_ms, 0);
    return 0;
}

static int64_t told(struct db_tx *tx) {
    return fx_sql(tx, "SELECT count(*) FROM feed WHERE topic = 'product' AND "
                      "remote_id = 5");
}

/* What a person takes for right is where the sum begins anew. */
TX_TEST(agreeing_ends_a_drift) {
    int64_t e3 = 0;
    agreed(tx);
    (void)fx_sql(tx, "UPDATE product SET stock_e3 = 11000");
    assert_int_equal(ledger_check(tx, 1, 5, 11000), 0);
    assert_int_equal(got(tx).drift_e3, 3000);
    int64_t before = told(tx);
    assert_int_equal(ledger_agree(tx, 1, 5, &e3), 1);
    assert_int_equal(e3, 11000);
    struct ledger l = got(tx);
    assert_int_equal(l.drift_ms, 0);
    assert_int_equal(l.expected_e3, 11000);
    assert_int_equal(l.agreed_ms, FX_NOW);
    assert_int_equal(told(tx), before + 1);
    return 0;
}

TX_TEST(there_is_nothing_to_agree_on_without_a_ledger) {
    int64_t e3 = 7;
    stocked(tx);
    assert_int_equal(ledger_agree(tx, 1, 5, &e3), 0);
    assert_int_equal(e3, 7);
    return 0;
}

/* What is queued will change the number that would be agreed on. */
TX_TEST(nothing_is_agreed_while_a_change_of_the_stock_is_open) {
    int64_t e3 = 7;
    agreed(tx);
    (void)fx_sql(tx, "INSERT INTO change (uuid, store_id, kind, remote_id, "
                     "act, state, author, created_ms, changed_ms) VALUES "
                     "('u', 1, 'product', 5, 'stock', 'queued', 'a', 0, 0)");
    assert_int_equal(ledger_agree(tx, 1, 5, &e3), ERR_CONFLICT);
    assert_int_equal(e3, 7);
    assert_int_equal(got(tx).agreed_e3, 10000);
    (void)fx_sql(tx, "UPDATE change SET state = 'confirmed'");
    assert_int_equal(ledger_agree(tx, 1, 5, &e3), 1);
    return 0;
}

/* The stock fell while the base followed it, the order came when it did not:
 * counted twice, no order to come explains it. A person can. */
TX_TEST(a_sale_mirrored_too_late_for_the_base_is_cured_by_agreeing) {
    int64_t e3;
    stocked(tx);
    assert_int_equal(ledger_sent(tx, 1, 5, -2000), 0);
    (void)fx_sql(tx, "UPDATE product SET stock_e3 = 7000");
    assert_int_equal(ledger_check(tx, 1, 5, 7000), 0);
    assert_int_equal(got(tx).expected_e3, 7000);
    (void)fx_sql(tx, "UPDATE ledger SET agreed_ms = agreed_ms - %d",
                 LEDGER_SETTLE_MS);
    taken(tx, 2, 1000);
    assert_int_equal(ledger_check(tx, 1, 5, 7000), 0);
    assert_int_equal(got(tx).drift_e3, 1000);
    assert_int_equal(ledger_agree(tx, 1, 5, &e3), 1);
    (void)fx_sql(tx, "UPDATE ledger SET agreed_ms = agreed_ms - %d",
                 LEDGER_SETTLE_MS);
    assert_int_equal(ledger_again(tx, 1), 0);
    assert_int_equal(ledger_check(tx, 1, 5, 7000), 0);
    assert_int_equal(got(tx).drift_ms, 0);
    taken(tx, 3, 1000);
    assert_int_equal(ledger_check(tx, 1, 5, 6000), 0);
    assert_int_equal(got(tx).drift_ms, 0);
    return 0;
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_first_delta_agrees_on_what_was_there),
        cmocka_unit_test(a_listing_we_never_changed_has_no_ledger),
        cmocka_unit_test(what_orders_take_is_no_drift),
        cmocka_unit_test(a_number_typed_over_a_sale_is_drift_until_it_adds_up),
        cmocka_unit_test(a_drift_ends_with_the_order_that_explains_it),
        cmocka_unit_test(a_new_drift_ends_beside_many_old_ones),
        cmocka_unit_test(the_base_settles_after_it_was_agreed),
        cmocka_unit_test(nothing_is_judged_while_a_delta_is_under_way),
        cmocka_unit_test(agreeing_ends_a_drift),
        cmocka_unit_test(there_is_nothing_to_agree_on_without_a_ledger),
        cmocka_unit_test(nothing_is_agreed_while_a_change_of_the_stock_is_open),
        cmocka_unit_test(
            a_sale_mirrored_too_late_for_the_base_is_cured_by_agreeing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
