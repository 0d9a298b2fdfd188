/* Charges on an order, and links to it: who may, what stays, what the audit
 * trail keeps. */
#include "fixture.h"

#include <stdio.h>
#include <string.h>

#include "common/arena.h"
#include "common/str.h"
#include "db/conn.h"
#include "rpc/rpc.h"

enum { STAFF = 54501, OWNER, NARROW };

static int sql(struct db_tx *tx, void *arg) {
    return conn_exec(tx->conn, arg);
}

#define ORDER(id, store, remote)                                               \
    "INSERT INTO orders (id, store_id, remote_id, number, status, currency, "  \
    "total_e4, created_ms, modified_ms, contact_id, name, email, lines, "      \
    "items_e3, flags, read_seq, raw_hash, hash) VALUES (" #id ", " #store      \
    ", " #remote ", 'N" #remote "', 'processing', 'TRY', 10000, 1, 1, 0, "     \
    "'Ada Secret', 'ada@example.test', 0, 0, 0, 1, x'', x'');"

static int setup(void **state) {
    static char rows[] = ORDER(1, 1, 12) ORDER(2, 2, 12);
    int rc = fx_setup(state);
    fx_job(*state, sql, rows);
    return rc;
}

static const struct json *items_of(struct fx_client *c, const char *method) {
    return json_get(fx_ok(c, method, "{\"ref\":\"alpine:12\"}"), "items");
}

static void a_charge_is_made_and_taken_back(void **state) {
    struct fx_client c;
    fx_connect(*state, &c, FX_SESSION);
    const struct json *r = fx_ok(&c, "orders.charge",
                                 "{\"ref\":\"alpine:12\",\"type\":\"packing\","
                                 "\"amount\":\"4.5\",\"note\":\"Gift\"}");
    assert_string_equal(fx_text(r, "id"), "C-1");
    assert_string_equal(fx_text(r, "amount"), "4.50");
    assert_string_equal(fx_text(r, "currency"), "TRY"); /* the order's */
    (void)fx_ok(&c, "orders.charge",
                "{\"ref\":\"alpine:12\",\"type\":\"other\",\"amount\":\"-1\","
                "\"currency\":\"EUR\"}");
    assert_int_equal(json_count(items_of(&c, "orders.charges")), 2);
    r = fx_ok(&c, "orders.charges", "{\"ref\":\"alpine:12\",\"limit\":1}");
    assert_string_equal(fx_text(r, "next"), "C-1");
    r = fx_ok(&c, "orders.charges",
              "{\"ref\":\"alpine:12\",\"after\":\"C-1\"}");
    assert_string_equal(fx_text(json_first(json_get(r, "items")), "amount"),
                        "-1.00");
    r = json_get(fx_ok(&c, "orders.get", "{\"ref\":\"alpine:12\"}"), "charges");
    assert_int_equal(json_count(r), 2);
    (void)fx_ok(&c, "orders.uncharge", "{\"charge\":\"C-1\"}");
    assert_int_equal(json_count(items_of(&c, "orders.charges")), 1);
    assert_string_equal(
        fx_code(fx_ask(&c, "orders.uncharge", "{\"charge\":\"C-1\"}")),
        "not_found");
    r = json_get(
        fx_ok(&c, "audit.list", "{\"filter\":\"action:orders.uncharge\"}"),
        "items");
    assert_int_equal(json_count(r), 1);
    assert_string_equal(fx_text(json_first(r), "object"), "C-1");
    fx_close(&c);
}

static void what_is_no_charge_is_refused(void **state) {
    static const char *const bad[] = {"\"amount\":\"0\"",
                                      "\"amount\":\"1\",\"currency\":\"eu!\""};
    struct fx_client c;
    char params[120];
    fx_connect(*state, &c, FX_SESSION);
    for (size_t i = 0; i < 2; i++) {
        (void)snprintf(params, sizeof params,
                       "{\"ref\":\"alpine:12\",\"type\":\"other\",%s}", bad[i]);
        assert_string_equal(fx_code(fx_ask(&c, "orders.charge", params)),
                            "invalid");
    }
    fx_close(&c);
}

static void a_billed_charge_stays(void **state) {
    static char billed[] = "UPDATE charge SET billed_id = 7";
    struct fx_client c;
    fx_connect(*state, &c, FX_SESSION);
    (void)fx_ok(&c, "orders.charge",
                "{\"ref\":\"alpine:12\",\"type\":\"other\",\"amount\":\"1\"}");
    fx_job(*state, sql, billed);
    assert_string_equal(
        fx_code(fx_ask(&c, "orders.uncharge", "{\"charge\":\"C-1\"}")),
        "conflict");
    assert_int_equal(json_count(items_of(&c, "orders.charges")), 1);
    fx_close(&c);
}

/* The order's detail of others says nothing of them. */
static void only_admins_see_charges(void **state) {
    struct fx_client root, staff, owner;
    fx_person(*state, "ayse", "staff", STAFF, 0);
    fx_person(*state, "zoe", "owner", OWNER, 1);
    fx_connect(*state, &root, FX_SESSION);
    fx_connect_as(*state, &staff, STAFF);
    fx_connect_as(*state, &owner, OWNER);
    (void)fx_ok(&root, "orders.charge",
                "{\"ref\":\"alpine:12\",\"type\":\"other\",\"amount\":\"1\"}");
    struct fx_client *const others[] = {&staff, &owner};
    for (size_t i = 0; i < 2; i++) {
        const struct json *o =
            fx_ok(others[i], "orders.get", "{\"ref\":\"alpine:12\"}");
        assert_null(json_get(o, "charges"));
        assert_string_equal(fx_code(fx_ask(others[i], "orders.charges",
                                           "{\"ref\":\"alpine:12\"}")),
                            "denied");
    }
    fx_close(&root);
    fx_close(&staff);
    fx_close(&owner);
}

