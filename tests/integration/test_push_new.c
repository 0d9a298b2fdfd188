/* What is added to a shop: tracking numbers, refunds, new objects. */
#include <stdio.h>
#include <string.h>

#include "tests/integration/pushing.h"

/* -- tracking ------------------------------------------------------------- */

static const char parcel[] =
    "{\"number\":\"TR1\",\"carrier\":\"ups\",\"url\":\"https://t.example/"
    "TR1\",\"items\":[],\"notify\":true}";

static const struct json *meta(struct pushing *p, int64_t order,
                               const char *key) {
    const struct json *o = pushing_object(p, "orders", order);
    for (const struct json *m = json_first(json_get(o, "meta_data")); m;
         m = json_next(m))
        if (strcmp(json_string(json_get(m, "key")), key) == 0)
            return json_get(m, "value");
    return NULL;
}

static void a_parcel_is_a_fulfillment_where_there_are_any(void **state) {
    (void)state;
    struct pushing p;
    pushing_start(&p, "hpos", "--fulfillments");
    pushing_exec(&p, "UPDATE store SET caps = "
                     "json_set(caps, '$.fulfillments', json('true'))");
    int64_t id = pushing_id(&p, "orders", "processing", 0);
    struct change c =
        pushing_act(&p, MIRROR_ORDER, id, CHANGE_TRACKING, parcel);
    c = pushing_until(&p, &c, CHANGE_CONFIRMED);
    assert_true(c.result_id > 0);
    assert_int_equal(pushing_nth(&p, "fulfillments", 1), 0);
    /* a parcel completes nothing */
    assert_string_equal(pushing_text(&p, "orders", id, "status"), "processing");
    c = pushing_act(&p, MIRROR_ORDER, id, CHANGE_TRACKING, parcel);
    c = pushing_until(&p, &c, CHANGE_CONFIRMED);
    assert_string_equal(c.code, "already_so");
    pushing_stop(&p);
}

static void a_parcel_joins_those_of_the_plugin(void **state) {
    (void)state;
    struct pushing p;
    pushing_start(&p, "posts", NULL);
    int64_t id = pushing_id(&p, "orders", "processing", 0);
    pushing_door(&p, "edit",
                 "{\"kind\":\"orders\",\"id\":%lld,\"patch\":{\"meta_data\":"
                 "[{\"id\":99001,\"key\":\"_wc_shipment_tracking_items\","
                 "\"value\":[{\"tracking_number\":\"A\"}]}]}}",
                 (long long)id);
    struct change c =
        pushing_act(&p, MIRROR_ORDER, id, CHANGE_TRACKING, parcel);
    c = pushing_until(&p, &c, CHANGE_CONFIRMED);
    const struct json *list = meta(&p, id, "_wc_shipment_tracking_items");
    assert_int_equal(json_count(list), 2);
    assert_string_equal(
        json_string(json_get(json_next(json_first(list)), "tracking_number")),
        "TR1");
    pushing_stop(&p);
}

/* Two writes, each once: our list, and the note the customer gets. */
ON_BOTH(a_parcel_is_noted_where_nothing_else_is) {
    struct pushing p;
    pushing_start(&p, storage, NULL);
    int64_t id = pushing_id(&p, "orders", "processing", 0);
    pushing_door(&p, "faults",
                 "{\"kind\":\"lost\",\"method\":\"write\",\"next\":2}");
    struct change c =
        pushing_act(&p, MIRROR_ORDER, id, CHANGE_TRACKING, parcel);
    c = pushing_until(&p, &c, CHANGE_CONFIRMED);
    assert_int_equal(json_count(meta(&p, id, "_fulexo_tracking")), 1);
    assert_int_equal(pushing_notes(&p, "ups TR1\nhttps://t.example/TR1"), 1);
    assert_string_equal(pushing_text(&p, "orders", id, "status"), "processing");
    pushing_stop(&p);
}

/* -- refunds -------------------------------------------------------------- */

ON_BOTH(money_goes_back_once_and_the_pieces_too) {
    struct pushing p;
    char payload[200];
    pushing_start(&p, storage, NULL);
    int64_t id = pushing_id(&p, "orders", "completed", 0);
    int64_t line = 0;
    const struct json *o = pushing_object(&p, "orders", id);
    (void)json_i64(json_get(json_first(json_get(o, "line_items")), "id"), true,
                   &line);
    (void)snprintf(payload, sizeof payload,
                   "{\"amount\":\"2.50\",\"reason\":\"torn\",\"restock\":true,"
                   "\"api\":false,\"lines\":[{\"id\":%lld,\"quantity\":\"1\","
                   "\"amount\":\"2.50\"}]}",
                   (long long)line);
    struct change c = pushing_act(&p, MIRROR_ORDER, id, CHANGE_REFUND, payload);
    engine_turn(&p.e, 200);
    assert_int_equal(pushing_now(&p, &c).state, CHANGE_AWAITING);
    pushing_approve(&p, &c);
    c = pushing_until(&p, &c, CHANGE_CONFIRMED);
    assert_int_equal(pushing_sql(&p,
                                 "SELECT total_e4 FROM refund WHERE remote_id "
                                 "= %lld",
                                 (long long)c.result_id),
                     25000);
    pushing_stop(&p);
}

