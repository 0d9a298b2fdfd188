/* Picking: what counts and where, taking back, short, and that no walk through
 * it makes a number that cannot be. */
#include <stdio.h>

#include "common/arena.h"
#include "common/str.h"
#include "fixture.h"
#include "model/bin.h"
#include "model/item.h"
#include "model/movement.h"
#include "model/pick.h"

static struct arena *arena;

/* Two lines: 2 of SKU-A (EAN 111, product 7), 1 of SKU-B (product 8). */
static void put(struct db_tx *tx, int64_t id) {
    char json[512];
    struct order o = fx_order(id, 1, 2);
    o.lines[0].sku = "SKU-A";
    o.lines[1].sku = "SKU-B";
    o.lines[1].qty_e3 = 1000;
    (void)snprintf(json, sizeof json,
                   "{\"id\":%lld,\"line_items\":[{\"id\":%lld,\"name\":"
                   "\"Rope\",\"global_unique_id\":\"111\"},{\"id\":%lld,"
                   "\"name\":\"Tent\"}]}",
                   (long long)id, (long long)id * 10, (long long)id * 10 + 1);
    fx_put_order(tx, &o, id, json);
}

static struct pick begun(struct db_tx *tx, size_t n, const char *kind) {
    struct pick_order orders[4];
    struct error e = {0};
    struct pick p = {0};
    for (size_t i = 0; i < n; i++) {
        orders[i] = (struct pick_order){1, 11 + (int64_t)i, "alpine:11"};
        put(tx, 11 + (int64_t)i);
    }
    if (pick_begin(tx, orders, n, kind, "ali", arena, &p, &e) < 0)
        fail_msg("%s: %s", e.where, e.detail);
    return p;
}

static enum pick_verdict scan(struct db_tx *tx, struct pick *p,
                              const char *code, int64_t qty) {
    struct pick_scan s = {0};
    struct error e = {0};
    if (pick_scan(tx, p, code, qty * 1000, "ali", arena, &s, &e) < 0)
        fail_msg("%s: %s", e.where, e.detail);
    return s.verdict;
}

static int undo(struct db_tx *tx, struct pick *p) {
    struct pick_scan s;
    struct error e = {0};
    return pick_undo(tx, p, "ali", arena, &s, &e);
}

static int shorted(struct db_tx *tx, struct pick *p, int64_t line,
                   int64_t qty) {
    struct pick_short s = {.work_id = p->works[0].id,
                           .line_id = line,
                           .qty_e3 = qty * 1000,
                           .reason = "missing",
                           .way = "backorder"};
    struct error e = {0};
    return pick_short(tx, p, &s, "ali", &e);
}

static int finish(struct db_tx *tx, struct pick *p) {
    struct error e = {0};
    return pick_finish(tx, p, "ali", &e);
}

TX_TEST(each_kind_of_code_finds_its_line) {
    struct pick p = begun(tx, 1, "single");
    assert_int_equal(scan(tx, &p, "sku-a", 1), PICK_OK);
    assert_int_equal(scan(tx, &p, "111", 1), PICK_OK);
    assert_int_equal(scan(tx, &p, "alpine:8", 1), PICK_OK);
    assert_int_equal(p.lines[0].l.picked_e3, 2000);
    assert_int_equal(p.lines[1].l.picked_e3, 1000);
    assert_int_equal(scan(tx, &p, "SKU-A", 1), PICK_EXCESS);
    assert_int_equal(scan(tx, &p, "8", 1), PICK_EXCESS);
    assert_int_equal(scan(tx, &p, "baltic:8", 1), PICK_UNKNOWN);
    return 0;
}

