/* Who gets in, as whom, for how long, and what ends it. What each role may call
 * is test_matrix.c's. */
#include "fixture.h"

#include <stdio.h>
#include <string.h>

#include "auth/encode.h"
#include "auth/totp.h"
#include "common/buf.h"
#include "common/str.h"
#include "db/conn.h"
#include "model/feed.h"
#include "rpc/person.h"

enum { AYSE = 54321, STRANGER = 54330, ELSEWHERE = 54331, OWNER = 54340 };

#define PASSWORD "correct horse battery"
#define SIGN_IN                                                                \
    "{\"user\":\"ayse\",\"password\":\"" PASSWORD "\",\"keep\":\"resume\"}"
#define WRONG "{\"user\":\"ayse\",\"password\":\"wrong horse battery\"}"

/* A text that was told, kept beyond its arena's next use. */
static const char *keep(char dst[64], const struct json *v, const char *path) {
    (void)snprintf(dst, 64, "%s", fx_text(v, path));
    return dst;
}

static const struct json *ask(struct fx_client *c, const char *method,
                              const char *fmt, const char *value) {
    char params[512];
    (void)snprintf(params, sizeof params, fmt, value);
    return fx_ask(c, method, params);
}

/* ayse, of staff, with a password. */
static void make_ayse(struct fx *f, const char *more) {
    struct fx_client root, c;
    char code[64], params[256];
    fx_connect_as(f, &root, 0);
    (void)snprintf(params, sizeof params,
                   "{\"name\":\"ayse\",\"role\":\"staff\"%s}", more);
    keep(code, fx_ok(&root, "users.invite", params), "code");
    fx_connect_as(f, &c, STRANGER);
    const struct json *m = ask(&c, "session.accept",
                               "{\"user\":\"ayse\",\"code\":\"%s\","
                               "\"password\":\"" PASSWORD "\"}",
                               code);
    assert_string_equal(fx_text(m, "result.role"), "staff");
    m = ask(&c, "session.accept",
            "{\"user\":\"ayse\",\"code\":\"%s\","
            "\"password\":\"another horse battery\"}",
            code);
    assert_string_equal(fx_code(m), "wrong_proof"); /* once */
    fx_close(&c);
    fx_close(&root);
}

static const char *role_of(struct fx_client *c) {
    const struct json *m = fx_ask(c, "profile.get", NULL);
    return *fx_code(m) ? fx_code(m) : fx_text(m, "result.role");
}

static void the_console_is_admin_and_strangers_are_guests(void **state) {
    struct fx *f = *state;
    struct fx_client root, own, c;
    fx_connect_as(f, &root, 0);
    fx_connect(f, &own, FX_SESSION);
    fx_connect_as(f, &c, STRANGER);
    assert_string_equal(role_of(&root), "admin");
    assert_string_equal(role_of(&own), "admin");
    assert_string_equal(role_of(&c), "sign_in");
    const struct json *r = fx_ok(&c, "session.open", FX_SESSION);
    assert_string_equal(fx_text(r, "role"), "guest");
    assert_string_equal(fx_text(r, "user"), "");
    fx_close(&root);
    fx_close(&own);
    fx_close(&c);
}

static void nobody_is_no_identity(void **state) {
    struct fx *f = *state;
    struct fx_client c;
    fx_person(f, "nobody", "admin", 65534, 0);
    fx_connect_as(f, &c, 65534);
    assert_string_equal(role_of(&c), "sign_in");
    fx_close(&c);
    fx_connect_as(f, &c, (unsigned)-1);
    assert_string_equal(role_of(&c), "sign_in");
    fx_close(&c);
}

static int rename_account(struct db_tx *tx, void *unused) {
    (void)unused;
    return conn_exec(tx->conn, "UPDATE unix_account SET account = 'before'");
}

static void a_link_needs_number_and_name(void **state) {
    struct fx *f = *state;
    struct fx_client c;
    fx_person(f, "ayse", "staff", AYSE, 0);
    fx_connect_as(f, &c, AYSE);
    assert_string_equal(role_of(&c), "staff");
    fx_close(&c);
    fx_job(f, rename_account, NULL);
    assert_true(people_load(f->rpc->people) >= 0);
    fx_connect_as(f, &c, AYSE);
    assert_string_equal(role_of(&c), "sign_in");
    fx_close(&c);
}

