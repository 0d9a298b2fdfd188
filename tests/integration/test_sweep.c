/* What no date tells and no webhook says is found by the sweeps; and a shop
 * that is broken deletes nothing. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/lib/live.h"
#include "tests/lib/test.h"

/* Sweeps as fast as they go, no passes for changes. */
static const struct sync_options sweeping = {
    .interval_s = 86400,
    .interval_open_s = 86400,
    .open_s = 1,
    .stock_s = 1,
    .sweep_s = 1,
    .deep_s = 1,
    .requests_per_hour = 1000000,
};
/* The same without sweeps but for what a test switches on. */
static const struct sync_options resting = {
    .interval_s = 86400,
    .interval_open_s = 86400,
    .open_s = 86400,
    .stock_s = 86400,
    .sweep_s = 86400,
    .deep_s = 86400,
    .requests_per_hour = 1000000,
};

/* Mirrored and at rest; live_run_on begins to sweep. */
static void begin(struct live *l, const struct sync_options *so,
                  const char *storage) {
    live_start(l, so, "--storage", storage, "--seed", "7", "--orders", "160",
               "--products", "40", "--customers", "30", "--trust-http", NULL);
}

static void edit(struct live *l, const char *kind, int64_t id,
                 const char *patch) {
    live_door(l, "edit",
              "{\"kind\":\"%s\",\"id\":%lld,\"move_date\":false,\"patch\":%s}",
              kind, (long long)id, patch);
}

static void removed(struct live *l, const char *kind, int64_t id,
                    const char *more) {
    live_door(l, "delete", "{\"kind\":\"%s\",\"id\":%lld%s}", kind,
              (long long)id, more);
}

static int64_t order_like(struct live *l, const char *where, int n) {
    int64_t id = live_sql(
        l,
        "SELECT remote_id FROM orders WHERE %s ORDER BY id LIMIT 1 OFFSET %d",
        where, n);
    assert_true(id > 0);
    return id;
}

/* -- each kind of change of woocommerce-facts.md 3 that moves no date --------
 */

static void orders_change(const char *storage) {
    struct live l;
    begin(&l, &sweeping, storage);
    int64_t open = order_like(&l, "status = 'processing'", 0);
    int64_t closed = order_like(&l, "status = 'completed'", 0);
    int64_t noted = order_like(&l, "status = 'processing'", 1);
    int64_t refund = live_id(&l, "refunds", 0);
    edit(&l, "orders", open, "{\"billing\":{\"city\":\"Here\"}}");
    edit(&l, "orders", closed,
         "{\"billing\":{\"city\":\"There\"},\"meta_data\":[{\"id\":900,"
         "\"key\":\"_tracking\",\"value\":\"1Z\"}]}");
    live_door(&l, "note", "{\"order_id\":%lld,\"note\":\"ring twice\"}",
              (long long)noted);
    removed(&l, "refunds", refund, "");
    int64_t before = live_sql(&l, "SELECT max(read_seq) FROM orders");
    live_run_on(&l);
    live_until(&l, 2,
               "SELECT count(*) FROM orders WHERE read_seq > %lld AND "
               "remote_id IN (%lld, %lld)",
               (long long)before, (long long)open, (long long)closed);
    live_until(&l, 1, "SELECT count(*) FROM note WHERE text = 'ring twice'");
    live_until(&l, 2, "SELECT gone FROM refund WHERE remote_id = %lld",
               (long long)refund);
    live_pause(&l);
    live_assert_true(&l);
    live_done(&l);
}

static void changes_of_orders_on_posts(void **arg) {
    (void)arg;
    orders_change("posts");
}

static void changes_of_orders_on_hpos(void **arg) {
    (void)arg;
    orders_change("hpos");
}

static void what_leaves_the_shop(const char *storage) {
    struct live l;
    begin(&l, &sweeping, storage);
    int64_t gone = order_like(&l, "status = 'completed'", 3);
    int64_t trashed = order_like(&l, "status = 'completed'", 4);
    int64_t product = live_id(&l, "products", 3);
    int64_t customer = live_id(&l, "customers", 3);
    removed(&l, "orders", gone, "");
    removed(&l, "orders", trashed, ",\"trash\":true");
    removed(&l, "products", product, "");
    removed(&l, "customers", customer, "");
    live_run_on(&l);
    live_until(&l, 2, "SELECT gone FROM orders WHERE remote_id = %lld",
               (long long)gone);
    live_until(&l, 1, "SELECT gone FROM orders WHERE remote_id = %lld",
               (long long)trashed);
    live_until(&l, 2, "SELECT gone FROM product WHERE remote_id = %lld",
               (long long)product);
    live_until(&l, 2, "SELECT gone FROM contact WHERE remote_id = %lld",
               (long long)customer);
    removed(&l, "orders", trashed, ""); /* out of the trash */
    live_until(&l, 2, "SELECT gone FROM orders WHERE remote_id = %lld",
               (long long)trashed);
    live_pause(&l);
    live_assert_true(&l);
    live_done(&l);
}

