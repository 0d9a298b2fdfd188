/* Inside the model only: what the files about work share. */
#pragma once

#include "model/work.h"

/* Tell the feed of the order, and its timeline (what NULL: not). */
int work_told(struct db_tx *tx, const struct work *w, const char *what,
              const char *who, const char *detail);

/* The phase a status has in this store; core's own before it was told. */
int work_phase(struct db_tx *tx, int64_t store_id, const char *slug,
               struct arena *a, const char **ret);
