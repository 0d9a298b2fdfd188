/* Changes as the bytes a shop gets. */
#include <string.h>

#include "common/arena.h"
#include "common/json.h"
#include "shop/encode.h"
#include "tests/lib/test.h"

#define UUID "01ARZ3NDEKTSV4RRFFQ69G5FAV"

static struct change of(enum mirror_kind kind, enum change_act act, int64_t id,
                        struct change_path *paths, size_t n,
                        const char *payload) {
    return (struct change){.uuid = UUID,
                           .kind = kind,
                           .act = act,
                           .remote_id = id,
                           .paths = paths,
                           .n_paths = n,
                           .payload = payload,
                           .created_ms = 1700000000000};
}

static void assert_request(const struct change *c, enum http_method method,
                           const char *path, const char *body) {
    AUTO_BUF struct buf b = BUF_INIT;
    struct shop_request r;
    encode_change(c, &r, &b);
    assert_int_equal(r.method, method);
    assert_int_equal(r.cls, REQUEST_WRITE);
    assert_string_equal(r.path, path);
    assert_string_equal(buf_str(&b), body);
    assert_int_equal(r.body_n, strlen(body));
}

static void assert_query(const struct change *c, const char *query) {
    AUTO_BUF struct buf b = BUF_INIT;
    struct shop_request r;
    encode_change(c, &r, &b);
    r.query[r.query_n] = '\0';
    assert_string_equal(r.query, query);
}

static void only_the_changed_paths_are_sent(void **state) {
    (void)state;
    struct change_path paths[] = {
        {.path = "billing.city", .wanted = "\"Bonn\""},
        {.path = "billing.email", .wanted = "\"a@b.c\""},
        {.path = "meta[gift]", .wanted = "\"1\""},
        {.path = "meta[old]", .wanted = "null"},
        {.path = "status", .wanted = "\"completed\""}};
    struct change c = of(MIRROR_ORDER, CHANGE_SET, 7, paths, 5, NULL);
    assert_request(&c, HTTP_PUT, "/wc/v3/orders/7",
                   "{\"billing\":{\"city\":\"Bonn\",\"email\":\"a@b.c\"},"
                   "\"status\":\"completed\",\"meta_data\":[{\"key\":\"gift\","
                   "\"value\":\"1\"},{\"key\":\"old\",\"value\":null}]}");
}

static void a_variation_is_written_below_its_product(void **state) {
    (void)state;
    struct change_path paths[] = {
        {.path = "categories", .wanted = "[9,12]"},
        {.path = "dimensions.length", .wanted = "\"3\""},
        {.path = "regular_price", .wanted = "\"12.50\""}};
    struct change c = of(MIRROR_PRODUCT, CHANGE_SET, 8, paths, 3, NULL);
    c.parent_id = 5;
    assert_request(&c, HTTP_PUT, "/wc/v3/products/5/variations/8",
                   "{\"categories\":[{\"id\":9},{\"id\":12}],\"dimensions\":{"
                   "\"length\":\"3\"},\"regular_price\":\"12.50\"}");
}

static void stock_is_a_delta_with_our_marker(void **state) {
    (void)state;
    struct change_path path = {.path = "stock", .wanted = "-2"};
    struct change c = of(MIRROR_PRODUCT, CHANGE_STOCK, 8, &path, 1, NULL);
    assert_request(&c, HTTP_PUT, "/wc/v3/products/8",
                   "{\"inventory_delta\":-2,\"meta_data\":[{\"key\":"
                   "\"_fulexo_op\",\"value\":\"" UUID "\"}]}");
}