static void what_leaves_a_posts_shop(void **arg) {
    (void)arg;
    what_leaves_the_shop("posts");
}

static void what_leaves_an_hpos_shop(void **arg) {
    (void)arg;
    what_leaves_the_shop("hpos");
}

static void stock_customers_and_categories(void **arg) {
    (void)arg;
    struct live l;
    begin(&l, &sweeping, "hpos");
    int64_t product = live_id(&l, "products", 1);
    int64_t variation = live_id(&l, "variations", 1);
    const char *stock = "{\"manage_stock\":true,\"stock_quantity\":77}";
    edit(&l, "products", product, stock);
    edit(&l, "variations", variation, stock);
    edit(&l, "customers", live_id(&l, "customers", 2),
         "{\"first_name\":\"Zeynep\"}");
    edit(&l, "categories", live_id(&l, "categories", 1),
         "{\"name\":\"Renamed\"}");
    live_run_on(&l);
    live_until(&l, 2,
               "SELECT count(*) FROM product WHERE stock_e3 = 77000 AND "
               "remote_id IN (%lld, %lld)",
               (long long)product, (long long)variation);
    live_until(&l, 1, "SELECT count(*) FROM category WHERE name = 'Renamed'");
    live_until(&l, 1,
               "SELECT count(*) FROM contact WHERE name LIKE 'Zeynep%%'");
    live_pause(&l);
    live_assert_true(&l);
    live_done(&l);
}

/* -- a shop that cannot be believed ------------------------------------------
 */

static void a_shop_that_lists_ten_rows_is_doubted(void **arg) {
    (void)arg;
    struct live l;
    begin(&l, &sweeping, "hpos");
    live_door(&l, "faults",
              "{\"kind\":\"few_rows\",\"path\":\"/wc/v3/orders\"}");
    live_run_on(&l);
    live_until(&l, 1,
               "SELECT count(*) FROM aside WHERE what = 'removal' AND kind = "
               "'order'");
    engine_turn(&l.e, 500);
    assert_int_equal(live_sql(&l, "SELECT count(*) FROM orders WHERE gone"), 0);
    free(shop_proc_delete(&l.shop, "faults"));
    live_restart(&l, &sweeping); /* without the ten minutes' wait */
    live_run_on(&l);
    live_until(&l, 0, "SELECT count(*) FROM aside");
    live_pause(&l);
    live_assert_true(&l);
    live_done(&l);
}

static void a_refusal_in_the_middle_marks_nothing(void **arg) {
    (void)arg;
    struct live l;
    begin(&l, &sweeping, "posts");
    live_run_on(&l);
    live_until(&l, 1,
               "SELECT count(*) > 0 FROM sweep WHERE kind = 'ids_orders' AND "
               "success_ms > 0");
    live_door(&l, "permission", "{\"permission\":\"write\"}");
    live_until(&l, 1, "SELECT state = 'blocked' FROM store");
    engine_turn(&l.e, 300);
    assert_int_equal(live_sql(&l, "SELECT count(*) FROM orders WHERE gone"), 0);
    assert_int_equal(live_sql(&l, "SELECT count(*) FROM product WHERE gone"),
                     0);
    live_door(&l, "permission", "{\"permission\":\"read_write\"}");
    live_pause(&l);
    live_assert_true(&l);
    live_done(&l);
}

/* HPOS hides it: asked for once, flagged, and not asked for again. */
static void an_unlisted_order_is_asked_for_once(void **arg) {
    (void)arg;
    struct live l;
    begin(&l, &sweeping, "hpos");
    int64_t id = order_like(&l, "status = 'completed'", 2);
    edit(&l, "orders", id, "{\"status\":\"shipped\"}");
    live_run_on(&l);
    live_until(&l, 8, "SELECT flags & 8 FROM orders WHERE remote_id = %lld",
               (long long)id);
    live_heard(&l);
    (void)live_requests(&l, "");
    engine_turn(&l.e, 2500);
    assert_int_equal(live_requests(&l, "GET /wc/v3/orders/{id}"), 0);
    assert_int_equal(live_sql(&l, "SELECT count(*) FROM orders WHERE gone"), 0);
    live_done(&l);
}

