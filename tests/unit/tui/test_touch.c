#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tui/touch.h"

static void the_first_is_read_at_once(void **state) {
    (void)state;
    struct touch t = {0};
    assert_int_equal(touch_wait(&t, 5000), 0);
    touch_done(&t, 5000);
    assert_int_equal(touch_wait(&t, 5005), TOUCH_SOON_MS - 5);
    assert_int_equal(touch_wait(&t, 5100), 0);
}

static void a_stream_is_read_a_few_times_a_second(void **state) {
    (void)state;
    struct touch t = {0};
    int64_t now = 5000;
    int n = 0;
    for (; now < 15000; n++) {
        now += touch_wait(&t, now);
        touch_done(&t, now);
    }
    assert_in_range(n, 10, 10000 / TOUCH_STREAM_MS + TOUCH_BURST + 1);
    /* After a rest the next one is alone again. */
    now += 2000;
    touch_done(&t, now);
    assert_int_equal(touch_wait(&t, now), TOUCH_SOON_MS);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_first_is_read_at_once),
        cmocka_unit_test(a_stream_is_read_a_few_times_a_second),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
