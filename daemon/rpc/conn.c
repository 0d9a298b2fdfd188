/* Happy path: a read fills the shared chunk, frame.h cuts lines, dispatch
 * answers each when it is ready; what the kernel does not take at once waits
 * in libuv's queue, counted in `queued`.
 * Failure modes: too much unsent or in flight pauses reading; far too much, or
 * nothing taken for a minute, closes; a line beyond 4 MiB is answered and the
 * connection ended; end of input is answered to the end, then closed. */
#include "rpc/conn.h"

#include <linux/sockios.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include "common/check.h"
#include "common/log.h"
#include "common/mem.h"
#include "common/str.h"
#include "rpc/access.h"
#include "rpc/call.h"
#include "rpc/dispatch.h"
#include "rpc/subscriptions.h"

struct out {
    uv_write_t req;
    struct rpc_conn *conn;
    size_t n;
    char *data;
};

static void on_closed(uv_handle_t *h) {
    struct rpc_conn *c = h->data;
    struct rpc *r = c->rpc;
    if (c->prev)
        c->prev->next = c->next;
    else
        r->conns = c->next;
    if (c->next)
        c->next->prev = c->prev;
    r->n_conns--;
    r->held_in -= c->held;
    r->held_out -= c->queued;
    frame_done(&c->in);
    access_end(&c->session);
    free(c);
    rpc_maybe_stopped(r);
}

static void stop_watch(struct rpc_conn *c) {
    const struct env *env = c->rpc->o.env;
    env->cancel(env->self, c->stuck);
    c->stuck = NULL;
}

void client_close(struct rpc_conn *c) {
    if (c->closing)
        return;
    c->closing = true;
    c->reading = false;
    call_detach_all(c);
    sub_remove(c);
    stop_watch(c);
    uv_close((uv_handle_t *)&c->pipe, on_closed);
}

/* Everything answered and sent, and no more will come? */
static void close_when_done(struct rpc_conn *c) {
    if (c->ending && !c->busy && c->in_flight == 0 && c->queued == 0)
        client_close(c);
}

/* --- out --------------------------------------------------------------- */

/* How much of what was queued it has read, at least. Asked of the socket too:
 * our queue alone moves only when the socket is three quarters empty. */
static int64_t taken(const struct rpc_conn *c) {
    uv_os_fd_t fd;
    int in_socket = 0;
    if (uv_fileno((const uv_handle_t *)&c->pipe, &fd) == 0)
        (void)ioctl(fd, SIOCOUTQ, &in_socket); /* 0 when it cannot tell */
    return c->given - in_socket -
           (int64_t)uv_stream_get_write_queue_size(
               (const uv_stream_t *)&c->pipe);
}

static void on_stuck(void *arg);

/* From now on it has a minute to take something. */
static void start_watch(struct rpc_conn *c) {
    const struct env *env = c->rpc->o.env;
    c->was_taken = taken(c);
    c->stuck = env->timer(env->self, RPC_STUCK_MS, on_stuck, c);
}

static void on_stuck(void *arg) {
    struct rpc_conn *c = arg;
    c->stuck = NULL;
    if (taken(c) > c->was_taken) {
        start_watch(c);
        return;
    }
    log_warn("rpc.stuck", "a client took nothing for %d s and was dropped",
             RPC_STUCK_MS / 1000);
    client_close(c);
}

static void watch(struct rpc_conn *c) {
    if (c->queued == 0)
        stop_watch(c);
    else if (!c->stuck)
        start_watch(c);
}

static void on_written(uv_write_t *req, int status) {
    struct out *o = (struct out *)req;
    struct rpc_conn *c = o->conn;
    c->queued -= o->n;
    c->rpc->held_out -= o->n;
    free(o->data);
    free(o);
    if (c->closing)
        return;
    if (status < 0) {
        client_close(c);
        return;
    }
    watch(c);
    if (c->queued == 0)
        sub_drained(c);
    client_resume(c);
}

/* Hand `n` bytes from `at` of the line to libuv's queue. */
static void queue_rest(struct rpc_conn *c, struct buf *line, size_t at) {
    struct out *o = NEW(struct out);
    o->conn = c;
    o->n = line->len - at;
    o->data = TAKE_PTR(line->data);
    c->queued += o->n;
    c->given += (int64_t)o->n;
    c->rpc->held_out += o->n;
    uv_buf_t b = uv_buf_init(o->data + at, (unsigned)o->n);
    *line = (struct buf)BUF_INIT;
    if (uv_write(&o->req, (uv_stream_t *)&c->pipe, &b, 1, on_written) < 0) {
        c->queued -= o->n;
        c->rpc->held_out -= o->n;
        free(o->data);
        free(o);
        client_close(c);
        return;
    }
    watch(c);
}

static bool beyond(const struct rpc_conn *c) {
    return c->queued > RPC_QUEUE_DROP ||
           (c->queued > RPC_QUEUE_PAUSE && c->rpc->held_out > RPC_HELD_OUT);
}

void client_send(struct rpc_conn *c, struct buf *line) {
    if (c->closing) {
        buf_done(line);
        return;
    }
    buf_addc(line, '\n');
    size_t sent = 0;
    if (c->queued == 0) {
        uv_buf_t b = uv_buf_init(line->data, (unsigned)line->len);
        int n = uv_try_write((uv_stream_t *)&c->pipe, &b, 1);
        sent = n > 0 ? (size_t)n : 0;
    }
    if (sent == line->len) {
        buf_done(line);
        return;
    }
    queue_rest(c, line, sent);
    if (!c->closing && beyond(c)) {
        log_warn("rpc.slow", "a client does not read: dropped with %zu bytes",
                 c->queued);
        client_close(c);
    }
}

