/* Goods that came back go into bins by the lot or serial they were sent with; a
 * serial that was not sent comes back by a word alone. */
#include <stdio.h>

#include "common/arena.h"
#include "common/str.h"
#include "fixture.h"
#include "model/bin.h"
#include "model/item.h"
#include "model/lot.h"
#include "model/movement.h"
#include "model/pack.h"
#include "model/return_put.h"

enum { PIECE = 1000, DAY_MS = 24 * 60 * 60 * 1000, LINE = 70 };

static struct arena *arena;
static struct error why;

/* Order 7 asks for so many of product 5, kept so, of which nothing is here. */
static int64_t ordered(struct db_tx *tx, enum lot_track t, int64_t pieces) {
    struct order o = fx_order(7, 1, 1);
    int64_t id = 0;
    tx->now = INT64_C(1000) * DAY_MS + FX_NOW;
    o.status = "processing";
    o.lines[0].sku = "AO-5";
    o.lines[0].product_id = 5;
    o.lines[0].variation_id = 0;
    o.lines[0].qty_e3 = pieces * PIECE;
    fx_put_order(tx, &o, 1,
                 "{\"id\":7,\"status\":\"processing\",\"total\":\"1\","
                 "\"line_items\":[{\"id\":70,\"name\":\"Gas\"}]}");
    (void)fx_sql(tx, "INSERT INTO product (store_id, remote_id, parent_id, "
                     "type, status, gone, sku, name, sort_name, manage, "
                     "stock_e3, stock_status, low, created_ms, modified_ms, "
                     "read_seq, raw_hash, hash) VALUES (1, 5, 0, 'simple', "
                     "'publish', 0, 'AO-5', 'Gas', '', 1, 8000, '', 0, 0, 0, "
                     "0, x'', x'')");
    assert_int_equal(item_ensure(tx, 1, 5, &id), 0);
    assert_int_equal(lot_track_set(tx, id, t, NULL), 0);
    return id;
}

/* A piece of that lot, good for so many days (0: it keeps), in that bin. */
static int64_t put(struct db_tx *tx, int64_t item, const char *bin,
                   const char *code, int days) {
    struct movement m = {.item_id = item,
                         .qty_e3 = PIECE,
                         .reason = "correction",
                         .author = "ali"};
    struct bin b = {0};
    int64_t day = tx->now - tx->now % DAY_MS + (int64_t)days * DAY_MS;
    (void)str_copy(b.code, sizeof b.code, bin);
    if (bin_by_code(tx, bin, &b) == 0)
        assert_int_equal(bin_create(tx, &b, NULL), 0);
    m.bin_id = b.id;
    assert_int_equal(lot_name(tx, item, code, days ? day : 0, &m.lot_id, NULL),
                     0);
    assert_int_equal(movement_add(tx, &m, NULL), 0);
    return m.lot_id;
}

/* Packed by those codes, NULL-ended, and gone. */
static void sent(struct db_tx *tx, const char *const *codes) {
    const struct pack_begin b = {.store_id = 1, .remote_id = 7, .who = "ali"};
    struct pack k = {0};
    if (pack_begin(tx, &b, arena, &k, &why) < 0)
        fail_msg("%s: %s", why.where, why.detail);
    for (; *codes; codes++) {
        struct pack_scanned s = {0};
        assert_int_equal(pack_scan(tx, &k, *codes, 0, "ali", arena, &s, &why),
                         0);
        assert_int_equal(s.verdict, PACK_OK);
    }
    assert_int_equal(pack_finish(tx, &k, "ali", arena, &why), 0);
    (void)fx_sql(tx, "UPDATE work SET state = 'done'"); /* it was shipped */
}

/* So many of the line are here and fit. */
static struct return_line back(struct db_tx *tx, int64_t pieces,
                               struct return_ *ret) {
    const struct return_want want = {LINE, pieces * PIECE, "Gas"};
    const struct return_new n = {.store_id = 1,
                                 .remote_id = 7,
                                 .reason = "defective",
                                 .note = "",
                                 .who = "ayse",
                                 .lines = &want,
                                 .n = 1};
    const struct return_fate f = {LINE, pieces * PIECE, 0, 0};
    struct return_line *l;
    int64_t id;
    size_t lines;
    assert_int_equal(return_create(tx, &n, arena, &id, &why), 0);
    assert_int_equal(return_get(tx, id, arena, ret), 1);
    assert_true(return_approve(tx, ret, "", "ayse", &why) >= 0);
    assert_int_equal(return_get(tx, id, arena, ret), 1);
    assert_true(
        return_receive(tx, ret, LINE, 0, pieces * PIECE, "ayse", &why) >= 0);
    assert_int_equal(return_get(tx, id, arena, ret), 1);
    assert_true(return_inspect(tx, ret, &f, 1, "", "ayse", &why) >= 0);
    assert_int_equal(return_get(tx, id, arena, ret), 1);
    assert_int_equal(return_lines(tx, id, arena, &l, &lines), 0);
    return l[0];
}

