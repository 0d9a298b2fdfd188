#include "fixture.h"

#include "common/arena.h"
#include "common/query.h"
#include "common/str.h"
#include "model/audit_list.h"
#include "model/feed.h"

static size_t since(struct db_tx *tx, int64_t from, struct feed_event *ret,
                    bool *lost) {
    static struct arena *a;
    size_t n = 99;
    if (!a)
        a = arena_new(0);
    assert_int_equal(feed_since(tx, from, a, ret, 3, &n, lost), 0);
    return n;
}

TX_TEST(events_come_in_order) {
    struct feed_event e[3];
    bool lost = true;
    int64_t last = 99;
    assert_int_equal(feed_last(tx, &last), 0);
    assert_int_equal(last, 0);
    assert_int_equal(since(tx, 0, e, &lost), 0);
    assert_false(lost);
    for (int i = 1; i <= 5; i++)
        assert_int_equal(feed_add(tx, "order", 1, i, i == 2 ? "{}" : ""), 0);
    assert_int_equal(since(tx, 0, e, &lost), 3);
    assert_false(lost);
    assert_int_equal(e[1].remote_id, 2);
    assert_string_equal(e[1].data, "{}");
    assert_string_equal(e[1].topic, "order");
    assert_int_equal(e[1].at_ms, FX_NOW);
    assert_int_equal(since(tx, 3, e, &lost), 2);
    assert_int_equal(e[0].seq, 4);
    assert_int_equal(feed_last(tx, &last), 0);
    assert_int_equal(last, 5);
    return 0;
}

TX_TEST(trimmed_events_are_lost) {
    struct feed_event e[3];
    bool lost;
    for (int i = 0; i < 5; i++)
        assert_int_equal(feed_add(tx, "order", 1, i, ""), 0);
    assert_int_equal(feed_trim(tx, 2), 0);
    assert_int_equal(fx_sql(tx, "SELECT count(*) FROM feed"), 2);
    since(tx, 2, e, &lost);
    assert_true(lost);
    assert_int_equal(since(tx, 3, e, &lost), 2);
    assert_false(lost);
    assert_int_equal(feed_trim(tx, 0), 0);
    since(tx, 4, e, &lost);
    assert_true(lost);
    assert_int_equal(since(tx, 5, e, &lost), 0);
    assert_false(lost);
    /* a client of a newer copy of this file */
    since(tx, 6, e, &lost);
    assert_true(lost);
    assert_int_equal(feed_add(tx, "order", 1, 9, ""), 0);
    assert_int_equal(since(tx, 5, e, &lost), 1);
    assert_int_equal(e[0].seq, 6);
    return 0;
}

static const uint8_t key[32] = "0123456789abcdef0123456789abcde";

static void make_trail(struct db_tx *tx) {
    const uint8_t salt[16] = "salt";
    for (int i = 0; i < 4; i++)
        assert_int_equal(audit_add(tx, key, salt, "mia", "stores.create",
                                   "alpine", "{\"n\":1}"),
                         0);
}

TX_TEST(audit_chain_holds) {
    struct error e = {0};
    assert_int_equal(audit_verify(tx, key, &e), 0);
    make_trail(tx);
    assert_int_equal(audit_verify(tx, key, &e), 0);
    assert_int_equal(fx_sql(tx, "SELECT count(DISTINCT mac) FROM audit"), 4);
    const uint8_t other[32] = "another key";
    assert_int_equal(audit_verify(tx, other, &e), ERR_DB_CORRUPT);
    assert_string_equal(e.where, "1");
    /* erasing a person's data does not break it */
    assert_int_equal(
        conn_exec(tx->conn, "DELETE FROM audit_payload WHERE id = 2"), 0);
    assert_int_equal(audit_verify(tx, key, &e), 0);
    return 0;
}

