/* A circuit per shop: after enough failures in a row nothing is sent for a
 * while, then one probe decides. Pure. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "net/backoff.h"

enum circuit_state { CIRCUIT_CLOSED, CIRCUIT_OPEN, CIRCUIT_HALF_OPEN };

struct circuit {
    enum circuit_state state;
    int threshold;       /* failures in a row that open it */
    int failures;        /* in a row */
    bool probing;        /* half open: the one probe is out */
    int64_t until_ms;    /* open: when the next probe may go (monotonic) */
    struct backoff wait; /* 5 s .. 5 min */
};

/* Closed; `threshold` failures in a row (1 or more) open it. */
void circuit_init(struct circuit *c, int threshold);
/* May one more request go? Moves open to half open when its time came. */
bool circuit_allows(struct circuit *c, int64_t mono_ms);
/* A request that circuit_allows let through has left; half open it is the one
 * probe. */
void circuit_sent(struct circuit *c);
/* It was answered: closed, whatever it was before. */
void circuit_ok(struct circuit *c);
/* It was not: counted; at the threshold, or when the probe failed, it opens for
 * a longer time than before. */
void circuit_failed(struct circuit *c, int64_t mono_ms, const struct env *env);
/* The request neither failed nor succeeded (cancelled). */
void circuit_dropped(struct circuit *c);
/* For people and metrics: "closed", "open", "half-open". */
const char *circuit_name(enum circuit_state s);
