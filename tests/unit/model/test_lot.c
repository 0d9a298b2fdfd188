/* Lots and serials: pieces of each are conserved, what goes bad first goes
 * first, and a serial is in one place at most. */
#include "common/arena.h"
#include "common/str.h"
#include "common/when.h"
#include "common/zone.h"
#include "fixture.h"
#include "model/bin.h"
#include "model/item.h"
#include "model/lot.h"
#include "model/movement.h"

enum { PIECE = 1000 };

/* An item of that kind, product `remote` of store 1. */
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

static int64_t bin(struct db_tx *tx, const char *code, int place) {
    struct bin b = {.place = place};
    (void)str_copy(b.code, sizeof b.code, code);
    assert_int_equal(bin_create(tx, &b, NULL), 0);
    return b.id;
}

enum { DAY_MS = 24 * 60 * 60 * 1000 };

/* So many days from today, of a day that has yesterdays. */
static int64_t day(struct db_tx *tx, int days) {
    tx->now = INT64_C(1000) * DAY_MS + FX_NOW;
    int64_t now = db_now(tx);
    return now - now % DAY_MS + (int64_t)days * DAY_MS;
}

static int64_t lot(struct db_tx *tx, int64_t item_id, const char *code,
                   int64_t expires_ms) {
    int64_t id = 0;
    assert_int_equal(lot_name(tx, item_id, code, expires_ms, &id, NULL), 0);
    return id;
}

static int put(struct db_tx *tx, int64_t item_id, int64_t bin_id,
               int64_t lot_id, int64_t e3) {
    struct movement m = {.item_id = item_id,
                         .bin_id = bin_id,
                         .lot_id = lot_id,
                         .qty_e3 = e3,
                         .reason = "correction",
                         .author = "ali"};
    return movement_add(tx, &m, NULL);
}

static int move(struct db_tx *tx, int64_t item_id, int64_t from, int64_t to,
                int64_t lot_id, int64_t e3) {
    struct movement m = {.item_id = item_id,
                         .bin_id = from,
                         .lot_id = lot_id,
                         .qty_e3 = e3,
                         .reason = "move",
                         .author = "ali"};
    return movement_move(tx, &m, to, NULL);
}

static int64_t lies(struct db_tx *tx, int64_t lot_id, int64_t bin_id) {
    return fx_sql(tx,
                  "SELECT coalesce(sum(qty_e3), 0) FROM lot_balance "
                  "WHERE lot_id = %lld AND bin_id = %lld",
                  (long long)lot_id, (long long)bin_id);
}

/* --- names ---------------------------------------------------------------- */

TX_TEST(a_lot_is_asked_for_where_the_item_does) {
    int64_t plain = item(tx, 5, LOT_NONE), kept = item(tx, 6, LOT_BATCH);
    int64_t a = bin(tx, "A-1", 1), id = 0;
    assert_int_equal(put(tx, plain, a, 0, PIECE), 0);
    assert_int_equal(lot_name(tx, plain, "L1", 0, &id, NULL), ERR_INVALID);
    assert_int_equal(put(tx, kept, a, 0, PIECE), ERR_INVALID);
    int64_t l = lot(tx, kept, "L1", 0);
    assert_int_equal(put(tx, plain, a, l, PIECE), ERR_INVALID);
    assert_int_equal(put(tx, kept, a, l, 2 * PIECE), 0);
    assert_int_equal(put(tx, kept, a, 0, -PIECE), ERR_INVALID);
    assert_int_equal(put(tx, kept, a, l, -3 * PIECE), ERR_CONFLICT);
    assert_int_equal(put(tx, kept, a, l, -2 * PIECE), 0);
    assert_int_equal(fx_sql(tx, "SELECT count(*) FROM lot_balance"), 0);
    return 0;
}

TX_TEST(a_code_is_what_a_label_can_hold) {
    int64_t i = item(tx, 5, LOT_BATCH), id = 7;
    assert_int_equal(lot_name(tx, i, "", 0, &id, NULL), ERR_INVALID);
    assert_int_equal(lot_name(tx, i, " L1", 0, &id, NULL), ERR_INVALID);
    assert_int_equal(lot_name(tx, i, "L\x1b[2J", 0, &id, NULL), ERR_INVALID);
    assert_int_equal(id, 7);
    assert_int_equal(lot(tx, i, "Lot 1", 0), lot(tx, i, "LOT 1", 0));
    return 0;
}

