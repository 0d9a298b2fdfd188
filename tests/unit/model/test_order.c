#include "fixture.h"

/* Apply one order as read number seq and return what it counted. */
static struct mirror_stats apply(struct db_tx *tx, int64_t seq,
                                 struct order o) {
    struct mirror_stats st = {0};
    struct mirror_read read = fx_read(seq);
    assert_int_equal(order_apply(tx, &read, &o, 1, &st), 0);
    assert_int_equal(st.seen, 1);
    return st;
}

TX_TEST(inserts_all_rows) {
    struct mirror_stats st = apply(tx, 1, fx_order(5, 0, 3));
    assert_int_equal(st.inserted, 1);
    assert_int_equal(fx_sql(tx, "SELECT count(*) FROM orders"), 1);
    assert_int_equal(fx_sql(tx, "SELECT count(*) FROM line"), 3);
    assert_int_equal(fx_sql(tx, "SELECT count(*) FROM order_object"), 1);
    assert_int_equal(fx_sql(tx, "SELECT n FROM order_count"), 1);
    assert_int_equal(
        fx_sql(tx, "SELECT rowid FROM order_fts WHERE order_fts MATCH 'ada'"),
        fx_sql(tx, "SELECT id FROM orders"));
    assert_int_equal(fx_sql(tx, "SELECT contact_id FROM orders"),
                     fx_sql(tx, "SELECT id FROM contact"));
    assert_int_equal(fx_sql(tx, "SELECT remote_id FROM feed"), 5);
    assert_string_equal(fx_text(tx, "SELECT ifnull(shop_status, '-') "
                                    "FROM orders"),
                        "-");
    return 0;
}

TX_TEST(equal_bytes_are_skipped) {
    apply(tx, 1, fx_order(5, 0, 1));
    struct order o = fx_order(5, 0, 1);
    o.number = "changed without telling the hash";
    struct mirror_stats st = apply(tx, 2, o);
    assert_int_equal(st.same, 1);
    assert_int_equal(fx_sql(tx, "SELECT number FROM orders"), 5);
    assert_int_equal(fx_sql(tx, "SELECT read_seq FROM orders"), 1);
    return 0;
}

TX_TEST(equal_truth_keeps_bytes_and_is_silent) {
    apply(tx, 1, fx_order(5, 0, 1));
    struct order o = fx_order(5, 0, 1);
    fx_hash(o.o.raw_hash, 99);
    o.o.z = "newer";
    o.o.z_n = 5;
    struct mirror_stats st = apply(tx, 2, o);
    assert_int_equal(st.same, 1);
    assert_int_equal(st.changed, 0);
    assert_int_equal(fx_sql(tx, "SELECT length(z) FROM order_object"), 5);
    assert_int_equal(fx_sql(tx, "SELECT count(*) FROM feed"), 1);
    assert_int_equal(mirror_same(tx, MIRROR_ORDER, 1, 5, o.o.raw_hash), 1);
    return 0;
}

TX_TEST(changed_columns_are_written) {
    apply(tx, 1, fx_order(5, 0, 2));
    struct order o = fx_order(5, 1, 2);
    o.status = "completed";
    o.number = "A-5";
    o.created_ms = 77;
    o.lines[1].qty_e3 = 9000;
    o.o.search = "new words here";
    struct mirror_stats st = apply(tx, 2, o);
    assert_int_equal(st.changed, 1);
    assert_string_equal(fx_text(tx, "SELECT status || number || created_ms "
                                    "FROM orders"),
                        "completedA-577");
    assert_int_equal(fx_sql(tx, "SELECT max(qty_e3) FROM line"), 9000);
    assert_int_equal(fx_sql(tx, "SELECT count(*) FROM order_fts('wor')"), 1);
    assert_int_equal(fx_sql(tx, "SELECT count(*) FROM order_fts('ada')"), 0);
    assert_int_equal(
        fx_sql(tx, "SELECT n FROM order_count WHERE status = 'completed'"), 1);
    assert_int_equal(
        fx_sql(tx, "SELECT n FROM order_count WHERE status = 'processing'"), 0);
    assert_int_equal(fx_sql(tx, "SELECT count(*) FROM feed"), 2);
    return 0;
}

TX_TEST(lines_follow) {
    apply(tx, 1, fx_order(5, 0, 3));
    apply(tx, 2, fx_order(5, 1, 1));
    assert_int_equal(fx_sql(tx, "SELECT count(*) FROM line"), 1);
    apply(tx, 3, fx_order(5, 2, 0));
    assert_int_equal(fx_sql(tx, "SELECT count(*) FROM line"), 0);
    struct order twice = fx_order(5, 3, 2);
    twice.lines[1].line_id = twice.lines[0].line_id;
    apply(tx, 4, twice);
    assert_int_equal(fx_sql(tx, "SELECT count(*) FROM line"), 1);
    return 0;
}