TX_TEST(a_number_in_bars_is_one_in_all_its_spellings) {
    struct pick p = begun(tx, 1, "single");
    struct pick_scan s;
    struct error e = {0};
    p.lines[0].l.ean = "036000291452";
    assert_int_equal(scan(tx, &p, "0036000291452", 1), PICK_OK);
    assert_int_equal(scan(tx, &p, "00036000291452", 1), PICK_OK);
    assert_int_equal(p.lines[0].l.picked_e3, 2000);
    /* two goods with one number: nobody can say which it was */
    p.lines[1].l.ean = "0036000291452";
    assert_int_equal(
        pick_scan(tx, &p, "036000291452", 1000, "ali", arena, &s, &e),
        ERR_CONFLICT);
    assert_non_null(strstr(e.detail, "SKU-A and SKU-B"));
    assert_int_equal(scan(tx, &p, "SKU-B", 1), PICK_OK);
    return 0;
}

TX_TEST(what_is_wrong_counts_nothing_and_is_named) {
    struct pick p = begun(tx, 1, "single");
    struct pick_scan s;
    struct error e = {0};
    (void)fx_sql(tx,
                 "INSERT INTO product (id, store_id, remote_id, parent_id, "
                 "type, status, gone, sku, name, sort_name, manage, "
                 "stock_status, low, created_ms, modified_ms, read_seq, "
                 "raw_hash, hash) VALUES (1, 1, 9, 0, 'simple', 'publish', 0, "
                 "'SKU-C', 'Tent 35', '', 0, '', 0, 0, 0, 0, x'', x'')");
    assert_int_equal(pick_scan(tx, &p, "SKU-C", 1000, "ali", arena, &s, &e), 0);
    assert_int_equal(s.verdict, PICK_WRONG);
    assert_string_equal(s.name, "Tent 35");
    /* a variation, which the shop calls by its options alone */
    (void)fx_sql(tx,
                 "INSERT INTO product (id, store_id, remote_id, parent_id, "
                 "type, status, gone, sku, name, sort_name, manage, "
                 "stock_status, low, created_ms, modified_ms, read_seq, "
                 "raw_hash, hash) VALUES (2, 1, 10, 9, 'variation', "
                 "'publish', 0, 'SKU-C-L', 'L', '', 0, '', 0, 0, 0, 0, x'', "
                 "x'')");
    assert_int_equal(pick_scan(tx, &p, "SKU-C-L", 1000, "ali", arena, &s, &e),
                     0);
    assert_string_equal(s.name, "Tent 35 - L");
    (void)fx_sql(tx, "UPDATE product SET gtin = '36000291452' WHERE id = 1");
    assert_int_equal(scan(tx, &p, "036000291452", 1), PICK_WRONG);
    assert_int_equal(scan(tx, &p, "nonsense", 1), PICK_UNKNOWN);
    assert_int_equal(scan(tx, &p, "SKU-A", 3), PICK_EXCESS);
    assert_int_equal(fx_sql(tx, "SELECT sum(picked_e3) FROM work_line"), 0);
    assert_string_equal(fx_text(tx, "SELECT group_concat(verdict) FROM scan"),
                        "wrong,wrong,wrong,wrong,excess");
    return 0;
}

TX_TEST(the_last_scan_is_taken_back) {
    struct pick p = begun(tx, 1, "single");
    assert_int_equal(undo(tx, &p), ERR_CONFLICT);
    assert_int_equal(scan(tx, &p, "SKU-A", 2), PICK_OK);
    assert_int_equal(scan(tx, &p, "SKU-B", 1), PICK_OK);
    assert_int_equal(scan(tx, &p, "SKU-B", 1), PICK_EXCESS);
    assert_int_equal(undo(tx, &p), 0);
    assert_int_equal(p.lines[1].l.picked_e3, 0);
    assert_int_equal(undo(tx, &p), 0);
    assert_int_equal(p.lines[0].l.picked_e3, 0);
    assert_int_equal(undo(tx, &p), ERR_CONFLICT);
    assert_int_equal(scan(tx, &p, "SKU-B", 1), PICK_OK);
    return 0;
}