static int gives(struct db_tx *tx, const struct return_ *r,
                 const struct return_line *l, const char *lot, int64_t pieces,
                 const char *unsent) {
    const struct return_piece one = {LINE, lot, pieces * PIECE};
    const struct return_put p = {
        .pieces = &one, .n = lot != NULL, .unsent = unsent, .who = "ayse"};
    why = (struct error){0};
    return return_put(tx, r, l, &p, &why);
}

static int64_t lies(struct db_tx *tx, int64_t item_id, const char *bin,
                    const char *code) {
    struct bin b;
    struct lot l = {0};
    int64_t e3 = 0;
    assert_int_equal(bin_by_code(tx, bin, &b), 1);
    if (code && lot_by_code(tx, item_id, code, &l) == 0)
        return 0;
    assert_int_equal(lot_lies(tx, item_id, l.id, b.id, &e3), 0);
    return e3 / PIECE;
}

static const char *lots_of(struct db_tx *tx, const struct return_ *r,
                           const struct return_line *l) {
    struct return_home h;
    assert_int_equal(return_home(tx, r, l, arena, &h), 0);
    assert_string_equal(h.bin, "A-1");
    return return_home_lots(&h, l->restock_e3, arena);
}

/* --- lots --------------------------------------------------------------------
 */

TX_TEST(the_one_lot_that_was_sent_is_the_one_that_comes_back) {
    int64_t gas = ordered(tx, LOT_BATCH, 2);
    struct return_ r;
    (void)put(tx, gas, "A-1", "L1", 9);
    (void)put(tx, gas, "A-1", "L1", 9);
    sent(tx, (const char *[]){"L1", "L1", NULL});
    struct return_line l = back(tx, 1, &r);
    assert_string_equal(lots_of(tx, &r, &l), "L1");
    assert_int_equal(gives(tx, &r, &l, NULL, 0, NULL), 0);
    assert_int_equal(lies(tx, gas, "A-1", "L1"), 1);
    assert_string_equal(fx_text(tx, "SELECT reason || ref FROM movement ORDER "
                                    "BY id DESC LIMIT 1"),
                        "returnR-1");
    return 0;
}

TX_TEST(of_two_lots_the_one_is_named) {
    int64_t gas = ordered(tx, LOT_BATCH, 2);
    struct return_ r;
    (void)put(tx, gas, "A-1", "L1", 9);
    (void)put(tx, gas, "A-1", "L2", 90);
    sent(tx, (const char *[]){"L1", "L2", NULL});
    struct return_line l = back(tx, 1, &r);
    assert_string_equal(lots_of(tx, &r, &l), "");
    assert_int_equal(gives(tx, &r, &l, NULL, 0, NULL), ERR_INVALID);
    assert_int_equal(gives(tx, &r, &l, "L9", 1, NULL), ERR_CONFLICT);
    assert_int_equal(gives(tx, &r, &l, "L2", 2, NULL), ERR_INVALID);
    assert_int_equal(gives(tx, &r, &l, "l2", 0, NULL), 0);
    assert_int_equal(lies(tx, gas, "A-1", "L1"), 0);
    assert_int_equal(lies(tx, gas, "A-1", "L2"), 1);
    return 0;
}

TX_TEST(all_of_both_lots_is_no_doubt) {
    int64_t gas = ordered(tx, LOT_BATCH, 2);
    struct return_ r;
    (void)put(tx, gas, "A-1", "L1", 9);
    (void)put(tx, gas, "A-1", "L2", 90);
    sent(tx, (const char *[]){"L1", "L2", NULL});
    struct return_line l = back(tx, 2, &r);
    assert_int_equal(strlen(lots_of(tx, &r, &l)), strlen("L1, L2"));
    assert_int_equal(gives(tx, &r, &l, NULL, 0, NULL), 0);
    assert_int_equal(lies(tx, gas, "A-1", "L1"), 1);
    assert_int_equal(lies(tx, gas, "A-1", "L2"), 1);
    return 0;
}

