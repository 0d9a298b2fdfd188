#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "common/buf.h"
#include "tui/spark.h"

static void bar(int64_t n, int64_t max, int width, size_t full) {
    AUTO_BUF struct buf b = BUF_INIT;
    spark_bar(&b, n, max, width);
    assert_int_equal(b.len, full);
}

static void a_bar_is_as_long_as_its_part(void **state) {
    (void)state;
    bar(50, 100, 30, 15);
    bar(100, 100, 30, 30);
    bar(1, 1000000, 30, 1); /* something is never nothing */
    bar(0, 100, 30, 0);
    bar(-4, 100, 30, 0);
    bar(7, 0, 30, 0);
    bar(7, 7, 0, 0);
    bar(7, 7, -3, 0);
    bar(9, 3, 30, 30);
    bar(INT64_MAX / 2, INT64_MAX, 30, 15);
}

static void a_line_has_a_cell_a_figure(void **state) {
    static const int64_t n[] = {0, 1, 4, 8, -1};
    static const int64_t huge[] = {INT64_MAX, INT64_MAX / 2};
    AUTO_BUF struct buf b = BUF_INIT;
    (void)state;
    spark_line(&b, n, 5);
    assert_string_equal(buf_str(&b), ".▁▄█.");
    buf_clear(&b);
    spark_line(&b, huge, 2);
    assert_string_equal(buf_str(&b), "█▄");
    buf_clear(&b);
    spark_line(&b, n, 0);
    spark_line(&b, n, 1);
    assert_string_equal(buf_str(&b), ".");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_bar_is_as_long_as_its_part),
        cmocka_unit_test(a_line_has_a_cell_a_figure),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
