/* The categories of a store with their path from the top. */
#pragma once

#include <stddef.h>
#include <stdint.h>

struct arena;
struct db_tx;

struct category_item {
    int64_t remote_id, parent_id, products;
    const char *name, *slug;
    const char *path; /* names from the top, " / " between */
};

/* All of a store, by path; at most 10,000. In the arena. */
int category_list(struct db_tx *tx, int64_t store_id, struct arena *a,
                  struct category_item **ret, size_t *ret_n);
