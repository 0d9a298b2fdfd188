/* Changes on their way to a shop over HTTP: what is asked is done once and
 * proven, what others did meanwhile is not overwritten. */
#include <stdio.h>
#include <string.h>

#include "model/change_value.h"
#include "tests/integration/pushing.h"

/* -- what goes well ------------------------------------------------------- */

ON_BOTH(fields_of_an_order_are_set) {
    struct pushing p;
    pushing_start(&p, storage, NULL);
    int64_t id = pushing_id(&p, "orders", "processing", 0);
    struct change_path paths[] = {
        {.path = "status", .wanted = "\"completed\""},
        {.path = "billing.city", .wanted = "\"Muğla\""},
        {.path = "customer_note", .wanted = "\"a < b & c\""},
        {.path = "meta[gift]", .wanted = "\"yes\""}};
    struct change_new n = {.kind = MIRROR_ORDER,
                           .remote_id = id,
                           .act = CHANGE_SET,
                           .paths = paths,
                           .n_paths = 4};
    struct change c = pushing_quietly(&p, &n);
    sync_push(p.e.sync, p.store);
    c = pushing_until(&p, &c, CHANGE_CONFIRMED);
    assert_string_equal(c.cause, "");
    assert_string_equal(c.text, "");
    assert_int_equal(c.attempts, 1);
    assert_string_equal(pushing_text(&p, "orders", id, "status"), "completed");
    assert_string_equal(pushing_text(&p, "orders", id, "billing.city"),
                        "Muğla");
    /* the mirror has it in the very transaction */
    assert_int_equal(pushing_sql(&p,
                                 "SELECT count(*) FROM orders WHERE remote_id "
                                 "= %lld AND status = 'completed' AND "
                                 "shop_status IS NULL AND pending = 0",
                                 (long long)id),
                     1);
    pushing_assert_true(&p);
    pushing_stop(&p);
}

ON_BOTH(an_order_goes_to_the_trash_and_comes_back) {
    struct pushing p;
    pushing_start(&p, storage, NULL);
    int64_t id = pushing_id(&p, "orders", "processing", 1);
    struct change c = pushing_act(&p, MIRROR_ORDER, id, CHANGE_TRASH, NULL);
    c = pushing_until(&p, &c, CHANGE_CONFIRMED);
    assert_string_equal(pushing_text(&p, "orders", id, "status"), "trash");
    assert_int_equal(pushing_sql(&p,
                                 "SELECT gone FROM orders WHERE remote_id = "
                                 "%lld",
                                 (long long)id),
                     1);
    c = pushing_act(&p, MIRROR_ORDER, id, CHANGE_UNTRASH, "\"on-hold\"");
    c = pushing_until(&p, &c, CHANGE_CONFIRMED);
    assert_string_equal(pushing_text(&p, "orders", id, "status"), "on-hold");
    pushing_assert_true(&p);
    pushing_stop(&p);
}

ON_BOTH(a_product_goes_to_the_trash) {
    struct pushing p;
    pushing_start(&p, storage, NULL);
    int64_t id = pushing_id(&p, "products", "publish", 0);
    struct change c = pushing_act(&p, MIRROR_PRODUCT, id, CHANGE_TRASH, NULL);
    c = pushing_until(&p, &c, CHANGE_CONFIRMED);
    assert_string_equal(pushing_text(&p, "products", id, "status"), "trash");
    assert_int_equal(pushing_sql(&p,
                                 "SELECT gone FROM product WHERE remote_id = "
                                 "%lld",
                                 (long long)id),
                     1);
    pushing_assert_true(&p);
    pushing_stop(&p);
}

/* Of a category nothing stays; what is gone at the shop already is no
 * refusal. */
ON_BOTH(a_category_is_deleted_for_good) {
    struct pushing p;
    pushing_start(&p, storage, NULL);
    int64_t id = pushing_sql(
        &p, "SELECT remote_id FROM category WHERE gone = 0 AND parent_id = 0 "
            "ORDER BY remote_id DESC LIMIT 1");
    struct change c = pushing_act(&p, MIRROR_CATEGORY, id, CHANGE_TRASH, NULL);
    c = pushing_until(&p, &c, CHANGE_CONFIRMED);
    assert_int_equal(pushing_sql(&p,
                                 "SELECT gone FROM category WHERE remote_id = "
                                 "%lld",
                                 (long long)id),
                     2);
    pushing_stop(&p);
}

