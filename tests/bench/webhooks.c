/* usage: bench_webhooks PORT DATA STORE PID N RUNS: deliveries to a daemon over
 * keep-alive connections, each answered after its commit, beside what the disk
 * can sync.
 *
 * Each delivery tells of a change, and is signed before the clock starts.
 * One thread sends: a connection gets the next one when it was answered. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "bench.h"
#include "common/mem.h"
#include "order_json.h"
#include "tests/lib/web_client.h"
#include "tests/lib/webhook_door.h"

enum {
    CONNS = 16,
    OBJECTS = 5000, /* orders the deliveries are of */
    SYNCS = 300,
    RATE = 5000,
    P99_MS = 20,
};

static const char secret[] = "whsec-bench-0123456789";

struct run {
    struct web_client c[CONNS];
    int epoll;
    struct buf *texts; /* of the deliveries */
    int64_t sent_ns[CONNS];
    double *took_ms; /* by delivery */
    int n, next, done;
};

/* --- the disk ----------------------------------------------------------- */

/* Synced 4 KiB writes a second, as a log is written. */
static double sync_rate(const char *path) {
    static const char page[4096];
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (fd < 0)
        bench_die("%s: %s", path, strerror(errno));
    int64_t from = bench_ns();
    for (int i = 0; i < SYNCS; i++)
        if (write(fd, page, sizeof page) != (ssize_t)sizeof page ||
            fdatasync(fd) < 0)
            bench_die("%s: %s", path, strerror(errno));
    int64_t took = bench_ns() - from;
    (void)close(fd);
    (void)unlink(path);
    return SYNCS * 1e9 / (double)took;
}

/* --- deliveries --------------------------------------------------------- */

static void prepare(struct run *r, const char *store, int64_t first) {
    AUTO_FREE char *path = mem_printf("/webhooks/%s/%s", store, secret);
    for (int i = 0; i < r->n; i++) {
        AUTO_BUF struct buf page = BUF_INIT;
        int64_t k = first + i; /* an object's next one differs from its last */
        order_json_page(&page, 1 + k % OBJECTS, 1, (int)(k / OBJECTS % 2),
                        1000);
        struct web_delivery d = {.path = path,
                                 .secret = secret,
                                 .topic = "order.updated",
                                 .body = page.data + 1, /* without [ and ] */
                                 .body_n = page.len - 2};
        buf_clear(&r->texts[i]);
        web_delivery_add(&r->texts[i], &d);
    }
}

static void send_next(struct run *r, int at) {
    if (r->next == r->n)
        return;
    const struct buf *text = &r->texts[r->next++];
    r->sent_ns[at] = bench_ns();
    if (web_client_send(&r->c[at], text->data, text->len) < 0)
        bench_die("the daemon closed a connection");
}

/* Answers are one short segment each. */
static void take_answer(struct run *r, int at) {
    static const char good[] = "HTTP/1.1 200";
    char text[2048];
    ssize_t got = recv(r->c[at].fd, text, sizeof text, 0);
    if (got < (ssize_t)sizeof good || memcmp(text, good, sizeof good - 1) != 0)
        bench_die("a delivery was not accepted: %.*s", (int)(got > 0 ? got : 0),
                  text);
    r->took_ms[r->done++] = (double)(bench_ns() - r->sent_ns[at]) / 1e6;
    send_next(r, at);
}

static double deliver_all(struct run *r) {
    struct epoll_event ev[CONNS];
    r->next = r->done = 0;
    int64_t from = bench_ns();
    for (int i = 0; i < CONNS; i++)
        send_next(r, i);
    while (r->done < r->n) {
        int n = epoll_wait(r->epoll, ev, CONNS, 10000);
        if (n <= 0)
            bench_die("the daemon does not answer");
        for (int i = 0; i < n; i++)
            take_answer(r, ev[i].data.fd);
    }
    return r->n * 1e9 / (double)(bench_ns() - from);
}

