/* Refunds and order notes, both children of an order. */
#pragma once

#include "model/mirror.h"

struct refund {
    struct mirror_object o;
    int64_t order_remote_id, created_ms, total_e4; /* total >= 0 */
    const char *reason;
};

/* Apply n decoded refunds in this transaction; each tells of its order. */
int refund_apply(struct db_tx *tx, const struct mirror_read *read,
                 const struct refund *r, size_t n, struct mirror_stats *st);

/* An order names these refunds: one that the mirror lacks, or has and the order
 * does not name, is to be read again (a refund that is deleted moves no date).
 */
int refund_compare(struct db_tx *tx, int64_t store_id, int64_t order_remote_id,
                   const int64_t *ids, size_t n);

struct note {
    int64_t remote_id, created_ms;
    const char *author, *text;
    bool to_customer;
};

/* All notes of one order as one answer: those not in it are removed. */
int note_apply(struct db_tx *tx, const struct mirror_read *read,
               int64_t order_remote_id, const struct note *notes, size_t n,
               struct mirror_stats *st);
