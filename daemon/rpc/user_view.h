/* Users as they are shown. Inside rpc only. */
#pragma once

#include "common/jsonw.h"
#include "model/user.h"
#include "rpc/call.h"

struct db_tx;

/* Append the names of the stores of an owner or of staff of some stores, as an
 * array; empty for the others. */
int user_view_stores(struct rpc_call *call, struct db_tx *tx,
                     const struct user *u, struct jsonw *w);
/* The row of users.list as one value. */
int user_view_write(struct rpc_call *call, struct db_tx *tx,
                    const struct user *u, struct jsonw *w);
