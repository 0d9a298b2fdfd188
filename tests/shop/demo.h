/* A demo shop: answers like WooCommerce 11 (wc/v3) over HTTP, from generated
 * data held in memory. A program of its own, and in-process for tests. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct demo_shop;

struct demo_options {
    int port;             /* 0 = any free one */
    const char *prefix;   /* "/shop" when WordPress lives in a folder */
    const char *home;     /* home URL; NULL = scheme, 127.0.0.1, port, prefix */
    const char *tls_cert; /* PEM files; both set = https */
    const char *tls_key;
    bool hpos;        /* orders in their own tables; else as posts */
    uint64_t seed;    /* same seed, same shop */
    int orders;       /* how many to generate */
    int products;     /* simple and variable together */
    int customers;    /* registered ones */
    int latency_ms;   /* each answer is held that long */
    const char *zone; /* site zone "Europe/Istanbul" (default) or "+03:00" */
    const char *key;  /* NULL: ck_demo / cs_demo */
    const char *secret;
    const char *permission; /* read, write, read_write (default) */
    int64_t clock_offset_s; /* the shop's clock minus ours */
    int64_t now_s;          /* fixed start of the shop's clock; 0 = real time */
    const int64_t *clock_s; /* ticks in place of the system's; NULL: that */
    bool plain_permalinks;  /* only ?rest_route= works */
    bool trust_http;        /* PHP believes it sees https */
    bool fulfillments;      /* feature flag */
    bool mixed_currency;    /* orders in several currencies */
    bool chunked;           /* no Content-Length, as PHP behind nginx */
    bool gzip;              /* compress when the client asks for it */
    int hook_delay_ms;      /* from an event to its delivery; 0 = 20 */
    bool safe_hooks;        /* refuse private webhook targets, as WordPress */
};

/* Generate and listen. NULL after printing the reason to stderr. */
struct demo_shop *demo_shop_start(const struct demo_options *o);

/* The same without a listener and without threads: whoever asks calls
 * route_answer (the simulation). */
struct demo_shop *demo_shop_make(const struct demo_options *o);

/* Stop listening, answer what is held back, free everything. */
void demo_shop_stop(struct demo_shop *s);

int demo_shop_port(const struct demo_shop *s);

/* "http://127.0.0.1:8081/prefix"; owned by the shop. */
const char *demo_shop_url(const struct demo_shop *s);
