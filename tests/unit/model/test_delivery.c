/* What a webhook delivery leaves behind: objects woken once, its hook's
 * figures, pings, a copied shop. */
#include "common/str.h"
#include "model/delivery.h"
#include "model/wake.h"
#include "tests/unit/model/fixture.h"

static struct delivery delivery_of(const char *topic, const char *body,
                                   enum mirror_kind kind, int64_t id) {
    struct delivery d = {.n_wakes = 1, .wakes = {{kind, id}}};
    (void)str_copy(d.topic, sizeof d.topic, topic);
    digest_raw(body, strlen(body), d.digest);
    return d;
}

static int64_t times(struct db_tx *tx) {
    return fx_sql(tx, "SELECT coalesce(sum(times), 0) FROM wake");
}

TX_TEST(the_same_again_wakes_nothing) {
    struct delivery d = delivery_of("order.updated", "a", MIRROR_ORDER, 7);
    assert_int_equal(delivery_put(tx, 1, 0, &d), 1);
    assert_int_equal(delivery_put(tx, 1, 0, &d), 0);
    assert_int_equal(times(tx), 1);
    /* of another store, or another object with an equal body */
    assert_int_equal(delivery_put(tx, 2, 0, &d), 1);
    d.wakes[0].remote_id = 8;
    assert_int_equal(delivery_put(tx, 1, 0, &d), 1);
    d.wakes[0] = (struct delivery_wake){MIRROR_PRODUCT, 7};
    assert_int_equal(delivery_put(tx, 1, 0, &d), 1);
    return 0;
}

TX_TEST(the_same_behind_another_is_news) {
    struct delivery a = delivery_of("product.updated", "5", MIRROR_PRODUCT, 7);
    struct delivery b = delivery_of("product.updated", "4", MIRROR_PRODUCT, 7);
    assert_int_equal(delivery_put(tx, 1, 0, &a), 1);
    assert_int_equal(delivery_put(tx, 1, 0, &b), 1);
    assert_int_equal(delivery_put(tx, 1, 0, &a), 1);
    return 0;
}

TX_TEST(the_same_much_later_is_news) {
    struct delivery d = delivery_of("order.deleted", "a", MIRROR_ORDER, 7);
    assert_int_equal(delivery_put(tx, 1, 0, &d), 1);
    (void)fx_sql(tx, "UPDATE delivery SET at_ms = at_ms - %d RETURNING 1",
                 DELIVERY_SAME_MS - 1);
    assert_int_equal(delivery_put(tx, 1, 0, &d), 0);
    (void)fx_sql(tx, "UPDATE delivery SET at_ms = at_ms - 1 RETURNING 1");
    assert_int_equal(delivery_put(tx, 1, 0, &d), 1);
    return 0;
}

TX_TEST(both_kinds_are_woken) {
    struct delivery d = delivery_of("product.deleted", "a", MIRROR_PRODUCT, 7);
    struct wake w[4];
    d.wakes[d.n_wakes++] = (struct delivery_wake){MIRROR_ORDER, 7};
    assert_int_equal(delivery_put(tx, 1, 0, &d), 1);
    assert_int_equal(wake_list(tx, 1, w, 4), 2);
    assert_int_equal(w[0].kind, MIRROR_PRODUCT);
    assert_int_equal(w[1].kind, MIRROR_ORDER);
    return 0;
}

static void add_hooks(struct db_tx *tx) {
    (void)fx_sql(tx, "INSERT INTO hook (store_id, topic, remote_id, status)"
                     " VALUES (1, 'order.updated', 5, 'active'),"
                     " (1, 'order.created', 6, 'active'),"
                     " (2, 'order.updated', 5, 'active') RETURNING 1");
}

TX_TEST(the_hook_counts) {
    struct delivery d = delivery_of("order.updated", "a", MIRROR_ORDER, 7);
    add_hooks(tx);
    d.changed_ms = FX_NOW + 3000 - 250; /* the shop is 3 s ahead */
    assert_int_equal(delivery_put(tx, 1, 3000, &d), 1);
    d.changed_ms = 0;
    assert_int_equal(delivery_put(tx, 1, 3000, &d), 0);
    d.n_wakes = 0;
    assert_int_equal(delivery_put(tx, 1, 3000, &d), 0);
    assert_string_equal(
        fx_text(tx, "SELECT group_concat(deliveries || ' ' || lag_ms || ' ' ||"
                    " last_ms, ', ') FROM (SELECT * FROM hook"
                    " ORDER BY store_id, topic)"),
        "0 0 0, 3 250 1000000, 0 0 0");
    return 0;
}