static void a_password_lets_in(void **state) {
    struct fx *f = *state;
    struct fx_client c;
    make_ayse(f, "");
    fx_connect_as(f, &c, STRANGER);
    assert_string_equal(fx_code(fx_ask(&c, "session.sign_in", WRONG)),
                        "wrong_proof");
    assert_string_equal(role_of(&c), "sign_in");
    const struct json *r = fx_ok(&c, "session.sign_in", SIGN_IN);
    assert_string_equal(fx_text(r, "user"), "ayse");
    assert_string_equal(role_of(&c), "staff");
    (void)fx_ok(&c, "session.sign_out", NULL);
    assert_string_equal(role_of(&c), "sign_in");
    fx_close(&c);
}

static void wrong_tries_close_a_name_to_that_place_alone(void **state) {
    struct fx *f = *state;
    struct fx_client bad, good, unknown;
    static const char nobody[] =
        "{\"user\":\"zoe\",\"password\":\"wrong horse battery\"}";
    make_ayse(f, "");
    fx_connect_as(f, &bad, ELSEWHERE);
    fx_connect_as(f, &unknown, ELSEWHERE + 1);
    for (int i = 1; i <= 5; i++) {
        const char *code = i < 5 ? "wrong_proof" : "throttled";
        assert_string_equal(fx_code(fx_ask(&bad, "session.sign_in", WRONG)),
                            code);
        /* A name nobody has behaves the same. */
        assert_string_equal(
            fx_code(fx_ask(&unknown, "session.sign_in", nobody)), code);
    }
    assert_string_equal(fx_code(fx_ask(&bad, "session.sign_in", SIGN_IN)),
                        "throttled");
    fx_connect_as(f, &good, STRANGER);
    (void)fx_ok(&good, "session.sign_in", SIGN_IN);
    fx_pass(f, 15 * 60000 + 1);
    (void)fx_ok(&bad, "session.sign_in", SIGN_IN);
    fx_close(&bad);
    fx_close(&good);
    fx_close(&unknown);
}

static void a_place_tries_only_so_often(void **state) {
    struct fx *f = *state;
    struct fx_client c;
    char params[128];
    fx_connect_as(f, &c, STRANGER);
    for (int i = 0; i <= 10; i++) {
        (void)snprintf(params, sizeof params,
                       "{\"user\":\"u%d\",\"password\":\"x\"}", i);
        assert_string_equal(fx_code(fx_ask(&c, "session.sign_in", params)),
                            i < 10 ? "wrong_proof" : "throttled");
    }
    fx_pass(f, 6000);
    assert_string_equal(fx_code(fx_ask(&c, "session.sign_in",
                                       "{\"user\":\"z\",\"password\":\"x\"}")),
                        "wrong_proof");
    fx_close(&c);
}

static void the_deactivated_are_out_at_once(void **state) {
    struct fx *f = *state;
    struct fx_client root, by_password, by_account;
    make_ayse(f, "");
    fx_connect_as(f, &root, 0);
    fx_connect_as(f, &by_password, STRANGER);
    (void)fx_ok(&by_password, "session.sign_in", SIGN_IN);
    fx_person(f, "mehmet", "staff", AYSE, 0);
    fx_connect_as(f, &by_account, AYSE);
    (void)fx_ok(&by_account, "events.subscribe",
                "{\"topics\":[\"order\",\"system\"]}");
    (void)fx_ok(&root, "users.deactivate", "{\"user\":\"ayse\"}");
    (void)fx_ok(&root, "users.deactivate", "{\"user\":\"mehmet\"}");
    assert_string_equal(fx_text(fx_read(&by_account), "params.data.what"),
                        "signed_out");
    assert_string_equal(role_of(&by_password), "sign_in");
    assert_string_equal(role_of(&by_account), "sign_in");
    fx_events(f, "order", 1, 1);
    assert_null(fx_read(&by_account));
    assert_string_equal(
        fx_code(fx_ask(&by_password, "session.sign_in", SIGN_IN)),
        "wrong_proof");
    (void)fx_ok(&root, "users.activate", "{\"user\":\"ayse\"}");
    (void)fx_ok(&by_password, "session.sign_in", SIGN_IN);
    fx_close(&root);
    fx_close(&by_password);
    fx_close(&by_account);
}

