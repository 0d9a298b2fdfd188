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
#include "common/cleanup.h"
#include "common/mem.h"

static char text[20000];

/* Not constants, or the compiler sees through the test. */
static volatile size_t half = SIZE_MAX / 2;

static void overflow_zalloc(void) {
    free(mem_zalloc(half, 3));
}

static void overflow_resize(void) {
    free(mem_resize(NULL, half, 3));
}

static void assert_aborts(void (*fn)(void)) {
    int status = capture(fn, text, sizeof text);
    assert_true(WIFSIGNALED(status) || WEXITSTATUS(status) != 0);
}

static void sizes_that_overflow_abort(void **state) {
    (void)state;
    assert_aborts(overflow_zalloc);
    assert_aborts(overflow_resize);
    assert_non_null(strstr(text, "out of memory"));
}

static void nothing_is_a_valid_pointer(void **state) {
    (void)state;
    AUTO_FREE void *a = mem_alloc(0);
    AUTO_FREE void *b = mem_zalloc(0, 8);
    AUTO_FREE void *c = mem_resize(NULL, 0, 8);
    assert_non_null(a);
    assert_non_null(b);
    assert_non_null(c);
}

static void zalloc_is_zero(void **state) {
    (void)state;
    AUTO_FREE char *p = mem_zalloc(100, 3);
    for (int i = 0; i < 300; i++)
        assert_int_equal(p[i], 0);
}

static void copies_are_terminated(void **state) {
    (void)state;
    AUTO_FREE char *a = mem_dupn("a\0b", 3);
    assert_memory_equal(a, "a\0b", 4);
    AUTO_FREE char *b = mem_dup("text");
    assert_string_equal(b, "text");
    assert_null(mem_dup(NULL));
    AUTO_FREE char *c = mem_printf("%s-%d", "x", 7);
    assert_string_equal(c, "x-7");
}

static void resizing_keeps_the_content(void **state) {
    (void)state;
    char *p = mem_dupn("abcd", 4);
    p = mem_resize(p, 1000, 10);
    assert_string_equal(p, "abcd");
    free(p);
}

static void wiping_leaves_nothing(void **state) {
    (void)state;
    char secret[] = "cs_1234";
    mem_wipe(secret, sizeof secret);
    for (size_t i = 0; i < sizeof secret; i++)
        assert_int_equal(secret[i], 0);
    mem_wipe(NULL, 0);
}

static void taking_moves_ownership(void **state) {
    (void)state;
    AUTO_FREE char *from = mem_dup("x");
    AUTO_FREE char *to = TAKE_PTR(from);
    assert_null(from);
    assert_string_equal(to, "x");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sizes_that_overflow_abort),
        cmocka_unit_test(nothing_is_a_valid_pointer),
        cmocka_unit_test(zalloc_is_zero),
        cmocka_unit_test(copies_are_terminated),
        cmocka_unit_test(resizing_keeps_the_content),
        cmocka_unit_test(wiping_leaves_nothing),
        cmocka_unit_test(taking_moves_ownership),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
