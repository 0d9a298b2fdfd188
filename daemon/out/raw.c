/* Happy path: the name is looked up, the port connected to, everything written,
 * our side shut, done told. Failure modes: any step fails or all of them take
 * longer than RAW_LIMIT_MS: the connection is dropped. A look-up cannot be
 * stopped: done is told without it, only our memory waits. */
#include "out/raw.h"

#include <stdlib.h>
#include <string.h>
#include <uv.h>

#include "common/check.h"
#include "common/err.h"
#include "common/mem.h"

struct raw {
    uv_getaddrinfo_t look;
    uv_tcp_t tcp;
    uv_timer_t timer;
    uv_connect_t connect;
    uv_write_t write;
    uv_shutdown_t shut;
    char *data;
    size_t n;
    int open; /* handles */
    bool looking;
    int status;
    const char *why;
    raw_done *done;
    void *arg;
};

static void free_raw(struct raw *r) {
    if (r->open > 0 || r->looking)
        return;
    free(r->data);
    free(r);
}

static void on_closed(uv_handle_t *h) {
    struct raw *r = h->data;
    if (--r->open > 0)
        return;
    r->done(r->arg, r->status, r->why);
    free_raw(r);
}

static void end(struct raw *r, int status, const char *why) {
    if (uv_is_closing((uv_handle_t *)&r->timer))
        return;
    r->status = status;
    r->why = why;
    uv_close((uv_handle_t *)&r->timer, on_closed);
    uv_close((uv_handle_t *)&r->tcp, on_closed);
}

static void on_late(uv_timer_t *t) {
    end(t->data, ERR_TIMEOUT, "the printer did not take it in time");
}

static void on_shut(uv_shutdown_t *s, int rc) {
    end(s->data, rc < 0 ? ERR_IO : 0, rc < 0 ? uv_strerror(rc) : "");
}

static void on_written(uv_write_t *w, int rc) {
    struct raw *r = w->data;
    r->shut.data = r;
    if (rc == 0)
        rc = uv_shutdown(&r->shut, (uv_stream_t *)&r->tcp, on_shut);
    if (rc < 0)
        end(r, ERR_IO, uv_strerror(rc));
}

static void on_connected(uv_connect_t *c, int rc) {
    struct raw *r = c->data;
    uv_buf_t b = uv_buf_init(r->data, (unsigned)r->n);
    r->write.data = r;
    if (rc == 0)
        rc = uv_write(&r->write, (uv_stream_t *)&r->tcp, &b, 1, on_written);
    if (rc < 0)
        end(r, ERR_IO, uv_strerror(rc));
}

static void on_found(uv_getaddrinfo_t *l, int rc, struct addrinfo *all) {
    struct raw *r = l->data;
    bool over = r->open == 0 || uv_is_closing((uv_handle_t *)&r->tcp);
    r->looking = false;
    r->connect.data = r;
    if (rc == 0 && !over)
        rc = uv_tcp_connect(&r->connect, &r->tcp, all->ai_addr, on_connected);
    uv_freeaddrinfo(all);
    if (over)
        free_raw(r);
    else if (rc < 0)
        end(r, ERR_IO, uv_strerror(rc));
}

int raw_send(struct uv_loop_s *loop, const char *host, const char *port,
             const void *data, size_t n, raw_done *done, void *arg) {
    const struct addrinfo hints = {.ai_socktype = SOCK_STREAM};
    struct raw *r = NEW(struct raw);
    r->data = mem_dupn(data, n);
    r->n = n;
    r->done = done;
    r->arg = arg;
    r->open = 2;
    r->looking = true;
    r->why = "";
    r->look.data = r->tcp.data = r->timer.data = r;
    REQUIRE(uv_timer_init(loop, &r->timer) == 0);
    REQUIRE(uv_tcp_init(loop, &r->tcp) == 0);
    REQUIRE(uv_timer_start(&r->timer, on_late, RAW_LIMIT_MS, 0) == 0);
    int rc = uv_getaddrinfo(loop, &r->look, on_found, host, port, &hints);
    if (rc < 0) {
        r->looking = false;
        end(r, ERR_IO, uv_strerror(rc));
    }
    return 0;
}