TX_TEST(short_lines_are_done_too) {
    struct pick p = begun(tx, 1, "single");
    assert_int_equal(scan(tx, &p, "SKU-A", 1), PICK_OK);
    assert_int_equal(finish(tx, &p), ERR_CONFLICT);
    assert_int_equal(shorted(tx, &p, 110, 2), ERR_CONFLICT);
    assert_int_equal(shorted(tx, &p, 110, 0), 0);
    assert_int_equal(scan(tx, &p, "SKU-A", 1), PICK_EXCESS);
    assert_int_equal(undo(tx, &p), 0); /* the short */
    assert_string_equal(p.lines[0].l.short_reason, "");
    assert_int_equal(shorted(tx, &p, 110, 1), 0);
    assert_int_equal(scan(tx, &p, "SKU-B", 1), PICK_OK);
    assert_int_equal(finish(tx, &p), 0);
    assert_string_equal(fx_text(tx, "SELECT state FROM work"), "picked");
    struct pick_scan s;
    struct error e = {0};
    assert_int_equal(pick_scan(tx, &p, "SKU-B", 1000, "ali", arena, &s, &e),
                     ERR_CONFLICT);
    return 0;
}

TX_TEST(nothing_found_leaves_nothing_to_pack) {
    struct pick p = begun(tx, 1, "single");
    assert_int_equal(shorted(tx, &p, 110, 0), 0);
    assert_int_equal(shorted(tx, &p, 111, 0), 0);
    assert_int_equal(finish(tx, &p), 0);
    assert_string_equal(fx_text(tx, "SELECT state FROM work"), "dropped");
    return 0;
}

TX_TEST(it_is_found_again_at_the_last_scan) {
    struct pick p = begun(tx, 1, "single"), again;
    assert_int_equal(scan(tx, &p, "SKU-B", 1), PICK_OK);
    assert_int_equal(pick_get(tx, "P-1", arena, &again), 1);
    assert_int_equal(again.last_line, 111);
    assert_int_equal(again.lines[1].l.picked_e3, 1000);
    assert_int_equal(pick_get(tx, "P-2", arena, &again), 0);
    assert_int_equal(pick_get(tx, "X-2", arena, &again), ERR_INVALID);
    return 0;
}

TX_TEST(a_wave_sorts_into_totes) {
    struct pick p = begun(tx, 2, "wave"), again;
    struct pick_scan s;
    struct error e = {0};
    assert_int_equal(p.n_lines, 4);
    assert_string_equal(p.lines[0].l.sku, "SKU-A");
    assert_string_equal(p.lines[1].l.sku, "SKU-A");
    assert_int_equal(scan(tx, &p, "SKU-A", 2), PICK_OK);
    assert_int_equal(pick_scan(tx, &p, "SKU-A", 1000, "ali", arena, &s, &e), 0);
    assert_int_equal(s.verdict, PICK_OK);
    assert_string_equal(s.tote, "2");
    assert_int_equal(pick_get(tx, "W-1", arena, &again), 1);
    assert_int_equal(again.last_work, 2);
    assert_string_equal(again.kind, "wave");
    assert_int_equal(undo(tx, &again), 0);
    assert_int_equal(
        fx_sql(tx, "SELECT sum(picked_e3) FROM work_line WHERE work_id = 2"),
        0);
    return 0;
}

TX_TEST(a_wave_is_begun_whole_or_not) {
    struct pick p = begun(tx, 1, "single"), other;
    struct pick_order orders[] = {{1, 12, "alpine:12"}, {1, 11, "alpine:11"}};
    struct error e = {0};
    put(tx, 12);
    assert_int_equal(
        pick_begin(tx, orders, 2, "wave", "ali", arena, &other, &e),
        ERR_EXISTS);
    assert_string_equal(e.where, "alpine:11");
    assert_int_equal(pick_drop(tx, &p, "ali", &e), 0);
    return 0;
}

