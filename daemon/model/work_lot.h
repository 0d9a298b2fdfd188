/* Inside the model only: which lots and serials a line of work is made up of.
 * Picking may name a lot, and must name a serial; packing scans the serial
 * again, so that the one that is written down is the one in the parcel. */
#pragma once

#include "model/lot.h"
#include "model/work.h"

enum work_lot_step { WORK_LOT_PICK, WORK_LOT_PACK };

enum work_lot_verdict {
    WORK_LOT_OK,
    WORK_LOT_SERIAL, /* it is kept by serials: the serial itself is wanted */
    WORK_LOT_EXPIRED,
    WORK_LOT_USED, /* in another's hand, packed, sold, or not the one picked */
    WORK_LOT_QUARANTINE /* it, or all there is, lies where nothing is for sale
                         */
};

/* Is the code a lot or serial of that line's product: 1, 0. */
int work_lot_of(struct db_tx *tx, const struct work *w,
                const struct work_line *l, const char *code, struct lot *ret);
/* What is to be counted on a line. */
struct work_lot_scan {
    const struct lot *lot; /* id 0: none was named */
    enum work_lot_step step;
    int64_t e3;
    bool overruled; /* though it has expired */
};
int work_lot_judge(struct db_tx *tx, const struct work *w,
                   const struct work_line *l, const struct work_lot_scan *s,
                   enum work_lot_verdict *ret);
/* So many more of the lot; negative: fewer. Nothing for lot 0. */
int work_lot_count(struct db_tx *tx, int64_t work_id, const struct work_line *l,
                   int64_t lot_id, enum work_lot_step step, int64_t e3);
/* So many of a line are taken out of a parcel again: the last that were scanned
 * into it. */
int work_lot_unpack(struct db_tx *tx, int64_t work_id, int64_t parcel_id,
                    const struct work_line *l, int64_t e3);

/* What a line's lots are in the hand of work, of each that was named. */
struct work_lot {
    int64_t line_id, part, lot_id;
    int64_t picked_e3, packed_e3;
};
/* All of a piece of work, by line. */
int work_lots(struct db_tx *tx, int64_t work_id, struct arena *a,
              struct work_lot **ret, size_t *ret_n);
