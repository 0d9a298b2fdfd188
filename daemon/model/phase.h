/* What a status of a shop means: its phase, as an admin says it.
 *
 * WooCommerce's own statuses have theirs; one that a plug-in made is unmapped,
 * which counts as open, until it is said. Lists, counters and the pick's rules
 * ask for the phase when they are read; what open orders ask for is written
 * down (model/demand.h), so of a status that means something else it is written
 * anew: in slices, in the order of orders_store_status, with the place kept in
 * each slice's transaction, so that one that was cut off goes on where it was.
 * Meanwhile every order that changes is asked for anew by itself
 * (demand_apply). */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "common/err.h"
#include "model/store.h"

struct db_tx;

/* Say it. *ret: the status as it was. 0 it meant that before, 1 it means
 * something else now. ERR_NOT_FOUND: neither does the shop list it nor has an
 * order it; ERR_INVALID: it is WooCommerce's own. Feeds the store and its
 * orders; the caller audits, and settles. */
int phase_say(struct db_tx *tx, int64_t store_id, const char *slug,
              enum status_phase phase, struct store_status *ret);

/* Go on with what is to be written anew, for about max_ms: 1 there is more, 0
 * there is not. */
int phase_settle(struct db_tx *tx, int64_t max_ms);

/* Are orders of that status still asked for as before? */
int phase_settling(struct db_tx *tx, int64_t store_id, const char *slug,
                   bool *ret);
