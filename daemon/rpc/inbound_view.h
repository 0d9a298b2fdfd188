/* What the methods of inbound shipments share. Inside rpc only. */
#pragma once

#include "model/inbound.h"
#include "rpc/level_view.h"

/* By "I-12": ERR_NOT_FOUND names `id`. */
int inbound_view_find(struct rpc_call *call, struct db_tx *tx, const char *id,
                      struct inbound *ret);
/* The members of an inbound_row, into an object already begun. */
void inbound_view_fields(struct jsonw *w, const struct inbound *i);
void inbound_view_line(struct jsonw *w, const struct inbound_line *l);
/* Answer an inbound_whole as it stands now. */
int inbound_view_answer(struct rpc_call *call, struct db_tx *tx, int64_t id);
/* An audit row of it. */
int inbound_view_audit(struct rpc_call *call, struct db_tx *tx, int64_t id);
