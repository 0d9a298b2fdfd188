/* Reading one order from the shop again and waiting for it. Inside rpc. */
#pragma once

#include <stdint.h>

struct error;
struct rpc_call;

/* Ask the engine; the call is held until then(call, status) is called on the
 * loop, which has to finish it. call->data must not be used for other things
 * by then. Returns 0 or an error at once. */
int refresh_order(struct rpc_call *call, int64_t store_id, int64_t remote_id,
                  void (*then)(struct rpc_call *call, int status));
