/* Inside the model only: a change as a row, and its moves. */
#pragma once

#include "db/sql.h"
#include "model/change.h"

/* The row r stands on, its paths too; texts in the arena. */
int change_row_read(struct db_tx *tx, struct db_rows *r, struct arena *a,
                    struct change *ret);
/* By its own number: 1 found, 0 not. */
int change_row_get(struct db_tx *tx, int64_t id, struct arena *a,
                   struct change *ret);

/* One transition, checked against the table of moves, with all that follows
 * from it: the object's derived rows and the feed. ERR_CONFLICT: not a move. */
int change_row_move(struct db_tx *tx, const struct change *c,
                    const struct change_outcome *o);

/* Tell the feed and rewrite what lists show of its object. */
int change_row_told(struct db_tx *tx, const struct change *c,
                    enum change_state state);

/* The kind of that name; ERR_DB_CORRUPT. */
int change_row_kind(const char *name);
