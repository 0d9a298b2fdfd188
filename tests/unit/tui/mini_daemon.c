#include "mini_daemon.h"

#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "common/arena.h"
#include "common/buf.h"
#include "common/check.h"
#include "common/frame.h"
#include "common/json.h"
#include "common/mem.h"
#include "common/str.h"

struct mini_daemon {
    char dir[32];
    char path[64];
    int fd;
    int stop[2];     /* a pipe: closed to end the thread */
    pthread_t owner; /* who started it: meets $INT */
    pthread_t thread;
    pthread_mutex_t lock;
    struct buf requests;
    const struct mini_row *rows;
    size_t n;
    bool used[32]; /* rows answered */
};

static const struct mini_row standing[] = {
    {"session.open", "{\"jsonrpc\":\"2.0\",\"id\":$ID,\"result\":{\"daemon\":"
                     "\"fulexod/9\",\"version\":1,\"user\":\"root\",\"role\":"
                     "\"admin\",\"seq\":0}}"},
    {"events.subscribe", "{\"jsonrpc\":\"2.0\",\"id\":$ID,\"result\":{"
                         "\"seq\":0,\"resync\":false}}"},
};

/* The next unused row of the method, else its last one. */
static const struct mini_row *row_of(struct mini_daemon *d,
                                     const char *method) {
    const struct mini_row *last = NULL;
    for (size_t i = 0; i < d->n; i++) {
        if (!str_eq(d->rows[i].method, method))
            continue;
        last = &d->rows[i];
        if (!d->used[i]) {
            d->used[i] = true;
            return last;
        }
    }
    for (size_t i = 0; !last && i < sizeof standing / sizeof *standing; i++)
        if (str_eq(standing[i].method, method))
            last = &standing[i];
    return last;
}

static const char unknown[] =
    "{\"jsonrpc\":\"2.0\",\"id\":$ID,\"error\":{\"code\":-32601,\"message\":"
    "\"There is no such method.\",\"data\":{\"code\":\"unknown_method\"}}}";

static bool answer(struct mini_daemon *d, int fd, const char *line, size_t n) {
    struct arena *a = arena_new(4096);
    AUTO_BUF struct buf out = BUF_INIT;
    const struct json *v;
    int64_t id = 0;
    REQUIRE(json_parse(a, line, n, NULL, &v, NULL) == 0);
    REQUIRE(json_i64(json_get(v, "id"), false, &id) == 0);
    const char *method = json_string(json_get(v, "method"));
    const struct mini_row *row = row_of(d, method);
    pthread_mutex_lock(&d->lock);
    buf_addf(&d->requests, "%s ", method);
    json_print(&d->requests, json_get(v, "params"));
    buf_addc(&d->requests, '\n');
    pthread_mutex_unlock(&d->lock);
    arena_free(a);
    if (row && !row->lines)
        return false;
    for (const char *s = row ? row->lines : unknown; *s;) {
        bool here = str_starts(s, "$ID");
        if (here)
            buf_addf(&out, "%lld", (long long)id);
        else
            buf_addc(&out, *s);
        s += here ? 3 : 1;
    }
    bool interrupt = str_ends(buf_str(&out), "$INT");
    if (interrupt)
        buf_truncate(&out, out.len - 4);
    buf_addc(&out, '\n');
    bool sent = send(fd, out.data, out.len, MSG_NOSIGNAL) == (ssize_t)out.len;
    if (interrupt)
        REQUIRE(pthread_kill(d->owner, SIGINT) == 0);
    return sent;
}

/* Wait for fd or the end: true = fd is readable. */
static bool wait_for(struct mini_daemon *d, int fd) {
    struct pollfd p[2] = {{.fd = fd, .events = POLLIN},
                          {.fd = d->stop[0], .events = POLLIN}};
    REQUIRE(poll(p, 2, -1) > 0);
    return p[1].revents == 0;
}

static void serve(struct mini_daemon *d, int fd) {
    struct frame_reader in;
    char chunk[4096];
    bool open = true;
    frame_init(&in, FRAME_MAX);
    while (open && wait_for(d, fd)) {
        ssize_t n = recv(fd, chunk, sizeof chunk, 0);
        const char *line;
        size_t len;
        open = n > 0 && frame_feed(&in, chunk, (size_t)n) == 0;
        while (open && frame_next(&in, &line, &len))
            open = answer(d, fd, line, len);
    }
    frame_done(&in);
    close(fd);
}

static void *run(void *arg) {
    struct mini_daemon *d = arg;
    while (wait_for(d, d->fd)) {
        int fd = accept(d->fd, NULL, NULL);
        if (fd >= 0)
            serve(d, fd);
    }
    return NULL;
}

struct mini_daemon *mini_daemon_start(const struct mini_row *rows, size_t n) {
    struct mini_daemon *d = NEW(struct mini_daemon);
    struct sockaddr_un addr = {.sun_family = AF_UNIX};
    REQUIRE(n <= sizeof d->used);
    d->rows = rows;
    d->n = n;
    d->owner = pthread_self();
    REQUIRE(str_format(d->dir, sizeof d->dir, "/tmp/mini-XXXXXX") == 0);
    REQUIRE(mkdtemp(d->dir));
    REQUIRE(str_format(d->path, sizeof d->path, "%s/s", d->dir) == 0);
    str_copy(addr.sun_path, sizeof addr.sun_path, d->path);
    d->fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    REQUIRE(bind(d->fd, (struct sockaddr *)&addr, sizeof addr) == 0);
    REQUIRE(listen(d->fd, 8) == 0);
    REQUIRE(pipe(d->stop) == 0);
    REQUIRE(pthread_mutex_init(&d->lock, NULL) == 0);
    REQUIRE(pthread_create(&d->thread, NULL, run, d) == 0);
    return d;
}

const char *mini_daemon_path(const struct mini_daemon *d) {
    return d->path;
}

const char *mini_daemon_requests(struct mini_daemon *d) {
    pthread_mutex_lock(&d->lock);
    const char *s = buf_str(&d->requests);
    pthread_mutex_unlock(&d->lock);
    return s;
}

void mini_daemon_stop(struct mini_daemon *d) {
    close(d->stop[1]);
    pthread_join(d->thread, NULL);
    close(d->stop[0]);
    close(d->fd);
    unlink(d->path);
    rmdir(d->dir);
    buf_done(&d->requests);
    pthread_mutex_destroy(&d->lock);
    free(d);
}
