/* Approved files go out in the background, slice by slice. Inside rpc only.
 *
 * Happy path: a slice of rows becomes changes in one transaction, the engine
 * is told, the next slice follows until none is left.
 * Failure modes: the daemon ends, or is killed: what has not gone out is found
 * again at the next start, row by row; the database is busy: the rest waits
 * for a moment; somebody stops it (approvals.stop): the next slice finds
 * nothing. */
#pragma once

#include <stdint.h>

#include "rpc/room.h"

/* Let that proposal's rows go out; what is not an approved file ends at once.
 */
void file_apply(struct rpc *r, int64_t proposal);
/* All that an earlier run left. */
void file_apply_all(struct rpc *r);
/* The server stops: no further slice begins. */
void file_apply_stop(struct rpc *r);
