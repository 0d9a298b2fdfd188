#include "fake_daemon.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "common/arena.h"
#include "common/check.h"
#include "common/err.h"
#include "common/frame.h"
#include "common/mem.h"
#include "common/rpcmsg.h"
#include "common/str.h"
#include "rpc.gen.h"

enum { CONNS = 8, METHODS = 128 };

struct conn {
    int fd; /* -1 free */
    struct frame_reader in;
};

struct method {
    char name[64];
    char *result; /* owned; NULL: fn or refusal */
    fake_daemon_fn *fn;
    void *arg;
    char *code, *message, *hint; /* owned, refusal */
    int calls;
    char *params; /* of the last call, owned */
};

struct fake_daemon {
    char dir[64], path[96];
    int listener; /* -1 while away */
    int wake[2];
    struct conn conns[CONNS];
    struct method methods[METHODS];
    int n_methods;
    bool stop, mute;
    int faults;
    char *shown; /* what fake_daemon_params returned */
    pthread_t thread;
    pthread_mutex_t lock;
};

static struct method *find(struct fake_daemon *d, const char *name) {
    for (int i = 0; i < d->n_methods; i++) {
        if (str_eq(d->methods[i].name, name)) {
            return &d->methods[i];
        }
    }
    REQUIRE(d->n_methods < METHODS);
    struct method *m = &d->methods[d->n_methods++];
    (void)str_copy(m->name, sizeof m->name, name);
    return m;
}

static void forget_answer(struct method *m) {
    free(m->result);
    free(m->code);
    free(m->message);
    free(m->hint);
    m->result = m->code = m->message = m->hint = NULL;
    m->fn = NULL;
}

static void write_all(int fd, const struct buf *b) {
    size_t at = 0;
    while (at < b->len) {
        ssize_t n = send(fd, b->data + at, b->len - at, MSG_NOSIGNAL);
        if (n <= 0) {
            return; /* the client went away */
        }
        at += (size_t)n;
    }
}

/* As the daemon would read it; methods of the tests' own always fit. */
static bool fits_schema(const struct rpcmsg *msg, struct error *fault) {
    int i = rpc_method_find(msg->method);
    if (i < 0) {
        return true;
    }
    AUTO_FREE void *params = mem_zalloc(1, rpc_methods[i].size + 16);
    return rpc_params_parse((enum rpc_method)i, msg->params, params, fault) ==
           0;
}

static void answer(struct fake_daemon *d, int fd, const struct rpcmsg *msg) {
    AUTO_BUF struct buf out = BUF_INIT;
    AUTO_BUF struct buf result = BUF_INIT;
    struct jsonw w;
    struct method *m = find(d, msg->method);
    jsonw_init(&w, &out);
    m->calls++;
    free(m->params);
    json_print(&result, msg->params);
    m->params = buf_take(&result);
    struct error fault = {0};
    if (!fits_schema(msg, &fault)) {
        d->faults++;
        fprintf(stderr, "%s %s: %s %s\n", msg->method, m->params, fault.where,
                fault.detail);
        rpcmsg_error(&w, &msg->id, ERR_INVALID_PARAMS, fault.detail,
                     "invalid_params", NULL, fault.where);
    } else if (m->result || m->fn) {
        if (m->fn) {
            m->fn(msg->params, &result, m->arg);
        } else {
            buf_adds(&result, m->result);
        }
        rpcmsg_begin_result(&w, &msg->id);
        jsonw_raw(&w, result.data, result.len);
        rpcmsg_end(&w);
    } else {
        int code = m->code ? err_from_name(m->code) : 0;
        rpcmsg_error(&w, &msg->id, code ? code : ERR_UNKNOWN_METHOD,
                     m->message ? m->message : "There is no such method.",
                     m->code ? m->code : "unknown_method", m->hint, NULL);
    }
    buf_addc(&out, '\n');
    write_all(fd, &out);
}

static void one_line(struct fake_daemon *d, struct conn *c, const char *line,
                     size_t n) {
    struct arena *a = arena_new(0);
    const struct json *v;
    struct rpcmsg m;
    if (json_parse(a, line, n, NULL, &v, NULL) == 0 &&
        rpcmsg_read(v, &m) == 0 && m.kind == RPCMSG_REQUEST) {
        answer(d, c->fd, &m);
    }
    arena_free(a);
}

