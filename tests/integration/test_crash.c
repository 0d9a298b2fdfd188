/* kill -9 of the real daemon at any moment: it starts again, goes on where it
 * was, and ends with the shop's own truth; what it answered stays. The moments
 * come from a seed (CRASH_SEED); CRASH_KILLS makes it a long run. */
#include <poll.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/lib/test.h"
#include "tests/lib/world.h"

enum { KILLS = 8, MOMENT_MS = 350, AGAIN_MS = 50, IDS = 64 };

static uint64_t chance_state;
static int kills_wanted = KILLS; /* of each round */
static int kills_done;

static unsigned chance(unsigned below) {
    chance_state ^= chance_state << 13;
    chance_state ^= chance_state >> 7;
    chance_state ^= chance_state << 17;
    return (unsigned)((chance_state >> 11) % below);
}

/* The moment of a kill, which no event decides. */
static void some_time(int max_ms) {
    (void)poll(NULL, 0, (int)chance((unsigned)max_ms));
}

/* --- the file ---------------------------------------------------------- */

/* One value of the database as another program sees it; 0: no row. */
static int64_t look(const struct world *w, const char *sql) {
    char path[128];
    sqlite3 *sq;
    sqlite3_stmt *st = NULL;
    int64_t v = 0;
    (void)snprintf(path, sizeof path, "%s/fulexo.db", w->d.data);
    assert_int_equal(sqlite3_open_v2(path, &sq, SQLITE_OPEN_READONLY, NULL), 0);
    (void)sqlite3_busy_timeout(sq, 5000);
    if (sqlite3_prepare_v2(sq, sql, -1, &st, NULL) != SQLITE_OK)
        fail_msg("%s: %s", sql, sqlite3_errmsg(sq));
    if (sqlite3_step(st) == SQLITE_ROW)
        v = sqlite3_column_int64(st, 0);
    (void)sqlite3_finalize(st);
    (void)sqlite3_close(sq);
    return v;
}

static int64_t scattered_indexes(const struct world *w) {
    return look(w, "SELECT count(*) FROM sqlite_schema WHERE type = 'index' "
                   "AND name IN ('orders_number', 'line_product')");
}

static void assert_sound_file(const struct world *w) {
    assert_int_equal(scattered_indexes(w), 2);
    assert_int_equal(look(w, "SELECT count(*) FROM pragma_integrity_check "
                             "WHERE integrity_check <> 'ok'"),
                     0);
    assert_int_equal(look(w, "SELECT count(*) FROM pragma_foreign_key_check"),
                     0);
}

/* --- killing ----------------------------------------------------------- */

static void kill_daemon(struct world *w) {
    world_disconnect(w);
    daemon_proc_kill(&w->d);
    kills_done++;
}

/* Now, sometimes again while it comes up, and once more. */
static void kill_and_start(struct world *w) {
    kill_daemon(w);
    for (unsigned again = chance(3); again > 0; again--) {
        daemon_proc_launch(&w->d);
        some_time(AGAIN_MS);
        kill_daemon(w);
    }
    daemon_proc_launch(&w->d);
    daemon_proc_wait(&w->d);
    world_connect(w);
}

static void first_shop(struct world *w, const char *storage) {
    world_start(w, "--storage", storage, "--seed", "11", "--orders", "700",
                "--products", "60", "--customers", "140", "--latency", "4",
                NULL);
    world_store(w, "alpine", "");
}

/* Lists answer from counters: they are what the rows say. */
static void assert_true_counters(struct world *w) {
    int64_t total = world_number(world_call(w, "orders.counts", "{}"), "total");
    assert_int_equal(total,
                     look(w, "SELECT count(*) FROM orders WHERE gone = 0"));
    (void)world_job(w, "cache.clear", "{}");
    assert_int_equal(
        total, world_number(world_call(w, "orders.counts", "{}"), "total"));
}

static void finish(struct world *w, bool full) {
    (void)world_job(w, "stores.sync", "{\"store\":\"alpine\",\"full\":%s}",
                    full ? "true" : "false");
    world_assert_true(w, 900);
    assert_sound_file(w);
    assert_true_counters(w);
    world_done(w);
}

