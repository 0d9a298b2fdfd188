/* kill -9 while shops are written to: at every step of one change, and at
 * random with other people selling and editing in between. What was answered is
 * there afterwards, each change happened at the shop exactly once, and the
 * mirror is the shop's truth.
 *
 * The moments come from a seed (CRASH_SEED); CRASH_KILLS makes it a long run
 * over every kind of change and both storages. */
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/lib/test.h"
#include "tests/lib/world.h"

enum {
    STEPS_MIN = 4, /* accepted, sending, sent, confirmed */
    STEPS_MAX = 60,
    SETTLE_MS = 90000, /* quiet time, two looks, a loaded machine */
    ANSWER_MS = 20000,
    KILLS = 6,
    MOMENT_MS = 250,
    LINES = 64,
    IDS = 512,
};

static const char config[] = "sync:\n  unknown_quiet: 1s\n  interval: 1h\n";

static uint64_t chance_state;
static int kills_wanted; /* 0: the short run */
static int kills_done;

static unsigned chance(unsigned below) {
    chance_state ^= chance_state << 13;
    chance_state ^= chance_state >> 7;
    chance_state ^= chance_state << 17;
    return (unsigned)((chance_state >> 11) % below);
}

static void some_time(int max_ms) {
    (void)poll(NULL, 0, (int)chance((unsigned)max_ms));
}

/* --- the shop ---------------------------------------------------------- */

static char *object(struct world *w, const char *kind, int64_t id) {
    char path[96];
    (void)snprintf(path, sizeof path, "object?kind=%s&id=%lld", kind,
                   (long long)id);
    return shop_proc_admin(&w->shop, path, NULL);
}

/* How many objects of a kind hold that text. */
static int with_text(struct world *w, const char *kind, const char *text) {
    int64_t ids[IDS];
    size_t n = world_ids(w, kind, ids, IDS);
    int found = 0;
    assert_true(n < IDS);
    for (size_t i = 0; i < n; i++) {
        AUTO_FREE char *o = object(w, kind, ids[i]);
        found += strstr(o, text) != NULL;
    }
    return found;
}

static int64_t stock_of(struct world *w, int64_t id) {
    AUTO_FREE char *o = object(w, "products", id);
    const char *at = strstr(o, "\"stock_quantity\":");
    return at ? strtoll(at + 17, NULL, 10) : 0;
}

/* A product whose stock the shop counts. */
static int64_t counted_product(struct world *w) {
    int64_t ids[IDS];
    size_t n = world_ids(w, "products", ids, IDS);
    for (size_t i = 0; i < n; i++) {
        AUTO_FREE char *o = object(w, "products", ids[i]);
        if (strstr(o, "\"manage_stock\":true") &&
            strstr(o, "\"type\":\"simple\""))
            return ids[i];
    }
    fail_msg("no product of the shop is counted");
    return 0;
}

static int64_t some_order(struct world *w, int n) {
    int64_t ids[IDS];
    size_t all = world_ids(w, "orders", ids, IDS);
    assert_true(all > 0);
    return ids[(size_t)n % all];
}

static void shop_and_daemon(struct world *w, const char *storage) {
    world_start(w, "--storage", storage, "--seed", "7", "--orders", "24",
                "--products", "12", "--customers", "6", "--latency", "3", NULL);
    world_disconnect(w);
    assert_int_equal(daemon_proc_stop(&w->d), 0);
    daemon_proc_configure(&w->d, config);
    daemon_proc_start(&w->d, NULL);
    world_connect(w);
    world_store(w, "alpine", "");
    (void)world_job(w, "stores.sync", "{\"store\":\"alpine\"}");
}

/* --- changes ----------------------------------------------------------- */

struct act {
    const char *name;
    const char *method;
    /* Parameters but the request id; n tells one change from the next. */
    void (*params)(struct world *w, int n, char *to, size_t size);
    /* How often the shop shows its effect. */
    int (*effects)(struct world *w, int n);
};

static int64_t product, start_stock; /* of the world that runs */

static void note_params(struct world *w, int n, char *to, size_t size) {
    (void)snprintf(to, size, "\"ref\":\"alpine:%lld\",\"text\":\"step <%d>\"",
                   (long long)some_order(w, n), n);
}

