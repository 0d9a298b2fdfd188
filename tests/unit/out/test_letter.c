/* Templates filled in. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "common/buf.h"
#include "common/err.h"
#include "out/letter.h"

static struct buf subject, body;

static void fill(enum letter l, enum text_lang lang,
                 const struct letter_values *v) {
    buf_clear(&subject);
    buf_clear(&body);
    letter_write(l, lang, v, &subject, &body);
}

static int done(void **state) {
    (void)state;
    buf_done(&subject);
    buf_done(&body);
    return 0;
}

static const struct letter_values values = {.name = "Zoe",
                                            .order = "1779",
                                            .ref = "R-3",
                                            .shop = "Alpine",
                                            .lines = "2 x Rope\n1 x Tent",
                                            .note = "To the depot.",
                                            .amount = "49.90 TRY"};

static void every_letter_in_both_languages(void **state) {
    (void)state;
    for (int l = 0; l < LETTERS; l++)
        for (int lang = 0; lang < TEXT_LANGS; lang++) {
            fill((enum letter)l, (enum text_lang)lang, &values);
            assert_true(subject.len > 0 && body.len > 40);
            assert_null(strpbrk(buf_str(&subject), "{}\n"));
            assert_null(strpbrk(buf_str(&body), "{}"));
            assert_int_equal(letter_parse(letter_name((enum letter)l)), l);
        }
    assert_int_equal(letter_parse("nonsense"), ERR_INVALID);
}

static void what_is_empty_leaves_no_hole(void **state) {
    struct letter_values v = values;
    (void)state;
    v.note = "";
    fill(LETTER_RETURN_APPROVED, TEXT_EN, &v);
    assert_string_equal(
        buf_str(&body),
        "Hello Zoe,\n\nyour return R-3 of order 1779 is approved:\n\n"
        "2 x Rope\n1 x Tent\n\nPlease write R-3 on the parcel, so that we know "
        "at once whose it is.\n\nAlpine\n");
}

static void a_value_is_no_template(void **state) {
    struct letter_values v = values;
    (void)state;
    v.name = "{shop}\x1b[2J";
    v.order = "1\r\nBcc: x@y.example";
    fill(LETTER_RETURN_RECEIVED, TEXT_EN, &v);
    assert_non_null(strstr(buf_str(&body), "Hello {shop} [2J,"));
    fill(LETTER_RETURN_APPROVED, TEXT_EN, &v);
    assert_string_equal(buf_str(&subject),
                        "Your return R-3 of order 1  Bcc: x@y.example");
}

static void values_are_bounded(void **state) {
    struct letter_values v = values;
    char *big = calloc(1, 100001);
    (void)state;
    memset(big, 'a', 100000);
    v.note = big;
    fill(LETTER_RETURN_REJECTED, TEXT_TR, &v);
    assert_true(body.len < LETTER_VALUE + 400);
    free(big);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_letter_in_both_languages),
        cmocka_unit_test(what_is_empty_leaves_no_hole),
        cmocka_unit_test(a_value_is_no_template),
        cmocka_unit_test(values_are_bounded),
    };
    return cmocka_run_group_tests(tests, NULL, done);
}
