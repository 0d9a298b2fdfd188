/* Happy path of a request: the URI callback makes a `call`, uploads are
 * collected, the last call of the handler answers it under the shop's lock,
 * the connection is suspended until the answer is due, and the handler, called
 * once more, queues it. The completed callback frees the call.
 *
 * Failure modes: a client that goes away while suspended is noticed after the
 * wake-up only; the write it asked for has long been applied, as with PHP. A
 * fault may close the connection with no answer; a late write then owns the
 * call and frees it itself. */
#include "tests/shop/http.h"

#include <arpa/inet.h>
#include <microhttpd.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "common/mem.h"
#include "tests/shop/http_body.h"
#include "tests/shop/route.h"
#include "tests/shop/shop.h"
#include "tests/shop/timers.h"

enum { BODY_MAX = 32 << 20 };

struct call {
    struct exchange x;
    struct MHD_Connection *conn;
    char *uri;
    struct buf body;
    int64_t began_us;
    uint64_t epoch;
    bool begun, answered;
};

static void call_free(struct call *c) {
    free(c->uri);
    buf_done(&c->body);
    exchange_done(&c->x);
    free(c);
}

static void *on_uri(void *cls, const char *uri, struct MHD_Connection *conn) {
    struct call *c = NEW(struct call);
    (void)cls;
    c->conn = conn;
    c->uri = mem_dup(uri);
    return c;
}

static void on_completed(void *cls, struct MHD_Connection *conn, void **con_cls,
                         enum MHD_RequestTerminationCode code) {
    struct demo_shop *s = cls;
    struct call *c = *con_cls;
    (void)conn;
    (void)code;
    if (!c)
        return;
    if (c->answered) {
        (void)pthread_mutex_lock(&s->lock);
        s->in_flight--;
        (void)pthread_mutex_unlock(&s->lock);
    }
    call_free(c);
    *con_cls = NULL;
}

static const char *head(struct call *c, const char *name) {
    const char *v = MHD_lookup_connection_value(c->conn, MHD_HEADER_KIND, name);
    return v ? arena_dupn(c->x.a, v, strlen(v)) : NULL;
}

static void exchange_fill(struct demo_shop *s, struct call *c,
                          const char *method) {
    struct exchange *x = &c->x;
    x->a = arena_new(1 << 14);
    x->shop = s;
    x->s = &s->s;
    x->method = arena_dupn(x->a, method, strlen(method));
    x->raw_uri = c->uri;
    x->authorization = head(c, "Authorization");
    x->user_agent = head(c, "User-Agent");
    x->content_type = head(c, "Content-Type");
    x->accept = head(c, "Accept");
    x->accept_encoding = head(c, "Accept-Encoding");
    x->method_override = head(c, "X-HTTP-Method-Override");
    x->body = buf_str(&c->body);
    x->body_n = c->body.len;
    x->https = s->o.tls_cert || s->o.trust_http;
}

static void wake(void *arg, bool stopping) {
    struct call *c = arg;
    (void)stopping;
    MHD_resume_connection(c->conn);
}

/* A hang ends when the faults are cleared, or with the shop. */
static void hang(void *arg, bool stopping) {
    struct call *c = arg;
    struct demo_shop *s = c->x.shop;
    (void)pthread_mutex_lock(&s->lock);
    bool over = stopping || s->faults.epoch != c->epoch;
    (void)pthread_mutex_unlock(&s->lock);
    if (over)
        MHD_resume_connection(c->conn);
    else
        timers_add(s->timers, timers_now() + 20000, hang, c);
}

static void land(void *arg, bool stopping) {
    struct call *c = arg;
    struct demo_shop *s = c->x.shop;
    if (!stopping) {
        (void)pthread_mutex_lock(&s->lock);
        route_dispatch(&c->x);
        (void)pthread_mutex_unlock(&s->lock);
    }
    call_free(c);
}

static enum MHD_Result send_answer(struct call *c) {
    struct exchange *x = &c->x;
    const struct fault_act *act = x->fault;
    if (act && act->no_head)
        return MHD_NO; /* the connection ends here */
    struct MHD_Response *r = http_body_response(x, c->conn);
    (void)MHD_add_response_header(r, "Server", "nginx/1.22.1");
    (void)MHD_add_response_header(r, "Content-Type", x->type);
    if (x->allow)
        (void)MHD_add_response_header(r, "Allow", x->allow);
    for (size_t i = 0; i < x->headers_n; i++)
        (void)MHD_add_response_header(r, x->headers[i].key,
                                      x->headers[i].value);
    enum MHD_Result ok = MHD_queue_response(c->conn, (unsigned)x->status, r);
    MHD_destroy_response(r);
    return ok;
}

