/* Lots and serials in picking and packing: what is named, what stops, and that
 * the goods that move are the ones that were scanned. */
#include <stdio.h>
#include <stdlib.h>

#include "common/arena.h"
#include "common/str.h"
#include "fixture.h"
#include "model/bin.h"
#include "model/item.h"
#include "model/lot.h"
#include "model/movement.h"
#include "model/pack.h"
#include "model/pick.h"

enum { PIECE = 1000, DAY_MS = 24 * 60 * 60 * 1000 };

static struct arena *arena;

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

/* What lies in that bin is not for sale from now on. */
static void set_aside(struct db_tx *tx, const char *code) {
    struct bin b;
    assert_int_equal(bin_by_code(tx, code, &b), 1);
    b.quarantine = true;
    assert_int_equal(bin_update(tx, &b, NULL), 0);
}

static int64_t in_bin(struct db_tx *tx, const char *bin) {
    return fx_sql(tx,
                  "SELECT coalesce(sum(a.qty_e3), 0) FROM balance a JOIN bin b "
                  "ON b.id = a.bin_id WHERE b.code = '%s'",
                  bin);
}

static int64_t left(struct db_tx *tx, const char *code) {
    return fx_sql(tx, "SELECT qty_e3 FROM lot WHERE code = '%s'", code);
}

static struct pick picking(struct db_tx *tx) {
    const struct pick_order o = {1, 7, "alpine:7"};
    struct error e = {0};
    struct pick p = {0};
    if (pick_begin(tx, &o, 1, "single", "ali", arena, &p, &e) < 0)
        fail_msg("%s: %s", e.where, e.detail);
    return p;
}

static enum pick_verdict picks(struct db_tx *tx, struct pick *p,
                               const char *code) {
    struct pick_scan s = {0};
    struct error e = {0};
    if (pick_scan(tx, p, code, PIECE, "ali", arena, &s, &e) < 0)
        fail_msg("%s: %s", e.where, e.detail);
    return s.verdict;
}

static struct pack packing(struct db_tx *tx) {
    const struct pack_begin b = {.store_id = 1, .remote_id = 7, .who = "ali"};
    struct error e = {0};
    struct pack p = {0};
    if (pack_begin(tx, &b, arena, &p, &e) < 0)
        fail_msg("%s: %s", e.where, e.detail);
    return p;
}

static enum pack_verdict packs(struct db_tx *tx, struct pack *p,
                               const char *code) {
    struct pack_scanned s = {0};
    struct error e = {0};
    if (pack_scan(tx, p, code, 0, "ali", arena, &s, &e) < 0)
        fail_msg("%s: %s", e.where, e.detail);
    return s.verdict;
}

/* --- lots --------------------------------------------------------------------
 */

TX_TEST(the_lot_that_was_scanned_is_the_one_that_leaves) {
    int64_t item = ordered(tx, LOT_BATCH, 2);
    struct lot proposed;
    (void)put(tx, item, "A-1", "LATE", 90);
    (void)put(tx, item, "B-1", "SOON", 9);
    (void)put(tx, item, "C-1", "NEXT", 20);
    struct pick p = picking(tx);
    assert_string_equal(p.lines[0].l.bin, "B-1");
    assert_int_equal(pick_proposes(tx, &p.works[0], &p.lines[0].l, &proposed),
                     1);
    assert_string_equal(proposed.code, "SOON");
    assert_int_equal(picks(tx, &p, "late"), PICK_OK);
    assert_int_equal(picks(tx, &p, "AO-5"), PICK_OK); /* the first to expire */
    assert_int_equal(pick_finish(tx, &p, "ali", NULL), 0);
    assert_int_equal(left(tx, "LATE"), 0);
    assert_int_equal(left(tx, "SOON"), 0);
    assert_int_equal(left(tx, "NEXT"), PIECE);
    struct pack k = packing(tx);
    assert_int_equal(packs(tx, &k, "AO-5"), PACK_OK);
    assert_int_equal(packs(tx, &k, "AO-5"), PACK_OK);
    assert_int_equal(pack_finish(tx, &k, "ali", arena, NULL), 0);
    assert_int_equal(left(tx, "LATE") + left(tx, "SOON"), 0);
    assert_int_equal(pack_put_back(tx, &k, "ali", arena, NULL), 0);
    assert_int_equal(left(tx, "LATE"), PIECE);
    assert_int_equal(left(tx, "SOON"), PIECE);
    return 0;
}