TX_TEST(a_clock_ahead_of_the_shops_is_no_lag) {
    struct delivery d = delivery_of("order.updated", "a", MIRROR_ORDER, 7);
    add_hooks(tx);
    d.changed_ms = FX_NOW + 5000;
    assert_int_equal(delivery_put(tx, 1, 0, &d), 1);
    assert_int_equal(fx_sql(tx, "SELECT sum(lag_ms) FROM hook"), 0);
    return 0;
}

TX_TEST(a_date_that_stood_still_is_no_lag) {
    struct delivery d = delivery_of("order.updated", "a", MIRROR_ORDER, 7);
    add_hooks(tx);
    d.changed_ms = FX_NOW - DELIVERY_LAG_MAX_MS;
    assert_int_equal(delivery_put(tx, 1, 0, &d), 1);
    assert_int_equal(fx_sql(tx, "SELECT sum(lag_ms) FROM hook"), 0);
    assert_int_equal(fx_sql(tx, "SELECT sum(deliveries) FROM hook"), 1);
    return 0;
}

TX_TEST(a_ping_finds_its_hook) {
    add_hooks(tx);
    assert_int_equal(delivery_ping(tx, 1, 9), ERR_NOT_FOUND);
    assert_int_equal(delivery_ping(tx, 1, 0), ERR_NOT_FOUND);
    assert_int_equal(delivery_ping(tx, 1, 5), 1);
    assert_int_equal(fx_sql(tx, "SELECT count(*) FROM hook WHERE ping_ms > 0"),
                     1);
    (void)fx_sql(tx, "INSERT INTO hook (store_id, topic)"
                     " VALUES (1, 'product.updated') RETURNING 1");
    assert_int_equal(delivery_ping(tx, 1, 9), 1);
    assert_int_equal(fx_sql(tx, "SELECT ping_ms FROM hook"
                                " WHERE topic = 'product.updated'"),
                     FX_NOW);
    return 0;
}

TX_TEST(a_copy_is_said_once) {
    (void)fx_sql(tx, "INSERT INTO hook_secret (store_id, path, sealed)"
                     " VALUES (1, 'p', x'00') RETURNING 1");
    assert_int_equal(delivery_copied(tx, 1, "http://a/"), 1);
    assert_int_equal(delivery_copied(tx, 1, "http://a/"), 0);
    assert_int_equal(delivery_copied(tx, 2, "http://a/"), 0);
    assert_string_equal(fx_text(tx, "SELECT copied_source || ' ' || copied_ms"
                                    " FROM hook_secret"),
                        "http://a/ 1000000");
    return 0;
}

TX_TEST(old_ones_are_trimmed) {
    struct delivery d = delivery_of("order.updated", "a", MIRROR_ORDER, 7);
    assert_int_equal(delivery_put(tx, 1, 0, &d), 1);
    assert_int_equal(delivery_trim(tx), 0);
    (void)fx_sql(tx, "UPDATE delivery SET at_ms = at_ms - %d RETURNING 1",
                 DELIVERY_SAME_MS);
    assert_int_equal(delivery_trim(tx), 1);
    return 0;
}

TX_TEST(doors_of_stores_that_are_there) {
    struct delivery_door *d = NULL;
    size_t n = 9;
    (void)fx_sql(tx, "INSERT INTO hook_secret (store_id, path, sealed) VALUES"
                     " (1, 'p', x'0102'), (2, 'q', x'03') RETURNING 1");
    assert_int_equal(store_remove(tx, 2), 0);
    assert_int_equal(delivery_doors(tx, &d, &n), 0);
    assert_int_equal(n, 1);
    assert_int_equal(d[0].store.id, 1);
    assert_string_equal(d[0].path, "p");
    assert_int_equal(d[0].sealed.len, 2);
    delivery_doors_free(d, n);
    return 0;
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_same_again_wakes_nothing),
        cmocka_unit_test(the_same_behind_another_is_news),
        cmocka_unit_test(the_same_much_later_is_news),
        cmocka_unit_test(both_kinds_are_woken),
        cmocka_unit_test(the_hook_counts),
        cmocka_unit_test(a_clock_ahead_of_the_shops_is_no_lag),
        cmocka_unit_test(a_date_that_stood_still_is_no_lag),
        cmocka_unit_test(a_ping_finds_its_hook),
        cmocka_unit_test(a_copy_is_said_once),
        cmocka_unit_test(old_ones_are_trimmed),
        cmocka_unit_test(doors_of_stores_that_are_there),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
