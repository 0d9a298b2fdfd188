/* Counts of what is kept by lots and serials: each is a line of its own, the
 * ledger and the lots move together, and a serial is in one place. */
#include "common/arena.h"
#include "common/str.h"
#include "fixture.h"
#include "model/bin.h"
#include "model/count.h"
#include "model/item.h"
#include "model/lot.h"
#include "model/movement.h"

enum { PIECE = 1000 };

static struct arena *arena;
static struct stock_count counting;
static struct error why;

/* Product `remote` of store 1, kept so. */
static int64_t item(struct db_tx *tx, int remote, enum lot_track t) {
    int64_t id = 0;
    (void)fx_sql(tx,
                 "INSERT INTO product (store_id, remote_id, parent_id, type, "
                 "status, gone, sku, name, sort_name, manage, stock_e3, "
                 "stock_status, low, created_ms, modified_ms, read_seq, "
                 "raw_hash, hash) VALUES (1, %d, 0, 'simple', 'publish', 0, "
                 "'AO-%d', 'Gas %d', '', 1, 8000, '', 0, 0, 0, 0, x'', x'')",
                 remote, remote, remote);
    assert_int_equal(item_ensure(tx, 1, remote, &id), 0);
    assert_int_equal(lot_track_set(tx, id, t, NULL), 0);
    return id;
}

static int64_t bin(struct db_tx *tx, const char *code) {
    struct bin b = {0};
    (void)str_copy(b.code, sizeof b.code, code);
    if (bin_by_code(tx, code, &b) == 0)
        assert_int_equal(bin_create(tx, &b, NULL), 0);
    return b.id;
}

/* code NULL: of no lot. */
static void put(struct db_tx *tx, int64_t item_id, const char *where,
                const char *code, int64_t pieces) {
    struct movement m = {.item_id = item_id,
                         .bin_id = bin(tx, where),
                         .qty_e3 = pieces * PIECE,
                         .reason = "correction",
                         .author = "ali"};
    if (code)
        assert_int_equal(lot_name(tx, item_id, code, 0, &m.lot_id, NULL), 0);
    assert_int_equal(movement_add(tx, &m, NULL), 0);
}

static void begin(struct db_tx *tx, const char *where) {
    const int64_t id = bin(tx, where);
    const struct count_new n = {
        .bins = &id, .n_bins = 1, .blind = true, .note = "", .author = "ayse"};
    int64_t count = 0;
    assert_int_equal(count_begin(tx, &n, &count, NULL), 0);
    assert_int_equal(count_get(tx, count, &counting), 1);
}

static int64_t lot_of(struct db_tx *tx, int64_t item_id, const char *code) {
    int64_t id = 0;
    if (code)
        assert_int_equal(lot_name(tx, item_id, code, 0, &id, NULL), 0);
    return id;
}

static int counts(struct db_tx *tx, int64_t item_id, const char *where,
                  const char *code, int64_t pieces) {
    const struct count_at at = {bin(tx, where), item_id,
                                lot_of(tx, item_id, code)};
    int64_t e3;
    why = (struct error){0};
    return count_enter(tx, &counting, &at, pieces * PIECE, true, "ayse", &e3,
                       &why);
}

static bool submit(struct db_tx *tx) {
    bool within = false;
    assert_int_equal(count_get(tx, counting.id, &counting), 1);
    assert_int_equal(
        count_submit(tx, &counting, false, 0, "ayse", &within, &why), 0);
    assert_int_equal(count_get(tx, counting.id, &counting), 1);
    return within;
}

/* What the item has more by it; and what holds after anything. */
static int64_t approve(struct db_tx *tx, int64_t item_id) {
    struct count_delta *d;
    size_t n = 0;
    int64_t e3 = 0;
    int rc = count_apply(tx, &counting, "can", arena, &d, &n, &why);
    if (rc < 0)
        fail_msg("%s: %s", why.where, why.detail);
    for (size_t i = 0; i < n; i++)
        e3 += d[i].item_id == item_id ? d[i].e3 : 0;
    assert_int_equal(
        fx_sql(tx, "SELECT count(*) FROM lot l WHERE qty_e3 <> (SELECT "
                   "coalesce(sum(qty_e3), 0) FROM movement m WHERE m.lot_id = "
                   "l.id) OR qty_e3 <> (SELECT coalesce(sum(qty_e3), 0) FROM "
                   "lot_balance b WHERE b.lot_id = l.id)"),
        0);
    assert_int_equal(
        fx_sql(tx,
               "SELECT on_hand_e3 - (SELECT sum(qty_e3) FROM movement m "
               "WHERE m.item_id = item.id) FROM item WHERE id = %lld",
               (long long)item_id),
        0);
    return e3;
}

