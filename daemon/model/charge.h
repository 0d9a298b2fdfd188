/* What the house asks a client for work on an order. An invoice takes charges
 * up later; from then on they stay as they are. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "common/err.h"

struct arena;
struct db_tx;

enum { CHARGE_TEXT = 24, CHARGES_MAX = 500 /* of one answer */ };

struct charge {
    int64_t id, store_id, remote_id, amount_e4, created_ms, billed_id;
    const char *type, *currency, *note, *author;
    const char *tenant; /* whose store it was then; that company pays */
};

/* "C-12"; and back, also "12": the id or ERR_INVALID. */
const char *charge_format(char dst[CHARGE_TEXT], int64_t id);
int charge_parse(const char *text, int64_t *ret_id);

/* Fills id and created_ms; the caller knows the order and whose it is.
 * ERR_INVALID: no amount, no currency of three letters. */
int charge_add(struct db_tx *tx, struct charge *c, struct error *e);
/* 1 found, 0 not (or outside the scope); texts in the arena. */
int charge_get(struct db_tx *tx, int64_t id, struct arena *a,
               struct charge *ret);
/* ERR_CONFLICT: it is billed. */
int charge_remove(struct db_tx *tx, const struct charge *c, struct error *e);
/* Of an order, oldest first, behind the id `after`. */
int charge_list(struct db_tx *tx, int64_t store_id, int64_t remote_id,
                int64_t after, struct arena *a, struct charge **ret,
                size_t *ret_n);
