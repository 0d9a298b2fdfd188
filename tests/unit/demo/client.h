/* A blocking HTTP client for the tests of the demo shop: one request, one
 * connection. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "common/buf.h"
#include "tests/shop/node.h"

struct answer {
    int status;      /* 0: the connection ended without an answer */
    struct buf head; /* status line and headers */
    struct buf body; /* chunks joined */
    double ms;       /* from sending to the last byte */
};

/* headers: "Name: value\r\n..." or "". body NULL = none. Free with
 * answer_done. */
struct answer client_send(int port, const char *method, const char *target,
                          const char *headers, const char *body);
void answer_done(struct answer *a);

/* With the demo key (Basic, base64 of ck_demo:cs_demo) and JSON headers. */
struct answer client_call(int port, const char *method, const char *target,
                          const char *body);

/* Header's value copied to dst, "" when absent; false then. */
bool answer_header(const struct answer *a, const char *name, char *dst,
                   size_t size);

/* Body as a tree; NULL when it is no JSON. */
struct node *answer_json(const struct answer *a, struct arena *arena);

#define CLIENT_KEY "Authorization: Basic Y2tfZGVtbzpjc19kZW1v\r\n"
