/* Physical stock: pieces are neither made nor lost, what is derived is what a
 * rebuild gives, and open orders ask for what is not picked. */
#include "common/arena.h"
#include "common/str.h"
#include "fixture.h"
#include "model/at_bin.h"
#include "model/bin.h"
#include "model/demand.h"
#include "model/item.h"
#include "model/movement.h"

static void product(struct db_tx *tx, int store, int remote, int parent,
                    const char *sku) {
    (void)fx_sql(tx,
                 "INSERT INTO product (store_id, remote_id, parent_id, type, "
                 "status, gone, sku, name, sort_name, manage, stock_e3, "
                 "stock_status, low, created_ms, modified_ms, read_seq, "
                 "raw_hash, hash) VALUES (%d, %d, %d, '%s', 'publish', 0, "
                 "'%s', 'Tent %d', '', 1, 8000, '', 0, 0, 0, 0, x'', x'')",
                 store, remote, parent, parent ? "variation" : "simple", sku,
                 remote);
}

static int64_t item(struct db_tx *tx, int store, int remote) {
    int64_t id = 0;
    assert_int_equal(item_ensure(tx, store, remote, &id), 0);
    return id;
}

static int64_t bin(struct db_tx *tx, const char *code, int place, bool bad) {
    struct bin b = {.place = place, .quarantine = bad};
    (void)str_copy(b.code, sizeof b.code, code);
    assert_int_equal(bin_create(tx, &b, NULL), 0);
    return b.id;
}

static int put(struct db_tx *tx, int64_t item_id, int64_t bin_id, int64_t e3) {
    struct movement m = {.item_id = item_id,
                         .bin_id = bin_id,
                         .qty_e3 = e3,
                         .reason = "correction",
                         .author = "ali"};
    return movement_add(tx, &m, NULL);
}

static int64_t lies(struct db_tx *tx, int64_t item_id, int64_t bin_id) {
    int64_t e3 = -1;
    assert_int_equal(movement_balance(tx, item_id, bin_id, &e3), 0);
    return e3;
}

static struct item got(struct db_tx *tx, int64_t id) {
    static struct arena *a;
    struct item i = {0};
    if (!a)
        a = arena_new(1024);
    assert_int_equal(item_get(tx, id, a, &i), 1);
    return i;
}

/* An order of that status with 2 and 3 pieces of product 5. */
static void ordered(struct db_tx *tx, const char *status, int64_t version) {
    struct order o = fx_order(70, version, 1);
    struct mirror_read read = fx_read(version);
    struct mirror_stats st = {0};
    struct order_line l = o.lines[0];
    l.product_id = 5;
    l.variation_id = 0;
    l.qty_e3 = 3000;
    o.lines = &l;
    o.status = status;
    assert_int_equal(order_apply(tx, &read, &o, 1, &st), 0);
}

/* --- items --------------------------------------------------------------- */

TX_TEST(one_sku_of_a_company_is_one_pile) {
    product(tx, 1, 5, 0, "AO-5");
    product(tx, 2, 9, 0, "AO-5");
    int64_t id = item(tx, 1, 5);
    assert_int_equal(item(tx, 2, 9), id);
    assert_int_equal(item(tx, 1, 5), id);
    (void)fx_sql(tx, "INSERT INTO tenant (id, name, title, created_ms) VALUES "
                     "(2, 'other', '', 0)");
    (void)fx_sql(tx, "UPDATE store SET tenant_id = 2 WHERE id = 2");
    product(tx, 2, 10, 0, "AO-5");
    assert_int_not_equal(item(tx, 2, 10), id);
    return 0;
}

/* As a scanner sends it, not as the shop wrote it; of two nobody chooses. */
TX_TEST(a_number_in_bars_names_one_pile) {
    struct error e = {0};
    int64_t found = 0;
    product(tx, 1, 5, 0, "AO-5");
    product(tx, 1, 6, 0, "AO-6");
    (void)fx_sql(tx, "UPDATE product SET gtin = '36000291452' "
                     "WHERE remote_id = 5");
    assert_int_equal(at_bin_item(tx, 1, "0036000291452", &found, &e), 0);
    assert_int_equal(found, item(tx, 1, 5));
    assert_int_equal(at_bin_item(tx, 1, "036000291453", &found, &e),
                     ERR_NOT_FOUND);
    (void)fx_sql(tx, "UPDATE product SET gtin = '36000291452'");
    assert_int_equal(at_bin_item(tx, 1, "036000291452", &found, &e),
                     ERR_CONFLICT);
    assert_int_equal(at_bin_item(tx, 1, "AO-6", &found, &e), 0);
    assert_int_equal(found, item(tx, 1, 6));
    return 0;
}