static void the_trash_takes_no_force_and_gives_a_status_back(void **state) {
    (void)state;
    struct change_path path = {.path = "status", .wanted = "\"on-hold\""};
    struct change c = of(MIRROR_ORDER, CHANGE_TRASH, 7, NULL, 0, NULL);
    assert_request(&c, HTTP_DELETE, "/wc/v3/orders/7", "");
    assert_query(&c, "");
    c = of(MIRROR_CATEGORY, CHANGE_TRASH, 9, NULL, 0, NULL); /* none there */
    assert_request(&c, HTTP_DELETE, "/wc/v3/products/categories/9", "");
    assert_query(&c, "force=true");
    c = of(MIRROR_ORDER, CHANGE_UNTRASH, 7, &path, 1, NULL);
    assert_request(&c, HTTP_PUT, "/wc/v3/orders/7", "{\"status\":\"on-hold\"}");
}

static void notes_and_refunds_are_below_the_order(void **state) {
    (void)state;
    struct change c = of(MIRROR_ORDER, CHANGE_NOTE, 7, NULL, 0,
                         "{\"text\":\"a & b\",\"customer\":true}");
    assert_request(&c, HTTP_POST, "/wc/v3/orders/7/notes",
                   "{\"note\":\"a & b\",\"customer_note\":true}");
    /* both switches are always said, the amount is text */
    c = of(MIRROR_ORDER, CHANGE_REFUND, 7, NULL, 0, "{\"amount\":\"12.50\"}");
    assert_request(
        &c, HTTP_POST, "/wc/v3/orders/7/refunds",
        "{\"amount\":\"12.50\",\"reason\":\"\",\"api_refund\":false,"
        "\"api_restock\":false,\"meta_data\":[{\"key\":\"_fulexo_op\""
        ",\"value\":\"" UUID "\"}]}");
    c.payload = "{\"amount\":\"12.50\",\"reason\":\"torn\",\"api\":true,"
                "\"restock\":true,\"lines\":[{\"id\":3,\"quantity\":\"2\","
                "\"amount\":\"12.5\"}]}";
    assert_request(&c, HTTP_POST, "/wc/v3/orders/7/refunds",
                   "{\"amount\":\"12.50\",\"reason\":\"torn\",\"api_refund\":"
                   "true,\"api_restock\":true,\"line_items\":[{\"id\":3,"
                   "\"quantity\":2,\"refund_total\":12.50}],\"meta_data\":[{"
                   "\"key\":\"_fulexo_op\",\"value\":\"" UUID "\"}]}");
}

static void creations_carry_our_marker_where_it_is_kept(void **state) {
    (void)state;
    struct change c =
        of(MIRROR_ORDER, CHANGE_CREATE, 0, NULL, 0,
           "{\"status\":\"pending\",\"lines\":[{\"product_id\":3,"
           "\"quantity\":2}],\"meta_data\":[{\"key\":\"g\",\"value\":\"1\"}]}");
    assert_request(&c, HTTP_POST, "/wc/v3/orders",
                   "{\"status\":\"pending\",\"line_items\":[{\"product_id\":3,"
                   "\"quantity\":2}],\"meta_data\":[{\"key\":\"g\",\"value\":"
                   "\"1\"},{\"key\":\"_fulexo_op\",\"value\":\"" UUID "\"}]}");
    c = of(MIRROR_CATEGORY, CHANGE_CREATE, 0, NULL, 0,
           "{\"name\":\"Mugs\",\"parent\":4}");
    assert_request(&c, HTTP_POST, "/wc/v3/products/categories",
                   "{\"name\":\"Mugs\",\"parent\":4}");
}

static void assert_tracking(enum encode_way way, const char *payload,
                            const char *order, enum http_method method,
                            const char *path, const char *body) {
    AUTO_BUF struct buf b = BUF_INIT;
    struct arena *a = arena_new(0);
    const struct json *v;
    struct shop_request r;
    struct change c = of(MIRROR_ORDER, CHANGE_TRACKING, 7, NULL, 0, payload);
    assert_int_equal(json_parse(a, order, strlen(order), NULL, &v, NULL), 0);
    encode_tracking(&c, way, v, &r, &b);
    assert_int_equal(r.method, method);
    assert_string_equal(r.path, path);
    assert_string_equal(buf_str(&b), body);
    arena_free(a);
}

