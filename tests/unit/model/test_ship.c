/* Shipping: who is told what, how often, and when an order is complete. */
#include <stdio.h>
#include <string.h>

#include "common/arena.h"
#include "fixture.h"
#include "model/ship.h"

static struct arena *arena;

static void put(struct db_tx *tx, int64_t seq, const char *status,
                const char *city) {
    char json[512];
    struct order o = fx_order(7, seq, 2);
    o.status = status;
    o.lines[1].sku = "AO-2";
    (void)snprintf(json, sizeof json,
                   "{\"id\":7,\"status\":\"%s\",\"total\":\"%lld\","
                   "\"shipping\":{\"first_name\":\"Ada\",\"city\":\"%s\"},"
                   "\"line_items\":[{\"id\":70,\"name\":\"Rope\"},"
                   "{\"id\":71,\"name\":\"Tent\"}]}",
                   status, (long long)seq, city);
    fx_put_order(tx, &o, seq, json);
}

/* One parcel of two pieces of line 70; the second of line 71, or that short. */
static void packed(struct db_tx *tx, bool all) {
    struct error e = {0};
    struct pack p;
    struct pack_scanned s;
    const struct pack_begin b = {.store_id = 1, .remote_id = 7, .who = "ali"};
    const struct pack_short sh = {
        .line_id = 71, .qty_e3 = -1, .reason = "missing", .way = "split"};
    (void)fx_sql(tx, "UPDATE store SET can_write = 1");
    (void)fx_sql(tx, "INSERT INTO store_status (store_id, slug, name, phase) "
                     "VALUES (1, 'processing', '', 'todo'), (1, 'completed', "
                     "'', 'done'), (1, 'cancelled', '', 'dead')");
    put(tx, 1, "processing", "Berlin");
    assert_int_equal(pack_begin(tx, &b, arena, &p, &e), 0);
    assert_int_equal(pack_scan(tx, &p, "SKU-7", 2000, "ali", arena, &s, &e), 0);
    if (all) {
        assert_int_equal(pack_new_parcel(tx, &p, "ali", arena, &e), 0);
        assert_int_equal(pack_scan(tx, &p, "AO-2", 2000, "ali", arena, &s, &e),
                         0);
    } else {
        assert_int_equal(pack_short(tx, &p, &sh, "ali", arena, &e), 0);
    }
    assert_int_equal(pack_finish(tx, &p, "ali", arena, &e), 0);
    (void)fx_sql(tx,
                 "UPDATE parcel SET carrier = 'ups', tracking = '1Z' || id");
}

static int ship(struct db_tx *tx, const int64_t *ids, size_t n,
                struct shipped *ret, struct error *e) {
    static uint8_t times;
    const struct ship s = {.store_id = 1,
                           .remote_id = 7,
                           .ids = ids,
                           .n = n,
                           .who = "ali",
                           .random = {++times}};
    return ship_order(tx, &s, arena, ret, e);
}

static struct shipped shipped_now(struct db_tx *tx, const int64_t *ids,
                                  size_t n) {
    struct shipped ret = {0};
    struct error e = {0};
    if (ship(tx, ids, n, &ret, &e) < 0)
        fail_msg("%s: %s", e.where, e.detail);
    return ret;
}

static int64_t changes(struct db_tx *tx, const char *act) {
    return fx_sql(tx, "SELECT count(*) FROM change WHERE act = '%s'", act);
}

TX_TEST(all_at_once_tells_the_customer_once_and_completes) {
    packed(tx, true);
    struct shipped s = shipped_now(tx, NULL, 0);
    assert_int_equal(s.n, 2);
    assert_true(s.completed);
    assert_int_equal(changes(tx, "tracking"), 2);
    assert_int_equal(changes(tx, "note"), 1);
    assert_int_equal(changes(tx, "set"), 1);
    assert_int_equal(fx_sql(tx, "SELECT count(*) FROM change WHERE payload "
                                "LIKE '%%\"notify\":true%%'"),
                     0);
    assert_string_equal(
        fx_text(tx, "SELECT payload FROM change WHERE act = 'note'"),
        "{\"text\":\"ups 1Z1\\nups 1Z2\",\"customer\":true}");
    assert_string_equal(fx_text(tx, "SELECT state FROM work"), "done");
    /* pressed again */
    s = shipped_now(tx, NULL, 0);
    assert_int_equal(s.n, 0);
    assert_false(s.any_change);
    assert_int_equal(fx_sql(tx, "SELECT count(*) FROM change"), 4);
    return 0;
}

TX_TEST(one_after_the_other_completes_with_the_last) {
    packed(tx, true);
    const int64_t first = 1, second = 2;
    struct shipped s = shipped_now(tx, &first, 1);
    assert_false(s.completed);
    assert_int_equal(changes(tx, "set"), 0);
    assert_int_equal(fx_sql(tx, "SELECT count(*) FROM change WHERE payload "
                                "LIKE '%%\"notify\":true%%'"),
                     1);
    s = shipped_now(tx, &second, 1);
    assert_true(s.completed);
    assert_int_equal(changes(tx, "set"), 1);
    assert_int_equal(changes(tx, "tracking"), 2);
    assert_int_equal(changes(tx, "note"), 0);
    return 0;
}

