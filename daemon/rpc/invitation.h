/* What the methods on users share. Inside rpc only. */
#pragma once

#include "model/user.h"
#include "rpc/call.h"

struct db_tx;

/* ERR_NOT_FOUND names the field. */
int invitation_user(struct rpc_call *call, struct db_tx *tx, const char *name,
                    struct user *ret);
/* A fresh code for them, written down and answered. */
int invitation_make(struct rpc_call *call, struct db_tx *tx,
                    const struct user *u);
/* They were changed: written down with what changed, and the row as it is now
 * answered. was NULL: nothing of the row itself. */
int invitation_changed(struct rpc_call *call, struct db_tx *tx,
                       const struct user *u, const struct user *was);
/* After a change of an admin: ERR_CONFLICT when nobody is left who administers
 * and this is not the console. */
int invitation_check_admins(struct rpc_call *call, struct db_tx *tx,
                            const struct user *was);
