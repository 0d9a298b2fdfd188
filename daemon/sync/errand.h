/* Inside the engine only: errands, the work of a store beside its passes.
 *
 * Each kind is one file with an object a store: what people want changed at
 * the shop, what was told to be read again, our webhooks there. A store's tick
 * asks each to start what may start; an errand calls store_sync_tick when
 * something of it came back. It never frees itself. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct store_sync;

enum errand_kind { ERRAND_PUSH, ERRAND_WAKE, ERRAND_HOOKS, ERRANDS };

struct errand_ops {
    /* A new object for a store that is loaded and has a shop; never NULL. */
    void *(*start)(struct store_sync *ss);
    /* Start what may start now. Not called while the store is to be read
     * again, stopped or removed. */
    void (*tick)(void *self);
    /* The store was removed: what is to be tidied up at the shop, while its
     * keys are still at hand; idle once that was tried. Called again and again
     * in place of tick. NULL: nothing. */
    void (*leave)(void *self);
    /* Start nothing more. What must not be cut (a write at the shop) comes to
     * its end; what may be is cancelled. tick takes it up again. */
    void (*stop)(void *self);
    /* Nothing is under way. */
    bool (*idle)(const void *self);
    /* Monotonic time at which tick may have something to do; 0: not by time.
     * Never a time at which it had nothing to do. */
    int64_t (*due)(const void *self);
    /* Only when idle. */
    void (*free)(void *self);
};

extern const struct errand_ops wake_errand_ops; /* wake_errand.c */
extern const struct errand_ops push_ops;        /* push.c */

/* All errands of a store, in the order of enum errand_kind. */
void errand_tick_all(struct store_sync *ss);
/* The store was removed. */
void errand_leave_all(struct store_sync *ss);
/* Start nothing more; errand_all_idle tells when all is back. */
void errand_stop_all(struct store_sync *ss);
/* Is nothing under way? */
bool errand_all_idle(const struct store_sync *ss);
/* The earliest of their times; 0: none. */
int64_t errand_due_first(const struct store_sync *ss);
/* Only when all are idle. */
void errand_free_all(struct store_sync *ss);