static int64_t lies(struct db_tx *tx, int64_t item_id, const char *where,
                    const char *code) {
    int64_t e3 = 0;
    assert_int_equal(
        lot_lies(tx, item_id, lot_of(tx, item_id, code), bin(tx, where), &e3),
        0);
    return e3 / PIECE;
}

static int64_t named(struct db_tx *tx, int64_t item_id) {
    return fx_sql(tx,
                  "SELECT coalesce(sum(qty_e3), 0) / 1000 FROM lot WHERE "
                  "item_id = %lld",
                  (long long)item_id);
}

/* --- lots --------------------------------------------------------------------
 */

TX_TEST(each_lot_differs_by_itself) {
    int64_t gas = item(tx, 5, LOT_BATCH);
    put(tx, gas, "A-1", "L1", 4);
    put(tx, gas, "A-1", "L2", 3);
    put(tx, gas, "A-1", "L3", 2);
    begin(tx, "A-1");
    assert_int_equal(fx_sql(tx, "SELECT count(*) FROM count_line"), 3);
    assert_int_equal(counts(tx, gas, "A-1", "L1", 3), 0);
    assert_int_equal(counts(tx, gas, "A-1", "l1", 2), 0); /* five by now */
    assert_int_equal(counts(tx, gas, "A-1", "L3", 2), 0);
    assert_int_equal(counts(tx, gas, "A-1", "L4", 1), 0); /* nobody knew it */
    assert_false(submit(tx));
    assert_int_equal(approve(tx, gas), -1 * PIECE); /* +1 -3 0 +1 */
    assert_int_equal(lies(tx, gas, "A-1", "L1"), 5);
    assert_int_equal(lies(tx, gas, "A-1", "L2"), 0);
    assert_int_equal(lies(tx, gas, "A-1", "L3"), 2);
    assert_int_equal(lies(tx, gas, "A-1", "L4"), 1);
    assert_int_equal(named(tx, gas), 8);
    assert_int_equal(fx_sql(tx, "SELECT on_hand_e3 FROM item"), 8 * PIECE);
    return 0;
}

/* The sum agrees, so that the shops hear nothing; and yet somebody looks. */
TX_TEST(pieces_from_before_get_their_names) {
    int64_t gas = item(tx, 5, LOT_NONE);
    put(tx, gas, "A-1", NULL, 5);
    assert_int_equal(lot_track_set(tx, gas, LOT_BATCH, NULL), 0);
    begin(tx, "A-1");
    assert_int_equal(counts(tx, gas, "A-1", "L1", 3), 0);
    assert_int_equal(counts(tx, gas, "A-1", "L2", 1), 0);
    assert_int_equal(counts(tx, gas, "A-1", NULL, 1), 0); /* has no label */
    assert_false(submit(tx));
    assert_int_equal(approve(tx, gas), 0);
    assert_int_equal(lies(tx, gas, "A-1", NULL), 1);
    assert_int_equal(named(tx, gas), 4);
    return 0;
}

TX_TEST(no_more_are_without_a_name_than_were) {
    int64_t gas = item(tx, 5, LOT_NONE);
    put(tx, gas, "A-1", NULL, 2);
    assert_int_equal(lot_track_set(tx, gas, LOT_BATCH, NULL), 0);
    begin(tx, "A-1");
    assert_int_equal(counts(tx, gas, "A-1", NULL, 2), 0);
    assert_int_equal(counts(tx, gas, "A-1", NULL, 1), ERR_INVALID);
    assert_string_equal(why.where, "lot");
    return 0;
}

/* What picking took beyond a lot is missing of none; counting cures it. */
TX_TEST(less_than_nothing_of_no_lot_is_cured) {
    int64_t gas = item(tx, 5, LOT_BATCH);
    put(tx, gas, "A-1", "L1", 2);
    assert_int_equal(movement_add(tx,
                                  &(struct movement){.item_id = gas,
                                                     .bin_id = bin(tx, "A-1"),
                                                     .qty_e3 = -2 * PIECE,
                                                     .reason = "correction",
                                                     .author = "ali",
                                                     .below = true},
                                  NULL),
                     0);
    begin(tx, "A-1"); /* the balance is nothing, and yet there are two lines */
    assert_int_equal(fx_sql(tx, "SELECT count(*) FROM count_line"), 2);
    assert_int_equal(counts(tx, gas, "A-1", "L1", 1), 0);
    assert_false(submit(tx));
    assert_int_equal(approve(tx, gas), PIECE);
    assert_int_equal(lies(tx, gas, "A-1", "L1"), 1);
    assert_int_equal(lies(tx, gas, "A-1", NULL), 0);
    return 0;
}

/* --- serials -----------------------------------------------------------------
 */

