/* Which objects the mirror holds, as bare ids: what sync asks of it. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct db_tx;

/* Remote ids of the open orders of a store (phases unpaid, to do, held and
 * unmapped of its status map, core's when that is empty), newest first per
 * status, at most max; returns how many. */
int order_open_ids(struct db_tx *tx, int64_t store_id, int64_t *ids,
                   size_t max);

/* Comma list of the slugs that count as open (core's when the map is empty). */
int order_open_slugs(struct db_tx *tx, int64_t store_id, char *dst,
                     size_t size);

/* Live products (or, with `variations`, variations) of a store with a remote
 * id above `after`, ascending, at most max; returns how many. */
int product_ids(struct db_tx *tx, int64_t store_id, bool variations,
                int64_t after, int64_t *ids, size_t max);

/* Live variations of a store; MIRROR_PRODUCT counts them with the products. */
int variation_count(struct db_tx *tx, int64_t store_id, int64_t *ret);
