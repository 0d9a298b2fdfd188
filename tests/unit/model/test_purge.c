/* A purged store leaves nothing but what is the house's; another store does not
 * notice. Both stores are filled alike, so that half of every table is left. */
#include "fixture.h"

#include <stdio.h>
#include <stdlib.h>

#include "common/buf.h"
#include "model/feed.h"
#include "model/purge.h"

/* Whoever adds a table says here what becomes of a purged store's rows in it:
 * gone (purge.c gets its statement and `rows` below a row of each store), or
 * kept, because it is no store's or the house's own. */
static const char gone[] =
    " orders line order_object order_fts order_count order_tag order_hold"
    " refund refund_object note product product_object product_fts"
    " product_category product_under category contact contact_object "
    "contact_fts contact_tag contact_note"
    " aside tombstone change change_path ledger hook hook_secret wake delivery"
    " sweep store_status settling checkpoint user_store api_token_store work "
    "work_line"
    " work_lot"
    " scan parcel parcel_line hold_log order_event share listing demand"
    " return_ return_line mail ticket ticket_message ticket_read file"
    " file_link bundle bundle_part"
    " proposal proposal_item proposal_reserve erased ";
static const char kept[] =
    " api_token at_bin audit audit_payload backup_code balance bin charge "
    "count_bin"
    " count_line dict erasure feed inbound inbound_line invitation item lockout"
    " lot lot_balance meta move_reason movement request saved_view session "
    "session_spent"
    " signing_key stock_count store tenant unix_account users wave ";