/* --- links ---------------------------------------------------------------- */

static int look(struct db_tx *tx, void *arg) {
    struct rpc_share s = {0};
    struct arena *a = arena_new(4096);
    int rc = rpc_share_read(tx, arg, a, &s);
    if (rc >= 0) {
        assert_string_equal(s.number, "N12");
        assert_int_equal(s.n_parcels, 0);
    }
    arena_free(a);
    return rc == ERR_NOT_FOUND ? 0 : 1;
}

static int looked;
static int look_and_tell(struct db_tx *tx, void *arg) {
    looked = look(tx, arg);
    return 0;
}

/* Does that link open something now? */
static bool opens(struct fx *f, const char *url) {
    uint8_t uuid[16];
    const char *token = strstr(url, "/share/");
    assert_non_null(token);
    if (rpc_share_check(f->rpc, token + 7, uuid) < 0)
        return false;
    fx_job(f, look_and_tell, uuid);
    return looked;
}

static void a_link_opens_until_it_is_over(void **state) {
    struct fx *f = *state;
    struct fx_client c;
    char url[200];
    rpc_set_public_url(f->rpc, "https://x.test/");
    fx_connect(f, &c, FX_SESSION);
    const struct json *r =
        fx_ok(&c, "orders.share", "{\"ref\":\"alpine:12\",\"hours\":2}");
    (void)snprintf(url, sizeof url, "%s", fx_text(r, "url"));
    assert_true(str_starts(url, "https://x.test/share/"));
    assert_true(opens(f, url));
    fx_pass(f, 2 * 3600 * 1000 - 1);
    assert_true(opens(f, url));
    fx_pass(f, 1);
    assert_false(opens(f, url));
    assert_int_equal(json_count(items_of(&c, "orders.shares")), 0);
    fx_close(&c);
}

static void a_link_is_revoked(void **state) {
    struct fx *f = *state;
    struct fx_client c;
    char url[200], other[200];
    rpc_set_public_url(f->rpc, "https://x.test");
    fx_connect(f, &c, FX_SESSION);
    const struct json *r = fx_ok(&c, "orders.share", "{\"ref\":\"alpine:12\"}");
    (void)snprintf(url, sizeof url, "%s", fx_text(r, "url"));
    r = fx_ok(&c, "orders.share", "{\"ref\":\"alpine:12\"}");
    (void)snprintf(other, sizeof other, "%s", fx_text(r, "url"));
    assert_string_not_equal(url, other);
    assert_int_equal(json_count(items_of(&c, "orders.shares")), 2);
    (void)fx_ok(&c, "orders.unshare", "{\"share\":\"L-1\"}");
    assert_false(opens(f, url));
    assert_true(opens(f, other));
    assert_int_equal(json_count(items_of(&c, "orders.shares")), 1);
    fx_close(&c);
}

/* What is told once is not told to a repeat, and stands nowhere. */
static void a_link_is_told_once(void **state) {
    struct fx *f = *state;
    struct fx_client c;
    static const char once[] =
        "{\"ref\":\"alpine:12\",\"request_id\":\"once\"}";
    rpc_set_public_url(f->rpc, "https://x.test");
    fx_connect(f, &c, FX_SESSION);
    (void)fx_ok(&c, "orders.share", once);
    assert_string_equal(fx_code(fx_ask(&c, "orders.share", once)), "conflict");
    assert_int_equal(json_count(items_of(&c, "orders.shares")), 1);
    fx_close(&c);
}

static void without_an_address_there_are_no_links(void **state) {
    struct fx_client c;
    fx_connect(*state, &c, FX_SESSION);
    assert_string_equal(
        fx_code(fx_ask(&c, "orders.share", "{\"ref\":\"alpine:12\"}")),
        "config");
    assert_int_equal(json_count(items_of(&c, "orders.shares")), 0);
    fx_close(&c);
}

/* Ids have no store in them: a foreign one looks like none. */
static void foreign_ids_look_like_none(void **state) {
    struct fx *f = *state;
    struct fx_client root, c;
    char params[60];
    rpc_set_public_url(f->rpc, "https://x.test");
    fx_connect_as(f, &root, 0);
    fx_person(f, "dana", "staff", NARROW, 0);
    (void)fx_ok(&root, "users.update",
                "{\"user\":\"dana\",\"stores\":[\"baltic\"]}");
    fx_connect_as(f, &c, NARROW);
    (void)fx_ok(&root, "orders.share", "{\"ref\":\"alpine:12\"}");
    for (int id = 1; id <= 2; id++) {
        (void)snprintf(params, sizeof params, "{\"share\":\"L-%d\"}", id);
        assert_string_equal(fx_code(fx_ask(&c, "orders.unshare", params)),
                            "not_found");
    }
    assert_int_equal(json_count(items_of(&root, "orders.shares")), 1);
    fx_close(&root);
    fx_close(&c);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, fx_teardown)

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(a_charge_is_made_and_taken_back),
        TEST(what_is_no_charge_is_refused),
        TEST(a_billed_charge_stays),
        TEST(only_admins_see_charges),
        TEST(a_link_opens_until_it_is_over),
        TEST(a_link_is_revoked),
        TEST(a_link_is_told_once),
        TEST(without_an_address_there_are_no_links),
        TEST(foreign_ids_look_like_none),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
