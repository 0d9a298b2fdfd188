/* What the ways into a session answer alike. Inside rpc only. */
#pragma once

#include "rpc/call.h"
#include "rpc/person.h"

/* The result signed_in. token and its session's id: NULL: none. */
void signed_in_write(struct rpc_call *call, const struct person *p,
                     const char *token, const char *session);
/* ERR_INVALID with a sentence when no such password may be chosen. */
int signed_in_password(struct rpc_call *call, const char *field,
                       const char *password, const char *user);
/* A write that changed users, as call_then: answered once it is in force. */
int signed_in_reload(struct rpc_call *call);
