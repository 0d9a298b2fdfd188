/* The packing table: what a scan does, what stops it, and that no walk through
 * it packs more than is wanted or loses a piece. */
#include <stdio.h>
#include <stdlib.h>

#include "common/arena.h"
#include "common/str.h"
#include "fixture.h"
#include "model/pack.h"

static struct arena *arena;

static const char *const skus[] = {"AO-1", "AO-2", "AO-3"};

/* Order 7: `lines` lines of `pieces` pieces each, lines 70, 71 .. */
static void put(struct db_tx *tx, int64_t seq, const char *status,
                const char *city, size_t lines, int64_t pieces) {
    char json[512];
    struct order o = fx_order(7, seq, lines);
    o.status = status;
    for (size_t i = 0; i < lines; i++) {
        o.lines[i].sku = skus[i];
        o.lines[i].qty_e3 = pieces * 1000;
    }
    (void)snprintf(json, sizeof json,
                   "{\"id\":7,\"status\":\"%s\",\"total\":\"%lld\","
                   "\"shipping\":{\"first_name\":\"Ada\",\"city\":\"%s\"},"
                   "\"line_items\":[{\"id\":70,\"name\":\"Rope\"},"
                   "{\"id\":71,\"name\":\"Tent\"},"
                   "{\"id\":72,\"name\":\"Hook\"}]}",
                   status, (long long)seq, city);
    fx_put_order(tx, &o, seq, json);
}

static int begin_as(struct db_tx *tx, const char *who, struct pack *ret,
                    struct error *e) {
    const struct pack_begin b = {.store_id = 1, .remote_id = 7, .who = who};
    return pack_begin(tx, &b, arena, ret, e);
}

static struct pack begun(struct db_tx *tx, size_t lines, int64_t pieces) {
    struct pack p = {0};
    struct error e = {0};
    put(tx, 1, "processing", "Berlin", lines, pieces);
    if (begin_as(tx, "ali", &p, &e) < 0)
        fail_msg("%s: %s", e.where, e.detail);
    return p;
}

static struct pack seen(struct db_tx *tx) {
    struct pack p = {0};
    assert_int_equal(pack_get(tx, 1, 7, arena, &p), 1);
    return p;
}

static struct pack_scanned scan(struct db_tx *tx, struct pack *p,
                                const char *code) {
    struct pack_scanned s = {0};
    struct error e = {0};
    int rc = pack_scan(tx, p, code, 0, "ali", arena, &s, &e);
    if (rc < 0)
        fail_msg("%s: %s", e.where, e.detail);
    return s;
}

static int64_t scans(struct db_tx *tx, const char *verdict) {
    return fx_sql(tx, "SELECT count(*) FROM scan WHERE verdict = '%s'",
                  verdict);
}

TX_TEST(a_scan_is_counted_into_the_open_parcel) {
    struct pack p = begun(tx, 2, 2);
    assert_int_equal(p.w.state, WORK_PACKING);
    struct pack_scanned s = scan(tx, &p, "ao-1");
    assert_int_equal(s.verdict, PACK_OK);
    assert_int_equal(s.line->packed_e3, 1000);
    assert_int_equal(s.line->line_id, 70);
    assert_true(p.parcel_id > 0);
    assert_int_equal(p.here_e3[0], 1000);
    assert_int_equal(pack_left(&p), 3000);
    assert_int_equal(scans(tx, "ok"), 1);
    return 0;
}

TX_TEST(what_does_not_belong_is_written_down_and_not_counted) {
    struct pack p = begun(tx, 2, 1);
    assert_int_equal(scan(tx, &p, "AO-99").verdict, PACK_WRONG);
    assert_string_equal(scan(tx, &p, "AO-99").expected, "AO-1");
    assert_int_equal(scan(tx, &p, "AO-1").verdict, PACK_OK);
    struct pack_scanned s = scan(tx, &p, "AO-1");
    assert_int_equal(s.verdict, PACK_EXCESS);
    assert_int_equal(s.line->packed_e3, 1000);
    assert_int_equal(pack_left(&p), 1000);
    assert_int_equal(scans(tx, "wrong"), 2);
    assert_int_equal(scans(tx, "excess"), 1);
    return 0;
}

