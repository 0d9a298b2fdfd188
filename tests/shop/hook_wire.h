/* A connection to where webhooks go, kept alive from one to the next. http
 * alone, and no names but localhost: tests need no name server. */
#pragma once

#include <stddef.h>

struct wire {
    int fd;      /* -1: closed */
    int stop_fd; /* readable: give up at once; -1: none */
    char host[128], port[8];
};

#define WIRE_INIT                                                              \
    { .fd = -1, .stop_fd = -1 }

struct wire_target {
    char host[128], port[8];
    const char *path; /* within the address read */
};

/* Address of an http listener. 0, or -1 for anything else. */
int wire_target_read(const char *url, struct wire_target *ret_target);

struct wire_message {
    const char *type;  /* Content-Type */
    const char *heads; /* "Name: value\r\n..." more; "" for none */
    const char *body;
    size_t body_n;
};

/* POST it and wait for the answer. HTTP status, or -1 when none came within
 * limit_ms. A kept connection that turns out dead is dialled again, once. */
int wire_post(struct wire *w, const char *url, const struct wire_message *m,
              int limit_ms);

void wire_close(struct wire *w);
