#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <signal.h>

#include "capture.h"
#include "common/check.h"
#include "common/log.h"

static char text[20000];

static int calls;

static bool counted(void) {
    calls++;
    return true;
}

static void require_true(void) {
    REQUIRE(1 + 1 == 2);
}

static void require_false(void) {
    REQUIRE(1 + 1 == 3);
}

static void check_false(void) {
    if (CHECK(2 > 3))
        _exit(9);
    _exit(5);
}

static void require_passes_in_silence(void **state) {
    (void)state;
    assert_int_equal(capture(require_true, text, sizeof text), 0);
    assert_string_equal(text, "");
}

static void require_names_the_place_and_aborts(void **state) {
    (void)state;
    int status = capture(require_false, text, sizeof text);
    assert_true(WIFSIGNALED(status));
    assert_int_equal(WTERMSIG(status), SIGABRT);
    assert_non_null(strstr(text, "1 + 1 == 3"));
    assert_non_null(strstr(text, "test_check.c"));
    assert_non_null(strstr(text, "require_false"));
}

static void check_logs_and_yields_false(void **state) {
    (void)state;
    int status = capture(check_false, text, sizeof text);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 5);
    assert_non_null(strstr(text, "2 > 3"));
    assert_non_null(strstr(text, "\"level\":\"error\""));
}

static void conditions_are_evaluated_once(void **state) {
    (void)state;
    calls = 0;
    REQUIRE(counted());
    assert_true(CHECK(counted()));
    assert_int_equal(calls, 2);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(require_passes_in_silence),
        cmocka_unit_test(require_names_the_place_and_aborts),
        cmocka_unit_test(check_logs_and_yields_false),
        cmocka_unit_test(conditions_are_evaluated_once),
    };
    log_setup(LOG_INFO, true);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