/* A shop that takes it up later sells from the same pile. */
TX_TEST(what_comes_with_the_sku_later_is_linked) {
    product(tx, 1, 5, 0, "AO-5");
    product(tx, 2, 7, 0, "AO-5");
    int64_t id = item(tx, 1, 5);
    assert_int_equal(fx_sql(tx, "SELECT count(*) FROM listing"), 2);
    product(tx, 2, 9, 0, "AO-5");
    assert_int_equal(item_link(tx, id), 0);
    assert_int_equal(fx_sql(tx, "SELECT count(*) FROM listing"), 3);
    assert_int_equal(fx_sql(tx, "SELECT count(DISTINCT item_id) FROM listing"),
                     1);
    return 0;
}

TX_TEST(without_a_sku_each_is_its_own) {
    product(tx, 1, 5, 0, "");
    product(tx, 1, 6, 0, "");
    product(tx, 1, 7, 0, "P");
    product(tx, 1, 8, 7, "P"); /* shows its parent's */
    product(tx, 1, 9, 7, "P");
    assert_int_not_equal(item(tx, 1, 5), item(tx, 1, 6));
    assert_int_not_equal(item(tx, 1, 8), item(tx, 1, 9));
    assert_string_equal(got(tx, item(tx, 1, 9)).title, "Tent 7 - Tent 9");
    return 0;
}

TX_TEST(what_only_has_variations_is_no_item) {
    int64_t id = 7;
    product(tx, 1, 5, 0, "A");
    (void)fx_sql(tx, "UPDATE product SET type = 'variable'");
    assert_int_equal(item_ensure(tx, 1, 5, &id), ERR_INVALID);
    assert_int_equal(item_ensure(tx, 1, 99, &id), ERR_NOT_FOUND);
    assert_int_equal(id, 7);
    return 0;
}

/* --- movements ------------------------------------------------------------ */

TX_TEST(no_more_leaves_than_is_there) {
    product(tx, 1, 5, 0, "A");
    int64_t id = item(tx, 1, 5), a = bin(tx, "A-1", 1, false);
    assert_int_equal(put(tx, id, a, 2000), 0);
    assert_int_equal(put(tx, id, a, -3000), ERR_CONFLICT);
    assert_int_equal(put(tx, id, a, 0), ERR_RANGE);
    assert_int_equal(lies(tx, id, a), 2000);
    assert_int_equal(put(tx, id, a, -2000), 0);
    assert_int_equal(fx_sql(tx, "SELECT count(*) FROM balance"), 0);
    return 0;
}

TX_TEST(quarantine_is_on_hand_and_not_available) {
    product(tx, 1, 5, 0, "A");
    int64_t id = item(tx, 1, 5), good = bin(tx, "A-1", 1, false);
    int64_t bad = bin(tx, "Q-1", 0, true);
    struct bin b;
    assert_int_equal(put(tx, id, good, 4000), 0);
    assert_int_equal(put(tx, id, bad, 2000), 0);
    assert_int_equal(got(tx, id).on_hand_e3, 6000);
    struct item i = got(tx, id);
    assert_int_equal(item_available(&i), 4000);
    assert_int_equal(bin_of(tx, 1, 5, &b), 1);
    assert_string_equal(b.code, "A-1");
    assert_int_equal(bin_by_code(tx, "q-1", &b), 1);
    b.quarantine = false;
    assert_int_equal(bin_update(tx, &b, NULL), 0);
    i = got(tx, id);
    assert_int_equal(item_available(&i), 6000);
    assert_int_equal(bin_of(tx, 1, 5, &b), 1);
    assert_string_equal(b.code, "Q-1");
    return 0;
}

TX_TEST(a_bin_that_holds_something_is_not_disabled) {
    struct bin b;
    product(tx, 1, 5, 0, "A");
    int64_t id = item(tx, 1, 5), a = bin(tx, "A-1", 1, false);
    assert_int_equal(put(tx, id, a, 1000), 0);
    assert_int_equal(bin_by_id(tx, a, &b), 1);
    b.disabled = true;
    assert_int_equal(bin_update(tx, &b, NULL), ERR_CONFLICT);
    assert_int_equal(put(tx, id, a, -1000), 0);
    assert_int_equal(bin_update(tx, &b, NULL), 0);
    assert_int_equal(bin_update(tx, &b, NULL), ERR_CONFLICT); /* version */
    assert_int_equal(put(tx, id, a, 1000), ERR_CONFLICT);
    return 0;
}

