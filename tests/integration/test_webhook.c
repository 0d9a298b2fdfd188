/* Webhooks over a real socket into a real daemon: what is kept, what is
 * refused, and that nothing else gets through. */
#include <poll.h>
#include <signal.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/mem.h"
#include "tests/lib/test.h"
#include "tests/lib/web_client.h"
#include "tests/lib/webhook_door.h"
#include "tests/lib/world.h"

#define PATH "0123456789abcdef0123456789abcdef"
#define SECRET "whsec-example-123"
#define DOOR "/webhooks/alpine/" PATH

enum { ANSWER_MS = 20000, TIMEOUT_S = 3 };

static struct world w;
static int port;

/* --- a daemon with a door ----------------------------------------------- */

static void configure(int timeout_s, const char *more) {
    char path[128];
    (void)snprintf(path, sizeof path, "%s/fulexo.yaml", w.d.dir);
    FILE *f = fopen(path, "we");
    assert_non_null(f);
    (void)fprintf(f, "http:\n  timeout: %ds\n%s", timeout_s, more);
    assert_int_equal(fclose(f), 0);
}

static void start(void) {
    char path[128];
    (void)snprintf(path, sizeof path, "%s/fulexo.yaml", w.d.dir);
    configure(TIMEOUT_S, "");
    daemon_proc_start(&w.d, "-c", path, "--http", "127.0.0.1:0", NULL);
    world_connect(&w); /* answers when all has started */
    port = daemon_proc_http(&w.d);
}

static sqlite3 *open_db(void) {
    char path[128];
    sqlite3 *sq;
    (void)snprintf(path, sizeof path, "%s/fulexo.db", w.d.data);
    assert_int_equal(sqlite3_open(path, &sq), SQLITE_OK);
    assert_int_equal(sqlite3_busy_timeout(sq, 10000), SQLITE_OK);
    return sq;
}