TX_TEST(audit_sees_every_change) {
    static const char *const attacks[] = {
        "UPDATE audit SET at_ms = at_ms + 1 WHERE id = 3",
        "UPDATE audit SET actor = 'eve' WHERE id = 3",
        "UPDATE audit SET actor='miastores', action='.create' WHERE id = 3",
        "UPDATE audit SET action = 'x' WHERE id = 3",
        "UPDATE audit SET object = '' WHERE id = 3",
        "UPDATE audit SET digest = zeroblob(32) WHERE id = 3",
        "UPDATE audit SET mac = zeroblob(32) WHERE id = 3",
        "UPDATE audit SET mac = x'00' WHERE id = 3",
        "DELETE FROM audit WHERE id = 3",
        "DELETE FROM audit WHERE id = 1",
        "UPDATE audit_payload SET payload = '{}' WHERE id = 3",
        "UPDATE audit_payload SET salt = zeroblob(16) WHERE id = 3",
        "UPDATE audit_payload SET salt = x'' WHERE id = 3",
        "UPDATE audit SET id = 9 WHERE id = 4",
    };
    make_trail(tx);
    for (size_t i = 0; i < sizeof attacks / sizeof attacks[0]; i++) {
        struct error e = {0};
        assert_int_equal(conn_exec(tx->conn, "SAVEPOINT attack"), 0);
        assert_int_equal(conn_exec(tx->conn, attacks[i]), 0);
        if (audit_verify(tx, key, &e) != ERR_DB_CORRUPT)
            fail_msg("not seen: %s", attacks[i]);
        conn_reset(tx->conn);
        assert_int_equal(
            conn_exec(tx->conn, "ROLLBACK TO attack; RELEASE attack"), 0);
        assert_int_equal(audit_verify(tx, key, &e), 0);
    }
    return 0;
}

TX_TEST(requests_are_repeated) {
    const uint8_t params[32] = "a", others[32] = "b";
    struct arena *a = arena_new(0);
    const char *result = NULL;
    assert_int_equal(
        request_find(tx, "mia", "r1", "stores.create", params, a, &result), 0);
    assert_int_equal(
        request_store(tx, "mia", "r1", "stores.create", params, "{\"id\":1}"),
        0);
    assert_int_equal(
        request_find(tx, "mia", "r1", "stores.create", params, a, &result), 1);
    assert_string_equal(result, "{\"id\":1}");
    assert_int_equal(
        request_find(tx, "mia", "r1", "stores.create", others, a, &result),
        ERR_REPEAT);
    assert_int_equal(
        request_find(tx, "mia", "r1", "stores.remove", params, a, &result),
        ERR_REPEAT);
    assert_int_equal(
        request_find(tx, "bo", "r1", "stores.create", params, a, &result), 0);
    assert_int_equal(
        request_store(tx, "mia", "r1", "stores.create", params, ""),
        ERR_EXISTS);
    arena_free(a);
    return 0;
}

/* Every row takes a minute: whoever is held up finds some all the same. */
static int slow_row(const struct audit_item *a, void *arg) {
    int *n = arg;
    (void)a;
    (*n)++;
    fx_clock += 60000;
    return 0;
}

TX_TEST(a_list_that_is_held_up_goes_on) {
    enum { ROWS = 200, SOME = 50 };
    static const struct query all;
    static const uint8_t salt[16];
    int64_t last = INT64_MAX;
    int n = 0, pages = 0;
    bool end = false;
    for (int i = 0; i < ROWS; i++)
        assert_int_equal(audit_add(tx, key, salt, "mia", "a.b", "", "{}"), 0);
    while (!end) {
        int before = n;
        assert_int_equal(
            audit_each(tx, last, &all, NULL, 100, slow_row, &n, &last, &end),
            0);
        assert_true(end || n >= before + SOME);
        pages++;
    }
    assert_int_equal(n, ROWS);
    assert_true(pages > 1);
    return 0;
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(events_come_in_order),
        cmocka_unit_test(trimmed_events_are_lost),
        cmocka_unit_test(audit_chain_holds),
        cmocka_unit_test(audit_sees_every_change),
        cmocka_unit_test(requests_are_repeated),
        cmocka_unit_test(a_list_that_is_held_up_goes_on),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
