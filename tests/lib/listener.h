/* An HTTP server on a thread that keeps what webhooks deliver. */
#pragma once

#include <stddef.h>
#include <stdint.h>

struct listener;

enum { LISTENER_MAX = 512, LISTENER_BODY = 8192 };

struct heard {
    char path[128], type[64], topic[80], source[128], sign[64], delivery[40];
    int64_t hook;
    char body[LISTENER_BODY]; /* cut off when longer */
    size_t body_n;
};

/* Listens on 127.0.0.1. Never NULL. */
struct listener *listener_start(void);
void listener_stop(struct listener *l);

int listener_port(const struct listener *l);

/* Status and delay of the answers from now on (200, 0 ms). */
void listener_answer(struct listener *l, int status, int delay_ms);

/* How many came: all, of a topic, and by how many connections. */
int listener_count(struct listener *l, const char *topic); /* NULL: all */
int listener_connections(struct listener *l);

/* The n-th that came of a topic (NULL: any), from 0. 0, or -1: there is none.
 */
int listener_heard(struct listener *l, const char *topic, int n,
                   struct heard *ret);

/* Wait until `n` of a topic have come, at most 10 s. 0, or -1. */
int listener_wait(struct listener *l, const char *topic, int n);

void listener_forget(struct listener *l);
