/* What the methods of counts share. Inside rpc only. */
#pragma once

#include "model/count.h"
#include "rpc/level_view.h"

/* By "C-7": ERR_NOT_FOUND names `id`. */
int count_view_find(struct rpc_call *call, struct db_tx *tx, const char *id,
                    struct stock_count *ret);
/* The members of a count_row, into an object already begun. */
void count_view_fields(struct jsonw *w, const struct stock_count *c);
/* Audit it and answer a count_whole as it stands now; of a read audit is false.
 */
int count_view_answer(struct rpc_call *call, struct db_tx *tx, int64_t id,
                      bool audit);