static int note_effects(struct world *w, int n) {
    char text[32];
    (void)snprintf(text, sizeof text, "step <%d>", n);
    int raw = with_text(w, "notes", text);
    (void)snprintf(text, sizeof text, "step &lt;%d&gt;", n);
    return raw + with_text(w, "notes", text);
}

static void stock_params(struct world *w, int n, char *to, size_t size) {
    (void)w;
    (void)n;
    (void)snprintf(to, size, "\"ref\":\"alpine:%lld\",\"delta\":\"-1\"",
                   (long long)product);
}

/* Every stock change of the world before this one took one piece too. */
static int stock_effects(struct world *w, int n) {
    int64_t now = stock_of(w, product);
    (void)n;
    int took = (int)(start_stock - now);
    start_stock = now;
    return took;
}

static void text_params(struct world *w, int n, char *to, size_t size) {
    (void)snprintf(to, size,
                   "\"ref\":\"alpine:%lld\",\"customer_note\":\"text %d.\"",
                   (long long)some_order(w, n), n);
}

static int text_effects(struct world *w, int n) {
    char text[32];
    (void)snprintf(text, sizeof text, "text %d.", n);
    return with_text(w, "orders", text);
}

static void person_params(struct world *w, int n, char *to, size_t size) {
    (void)w;
    (void)snprintf(to, size,
                   "\"store\":\"alpine\",\"email\":\"step%d@example.test\"", n);
}

static int person_effects(struct world *w, int n) {
    char text[48];
    (void)snprintf(text, sizeof text, "\"step%d@example.test\"", n);
    return with_text(w, "customers", text);
}

static void order_params(struct world *w, int n, char *to, size_t size) {
    (void)w;
    (void)snprintf(to, size,
                   "\"store\":\"alpine\",\"customer_note\":\"order %d.\","
                   "\"lines\":[{\"product\":\"alpine:%lld\",\"quantity\":1}]",
                   n, (long long)product);
}

static int order_effects(struct world *w, int n) {
    char text[32];
    (void)snprintf(text, sizeof text, "order %d.", n);
    start_stock = stock_of(w, product);
    return with_text(w, "orders", text);
}

static const struct act acts[] = {
    {"note", "orders.note", note_params, note_effects},
    {"stock", "inventory.adjust", stock_params, stock_effects},
    {"text", "orders.update", text_params, text_effects},
    {"customer", "customers.create", person_params, person_effects},
    {"order", "orders.create", order_params, order_effects},
};
enum { ACTS = sizeof acts / sizeof *acts };

/* --- one step ---------------------------------------------------------- */

static void arm_path(const struct world *w, char path[128]) {
    (void)snprintf(path, 128, "%s/arm", w->d.dir);
}

/* Start a daemon that can be armed; nothing is counted yet. */
static void start_killable(struct world *w) {
    char path[128];
    arm_path(w, path);
    (void)unlink(path);
    (void)setenv("LD_PRELOAD", KILLER, 1);
    (void)setenv("KILL_ARM", path, 1);
    daemon_proc_start(&w->d, NULL);
    (void)unsetenv("LD_PRELOAD");
    world_connect(w);
}

static void arm(const struct world *w, int n, const char *side) {
    char path[128], made[140];
    arm_path(w, path);
    (void)snprintf(made, sizeof made, "%s.new", path);
    FILE *f = fopen(made, "we");
    assert_non_null(f);
    assert_true(fprintf(f, "%d %s", n, side) > 0);
    assert_int_equal(fclose(f), 0);
    assert_int_equal(rename(made, path), 0);
}

/* Everything came to its end. */
static bool settled(struct world *w, void *arg) {
    (void)arg;
    return world_number(world_call(w, "changes.count", "{}"), "open") == 0;
}

static void assert_settled(struct world *w) {
    if (world_until(w, settled, NULL, SETTLE_MS))
        return;
    AUTO_BUF struct buf text = BUF_INIT;
    json_print(&text, world_call(w, "changes.list", "{\"limit\":5}"));
    fail_msg("not settled: %.6000s", buf_str(&text));
}

/* The state of a change as far as the daemon lives to tell. */
static bool is_confirmed(struct world *w, const char *id) {
    char params[64];
    const struct json *m;
    bool ended = false;
    (void)snprintf(params, sizeof params, "{\"id\":\"%s\"}", id);
    int64_t request = rpc_client_post(&w->c, "changes.get", params);
    int64_t got;
    while ((m = rpc_client_read(&w->c, ANSWER_MS, &ended)))
        if (json_i64(json_get(m, "id"), false, &got) == 0 && got == request)
            break;
    const char *state =
        m ? json_string(json_get(json_get(m, "result"), "state")) : NULL;
    return state && strcmp(state, "confirmed") == 0;
}

