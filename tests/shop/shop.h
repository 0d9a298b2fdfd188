/* The whole of a running demo shop. */
#pragma once

#include <microhttpd.h>
#include <pthread.h>
#include <stdatomic.h>

#include "tests/shop/exchange.h"
#include "tests/shop/fault.h"

enum { SHOP_NONCES = 65536, SHOP_COUNTERS = 64 };

struct counter {
    char route[96]; /* "GET /wc/v3/orders/{id}" */
    int64_t n;
};

struct demo_shop {
    struct store s; /* under lock, as all that is not marked */
    pthread_mutex_t lock;
    struct demo_options o; /* never changes; strings below are owned */
    char *prefix, *home, *url, *key, *secret, *permission, *tls_cert, *tls_key;
    int port;
    int latency_ms;
    struct MHD_Daemon *mhd;
    struct timers *timers;
    struct faults faults;
    uint64_t *nonces; /* ring of hashes */
    size_t nonces_n;
    struct counter counters[SHOP_COUNTERS];
    int in_flight, in_flight_max; /* requests between arrival and answer */
    int64_t requests;
    bool copied; /* fault: this is a copy on another address */
};

/* Home URL as answers name it (a copied shop names another). */
const char *shop_home(const struct demo_shop *s);

/* What the key may do from now on. */
void shop_permission_set(struct demo_shop *s, const char *permission);
