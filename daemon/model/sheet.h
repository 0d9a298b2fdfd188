/* A file of rows for one store: read row by row against the mirror, then
 * written as one proposal, both a few rows at a time. What the rows mean is
 * its kind's: stock_file.h, product_file.h.
 *
 * The first row names the columns. A row at fault is noted and passed; one such
 * row, and the file becomes nothing. A file that is kept (file_store.h) is read
 * through a window, so that its size is not our memory's. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/buf.h"
#include "common/csv.h"
#include "common/err.h"
#include "model/file_store.h"
#include "model/proposal.h"

struct arena;
struct db_tx;
struct sheet;

enum { SHEET_ROWS = PROPOSAL_ITEMS_MAX, SHEET_FAULTS = 100 };
#define SHEET_BYTES (64LL * 1024 * 1024)

struct sheet_fault {
    int line;
    char text[160];
};

struct sheet_sum {
    int64_t rows, changes, same, faults; /* faults: all of them */
    int64_t created;                     /* of the changes: new objects */
    int64_t most;  /* the largest change, as its kind measures it */
    int64_t items; /* rows of the proposal it becomes */
    double part;   /* of the file that was looked at, 0 to 1 */
    size_t n_kept; /* first of the faults */
    const struct sheet_fault *kept;
};

struct sheet_kind {
    /* The first row; ERR_INVALID says which names there are. */
    int (*names)(struct sheet *s, const char *const *cells, int n,
                 struct error *e);
    /* A row, its cells in the arena; sheet_blame says what is wrong with it. */
    int (*row)(struct db_tx *tx, struct sheet *s, const char *const *cells,
               int n, struct arena *a, struct error *e);
    /* All rows were looked at. */
    void (*end)(struct sheet *s);
    int (*add)(struct db_tx *tx, const struct sheet *s, int64_t proposal,
               size_t from, size_t max);
    void (*done)(struct sheet *s); /* what the kind holds, and s itself */
};

/* The first member of every kind's own struct. */
struct sheet {
    const struct sheet_kind *kind;
    int64_t store_id;
    char store[33];
    struct buf text; /* the window on it */
    struct csv csv;
    const char *data; /* the data folder; NULL: all of it is in the window */
    uint8_t sha[FILE_SHA];
    int64_t size, read; /* of the file, and how much of it came by */
    bool begun;
    struct sheet_fault kept[SHEET_FAULTS];
    struct sheet_sum sum;
};

/* Inside the kinds: where the rows are for. */
void sheet_begin(struct sheet *s, const struct sheet_kind *kind,
                 int64_t store_id, const char *store);
/* The text is copied. */
void sheet_text(struct sheet *s, const char *text, size_t n);
/* A file that is kept, in the data folder, which outlives it. */
void sheet_file(struct sheet *s, const char *data, const uint8_t sha[FILE_SHA],
                int64_t size);
void sheet_free(struct sheet *s); /* NULL is fine */

/* Look at the next rows, at most max; how many, 0: the end. ERR_INVALID: the
 * first row names no column of ours, ERR_TOO_BIG: too many rows; ERR_IO. */
int sheet_look(struct db_tx *tx, struct sheet *s, size_t max, struct error *e);
/* The sum so far, with the faults that are kept. */
void sheet_sum(const struct sheet *s, struct sheet_sum *ret);
/* Rows `from` and on of what it asks for, at most max, into a proposal that was
 * begun (proposal_csv_create). How many; 0: that was all. */
int sheet_add(struct db_tx *tx, const struct sheet *s, int64_t proposal,
              size_t from, size_t max);

/* Inside the kinds: the row read last is at fault; counted, and kept while
 * there is room. */
void sheet_blame(struct sheet *s, const char *text);
/* The same of the row that stood there. */
void sheet_blame_line(struct sheet *s, int line, const char *text);
extern const char sheet_no_sku[]; /* as *ret_why: nothing has that SKU */
/* The object of the store a row is of, by its reference or else its SKU.
 * *ret_why: what is wrong with it; NULL: *ret is found. */
int sheet_find(struct db_tx *tx, const struct sheet *s, const char *ref,
               const char *sku, int64_t *ret, const char **ret_why);