static void a_token_goes_on_after_a_restart(void **state) {
    struct fx *f = *state;
    struct fx_client c;
    char token[64];
    make_ayse(f, "");
    fx_connect_as(f, &c, STRANGER);
    keep(token, fx_ok(&c, "session.sign_in", SIGN_IN), "token");
    fx_close(&c);
    fx_restart(f);
    fx_connect_as(f, &c, STRANGER);
    const struct json *m =
        ask(&c, "session.resume", "{\"token\":\"%s\"}", token);
    assert_string_equal(fx_text(m, "result.user"), "ayse");
    assert_string_equal(role_of(&c), "staff");
    fx_close(&c);
    /* From another account it is worth nothing. */
    fx_connect_as(f, &c, ELSEWHERE);
    assert_string_equal(
        fx_code(ask(&c, "session.resume", "{\"token\":\"%s\"}", token)),
        "sign_in");
    assert_string_equal(
        fx_code(ask(&c, "session.resume", "{\"token\":\"%s\"}", "fxr_")),
        "sign_in");
    fx_close(&c);
    fx_pass(f, 12 * 3600000 + 1);
    fx_connect_as(f, &c, STRANGER);
    assert_string_equal(
        fx_code(ask(&c, "session.resume", "{\"token\":\"%s\"}", token)),
        "sign_in");
    fx_close(&c);
}

static void a_sixth_session_ends_the_longest_unused(void **state) {
    struct fx *f = *state;
    struct fx_client c[6];
    char token[6][64];
    make_ayse(f, "");
    for (int i = 0; i < 6; i++) {
        fx_connect_as(f, &c[i], STRANGER);
        keep(token[i], fx_ok(&c[i], "session.sign_in", SIGN_IN), "token");
        fx_pass(f, 10000);
    }
    assert_string_equal(role_of(&c[0]), "sign_in");
    assert_string_equal(role_of(&c[1]), "staff");
    assert_string_equal(
        fx_code(ask(&c[0], "session.resume", "{\"token\":\"%s\"}", token[0])),
        "sign_in");
    const struct json *r = fx_ok(&c[1], "sessions.list", NULL);
    assert_int_equal(json_count(json_get(r, "items")), 5);
    /* One of the others is ended by hand. */
    char id[64];
    const struct json *row = json_first(json_get(r, "items"));
    while (json_get(row, "current") && fx_text(row, "id")[0]) {
        bool current = false;
        (void)json_bool(json_get(row, "current"), false, &current);
        if (!current)
            break;
        row = json_next(row);
    }
    keep(id, row, "id");
    const struct json *m = ask(&c[1], "sessions.revoke", "{\"id\":\"%s\"}", id);
    assert_string_equal(fx_text(m, "result.id"), id);
    r = fx_ok(&c[1], "sessions.list", NULL);
    assert_int_equal(json_count(json_get(r, "items")), 4);
    for (int i = 0; i < 6; i++)
        fx_close(&c[i]);
}

static void sessions_of_others_are_not_to_be_found(void **state) {
    struct fx *f = *state;
    struct fx_client a, b, root;
    char id[64];
    make_ayse(f, "");
    fx_person(f, "mehmet", "staff", AYSE, 0);
    fx_connect_as(f, &a, STRANGER);
    (void)fx_ok(&a, "session.sign_in", SIGN_IN);
    fx_connect_as(f, &b, AYSE);
    const struct json *r = fx_ok(&a, "sessions.list", NULL);
    keep(id, json_first(json_get(r, "items")), "id");
    assert_string_equal(
        fx_code(ask(&b, "sessions.revoke", "{\"id\":\"%s\"}", id)),
        "not_found");
    assert_string_equal(
        fx_code(ask(&b, "sessions.revoke", "{\"id\":\"%s\"}", "c1")),
        "not_found");
    r = fx_ok(&b, "sessions.list", NULL);
    assert_int_equal(json_count(json_get(r, "items")), 1);
    fx_connect_as(f, &root, 0);
    assert_string_equal(
        fx_text(ask(&root, "sessions.revoke", "{\"id\":\"%s\"}", id),
                "result.id"),
        id);
    assert_string_equal(role_of(&a), "sign_in");
    fx_close(&a);
    fx_close(&b);
    fx_close(&root);
}

