/* A file of products (sheet.h).
 *
 * Columns by their names in the first row: ref or sku says which product or
 * variation a row is of, the others are values it is to have; a name that is
 * none of them is refused. With ref, sku is a value like the others. A cell as
 * the product has it asks for nothing, an empty one takes the value away. */
#pragma once

#include "model/sheet.h"

struct arena;
struct buf;
struct category_paths;
struct db_tx;
struct product_item;

/* The sum's changes are products, most is how far a price is moved, in per
 * cent. */
struct sheet *product_file_new(int64_t store_id, const char *store);

/* The first row of such a file. */
void product_file_head(struct buf *out);
/* One product as a row; nothing is written of one whose bytes are not kept. *t:
 * the categories of its store, read with the first; NULL before. */
int product_file_row(struct db_tx *tx, const struct product_item *p,
                     struct category_paths **t, struct buf *out);