#define PARCEL "{\"number\":\"T1\",\"carrier\":\"ups\",\"url\":\"\"}"

static void a_fulfillment_has_what_is_in_the_parcel(void **state) {
    (void)state;
    static const char head[] =
        "{\"status\":\"fulfilled\",\"is_fulfilled\":true,\"notify_customer\":"
        "false,\"meta_data\":[{\"id\":0,\"key\":\"_items\",\"value\":[";
    static const char tail[] =
        "]},{\"id\":0,\"key\":\"_tracking_number\",\"value\":\"T1\"},{\"id\":0,"
        "\"key\":\"_shipment_provider\",\"value\":\"ups\"},{\"id\":0,\"key\":"
        "\"_tracking_url\",\"value\":\"\"},{\"id\":0,\"key\":\"_fulexo_op\","
        "\"value\":\"" UUID "\"}]}";
    AUTO_BUF struct buf want = BUF_INIT;
    buf_addf(&want, "%s%s%s", head,
             "{\"item_id\":3,\"qty\":1},{\"item_id\":4,\"qty\":2}", tail);
    assert_tracking(ENCODE_FULFILLMENT, PARCEL,
                    "{\"line_items\":[{\"id\":3,\"quantity\":1},{\"id\":4,"
                    "\"quantity\":2}]}",
                    HTTP_POST, "/wc/v3/orders/7/fulfillments", buf_str(&want));
    buf_clear(&want);
    buf_addf(&want, "%s%s%s", head, "{\"item_id\":4,\"qty\":1}", tail);
    assert_tracking(ENCODE_FULFILLMENT,
                    "{\"number\":\"T1\",\"carrier\":\"ups\",\"items\":[{"
                    "\"line\":4,\"quantity\":\"1\"}]}",
                    "{}", HTTP_POST, "/wc/v3/orders/7/fulfillments",
                    buf_str(&want));
}

static void a_list_keeps_what_it_had(void **state) {
    (void)state;
    assert_tracking(
        ENCODE_PLUGIN, PARCEL,
        "{\"meta_data\":[{\"key\":\"_wc_shipment_tracking_items\",\"value\":[{"
        "\"tracking_number\":\"T0\"}]}]}",
        HTTP_PUT, "/wc/v3/orders/7",
        "{\"meta_data\":[{\"key\":\"_wc_shipment_tracking_items\",\"value\":[{"
        "\"tracking_number\":\"T0\"},{\"tracking_provider\":\"\","
        "\"custom_tracking_provider\":\"ups\",\"custom_tracking_link\":\"\","
        "\"tracking_number\":\"T1\",\"date_shipped\":\"1700000000\","
        "\"tracking_id\":\"" UUID "\"}]}]}");
    assert_tracking(
        ENCODE_META, PARCEL, "{}", HTTP_PUT, "/wc/v3/orders/7",
        "{\"meta_data\":[{\"key\":\"_fulexo_tracking\",\"value\":[{"
        "\"tracking_number\":\"T1\",\"carrier\":\"ups\",\"url\":\"\","
        "\"items\":[],\"op\":\"" UUID "\"}]}]}");
    assert_tracking(ENCODE_TELL, PARCEL, "{}", HTTP_POST,
                    "/wc/v3/orders/7/notes",
                    "{\"note\":\"ups T1\",\"customer_note\":false}");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_the_changed_paths_are_sent),
        cmocka_unit_test(a_variation_is_written_below_its_product),
        cmocka_unit_test(stock_is_a_delta_with_our_marker),
        cmocka_unit_test(the_trash_takes_no_force_and_gives_a_status_back),
        cmocka_unit_test(notes_and_refunds_are_below_the_order),
        cmocka_unit_test(creations_carry_our_marker_where_it_is_kept),
        cmocka_unit_test(a_fulfillment_has_what_is_in_the_parcel),
        cmocka_unit_test(a_list_keeps_what_it_had),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