static void dangerous_acts_ask_again(void **state) {
    struct fx *f = *state;
    struct fx_client c;
    static const char make[] = "{\"name\":\"t\"}";
    char token[64];
    make_ayse(f, "");
    fx_connect_as(f, &c, STRANGER);
    keep(token, fx_ok(&c, "session.sign_in", SIGN_IN), "token");
    (void)fx_ok(&c, "tokens.create", make); /* just proved */
    fx_pass(f, (FX_STEP_UP_S + 1) * 1000);
    assert_string_equal(fx_code(fx_ask(&c, "tokens.create", make)), "step_up");
    assert_string_equal(
        fx_code(fx_ask(&c, "session.confirm",
                       "{\"password\":\"wrong horse battery\"}")),
        "wrong_proof");
    assert_string_equal(fx_code(fx_ask(&c, "tokens.create", make)), "step_up");
    (void)fx_ok(&c, "session.confirm", "{\"password\":\"" PASSWORD "\"}");
    (void)fx_ok(&c, "tokens.create", make);
    /* A resumed session has proved nothing. */
    (void)ask(&c, "session.resume", "{\"token\":\"%s\"}", token);
    assert_string_equal(fx_code(fx_ask(&c, "tokens.create", make)), "step_up");
    fx_close(&c);
}

/* Who has a shop's keys has the shop. */
static void keys_of_shops_ask_again(void **state) {
    struct fx *f = *state;
    struct fx_client c;
    fx_person(f, "can", "admin", AYSE, 0);
    fx_connect_as(f, &c, AYSE);
    assert_string_equal(fx_code(fx_ask(&c, "stores.update",
                                       "{\"store\":\"alpine\",\"key\":"
                                       "\"ck_x\",\"secret\":\"cs_x\"}")),
                        "step_up");
    assert_string_equal(
        fx_code(fx_ask(&c, "stores.rotate_hooks", "{\"store\":\"alpine\"}")),
        "step_up");
    (void)fx_ok(&c, "stores.pause", "{\"store\":\"alpine\"}");
    fx_close(&c);
}

static void a_script_may_no_more_than_its_token(void **state) {
    struct fx *f = *state;
    struct fx_client c, script;
    char token[64], id[64];
    make_ayse(f, "");
    fx_connect_as(f, &c, STRANGER);
    (void)fx_ok(&c, "session.sign_in", SIGN_IN);
    const struct json *r = fx_ok(
        &c, "tokens.create",
        "{\"name\":\"export\",\"read_only\":true,\"stores\":[\"baltic\"]}");
    keep(token, r, "token");
    keep(id, r, "id");
    fx_connect_as(f, &script, ELSEWHERE);
    assert_string_equal(
        fx_text(ask(&script, "session.resume", "{\"token\":\"%s\"}", token),
                "result.user"),
        "ayse");
    r = fx_ok(&script, "stores.list", NULL);
    assert_int_equal(json_count(json_get(r, "items")), 1);
    assert_string_equal(fx_text(json_first(json_get(r, "items")), "name"),
                        "baltic");
    assert_string_equal(
        fx_code(fx_ask(&script, "stores.get", "{\"store\":\"alpine\"}")),
        "not_found");
    assert_string_equal(
        fx_code(fx_ask(&script, "profile.update", "{\"lang\":\"tr\"}")),
        "read_only");
    (void)ask(&c, "tokens.revoke", "{\"id\":\"%s\"}", id);
    assert_string_equal(role_of(&script), "sign_in");
    fx_close(&c);
    fx_close(&script);
}

static void a_code_of_the_app_is_asked_for_and_works_once(void **state) {
    struct fx *f = *state;
    struct fx_client c;
    AUTO_BUF struct buf secret = BUF_INIT;
    char code[16], backup[64], params[256];
    make_ayse(f, "");
    fx_connect_as(f, &c, STRANGER);
    (void)fx_ok(&c, "session.sign_in", SIGN_IN);
    const struct json *r = fx_ok(&c, "profile.totp_begin", NULL);
    const char *text = fx_text(r, "secret");
    assert_int_equal(decode_base32(text, strlen(text), &secret), 0);
    assert_non_null(strstr(fx_text(r, "uri"), text));
#define CODE                                                                   \
    (void)snprintf(code, sizeof code, "%06u",                                  \
                   totp_code(secret.data, secret.len,                          \
                             (FX_NOW + f->clock) / TOTP_STEP_MS, 6))
#define SIGN_WITH(c)                                                           \
    (void)snprintf(params, sizeof params,                                      \
                   "{\"user\":\"ayse\",\"password\":\"" PASSWORD               \
                   "\",\"code\":\"%s\"}",                                      \
                   c)
    assert_string_equal(
        fx_code(fx_ask(&c, "profile.totp_confirm", "{\"code\":\"000000\"}")),
        "wrong_proof");
    CODE;
    r = json_get(ask(&c, "profile.totp_confirm", "{\"code\":\"%s\"}", code),
                 "result");
    assert_int_equal(json_count(json_get(r, "codes")), 10);
    (void)snprintf(backup, sizeof backup, "%s",
                   json_string(json_first(json_get(r, "codes"))));
    assert_string_equal(fx_code(fx_ask(&c, "session.sign_in", SIGN_IN)),
                        "wrong_proof");
    SIGN_WITH(code); /* the one that confirmed is spent */
    assert_string_equal(fx_code(fx_ask(&c, "session.sign_in", params)),
                        "wrong_proof");
    fx_pass(f, TOTP_STEP_MS);
    CODE;
    SIGN_WITH(code);
    (void)fx_ok(&c, "session.sign_in", params);
    assert_string_equal(fx_code(fx_ask(&c, "session.sign_in", params)),
                        "wrong_proof");
    SIGN_WITH(backup);
    (void)fx_ok(&c, "session.sign_in", params);
    assert_string_equal(fx_code(fx_ask(&c, "session.sign_in", params)),
                        "wrong_proof");
    fx_close(&c);
}

