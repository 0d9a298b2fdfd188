/* One place that turns an answer into an error class with advice. Matches on
 * the JSON `code`, not on the status: a missing id is GET 404 but PUT 400. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/json.h"
#include "model/cause.h"
#include "net/http.h"

/* What to do about it. */
enum shop_retry {
    SHOP_RETRY_NEVER, /* the same request fails again */
    SHOP_RETRY_LATER, /* after after_ms, with back-off */
    SHOP_RETRY_HUMAN, /* a person must act first (key, firewall, address) */
};

struct shop_fault {
    int code; /* 0, ERR_SHOP_* or ERR_CANCELLED */
    enum shop_retry retry;
    int64_t after_ms;   /* SHOP_RETRY_LATER: not before; 0: back-off decides */
    bool server;        /* slow down: 429, 5xx, timeout */
    bool unknown;       /* a write may have been applied all the same */
    char hop[16];       /* dns connect tls http auth waf wordpress json woo */
    char shop_code[80]; /* JSON code, "" */
    enum cause cause;   /* what text says, of these: */
    int status;         /* of HTTP, 0 none */
    char said[300];     /* the other side's own words, safe to print */
    char text[400];     /* one English sentence for people, safe to print */
    char quote[204];    /* first 200 bytes of a foreign body, made safe */
};

struct shop_verdict {
    struct shop_fault fault;
    struct json_slice json; /* the JSON inside the body; n = 0: none */
    bool noise;             /* there was text before the JSON (PHP notices) */
};

/* Judge an answer. `write`: the request could change the shop. Reads at most
 * the first and last bytes of a good body, so it is cheap on the loop. */
void classify(const struct http_answer *a, bool write,
              struct shop_verdict *ret);

/* The cause of a fault as JSON in the arena, NULL: only its text tells. */
const char *fault_cause(const struct shop_fault *f, struct arena *a);

/* Retry-After as milliseconds from now_ms (wall); -1 absent; capped at a day.
 */
int64_t classify_retry_after(const struct http_answer *a, int64_t now_ms);