/* --- what is answered stays ------------------------------------------- */

static void rename_store(struct world *w, int n) {
    (void)world_job(w, "stores.update",
                    "{\"store\":\"alpine\",\"title\":\"title %d\"}", n);
}

static void assert_renamed(struct world *w, int n) {
    char want[32];
    (void)snprintf(want, sizeof want, "title %d", n);
    const struct json *s =
        world_call(w, "stores.get", "{\"store\":\"alpine\"}");
    assert_string_equal(json_string(json_get(s, "title")), want);
}

/* --- rounds ------------------------------------------------------------ */

static void quiet_round(const char *storage) {
    struct world w;
    first_shop(&w, storage);
    for (int before = kills_done; kills_done - before < kills_wanted;) {
        bool renamed = chance(2) == 0;
        if (renamed)
            rename_store(&w, kills_done);
        int n = kills_done;
        some_time(MOMENT_MS);
        kill_and_start(&w);
        if (renamed)
            assert_renamed(&w, n);
    }
    finish(&w, false);
}

static void a_killed_first_sync_ends_true(void **state) {
    (void)state;
    quiet_round("posts");
}

static void the_same_with_order_tables(void **state) {
    (void)state;
    quiet_round("hpos");
}

/* A shopkeeper's acts. Those that move no date are seen by a full read. */
static void live_in_the_shop(struct world *w, bool hidden) {
    static const char *const statuses[] = {"completed", "processing", "on-hold",
                                           "cancelled"};
    int64_t ids[IDS];
    size_t n = world_ids(w, "orders", ids, IDS);
    long long id = ids[chance((unsigned)n)];
    assert_true(n > 0);
    switch (chance(hidden ? 5 : 3)) {
    case 0:
        world_door(w, "orders", "{\"n\":%u}", 1 + chance(5));
        break;
    case 1:
        world_door(w, "edit",
                   "{\"kind\":\"orders\",\"id\":%lld,"
                   "\"patch\":{\"status\":\"%s\"}}",
                   id, statuses[chance(4)]);
        break;
    case 2:
        world_door(w, "delete",
                   "{\"kind\":\"orders\",\"id\":%lld,\"trash\":true}", id);
        break;
    case 3:
        world_door(w, "delete", "{\"kind\":\"orders\",\"id\":%lld}", id);
        break;
    default:
        world_door(w, "edit",
                   "{\"kind\":\"orders\",\"id\":%lld,\"move_date\":false,"
                   "\"patch\":{\"customer_note\":\"kill %d\"}}",
                   id, kills_done);
    }
}

static void lively_round(bool hidden) {
    struct world w;
    first_shop(&w, "hpos");
    for (int before = kills_done; kills_done - before < kills_wanted;) {
        some_time(MOMENT_MS);
        live_in_the_shop(&w, hidden);
        some_time(AGAIN_MS);
        kill_and_start(&w);
        live_in_the_shop(&w, hidden);
    }
    finish(&w, hidden);
}

static void a_shop_that_sells_meanwhile_ends_true(void **state) {
    (void)state;
    lively_round(false);
}

static void so_does_one_that_deletes(void **state) {
    (void)state;
    lively_round(true);
}

/* --- moments of their own ---------------------------------------------- */

static bool indexes_are_away(struct world *w, void *arg) {
    (void)arg;
    return scattered_indexes(w) == 0;
}

static bool indexes_are_back(struct world *w, void *arg) {
    (void)arg;
    return scattered_indexes(w) == 2;
}

static void without_its_indexes_it_makes_them_again(void **state) {
    (void)state;
    struct world w;
    world_start(&w, "--storage", "hpos", "--seed", "5", "--orders", "700",
                "--products", "60", "--customers", "140", "--latency", "40",
                NULL);
    world_store(&w, "alpine", ",\"paused\":true");
    (void)world_call(&w, "stores.resume", "{\"store\":\"alpine\"}");
    assert_true(world_until(&w, indexes_are_away, NULL, 10000));
    kill_daemon(&w);
    assert_int_equal(scattered_indexes(&w), 0);
    daemon_proc_start(&w.d, NULL);
    world_connect(&w);
    assert_true(world_until(&w, indexes_are_back, NULL, WORLD_JOB_MS));
    kill_and_start(&w);
    finish(&w, false);
}

