/* What was kept long enough goes; what is younger, or still needed, stays; the
 * audit trail is whole all the while. */
#include "fixture.h"

#include "common/arena.h"
#include "model/feed.h"
#include "model/retain.h"

#define DAY (24LL * 60 * 60 * 1000)

static const struct retain_ages ages = {
    .ms = {[RETAIN_OF_COMMANDS] = 1 * DAY,
           [RETAIN_OF_CHANGES] = 2 * DAY,
           [RETAIN_OF_AUDIT] = 3 * DAY,
           [RETAIN_OF_REMOVED] = 4 * DAY,
           [RETAIN_OF_SET_ASIDE] = 5 * DAY}};

/* A round of slices as short as can be, on the hundredth day. */
static void run(struct db_tx *tx) {
    struct retain_round r = {0};
    int slices = 0;
    tx->now = 100 * DAY;
    while (retain_slice(tx, &ages, 0, &r) > 0)
        assert_true(slices++ < 1000);
    assert_int_equal(r.class, RETAIN_CLASSES);
}

static void sql(struct db_tx *tx, const char *text) {
    assert_int_equal(conn_exec(tx->conn, text), 0);
}

#define AGO(days) "CAST((100 - " days ") * 86400000 AS INTEGER)"

TX_TEST(answers_of_commands) {
    sql(tx, "INSERT INTO request (actor, request_id, method, params, result,"
            " at_ms) VALUES ('mia', 'old', 'm', x'00', '{}', " AGO(
                "1.1") "),"
                       " ('mia', 'young', 'm', x'00', '{}', " AGO("0.9") ");");
    run(tx);
    assert_string_equal(fx_text(tx, "SELECT group_concat(request_id)"
                                    " FROM request"),
                        "young");
    return 0;
}

/* More than a slice: 50 old ones, each state and age beside them. */
TX_TEST(payloads_and_answers_of_changes) {
    sql(tx,
        "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n"
        " WHERE i < 50) INSERT INTO change (uuid, store_id, kind, remote_id,"
        " act, state, payload, author, created_ms, changed_ms, answer)"
        " SELECT 'old' || i, 1, 'order', i, 'note', 'confirmed', '{\"a\":1}',"
        " 'mia', 1, " AGO(
            "2.1") ", '{}' FROM n;"
                   "INSERT INTO change (uuid, store_id, kind, remote_id, act, "
                   "state,"
                   " payload, author, created_ms, changed_ms, answer) VALUES"
                   " ('young', 1, 'order', 1, 'note', 'confirmed', '{}2', "
                   "'mia', 1,"
                   " " AGO(
                       "1.9") ", 'x'),"
                              " ('open', 1, 'order', 1, 'note', 'unknown', "
                              "'{}2', 'mia', 1,"
                              " " AGO(
                                  "9") ", 'x'),"
                                       " ('set', 1, 'order', 1, 'set', "
                                       "'discarded', NULL, 'mia', 1,"
                                       " " AGO(
                                           "9") ", 'x'),"
                                                " ('price', 1, 'product', 1, "
                                                "'set', 'confirmed', NULL, "
                                                "'mia', 1,"
                                                " " AGO(
                                                    "9") ", 'x');"
                                                         "INSERT INTO "
                                                         "change_path "
                                                         "(change_id, path, "
                                                         "base, wanted)"
                                                         " SELECT id, 'p', "
                                                         "'1', '2' FROM change"
                                                         " WHERE uuid IN "
                                                         "('set', 'price', "
                                                         "'open');");
    run(tx);
    assert_int_equal(fx_sql(tx, "SELECT count(*) FROM change"
                                " WHERE payload = '{}' AND answer IS NULL"),
                     50);
    assert_string_equal(fx_text(tx, "SELECT group_concat(uuid) FROM change"
                                    " WHERE answer = 'x'"),
                        "young,open");
    /* what is about a person goes, what a product cost stays */
    assert_string_equal(
        fx_text(tx, "SELECT group_concat(c.uuid || p.wanted) FROM change c"
                    " JOIN change_path p ON p.change_id = c.id"),
        "open2,setnull,price2");
    assert_string_equal(fx_text(tx, "SELECT author FROM change"
                                    " WHERE uuid = 'old7'"),
                        "mia");
    return 0;
}