static bool must_enrol(const struct json *v) {
    bool must = false;
    (void)json_bool(json_get(v, "totp_required"), false, &must);
    return must;
}

/* Scan the secret and type the first code. */
static void enrol(struct fx *f, struct fx_client *c) {
    AUTO_BUF struct buf secret = BUF_INIT;
    char code[16];
    const struct json *r = fx_ok(c, "profile.totp_begin", NULL);
    const char *text = fx_text(r, "secret");
    assert_int_equal(decode_base32(text, strlen(text), &secret), 0);
    CODE;
    (void)ask(c, "profile.totp_confirm", "{\"code\":\"%s\"}", code);
}

static void who_must_have_an_authenticator_sets_one_up_first(void **state) {
    struct fx *f = *state;
    struct fx_client c, script;
    char token[64];
    make_ayse(f, "");
    fx_connect_as(f, &c, STRANGER);
    assert_false(must_enrol(fx_ok(&c, "session.sign_in", SIGN_IN)));
    keep(token, fx_ok(&c, "tokens.create", "{\"name\":\"t\"}"), "token");
    (void)fx_ok(&c, "events.subscribe", "{}");
    rpc_set_sign_in(f->rpc, RPC_ROLE_STAFF, 0);
    /* At once, also for what is told without being asked. */
    fx_events(f, "order", 1, 1);
    assert_null(fx_read(&c));
    assert_string_equal(fx_code(fx_ask(&c, "orders.list", NULL)),
                        "totp_required");
    assert_true(must_enrol(fx_ok(&c, "profile.get", NULL)));
    assert_true(must_enrol(fx_ok(&c, "session.open", FX_SESSION)));
    assert_true(must_enrol(fx_ok(&c, "session.sign_in", SIGN_IN)));
    fx_connect_as(f, &script, ELSEWHERE);
    (void)ask(&script, "session.resume", "{\"token\":\"%s\"}", token);
    assert_string_equal(fx_code(fx_ask(&script, "orders.list", NULL)),
                        "totp_required");
    enrol(f, &c);
    (void)fx_ok(&c, "orders.list", NULL);
    (void)fx_ok(&script, "orders.list", NULL);
    assert_false(must_enrol(fx_ok(&c, "session.open", FX_SESSION)));
    assert_string_equal(fx_code(fx_ask(&c, "profile.totp_remove", NULL)),
                        "denied");
    rpc_set_sign_in(f->rpc, RPC_ROLE_ADMIN, 0);
    (void)fx_ok(&c, "profile.totp_remove", NULL);
    rpc_set_sign_in(f->rpc, RPC_ROLE_STAFF, 0);
    assert_string_equal(fx_code(fx_ask(&c, "orders.list", NULL)),
                        "totp_required");
    fx_close(&c);
    fx_close(&script);
}

