/* Work on orders: what is copied when it is begun, in whose hand it is, and
 * that nothing but a real change of the order moves its basis. */
#include <stdio.h>

#include "common/arena.h"
#include "fixture.h"
#include "model/fulfil.h"
#include "model/order_event.h"
#include "model/work.h"

static struct arena *arena;

/* Order 7: two lines of two pieces, lines 70 and 71. */
static void put(struct db_tx *tx, int64_t seq, const char *status,
                const char *city) {
    char json[512];
    struct order o = fx_order(7, seq, 2);
    o.status = status;
    (void)snprintf(json, sizeof json,
                   "{\"id\":7,\"status\":\"%s\",\"total\":\"%lld\","
                   "\"shipping\":{\"first_name\":\"Ada\",\"city\":\"%s\"},"
                   "\"line_items\":[{\"id\":70,\"name\":\"Rope &amp; hook\"},"
                   "{\"id\":71,\"name\":\"Tent\"}]}",
                   status, (long long)seq, city);
    fx_put_order(tx, &o, seq, json);
}

static int begin(struct db_tx *tx, const char *who, struct work *ret) {
    struct work_new n = {.store_id = 1, .remote_id = 7, .tote = "", .who = who};
    struct error e = {0};
    return work_begin(tx, &n, arena, ret, &e);
}

static struct work begun(struct db_tx *tx) {
    struct work w;
    put(tx, 1, "processing", "Berlin");
    assert_int_equal(begin(tx, "ali", &w), 0);
    return w;
}

static int move(struct db_tx *tx, struct work *w, enum work_state to) {
    struct error e = {0};
    return work_move(tx, w, to, "ali", &e);
}

TX_TEST(what_is_wanted_is_copied) {
    struct work w = begun(tx);
    struct work_line *l;
    size_t n;
    assert_int_equal(w.state, WORK_PICKING);
    assert_string_equal(w.lease_user, "ali");
    assert_string_equal(w.store, "alpine");
    assert_int_equal(work_lines(tx, w.id, arena, &l, &n), 0);
    assert_int_equal(n, 2);
    assert_int_equal(l[0].line_id, 70);
    assert_int_equal(l[0].want_e3, 2000);
    assert_string_equal(l[0].name, "Rope & hook");
    assert_string_equal(l[0].sku, "SKU-7");
    return 0;
}

TX_TEST(what_was_refunded_or_sent_is_not_wanted) {
    struct work w;
    struct work_line *l;
    size_t n;
    put(tx, 1, "processing", "Berlin");
    fx_put_refund(tx, 8, 7,
                  "{\"line_items\":[{\"id\":1,\"quantity\":-1,\"meta_data\":[{"
                  "\"key\":\"_refunded_item_id\",\"value\":\"70\"}]}]}");
    assert_int_equal(begin(tx, "ali", &w), 0);
    assert_int_equal(work_lines(tx, w.id, arena, &l, &n), 0);
    assert_int_equal(l[0].want_e3, 1000);
    assert_int_equal(l[1].want_e3, 2000);
    (void)fx_sql(tx,
                 "INSERT INTO parcel (id, store_id, remote_id, work_id, n, "
                 "state, created_ms, created_by) VALUES "
                 "(1, 1, 7, %lld, 1, 'shipped', 0, ''), "
                 "(2, 1, 7, %lld, 2, 'void', 0, '')",
                 (long long)w.id, (long long)w.id);
    (void)fx_sql(tx, "INSERT INTO parcel_line (parcel_id, line_id, qty_e3) "
                     "VALUES (1, 70, 1000), (1, 71, 500), (2, 71, 500)");
    assert_int_equal(move(tx, &w, WORK_DROPPED), 0);
    assert_int_equal(begin(tx, "ali", &w), 0);
    assert_int_equal(work_lines(tx, w.id, arena, &l, &n), 0);
    assert_int_equal(n, 1);
    assert_int_equal(l[0].line_id, 71);
    assert_int_equal(l[0].want_e3, 1500);
    return 0;
}

