#include "model/cause.h"

#include <string.h>

#include "common/arena.h"
#include "common/buf.h"
#include "common/err.h"
#include "common/json.h"
#include "tests/lib/test.h"

static struct arena *arena;

static int setup(void **state) {
    (void)state;
    arena = arena_new(4096);
    return 0;
}

static int teardown(void **state) {
    (void)state;
    arena_free(arena);
    return 0;
}

static void says(const char *json, enum text_lang lang, const char *words) {
    AUTO_BUF struct buf b = BUF_INIT;
    assert_int_equal(cause_words(json, lang, &b), 0);
    assert_string_equal(buf_str(&b), words);
}

static void it_is_worded_in_the_readers_language(void **state) {
    (void)state;
    const char *json = cause_json(arena, CAUSE_MADE_OTHER,
                                  (struct cause_of){.path = "status",
                                                    .asked = "\"completed\"",
                                                    .is = "\"on-hold\""});
    assert_string_equal(json, "{\"name\":\"made_other\",\"path\":\"status\","
                              "\"asked\":\"completed\",\"is\":\"on-hold\"}");
    says(json, TEXT_EN, "Status: asked completed, the shop made it on-hold.");
    says(json, TEXT_TR, "Durum: tamamlandı istendi, mağaza beklemede yaptı.");
}

static void values_are_shown_as_people_read_them(void **state) {
    (void)state;
    const char *json = cause_json(
        arena, CAUSE_MADE_OTHER,
        (struct cause_of){.path = "backorders", .asked = "true", .is = "\"\""});
    says(json, TEXT_EN, "Backorders: asked yes, the shop made it \"\".");
    says(json, TEXT_TR, "Stoksuz satış: evet istendi, mağaza \"\" yaptı.");
    json = cause_json(
        arena, CAUSE_TOUCHED,
        (struct cause_of){.path = "billing", .was = "[1,2]", .is = "null"});
    says(json, TEXT_EN,
         "Billing address was 1, 2 and is -, though nobody asked for it; the "
         "rest was saved.");
}

/* A description goes on for pages. */
static void a_long_value_is_cut_between_letters(void **state) {
    (void)state;
    AUTO_BUF struct buf b = BUF_INIT;
    const struct json *v;
    buf_addc(&b, '"');
    for (int i = 0; i < 400; i++)
        buf_adds(&b, "ğ");
    buf_addc(&b, '"');
    const char *json = cause_json(
        arena, CAUSE_MADE_OTHER,
        (struct cause_of){.path = "name", .asked = "[]", .is = buf_str(&b)});
    assert_int_equal(json_parse(arena, json, strlen(json), NULL, &v, NULL), 0);
    const char *is = json_string(json_get(v, "is"));
    assert_in_range(strlen(is), 190, 200);
    assert_string_equal(is + strlen(is) - 4, "ğ..");
}

static void every_cause_has_words_and_no_place_stays_empty(void **state) {
    (void)state;
    const struct cause_of of = {"path", "\"asked\"", "\"is\"", "\"was\"",
                                400,    "code",      "said"};
    for (int c = CAUSE_NONE + 1; c < CAUSES; c++) {
        const char *json = cause_json(arena, (enum cause)c, of);
        for (int lang = 0; lang < TEXT_LANGS; lang++) {
            AUTO_BUF struct buf b = BUF_INIT;
            assert_int_equal(cause_words(json, (enum text_lang)lang, &b), 0);
            assert_null(strpbrk(buf_str(&b), "{}"));
            assert_true(b.len > 10);
        }
        assert_true(cause_is(json, (enum cause)c));
        assert_true(cause_is(cause_plain((enum cause)c), (enum cause)c));
        assert_false(cause_is(json, c == 1 ? CAUSE_GONE : CAUSE_DIFFERS));
    }
    assert_false(cause_is("", CAUSE_GONE));
    assert_false(cause_is(NULL, CAUSE_GONE));
}

static void what_is_none_says_nothing(void **state) {
    (void)state;
    static const char *const none[] = {
        NULL, "", "{", "[]", "{\"name\":3}", "{\"name\":\"of_tomorrow\"}"};
    AUTO_BUF struct buf b = BUF_INIT;
    for (size_t i = 0; i < sizeof none / sizeof *none; i++)
        assert_int_equal(cause_words(none[i], TEXT_EN, &b), ERR_NOT_FOUND);
    assert_int_equal(b.len, 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_is_worded_in_the_readers_language),
        cmocka_unit_test(values_are_shown_as_people_read_them),
        cmocka_unit_test(a_long_value_is_cut_between_letters),
        cmocka_unit_test(every_cause_has_words_and_no_place_stays_empty),
        cmocka_unit_test(what_is_none_says_nothing),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
