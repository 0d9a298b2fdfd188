/* A blocking client of the daemon's HTTP face, and the webhooks shops send. It
 * asserts nothing: benches use it too. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "common/buf.h"

struct web_client {
    int fd;        /* -1: not connected */
    struct buf in; /* read, not yet taken */
    char *head;    /* of the last answer, with its status line */
    char *body;    /* likewise */
};

/* 127.0.0.1:port; 0, or -1. */
int web_client_connect(struct web_client *c, int port);
void web_client_close(struct web_client *c);
/* All n bytes; 0, or -1. */
int web_client_send(struct web_client *c, const void *p, size_t n);
/* The next answer, head and body: its status, or -1 when the connection ended
 * or none came in time. */
int web_client_read(struct web_client *c, int timeout_ms);
/* Both on a connection of its own; more: header lines, each with CRLF. */
int web_client_get(struct web_client *c, int port, const char *path,
                   const char *more);

/* What a delivery says of itself. */
struct web_delivery {
    const char *path;   /* /webhooks/STORE/SECRET */
    const char *secret; /* NULL: not signed */
    const char *topic;
    const char *source; /* NULL: no header */
    const char *more;   /* header lines, or NULL */
    const char *body;
    size_t body_n; /* 0: strlen */
};
/* Append it as WooCommerce writes it, over a connection that stays open. */
void web_delivery_add(struct buf *out, const struct web_delivery *d);
