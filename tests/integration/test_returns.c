/* An order comes back: counted in, looked at, back on the shelf, refunded after
 * a second person's yes; the customer gets each letter once. A real daemon, a
 * demo shop, a mail server. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/str.h"
#include "tests/lib/shape.h"
#include "tests/lib/smtp_server.h"
#include "tests/lib/test.h"
#include "tests/lib/world.h"

enum { SETTLE_MS = 30000, CAN = 54411 /* an account */ };

struct depot {
    struct world w;
    struct smtp_server *server;
    int64_t order, line, product;
    char sku[64];
};

static const char *text_of(const struct json *v, const char *key) {
    const char *s = json_string(json_get(v, key));
    return s ? s : "";
}

static char *object(struct world *w, const char *kind, int64_t id) {
    char path[96];
    (void)snprintf(path, sizeof path, "object?kind=%s&id=%lld", kind,
                   (long long)id);
    return shop_proc_admin(&w->shop, path, NULL);
}

static int64_t stock_of(struct world *w, int64_t id) {
    AUTO_FREE char *o = object(w, "products", id);
    const char *at = strstr(o, "\"stock_quantity\":");
    return at ? strtoll(at + 17, NULL, 10) : -1;
}

/* A line of a simple product whose stock the shop counts. */
static bool fits(struct depot *d, const struct json *line) {
    int64_t product = world_number(line, "product_id");
    if (world_number(line, "variation_id") != 0 || product == 0 ||
        !*text_of(line, "sku"))
        return false;
    AUTO_FREE char *o = object(&d->w, "products", product);
    if (!strstr(o, "\"manage_stock\":true"))
        return false;
    d->line = world_number(line, "id");
    d->product = product;
    (void)snprintf(d->sku, sizeof d->sku, "%s", text_of(line, "sku"));
    return true;
}

static void choose_order(struct depot *d) {
    const struct json *r =
        world_call(&d->w, "orders.list",
                   "{\"filter\":\"status:processing,completed\","
                   "\"limit\":200}");
    int64_t ids[200];
    size_t n = 0;
    for (const struct json *o = json_first(json_get(r, "items")); o;
         o = json_next(o))
        if (*text_of(o, "email"))
            ids[n++] = world_number(o, "remote_id");
    for (size_t i = 0; i < n; i++) {
        r = world_call(&d->w, "orders.get", "{\"ref\":\"alpine:%lld\"}",
                       (long long)ids[i]);
        const struct json *l = json_first(json_get(r, "line_items"));
        while (l && !fits(d, l))
            l = json_next(l);
        d->order = ids[i];
        if (l)
            return;
    }
    fail_msg("no order fits");
}

static void start(struct depot *d) {
    char yaml[300];
    memset(d, 0, sizeof *d);
    d->server = smtp_server_start(false, NULL);
    world_start(&d->w, "--seed", "7", "--orders", "40", "--products", "20",
                NULL);
    world_disconnect(&d->w);
    assert_int_equal(daemon_proc_stop(&d->w.d), 0);
    (void)snprintf(yaml, sizeof yaml,
                   "sync:\n  interval: 1h\nmail:\n"
                   "  server: smtp://127.0.0.1:%d\n"
                   "  from: depot@example.test\n  tls: optional\n",
                   smtp_server_port(d->server));
    daemon_proc_configure(&d->w.d, yaml);
    daemon_proc_start(&d->w.d, NULL);
    world_connect(&d->w);
    world_store(&d->w, "alpine", "");
    (void)world_job(&d->w, "stores.sync", "{\"store\":\"alpine\"}");
    choose_order(d);
}

static void end(struct depot *d) {
    world_done(&d->w);
    smtp_server_stop(d->server);
}

static const struct json *act(struct depot *d, const char *verb,
                              const char *more) {
    char method[40];
    (void)snprintf(method, sizeof method, "returns.%s", verb);
    return world_call(&d->w, method, "{\"return\":\"R-1\"%s}", more);
}

static const char *refused(struct depot *d, const char *verb,
                           const char *more) {
    char method[40];
    char params[200];
    (void)snprintf(method, sizeof method, "returns.%s", verb);
    (void)snprintf(params, sizeof params, "{\"return\":\"R-1\"%s}", more);
    const struct json *e = rpc_call_error(&d->w.c, method, params);
    return text_of(json_get(e, "data"), "code");
}

/* What a screen shows as possible. */
static bool offered(struct depot *d, const char *verb) {
    const struct json *r =
        world_call(&d->w, "returns.get", "{\"return\":\"R-1\"}");
    const struct json *can = json_first(json_get(r, "can"));
    while (can && !str_eq(json_string(can), verb))
        can = json_next(can);
    return can != NULL;
}

static const char *state_of(struct world *w) {
    return text_of(world_call(w, "returns.get", "{\"return\":\"R-1\"}"),
                   "state");
}

static bool return_is(struct world *w, void *arg) {
    return strcmp(state_of(w), arg) == 0;
}

static bool change_is_done(struct world *w, void *arg) {
    const struct json *r =
        world_call(w, "changes.get", "{\"id\":\"%s\"}", (const char *)arg);
    return strcmp(text_of(r, "state"), "confirmed") == 0;
}

static void first_change(const struct json *ack, char dst[32]) {
    const char *id = json_string(json_first(json_get(ack, "changes")));
    assert_non_null(id);
    (void)snprintf(dst, 32, "%s", id);
}

