/* The HTTP face: one listener on the daemon's loop. Shops tell it what changed
 * (POST /webhooks/STORE/PATH), people and machines ask how it is (/health,
 * /metrics).
 *
 * Happy path: libmicrohttpd reads a request whole (request.c); a webhook is
 * verified and becomes one write job (hook.c); its connection sleeps until the
 * job has committed, then gets its 200.
 * Failure modes: what is too large, too slow or not HTTP is ended by its limits
 * (conn.c); forged webhooks are refused, their source is slowed down (guard.c);
 * a full journal or disk answers 503 and keeps nothing. */
#pragma once

#include <stdint.h>

#include "common/err.h"

struct db;
struct env;
struct keys;
struct rpc;
struct seal_ring;
struct sync;
struct uv_loop_s;
struct web;

struct web_options {
    struct uv_loop_s *loop;
    const struct env *env;
    struct db *db;
    const struct keys *keys;
    struct rpc *rpc;              /* for health, and whose methods are called */
    const struct seal_ring *ring; /* of the keys that sign tokens */
    struct sync *sync;            /* woken by webhooks */
    const char *data;             /* data folder, for free space */
    const char *listen;           /* ADDR:PORT */
    const char *metrics_allow; /* network that may read metrics; NULL: none */
    int64_t timeout_s; /* for a request to arrive, an answer to be taken */
};

/* Listen. What o points to must outlive it, but for its texts. ERR_CONFIG: no
 * such address or network; ERR_LOCKED: the port is in use; ERR_DENIED: a port
 * below 1024; ERR_IO. */
int web_start(const struct web_options *o, struct web **ret, struct error *e);
/* Settings that may change while it runs; ERR_CONFIG changes nothing. */
int web_set(struct web *w, const char *metrics_allow, int64_t timeout_s,
            struct error *e);
/* The port it listens on (tests ask for port 0). */
int web_port(const struct web *w);
/* No new connections; what waits for the database is answered, then
 * stopped(arg) is called and the web is freed. The db must still run. */
void web_stop(struct web *w, void (*stopped)(void *arg), void *arg);