/* The connection dies now, the write lands later and frees the call: the
 * completed callback must not find it any more. */
static enum MHD_Result abandon(struct demo_shop *s, struct call *c,
                               void **con_cls) {
    int64_t due = timers_now() + c->x.fault->land_ms * 1000;
    *con_cls = NULL;
    (void)pthread_mutex_lock(&s->lock);
    s->in_flight--;
    (void)pthread_mutex_unlock(&s->lock);
    timers_add(s->timers, due, land, c);
    return MHD_NO;
}

static enum MHD_Result answer(struct demo_shop *s, struct call *c,
                              const char *method, void **con_cls) {
    exchange_fill(s, c, method);
    route_answer(&c->x);
    c->answered = true;
    const struct fault_act *act = c->x.fault;
    int64_t due = c->began_us + (s->latency_ms + c->x.delay_ms) * 1000;
    c->epoch = s->faults.epoch;
    if (act && act->land_ms >= 0)
        return abandon(s, c, con_cls);
    bool hangs = act && act->hang;
    if (!hangs && due <= timers_now())
        return send_answer(c);
    MHD_suspend_connection(c->conn);
    timers_add(s->timers, due, hangs ? hang : wake, c);
    return MHD_YES;
}

static enum MHD_Result on_request(void *cls, struct MHD_Connection *conn,
                                  const char *url, const char *method,
                                  const char *version, const char *upload,
                                  size_t *upload_n, void **con_cls) {
    struct demo_shop *s = cls;
    struct call *c = *con_cls;
    (void)url;
    (void)version;
    (void)conn;
    if (!c->begun) {
        c->begun = true;
        c->began_us = timers_now();
        return MHD_YES;
    }
    if (*upload_n) {
        if (c->body.len + *upload_n > BODY_MAX)
            return MHD_NO;
        buf_add(&c->body, upload, *upload_n);
        *upload_n = 0;
        return MHD_YES;
    }
    return c->answered ? send_answer(c) : answer(s, c, method, con_cls);
}

int http_bind(int port, int *ret_port) {
    struct sockaddr_in in = {.sin_family = AF_INET,
                             .sin_port = htons((uint16_t)port)};
    socklen_t n = sizeof in;
    int on = 1, fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    in.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (fd < 0 ||
        setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) < 0 ||
        bind(fd, (struct sockaddr *)&in, n) < 0 || listen(fd, 128) < 0 ||
        getsockname(fd, (struct sockaddr *)&in, &n) < 0) {
        perror("demo-shop: listen");
        if (fd >= 0)
            (void)close(fd);
        return -1;
    }
    *ret_port = ntohs(in.sin_port);
    return fd;
}

int http_start(struct demo_shop *s, int fd) {
    unsigned flags = MHD_USE_EPOLL_INTERNAL_THREAD | MHD_ALLOW_SUSPEND_RESUME;
    struct MHD_OptionItem tls[] = {
        {MHD_OPTION_HTTPS_MEM_CERT, 0, s->tls_cert},
        {MHD_OPTION_HTTPS_MEM_KEY, 0, s->tls_key},
        {MHD_OPTION_END, 0, NULL},
    };
    if (s->tls_cert)
        flags |= MHD_USE_TLS;
    else
        tls[0].option = MHD_OPTION_END;
    s->mhd = MHD_start_daemon(
        flags, 0, NULL, NULL, on_request, s, MHD_OPTION_LISTEN_SOCKET, fd,
        MHD_OPTION_URI_LOG_CALLBACK, on_uri, s, MHD_OPTION_NOTIFY_COMPLETED,
        on_completed, s, MHD_OPTION_CONNECTION_MEMORY_LIMIT,
        (size_t)(128 << 10), MHD_OPTION_ARRAY, tls, MHD_OPTION_END);
    if (s->mhd)
        return 0;
    (void)fprintf(stderr, "demo-shop: the HTTP server does not start%s\n",
                  s->tls_cert ? "; are certificate and key PEM?" : "");
    (void)close(fd);
    return -1;
}

void http_stop(struct demo_shop *s) {
    if (!s->mhd)
        return;
    (void)MHD_quiesce_daemon(s->mhd);
    /* Suspended connections must be resumed before the daemon may stop. */
    timers_stop(s->timers);
    MHD_stop_daemon(s->mhd);
    s->mhd = NULL;
    timers_free(s->timers);
    s->timers = NULL;
}
