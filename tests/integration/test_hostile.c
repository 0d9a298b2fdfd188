/* Clients that mean no good: the daemon stays small, quick and up. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "common/str.h"
#include "tests/lib/daemon.h"
#include "tests/lib/test.h"

enum { MB = 1024 * 1024 };

static struct daemon_proc proc;

static int setup(void **state) {
    (void)state;
    daemon_proc_init(&proc);
    daemon_proc_start(&proc, NULL);
    return 0;
}

static int teardown(void **state) {
    (void)state;
    int status = daemon_proc_stop(&proc);
    daemon_proc_done(&proc);
    return status;
}

/* Resident memory of the daemon, bytes; the address sanitizer keeps what was
 * freed, so that the number means nothing there. */
static int64_t rss(void) {
#ifdef __SANITIZE_ADDRESS__
    return 0;
#endif
    char path[64];
    long pages = 0;
    (void)snprintf(path, sizeof path, "/proc/%d/statm", (int)proc.pid);
    FILE *f = fopen(path, "re");
    assert_non_null(f);
    assert_int_equal(fscanf(f, "%*s %ld", &pages), 1);
    (void)fclose(f);
    return (int64_t)pages * sysconf(_SC_PAGESIZE);
}

/* It still answers somebody else. */
static void still_serves(void) {
    struct rpc_client c;
    rpc_client_connect(&c, proc.socket, true);
    (void)rpc_call_ok(&c, "stores.list", NULL);
    rpc_client_close(&c);
}

/* Wait until the daemon has noticed that everybody but `c` left. */
static void alone(struct rpc_client *c) {
    int64_t clients = 0;
    for (int i = 0; i < 500 && clients != 1; i++) {
        const struct json *r = rpc_call_ok(c, "monitor.get", NULL);
        assert_int_equal(json_i64(json_get(r, "clients"), false, &clients), 0);
        (void)usleep(10000);
    }
    assert_int_equal(clients, 1);
}

static const char *code_of(const struct json *m) {
    return json_string(json_path(m, "error.data.code"));
}

static void garbage_is_answered(void **state) {
    (void)state;
    static const char *const lines[] = {
        "hello\n",
        "{\"jsonrpc\":\"2.0\",\"id\":1\n",
        "\"text\"\n",
        "{}\n",
        "{\"jsonrpc\":\"1.0\",\"id\":1,\"method\":\"stores.list\"}\n",
        "{\"jsonrpc\":\"2.0\",\"id\":{},\"method\":\"stores.list\"}\n",
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"id\":2,\"method\":\"a.b\"}\n",
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{}}\n",
        "\x80\xff\xfe\n",
        "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[\n",
    };
    struct rpc_client c;
    rpc_client_connect(&c, proc.socket, false);
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        rpc_client_send(&c, lines[i], strlen(lines[i]));
        const struct json *m = rpc_client_read(&c, 5000, NULL);
        const char *code = code_of(m);
        assert_true(str_eq(code, "parse") || str_eq(code, "invalid_request"));
    }
    /* The connection is as good as before. */
    (void)rpc_call_ok(&c, "session.open", "{\"client\":\"x\",\"version\":1}");
    rpc_client_close(&c);
}

static void random_bytes_hurt_nobody(void **state) {
    (void)state;
    unsigned seed = 7;
    for (int round = 0; round < 50; round++) {
        char bytes[4096];
        struct rpc_client c;
        rpc_client_connect(&c, proc.socket, round % 2);
        for (size_t i = 0; i < sizeof bytes; i++)
            bytes[i] = (char)(rand_r(&seed) % 256);
        rpc_client_send(&c, bytes, sizeof bytes);
        rpc_client_close(&c);
    }
    still_serves();
}

static void too_long_a_line_ends_it(void **state) {
    (void)state;
    char *line = malloc(5 * MB);
    struct rpc_client c;
    bool end;
    memset(line, 'x', 5 * MB);
    rpc_client_connect(&c, proc.socket, true);
    rpc_client_send(&c, line, 5 * MB);
    const struct json *m = rpc_client_read(&c, 5000, &end);
    if (m) { /* else it hung up while we were still sending */
        assert_string_equal(code_of(m), "too_big");
        assert_null(rpc_client_read(&c, 5000, &end));
    }
    assert_true(end);
    rpc_client_close(&c);
    free(line);
    still_serves();
}

