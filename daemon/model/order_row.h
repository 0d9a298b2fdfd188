/* Inside the model only: the rows of `orders`. Here alone are written the
 * columns lists read: status and shop_status, tags, holds. */
#pragma once

#include "model/mirror_apply.h"
#include "model/order.h"

/* Changes of order_count, gathered over a job and written once. */
struct order_counts {
    struct order_count {
        char *status;
        int64_t n; /* to add */
    } * rows;
    size_t n;
};
#define AUTO_COUNTS CLEANUP(order_counts_done)
/* Forget them unwritten; for CLEANUP. */
void order_counts_done(struct order_counts *c);
/* Add them to the counters of the store, in the transaction of the rows they
 * count, and forget them. */
int order_counts_write(struct order_counts *c, struct db_tx *tx,
                       int64_t store_id);

/* What lists show of an order's state. */
struct order_state {
    const char *status;      /* effective */
    const char *shop_status; /* the shop's, NULL while equal */
    int gone;
};

/* From what the shop said last, whether it is gone, and the status a change is
 * to bring (overlay_order_status; NULL: none); both texts are borrowed. */
struct order_state order_state_of(const char *shop, int gone,
                                  const char *wanted);

/* 1 when the shop's own status says the order is in its trash. */
int order_trashed(const char *shop_status);

/* Insert the row of a new order; *ret_id = its id. */
int order_row_insert(struct db_tx *tx, struct order_counts *counts,
                     const struct mirror_read *read, const struct order *o,
                     int64_t contact, int64_t *ret_id);

/* What a stored row holds of the columns that are indexed; they are written
 * only when different, for each costs its indexes. */
struct order_old {
    struct mirror_found found;
    bool state_same; /* status, shop_status, gone as the new ones */
    char *wanted;    /* status on its way, owned; NULL: none */
    bool keys_same;  /* number and created_ms as the new ones */
    int64_t contact;
    char *status; /* effective, owned; NULL when state_same */
};
void order_old_done(struct order_old *old);

/* Look it up and compare. */
int order_row_find(const struct mirror_apply *m, const struct order *o,
                   struct order_old *ret);

/* Write the columns that may differ. */
int order_row_update(struct db_tx *tx, struct order_counts *counts,
                     const struct mirror_read *read,
                     const struct order_old *old, const struct order *o,
                     int64_t contact);

/* Write the state of one row that had status `before`, and what its lines ask
 * of the stock. */
int order_row_state(struct db_tx *tx, struct order_counts *counts, int64_t id,
                    const char *before, const struct order_state *state);

/* Rewrite tags and holds of one row from ours. */
int order_row_marks(struct db_tx *tx, int64_t id);
