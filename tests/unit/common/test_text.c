/* The catalogue: languages, placeholders, plurals, error sentences. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "common/buf.h"
#include "common/err.h"
#include "common/text.h"

static void test_lang(void **state) {
    (void)state;
    assert_int_equal(text_lang("tr"), TEXT_TR);
    assert_int_equal(text_lang("tr_TR.UTF-8"), TEXT_TR);
    assert_int_equal(text_lang("tr-TR"), TEXT_TR);
    assert_int_equal(text_lang("tr.UTF-8"), TEXT_TR);
    assert_int_equal(text_lang("try"), TEXT_EN);
    assert_int_equal(text_lang("en_GB"), TEXT_EN);
    assert_int_equal(text_lang("C"), TEXT_EN);
    assert_int_equal(text_lang(""), TEXT_EN);
    assert_int_equal(text_lang(NULL), TEXT_EN);
    assert_string_equal(text_lang_name(TEXT_TR), "tr");
    assert_string_equal(text_lang_name(TEXT_EN), "en");
}

static void test_get(void **state) {
    (void)state;
    assert_string_equal(text_get(TEXT_EN, TEXT_SCREEN_ORDERS), "Orders");
    assert_string_equal(text_get(TEXT_TR, TEXT_SCREEN_ORDERS), "Siparişler");
}

/* Every text is there in every language and differs from nothing at all. */
static void test_whole(void **state) {
    (void)state;
    for (int i = 0; i < TEXT_COUNT; i++)
        for (int lang = 0; lang < TEXT_LANGS; lang++)
            assert_true(*text_get((enum text_lang)lang, (enum text_id)i));
}

static void test_placeholders(void **state) {
    (void)state;
    AUTO_BUF struct buf b = BUF_INIT;
    text_format(&b, TEXT_EN, TEXT_FRAME_MORE, "total", "148", "from", "1", "to",
                "17", NULL);
    assert_string_equal(buf_str(&b), "1-17 of 148");
    buf_clear(&b);
    text_format(&b, TEXT_TR, TEXT_FRAME_MORE, "total", "148", "from", "1", "to",
                "17", NULL);
    assert_string_equal(buf_str(&b), "148 kayıttan 1-17");
}

static void test_missing_pair_stays(void **state) {
    (void)state;
    AUTO_BUF struct buf b = BUF_INIT;
    text_format(&b, TEXT_EN, TEXT_FRAME_RANGE, "from", "3", NULL);
    assert_string_equal(buf_str(&b), "3-{to}");
}

/* What fills a placeholder is never read for placeholders itself. */
static void test_values_are_not_templates(void **state) {
    (void)state;
    AUTO_BUF struct buf b = BUF_INIT;
    text_format(&b, TEXT_EN, TEXT_FRAME_RANGE, "from", "{to}%s{", "to", "}",
                NULL);
    assert_string_equal(buf_str(&b), "{to}%s{-}");
}

static void test_plural(void **state) {
    (void)state;
    AUTO_BUF struct buf b = BUF_INIT;
    text_format(&b, TEXT_EN, TEXT_COUNTS_ORDERS, "n", "1", NULL);
    text_format(&b, TEXT_EN, TEXT_COUNTS_ORDERS, "n", "21", NULL);
    assert_string_equal(buf_str(&b), "1 order21 orders");
    buf_clear(&b);
    text_format(&b, TEXT_TR, TEXT_COUNTS_ORDERS, "n", "1", NULL);
    assert_string_equal(buf_str(&b), "1 sipariş");
}

static void test_find(void **state) {
    (void)state;
    assert_int_equal(text_find("screen.orders"), TEXT_SCREEN_ORDERS);
    assert_int_equal(text_find("screen.order_"), -1);
    assert_int_equal(text_find(""), -1);
}

static void test_errors(void **state) {
    (void)state;
    assert_string_equal(text_error(TEXT_EN, ERR_NOT_FOUND),
                        err_message(ERR_NOT_FOUND));
    assert_string_equal(text_error(TEXT_TR, ERR_NOT_FOUND), "Bulunamadı.");
    /* A code nobody knows is our fault, not the reader's. */
    assert_string_equal(text_error(TEXT_EN, -9999), err_message(ERR_INTERNAL));
    assert_string_equal(text_error(TEXT_EN, 0), err_message(ERR_INTERNAL));
    assert_non_null(strstr(text_cure(TEXT_EN, ERR_SHOP_TLS), "--ca-file"));
    assert_non_null(strstr(text_cure(TEXT_TR, ERR_SHOP_TLS), "--ca-file"));
    assert_null(text_cure(TEXT_EN, ERR_NOT_FOUND));
    assert_null(text_cure(TEXT_EN, -9999));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_lang),
        cmocka_unit_test(test_get),
        cmocka_unit_test(test_whole),
        cmocka_unit_test(test_placeholders),
        cmocka_unit_test(test_missing_pair_stays),
        cmocka_unit_test(test_values_are_not_templates),
        cmocka_unit_test(test_plural),
        cmocka_unit_test(test_find),
        cmocka_unit_test(test_errors),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