/* --- goods ---------------------------------------------------------------- */

enum { PIECES = 10 };

static void lay(struct db_tx *tx, int remote, const char *sku, const char *code,
                int place) {
    struct bin b = {.place = place};
    struct movement m = {
        .qty_e3 = PIECES * 1000, .reason = "opening", .author = "ali"};
    (void)str_copy(b.code, sizeof b.code, code);
    (void)fx_sql(tx,
                 "INSERT INTO product (store_id, remote_id, parent_id, type, "
                 "status, gone, sku, name, sort_name, manage, stock_status, "
                 "low, created_ms, modified_ms, read_seq, raw_hash, hash) "
                 "VALUES (1, %d, 0, 'simple', 'publish', 0, '%s', 'Tent', '', "
                 "0, '', 0, 0, 0, 0, x'', x'')",
                 remote, sku);
    assert_int_equal(bin_create(tx, &b, NULL), 0);
    assert_int_equal(item_ensure(tx, 1, remote, &m.item_id), 0);
    m.bin_id = b.id;
    assert_int_equal(movement_add(tx, &m, NULL), 0);
}

/* Ten of SKU-A at the end of the walk, ten of SKU-B at its beginning. */
static void stocked(struct db_tx *tx) {
    lay(tx, 7, "SKU-A", "A-1", 2);
    lay(tx, 8, "SKU-B", "B-1", 1);
}

static const char *lie(struct db_tx *tx) {
    return fx_text(tx, "SELECT group_concat(qty_e3 / 1000, ' ') FROM (SELECT "
                       "qty_e3 FROM balance ORDER BY bin_id)");
}

TX_TEST(lines_are_walked_by_bin) {
    stocked(tx);
    struct pick p = begun(tx, 1, "single");
    assert_string_equal(p.lines[0].l.bin, "B-1");
    assert_string_equal(p.lines[1].l.bin, "A-1");
    return 0;
}

TX_TEST(goods_leave_when_picking_ends_and_come_back_with_it) {
    struct error e = {0};
    stocked(tx);
    struct pick p = begun(tx, 1, "single");
    assert_int_equal(scan(tx, &p, "SKU-B", 1), PICK_OK);
    assert_string_equal(lie(tx), "10 10");
    assert_int_equal(scan(tx, &p, "SKU-A", 1), PICK_OK);
    assert_int_equal(shorted(tx, &p, 110, 1), 0);
    assert_int_equal(finish(tx, &p), 0);
    assert_string_equal(lie(tx), "9 9");
    assert_string_equal(fx_text(tx, "SELECT reason || ' ' || ref || ' ' || "
                                    "author FROM movement WHERE qty_e3 < 0"),
                        "pick alpine:11 ali");
    assert_int_equal(work_move(tx, &p.works[0], WORK_PICKING, "ali", &e), 0);
    assert_string_equal(lie(tx), "10 10");
    assert_int_equal(work_move(tx, &p.works[0], WORK_PICKED, "ali", &e), 0);
    assert_string_equal(lie(tx), "9 9");
    assert_int_equal(work_move(tx, &p.works[0], WORK_DROPPED, "ali", &e), 0);
    assert_string_equal(lie(tx), "10 10");
    return 0;
}

