/* Inside the model only: what every file of rows for one store is read with
 * (stock_file, product_file): its text, the reader on it, and what was found
 * wrong. */
#pragma once

#include "common/csv.h"
#include "model/stock_file.h"

struct sheet {
    int64_t store_id;
    char store[33];
    char *text; /* owned */
    size_t n;
    struct csv csv;
    struct stock_fault kept[STOCK_FILE_FAULTS];
    struct stock_sum sum;
};

/* The text is copied. */
void sheet_begin(struct sheet *s, int64_t store_id, const char *store,
                 const char *text, size_t n);
void sheet_done(struct sheet *s);

/* The sum so far, with the faults that are kept and how far the reader is. */
void sheet_sum(const struct sheet *s, struct stock_sum *ret);
/* A fault is counted, and kept while there is room. */
void sheet_blame(struct sheet *s, int line, const char *text);
