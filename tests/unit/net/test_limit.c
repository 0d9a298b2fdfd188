/* How many requests at once: growth, complaints, holds, hosts. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "net/limit.h"

enum { QUICK = 100000, SLOW = 400000 };

static void answer(struct limit *l, int64_t now, int64_t us,
                   enum limit_outcome o) {
    limit_sent(l);
    limit_answered(l, 0, now - us / 1000, now, us, o);
}

static void ramps_to_the_ceiling(void **state) {
    struct limit l;
    (void)state;
    limit_init(&l, 4);
    assert_int_equal(l.allowed, 2);
    answer(&l, 100, QUICK, LIMIT_OK);
    answer(&l, 200, QUICK, LIMIT_OK);
    assert_int_equal(l.allowed, 4);
    answer(&l, 300, QUICK, LIMIT_OK);
    assert_int_equal(l.allowed, 4);
}

static void sends_within_the_limit(void **state) {
    struct limit l;
    (void)state;
    limit_init(&l, 1);
    assert_true(limit_may_send(&l, 0));
    limit_sent(&l);
    assert_false(limit_may_send(&l, 0));
    limit_dropped(&l);
    assert_true(limit_may_send(&l, 0));
    assert_int_equal(l.allowed, 1);
}

static void halves_once_per_complaint(void **state) {
    struct limit l;
    (void)state;
    limit_init(&l, 8);
    for (int i = 0; i < 10; i++)
        answer(&l, 100 * i, QUICK, LIMIT_OK);
    assert_int_equal(l.allowed, 8);
    /* four in flight fail together: one halving */
    for (int i = 0; i < 4; i++)
        limit_sent(&l);
    for (int i = 0; i < 4; i++)
        limit_answered(&l, 0, 2000, 2100 + i, QUICK, LIMIT_SLOW_DOWN);
    assert_int_equal(l.allowed, 4);
    answer(&l, 3000, QUICK, LIMIT_SLOW_DOWN);
    assert_int_equal(l.allowed, 2);
    for (int i = 0; i < 5; i++)
        answer(&l, 4000 + i * 1000, QUICK, LIMIT_SLOW_DOWN);
    assert_int_equal(l.allowed, 1);
    assert_int_equal(l.in_flight, 0);
}

static void grows_slowly_after_a_complaint(void **state) {
    struct limit l;
    (void)state;
    limit_init(&l, 4);
    answer(&l, 1000, QUICK, LIMIT_SLOW_DOWN);
    assert_int_equal(l.allowed, 1);
    for (int i = 0; i < 3; i++)
        answer(&l, 2000, QUICK, LIMIT_OK);
    assert_int_equal(l.allowed, 1);
    for (int i = 0; i < 2; i++)
        answer(&l, 2000, QUICK, LIMIT_OK);
    assert_int_equal(l.allowed, 2);
}

static void does_not_grow_while_slower(void **state) {
    struct limit l;
    (void)state;
    limit_init(&l, 8);
    answer(&l, 100, QUICK, LIMIT_OK);
    assert_int_equal(l.allowed, 3);
    for (int i = 0; i < 20; i++)
        answer(&l, 200, SLOW, LIMIT_OK);
    assert_int_equal(l.allowed, 3);
}

static void steps_down_when_it_crawls(void **state) {
    struct limit l;
    (void)state;
    limit_init(&l, 8);
    answer(&l, 100, QUICK, LIMIT_OK);
    for (int i = 0; i < 7; i++)
        answer(&l, 200, 10 * QUICK, LIMIT_OK);
    assert_int_equal(l.allowed, 3);
    answer(&l, 300, 10 * QUICK, LIMIT_OK);
    assert_int_equal(l.allowed, 2);
}

static void classes_are_apart(void **state) {
    struct limit l;
    (void)state;
    limit_init(&l, 4);
    answer(&l, 100, 1000, LIMIT_OK);
    limit_sent(&l);
    limit_answered(&l, 1, 0, 400, SLOW, LIMIT_OK); /* first of its class */
    assert_int_equal(l.allowed, 4);
}

static void a_slower_shop_becomes_the_measure(void **state) {
    struct limit l;
    (void)state;
    limit_init(&l, 4);
    answer(&l, 100, QUICK, LIMIT_OK);
    for (int i = 0; i < 200; i++)
        answer(&l, 200, SLOW, LIMIT_OK);
    assert_int_equal(l.allowed, 4);
}

static void client_faults_teach_nothing(void **state) {
    struct limit l;
    (void)state;
    limit_init(&l, 4);
    for (int i = 0; i < 20; i++)
        answer(&l, 100, 10, LIMIT_NEUTRAL);
    assert_int_equal(l.allowed, 2);
    assert_int_equal(l.best_us[0], 0);
}

static void retry_after_holds(void **state) {
    struct limit l;
    (void)state;
    limit_init(&l, 4);
    limit_hold(&l, 5000);
    limit_hold(&l, 3000); /* a shorter one changes nothing */
    assert_false(limit_may_send(&l, 4999));
    assert_true(limit_may_send(&l, 5000));
}

static void ceiling_moves(void **state) {
    struct limit l;
    (void)state;
    limit_init(&l, 4);
    for (int i = 0; i < 4; i++)
        answer(&l, 100, QUICK, LIMIT_OK);
    limit_set_ceiling(&l, 2);
    assert_int_equal(l.allowed, 2);
    limit_set_ceiling(&l, 4);
    answer(&l, 200, QUICK, LIMIT_OK);
    answer(&l, 300, QUICK, LIMIT_OK);
    assert_int_equal(l.allowed, 4);
}

static void hosts(void **state) {
    struct limit_hosts *h = limit_hosts_new(2);
    (void)state;
    assert_true(limit_hosts_take(h, "a"));
    assert_true(limit_hosts_take(h, "a"));
    assert_false(limit_hosts_take(h, "a"));
    assert_true(limit_hosts_take(h, "b"));
    limit_hosts_give(h, "a");
    assert_true(limit_hosts_take(h, "a"));
    for (int i = 0; i < 2; i++)
        limit_hosts_give(h, "a");
    limit_hosts_give(h, "b");
    limit_hosts_free(h);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ramps_to_the_ceiling),
        cmocka_unit_test(sends_within_the_limit),
        cmocka_unit_test(halves_once_per_complaint),
        cmocka_unit_test(grows_slowly_after_a_complaint),
        cmocka_unit_test(does_not_grow_while_slower),
        cmocka_unit_test(steps_down_when_it_crawls),
        cmocka_unit_test(classes_are_apart),
        cmocka_unit_test(a_slower_shop_becomes_the_measure),
        cmocka_unit_test(client_faults_teach_nothing),
        cmocka_unit_test(retry_after_holds),
        cmocka_unit_test(ceiling_moves),
        cmocka_unit_test(hosts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
