/* What an act on several orders would do, before it is done. */
#include "fixture.h"

#include <stdio.h>
#include <string.h>

#include "common/buf.h"
#include "common/str.h"
#include "db/conn.h"
#include "model/kept.h"
#include "model/order.h"
#include "shop/page.h"

enum { STAFF = 54501 };

static struct kept *kept;

static int put(struct db_tx *tx, int64_t store, int64_t id,
               const char *status) {
    AUTO_BUF struct buf json = BUF_INIT;
    struct page_options po = {.kind = MIRROR_ORDER, .kept = kept_current()};
    struct mirror_read read = {.store_id = store, .sent_seq = 1};
    struct mirror_stats st = {0};
    struct error e = {0};
    struct page *p;
    buf_addf(&json,
             "{\"id\":%lld,\"number\":\"%lld\",\"status\":\"%s\","
             "\"currency\":\"TRY\",\"total\":\"10.00\",\"customer_id\":0,"
             "\"date_created_gmt\":\"2023-11-01T10:00:00\","
             "\"billing\":{\"first_name\":\"Ada\",\"email\":\"a@x.test\"},"
             "\"line_items\":[{\"id\":7,\"product_id\":34,"
             "\"variation_id\":0,\"quantity\":1,\"total\":\"10.00\","
             "\"sku\":\"S\",\"name\":\"Tent\"}],\"refunds\":[]}",
             (long long)id, (long long)id, status);
    assert_int_equal(page_prepare(&po, json.data, json.len, &p, &e), 0);
    int rc = order_apply(tx, &read, p->orders, p->n, &st);
    page_free(p);
    return rc;
}

static int plant(struct db_tx *tx, void *unused) {
    (void)unused;
    int rc = conn_exec(
        tx->conn,
        "UPDATE store SET can_write = 1;"
        "INSERT INTO store_status (store_id, slug, name, phase) SELECT s.id,"
        " v.column1, v.column1, v.column2 FROM store s JOIN (VALUES"
        " ('processing', 'todo'), ('completed', 'done')) v;"
        "INSERT INTO store_status (store_id, slug, name, phase)"
        " VALUES (1, 'parked', 'Parked', 'held');");
    if (rc >= 0)
        rc = put(tx, 1, 12, "processing");
    if (rc >= 0)
        rc = put(tx, 1, 13, "completed");
    if (rc >= 0)
        rc = put(tx, 2, 12, "processing");
    if (rc >= 0)
        rc = put(tx, 1, 14, "trash");
    return rc;
}

static int setup(void **state) {
    int rc = fx_setup(state);
    struct fx *f = *state;
    struct fx_client root;
    kept = kept_new();
    kept_use(kept);
    fx_job(f, plant, NULL);
    fx_connect_as(f, &root, 0);
    (void)fx_ok(&root, "orders.hold",
                "{\"ref\":\"baltic:12\",\"reason\":\"address\"}");
    (void)fx_ok(&root, "orders.tag",
                "{\"ref\":\"alpine:12\",\"add\":[\"gift\"]}");
    fx_close(&root);
    fx_person(f, "dana", "staff", STAFF, 0);
    return rc;
}

static int teardown(void **state) {
    int rc = fx_teardown(state);
    kept_use(NULL);
    kept_free(kept);
    return rc;
}

#define ALL                                                                    \
    "\"orders\":[\"alpine:12\",\"alpine:13\",\"baltic:12\",\"alpine:14\","     \
    "\"alpine:99\"]"

/* States of the rows, by blanks. */
static const char *states(struct fx_client *c, const char *act,
                          const char *value) {
    static char out[200];
    AUTO_BUF struct buf params = BUF_INIT;
    out[0] = '\0';
    buf_addf(&params, "{\"act\":\"%s\",\"value\":\"%s\"," ALL "}", act, value);
    const struct json *r = fx_ok(c, "orders.preview", buf_str(&params));
    for (const struct json *v = json_first(json_get(r, "rows")); v;
         v = json_next(v)) {
        bool refused = str_eq(fx_text(v, "state"), "refused");
        assert_int_equal(refused, *fx_text(v, "text") != '\0');
        (void)str_format(out + strlen(out), sizeof out - strlen(out), "%s%s",
                         *out ? " " : "", fx_text(v, "state"));
    }
    return out;
}

