/* What is the same object and what is not. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "common/arena.h"
#include "common/buf.h"
#include "common/json.h"
#include "shop/truth.h"
#include "tests/lib/recording.h"

static void hash_of(enum mirror_kind kind, const char *text, uint8_t ret[16]) {
    struct arena *a = arena_new(0);
    AUTO_BUF struct buf scratch = BUF_INIT;
    const struct json *v = NULL;
    assert_int_equal(json_parse(a, text, strlen(text), NULL, &v, NULL), 0);
    truth_hash(&scratch, kind, v, ret);
    arena_free(a);
}

static bool equal(enum mirror_kind kind, const char *a, const char *b) {
    uint8_t x[16], y[16];
    hash_of(kind, a, x);
    hash_of(kind, b, y);
    return memcmp(x, y, sizeof x) == 0;
}

static void same_truth(void **state) {
    static const struct {
        enum mirror_kind kind;
        const char *a, *b;
    } rows[] = {
        {MIRROR_ORDER, "{\"id\":1,\"_links\":{\"a\":1}}", "{\"id\":\"1\"}"},
        {MIRROR_ORDER,
         "{\"id\":1,\"needs_payment\":true,\"payment_url\":\"x\"}",
         "{\"is_editable\":true,\"id\":1,\"currency_symbol\":\"$\"}"},
        {MIRROR_ORDER, "{\"id\":1,\"customer_note\":null}",
         "{\"customer_note\":\"\",\"id\":1}"},
        {MIRROR_ORDER,
         "{\"meta_data\":[{\"id\":1,\"key\":\"a\",\"value\":\"x\"},"
         "{\"id\":2,\"key\":\"b\",\"value\":\"y\"}]}",
         "{\"meta_data\":[{\"id\":9,\"key\":\"b\",\"value\":\"y\"},"
         "{\"id\":3,\"key\":\"a\",\"value\":\"x\"}]}"},
        {MIRROR_ORDER,
         "{\"refunds\":[{\"id\":2,\"total\":\"-2\"},"
         "{\"id\":1,\"total\":\"-1\"}]}",
         "{\"refunds\":[{\"id\":1,\"total\":\"-1\",\"total_tax\":\"0\"},"
         "{\"id\":2,\"total\":\"-2\"}]}"},
        {MIRROR_ORDER,
         "{\"line_items\":[{\"id\":1,\"name\":\"A &amp; "
         "B\",\"price\":219.769999,"
         "\"image\":{\"id\":\"\"}}]}",
         "{\"line_items\":[{\"id\":1,\"name\":\"A & B\",\"price\":219.77,"
         "\"image\":{\"id\":0}}]}"},
        /* of an order, and of all orders */
        {MIRROR_REFUND, "{\"id\":1,\"amount\":\"2.00\"}",
         "{\"id\":1,\"amount\":\"2.00\",\"parent_id\":7}"},
        {MIRROR_ORDER, "{\"line_items\":[{\"id\":1,\"quantity\":3}]}",
         "{\"line_items\":[{\"id\":1,\"quantity\":\"3\"}]}"},
        {MIRROR_PRODUCT,
         "{\"id\":1,\"related_ids\":[1,2],\"price_html\":\"a\","
         "\"total_sales\":1,\"permalink\":\"http://a\"}",
         "{\"id\":1,\"related_ids\":[2],\"price_html\":\"b\","
         "\"total_sales\":2,\"permalink\":\"https://a\"}"},
        {MIRROR_PRODUCT, "{\"categories\":[{\"id\":2},{\"id\":1}]}",
         "{\"categories\":[{\"id\":1},{\"id\":2}]}"},
        {MIRROR_CUSTOMER,
         "{\"id\":1,\"meta_data\":[{\"id\":1,\"key\":\"wc_last_active\","
         "\"value\":\"5\"}]}",
         "{\"id\":1,\"meta_data\":[],\"avatar_url\":\"x\"}"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (!equal(rows[i].kind, rows[i].a, rows[i].b))
            fail_msg("row %zu differs", i);
}