/* --- in ---------------------------------------------------------------- */

static void on_alloc(uv_handle_t *h, size_t hint, uv_buf_t *ret) {
    (void)hint;
    struct rpc_conn *c = h->data;
    *ret = uv_buf_init(c->rpc->chunk, sizeof c->rpc->chunk);
}

static bool may_go_on(const struct rpc_conn *c) {
    return !c->closing && c->in_flight < RPC_IN_FLIGHT &&
           c->queued <= RPC_QUEUE_PAUSE;
}

/* Count what the reader holds; false when there is no room for more. */
static bool hold(struct rpc_conn *c) {
    c->rpc->held_in += c->in.in.cap - c->held;
    c->held = c->in.in.cap;
    return c->held <= RPC_HELD_FREE || c->rpc->held_in <= RPC_HELD_IN;
}

/* Dispatch whole lines while the connection may have more in flight. */
static void take_lines(struct rpc_conn *c) {
    const char *line;
    size_t n;
    c->busy = true;
    while (may_go_on(c) && frame_next(&c->in, &line, &n))
        dispatch_line(c, line, n);
    c->busy = false;
}

static void on_read(uv_stream_t *s, ssize_t n, const uv_buf_t *b);

/* Read exactly while it may send more. */
static void set_reading(struct rpc_conn *c) {
    bool want = !c->ending && may_go_on(c) && !c->rpc->stopped;
    if (want == c->reading || c->closing)
        return;
    c->reading = want;
    if (!want)
        uv_read_stop((uv_stream_t *)&c->pipe);
    else if (uv_read_start((uv_stream_t *)&c->pipe, on_alloc, on_read) < 0)
        client_close(c);
}

void client_end(struct rpc_conn *c) {
    c->ending = true;
    set_reading(c);
    close_when_done(c);
}

/* All whole lines taken: is what is left acceptable? */
static void check_rest(struct rpc_conn *c) {
    if (c->closing || c->ending || !may_go_on(c))
        return;
    if (c->in.overflowed)
        dispatch_refuse(c, ERR_TOO_BIG, "a message is at most 4 MiB");
    else if (!hold(c))
        dispatch_refuse(c, ERR_BUSY, "too much unfinished input");
    else
        return;
    client_end(c);
}

void client_resume(struct rpc_conn *c) {
    if (c->busy || c->closing)
        return;
    take_lines(c);
    check_rest(c);
    if (c->closing)
        return;
    set_reading(c);
    close_when_done(c);
}

static void on_read(uv_stream_t *s, ssize_t n, const uv_buf_t *b) {
    struct rpc_conn *c = s->data;
    if (n > 0) {
        /* Too long a line is seen in check_rest, after the lines before it. */
        (void)frame_feed(&c->in, b->base, (size_t)n);
        (void)hold(c);
        client_resume(c);
    } else if (n == UV_EOF) {
        client_end(c);
    } else if (n < 0) {
        client_close(c);
    }
}

/* --- open -------------------------------------------------------------- */

static unsigned peer_uid(int fd) {
    struct ucred peer = {.uid = (uid_t)-1};
    socklen_t n = sizeof peer;
    if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &n) < 0)
        log_warn("rpc.peer", "a client's account cannot be read");
    return peer.uid;
}

static struct rpc_conn *client_new(struct rpc *r) {
    struct rpc_conn *c = NEW(struct rpc_conn);
    c->rpc = r;
    c->next = r->conns;
    if (c->next)
        c->next->prev = c;
    r->conns = c;
    r->n_conns++;
    frame_init(&c->in, FRAME_MAX);
    c->session.number = ++r->last_conn;
    c->session.began_ms = env_now(r->o.env);
    c->session.who = people_guest(r->people);
    REQUIRE(uv_pipe_init(r->o.loop, &c->pipe, 0) == 0);
    c->pipe.data = c;
    return c;
}

static void client_begin(struct rpc_conn *c, const unsigned *as) {
    uv_os_fd_t fd;
    if (uv_fileno((uv_handle_t *)&c->pipe, &fd) < 0) {
        client_close(c);
        return;
    }
    access_begin(c->rpc, &c->session, as ? *as : peer_uid(fd));
    if (c->rpc->n_conns > RPC_CONNECTIONS) {
        log_warn("rpc.full", "more than %d clients: one was turned away",
                 RPC_CONNECTIONS);
        dispatch_refuse(c, ERR_BUSY, "too many clients");
        client_end(c);
        return;
    }
    set_reading(c);
}

void client_open(struct rpc *r, int fd, const unsigned *as) {
    struct rpc_conn *c = client_new(r);
    if (uv_pipe_open(&c->pipe, fd) < 0)
        client_close(c);
    else
        client_begin(c, as);
}

void client_accept(struct rpc *r, uv_stream_t *listener) {
    struct rpc_conn *c = client_new(r);
    if (uv_accept(listener, (uv_stream_t *)&c->pipe) < 0)
        client_close(c);
    else
        client_begin(c, NULL);
}