static void drop(struct conn *c) {
    if (c->fd >= 0) {
        (void)close(c->fd);
        c->fd = -1;
        frame_done(&c->in);
    }
}

static void serve(struct fake_daemon *d, struct conn *c) {
    char chunk[65536];
    const char *line;
    size_t n;
    ssize_t got = recv(c->fd, chunk, sizeof chunk, 0);
    if (got <= 0 || frame_feed(&c->in, chunk, (size_t)got) < 0) {
        drop(c);
        return;
    }
    while (frame_next(&c->in, &line, &n)) {
        one_line(d, c, line, n);
    }
}

static void accept_one(struct fake_daemon *d) {
    int fd = accept4(d->listener, NULL, NULL, SOCK_CLOEXEC);
    for (int i = 0; fd >= 0 && i < CONNS; i++) {
        if (d->conns[i].fd < 0) {
            d->conns[i].fd = fd;
            frame_init(&d->conns[i].in, FRAME_MAX);
            return;
        }
    }
    if (fd >= 0) {
        (void)close(fd);
    }
}

static int fill_polls(struct fake_daemon *d, struct pollfd *p) {
    p[0] = (struct pollfd){d->wake[0], POLLIN, 0};
    p[1] = (struct pollfd){d->listener, POLLIN, 0};
    for (int i = 0; i < CONNS; i++) {
        p[2 + i] = (struct pollfd){d->mute ? -1 : d->conns[i].fd, POLLIN, 0};
    }
    return 2 + CONNS;
}

static void *run(void *arg) {
    struct fake_daemon *d = arg;
    pthread_mutex_lock(&d->lock);
    while (!d->stop) {
        struct pollfd p[2 + CONNS];
        char byte[16];
        int n = fill_polls(d, p);
        pthread_mutex_unlock(&d->lock);
        int r = poll(p, (nfds_t)n, -1);
        pthread_mutex_lock(&d->lock);
        if (r <= 0) {
            continue;
        }
        if (p[0].revents) {
            (void)!read(d->wake[0], byte, sizeof byte);
        }
        if (p[1].revents && d->listener == p[1].fd) {
            accept_one(d);
        }
        for (int i = 0; i < CONNS; i++) {
            if (p[2 + i].revents && d->conns[i].fd == p[2 + i].fd &&
                !d->mute) { /* it may have been told while we polled */
                serve(d, &d->conns[i]);
            }
        }
    }
    pthread_mutex_unlock(&d->lock);
    return NULL;
}

static void wake(struct fake_daemon *d) {
    (void)!write(d->wake[1], "", 1);
}

static void listen_on(struct fake_daemon *d) {
    struct sockaddr_un addr = {.sun_family = AF_UNIX};
    (void)str_copy(addr.sun_path, sizeof addr.sun_path, d->path);
    d->listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    REQUIRE(bind(d->listener, (struct sockaddr *)&addr, sizeof addr) == 0);
    REQUIRE(listen(d->listener, 8) == 0);
}

struct fake_daemon *fake_daemon_start(void) {
    struct fake_daemon *d = NEW(struct fake_daemon);
    (void)str_copy(d->dir, sizeof d->dir, "/tmp/fake-daemon-XXXXXX");
    REQUIRE(mkdtemp(d->dir) != NULL);
    (void)str_format(d->path, sizeof d->path, "%s/socket", d->dir);
    REQUIRE(pipe2(d->wake, O_CLOEXEC | O_NONBLOCK) == 0);
    for (int i = 0; i < CONNS; i++) {
        d->conns[i].fd = -1;
    }
    pthread_mutex_init(&d->lock, NULL);
    fake_daemon_answer(d, "session.open",
                       "{\"daemon\":\"fulexod/0.1.0\",\"version\":1,"
                       "\"locale\":\"en\",\"read_only\":false,\"user\":"
                       "\"ayse\",\"role\":\"admin\",\"seq\":10,\"zone\":"
                       "\"UTC\",\"code_prefix\":\"FULEXO\"}");
    fake_daemon_answer(d, "events.subscribe", "{\"seq\":10,\"resync\":false}");
    listen_on(d);
    REQUIRE(pthread_create(&d->thread, NULL, run, d) == 0);
    return d;
}