TX_TEST(what_has_expired_stops_until_an_admin_says_why) {
    int64_t item = ordered(tx, LOT_BATCH, 1);
    (void)put(tx, item, "A-1", "BAD", -1);
    struct pick p = picking(tx);
    assert_int_equal(picks(tx, &p, "BAD"), PICK_EXPIRED);
    assert_int_equal(picks(tx, &p, "AO-5"), PICK_EXPIRED);
    assert_int_equal(p.lines[0].l.picked_e3, 0);
    p.overrules = "a sample";
    assert_int_equal(picks(tx, &p, "BAD"), PICK_OK);
    assert_string_equal(
        fx_text(tx, "SELECT detail FROM order_event WHERE what = 'expired'"),
        "a sample");
    assert_int_equal(pick_finish(tx, &p, "ali", NULL), 0);
    assert_int_equal(left(tx, "BAD"), 0);
    struct pack k = packing(tx); /* it was judged when it was picked */
    assert_int_equal(packs(tx, &k, "AO-5"), PACK_OK);
    return 0;
}

TX_TEST(a_scan_taken_back_names_its_lot_no_more) {
    struct pick_scan s;
    int64_t item = ordered(tx, LOT_BATCH, 1);
    (void)put(tx, item, "A-1", "SOON", 9);
    (void)put(tx, item, "A-1", "LATE", 90);
    struct pick p = picking(tx);
    assert_int_equal(picks(tx, &p, "LATE"), PICK_OK);
    assert_int_equal(pick_undo(tx, &p, "ali", arena, &s, NULL), 0);
    assert_int_equal(picks(tx, &p, "SOON"), PICK_OK);
    assert_int_equal(pick_finish(tx, &p, "ali", NULL), 0);
    assert_int_equal(left(tx, "LATE"), PIECE);
    assert_int_equal(left(tx, "SOON"), 0);
    return 0;
}

/* --- serials
 * ------------------------------------------------------------------ */

TX_TEST(of_a_serial_item_the_serial_is_scanned) {
    int64_t item = ordered(tx, LOT_SERIAL, 1);
    (void)put(tx, item, "A-1", "SN1", 0);
    (void)put(tx, item, "A-1", "SN2", 0);
    struct pick p = picking(tx);
    assert_int_equal(picks(tx, &p, "AO-5"), PICK_SERIAL);
    assert_int_equal(picks(tx, &p, "SN9"), PICK_UNKNOWN);
    assert_int_equal(picks(tx, &p, "SN1"), PICK_OK);
    assert_int_equal(pick_finish(tx, &p, "ali", NULL), 0);
    assert_int_equal(left(tx, "SN1"), 0);
    struct pack k = packing(tx);
    assert_int_equal(packs(tx, &k, "AO-5"), PACK_SERIAL);
    assert_int_equal(packs(tx, &k, "SN2"), PACK_USED); /* not what was picked */
    assert_int_equal(pack_rest(tx, &k, "ali", arena, NULL), ERR_CONFLICT);
    assert_int_equal(packs(tx, &k, "SN1"), PACK_OK);
    assert_int_equal(packs(tx, &k, "SN1"), PACK_EXCESS);
    assert_int_equal(left(tx, "SN2"), PIECE);
    return 0;
}

TX_TEST(a_serial_is_packed_once) {
    int64_t item = ordered(tx, LOT_SERIAL, 2);
    (void)put(tx, item, "A-1", "SN1", 0);
    (void)put(tx, item, "A-1", "SN2", 0);
    struct pack k = packing(tx); /* nobody picks first */
    assert_int_equal(packs(tx, &k, "SN1"), PACK_OK);
    assert_int_equal(packs(tx, &k, "SN1"), PACK_USED);
    assert_int_equal(pack_undo(tx, &k, "ali", arena, NULL), 0);
    assert_int_equal(packs(tx, &k, "SN1"), PACK_OK);
    assert_int_equal(packs(tx, &k, "SN2"), PACK_OK);
    assert_int_equal(pack_finish(tx, &k, "ali", arena, NULL), 0);
    assert_int_equal(left(tx, "SN1") + left(tx, "SN2"), 0);
    return 0;
}

/* What one parcel held is free again when it is void. */
TX_TEST(a_void_parcel_frees_its_serials) {
    int64_t item = ordered(tx, LOT_SERIAL, 2);
    struct error e = {0};
    (void)put(tx, item, "A-1", "SN1", 0);
    (void)put(tx, item, "A-1", "SN2", 0);
    struct pack k = packing(tx);
    assert_int_equal(packs(tx, &k, "SN2"), PACK_OK);
    assert_int_equal(pack_new_parcel(tx, &k, "ali", arena, &e), 0);
    assert_int_equal(packs(tx, &k, "SN1"), PACK_OK);
    assert_int_equal(pack_finish(tx, &k, "ali", arena, &e), 0);
    const struct parcel last = k.parcels[k.n_parcels - 1];
    assert_int_equal(pack_void(tx, &last, "ali", arena, &e), 0);
    k = packing(tx);
    assert_int_equal(packs(tx, &k, "SN2"), PACK_USED);
    assert_int_equal(packs(tx, &k, "SN1"), PACK_OK);
    return 0;
}

