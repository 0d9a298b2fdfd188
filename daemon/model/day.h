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

enum { DAY_HOURS = 25 }; /* the longest day: clocks go back */

/* Orders packed and parcels that left in each hour from `from` to `to`, added
 * to what is there. */
struct day_work {
    int64_t packed[DAY_HOURS], shipped[DAY_HOURS];
};
int day_work(struct db_tx *tx, int64_t store_id, int64_t from, int64_t to,
             struct day_work *w);

/* Orders in hand by enum work_state, added to what is there. */
int day_in_hand(struct db_tx *tx, int64_t store_id, int64_t *counts);

/* Products and variations at or below their low-stock amount. */
int day_low_stock(struct db_tx *tx, int64_t store_id, int64_t *ret);
