/* A blocking client of the daemon's socket: one request at a time, and
 * notifications when asked for. The command line and tests use it; the terminal
 * has a connection of its own that never blocks (tui/link.h). Not thread-safe.
 */
#pragma once

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/buf.h"
#include "common/err.h"
#include "common/json.h"

struct arena;
struct rpc_client;

enum { RPC_CLIENT_VERSION = 1 }; /* of the protocol */

/* An answer. Zero it before the first use; what it points to lives until
 * rpc_reply_done. */
struct rpc_reply {
    struct arena *arena;
    const struct json *result; /* NULL on an error */
    struct buf text;           /* the result's JSON, or the error object's, as
                                  received */
    int code;                  /* 0, or the error's */
    const char *message;       /* sentence in the session's language */
    const char *hint;          /* what to do, or NULL */
    const char *field;         /* parameter at fault, or NULL */
};

/* One notification. Zero it before the first use; rpc_event_done frees. */
struct rpc_event {
    struct arena *arena;
    const char *method; /* "event" */
    const struct json *params;
    struct buf text; /* params as JSON */
};

/* Connect to the socket. ERR_NO_DAEMON: nobody listens there. ERR_DENIED: the
 * socket may not be opened. e (may be NULL) gets the path and why. */
int rpc_client_open(const char *path, struct rpc_client **ret, struct error *e);
void rpc_client_close(struct rpc_client *c); /* NULL is fine */

/* How long a call may wait for its answer, in ms; 120,000 at first. */
void rpc_client_set_timeout(struct rpc_client *c, int ms);

/* Say session.open; must come before everything else. as: the user to act as,
 * NULL: as oneself. Returns as rpc_client_call. */
int rpc_client_session(struct rpc_client *c, const char *locale, bool read_only,
                       const char *as, struct rpc_reply *ret, struct error *e);

/* Ask and wait. params is the JSON text of an object, NULL = {}. Returns 0 with
 * a result; the daemon's error code with message, hint and field in *ret; or,
 * with ret->code 0 and e filled: ERR_NO_DAEMON (connection lost), ERR_TIMEOUT,
 * ERR_INVALID_REQUEST (no protocol of ours), ERR_TOO_BIG. *ret is replaced.
 * Notifications that come in between are kept, up to 4 MiB of them. */
int rpc_client_call(struct rpc_client *c, const char *method,
                    const char *params, struct rpc_reply *ret, struct error *e);
void rpc_reply_done(struct rpc_reply *r);

/* The next notification: 1, or 0 when none came within timeout_ms (-1: no end).
 * With `mask` (as ppoll) a signal it lets through ends the wait with
 * ERR_CANCELLED. Else the errors of rpc_client_call. *ret is replaced. */
int rpc_client_event(struct rpc_client *c, int timeout_ms, const sigset_t *mask,
                     struct rpc_event *ret, struct error *e);
void rpc_event_done(struct rpc_event *ev);
