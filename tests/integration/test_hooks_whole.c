/* A change in the shop is in the mirror because the shop told of it: the next
 * pass is a day away. On posts and on HPOS, each kind of change. */
#include <signal.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/cleanup.h"
#include "common/mem.h"
#include "model/hook.h"
#include "tests/lib/test.h"
#include "tests/lib/world.h"

enum { LIMIT_MS = 60000 };

static struct world w;

/* --- a daemon that shops reach ------------------------------------------- */

static void config_write(int port) {
    char path[128];
    (void)snprintf(path, sizeof path, "%s/fulexo.yaml", w.d.dir);
    FILE *f = fopen(path, "we");
    assert_non_null(f);
    (void)fputs("sync:\n  interval: 1d\n  interval_open: 1d\n  sweep: 7d\n", f);
    if (port)
        (void)fprintf(f, "http:\n  public_url: http://127.0.0.1:%d/\n", port);
    assert_int_equal(fclose(f), 0);
}

/* The port is known once it listens: the address comes with a reload. */
static void start(const char *storage) {
    char path[128];
    memset(&w, 0, sizeof w);
    shop_proc_start(&w.shop, "--storage", storage, "--orders", "12",
                    "--products", "12", "--customers", "6", "--trust-http",
                    NULL);
    daemon_proc_init(&w.d);
    config_write(0);
    (void)snprintf(path, sizeof path, "%s/fulexo.yaml", w.d.dir);
    daemon_proc_start(&w.d, "-c", path, "--http", "127.0.0.1:0", NULL);
    world_connect(&w);
    world_store(&w, "alpine", "");
    config_write(daemon_proc_http(&w.d));
    assert_int_equal(kill(w.d.pid, SIGHUP), 0);
}

static void stop(void) {
    world_disconnect(&w);
    assert_int_equal(daemon_proc_stop(&w.d), 0);
    world_done(&w);
}

/* --- what the mirror says ------------------------------------------------- */

static int64_t ask(const char *sql) {
    char path[128];
    sqlite3 *sq;
    sqlite3_stmt *st;
    (void)snprintf(path, sizeof path, "%s/fulexo.db", w.d.data);
    assert_int_equal(sqlite3_open(path, &sq), SQLITE_OK);
    assert_int_equal(sqlite3_busy_timeout(sq, 10000), SQLITE_OK);
    if (sqlite3_prepare_v2(sq, sql, -1, &st, NULL) != SQLITE_OK)
        fail_msg("%s: %s", sql, sqlite3_errmsg(sq));
    int64_t n =
        sqlite3_step(st) == SQLITE_ROW ? sqlite3_column_int64(st, 0) : -1;
    assert_int_equal(sqlite3_finalize(st), SQLITE_OK);
    assert_int_equal(sqlite3_close(sq), SQLITE_OK);
    return n;
}

static bool holds(struct world *world, void *arg) {
    (void)world;
    return ask(arg) > 0;
}