TX_TEST(orders_that_were_proposed) {
    sql(tx, "INSERT INTO proposal (id, store_id, kind, state, author, title,"
            " items, done, created_ms, decided_ms) VALUES"
            " (1, 1, 'new_order', 'rejected', 'z', 't', 1, 0, 1, " AGO(
                "3") "),"
                     " (2, 1, 'new_order', 'approved', 'z', 't', 1, 0, 1, " AGO(
                         "3") "),"
                              " (3, 1, 'new_order', 'pending', 'z', 't', 1, 0, "
                              "1, 0),"
                              " (4, 1, 'price', 'rejected', 'z', 't', 1, 0, "
                              "1, " AGO(
                                  "3") ");"
                                       "INSERT INTO proposal_item "
                                       "(proposal_id, remote_id, path, wanted)"
                                       " SELECT id, 0, '', '{\"x\":1}' FROM "
                                       "proposal;");
    run(tx);
    assert_string_equal(fx_text(tx, "SELECT group_concat(proposal_id)"
                                    " FROM proposal_item WHERE wanted = '{}'"),
                        "1");
    return 0;
}

TX_TEST(letters_that_were_sent) {
    sql(tx,
        "INSERT INTO mail (cause, template, store_id, lang, recipient,"
        " sender, params, subject, body, message_id, state, author,"
        " created_ms, changed_ms) VALUES"
        " ('R-1', 't', 1, 'en', 'a@x', 's', '{}', 's', 'old', '1', 'sent',"
        " 'x', 1, " AGO(
            "3") "),"
                 " ('R-2', 't', 1, 'en', 'a@x', 's', '{}', 's', 'young', '2',"
                 " 'sent', 'x', 1, " AGO("1") "),"
                                              " ('R-3', 't', 1, 'en', 'a@x', "
                                              "'s', '{}', 's', 'failed', '3',"
                                              " 'failed', 'x', 1, " AGO(
                                                  "9") ");");
    run(tx);
    assert_string_equal(fx_text(tx, "SELECT group_concat(cause || recipient ||"
                                    " body) FROM mail"),
                        "R-1,R-2a@xyoung,R-3a@xfailed");
    return 0;
}

TX_TEST(details_of_the_trail_and_never_the_chain) {
    static const uint8_t key[32] = {1}, salt[16] = {2};
    struct error e = {0};
    for (int i = 0; i < 60; i++) {
        tx->now = i < 45 ? 96 * DAY : 98 * DAY;
        assert_int_equal(
            audit_add(tx, key, salt, "mia", "m", "alpine:1", "{\"x\":1}"), 0);
    }
    run(tx);
    assert_int_equal(fx_sql(tx, "SELECT count(*) FROM audit_payload"), 15);
    assert_int_equal(fx_sql(tx, "SELECT min(id) FROM audit_payload"), 46);
    assert_int_equal(fx_sql(tx, "SELECT count(*) FROM audit"), 60);
    assert_int_equal(audit_verify(tx, key, &e), 0);
    assert_int_equal(
        audit_add(tx, key, salt, "mia", "m", "alpine:1", "{\"x\":1}"), 0);
    assert_int_equal(audit_verify(tx, key, &e), 0);
    return 0;
}

/* --- gone from the shop --------------------------------------------------- */

static void gone(struct db_tx *tx, enum mirror_kind k, int64_t remote_id) {
    struct mirror_read read = fx_read(100);
    assert_int_equal(mirror_mark_gone(tx, &read, k, remote_id, 2), 0);
}

static void gone_order(struct db_tx *tx, int64_t remote_id) {
    struct order o = fx_order(remote_id, 0, 2);
    fx_put_order(tx, &o, 1, "{\"id\":1}");
    gone(tx, MIRROR_ORDER, remote_id);
}

static int64_t rows_of(struct db_tx *tx, int64_t remote_id) {
    return fx_sql(tx, "SELECT count(*) FROM orders WHERE remote_id = %d",
                  (int)remote_id);
}

static void orders_of_every_sort(struct db_tx *tx) {
    tx->now = 100 * DAY;
    for (int64_t i = 1; i <= 5; i++)
        gone_order(tx, i);
    fx_put_refund(tx, 91, 1, "{\"id\":91}");
    struct order back = fx_order(4, 1, 2);
    struct mirror_read read = fx_read(200);
    struct mirror_stats st = {0};
    assert_int_equal(order_apply(tx, &read, &back, 1, &st), 0);
    sql(tx,
        "UPDATE tombstone SET since_ms = " AGO(
            "4.1") " WHERE remote_id <> 2;"
                   "UPDATE orders SET pending = 1 WHERE remote_id = 3;"
                   "INSERT INTO work (store_id, remote_id, state, basis, "
                   "begun_ms,"
                   " begun_by) VALUES (1, 5, 'done', x'00', 1, 'x');"
                   "INSERT INTO note (store_id, remote_id, order_remote_id, "
                   "created_ms,"
                   " author, to_customer, text) VALUES (1, 70, 1, 1, 'x', 0, "
                   "'x');"
                   "INSERT INTO order_tag SELECT 't', created_ms, id FROM "
                   "orders;"
                   "INSERT INTO order_event (store_id, remote_id, at_ms, what, "
                   "who)"
                   " VALUES (1, 1, 1, 'held', 'x'), (1, 2, 1, 'held', 'x');");
}

