/* Proposals as methods show them: with the values of now, what is stale about
 * them, and what became of them in the shop. Inside rpc only. */
#pragma once

#include "model/proposal.h"
#include "rpc/call.h"

/* May this caller approve? Who may sees everybody's. */
bool approval_reviews(const struct rpc_call *call);

/* Fields of type approval_row into an open object. */
int approval_view_fields(struct rpc_call *call, struct db_tx *tx,
                         const struct proposal *p, struct jsonw *w);
/* Fields `list` and `more` of approvals.get. */
int approval_view_items(struct rpc_call *call, struct db_tx *tx,
                        const struct proposal *p, int64_t from,
                        struct jsonw *w);
