/* Inside the model only: what the files of returns share. */
#pragma once

#include "common/arena.h"
#include "common/cleanup.h"
#include "model/return.h"

enum { RETURN_LINES = 500 /* of one return */ };

DEFINE_CLEANUP(struct arena *, return_arena, arena_free)
#define AUTO_ARENA CLEANUP(return_arena)

/* One move of its state, in the timeline. decision "": as it was. */
int return_row_move(struct db_tx *tx, const struct return_ *r,
                    enum return_state to, const char *decision, const char *who,
                    struct error *e);
/* A row of the order's timeline, and the feed. */
int return_row_event(struct db_tx *tx, const struct return_ *r,
                     const char *what, const char *who);
/* The feed alone. */
int return_row_told(struct db_tx *tx, const struct return_ *r);
/* ERR_CONFLICT when a shop has heard of it: stock or money. */
int return_row_untouched(struct db_tx *tx, const struct return_ *r,
                         struct error *e);
