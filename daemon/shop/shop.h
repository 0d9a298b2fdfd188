/* One WooCommerce shop as a queue of requests.
 *
 * Happy path: shop_send copies and queues; as soon as the shop's limit, its
 * host's and its circuit allow, the request is signed and sent; the answer is
 * classified and handed to `done`.
 * Failures: a GET that met a busy, throttled, slow or cut answer is tried again
 * with back-off (request.retries times), then handed over with its fault; a
 * write never is. An interactive request is refused at once with the last
 * fault while the circuit is open; others wait. Retry-After holds the whole
 * shop. 401/403 opens the circuit only when everything fails. Page size is the
 * caller's to halve. Never blocks; all calls on the loop thread. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/env.h"
#include "net/http.h"
#include "shop/classify.h"
#include "shop/request.h"

struct shop;
struct shop_call;

enum shop_auth { SHOP_BASIC, SHOP_QUERY, SHOP_OAUTH };
/* As the store's row keeps it: "basic", "query", "oauth". */
const char *shop_auth_name(enum shop_auth a);
int shop_auth_from(const char *name, enum shop_auth *ret);

/* Who goes first: a person who waits, what the shop told by webhook, changes,
 * a first sync, what looks for the changes nobody tells of. */
enum shop_prio {
    SHOP_INTERACTIVE,
    SHOP_WAKE,
    SHOP_INCREMENTAL,
    SHOP_FIRST,
    SHOP_SWEEP,
};

/* What all shops share. One for the daemon. */
struct shop_hub;
struct shop_hub_options {
    const struct env *env;
    struct http_transport transport;
    int per_host; /* requests in flight per host; 0: 8 */
    /* Sequence of sending, asked right before each send; NULL: a counter from
     * 1. */
    int64_t (*seq)(void *arg);
    void *seq_arg;
};
/* What all shops share: limits per host, the transport. o is copied. */
struct shop_hub *shop_hub_new(const struct shop_hub_options *o);
/* After all shops; also inside a done callback of one. */
void shop_hub_free(struct shop_hub *h);

struct shop_config {
    const char *name; /* store name, for messages */
    const char *url;  /* canonical base without trailing slash */
    const char *home; /* site home (OAuth base); NULL or "": url */
    const char *key, *secret;
    const char *ca; /* PEM or NULL */
    enum shop_auth auth;
    bool route;              /* ?rest_route= instead of /wp-json */
    int ceiling;             /* otherwise; 0: 2 */
    int ceiling_first;       /* while first-sync requests wait; 0: 4 */
    int64_t total_ms;        /* 0: HTTP_TOTAL_MS */
    int64_t clock_offset_ms; /* shop's clock minus ours (OAuth timestamp) */
};

struct shop_answer {
    struct shop_fault fault;  /* fault.code 0 = good */
    struct http_answer *http; /* body may be taken; NULL when cancelled */
    struct json_slice json;   /* the JSON inside http->body; n = 0: none */
    bool noise;               /* PHP notices stood before it */
    int64_t total, pages;     /* X-WP-Total, X-WP-TotalPages; -1 absent */
    int64_t date_ms;          /* Date header: the shop's clock; 0 absent */
    int64_t sent_seq;         /* of the attempt that was answered */
    int64_t sent_ms, done_ms; /* wall clock of that attempt */
    int attempts;
};
typedef void (*shop_done_fn)(void *arg, struct shop_answer *a);

/* A shop to talk to; c is copied. Freed with shop_free. */
struct shop *shop_new(struct shop_hub *h, const struct shop_config *c);
/* Cancels what waits: each done is called with ERR_CANCELLED. NULL is fine. */
void shop_free(struct shop *s);
/* New keys, auth, path or limits for requests sent from now on; the host stays
 * (another host is another shop). */
void shop_configure(struct shop *s, const struct shop_config *c);

/* Queue a request; done is called once, never from inside this call. */
struct shop_call *shop_send(struct shop *s, enum shop_prio prio,
                            const struct shop_request *r, shop_done_fn done,
                            void *arg);
/* Same; the name says that the request is a GET. */
struct shop_call *shop_get(struct shop *s, enum shop_prio prio,
                           const struct shop_request *r, shop_done_fn done,
                           void *arg);
/* done will not be called. */
void shop_cancel(struct shop_call *call);
/* A person asked: forget holds and the open circuit, try now. */
void shop_wake(struct shop *s);

struct shop_stats {
    int in_flight, queued, allowed, ceiling;
    const char *circuit; /* closed open half-open */
    int64_t hold_ms;     /* until something may be sent; 0: now */
    int64_t requests, errors, bytes;
    int64_t latency_us;    /* smoothed; 0 none yet */
    int64_t rate_e3;       /* answers a second x1000, last 10 s */
    int last_error;        /* ERR_* of the last failed answer, 0 */
    int64_t last_error_ms; /* wall clock */
    char last_error_text[400];
};
/* Live numbers, for the monitor. */
void shop_stats(const struct shop *s, struct shop_stats *ret);