static void connect_all(struct run *r, int port) {
    r->epoll = epoll_create1(EPOLL_CLOEXEC);
    for (int i = 0; i < CONNS; i++) {
        struct epoll_event ev = {.events = EPOLLIN, .data.fd = i};
        if (web_client_connect(&r->c[i], port) < 0 ||
            epoll_ctl(r->epoll, EPOLL_CTL_ADD, r->c[i].fd, &ev) < 0)
            bench_die("the daemon does not listen on port %d", port);
    }
}

static void disconnect_all(struct run *r) {
    for (int i = 0; i < CONNS; i++)
        web_client_close(&r->c[i]);
    (void)close(r->epoll);
}

/* The first one waits for the daemon to find the new door. */
static void deliver_first(struct run *r, const char *store, int port) {
    struct web_client c;
    prepare(r, store, OBJECTS - 1);
    if (web_client_connect(&c, port) < 0 ||
        web_client_send(&c, r->texts[0].data, r->texts[0].len) < 0 ||
        web_client_read(&c, 10000) != 200)
        bench_die("the first delivery was not accepted");
    web_client_close(&c);
}

/* One figure a run. */
struct figures {
    double *rate, *p99, *cpu, *floor;
};

static void run_once(struct run *r, int port, pid_t pid, const char *file,
                     struct figures *f, size_t i) {
    struct bench_usage from, to;
    connect_all(r, port);
    f->floor[i] = sync_rate(file);
    bench_usage(pid, &from);
    f->rate[i] = deliver_all(r);
    bench_usage(pid, &to);
    f->p99[i] = bench_quantile(r->took_ms, (size_t)r->n, 0.99);
    f->cpu[i] = (to.cpu_ms - from.cpu_ms) * 1000 / r->n;
    disconnect_all(r);
}

static void report(const struct figures *f, size_t runs) {
    double rate = bench_quantile(f->rate, runs, 0.5);
    double p99 = bench_quantile(f->p99, runs, 0.5);
    double disk = bench_quantile(f->floor, runs, 0.5);
    double cpu = bench_quantile(f->cpu, runs, 0.5);
    bench_print(&(struct bench_figure){
        "webhooks",
        "durable deliveries over 16 connections; floor: synced writes", rate,
        "/s", disk, ">= 5000/s", rate >= RATE});
    bench_print(&(struct bench_figure){
        "webhooks", "99th percentile of an answer; floor: a synced write", p99,
        "ms", 1000 / disk, "<= 20 ms", p99 <= P99_MS});
    bench_print(&(struct bench_figure){
        "webhooks", "processor time of the daemon for a delivery", cpu, "us", 0,
        "-", true});
}

int main(int argc, char **argv) {
    if (argc != 7)
        bench_die("usage: bench_webhooks PORT DATA STORE PID N RUNS");
    int port = (int)bench_number(argv[1], 1, 65535);
    pid_t pid = (pid_t)bench_number(argv[4], 1, 1 << 30);
    struct run r = {.n = (int)bench_number(argv[5], CONNS, 1000000)};
    size_t n = (size_t)r.n, runs = (size_t)bench_number(argv[6], 1, 100);
    AUTO_FREE char *file = mem_printf("%s/sync-rate", argv[2]);
    AUTO_FREE double *all = mem_zalloc(4 * runs, sizeof *all);
    struct figures f = {all, all + runs, all + 2 * runs, all + 3 * runs};
    r.texts = mem_zalloc(n, sizeof *r.texts);
    r.took_ms = mem_zalloc(n, sizeof *r.took_ms);
    webhook_door_put(argv[2], argv[3], secret, secret);
    deliver_first(&r, argv[3], port);
    for (size_t i = 0; i < runs; i++) {
        prepare(&r, argv[3], (int64_t)(i * n));
        run_once(&r, port, pid, file, &f, i);
    }
    report(&f, runs);
    for (size_t i = 0; i < n; i++)
        buf_done(&r.texts[i]);
    free(r.texts);
    free(r.took_ms);
    return 0;
}
