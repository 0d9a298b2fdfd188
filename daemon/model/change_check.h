/* Inside the model only: what may be asked of a shop. WooCommerce itself takes
 * nearly anything and makes something else of it ("12,50" becomes 1250, an
 * unknown status in a batch becomes pending), so it is all checked here. */
#pragma once

#include "model/change.h"

struct json;

/* A value for a path of that kind; wanted is replaced by its canonical form.
 * ERR_INVALID with e->where the path. */
int change_check_path(struct db_tx *tx, const struct change_new *n,
                      struct change_path *p, struct arena *a, struct error *e);

/* What a new object is to have, by the same rules. */
int change_check_members(struct db_tx *tx, const struct change_new *n,
                         const struct json *members, struct arena *a,
                         struct error *e);

/* May an order be given that status? It must be one of the shop's, and not
 * "refunded". ERR_INVALID. */
int change_check_status(struct db_tx *tx, int64_t store_id, const char *slug,
                        struct arena *a, struct error *e);

/* The payload of a note, refund, tracking or create. */
int change_check_payload(struct db_tx *tx, const struct change_new *n,
                         struct arena *a, struct error *e);

/* The bases besides the one seen that a status may be set from, as a JSON
 * array in the arena; NULL: none. To complete, any to-do status will do; to
 * cancel, an unpaid or held one: a payment that arrives gets in its way. */
int change_check_accept(struct db_tx *tx, int64_t store_id, const char *wanted,
                        struct arena *a, const char **ret);

/* The fields that can be changed, by their index: for who must have words for
 * each (common/field.h). NULL behind the last. */
const char *change_check_field(size_t i, char dst[64]);