TX_TEST(an_order_is_begun_once) {
    struct work w = begun(tx), other;
    assert_int_equal(begin(tx, "mehmet", &other), ERR_EXISTS);
    assert_int_equal(move(tx, &w, WORK_DROPPED), 0);
    assert_int_equal(begin(tx, "mehmet", &other), 0);
    assert_int_not_equal(other.id, w.id);
    return 0;
}

TX_TEST(only_what_is_to_be_shipped_is_begun) {
    struct work w;
    assert_int_equal(begin(tx, "ali", &w), ERR_NOT_FOUND);
    put(tx, 1, "pending", "Berlin");
    assert_int_equal(begin(tx, "ali", &w), ERR_CONFLICT);
    put(tx, 2, "processing", "Berlin");
    (void)fx_sql(tx, "INSERT INTO order_hold (reason, created_ms, order_id, "
                     "held_ms, held_by, until_ms) SELECT 'fraud', created_ms, "
                     "id, 1, 'mehmet', 0 FROM orders");
    assert_int_equal(begin(tx, "ali", &w), ERR_CONFLICT);
    (void)fx_sql(tx, "UPDATE order_hold SET until_ms = %d", FX_NOW - 1);
    assert_int_equal(begin(tx, "ali", &w), 0);
    return 0;
}

TX_TEST(another_store_is_not_there) {
    static const int64_t second[] = {2};
    struct work w = begun(tx), seen;
    db_set_scope(tx, &(struct db_scope){.n = 1, .stores = second});
    assert_int_equal(work_get(tx, w.id, arena, &seen), 0);
    assert_int_equal(begin(tx, "ali", &seen), ERR_NOT_FOUND);
    return 0;
}

TX_TEST(nothing_takes_work_out_of_a_hand_by_itself) {
    struct work w = begun(tx);
    struct error e = {0};
    assert_int_equal(work_touch(tx, &w, "mehmet", &e), ERR_CONFLICT);
    assert_non_null(strstr(e.detail, "ali has P-1 in hand"));
    fx_clock = WORK_IDLE_MS - 1;
    assert_int_equal(work_get(tx, 1, arena, &w), 1);
    assert_int_equal(work_take_over(tx, &w, "mehmet", &e), ERR_CONFLICT);
    fx_clock = WORK_IDLE_MS;
    assert_int_equal(work_get(tx, 1, arena, &w), 1);
    assert_int_equal(work_touch(tx, &w, "mehmet", &e), ERR_CONFLICT);
    assert_int_equal(work_take_over(tx, &w, "mehmet", &e), 0);
    assert_int_equal(work_touch(tx, &w, "ali", &e), ERR_CONFLICT);
    assert_non_null(strstr(e.detail, "mehmet has P-1 in hand"));
    assert_int_equal(work_touch(tx, &w, "mehmet", &e), 0);
    return 0;
}

TX_TEST(a_restart_begins_the_idle_time_anew) {
    struct work w = begun(tx);
    struct error e = {0};
    fx_clock = WORK_IDLE_MS * 3; /* as after a boot: another count */
    assert_int_equal(work_restart(tx), 0);
    assert_int_equal(work_get(tx, w.id, arena, &w), 1);
    assert_int_equal(w.idle_ms, 0);
    assert_int_equal(work_take_over(tx, &w, "mehmet", &e), ERR_CONFLICT);
    return 0;
}

TX_TEST(what_is_given_back_is_anybodys) {
    struct work w = begun(tx);
    struct error e = {0};
    assert_int_equal(work_give_back(tx, &w, "mehmet", &e), ERR_CONFLICT);
    assert_int_equal(work_give_back(tx, &w, "ali", &e), 0);
    assert_int_equal(work_get(tx, w.id, arena, &w), 1);
    assert_string_equal(w.lease_user, "");
    assert_int_equal(work_touch(tx, &w, "mehmet", &e), 0);
    assert_int_equal(work_touch(tx, &w, "ali", &e), ERR_CONFLICT);
    return 0;
}