/* '#' is the store. */
static const char rows[] =
    "INSERT INTO orders (id, store_id, remote_id, number, status, currency,"
    " total_e4, created_ms, modified_ms, contact_id, name, email, lines,"
    " items_e3, flags, read_seq, raw_hash, hash)"
    " VALUES (#1, #, 12, '12', 'processing', 'EUR', 1, 1, 1, #1, 'n', 'e', 1,"
    " 1000, 0, 1, x'00', x'00');"
    "INSERT INTO line VALUES (#1, 7, #, 34, 0, 'S', 1000, 1, 0);"
    "INSERT INTO order_object VALUES (#1, 0, x'00');"
    "INSERT INTO order_fts (rowid, text) VALUES (#1, 'kanarya');"
    "INSERT INTO order_count VALUES (#, 'processing', 1);"
    "INSERT INTO order_tag VALUES ('t', 1, #1);"
    "INSERT INTO order_hold (reason, created_ms, order_id, held_ms, held_by)"
    " VALUES ('fraud', 1, #1, 1, 'x');"
    "INSERT INTO refund (id, store_id, remote_id, order_remote_id, created_ms,"
    " total_e4, reason, read_seq, raw_hash, hash) VALUES"
    " (#1, #, 13, 12, 1, 1, 'r', 1, x'00', x'00'),"
    " (#2, #, 14, 99, 1, 1, 'r', 1, x'00', x'00');"
    "INSERT INTO refund_object VALUES (#1, 0, x'00'), (#2, 0, x'00');"
    "INSERT INTO note (store_id, remote_id, order_remote_id, created_ms,"
    " author, to_customer, text) VALUES (#, 15, 12, 1, 'x', 0, 'x'),"
    " (#, 16, 99, 1, 'x', 0, 'x');"
    "INSERT INTO product (id, store_id, remote_id, parent_id, type, status,"
    " sku, name, sort_name, manage, stock_status, low, created_ms,"
    " modified_ms, read_seq, raw_hash, hash) VALUES (#1, #, 34, 0, 'simple',"
    " 'publish', 'S', 'n', 'n', 0, 'instock', 0, 1, 1, 1, x'00', x'00');"
    "INSERT INTO product_object VALUES (#1, 0, x'00');"
    "INSERT INTO product_fts (rowid, text) VALUES (#1, 'kanarya');"
    "INSERT INTO product_category VALUES (#, 3, #1);"
    "INSERT INTO product_under (id, status, sku, name, sort_name,"
    " stock_status) VALUES (#1, '', '', '', '', '');"
    "INSERT INTO category (store_id, remote_id, parent_id, name, slug, count,"
    " read_seq, raw_hash, hash) VALUES (#, 3, 0, 'c', 'c', 0, 1, x'', x'');"
    "INSERT INTO contact (id, store_id, remote_id, mirrored, email, email_key,"
    " name, sort_name, phone, city, country, created_ms, read_seq, raw_hash,"
    " hash) VALUES (#1, #, 5, 1, 'e', 'e', 'n', 'n', '', '', '', 1, 1, x'',"
    " x'');"
    "INSERT INTO contact_object VALUES (#1, 0, x'00');"
    "INSERT INTO contact_tag VALUES ('vip', #1);"
    "INSERT INTO contact_note (contact_id, at_ms, author, text)"
    " VALUES (#1, 1, 'x', 'kanarya');"
    "INSERT INTO contact_fts (rowid, text) VALUES (#1, 'kanarya');"
    "INSERT INTO aside (store_id, kind, remote_id, raw_hash, path, reason, raw,"
    " first_ms, last_ms, times) VALUES (#, 'order', 9, x'00', '', '', x'', 1,"
    " 1, 1);"
    "INSERT INTO tombstone (store_id, kind, remote_id, since_ms)"
    " VALUES (#, 'order', 9, 1);"
    "INSERT INTO change (id, uuid, store_id, kind, remote_id, act, state,"
    " author, created_ms, changed_ms)"
    " VALUES (#1, 'c#', #, 'order', 12, 'set', 'queued', 'x', 1, 1);"
    "INSERT INTO change_path (change_id, path, wanted) VALUES (#1, 'p', '1');"
    "INSERT INTO ledger (store_id, remote_id, agreed_e3, agreed_ms)"
    " VALUES (#, 34, 1, 1);"
    "INSERT INTO hook (store_id, topic) VALUES (#, 'order.created');"
    "INSERT INTO hook_secret (store_id, path, sealed) VALUES (#, 'p#', x'00');"
    "INSERT INTO wake (store_id, kind, remote_id, at_ms)"
    " VALUES (#, 'order', 12, 1);"
    "INSERT INTO delivery VALUES (#, 'order', 12, x'00', 1);"
    "INSERT INTO sweep VALUES (#, 'open', 1, 1, 1, 1, 1);"
    "INSERT INTO settling (store_id, slug, created_ms, at_id)"
    " VALUES (#, 's', 0, 0);"
    "INSERT INTO store_status (store_id, slug, name, phase)"
    " VALUES (#, 'processing', 'P', 'todo');"
    "INSERT INTO checkpoint (store_id, collection) VALUES (#, 'orders');"
    "INSERT INTO user_store VALUES (1, #);"
    "INSERT INTO api_token_store VALUES (1, #);"
    "INSERT INTO work (id, store_id, remote_id, state, basis, begun_ms,"
    " begun_by) VALUES (#1, #, 12, 'picking', x'00', 1, 'x');"
    "INSERT INTO work_lot VALUES (#1, 7, 0, 1, 1000, 0);"
    "INSERT INTO work_line (work_id, line_id, product_id, sku, name, want_e3)"
    " VALUES (#1, 7, 34, 'S', 'n', 1);"
    "INSERT INTO scan (work_id, step, qty_e3, code, verdict, author, at_ms)"
    " VALUES (#1, 'pick', 1, 'S', 'ok', 'x', 1);"
    "INSERT INTO parcel (id, store_id, remote_id, work_id, n, state,"
    " created_ms, created_by) VALUES (#1, #, 12, #1, 1, 'open', 1, 'x');"
    "INSERT INTO parcel_line (parcel_id, line_id, qty_e3) VALUES (#1, 7, 1);"
    "INSERT INTO hold_log (store_id, remote_id, reason, note, held_ms,"
    " held_by, released_ms, released_by, release_note)"
    " VALUES (#, 12, 'fraud', '', 1, 'x', 1, 'x', '');"
    "INSERT INTO order_event (store_id, remote_id, at_ms, what, who)"
    " VALUES (#, 12, 1, 'held', 'x');"
    "INSERT INTO share (uuid, store_id, remote_id, until_ms, author,"
    " created_ms) VALUES (x'0#', #, 12, 1, 'x', 1);"
    "INSERT INTO return_ (id, store_id, remote_id, state, reason, note,"
    " created_ms, created_by, changed_ms)"
    " VALUES (#1, #, 12, 'closed', 'other', '', 1, 'x', 1);"
    "INSERT INTO return_line (return_id, line_id, product_id, sku, name,"
    " want_e3) VALUES (#1, 7, 34, 'S', 'n', 1);"
    "INSERT INTO ticket (id, store_id, subject, priority, state, author,"
    " created_ms, changed_ms) VALUES (#1, #, 's', 'low', 'open', 'x', 1, 1);"
    "INSERT INTO ticket_message (id, ticket_id, kind, author, text, at_ms)"
    " VALUES (#1, #1, 'reply', 'x', 't', 1);"
    "INSERT INTO ticket_read VALUES (#1, 'x', #1);"
    "INSERT INTO file VALUES (#1, x'00', 1, 'text/plain', 'n', 'x', 1);"
    "INSERT INTO file_link VALUES (#1, 'message', #1);"
    "INSERT INTO mail (cause, template, store_id, lang, recipient, sender,"
    " params, subject, body, message_id, state, author, created_ms,"
    " changed_ms) VALUES ('R-#1', 't', #, 'en', 'a', 's', '{}', 's', 'b', '#',"
    " 'sent', 'x', 1, 1);"
    "INSERT INTO listing (store_id, remote_id, item_id) VALUES (#, 34, 1);"
    "INSERT INTO demand VALUES (#, 34, #1, 7, 1000, 0);"
    "INSERT INTO bundle VALUES (#, 35, 0, 1, 'x', 1);"
    "INSERT INTO bundle_part VALUES (#, 35, 1, 34, 1000, 0);"
    "INSERT INTO proposal (id, store_id, kind, state, author, title, items,"
    " created_ms) VALUES (#1, #, 'price', 'pending', 'x', 't', 1, 1);"
    "INSERT INTO proposal_item (proposal_id, remote_id, path, wanted)"
    " VALUES (#1, 34, 'p', '1');"
    "INSERT INTO proposal_reserve VALUES (#, 34, #1, 1);"
    "INSERT INTO erasure (id, uuid, store_id, actor, at_ms)"
    " VALUES (#1, 'e#', #, 'x', 1);"
    "INSERT INTO erased VALUES (#, 'order', 12, #1);"
    "INSERT INTO charge (store_id, remote_id, type, amount_e4, currency, note,"
    " author, created_ms) VALUES (#, 12, 'packing', 5, 'EUR', 'n', 'x', 1);"
    "INSERT INTO movement (item_id, bin_id, qty_e3, reason, ref, note,"
    " store_id, order_id, line_id, author, at_ms)"
    " VALUES (1, 1, 1, 'pick', 'r', 'n', #, 12, 7, 'x', 1);";

