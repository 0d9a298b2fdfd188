/* Inside the model only: lots and serials in counting. */
#pragma once

#include "model/count.h"

/* The lot of that code, where no product has it: fills item and lot of `at`.
 * 1, 0 there is none; ERR_CONFLICT: several items have one. */
int count_lot_of_code(struct db_tx *tx, const struct stock_count *c,
                      const char *code, struct count_at *at, struct error *e);
/* May so many in all have been counted there, where so many are expected?
 * Errors as count_enter. */
int count_lot_check(struct db_tx *tx, const struct stock_count *c,
                    const struct count_at *at, int64_t e3, int64_t expected_e3,
                    struct error *e);
/* A serial is about to be found in that bin: it is taken out of the one it was
 * said to lie in. *ret_e3: pieces taken out; 0: it lay in none. *ret_here: it
 * has come to that bin meanwhile, so that nothing is to be written. */
struct movement;
int count_lot_found(struct db_tx *tx, const struct movement *m, int64_t *ret_e3,
                    bool *ret_here, struct error *e);