static void linked_accounts_are_asked_where_it_was_said(void **state) {
    struct fx *f = *state;
    struct fx_client c, root;
    rpc_set_sign_in(f->rpc, RPC_ROLE_ADMIN | RPC_ROLE_STAFF, 0);
    fx_person(f, "mehmet", "staff", AYSE, 0);
    fx_connect_as(f, &c, AYSE);
    assert_string_equal(fx_code(fx_ask(&c, "orders.list", NULL)),
                        "totp_required");
    (void)fx_ok(&c, "profile.password", "{\"new\":\"" PASSWORD "\"}");
    enrol(f, &c);
    (void)fx_ok(&c, "orders.list", NULL);
    /* An account alone is not enough any more; the console never has to. */
    rpc_set_sign_in(f->rpc, RPC_ROLE_ADMIN | RPC_ROLE_STAFF,
                    RPC_ROLE_ADMIN | RPC_ROLE_STAFF);
    assert_string_equal(role_of(&c), "sign_in");
    fx_close(&c);
    fx_connect_as(f, &c, AYSE);
    assert_string_equal(role_of(&c), "sign_in");
    assert_string_equal(fx_code(fx_ask(&c, "session.sign_in",
                                       "{\"user\":\"mehmet\",\"password\":"
                                       "\"" PASSWORD "\"}")),
                        "wrong_proof"); /* the code is asked for */
    fx_connect_as(f, &root, 0);
    assert_string_equal(role_of(&root), "admin");
    (void)fx_ok(&root, "users.list", NULL);
    /* Acting as somebody needs nobody's telephone. */
    (void)fx_ok(&root, "users.reset", "{\"user\":\"mehmet\"}");
    (void)fx_ok(&root, "session.open",
                "{\"client\":\"t\",\"version\":1,\"as\":\"mehmet\"}");
    (void)fx_ok(&root, "orders.list", NULL);
    fx_close(&root);
    fx_close(&c);
}

static void another_password_ends_the_other_sessions(void **state) {
    struct fx *f = *state;
    struct fx_client a, b;
    make_ayse(f, "");
    fx_connect_as(f, &a, STRANGER);
    fx_connect_as(f, &b, STRANGER);
    (void)fx_ok(&a, "session.sign_in", SIGN_IN);
    (void)fx_ok(&b, "session.sign_in", SIGN_IN);
    assert_string_equal(
        fx_code(fx_ask(&a, "profile.password",
                       "{\"old\":\"wrong\",\"new\":\"a newer horse\"}")),
        "wrong_proof");
    assert_string_equal(
        fx_code(fx_ask(&a, "profile.password",
                       "{\"old\":\"" PASSWORD "\",\"new\":\"short\"}")),
        "invalid");
    assert_string_equal(role_of(&b), "staff");
    (void)fx_ok(&a, "profile.password",
                "{\"old\":\"" PASSWORD "\",\"new\":\"a newer horse\"}");
    assert_string_equal(role_of(&a), "staff");
    assert_string_equal(role_of(&b), "sign_in");
    assert_string_equal(fx_code(fx_ask(&b, "session.sign_in", SIGN_IN)),
                        "wrong_proof");
    fx_close(&a);
    fx_close(&b);
}

static void the_console_acts_as_somebody_and_says_so(void **state) {
    struct fx *f = *state;
    struct fx_client c;
    static const char as[] =
        "{\"client\":\"test/1\",\"version\":1,\"as\":\"ayse\"}";
    make_ayse(f, ",\"stores\":[\"baltic\"]");
    fx_connect_as(f, &c, 0);
    const struct json *r = fx_ok(&c, "session.open", as);
    assert_string_equal(fx_text(r, "user"), "ayse");
    assert_string_equal(role_of(&c), "staff");
    r = fx_ok(&c, "stores.list", NULL);
    assert_int_equal(json_count(json_get(r, "items")), 1);
    assert_string_equal(fx_code(fx_ask(&c, "users.list", NULL)), "denied");
    fx_close(&c);
    fx_connect_as(f, &c, STRANGER);
    assert_string_equal(fx_code(fx_ask(&c, "session.open", as)), "denied");
    assert_string_equal(role_of(&c), "sign_in");
    fx_close(&c);
    fx_connect_as(f, &c, 0);
    assert_string_equal(
        fx_code(fx_ask(&c, "session.open",
                       "{\"client\":\"t\",\"version\":1,\"as\":\"zoe\"}")),
        "not_found");
    fx_close(&c);
}

static void what_users_see_changes_at_once(void **state) {
    struct fx *f = *state;
    struct fx_client root, c;
    fx_person(f, "ayse", "staff", AYSE, 0);
    fx_connect_as(f, &root, 0);
    fx_connect_as(f, &c, AYSE);
    (void)fx_ok(&c, "events.subscribe", "{}");
    (void)fx_ok(&c, "stores.get", "{\"store\":\"alpine\"}");
    (void)fx_ok(&root, "users.update",
                "{\"user\":\"ayse\",\"stores\":[\"baltic\"]}");
    assert_string_equal(
        fx_code(fx_ask(&c, "stores.get", "{\"store\":\"alpine\"}")),
        "not_found");
    fx_events(f, "order", 1, 1);
    fx_events(f, "order", 2, 1);
    const struct json *e = fx_read(&c);
    assert_string_equal(fx_text(e, "params.store"), "baltic");
    assert_null(fx_read(&c));
    (void)fx_ok(&root, "users.update",
                "{\"user\":\"ayse\",\"read_only\":true,\"role\":\"admin\"}");
    assert_string_equal(fx_code(fx_ask(&c, "cache.clear", NULL)), "read_only");
    fx_close(&root);
    fx_close(&c);
}

