/* A store goes to another company.
 *
 * All it has goes with it: orders, products, customers, the pieces of what it
 * sells. What was between the house and the company before stays with them:
 * charges name who pays (model/charge.h), its tickets are closed and nobody's
 * but the house's, what its owners proposed is refused, and links they gave
 * away open nothing. Whom the store is shown to follows from its company at
 * once. */
#pragma once

#include <stdint.h>

#include "common/err.h"

struct db_tx;
struct tenant;

struct store_moved {
    int64_t proposals, tickets, links; /* that came to an end */
};

/* who: as audit.actor, the reviewer of what is refused. Nothing is written
 * where it cannot go as a whole: ERR_CONFLICT says what keeps it.
 * ERR_NOT_FOUND: no such store. ERR_INVALID: it is theirs already. */
int store_move(struct db_tx *tx, int64_t store_id, const struct tenant *to,
               const char *who, struct store_moved *ret, struct error *e);
