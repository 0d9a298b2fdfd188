/* stores.map: what a plug-in's status means, said by an admin; who reads sees
 * it at once. */
#include "fixture.h"

#include <string.h>

#include "db/conn.h"

static int fill(struct db_tx *tx, void *arg) {
    (void)arg;
    int rc = conn_exec(
        tx->conn,
        "INSERT INTO store_status (store_id, slug, name, phase) VALUES "
        "(1, 'boxed', 'Boxed', 'unmapped'), (1, 'completed', 'Done', 'done');"
        "INSERT INTO order_count VALUES (1, 'boxed', 7), (1, 'crated', 2),"
        " (1, 'trash', 3);");
    return rc;
}

static const struct json *status(struct fx_client *c, const char *slug) {
    const struct json *v = json_first(json_get(
        fx_ok(c, "stores.statuses", "{\"store\":\"alpine\"}"), "items"));
    while (v && strcmp(fx_text(v, "slug"), slug) != 0)
        v = json_next(v);
    return v;
}

static bool flag(const struct json *v, const char *name) {
    bool yes = false;
    assert_int_equal(json_bool(json_get(v, name), false, &yes), 0);
    return yes;
}

static void a_status_means_what_is_said(void **state) {
    struct fx *f = *state;
    struct fx_client c;
    fx_job(f, fill, NULL);
    fx_connect_as(f, &c, 0);
    assert_false(flag(status(&c, "boxed"), "mapped"));
    assert_int_equal(fx_number(fx_ok(&c, "orders.counts", "{}"), "todo"), 9);
    const struct json *r = fx_ok(&c, "stores.map",
                                 "{\"store\":\"alpine\",\"status\":\"boxed\","
                                 "\"phase\":\"held\"}");
    assert_string_equal(fx_text(r, "phase"), "held");
    assert_string_equal(fx_text(r, "name"), "Boxed");
    assert_int_equal(fx_number(r, "orders"), 7);
    assert_true(flag(status(&c, "boxed"), "mapped"));
    const struct json *n = fx_ok(&c, "orders.counts", "{}");
    assert_int_equal(fx_number(n, "todo"), 2);
    assert_int_equal(fx_number(n, "held"), 7);
    const struct json *row =
        json_first(json_get(fx_ok(&c, "audit.list", "{}"), "items"));
    assert_string_equal(fx_text(row, "action"), "stores.map");
    assert_string_equal(fx_text(row, "object"), "alpine");
    assert_string_equal(fx_text(row, "what.was"), "unmapped");
    assert_string_equal(fx_text(row, "what.to"), "held");
    fx_close(&c);
}

/* The shop lists it no more, orders have it. */
static void one_that_is_listed_no_more(void **state) {
    struct fx_client c;
    fx_job(*state, fill, NULL);
    fx_connect_as(*state, &c, 0);
    assert_int_equal(fx_number(status(&c, "crated"), "orders"), 2);
    assert_null(status(&c, "trash"));
    (void)fx_ok(&c, "stores.map",
                "{\"store\":\"alpine\",\"status\":\"crated\",\"phase\":"
                "\"dead\"}");
    assert_string_equal(fx_text(status(&c, "crated"), "phase"), "dead");
    fx_close(&c);
}

static void refuse(struct fx_client *c, const char *params, const char *code) {
    assert_string_equal(fx_code(fx_ask(c, "stores.map", params)), code);
}

static void what_cannot_be_said(void **state) {
    struct fx_client c;
    fx_job(*state, fill, NULL);
    fx_connect_as(*state, &c, 0);
    refuse(&c,
           "{\"store\":\"alpine\",\"status\":\"completed\",\"phase\":\"todo\"}",
           "invalid");
    refuse(&c, "{\"store\":\"alpine\",\"status\":\"lost\",\"phase\":\"todo\"}",
           "not_found");
    refuse(&c, "{\"store\":\"cedar\",\"status\":\"boxed\",\"phase\":\"todo\"}",
           "not_found");
    refuse(&c, "{\"store\":\"alpine\",\"status\":\"boxed\",\"phase\":\"x\"}",
           "invalid_params");
    assert_false(flag(status(&c, "boxed"), "mapped"));
    fx_close(&c);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, fx_setup, fx_teardown)

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(a_status_means_what_is_said),
        TEST(one_that_is_listed_no_more),
        TEST(what_cannot_be_said),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
