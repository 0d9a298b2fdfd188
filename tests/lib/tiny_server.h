/* A scripted TCP server on a thread: hands out canned bytes, so that tests can
 * meet what no well-behaved server does. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

struct tiny_server;

/* What to do with one request. */
struct tiny_reply {
    const char *bytes; /* sent as they are; NULL: nothing */
    size_t n;          /* 0: strlen(bytes) */
    size_t repeat;     /* send `filler` that many times behind them */
    const char *filler;
    int drip_ms; /* wait between single bytes; 0: at once */
    bool hang;   /* keep the connection open, say nothing more */
    bool close;  /* end the connection after the bytes */
};

/* request: the head as received, NUL-terminated. Runs on the server's thread.
 */
typedef struct tiny_reply (*tiny_fn)(void *arg, const char *request);

/* Listens on 127.0.0.1; tls: with a fresh self-signed certificate for
 * 127.0.0.1. Never NULL. */
struct tiny_server *tiny_server_start(bool tls, tiny_fn fn, void *arg);
void tiny_server_stop(struct tiny_server *s);
int tiny_server_port(const struct tiny_server *s);
int tiny_server_connections(const struct tiny_server *s); /* accepted */
/* The certificate as PEM (tls only); owned by the server. */
const char *tiny_server_pem(const struct tiny_server *s);