static void each_act_is_judged_as_it_would_be(void **state) {
    struct fx_client c;
    fx_connect_as(*state, &c, STAFF);
    assert_string_equal(states(&c, "status", "completed"),
                        "ready unchanged ready refused refused");
    /* a status of one shop alone */
    assert_string_equal(states(&c, "status", "parked"),
                        "ready ready refused refused refused");
    assert_string_equal(states(&c, "trash", ""),
                        "ready ready ready refused refused");
    assert_string_equal(states(&c, "hold", "address"),
                        "ready ready unchanged ready refused");
    assert_string_equal(states(&c, "release", ""),
                        "unchanged unchanged ready unchanged refused");
    assert_string_equal(states(&c, "tag", "gift"),
                        "unchanged ready ready ready refused");
    assert_string_equal(states(&c, "untag", "gift"),
                        "ready unchanged unchanged unchanged refused");
    /* completed, held, in the trash, not there */
    assert_string_equal(states(&c, "pick", ""),
                        "ready refused refused refused refused");
    fx_close(&c);
}

static void what_it_says_the_act_does(void **state) {
    struct fx_client c;
    fx_connect_as(*state, &c, STAFF);
    assert_non_null(strstr(states(&c, "status", "completed"), "ready"));
    /* nothing was done by looking */
    assert_int_equal(fx_number(fx_ok(&c, "changes.count", NULL), "queued"), 0);
    (void)fx_ok(&c, "orders.update",
                "{\"ref\":\"alpine:12\",\"status\":\"completed\"}");
    assert_string_equal(
        fx_code(fx_ask(&c, "orders.update",
                       "{\"ref\":\"alpine:14\",\"status\":\"completed\"}")),
        "conflict");
    fx_close(&c);
}

static void it_is_counted(void **state) {
    struct fx_client c;
    fx_connect_as(*state, &c, STAFF);
    const struct json *r =
        fx_ok(&c, "orders.preview",
              "{\"act\":\"status\",\"value\":\"completed\"," ALL "}");
    assert_int_equal(fx_number(r, "orders"), 5);
    assert_int_equal(fx_number(r, "stores"), 2);
    assert_int_equal(fx_number(r, "held"), 1);
    assert_int_equal(fx_number(r, "unchanged"), 1);
    assert_int_equal(fx_number(r, "refused"), 2);
    r = fx_ok(&c, "orders.preview",
              "{\"act\":\"release\",\"filter\":\"hold:address\"}");
    assert_int_equal(fx_number(r, "orders"), 1);
    assert_string_equal(fx_text(json_first(json_get(r, "rows")), "ref"),
                        "baltic:12");
    fx_close(&c);
}

static void what_is_wrong_with_the_act_is_wrong_for_all(void **state) {
    static const char *const bad[] = {
        "{\"act\":\"release\"}",
        "{\"act\":\"status\"," ALL "}",
        "{\"act\":\"hold\",\"value\":\"mood\"," ALL "}",
        "{\"act\":\"tag\",\"value\":\"a b\"," ALL "}",
        "{\"act\":\"release\",\"orders\":[\"what\"]}",
        "{\"act\":\"release\",\"filter\":\"colour:red\"}"};
    struct fx_client c;
    fx_connect_as(*state, &c, STAFF);
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_string_equal(fx_code(fx_ask(&c, "orders.preview", bad[i])),
                            "invalid");
    fx_close(&c);
}

int main(void) {
#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        T(each_act_is_judged_as_it_would_be),
        T(what_it_says_the_act_does),
        T(it_is_counted),
        T(what_is_wrong_with_the_act_is_wrong_for_all),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
