/* The connection doctor: finds out, hop by hop, whether and how a shop can be
 * reached, and what it can do. Asynchronous; every hop is told as it happens.
 *
 * Hops, in order: url, dns+connect (connect), tls, wordpress, rest,
 * woocommerce, auth, read, write, time, statuses. The first hop that fails ends
 * the examination; its cure says what to do.
 * Redirects of the very first GET are followed by hand, at most 5, only to
 * find the canonical base, and each is told; nothing else follows any.
 * Nothing the doctor sends can change the shop. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/env.h"
#include "model/store.h"
#include "net/http.h"
#include "shop/shop.h"

enum doctor_level { DOCTOR_OK, DOCTOR_WARN, DOCTOR_FAIL };
const char *doctor_level_name(enum doctor_level l); /* ok warn fail */

struct doctor_hop {
    const char *name; /* see above */
    enum doctor_level level;
    char detail[400]; /* what was found */
    char cure[400];   /* what to do; "" when nothing */
};

enum { DOCTOR_STATUSES = 64 };

struct doctor_result {
    int error;       /* 0, or ERR_* of the hop that failed */
    char url[512];   /* canonical base without trailing slash */
    char title[128]; /* site name */
    enum shop_auth auth;
    bool route; /* ?rest_route= form */
    bool can_write;
    struct store_caps caps;
    struct store_status statuses[DOCTOR_STATUSES];
    size_t n_statuses;
};

struct doctor_options {
    const struct env *env;
    struct http_transport transport;
    const char *url; /* as a person typed it */
    const char *key, *secret;
    const char *ca; /* PEM or NULL */
    bool allow_http;
};

typedef void (*doctor_hop_fn)(void *arg, const struct doctor_hop *h);
/* Last call; the doctor is freed after it. */
typedef void (*doctor_done_fn)(void *arg, const struct doctor_result *r);

struct doctor;
/* Strings are copied; neither callback is called from inside. */
struct doctor *doctor_start(const struct doctor_options *o, doctor_hop_fn hop,
                            doctor_done_fn done, void *arg);
void doctor_cancel(struct doctor *d); /* done is not called */
