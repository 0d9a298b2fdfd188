/* Signing in over HTTP: tokens that work from one place, sessions that end at
 * once, a refresh token that was used before ends them all. */
#include "tests/lib/test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/arena.h"
#include "common/json.h"
#include "common/mem.h"
#include "common/str.h"
#include "tests/lib/daemon.h"
#include "tests/lib/web_client.h"

#define PASSWORD "correct horse battery"
#define LOGIN "{\"user\":\"ayse\",\"password\":\"" PASSWORD "\"}"

static struct daemon_proc d;
static struct rpc_client console;
static int port;
static struct arena *arena;

static int setup(void **state) {
    (void)state;
    arena = arena_new(0);
    daemon_proc_init(&d);
    daemon_proc_start(&d, "--http", "127.0.0.1:0", NULL);
    port = daemon_proc_http(&d);
    rpc_client_connect(&console, d.socket, true);
    const struct json *r = rpc_call_ok(
        &console, "users.invite", "{\"name\":\"ayse\",\"role\":\"staff\"}");
    AUTO_FREE char *params = mem_printf(
        "{\"user\":\"ayse\",\"code\":\"%s\",\"password\":\"" PASSWORD "\"}",
        json_string(json_get(r, "code")));
    struct rpc_client c;
    rpc_client_connect(&c, d.socket, true);
    (void)rpc_call_ok(&c, "session.accept", params);
    rpc_client_close(&c);
    return 0;
}

static int teardown(void **state) {
    (void)state;
    rpc_client_close(&console);
    daemon_proc_done(&d);
    arena_free(arena);
    return 0;
}

/* The answer's JSON; its status must be that. */
static const struct json *answer(struct web_client *c, int status) {
    const struct json *v = NULL;
    int got = web_client_read(c, 20000);
    if (got != status)
        fail_msg("%d instead of %d: %s", got, status, c->body ? c->body : "");
    (void)json_parse(arena, c->body, strlen(c->body), NULL, &v, NULL);
    web_client_close(c);
    return v;
}

static const struct json *post(const char *path, const char *agent,
                               const char *token, const char *body,
                               int status) {
    struct web_client c;
    AUTO_BUF struct buf b = BUF_INIT;
    buf_addf(&b,
             "POST %s HTTP/1.1\r\nHost: x\r\nUser-Agent: %s\r\n"
             "Authorization: Bearer %s\r\nContent-Length: %zu\r\n\r\n%s",
             path, agent, token, strlen(body), body);
    assert_int_equal(web_client_connect(&c, port), 0);
    assert_int_equal(web_client_send(&c, b.data, b.len), 0);
    return answer(&c, status);
}

static const struct json *me(const char *agent, const char *token, int status) {
    struct web_client c;
    AUTO_BUF struct buf more = BUF_INIT;
    buf_addf(&more, "User-Agent: %s\r\nAuthorization: Bearer %s\r\n", agent,
             token);
    int got = web_client_get(&c, port, "/auth/me", buf_str(&more));
    if (got != status)
        fail_msg("%d instead of %d: %s", got, status, c.body ? c.body : "");
    const struct json *v = NULL;
    (void)json_parse(arena, c.body, strlen(c.body), NULL, &v, NULL);
    web_client_close(&c);
    return v;
}

static const char *text(const struct json *v, const char *key) {
    const char *s = json_string(json_path(v, key));
    return s ? s : "";
}

static const struct json *refresh(const char *token, int status) {
    AUTO_FREE char *body = mem_printf("{\"refresh_token\":\"%s\"}", token);
    return post("/auth/refresh", "a/1", "", body, status);
}

static void a_login_is_somebody(void **state) {
    (void)state;
    const struct json *in = post("/auth/login", "a/1", "", LOGIN, 200);
    assert_string_equal(text(in, "token_type"), "Bearer");
    assert_string_equal(text(in, "role"), "staff");
    const char *access = text(in, "access_token");
    assert_string_equal(text(me("a/1", access, 200), "user"), "ayse");
    assert_string_equal(text(me("a/1", "x.y.z", 401), "error.code"), "sign_in");
    /* Another program shows it: asked to sign in. */
    (void)me("b/2", access, 401);
    (void)me("a/1", access, 200);
    (void)post("/auth/logout", "a/1", access, "", 200);
    (void)me("a/1", access, 401);
    (void)refresh(text(in, "refresh_token"), 401);
}

static void a_used_refresh_token_ends_the_session(void **state) {
    (void)state;
    const struct json *in = post("/auth/login", "a/1", "", LOGIN, 200);
    const char *first = text(in, "refresh_token");
    const struct json *next = refresh(first, 200);
    const char *second = text(next, "refresh_token");
    assert_string_not_equal(first, second);
    (void)me("a/1", text(next, "access_token"), 200);
    (void)refresh(first, 401); /* stolen */
    (void)me("a/1", text(next, "access_token"), 401);
    (void)refresh(second, 401);
}

static void the_deactivated_are_out_at_once(void **state) {
    (void)state;
    const struct json *in = post("/auth/login", "a/1", "", LOGIN, 200);
    const char *access = text(in, "access_token");
    (void)me("a/1", access, 200);
    (void)rpc_call_ok(&console, "users.deactivate", "{\"user\":\"ayse\"}");
    (void)me("a/1", access, 401);
    (void)refresh(text(in, "refresh_token"), 401);
    (void)rpc_call_ok(&console, "users.activate", "{\"user\":\"ayse\"}");
    (void)me("a/1", access, 401);
}

static void nobody_learns_what_was_wrong(void **state) {
    (void)state;
    const struct json *a = post("/auth/login", "a/1", "",
                                "{\"user\":\"ayse\",\"password\":\"x\"}", 401);
    AUTO_BUF struct buf first = BUF_INIT, second = BUF_INIT;
    json_print(&first, a);
    json_print(&second, post("/auth/login", "a/1", "",
                             "{\"user\":\"zoe\",\"password\":\"x\"}", 401));
    assert_string_equal(buf_str(&first), buf_str(&second));
    assert_string_equal(text(a, "error.code"), "wrong_proof");
    (void)post("/auth/login", "a/1", "", "nonsense", 400);
    (void)post("/auth/login", "a/1", "", "[]", 400);
    (void)post("/auth/login", "a/1", "", "{\"user\":\"ayse\"}", 422);
}

static void the_keys_are_public_and_outlive_a_restart(void **state) {
    (void)state;
    struct web_client c;
    const struct json *in = post("/auth/login", "a/1", "", LOGIN, 200);
    assert_int_equal(web_client_get(&c, port, "/.well-known/jwks.json", ""),
                     200);
    assert_non_null(strstr(c.body, "\"kty\":\"RSA\""));
    assert_null(strstr(c.body, "\"d\":"));
    web_client_close(&c);
    rpc_client_close(&console);
    assert_int_equal(daemon_proc_stop(&d), 0);
    daemon_proc_start(&d, "--http", "127.0.0.1:0", NULL);
    port = daemon_proc_http(&d);
    rpc_client_connect(&console, d.socket, true);
    (void)me("a/1", text(in, "access_token"), 200);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_login_is_somebody),
        cmocka_unit_test(a_used_refresh_token_ends_the_session),
        cmocka_unit_test(the_keys_are_public_and_outlive_a_restart),
        cmocka_unit_test(the_deactivated_are_out_at_once),
        cmocka_unit_test(nobody_learns_what_was_wrong),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
