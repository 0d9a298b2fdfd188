#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "common/err.h"
#include "common/ref.h"

static void round_trips(void **state) {
    (void)state;
    static const struct {
        const char *text;
        enum ref_kind kind;
        const char *store;
        int64_t id;
    } good[] = {
        {"alpine:1234", REF_OBJECT, "alpine", 1234},
        {"alpine:customer/12", REF_CUSTOMER, "alpine", 12},
        {"a-1:category/9", REF_CATEGORY, "a-1", 9},
        {"D-12", REF_DRAFT, "", 12},
        {"a1234567890123456789012345678901:9223372036854775807", REF_OBJECT,
         "a1234567890123456789012345678901", INT64_MAX},
    };
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        struct ref r;
        char d[REF_TEXT];
        assert_int_equal(ref_parse(good[i].text, &r), 0);
        assert_int_equal(r.kind, good[i].kind);
        assert_string_equal(r.store, good[i].store);
        assert_int_equal(r.id, good[i].id);
        assert_string_equal(ref_format(d, &r), good[i].text);
    }
}

static void everything_else_is_refused(void **state) {
    (void)state;
    static const char *const wrong[] = {
        "",
        "alpine",
        "alpine:",
        ":12",
        "alpine:0",
        "alpine:-1",
        "alpine:012",
        "alpine:+1",
        "alpine:1 ",
        "alpine:1x",
        "Alpine:1",
        "alpine:order/1",
        "alpine:customer/",
        "alpine:customer/0",
        "alpine:customer12",
        "alpine:9223372036854775808",
        "a12345678901234567890123456789012:1",
        "D-",
        "D-0",
        "D-01",
        "d-1",
        "D-1:2",
    };
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        struct ref r = {.id = -77};
        if (ref_parse(wrong[i], &r) != ERR_INVALID)
            fail_msg("'%s' was taken", wrong[i]);
        assert_int_equal(r.id, -77);
    }
    struct ref r;
    assert_int_equal(ref_parse(NULL, &r), ERR_INVALID);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(round_trips),
        cmocka_unit_test(everything_else_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
