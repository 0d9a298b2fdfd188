/* What happened to an order in this house: rows of its timeline. Written in the
 * transaction of what they tell. */
#pragma once

#include <stddef.h>
#include <stdint.h>

struct arena;
struct db_tx;

struct order_event {
    int64_t at_ms;
    const char *what, *who, *detail;
};

/* what: held released tagged untagged picking picked short given_back taken
 * dropped packing packed shipped ..., a word of its own text
 * timeline.event.<what>; who: as audit.actor; detail: reason, parcel, reference
 * of another object of ours, "" none. ERR_NOT_FOUND: outside the scope. */
int order_event_add(struct db_tx *tx, int64_t store_id, int64_t remote_id,
                    const char *what, const char *who, const char *detail);

/* The newest of an order, newest first, at most max; texts in the arena. */
int order_event_list(struct db_tx *tx, int64_t store_id, int64_t remote_id,
                     struct arena *a, struct order_event **ret, size_t max,
                     size_t *ret_n);
