/* How often a store is swept, pure: every kind of sweep, and polling, has a
 * cost and a period it would like; together they may cost so many requests an
 * hour and no more. When that is too little, periods grow: deep re-reads
 * first, then the lighter looks, then polling, and last the open orders. Each
 * keeps a share that nobody takes from it, so that nothing stops for good. */
#pragma once

#include <stdint.h>

enum sweep_rank {
    RANK_DEEP, /* everything once more */
    RANK_LOOK, /* ids, stock, trash, notes, what has no dates */
    RANK_POLL, /* incremental passes */
    RANK_OPEN, /* open orders */
    SWEEP_RANKS
};

struct sweep_load {
    enum sweep_rank rank;
    int64_t cost;     /* requests of one round, 1 or more */
    int64_t period_s; /* wanted; 1 or more. sweep_spread makes it longer */
};

/* Lengthen periods until all together cost at most nine tenths of per_hour
 * (the rest is for what is asked again). */
void sweep_spread(struct sweep_load *loads, int n, int64_t per_hour);

/* Requests of one round over a list of that many rows (-1: unknown, 1). */
int64_t sweep_cost(int64_t rows);

/* Requests of the last hour, by minutes: never less than were made in any
 * sixty minutes that end now. Pure. */
enum { BUDGET_MINUTES = 61 };
struct budget {
    int64_t minute; /* of n[0] */
    int32_t n[BUDGET_MINUTES];
};
/* `mono_ms` never goes back. */
void budget_add(struct budget *b, int64_t mono_ms, int64_t requests);
int64_t budget_used(const struct budget *b, int64_t mono_ms);
/* How many requests something of that rank may make now; the lower ranks stop
 * before the hour is used up, so that the higher ones still can. */
int64_t budget_room(const struct budget *b, int64_t mono_ms,
                    enum sweep_rank rank, int64_t per_hour);
/* When that will be more than none: now, or a later minute. */
int64_t budget_when(const struct budget *b, int64_t mono_ms,
                    enum sweep_rank rank, int64_t per_hour);
