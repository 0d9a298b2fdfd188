/* curl multi on the loop.
 *
 * Happy path: send adds an easy handle; curl names the sockets it waits for
 * (on_socket -> uv_poll) and when it wants to be woken (on_timer -> uv_timer);
 * each event goes to curl_multi_socket_action, then collect takes what has
 * finished and calls its done.
 * Failure modes: every transfer ends through collect with an error of its own;
 * curl itself failing is a REQUIRE. done may send, cancel others or close. */
#include <curl/curl.h>
#include <pthread.h>
#include <stdlib.h>
#include <uv.h>

#include "common/check.h"
#include "common/mem.h"
#include "net/http.h"
#include "net/http_call.h"

struct http {
    uv_loop_t *loop;
    CURLM *multi;
    uv_timer_t timer;
    struct http_call *calls; /* under way */
    int in_flight;
    int handles; /* uv handles not yet closed, the timer included */
    int depth;   /* inside curl or a done */
    char *user_agent;
    bool closing;
    void (*closed)(void *arg);
    void *closed_arg;
};

/* A socket curl asked us to watch. */
struct watch {
    uv_poll_t poll;
    struct http *owner;
    curl_socket_t fd;
};

static void maybe_free(struct http *h) {
    if (!h->closing || h->handles > 0 || h->depth > 0)
        return;
    void (*closed)(void *) = h->closed;
    void *arg = h->closed_arg;
    free(h->user_agent);
    free(h);
    if (closed)
        closed(arg);
}

static void unlink_call(struct http_call *c) {
    *c->link = c->next;
    if (c->next)
        c->next->link = c->link;
    c->owner->in_flight--;
    REQUIRE(curl_multi_remove_handle(c->owner->multi, c->easy) == CURLM_OK);
}

static void finish(struct http_call *c, CURLcode code) {
    http_call_finish(c, code);
    unlink_call(c);
    c->done(c->arg, &c->answer);
    http_call_free(c);
}

static void collect(struct http *h) {
    int left;
    CURLMsg *m;
    while (!h->closing && (m = curl_multi_info_read(h->multi, &left))) {
        char *self = NULL;
        CURLcode code = m->data.result;
        if (m->msg != CURLMSG_DONE)
            continue;
        REQUIRE(curl_easy_getinfo(m->easy_handle, CURLINFO_PRIVATE, &self) ==
                CURLE_OK);
        finish((struct http_call *)(void *)self, code);
    }
}

/* Dropping all calls may not happen under curl's feet: close waits for the
 * outermost action to return. */
static void shut(struct http *h);

static void action(struct http *h, curl_socket_t fd, int events) {
    int running;
    h->depth++;
    if (!h->closing) {
        CURLMcode rc = curl_multi_socket_action(h->multi, fd, events, &running);
        REQUIRE(rc == CURLM_OK);
    }
    collect(h);
    h->depth--;
    if (h->closing)
        shut(h);
}

static void on_poll(uv_poll_t *p, int status, int events) {
    struct watch *w = p->data;
    /* Let curl meet the error itself: told of one it gives up, while a kept
     * connection that the server closed is worth a new one. */
    int flags = status < 0 ? CURL_CSELECT_IN | CURL_CSELECT_OUT : 0;
    if (events & UV_READABLE)
        flags |= CURL_CSELECT_IN;
    if (events & UV_WRITABLE)
        flags |= CURL_CSELECT_OUT;
    action(w->owner, w->fd, flags);
}

static void on_timeout(uv_timer_t *t) {
    action(t->data, CURL_SOCKET_TIMEOUT, 0);
}

static int on_timer(CURLM *multi, long ms, void *arg) {
    struct http *h = arg;
    (void)multi;
    if (ms < 0)
        (void)uv_timer_stop(&h->timer);
    else if (!h->closing)
        /* 0 means "call me soon", never from inside this callback */
        REQUIRE(uv_timer_start(&h->timer, on_timeout, (uint64_t)ms, 0) == 0);
    return 0;
}

static void watch_closed(uv_handle_t *handle) {
    struct watch *w = handle->data;
    struct http *h = w->owner;
    free(w);
    h->handles--;
    maybe_free(h);
}