TX_TEST(a_wrong_item_is_called_by_its_name) {
    struct pack p = begun(tx, 1, 1);
    assert_int_equal(
        conn_exec(tx->conn,
                  "INSERT INTO product (store_id, remote_id, parent_id, type, "
                  "status, sku, name, sort_name, manage, stock_status, low, "
                  "created_ms, modified_ms, read_seq, raw_hash, hash) VALUES "
                  "(1, 99, 0, 'simple', 'publish', 'AO-99', 'Hammer', "
                  "'hammer', 0, 'instock', 0, 0, 0, 0, x'00', x'00')"),
        0);
    assert_string_equal(scan(tx, &p, "AO-99").name, "Hammer");
    /* a variation, which the shop calls by its options alone */
    (void)fx_sql(tx, "INSERT INTO product (store_id, remote_id, parent_id, "
                     "type, status, sku, name, sort_name, manage, "
                     "stock_status, low, created_ms, modified_ms, read_seq, "
                     "raw_hash, hash) SELECT 1, 100, 99, 'variation', "
                     "'publish', 'AO-99-L', 'L', '', 0, 'instock', 0, 0, 0, "
                     "0, x'00', x'00'");
    assert_string_equal(scan(tx, &p, "AO-99-L").name, "Hammer - L");
    return 0;
}

TX_TEST(a_late_change_stops_every_scan_until_it_is_accepted) {
    struct pack p = begun(tx, 1, 2);
    const char *out = NULL;
    struct error e = {0};
    assert_int_equal(scan(tx, &p, "AO-1").verdict, PACK_OK);
    put(tx, 2, "processing", "Bonn", 1, 2);
    p = seen(tx);
    assert_int_equal(p.stop, WORK_ADDRESS);
    assert_int_equal(scan(tx, &p, "AO-1").verdict, PACK_STOP);
    assert_int_equal(scans(tx, "ok"), 1);
    assert_int_equal(pack_finish(tx, &p, "ali", arena, &e), ERR_CONFLICT);
    assert_int_equal(pack_accept(tx, &p, "ali", arena, &out, &e), 0);
    assert_string_equal(out, "");
    p = seen(tx);
    assert_int_equal(scan(tx, &p, "AO-1").verdict, PACK_OK);
    assert_int_equal(pack_finish(tx, &p, "ali", arena, &e), 0);
    assert_int_equal(p.w.state, WORK_PACKED);
    return 0;
}

TX_TEST(a_cancelled_or_held_order_can_only_go_back) {
    struct pack p = begun(tx, 1, 1);
    const char *out;
    struct error e = {0};
    (void)scan(tx, &p, "AO-1");
    put(tx, 2, "cancelled", "Berlin", 1, 1);
    p = seen(tx);
    assert_true(strstr(p.why, "cancelled") != NULL);
    assert_int_equal(pack_accept(tx, &p, "ali", arena, &out, &e), ERR_CONFLICT);
    assert_int_equal(pack_put_back(tx, &p, "ali", arena, &e), 0);
    assert_int_equal(p.w.state, WORK_DROPPED);
    assert_int_equal(fx_sql(tx, "SELECT sum(packed_e3) FROM work_line"), 0);
    assert_string_equal(fx_text(tx, "SELECT state FROM parcel"), "void");
    return 0;
}

TX_TEST(fewer_pieces_wanted_are_taken_out_and_told) {
    struct pack p = begun(tx, 2, 2);
    const char *out = NULL;
    struct error e = {0};
    for (int i = 0; i < 2; i++) {
        (void)scan(tx, &p, "AO-1");
        (void)scan(tx, &p, "AO-2");
    }
    put(tx, 2, "processing", "Berlin", 1, 1);
    p = seen(tx);
    assert_int_equal(p.stop, WORK_CONTENT);
    assert_int_equal(pack_accept(tx, &p, "ali", arena, &out, &e), 0);
    assert_string_equal(out, "1 x AO-1, 2 x AO-2");
    p = seen(tx);
    assert_int_equal(p.n_lines, 1);
    assert_int_equal(p.lines[0].packed_e3, 1000);
    assert_int_equal(p.here_e3[0], 1000);
    assert_int_equal(pack_left(&p), 0);
    return 0;
}

TX_TEST(a_parcels_code_goes_on_in_that_parcel) {
    struct pack p = begun(tx, 1, 3);
    char code[PARCEL_TEXT];
    struct error e = {0};
    (void)scan(tx, &p, "AO-1");
    int64_t first = p.parcel_id;
    assert_int_equal(pack_new_parcel(tx, &p, "ali", arena, &e), 0);
    assert_true(p.parcel_id != first);
    (void)scan(tx, &p, "AO-1");
    assert_int_equal(scan(tx, &p, parcel_format(code, first)).verdict,
                     PACK_PARCEL);
    assert_int_equal(p.parcel_id, first);
    (void)scan(tx, &p, "AO-1");
    assert_int_equal(p.here_e3[0], 2000);
    assert_int_equal(
        fx_sql(tx, "SELECT count(*) FROM parcel WHERE state = 'open'"), 1);
    return 0;
}

TX_TEST(another_orders_code_leads_there) {
    struct pack p = begun(tx, 1, 1);
    struct order o = fx_order(8, 8, 1);
    fx_put_order(tx, &o, 8, "{\"id\":8,\"line_items\":[]}");
    struct pack_scanned s = scan(tx, &p, "alpine:8");
    assert_int_equal(s.verdict, PACK_ORDER);
    assert_int_equal(s.order_id, 8);
    assert_int_equal(scan(tx, &p, "8").verdict, PACK_ORDER);
    assert_int_equal(scan(tx, &p, "alpine:9999").verdict, PACK_WRONG);
    return 0;
}

