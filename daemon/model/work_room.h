/* Inside the model only: what the files about work share. */
#pragma once

#include "model/work.h"

/* Tell the feed of the order, and its timeline (what NULL: not). */
int work_told(struct db_tx *tx, const struct work *w, const char *what,
              const char *who, const char *detail);

/* Work has moved from that state: goods leave their bins, or go back into them,
 * so that what is out is what its state has in hand. */
int work_goods(struct db_tx *tx, const struct work *w, enum work_state from,
               const char *who, struct error *e);
/* What is open of an order's line becomes lines of work: itself, or its
 * parts. */
struct fulfil_line;
int work_add_line(struct db_tx *tx, int64_t store_id, int64_t id,
                  const struct fulfil_line *l, struct arena *a);

/* The code of the bin to pick a product from, "" where none is known. */
int work_bin(struct db_tx *tx, int64_t store_id, int64_t product_id,
             struct arena *a, const char **ret);

/* The phase a status has in this store; core's own before it was told. */
int work_phase(struct db_tx *tx, int64_t store_id, const char *slug,
               struct arena *a, const char **ret);