static int look(struct db_tx *tx, void *arg) {
    static const char *const kept[] = {"request",   "audit_payload",
                                       "users",     "session",
                                       "api_token", "invitation"};
    char sql[200];
    for (size_t i = 0; i < sizeof kept / sizeof *kept; i++) {
        int64_t n = 0;
        const char *column = i == 0   ? "result"
                             : i == 1 ? "payload"
                             : i == 2 ? "password"
                                      : "hex(digest)";
        (void)snprintf(sql, sizeof sql,
                       "SELECT count(*) FROM %s WHERE instr(%s, '%s') > 0",
                       kept[i], column, (const char *)arg);
        assert_int_equal(conn_get_i64(tx->conn, sql, &n), 0);
        if (n > 0)
            fail_msg("%s keeps %s", kept[i], (const char *)arg);
    }
    return 0;
}

static void secrets_are_told_once_and_kept_nowhere(void **state) {
    struct fx *f = *state;
    struct fx_client root, c;
    char code[64], token[64];
    static const char invite[] =
        "{\"name\":\"zoe\",\"role\":\"staff\",\"request_id\":\"r1\"}";
    make_ayse(f, "");
    fx_connect_as(f, &root, 0);
    keep(code, fx_ok(&root, "users.invite", invite), "code");
    assert_string_equal(fx_code(fx_ask(&root, "users.invite", invite)),
                        "conflict");
    fx_connect_as(f, &c, STRANGER);
    keep(token, fx_ok(&c, "session.sign_in", SIGN_IN), "token");
    fx_job(f, look, code);
    fx_job(f, look, token);
    fx_job(f, look, (void *)(uintptr_t)PASSWORD);
    fx_close(&root);
    fx_close(&c);
}

static int count_audit(struct db_tx *tx, void *arg) {
    struct error e = {0};
    static const uint8_t key[32] = {1};
    assert_int_equal(audit_verify(tx, key, &e), 0);
    return conn_get_i64(tx->conn,
                        "SELECT count(*) FROM audit JOIN audit_payload "
                        "USING (id) WHERE action = 'session.sign_in' "
                        "AND object = 'ayse' AND payload LIKE "
                        "'{\"from\":\"uid:54330\",\"ok\":%'",
                        arg);
}

static void every_sign_in_is_written_down(void **state) {
    struct fx *f = *state;
    struct fx_client c;
    int64_t n = 0;
    make_ayse(f, "");
    fx_connect_as(f, &c, STRANGER);
    (void)fx_ask(&c, "session.sign_in", WRONG);
    (void)fx_ok(&c, "session.sign_in", SIGN_IN);
    fx_job(f, count_audit, &n);
    assert_int_equal(n, 2);
    fx_close(&c);
}

static void the_last_admin_stays(void **state) {
    struct fx *f = *state;
    struct fx_client c;
    fx_person(f, "can", "admin", AYSE, 0);
    rpc_set_step_up(f->rpc, 0, 0);
    fx_connect_as(f, &c, AYSE);
    assert_string_equal(
        fx_code(fx_ask(&c, "users.deactivate", "{\"user\":\"can\"}")),
        "conflict");
    assert_string_equal(
        fx_code(fx_ask(&c, "users.update",
                       "{\"user\":\"can\",\"role\":\"staff\"}")),
        "conflict");
    (void)fx_ok(&c, "users.invite", "{\"name\":\"zoe\",\"role\":\"admin\"}");
    (void)fx_ok(&c, "users.update", "{\"user\":\"can\",\"role\":\"staff\"}");
    assert_string_equal(role_of(&c), "staff");
    fx_close(&c);
}