/* Ask for the change; its id once it was answered, "" when the daemon died
 * before. */
static void ask(struct world *w, const char *method, const char *params,
                char id[32]) {
    const struct json *m;
    int64_t got, request = rpc_client_post(&w->c, method, params);
    id[0] = 0;
    while ((m = rpc_client_read(&w->c, ANSWER_MS, NULL)))
        if (json_i64(json_get(m, "id"), false, &got) == 0 && got == request)
            break;
    if (m)
        (void)snprintf(id, 32, "%s",
                       json_string(json_get(json_get(m, "result"), "change")));
}

/* Until it is dead or the change came through. */
static bool dies(struct world *w, const char *id) {
    int64_t end = world_mono() + ANSWER_MS;
    while (!daemon_proc_ended(&w->d)) {
        if (*id && is_confirmed(w, id))
            return daemon_proc_ended(&w->d);
        if (world_mono() > end)
            fail_msg("change %s neither came through nor ended it", id);
        (void)poll(NULL, 0, 5);
    }
    return true;
}

/* One change with a kill at step n: true when it was met. The daemon that
 * comes up after it is the one that dies next. */
static bool step(struct world *w, const struct act *a, int number, int n,
                 const char *side) {
    char members[256], params[384], id[32], again[32];
    a->params(w, number, members, sizeof members);
    (void)snprintf(params, sizeof params, "{%s,\"request_id\":\"%s-%d\"}",
                   members, a->name, number);
    arm(w, n, side);
    ask(w, a->method, params, id);
    bool died = dies(w, id);
    world_disconnect(w);
    /* the step may be one of the way out */
    if (!died) {
        int status = daemon_proc_stop(&w->d);
        died = status == 128 + SIGKILL;
        assert_true(died || status == 0);
    }
    kills_done += died;
    start_killable(w);
    /* whoever got no answer asks again */
    ask(w, a->method, params, again);
    assert_true(!*id || strcmp(id, again) == 0);
    assert_settled(w);
    if (!is_confirmed(w, again) || a->effects(w, number) != 1)
        fail_msg("%s killed %s step %d: confirmed %d, effects %d", a->name,
                 side, n, is_confirmed(w, again), a->effects(w, number));
    return died;
}

/* In the short run only the first act dies on both sides of each step: right
 * after the one is nearly right before the next. */
static void every_step_of(struct world *w, const struct act *a) {
    static const char *const sides[] = {"after", "before"};
    static int number;
    for (int s = 0; s < (kills_wanted || a == acts ? 2 : 1); s++) {
        int n = 1;
        while (step(w, a, ++number, n, sides[s]))
            assert_true(++n < STEPS_MAX);
        if (n < STEPS_MIN)
            fail_msg("%s has only %d steps", a->name, n - 1);
    }
}

static void every_step(const char *storage, size_t from, size_t to) {
    struct world w;
    shop_and_daemon(&w, storage);
    product = counted_product(&w);
    start_stock = stock_of(&w, product);
    world_disconnect(&w);
    assert_int_equal(daemon_proc_stop(&w.d), 0);
    start_killable(&w);
    for (size_t i = from; i < to; i++)
        every_step_of(&w, &acts[i]);
    (void)world_job(&w, "stores.sync", "{\"store\":\"alpine\",\"full\":true}");
    world_assert_true(&w, 40);
    world_done(&w);
}

static void a_change_is_killed_at_every_step(void **state) {
    (void)state;
    every_step("hpos", 0, kills_wanted ? ACTS : 2);
}

static void the_same_with_posts(void **state) {
    (void)state;
    if (kills_wanted)
        every_step("posts", 0, ACTS);
    else
        every_step("posts", ACTS - 1, ACTS);
}

/* --- at random --------------------------------------------------------- */

struct written {
    int act, number;
    char id[32];
};

