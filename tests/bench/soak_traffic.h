/* What goes on during the soak: a shopkeeper and customers at the shop, people
 * here, and clients that look on. Each on a thread of its own, until told. */
#pragma once

#include <stdint.h>

struct traffic;

/* What has happened so far. */
struct traffic_count {
    int64_t shop;    /* edits, sales and notes at the shop */
    int64_t changes; /* of ours */
    int64_t lists;   /* what the clients read */
    int64_t events;  /* what they were told */
    int64_t lost;    /* what they were not */
};

/* Begin: shop_rate events a second at the demo shop behind the port, ours of
 * them here, two clients. store: its name at the daemon behind the socket. */
struct traffic *traffic_start(int port, const char *socket, const char *store,
                              int shop_rate, int our_rate);
void traffic_count(const struct traffic *t, struct traffic_count *ret);
/* Nothing happens any more; the clients look on. */
void traffic_quiet(struct traffic *t);
/* Wait (1 min) until the clients were told of everything the daemon has; what
 * they lack then is lost. Ends all, frees t. */
void traffic_stop(struct traffic *t, struct traffic_count *ret);
