/* Decoding: the recorded shop, and what no shop should send. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "common/arena.h"
#include "common/buf.h"
#include "common/entities.h"
#include "common/err.h"
#include "common/json.h"
#include "shop/decode.h"
#include "tests/lib/recording.h"

struct fixture {
    struct arena *arena;
    struct buf scratch;
    struct decode_fault fault;
};

static int setup(void **state) {
    static struct fixture f;
    f.arena = arena_new(0);
    *state = &f;
    return 0;
}

static int teardown(void **state) {
    struct fixture *f = *state;
    arena_free(f->arena);
    buf_done(&f->scratch);
    return 0;
}

static const struct json *parse(struct fixture *f, const char *text) {
    const struct json *v = NULL;
    assert_int_equal(json_parse(f->arena, text, strlen(text), NULL, &v, NULL),
                     0);
    return v;
}

static int order_of(struct fixture *f, const char *text, struct order *ret) {
    return decode_order(f->arena, &f->scratch, parse(f, text), ret, &f->fault);
}

static void rich_order(void **state) {
    struct fixture *f = *state;
    struct recording r;
    struct order o;
    recording_read("order-with-refunds", &r);
    assert_int_equal(order_of(f, buf_str(&r.body), &o), 0);
    assert_int_equal(o.o.remote_id, 4098);
    assert_string_equal(o.number, "4098");
    assert_string_equal(o.status, "completed");
    assert_string_equal(o.currency, "TRY");
    assert_int_equal(o.total_e4, 8089800);
    assert_int_equal(o.created_ms, INT64_C(1795350047000));
    assert_int_equal(o.modified_ms, INT64_C(1795350054000));
    assert_int_equal(o.customer_id, 2);
    assert_string_equal(o.name, "Zoë 🎒 O'Neil & Söns");
    assert_string_equal(o.sort_name, "zoe 🎒 o'neil & sons");
    assert_string_equal(o.email, "evil@example.test");
    assert_string_equal(o.city, "İstanbul");
    assert_string_equal(o.country, "TR");
    assert_int_equal(o.flags, ORDER_NOTE | ORDER_REFUNDED);
    assert_int_equal(o.n_lines, 2);
    assert_int_equal(o.items_e3, 4000);
    assert_int_equal(o.lines[0].line_id, 14033);
    assert_int_equal(o.lines[0].product_id, 13);
    assert_int_equal(o.lines[0].reduced_e3, -48000);
    assert_string_equal(o.lines[1].sku, "AO-00016-L");
    assert_int_equal(o.lines[1].variation_id, 31);
    assert_string_equal(o.o.search,
                        "4098\nzoe 🎒 o'neil & sons\nevil@example.test\n"
                        "+905550000000\nao-00004\nao-00016-l");
    recording_done(&r);
}

static void smallest_order(void **state) {
    struct order o;
    assert_int_equal(
        order_of(*state, "{\"id\":\"7\",\"status\":\"wc-odd\",\"total\":3}",
                 &o),
        0);
    assert_int_equal(o.o.remote_id, 7);
    assert_string_equal(o.number, "7");
    assert_string_equal(o.status, "odd");
    assert_int_equal(o.total_e4, 30000);
    assert_string_equal(o.name, "");
    assert_string_equal(o.email_key, "");
    assert_int_equal(o.n_lines, 0);
}

/* What is at fault, and with which path. */
static void refused(void **state) {
    static const struct {
        const char *text, *path;
    } rows[] = {
        {"[]", ""},
        {"{}", "id"},
        {"{\"id\":null,\"status\":\"a\",\"total\":\"1\"}", "id"},
        {"{\"id\":0,\"status\":\"a\",\"total\":\"1\"}", "id"},
        {"{\"id\":-4,\"status\":\"a\",\"total\":\"1\"}", "id"},
        {"{\"id\":1.5,\"status\":\"a\",\"total\":\"1\"}", "id"},
        {"{\"id\":9007199254740993,\"status\":\"a\",\"total\":\"1\"}", "id"},
        {"{\"id\":\"9007199254740992\",\"status\":\"a\",\"total\":\"1\"}",
         "id"},
        {"{\"id\":1,\"total\":\"1\"}", "status"},
        {"{\"id\":1,\"status\":\"a\"}", "total"},
        {"{\"id\":1,\"status\":\"a\",\"total\":\"\"}", "total"},
        {"{\"id\":1,\"status\":\"a\",\"total\":\"-\"}", "total"},
        {"{\"id\":1,\"status\":\"a\",\"total\":\"1,50\"}", "total"},
        {"{\"id\":1,\"status\":\"a\",\"total\":true}", "total"},
        {"{\"id\":1,\"status\":\"a\",\"total\":\"99999999999999999999\"}",
         "total"},
        {"{\"id\":1,\"status\":\"a\",\"total\":\"1\","
         "\"date_created_gmt\":\"soon\"}",
         "date_created_gmt"},
        {"{\"id\":1,\"status\":\"a\",\"total\":\"1\",\"line_items\":{\"a\":1}}",
         "line_items"},
        {"{\"id\":1,\"status\":\"a\",\"total\":\"1\",\"line_items\":[{\"id\":5}"
         ",{\"id\":6,\"product_id\":\"x\"}]}",
         "line_items.1.product_id"},
        {"{\"id\":1,\"status\":\"a\",\"total\":\"1\",\"line_items\":[{}]}",
         "line_items.0.id"},
        {"{\"id\":1,\"status\":\"a\",\"total\":\"1\",\"line_items\":[{\"id\":5}"
         ",{\"id\":6},{\"id\":5}]}",
         "line_items"},
        {"{\"id\":1,\"status\":\"a\",\"total\":\"1\",\"line_items\":[{\"id\":5,"
         "\"quantity\":\"9223372036854775\"},{\"id\":6,\"quantity\":"
         "\"9223372036854775\"}]}",
         "line_items.1.quantity"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct fixture *f = *state;
        struct order o;
        assert_int_equal(order_of(f, rows[i].text, &o), ERR_INVALID);
        assert_string_equal(f->fault.path, rows[i].path);
        assert_string_not_equal(f->fault.reason, "");
    }
}

static void tolerated(void **state) {
    struct order o;
    assert_int_equal(
        order_of(*state,
                 "{\"id\":1,\"status\":\"a\",\"total\":\"1.23455\","
                 "\"customer_id\":null,\"billing\":null,\"shipping\":[],"
                 "\"date_created_gmt\":null,\"refunds\":null,\"number\":88,"
                 "\"customer_note\":false,\"line_items\":[{\"id\":\"5\","
                 "\"product_id\":false,\"sku\":12,\"quantity\":\"1.5\","
                 "\"total\":\"\",\"meta_data\":[{\"key\":\"_reduced_stock\","
                 "\"value\":\"many\"}]}]}",
                 &o),
        0);
    assert_int_equal(o.total_e4, 12346); /* fifth digit rounds */
    assert_string_equal(o.number, "88");
    assert_int_equal(o.customer_id, 0);
    assert_int_equal(o.created_ms, 0);
    assert_string_equal(o.lines[0].sku, "12");
    assert_int_equal(o.lines[0].qty_e3, 1500);
    assert_int_equal(o.lines[0].total_e4, 0);
    assert_int_equal(o.lines[0].reduced_e3, 0);
    assert_int_equal(o.flags, ORDER_DECIMAL | ORDER_NO_SKU);
}

static void long_text_is_cut_on_a_character(void **state) {
    struct fixture *f = *state;
    AUTO_BUF struct buf b = BUF_INIT;
    struct order o;
    buf_adds(&b, "{\"id\":1,\"status\":\"a\",\"total\":\"1\",\"billing\":{"
                 "\"first_name\":\"");
    for (int i = 0; i < 400; i++)
        buf_adds(&b, "ş");
    buf_adds(&b, "\"}}");
    assert_int_equal(order_of(f, b.data, &o), 0);
    assert_int_equal(strlen(o.name), 254);
}

static void decimal_quantity(void **state) {
    struct fixture *f = *state;
    struct recording r;
    recording_read("order-decimal-qty", &r);
    if (json_get(parse(f, buf_str(&r.body)), "line_items")) {
        struct order o;
        assert_int_equal(order_of(f, buf_str(&r.body), &o), 0);
    } else {
        assert_non_null(json_get(parse(f, buf_str(&r.body)), "code"));
    }
    recording_done(&r);
}

static int product_of(struct fixture *f, const char *text, int64_t parent,
                      struct product *ret) {
    return decode_product(f->arena, &f->scratch, parse(f, text), parent, ret,
                          &f->fault);
}

static void products(void **state) {
    struct fixture *f = *state;
    struct recording r;
    struct product p;
    recording_read("product-simple-single", &r);
    assert_int_equal(product_of(f, buf_str(&r.body), 0, &p), 0);
    assert_int_equal(p.o.remote_id, 10);
    assert_string_equal(p.type, "simple");
    assert_int_equal(p.parent_id, 0);
    assert_int_equal(p.price_e4, 771000);
    assert_true(p.sale_e4 == PRODUCT_NONE);
    assert_int_equal(p.manage, PRODUCT_OWN_STOCK);
    assert_int_equal(p.stock_e3, 17000);
    assert_int_equal(p.low_e3, 5000);
    assert_int_equal(p.n_categories, 1);
    assert_int_equal(p.categories[0], 18);
    assert_string_equal(p.o.search, "renamed by wp\nao-00001\n");
    recording_done(&r);
}

static void variations(void **state) {
    struct fixture *f = *state;
    struct product p;
    static const char old[] = "{\"id\":20,\"manage_stock\":\"parent\","
                              "\"stock_quantity\":7,\"name\":null}";
    assert_int_equal(product_of(f, old, 17, &p), 0);
    assert_string_equal(p.type, "variation");
    assert_int_equal(p.parent_id, 17);
    assert_int_equal(p.manage, PRODUCT_PARENT_STOCK);
    assert_int_equal(p.stock_e3, 7000);
    assert_int_equal(product_of(f, "{\"id\":20,\"type\":\"variation\"}", 0, &p),
                     ERR_INVALID);
    assert_string_equal(f->fault.path, "parent_id");
    assert_int_equal(product_of(f,
                                "{\"id\":2,\"type\":\"simple\",\"parent_id\":9,"
                                "\"manage_stock\":false,\"stock_quantity\":4}",
                                0, &p),
                     0);
    assert_int_equal(p.parent_id, 0);
    assert_true(p.stock_e3 == PRODUCT_NONE);
}

static void product_faults(void **state) {
    struct fixture *f = *state;
    struct product p;
    assert_int_equal(product_of(f, "{\"id\":2,\"price\":\"abc\"}", 0, &p),
                     ERR_INVALID);
    assert_string_equal(f->fault.path, "price");
    assert_int_equal(
        product_of(f, "{\"id\":2,\"categories\":[{\"id\":1},{}]}", 0, &p),
        ERR_INVALID);
    assert_string_equal(f->fault.path, "categories.1.id");
}

static void entities(void **state) {
    static const char *const rows[][2] = {
        {"", ""},
        {"A &amp; B", "A & B"},
        {"&lt;b&gt;&quot;x&quot;", "<b>\"x\""},
        {"it&#8217;s &#x2013; &#39;", "it’s – '"},
        {"&nbsp;", "\xc2\xa0"},
        {"A & B", "A & B"},
        {"&;&unknown;&amp", "&;&unknown;&amp"},
        {"&#0;&#xD800;&#99999999;&#7;&#x;", "&#0;&#xD800;&#99999999;&#7;&#x;"},
        {"&amp;amp;", "&amp;"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        AUTO_BUF struct buf b = BUF_INIT;
        entities_decode(&b, rows[i][0]);
        assert_string_equal(buf_str(&b), rows[i][1]);
    }
}

static void encoded_names(void **state) {
    struct fixture *f = *state;
    struct product p;
    struct category c;
    assert_int_equal(
        product_of(f, "{\"id\":2,\"name\":\"Tom &amp; Jerry\"}", 0, &p), 0);
    assert_string_equal(p.name, "Tom & Jerry");
    assert_int_equal(
        decode_category(f->arena, &f->scratch,
                        parse(f, "{\"id\":3,\"parent\":0,\"name\":\"A &amp; B\""
                                 ",\"slug\":\"a-b\",\"count\":\"4\"}"),
                        &c, &f->fault),
        0);
    assert_string_equal(c.name, "A & B");
    assert_int_equal(c.count, 4);
}

static void customers(void **state) {
    struct fixture *f = *state;
    struct recording r;
    struct customer c;
    recording_read("customers-list", &r);
    const struct json *v = json_first(parse(f, buf_str(&r.body)));
    assert_int_equal(decode_customer(f->arena, &f->scratch, v, &c, &f->fault),
                     0);
    assert_int_equal(c.o.remote_id, 11);
    assert_string_equal(c.name, "Fatma Kaya");
    assert_string_equal(c.email_key, "c10@example.test");
    assert_string_equal(c.city, "İzmir");
    assert_string_equal(c.o.search, "fatma kaya\nc10@example.test\n");
    recording_done(&r);
}

static void refunds(void **state) {
    struct fixture *f = *state;
    struct refund x;
    static const char *const texts[] = {
        "{\"id\":4,\"parent_id\":9,\"amount\":\"1.00\"}",
        "{\"id\":4,\"parent_id\":9,\"amount\":\"-1.00\"}",
        "{\"id\":4,\"amount\":1}"};
    for (size_t i = 0; i < 3; i++) {
        assert_int_equal(decode_refund(f->arena, &f->scratch,
                                       parse(f, texts[i]), 9, &x, &f->fault),
                         0);
        assert_int_equal(x.order_remote_id, 9);
        assert_int_equal(x.total_e4, 10000);
    }
    assert_int_equal(decode_refund(f->arena, &f->scratch, parse(f, texts[2]), 0,
                                   &x, &f->fault),
                     ERR_INVALID);
    /* recorded: an amount left out reads "" */
    assert_int_equal(
        decode_refund(f->arena, &f->scratch,
                      parse(f, "{\"id\":4,\"parent_id\":9,\"amount\":\"\"}"), 0,
                      &x, &f->fault),
        0);
    assert_int_equal(x.total_e4, 0);
}

static void notes(void **state) {
    struct fixture *f = *state;
    struct recording r;
    struct note n;
    recording_read("order-notes-list", &r);
    const struct json *v = json_first(parse(f, buf_str(&r.body)));
    assert_int_equal(decode_note(f->arena, &f->scratch, v, &n, &f->fault), 0);
    assert_int_equal(n.remote_id, 11476);
    assert_string_equal(n.author, "admin");
    assert_string_equal(n.text, "by user");
    assert_false(n.to_customer);
    recording_done(&r);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rich_order),
        cmocka_unit_test(smallest_order),
        cmocka_unit_test(refused),
        cmocka_unit_test(tolerated),
        cmocka_unit_test(long_text_is_cut_on_a_character),
        cmocka_unit_test(decimal_quantity),
        cmocka_unit_test(products),
        cmocka_unit_test(variations),
        cmocka_unit_test(product_faults),
        cmocka_unit_test(entities),
        cmocka_unit_test(encoded_names),
        cmocka_unit_test(customers),
        cmocka_unit_test(refunds),
        cmocka_unit_test(notes),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
