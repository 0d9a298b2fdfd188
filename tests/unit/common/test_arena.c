#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "common/arena.h"

static void every_allocation_is_aligned(void **state) {
    (void)state;
    struct arena *a = arena_new(256);
    for (size_t n = 0; n < 600; n++) {
        char *p = arena_alloc(a, n);
        assert_int_equal((uintptr_t)p % 16, 0);
        memset(p, 0xA5, n);
    }
    arena_free(a);
}

static void neighbours_do_not_overlap(void **state) {
    (void)state;
    enum { COUNT = 500 };
    struct arena *a = arena_new(512);
    unsigned char *p[COUNT];
    for (size_t i = 0; i < COUNT; i++) {
        p[i] = arena_alloc(a, i % 700);
        memset(p[i], (int)(i & 255), i % 700);
    }
    for (size_t i = 0; i < COUNT; i++)
        for (size_t j = 0; j < i % 700; j++)
            assert_int_equal(p[i][j], i & 255);
    arena_free(a);
}

static void nothing_still_has_its_own_address(void **state) {
    (void)state;
    struct arena *a = arena_new(0);
    assert_ptr_not_equal(arena_alloc(a, 0), arena_alloc(a, 0));
    arena_free(a);
}

static void a_large_block_leaves_the_small_one_open(void **state) {
    (void)state;
    struct arena *a = arena_new(1024);
    char *before = arena_alloc(a, 16);
    (void)arena_alloc(a, 100000);
    char *after = arena_alloc(a, 16);
    assert_ptr_equal(after, before + 16);
    arena_free(a);
}

static void reset_reuses_the_first_block(void **state) {
    (void)state;
    struct arena *a = arena_new(1024);
    char *first = arena_alloc(a, 64);
    assert_int_equal(arena_used(a), 64);
    arena_reset(a);
    assert_int_equal(arena_used(a), 0);
    assert_ptr_equal(arena_alloc(a, 64), first);
    arena_free(a);
}

static void reset_copes_with_many_and_large_blocks(void **state) {
    (void)state;
    struct arena *a = arena_new(128);
    arena_reset(a);
    (void)arena_alloc(a, 5000);
    arena_reset(a);
    for (int i = 0; i < 100; i++)
        memset(arena_alloc(a, 100), 1, 100);
    arena_reset(a);
    memset(arena_alloc(a, 128), 2, 128);
    assert_int_equal(arena_used(a), 128);
    arena_free(a);
    arena_free(NULL);
}

static void a_copy_ends_with_nul(void **state) {
    (void)state;
    struct arena *a = arena_new(0);
    char *s = arena_dupn(a, "kettle", 3);
    assert_string_equal(s, "ket");
    assert_string_equal(arena_dupn(a, NULL, 0), "");
    arena_free(a);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_allocation_is_aligned),
        cmocka_unit_test(neighbours_do_not_overlap),
        cmocka_unit_test(nothing_still_has_its_own_address),
        cmocka_unit_test(a_large_block_leaves_the_small_one_open),
        cmocka_unit_test(reset_reuses_the_first_block),
        cmocka_unit_test(reset_copes_with_many_and_large_blocks),
        cmocka_unit_test(a_copy_ends_with_nul),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
