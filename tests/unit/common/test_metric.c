#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <pthread.h>

#include "common/metric.h"

static void *add_many(void *arg) {
    (void)arg;
    for (int i = 0; i < 20000; i++)
        metric_add(METRIC_DB_JOBS, 1);
    return NULL;
}

static void threads_lose_no_count(void **state) {
    (void)state;
    pthread_t t[4];
    int64_t before = metric_get(METRIC_DB_JOBS);
    int64_t other = metric_get(METRIC_DB_READS);
    for (int i = 0; i < 4; i++)
        assert_int_equal(pthread_create(&t[i], NULL, add_many, NULL), 0);
    for (int i = 0; i < 4; i++)
        assert_int_equal(pthread_join(t[i], NULL), 0);
    assert_int_equal(metric_get(METRIC_DB_JOBS) - before, 80000);
    assert_int_equal(metric_get(METRIC_DB_READS), other);
}

static void every_metric_has_its_own_name(void **state) {
    (void)state;
    for (int i = 0; i < METRIC_COUNT; i++) {
        const char *name = metric_name((enum metric)i);
        assert_int_equal(strncmp(name, "fulexo_", 7), 0);
        assert_true(strlen(metric_help((enum metric)i)) > 5);
        for (int j = 0; j < i; j++)
            assert_string_not_equal(name, metric_name((enum metric)j));
    }
    assert_string_equal(metric_name(METRIC_RPC_ERRORS),
                        "fulexo_rpc_errors_total");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(threads_lose_no_count),
        cmocka_unit_test(every_metric_has_its_own_name),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