static void another_truth(void **state) {
    static const struct {
        enum mirror_kind kind;
        const char *a, *b;
    } rows[] = {
        {MIRROR_ORDER, "{\"id\":1}", "{\"id\":2}"},
        {MIRROR_ORDER, "{\"status\":\"a\"}", "{\"status\":\"b\"}"},
        {MIRROR_ORDER, "{\"date_modified_gmt\":\"a\"}",
         "{\"date_modified_gmt\":\"b\"}"},
        {MIRROR_ORDER, "{\"billing\":{\"city\":\"x\"}}",
         "{\"shipping\":{\"city\":\"x\"}}"},
        {MIRROR_ORDER, "{\"billing\":{\"first_name\":\"ab\"}}",
         "{\"billing\":{\"first_name\":\"a\",\"last_name\":\"b\"}}"},
        {MIRROR_ORDER, "{\"line_items\":[{\"id\":1},{\"id\":2}]}",
         "{\"line_items\":[{\"id\":1}]}"},
        {MIRROR_ORDER, "{\"line_items\":[{\"id\":1,\"sku\":\"a\"}]}",
         "{\"line_items\":[{\"id\":1,\"sku\":\"b\"}]}"},
        {MIRROR_ORDER, "{\"prices_include_tax\":false}",
         "{\"prices_include_tax\":0}"},
        {MIRROR_ORDER,
         "{\"meta_data\":[{\"id\":1,\"key\":\"a\",\"value\":{\"x\":[1]}}]}",
         "{\"meta_data\":[{\"id\":1,\"key\":\"a\",\"value\":{\"x\":[2]}}]}"},
        {MIRROR_ORDER,
         "{\"meta_data\":[{\"id\":1,\"key\":\"a\",\"value\":\"\"}]}",
         "{\"meta_data\":[]}"},
        {MIRROR_ORDER, "{\"refunds\":[{\"id\":1,\"total\":\"-1\"}]}",
         "{\"refunds\":[]}"},
        /* text that imitates structure */
        {MIRROR_ORDER, "{\"number\":\"1:a\"}", "{\"number\":\"1\"}"},
        {MIRROR_PRODUCT, "{\"stock_quantity\":1}", "{\"stock_quantity\":null}"},
        {MIRROR_PRODUCT, "{\"manage_stock\":true}",
         "{\"manage_stock\":\"parent\"}"},
        {MIRROR_PRODUCT, "{\"regular_price\":\"1.00\"}",
         "{\"regular_price\":\"1.50\"}"},
        {MIRROR_CATEGORY, "{\"name\":\"a\"}", "{\"name\":\"b\"}"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (equal(rows[i].kind, rows[i].a, rows[i].b))
            fail_msg("row %zu is the same", i);
}

static void many_meta_sort_too(void **state) {
    AUTO_BUF struct buf up = BUF_INIT;
    AUTO_BUF struct buf down = BUF_INIT;
    (void)state;
    buf_adds(&up, "{\"meta_data\":[");
    buf_adds(&down, "{\"meta_data\":[");
    for (int i = 0; i < 300; i++) {
        buf_addf(&up, "%s{\"id\":%d,\"key\":\"k%d\",\"value\":%d}",
                 i ? "," : "", i, i % 7, i);
        buf_addf(&down, "%s{\"id\":%d,\"key\":\"k%d\",\"value\":%d}",
                 i ? "," : "", 299 - i, (299 - i) % 7, 299 - i);
    }
    buf_adds(&up, "]}");
    buf_adds(&down, "]}");
    assert_true(equal(MIRROR_ORDER, up.data, down.data));
}

/* The bytes behind stored hashes may not move by accident. */
static void canonical_form_is_fixed(void **state) {
    struct arena *a = arena_new(0);
    AUTO_BUF struct buf b = BUF_INIT;
    const struct json *v = NULL;
    static const char text[] =
        "{\"id\":7,\"parent\":0,\"name\":\"A &amp; B\",\"slug\":\"a-b\","
        "\"image\":null,\"count\":-3,\"display\":true}";
    (void)state;
    assert_int_equal(json_parse(a, text, strlen(text), NULL, &v, NULL), 0);
    truth_canon(&b, MIRROR_CATEGORY, v);
    assert_string_equal(buf_str(&b), "{1:75:A & B3:a-b1:0-t--2:-3}");
    arena_free(a);
}

/* The same rich order, as the list and as the single answer show it. */
static void list_and_single_agree(void **state) {
    struct recording r;
    AUTO_BUF struct buf one = BUF_INIT;
    int pairs = 0;
    (void)state;
    recording_read("order-with-refunds", &r);
    struct arena *a = arena_new(0);
    const struct json *v = NULL;
    assert_int_equal(
        json_parse(a, buf_str(&r.body), r.body.len, NULL, &v, NULL), 0);
    /* members in reverse order, without the decoration */
    buf_addc(&one, '{');
    for (const struct json *c = json_first(v); c; c = json_next(c)) {
        AUTO_BUF struct buf rest = BUF_INIT;
        if (json_key(c)[0] == '_')
            continue;
        buf_add(&rest, one.data + 1, one.len - 1);
        buf_truncate(&one, 1);
        buf_addf(&one, "\"%s\":", json_key(c));
        json_print(&one, c);
        buf_addf(&one, "%s%s", rest.len ? "," : "", buf_str(&rest));
        pairs++;
    }
    buf_addc(&one, '}');
    assert_true(pairs > 40);
    assert_true(equal(MIRROR_ORDER, buf_str(&r.body), one.data));
    arena_free(a);
    recording_done(&r);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(same_truth),
        cmocka_unit_test(another_truth),
        cmocka_unit_test(many_meta_sort_too),
        cmocka_unit_test(canonical_form_is_fixed),
        cmocka_unit_test(list_and_single_agree),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