/* A connection of another account, which only root can make: whoever runs the
 * daemon is no second person. */
static void connect_as(struct depot *d, struct rpc_client *c, uid_t uid) {
    assert_int_equal(chmod(d->w.d.dir, 0711), 0);
    assert_int_equal(chmod(d->w.d.socket, 0666), 0);
    assert_int_equal(seteuid(uid), 0);
    rpc_client_connect(c, d->w.d.socket, true);
    assert_int_equal(seteuid(0), 0);
}

static void approve(struct depot *d, const char *change) {
    struct rpc_client c;
    char params[160];
    const struct json *r = world_call(&d->w, "users.invite",
                                      "{\"name\":\"can\",\"role\":\"admin\"}");
    (void)snprintf(params, sizeof params,
                   "{\"user\":\"can\",\"code\":\"%s\",\"password\":"
                   "\"correct horse battery\"}",
                   text_of(r, "code"));
    connect_as(d, &c, CAN);
    (void)rpc_call_ok(&c, "session.accept", params);
    (void)snprintf(params, sizeof params, "{\"id\":\"%s\"}", change);
    (void)rpc_call_ok(&c, "changes.approve", params);
    rpc_client_close(&c);
}

/* --- the tale ----------------------------------------------------------------
 */

static void opened(struct depot *d) {
    const struct json *r = world_call(
        &d->w, "returns.create",
        "{\"ref\":\"alpine:%lld\",\"reason\":\"defective\",\"lines\":[{"
        "\"line\":%lld,\"quantity\":1}],\"note\":\"a seam is open\"}",
        (long long)d->order, (long long)d->line);
    assert_string_equal(text_of(r, "return"), "R-1");
    assert_string_equal(text_of(r, "state"), "requested");
    assert_string_equal(refused(d, "receive", ",\"line\":1"), "conflict");
    assert_string_equal(refused(d, "notify", ",\"letter\":\"return_approved\""),
                        "conflict");
    (void)act(d, "approve", ",\"note\":\"Send it to Liman Cd. 4.\"");
    r = act(d, "preview", ",\"letter\":\"return_approved\",\"lang\":\"en\"");
    assert_non_null(strstr(text_of(r, "body"), "Send it to Liman Cd. 4."));
    (void)act(d, "notify", ",\"letter\":\"return_approved\"");
    assert_string_equal(refused(d, "notify", ",\"letter\":\"return_approved\""),
                        "exists");
    assert_true(smtp_server_wait(d->server, 1, SETTLE_MS));
}

static void counted_in(struct depot *d) {
    char more[120];
    assert_string_equal(refused(d, "receive", ",\"code\":\"NOT-OURS\""),
                        "not_found");
    (void)snprintf(more, sizeof more, ",\"code\":\"%s\"", d->sku);
    const struct json *r = act(d, "receive", more);
    assert_string_equal(text_of(r, "received"), "1");
    assert_string_equal(refused(d, "receive", more), "range");
    (void)act(d, "inspect", ",\"fate\":\"restock\"");
    assert_string_equal(state_of(&d->w), "inspected");
}

static void back_on_the_shelf(struct depot *d) {
    char change[32];
    int64_t before = stock_of(&d->w, d->product);
    assert_true(offered(d, "restock"));
    first_change(act(d, "restock", ""), change);
    assert_false(offered(d, "restock"));
    assert_string_equal(refused(d, "restock", ""), "conflict");
    assert_true(world_until(&d->w, change_is_done, change, SETTLE_MS));
    assert_int_equal(stock_of(&d->w, d->product), before + 1);
}

static void shape_is_told(struct depot *d) {
    AUTO_BUF struct buf fault = BUF_INIT;
    struct rpc_client c;
    rpc_client_connect(&c, d->w.d.socket, true);
    const struct json *doc = rpc_call_ok(&c, "rpc.discover", "{}");
    const struct json *m = json_first(json_get(doc, "methods"));
    while (m && strcmp(text_of(m, "name"), "returns.get") != 0)
        m = json_next(m);
    const struct json *r =
        world_call(&d->w, "returns.get", "{\"return\":\"R-1\"}");
    if (!shape_matches(doc, json_get(json_get(m, "result"), "schema"), r,
                       &fault))
        fail_msg("returns.get: %s", buf_str(&fault));
    rpc_client_close(&c);
}

static void an_order_comes_back(void **state) {
    struct depot d;
    char change[32], refunded[] = "refunded";
    (void)state;
    start(&d);
    opened(&d);
    counted_in(&d);
    back_on_the_shelf(&d);
    first_change(act(&d, "refund", ""), change);
    assert_string_equal(refused(&d, "refund", ""), "conflict");
    assert_string_equal(refused(&d, "close", ""), "conflict");
    shape_is_told(&d);
    if (getuid() != 0) { /* nobody else can be made here */
        end(&d);
        return;
    }
    approve(&d, change);
    assert_true(world_until(&d.w, return_is, refunded, SETTLE_MS));
    (void)act(&d, "notify", ",\"letter\":\"return_refunded\"");
    assert_true(smtp_server_wait(d.server, 2, SETTLE_MS));
    (void)act(&d, "close", "");
    assert_int_equal(smtp_server_letters(d.server), 2);
    end(&d);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(an_order_comes_back)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