TX_TEST(older_read_is_stale) {
    apply(tx, 5, fx_order(5, 5, 1));
    struct mirror_stats st = apply(tx, 4, fx_order(5, 4, 1));
    assert_int_equal(st.stale, 1);
    assert_int_equal(fx_sql(tx, "SELECT modified_ms FROM orders"), 2005);
    struct mirror_read read = fx_read(4);
    assert_int_equal(order_mark_gone(tx, &read, 5, 2), 1);
    assert_int_equal(fx_sql(tx, "SELECT gone FROM orders"), 0);
    return 0;
}

TX_TEST(one_bulk_read_tells_once) {
    struct order o[2] = {fx_order(5, 0, 1), fx_order(6, 0, 1)};
    struct mirror_read read = fx_read(1);
    struct mirror_stats st = {0};
    read.bulk = true;
    assert_int_equal(order_apply(tx, &read, o, 2, &st), 0);
    assert_int_equal(fx_sql(tx, "SELECT count(*) FROM feed"), 1);
    assert_int_equal(fx_sql(tx, "SELECT remote_id FROM feed"), 0);
    assert_int_equal(order_apply(tx, &read, o, 2, &st), 0);
    assert_int_equal(fx_sql(tx, "SELECT count(*) FROM feed"), 1);
    assert_int_equal(st.seen, 4);
    assert_int_equal(st.same, 2);
    return 0;
}

TX_TEST(gone_and_back) {
    struct mirror_read read = fx_read(2);
    assert_int_equal(order_mark_gone(tx, &read, 5, 2), ERR_NOT_FOUND);
    apply(tx, 1, fx_order(5, 0, 1));
    assert_int_equal(order_mark_gone(tx, &read, 5, 2), 0);
    assert_int_equal(order_mark_gone(tx, &read, 5, 2), 1);
    assert_string_equal(
        fx_text(tx, "SELECT status || gone || shop_status FROM orders"),
        "gone2processing");
    struct order o = fx_order(5, 0, 1);
    assert_int_equal(mirror_same(tx, MIRROR_ORDER, 1, 5, o.o.raw_hash), 0);
    struct mirror_stats st = apply(tx, 3, o);
    assert_int_equal(st.changed, 1);
    assert_string_equal(fx_text(tx, "SELECT status || gone || "
                                    "(shop_status IS NULL) FROM orders"),
                        "processing01");
    return 0;
}

TX_TEST(trash) {
    apply(tx, 1, fx_order(5, 0, 1));
    struct mirror_read read = fx_read(2);
    assert_int_equal(order_mark_gone(tx, &read, 5, 1), 0);
    assert_string_equal(
        fx_text(tx, "SELECT status || gone || shop_status FROM orders"),
        "trash1processing");
    struct order o = fx_order(5, 1, 1);
    o.status = "trash";
    apply(tx, 3, o);
    assert_string_equal(fx_text(tx, "SELECT status || gone || "
                                    "(shop_status IS NULL) FROM orders"),
                        "trash11");
    assert_int_equal(mirror_same(tx, MIRROR_ORDER, 1, 5, o.o.raw_hash), 1);
    assert_int_equal(apply(tx, 4, o).same, 1);
    apply(tx, 5, fx_order(5, 2, 1));
    assert_int_equal(fx_sql(tx, "SELECT gone FROM orders"), 0);
    return 0;
}

TX_TEST(amounts_at_the_edge) {
    struct order o = fx_order(5, 0, 1);
    o.total_e4 = INT64_MAX;
    o.items_e3 = INT64_MIN;
    o.lines[0].total_e4 = INT64_MIN;
    o.created_ms = INT64_MAX;
    apply(tx, 1, o);
    assert_true(fx_sql(tx, "SELECT total_e4 FROM orders") == INT64_MAX);
    assert_true(fx_sql(tx, "SELECT total_e4 FROM line") == INT64_MIN);
    o.total_e4 = INT64_MIN;
    fx_hash(o.o.hash, 1);
    apply(tx, 2, o);
    assert_true(fx_sql(tx, "SELECT total_e4 FROM orders") == INT64_MIN);
    assert_true(order_rebuild(tx, 0, 10) > 0);
    return 0;
}

