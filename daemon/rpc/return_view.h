/* Returns as methods show and find them. Inside rpc only. */
#pragma once

#include "common/jsonw.h"
#include "model/order_list.h"
#include "model/return.h"
#include "rpc/call.h"

/* "R-318": found, or ERR_NOT_FOUND names `return`. */
int return_view_find(struct rpc_call *call, struct db_tx *tx, const char *text,
                     struct return_ *ret);
/* Its order: 1, or 0 when the mirror has it no more. */
int return_view_order(struct rpc_call *call, struct db_tx *tx,
                      const struct return_ *r, struct order_item *ret);
/* The fields of type return_row, into an open object. */
void return_view_fields(const struct return_ *r, struct jsonw *w);
/* All else of returns.get: lines, refunds, letters, events. */
int return_view_whole(struct rpc_call *call, struct db_tx *tx,
                      const struct return_ *r, struct jsonw *w);

/* The end of a write: audited, and {return, state, changes} as it is now. */
int return_view_done(struct rpc_call *call, struct db_tx *tx, int64_t id,
                     const char *const *changes, size_t n);

/* May this letter be written now? ERR_CONFLICT says why not. *ret_amount_e4: of
 * a refund. (method_returns_mail.c) */
int return_letter_may(struct rpc_call *call, struct db_tx *tx,
                      const struct return_ *r, int letter,
                      int64_t *ret_amount_e4);
