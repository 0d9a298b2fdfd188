/* A daemon for tests of clients: a thread that answers JSON-RPC from canned
 * results or small handlers, in the shapes of schema/rpc. Everything may be
 * changed while it runs. */
#pragma once

#include <stdbool.h>

struct buf;
struct fake_daemon;
struct json;

/* Listens on a fresh socket in its own temporary folder. Answers session.open
 * and events.subscribe by itself; any other method it was not told about gets
 * unknown_method. */
struct fake_daemon *fake_daemon_start(void);
void fake_daemon_stop(struct fake_daemon *d);
const char *fake_daemon_socket(const struct fake_daemon *d);

/* Answer a method with this JSON text from now on (copied). */
void fake_daemon_answer(struct fake_daemon *d, const char *method,
                        const char *result);
/* Or by a function, on the daemon's thread: write the result. */
typedef void fake_daemon_fn(const struct json *params, struct buf *result,
                            void *arg);
void fake_daemon_handle(struct fake_daemon *d, const char *method,
                        fake_daemon_fn *fn, void *arg);
/* Or with an error: {code, message, hint}. */
void fake_daemon_refuse(struct fake_daemon *d, const char *method,
                        const char *code, const char *message,
                        const char *hint);

/* Send an "event" notification with these params to every connection. */
void fake_daemon_event(struct fake_daemon *d, const char *params);

/* Break all connections; with `away` refuse new ones until called with
 * false. */
void fake_daemon_away(struct fake_daemon *d, bool away);
/* Do not answer while set: requests pile up. */
void fake_daemon_mute(struct fake_daemon *d, bool mute);

/* Requests whose parameters schema/rpc refuses; each got invalid_params and a
 * line on stderr. */
int fake_daemon_faults(struct fake_daemon *d);

/* How often a method was asked, and its last parameters (valid until the next
 * call; "" when never). */
int fake_daemon_calls(struct fake_daemon *d, const char *method);
const char *fake_daemon_params(struct fake_daemon *d, const char *method);
