/* What of a product was sold, from the lines of orders that are paid. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "common/amounts.h"
#include "common/err.h"

struct db_tx;

enum { SALES_PERIODS = 4 };
/* Days each period goes back; 0: all there is. */
extern const int sales_days[SALES_PERIODS];

struct sales {
    int64_t orders, qty_e3;
    struct amounts revenue; /* of the lines, after discounts */
};

/* Of a product with its variations, or (parent not 0) of that variation of
 * it; per period, ending now. Refunds are not taken off. */
int sales_of(struct db_tx *tx, int64_t store_id, int64_t remote_id,
             int64_t parent_id, struct sales ret[SALES_PERIODS]);
