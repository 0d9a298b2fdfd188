/* What three broken shops do to the others: how old what is known of these is,
 * beside a run without the three. One is dead, one answers after half a
 * minute, one sends 50 MB of junk; all stand at one address.
 *
 * usage: bench_isolation SHOPS SECONDS */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bench.h"
#include "common/digest.h"
#include "common/mem.h"
#include "model/store.h"
#include "tests/lib/engine.h"
#include "tests/lib/shop_proc.h"
#include "tests/shop/demo.h"

enum { SHOPS_MAX = 200, SAMPLE_MS = 100, WARM_MS = 120000, BAD = 3 };
enum { INTERVAL_S = 5, LATENCY_MS = 5 };

static const char dead_url[] = "http://127.0.0.1:9"; /* nobody listens */

struct setting {
    int n, ports[SHOPS_MAX];
    pid_t pid; /* of the good shops */
    struct shop_proc slow, junk;
    int seconds;
};

/* -- shops ------------------------------------------------------------------
 */

/* The good ones, all in one process. */
static void serve(int n, int to) {
    for (int i = 0; i < n; i++) {
        struct demo_options o = {.seed = (uint64_t)i + 1,
                                 .orders = 12,
                                 .products = 6,
                                 .customers = 3,
                                 .hpos = i % 2 == 0,
                                 .latency_ms = LATENCY_MS,
                                 .trust_http = true};
        struct demo_shop *s = demo_shop_start(&o);
        int port = s ? demo_shop_port(s) : 0;
        if (write(to, &port, sizeof port) != sizeof port)
            _exit(1);
    }
    for (;;)
        (void)pause();
}

static void start_shops(struct setting *s) {
    int ends[2];
    if (pipe(ends) < 0 || (s->pid = fork()) < 0)
        bench_die("the shops do not start");
    if (s->pid == 0) {
        (void)prctl(PR_SET_PDEATHSIG, SIGTERM);
        serve(s->n, ends[1]);
    }
    for (int i = 0; i < s->n; i++)
        if (read(ends[0], &s->ports[i], sizeof s->ports[i]) !=
                sizeof s->ports[i] ||
            s->ports[i] == 0)
            bench_die("shop %d does not start", i);
    (void)close(ends[0]);
    (void)close(ends[1]);
    shop_proc_start(&s->slow, "--orders", "5", "--latency", "30000",
                    "--trust-http", NULL);
    shop_proc_start(&s->junk, "--orders", "5", "--trust-http", NULL);
    free(shop_proc_admin(&s->junk, "faults",
                         "{\"kind\":\"junk\",\"value\":50}"));
}

static void stop_shops(struct setting *s) {
    shop_proc_stop(&s->slow);
    shop_proc_stop(&s->junk);
    (void)kill(s->pid, SIGTERM);
    (void)waitpid(s->pid, NULL, 0);
}

/* -- stores -----------------------------------------------------------------
 */

static int create_job(struct db_tx *tx, void *arg) {
    struct store *s = arg;
    uint8_t random[10];
    struct error e = {0};
    digest_random(random, sizeof random);
    int r = store_create(tx, random, s, &e);
    return r < 0 ? r : store_update(tx, s);
}

static int64_t add(struct engine *e, const char *name, const char *url) {
    struct store s = {.allow_http = true};
    (void)snprintf(s.name, sizeof s.name, "%s", name);
    (void)snprintf(s.title, sizeof s.title, "%s", name);
    (void)snprintf(s.url, sizeof s.url, "%s", url);
    (void)snprintf(s.caps.home, sizeof s.caps.home, "%s", url);
    (void)snprintf(s.auth, sizeof s.auth, "oauth");
    (void)snprintf(s.rest, sizeof s.rest, "path");
    (void)snprintf(s.state, sizeof s.state, "new");
    if (engine_job(e, create_job, &s) < 0)
        bench_die("store %s is not made", name);
    sync_store_changed(e->sync, s.id);
    return s.id;
}

static void add_all(struct engine *e, const struct setting *s, bool bad,
                    int64_t *ids) {
    char name[16], url[64];
    if (bad) {
        (void)add(e, "dead", dead_url);
        (void)add(e, "slow", s->slow.url);
        (void)add(e, "junk", s->junk.url);
    }
    for (int i = 0; i < s->n; i++) {
        (void)snprintf(name, sizeof name, "shop%d", i);
        (void)snprintf(url, sizeof url, "http://127.0.0.1:%d", s->ports[i]);
        ids[i] = add(e, name, url);
    }
}

static bool all_mirrored(struct engine *e, const int64_t *ids, int n) {
    struct sync_status st;
    for (int i = 0; i < n; i++)
        if (sync_get_status(e->sync, ids[i], &st) < 0 || st.first ||
            !st.fresh_ms)
            return false;
    return true;
}

/* Mean age in seconds over all shops and samples; *ret_p99: of single ones. */
static double measure(struct engine *e, const struct setting *s,
                      const int64_t *ids, double *ret_p99) {
    size_t max = (size_t)s->n * (size_t)s->seconds * 1000 / SAMPLE_MS, n = 0;
    AUTO_FREE double *ages = mem_zalloc(max, sizeof *ages);
    double sum = 0;
    while (n < max) {
        struct sync_status st;
        engine_turn(e, SAMPLE_MS);
        for (int i = 0; i < s->n; i++) {
            (void)sync_get_status(e->sync, ids[i], &st); /* they stay */
            ages[n] = (double)(env_now(&e->env) - st.fresh_ms) / 1000;
            sum += ages[n++];
        }
    }
    *ret_p99 = bench_quantile(ages, n, 0.99);
    return sum / (double)n;
}

static double run(const struct setting *s, bool bad, double *ret_p99) {
    static const struct sync_options so = {.interval_s = INTERVAL_S,
                                           .interval_open_s = INTERVAL_S,
                                           .open_s = INTERVAL_S,
                                           .requests_per_hour = 1000000};
    int64_t ids[SHOPS_MAX];
    struct engine e;
    engine_start_with(&e, NULL, &so);
    engine_turn(&e, 200);
    add_all(&e, s, bad, ids);
    for (int ms = 0; !all_mirrored(&e, ids, s->n); ms += SAMPLE_MS) {
        if (ms > WARM_MS)
            bench_die("the first syncs do not end");
        engine_turn(&e, SAMPLE_MS);
    }
    double mean = measure(&e, s, ids, ret_p99);
    engine_stop(&e, false);
    return mean;
}

int main(int argc, char **argv) {
    struct setting s = {0};
    double alone99, beside99;
    if (argc != 3)
        bench_die("usage: bench_isolation SHOPS SECONDS");
    s.n = (int)bench_number(argv[1], BAD + 1, SHOPS_MAX) - BAD;
    s.seconds = (int)bench_number(argv[2], 1, 3600);
    (void)freopen("/dev/null", "w", stderr); /* broken shops are logged */
    start_shops(&s);
    double alone = run(&s, false, &alone99);
    double beside = run(&s, true, &beside99);
    stop_shops(&s);
    AUTO_FREE char *what = mem_printf(
        "age of %d shops, a dead, a slow and a junk one beside; floor: without",
        s.n);
    bench_print(&(struct bench_figure){"isolation", what, beside, "s", alone,
                                       "<= 1.1x", beside <= alone * 1.1});
    bench_print(&(struct bench_figure){"isolation", "its 99th percentile",
                                       beside99, "s", alone99, "-", false});
    return 0;
}
