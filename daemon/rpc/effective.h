/* An object with what is on its way to it: the shop's JSON with the wanted
 * values of queued, sending and unknown changes in their places. Inside rpc
 * only. */
#pragma once

#include "rpc/change_view.h"

/* raw itself when nothing overlays it (or it is not kept); else a document in
 * the call's arena. */
int effective_json(struct rpc_call *call, const struct pending *p,
                   const struct json *raw, const struct json **ret);