/* --- quarantine --------------------------------------------------------------
 */

TX_TEST(a_serial_in_quarantine_is_neither_picked_nor_packed) {
    int64_t item = ordered(tx, LOT_SERIAL, 1);
    (void)put(tx, item, "A-1", "SN1", 0);
    (void)put(tx, item, "Q-1", "SN2", 0);
    set_aside(tx, "Q-1");
    struct pack k = packing(tx); /* nobody picks first */
    assert_int_equal(packs(tx, &k, "SN2"), PACK_QUARANTINE);
    assert_int_equal(pack_put_back(tx, &k, "ali", arena, NULL), 0);
    struct pick p = picking(tx);
    p.overrules = "a sample"; /* lets out what has expired, and no more */
    assert_int_equal(picks(tx, &p, "SN2"), PICK_QUARANTINE);
    assert_int_equal(p.lines[0].l.picked_e3, 0);
    assert_int_equal(picks(tx, &p, "SN1"), PICK_OK);
    assert_int_equal(left(tx, "SN2"), PIECE);
    return 0;
}

TX_TEST(a_lot_goes_from_where_it_is_for_sale) {
    int64_t item = ordered(tx, LOT_BATCH, 2);
    (void)put(tx, item, "A-0", "L1", 9);
    (void)put(tx, item, "A-1", "L1", 9);
    set_aside(tx, "A-0"); /* the first of the walk */
    struct pick p = picking(tx);
    assert_string_equal(p.lines[0].l.bin, "A-1");
    assert_int_equal(picks(tx, &p, "L1"), PICK_OK);
    assert_int_equal(picks(tx, &p, "L1"), PICK_QUARANTINE);
    assert_int_equal(
        pick_undo(tx, &p, "ali", arena, &(struct pick_scan){0}, NULL), 0);
    assert_int_equal(picks(tx, &p, "L1"), PICK_OK);
    assert_int_equal(
        pick_short(tx, &p,
                   &(struct pick_short){.work_id = p.works[0].id,
                                        .line_id = p.lines[0].l.line_id,
                                        .reason = "missing",
                                        .way = "backorder"},
                   "ali", NULL),
        0);
    assert_int_equal(pick_finish(tx, &p, "ali", NULL), 0);
    assert_int_equal(in_bin(tx, "A-0"), PIECE);
    assert_int_equal(in_bin(tx, "A-1"), 0);
    struct pack k = packing(tx); /* the one that was picked */
    assert_int_equal(packs(tx, &k, "L1"), PACK_OK);
    return 0;
}

TX_TEST(of_what_all_lies_in_quarantine_nothing_goes) {
    static const enum lot_track kinds[] = {LOT_NONE, LOT_BATCH};
    int64_t item = ordered(tx, LOT_BATCH, 1);
    (void)put(tx, item, "Q-1", "L1", 9);
    struct pick p = picking(tx);
    set_aside(tx, "Q-1"); /* while somebody walks to it */
    for (size_t i = 0; i < 2; i++) {
        (void)fx_sql(tx, "UPDATE item SET track = '%s'",
                     kinds[i] == LOT_NONE ? "" : "lot");
        assert_int_equal(picks(tx, &p, "AO-5"), PICK_QUARANTINE);
    }
    assert_int_equal(picks(tx, &p, "L1"), PICK_QUARANTINE);
    assert_int_equal(p.lines[0].l.picked_e3, 0);
    assert_int_equal(pick_drop(tx, &p, "ali", NULL), 0);
    struct pack k = packing(tx);
    assert_int_equal(pack_rest(tx, &k, "ali", arena, NULL), ERR_CONFLICT);
    assert_int_equal(packs(tx, &k, "AO-5"), PACK_QUARANTINE);
    assert_int_equal(in_bin(tx, "Q-1"), PIECE);
    return 0;
}

int main(void) {
    struct kept *kept = kept_new();
    kept_use(kept);
    arena = arena_new(0);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_lot_that_was_scanned_is_the_one_that_leaves),
        cmocka_unit_test(what_has_expired_stops_until_an_admin_says_why),
        cmocka_unit_test(a_scan_taken_back_names_its_lot_no_more),
        cmocka_unit_test(of_a_serial_item_the_serial_is_scanned),
        cmocka_unit_test(a_serial_is_packed_once),
        cmocka_unit_test(a_void_parcel_frees_its_serials),
        cmocka_unit_test(a_serial_in_quarantine_is_neither_picked_nor_packed),
        cmocka_unit_test(a_lot_goes_from_where_it_is_for_sale),
        cmocka_unit_test(of_what_all_lies_in_quarantine_nothing_goes),
    };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    arena_free(arena);
    kept_use(NULL);
    kept_free(kept);
    return failed;
}
