/* Scans in the course of receiving and counting: the code of a bin says where
 * somebody stands, any other what they have in hand. Where they stand is kept,
 * so that scans may follow one another without waiting, and work goes on there
 * after a dropped session. */
#pragma once

#include <stdint.h>

#include "common/err.h"
#include "model/bin.h"

struct db_tx;

/* Where that person stands in the course of that work ("I-12"): 1 or 0. */
int at_bin_get(struct db_tx *tx, const char *work, const char *author,
               struct bin *ret);
int at_bin_set(struct db_tx *tx, const char *work, const char *author,
               int64_t bin_id);
/* The work is over. */
int at_bin_end(struct db_tx *tx, const char *work);

/* The item of a code: a SKU of the company, or a reference in text
 * ("alpine:34") of one of its products, made if need be. ERR_NOT_FOUND: no such
 * code (e says what can be scanned); ERR_CONFLICT: several products have it. */
int at_bin_item(struct db_tx *tx, int64_t tenant_id, const char *code,
                int64_t *ret_item, struct error *e);
