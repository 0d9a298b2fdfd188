#include "rpc/refresh.h"

#include "common/mem.h"
#include "rpc/call.h"
#include "sync/sync.h"

struct wait {
    struct rpc_call *call;
    void (*then)(struct rpc_call *call, int status);
};

static void on_done(int status, const struct error *e, void *arg) {
    struct wait *w = arg;
    struct rpc_call *call = w->call;
    void (*then)(struct rpc_call *, int) = w->then;
    free(w);
    if (status < 0 && e)
        call->error = *e;
    then(call, status);
}

int refresh_order(struct rpc_call *call, int64_t store_id, int64_t remote_id,
                  void (*then)(struct rpc_call *call, int status)) {
    if (!call->rpc->sync)
        return call_fail(call, ERR_BUSY, "", "no sync runs");
    struct wait *w = NEW(struct wait);
    *w = (struct wait){call, then};
    (void)call_hold(call);
    int rc =
        sync_refresh_order(call->rpc->sync, store_id, remote_id, on_done, w);
    if (rc < 0)
        free(w);
    return rc;
}
