/* Sources that forge are slowed down, others are not. */
#include "tests/lib/test.h"

#include <stdio.h>
#include <string.h>

#include "http/guard.h"

static struct guard g;

static struct address who(const char *text) {
    struct address a;
    assert_int_equal(address_parse(text, &a), 0);
    return a;
}

static int fresh(void **state) {
    (void)state;
    memset(&g, 0, sizeof g);
    return 0;
}

static void a_burst_then_one_at_a_time(void **state) {
    struct address a = who("192.0.2.1");
    (void)state;
    assert_int_equal(guard_refuse(&g, &a, 1000), GUARD_FIRST);
    for (int i = 1; i < GUARD_BURST; i++) {
        assert_false(guard_limited(&g, &a, 1000));
        assert_int_equal(guard_refuse(&g, &a, 1000), GUARD_MORE);
    }
    assert_true(guard_limited(&g, &a, 1000));
    assert_int_equal(guard_refuse(&g, &a, 1000), GUARD_LIMITED);
    assert_int_equal(guard_refuse(&g, &a, 1000 + GUARD_REFILL_MS - 1),
                     GUARD_LIMITED);
    assert_int_equal(guard_refuse(&g, &a, 1000 + GUARD_REFILL_MS), GUARD_MORE);
    assert_int_equal(guard_refuse(&g, &a, 1000 + GUARD_REFILL_MS),
                     GUARD_LIMITED);
}

static void a_quiet_one_begins_anew(void **state) {
    struct address a = who("192.0.2.1");
    (void)state;
    for (int i = 0; i < GUARD_BURST; i++)
        (void)guard_refuse(&g, &a, 1000);
    assert_int_equal(
        guard_refuse(&g, &a, 1000 + (int64_t)GUARD_BURST * GUARD_REFILL_MS),
        GUARD_FIRST);
}

static void others_are_not_slowed_down(void **state) {
    struct address a = who("192.0.2.1"), b = who("192.0.2.2");
    (void)state;
    for (int i = 0; i <= GUARD_BURST; i++)
        (void)guard_refuse(&g, &a, 1000);
    assert_false(guard_limited(&g, &b, 1000));
    assert_int_equal(guard_refuse(&g, &b, 1000), GUARD_FIRST);
}

static void a_network_of_ipv6_is_one(void **state) {
    struct address a = who("2001:db8::1"), b = who("2001:db8::2");
    struct address c = who("2001:db8:0:1::1");
    (void)state;
    assert_int_equal(guard_refuse(&g, &a, 1000), GUARD_FIRST);
    assert_int_equal(guard_refuse(&g, &b, 1000), GUARD_MORE);
    assert_int_equal(guard_refuse(&g, &c, 1000), GUARD_FIRST);
}

/* However many come, the loud one is remembered and memory stays. */
static void a_crowd_does_not_hide_one(void **state) {
    struct address a = who("192.0.2.1");
    char text[32];
    (void)state;
    for (int i = 0; i <= GUARD_BURST; i++)
        (void)guard_refuse(&g, &a, 1000);
    for (int i = 0; i < 20000; i++) {
        (void)snprintf(text, sizeof text, "10.0.%d.%d", i / 250, i % 250);
        struct address b = who(text);
        (void)guard_refuse(&g, &b, 1000);
    }
    assert_true(guard_limited(&g, &a, 1000));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(a_burst_then_one_at_a_time, fresh),
        cmocka_unit_test_setup(a_quiet_one_begins_anew, fresh),
        cmocka_unit_test_setup(others_are_not_slowed_down, fresh),
        cmocka_unit_test_setup(a_network_of_ipv6_is_one, fresh),
        cmocka_unit_test_setup(a_crowd_does_not_hide_one, fresh),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