/* Which of two days it is nobody can tell but by the label. */
TX_TEST(a_lot_expires_on_one_day) {
    int64_t i = item(tx, 5, LOT_BATCH), l = lot(tx, i, "L1", 0), id = 0;
    struct lot got;
    assert_int_equal(lot(tx, i, "L1", day(tx, 9)), l);
    assert_int_equal(lot(tx, i, "L1", 0), l);
    assert_int_equal(lot_name(tx, i, "L1", day(tx, 8), &id, NULL),
                     ERR_CONFLICT);
    assert_int_equal(lot_get(tx, l, &got), 1);
    assert_int_equal(got.expires_ms, day(tx, 9));
    assert_int_equal(lot_set_expires(tx, &got, day(tx, 8)), 0);
    assert_int_equal(lot(tx, i, "L1", day(tx, 8)), l);
    return 0;
}

/* What was there before has no name until it is counted, and may go. */
TX_TEST(what_lay_there_before_goes_without_a_lot) {
    int64_t i = item(tx, 5, LOT_NONE), a = bin(tx, "A-1", 1);
    assert_int_equal(put(tx, i, a, 0, 3 * PIECE), 0);
    assert_int_equal(lot_track_set(tx, i, LOT_BATCH, NULL), 0);
    int64_t l = lot(tx, i, "L1", 0);
    assert_int_equal(put(tx, i, a, l, PIECE), 0);
    assert_int_equal(put(tx, i, a, 0, -4 * PIECE), ERR_INVALID);
    assert_int_equal(put(tx, i, a, 0, -3 * PIECE), 0);
    assert_int_equal(lies(tx, l, a), PIECE);
    assert_int_equal(lot_track_set(tx, i, LOT_NONE, NULL), ERR_CONFLICT);
    assert_int_equal(put(tx, i, a, l, -PIECE), 0);
    assert_int_equal(lot_track_set(tx, i, LOT_NONE, NULL), 0);
    return 0;
}

/* --- serials ---------------------------------------------------------------
 */

TX_TEST(a_serial_is_one_piece_in_one_place) {
    int64_t i = item(tx, 5, LOT_SERIAL), s = lot(tx, i, "SN1", 0);
    int64_t a = bin(tx, "A-1", 1), b = bin(tx, "B-1", 2);
    assert_int_equal(put(tx, i, a, s, 2 * PIECE), ERR_INVALID);
    assert_int_equal(put(tx, i, a, s, PIECE), 0);
    assert_int_equal(put(tx, i, a, s, PIECE), ERR_CONFLICT);
    assert_int_equal(put(tx, i, b, s, PIECE), ERR_CONFLICT);
    assert_int_equal(move(tx, i, b, a, s, PIECE), ERR_CONFLICT);
    assert_int_equal(move(tx, i, a, b, s, PIECE), 0);
    assert_int_equal(lies(tx, s, a), 0);
    assert_int_equal(lies(tx, s, b), PIECE);
    return 0;
}

static void work(struct db_tx *tx, const char *state) {
    (void)fx_sql(tx,
                 "INSERT OR REPLACE INTO work (id, store_id, remote_id, state, "
                 "basis, begun_ms, begun_by) VALUES (1, 1, 70, '%s', x'', 0, "
                 "'')",
                 state);
}

/* In the picker's hand it is in a place too; once it left it may come back. */
TX_TEST(a_serial_in_hand_does_not_come_again) {
    int64_t i = item(tx, 5, LOT_SERIAL), s = lot(tx, i, "SN1", 0);
    int64_t a = bin(tx, "A-1", 1);
    struct movement_line l = {1, 70, 1, 1, 5, "alpine:70", "ali", 0, s};
    work(tx, "picked");
    assert_int_equal(put(tx, i, a, s, PIECE), 0);
    assert_int_equal(movement_picked(tx, &l, "", PIECE, NULL), 1);
    assert_int_equal(put(tx, i, a, s, PIECE), ERR_CONFLICT);
    assert_int_equal(movement_put_back(tx, &l, 0), 1);
    assert_int_equal(lies(tx, s, a), PIECE);
    assert_int_equal(movement_picked(tx, &l, "", PIECE, NULL), 1);
    work(tx, "done");
    assert_int_equal(put(tx, i, a, s, PIECE), 0);
    return 0;
}

/* --- picking -------------------------------------------------------------- */