static const char shared[] =
    "INSERT INTO users (id, uuid, name, title, role, all_stores, created_ms)"
    " VALUES (1, 'u', 'mia', '', 'staff', 0, 1);"
    "INSERT INTO api_token (id, uuid, user_id, name, digest, read_only, some,"
    " created_ms, until_ms) VALUES (1, 't', 1, 't', x'00', 0, 1, 1, 0);"
    "INSERT INTO item (id, tenant_id, sku, title, created_ms, on_hand_e3,"
    " reserved_e3) VALUES (1, 1, 'S', 't', 1, 2, 2000);"
    "INSERT INTO bin (id, code, created_ms) VALUES (1, 'A-1', 1);"
    "INSERT INTO balance VALUES (1, 1, 2);"
    "INSERT INTO request (actor, request_id, method, params, result, at_ms)"
    " VALUES ('x', '1', 'm', x'00', '{\"ref\":\"alpine:12\"}', 1),"
    " ('x', '2', 'm', x'00', '{\"ref\":\"baltic:12\"}', 1);";

static const uint8_t key[32] = {1}, salt[16] = {2};

static void fill_store(struct db_tx *tx, char digit) {
    AUTO_BUF struct buf sql = BUF_INIT;
    for (const char *p = rows; *p; p++)
        buf_addc(&sql, *p == '#' ? digit : *p);
    if (conn_exec(tx->conn, buf_str(&sql)) < 0)
        fail_msg("rows of store %c", digit);
}