ON_BOTH(a_note_is_written_once_and_is_in_the_mirror) {
    struct pushing p;
    pushing_start(&p, storage, NULL);
    int64_t id = pushing_id(&p, "orders", "processing", 0);
    struct change c = pushing_act(&p, MIRROR_ORDER, id, CHANGE_NOTE,
                                  "{\"text\":\"Tom & Jerry <i>called</i>\","
                                  "\"customer\":true}");
    c = pushing_until(&p, &c, CHANGE_CONFIRMED);
    assert_true(c.result_id > 0);
    assert_int_equal(pushing_sql(&p,
                                 "SELECT to_customer FROM note WHERE remote_id "
                                 "= %lld",
                                 (long long)c.result_id),
                     1);
    pushing_assert_true(&p);
    pushing_stop(&p);
}

static void stock_moves_by_a_delta(void **state) {
    (void)state;
    struct pushing p;
    pushing_start(&p, "hpos", NULL);
    int64_t id = pushing_sql(&p, "SELECT min(remote_id) FROM product WHERE "
                                 "manage = 1 AND parent_id = 0");
    int64_t was =
        pushing_sql(&p, "SELECT stock_e3 FROM product WHERE remote_id = %lld",
                    (long long)id);
    struct change c = pushing_set(&p, MIRROR_PRODUCT, id, "stock", "-3");
    c = pushing_until(&p, &c, CHANGE_CONFIRMED);
    char want[32];
    (void)snprintf(want, sizeof want, "%lld", (long long)(was / 1000 - 3));
    assert_string_equal(pushing_text(&p, "products", id, "stock_quantity"),
                        want);
    assert_int_equal(pushing_sql(&p,
                                 "SELECT agreed_e3 * 10 + (sent_e3 = -3000) "
                                 "FROM ledger WHERE remote_id = %lld",
                                 (long long)id),
                     was * 10 + 1);
    pushing_stop(&p);
}

/* Somebody types a number over what was sold. */
static void a_stock_that_does_not_add_up_is_drift(void **state) {
    (void)state;
    struct pushing p;
    char sql[96];
    pushing_start(&p, "hpos", NULL);
    int64_t id = pushing_sql(&p, "SELECT min(remote_id) FROM product WHERE "
                                 "manage = 1 AND parent_id = 0");
    struct change c = pushing_set(&p, MIRROR_PRODUCT, id, "stock", "5");
    (void)pushing_until(&p, &c, CHANGE_CONFIRMED);
    (void)snprintf(sql, sizeof sql, "UPDATE ledger SET agreed_ms = 1");
    pushing_exec(&p, sql);
    pushing_door(&p, "sell",
                 "{\"status\":\"processing\",\"lines\":[{\"product_id\":%lld,"
                 "\"quantity\":2}]}",
                 (long long)id);
    pushing_assert_true(&p);
    assert_int_equal(pushing_sql(&p, "SELECT drift_e3 FROM ledger"), 0);
    int64_t was =
        pushing_sql(&p, "SELECT stock_e3 FROM product WHERE remote_id = %lld",
                    (long long)id);
    pushing_door(&p, "edit",
                 "{\"kind\":\"products\",\"id\":%lld,\"patch\":"
                 "{\"stock_quantity\":%lld}}",
                 (long long)id, (long long)was / 1000 + 2);
    pushing_assert_true(&p);
    assert_int_equal(pushing_sql(&p, "SELECT drift_e3 FROM ledger"), 2000);
    pushing_stop(&p);
}

