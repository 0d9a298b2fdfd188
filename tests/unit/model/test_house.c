/* The warehouse as a whole: no piece is made or lost, nobody gets another's
 * order, and no move is made that there is not. */
#include "house.h"

#include <stdlib.h>

#include "common/arena.h"
#include "fixture.h"
#include "model/parcel.h"
#include "model/work.h"
#include "walk.h"

enum { STEPS = 900, EVERY = 20 };

#define A house_arena

/* --- what must hold ------------------------------------------------------- */

static void none(struct db_tx *tx, const char *what, const char *sql) {
    int64_t n = fx_sql(tx, "SELECT count(*) FROM (%s)", sql);
    if (n != 0)
        fail_msg("%s: %lld", what, (long long)n);
}

/* A balance is the sum of its movements, an item that of its balances. */
static void check_ledger(struct db_tx *tx) {
    none(tx, "balances",
         "SELECT 1 FROM (SELECT item_id, bin_id, sum(qty_e3) AS q FROM movement"
         " GROUP BY 1, 2 HAVING q <> 0) m FULL JOIN balance b ON b.item_id = "
         "m.item_id AND b.bin_id = m.bin_id WHERE m.q IS NOT b.qty_e3");
    none(tx, "on hand",
         "SELECT 1 FROM item i WHERE on_hand_e3 <> (SELECT coalesce(sum("
         "qty_e3), 0) FROM balance WHERE item_id = i.id) OR blocked_e3 <> "
         "(SELECT coalesce(sum(a.qty_e3), 0) FROM balance a JOIN bin b ON b.id "
         "= a.bin_id WHERE a.item_id = i.id AND b.quarantine = 1)");
    none(tx, "reserved",
         "SELECT 1 FROM item i WHERE reserved_e3 < 0 OR reserved_e3 <> (SELECT "
         "coalesce(sum(d.qty_e3 * l.units), 0) FROM listing l JOIN demand d ON "
         "d.store_id = l.store_id AND d.product_id = l.remote_id WHERE "
         "l.item_id = i.id)");
}

/* What left its bin for an order is in somebody's hands or in a parcel that has
 * left; while it is packed the figures may wait for the next move. */
static void check_hands(struct db_tx *tx) {
    none(tx, "hands",
         "SELECT 1 FROM work w JOIN work_line l ON l.work_id = w.id WHERE "
         "w.state <> 'packing' AND iif(w.state IN ('picked', 'packed'), "
         "max(l.picked_e3, l.packed_e3), iif(w.state = 'done', l.packed_e3, "
         "0)) <> (SELECT -coalesce(sum(m.qty_e3), 0) FROM movement m WHERE "
         "m.work_id = w.id AND m.line_id = l.line_id)");
    none(tx, "sent",
         "SELECT 1 FROM work_line l JOIN work w ON w.id = l.work_id WHERE "
         "w.state = 'done' AND l.packed_e3 <> (SELECT coalesce(sum(pl.qty_e3), "
         "0) FROM parcel p JOIN parcel_line pl ON pl.parcel_id = p.id WHERE "
         "p.work_id = w.id AND pl.line_id = l.line_id AND p.shipped_ms > 0)");
    none(tx, "came back from nowhere",
         "SELECT sum(qty_e3) AS q FROM movement WHERE work_id > 0 GROUP BY "
         "work_id, line_id HAVING q > 0");
}

static void check_work(struct db_tx *tx) {
    none(tx, "lines",
         "SELECT 1 FROM work_line WHERE picked_e3 < 0 OR packed_e3 < 0 OR "
         "short_e3 < 0 OR picked_e3 + short_e3 > want_e3 AND packed_e3 + "
         "short_e3 > want_e3");
    none(tx, "two at one order",
         "SELECT 1 FROM work WHERE state NOT IN ('done', 'dropped') GROUP BY "
         "store_id, remote_id HAVING count(*) > 1");
}

