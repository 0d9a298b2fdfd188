/* Fields of a kept object as they are shown. */
#include "rpc/raw_view.h"

#include <string.h>

#include "common/arena.h"
#include "common/buf.h"
#include "common/str.h"
#include "tests/lib/test.h"

/* The price of a line with that text for "price" and for "total". */
static void price_is(const char *price, const char *total, const char *want) {
    AUTO_BUF struct buf text = BUF_INIT;
    AUTO_BUF struct buf out = BUF_INIT;
    AUTO_BUF struct buf expected = BUF_INIT;
    struct arena *a = arena_new(0);
    const struct json *line = NULL;
    struct jsonw w;
    buf_addf(&text, "{\"price\":%s,\"total\":\"%s\"}", price, total);
    assert_int_equal(json_parse(a, text.data, text.len, NULL, &line, NULL), 0);
    jsonw_init(&w, &out);
    jsonw_begin_object(&w);
    raw_price(&w, "price", line, "price", "total");
    jsonw_end_object(&w);
    buf_addf(&expected, "{\"price\":\"%s\"}", want);
    assert_string_equal(buf_str(&out), buf_str(&expected));
    arena_free(a);
}

/* The shop divides, so that three for 1775.80 are 591.9333333333333 each. */
static void a_price_has_the_digits_of_its_total(void **state) {
    (void)state;
    price_is("591.9333333333333", "1775.80", "591.93");
    price_is("591.9266666666667", "1775.78", "591.93");
    price_is("0.9999999999999999", "3.00", "1.00");
    price_is("425.8", "851.60", "425.80");
    price_is("425.8", "852", "426");
    price_is("12.345", "24.6900", "12.3450");
    price_is("\"19.90\"", "19.90", "19.90");
    price_is("7", "", "7.00");
    price_is("7", "free", "7.00");
}

static void what_is_no_price_is_nothing(void **state) {
    (void)state;
    price_is("null", "1.00", "0.00");
    price_is("\"NaN\"", "1.00", "0.00");
    price_is("1e300", "1.00", "0.00");
    price_is("99999999999999999999.5", "1.00", "0.00");
    price_is("9223372036.5", "1", "9223372037");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_price_has_the_digits_of_its_total),
        cmocka_unit_test(what_is_no_price_is_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
