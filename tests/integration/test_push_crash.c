/* kill -9 of the real daemon while changes are on their way to a shop that
 * loses answers and does things late: whatever was answered to a person happens
 * at the shop exactly once. The moments come from a seed (CRASH_SEED). */
#include <poll.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/str.h"
#include "tests/lib/test.h"
#include "tests/lib/world.h"

enum { KILLS = 6, MOMENT_MS = 400, WRITES = 3, IDS = 32, DONE_MS = 60000 };

static uint64_t chance_state = 88172645463325252u;

static unsigned chance(unsigned below) {
    chance_state ^= chance_state << 13;
    chance_state ^= chance_state >> 7;
    chance_state ^= chance_state << 17;
    return (unsigned)((chance_state >> 11) % below);
}

struct crash {
    struct world w;
    char config[96];
    int64_t orders[IDS], product, stock;
    size_t n_orders;
    int written, taken; /* notes that were answered, pieces */
    bool noted[256];    /* note n was answered */
};

/* --- the daemon ---------------------------------------------------------- */

static void start(struct crash *c) {
    daemon_proc_start(&c->w.d, "--config", c->config, NULL);
    world_connect(&c->w);
}

static void kill_daemon(struct crash *c) {
    world_disconnect(&c->w);
    daemon_proc_kill(&c->w.d);
}

/* The shop says 30 seconds, after which nothing can land; it lands what it
 * lands late within one. */
static void hurry(const struct crash *c) {
    char path[128];
    sqlite3 *sq;
    (void)snprintf(path, sizeof path, "%s/fulexo.db", c->w.d.data);
    assert_int_equal(sqlite3_open(path, &sq), SQLITE_OK);
    assert_int_equal(sqlite3_exec(sq,
                                  "UPDATE store SET caps = "
                                  "json_set(caps, '$.php_time_limit_s', 0)",
                                  NULL, NULL, NULL),
                     SQLITE_OK);
    (void)sqlite3_close(sq);
}

static void configure(struct crash *c) {
    (void)snprintf(c->config, sizeof c->config, "%s/fulexo.yaml", c->w.d.dir);
    FILE *f = fopen(c->config, "we");
    assert_non_null(f);
    assert_true(fputs("sync:\n  unknown_quiet: 1s\n", f) >= 0);
    assert_int_equal(fclose(f), 0);
}

static int64_t stock_of(struct crash *c) {
    char path[64];
    int64_t n = 0;
    (void)snprintf(path, sizeof path, "object?kind=products&id=%lld",
                   (long long)c->product);
    AUTO_FREE char *text = shop_proc_admin(&c->w.shop, path, NULL);
    const char *at = strstr(text, "\"stock_quantity\":");
    assert_non_null(at);
    n = strtoll(at + 17, NULL, 10);
    return n;
}

static int64_t a_product(struct crash *c) {
    int64_t ids[IDS];
    size_t n = world_ids(&c->w, "products", ids, IDS);
    for (size_t i = 0; i < n; i++) {
        char path[64];
        (void)snprintf(path, sizeof path, "object?kind=products&id=%lld",
                       (long long)ids[i]);
        AUTO_FREE char *text = shop_proc_admin(&c->w.shop, path, NULL);
        if (strstr(text, "\"manage_stock\":true") &&
            !strstr(text, "\"status\":\"trash\""))
            return ids[i];
    }
    fail_msg("no product has stock");
    return 0;
}

static void setup(struct crash *c, const char *storage) {
    memset(c, 0, sizeof *c);
    world_start(&c->w, "--storage", storage, "--seed", "4", "--orders", "60",
                "--products", "12", "--customers", "6", "--trust-http", NULL);
    configure(c);
    world_store(&c->w, "alpine", "");
    (void)world_job(&c->w, "stores.sync", "{\"store\":\"alpine\"}");
    kill_daemon(c);
    hurry(c);
    start(c);
    c->n_orders = world_ids(&c->w, "orders", c->orders, IDS);
    c->product = a_product(c);
    c->stock = stock_of(c);
}

