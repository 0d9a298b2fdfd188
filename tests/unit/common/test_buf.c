#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "common/buf.h"

static void an_empty_buffer_reads_as_text(void **state) {
    (void)state;
    AUTO_BUF struct buf b = BUF_INIT;
    assert_string_equal(buf_str(&b), "");
    buf_add(&b, NULL, 0);
    buf_added(&b, 0);
    buf_clear(&b);
    buf_consume(&b, 5);
    assert_null(b.data);
}

static void content_is_always_terminated(void **state) {
    (void)state;
    AUTO_BUF struct buf b = BUF_INIT;
    for (size_t i = 0; i < 5000; i++) {
        buf_addc(&b, 'x');
        assert_int_equal(b.len, i + 1);
        assert_int_equal(b.data[b.len], 0);
        assert_true(b.len < b.cap);
    }
}

static void formats_of_any_length_fit(void **state) {
    (void)state;
    char text[3000];
    for (size_t n = 0; n < sizeof text; n += 37) {
        AUTO_BUF struct buf b = BUF_INIT;
        memset(text, 'y', n);
        text[n] = 0;
        buf_adds(&b, "<");
        buf_addf(&b, "%s|%d", text, 42);
        buf_adds(&b, ">");
        assert_int_equal(b.len, n + 5);
        assert_string_equal(b.data + 1 + n, "|42>");
    }
}

static void consuming_keeps_the_rest(void **state) {
    (void)state;
    AUTO_BUF struct buf b = BUF_INIT;
    buf_adds(&b, "order:1234");
    buf_consume(&b, 6);
    assert_string_equal(buf_str(&b), "1234");
    buf_truncate(&b, 2);
    assert_string_equal(buf_str(&b), "12");
    buf_truncate(&b, 99);
    assert_int_equal(b.len, 2);
    buf_consume(&b, 99);
    assert_string_equal(buf_str(&b), "");
    buf_adds(&b, "again");
    assert_string_equal(buf_str(&b), "again");
}

static void reserved_room_is_really_there(void **state) {
    (void)state;
    AUTO_BUF struct buf b = BUF_INIT;
    for (size_t n = 0; n < 400; n++) {
        memset(buf_reserve(&b, n), 'z', n);
        buf_added(&b, n);
    }
    assert_int_equal(b.len, 399 * 400 / 2);
    assert_int_equal(strlen(b.data), b.len);
}

static void taking_leaves_an_empty_buffer(void **state) {
    (void)state;
    struct buf b = BUF_INIT;
    buf_adds(&b, "mine");
    char *s = buf_take(&b);
    assert_string_equal(s, "mine");
    assert_null(b.data);
    assert_int_equal(b.len + b.cap, 0);
    free(s);
    s = buf_take(&b);
    assert_string_equal(s, "");
    free(s);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_empty_buffer_reads_as_text),
        cmocka_unit_test(content_is_always_terminated),
        cmocka_unit_test(formats_of_any_length_fit),
        cmocka_unit_test(consuming_keeps_the_rest),
        cmocka_unit_test(reserved_room_is_really_there),
        cmocka_unit_test(taking_leaves_an_empty_buffer),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