/* --- orders -----------------------------------------------------------------
 */

TX_TEST(open_orders_reserve_what_is_not_picked) {
    product(tx, 1, 5, 0, "A");
    int64_t id = item(tx, 1, 5), a = bin(tx, "A-1", 1, false);
    assert_int_equal(put(tx, id, a, 10000), 0);
    ordered(tx, "processing", 1);
    assert_int_equal(got(tx, id).reserved_e3, 3000);
    int64_t line = fx_sql(tx, "SELECT line_id FROM line");
    struct movement_line l = {1, 70, line, 1, 5, "alpine:70", "ali"};
    assert_int_equal(movement_picked(tx, &l, "", 2000, NULL), 1);
    struct item i = got(tx, id);
    assert_int_equal(i.on_hand_e3, 8000);
    assert_int_equal(i.reserved_e3, 1000);
    assert_int_equal(item_available(&i), 7000);
    struct movement_line other = l;
    other.work_id = 2;
    assert_int_equal(movement_put_back(tx, &other, 0), 0);
    assert_int_equal(movement_put_back(tx, &l, 1500), 1);
    assert_int_equal(movement_put_back(tx, &l, 1500), 0);
    assert_int_equal(got(tx, id).on_hand_e3, 8500);
    int64_t out = 0;
    assert_int_equal(movement_out(tx, &l, &out), 0);
    assert_int_equal(out, 1500);
    assert_int_equal(movement_put_back(tx, &l, 0), 1);
    assert_int_equal(got(tx, id).on_hand_e3, 10000);
    assert_int_equal(got(tx, id).reserved_e3, 3000);
    assert_int_equal(movement_put_back(tx, &l, 0), 0);
    ordered(tx, "completed", 2);
    assert_int_equal(got(tx, id).reserved_e3, 0);
    ordered(tx, "on-hold", 3);
    assert_int_equal(got(tx, id).reserved_e3, 3000);
    struct mirror_read gone = fx_read(4);
    assert_int_equal(order_mark_gone(tx, &gone, 70, 2), 0);
    assert_int_equal(got(tx, id).reserved_e3, 0);
    return 0;
}

/* A hostile shop's numbers stop no order from being mirrored. */
TX_TEST(a_quantity_at_the_edge_is_bounded) {
    product(tx, 1, 7, 0, "A");
    int64_t id = item(tx, 1, 7);
    assert_int_equal(item_set_units(tx, 1, 7, 10000), 0);
    for (int n = 1; n <= 3; n++) {
        struct order o = fx_order(n, n, 1);
        struct mirror_read read = fx_read(n);
        struct mirror_stats st = {0};
        o.lines[0].qty_e3 = n == 1 ? INT64_MIN : INT64_MAX;
        assert_int_equal(order_apply(tx, &read, &o, 1, &st), 0);
    }
    assert_true(got(tx, id).reserved_e3 == 2 * INT64_C(10000000000000));
    return 0;
}

/* It is in somebody's hands, whatever the figures say. */
TX_TEST(a_pick_takes_from_the_named_bin_then_along_the_walk) {
    product(tx, 1, 5, 0, "A");
    int64_t id = item(tx, 1, 5), a = bin(tx, "A-1", 1, false);
    int64_t b = bin(tx, "B-1", 2, false), c = bin(tx, "C-1", 3, false);
    assert_int_equal(put(tx, id, a, 1000), 0);
    assert_int_equal(put(tx, id, b, 1000), 0);
    struct movement_line l = {1, 70, 1, 1, 5, "alpine:70", "ali"};
    assert_int_equal(movement_picked(tx, &l, "b-1", 2000, NULL), 1);
    assert_int_equal(lies(tx, id, a), 0);
    assert_int_equal(lies(tx, id, b), 0);
    assert_int_equal(movement_picked(tx, &l, "C-1", 1000, NULL), 1);
    assert_int_equal(lies(tx, id, c), -1000);
    return 0;
}

