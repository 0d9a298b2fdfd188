/* What a shop tells is read again at once: once for many, never believed
 * blindly, never forgotten. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/lib/live.h"
#include "tests/lib/test.h"

static void begin(struct live *l, const char *storage) {
    live_start(l, NULL, "--storage", storage, "--seed", "7", "--orders", "150",
               "--products", "40", "--customers", "30", "--trust-http", NULL);
    live_run(l);
    (void)live_requests(l, "");
}

static void done(struct live *l) {
    live_heard(l);
    live_assert_true(l);
    live_done(l);
}

/* On posts an address moves no date: only the word of the shop brings it. */
static void an_address_on_posts(void **arg) {
    (void)arg;
    struct live l;
    begin(&l, "posts");
    int64_t id = live_id(&l, "orders", 5);
    live_door(&l, "edit",
              "{\"kind\":\"orders\",\"id\":%lld,"
              "\"patch\":{\"billing\":{\"city\":\"Nowhere\"}}}",
              (long long)id);
    live_told(&l, MIRROR_ORDER, id);
    live_heard(&l);
    assert_int_equal(live_requests(&l, ""), 1);
    done(&l);
}

/* Sixty orders at once cost two lists, not sixty requests. */
static void many_are_read_together(void **arg) {
    (void)arg;
    struct live l;
    begin(&l, "hpos");
    live_pause(&l);
    for (int i = 0; i < 60; i++) {
        int64_t id = live_id(&l, "orders", i);
        live_door(&l, "edit",
                  "{\"kind\":\"orders\",\"id\":%lld,\"move_date\":false,"
                  "\"patch\":{\"billing\":{\"city\":\"Town\"}}}",
                  (long long)id);
        live_told(&l, MIRROR_ORDER, id);
    }
    assert_int_equal(live_sql(&l, "SELECT count(*) FROM wake"), 60);
    (void)live_requests(&l, "");
    live_run(&l);
    live_heard(&l);
    assert_true(live_requests(&l, "GET /wc/v3/orders") <= 2 + 2);
    done(&l);
}

static void what_is_gone_is_marked_and_no_more(void **arg) {
    (void)arg;
    struct live l;
    begin(&l, "posts");
    int64_t order = live_id(&l, "orders", 3),
            trashed = live_id(&l, "orders", 4);
    int64_t product = live_id(&l, "products", 2);
    int64_t customer = live_id(&l, "customers", 2);
    live_door(&l, "delete", "{\"kind\":\"orders\",\"id\":%lld}",
              (long long)order);
    live_door(&l, "delete", "{\"kind\":\"orders\",\"id\":%lld,\"trash\":true}",
              (long long)trashed);
    live_door(&l, "delete", "{\"kind\":\"customers\",\"id\":%lld}",
              (long long)customer);
    live_told(&l, MIRROR_ORDER, order);
    live_told(&l, MIRROR_ORDER, trashed);
    live_told(&l, MIRROR_CUSTOMER, customer);
    /* crossfire: there, or of another kind */
    live_told(&l, MIRROR_PRODUCT, product);
    live_told(&l, MIRROR_PRODUCT, order);
    live_told(&l, MIRROR_CATEGORY, 987654);
    live_heard(&l);
    assert_int_equal(live_sql(&l,
                              "SELECT gone FROM orders WHERE remote_id = "
                              "%lld",
                              (long long)order),
                     2);
    assert_int_equal(live_sql(&l,
                              "SELECT gone FROM orders WHERE remote_id = "
                              "%lld",
                              (long long)trashed),
                     1);
    assert_int_equal(live_sql(&l, "SELECT count(*) FROM product WHERE gone"),
                     0);
    assert_int_equal(live_sql(&l, "SELECT count(*) FROM contact WHERE gone"),
                     1);
    done(&l);
}

static void a_deleted_refund_is_found_through_its_order(void **arg) {
    (void)arg;
    struct live l;
    begin(&l, "hpos");
    int64_t refund = live_id(&l, "refunds", 0);
    int64_t order = live_sql(
        &l, "SELECT order_remote_id FROM refund WHERE remote_id = %lld",
        (long long)refund);
    live_door(&l, "delete", "{\"kind\":\"refunds\",\"id\":%lld}",
              (long long)refund);
    live_told(&l, MIRROR_ORDER, order);
    live_until(&l, 2, "SELECT gone FROM refund WHERE remote_id = %lld",
               (long long)refund);
    done(&l);
}

static void stock_of_a_variation(void **arg) {
    (void)arg;
    struct live l;
    begin(&l, "posts");
    int64_t id = live_id(&l, "variations", 1);
    live_door(&l, "edit",
              "{\"kind\":\"variations\",\"id\":%lld,\"move_date\":false,"
              "\"patch\":{\"manage_stock\":true,\"stock_quantity\":77}}",
              (long long)id);
    live_told(&l, MIRROR_PRODUCT, id);
    live_until(&l, 77000, "SELECT stock_e3 FROM product WHERE remote_id = %lld",
               (long long)id);
    live_heard(&l);
    assert_int_equal(live_requests(&l, ""), 1);
    done(&l);
}

