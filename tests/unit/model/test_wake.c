#include "model/wake.h"
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

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(first_told_is_first_read),
        cmocka_unit_test(another_store_hears_nothing),
        cmocka_unit_test(told_while_it_is_read_stays),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