/* --- people -------------------------------------------------------------- */

static void write_one(struct crash *c) {
    char request[40];
    int n = c->written++;
    (void)snprintf(request, sizeof request, "write-%d", n);
    if (chance(3) > 0) {
        (void)world_call(&c->w, "orders.note",
                         "{\"ref\":\"alpine:%lld\",\"text\":\"note %d.\","
                         "\"request_id\":\"%s\"}",
                         (long long)c->orders[chance((unsigned)c->n_orders)], n,
                         request);
        c->noted[n] = true;
        return;
    }
    (void)world_call(&c->w, "inventory.adjust",
                     "{\"ref\":\"alpine:%lld\",\"delta\":\"-1\","
                     "\"request_id\":\"%s\"}",
                     (long long)c->product, request);
    c->taken++;
}

/* --- the end ------------------------------------------------------------- */

static bool all_through(struct world *w, void *arg) {
    (void)arg;
    const struct json *l =
        json_get(rpc_call_ok(&w->c, "changes.list",
                             "{\"filter\":\"state:queued,sending,unknown\"}"),
                 "items");
    return json_count(l) == 0;
}

static int times(const char *all, const char *what) {
    int n = 0;
    for (const char *p = all; (p = strstr(p, what)); p++)
        n++;
    return n;
}

/* All notes of the shop, as text. */
static void read_notes(struct crash *c, struct buf *all) {
    int64_t ids[512];
    size_t n = world_ids(&c->w, "notes", ids, 512);
    for (size_t i = 0; i < n; i++) {
        char path[64];
        (void)snprintf(path, sizeof path, "object?kind=notes&id=%lld",
                       (long long)ids[i]);
        AUTO_FREE char *text = shop_proc_admin(&c->w.shop, path, NULL);
        buf_adds(all, text);
    }
}

static void assert_once(struct crash *c) {
    AUTO_BUF struct buf all = BUF_INIT;
    read_notes(c, &all);
    for (int n = 0; n < c->written; n++) {
        char text[24];
        (void)snprintf(text, sizeof text, "\"note %d.\"", n);
        if (times(buf_str(&all), text) != (c->noted[n] ? 1 : 0))
            fail_msg("%s is there %d times", text, times(buf_str(&all), text));
    }
    assert_int_equal(stock_of(c), c->stock - c->taken);
}

static void round_of(const char *storage) {
    struct crash c;
    setup(&c, storage);
    world_door(&c.w, "faults",
               "[{\"kind\":\"lost\",\"method\":\"write\",\"per_mille\":250},"
               "{\"kind\":\"late\",\"method\":\"write\",\"per_mille\":250,"
               "\"value\":600},{\"kind\":\"slow\",\"method\":\"write\","
               "\"per_mille\":500,\"value\":200}]");
    for (int i = 0; i < KILLS; i++) {
        for (int k = 0; k < WRITES; k++)
            write_one(&c);
        (void)poll(NULL, 0, (int)chance(MOMENT_MS));
        kill_daemon(&c);
        start(&c);
    }
    free(shop_proc_delete(&c.w.shop, "faults"));
    assert_true(world_until(&c.w, all_through, NULL, DONE_MS));
    assert_once(&c);
    world_done(&c.w);
}

static void every_change_happens_once_on_posts(void **state) {
    (void)state;
    round_of("posts");
}

static void every_change_happens_once_on_hpos(void **state) {
    (void)state;
    round_of("hpos");
}

int main(void) {
    const char *seed = getenv("CRASH_SEED");
    int64_t v;
    if (seed && str_to_i64(seed, 1, INT64_MAX, &v) == 0)
        chance_state = (uint64_t)v;
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_change_happens_once_on_posts),
        cmocka_unit_test(every_change_happens_once_on_hpos),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
