#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "common/err.h"
#include "common/frame.h"
#include "common/mem.h"

/* Append every line that is ready, each followed by '|'. */
static void drain(struct frame_reader *r, struct buf *out) {
    const char *line;
    size_t n;
    while (frame_next(r, &line, &n)) {
        buf_add(out, line, n);
        buf_addc(out, '|');
    }
}

static void test_lines_at_every_cut(void **state) {
    (void)state;
    static const char in[] =
        "{\"a\":1}\n\n\r\n  \t\nsecond\r\nthird\n\rx\nrest";
    for (size_t step = 1; step <= sizeof in; step++) {
        struct frame_reader r;
        AUTO_BUF struct buf out = BUF_INIT;
        frame_init(&r, 100);
        for (size_t at = 0; at < sizeof in - 1; at += step) {
            size_t left = sizeof in - 1 - at;
            assert_int_equal(frame_feed(&r, in + at, left < step ? left : step),
                             0);
            drain(&r, &out);
        }
        assert_string_equal(buf_str(&out), "{\"a\":1}|second|third|\rx|");
        assert_int_equal(frame_feed(&r, "\n", 1), 0);
        drain(&r, &out);
        assert_string_equal(buf_str(&out), "{\"a\":1}|second|third|\rx|rest|");
        frame_done(&r);
    }
}

/* Feeding on while lines wait loses none. */
static void test_feed_before_drained(void **state) {
    (void)state;
    struct frame_reader r;
    AUTO_BUF struct buf out = BUF_INIT;
    const char *line;
    size_t n;
    frame_init(&r, 8);
    assert_int_equal(frame_feed(&r, "a\nb\nc", 5), 0);
    assert_true(frame_next(&r, &line, &n));
    assert_memory_equal(line, "a", n);
    assert_int_equal(frame_feed(&r, "d\ne\nf", 5), 0);
    drain(&r, &out);
    assert_int_equal(frame_feed(&r, "\n", 1), 0);
    drain(&r, &out);
    assert_string_equal(buf_str(&out), "b|cd|e|f|");
    frame_done(&r);
}

static void test_limit(void **state) {
    (void)state;
    struct frame_reader r;
    AUTO_BUF struct buf out = BUF_INIT;
    frame_init(&r, 4);
    assert_int_equal(frame_feed(&r, "1234\n12", 7), 0);
    assert_int_equal(frame_feed(&r, "34", 2), 0);
    drain(&r, &out);
    assert_string_equal(buf_str(&out), "1234|");
    assert_int_equal(frame_feed(&r, "5", 1), ERR_TOO_BIG);
    assert_true(r.overflowed);
    assert_int_equal(frame_feed(&r, "\n", 1), ERR_TOO_BIG);
    drain(&r, &out);
    assert_string_equal(buf_str(&out), "1234|");
    frame_done(&r);
}

/* Too long, but its newline came in the same piece. */
static void test_whole_line_too_long(void **state) {
    (void)state;
    struct frame_reader r;
    AUTO_BUF struct buf out = BUF_INIT;
    frame_init(&r, 4);
    assert_int_equal(frame_feed(&r, "ok\n12345\nok\n", 12), 0);
    drain(&r, &out);
    assert_string_equal(buf_str(&out), "ok|");
    assert_true(r.overflowed);
    frame_done(&r);
}

static void test_big_buffer_is_given_back(void **state) {
    (void)state;
    enum { N = 1024 * 1024 };
    struct frame_reader r;
    const char *line;
    size_t n;
    AUTO_FREE char *big = mem_alloc(N);
    memset(big, 'x', N);
    big[N - 1] = '\n';
    frame_init(&r, FRAME_MAX);
    assert_int_equal(frame_feed(&r, big, N), 0);
    assert_true(frame_next(&r, &line, &n));
    assert_int_equal(n, N - 1);
    assert_int_equal(frame_feed(&r, "a\n", 2), 0);
    assert_true(r.in.cap < 65536);
    assert_true(frame_next(&r, &line, &n));
    assert_memory_equal(line, "a", n);
    assert_false(frame_next(&r, &line, &n));
    frame_done(&r);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_lines_at_every_cut),
        cmocka_unit_test(test_feed_before_drained),
        cmocka_unit_test(test_limit),
        cmocka_unit_test(test_whole_line_too_long),
        cmocka_unit_test(test_big_buffer_is_given_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
