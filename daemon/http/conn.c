/* Connections: how many, from where, and for how long they may owe us.
 *
 * Happy path: a connection comes, its request arrives whole, the answer is
 * taken, the next request follows. Whatever the peer owes - the rest of a
 * request, room for an answer, the next request - it owes within the timeout;
 * bytes that drip in do not lengthen it. While the database has a request,
 * we owe.
 * Failure modes: a slow one is shut down; libmicrohttpd then sees its end and
 * lets it go as any other. */
#include <sys/socket.h>

#include "common/check.h"
#include "common/env.h"
#include "common/log.h"
#include "common/mem.h"
#include "http/room.h"

enum { SWEEP_MS = 500 };

enum MHD_Result conn_may_come(void *web, const struct sockaddr *sa,
                              socklen_t n) {
    const struct web *w = web;
    struct address who = address_of(sa);
    int same = 0;
    (void)n;
    if (w->stopped)
        return MHD_NO;
    if (address_is_local(&who))
        return MHD_YES;
    for (const struct web_conn *c = w->conns; c; c = c->next)
        same += address_equal(&c->peer, &who);
    return same < WEB_CONNS_SOURCE ? MHD_YES : MHD_NO;
}

/* End those that owe us something since before the limit. */
static void on_sweep(void *arg) {
    struct web *w = arg;
    int64_t limit = env_mono(w->o.env) - w->o.timeout_s * 1000;
    for (struct web_conn *c = w->conns; c; c = c->next)
        if (c->since_ms && c->since_ms < limit)
            (void)shutdown(c->fd, SHUT_RDWR); /* gone already: as good */
    w->sweep = w->conns ? w->o.env->timer(w->o.env->self, SWEEP_MS, on_sweep, w)
                        : NULL;
}

static struct web_conn *conn_new(struct web *w, struct MHD_Connection *mhd) {
    const union MHD_ConnectionInfo *fd, *sa;
    fd = MHD_get_connection_info(mhd, MHD_CONNECTION_INFO_CONNECTION_FD);
    sa = MHD_get_connection_info(mhd, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
    struct web_conn *c = NEW(struct web_conn);
    c->web = w;
    c->fd = fd->connect_fd;
    c->peer = address_of(sa->client_addr);
    c->since_ms = env_mono(w->o.env);
    c->next = w->conns;
    c->link = &w->conns;
    if (c->next)
        c->next->link = &c->next;
    w->conns = c;
    w->n_conns++;
    if (!w->sweep)
        w->sweep = w->o.env->timer(w->o.env->self, SWEEP_MS, on_sweep, w);
    return c;
}

static void conn_free(struct web_conn *c) {
    *c->link = c->next;
    if (c->next)
        c->next->link = c->link;
    c->web->n_conns--;
    free(c);
}

void conn_notify(void *web, struct MHD_Connection *mhd, void **ctx,
                 enum MHD_ConnectionNotificationCode what) {
    if (what == MHD_CONNECTION_NOTIFY_STARTED)
        *ctx = conn_new(web, mhd);
    else
        conn_free(*ctx);
}

struct web_conn *conn_of(struct MHD_Connection *mhd) {
    const union MHD_ConnectionInfo *i =
        MHD_get_connection_info(mhd, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
    REQUIRE(i && i->socket_context);
    return i->socket_context;
}

void conn_stop(struct web *w) {
    w->o.env->cancel(w->o.env->self, w->sweep);
    w->sweep = NULL;
}
