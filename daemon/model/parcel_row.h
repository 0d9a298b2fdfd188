/* Inside the model only: rows of parcels. */
#pragma once

#include "db/sql.h"
#include "model/parcel.h"

/* A row of parcel_full; texts in the arena. */
int parcel_row_read(struct db_rows *r, struct arena *a, struct parcel *ret);
/* The feed: the work on that order moved. */
int parcel_tell(struct db_tx *tx, int64_t store_id, int64_t remote_id);
/* The change that tells the shop of it. */
int parcel_told(struct db_tx *tx, int64_t id, int64_t change_id);