TX_TEST(orders_gone_from_the_shop) {
    struct kept *k = kept_new();
    kept_use(k);
    orders_of_every_sort(tx);
    int64_t texts = fx_sql(tx, "SELECT count(*) FROM order_fts");
    run(tx);
    assert_int_equal(rows_of(tx, 1), 0); /* old */
    assert_int_equal(rows_of(tx, 2), 1); /* young */
    assert_int_equal(rows_of(tx, 3), 1); /* a change is on its way */
    assert_int_equal(rows_of(tx, 4), 1); /* came back */
    assert_int_equal(rows_of(tx, 5), 1); /* the warehouse worked on it */
    assert_int_equal(fx_sql(tx, "SELECT count(*) FROM order_fts"), texts - 1);
    assert_int_equal(fx_sql(tx, "SELECT n FROM order_count"
                                " WHERE status = 'gone'"),
                     3);
    /* all that hung on it, and nothing of the others */
    assert_int_equal(fx_sql(tx, "SELECT count(*) FROM refund"), 0);
    assert_int_equal(fx_sql(tx, "SELECT count(*) FROM refund_object"), 0);
    assert_int_equal(fx_sql(tx, "SELECT count(*) FROM note"), 0);
    assert_int_equal(fx_sql(tx, "SELECT count(*) FROM line"), 8);
    assert_int_equal(fx_sql(tx, "SELECT count(*) FROM order_object"), 4);
    assert_int_equal(fx_sql(tx, "SELECT count(*) FROM order_tag"), 4);
    assert_int_equal(fx_sql(tx, "SELECT count(*) FROM order_event"), 1);
    /* 4 is no tombstone any more; those that are needed are asked again */
    assert_string_equal(fx_text(tx, "SELECT group_concat(remote_id) FROM"
                                    " (SELECT remote_id FROM tombstone"
                                    " ORDER BY remote_id)"),
                        "2,3,5");
    sql(tx, "UPDATE orders SET pending = 0");
    run(tx);
    assert_int_equal(rows_of(tx, 3), 0);
    kept_free(k);
    return 0;
}

/* A guest leaves with the last order; one that goes again begins anew. */
TX_TEST(guests_leave_with_their_last_order) {
    struct kept *k = kept_new();
    tx->now = 100 * DAY;
    kept_use(k);
    gone_order(tx, 1);
    assert_int_equal(fx_sql(tx, "SELECT count(*) FROM contact"), 1);
    sql(tx, "UPDATE tombstone SET since_ms = 95 * 86400000");
    gone_order(tx, 2);
    run(tx);
    assert_int_equal(fx_sql(tx, "SELECT count(*) FROM contact"), 1);
    sql(tx, "UPDATE tombstone SET since_ms = 95 * 86400000");
    run(tx);
    assert_int_equal(fx_sql(tx, "SELECT count(*) FROM contact"), 0);
    assert_int_equal(fx_sql(tx, "SELECT count(*) FROM contact_fts"), 0);
    assert_int_equal(fx_sql(tx, "SELECT count(*) FROM tombstone"), 0);
    kept_free(k);
    return 0;
}

