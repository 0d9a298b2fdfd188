/* Who may not change a shop alone proposes it: owners always, staff above a
 * limit, anybody who asks to. The same methods, checked the same way. Inside
 * rpc only. */
#pragma once

#include "rpc/outgoing.h"

/* Before it is journalled: 1, it was put before somebody who may approve it,
 * and answered; 0, it may go out; negative, refused (ERR_NEEDS_APPROVAL: it was
 * not asked to be a proposal, and has to be one). */
int propose_instead(struct outgoing *o);

/* Other wanted values of a change: as far as its editor could have gone alone?
 * 0, or ERR_NEEDS_APPROVAL. A change that awaits or had approval is asked for
 * again by itself. */
int propose_edit(struct rpc_call *call, struct db_tx *tx,
                 const struct change *c, const struct change_path *paths,
                 size_t n);
