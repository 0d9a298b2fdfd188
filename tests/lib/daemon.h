/* A real fulexod on a private folder and socket, and a JSON-RPC client of it.
 * What goes wrong fails the test with the daemon's log. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "common/arena.h"
#include "common/buf.h"
#include "common/frame.h"
#include "common/json.h"

struct daemon_proc {
    char dir[64];    /* private folder, removed by daemon_proc_done */
    char data[80];   /* --data, below it */
    char socket[80]; /* --socket */
    char log[80];    /* what it wrote to stderr */
    char config[80]; /* -c; "": built-in defaults */
    long log_from;   /* where the log of this start begins */
    pid_t pid;       /* 0: not running */
};

/* Make the folder; nothing runs yet. */
void daemon_proc_init(struct daemon_proc *d);
/* What it is configured with from its next start on (YAML). */
void daemon_proc_configure(struct daemon_proc *d, const char *yaml);
/* Start it, no more: it may be killed before it has come up. */
void daemon_proc_launch(struct daemon_proc *d);
/* Wait until what was launched answers (10 s). */
void daemon_proc_wait(struct daemon_proc *d);
/* Both. More arguments may follow, NULL
 * ends them. */
void daemon_proc_start(struct daemon_proc *d, ...) __attribute__((sentinel));
/* Run it with these arguments alone (NULL ends them) until it ends by itself
 * (10 s); returns the exit status, what it wrote to both streams goes into
 * out. */
int daemon_proc_run(struct daemon_proc *d, struct buf *out, ...)
    __attribute__((sentinel));
/* The port its HTTP face listens on (--http): waits until the log tells, which
 * is after the socket answers. */
int daemon_proc_http(const struct daemon_proc *d);
/* SIGTERM, and wait: the exit status. */
int daemon_proc_stop(struct daemon_proc *d);
/* Did it end by itself? Then it is not running any more. */
bool daemon_proc_ended(struct daemon_proc *d);
/* kill -9, and wait. */
void daemon_proc_kill(struct daemon_proc *d);
/* Stop what runs, remove the folder. */
void daemon_proc_done(struct daemon_proc *d);

/* One connection. */
struct rpc_client {
    int fd;
    struct frame_reader in;
    struct arena *arena; /* of the answers; freed with it */
    int64_t last_id;
    int events; /* notifications met while waiting for answers */
};

/* Connect; with open: session.open too. */
void rpc_client_connect(struct rpc_client *c, const char *socket, bool open);
/* The same over a connected descriptor, which it takes. */
void rpc_client_take(struct rpc_client *c, int fd, bool open);
void rpc_client_close(struct rpc_client *c);

/* Bytes as they are. */
void rpc_client_send(struct rpc_client *c, const char *bytes, size_t n);
/* Next message within timeout_ms; NULL: none came, or the end of the
 * connection (then *ret_end, may be NULL, is true). */
const struct json *rpc_client_read(struct rpc_client *c, int timeout_ms,
                                   bool *ret_end);

/* Send a request (params: JSON object or NULL) without waiting; its id. */
int64_t rpc_client_post(struct rpc_client *c, const char *method,
                        const char *params);
/* Wait for the answer of that id, skipping events: the whole message. */
const struct json *rpc_client_wait(struct rpc_client *c, int64_t id,
                                   int timeout_ms);
/* Request and its result; an error fails the test. */
const struct json *rpc_call_ok(struct rpc_client *c, const char *method,
                               const char *params);
/* Request and its error object; a result fails the test. */
const struct json *rpc_call_error(struct rpc_client *c, const char *method,
                                  const char *params);
/* A long method: wait for its job to end (timeout_ms): jobs.get's answer. */
const struct json *rpc_call_job(struct rpc_client *c, const char *method,
                                const char *params, int timeout_ms);
/* Next event of that topic within timeout_ms: its params, or NULL. */
const struct json *rpc_client_event(struct rpc_client *c, const char *topic,
                                    int timeout_ms);
