/* A store that goes to another company: who saw it sees it no more when the
 * call is answered, what was between them and the house stays with them, and it
 * does not go while something of it would be left behind. */
#include "fixture.h"

#include <sqlite3.h>
#include <stdio.h>
#include <string.h>

#include "common/str.h"
#include "db/conn.h"

enum { ZOE = 54801, OLAF, AYSE };

#define MOVE                                                                   \
    "{\"store\":\"alpine\",\"tenant\":\"other\",\"confirm\":\"alpine\"}"

static int sql(struct db_tx *tx, void *arg) {
    return conn_exec(tx->conn, arg);
}

/* An order, a pile of five that alpine alone sells, an empty one baltic sells
 * too, and what zoe of the company before has going on. */
static char rows[] =
    "INSERT INTO tenant (id, name, title, created_ms) VALUES (2, 'other', '', "
    "0);"
    "INSERT INTO orders (id, store_id, remote_id, number, status, currency, "
    "total_e4, created_ms, modified_ms, contact_id, name, email, lines, "
    "items_e3, flags, read_seq, raw_hash, hash) VALUES (1, 1, 12, 'N12', "
    "'processing', 'TRY', 10000, 1, 1, 0, 'Ada', 'ada@example.test', 0, 0, 0, "
    "1, x'', x'');"
    "INSERT INTO item (id, tenant_id, sku, title, created_ms, on_hand_e3) "
    "VALUES (1, 1, 'AO-1', '', 0, 5000), (2, 1, 'AO-2', '', 0, 0),"
    " (3, 2, 'OO-1', '', 0, 1000);"
    "INSERT INTO listing (store_id, remote_id, item_id) VALUES (1, 34, 1),"
    " (1, 35, 2), (2, 35, 2);"
    "INSERT INTO proposal (store_id, kind, state, author, title, items, "
    "created_ms) VALUES (1, 'price', 'pending', 'zoe', 'Tent', 1, 0),"
    " (1, 'price', 'pending', 'ayse', 'Rope', 1, 0),"
    " (2, 'price', 'pending', 'zoe', 'Stays', 1, 0);"
    "INSERT INTO share (uuid, store_id, remote_id, until_ms, author, "
    "created_ms) VALUES (x'01', 1, 12, 9000000000000, 'zoe', 0),"
    " (x'02', 1, 12, 9000000000000, 'ayse', 0);";

static int setup(void **state) {
    int rc = fx_setup(state);
    fx_job(*state, sql, rows);
    fx_person(*state, "zoe", "owner", ZOE, 1);
    fx_person(*state, "olaf", "owner", OLAF, 2);
    fx_person(*state, "ayse", "staff", AYSE, 0);
    return rc;
}

struct asked {
    const char *query;
    int64_t n;
};

static int ask_job(struct db_tx *tx, void *arg) {
    struct asked *q = arg;
    sqlite3_stmt *st;
    assert_int_equal(sqlite3_prepare_v2(tx->conn->sq, q->query, -1, &st, NULL),
                     SQLITE_OK);
    assert_int_equal(sqlite3_step(st), SQLITE_ROW);
    q->n = sqlite3_column_int64(st, 0);
    (void)sqlite3_finalize(st);
    return 0;
}

static int64_t number(struct fx *f, const char *query) {
    struct asked q = {.query = query};
    fx_job(f, ask_job, &q);
    return q.n;
}

static size_t orders_of(struct fx_client *c) {
    return json_count(json_get(fx_ok(c, "orders.list", "{}"), "items"));
}