void fake_daemon_stop(struct fake_daemon *d) {
    pthread_mutex_lock(&d->lock);
    d->stop = true;
    pthread_mutex_unlock(&d->lock);
    wake(d);
    pthread_join(d->thread, NULL);
    for (int i = 0; i < CONNS; i++) {
        drop(&d->conns[i]);
    }
    for (int i = 0; i < d->n_methods; i++) {
        forget_answer(&d->methods[i]);
        free(d->methods[i].params);
    }
    if (d->listener >= 0) {
        (void)close(d->listener);
    }
    (void)close(d->wake[0]);
    (void)close(d->wake[1]);
    (void)unlink(d->path);
    (void)rmdir(d->dir);
    pthread_mutex_destroy(&d->lock);
    free(d->shown);
    free(d);
}

const char *fake_daemon_socket(const struct fake_daemon *d) {
    return d->path;
}

void fake_daemon_answer(struct fake_daemon *d, const char *method,
                        const char *result) {
    pthread_mutex_lock(&d->lock);
    struct method *m = find(d, method);
    forget_answer(m);
    m->result = mem_dup(result);
    pthread_mutex_unlock(&d->lock);
}

void fake_daemon_handle(struct fake_daemon *d, const char *method,
                        fake_daemon_fn *fn, void *arg) {
    pthread_mutex_lock(&d->lock);
    struct method *m = find(d, method);
    forget_answer(m);
    m->fn = fn;
    m->arg = arg;
    pthread_mutex_unlock(&d->lock);
}

void fake_daemon_refuse(struct fake_daemon *d, const char *method,
                        const char *code, const char *message,
                        const char *hint) {
    pthread_mutex_lock(&d->lock);
    struct method *m = find(d, method);
    forget_answer(m);
    m->code = mem_dup(code);
    m->message = mem_dup(message);
    m->hint = mem_dup(hint);
    pthread_mutex_unlock(&d->lock);
}

void fake_daemon_event(struct fake_daemon *d, const char *params) {
    AUTO_BUF struct buf b = BUF_INIT;
    buf_addf(&b, "{\"jsonrpc\":\"2.0\",\"method\":\"event\",\"params\":%s}\n",
             params);
    pthread_mutex_lock(&d->lock);
    for (int i = 0; i < CONNS; i++) {
        if (d->conns[i].fd >= 0) {
            write_all(d->conns[i].fd, &b);
        }
    }
    pthread_mutex_unlock(&d->lock);
}

void fake_daemon_away(struct fake_daemon *d, bool away) {
    pthread_mutex_lock(&d->lock);
    for (int i = 0; i < CONNS; i++) {
        drop(&d->conns[i]);
    }
    if (away && d->listener >= 0) {
        (void)close(d->listener);
        (void)unlink(d->path);
        d->listener = -1;
    } else if (!away && d->listener < 0) {
        listen_on(d);
    }
    pthread_mutex_unlock(&d->lock);
    wake(d);
}

void fake_daemon_mute(struct fake_daemon *d, bool mute) {
    pthread_mutex_lock(&d->lock);
    d->mute = mute;
    pthread_mutex_unlock(&d->lock);
    wake(d);
}

int fake_daemon_faults(struct fake_daemon *d) {
    pthread_mutex_lock(&d->lock);
    int n = d->faults;
    pthread_mutex_unlock(&d->lock);
    return n;
}

int fake_daemon_calls(struct fake_daemon *d, const char *method) {
    pthread_mutex_lock(&d->lock);
    int n = find(d, method)->calls;
    pthread_mutex_unlock(&d->lock);
    return n;
}

const char *fake_daemon_params(struct fake_daemon *d, const char *method) {
    pthread_mutex_lock(&d->lock);
    const char *params = find(d, method)->params;
    free(d->shown);
    d->shown = mem_dup(params ? params : "");
    pthread_mutex_unlock(&d->lock);
    return d->shown;
}
