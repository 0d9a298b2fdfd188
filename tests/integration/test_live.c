/* What happens in a shop is told to whoever subscribed: at once, whole, in
 * order, also to who was away while the daemon was started again. */
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/cleanup.h"
#include "tests/lib/test.h"
#include "tests/lib/world.h"

enum { EVENT_MS = 15000, QUIET_MS = 300, N = 6 };

static void mirrored(struct world *w) {
    world_start(w, "--storage", "hpos", "--seed", "3", "--orders", "60",
                "--products", "10", "--customers", "10", NULL);
    world_store(w, "alpine", ",\"paused\":true");
    (void)world_job(w, "stores.sync", "{\"store\":\"alpine\"}");
}

static void synced(struct world *w) {
    (void)world_job(w, "stores.sync",
                    "{\"store\":\"alpine\",\"only\":[\"orders\"]}");
}

static int64_t subscribe(struct rpc_client *c, const char *params) {
    const struct json *r = rpc_call_ok(c, "events.subscribe", params);
    bool again = true;
    assert_int_equal(json_bool(json_get(r, "resync"), false, &again), 0);
    assert_false(again);
    return world_number(r, "seq");
}

static void edit(struct world *w, int64_t id, const char *status) {
    world_door(w, "edit",
               "{\"kind\":\"orders\",\"id\":%lld,"
               "\"patch\":{\"status\":\"%s\"}}",
               (long long)id, status);
}

/* The status it does not have. */
static void turn(struct world *w, int64_t id) {
    char path[64];
    (void)snprintf(path, sizeof path, "object?kind=orders&id=%lld",
                   (long long)id);
    AUTO_FREE char *text = shop_proc_admin(&w->shop, path, NULL);
    edit(w, id,
         strstr(text, "\"status\":\"on-hold\"") ? "processing" : "on-hold");
}

static void ref_of(int64_t id, char ref[48]) {
    (void)snprintf(ref, 48, "alpine:%lld", (long long)id);
}

static void assert_text(const struct json *where, const char *got,
                        const char *want) {
    AUTO_BUF struct buf b = BUF_INIT;
    if (got && strcmp(got, want) == 0)
        return;
    json_print(&b, where);
    fail_msg("not '%s' in %s", want, buf_str(&b));
}

/* The next event of orders is that one's. */
static int64_t assert_event(struct rpc_client *c, int64_t id) {
    char ref[48];
    ref_of(id, ref);
    const struct json *e = rpc_client_event(c, "order", EVENT_MS);
    assert_non_null(e);
    assert_text(e, json_string(json_get(e, "ref")), ref);
    assert_text(e, json_string(json_get(e, "store")), "alpine");
    return world_number(e, "seq");
}

static void assert_status(struct rpc_client *c, int64_t id, const char *want) {
    char params[80];
    (void)snprintf(params, sizeof params, "{\"ref\":\"alpine:%lld\"}",
                   (long long)id);
    const struct json *o = rpc_call_ok(c, "orders.get", params);
    assert_string_equal(json_string(json_get(o, "status")), want);
}

/* --- */

static void an_edit_arrives(void **state) {
    (void)state;
    struct world w;
    struct rpc_client c;
    int64_t ids[N];
    mirrored(&w);
    assert_int_equal(world_ids(&w, "orders", ids, N), N);
    rpc_client_connect(&c, w.d.socket, true);
    int64_t seq = subscribe(&c, "{\"topics\":[\"order\"]}");
    edit(&w, ids[2], "failed");
    synced(&w);
    assert_true(assert_event(&c, ids[2]) > seq);
    assert_status(&c, ids[2], "failed");
    rpc_client_close(&c);
    world_done(&w);
}

/* Nobody asks: the schedule finds it. */
static void an_edit_arrives_by_itself(void **state) {
    (void)state;
    struct world w = {0};
    int64_t ids[1];
    char file[96];
    shop_proc_start(&w.shop, "--storage", "hpos", "--orders", "20",
                    "--products", "5", "--customers", "5", NULL);
    daemon_proc_init(&w.d);
    (void)snprintf(file, sizeof file, "%s/fulexo.yaml", w.d.dir);
    FILE *f = fopen(file, "we");
    assert_non_null(f);
    (void)fputs("sync:\n  interval: 10s\n  interval_open: 10s\n"
                "  requests_per_hour: 100000\n",
                f);
    assert_int_equal(fclose(f), 0);
    daemon_proc_start(&w.d, "--config", file, NULL);
    world_connect(&w);
    world_store(&w, "alpine", "");
    (void)world_job(&w, "stores.sync", "{\"store\":\"alpine\"}");
    assert_int_equal(world_ids(&w, "orders", ids, 1), 1);
    (void)subscribe(&w.c, "{\"topics\":[\"order\"]}");
    edit(&w, ids[0], "failed");
    const struct json *e = rpc_client_event(&w.c, "order", 2 * EVENT_MS);
    assert_non_null(e);
    assert_status(&w.c, ids[0], "failed");
    world_done(&w);
}