static const char *work_name(int s) {
    return work_state_name((enum work_state)s);
}
static bool work_legal(int from, int to) {
    return work_may((enum work_state)from, (enum work_state)to);
}
static const char *count_name_of(int s) {
    static const char *const all[] = {"open", "submitted", "done", "dropped"};
    return all[s];
}
static bool count_legal(int from, int to) {
    return (from == 0 && (to == 1 || to == 3)) || (from == 1 && to != 1);
}
static const char *parcel_name(int s) {
    return parcel_state_name((enum parcel_state)s);
}
static bool parcel_legal(int from, int to) {
    return parcel_may((enum parcel_state)from, (enum parcel_state)to);
}

static const struct walk_states states[] = {
    {"work", WORK_STATES, work_name, work_legal},
    {"stock_count", 4, count_name_of, count_legal},
    {"parcel", PARCEL_STATES, parcel_name, parcel_legal}};

/* A walk that never gets anywhere proves nothing; this one does. */
static void check_it_got_on(struct db_tx *tx) {
    static const char *const moves[][3] = {
        {"work", "picking", "picked"},       {"work", "picked", "packing"},
        {"work", "packing", "packed"},       {"work", "packed", "done"},
        {"work", "packing", "dropped"},      {"parcel", "open", "created"},
        {"parcel", "created", "shipped"},    {"parcel", "open", "void"},
        {"stock_count", "open", "submitted"}};
    for (size_t i = 0; i < sizeof moves / sizeof *moves; i++)
        if (!walk_made(tx, moves[i][0], moves[i][1], moves[i][2]))
            fail_msg("%s: %s to %s was never made", moves[i][0], moves[i][1],
                     moves[i][2]);
}

TX_TEST(no_piece_is_made_or_lost) {
    walk_begin(7);
    house_build(tx);
    for (size_t i = 0; i < sizeof states / sizeof *states; i++)
        walk_watch(tx, states[i].table);
    for (int i = 0; i < STEPS; i++) {
        house_step(tx);
        if (i % EVERY)
            continue;
        check_ledger(tx);
        check_hands(tx);
        check_work(tx);
        arena_reset(A);
    }
    for (size_t i = 0; i < sizeof states / sizeof *states; i++)
        walk_check(tx, &states[i]);
    if (!getenv("WALK_SEED"))
        check_it_got_on(tx);
    return 0;
}

/* --- each move, one by one ------------------------------------------------ */

static int64_t put_state(struct db_tx *tx, const char *table, int64_t id,
                         const char *state) {
    return fx_sql(tx, "UPDATE %s SET state = '%s' WHERE id = %lld RETURNING id",
                  table, state, (long long)id);
}

TX_TEST(each_move_there_is_can_be_made_and_no_other) {
    const struct work_new n = {
        .store_id = 1, .remote_id = 11, .tote = "", .who = "ali"};
    struct error e = {0};
    struct work w;
    struct parcel p;
    int64_t id;
    house_build(tx);
    assert_int_equal(work_begin(tx, &n, A, &w, &e), 0);
    for (int from = 0; from < WORK_STATES; from++)
        for (int to = 0; to < WORK_STATES; to++) {
            (void)put_state(tx, "work", w.id, work_name(from));
            assert_int_equal(work_get(tx, w.id, A, &w), 1);
            int rc = work_move(tx, &w, (enum work_state)to, "ali", &e);
            assert_int_equal(rc, work_legal(from, to) ? 0 : ERR_CONFLICT);
        }
    assert_int_equal(parcel_open(tx, 1, 11, w.id, "ali", &id), 0);
    for (int from = 0; from < PARCEL_STATES; from++)
        for (int to = 0; to < PARCEL_STATES; to++) {
            (void)put_state(tx, "parcel", id, parcel_name(from));
            assert_int_equal(parcel_get(tx, id, A, &p), 1);
            int rc = parcel_move(tx, &p, (enum parcel_state)to, &e);
            assert_int_equal(rc, parcel_legal(from, to) ? 0 : ERR_CONFLICT);
        }
    return 0;
}

int main(void) {
    struct kept *kept = kept_new();
    kept_use(kept);
    house_arena = arena_new(0);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_move_there_is_can_be_made_and_no_other),
        cmocka_unit_test(no_piece_is_made_or_lost),
    };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    arena_free(house_arena);
    kept_use(NULL);
    kept_free(kept);
    return failed;
}