static void shopkeeper(struct world *w, int n, int64_t *sold) {
    switch (chance(3)) {
    case 0:
        world_door(w, "sell",
                   "{\"lines\":[{\"product_id\":%lld,\"quantity\":1}]}",
                   (long long)product);
        ++*sold;
        break;
    case 1:
        world_door(w, "edit",
                   "{\"kind\":\"orders\",\"id\":%lld,"
                   "\"patch\":{\"transaction_id\":\"t%d\"}}",
                   (long long)some_order(w, n), n);
        break;
    default:
        world_door(w, "note", "{\"order_id\":%lld,\"note\":\"theirs %d\"}",
                   (long long)some_order(w, n), n);
    }
}

static void write_something(struct world *w, struct written *to, int number) {
    char members[256], params[384];
    to->act = (int)chance(ACTS - 1); /* created orders would take stock too */
    to->number = number;
    acts[to->act].params(w, number, members, sizeof members);
    (void)snprintf(params, sizeof params, "{%s,\"request_id\":\"r-%d\"}",
                   members, number);
    ask(w, acts[to->act].method, params, to->id);
    assert_true(to->id[0]);
}

static void kill_twice(struct world *w) {
    some_time(MOMENT_MS);
    world_disconnect(w);
    for (unsigned i = 0; i < 2; i++) {
        daemon_proc_kill(&w->d);
        kills_done++;
        daemon_proc_launch(&w->d);
        some_time(MOMENT_MS);
    }
    daemon_proc_wait(&w->d);
    world_connect(w);
}

static void assert_once(struct world *w, const struct written *all, int n,
                        int64_t sold, int64_t start) {
    int64_t deltas = 0;
    for (int i = 0; i < n; i++) {
        const struct act *a = &acts[all[i].act];
        if (!is_confirmed(w, all[i].id))
            fail_msg("%s %s is not confirmed", a->name, all[i].id);
        if (a->effects == stock_effects)
            deltas++;
        else if (a->effects != text_effects)
            assert_int_equal(a->effects(w, all[i].number), 1);
    }
    assert_int_equal(stock_of(w, product), start - sold - deltas);
}

static void random_kills(const char *storage, int kills) {
    struct world w;
    struct written *all = calloc((size_t)kills + 1, sizeof *all);
    int n = 0;
    int64_t sold = 0;
    shop_and_daemon(&w, storage);
    product = counted_product(&w);
    start_stock = stock_of(&w, product);
    int64_t start = start_stock;
    world_door(&w, "faults",
               "[{\"kind\":\"late\",\"value\":300,\"method\":\"write\","
               "\"per_mille\":150},"
               "{\"kind\":\"lost\",\"method\":\"write\",\"per_mille\":150}]");
    for (int before = kills_done; kills_done - before < kills && n < kills;
         n++) {
        write_something(&w, &all[n], 100000 + n);
        shopkeeper(&w, n, &sold);
        kill_twice(&w);
    }
    free(shop_proc_delete(&w.shop, "faults"));
    assert_settled(&w);
    assert_once(&w, all, n, sold, start);
    (void)world_job(&w, "stores.sync", "{\"store\":\"alpine\",\"full\":true}");
    world_assert_true(&w, 40);
    world_done(&w);
    free(all);
}

static void killed_at_random_twice_in_a_row(void **state) {
    (void)state;
    random_kills("hpos", kills_wanted ? kills_wanted / 3 : KILLS);
}

static void so_with_posts(void **state) {
    (void)state;
    random_kills("posts", kills_wanted ? kills_wanted / 3 : KILLS);
}

/* --- */

static long long setting(const char *name, long long otherwise) {
    const char *v = getenv(name);
    return v ? strtoll(v, NULL, 10) : otherwise;
}

/* A sanitizer's runtime wants to be the first library. */
static void let_preload(void) {
    const char *was = getenv("ASAN_OPTIONS");
    char options[512];
    (void)snprintf(options, sizeof options, "%s%sverify_asan_link_order=0",
                   was ? was : "", was ? ":" : "");
    (void)setenv("ASAN_OPTIONS", options, 1);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_change_is_killed_at_every_step),
        cmocka_unit_test(the_same_with_posts),
        cmocka_unit_test(killed_at_random_twice_in_a_row),
        cmocka_unit_test(so_with_posts),
    };
    long long seed = setting("CRASH_SEED", 20261127);
    chance_state = (uint64_t)seed * 2654435761u + 1;
    kills_wanted = (int)setting("CRASH_KILLS", 0);
    print_message("seed %lld\n", seed);
    let_preload();
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    print_message("%d kills, seed %lld\n", kills_done, seed);
    return failed;
}
