/* Movements: every piece that came, went or changed its place, with who and
 * why. They are only added; what lies in a bin (balance) and what an item has
 * (model/item.h) is written in the same transaction and is their sum. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "common/err.h"

struct db_tx;

struct movement {
    int64_t item_id, bin_id;
    int64_t qty_e3;     /* negative: out of the bin */
    const char *reason; /* a row of move_reason */
    const char *ref;    /* what it is of, as in "alpine:1234"; NULL: nothing */
    const char *note;   /* NULL: none */
    const char *author; /* as audit.actor */
    int64_t store_id, order_id, line_id; /* of an order's line; 0: of none */
    int64_t part;    /* of the line, of a bundle; 0: the line itself */
    int64_t work_id; /* whose picking it is; 0: none */
    bool below;      /* may leave less than nothing: it has happened already */
    int64_t lot_id;  /* of an item that asks for one (model/lot.h); 0: none */
};

/* Write one. ERR_CONFLICT: so many are not there; the bin is disabled;
 * ERR_RANGE: no count of pieces; and as lot_check. */
int movement_add(struct db_tx *tx, const struct movement *m, struct error *e);

/* From m->bin_id to another bin: two rows that sum to nothing. ERR_INVALID: it
 * is the same bin, or not a number above 0. */
int movement_move(struct db_tx *tx, const struct movement *m, int64_t to_bin,
                  struct error *e);

/* What lies there of it, 0 too. */
int movement_balance(struct db_tx *tx, int64_t item_id, int64_t bin_id,
                     int64_t *ret_e3);

/* A line of an order, for what follows. */
struct movement_line {
    int64_t store_id, order_id, line_id; /* remote ids */
    int64_t work_id;                     /* who picks it (model/work.h) */
    int64_t product_id;                  /* of the variation if it has one */
    const char *ref;                     /* the order, as in "alpine:1234" */
    const char *author;
    int64_t part;   /* of a bundle; 0: the line itself */
    int64_t lot_id; /* of that lot alone; 0: whichever */
    bool unnamed;   /* without the lots the work named (model/work_lot.h) */
};

/* So many (of the shop's) of an order's line were picked, from that bin (NULL
 * or unknown: where bin_of says; what is not there is taken from the next bins
 * of the walk). Of an item kept by lots what goes bad first is taken first, and
 * what has expired never unless it is named. The order asks for that much less.
 * 1 written; 0 nobody keeps the product here, so there is nothing to write.
 * What was picked is gone whatever the figures say: a bin may be left with less
 * than nothing, which a count cures. */
int movement_picked(struct db_tx *tx, const struct movement_line *l,
                    const char *bin, int64_t qty_e3, struct error *e);
/* What that work has picked of the line, of the shop's, and not put back. */
int movement_out(struct db_tx *tx, const struct movement_line *l,
                 int64_t *ret_e3);
/* All of that but keep_e3 goes back where it came from, the newest first;
 * product_id 0: whatever the line was of. Returns how many movements that
 * took. */
int movement_put_back(struct db_tx *tx, const struct movement_line *l,
                      int64_t keep_e3);

/* May a person give that reason for an adjustment: 1, 0. */
int movement_reason_manual(struct db_tx *tx, const char *reason);
