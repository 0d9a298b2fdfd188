/* Stock that does not add up, over the protocol: the sum, its pages, what
 * health and the dashboard say, and agreeing anew. */
#include "fixture.h"

#include <stdio.h>
#include <string.h>

#include "db/conn.h"

/* A listing with nine pieces where ten, two less by us and one sold, are
 * seven. */
#define DRIFTED(id, store, remote, sku, name)                                  \
    "INSERT INTO product (id, store_id, remote_id, parent_id, type, status, "  \
    "gone, sku, name, sort_name, manage, stock_e3, stock_status, low, "        \
    "created_ms, modified_ms, read_seq, raw_hash, hash) VALUES (" #id          \
    ", " #store ", " #remote ", 0, 'simple', 'publish', 0, '" sku "', '" name  \
    "', '" name "', 1, 9000, 'instock', 0, 0, 0, 0, x'', x'');"                \
    "INSERT INTO line (order_id, line_id, store_id, product_id, "              \
    "variation_id, sku, qty_e3, total_e4, reduced_e3) VALUES (" #id            \
    ", 1, " #store ", " #remote ", 0, '', 1000, 0, 4000);"                     \
    "INSERT INTO ledger (store_id, remote_id, agreed_e3, agreed_ms, sent_e3, " \
    "taken_e3, drift_e3, drift_ms) VALUES (" #store ", " #remote               \
    ", 10000, 1000, -2000, 3000, 2000, 2000);"

static int sql(struct db_tx *tx, void *arg) {
    return conn_exec(tx->conn, arg);
}

static int setup(void **state) {
    static char rows[] = DRIFTED(1, 1, 34, "T-1", "Tent")
        DRIFTED(2, 1, 35, "S-1", "Stove") DRIFTED(3, 2, 34, "L-1", "Lamp");
    int rc = fx_setup(state);
    fx_job(*state, sql, rows);
    return rc;
}

static const struct json *first(const struct json *list) {
    return json_first(json_get(list, "items"));
}

static size_t drifts(struct fx_client *c, const char *params) {
    return json_count(json_get(fx_ok(c, "inventory.drift", params), "items"));
}

static void a_drift_is_told_with_its_sum(void **state) {
    struct fx_client c;
    fx_connect(*state, &c, FX_SESSION);
    const struct json *d = first(fx_ok(&c, "inventory.drift", "{}"));
    assert_string_equal(fx_text(d, "ref"), "alpine:34");
    assert_string_equal(fx_text(d, "sku"), "T-1");
    assert_string_equal(fx_text(d, "name"), "Tent");
    assert_string_equal(fx_text(d, "agreed"), "10");
    assert_string_equal(fx_text(d, "sent"), "-2");
    assert_string_equal(fx_text(d, "taken"), "1");
    assert_string_equal(fx_text(d, "expected"), "7");
    assert_string_equal(fx_text(d, "shop"), "9");
    assert_string_equal(fx_text(d, "drift"), "2");
    assert_string_equal(fx_text(d, "since"), "1970-01-01T00:00:02Z");
    assert_int_equal(drifts(&c, "{\"filter\":\"store:alpine\"}"), 2);
    assert_int_equal(drifts(&c, "{\"filter\":\"stove\"}"), 1);
    assert_int_equal(drifts(&c, "{\"filter\":\"what:drift\"}"), 3);
    assert_int_equal(drifts(&c, "{\"filter\":\"what:decode\"}"), 0);
    assert_int_equal(drifts(&c, "{\"filter\":\"collection:orders\"}"), 0);
    fx_close(&c);
}

static void drifts_are_paged(void **state) {
    static const char *const refs[] = {"alpine:34", "alpine:35", "baltic:34"};
    struct fx_client c;
    char params[1200] = "{\"limit\":1}";
    fx_connect(*state, &c, FX_SESSION);
    for (size_t i = 0; i < 3; i++) {
        const struct json *l = fx_ok(&c, "inventory.drift", params);
        assert_string_equal(fx_text(first(l), "ref"), refs[i]);
        assert_int_equal(json_count(json_get(l, "items")), 1);
        assert_int_equal(fx_text(l, "next")[0] != '\0', i < 2);
        (void)snprintf(params, sizeof params,
                       "{\"limit\":1,\"after\":\"%.1000s\"}",
                       fx_text(l, "next"));
    }
    fx_close(&c);
}

/* A product that is gone, or is not counted any more, is nobody's trouble. */
static void what_the_shop_does_not_count_is_no_drift(void **state) {
    static char gone[] = "UPDATE product SET gone = 1 WHERE id = 1;"
                         "UPDATE product SET stock_e3 = NULL WHERE id = 2";
    struct fx_client c;
    fx_connect(*state, &c, FX_SESSION);
    fx_job(*state, sql, gone);
    assert_int_equal(drifts(&c, "{}"), 1);
    assert_int_equal(
        fx_number(fx_ok(&c, "dashboard.get", "{}"), "waiting.drift"), 1);
    fx_close(&c);
}

/* health.get's check of that name; NULL: there is none. */
static const struct json *check(struct fx_client *c, const char *name) {
    const struct json *h = fx_ok(c, "health.get", "{}");
    const struct json *k = json_first(json_get(h, "checks"));
    while (k && strcmp(fx_text(k, "name"), name) != 0)
        k = json_next(k);
    return k;
}

static void agreeing_takes_the_shops_number(void **state) {
    struct fx_client c;
    fx_connect(*state, &c, FX_SESSION);
    assert_string_equal(fx_text(check(&c, "stock"), "state"), "warn");
    assert_string_equal(fx_text(check(&c, "stock"), "detail"),
                        "The stock of 3 listings does not add up.");
    const struct json *r =
        fx_ok(&c, "inventory.agree", "{\"ref\":\"alpine:34\"}");
    assert_string_equal(fx_text(r, "ref"), "alpine:34");
    assert_string_equal(fx_text(r, "agreed"), "9");
    (void)fx_ok(&c, "inventory.agree", "{\"ref\":\"alpine:35\"}");
    assert_int_equal(
        fx_number(fx_ok(&c, "dashboard.get", "{}"), "waiting.drift"), 1);
    (void)fx_ok(&c, "inventory.agree", "{\"ref\":\"baltic:34\"}");
    assert_int_equal(drifts(&c, "{}"), 0);
    assert_null(check(&c, "stock"));
    fx_close(&c);
}

static void an_open_change_or_no_ledger_is_refused(void **state) {
    static char open[] =
        "INSERT INTO change (uuid, store_id, kind, remote_id, act, state, "
        "author, created_ms, changed_ms) VALUES ('u', 1, 'product', 34, "
        "'stock', 'queued', 'a', 0, 0)";
    struct fx_client c;
    fx_connect(*state, &c, FX_SESSION);
    fx_job(*state, sql, open);
    assert_string_equal(
        fx_code(fx_ask(&c, "inventory.agree", "{\"ref\":\"alpine:34\"}")),
        "conflict");
    assert_string_equal(
        fx_code(fx_ask(&c, "inventory.agree", "{\"ref\":\"alpine:99\"}")),
        "not_found");
    assert_int_equal(drifts(&c, "{}"), 3);
    fx_close(&c);
}

#define CASE(f) cmocka_unit_test_setup_teardown(f, setup, fx_teardown)

int main(void) {
    const struct CMUnitTest tests[] = {
        CASE(a_drift_is_told_with_its_sum),
        CASE(drifts_are_paged),
        CASE(what_the_shop_does_not_count_is_no_drift),
        CASE(agreeing_takes_the_shops_number),
        CASE(an_open_change_or_no_ledger_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