static struct watch *watch_new(struct http *h, curl_socket_t fd) {
    struct watch *w = NEW(struct watch);
    w->owner = h;
    w->fd = fd;
    w->poll.data = w;
    REQUIRE(uv_poll_init_socket(h->loop, &w->poll, fd) == 0);
    h->handles++;
    return w;
}

static int on_socket(CURL *easy, curl_socket_t fd, int what, void *arg,
                     void *known) {
    struct http *h = arg;
    struct watch *w = known;
    (void)easy;
    if (what == CURL_POLL_REMOVE) {
        if (w) {
            (void)uv_poll_stop(&w->poll); /* always succeeds */
            (void)curl_multi_assign(h->multi, fd, NULL);
            uv_close((uv_handle_t *)&w->poll, watch_closed);
        }
        return 0;
    }
    if (!w) {
        w = watch_new(h, fd);
        REQUIRE(curl_multi_assign(h->multi, fd, w) == CURLM_OK);
    }
    int events = (what & CURL_POLL_IN ? UV_READABLE : 0) |
                 (what & CURL_POLL_OUT ? UV_WRITABLE : 0);
    REQUIRE(uv_poll_start(&w->poll, events, on_poll) == 0);
    return 0;
}

static void curl_start(void) {
    REQUIRE(curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK);
}

struct http *http_new(struct uv_loop_s *loop, const struct http_options *o) {
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    REQUIRE(pthread_once(&once, curl_start) == 0);
    struct http *h = NEW(struct http);
    int keep = o && o->max_connections ? o->max_connections : 64;
    h->loop = loop;
    h->user_agent =
        mem_dup(o && o->user_agent ? o->user_agent : http_user_agent_default());
    REQUIRE(uv_timer_init(loop, &h->timer) == 0);
    h->timer.data = h;
    h->handles = 1;
    h->multi = curl_multi_init();
    REQUIRE(h->multi);
    curl_multi_setopt(h->multi, CURLMOPT_SOCKETFUNCTION, on_socket);
    curl_multi_setopt(h->multi, CURLMOPT_SOCKETDATA, h);
    curl_multi_setopt(h->multi, CURLMOPT_TIMERFUNCTION, on_timer);
    curl_multi_setopt(h->multi, CURLMOPT_TIMERDATA, h);
    curl_multi_setopt(h->multi, CURLMOPT_MAXCONNECTS, (long)keep);
    curl_multi_setopt(h->multi, CURLMOPT_PIPELINING, (long)CURLPIPE_MULTIPLEX);
    return h;
}

static struct http_call *send_call(void *self, const struct http_request *r,
                                   http_done_fn done, void *arg) {
    struct http *h = self;
    REQUIRE(!h->closing && r->url && done);
    struct http_call *c = http_call_new(r, h->user_agent);
    c->owner = h;
    c->done = done;
    c->arg = arg;
    c->next = h->calls;
    c->link = &h->calls;
    if (c->next)
        c->next->link = &c->next;
    h->calls = c;
    h->in_flight++;
    /* Only starts the timer: nothing finishes inside this call. */
    REQUIRE(curl_multi_add_handle(h->multi, c->easy) == CURLM_OK);
    return c;
}

static void cancel_call(void *self, struct http_call *c) {
    REQUIRE(c->owner == self);
    unlink_call(c);
    http_call_free(c);
}

struct http_transport http_transport(struct http *h) {
    return (struct http_transport){h, send_call, cancel_call};
}

int http_in_flight(const struct http *h) {
    return h->in_flight;
}

static void timer_closed(uv_handle_t *handle) {
    struct http *h = handle->data;
    h->handles--;
    maybe_free(h);
}

static void shut(struct http *h) {
    if (!h->multi || h->depth > 0)
        return;
    while (h->calls) {
        struct http_call *c = h->calls;
        unlink_call(c);
        http_call_free(c);
    }
    /* Closes kept connections: curl reports their sockets removed. */
    (void)curl_multi_cleanup(h->multi);
    h->multi = NULL;
    uv_close((uv_handle_t *)&h->timer, timer_closed);
}

void http_close(struct http *h, void (*closed)(void *arg), void *arg) {
    if (!h || h->closing)
        return;
    h->closing = true;
    h->closed = closed;
    h->closed_arg = arg;
    shut(h);
}
