#include "http/web.h"

#include "common/check.h"
#include "common/env.h"
#include "common/log.h"
#include "common/mem.h"
#include "http/room.h"
#include "http/signer.h"

enum {
    LAST_TURNS = 16,         /* at the stop, to send what was answered */
    CONN_MEMORY = 16 * 1024, /* of one connection: bounds the head too */
};

const struct web_route web_routes[] = {
    {"/webhooks/", true, hook_serve},
    {"/health", false, health_all},
    {"/health/live", false, health_live},
    {"/health/ready", false, health_ready},
    {"/metrics", false, metrics_serve},
    {"/share/", false, share_serve},
    {"/auth/login", true, auth_login},
    {"/auth/refresh", true, auth_refresh},
    {"/auth/logout", true, auth_logout},
    {"/auth/me", false, auth_me},
    {"/.well-known/jwks.json", false, auth_keys},
};
const size_t web_n_routes = sizeof web_routes / sizeof *web_routes;

/* --- libmicrohttpd on the loop ------------------------------------------ */

static void finish(struct web *w);

static void on_more(uv_timer_t *t) {
    struct web *w = t->data;
    if (w->stopped && w->n_jobs == 0)
        finish(w);
    else
        web_run(w);
}

void web_run(struct web *w) {
    MHD_UNSIGNED_LONG_LONG ms;
    REQUIRE(MHD_run(w->mhd) == MHD_YES); /* else it has threads of its own */
    if (MHD_get_timeout(w->mhd, &ms) == MHD_YES)
        (void)uv_timer_start(&w->more, on_more, ms, 0);
}

void web_run_soon(struct web *w) {
    /* cannot fail: it has a callback and is not closing */
    if (!uv_is_active((uv_handle_t *)&w->more))
        (void)uv_timer_start(&w->more, on_more, 0, 0);
}

static void on_poll(uv_poll_t *p, int status, int events) {
    (void)status; /* MHD_run sees for itself */
    (void)events;
    web_run(p->data);
}

static struct MHD_Daemon *start_mhd(struct web *w, int fd) {
    return MHD_start_daemon(
        MHD_USE_EPOLL | MHD_ALLOW_SUSPEND_RESUME | MHD_USE_TURBO, 0,
        conn_may_come, w, request_on, w, MHD_OPTION_LISTEN_SOCKET, fd,
        MHD_OPTION_NOTIFY_CONNECTION, conn_notify, w,
        MHD_OPTION_NOTIFY_COMPLETED, request_completed, w,
        MHD_OPTION_CONNECTION_LIMIT, (unsigned)WEB_CONNS,
        MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)CONN_MEMORY,
        MHD_OPTION_STRICT_FOR_CLIENT, 1, MHD_OPTION_END);
}

static void watch(struct web *w) {
    const union MHD_DaemonInfo *i =
        MHD_get_daemon_info(w->mhd, MHD_DAEMON_INFO_EPOLL_FD);
    REQUIRE(i);
    w->poll.data = w->more.data = w;
    REQUIRE(uv_poll_init(w->o.loop, &w->poll, i->epoll_fd) == 0);
    REQUIRE(uv_poll_start(&w->poll, UV_READABLE, on_poll) == 0);
    REQUIRE(uv_timer_init(w->o.loop, &w->more) == 0);
    w->open_handles = 2;
}

int web_set(struct web *w, const char *metrics_allow, int64_t timeout_s,
            struct error *e) {
    struct network n = {0};
    if (metrics_allow && network_parse(metrics_allow, &n) < 0)
        return error_set(e, ERR_CONFIG, "http.metrics_allow",
                         "%s is no network, as in 10.0.0.0/8", metrics_allow);
    w->has_network = metrics_allow != NULL;
    w->network = n;
    w->o.timeout_s = timeout_s;
    return 0;
}

int web_start(const struct web_options *o, struct web **ret, struct error *e) {
    int fd, port;
    int rc = address_listen(o->listen, &fd, &port, e);
    if (rc < 0)
        return rc;
    struct web *w = NEW(struct web);
    w->o = *o;
    w->port = port;
    w->started_ms = env_now(o->env);
    rc = web_set(w, o->metrics_allow, o->timeout_s, e);
    if (rc >= 0 && !(w->mhd = start_mhd(w, fd)))
        rc = error_set(e, ERR_IO, o->listen, "the listener does not start");
    if (rc < 0) {
        (void)close(fd);
        free(w);
        return rc;
    }
    w->answers = answers_new();
    w->signer = signer_new(o->db, o->env, o->ring);
    watch(w);
    doors_start(w);
    *ret = w;
    return 0;
}

int web_port(const struct web *w) {
    return w->port;
}

/* --- stop --------------------------------------------------------------- */

static void on_closed(uv_handle_t *h) {
    struct web *w = h->data;
    if (--w->open_handles > 0)
        return;
    void (*stopped)(void *arg) = w->stopped;
    void *arg = w->stopped_arg;
    free(w);
    stopped(arg);
}

/* Nothing is under way: what was answered goes out, the rest is closed. */
static void finish(struct web *w) {
    MHD_UNSIGNED_LONG_LONG ms;
    int turns = LAST_TURNS;
    do
        REQUIRE(MHD_run(w->mhd) == MHD_YES);
    while (--turns > 0 && MHD_get_timeout(w->mhd, &ms) == MHD_YES && ms == 0);
    MHD_stop_daemon(w->mhd);
    answers_free(w->answers);
    signer_free(w->signer);
    doors_done(w);
    conn_stop(w);
    uv_close((uv_handle_t *)&w->poll, on_closed);
    uv_close((uv_handle_t *)&w->more, on_closed);
}

void web_job_ended(struct web *w) {
    REQUIRE(w->n_jobs > 0);
    w->n_jobs--;
    /* with the loop's next turn: now libmicrohttpd may be our caller */
    if (w->n_jobs == 0 && w->stopped)
        web_run_soon(w);
}

void web_stop(struct web *w, void (*stopped)(void *arg), void *arg) {
    REQUIRE(!w->stopped);
    w->stopped = stopped;
    w->stopped_arg = arg;
    doors_stop(w);
    w->n_jobs++;
    web_job_ended(w);
}
