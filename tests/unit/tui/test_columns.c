#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "tui/columns.h"

static const struct column columns[] = {
    {0, 10, 20, 1, false},
    {0, 4, 4, 3, true},
    {0, 8, 30, 2, false},
    {0, 6, 6, 4, true},
};

static void all_fit_and_grow(void **state) {
    struct columns_fit f;
    (void)state;
    columns_fit(columns, 4, 41, &f);
    /* 28 wide + 3 gaps = 31: ten cells to hand out to the two that grow. */
    assert_int_equal(f.width[0], 15);
    assert_int_equal(f.width[1], 4);
    assert_int_equal(f.width[2], 13);
    assert_int_equal(f.x[1], 16);
    assert_int_equal(f.x[3], 35);
}

static void the_least_important_goes_first(void **state) {
    struct columns_fit f;
    (void)state;
    columns_fit(columns, 4, 30, &f);
    assert_int_equal(f.width[3], 0);
    assert_int_equal(f.width[1], 4);
    columns_fit(columns, 4, 20, &f);
    assert_int_equal(f.width[1], 0);
    assert_true(f.width[2] >= 8);
    columns_fit(columns, 4, 12, &f);
    assert_int_equal(f.width[2], 0);
    assert_int_equal(f.width[0], 12);
}

static void too_narrow_for_anything(void **state) {
    struct columns_fit f;
    (void)state;
    columns_fit(columns, 4, 3, &f);
    assert_int_equal(f.width[0], 3);
    columns_fit(columns, 4, 0, &f);
    assert_int_equal(f.width[0], 0);
    columns_fit(columns, 0, 80, &f);
    assert_int_equal(f.width[0], 0);
}

/* Whatever the width: nothing overlaps or leaves it. */
static void never_beyond_the_width(void **state) {
    (void)state;
    for (int w = 1; w < 120; w++) {
        struct columns_fit f;
        int end = -1;
        columns_fit(columns, 4, w, &f);
        for (int i = 0; i < 4; i++) {
            if (f.width[i]) {
                assert_true(f.x[i] > end);
                end = f.x[i] + f.width[i];
                assert_true(end <= w);
            }
        }
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_fit_and_grow),
        cmocka_unit_test(the_least_important_goes_first),
        cmocka_unit_test(too_narrow_for_anything),
        cmocka_unit_test(never_beyond_the_width),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
