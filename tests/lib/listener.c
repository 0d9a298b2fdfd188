#include "tests/lib/listener.h"

#include <microhttpd.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "common/check.h"
#include "common/mem.h"

struct listener {
    struct MHD_Daemon *mhd;
    pthread_mutex_t lock; /* guards all below */
    pthread_cond_t came;
    struct heard *v;
    int n, status, delay_ms, connections;
};

/* One request as it comes in. */
struct hearing {
    struct heard h;
    bool begun;
};

static void head(struct MHD_Connection *c, const char *name, char *dst,
                 size_t size) {
    const char *v = MHD_lookup_connection_value(c, MHD_HEADER_KIND, name);
    (void)snprintf(dst, size, "%s", v ? v : "");
}

static void heads(struct MHD_Connection *c, struct heard *h) {
    char id[24];
    head(c, "Content-Type", h->type, sizeof h->type);
    head(c, "X-WC-Webhook-Topic", h->topic, sizeof h->topic);
    head(c, "X-WC-Webhook-Source", h->source, sizeof h->source);
    head(c, "X-WC-Webhook-Signature", h->sign, sizeof h->sign);
    head(c, "X-WC-Webhook-Delivery-ID", h->delivery, sizeof h->delivery);
    head(c, "X-WC-Webhook-ID", id, sizeof id);
    h->hook = strtoll(id, NULL, 10);
}

static void keep(struct listener *l, const struct heard *h, int *ret_status) {
    (void)pthread_mutex_lock(&l->lock);
    if (l->n < LISTENER_MAX)
        l->v[l->n++] = *h;
    *ret_status = l->status;
    struct timespec ts = {l->delay_ms / 1000, l->delay_ms % 1000 * 1000000L};
    (void)pthread_cond_broadcast(&l->came);
    (void)pthread_mutex_unlock(&l->lock);
    (void)nanosleep(&ts, NULL); /* a slow listener is slow */
}

static enum MHD_Result on_request(void *cls, struct MHD_Connection *c,
                                  const char *url, const char *method,
                                  const char *version, const char *upload,
                                  size_t *upload_n, void **con_cls) {
    struct listener *l = cls;
    struct hearing *r = *con_cls;
    int status;
    (void)method;
    (void)version;
    if (!r) {
        *con_cls = r = NEW(struct hearing);
        (void)snprintf(r->h.path, sizeof r->h.path, "%s", url);
        return MHD_YES;
    }
    if (*upload_n) {
        size_t left = sizeof r->h.body - 1 - r->h.body_n;
        size_t add = *upload_n < left ? *upload_n : left;
        memcpy(r->h.body + r->h.body_n, upload, add);
        r->h.body_n += add;
        *upload_n = 0;
        return MHD_YES;
    }
    heads(c, &r->h);
    keep(l, &r->h, &status);
    struct MHD_Response *a = MHD_create_response_from_buffer(
        2, (void *)(uintptr_t) "ok", MHD_RESPMEM_PERSISTENT);
    enum MHD_Result ok = MHD_queue_response(c, (unsigned)status, a);
    MHD_destroy_response(a);
    return ok;
}

static void on_completed(void *cls, struct MHD_Connection *c, void **con_cls,
                         enum MHD_RequestTerminationCode code) {
    (void)cls;
    (void)c;
    (void)code;
    free(*con_cls);
    *con_cls = NULL;
}

static void on_connection(void *cls, struct MHD_Connection *c, void **ctx,
                          enum MHD_ConnectionNotificationCode code) {
    struct listener *l = cls;
    (void)c;
    (void)ctx;
    (void)pthread_mutex_lock(&l->lock);
    l->connections += code == MHD_CONNECTION_NOTIFY_STARTED;
    (void)pthread_mutex_unlock(&l->lock);
}

struct listener *listener_start(void) {
    struct listener *l = NEW(struct listener);
    struct sockaddr_in in = {.sin_family = AF_INET};
    in.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    l->status = 200;
    l->v = mem_zalloc(LISTENER_MAX, sizeof *l->v);
    (void)pthread_mutex_init(&l->lock, NULL);
    (void)pthread_cond_init(&l->came, NULL);
    l->mhd = MHD_start_daemon(
        MHD_USE_INTERNAL_POLLING_THREAD, 0, NULL, NULL, on_request, l,
        MHD_OPTION_SOCK_ADDR, &in, MHD_OPTION_NOTIFY_COMPLETED, on_completed, l,
        MHD_OPTION_NOTIFY_CONNECTION, on_connection, l, MHD_OPTION_END);
    REQUIRE(l->mhd);
    return l;
}

void listener_stop(struct listener *l) {
    if (!l)
        return;
    MHD_stop_daemon(l->mhd);
    (void)pthread_cond_destroy(&l->came);
    (void)pthread_mutex_destroy(&l->lock);
    free(l->v);
    free(l);
}

int listener_port(const struct listener *l) {
    const union MHD_DaemonInfo *i =
        MHD_get_daemon_info(l->mhd, MHD_DAEMON_INFO_BIND_PORT);
    return i ? i->port : 0;
}

void listener_answer(struct listener *l, int status, int delay_ms) {
    (void)pthread_mutex_lock(&l->lock);
    l->status = status;
    l->delay_ms = delay_ms;
    (void)pthread_mutex_unlock(&l->lock);
}

/* Place of the n-th of a topic, or -1. Under the lock. */
static int place(const struct listener *l, const char *topic, int n) {
    for (int i = 0; i < l->n; i++)
        if ((!topic || !strcmp(l->v[i].topic, topic)) && n-- == 0)
            return i;
    return -1;
}

int listener_count(struct listener *l, const char *topic) {
    int n = 0;
    (void)pthread_mutex_lock(&l->lock);
    for (int i = 0; i < l->n; i++)
        n += !topic || !strcmp(l->v[i].topic, topic);
    (void)pthread_mutex_unlock(&l->lock);
    return n;
}

int listener_connections(struct listener *l) {
    (void)pthread_mutex_lock(&l->lock);
    int n = l->connections;
    (void)pthread_mutex_unlock(&l->lock);
    return n;
}

int listener_heard(struct listener *l, const char *topic, int n,
                   struct heard *ret) {
    (void)pthread_mutex_lock(&l->lock);
    int i = place(l, topic, n);
    if (i >= 0)
        *ret = l->v[i];
    (void)pthread_mutex_unlock(&l->lock);
    return i < 0 ? -1 : 0;
}

int listener_wait(struct listener *l, const char *topic, int n) {
    struct timespec until;
    int late = 0;
    (void)clock_gettime(CLOCK_REALTIME, &until);
    until.tv_sec += 10;
    (void)pthread_mutex_lock(&l->lock);
    while (place(l, topic, n - 1) < 0 && !late)
        late = pthread_cond_timedwait(&l->came, &l->lock, &until);
    int r = place(l, topic, n - 1) < 0 ? -1 : 0;
    (void)pthread_mutex_unlock(&l->lock);
    return r;
}

void listener_forget(struct listener *l) {
    (void)pthread_mutex_lock(&l->lock);
    l->n = 0;
    (void)pthread_mutex_unlock(&l->lock);
}
