#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "common/buf.h"
#include "common/mem.h"
#include "common/utf8.h"

static bool surrogate(uint32_t cp) {
    return cp >= 0xD800 && cp <= 0xDFFF;
}

static void every_code_point_round_trips(void **state) {
    (void)state;
    for (uint32_t cp = 0; cp <= 0x10FFFF; cp++) {
        char d[4];
        uint32_t back = 0;
        size_t n = utf8_encode(cp, d);
        if (surrogate(cp)) {
            assert_int_equal(n, 0);
            continue;
        }
        if (utf8_decode(d, n, &back) != n || back != cp || !utf8_valid(d, n) ||
            utf8_decode(d, n - 1, &back) != 0)
            fail_msg("U+%04X", (unsigned)cp);
    }
    char d[4];
    assert_int_equal(utf8_encode(0x110000, d), 0);
}

static void invalid_bytes_do_not_decode(void **state) {
    (void)state;
    static const char *const wrong[] = {
        "\x80",
        "\xC0\x80",
        "\xC1\xBF",
        "\xE0\x80\x80",
        "\xE0\x9F\xBF",
        "\xED\xA0\x80",
        "\xED\xBF\xBF",
        "\xF0\x8F\xBF\xBF",
        "\xF4\x90\x80\x80",
        "\xF5\x80\x80\x80",
        "\xFF",
        "\xC3"
        "A",
        "\xE2\x82",
        "\xE2\x82"
        "A",
    };
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        uint32_t cp = 77;
        assert_int_equal(utf8_decode(wrong[i], strlen(wrong[i]), &cp), 0);
        assert_int_equal(cp, 77);
        assert_false(utf8_valid(wrong[i], strlen(wrong[i])));
    }
}

/* A fault is seen wherever it stands in the eight-byte words. */
static void faults_are_found_at_any_place(void **state) {
    (void)state;
    for (size_t n = 1; n < 40; n++)
        for (size_t at = 0; at < n; at++) {
            char *s = mem_alloc(n);
            memset(s, 'a', n);
            assert_true(utf8_valid(s, n));
            s[at] = '\xFE';
            assert_false(utf8_valid(s, n));
            free(s);
        }
    assert_true(utf8_valid("", 0));
    assert_true(utf8_valid("a\0b", 3));
}

static void repair_replaces_bytes_only(void **state) {
    (void)state;
    AUTO_BUF struct buf b = BUF_INIT;
    utf8_repair(&b, "a\xFFü\xE2\x82z", 7);
    assert_string_equal(buf_str(&b), "a\xEF\xBF\xBDü\xEF\xBF\xBD\xEF\xBF\xBDz");
    assert_true(utf8_valid(b.data, b.len));
    buf_clear(&b);
    utf8_repair(&b, "plain", 5);
    assert_string_equal(buf_str(&b), "plain");
}

static void widths(void **state) {
    (void)state;
    static const struct {
        uint32_t cp;
        int cells;
    } want[] = {
        {'a', 1},     {0x7F, -1},    {0, -1},      {0x9B, -1},   {0xA0, 1},
        {0xAD, 1},    {0x130, 1},    {0x301, 0},   {0x378, 1},   {0x416, 1},
        {0x5D0, 1},   {0x200D, 0},   {0x20AC, 1},  {0x2500, 1},  {0x3042, 2},
        {0x4E00, 2},  {0xAC00, 2},   {0x1160, 0},  {0xFE0F, 0},  {0xFF21, 2},
        {0xFF71, 1},  {0x1F600, 2},  {0x1F4E6, 2}, {0x20000, 2}, {0xE000, 1},
        {0x2FFFD, 2}, {0x10FFFF, 1}, {0x1F1E6, 1},
    };
    for (size_t i = 0; i < sizeof want / sizeof *want; i++)
        if (utf8_width(want[i].cp) != want[i].cells)
            fail_msg("U+%04X is %d", (unsigned)want[i].cp,
                     utf8_width(want[i].cp));
}