/* Wait until there is such a row. */
static void until(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
static void until(const char *fmt, ...) {
    va_list ap;
    va_start(ap, fmt);
    AUTO_FREE char *rest = mem_vprintf(fmt, ap);
    va_end(ap);
    AUTO_FREE char *sql = mem_printf("SELECT count(*) FROM %s", rest);
    if (!world_until(&w, holds, sql, LIMIT_MS))
        fail_msg("not in the mirror: %s", sql);
}

/* --- what happens in the shop --------------------------------------------- */

static int64_t rest(const char *method, const char *path, const char *body) {
    AUTO_FREE char *text = shop_proc_rest(&w.shop, method, path, body);
    const char *id = strstr(text, "\"id\":");
    return id ? strtoll(id + 5, NULL, 10) : 0;
}

static const char *at(const char *fmt, int64_t id) {
    static char text[256];
    (void)snprintf(text, sizeof text, fmt, (long long)id);
    return text;
}

#define ID(n) ((long long)(n))

static int64_t order_made(void) {
    int64_t id = rest("POST", "orders",
                      "{\"fee_lines\":[{\"name\":\"x\",\"total\":\"9\"}]}");
    until("orders WHERE remote_id = %lld", ID(id));
    return id;
}

/* What deletes is tried on objects made for it: each of these is one the
 * mirror has learnt by webhook alone. */
static void orders_change(void) {
    int64_t ids[1];
    assert_int_equal(world_ids(&w, "orders", ids, 1), 1);
    world_door(&w, "edit",
               "{\"kind\":\"orders\",\"id\":%lld,\"patch\":{\"billing\":{"
               "\"email\":\"hook@example.test\"}}}",
               ID(ids[0]));
    until("orders WHERE remote_id = %lld AND email = 'hook@example.test'",
          ID(ids[0]));
    int64_t id = order_made();
    world_door(&w, "note", "{\"order_id\":%lld,\"note\":\"told\"}", ID(id));
    until("note WHERE order_remote_id = %lld AND text = 'told'", ID(id));
    (void)rest("DELETE", at("orders/%lld", id), NULL);
    until("orders WHERE remote_id = %lld AND gone = 1", ID(id));
    world_door(&w, "untrash", "{\"kind\":\"orders\",\"id\":%lld}", ID(id));
    until("orders WHERE remote_id = %lld AND gone = 0", ID(id));
    (void)rest("DELETE", at("orders/%lld?force=true", id), NULL);
    until("orders WHERE remote_id = %lld AND gone = 2", ID(id));
}

static void refunds_change(bool hpos) {
    char path[96];
    int64_t order = order_made();
    (void)snprintf(path, sizeof path, "orders/%lld/refunds", ID(order));
    int64_t id = rest("POST", path, "{\"amount\":\"1\",\"api_refund\":false}");
    until("refund WHERE remote_id = %lld AND gone = 0", ID(id));
    if (hpos)
        return; /* there nothing tells of a refund that was deleted */
    (void)snprintf(path, sizeof path, "orders/%lld/refunds/%lld", ID(order),
                   ID(id));
    (void)rest("DELETE", path, NULL);
    until("refund WHERE remote_id = %lld AND gone = 2", ID(id));
}

static void products_change(void) {
    char path[96];
    int64_t id = rest("POST", "products",
                      "{\"name\":\"Hat\",\"regular_price\":\"5\","
                      "\"manage_stock\":true,\"stock_quantity\":9}");
    until("product WHERE remote_id = %lld AND stock_e3 = 9000", ID(id));
    world_door(&w, "sell", "{\"lines\":[{\"product_id\":%lld,\"quantity\":2}]}",
               ID(id));
    until("product WHERE remote_id = %lld AND stock_e3 = 7000", ID(id));
    until("line WHERE product_id = %lld", ID(id));
    (void)rest("DELETE", at("products/%lld", id), NULL);
    until("product WHERE remote_id = %lld AND gone = 1", ID(id));
    world_door(&w, "untrash", "{\"kind\":\"products\",\"id\":%lld}", ID(id));
    until("product WHERE remote_id = %lld AND gone = 0", ID(id));
    (void)rest("DELETE", at("products/%lld?force=true", id), NULL);
    until("product WHERE remote_id = %lld AND gone = 2", ID(id));
    int64_t v = ask("SELECT remote_id FROM product WHERE type = 'variation'");
    int64_t parent = ask(at("SELECT parent_id FROM product WHERE "
                            "remote_id = %lld",
                            v));
    (void)snprintf(path, sizeof path, "products/%lld/variations/%lld",
                   ID(parent), ID(v));
    (void)rest("PUT", path, "{\"manage_stock\":true,\"stock_quantity\":41}");
    until("product WHERE remote_id = %lld AND stock_e3 = 41000", ID(v));
    (void)strncat(path, "?force=true", sizeof path - strlen(path) - 1);
    (void)rest("DELETE", path, NULL);
    until("product WHERE remote_id = %lld AND gone = 2", ID(v));
}

static void customers_change(void) {
    int64_t id = rest("POST", "customers", "{\"email\":\"new@example.test\"}");
    until("contact WHERE remote_id = %lld AND mirrored = 1", ID(id));
    (void)rest("PUT", at("customers/%lld", id),
               "{\"email\":\"newer@example.test\"}");
    until("contact WHERE remote_id = %lld AND email = 'newer@example.test'",
          ID(id));
    (void)rest("DELETE", at("customers/%lld?force=true", id), NULL);
    until("contact WHERE remote_id = %lld AND gone = 2", ID(id));
}

static void changes_are_told(const char *storage) {
    start(storage);
    until("hook WHERE status = 'active' HAVING count(*) = %d", HOOK_TOPICS);
    (void)world_job(&w, "stores.sync", "{\"store\":\"alpine\"}");
    orders_change();
    refunds_change(strcmp(storage, "hpos") == 0);
    products_change();
    customers_change();
    const struct json *s =
        world_call(&w, "stores.get", "{\"store\":\"alpine\"}");
    assert_string_equal(json_string(json_path(s, "hooks.mode")), "webhooks");
    assert_null(json_string(json_path(s, "hooks.reason")));
    assert_non_null(json_string(json_path(s, "hooks.last_delivery")));
    assert_int_equal(json_count(json_path(s, "hooks.topics")), HOOK_TOPICS);
    /* of a variation's parent nothing is told: a pass finds it */
    (void)world_job(&w, "stores.sync", "{\"store\":\"alpine\"}");
    world_assert_true(&w, 20);
    stop();
}

static void a_posts_shop_tells(void **state) {
    (void)state;
    changes_are_told("posts");
}

static void an_hpos_shop_tells(void **state) {
    (void)state;
    changes_are_told("hpos");
}

/* Switched off by hand, and on again: gone there, and another secret. */
static void they_are_switched_off_and_on(void **state) {
    (void)state;
    start("hpos");
    until("hook WHERE status = 'active' HAVING count(*) = %d", HOOK_TOPICS);
    (void)world_job(&w, "stores.update",
                    "{\"store\":\"alpine\",\"webhooks\":false}");
    until("(SELECT 1 WHERE NOT EXISTS (SELECT 1 FROM hook_secret))");
    int64_t ids[1];
    assert_int_equal(world_ids(&w, "webhooks", ids, 1), 0);
    const struct json *s =
        world_call(&w, "stores.get", "{\"store\":\"alpine\"}");
    assert_string_equal(json_string(json_path(s, "hooks.mode")), "poll");
    assert_non_null(json_string(json_path(s, "hooks.reason")));
    (void)world_job(&w, "stores.update",
                    "{\"store\":\"alpine\",\"webhooks\":true}");
    until("hook WHERE status = 'active' HAVING count(*) = %d", HOOK_TOPICS);
    stop();
}

/* Its path as a number: the first letters of 0-9a-f by their places. */
static const char door[] = "SELECT unicode(path) * 1000000000000"
                           " + unicode(substr(path, 2)) * 1000000000"
                           " + unicode(substr(path, 3)) * 1000000"
                           " + unicode(substr(path, 4)) * 1000"
                           " + unicode(substr(path, 5)) AS n FROM hook_secret";

/* Another secret: the webhooks at the shop are the same, and still tell. */
static void the_secret_is_rotated(void **state) {
    (void)state;
    start("hpos");
    until("hook WHERE status = 'active' HAVING count(*) = %d", HOOK_TOPICS);
    int64_t old = ask(door);
    assert_true(old > 0);
    (void)world_call(&w, "stores.rotate_hooks", "{\"store\":\"alpine\"}");
    until("(%s) WHERE n <> %lld", door, (long long)old);
    until("hook WHERE status = 'active' HAVING count(*) = %d", HOOK_TOPICS);
    (void)order_made();
    int64_t ids[2 * HOOK_TOPICS];
    assert_int_equal(world_ids(&w, "webhooks", ids, 2 * HOOK_TOPICS),
                     HOOK_TOPICS);
    stop();
}

/* A copy of the shop that has our secret is told of, and not believed. */
static void a_copy_is_shown(void **state) {
    (void)state;
    int64_t ids[1];
    start("hpos");
    until("hook WHERE status = 'active' HAVING count(*) = %d", HOOK_TOPICS);
    world_door(&w, "faults", "{\"kind\":\"hook_stale_source\"}");
    assert_int_equal(world_ids(&w, "orders", ids, 1), 1);
    (void)rest("PUT", at("orders/%lld", ids[0]), "{\"customer_note\":\"x\"}");
    until("hook_secret WHERE copied_source <> ''");
    const struct json *s =
        world_call(&w, "stores.get", "{\"store\":\"alpine\"}");
    assert_string_equal(json_string(json_path(s, "hooks.copied_source")),
                        "https://staging.example.test/");
    assert_non_null(
        strstr(json_string(json_path(s, "hooks.reason")), "staging"));
    assert_non_null(json_string(json_path(s, "hooks.cure")));
    stop();
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_posts_shop_tells),
        cmocka_unit_test(an_hpos_shop_tells),
        cmocka_unit_test(they_are_switched_off_and_on),
        cmocka_unit_test(the_secret_is_rotated),
        cmocka_unit_test(a_copy_is_shown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
