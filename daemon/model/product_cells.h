/* Inside the model only: the columns of a file of products (product_file.h). */
#pragma once

#include <stdint.h>

#include "common/err.h"

struct arena;
struct buf;
struct category_paths;
struct db_tx;

enum {
    CELL_SKU,
    CELL_NAME,
    CELL_STATUS,
    CELL_REGULAR,
    CELL_SALE,
    CELL_WEIGHT,
    CELL_LENGTH,
    CELL_WIDTH,
    CELL_HEIGHT,
    CELL_MANAGE,
    CELL_CATEGORIES,
    CELL_GTIN,
    CELL_SHORT,
    CELL_LONG,
    PRODUCT_CELLS /* how many */
};

struct product_cell {
    const char *name, *path; /* in the first row; of a change */
};
extern const struct product_cell product_cells[PRODUCT_CELLS];

/* What stands in a cell as a value, JSON in the arena. *t: the store's
 * categories, read when the first is named. ERR_INVALID: there is no such
 * category. */
int product_cell_json(struct db_tx *tx, int64_t store_id,
                      struct category_paths **t, int cell, const char *text,
                      struct arena *a, const char **ret, struct error *why);
/* And back: the cell a value is given away as. */
int product_cell_text(struct db_tx *tx, int64_t store_id,
                      struct category_paths **t, int cell, const char *json,
                      struct arena *a, struct buf *out);
