/* Holds and tags of an order: the list columns, the log, the timeline, and the
 * hold that ends by itself. */
#include "fixture.h"
#include "model/hold.h"

static void put(struct db_tx *tx) {
    struct order o = fx_order(7, 1, 1);
    fx_put_order(tx, &o, 1, "{\"id\":7}");
}

static int place(struct db_tx *tx, const char *reason, int64_t until) {
    struct hold_new h = {.store_id = 1,
                         .remote_id = 7,
                         .reason = reason,
                         .note = "call first",
                         .who = "ali",
                         .until_ms = until};
    struct error e = {0};
    return hold_place(tx, &h, &e);
}

static int release(struct db_tx *tx, const char *reason) {
    struct error e = {0};
    return hold_release(tx, 1, 7, reason, "mehmet", "paid", &e);
}

static const char *holds(struct db_tx *tx) {
    return fx_text(tx, "SELECT coalesce(holds, '-') FROM orders");
}

TX_TEST(a_hold_is_shown_until_it_is_released) {
    put(tx);
    assert_int_equal(place(tx, "fraud", 0), 0);
    assert_int_equal(place(tx, "address", 0), 0);
    assert_int_equal(place(tx, "fraud", 0), ERR_EXISTS);
    assert_string_equal(holds(tx), ",address,fraud,");
    assert_int_equal(release(tx, "payment"), ERR_CONFLICT);
    assert_int_equal(release(tx, "fraud"), 0);
    assert_string_equal(holds(tx), ",address,");
    assert_int_equal(release(tx, NULL), 0);
    assert_string_equal(holds(tx), "-");
    assert_int_equal(release(tx, NULL), ERR_CONFLICT);
    assert_string_equal(
        fx_text(tx, "SELECT group_concat(reason || '/' || held_by || '/' || "
                    "note || '/' || released_by || '/' || release_note) FROM "
                    "(SELECT * FROM hold_log ORDER BY id)"),
        "fraud/ali/call first/mehmet/paid,address/ali/call first/mehmet/paid");
    assert_string_equal(
        fx_text(tx, "SELECT group_concat(what || ' ' || detail) FROM "
                    "(SELECT * FROM order_event ORDER BY id)"),
        "held fraud: call first,held address: call first,released "
        "fraud,released address");
    return 0;
}

TX_TEST(what_is_no_hold_is_refused) {
    struct error e = {0};
    put(tx);
    assert_int_equal(place(tx, "whim", 0), ERR_INVALID);
    assert_int_equal(place(tx, "date", 0), ERR_INVALID);
    assert_int_equal(place(tx, "date", FX_NOW), ERR_INVALID);
    assert_int_equal(hold_release(tx, 1, 8, NULL, "ali", "", &e),
                     ERR_NOT_FOUND);
    assert_string_equal(holds(tx), "-");
    return 0;
}

TX_TEST(a_hold_until_a_date_ends_by_itself) {
    put(tx);
    assert_int_equal(place(tx, "date", FX_NOW + 1000), 0);
    assert_int_equal(place(tx, "fraud", 0), 0);
    assert_int_equal(hold_expire(tx), 0);
    (void)fx_sql(tx, "UPDATE order_hold SET until_ms = %d WHERE until_ms > 0",
                 FX_NOW);
    assert_int_equal(hold_expire(tx), 1);
    assert_string_equal(holds(tx), ",fraud,");
    assert_string_equal(fx_text(tx, "SELECT released_by FROM hold_log"),
                        "system");
    assert_int_equal(hold_expire(tx), 0);
    return 0;
}

TX_TEST(tags_are_words) {
    struct error e = {0};
    put(tx);
    assert_int_equal(tag_add(tx, 1, 7, "gift", "ali", &e), 0);
    assert_int_equal(tag_add(tx, 1, 7, "acil", "ali", &e), 0);
    assert_int_equal(tag_add(tx, 1, 7, "gift", "ali", &e), 0);
    assert_string_equal(fx_text(tx, "SELECT tags FROM orders"), ",acil,gift,");
    assert_int_equal(fx_sql(tx, "SELECT count(*) FROM order_event"), 2);
    assert_int_equal(tag_add(tx, 1, 7, "a,b", "ali", &e), ERR_INVALID);
    assert_int_equal(tag_add(tx, 1, 7, "none", "ali", &e), ERR_INVALID);
    assert_int_equal(tag_add(tx, 1, 7, "", "ali", &e), ERR_INVALID);
    assert_int_equal(tag_add(tx, 1, 8, "gift", "ali", &e), ERR_NOT_FOUND);
    assert_int_equal(tag_remove(tx, 1, 7, "gift", "ali"), 0);
    assert_int_equal(tag_remove(tx, 1, 7, "gift", "ali"), 0);
    assert_string_equal(fx_text(tx, "SELECT tags FROM orders"), ",acil,");
    for (int i = 1; i < TAGS_MAX; i++) {
        char tag[8] = {'t', (char)('a' + i)};
        assert_int_equal(tag_add(tx, 1, 7, tag, "ali", &e), 0);
    }
    assert_int_equal(tag_add(tx, 1, 7, "more", "ali", &e), ERR_TOO_BIG);
    return 0;
}

int main(void) {
    struct kept *kept = kept_new();
    kept_use(kept);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_hold_is_shown_until_it_is_released),
        cmocka_unit_test(what_is_no_hold_is_refused),
        cmocka_unit_test(a_hold_until_a_date_ends_by_itself),
        cmocka_unit_test(tags_are_words),
    };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    kept_use(NULL);
    kept_free(kept);
    return failed;
}
