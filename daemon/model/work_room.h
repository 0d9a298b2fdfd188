/* Inside the model only: what the files about work share. */
#pragma once

#include "model/work.h"

/* Tell the feed of the order, and its timeline (what NULL: not). */
int work_told(struct db_tx *tx, const struct work *w, const char *what,
              const char *who, const char *detail);