/* Of a product and a variation; the shop gives it to one. */
static void a_number_in_bars_is_one_products(void **state) {
    (void)state;
    struct pushing p;
    pushing_start(&p, "hpos", NULL);
    int64_t product = pushing_id(&p, "products", "publish", 0);
    int64_t variation = pushing_nth(&p, "variations", 0);
    struct change c = pushing_set(&p, MIRROR_PRODUCT, variation, CHANGE_GTIN,
                                  "\"400-6381-333931\"");
    (void)pushing_until(&p, &c, CHANGE_CONFIRMED);
    assert_string_equal(pushing_text(&p, "variations", variation, CHANGE_GTIN),
                        "4006381333931");
    assert_int_equal(pushing_sql(&p,
                                 "SELECT gtin FROM product WHERE remote_id = "
                                 "%lld",
                                 (long long)variation),
                     4006381333931);
    c = pushing_set(&p, MIRROR_PRODUCT, product, CHANGE_GTIN,
                    "\"4006381333931\"");
    c = pushing_until(&p, &c, CHANGE_REFUSED);
    assert_non_null(strstr(c.cause, "duplicated GTIN"));
    assert_string_equal(pushing_text(&p, "products", product, CHANGE_GTIN), "");
    struct change gone =
        pushing_set(&p, MIRROR_PRODUCT, variation, CHANGE_GTIN, "\"\"");
    (void)pushing_until(&p, &gone, CHANGE_CONFIRMED);
    c = pushing_set(&p, MIRROR_PRODUCT, product, CHANGE_GTIN,
                    "\"4006381333931\"");
    (void)pushing_until(&p, &c, CHANGE_CONFIRMED);
    pushing_assert_true(&p);
    pushing_stop(&p);
}

/* Somebody typed another one at the shop meanwhile; hyphens are none. */
static void a_number_in_bars_is_not_written_over(void **state) {
    (void)state;
    struct pushing p;
    pushing_start(&p, "hpos", NULL);
    int64_t id = pushing_id(&p, "products", "publish", 0);
    pushing_door(&p, "edit",
                 "{\"kind\":\"products\",\"id\":%lld,\"patch\":"
                 "{\"global_unique_id\":\"978-3-16-148410-0\"}}",
                 (long long)id);
    struct change c =
        pushing_set(&p, MIRROR_PRODUCT, id, CHANGE_GTIN, "\"4006381333931\"");
    c = pushing_until(&p, &c, CHANGE_CONFLICT);
    assert_string_equal(c.paths[0].base, "\"\"");
    assert_string_equal(c.paths[0].theirs, "\"9783161484100\"");
    assert_string_equal(c.paths[0].wanted, "\"4006381333931\"");
    struct change_path path = {.path = CHANGE_GTIN,
                               .base = "\"9783161484100\"",
                               .wanted = "\"4006381333931\""};
    struct change_new n = {.kind = MIRROR_PRODUCT,
                           .remote_id =
                               pushing_id(&p, "products", "publish", 1),
                           .act = CHANGE_SET,
                           .paths = &path,
                           .n_paths = 1};
    pushing_door(&p, "edit",
                 "{\"kind\":\"products\",\"id\":%lld,\"patch\":"
                 "{\"global_unique_id\":\"978-3-16-148410-0\"}}",
                 (long long)n.remote_id);
    c = pushing_quietly(&p, &n);
    sync_push(p.e.sync, p.store);
    (void)pushing_until(&p, &c, CHANGE_CONFIRMED);
    pushing_stop(&p);
}

/* -- what others did ------------------------------------------------------ */

static void edit(struct pushing *p, int64_t id, const char *patch) {
    pushing_door(p, "edit", "{\"kind\":\"orders\",\"id\":%lld,\"patch\":{%s}}",
                 (long long)id, patch);
}

static void what_is_there_already_is_not_sent(void **state) {
    (void)state;
    struct pushing p;
    pushing_start(&p, "hpos", NULL);
    int64_t id = pushing_id(&p, "orders", "processing", 0);
    edit(&p, id, "\"status\":\"completed\"");
    struct change c =
        pushing_set(&p, MIRROR_ORDER, id, "status", "\"completed\"");
    c = pushing_until(&p, &c, CHANGE_CONFIRMED);
    assert_string_equal(c.code, "already_so");
    assert_int_equal(c.attempts, 0);
    assert_int_equal(pushing_requests(&p, "PUT"), 0);
    pushing_stop(&p);
}

ON_BOTH(a_payment_that_arrives_while_a_cancel_waits_stops_it) {
    struct pushing p;
    pushing_start(&p, storage, NULL);
    int64_t id = pushing_id(&p, "orders", "pending", 0);
    edit(&p, id, "\"status\":\"processing\"");
    struct change c =
        pushing_set(&p, MIRROR_ORDER, id, "status", "\"cancelled\"");
    c = pushing_until(&p, &c, CHANGE_CONFLICT);
    assert_string_equal(c.paths[0].theirs, "\"processing\"");
    assert_string_equal(pushing_text(&p, "orders", id, "status"), "processing");
    /* and the mirror learnt of it */
    assert_int_equal(pushing_sql(&p,
                                 "SELECT status = 'processing' FROM orders "
                                 "WHERE remote_id = %lld",
                                 (long long)id),
                     1);
    pushing_stop(&p);
}

