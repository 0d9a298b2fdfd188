/* A blocking client of the daemon: one request, one answer, events between
 * them. Ends the program when the daemon does not answer. */
#pragma once

#include <stdbool.h>

struct client;

/* Connect and open the session. */
struct client *client_open(const char *path);
/* The same in the name of a user. */
struct client *client_open_as(const char *path, const char *user);
void client_close(struct client *c);

/* Call with JSON parameters; the answer's line, NUL-terminated, valid until
 * the next one is read. Events before it are skipped. */
const char *client_call(struct client *c, const char *method,
                        const char *params);

/* Send a request without waiting. */
void client_post(struct client *c, const char *method, const char *params);
/* The next line, an answer or an event, valid until the next one is read; NULL:
 * none came for timeout_ms (-1: wait on). */
const char *client_line(struct client *c, int timeout_ms);
bool client_is_event(const char *line);
