#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "common/env.h"

static void fixed(void *self, void *dst, size_t n) {
    memcpy(dst, self, n);
}

static void counting(void *self, void *dst, size_t n) {
    uint64_t *x = self;
    *x = *x * 6364136223846793005u + 1442695040888963407u;
    uint64_t v = *x ^ *x >> 29;
    memcpy(dst, &v, n);
}

static void below_stays_below(void **state) {
    (void)state;
    uint64_t x = UINT64_MAX;
    const struct env e = {.self = &x, .random = fixed};
    for (uint64_t n = 1; n < 1000; n++)
        assert_true(env_below(&e, n) < n);
    assert_int_equal(env_below(&e, 1), 0);
    assert_int_equal(env_below(&e, 10), UINT64_MAX % 10);
}

static void every_value_comes(void **state) {
    (void)state;
    uint64_t x = 1;
    int seen[6] = {0};
    const struct env e = {.self = &x, .random = counting};
    for (int i = 0; i < 600; i++)
        seen[env_below(&e, 6)]++;
    for (int i = 0; i < 6; i++)
        assert_true(seen[i] > 30);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(below_stays_below),
        cmocka_unit_test(every_value_comes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