static void a_first_sync_tells_how_far_it_is(void **state) {
    (void)state;
    struct world w;
    struct rpc_client c;
    world_start(&w, "--orders", "500", "--products", "40", "--latency", "30",
                NULL);
    rpc_client_connect(&c, w.d.socket, true);
    (void)subscribe(&c, "{\"topics\":[\"sync\",\"job\"]}");
    world_store(&w, "alpine", "");
    (void)rpc_client_post(&w.c, "stores.sync", "{\"store\":\"alpine\"}");
    int moved = 0;
    int64_t best = 0, done, total;
    const struct json *e;
    while (moved < 2 && (e = rpc_client_event(&c, "sync", EVENT_MS))) {
        const struct json *p = json_get(json_get(e, "data"), "progress");
        if (json_i64(json_get(p, "done"), false, &done) < 0 || done == 0)
            continue;
        moved += done != best;
        best = done;
        if (json_i64(json_get(p, "total"), false, &total) == 0)
            assert_true(done <= total);
    }
    assert_int_equal(moved, 2);
    while ((e = rpc_client_event(&c, "job", EVENT_MS))) {
        const char *s = json_string(json_get(json_get(e, "data"), "state"));
        const char *m = json_string(json_get(json_get(e, "data"), "method"));
        if (s && strcmp(s, "done") == 0 && strcmp(m, "stores.sync") == 0)
            break;
    }
    assert_non_null(e);
    rpc_client_close(&c);
    world_done(&w);
}

/* --- away -------------------------------------------------------------- */

static void who_was_away_is_told_in_order(void **state) {
    (void)state;
    struct world w;
    int64_t ids[N];
    char params[64];
    mirrored(&w);
    assert_int_equal(world_ids(&w, "orders", ids, N), N);
    int64_t seen = subscribe(&w.c, "{\"topics\":[\"order\"]}");
    for (int i = 0; i < N; i++) {
        turn(&w, ids[i]);
        synced(&w);
        if (i == N / 2) {
            world_disconnect(&w);
            daemon_proc_kill(&w.d);
            daemon_proc_start(&w.d, NULL);
            world_connect(&w);
        }
    }
    (void)snprintf(params, sizeof params,
                   "{\"since\":%lld,\"topics\":[\"order\"]}", (long long)seen);
    world_disconnect(&w);
    world_connect(&w);
    (void)subscribe(&w.c, params);
    for (int i = 0; i < N; i++) {
        int64_t seq = assert_event(&w.c, ids[i]);
        assert_true(seq > seen);
        seen = seq;
    }
    assert_null(rpc_client_event(&w.c, "order", QUIET_MS));
    world_done(&w);
}

static void forget_the_feed(const struct world *w) {
    char path[128];
    sqlite3 *sq;
    (void)snprintf(path, sizeof path, "%s/fulexo.db", w->d.data);
    assert_int_equal(sqlite3_open(path, &sq), SQLITE_OK);
    assert_int_equal(sqlite3_exec(sq,
                                  "DELETE FROM feed WHERE seq < "
                                  "(SELECT max(seq) FROM feed)",
                                  NULL, NULL, NULL),
                     SQLITE_OK);
    assert_int_equal(sqlite3_close(sq), SQLITE_OK);
}

static bool resync(struct world *w, const char *params) {
    bool again = false;
    const struct json *r = rpc_call_ok(&w->c, "events.subscribe", params);
    assert_int_equal(json_bool(json_get(r, "resync"), false, &again), 0);
    return again;
}

static void who_was_away_too_long_reads_again(void **state) {
    (void)state;
    struct world w;
    mirrored(&w);
    world_disconnect(&w);
    assert_int_equal(daemon_proc_stop(&w.d), 0);
    forget_the_feed(&w);
    daemon_proc_start(&w.d, NULL);
    world_connect(&w);
    assert_true(resync(&w, "{\"since\":1}"));
    /* a number this database has not come to: it is another's */
    assert_true(resync(&w, "{\"since\":4000000000}"));
    assert_false(resync(&w, "{}"));
    world_done(&w);
}

/* --- several ----------------------------------------------------------- */

static void each_client_hears_what_it_asked_for(void **state) {
    (void)state;
    struct world w;
    struct rpc_client a, b, deaf;
    int64_t ids[N];
    mirrored(&w);
    assert_int_equal(world_ids(&w, "orders", ids, N), N);
    rpc_client_connect(&a, w.d.socket, true);
    rpc_client_connect(&b, w.d.socket, true);
    rpc_client_connect(&deaf, w.d.socket, true);
    (void)subscribe(&a, "{\"stores\":[\"alpine\"],\"topics\":[\"order\"]}");
    (void)subscribe(&b, "{}");
    (void)subscribe(&deaf, "{\"topics\":[\"product\"]}");
    turn(&w, ids[0]);
    synced(&w);
    (void)assert_event(&a, ids[0]);
    (void)assert_event(&b, ids[0]);
    (void)rpc_call_ok(&a, "events.unsubscribe", "{}");
    turn(&w, ids[1]);
    synced(&w);
    (void)assert_event(&b, ids[1]);
    assert_null(rpc_client_event(&a, "order", QUIET_MS));
    assert_null(rpc_client_event(&deaf, "order", QUIET_MS));
    rpc_client_close(&a);
    rpc_client_close(&b);
    rpc_client_close(&deaf);
    world_done(&w);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_edit_arrives),
        cmocka_unit_test(a_first_sync_tells_how_far_it_is),
        cmocka_unit_test(who_was_away_is_told_in_order),
        cmocka_unit_test(who_was_away_too_long_reads_again),
        cmocka_unit_test(each_client_hears_what_it_asked_for),
        cmocka_unit_test(an_edit_arrives_by_itself),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
