/* A store's day: what was ordered between two instants. */
#pragma once

#include <stdint.h>

#include "common/err.h"

struct db_tx;

struct day_order {
    int64_t created_ms, total_e4;
    const char *status, *currency; /* until fn returns */
};

/* Calls fn for each order created in [from, to). */
int day_orders(struct db_tx *tx, int64_t store_id, int64_t from, int64_t to,
               void (*fn)(const struct day_order *o, void *arg), void *arg);

/* Products and variations at or below their low-stock amount. */
int day_low_stock(struct db_tx *tx, int64_t store_id, int64_t *ret);
