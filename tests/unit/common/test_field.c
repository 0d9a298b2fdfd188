#include "common/field.h"

#include <string.h>

#include "common/arena.h"
#include "common/buf.h"
#include "common/json.h"
#include "common/str.h"
#include "tests/lib/test.h"

static void is(enum text_lang lang, const char *path, const char *words) {
    AUTO_BUF struct buf b = BUF_INIT;
    field_words(&b, lang, path);
    assert_string_equal(buf_str(&b), words);
}

static void a_field_is_called_what_people_call_it(void **state) {
    (void)state;
    is(TEXT_EN, "stock_quantity", "Stock");
    is(TEXT_TR, "stock_quantity", "Stok");
    is(TEXT_TR, "customer_note", "Müşteri notu");
    is(TEXT_EN, "dimensions.length", "Length");
}

static void a_member_of_an_address_says_of_which(void **state) {
    (void)state;
    is(TEXT_EN, "billing.city", "City (billing)");
    is(TEXT_TR, "shipping.postcode", "Posta kodu (teslimat)");
    is(TEXT_TR, "billing", "Fatura adresi");
}

static void a_line_of_an_order_is_counted_from_one(void **state) {
    (void)state;
    is(TEXT_EN, "line_items[2].quantity", "Qty (line 3)");
    is(TEXT_TR, "line_items[0].total", "Toplam (1. kalem)");
    is(TEXT_TR, "line_items[0].taxes", "line_items[0].taxes");
    is(TEXT_TR, "line_items[x].total", "line_items[x].total");
    is(TEXT_TR, "fee_lines[0].total", "fee_lines[0].total");
}

static void what_has_no_words_is_shown_as_it_is_written(void **state) {
    (void)state;
    is(TEXT_TR, "tax_class", "tax_class");
    is(TEXT_TR, "billing.vat_id", "billing.vat_id");
    is(TEXT_TR, "", "");
    assert_false(field_known("tax_class"));
    assert_false(field_known("billing.vat_id"));
    assert_true(field_known("billing.phone"));
}

static void a_field_of_the_shops_own_keeps_its_name(void **state) {
    (void)state;
    is(TEXT_EN, "meta[gift]", "Extra field gift");
    is(TEXT_TR, "meta[gift]", "Ek alan gift");
    is(TEXT_EN, "meta[", "meta[");
    assert_true(field_known("meta[gift]"));
}

static void value(enum text_lang lang, const char *json, const char *words) {
    AUTO_BUF struct buf b = BUF_INIT;
    struct arena *a = arena_new(1024);
    const struct json *v = NULL;
    assert_int_equal(json_parse(a, json, strlen(json), NULL, &v, NULL), 0);
    field_value(&b, lang, "name", v);
    assert_string_equal(buf_str(&b), words);
    arena_free(a);
}

static void a_value_is_shown_as_people_read_it(void **state) {
    (void)state;
    value(TEXT_EN, "true", "yes");
    value(TEXT_TR, "false", "hayır");
    value(TEXT_EN, "\"\"", "\"\"");
    value(TEXT_EN, "null", "-");
    value(TEXT_EN, "[3,5]", "3, 5");
    value(TEXT_EN, "[]", "-");
}

static void members_are_worded_and_the_empty_ones_left_out(void **state) {
    (void)state;
    value(TEXT_TR, "{\"city\":\"İzmir\",\"company\":\"\",\"state\":null}",
          "Şehir: İzmir");
    value(TEXT_EN,
          "[{\"product_id\":34,\"quantity\":2},{\"product_id\":7,"
          "\"quantity\":1}]",
          "Product: 34, Qty: 2; Product: 7, Qty: 1");
}

static void what_is_too_deep_is_not_followed(void **state) {
    (void)state;
    value(TEXT_EN, "[[[[[[1]]]]]]", "[[1]]");
}

static void a_status_is_worded_and_a_shops_own_is_not(void **state) {
    AUTO_BUF struct buf b = BUF_INIT;
    struct arena *a = arena_new(1024);
    const struct json *v = NULL;
    (void)state;
    assert_string_equal(field_status(TEXT_TR, "on-hold"), "beklemede");
    assert_string_equal(field_status(TEXT_EN, "on-hold"), "on-hold");
    assert_string_equal(field_status(TEXT_TR, "packed"), "packed");
    assert_int_equal(json_parse(a, "\"completed\"", 11, NULL, &v, NULL), 0);
    field_value(&b, TEXT_TR, "status", v);
    field_value(&b, TEXT_TR, "name", v);
    assert_string_equal(buf_str(&b), "tamamlandıcompleted");
    arena_free(a);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_field_is_called_what_people_call_it),
        cmocka_unit_test(a_member_of_an_address_says_of_which),
        cmocka_unit_test(a_line_of_an_order_is_counted_from_one),
        cmocka_unit_test(what_has_no_words_is_shown_as_it_is_written),
        cmocka_unit_test(a_field_of_the_shops_own_keeps_its_name),
        cmocka_unit_test(a_value_is_shown_as_people_read_it),
        cmocka_unit_test(members_are_worded_and_the_empty_ones_left_out),
        cmocka_unit_test(a_status_is_worded_and_a_shops_own_is_not),
        cmocka_unit_test(what_is_too_deep_is_not_followed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
