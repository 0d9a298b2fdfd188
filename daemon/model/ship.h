/* Shipping: parcels leave, the shop is told how they travel, the customer once,
 * and the order is completed when nothing of it is left.
 *
 * It is one transaction: parcels are moved and what the shop is to be told is
 * journalled together, so that pressing twice, a repeat or a crash in between
 * tells nobody anything a second time. A parcel that has left already is left
 * as it is.
 *
 * One parcel: its tracking is written with the word to tell the customer.
 * Several at once: each is written without it, and one note to the customer
 * names them all. */
#pragma once

#include "model/pack.h"

enum { SHIP_MAX = 50 /* parcels at once */ };

struct ship {
    int64_t store_id, remote_id;
    const int64_t *ids; /* NULL: all that are packed */
    size_t n;
    const char *who;
    uint8_t random[10]; /* the ids of its changes come from it */
};
struct shipped {
    size_t n;        /* left now */
    bool completed;  /* a change completes the order */
    bool any_change; /* the shop is told something */
};

/* ERR_NOT_FOUND (a parcel is not of the order), ERR_CONFLICT (held, cancelled,
 * changed since it was packed, nothing packed), ERR_INVALID (a tracking number
 * without a carrier). */
int ship_order(struct db_tx *tx, const struct ship *s, struct arena *a,
               struct shipped *ret, struct error *e);

/* What the carrier says: in_transit, out_for_delivery, delivered, exception.
 * ERR_CONFLICT: it has not left, or has arrived. */
int ship_mark(struct db_tx *tx, const struct parcel *p, enum parcel_state to,
              const char *who, const char *note, struct error *e);

/* URL of a tracking number from templates "ups=https://../{tracking} dhl=..",
 * in the arena; "" when the carrier has none. */
const char *ship_url(const char *templates, const char *carrier,
                     const char *tracking, struct arena *a);
