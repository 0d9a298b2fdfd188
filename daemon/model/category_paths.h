/* Categories by what people call them, as cells of a file have them: names from
 * the top with > or / between, several with ; (or a comma, as WooCommerce's own
 * files) between. */
#pragma once

#include <stdint.h>

#include "common/err.h"

struct arena;
struct buf;
struct db_tx;
struct category_paths;

/* All of a store, in memory of its own. */
int category_paths_read(struct db_tx *tx, int64_t store_id,
                        struct category_paths **ret);
void category_paths_free(struct category_paths *t); /* NULL is fine */

/* Their ids as a JSON array, in the arena. ERR_INVALID names one that is not
 * there. */
int category_paths_ids(const struct category_paths *t, const char *text,
                       struct arena *a, const char **ret, struct error *e);
/* And back; ids is a JSON array. What is not known is left out. */
void category_paths_text(const struct category_paths *t, const char *ids,
                         struct buf *out);