/* The gateway says no: that is an answer. */
static void a_refund_the_gateway_refuses_is_refused(void **state) {
    (void)state;
    struct pushing p;
    pushing_start(&p, "hpos", NULL);
    int64_t id = pushing_id(&p, "orders", "completed", 0);
    struct change c = pushing_act(&p, MIRROR_ORDER, id, CHANGE_REFUND,
                                  "{\"amount\":\"1.00\",\"api\":true}");
    pushing_approve(&p, &c);
    c = pushing_until(&p, &c, CHANGE_REFUSED);
    assert_non_null(strstr(c.cause, "does not support automatic refunds"));
    pushing_stop(&p);
}

/* -- creations ------------------------------------------------------------ */

ON_BOTH(an_order_is_created_once_and_bound) {
    struct pushing p;
    char payload[200];
    pushing_start(&p, storage, NULL);
    int64_t product =
        pushing_sql(&p, "SELECT min(remote_id) FROM product WHERE "
                        "manage = 1 AND parent_id = 0");
    (void)snprintf(payload, sizeof payload,
                   "{\"status\":\"processing\",\"billing\":{\"first_name\":"
                   "\"Ali\"},\"lines\":[{\"product_id\":%lld,\"quantity\":2}]}",
                   (long long)product);
    pushing_door(&p, "faults",
                 "{\"kind\":\"lost\",\"method\":\"write\",\"next\":1}");
    struct change c = pushing_act(&p, MIRROR_ORDER, 0, CHANGE_CREATE, payload);
    c = pushing_until(&p, &c, CHANGE_CONFIRMED);
    assert_true(c.remote_id > 0);
    assert_int_equal(c.attempts, 1);
    assert_string_equal(
        pushing_text(&p, "orders", c.remote_id, "billing.first_name"), "Ali");
    pushing_stop(&p);
}

static void products_customers_and_categories_are_created(void **state) {
    (void)state;
    struct pushing p;
    pushing_start(&p, "hpos", NULL);
    struct change product = pushing_act(
        &p, MIRROR_PRODUCT, 0, CHANGE_CREATE,
        "{\"name\":\"Mug & cup\",\"sku\":\"MUG-1\",\"regular_price\":\"9.90\","
        "\"status\":\"draft\"}");
    struct change customer =
        pushing_act(&p, MIRROR_CUSTOMER, 0, CHANGE_CREATE,
                    "{\"email\":\"ali@x.example\",\"first_name\":\"Ali\"}");
    struct change category = pushing_act(&p, MIRROR_CATEGORY, 0, CHANGE_CREATE,
                                         "{\"name\":\"Mugs & cups\"}");
    product = pushing_until(&p, &product, CHANGE_CONFIRMED);
    customer = pushing_until(&p, &customer, CHANGE_CONFIRMED);
    category = pushing_until(&p, &category, CHANGE_CONFIRMED);
    assert_string_equal(product.text, "");
    assert_string_equal(customer.text, "");
    assert_int_equal(pushing_sql(&p,
                                 "SELECT count(*) FROM product WHERE remote_id "
                                 "= %lld AND sku = 'MUG-1'",
                                 (long long)product.remote_id),
                     1);
    assert_int_equal(pushing_sql(&p,
                                 "SELECT count(*) FROM category WHERE "
                                 "remote_id = %lld",
                                 (long long)category.remote_id),
                     1);
    /* a second one of the same kind of name is there already, or another's */
    product = pushing_act(&p, MIRROR_PRODUCT, 0, CHANGE_CREATE,
                          "{\"name\":\"Mug\",\"sku\":\"MUG-1\"}");
    customer = pushing_act(&p, MIRROR_CUSTOMER, 0, CHANGE_CREATE,
                           "{\"email\":\"ali@x.example\"}");
    category = pushing_act(&p, MIRROR_CATEGORY, 0, CHANGE_CREATE,
                           "{\"name\":\"Mugs & cups\"}");
    product = pushing_until(&p, &product, CHANGE_REFUSED);
    assert_non_null(strstr(product.cause, "SKU"));
    customer = pushing_until(&p, &customer, CHANGE_REFUSED);
    assert_non_null(strstr(customer.cause, "customer/"));
    category = pushing_until(&p, &category, CHANGE_CONFIRMED);
    assert_string_equal(category.code, "already_so");
    pushing_stop(&p);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_parcel_is_a_fulfillment_where_there_are_any),
        cmocka_unit_test(a_parcel_joins_those_of_the_plugin),
        BOTH(a_parcel_is_noted_where_nothing_else_is),
        BOTH(money_goes_back_once_and_the_pieces_too),
        cmocka_unit_test(a_refund_the_gateway_refuses_is_refused),
        BOTH(an_order_is_created_once_and_bound),
        cmocka_unit_test(products_customers_and_categories_are_created),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
