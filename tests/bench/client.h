/* A blocking client of the daemon: one request, one answer. Ends the program
 * when the daemon does not answer. */
#pragma once

struct client;

/* Connect and open the session. */
struct client *client_open(const char *path);
void client_close(struct client *c);

/* Call with JSON parameters; the answer's line, NUL-terminated, valid until
 * the next call. */
const char *client_call(struct client *c, const char *method,
                        const char *params);
