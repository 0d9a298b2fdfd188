/* Inside the model only: contacts (customers, registered or guests). */
#pragma once

#include "model/customer.h"
#include "model/order.h"
#include "model/search.h"

/* As contact_for_order, with the search texts of the job in `texts`. was: the
 * order's contact so far, mostly still the one; 0: none. */
int contact_resolve(struct db_tx *tx, struct search_batch *texts,
                    int64_t store_id, const struct order *o, int64_t was,
                    int64_t *ret);

/* An order went to contact `to` (0: to none): forget this one when it was only
 * known from orders and has none left. */
int contact_release(struct db_tx *tx, struct search_batch *texts, int64_t id,
                    int64_t to);

/* The guest of this folded e-mail becomes part of account `id`: its orders
 * move, its row goes. */
int contact_absorb_guest(struct db_tx *tx, struct search_batch *texts,
                         int64_t store_id, const char *email_key, int64_t id);
