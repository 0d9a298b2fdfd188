/* A socket that answers from a script, on a thread of its own: enough to hold
 * the command line against what a daemon may say. */
#pragma once

#include <stddef.h>

struct mini_daemon;

/* What is sent when `method` is asked: lines; $ID becomes the request's id,
 * $INT at the end sends SIGINT to the thread that started the daemon. The rows
 * of a method are used in turn, the last one again and again. NULL closes the
 * connection. A method without a row is answered with unknown_method;
 * session.open and events.subscribe have rows of their own. */
struct mini_row {
    const char *method, *lines;
};

/* Listens in a new folder under /tmp. rows must stay. */
struct mini_daemon *mini_daemon_start(const struct mini_row *rows, size_t n);
const char *mini_daemon_path(const struct mini_daemon *d);

/* The requests so far, one a line; stable after the connection ended. */
const char *mini_daemon_requests(struct mini_daemon *d);
void mini_daemon_stop(struct mini_daemon *d);
