/* Inside the engine only: the sweeps, one row a kind. A sweep looks for what
 * no date tells: it reads a list of the shop in slices, puts each page beside
 * the mirror, and what differs goes on the wake list, where it is asked for
 * before anything is marked. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "model/sweep.h"
#include "sync/sweep_plan.h"
#include "sync/sync.h"

struct store_sync;
struct pass;

enum sweep_mode {
    SWEEP_IDS,   /* bare ids: what is gone, what is new */
    SWEEP_STOCK, /* ids and stock */
    SWEEP_FULL,  /* whole objects; bytes that are equal cost nothing */
    SWEEP_NOTES, /* notes, an order at a time */
};

enum sweep_kind {
    SWEEP_OF_OPEN,
    SWEEP_OF_NOTES,
    SWEEP_OF_STOCK,
    SWEEP_OF_STOCK_VARIATIONS,
    SWEEP_OF_IDS,
    SWEEP_OF_REFUNDS,
    SWEEP_OF_TRASH,
    SWEEP_OF_TRASH_PRODUCTS,
    SWEEP_OF_CUSTOMERS,
    SWEEP_OF_CATEGORIES,
    SWEEP_OF_ORDERS,
    SWEEP_OF_PRODUCTS,
    SWEEP_OF_VARIATIONS,
    SWEEPS /* how many */
};

struct sweep_info {
    const char *name; /* as tables and people see it */
    enum sync_collection c;
    enum sweep_mode mode;
    enum sweep_rank rank;
    bool trash; /* lists status=trash */
    bool open;  /* lists the open statuses */
};
const struct sweep_info *sweep_info(enum sweep_kind k);

/* A slice: so many requests of a round at a time. */
enum { SWEEP_SLICE = 10 };

/* One kind of sweep of one store. */
struct sweep_state {
    struct sweep_place place;
    int64_t next_ms;  /* monotonic: the next slice */
    int64_t period_s; /* of a whole round, as the budget allows */
    int64_t cost;     /* requests of a whole round */
    int64_t *seen;    /* open orders: ids of this round; owned */
    size_t n_seen;
};

/* After a load: when each is due, by what it says of its last round. */
void sweep_loaded(struct store_sync *ss);
/* Periods of all sweeps and of polling, from what they cost now. */
void sweep_replan(struct store_sync *ss);
/* A slice ended well: where the round stands, when the next slice is due. */
void sweep_through(struct store_sync *ss, struct pass *p);
/* Of all open orders (ids, any order) those whose notes this slice reads come
 * first in the array: how many. */
int sweep_notes_slice(struct store_sync *ss, struct pass *p, int64_t *ids,
                      int n);
/* That slice ended well; true: so did the round. */
bool sweep_notes_through(struct store_sync *ss, struct pass *p);
/* Count what a pass of the schedule has asked since the last call. */
void sweep_charge(struct store_sync *ss, struct pass *p);
/* Requests the schedule may make now for that rank. */
int64_t sweep_room(const struct store_sync *ss, enum sweep_rank rank);
void sweep_free(struct store_sync *ss);
