/* A customer with very many orders is erased in steps: killed among them, the
 * next start does the rest. */
#include <sqlite3.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "common/mem.h"
#include "tests/lib/test.h"
#include "tests/lib/world.h"

enum { ORDERS = 600 };

static sqlite3 *open_file(const struct world *w) {
    AUTO_FREE char *path = mem_printf("%s/fulexo.db", w->d.data);
    sqlite3 *sq;
    assert_int_equal(sqlite3_open(path, &sq), SQLITE_OK);
    (void)sqlite3_busy_timeout(sq, 5000);
    return sq;
}

static int64_t look(const struct world *w, const char *sql) {
    sqlite3 *sq = open_file(w);
    sqlite3_stmt *st = NULL;
    if (sqlite3_prepare_v2(sq, sql, -1, &st, NULL) != SQLITE_OK)
        fail_msg("%s: %s", sql, sqlite3_errmsg(sq));
    assert_int_equal(sqlite3_step(st), SQLITE_ROW);
    int64_t v = sqlite3_column_int64(st, 0);
    (void)sqlite3_finalize(st);
    (void)sqlite3_close(sq);
    return v;
}

/* With the daemon stopped: ORDERS finished orders of one account, "x@y". */
static void make_orders(const struct world *w) {
    sqlite3 *sq = open_file(w);
    AUTO_FREE char *sql = mem_printf(
        "UPDATE contact SET email = 'x@y', email_key = 'x@y' WHERE id = "
        "(SELECT "
        "min(id) FROM contact WHERE remote_id > 0);"
        "CREATE TEMP TABLE one AS SELECT * FROM orders ORDER BY id LIMIT 1;"
        "DELETE FROM orders; UPDATE one SET status = 'completed', email = "
        "'x@y',"
        " name = 'X', contact_id = (SELECT id FROM contact WHERE email_key = "
        "'x@y');"
        "CREATE TEMP TRIGGER more AFTER UPDATE ON one WHEN new.id <= %d BEGIN "
        "INSERT INTO orders SELECT * FROM one; END;"
        "UPDATE one SET id = 1, remote_id = 100001;",
        ORDERS);
    AUTO_FREE char *step =
        mem_printf("UPDATE one SET id = id + 1, remote_id = remote_id + 1");
    if (sqlite3_exec(sq, sql, NULL, NULL, NULL) != SQLITE_OK)
        fail_msg("%s", sqlite3_errmsg(sq));
    assert_int_equal(sqlite3_exec(sq, "BEGIN", NULL, NULL, NULL), SQLITE_OK);
    for (int i = 1; i < ORDERS; i++)
        if (sqlite3_exec(sq, step, NULL, NULL, NULL) != SQLITE_OK)
            fail_msg("%s", sqlite3_errmsg(sq));
    assert_int_equal(sqlite3_exec(sq, "COMMIT", NULL, NULL, NULL), SQLITE_OK);
    (void)sqlite3_close(sq);
}

static void killed_among_its_orders_it_is_erased_all_the_same(void **state) {
    (void)state;
    struct world w;
    world_start(&w, "--storage", "hpos", "--orders", "20", "--products", "5",
                "--customers", "5", NULL);
    world_store(&w, "alpine", ",\"paused\":true");
    (void)world_job(&w, "stores.sync", "{\"store\":\"alpine\"}");
    world_disconnect(&w);
    assert_int_equal(daemon_proc_stop(&w.d), 0);
    make_orders(&w);
    assert_int_equal(
        look(&w, "SELECT count(*) FROM orders WHERE email = 'x@y'"), ORDERS);
    int64_t account =
        look(&w, "SELECT remote_id FROM contact WHERE email_key = 'x@y'");
    daemon_proc_start(&w.d, NULL);
    world_connect(&w);
    AUTO_FREE char *params =
        mem_printf("{\"ref\":\"alpine:customer/%lld\",\"confirm\":\"x@y\"}",
                   (long long)account);
    (void)rpc_client_post(&w.c, "customers.erase", params);
    int64_t until = world_mono() + WORLD_JOB_MS, left = ORDERS;
    while (left == ORDERS && world_mono() < until)
        left = look(&w, "SELECT count(*) FROM orders WHERE email = 'x@y'");
    daemon_proc_kill(&w.d);
    left = look(&w, "SELECT count(*) FROM orders WHERE email = 'x@y'");
    assert_true(left < ORDERS); /* it had begun */
    world_disconnect(&w);
    daemon_proc_start(&w.d, NULL);
    world_connect(&w);
    assert_int_equal(
        look(&w, "SELECT count(*) FROM orders WHERE email <> '' OR name <> ''"),
        0);
    assert_int_equal(
        look(&w, "SELECT count(*) FROM erased WHERE kind = 'order'"), ORDERS);
    assert_int_equal(look(&w, "SELECT count(*) FROM erasure WHERE rest = 1"),
                     0);
    assert_int_equal(
        look(&w, "SELECT count(*) FROM contact WHERE email = 'x@y'"), 0);
    world_done(&w);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(killed_among_its_orders_it_is_erased_all_the_same)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