TX_TEST(it_moves_as_the_states_say) {
    struct work w = begun(tx);
    struct error e = {0};
    assert_int_equal(move(tx, &w, WORK_PACKED), ERR_CONFLICT);
    assert_int_equal(move(tx, &w, WORK_PICKED), 0);
    assert_string_equal(w.lease_user, "");
    assert_int_equal(w.picked_ms, FX_NOW);
    assert_int_equal(work_touch(tx, &w, "mehmet", &e), 0);
    assert_int_equal(move(tx, &w, WORK_PACKING), 0);
    assert_string_equal(w.lease_user, "mehmet");
    assert_int_equal(move(tx, &w, WORK_PACKED), 0);
    assert_int_equal(move(tx, &w, WORK_DONE), 0);
    assert_int_equal(work_get(tx, w.id, arena, &w), 1);
    assert_int_equal(w.state, WORK_DONE);
    assert_int_equal(w.ended_ms, FX_NOW);
    assert_int_equal(work_touch(tx, &w, "ali", &e), ERR_CONFLICT);
    assert_int_equal(work_of(tx, 1, 7, arena, &w), 0);
    return 0;
}

TX_TEST(the_timeline_tells_who_did_it) {
    struct work w = begun(tx);
    struct order_event *ev;
    size_t n;
    assert_int_equal(move(tx, &w, WORK_PICKED), 0);
    assert_int_equal(order_event_list(tx, 1, 7, arena, &ev, 10, &n), 0);
    assert_int_equal(n, 2);
    assert_string_equal(ev[0].what, "picked");
    assert_string_equal(ev[1].what, "picking");
    assert_string_equal(ev[1].who, "ali");
    return 0;
}

static unsigned differs(struct db_tx *tx, const struct work *w) {
    uint8_t now[WORK_BASIS];
    assert_int_equal(work_basis_now(tx, 1, 7, arena, now), 0);
    return work_basis_differs(w, now);
}

static bool same_basis(struct db_tx *tx, const struct work *w) {
    return differs(tx, w) == 0;
}

TX_TEST(only_a_change_that_matters_moves_the_basis) {
    struct work w = begun(tx);
    assert_true(same_basis(tx, &w));
    put(tx, 2, "processing", "Berlin"); /* another total */
    assert_true(same_basis(tx, &w));
    put(tx, 3, "processing", "Bonn");
    assert_int_equal(differs(tx, &w), WORK_ADDRESS);
    assert_int_equal(work_basis_accept(tx, &w, arena), 0);
    assert_true(same_basis(tx, &w));
    put(tx, 4, "cancelled", "Bonn");
    assert_int_equal(differs(tx, &w), WORK_STATUS);
    return 0;
}

TX_TEST(our_own_change_of_the_address_counts_once) {
    struct work w = begun(tx);
    (void)fx_sql(tx,
                 "INSERT INTO change (id, uuid, store_id, kind, remote_id, "
                 "act, state, author, created_ms, changed_ms) VALUES (1, 'u', "
                 "1, 'order', 7, 'set', 'queued', 'ali', 1, 1)");
    (void)fx_sql(tx, "INSERT INTO change_path (change_id, path, wanted) VALUES "
                     "(1, 'shipping.city', '\"Bonn\"')");
    assert_false(same_basis(tx, &w));
    assert_int_equal(work_basis_accept(tx, &w, arena), 0);
    (void)fx_sql(tx, "UPDATE change SET state = 'confirmed'");
    put(tx, 2, "processing", "Bonn");
    assert_true(same_basis(tx, &w));
    return 0;
}

int main(void) {
    struct kept *kept = kept_new();
    kept_use(kept);
    arena = arena_new(0);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_wanted_is_copied),
        cmocka_unit_test(what_was_refunded_or_sent_is_not_wanted),
        cmocka_unit_test(an_order_is_begun_once),
        cmocka_unit_test(only_what_is_to_be_shipped_is_begun),
        cmocka_unit_test(another_store_is_not_there),
        cmocka_unit_test(nothing_takes_work_out_of_a_hand_by_itself),
        cmocka_unit_test(a_restart_begins_the_idle_time_anew),
        cmocka_unit_test(what_is_given_back_is_anybodys),
        cmocka_unit_test(it_moves_as_the_states_say),
        cmocka_unit_test(the_timeline_tells_who_did_it),
        cmocka_unit_test(only_a_change_that_matters_moves_the_basis),
        cmocka_unit_test(our_own_change_of_the_address_counts_once),
    };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    arena_free(arena);
    kept_use(NULL);
    kept_free(kept);
    return failed;
}