TX_TEST(a_serial_is_counted_once) {
    int64_t saw = item(tx, 5, LOT_SERIAL);
    put(tx, saw, "A-1", "SN1", 1);
    begin(tx, "A-1");
    assert_int_equal(counts(tx, saw, "A-1", "SN1", 2), ERR_CONFLICT);
    assert_int_equal(counts(tx, saw, "A-1", "SN1", 1), 0);
    assert_int_equal(counts(tx, saw, "A-1", "SN1", 1), ERR_CONFLICT);
    assert_int_equal(counts(tx, saw, "A-1", "SN1", -1), 0);
    assert_int_equal(counts(tx, saw, "A-1", "SN1", 1), 0);
    assert_true(submit(tx)); /* nobody else is needed */
    return 0;
}

TX_TEST(a_serial_that_is_found_leaves_where_it_was_said_to_be) {
    int64_t saw = item(tx, 5, LOT_SERIAL);
    struct count_line *l;
    size_t n;
    put(tx, saw, "A-1", "SN1", 1);
    put(tx, saw, "B-1", "SN2", 1);
    begin(tx, "A-1");
    assert_int_equal(counts(tx, saw, "A-1", "SN1", 1), 0);
    assert_int_equal(counts(tx, saw, "A-1", "SN2", 1), 0);
    assert_false(submit(tx));
    assert_int_equal(count_lines(tx, counting.id, arena, &l, &n), 0);
    assert_int_equal(n, 2);
    assert_string_equal(l[0].elsewhere, "");
    assert_string_equal(l[1].lot, "SN2");
    assert_string_equal(l[1].elsewhere, "B-1");
    assert_int_equal(approve(tx, saw), 0);
    assert_int_equal(lies(tx, saw, "A-1", "SN2"), 1);
    assert_int_equal(lies(tx, saw, "B-1", "SN2"), 0);
    return 0;
}

/* Somebody else said so between the scan and the approval. */
TX_TEST(a_serial_that_came_meanwhile_is_no_second_one) {
    int64_t saw = item(tx, 5, LOT_SERIAL);
    put(tx, saw, "B-1", "SN2", 1);
    begin(tx, "A-1");
    assert_int_equal(counts(tx, saw, "A-1", "SN2", 1), 0);
    assert_int_equal(
        movement_move(tx,
                      &(struct movement){.item_id = saw,
                                         .bin_id = bin(tx, "B-1"),
                                         .lot_id = lot_of(tx, saw, "SN2"),
                                         .qty_e3 = PIECE,
                                         .reason = "move",
                                         .author = "ali"},
                      bin(tx, "A-1"), NULL),
        0);
    (void)submit(tx);
    assert_int_equal(approve(tx, saw), 0);
    assert_int_equal(lies(tx, saw, "A-1", "SN2"), 1);
    return 0;
}

/* --- codes -------------------------------------------------------------------
 */

TX_TEST(a_lot_is_a_code_like_any_other) {
    int64_t gas = item(tx, 5, LOT_BATCH), oil = item(tx, 6, LOT_BATCH);
    struct count_at at = {.bin_id = bin(tx, "A-1")};
    put(tx, gas, "A-1", "L1", 1);
    put(tx, oil, "B-1", "L1", 1);
    put(tx, oil, "B-1", "L2", 1);
    begin(tx, "A-1");
    assert_int_equal(count_code(tx, &counting, "AO-5", &at, &why), 0);
    assert_int_equal(at.item_id, gas);
    assert_int_equal(at.lot_id, 0);
    assert_int_equal(count_code(tx, &counting, "l1", &at, &why), 0);
    assert_int_equal(at.item_id, gas); /* which is what lies there */
    assert_int_equal(at.lot_id, lot_of(tx, gas, "L1"));
    assert_int_equal(count_code(tx, &counting, "L2", &at, &why), 0);
    assert_int_equal(at.item_id, oil);
    assert_int_equal(count_code(tx, &counting, "L3", &at, &why), ERR_NOT_FOUND);
    at.bin_id = bin(tx, "C-1"); /* of neither */
    assert_int_equal(count_code(tx, &counting, "L1", &at, &why), ERR_CONFLICT);
    return 0;
}

int main(void) {
    struct kept *kept = kept_new();
    kept_use(kept);
    arena = arena_new(0);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_lot_differs_by_itself),
        cmocka_unit_test(pieces_from_before_get_their_names),
        cmocka_unit_test(no_more_are_without_a_name_than_were),
        cmocka_unit_test(less_than_nothing_of_no_lot_is_cured),
        cmocka_unit_test(a_serial_is_counted_once),
        cmocka_unit_test(a_serial_that_is_found_leaves_where_it_was_said_to_be),
        cmocka_unit_test(a_serial_that_came_meanwhile_is_no_second_one),
        cmocka_unit_test(a_lot_is_a_code_like_any_other),
    };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    arena_free(arena);
    kept_use(NULL);
    kept_free(kept);
    return failed;
}