TX_TEST(what_goes_bad_first_is_picked_first_and_never_too_late) {
    int64_t i = item(tx, 5, LOT_BATCH);
    int64_t a = bin(tx, "A-1", 1), b = bin(tx, "B-1", 2), c = bin(tx, "C-1", 3);
    int64_t keeps = lot(tx, i, "K", 0), late = lot(tx, i, "L", day(tx, 90));
    int64_t soon = lot(tx, i, "S", day(tx, 0)),
            bad = lot(tx, i, "X", day(tx, -1));
    struct movement_line l = {1, 70, 1, 1, 5, "alpine:70", "ali", 0, 0};
    struct bin where;
    assert_int_equal(put(tx, i, a, keeps, PIECE), 0);
    assert_int_equal(put(tx, i, a, bad, 9 * PIECE), 0);
    assert_int_equal(put(tx, i, b, late, PIECE), 0);
    assert_int_equal(put(tx, i, c, soon, PIECE), 0); /* good through today */
    assert_int_equal(bin_of(tx, 1, 5, &where), 1);
    assert_string_equal(where.code, "C-1");
    assert_int_equal(movement_picked(tx, &l, "", PIECE, NULL), 1);
    assert_int_equal(lies(tx, soon, c), 0);
    assert_int_equal(movement_picked(tx, &l, "A-1", 2 * PIECE, NULL), 1);
    assert_int_equal(lies(tx, keeps, a), 0); /* of the named bin */
    assert_int_equal(lies(tx, late, b), 0);
    assert_int_equal(lies(tx, bad, a), 9 * PIECE);
    assert_int_equal(movement_put_back(tx, &l, PIECE), 2);
    assert_int_equal(lies(tx, late, b) + lies(tx, keeps, a), 2 * PIECE);
    return 0;
}

TX_TEST(a_named_lot_is_in_hand_wherever_it_lay) {
    int64_t i = item(tx, 5, LOT_BATCH), a = bin(tx, "A-1", 1);
    int64_t b = bin(tx, "B-1", 2);
    int64_t first = lot(tx, i, "F", day(tx, 5)), named = lot(tx, i, "N", 0);
    struct movement_line l = {1, 70, 1, 1, 5, "alpine:70", "ali", 0, named};
    int64_t out = 0;
    assert_int_equal(put(tx, i, a, first, PIECE), 0);
    assert_int_equal(put(tx, i, b, named, PIECE), 0);
    assert_int_equal(movement_picked(tx, &l, "A-1", 2 * PIECE, NULL), 1);
    assert_int_equal(lies(tx, named, b), 0);
    assert_int_equal(lies(tx, first, a), PIECE); /* the rest had no lot */
    assert_int_equal(movement_out(tx, &l, &out), 0);
    assert_int_equal(out, PIECE);
    l.lot_id = 0;
    assert_int_equal(movement_out(tx, &l, &out), 0);
    assert_int_equal(out, 2 * PIECE);
    return 0;
}

TX_TEST(a_lot_is_good_through_its_last_day) {
    struct lot l = {.expires_ms = day(tx, -1)};
    int64_t now = db_now(tx);
    assert_true(lot_expired(&l, now));
    l.expires_ms = day(tx, 0);
    assert_false(lot_expired(&l, now));
    assert_true(lot_expires_soon(&l, now));
    l.expires_ms = day(tx, 30 + 1);
    assert_false(lot_expires_soon(&l, now));
    l.expires_ms = 0;
    assert_false(lot_expired(&l, now) || lot_expires_soon(&l, now));
    return 0;
}

/* --- conservation ------------------------------------------------------------
 */

static uint32_t rnd(uint32_t *seed, uint32_t n) {
    *seed = *seed * 1664525u + 1013904223u;
    return (*seed >> 8) % n;
}

/* What must hold after whatever was done. */
static void check_all(struct db_tx *tx) {
    assert_int_equal(
        fx_sql(tx, "SELECT count(*) FROM (SELECT lot_id, bin_id, sum(qty_e3) q "
                   "FROM movement WHERE lot_id > 0 GROUP BY 1, 2 HAVING q <> 0 "
                   "EXCEPT SELECT lot_id, bin_id, qty_e3 FROM lot_balance)"),
        0);
    assert_int_equal(
        fx_sql(tx, "SELECT count(*) FROM lot_balance b WHERE qty_e3 <> "
                   "(SELECT sum(qty_e3) FROM movement m WHERE m.lot_id = "
                   "b.lot_id AND m.bin_id = b.bin_id)"),
        0);
    assert_int_equal(
        fx_sql(tx, "SELECT count(*) FROM lot l WHERE qty_e3 <> (SELECT "
                   "coalesce(sum(qty_e3), 0) FROM lot_balance WHERE lot_id = "
                   "l.id)"),
        0);
    assert_int_equal(
        fx_sql(tx, "SELECT count(*) FROM lot l JOIN item i ON i.id = l.item_id "
                   "AND i.track = 'serial' WHERE l.qty_e3 - (SELECT "
                   "coalesce(sum(m.qty_e3), 0) FROM movement m JOIN work w ON "
                   "w.id = m.work_id AND w.state = 'picked' WHERE m.lot_id = "
                   "l.id) NOT IN (0, 1000)"),
        0);
}