/* --- serials -----------------------------------------------------------------
 */

TX_TEST(a_serial_that_was_not_sent_needs_a_word) {
    int64_t saw = ordered(tx, LOT_SERIAL, 1);
    struct return_ r;
    (void)put(tx, saw, "A-1", "SN1", 0);
    (void)put(tx, saw, "A-1", "SN2", 0);
    sent(tx, (const char *[]){"SN1", NULL});
    struct return_line l = back(tx, 1, &r);
    assert_string_equal(lots_of(tx, &r, &l), "SN1");
    assert_int_equal(gives(tx, &r, &l, "SN9", 0, NULL), ERR_CONFLICT);
    assert_non_null(strstr(why.detail, "was not sent"));
    assert_int_equal(gives(tx, &r, &l, "SN2", 0, "swapped"), ERR_CONFLICT);
    assert_non_null(strstr(why.detail, "lies in a bin already"));
    assert_int_equal(gives(tx, &r, &l, "SN9", 0, "swapped by the courier"), 0);
    assert_int_equal(lies(tx, saw, "A-1", "SN9"), 1);
    assert_int_equal(lies(tx, saw, "A-1", "SN1"), 0);
    assert_string_equal(fx_text(tx,
                                "SELECT detail FROM order_event WHERE what "
                                "= 'return_unsent' AND detail LIKE 'SN9%%'"),
                        "SN9: swapped by the courier");
    return 0;
}

TX_TEST(a_serial_comes_back_once) {
    int64_t saw = ordered(tx, LOT_SERIAL, 1);
    struct return_ r;
    (void)put(tx, saw, "A-1", "SN1", 0);
    sent(tx, (const char *[]){"SN1", NULL});
    struct return_line l = back(tx, 1, &r);
    assert_int_equal(gives(tx, &r, &l, NULL, 0, NULL), 0);
    assert_int_equal(lies(tx, saw, "A-1", "SN1"), 1);
    assert_int_equal(gives(tx, &r, &l, "SN1", 0, "again"), ERR_CONFLICT);
    return 0;
}

/* --- bins --------------------------------------------------------------------
 */

TX_TEST(nothing_goes_where_nothing_is_for_sale) {
    int64_t gas = ordered(tx, LOT_BATCH, 1);
    struct bin b;
    struct return_ r;
    (void)put(tx, gas, "A-1", "L1", 9);
    sent(tx, (const char *[]){"L1", NULL});
    struct return_line l = back(tx, 1, &r);
    assert_int_equal(bin_by_code(tx, "A-1", &b), 1);
    b.quarantine = true;
    assert_int_equal(bin_update(tx, &b, NULL), 0);
    assert_int_equal(gives(tx, &r, &l, NULL, 0, NULL), ERR_INVALID);
    assert_string_equal(why.where, "bin");
    const struct return_put there = {.bin = &b, .who = "ayse"};
    assert_int_equal(return_put(tx, &r, &l, &there, &why), ERR_CONFLICT);
    return 0;
}

/* What nobody keeps in bins is the shop's number alone. */
TX_TEST(without_bins_nothing_is_written) {
    int64_t gas = ordered(tx, LOT_NONE, 1);
    struct return_ r;
    sent(tx, (const char *[]){"AO-5", NULL});
    struct return_line l = back(tx, 1, &r);
    assert_int_equal(gives(tx, &r, &l, NULL, 0, NULL), 0);
    assert_int_equal(fx_sql(tx, "SELECT count(*) FROM movement"), 0);
    (void)gas;
    return 0;
}

int main(void) {
    struct kept *kept = kept_new();
    kept_use(kept);
    arena = arena_new(0);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_one_lot_that_was_sent_is_the_one_that_comes_back),
        cmocka_unit_test(of_two_lots_the_one_is_named),
        cmocka_unit_test(all_of_both_lots_is_no_doubt),
        cmocka_unit_test(a_serial_that_was_not_sent_needs_a_word),
        cmocka_unit_test(a_serial_comes_back_once),
        cmocka_unit_test(nothing_goes_where_nothing_is_for_sale),
        cmocka_unit_test(without_bins_nothing_is_written),
    };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    arena_free(arena);
    kept_use(NULL);
    kept_free(kept);
    return failed;
}