static void fill(struct db_tx *tx) {
    static const char *const objects[] = {"alpine:12", "baltic:12", "alpine",
                                          "alpine:customer/5"};
    assert_int_equal(conn_exec(tx->conn, shared), 0);
    fill_store(tx, '1');
    fill_store(tx, '2');
    for (int i = 0; i < 4; i++)
        assert_int_equal(
            audit_add(tx, key, salt, "mia", "m", objects[i], "{\"x\":1}"), 0);
    assert_int_equal(store_remove(tx, 1), 0);
}

/* The next table's name of a list; NULL at its end. */
static const char *next_table(const char **at) {
    static char name[64];
    size_t n = strcspn(*at += strspn(*at, " "), " ");
    (void)snprintf(name, sizeof name, "%.*s", (int)n, *at);
    *at += n;
    return n ? name : NULL;
}

static void run(struct db_tx *tx, struct purge *p) {
    int slices = 0, rc;
    assert_int_equal(purge_find(tx, "alpine", p), 0);
    while ((rc = purge_slice(tx, 0, p)) > 0)
        assert_true(slices++ < 1000);
    assert_int_equal(rc, 0);
}

TX_TEST(every_table_has_its_fate) {
    char name[80], spaced[84];
    for (int i = 0;; i++) {
        char sql[300];
        name[0] = '\0';
        (void)snprintf(sql, sizeof sql,
                       "SELECT name FROM sqlite_schema WHERE type = 'table'"
                       " AND name NOT LIKE 'sqlite%%' AND name NOT LIKE"
                       " '%%_fts_%%' ORDER BY name LIMIT 1 OFFSET %d",
                       i);
        assert_true(conn_get_text(tx->conn, sql, name, sizeof name) >= 0);
        if (!name[0])
            return 0;
        (void)snprintf(spaced, sizeof spaced, " %s ", name);
        if (!strstr(gone, spaced) && !strstr(kept, spaced))
            fail_msg("%s: what becomes of it when its store is purged?", name);
    }
}

TX_TEST(half_of_every_table_is_left) {
    struct purge p;
    const char *at = gone, *table;
    int64_t before[100];
    int n = 0;
    fill(tx);
    while ((table = next_table(&at))) {
        before[n] = fx_sql(tx, "SELECT count(*) FROM %s", table);
        if (before[n] == 0 || before[n] % 2)
            fail_msg("%s has no row of each store", table);
        n++;
    }
    run(tx, &p);
    assert_int_equal(p.total, 4);
    assert_int_equal(p.done, 4);
    at = gone;
    for (int i = 0; (table = next_table(&at)); i++) {
        int64_t left = fx_sql(tx, "SELECT count(*) FROM %s", table);
        if (left != before[i] / 2)
            fail_msg("%s has %d rows, not %d", table, (int)left,
                     (int)before[i] / 2);
    }
    assert_int_equal(fx_sql(tx, "SELECT count(*) FROM orders"
                                " WHERE store_id = 2"),
                     1);
    assert_int_equal(fx_sql(tx, "SELECT n FROM order_count"), 1);
    return 0;
}