/* Work that is dropped gives back its own, not what an earlier one sent. */
TX_TEST(what_was_sent_stays_out) {
    static const enum work_state out[] = {WORK_PACKING, WORK_PACKED, WORK_DONE};
    struct pick_order o = {1, 11, "alpine:11"};
    struct error e = {0};
    stocked(tx);
    struct pick p = begun(tx, 1, "single");
    assert_int_equal(scan(tx, &p, "SKU-B", 1), PICK_OK);
    assert_int_equal(scan(tx, &p, "SKU-A", 2), PICK_OK);
    assert_int_equal(finish(tx, &p), 0);
    /* one of SKU-A was not packed: it is back where it lay */
    (void)fx_sql(tx, "UPDATE work_line SET packed_e3 = 1000");
    for (size_t i = 0; i < 3; i++) {
        assert_string_equal(lie(tx), "8 9");
        assert_int_equal(work_move(tx, &p.works[0], out[i], "ali", &e), 0);
    }
    assert_string_equal(lie(tx), "9 9");
    assert_int_equal(pick_begin(tx, &o, 1, "single", "ali", arena, &p, &e), 0);
    assert_int_equal(scan(tx, &p, "SKU-B", 1), PICK_OK);
    assert_int_equal(scan(tx, &p, "SKU-A", 2), PICK_OK);
    assert_int_equal(finish(tx, &p), 0);
    assert_string_equal(lie(tx), "7 8");
    assert_int_equal(work_move(tx, &p.works[0], WORK_DROPPED, "ali", &e), 0);
    assert_string_equal(lie(tx), "9 9");
    return 0;
}

/* Nobody picked it first: it leaves when it is packed; a line the shop took off
 * meanwhile comes back. */
TX_TEST(goods_packed_without_picking_leave_too) {
    struct error e = {0};
    stocked(tx);
    struct pick p = begun(tx, 1, "single");
    assert_int_equal(work_move(tx, &p.works[0], WORK_PACKING, "ali", &e), 0);
    assert_string_equal(lie(tx), "10 10");
    (void)fx_sql(tx, "UPDATE work_line SET packed_e3 = want_e3");
    assert_int_equal(work_move(tx, &p.works[0], WORK_PACKED, "ali", &e), 0);
    assert_string_equal(lie(tx), "8 9");
    (void)fx_sql(tx, "DELETE FROM work_line WHERE line_id = 110");
    assert_int_equal(work_move(tx, &p.works[0], WORK_DONE, "ali", &e), 0);
    assert_string_equal(lie(tx), "10 9");
    return 0;
}

/* --- random walks ------------------------------------------------------- */

/* What the rows must say, whatever was done. */
static void sound(struct db_tx *tx) {
    assert_int_equal(
        fx_sql(tx, "SELECT count(*) FROM work_line WHERE picked_e3 < 0 OR "
                   "short_e3 < 0 OR picked_e3 + short_e3 > want_e3"),
        0);
    assert_int_equal(
        fx_sql(tx, "SELECT count(*) FROM work_line l WHERE picked_e3 <> "
                   "(SELECT coalesce(sum(s.qty_e3), 0) FROM scan s LEFT JOIN "
                   "scan o ON o.id = s.undoes WHERE s.work_id = l.work_id AND "
                   "s.line_id = l.line_id AND (s.verdict = 'ok' OR s.verdict "
                   "= 'undo' AND o.verdict = 'ok'))"),
        0);
    assert_int_equal(
        fx_sql(tx, "SELECT count(*) FROM (SELECT 1 FROM work WHERE state NOT "
                   "IN ('done', 'dropped') GROUP BY store_id, remote_id "
                   "HAVING count(*) > 1)"),
        0);
    assert_int_equal(
        fx_sql(tx, "SELECT count(*) FROM (SELECT 1 FROM scan WHERE undoes > 0 "
                   "GROUP BY undoes HAVING count(*) > 1)"),
        0);
    /* no piece is made or lost: it lies in its bin or is in somebody's hands */
    assert_int_equal(
        fx_sql(tx, "SELECT (SELECT sum(qty_e3) FROM balance) + (SELECT "
                   "coalesce(sum(picked_e3), 0) FROM work_line l JOIN work w "
                   "ON w.id = l.work_id WHERE w.state IN ('picked', 'packing', "
                   "'packed'))"),
        2 * PIECES * 1000);
}

static uint32_t chance(uint32_t *seed, uint32_t below) {
    *seed = *seed * 1664525U + 1013904223U;
    return (*seed >> 16) % below;
}

