/* Virtual time: what is to happen, and when. It passes only when somebody
 * looks for the next thing. */
#pragma once

#include <stddef.h>
#include <stdint.h>

struct env_timer {
    int64_t due;       /* virtual ms */
    uint64_t order;    /* added earlier goes first */
    const void *owner; /* whose it is; NULL: the world's */
    void (*fn)(void *arg);
    void *arg;
    size_t at; /* place in the heap */
};

struct agenda {
    int64_t now; /* virtual ms since the history began */
    uint64_t order;
    struct env_timer **heap; /* earliest first */
    size_t n, cap;
};

/* Call fn(arg) delay_ms from now. The handle is good until it fires. */
struct env_timer *agenda_add(struct agenda *a, const void *owner,
                             int64_t delay_ms, void (*fn)(void *arg),
                             void *arg);
void agenda_cancel(struct agenda *a, struct env_timer *t); /* NULL is fine */

/* When the earliest is due; -1: nothing is. */
int64_t agenda_next(const struct agenda *a);
/* Fire the earliest; time moves to it. Only when there is one. */
void agenda_fire(struct agenda *a);
/* The same with the earliest of one owner, over all others; 0: there is none.
 */
int agenda_fire_of(struct agenda *a, const void *owner);
/* Forget all. */
void agenda_done(struct agenda *a);