static void a_store_is_made_whole_or_not_at_all(void **state) {
    (void)state;
    struct world w;
    world_start(&w, "--orders", "20", "--products", "5", "--customers", "5",
                "--latency", "3", NULL);
    for (int i = 0; i < kills_wanted; i++) {
        char params[256];
        (void)snprintf(params, sizeof params,
                       "{\"name\":\"s%d\",\"url\":\"%s/?%d\",\"key\":"
                       "\"ck_demo\",\"secret\":\"cs_demo\",\"allow_http\":"
                       "true}",
                       i, w.shop.url, i);
        (void)rpc_client_post(&w.c, "stores.create", params);
        some_time(MOMENT_MS / 2);
        kill_and_start(&w);
        const struct json *l = world_call(&w, "stores.list", "{}");
        size_t n = json_count(json_get(l, "items"));
        assert_true(n <= 1);
        if (n == 1)
            break;
    }
    const struct json *l = world_call(&w, "stores.list", "{}");
    if (json_count(json_get(l, "items")) == 0)
        world_store(&w, "alpine", "");
    (void)world_job(&w, "stores.sync", "{\"all\":true}");
    world_assert_true(&w, 30);
    world_done(&w);
}

/* --- a stop that was asked for ----------------------------------------- */

static void stop_and_finish(struct world *w) {
    int64_t began = world_mono();
    world_disconnect(w);
    assert_int_equal(daemon_proc_stop(&w->d), 0);
    assert_true(world_mono() - began < 10000);
    free(shop_proc_delete(&w->shop, "faults"));
    world_door(w, "latency", "{\"ms\":0}");
    assert_int_equal(look(w, "SELECT count(*) FROM pragma_integrity_check "
                             "WHERE integrity_check <> 'ok'"),
                     0);
    daemon_proc_start(&w->d, NULL);
    world_connect(w);
    finish(w, false);
}

static void a_stop_loses_nothing(void **state) {
    (void)state;
    struct world w;
    first_shop(&w, "hpos");
    rename_store(&w, 7);
    some_time(MOMENT_MS);
    world_disconnect(&w);
    assert_int_equal(daemon_proc_stop(&w.d), 0);
    daemon_proc_start(&w.d, NULL);
    world_connect(&w);
    assert_renamed(&w, 7);
    finish(&w, false);
}

static void a_shop_that_hangs_holds_no_stop_up(void **state) {
    (void)state;
    struct world w;
    first_shop(&w, "hpos");
    world_door(&w, "faults", "{\"kind\":\"hang\"}");
    int64_t job = rpc_client_post(&w.c, "stores.verify", "{}");
    (void)rpc_client_wait(&w.c, job, WORLD_JOB_MS);
    stop_and_finish(&w);
}

/* --- */

static long long setting(const char *name, long long otherwise) {
    const char *v = getenv(name);
    return v ? strtoll(v, NULL, 10) : otherwise;
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_killed_first_sync_ends_true),
        cmocka_unit_test(the_same_with_order_tables),
        cmocka_unit_test(a_shop_that_sells_meanwhile_ends_true),
        cmocka_unit_test(so_does_one_that_deletes),
        cmocka_unit_test(without_its_indexes_it_makes_them_again),
        cmocka_unit_test(a_store_is_made_whole_or_not_at_all),
        cmocka_unit_test(a_stop_loses_nothing),
        cmocka_unit_test(a_shop_that_hangs_holds_no_stop_up),
    };
    long long seed = setting("CRASH_SEED", 20261123);
    long long kills = setting("CRASH_KILLS", 0);
    chance_state = (uint64_t)seed * 2654435761u + 1;
    if (kills > 0)
        kills_wanted = (int)(kills / 5 + 1);
    print_message("seed %lld\n", seed);
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    print_message("%d kills, seed %lld\n", kills_done, seed);
    return failed;
}
