/* Everything that is sealed, under the newest key. */
#pragma once

#include <stdint.h>

#include "auth/seal.h"

struct db_tx;

/* In one transaction. *ret_done: values that were sealed anew; *ret_left: whose
 * key is not in the ring, left as they are. */
int reseal_all(struct db_tx *tx, const struct seal_ring *r, int64_t *ret_done,
               int64_t *ret_left);
