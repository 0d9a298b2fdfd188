/* What happened to a pile, told to the shops that sell it: a delta of their
 * stock through the outbox, in the transaction of the movement.
 *
 * Several shops that list one item offer the same pieces, so each of them gets
 * the whole difference, in its own units, rounded towards fewer. That holds for
 * shops the caller does not work for too: the pile is one. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "model/change.h"

struct arena;
struct db_tx;

struct shop_told {
    int64_t store_id, remote_id;
    const char *store;  /* name */
    const char *change; /* ULID; NULL: it was not told */
    enum change_state state;
    const char *why; /* it was not told; NULL */
};

struct shop_news {
    int64_t item_id, delta_e3; /* pieces */
    const char *author, *reason;
    void (*random)(void *dst, size_t n);
};

/* All its listings, in the arena, in the order of stores. A shop that does not
 * count the product, or cannot be written to, is told nothing and says why. */
int shop_delta(struct db_tx *tx, const struct shop_news *n, struct arena *a,
               struct shop_told **ret, size_t *ret_n);