TX_TEST(date_moves_tags_and_holds) {
    apply(tx, 1, fx_order(5, 0, 1));
    int64_t id = fx_sql(tx, "SELECT id FROM orders");
    assert_int_equal(conn_exec(tx->conn,
                               "INSERT INTO order_tag SELECT 'gift', "
                               "created_ms, id FROM orders;"
                               "INSERT INTO order_tag SELECT 'a', "
                               "created_ms, id FROM orders;"
                               "INSERT INTO order_hold SELECT 'fraud', "
                               "created_ms, id, '', 1, 'x', 0 FROM orders"),
                     0);
    assert_true(order_rebuild(tx, 0, 10) == id);
    assert_string_equal(fx_text(tx, "SELECT tags || holds FROM orders"),
                        ",a,gift,,fraud,");
    struct order o = fx_order(5, 1, 1);
    o.created_ms = 12;
    apply(tx, 2, o);
    assert_int_equal(fx_sql(tx, "SELECT created_ms FROM order_tag"), 12);
    assert_int_equal(fx_sql(tx, "SELECT created_ms FROM order_hold"), 12);
    return 0;
}

/* What we created may be known before it is read. */
TX_TEST(a_change_that_was_there_first_overlays) {
    assert_int_equal(
        conn_exec(tx->conn,
                  "INSERT INTO change (uuid, store_id, kind, remote_id, act, "
                  "state, author, created_ms, changed_ms) VALUES ('a', 1, "
                  "'order', 5, 'create', 'unknown', 'a', 1, 1), ('b', 1, "
                  "'order', 5, 'trash', 'queued', 'a', 1, 1)"),
        0);
    apply(tx, 1, fx_order(5, 0, 1));
    assert_string_equal(
        fx_text(tx, "SELECT status || shop_status || pending FROM orders"),
        "trashprocessing2");
    assert_string_equal(fx_text(tx, "SELECT group_concat(status) FROM "
                                    "order_count WHERE n <> 0"),
                        "trash");
    return 0;
}

static void check_demand(struct db_tx *tx, const char *want) {
    assert_string_equal(
        fx_text(tx, "SELECT ifnull(group_concat(product_id || ' ' || qty_e3), "
                    "'') FROM demand"),
        want);
}

/* Variations, nothing, no product, and more than there can be; asked for while
 * the order is open. */
static void follow_demand(struct db_tx *tx, int64_t seq) {
    static const char *const status[] = {"processing", "completed", "on-hold",
                                         "no-such", "cancelled"};
    struct order o = fx_order(5, seq, 4);
    o.lines[0].product_id = 7;
    o.lines[0].variation_id = 8;
    o.lines[0].qty_e3 = 1500;
    o.lines[1].qty_e3 = 0;
    o.lines[2].product_id = 0;
    o.lines[3].product_id = 9;
    o.lines[3].variation_id = 0;
    o.lines[3].qty_e3 = INT64_MAX / 2;
    for (size_t i = 0; i < sizeof status / sizeof *status; i++) {
        o.status = status[i];
        fx_hash(o.o.hash, 100 * seq + (int64_t)i);
        apply(tx, seq + (int64_t)i, o);
        check_demand(tx, i == 1 || i == 4 ? "" : "8 1500,9 1000000000");
    }
}

/* With items in the store it is asked by another statement, to the same. */
TX_TEST(open_lines_are_asked_for) {
    follow_demand(tx, 1);
    assert_int_equal(
        conn_exec(tx->conn,
                  "INSERT INTO tenant (id, name, title, created_ms) VALUES "
                  "(9, 't', 't', 0);"
                  "INSERT INTO item (id, tenant_id, sku, title, created_ms) "
                  "VALUES (1, 9, 'a', 'a', 0);"
                  "INSERT INTO listing (store_id, remote_id, item_id) VALUES "
                  "(1, 77, 1)"),
        0);
    follow_demand(tx, 50);
    return 0;
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(inserts_all_rows),
        cmocka_unit_test(equal_bytes_are_skipped),
        cmocka_unit_test(equal_truth_keeps_bytes_and_is_silent),
        cmocka_unit_test(changed_columns_are_written),
        cmocka_unit_test(lines_follow),
        cmocka_unit_test(older_read_is_stale),
        cmocka_unit_test(one_bulk_read_tells_once),
        cmocka_unit_test(gone_and_back),
        cmocka_unit_test(trash),
        cmocka_unit_test(amounts_at_the_edge),
        cmocka_unit_test(date_moves_tags_and_holds),
        cmocka_unit_test(a_change_that_was_there_first_overlays),
        cmocka_unit_test(open_lines_are_asked_for),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