static void who_saw_it_sees_it_no_more(void **state) {
    struct fx_client root, zoe, olaf;
    fx_connect(*state, &root, FX_SESSION);
    fx_connect_as(*state, &zoe, ZOE);
    fx_connect_as(*state, &olaf, OLAF);
    (void)fx_ok(&zoe, "events.subscribe", "{}");
    assert_int_equal(orders_of(&zoe), 1);
    assert_int_equal(orders_of(&olaf), 0);
    (void)fx_ok(&root, "stores.move", MOVE);
    /* nothing in between: the answer came after it was so */
    assert_string_equal(
        fx_code(fx_ask(&zoe, "orders.get", "{\"ref\":\"alpine:12\"}")),
        "not_found");
    assert_int_equal(orders_of(&zoe), 0);
    assert_int_equal(orders_of(&olaf), 1);
    fx_events(*state, "order", 1, 3);
    for (const struct json *e; (e = fx_read(&zoe));)
        assert_string_not_equal(fx_text(e, "params.store"), "alpine");
    fx_close(&root);
    fx_close(&zoe);
    fx_close(&olaf);
}

static void what_was_between_them_stays_theirs(void **state) {
    struct fx_client root, zoe, olaf, ayse;
    fx_connect(*state, &root, FX_SESSION);
    fx_connect_as(*state, &zoe, ZOE);
    fx_connect_as(*state, &olaf, OLAF);
    fx_connect_as(*state, &ayse, AYSE);
    (void)fx_ok(
        &root, "orders.charge",
        "{\"ref\":\"alpine:12\",\"type\":\"packing\",\"amount\":\"2\"}");
    (void)fx_ok(
        &zoe, "tickets.create",
        "{\"store\":\"alpine\",\"subject\":\"Torn\",\"text\":\"kanarya\"}");
    const struct json *r = fx_ok(&root, "stores.move", MOVE);
    assert_string_equal(fx_text(r, "was"), "main");
    assert_string_equal(fx_text(r, "tenant"), "other");
    assert_int_equal(fx_number(r, "approvals"), 1);
    assert_int_equal(fx_number(r, "tickets"), 1);
    assert_int_equal(fx_number(r, "links"), 1);
    r = json_first(json_get(
        fx_ok(&root, "orders.charges", "{\"ref\":\"alpine:12\"}"), "items"));
    assert_string_equal(fx_text(r, "tenant"), "main");
    r = fx_ok(&root, "orders.charge",
              "{\"ref\":\"alpine:12\",\"type\":\"other\",\"amount\":\"1\"}");
    assert_string_equal(fx_text(r, "tenant"), "other");
    /* the new owner meets no word of it, the house all */
    assert_string_equal(
        fx_code(fx_ask(&olaf, "tickets.get", "{\"id\":\"T-1\"}")), "not_found");
    assert_int_equal(
        json_count(json_get(fx_ok(&olaf, "tickets.list", "{}"), "items")), 0);
    assert_int_equal(fx_number(fx_ok(&olaf, "tickets.counts", "{}"), "closed"),
                     0);
    r = fx_ok(&root, "tickets.get", "{\"id\":\"T-1\"}");
    assert_string_equal(fx_text(r, "state"), "closed");
    /* refused with its reason; who works here keeps theirs */
    r = fx_ok(&root, "approvals.get", "{\"id\":\"A-1\"}");
    assert_string_equal(fx_text(r, "state"), "rejected");
    assert_non_null(strstr(fx_text(r, "note"), "another company"));
    assert_string_equal(
        fx_text(fx_ok(&root, "approvals.get", "{\"id\":\"A-2\"}"), "state"),
        "pending");
    assert_string_equal(
        fx_text(fx_ok(&root, "approvals.get", "{\"id\":\"A-3\"}"), "state"),
        "pending");
    fx_close(&root);
    fx_close(&zoe);
    fx_close(&olaf);
    fx_close(&ayse);
}

/* A pile goes; an empty one that others sell too is let go of. */
static void pieces_go_with_it(void **state) {
    struct fx_client root;
    fx_connect(*state, &root, FX_SESSION);
    (void)fx_ok(&root, "stores.move", MOVE);
    assert_int_equal(number(*state, "SELECT tenant_id FROM item WHERE id = 1"),
                     2);
    assert_int_equal(number(*state, "SELECT tenant_id FROM item WHERE id = 2"),
                     1);
    assert_int_equal(number(*state, "SELECT count(*) FROM listing "
                                    "WHERE store_id = 1"),
                     1);
    assert_int_equal(number(*state, "SELECT count(*) FROM share "
                                    "WHERE revoked_ms > 0"),
                     1);
    fx_close(&root);
}

