/* Objects that must be read again soon: told by a webhook, or read too late to
 * be applied. One row an object; later reasons ride on the first. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "model/mirror.h"

struct db_tx;

struct wake {
    enum mirror_kind kind;
    int64_t remote_id; /* a note's is its own: the shop does not tell whose */
    int64_t at_ms;     /* when it was told first */
    int64_t times;     /* how often it was told; names the row as it was read */
};

/* Tell it, once more if it waits already. */
int wake_put(struct db_tx *tx, int64_t store_id, enum mirror_kind kind,
             int64_t remote_id);
/* What waits, told first comes first; returns how many, at most max. */
int wake_list(struct db_tx *tx, int64_t store_id, struct wake *ret, size_t max);
/* It was read again: gone from the list, but for what was told meanwhile. */
int wake_done(struct db_tx *tx, int64_t store_id, const struct wake *w);
/* What the mirror knows of the object: 1 it has it, 0 not. *ret: the product of
 * a variation, the order of a refund or note, else 0. Orders, customers and
 * categories are not looked up: 1. */
int wake_parent(struct db_tx *tx, int64_t store_id, const struct wake *w,
                int64_t *ret);
/* Orders that changed last as far as the change feed tells, latest first, then
 * as many of the newest; returns how many, at most 2 * max, some perhaps more
 * than once. */
int wake_recent_orders(struct db_tx *tx, int64_t store_id, int64_t *ids,
                       size_t max);
/* How many wait, and since when the first (0: none). */
int wake_count(struct db_tx *tx, int64_t store_id, int64_t *ret_n,
               int64_t *ret_since_ms);