/* One move by one of two people, legal or not; 1: it was one that counts. */
static int step(struct db_tx *tx, struct pick *p, uint32_t *seed) {
    static const char *const codes[] = {"SKU-A", "SKU-B", "111", "x"};
    const char *who = chance(seed, 4) ? "ali" : "mehmet";
    struct error e = {0};
    struct pick_scan s;
    struct pick_short sh = {.work_id = p->works[0].id,
                            .line_id = 110 + chance(seed, 3),
                            .qty_e3 = chance(seed, 3) * 1000,
                            .reason = "missing",
                            .way = chance(seed, 2) ? "split" : "backorder"};
    switch (chance(seed, 10)) {
    case 0:
        return pick_undo(tx, p, who, arena, &s, &e);
    case 1:
        return pick_short(tx, p, &sh, who, &e);
    case 2:
        return pick_finish(tx, p, who, &e);
    case 3:
        fx_clock += chance(seed, 2) * WORK_IDLE_MS;
        return pick_take_over(tx, p, who, &e);
    case 4:
        return chance(seed, 4) ? 0 : pick_give_back(tx, p, who, &e);
    case 5:
        return work_move(tx, &p->works[0],
                         (enum work_state)chance(seed, WORK_STATES), who, &e);
    default:
        return pick_scan(tx, p, codes[chance(seed, 4)],
                         1000 * (1 + chance(seed, 2)), who, arena, &s, &e);
    }
}

TX_TEST(random_walks_keep_the_numbers) {
    uint32_t seed = 7;
    struct pick_order o = {1, 11, "alpine:11"};
    put(tx, 11);
    stocked(tx);
    for (int walk = 0; walk < 40; walk++) {
        struct error e = {0};
        struct pick p;
        char id[24];
        assert_int_equal(pick_begin(tx, &o, 1, "single", "ali", arena, &p, &e),
                         0);
        (void)snprintf(id, sizeof id, "P-%lld", (long long)p.works[0].id);
        for (int i = 0; i < 25; i++) {
            assert_int_equal(pick_get(tx, id, arena, &p), 1);
            enum work_state before = p.works[0].state;
            int rc = step(tx, &p, &seed);
            assert_true(rc >= 0 || rc == ERR_CONFLICT || rc == ERR_NOT_FOUND);
            sound(tx);
            assert_int_equal(pick_get(tx, id, arena, &p), 1);
            assert_true(before == p.works[0].state ||
                        work_may(before, p.works[0].state));
        }
        if (p.works[0].state != WORK_DONE && p.works[0].state != WORK_DROPPED)
            assert_int_equal(
                work_move(tx, &p.works[0], WORK_DROPPED, "ali", &e), 0);
        arena_reset(arena);
    }
    return 0;
}

int main(void) {
    struct kept *kept = kept_new();
    kept_use(kept);
    arena = arena_new(0);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_kind_of_code_finds_its_line),
        cmocka_unit_test(a_number_in_bars_is_one_in_all_its_spellings),
        cmocka_unit_test(what_is_wrong_counts_nothing_and_is_named),
        cmocka_unit_test(the_last_scan_is_taken_back),
        cmocka_unit_test(short_lines_are_done_too),
        cmocka_unit_test(nothing_found_leaves_nothing_to_pack),
        cmocka_unit_test(it_is_found_again_at_the_last_scan),
        cmocka_unit_test(a_wave_sorts_into_totes),
        cmocka_unit_test(a_wave_is_begun_whole_or_not),
        cmocka_unit_test(lines_are_walked_by_bin),
        cmocka_unit_test(goods_leave_when_picking_ends_and_come_back_with_it),
        cmocka_unit_test(what_was_sent_stays_out),
        cmocka_unit_test(goods_packed_without_picking_leave_too),
        cmocka_unit_test(random_walks_keep_the_numbers),
    };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    arena_free(arena);
    kept_use(NULL);
    kept_free(kept);
    return failed;
}