static void nothing_is_left_behind(void **state) {
    static struct {
        const char *before, *word;
    } cases[] = {
        {"UPDATE item SET on_hand_e3 = 1000 WHERE id = 2", "AO-2"},
        {"UPDATE item SET on_hand_e3 = 0 WHERE id = 2;"
         "UPDATE item SET sku = 'AO-1' WHERE id = 3",
         "AO-1"},
        {"UPDATE item SET sku = 'OO-1' WHERE id = 3;"
         "INSERT INTO inbound (id, tenant_id, reference, state, shop, "
         "created_ms, created_by) VALUES (7, 1, 'PO 3', 'open', 0, 0, 'x');"
         "INSERT INTO inbound_line (inbound_id, item_id, expected_e3) VALUES "
         "(7, 1, 1000)",
         "I-7"},
        {"UPDATE inbound SET state = 'closed';"
         "UPDATE proposal SET state = 'loading' WHERE id = 1",
         "file"},
    };
    struct fx_client root;
    fx_connect(*state, &root, FX_SESSION);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        fx_job(*state, sql, (void *)(uintptr_t)cases[i].before);
        const struct json *a = fx_ask(&root, "stores.move", MOVE);
        assert_string_equal(fx_code(a), "conflict");
        if (!strstr(fx_text(a, "error.message"), cases[i].word))
            fail_msg("%s: %s", cases[i].word, fx_text(a, "error.message"));
        assert_int_equal(number(*state, "SELECT tenant_id FROM store "
                                        "WHERE id = 1"),
                         1);
    }
    fx_close(&root);
}

static void it_is_asked_for_by_name(void **state) {
    static const struct {
        const char *params, *code;
    } cases[] = {
        {"{\"store\":\"alpine\",\"tenant\":\"other\",\"confirm\":\"other\"}",
         "invalid"},
        {"{\"store\":\"nosuch\",\"tenant\":\"other\",\"confirm\":\"nosuch\"}",
         "not_found"},
        {"{\"store\":\"alpine\",\"tenant\":\"nosuch\",\"confirm\":\"alpine\"}",
         "not_found"},
        {"{\"store\":\"alpine\",\"tenant\":\"main\",\"confirm\":\"alpine\"}",
         "invalid"},
    };
    struct fx_client root, zoe;
    fx_connect(*state, &root, FX_SESSION);
    fx_connect_as(*state, &zoe, ZOE);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_string_equal(
            fx_code(fx_ask(&root, "stores.move", cases[i].params)),
            cases[i].code);
    assert_string_equal(fx_code(fx_ask(&zoe, "stores.move", MOVE)), "denied");
    (void)fx_ok(&root, "stores.move", MOVE);
    const struct json *row = json_first(json_get(
        fx_ok(&root, "audit.list", "{\"filter\":\"action:stores.move\"}"),
        "items"));
    assert_string_equal(fx_text(row, "object"), "alpine");
    assert_int_equal(number(*state, "SELECT count(*) FROM audit_payload WHERE "
                                    "payload LIKE '%\"was\":\"main\"%'"),
                     1);
    fx_close(&root);
    fx_close(&zoe);
}

#define CASE(f) cmocka_unit_test_setup_teardown(f, setup, fx_teardown)

int main(void) {
    const struct CMUnitTest tests[] = {
        CASE(who_saw_it_sees_it_no_more),
        CASE(what_was_between_them_stays_theirs),
        CASE(pieces_go_with_it),
        CASE(nothing_is_left_behind),
        CASE(it_is_asked_for_by_name),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
