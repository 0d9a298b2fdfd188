/* Sessions of the HTTP face, in memory: looked at with every request, gone at
 * once when they end. Loop thread, inside rpc. */
#pragma once

#include <stdint.h>

#include "rpc/room.h"

struct db_tx;

/* Those of the table, at start. */
int web_sessions_load(struct rpc *r, struct db_tx *tx);
void web_sessions_free(struct rpc *r);
/* One more (or the same again). */
void web_session_begun(struct rpc *r, const char *id, int64_t row,
                       int64_t user_id, const char *print);
/* By the row of the table, or all of a user's. */
void web_session_ended(struct rpc *r, int64_t row);
void web_sessions_ended(struct rpc *r, int64_t user_id);