/* One random deed; whether it was allowed does not matter. */
static void deed(struct db_tx *tx, const int64_t items[2],
                 const int64_t bins[3], uint32_t *seed) {
    uint32_t k = rnd(seed, 2);
    char code[8];
    int64_t id = 0, here = bins[rnd(seed, 3)], there = bins[rnd(seed, 3)];
    int64_t n = k ? PIECE : PIECE * (int64_t)(1 + rnd(seed, 3));
    (void)str_format(code, sizeof code, "L%u", (unsigned)rnd(seed, 4));
    if (rnd(seed, 5) > 0)
        id = lot(tx, items[k], code, 0);
    struct movement_line l = {1, 70, 1, 1, k ? 6 : 5, "a:70", "ali", 0, id};
    switch (rnd(seed, 5)) {
    case 0:
        (void)put(tx, items[k], here, id, n);
        break;
    case 1:
        (void)put(tx, items[k], here, id, -n);
        break;
    case 2:
        (void)move(tx, items[k], here, there, id, n);
        break;
    case 3:
        (void)movement_picked(tx, &l, rnd(seed, 2) ? "A-1" : "", n, NULL);
        break;
    default:
        (void)movement_put_back(tx, &l, n * (int64_t)rnd(seed, 2));
        break;
    }
}

TX_TEST(pieces_of_a_lot_are_neither_made_nor_lost) {
    int64_t items[2] = {item(tx, 5, LOT_BATCH), item(tx, 6, LOT_SERIAL)};
    int64_t bins[3] = {bin(tx, "A-1", 1), bin(tx, "B-1", 2), bin(tx, "C-1", 3)};
    uint32_t seed = 20261127;
    work(tx, "picked");
    for (int n = 0; n < 600; n++) {
        deed(tx, items, bins, &seed);
        if (n % 20 == 0)
            check_all(tx);
    }
    check_all(tx);
    assert_true(fx_sql(tx, "SELECT count(*) FROM movement WHERE lot_id > 0") >
                100);
    (void)fx_sql(tx, "UPDATE lot SET qty_e3 = 9000");
    assert_true(item_rebuild(tx, 0, 10) > 0);
    check_all(tx);
    return 0;
}

/* The house in Istanbul is three hours on: its day is over while UTC's is not.
 */
TX_TEST(days_are_the_houses) {
    struct zone *z;
    const struct lot l = {.expires_ms = day(tx, 0)};
    const int64_t late = l.expires_ms + INT64_C(22) * 60 * 60 * 1000;
    assert_false(lot_expired(&l, late));
    assert_int_equal(zone_load("+03:00", &z), 0);
    lot_set_zone(z);
    assert_true(lot_expired(&l, late));
    lot_set_zone(NULL);
    zone_free(z);
    return 0;
}

TX_TEST(soon_is_a_setting) {
    const struct lot l = {.expires_ms = day(tx, 20)};
    assert_true(lot_expires_soon(&l, db_now(tx)));
    lot_set_soon(10);
    assert_false(lot_expires_soon(&l, db_now(tx)));
    assert_true(lot_until(db_now(tx), -1) < l.expires_ms);
    lot_set_soon(30);
    return 0;
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_lot_is_asked_for_where_the_item_does),
        cmocka_unit_test(a_code_is_what_a_label_can_hold),
        cmocka_unit_test(a_lot_expires_on_one_day),
        cmocka_unit_test(what_lay_there_before_goes_without_a_lot),
        cmocka_unit_test(a_serial_is_one_piece_in_one_place),
        cmocka_unit_test(a_serial_in_hand_does_not_come_again),
        cmocka_unit_test(
            what_goes_bad_first_is_picked_first_and_never_too_late),
        cmocka_unit_test(a_named_lot_is_in_hand_wherever_it_lay),
        cmocka_unit_test(a_lot_is_good_through_its_last_day),
        cmocka_unit_test(pieces_of_a_lot_are_neither_made_nor_lost),
        cmocka_unit_test(days_are_the_houses),
        cmocka_unit_test(soon_is_a_setting),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
