/* Back-off and circuit with a clock and chance of our own. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "common/env.h"
#include "net/circuit.h"

static uint64_t chance;

static void chosen(void *self, void *dst, size_t n) {
    (void)self;
    assert_int_equal(n, sizeof chance);
    memcpy(dst, &chance, n);
}

static const struct env env = {.random = chosen};

static void waits_grow_to_the_maximum(void **state) {
    static const int64_t least[] = {500, 500, 500, 500, 500, 500};
    static const int64_t top[] = {1000, 2000, 4000, 8000, 10000, 10000};
    struct backoff b;
    (void)state;
    for (size_t i = 0; i < 6; i++) {
        backoff_init(&b, 1000, 10000);
        b.failures = (int)i;
        chance = 0;
        assert_int_equal(backoff_next(&b, &env), least[i]);
        b.failures = (int)i;
        chance = (uint64_t)(top[i] - least[i]); /* the last value possible */
        assert_int_equal(backoff_next(&b, &env), top[i]);
        b.failures = (int)i;
        chance++; /* wraps to the first */
        assert_int_equal(backoff_next(&b, &env), least[i]);
    }
    backoff_reset(&b);
    assert_int_equal(b.failures, 0);
}

static void many_failures_do_not_overflow(void **state) {
    struct backoff b;
    (void)state;
    backoff_init(&b, 2, INT64_MAX / 4);
    b.failures = INT32_MAX;
    chance = 0;
    assert_int_equal(backoff_next(&b, &env), 1);
}

static void opens_after_failures_in_a_row(void **state) {
    struct circuit c;
    (void)state;
    circuit_init(&c, 3);
    chance = 0;
    circuit_failed(&c, 0, &env);
    circuit_failed(&c, 0, &env);
    circuit_ok(&c);
    circuit_failed(&c, 0, &env);
    circuit_failed(&c, 0, &env);
    assert_true(circuit_allows(&c, 0));
    circuit_failed(&c, 0, &env);
    assert_int_equal(c.state, CIRCUIT_OPEN);
    assert_false(circuit_allows(&c, c.until_ms - 1));
}

static void one_probe_decides(void **state) {
    struct circuit c;
    (void)state;
    circuit_init(&c, 1);
    chance = 0;
    circuit_failed(&c, 1000, &env);
    assert_int_equal(c.until_ms, 3500);
    assert_true(circuit_allows(&c, 3500));
    assert_int_equal(c.state, CIRCUIT_HALF_OPEN);
    circuit_sent(&c);
    assert_false(circuit_allows(&c, 3600)); /* one only */
    chance = 7500;                          /* the longest of the second wait */
    circuit_failed(&c, 4000, &env);
    assert_int_equal(c.until_ms, 14000);
    assert_true(circuit_allows(&c, 14000));
    circuit_sent(&c);
    circuit_ok(&c);
    assert_true(circuit_allows(&c, 14000));
    assert_string_equal(circuit_name(c.state), "closed");
}

static void late_failures_do_not_prolong(void **state) {
    struct circuit c;
    (void)state;
    circuit_init(&c, 1);
    chance = 0;
    circuit_failed(&c, 1000, &env);
    circuit_failed(&c, 2000, &env);
    assert_int_equal(c.until_ms, 3500);
}

static void a_cancelled_probe_lets_another_go(void **state) {
    struct circuit c;
    (void)state;
    circuit_init(&c, 1);
    chance = 0;
    circuit_failed(&c, 0, &env);
    assert_true(circuit_allows(&c, 5000));
    circuit_sent(&c);
    circuit_dropped(&c);
    assert_true(circuit_allows(&c, 5000));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(waits_grow_to_the_maximum),
        cmocka_unit_test(many_failures_do_not_overflow),
        cmocka_unit_test(opens_after_failures_in_a_row),
        cmocka_unit_test(one_probe_decides),
        cmocka_unit_test(late_failures_do_not_prolong),
        cmocka_unit_test(a_cancelled_probe_lets_another_go),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