TX_TEST(products_customers_and_categories) {
    sql(tx,
        "INSERT INTO product (store_id, remote_id, parent_id, type, status,"
        " gone, sku, name, sort_name, manage, stock_status, low, created_ms,"
        " modified_ms, read_seq, raw_hash, hash)"
        " SELECT 1, v.column1, v.column2, 'simple', 'publish', 0, 'S', 'n',"
        " 'n', 0, 'instock', 0, 1, 1, 1, x'00', x'00'"
        " FROM (VALUES (1, 0), (2, 0), (3, 0), (4, 3)) v;"
        "INSERT INTO product_object SELECT id, 0, x'00' FROM product;"
        "INSERT INTO item (id, tenant_id, sku, title, created_ms)"
        " VALUES (1, 1, 'S', 't', 1);"
        "INSERT INTO listing (store_id, remote_id, item_id) VALUES (1, 2, 1);"
        "INSERT INTO ledger (store_id, remote_id, agreed_e3, agreed_ms)"
        " VALUES (1, 1, 0, 1), (1, 2, 0, 1);"
        "INSERT INTO contact (id, store_id, remote_id, mirrored, email,"
        " email_key, name, sort_name, phone, city, country, created_ms,"
        " read_seq, raw_hash, hash)"
        " VALUES (1, 1, 8, 1, 'a', 'a', '', '', '', '', '', 1, 1, x'', x''),"
        " (2, 1, 9, 1, 'b', 'b', '', '', '', '', '', 1, 1, x'', x'');"
        "INSERT INTO category (store_id, remote_id, parent_id, name, slug,"
        " count, read_seq, raw_hash, hash)"
        " VALUES (1, 5, 0, 'c', 'c', 0, 1, x'', x'');"
        "INSERT INTO product_category SELECT 1, 5, id FROM product;");
    struct order o = fx_order(7, 0, 1);
    struct mirror_read read = fx_read(1);
    struct mirror_stats st = {0};
    o.customer_id = 9;
    assert_int_equal(order_apply(tx, &read, &o, 1, &st), 0);
    tx->now = 100 * DAY;
    for (int64_t i = 1; i <= 3; i++)
        gone(tx, MIRROR_PRODUCT, i);
    gone(tx, MIRROR_CUSTOMER, 8);
    gone(tx, MIRROR_CUSTOMER, 9);
    gone(tx, MIRROR_CATEGORY, 5);
    run(tx);
    assert_int_equal(fx_sql(tx, "SELECT count(*) FROM product"), 4);
    sql(tx, "UPDATE tombstone SET since_ms = " AGO("4.1"));
    run(tx);
    /* 2 lies on a shelf, 3 has a variation that is there */
    assert_string_equal(fx_text(tx, "SELECT group_concat(remote_id)"
                                    " FROM product"),
                        "2,3,4");
    assert_int_equal(fx_sql(tx, "SELECT count(*) FROM product_object"), 3);
    assert_int_equal(fx_sql(tx, "SELECT count(*) FROM product_category"), 0);
    assert_int_equal(fx_sql(tx, "SELECT count(*) FROM ledger"), 1);
    /* 9 has an order */
    assert_string_equal(fx_text(tx, "SELECT group_concat(remote_id)"
                                    " FROM contact"),
                        "9");
    assert_int_equal(fx_sql(tx, "SELECT count(*) FROM category"), 0);
    return 0;
}

TX_TEST(rows_the_shop_sends_no_more) {
    sql(tx,
        "INSERT INTO aside (store_id, kind, remote_id, raw_hash, path,"
        " reason, raw, first_ms, last_ms, times, what) VALUES"
        " (1, 'order', 1, x'01', '', '', x'', 1, " AGO(
            "5.1") ", 1,"
                   " 'decode'),"
                   " (1, 'order', 2, x'02', '', '', x'', 1, " AGO(
                       "4.9") ", 1,"
                              " 'decode'),"
                              " (1, 'order', 0, x'00', '', '', x'', 1, " AGO(
                                  "9") ", 1,"
                                       " 'removal');");
    run(tx);
    assert_string_equal(fx_text(tx, "SELECT group_concat(remote_id) FROM"
                                    " (SELECT remote_id FROM aside"
                                    " ORDER BY remote_id)"),
                        "0,2");
    return 0;
}

/* An empty round writes nothing; the oldest of each class are told. */
TX_TEST(nothing_to_do_is_nothing_done) {
    int64_t oldest[RETAIN_CLASSES] = {-1, -1, -1, -1, -1};
    struct retain_round r = {0};
    int64_t before = fx_sql(tx, "SELECT total_changes()");
    assert_int_equal(retain_slice(tx, &ages, 1000, &r), 0);
    assert_int_equal(r.gone, 0);
    assert_int_equal(fx_sql(tx, "SELECT total_changes()"), before);
    assert_int_equal(retain_oldest(tx, oldest), 0);
    for (int i = 0; i < RETAIN_CLASSES; i++)
        assert_int_equal(oldest[i], 0);
    sql(tx, "INSERT INTO request (actor, request_id, method, params, result,"
            " at_ms) VALUES ('a', 'b', 'm', x'00', '', 77)");
    assert_int_equal(retain_oldest(tx, oldest), 0);
    assert_int_equal(oldest[RETAIN_OF_COMMANDS], 77);
    return 0;
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(answers_of_commands),
        cmocka_unit_test(payloads_and_answers_of_changes),
        cmocka_unit_test(orders_that_were_proposed),
        cmocka_unit_test(letters_that_were_sent),
        cmocka_unit_test(details_of_the_trail_and_never_the_chain),
        cmocka_unit_test(orders_gone_from_the_shop),
        cmocka_unit_test(guests_leave_with_their_last_order),
        cmocka_unit_test(products_customers_and_categories),
        cmocka_unit_test(rows_the_shop_sends_no_more),
        cmocka_unit_test(nothing_to_do_is_nothing_done),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