static void what_is_deleted_meanwhile_is_not_written(void **state) {
    (void)state;
    struct pushing p;
    pushing_start(&p, "hpos", NULL);
    int64_t gone = pushing_id(&p, "orders", "processing", 0);
    int64_t trash = pushing_id(&p, "orders", "processing", 1);
    pushing_door(&p, "delete", "{\"kind\":\"orders\",\"id\":%lld}",
                 (long long)gone);
    pushing_door(&p, "delete",
                 "{\"kind\":\"orders\",\"id\":%lld,\"trash\":true}",
                 (long long)trash);
    struct change c =
        pushing_set(&p, MIRROR_ORDER, gone, "status", "\"completed\"");
    struct change d =
        pushing_set(&p, MIRROR_ORDER, trash, "status", "\"completed\"");
    c = pushing_until(&p, &c, CHANGE_REFUSED);
    assert_string_equal(c.cause, "{\"name\":\"gone\"}");
    d = pushing_until(&p, &d, CHANGE_CONFLICT);
    assert_string_equal(pushing_text(&p, "orders", trash, "status"), "trash");
    assert_int_equal(pushing_sql(&p,
                                 "SELECT gone FROM orders WHERE remote_id = "
                                 "%lld",
                                 (long long)gone),
                     2);
    pushing_stop(&p);
}

/* The next one starts from what the first one makes. */
static void changes_of_an_object_go_one_after_another(void **state) {
    (void)state;
    struct pushing p;
    pushing_start(&p, "hpos", NULL);
    int64_t id = pushing_id(&p, "orders", "processing", 0);
    struct change_path p1 = {.path = "status", .wanted = "\"on-hold\""};
    struct change_path p2 = {.path = "status", .wanted = "\"processing\""};
    struct change_new n = {.kind = MIRROR_ORDER,
                           .remote_id = id,
                           .act = CHANGE_SET,
                           .paths = &p1,
                           .n_paths = 1};
    struct change first = pushing_quietly(&p, &n);
    n.paths = &p2;
    struct change second = pushing_quietly(&p, &n);
    assert_string_equal(second.paths[0].base, "\"on-hold\"");
    sync_push(p.e.sync, p.store);
    second = pushing_until(&p, &second, CHANGE_CONFIRMED);
    first = pushing_now(&p, &first);
    assert_int_equal(first.state, CHANGE_CONFIRMED);
    assert_int_equal(first.attempts + second.attempts, 2);
    assert_string_equal(pushing_text(&p, "orders", id, "status"), "processing");
    pushing_stop(&p);
}

static int pause_job(struct db_tx *tx, void *arg) {
    (void)arg;
    return change_hold(tx);
}

static void a_held_file_writes_nothing(void **state) {
    (void)state;
    struct pushing p;
    pushing_start(&p, "hpos", NULL);
    int64_t id = pushing_id(&p, "orders", "processing", 0);
    assert_true(engine_job(&p.e, pause_job, NULL) >= 0);
    struct change c =
        pushing_set(&p, MIRROR_ORDER, id, "status", "\"completed\"");
    engine_turn(&p.e, 300);
    assert_int_equal(pushing_now(&p, &c).state, CHANGE_QUEUED);
    assert_int_equal(pushing_requests(&p, "PUT"), 0);
    pushing_stop(&p);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        BOTH(fields_of_an_order_are_set),
        BOTH(an_order_goes_to_the_trash_and_comes_back),
        BOTH(a_product_goes_to_the_trash),
        BOTH(a_category_is_deleted_for_good),
        BOTH(a_note_is_written_once_and_is_in_the_mirror),
        cmocka_unit_test(stock_moves_by_a_delta),
        cmocka_unit_test(a_stock_that_does_not_add_up_is_drift),
        cmocka_unit_test(a_number_in_bars_is_one_products),
        cmocka_unit_test(a_number_in_bars_is_not_written_over),
        cmocka_unit_test(what_is_there_already_is_not_sent),
        BOTH(a_payment_that_arrives_while_a_cancel_waits_stops_it),
        cmocka_unit_test(what_is_deleted_meanwhile_is_not_written),
        cmocka_unit_test(changes_of_an_object_go_one_after_another),
        cmocka_unit_test(a_held_file_writes_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
