#include "common/said.h"

#include <string.h>

#include "common/buf.h"
#include "tests/lib/test.h"

static void is(enum text_lang lang, const char *sentence, const char *words) {
    AUTO_BUF struct buf b = BUF_INIT;
    said_words(&b, lang, sentence);
    assert_string_equal(buf_str(&b), words);
}

static void a_sentence_is_told_in_the_readers_language(void **state) {
    (void)state;
    is(TEXT_TR, "no such store", "böyle bir mağaza yok");
    is(TEXT_EN, "no such store", "no such store");
    assert_true(said_known("no such store"));
}

static void what_it_is_about_stands_in_its_place(void **state) {
    (void)state;
    is(TEXT_TR,
       "of product 34 only 2 are free: what is there, less what orders that "
       "wait hold back",
       "34 ürününden yalnız 2 boşta: eldekinden bekleyen siparişlere "
       "ayrılanlar düşülünce");
    is(TEXT_TR, "serial SN-1 was picked for P-77: it belongs into its tote",
       "SN-1 seri numarası P-77 için toplanmış: onun kutusuna ait");
}

/* What a filter takes is worded as well. */
static void a_part_may_be_words_of_ours(void **state) {
    (void)state;
    is(TEXT_TR, "items takes a whole number", "items şunu alır: bir tam sayı");
    is(TEXT_TR, "phase takes one of todo, held",
       "phase şunlardan biri olur: todo, held");
}

/* "it is {}: this cannot be done now" fits as well. */
static void of_several_that_fit_the_one_that_says_more_is_meant(void **state) {
    (void)state;
    is(TEXT_TR, "it is queued: this cannot be done now",
       "gönderilmek üzere sırada: bu şimdi yapılamaz");
}

static void a_field_among_it_is_worded(void **state) {
    (void)state;
    is(TEXT_TR, "regular_price is not among what is changed",
       "Fiyat değiştirilenler arasında değil");
}

/* A change of before it had a cause, and a store's. */
static void what_was_kept_before_is_told_too(void **state) {
    (void)state;
    is(TEXT_TR,
       "status is cancelled at the shop, not processing as it was seen",
       "Durum mağazada iptal; görüldüğünde hazırlıkta idi");
    is(TEXT_TR, "The shop answers 401 woocommerce_rest_cannot_view: Sorry.",
       "Mağazanın yanıtı 401 woocommerce_rest_cannot_view: Sorry.");
}

static void what_another_said_is_looked_at_too(void **state) {
    (void)state;
    is(TEXT_TR, "The shop does not accept the key: The request was cancelled.",
       "Mağaza anahtarı kabul etmiyor: İstek iptal edildi.");
}

static void whom_it_is_about_may_stand_before_it(void **state) {
    (void)state;
    is(TEXT_TR, "alpine:12: in nobody's hand",
       "alpine:12: kimsenin elinde değil");
    is(TEXT_TR, "alpine:12: who knows", "alpine:12: who knows");
}

static void a_shops_own_words_stay(void **state) {
    (void)state;
    is(TEXT_TR, "Invalid parameter: note", "Invalid parameter: note");
    is(TEXT_TR, "", "");
    is(TEXT_TR, "no such store!", "no such store!");
    assert_false(said_known("Invalid parameter: note"));
}

/* What stands between the places of a sentence, again and again: trying all
 * there is to fill them with would not end. */
static void a_hostile_sentence_is_through_at_once(void **state) {
    AUTO_BUF struct buf b = BUF_INIT;
    (void)state;
    for (int i = 0; i < 5000; i++)
        buf_adds(&b, "x works on P-x, the last scan was x min ago: it can be "
                     "taken over x is x and cannot become");
    buf_adds(&b, "\n");
    assert_false(said_known(buf_str(&b)));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_sentence_is_told_in_the_readers_language),
        cmocka_unit_test(what_it_is_about_stands_in_its_place),
        cmocka_unit_test(a_part_may_be_words_of_ours),
        cmocka_unit_test(of_several_that_fit_the_one_that_says_more_is_meant),
        cmocka_unit_test(a_field_among_it_is_worded),
        cmocka_unit_test(what_was_kept_before_is_told_too),
        cmocka_unit_test(what_another_said_is_looked_at_too),
        cmocka_unit_test(whom_it_is_about_may_stand_before_it),
        cmocka_unit_test(a_shops_own_words_stay),
        cmocka_unit_test(a_hostile_sentence_is_through_at_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
