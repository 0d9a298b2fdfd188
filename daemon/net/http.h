/* HTTP towards shops: the only room that sees curl. Requests run on the loop
 * (curl multi over uv_poll and uv_timer); nothing here blocks.
 *
 * TLS is always verified, redirects are never followed, proxies from the
 * environment are ignored, only http and https are spoken. Everything an
 * answer brings is bounded. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/buf.h"

struct uv_loop_s;
struct http;
struct http_call; /* a request under way; the transport defines it */

enum http_method { HTTP_GET, HTTP_POST, HTTP_PUT, HTTP_DELETE };
/* "GET". */
const char *http_method_name(enum http_method m);

/* How a request ended below HTTP; HTTP_OK means there is a status. */
enum http_error {
    HTTP_OK,
    HTTP_BAD_URL,   /* not an http or https address */
    HTTP_DNS,       /* the name does not resolve */
    HTTP_REFUSED,   /* nobody accepts the connection */
    HTTP_TLS,       /* certificate not trusted, or the handshake failed */
    HTTP_TIMEOUT,   /* connect, total or low-speed limit */
    HTTP_CUT,       /* the answer ended before its announced length */
    HTTP_TOO_LARGE, /* body or headers beyond the bound */
    HTTP_BROKEN,    /* anything else on the wire */
};
/* For logs and metrics: "timeout". */
const char *http_error_name(enum http_error e);

struct http_header {
    const char *name, *value;
};

enum {
    HTTP_MAX_BODY = 32 * 1024 * 1024,
    HTTP_MAX_HEAD = 64 * 1024,
    HTTP_CONNECT_MS = 10000,
    HTTP_TOTAL_MS = 60000,
};

/* All pointers are copied by send. */
struct http_request {
    enum http_method method;
    const char *url;                   /* http:// or https:// */
    const struct http_header *headers; /* besides Accept-Encoding, Host */
    size_t n_headers;
    const void *body; /* POST and PUT; NULL: none */
    size_t body_n;
    const char *user, *password; /* Basic; user NULL: none */
    const char *ca_pem;          /* trusted besides the system's; may be NULL */
    const char *user_agent;      /* NULL: the http's own */
    const char *proxy;           /* NULL: none */
    int64_t connect_ms;          /* 0: HTTP_CONNECT_MS */
    int64_t total_ms;            /* 0: HTTP_TOTAL_MS */
    int64_t low_speed_s;         /* under 64 B/s that long = timeout; 0: 30 */
    size_t max_body;             /* 0: HTTP_MAX_BODY */
};

struct http_answer {
    enum http_error error;
    char error_text[256]; /* one English sentence when error is set */
    int status;           /* 0 unless error is HTTP_OK (or cut, too large) */
    struct buf head;      /* "name\0value\0" pairs; read by http_header */
    struct buf body;      /* may be taken: move the struct, leave BUF_INIT */
    char ip[48];          /* peer; "" unknown */
    int64_t wire_bytes;   /* body bytes as received (compressed) */
    int64_t connect_us;   /* 0 when the connection was reused */
    int64_t first_us;     /* until the first byte of the answer */
    int64_t total_us;
    bool reused; /* kept-alive connection */
    bool http2;
};

/* Called once on the loop thread, never from inside send. The answer lives
 * until it returns. */
typedef void (*http_done_fn)(void *arg, struct http_answer *answer);

/* The seam: the real thing below, or a test's or the simulation's shop. */
struct http_transport {
    void *self;
    struct http_call *(*send)(void *self, const struct http_request *r,
                              http_done_fn done, void *arg); /* never NULL */
    /* Ends a call whose done was not called yet; done will not be called. */
    void (*cancel)(void *self, struct http_call *call);
};

struct http_options {
    const char *user_agent; /* NULL: http_user_agent_default() */
    int max_connections;    /* kept alive; 0: 64 */
};

/* "Fulexo/0.1.0 (+mirror; contact the shop's fulfilment company)". */
const char *http_user_agent_default(void);

struct http *http_new(struct uv_loop_s *loop, const struct http_options *o);
/* Drops every call (their done is not called), then frees itself once its
 * handles are closed (the loop must still turn). closed may be NULL. */
void http_close(struct http *h, void (*closed)(void *arg), void *arg);
struct http_transport http_transport(struct http *h);
/* Requests that were not answered yet. */
int http_in_flight(const struct http *h);

/* First value of a header, any case; NULL when absent. */
const char *http_header(const struct http_answer *a, const char *name);
/* Add one (transports and tests); false when beyond HTTP_MAX_HEAD. */
bool http_header_add(struct http_answer *a, const char *name, size_t name_n,
                     const char *value, size_t value_n);
/* Frees head and body, not a itself. */
void http_answer_done(struct http_answer *a);