/* The hook tells a note's id and not its order: the orders that changed last
 * are asked, and no more than that. */
static void a_note_is_looked_for(void **arg) {
    (void)arg;
    struct live l;
    begin(&l, "hpos");
    int64_t order = live_sql(&l, "SELECT remote_id FROM orders WHERE status = "
                                 "'processing' ORDER BY created_ms DESC");
    live_door(&l, "note", "{\"order_id\":%lld,\"note\":\"ring twice\"}",
              (long long)order);
    AUTO_FREE char *notes = shop_proc_admin(&l.shop, "truth?kind=notes", NULL);
    int64_t id = 0;
    for (const char *p = notes; (p = strstr(p, "{\"id\":")); p += 6)
        id = strtoll(p + 6, NULL, 10) > id ? strtoll(p + 6, NULL, 10) : id;
    (void)live_requests(&l, "");
    live_told(&l, MIRROR_NOTE, id);
    live_until(&l, 1, "SELECT count(*) FROM note WHERE remote_id = %lld",
               (long long)id);
    live_told(&l, MIRROR_NOTE, 999999); /* one that nobody finds */
    live_heard(&l);
    assert_true(live_requests(&l, "") <= 40);
    done(&l);
}

/* HPOS hides an order whose status nobody registers. */
static void an_unlisted_order_is_flagged_not_gone(void **arg) {
    (void)arg;
    struct live l;
    begin(&l, "hpos");
    int64_t id = live_id(&l, "orders", 9);
    live_door(&l, "edit",
              "{\"kind\":\"orders\",\"id\":%lld,"
              "\"patch\":{\"status\":\"shipped\"}}",
              (long long)id);
    live_told(&l, MIRROR_ORDER, id);
    live_until(&l, 8, "SELECT flags & 8 FROM orders WHERE remote_id = %lld",
               (long long)id);
    assert_int_equal(
        live_sql(&l,
                 "SELECT count(*) FROM orders WHERE remote_id = %lld AND "
                 "status = 'shipped' AND gone = 0",
                 (long long)id),
        1);
    live_door(&l, "edit",
              "{\"kind\":\"orders\",\"id\":%lld,"
              "\"patch\":{\"status\":\"completed\"}}",
              (long long)id);
    live_told(&l, MIRROR_ORDER, id);
    live_until(&l, 0, "SELECT flags & 8 FROM orders WHERE remote_id = %lld",
               (long long)id);
    done(&l);
}

static void a_refusal_teaches_nothing_and_rows_stay(void **arg) {
    (void)arg;
    struct live l;
    begin(&l, "hpos");
    int64_t id = live_id(&l, "orders", 9);
    live_door(&l, "delete", "{\"kind\":\"orders\",\"id\":%lld}", (long long)id);
    live_door(&l, "permission", "{\"permission\":\"write\"}"); /* 401 */
    live_told(&l, MIRROR_ORDER, id);
    for (int i = 0; i < 50 && live_requests(&l, "") == 0; i++)
        engine_turn(&l.e, 20);
    engine_turn(&l.e, 200);
    assert_int_equal(live_sql(&l, "SELECT count(*) FROM wake"), 1);
    assert_int_equal(live_sql(&l, "SELECT count(*) FROM orders WHERE gone"), 0);
    live_door(&l, "permission", "{\"permission\":\"read_write\"}");
    live_heard(&l);
    assert_int_equal(live_sql(&l, "SELECT count(*) FROM orders WHERE gone"), 1);
    done(&l);
}

static void rows_survive_a_restart(void **arg) {
    (void)arg;
    struct live l;
    begin(&l, "posts");
    live_pause(&l);
    int64_t id = live_id(&l, "orders", 9);
    live_door(&l, "edit",
              "{\"kind\":\"orders\",\"id\":%lld,"
              "\"patch\":{\"billing\":{\"city\":\"Nowhere\"}}}",
              (long long)id);
    live_told(&l, MIRROR_ORDER, id);
    live_restart(&l, NULL);
    live_run(&l);
    live_heard(&l);
    done(&l);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_address_on_posts),
        cmocka_unit_test(many_are_read_together),
        cmocka_unit_test(what_is_gone_is_marked_and_no_more),
        cmocka_unit_test(a_deleted_refund_is_found_through_its_order),
        cmocka_unit_test(stock_of_a_variation),
        cmocka_unit_test(a_note_is_looked_for),
        cmocka_unit_test(an_unlisted_order_is_flagged_not_gone),
        cmocka_unit_test(a_refusal_teaches_nothing_and_rows_stay),
        cmocka_unit_test(rows_survive_a_restart),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
