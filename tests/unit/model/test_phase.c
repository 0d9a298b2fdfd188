/* What a status means is said, and what its orders ask for follows: a slice at
 * a time, whatever happens to them in between. */
#include "fixture.h"

#include <stdlib.h>

#include "model/mirror.h"
#include "model/phase.h"

static void apply(struct db_tx *tx, int64_t seq, int64_t id,
                  const char *status) {
    struct order o = fx_order(id, seq, 1);
    struct mirror_read read = fx_read(seq);
    struct mirror_stats st = {0};
    o.status = status;
    o.lines[0].product_id = 7;
    o.lines[0].variation_id = 0;
    o.lines[0].qty_e3 = 2000;
    assert_int_equal(order_apply(tx, &read, &o, 1, &st), 0);
}

static int64_t demand(struct db_tx *tx) {
    return fx_sql(tx, "SELECT count(*) FROM demand");
}

static void say(struct db_tx *tx, enum status_phase phase) {
    struct store_status was;
    assert_int_equal(phase_say(tx, 1, "boxed", phase, &was), 1);
}

static int settle(struct db_tx *tx) {
    int rounds = 0, rc;
    while ((rc = phase_settle(tx, 0)) > 0)
        rounds++;
    assert_int_equal(rc, 0);
    return rounds;
}

static bool settling(struct db_tx *tx) {
    bool yes = false;
    assert_int_equal(phase_settling(tx, 1, "boxed", &yes), 0);
    return yes;
}

TX_TEST(orders_of_a_status_follow_what_it_means) {
    apply(tx, 1, 5, "boxed");
    apply(tx, 2, 6, "boxed");
    apply(tx, 3, 7, "processing");
    assert_int_equal(demand(tx), 3); /* unmapped is open */
    say(tx, PHASE_DONE);
    assert_int_equal(demand(tx), 3);
    assert_true(settling(tx));
    (void)settle(tx);
    assert_int_equal(demand(tx), 1);
    assert_false(settling(tx));
    say(tx, PHASE_HELD);
    (void)settle(tx);
    assert_int_equal(demand(tx), 3);
    return 0;
}

/* From one open phase to another nobody asks for less. */
TX_TEST(nothing_to_do_is_not_done) {
    apply(tx, 1, 5, "boxed");
    say(tx, PHASE_TODO);
    assert_false(settling(tx));
    assert_int_equal(settle(tx), 0);
    assert_int_equal(fx_sql(tx, "SELECT may_ship FROM store_status"), 1);
    return 0;
}

TX_TEST(a_slice_keeps_its_place) {
    for (int i = 0; i < 200; i++)
        apply(tx, 1 + i, 5 + i, "boxed");
    say(tx, PHASE_DONE);
    assert_int_equal(phase_settle(tx, 0), 1);
    int64_t left = demand(tx);
    assert_in_range(left, 1, 199);
    assert_int_equal(phase_settle(tx, 0), 1);
    assert_true(demand(tx) < left); /* not the same ones again */
    (void)settle(tx);
    assert_int_equal(demand(tx), 0);
    return 0;
}

/* It leaves the status before its turn comes: nothing else would look at it. */
TX_TEST(who_moves_meanwhile_is_asked_anew) {
    apply(tx, 1, 5, "boxed");
    say(tx, PHASE_DONE);
    apply(tx, 2, 5, "completed");
    (void)settle(tx);
    assert_int_equal(demand(tx), 0);
    return 0;
}

TX_TEST(said_again_meanwhile) {
    for (int i = 0; i < 100; i++)
        apply(tx, 1 + i, 5 + i, "boxed");
    say(tx, PHASE_DONE);
    (void)phase_settle(tx, 0);
    say(tx, PHASE_TODO);
    (void)settle(tx);
    assert_int_equal(demand(tx), 100);
    return 0;
}

TX_TEST(what_is_reserved_follows) {
    (void)fx_sql(tx, "INSERT INTO tenant (id, name, title, created_ms) VALUES "
                     "(9, 't', 't', 0)");
    (void)fx_sql(tx, "INSERT INTO item (id, tenant_id, sku, title, created_ms) "
                     "VALUES (1, 9, 'a', 'a', 0)");
    (void)fx_sql(tx, "INSERT INTO listing (store_id, remote_id, item_id) "
                     "VALUES (1, 7, 1)");
    apply(tx, 1, 5, "boxed");
    assert_int_equal(fx_sql(tx, "SELECT reserved_e3 FROM item"), 2000);
    say(tx, PHASE_DONE);
    (void)settle(tx);
    assert_int_equal(fx_sql(tx, "SELECT reserved_e3 FROM item"), 0);
    return 0;
}

TX_TEST(what_cannot_be_said) {
    struct store_status was;
    apply(tx, 1, 5, "boxed");
    assert_int_equal(phase_say(tx, 1, "completed", PHASE_TODO, &was),
                     ERR_INVALID);
    assert_int_equal(phase_say(tx, 1, "crated", PHASE_TODO, &was),
                     ERR_NOT_FOUND);
    assert_int_equal(phase_say(tx, 2, "boxed", PHASE_TODO, &was),
                     ERR_NOT_FOUND);
    assert_int_equal(phase_say(tx, 1, "boxed", PHASE_DONE, &was), 1);
    assert_int_equal(was.phase, PHASE_UNMAPPED);
    assert_int_equal(phase_say(tx, 1, "boxed", PHASE_DONE, &was), 0);
    assert_int_equal(was.phase, PHASE_DONE);
    return 0;
}

/* The plug-in is switched off: its orders keep the status, and that what it
 * means. */
TX_TEST(what_was_said_outlives_the_list) {
    static const struct store_status listed[] = {
        {.slug = "boxed", .name = "Boxed", .phase = PHASE_UNMAPPED},
        {.slug = "crated", .name = "Crated", .phase = PHASE_UNMAPPED}};
    assert_int_equal(store_statuses_put(tx, 1, listed, 2), 0);
    say(tx, PHASE_DONE);
    assert_int_equal(store_statuses_put(tx, 1, NULL, 0), 0);
    assert_string_equal(fx_text(tx, "SELECT group_concat(slug || ' ' || name "
                                    "|| ' ' || phase) FROM store_status"),
                        "boxed Boxed done");
    assert_int_equal(store_statuses_put(tx, 1, listed, 2), 0);
    assert_int_equal(fx_sql(tx, "SELECT count(*) FROM store_status WHERE "
                                "slug = 'boxed' AND phase = 'done'"),
                     1);
    return 0;
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(orders_of_a_status_follow_what_it_means),
        cmocka_unit_test(nothing_to_do_is_not_done),
        cmocka_unit_test(a_slice_keeps_its_place),
        cmocka_unit_test(who_moves_meanwhile_is_asked_anew),
        cmocka_unit_test(said_again_meanwhile),
        cmocka_unit_test(what_is_reserved_follows),
        cmocka_unit_test(what_cannot_be_said),
        cmocka_unit_test(what_was_said_outlives_the_list),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
