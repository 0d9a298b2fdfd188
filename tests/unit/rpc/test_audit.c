/* The audit trail over the protocol: found, filtered, verified; a row that was
 * changed, dropped or put in is told; an erased payload is not. */
#include "fixture.h"

#include <stdio.h>
#include <string.h>

#include "common/str.h"
#include "db/conn.h"
#include "rpc.gen.h"

static int exec(struct db_tx *tx, void *arg) {
    return conn_exec(tx->conn, arg);
}

static void sql(struct fx *f, const char *text) {
    fx_job(f, exec, (void *)(uintptr_t)text);
}

/* Five rows: three tenants made, a user invited, the session acting. */
static void make_rows(struct fx_client *c) {
    (void)fx_ok(c, "tenants.create", "{\"name\":\"a\"}");
    (void)fx_ok(c, "tenants.create", "{\"name\":\"b\"}");
    (void)fx_ok(c, "tenants.create", "{\"name\":\"c\"}");
    (void)fx_ok(c, "users.invite", "{\"name\":\"ayse\",\"role\":\"staff\"}");
    (void)fx_ask(c, "session.sign_in",
                 "{\"user\":\"ayse\",\"password\":\"wrong\"}");
}

static const struct json *list(struct fx_client *c, const char *params) {
    return json_get(fx_ok(c, "audit.list", params), "items");
}

static void what_was_done_is_found(void **state) {
    struct fx_client c;
    fx_connect_as(*state, &c, 0);
    make_rows(&c);
    const struct json *all = list(&c, "{}");
    assert_int_equal(json_count(all), 5);
    const struct json *row = json_first(all);
    assert_string_equal(fx_text(row, "action"), "session.sign_in");
    assert_string_equal(fx_text(row, "object"), "ayse");
    assert_string_equal(fx_text(row, "from"), "uid:0");
    bool ok = true;
    assert_int_equal(json_bool(json_get(row, "ok"), false, &ok), 0);
    assert_false(ok);
    row = json_next(row);
    assert_string_equal(fx_text(row, "action"), "users.invite");
    assert_string_equal(fx_text(row, "what.role"), "staff");
    assert_int_equal(
        json_count(list(&c, "{\"filter\":\"action:tenants.* object:b\"}")), 1);
    assert_int_equal(json_count(list(&c, "{\"filter\":\"who:zoe\"}")), 0);
    assert_int_equal(json_count(list(&c, "{\"filter\":\"-object:ayse\"}")), 3);
    row = fx_ok(&c, "audit.get", "{\"id\":2}");
    assert_string_equal(fx_text(row, "action"), "tenants.create");
    assert_string_equal(fx_text(row, "object"), "b");
    assert_string_equal(fx_code(fx_ask(&c, "audit.get", "{\"id\":9999}")),
                        "not_found");
    const struct json *page = fx_ok(&c, "audit.list", "{\"limit\":2}");
    char params[64];
    (void)snprintf(params, sizeof params, "{\"limit\":9,\"after\":\"%s\"}",
                   fx_text(page, "next"));
    assert_int_equal(json_count(list(&c, params)), 3);
    fx_close(&c);
}

/* The result of a verification. */
static const struct json *verify(struct fx *f, struct fx_client *c) {
    const struct json *r = fx_ok(c, "audit.verify", NULL);
    char params[64];
    (void)snprintf(params, sizeof params, "{\"id\":\"%s\"}", fx_text(r, "job"));
    fx_turn(f);
    return fx_ok(c, "jobs.get", params);
}

static void assert_bad(struct fx *f, struct fx_client *c, const char *text,
                       int64_t bad, int64_t rows) {
    sql(f, text);
    const struct json *job = verify(f, c);
    assert_string_equal(fx_text(job, "state"), "failed");
    assert_int_equal(fx_number(job, "result.bad"), bad);
    assert_int_equal(fx_number(job, "result.rows"), rows);
}

static void a_change_is_told(void **state) {
    struct fx *f = *state;
    struct fx_client c;
    fx_connect_as(f, &c, 0);
    make_rows(&c);
    const struct json *job = verify(f, &c);
    assert_string_equal(fx_text(job, "state"), "done");
    assert_int_equal(fx_number(job, "result.rows"), 5);
    /* An erased payload is a person's right. */
    sql(f, "DELETE FROM audit_payload WHERE id = 2");
    assert_string_equal(fx_text(verify(f, &c), "state"), "done");
    assert_bad(f, &c, "UPDATE audit SET actor = 'zoe' WHERE id = 4", 4, 3);
    assert_bad(f, &c, "UPDATE audit_payload SET payload = '{}' WHERE id = 3", 3,
               2);
    assert_bad(f, &c, "DELETE FROM audit WHERE id = 1", 2, 0);
    fx_close(&c);
}

/* Every write a role may do leaves a row, whatever its handler thinks of. */
static void a_write_without_a_word_is_written_down(void **state) {
    struct fx_client c;
    fx_connect_as(*state, &c, 0);
    (void)fx_ok(&c, "stores.pause", "{\"store\":\"alpine\"}");
    const struct json *row = json_first(list(&c, "{}"));
    assert_string_equal(fx_text(row, "action"), "stores.pause");
    assert_string_equal(fx_text(row, "object"), "alpine");
    (void)fx_ok(&c, "cache.clear", NULL); /* no transaction of its own */
    row = json_first(list(&c, "{}"));
    assert_string_equal(fx_text(row, "action"), "cache.clear");
    assert_string_equal(fx_text(row, "from"), "uid:0");
    fx_close(&c);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, fx_setup, fx_teardown)

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(what_was_done_is_found),
        TEST(a_change_is_told),
        TEST(a_write_without_a_word_is_written_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