TX_TEST(what_nobody_keeps_here_is_picked_without_a_movement) {
    struct movement_line l = {1, 70, 1, 1, 5, "alpine:70", "ali"};
    product(tx, 1, 5, 0, "A");
    assert_int_equal(movement_picked(tx, &l, "", 1000, NULL), 0);
    (void)item(tx, 1, 5);
    assert_int_equal(movement_picked(tx, &l, "", 1000, NULL), 0);
    assert_int_equal(fx_sql(tx, "SELECT count(*) FROM movement"), 0);
    return 0;
}

/* Six in a box: the shop's one is six of the pile. */
TX_TEST(units_of_a_listing_count) {
    product(tx, 1, 5, 0, "A");
    int64_t id = item(tx, 1, 5), a = bin(tx, "A-1", 1, false);
    assert_int_equal(put(tx, id, a, 60000), 0);
    ordered(tx, "processing", 1);
    assert_int_equal(item_set_units(tx, 1, 5, 6), 0);
    assert_int_equal(got(tx, id).reserved_e3, 18000);
    int64_t line = fx_sql(tx, "SELECT line_id FROM line");
    struct movement_line l = {1, 70, line, 1, 5, "alpine:70", "ali"};
    assert_int_equal(movement_picked(tx, &l, "", 2000, NULL), 1);
    assert_int_equal(lies(tx, id, a), 48000);
    assert_int_equal(got(tx, id).reserved_e3, 6000);
    return 0;
}

/* --- alerts ------------------------------------------------------------------
 */

static int64_t alerts(struct db_tx *tx) {
    return fx_sql(tx, "SELECT count(*) FROM feed WHERE topic = 'inventory' "
                      "AND data <> ''");
}

TX_TEST(an_alert_is_told_when_it_comes_and_when_it_goes) {
    product(tx, 1, 5, 0, "A");
    int64_t id = item(tx, 1, 5), a = bin(tx, "A-1", 1, false);
    assert_int_equal(put(tx, id, a, 10000), 0);
    assert_int_equal(item_set_limits(tx, id, 5000, ITEM_NONE), 0);
    assert_false(got(tx, id).due);
    assert_int_equal(alerts(tx), 0);
    assert_int_equal(put(tx, id, a, -5000), 0);
    assert_true(got(tx, id).due);
    assert_int_equal(alerts(tx), 1);
    assert_int_equal(put(tx, id, a, -1000), 0);
    assert_int_equal(alerts(tx), 1);
    assert_int_equal(item_set_limits(tx, id, ITEM_NONE, ITEM_NONE), 0);
    assert_false(got(tx, id).due);
    assert_int_equal(alerts(tx), 2);
    return 0;
}

TX_TEST(our_threshold_counts_where_the_shop_has_none) {
    product(tx, 1, 5, 0, "A");
    int64_t id = item(tx, 1, 5);
    assert_int_equal(item_set_limits(tx, id, ITEM_NONE, 8000), 0);
    assert_int_equal(fx_sql(tx, "SELECT low FROM product"), 1);
    assert_int_equal(item_set_limits(tx, id, ITEM_NONE, 7000), 0);
    assert_int_equal(fx_sql(tx, "SELECT low FROM product"), 0);
    (void)fx_sql(tx, "UPDATE product SET low_e3 = 9000");
    assert_int_equal(item_set_limits(tx, id, ITEM_NONE, 1000), 0);
    assert_int_equal(fx_sql(tx, "SELECT low FROM product"), 1);
    return 0;
}

/* --- property
 * ------------------------------------------------------------------ */

static uint64_t dice;

static int64_t below(int64_t n) {
    dice ^= dice << 13;
    dice ^= dice >> 7;
    dice ^= dice << 17;
    return (int64_t)(dice % (uint64_t)n);
}

/* One act; returns by how much the pieces of all bins grew. */
static int64_t act(struct db_tx *tx, const int64_t *items,
                   const int64_t *bins) {
    int64_t it = items[below(3)], from = bins[below(4)], to = bins[below(4)];
    int64_t n = 1000 * (1 + below(5));
    struct movement m = {.item_id = it,
                         .bin_id = from,
                         .qty_e3 = n,
                         .reason = "move",
                         .author = "a"};
    int64_t before = fx_sql(tx, "SELECT coalesce(sum(qty_e3), 0) FROM balance");
    switch (below(4)) {
    case 0:
        return put(tx, it, from, n) == 0 ? n : 0;
    case 1:
        return put(tx, it, from, -n) == 0 ? -n : 0;
    case 2:
        (void)movement_move(tx, &m, to, NULL);
        assert_int_equal(
            fx_sql(tx, "SELECT coalesce(sum(qty_e3), 0) FROM balance"), before);
        return 0;
    default: {
        struct movement_line l = {1, 70,          1 + below(3), 1 + below(2),
                                  5, "alpine:70", "a"};
        if (below(3) == 0) {
            (void)movement_put_back(tx, &l, 1000 * below(3));
            return fx_sql(tx, "SELECT coalesce(sum(qty_e3), 0) FROM balance") -
                   before;
        }
        return movement_picked(tx, &l, "", n, NULL) == 1 ? -n : 0;
    }
    }
}

