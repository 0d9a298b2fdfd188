/* How many orders a store has of each status; gone and trashed ones count
 * under "gone" and "trash". */
#pragma once

#include <stddef.h>
#include <stdint.h>

struct arena;
struct db_tx;

struct status_count {
    const char *status;
    int64_t n; /* > 0 */
};

/* All of a store; rows and texts in the arena. */
int status_count_list(struct db_tx *tx, int64_t store_id, struct arena *a,
                      struct status_count **ret, size_t *ret_n);

/* Orders of that status created before an instant. */
int status_count_before(struct db_tx *tx, int64_t store_id,
                        const struct status_count *c, int64_t before_ms,
                        int64_t *ret);
