/* Dice of a history: the same seed and stream give the same throws. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct chance {
    uint64_t state;
};

/* Streams of one seed have nothing to do with each other. */
void chance_seed(struct chance *c, uint64_t seed, uint64_t stream);
uint64_t chance_next(struct chance *c);
/* Of [low, high]. */
int64_t chance_of(struct chance *c, int64_t low, int64_t high);
/* Of [0, n), n >= 1. */
size_t chance_below(struct chance *c, size_t n);
bool chance_hit(struct chance *c, int64_t per_10000);
void chance_bytes(struct chance *c, void *dst, size_t n);

#define CHANCE_PICK(c, pool)                                                   \
    ((pool)[chance_below((c), sizeof(pool) / sizeof *(pool))])
