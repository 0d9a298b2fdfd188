#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "common/ulid.h"

static const uint8_t zero[10];

static void the_edges_of_the_format(void **state) {
    (void)state;
    char d[ULID_TEXT];
    uint8_t full[10];
    memset(full, 0xFF, sizeof full);
    ulid_format(d, 0, zero);
    assert_string_equal(d, "00000000000000000000000000");
    ulid_format(d, ((int64_t)1 << 48) - 1, full);
    assert_string_equal(d, "7ZZZZZZZZZZZZZZZZZZZZZZZZZ");
    /* The time of the example in the specification. */
    ulid_format(d, 1469922850259, zero);
    assert_string_equal(d, "01ARZ3NDEK0000000000000000");
}

static void every_random_bit_shows(void **state) {
    (void)state;
    char base[ULID_TEXT], d[ULID_TEXT];
    ulid_format(base, 5, zero);
    for (int bit = 0; bit < 80; bit++) {
        uint8_t r[10] = {0};
        r[bit / 8] = (uint8_t)(1 << (bit % 8));
        ulid_format(d, 5, r);
        assert_string_not_equal(d, base);
        assert_memory_equal(d, base, 10);
    }
}

static void text_sorts_by_time(void **state) {
    (void)state;
    char a[ULID_TEXT], b[ULID_TEXT];
    uint8_t full[10];
    memset(full, 0xFF, sizeof full);
    for (int64_t t = 1; t < (int64_t)1 << 47; t = t * 3 + 1) {
        ulid_format(a, t, full);
        ulid_format(b, t + 1, zero);
        assert_true(strcmp(a, b) < 0);
    }
}

static void only_ulids_are_valid(void **state) {
    (void)state;
    assert_true(ulid_valid("01ARZ3NDEKTSV4RRFFQ69G5FAV"));
    assert_false(ulid_valid("81ARZ3NDEKTSV4RRFFQ69G5FAV"));
    assert_false(ulid_valid("01ARZ3NDEKTSV4RRFFQ69G5FA"));
    assert_false(ulid_valid("01ARZ3NDEKTSV4RRFFQ69G5FAVX"));
    assert_false(ulid_valid("01ARZ3NDEKTSV4RRFFQ69G5FAU"));
    assert_false(ulid_valid("01arz3ndektsv4rrffq69g5fav"));
    assert_false(ulid_valid(""));
    assert_false(ulid_valid(NULL));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_edges_of_the_format),
        cmocka_unit_test(every_random_bit_shows),
        cmocka_unit_test(text_sorts_by_time),
        cmocka_unit_test(only_ulids_are_valid),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