static void four_megabytes_are_accepted(void **state) {
    (void)state;
    static const char head[] = "{\"jsonrpc\":\"2.0\",\"id\":9,\"method\":"
                               "\"jobs.list\",\"params\":{}";
    char *line = malloc(4 * MB);
    struct rpc_client c;
    memset(line, ' ', 4 * MB);
    memcpy(line, head, sizeof head - 1);
    line[4 * MB - 2] = '}';
    line[4 * MB - 1] = '\n';
    rpc_client_connect(&c, proc.socket, true);
    rpc_client_send(&c, line, 4 * MB);
    assert_non_null(json_get(rpc_client_wait(&c, 9, 5000), "result"));
    rpc_client_close(&c);
    free(line);
}

static void half_lines_are_bounded(void **state) {
    (void)state;
    enum { CLIENTS = 100 };
    static struct rpc_client c[CLIENTS];
    char *half = malloc(MB);
    memset(half, ' ', MB);
    int64_t before = rss();
    for (int i = 0; i < CLIENTS; i++) {
        rpc_client_connect(&c[i], proc.socket, false);
        rpc_client_send(&c[i], half, MB);
    }
    still_serves();
    /* 100 MB were sent; what is held is bounded for all together. */
    assert_in_range(rss(), 0, before + 48 * MB);
    for (int i = 0; i < CLIENTS; i++)
        rpc_client_close(&c[i]);
    free(half);
    still_serves();
}

/* Ask for large answers and never read one. */
static void who_never_reads_is_bounded(void **state) {
    (void)state;
    enum { CLIENTS = 100, ASKS = 200 };
    static struct rpc_client c[CLIENTS];
    AUTO_BUF struct buf asks = BUF_INIT;
    int64_t before = rss();
    for (int i = 0; i < ASKS; i++)
        buf_adds(&asks, "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":"
                        "\"rpc.discover\"}\n");
    for (int i = 0; i < CLIENTS; i++) {
        rpc_client_connect(&c[i], proc.socket, true);
        /* 17 KB: fits the kernel's buffer even when it is not taken. */
        rpc_client_send(&c[i], asks.data, asks.len);
    }
    still_serves();
    assert_in_range(rss(), 0, before + 160 * MB);
    for (int i = 0; i < CLIENTS; i++)
        rpc_client_close(&c[i]);
    still_serves();
}

static void too_many_clients_are_turned_away(void **state) {
    (void)state;
    enum { CLIENTS = 300 };
    static struct rpc_client c[CLIENTS];
    int refused = 0;
    /* The one who looks stays connected: while the daemon has not noticed that
     * the crowd left, a newcomer is still turned away. */
    struct rpc_client watcher;
    rpc_client_connect(&watcher, proc.socket, true);
    alone(&watcher);
    for (int i = 0; i < CLIENTS; i++)
        rpc_client_connect(&c[i], proc.socket, false);
    for (int i = 0; i < CLIENTS; i++) {
        const struct json *m = rpc_client_read(&c[i], i < 250 ? 0 : 100, NULL);
        refused += m && str_eq(code_of(m), "busy");
    }
    for (int i = 0; i < CLIENTS; i++)
        rpc_client_close(&c[i]);
    assert_in_range(refused, 1, CLIENTS - 255);
    alone(&watcher);
    rpc_client_close(&watcher);
    still_serves();
}

static void who_leaves_early_is_forgotten(void **state) {
    (void)state;
    for (int i = 0; i < 100; i++) {
        struct rpc_client c;
        rpc_client_connect(&c, proc.socket, true);
        for (int k = 0; k < 20; k++)
            (void)rpc_client_post(&c, "stores.list", NULL);
        rpc_client_close(&c);
    }
    still_serves();
}

/* `printf ... | socat`: the answers come though the input ended. */
static void end_of_input_is_answered(void **state) {
    (void)state;
    struct rpc_client c;
    rpc_client_connect(&c, proc.socket, true);
    int64_t id = rpc_client_post(&c, "stores.list", NULL);
    assert_int_equal(shutdown(c.fd, SHUT_WR), 0);
    assert_non_null(json_get(rpc_client_wait(&c, id, 5000), "result"));
    bool end;
    assert_null(rpc_client_read(&c, 5000, &end));
    assert_true(end);
    rpc_client_close(&c);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(garbage_is_answered),
        cmocka_unit_test(random_bytes_hurt_nobody),
        cmocka_unit_test(too_long_a_line_ends_it),
        cmocka_unit_test(four_megabytes_are_accepted),
        cmocka_unit_test(half_lines_are_bounded),
        cmocka_unit_test(who_never_reads_is_bounded),
        cmocka_unit_test(too_many_clients_are_turned_away),
        cmocka_unit_test(who_leaves_early_is_forgotten),
        cmocka_unit_test(end_of_input_is_answered),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