TX_TEST(undo_takes_back_one_scan_after_the_other) {
    struct pack p = begun(tx, 2, 2);
    struct error e = {0};
    (void)scan(tx, &p, "AO-1");
    (void)scan(tx, &p, "AO-2");
    assert_int_equal(pack_undo(tx, &p, "ali", arena, &e), 0);
    assert_int_equal(p.lines[1].packed_e3, 0);
    assert_int_equal(p.lines[0].packed_e3, 1000);
    assert_int_equal(pack_undo(tx, &p, "ali", arena, &e), 0);
    assert_int_equal(p.lines[0].packed_e3, 0);
    assert_int_equal(pack_undo(tx, &p, "ali", arena, &e), ERR_CONFLICT);
    return 0;
}

TX_TEST(finishing_names_what_is_missing_unless_it_is_short) {
    struct pack p = begun(tx, 2, 2);
    struct error e = {0};
    const struct pack_short s = {
        .line_id = 71, .qty_e3 = -1, .reason = "missing", .way = "backorder"};
    (void)scan(tx, &p, "AO-1");
    (void)scan(tx, &p, "AO-1");
    assert_int_equal(pack_finish(tx, &p, "ali", arena, &e), ERR_CONFLICT);
    assert_true(strstr(e.detail, "2 x AO-2") != NULL);
    assert_int_equal(pack_short(tx, &p, &s, "ali", arena, &e), 0);
    assert_int_equal(p.lines[1].short_e3, 2000);
    /* it turns up after all */
    assert_int_equal(scan(tx, &p, "AO-2").verdict, PACK_OK);
    assert_int_equal(p.lines[1].short_e3, 1000);
    assert_int_equal(pack_finish(tx, &p, "ali", arena, &e), 0);
    assert_int_equal(p.w.state, WORK_PACKED);
    return 0;
}

TX_TEST(only_whose_hand_it_is_in_packs_it) {
    struct pack p = begun(tx, 1, 2);
    struct pack_scanned s;
    struct error e = {0};
    assert_int_equal(begin_as(tx, "ayse", &p, &e), ERR_CONFLICT);
    p = seen(tx);
    assert_int_equal(pack_scan(tx, &p, "AO-1", 0, "ayse", arena, &s, &e),
                     ERR_CONFLICT);
    assert_int_equal(scans(tx, "ok"), 0);
    return 0;
}

TX_TEST(where_one_picks_first_nothing_is_packed_before) {
    struct pack p;
    struct error e = {0};
    put(tx, 1, "processing", "Berlin", 1, 1);
    const struct pack_begin b = {
        .store_id = 1, .remote_id = 7, .who = "ali", .pick_first = true};
    assert_int_equal(pack_begin(tx, &b, arena, &p, &e), ERR_CONFLICT);
    assert_int_equal(fx_sql(tx, "SELECT count(*) FROM work"), 0);
    return 0;
}

/* What somebody took into their hands is not opened, emptied or put back by
 * another, packed or not. */
TX_TEST(in_anothers_hand_nothing_is_undone) {
    struct pack p = begun(tx, 1, 1);
    struct pack_begin again = {
        .store_id = 1, .remote_id = 7, .who = "ayse", .again = true};
    struct error e = {0};
    (void)scan(tx, &p, "AO-1");
    p = seen(tx);
    assert_int_equal(pack_void(tx, &p.parcels[0], "ayse", arena, &e),
                     ERR_CONFLICT);
    assert_int_equal(pack_finish(tx, &p, "ali", arena, &e), 0);
    assert_int_equal(work_take_over(tx, &p.w, "ali", &e), 0);
    p = seen(tx);
    assert_int_equal(p.w.state, WORK_PACKED);
    assert_int_equal(pack_void(tx, &p.parcels[0], "ayse", arena, &e),
                     ERR_CONFLICT);
    assert_int_equal(pack_put_back(tx, &p, "ayse", arena, &e), ERR_CONFLICT);
    struct pack other;
    assert_int_equal(pack_begin(tx, &again, arena, &other, &e), ERR_CONFLICT);
    again.who = "ali";
    assert_int_equal(pack_begin(tx, &again, arena, &other, &e), 0);
    assert_int_equal(other.w.state, WORK_PACKING);
    return 0;
}

/* --- a walk at random
 * ---------------------------------------------------------- */

