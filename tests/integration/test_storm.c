/* Twenty clients try passwords as fast as they can; somebody who works notices
 * nothing. */
#include "tests/lib/test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "tests/lib/daemon.h"

enum {
    CLIENTS = 20,
    CALLS = 300,
    P99_MS = TEST_SANITIZED ? 100 : 10,
};

static double now_ms(void) {
    struct timespec t;
    (void)clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static int by_size(const void *a, const void *b) {
    double x = *(const double *)a, y = *(const double *)b;
    return x < y ? -1 : x > y;
}

/* Whatever came is thrown away, so that the daemon never waits for us. */
static void pour(struct rpc_client *c, int n) {
    char line[200];
    int len = snprintf(line, sizeof line,
                       "{\"jsonrpc\":\"2.0\",\"id\":%d,\"method\":"
                       "\"session.sign_in\",\"params\":{\"user\":\"u%d\","
                       "\"password\":\"wrong horse battery\"}}\n",
                       n, n % 7);
    rpc_client_send(c, line, (size_t)len);
}

static void work_goes_on(void **state) {
    static struct rpc_client storm[CLIENTS];
    static double took[CALLS];
    struct daemon_proc d;
    struct rpc_client c;
    (void)state;
    daemon_proc_init(&d);
    daemon_proc_start(&d, NULL);
    rpc_client_connect(&c, d.socket, true);
    for (int i = 0; i < CLIENTS; i++)
        rpc_client_connect(&storm[i], d.socket, true);
    for (int i = 0; i < CALLS; i++) {
        pour(&storm[i % CLIENTS], i);
        double began = now_ms();
        (void)rpc_call_ok(&c, "orders.counts", "{}");
        took[i] = now_ms() - began;
    }
    qsort(took, CALLS, sizeof *took, by_size);
    print_message("during the storm: median %.2f ms, p99 %.2f ms\n",
                  took[CALLS / 2], took[CALLS * 99 / 100]);
    assert_true(took[CALLS * 99 / 100] <= P99_MS);
    for (int i = 0; i < CLIENTS; i++)
        rpc_client_close(&storm[i]);
    rpc_client_close(&c);
    daemon_proc_done(&d);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(work_goes_on)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