/* -- the place ----------------------------------------------------------------
 */

static void a_restart_goes_on_where_it_was(void **arg) {
    (void)arg;
    struct live l;
    struct sync_options so = resting;
    live_start(&l, &so, "--storage", "posts", "--seed", "7", "--orders", "1500",
               "--products", "10", "--customers", "10", "--trust-http", NULL);
    /* the round over ids began, one slice of it is due now */
    assert_int_equal(
        live_sql(&l, "INSERT INTO sweep VALUES ((SELECT id FROM store), "
                     "'ids_orders', 500, 1, 1500, 1, 0) RETURNING 7"),
        7);
    int64_t above = live_sql(
        &l, "SELECT remote_id FROM orders ORDER BY remote_id LIMIT 1 OFFSET "
            "500");
    (void)live_sql(&l, "UPDATE sweep SET above = %lld RETURNING 1",
                   (long long)above);
    live_restart(&l, &so);
    (void)live_requests(&l, "");
    live_run_on(&l);
    live_until(&l, 1,
               "SELECT success_ms > 0 FROM sweep WHERE kind = "
               "'ids_orders'");
    int64_t asked = live_requests(&l, "GET /wc/v3/orders");
    assert_true(asked >= 5 && asked <= 5 + 2 /* changes */);
    assert_int_equal(live_sql(&l, "SELECT count(*) FROM wake"), 0);
    live_done(&l);
}

/* -- clocks
 * -------------------------------------------------------------------- */

static void zones(void **arg) {
    static const char *const names[] = {"-12:00", "-06:00", "+03:00", "+05:30",
                                        "+14:00"};
    (void)arg;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        struct live l;
        live_start(&l, &resting, "--storage", i % 2 ? "hpos" : "posts",
                   "--seed", "7", "--orders", "40", "--products", "10",
                   "--customers", "5", "--zone", names[i], "--trust-http",
                   NULL);
        live_door(&l, "edit",
                  "{\"kind\":\"orders\",\"id\":%lld,"
                  "\"patch\":{\"status\":\"completed\"}}",
                  (long long)order_like(&l, "status = 'processing'", 0));
        assert_int_equal(engine_sync(&l.e, l.store, 1u << SYNC_ORDERS, false),
                         0);
        assert_int_equal(l.e.result.by[SYNC_ORDERS].changed, 1);
        live_assert_true(&l);
        live_done(&l);
    }
}

/* Passes for changes follow the shop's clock; while it stands before their
 * mark they see nothing, and the sweeps do. */
static void a_clock_that_jumps(void **arg) {
    (void)arg;
    struct live l;
    begin(&l, &sweeping, "hpos");
    int64_t id = order_like(&l, "status = 'processing'", 0);
    live_door(&l, "clock", "{\"jump_s\":600}");
    assert_int_equal(engine_sync(&l.e, l.store, SYNC_ALL_COLLECTIONS, false),
                     0);
    live_door(&l, "clock", "{\"jump_s\":-600}");
    live_door(&l, "edit",
              "{\"kind\":\"orders\",\"id\":%lld,"
              "\"patch\":{\"status\":\"completed\"}}",
              (long long)id);
    live_run_on(&l);
    live_until(&l, 1,
               "SELECT status = 'completed' FROM orders WHERE remote_id = %lld",
               (long long)id);
    live_pause(&l);
    live_assert_true(&l);
    live_done(&l);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(changes_of_orders_on_posts),
        cmocka_unit_test(changes_of_orders_on_hpos),
        cmocka_unit_test(what_leaves_a_posts_shop),
        cmocka_unit_test(what_leaves_an_hpos_shop),
        cmocka_unit_test(stock_customers_and_categories),
        cmocka_unit_test(a_shop_that_lists_ten_rows_is_doubted),
        cmocka_unit_test(a_refusal_in_the_middle_marks_nothing),
        cmocka_unit_test(an_unlisted_order_is_asked_for_once),
        cmocka_unit_test(a_restart_goes_on_where_it_was),
        cmocka_unit_test(zones),
        cmocka_unit_test(a_clock_that_jumps),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