static void check_all(struct db_tx *tx) {
    assert_int_equal(fx_sql(tx, "SELECT count(*) FROM work_line WHERE "
                                "packed_e3 < 0 OR short_e3 < 0 OR "
                                "packed_e3 + short_e3 > want_e3"),
                     0);
    assert_int_equal(
        fx_sql(tx, "SELECT count(*) FROM work_line w WHERE packed_e3 <> "
                   "(SELECT coalesce(sum(l.qty_e3), 0) FROM parcel p JOIN "
                   "parcel_line l ON l.parcel_id = p.id WHERE p.work_id = "
                   "w.work_id AND p.state <> 'void' AND l.line_id = w.line_id "
                   "AND l.part = w.part)"),
        0);
    assert_true(
        fx_sql(tx, "SELECT count(*) FROM parcel WHERE state = 'open'") <= 1);
    assert_int_equal(fx_sql(tx, "SELECT count(*) FROM parcel_line "
                                "WHERE qty_e3 <= 0"),
                     0);
}

static int walk_step(struct db_tx *tx, struct pack *p, int64_t *seq) {
    struct error e = {0};
    struct pack_scanned s;
    const char *out;
    struct pack_short sh = {.line_id = 70 + rand() % 3,
                            .qty_e3 = rand() % 3 ? -1 : 1000,
                            .reason = "damaged",
                            .way = "split"};
    char code[PARCEL_TEXT];
    switch (rand() % 16) {
    case 0:
        return pack_undo(tx, p, "ali", arena, &e);
    case 1:
        return pack_short(tx, p, &sh, "ali", arena, &e);
    case 2:
        return pack_new_parcel(tx, p, "ali", arena, &e);
    case 3:
        return pack_finish(tx, p, "ali", arena, &e);
    case 4:
        put(tx, ++*seq, "processing", rand() % 2 ? "Bonn" : "Berlin",
            1 + (size_t)(rand() % 3), 1 + rand() % 4);
        return 0;
    case 5:
    case 6:
        return pack_accept(tx, p, "ali", arena, &out, &e);
    case 7:
        return rand() % 8 ? 0 : pack_put_back(tx, p, "ali", arena, &e);
    case 8:
        return p->n_parcels == 0
                   ? 0
                   : pack_void(tx, &p->parcels[(size_t)rand() % p->n_parcels],
                               "ali", arena, &e);
    case 9:
        return pack_scan(tx, p, parcel_format(code, 1 + rand() % 6), 0, "ali",
                         arena, &s, &e);
    default:
        return pack_scan(tx, p, skus[rand() % 3], rand() % 5 ? 0 : 2000, "ali",
                         arena, &s, &e);
    }
}

TX_TEST(no_walk_packs_too_much_or_loses_a_piece) {
    int64_t seq = 1;
    struct pack p;
    struct error e = {0};
    srand(7);
    put(tx, seq, "processing", "Berlin", 3, 3);
    for (int i = 0; i < 3000; i++) {
        const struct pack_begin b = {.store_id = 1,
                                     .remote_id = 7,
                                     .who = "ali",
                                     .again = rand() % 4 == 0};
        if (pack_begin(tx, &b, arena, &p, &e) < 0)
            continue;
        int rc = walk_step(tx, &p, &seq);
        if (rc < 0 && rc != ERR_CONFLICT && rc != ERR_NOT_FOUND &&
            rc != ERR_INVALID)
            fail_msg("%s: %s", err_name(rc), e.detail);
        check_all(tx);
        if (i % 100 == 0)
            arena_reset(arena);
    }
    assert_true(scans(tx, "ok") > 100);
    assert_true(fx_sql(tx, "SELECT count(*) FROM parcel") > 10);
    return 0;
}

int main(void) {
    struct kept *kept = kept_new();
    kept_use(kept);
    arena = arena_new(0);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_scan_is_counted_into_the_open_parcel),
        cmocka_unit_test(what_does_not_belong_is_written_down_and_not_counted),
        cmocka_unit_test(a_wrong_item_is_called_by_its_name),
        cmocka_unit_test(a_late_change_stops_every_scan_until_it_is_accepted),
        cmocka_unit_test(a_cancelled_or_held_order_can_only_go_back),
        cmocka_unit_test(fewer_pieces_wanted_are_taken_out_and_told),
        cmocka_unit_test(a_parcels_code_goes_on_in_that_parcel),
        cmocka_unit_test(another_orders_code_leads_there),
        cmocka_unit_test(undo_takes_back_one_scan_after_the_other),
        cmocka_unit_test(finishing_names_what_is_missing_unless_it_is_short),
        cmocka_unit_test(only_whose_hand_it_is_in_packs_it),
        cmocka_unit_test(where_one_picks_first_nothing_is_packed_before),
        cmocka_unit_test(in_anothers_hand_nothing_is_undone),
        cmocka_unit_test(no_walk_packs_too_much_or_loses_a_piece),
    };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    arena_free(arena);
    kept_use(NULL);
    kept_free(kept);
    return failed;
}