static void safe(const char *s, size_t n, const char *want) {
    AUTO_BUF struct buf b = BUF_INIT;
    utf8_safe(&b, s, n);
    assert_string_equal(buf_str(&b), want);
}

static void nothing_drives_the_terminal(void **state) {
    (void)state;
    safe("İstanbul ü", 12, "İstanbul ü");
    safe("a\x1b[2Jb", 6, "a?[2Jb");
    safe("a\nb\tc\rd", 7, "a b c?d");
    safe("a\0b", 3, "a?b");
    safe("\xC2\x9B"
         "31m",
         5, "?31m");
    safe("a\xE2\x80\xAE"
         "b\xE2\x80\xA8"
         "c\xE2\x80\x8B"
         "d\xEF\xBB\xBF",
         16, "a?b?c?d?");
    safe("\xFF\xC3", 2, "??");
    safe("e\xCC\x81", 3, "e\xCC\x81");
}

/* What utf8_safe lets through never has a negative width. */
static void safe_text_can_be_measured(void **state) {
    (void)state;
    AUTO_BUF struct buf b = BUF_INIT;
    for (uint32_t cp = 1; cp <= 0x10FFFF; cp++) {
        char d[4];
        uint32_t back;
        size_t n = utf8_encode(cp, d);
        if (n == 0)
            continue;
        buf_clear(&b);
        utf8_safe(&b, d, n);
        if (utf8_decode(b.data, b.len, &back) != b.len || utf8_width(back) < 0)
            fail_msg("U+%04X", (unsigned)cp);
    }
}

static void fitting_never_splits(void **state) {
    (void)state;
    /* a, e + two marks, a wide one, an emoji, u with mark. */
    const char *s = "ae\xCC\x81\xCC\xA3日😀ü";
    static const size_t bytes[] = {0, 1, 6, 6, 9, 9, 13, 15, 15};
    static const size_t cells[] = {0, 1, 2, 2, 4, 4, 6, 7, 7};
    for (size_t i = 0; i < sizeof bytes / sizeof *bytes; i++) {
        size_t used = 77;
        assert_int_equal(utf8_fit(s, i, &used), bytes[i]);
        assert_int_equal(used, cells[i]);
    }
    assert_int_equal(utf8_cells(s), 7);
    assert_int_equal(utf8_cells(""), 0);
}

/* Random mixes: the prefix is valid, no wider than asked, not cut inside a
 * cluster, and one cell more never gives less. */
static void fitting_random_text(void **state) {
    (void)state;
    static const char *const parts[] = {"a", "ü", "日", "😀", "\xCC\x81", "€"};
    uint32_t x = 12345;
    for (int round = 0; round < 2000; round++) {
        AUTO_BUF struct buf b = BUF_INIT;
        for (int i = 0; i < 12; i++) {
            x = x * 1664525 + 1013904223;
            buf_adds(&b, parts[(x >> 16) % 6]);
        }
        size_t last = 0;
        for (size_t cells = 0; cells < 26; cells++) {
            size_t used;
            size_t n = utf8_fit(b.data, cells, &used);
            assert_true(n >= last && used <= cells && utf8_valid(b.data, n));
            assert_int_not_equal(strncmp(b.data + n, "\xCC\x81", 2), 0);
            last = n;
        }
        assert_int_equal(last, b.len);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_code_point_round_trips),
        cmocka_unit_test(invalid_bytes_do_not_decode),
        cmocka_unit_test(faults_are_found_at_any_place),
        cmocka_unit_test(repair_replaces_bytes_only),
        cmocka_unit_test(widths),
        cmocka_unit_test(nothing_drives_the_terminal),
        cmocka_unit_test(safe_text_can_be_measured),
        cmocka_unit_test(fitting_never_splits),
        cmocka_unit_test(fitting_random_text),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