TX_TEST(what_is_short_keeps_the_order_open_and_is_packed_later) {
    struct pack p;
    struct error e = {0};
    packed(tx, false);
    struct shipped s = shipped_now(tx, NULL, 0);
    assert_int_equal(s.n, 1);
    assert_false(s.completed);
    assert_int_equal(changes(tx, "set"), 0);
    assert_string_equal(fx_text(tx, "SELECT state FROM work"), "done");
    /* the rest, as new work */
    const struct pack_begin b = {.store_id = 1, .remote_id = 7, .who = "ali"};
    struct pack_scanned sc;
    assert_int_equal(pack_begin(tx, &b, arena, &p, &e), 0);
    assert_int_equal(p.n_lines, 1);
    assert_int_equal(p.lines[0].line_id, 71);
    assert_int_equal(pack_scan(tx, &p, "AO-2", 2000, "ali", arena, &sc, &e), 0);
    assert_int_equal(pack_finish(tx, &p, "ali", arena, &e), 0);
    s = shipped_now(tx, NULL, 0);
    assert_true(s.completed);
    assert_int_equal(changes(tx, "set"), 1);
    return 0;
}

TX_TEST(a_cancelled_changed_or_unpacked_order_stays) {
    struct shipped s;
    struct error e = {0};
    packed(tx, true);
    put(tx, 2, "cancelled", "Berlin");
    assert_int_equal(ship(tx, NULL, 0, &s, &e), ERR_CONFLICT);
    assert_true(strstr(e.detail, "cancelled") != NULL);
    put(tx, 3, "processing", "Bonn");
    assert_int_equal(ship(tx, NULL, 0, &s, &e), ERR_CONFLICT);
    assert_true(strstr(e.detail, "address") != NULL);
    put(tx, 4, "processing", "Berlin");
    const int64_t other = 99;
    assert_int_equal(ship(tx, &other, 1, &s, &e), ERR_NOT_FOUND);
    (void)fx_sql(tx, "UPDATE parcel SET carrier = '' WHERE id = 1");
    assert_int_equal(ship(tx, NULL, 0, &s, &e), ERR_INVALID);
    (void)fx_sql(tx, "UPDATE parcel SET state = 'void'");
    assert_int_equal(ship(tx, NULL, 0, &s, &e), ERR_CONFLICT);
    assert_int_equal(fx_sql(tx, "SELECT count(*) FROM change"), 0);
    return 0;
}

TX_TEST(what_has_left_is_marked_and_not_before) {
    struct parcel p;
    struct error e = {0};
    packed(tx, true);
    assert_int_equal(parcel_get(tx, 1, arena, &p), 1);
    assert_int_equal(ship_mark(tx, &p, PARCEL_DELIVERED, "ali", "", &e),
                     ERR_CONFLICT);
    (void)shipped_now(tx, NULL, 0);
    assert_int_equal(parcel_get(tx, 1, arena, &p), 1);
    assert_int_equal(p.state, PARCEL_SHIPPED);
    assert_string_equal(p.change_state, "queued");
    assert_int_equal(ship_mark(tx, &p, PARCEL_EXCEPTION, "ali", "lost", &e), 0);
    assert_string_equal(fx_text(tx, "SELECT detail FROM order_event WHERE "
                                    "what = 'exception'"),
                        "S-1 lost");
    return 0;
}

static void a_carriers_page_is_found_by_its_template(void **state) {
    (void)state;
    static const char t[] =
        "ups=https://u/{tracking}?a dhl=https://d/{tracking}";
    assert_string_equal(ship_url(t, "UPS", "1Z", arena), "https://u/1Z?a");
    assert_string_equal(ship_url(t, "dhl", "9", arena), "https://d/9");
    assert_string_equal(ship_url(t, "up", "9", arena), "");
    assert_string_equal(ship_url(t, "", "9", arena), "");
    assert_string_equal(ship_url(NULL, "ups", "9", arena), "");
}

int main(void) {
    struct kept *kept = kept_new();
    kept_use(kept);
    arena = arena_new(0);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_at_once_tells_the_customer_once_and_completes),
        cmocka_unit_test(one_after_the_other_completes_with_the_last),
        cmocka_unit_test(
            what_is_short_keeps_the_order_open_and_is_packed_later),
        cmocka_unit_test(a_cancelled_changed_or_unpacked_order_stays),
        cmocka_unit_test(what_has_left_is_marked_and_not_before),
        cmocka_unit_test(a_carriers_page_is_found_by_its_template),
    };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    arena_free(arena);
    kept_use(NULL);
    kept_free(kept);
    return failed;
}
