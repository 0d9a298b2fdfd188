/* A list of what is to be picked as the protocol shows it. Inside rpc only. */
#pragma once

#include "model/pick.h"
#include "rpc/call.h"

struct db_tx;

/* The result `pick`, with the lines as they stand in *p. */
int pick_view_whole(struct rpc_call *call, struct db_tx *tx,
                    const struct pick *p);
/* The result `scan_result`. */
void pick_view_scan(struct rpc_call *call, const struct pick *p,
                    const struct pick_scan *s, const char *code,
                    const char *verdict);
/* A `pick_row`. */
int pick_view_row(struct rpc_call *call, struct db_tx *tx,
                  const struct work *work, struct jsonw *w);
/* The row of the audit trail; code NULL: none. */
int pick_view_audit(struct rpc_call *call, struct db_tx *tx,
                    const struct pick *p, const char *code);