static void a_tenant_knows_its_stores_and_owners(void **state) {
    struct fx_client c;
    fx_connect_as(*state, &c, 0);
    (void)fx_ok(&c, "tenants.create", "{\"name\":\"alpine-co\"}");
    (void)fx_ok(&c, "users.invite",
                "{\"name\":\"heidi\",\"role\":\"owner\","
                "\"tenant\":\"alpine-co\"}");
    const struct json *r =
        fx_ok(&c, "tenants.get", "{\"tenant\":\"alpine-co\"}");
    assert_string_equal(fx_text(r, "name"), "alpine-co");
    assert_int_equal(fx_number(r, "users"), 1);
    assert_int_equal(json_count(json_get(r, "store_names")), 0);
    assert_string_equal(json_string(json_first(json_get(r, "owners"))),
                        "heidi");
    r = fx_ok(&c, "tenants.get", "{\"tenant\":\"main\"}");
    assert_int_equal(json_count(json_get(r, "owners")), 0);
    assert_int_equal(json_count(json_get(r, "store_names")),
                     fx_number(r, "stores"));
    assert_string_equal(
        fx_code(fx_ask(&c, "tenants.get", "{\"tenant\":\"zzz\"}")),
        "not_found");
    fx_close(&c);
}

static void names_and_roles_are_checked(void **state) {
    static const struct {
        const char *params, *code;
    } rows[] = {
        {"{\"name\":\"Ayse\",\"role\":\"staff\"}", "invalid"},
        {"{\"name\":\"root\",\"role\":\"staff\"}", "exists"},
        {"{\"name\":\"system\",\"role\":\"staff\"}", "exists"},
        {"{\"name\":\"o\",\"role\":\"owner\"}", "invalid"},
        {"{\"name\":\"o\",\"role\":\"owner\",\"tenant\":\"zzz\"}", "not_found"},
        {"{\"name\":\"o\",\"role\":\"staff\",\"tenant\":\"main\"}", "invalid"},
        {"{\"name\":\"o\",\"role\":\"admin\",\"stores\":[\"alpine\"]}",
         "invalid"},
        {"{\"name\":\"o\",\"role\":\"staff\",\"stores\":[\"zzz\"]}",
         "not_found"},
    };
    struct fx_client c;
    fx_connect_as(*state, &c, 0);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        assert_string_equal(fx_code(fx_ask(&c, "users.invite", rows[i].params)),
                            rows[i].code);
    (void)fx_ok(&c, "users.invite", "{\"name\":\"o\",\"role\":\"staff\"}");
    assert_string_equal(fx_code(fx_ask(&c, "users.invite",
                                       "{\"name\":\"o\",\"role\":\"staff\"}")),
                        "exists");
    assert_string_equal(
        fx_code(
            fx_ask(&c, "users.link", "{\"user\":\"o\",\"account\":\"root\"}")),
        "invalid");
    assert_string_equal(
        fx_code(fx_ask(&c, "users.link",
                       "{\"user\":\"o\",\"account\":\"no-such-account\"}")),
        "invalid");
    const struct json *r =
        fx_ok(&c, "users.link", "{\"user\":\"o\",\"account\":\"daemon\"}");
    assert_int_equal(json_count(json_get(r, "accounts")), 1);
    r = fx_ok(&c, "users.unlink", "{\"user\":\"o\",\"account\":\"daemon\"}");
    assert_int_equal(json_count(json_get(r, "accounts")), 0);
    fx_close(&c);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, fx_setup, fx_teardown)

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(the_console_is_admin_and_strangers_are_guests),
        TEST(nobody_is_no_identity),
        TEST(a_link_needs_number_and_name),
        TEST(a_password_lets_in),
        TEST(wrong_tries_close_a_name_to_that_place_alone),
        TEST(a_place_tries_only_so_often),
        TEST(the_deactivated_are_out_at_once),
        TEST(a_token_goes_on_after_a_restart),
        TEST(a_sixth_session_ends_the_longest_unused),
        TEST(sessions_of_others_are_not_to_be_found),
        TEST(dangerous_acts_ask_again),
        TEST(keys_of_shops_ask_again),
        TEST(a_script_may_no_more_than_its_token),
        TEST(a_code_of_the_app_is_asked_for_and_works_once),
        TEST(who_must_have_an_authenticator_sets_one_up_first),
        TEST(linked_accounts_are_asked_where_it_was_said),
        TEST(another_password_ends_the_other_sessions),
        TEST(the_console_acts_as_somebody_and_says_so),
        TEST(what_users_see_changes_at_once),
        TEST(secrets_are_told_once_and_kept_nowhere),
        TEST(every_sign_in_is_written_down),
        TEST(the_last_admin_stays),
        TEST(a_tenant_knows_its_stores_and_owners),
        TEST(names_and_roles_are_checked),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
