#include "sync/rate.h"

#include "tests/lib/test.h"

static void a_steady_stream_is_told_right(void **arg) {
    (void)arg;
    struct rate r;
    rate_init(&r, 1000);
    for (int64_t t = 1000; t <= 11000; t += 100)
        rate_add(&r, t, 20); /* 200 rows a second */
    assert_in_range(r.milli, 190000, 215000);
    assert_in_range(rate_eta(&r, 2000), 9, 11);
}

static void nothing_measured_is_unknown(void **arg) {
    (void)arg;
    struct rate r;
    rate_init(&r, 0);
    assert_int_equal(rate_eta(&r, 100), -1);
    rate_add(&r, 10, 1000); /* too short to judge */
    assert_int_equal(rate_eta(&r, 100), -1);
}

static void it_follows_a_change_within_seconds(void **arg) {
    (void)arg;
    struct rate r;
    rate_init(&r, 0);
    int64_t t = 0;
    for (; t < 5000; t += 100)
        rate_add(&r, t, 100);
    for (; t < 25000; t += 100)
        rate_add(&r, t, 1);
    assert_in_range(r.milli, 9000, 40000);
}

static void what_is_done_takes_no_time(void **arg) {
    (void)arg;
    struct rate r;
    rate_init(&r, 0);
    rate_add(&r, 1000, 10);
    assert_int_equal(rate_eta(&r, 0), 0);
    assert_int_equal(rate_eta(&r, -5), 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_steady_stream_is_told_right),
        cmocka_unit_test(nothing_measured_is_unknown),
        cmocka_unit_test(it_follows_a_change_within_seconds),
        cmocka_unit_test(what_is_done_takes_no_time),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
