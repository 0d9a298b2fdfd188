/* A file of products: read row by row against the mirror, then proposed as one.
 *
 * Columns by their names in the first row: ref or sku says which product or
 * variation a row is of, the others are values it is to have; a name that is
 * none of them is refused. With ref, sku is a value like the others. A cell as
 * the product has it asks for nothing, an empty one takes the value away. */
#pragma once

#include "model/stock_file.h"

struct arena;
struct buf;
struct product_file;

/* The text is copied. */
struct product_file *product_file_new(int64_t store_id, const char *store,
                                      const char *text, size_t n);
int64_t product_file_store(const struct product_file *f);
void product_file_free(struct product_file *f); /* NULL is fine */

/* As stock_file_look; ERR_INVALID names the column that is not known. */
int product_file_look(struct db_tx *tx, struct product_file *f, size_t max,
                      struct error *e);
/* As stock_file_sum; changes are products, most is how far a price is moved, in
 * per cent. */
void product_file_sum(const struct product_file *f, struct stock_sum *ret);
/* What changes becomes one proposal in this transaction; approved at once in
 * the author's own name when `at_once`. ERR_INVALID: rows are at fault, or
 * nothing changes. */
int product_file_propose(struct db_tx *tx, const struct product_file *f,
                         const char *author, const char *reason, bool over,
                         bool at_once, int64_t *ret, struct error *e);

/* The first row of such a file. */
void product_file_head(struct buf *out);
/* One product as a row; nothing is written of one whose bytes are not kept. */
int product_file_row(struct db_tx *tx, int64_t store_id, const char *store,
                     int64_t remote_id, struct buf *out);