TX_TEST(what_is_the_houses_stays) {
    struct error e = {0};
    struct purge p;
    fill(tx);
    run(tx, &p);
    /* pieces, without whose order they were of */
    assert_string_equal(
        fx_text(tx, "SELECT group_concat(store_id || ref || note || qty_e3)"
                    " FROM movement"),
        "01,2rn1");
    assert_int_equal(fx_sql(tx, "SELECT qty_e3 FROM balance"), 2);
    assert_int_equal(fx_sql(tx, "SELECT reserved_e3 FROM item"), 1000);
    assert_string_equal(fx_text(tx, "SELECT group_concat(amount_e4 || note)"
                                    " FROM charge"),
                        "5,5n");
    assert_int_equal(fx_sql(tx, "SELECT count(*) FROM erasure"), 2);
    assert_string_equal(fx_text(tx, "SELECT group_concat(result) FROM request"),
                        ",{\"ref\":\"baltic:12\"}");
    /* the trail: rows all, details of the other's and of the store itself */
    assert_int_equal(fx_sql(tx, "SELECT count(*) FROM audit"), 4);
    assert_string_equal(
        fx_text(tx, "SELECT group_concat(object) FROM (SELECT object FROM audit"
                    " JOIN audit_payload USING (id) ORDER BY id)"),
        "baltic:12,alpine");
    assert_int_equal(audit_verify(tx, key, &e), 0);
    return 0;
}

TX_TEST(its_name_is_free_and_its_number_is_not) {
    static const uint8_t random[10] = {3};
    struct purge p;
    struct error e = {0};
    struct store s = {.name = "alpine", .url = "https://c"};
    fill(tx);
    assert_int_equal(store_create(tx, random, &s, &e), ERR_EXISTS);
    run(tx, &p);
    assert_int_equal(purge_find(tx, "alpine", &p), ERR_NOT_FOUND);
    assert_int_equal(store_create(tx, random, &s, &e), 0);
    assert_int_equal(s.id, 3);
    return 0;
}

TX_TEST(only_what_was_removed) {
    struct purge p;
    assert_int_equal(purge_find(tx, "alpine", &p), ERR_CONFLICT);
    assert_int_equal(purge_find(tx, "nobody", &p), ERR_NOT_FOUND);
    return 0;
}

/* Cut off after any slice, it is begun again and comes to the same end; what a
 * late answer of the shop puts behind it is found. */
TX_TEST(it_begins_again_where_it_was_cut_off) {
    struct purge p;
    int times = 0;
    fill(tx);
    for (int rc = 1; rc > 0; times++) {
        assert_int_equal(purge_find(tx, "alpine", &p), 0);
        for (int i = 0; rc > 0 && i <= times; i++)
            rc = purge_slice(tx, 0, &p);
        assert_true(rc >= 0);
    }
    assert_true(times > 3);
    assert_int_equal(fx_sql(tx, "SELECT count(*) FROM orders"), 1);
    assert_int_equal(purge_find(tx, "alpine", &p), ERR_NOT_FOUND);
    return 0;
}

TX_TEST(what_comes_late_goes_too) {
    struct purge p;
    fill(tx);
    assert_int_equal(purge_find(tx, "alpine", &p), 0);
    while (p.step < 9)
        assert_int_equal(purge_slice(tx, 0, &p), 1);
    assert_int_equal(conn_exec(tx->conn,
                               "INSERT INTO refund (store_id, remote_id,"
                               " order_remote_id, created_ms, total_e4, reason,"
                               " read_seq, raw_hash, hash)"
                               " VALUES (1, 77, 12, 1, 1, '', 1, x'', x'')"),
                     0);
    while (purge_slice(tx, 0, &p) > 0)
        continue;
    assert_int_equal(fx_sql(tx, "SELECT count(*) FROM refund"
                                " WHERE store_id = 1"),
                     0);
    return 0;
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_table_has_its_fate),
        cmocka_unit_test(half_of_every_table_is_left),
        cmocka_unit_test(what_is_the_houses_stays),
        cmocka_unit_test(its_name_is_free_and_its_number_is_not),
        cmocka_unit_test(only_what_was_removed),
        cmocka_unit_test(it_begins_again_where_it_was_cut_off),
        cmocka_unit_test(what_comes_late_goes_too),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
