#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "common/buf.h"
#include "common/fold.h"
#include "common/utf8.h"

static void assert_fold(const char *s, const char *want) {
    AUTO_BUF struct buf b = BUF_INIT;
    fold_text(&b, s, strlen(s));
    assert_string_equal(buf_str(&b), want);
}

static void what_people_type_meets_what_is_stored(void **state) {
    (void)state;
    assert_fold("Plain ASCII 42", "plain ascii 42");
    assert_fold("İSTANBUL ısı Işık", "istanbul isi isik");
    assert_fold("Müller Straße GROẞ", "muller strasse gross");
    assert_fold("Mu\xCC\x88ller", "muller");
    assert_fold("Ærø Łódź Þór Œuvre", "aero lodz thor oeuvre");
    assert_fold("Nguyễn Đặng Ượng", "nguyen dang uong");
    assert_fold("Čeština ŽLUŤOUČKÝ", "cestina zlutoucky");
    assert_fold("ΆΛΦΑ ὀδυσσεύς", "αλφα οδυσσευσ");
    assert_fold("Йод Ёлка Київ", "иод елка киів");
    assert_fold("ＡＢＣ１２３　ｘ", "abc123 x");
    assert_fold("ﬁn ǅ K Å", "fin dz k a");
}

static void white_space_becomes_one_space(void **state) {
    (void)state;
    assert_fold(" a \t\r\n b\xC2\xA0\xE3\x80\x80 c ", " a b c ");
    /* A mark that vanishes between two spaces joins them. */
    assert_fold("a \xCC\x81 b", "a b");
}

static void other_scripts_pass(void **state) {
    (void)state;
    assert_fold("日本 한국 שָׁלוֹם नमस्ते 😀", "日本 한국 שָׁלוֹם नमस्ते 😀");
}

static void invalid_bytes_become_a_mark(void **state) {
    (void)state;
    assert_fold("a\xFF"
                "B\xE2\x82",
                "a?b??");
}

static void nul_bytes_do_not_end_it(void **state) {
    (void)state;
    AUTO_BUF struct buf b = BUF_INIT;
    fold_text(&b, "A\0B", 3);
    assert_int_equal(b.len, 3);
    assert_memory_equal(b.data, "a\0b", 3);
    fold_text(&b, NULL, 0);
    assert_int_equal(b.len, 3);
}

/* On its own, behind a letter, between spaces, and twice. */
static void idempotent_on_all_code_points(void **state) {
    (void)state;
    AUTO_BUF struct buf once = BUF_INIT, twice = BUF_INIT, text = BUF_INIT;
    for (uint32_t cp = 0; cp <= 0x10FFFF; cp++) {
        char c[4];
        size_t n = utf8_encode(cp, c);
        buf_clear(&text);
        buf_add(&text, c, n);
        buf_adds(&text, "Ä");
        buf_add(&text, c, n);
        buf_adds(&text, " ");
        buf_add(&text, c, n);
        buf_adds(&text, " ");
        buf_clear(&once);
        fold_text(&once, text.data, text.len);
        buf_clear(&twice);
        fold_text(&twice, once.data, once.len);
        if (once.len != twice.len ||
            memcmp(once.data, twice.data, once.len) != 0 ||
            !utf8_valid(once.data, once.len))
            fail_msg("U+%04X", (unsigned)cp);
    }
}

/* Random bytes: the bound on the room holds, the result is valid. */
static void any_bytes_fold(void **state) {
    (void)state;
    uint32_t x = 99;
    for (int round = 0; round < 20000; round++) {
        AUTO_BUF struct buf once = BUF_INIT, twice = BUF_INIT;
        char s[24];
        for (size_t i = 0; i < sizeof s; i++) {
            x = x * 1664525 + 1013904223;
            s[i] = (char)(x >> 24);
        }
        fold_text(&once, s, (size_t)round % 25);
        assert_true(utf8_valid(buf_str(&once), once.len));
        fold_text(&twice, buf_str(&once), once.len);
        assert_int_equal(once.len, twice.len);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_people_type_meets_what_is_stored),
        cmocka_unit_test(white_space_becomes_one_space),
        cmocka_unit_test(other_scripts_pass),
        cmocka_unit_test(invalid_bytes_become_a_mark),
        cmocka_unit_test(nul_bytes_do_not_end_it),
        cmocka_unit_test(idempotent_on_all_code_points),
        cmocka_unit_test(any_bytes_fold),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