static int64_t number(const char *sql) {
    sqlite3 *sq = open_db();
    sqlite3_stmt *st;
    assert_int_equal(sqlite3_prepare_v2(sq, sql, -1, &st, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_step(st), SQLITE_ROW);
    int64_t n = sqlite3_column_int64(st, 0);
    assert_int_equal(sqlite3_finalize(st), SQLITE_OK);
    assert_int_equal(sqlite3_close(sq), SQLITE_OK);
    return n;
}

static void put_secret(const char *secret) {
    webhook_door_put(w.d.data, "alpine", PATH, secret);
}

static int set_up(void **state) {
    (void)state;
    memset(&w, 0, sizeof w);
    shop_proc_start(&w.shop, "--orders", "5", "--products", "3", NULL);
    daemon_proc_init(&w.d);
    start();
    world_store(&w, "alpine", ",\"paused\":true");
    put_secret(SECRET);
    return 0;
}

static int tear_down(void **state) {
    (void)state;
    world_disconnect(&w);
    if (w.d.pid)
        assert_int_equal(daemon_proc_stop(&w.d), 0);
    world_done(&w);
    return 0;
}

/* --- deliveries --------------------------------------------------------- */

static struct web_delivery order(const char *body) {
    return (struct web_delivery){.path = DOOR,
                                 .secret = SECRET,
                                 .topic = "order.updated",
                                 .source = w.shop.url,
                                 .body = body};
}

static int deliver(struct web_client *c, const struct web_delivery *d) {
    AUTO_BUF struct buf out = BUF_INIT;
    web_delivery_add(&out, d);
    assert_int_equal(web_client_send(c, out.data, out.len), 0);
    return web_client_read(c, ANSWER_MS);
}

/* On a connection of its own; *ret_head: a copy of the answer's head. */
static int deliver_once(const struct web_delivery *d, char **ret_head) {
    struct web_client c;
    assert_int_equal(web_client_connect(&c, port), 0);
    int status = deliver(&c, d);
    if (ret_head)
        *ret_head = mem_dup(c.head);
    web_client_close(&c);
    return status;
}

static int64_t times_woken(const char *kind, int id) {
    char sql[128];
    (void)snprintf(sql, sizeof sql,
                   "SELECT coalesce(sum(times), 0) FROM wake"
                   " WHERE kind = '%s' AND remote_id = %d",
                   kind, id);
    return number(sql);
}

static void a_good_one_is_kept(void **state) {
    (void)state;
    struct web_delivery d = order("{\"id\":101}");
    AUTO_FREE char *head = NULL;
    assert_int_equal(deliver_once(&d, &head), 200);
    assert_int_equal(times_woken("order", 101), 1);
    assert_true(number("SELECT deliveries FROM hook") > 0);
    assert_non_null(strstr(head, "X-Content-Type-Options: nosniff\r\n"));
    assert_non_null(strstr(head, "Cache-Control: no-store\r\n"));
    assert_non_null(
        strstr(head, "Content-Security-Policy: default-src 'none'"));
    assert_non_null(strstr(head, "Server: fulexo\r\n"));
    assert_null(strstr(head, "Access-Control-"));
}

static void the_same_again_wakes_nothing(void **state) {
    (void)state;
    struct web_delivery d = order("{\"id\":102}");
    for (int i = 0; i < 3; i++)
        assert_int_equal(deliver_once(&d, NULL), 200);
    assert_int_equal(times_woken("order", 102), 1);
}

static void a_forged_one_is_refused(void **state) {
    (void)state;
    struct web_delivery d = order("{\"id\":103}");
    d.more = "X-Real-IP: 192.0.2.1\r\n";
    d.secret = "whsec-example-124";
    assert_int_equal(deliver_once(&d, NULL), 401);
    d.secret = NULL;
    assert_int_equal(deliver_once(&d, NULL), 401);
    d.secret = SECRET;
    d.path = DOOR "0";
    assert_int_equal(deliver_once(&d, NULL), 404);
    d.path = "/webhooks/alpine/";
    assert_int_equal(deliver_once(&d, NULL), 404);
    d.path = "/webhooks/alpine";
    assert_int_equal(deliver_once(&d, NULL), 404);
    d.path = "/webhooks/beta/" PATH;
    assert_int_equal(deliver_once(&d, NULL), 404);
    assert_int_equal(times_woken("order", 103), 0);
}

static void strange_ids_are_taken_and_ignored(void **state) {
    (void)state;
    static const char *const bodies[] = {
        "{}",
        "[]",
        "nothing",
        "{\"id\":-1}",
        "{\"id\":9007199254740993}",
        "{\"code\":\"woocommerce_rest_shop_order_invalid_id\"}"};
    int64_t before = number("SELECT count(*) FROM wake");
    for (size_t i = 0; i < sizeof bodies / sizeof *bodies; i++) {
        struct web_delivery d = order(bodies[i]);
        assert_int_equal(deliver_once(&d, NULL), 200);
    }
    assert_int_equal(number("SELECT count(*) FROM wake"), before);
}

static void a_ping_is_noted(void **state) {
    (void)state;
    struct web_delivery d = {.path = DOOR, .body = "webhook_id=5"};
    assert_int_equal(deliver_once(&d, NULL), 200);
    assert_true(number("SELECT ping_ms FROM hook") > 0);
    d.body = "webhook_id=77"; /* of no hook of ours */
    assert_int_equal(deliver_once(&d, NULL), 200);
    d.path = DOOR "0";
    d.more = "X-Real-IP: 192.0.2.2\r\n";
    assert_int_equal(deliver_once(&d, NULL), 404);
}

static void a_copy_of_the_shop_wakes_nothing(void **state) {
    (void)state;
    struct web_delivery d = order("{\"id\":104}");
    d.source = "https://staging.example.test/";
    assert_int_equal(deliver_once(&d, NULL), 200);
    assert_int_equal(times_woken("order", 104), 0);
    assert_int_equal(
        number("SELECT copied_source = 'https://staging.example.test/' AND"
               " copied_ms > 0 FROM hook_secret"),
        1);
}

static void execute(const char *sql) {
    sqlite3 *sq = open_db();
    assert_int_equal(sqlite3_exec(sq, sql, NULL, NULL, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_close(sq), SQLITE_OK);
}

static void a_shop_that_moved_is_no_copy(void **state) {
    (void)state;
    struct web_delivery d = order("{\"id\":110}");
    d.source = "https://moved.example.test/";
    execute("UPDATE store SET caps ="
            " json_set(caps, '$.home', 'https://moved.example.test')");
    assert_int_equal(deliver_once(&d, NULL), 200);
    assert_int_equal(times_woken("order", 110), 1);
}

static void a_new_secret_is_found(void **state) {
    (void)state;
    struct web_delivery d = order("{\"id\":105}");
    d.secret = "another";
    put_secret(d.secret);
    assert_int_equal(deliver_once(&d, NULL), 200);
    assert_int_equal(times_woken("order", 105), 1);
    put_secret(SECRET);
    d = order("{\"id\":106}");
    assert_int_equal(deliver_once(&d, NULL), 200);
}

/* --- what is no webhook ------------------------------------------------- */

static void too_large_is_refused(void **state) {
    (void)state;
    enum { N = 1024 * 1024 };
    struct web_client c;
    AUTO_FREE char *body = mem_zalloc(1, N + 2);
    memset(body, 'a', N + 1);
    struct web_delivery d = order(body);
    d.body_n = N + 1;
    /* told by its length: before the body is read */
    AUTO_BUF struct buf out = BUF_INIT;
    web_delivery_add(&out, &d);
    assert_int_equal(web_client_connect(&c, port), 0);
    assert_int_equal(web_client_send(&c, out.data, out.len - N - 1), 0);
    assert_int_equal(web_client_read(&c, ANSWER_MS), 413);
    web_client_close(&c);
    /* told by nothing */
    buf_clear(&out);
    buf_addf(&out,
             "POST " DOOR " HTTP/1.1\r\nHost: a\r\n"
             "Transfer-Encoding: chunked\r\n\r\n%x\r\n%s\r\n0\r\n\r\n",
             N + 1, body);
    assert_int_equal(web_client_connect(&c, port), 0);
    assert_int_equal(web_client_send(&c, out.data, out.len), 0);
    assert_int_equal(web_client_read(&c, ANSWER_MS), 413);
    web_client_close(&c);
    d.body_n = N; /* as large as may be: no JSON, but signed */
    assert_int_equal(deliver_once(&d, NULL), 200);
}

static void other_ways_are_refused(void **state) {
    (void)state;
    struct web_client c;
    assert_int_equal(web_client_get(&c, port, DOOR, ""), 405);
    web_client_close(&c);
    assert_int_equal(web_client_get(&c, port, "/", ""), 404);
    web_client_close(&c);
    assert_int_equal(web_client_get(&c, port, "/../etc/passwd", ""), 404);
    web_client_close(&c);
}

static void what_is_not_http_harms_nobody(void **state) {
    (void)state;
    static const char *const noise[] = {
        "\x16\x03\x01\x02\r\n\r\n",
        "GET\r\n\r\n",
        "\r\n\r\n\r\n\r\n",
        "POST " DOOR " HTTP/1.1\r\nContent-Length: -5\r\n\r\n",
        "POST " DOOR " HTTP/1.1\r\nContent-Length: 99999999999999999999\r\n"
        "\r\n",
        "POST " DOOR " HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n"
        "\r\nzz\r\n"};
    for (size_t i = 0; i < sizeof noise / sizeof *noise; i++) {
        struct web_client c;
        assert_int_equal(web_client_connect(&c, port), 0);
        (void)web_client_send(&c, noise[i], strlen(noise[i]));
        assert_int_not_equal(web_client_read(&c, 200), 200);
        web_client_close(&c);
    }
    struct web_client c;
    AUTO_BUF struct buf out = BUF_INIT;
    buf_adds(&out, "GET / HTTP/1.1\r\n");
    while (out.len < 256 * 1024)
        buf_adds(&out, "X-Much: of it\r\n");
    assert_int_equal(web_client_connect(&c, port), 0);
    (void)web_client_send(&c, out.data, out.len);
    assert_int_not_equal(web_client_read(&c, ANSWER_MS), 200);
    web_client_close(&c);
    struct web_delivery d = order("{\"id\":107}");
    assert_int_equal(deliver_once(&d, NULL), 200);
}

/* A byte every now and then: ended all the same, others go on. */
static void slow_ones_are_ended(void **state) {
    (void)state;
    struct web_client slow[3];
    static const char head[] = "POST " DOOR " HTTP/1.1\r\nHost: a\r\n"
                               "Content-Length: 1000\r\n\r\n";
    struct web_delivery d = order("{\"id\":108}");
    for (size_t i = 0; i < 3; i++)
        assert_int_equal(web_client_connect(&slow[i], port), 0);
    assert_int_equal(web_client_send(&slow[1], head, strlen(head)), 0);
    int64_t from = world_mono(), took = 0;
    for (size_t at = 0, ended = 0; ended < 3 && took < 60000; at++) {
        struct pollfd p = {.fd = -1};
        (void)web_client_send(&slow[0], &head[at % 20], 1);
        (void)web_client_send(&slow[1], "a", 1);
        (void)poll(&p, 1, 50);
        ended = 0;
        for (size_t i = 0; i < 3; i++) {
            p = (struct pollfd){.fd = slow[i].fd, .events = POLLIN};
            ended += poll(&p, 1, 0) == 1;
        }
        if (at == 5)
            assert_int_equal(deliver_once(&d, NULL), 200);
        took = world_mono() - from;
    }
    assert_true(took >= TIMEOUT_S * 1000 && took < 60000);
    for (size_t i = 0; i < 3; i++)
        web_client_close(&slow[i]);
}

/* --- pages --------------------------------------------------------------- */

static int get(const char *path, const char *more, char **ret_body) {
    struct web_client c;
    int status = web_client_get(&c, port, path, more);
    *ret_body = mem_dup(c.body);
    web_client_close(&c);
    return status;
}

static int status_of(const char *path, const char *more) {
    AUTO_FREE char *body = NULL;
    return get(path, more, &body);
}

static void health_is_told(void **state) {
    (void)state;
    struct web_client c;
    AUTO_FREE char *all = NULL;
    assert_int_equal(web_client_get(&c, port, "/health/live", ""), 200);
    assert_string_equal(c.body, "{\"state\":\"ok\"}");
    assert_non_null(strstr(c.head, "Content-Type: application/json\r\n"));
    assert_non_null(strstr(c.head, "X-Content-Type-Options: nosniff\r\n"));
    web_client_close(&c);
    assert_int_equal(status_of("/health/ready", "X-Real-IP: 192.0.2.9\r\n"),
                     200);
    assert_int_equal(get("/health", "", &all), 200);
    assert_non_null(strstr(all, "\"name\":\"store:alpine\""));
    assert_non_null(strstr(all, "127.0.0.1:0")); /* where it listens */
    const struct json *j = world_call(&w, "health.get", "{}");
    AUTO_BUF struct buf text = BUF_INIT;
    json_print(&text, j);
    assert_non_null(strstr(buf_str(&text), "127.0.0.1:0"));
}

static void metrics_are_told(void **state) {
    (void)state;
    static const char *const lines[] = {
        "\n# TYPE fulexo_webhook_events_total counter\n",
        "\nfulexo_rpc_requests_total ",
        "\nfulexo_webhook_processing_duration_seconds_bucket{le=\"+Inf\"} ",
        "\nfulexo_orders_total{store=\"alpine\"} ",
        "\nfulexo_changes{store=\"alpine\",state=\"queued\"} 0\n",
        "\nfulexo_sync_errors_total{store=\"alpine\"} ",
        "\nfulexo_webhook_deliveries_total{store=\"alpine\"} ",
        "\nprocess_resident_memory_bytes ",
        "\nfulexo_db_readers_busy ",
        "\nfulexo_db_disk_full 0\n",
    };
    AUTO_FREE char *all = NULL;
    assert_int_equal(get("/metrics", "", &all), 200);
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++)
        if (!strstr(all, lines[i]))
            fail_msg("no \"%s\" in:\n%s", lines[i] + 1, all);
    assert_true(strtol(strstr(all, "\nfulexo_webhook_events_total ") + 29, NULL,
                       10) > 0);
}

/* This machine, but for whom a proxy on it asks; others by the setting, which
 * may change while it runs. */
static bool is_allowed(struct world *world, void *arg) {
    (void)world;
    return status_of("/metrics", arg) == 200;
}

/* And wait until it is in force: `there` may read metrics then. */
static void reconfigure(int timeout_s, const char *more, char *there) {
    configure(timeout_s, more);
    assert_int_equal(kill(w.d.pid, SIGHUP), 0);
    assert_true(world_until(&w, is_allowed, there, ANSWER_MS));
}

static void metrics_are_for_few(void **state) {
    (void)state;
    static char there[] = "X-Real-IP: 10.2.3.4\r\n";
    assert_int_equal(status_of("/metrics", there), 403);
    assert_int_equal(status_of("/health", there), 403);
    assert_int_equal(status_of("/metrics", "X-Forwarded-For: 127.0.0.1\r\n"),
                     403);
    reconfigure(TIMEOUT_S, "  metrics_allow: 10.0.0.0/8\n", there);
    assert_int_equal(status_of("/metrics", "X-Real-IP: 11.2.3.4\r\n"), 403);
}

/* Another daemon on the same port: it says so and ends. */
static void a_port_in_use_is_said(void **state) {
    (void)state;
    char data[96], address[32];
    AUTO_BUF struct buf out = BUF_INIT;
    (void)snprintf(data, sizeof data, "%s/other", w.d.dir);
    (void)snprintf(address, sizeof address, "127.0.0.1:%d", port);
    assert_int_equal(
        daemon_proc_run(&w.d, &out, "--data", data, "--http", address, NULL),
        75);
    assert_non_null(strstr(buf_str(&out), "in use by another program"));
    assert_non_null(strstr(buf_str(&out), address));
}

/* --- limits ------------------------------------------------------------- */

/* Post it on n connections at once; how often that status came. */
static int deliver_many(const struct web_delivery *d, int n, int status) {
    struct web_client *c = mem_zalloc((size_t)n, sizeof *c);
    int same = 0;
    AUTO_BUF struct buf out = BUF_INIT;
    web_delivery_add(&out, d);
    for (int i = 0; i < n; i++) {
        assert_int_equal(web_client_connect(&c[i], port), 0);
        assert_int_equal(web_client_send(&c[i], out.data, out.len), 0);
    }
    for (int i = 0; i < n; i++) {
        same += web_client_read(&c[i], ANSWER_MS) == status;
        web_client_close(&c[i]);
    }
    free(c);
    return same;
}

static void a_source_of_forgeries_is_slowed_down(void **state) {
    (void)state;
    enum { BURST = 30 };
    AUTO_FREE char *head = NULL;
    struct web_delivery d = order("{\"id\":109}");
    d.more = "X-Real-IP: 192.0.2.3\r\n";
    d.path = "/webhooks/alpine/nothing";
    assert_int_equal(deliver_many(&d, BURST - 5, 404), BURST - 5);
    assert_true(deliver_many(&d, BURST + 30, 429) >= 25);
    d.path = DOOR; /* the shop may be behind the same address */
    assert_int_equal(deliver_once(&d, NULL), 200);
    d.secret = NULL;
    assert_int_equal(deliver_once(&d, &head), 429);
    assert_non_null(strstr(head, "Retry-After: "));
    d.more = "X-Real-IP: 192.0.2.4\r\n"; /* others are not slowed down */
    assert_int_equal(deliver_once(&d, NULL), 401);
}

/* Bodies that do not end: what all of them hold is bounded. */
static void bodies_of_all_are_bounded(void **state) {
    (void)state;
    enum { N = 34, BODY = 1024 * 1024 };
    static char there[] = "X-Real-IP: 172.16.0.1\r\n";
    struct web_client c[N];
    int kept = 0, later = 0;
    AUTO_FREE char *body = mem_zalloc(1, BODY + 1);
    memset(body, 'a', BODY);
    struct web_delivery d = order(body);
    AUTO_BUF struct buf out = BUF_INIT;
    web_delivery_add(&out, &d);
    reconfigure(120, "  metrics_allow: 172.16.0.0/12\n", there);
    for (int i = 0; i < N; i++) {
        assert_int_equal(web_client_connect(&c[i], port), 0);
        assert_int_equal(web_client_send(&c[i], out.data, out.len - 1), 0);
    }
    for (int i = 0; i < N; i++) {
        assert_int_equal(web_client_send(&c[i], "a", 1), 0);
        int status = web_client_read(&c[i], ANSWER_MS);
        kept += status == 200;
        later += status == 503;
        web_client_close(&c[i]);
    }
    assert_true(kept > 0 && later > 0);
    assert_int_equal(kept + later, N);
    reconfigure(TIMEOUT_S, "  metrics_allow: 172.16.0.0/12\n", there);
}

/* Nobody can write for a while. */
static void a_full_journal_puts_off(void **state) {
    (void)state;
    enum { N = 230 };
    struct web_client *c = mem_zalloc(N, sizeof *c);
    int kept = 0, later = 0;
    sqlite3 *sq = open_db();
    assert_int_equal(sqlite3_exec(sq, "BEGIN IMMEDIATE", NULL, NULL, NULL),
                     SQLITE_OK);
    for (int i = 0; i < N; i++) {
        char body[32];
        AUTO_BUF struct buf out = BUF_INIT;
        (void)snprintf(body, sizeof body, "{\"id\":%d}", 1000 + i);
        struct web_delivery d = order(body);
        web_delivery_add(&out, &d);
        assert_int_equal(web_client_connect(&c[i], port), 0);
        assert_int_equal(web_client_send(&c[i], out.data, out.len), 0);
    }
    assert_int_equal(web_client_read(&c[N - 1], ANSWER_MS), 503);
    assert_non_null(strstr(c[N - 1].head, "Retry-After: "));
    assert_int_equal(sqlite3_exec(sq, "ROLLBACK", NULL, NULL, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_close(sq), SQLITE_OK);
    for (int i = 0; i < N - 1; i++) {
        int status = web_client_read(&c[i], ANSWER_MS);
        assert_true(status == 200 || status == 503);
        kept += status == 200;
        later += status == 503;
        web_client_close(&c[i]);
    }
    web_client_close(&c[N - 1]);
    free(c);
    assert_true(kept > 0 && later > 0);
    assert_int_equal(
        number("SELECT count(*) FROM wake WHERE remote_id >= 1000"), kept);
}

/* What had its 200 is there after a kill in the next instant. */
static void what_was_acknowledged_is_there(void **state) {
    (void)state;
    enum { N = 40 };
    for (int round = 0; round < 3; round++) {
        struct web_client c;
        int first = 5000 + round * N;
        assert_int_equal(web_client_connect(&c, port), 0);
        for (int i = 0; i < N; i++) {
            char body[32];
            (void)snprintf(body, sizeof body, "{\"id\":%d}", first + i);
            struct web_delivery d = order(body);
            assert_int_equal(deliver(&c, &d), 200);
        }
        daemon_proc_kill(&w.d);
        web_client_close(&c);
        world_disconnect(&w);
        char sql[96];
        (void)snprintf(sql, sizeof sql,
                       "SELECT count(*) FROM wake WHERE remote_id >= %d",
                       first);
        start();
        assert_int_equal(number(sql), N);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_good_one_is_kept),
        cmocka_unit_test(the_same_again_wakes_nothing),
        cmocka_unit_test(a_forged_one_is_refused),
        cmocka_unit_test(strange_ids_are_taken_and_ignored),
        cmocka_unit_test(a_ping_is_noted),
        cmocka_unit_test(a_copy_of_the_shop_wakes_nothing),
        cmocka_unit_test(a_shop_that_moved_is_no_copy),
        cmocka_unit_test(a_new_secret_is_found),
        cmocka_unit_test(too_large_is_refused),
        cmocka_unit_test(other_ways_are_refused),
        cmocka_unit_test(what_is_not_http_harms_nobody),
        cmocka_unit_test(health_is_told),
        cmocka_unit_test(metrics_are_told),
        cmocka_unit_test(metrics_are_for_few),
        cmocka_unit_test(a_port_in_use_is_said),
        cmocka_unit_test(slow_ones_are_ended),
        cmocka_unit_test(a_source_of_forgeries_is_slowed_down),
        cmocka_unit_test(bodies_of_all_are_bounded),
        cmocka_unit_test(a_full_journal_puts_off),
        cmocka_unit_test(what_was_acknowledged_is_there),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
