/* A file of stock: read row by row against the mirror, then proposed as one.
 *
 * Columns by their names in the first row: stock, and ref or sku; others are
 * passed over. A row whose number is the one of now asks for nothing. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/err.h"
#include "model/proposal.h"

struct db_tx;
struct stock_file;

enum { STOCK_FILE_ROWS = PROPOSAL_ITEMS_MAX, STOCK_FILE_FAULTS = 100 };

/* The text is copied. */
struct stock_file *stock_file_new(int64_t store_id, const char *store,
                                  const char *text, size_t n);
int64_t stock_file_store(const struct stock_file *f); /* its id */
void stock_file_free(struct stock_file *f);           /* NULL is fine */

/* Look at the next rows, at most max; how many, 0: the end. ERR_INVALID: the
 * first row names no column of ours, ERR_TOO_BIG: too many rows. A row at
 * fault is noted and passed. */
int stock_file_look(struct db_tx *tx, struct stock_file *f, size_t max,
                    struct error *e);

struct stock_fault {
    int line;
    char text[160];
};

struct stock_sum {
    int64_t rows, changes, same, faults; /* faults: all of them */
    int64_t most;                        /* largest change of a level */
    size_t n_kept;                       /* first of the faults */
    const struct stock_fault *kept;
    double part; /* of the text that was looked at, 0 to 1 */
};
void stock_file_sum(const struct stock_file *f, struct stock_sum *ret);

/* What changes becomes a proposal, in transactions that hold nobody up: begun,
 * its rows added from `from` on (how many; 0: that was all), and only at the
 * end it is there for anybody, approved at once in the author's own name when
 * `at_once`. One that is not ended: proposal_csv_drop. ERR_INVALID: rows are at
 * fault, or nothing changes. */
int stock_file_begin(struct db_tx *tx, const struct stock_file *f,
                     const char *author, const char *reason, bool over,
                     int64_t *ret, struct error *e);
int stock_file_add(struct db_tx *tx, const struct stock_file *f, int64_t id,
                   size_t from, size_t max);
int stock_file_end(struct db_tx *tx, const struct stock_file *f, int64_t id,
                   bool at_once);

/* The object of the store a row of a file is of, by its reference or else its
 * SKU. *ret_why: what is wrong with it; NULL: *ret is found. */
int stock_file_find(struct db_tx *tx, int64_t store_id, const char *store,
                    const char *ref, const char *sku, int64_t *ret,
                    const char **ret_why);