static void check_sums(struct db_tx *tx, int64_t expected) {
    assert_int_equal(fx_sql(tx, "SELECT coalesce(sum(qty_e3), 0) FROM balance"),
                     expected);
    assert_int_equal(
        fx_sql(tx,
               "SELECT count(*) FROM (SELECT item_id, bin_id, sum(qty_e3) AS q "
               "FROM movement GROUP BY 1, 2 HAVING q <> 0) m FULL JOIN balance "
               "b ON b.item_id = m.item_id AND b.bin_id = m.bin_id WHERE "
               "m.q IS NOT b.qty_e3"),
        0);
    assert_int_equal(
        fx_sql(tx, "SELECT count(*) FROM item i WHERE on_hand_e3 <> (SELECT "
                   "coalesce(sum(qty_e3), 0) FROM balance WHERE item_id = "
                   "i.id)"),
        0);
}

static const char *derived(struct db_tx *tx) {
    return fx_text(tx, "SELECT (SELECT group_concat(item_id || bin_id || "
                       "qty_e3) FROM balance) || (SELECT "
                       "group_concat(on_hand_e3 || blocked_e3 || reserved_e3 "
                       "|| incoming_e3 || due) FROM item)");
}

static void check_rebuild(struct db_tx *tx) {
    char before[4096];
    int64_t at = 0;
    (void)str_copy(before, sizeof before, derived(tx));
    (void)fx_sql(tx, "UPDATE balance SET qty_e3 = qty_e3 + 1");
    (void)fx_sql(tx, "UPDATE item SET on_hand_e3 = 7, reserved_e3 = 9");
    do
        at = item_rebuild(tx, at, 2);
    while (at > 0);
    assert_int_equal(at, 0);
    assert_string_equal(before, derived(tx));
}

TX_TEST(stock_is_conserved) {
    int64_t items[3], bins[4], sum = 0;
    for (int i = 0; i < 3; i++) {
        product(tx, 1, 5 + i, 0, i ? "" : "A");
        items[i] = item(tx, 1, 5 + i);
    }
    ordered(tx, "processing", 1);
    for (int i = 0; i < 4; i++) {
        char code[] = {'B', (char)('0' + i), 0};
        bins[i] = bin(tx, code, i, i == 3);
    }
    for (uint64_t seed = 1; seed <= 10; seed++) {
        dice = seed * 0x9e3779b97f4a7c15u;
        for (int i = 0; i < 60; i++)
            sum += act(tx, items, bins);
        check_sums(tx, sum);
        check_rebuild(tx);
    }
    assert_true(fx_sql(tx, "SELECT count(*) FROM movement") > 100);
    return 0;
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_sku_of_a_company_is_one_pile),
        cmocka_unit_test(a_number_in_bars_names_one_pile),
        cmocka_unit_test(what_comes_with_the_sku_later_is_linked),
        cmocka_unit_test(without_a_sku_each_is_its_own),
        cmocka_unit_test(what_only_has_variations_is_no_item),
        cmocka_unit_test(no_more_leaves_than_is_there),
        cmocka_unit_test(quarantine_is_on_hand_and_not_available),
        cmocka_unit_test(a_bin_that_holds_something_is_not_disabled),
        cmocka_unit_test(open_orders_reserve_what_is_not_picked),
        cmocka_unit_test(a_quantity_at_the_edge_is_bounded),
        cmocka_unit_test(a_pick_takes_from_the_named_bin_then_along_the_walk),
        cmocka_unit_test(what_nobody_keeps_here_is_picked_without_a_movement),
        cmocka_unit_test(units_of_a_listing_count),
        cmocka_unit_test(an_alert_is_told_when_it_comes_and_when_it_goes),
        cmocka_unit_test(our_threshold_counts_where_the_shop_has_none),
        cmocka_unit_test(stock_is_conserved),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
