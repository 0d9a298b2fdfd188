#include "model/wake.h"

#include "model/change.h"
#include "model/refund.h"
#include "tests/unit/model/fixture.h"

enum { MAX = 8 };

TX_TEST(first_told_is_first_read) {
    struct wake w[MAX];
    assert_int_equal(wake_put(tx, 1, MIRROR_PRODUCT, 7), 0);
    assert_int_equal(wake_put(tx, 1, MIRROR_ORDER, 7), 0);
    assert_int_equal(wake_put(tx, 1, MIRROR_PRODUCT, 3), 0);
    assert_int_equal(wake_put(tx, 1, MIRROR_PRODUCT, 7), 0);
    assert_int_equal(wake_list(tx, 1, w, MAX), 3);
    assert_int_equal(w[0].kind, MIRROR_PRODUCT);
    assert_int_equal(w[0].remote_id, 7);
    assert_int_equal(w[0].times, 2);
    assert_int_equal(w[1].kind, MIRROR_ORDER);
    assert_int_equal(w[2].remote_id, 3);
    assert_int_equal(wake_list(tx, 1, w, 2), 2);
    return 0;
}

TX_TEST(another_store_hears_nothing) {
    struct wake w[MAX];
    int64_t n = -1, since = -1;
    assert_int_equal(wake_put(tx, 1, MIRROR_ORDER, 7), 0);
    assert_int_equal(wake_list(tx, 2, w, MAX), 0);
    assert_int_equal(wake_count(tx, 2, &n, &since), 0);
    assert_int_equal(n, 0);
    assert_int_equal(since, 0);
    return 0;
}

TX_TEST(told_while_it_is_read_stays) {
    struct wake w[MAX];
    int64_t n = -1, since = -1;
    assert_int_equal(wake_put(tx, 1, MIRROR_ORDER, 7), 0);
    assert_int_equal(wake_list(tx, 1, w, MAX), 1);
    assert_int_equal(wake_put(tx, 1, MIRROR_ORDER, 7), 0);
    assert_int_equal(wake_done(tx, 1, &w[0]), 0);
    assert_int_equal(wake_count(tx, 1, &n, &since), 0);
    assert_int_equal(n, 1);
    assert_int_equal(since, w[0].at_ms);
    assert_int_equal(wake_list(tx, 1, w, MAX), 1);
    assert_int_equal(wake_done(tx, 1, &w[0]), 0);
    assert_int_equal(wake_list(tx, 1, w, MAX), 0);
    return 0;
}

static struct mirror_stats applied(struct db_tx *tx, int64_t seq,
                                   struct order o) {
    struct mirror_stats st = {0};
    struct mirror_read read = fx_read(seq);
    assert_int_equal(order_apply(tx, &read, &o, 1, &st), 0);
    return st;
}

TX_TEST(a_read_that_came_too_late_is_put_on_the_list) {
    struct wake w[MAX];
    applied(tx, 5, fx_order(7, 5, 1));
    assert_int_equal(applied(tx, 4, fx_order(7, 5, 1)).same, 1); /* no news */
    assert_int_equal(wake_list(tx, 1, w, MAX), 0);
    assert_int_equal(applied(tx, 4, fx_order(7, 4, 1)).stale, 1);
    assert_int_equal(wake_list(tx, 1, w, MAX), 1);
    assert_int_equal(w[0].kind, MIRROR_ORDER);
    assert_int_equal(w[0].remote_id, 7);
    return 0;
}

TX_TEST(a_read_sent_before_a_write_was_answered_is_put_on_the_list) {
    struct wake w[MAX];
    applied(tx, 1, fx_order(7, 1, 1));
    assert_int_equal(change_barrier(tx, 1, MIRROR_ORDER, 7, 9), 0);
    assert_int_equal(applied(tx, 8, fx_order(7, 2, 1)).stale, 1);
    assert_int_equal(wake_list(tx, 1, w, MAX), 1);
    assert_int_equal(applied(tx, 9, fx_order(7, 3, 1)).changed, 1);
    return 0;
}

/* The order names 21 and 22; the mirror has 22 and 23. */
TX_TEST(refunds_that_differ_from_their_order_are_put_on_the_list) {
    static const int64_t named[] = {21, 22};
    struct wake w[MAX];
    struct refund r[2] = {{.o.remote_id = 22}, {.o.remote_id = 23}};
    struct mirror_stats st = {0};
    struct mirror_read read = fx_read(1);
    for (int i = 0; i < 2; i++) {
        r[i].order_remote_id = 7;
        r[i].reason = "";
        fx_hash(r[i].o.hash, i);
        fx_hash(r[i].o.raw_hash, i);
    }
    assert_int_equal(refund_apply(tx, &read, r, 2, &st), 0);
    struct order o = fx_order(7, 1, 1);
    o.refunds = named;
    o.n_refunds = 2;
    applied(tx, 2, o);
    assert_int_equal(wake_list(tx, 1, w, MAX), 2);
    assert_int_equal(w[0].kind, MIRROR_REFUND);
    assert_int_equal(w[0].remote_id, 23);
    assert_int_equal(w[1].remote_id, 21);
    return 0;
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(first_told_is_first_read),
        cmocka_unit_test(another_store_hears_nothing),
        cmocka_unit_test(told_while_it_is_read_stays),
        cmocka_unit_test(a_read_that_came_too_late_is_put_on_the_list),
        cmocka_unit_test(
            a_read_sent_before_a_write_was_answered_is_put_on_the_list),
        cmocka_unit_test(
            refunds_that_differ_from_their_order_are_put_on_the_list),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
