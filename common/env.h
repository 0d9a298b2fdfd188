/* The outside world as the pure rooms (model, sync) see it: clocks, chance,
 * timers. The daemon fills it from libuv, the simulation from a seed. Nothing
 * below daemon.c asks the system for the time. */
#pragma once

#include <stddef.h>
#include <stdint.h>

struct env_timer; /* owned by the env */

struct env {
    void *self;
    int64_t (*now)(void *self);  /* wall clock, UTC ms */
    int64_t (*mono)(void *self); /* monotonic ms; for leases, back-off, rates */
    void (*random)(void *self, void *dst, size_t n);
    /* Call fn(arg) once on the loop thread after delay_ms (>= 0). The handle is
     * good until it fires or is cancelled. */
    struct env_timer *(*timer)(void *self, int64_t delay_ms,
                               void (*fn)(void *arg), void *arg);
    void (*cancel)(void *self, struct env_timer *t); /* NULL is fine */
};

static inline int64_t env_now(const struct env *e) {
    return e->now(e->self);
}
static inline int64_t env_mono(const struct env *e) {
    return e->mono(e->self);
}

/* Uniform in [0, n), n >= 1 (64-bit modulo; bias below 2^-32 for n < 2^32). */
uint64_t env_below(const struct env *e, uint64_t n);
