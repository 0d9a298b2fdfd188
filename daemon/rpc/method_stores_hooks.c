/* stores.rotate_hooks: the door deliveries come in by is forgotten; the
 * engine makes another one in its next round, which is now. */
#include "common/arena.h"
#include "model/feed.h"
#include "model/hook.h"
#include "model/store.h"
#include "rpc/call.h"
#include "rpc_handlers.gen.h"
#include "sync/sync.h"

static int rotate(struct rpc_call *call, struct db_tx *tx,
                  const struct store *s) {
    if (s->poll_only)
        return call_fail(call, ERR_CONFLICT, "store",
                         "%s is polled alone, it has no webhooks", s->name);
    int rc = hook_door_forget(tx, s->id);
    if (rc >= 0)
        rc = call_audit(call, tx, s->name, "{}");
    return rc < 0 ? rc : feed_add(tx, "store", s->id, 0, "");
}

static int rotate_work(struct rpc_call *call, struct db_tx *tx) {
    const struct rpc_stores_rotate_hooks_params *p = call->params;
    struct store s = {0};
    int rc = store_by_name(tx, p->store, &s);
    if (rc == 0)
        rc = call_fail(call, ERR_NOT_FOUND, "store", "there is no store %s",
                       p->store);
    if (rc >= 0)
        rc = rotate(call, tx, &s);
    int64_t *id = arena_alloc(call_arena(call), sizeof *id);
    *id = s.id;
    call->data = id;
    struct jsonw *w = call_result(call);
    jsonw_begin_object(w);
    jsonw_kstring(w, "name", p->store);
    jsonw_end_object(w);
    store_done(&s);
    return rc;
}

static int rotate_then(struct rpc_call *call) {
    const int64_t *id = call->data;
    if (call->rpc->sync)
        sync_store_changed(call->rpc->sync, *id);
    return 0;
}

int method_stores_rotate_hooks(struct rpc_call *call,
                               const struct rpc_stores_rotate_hooks_params *p) {
    (void)p;
    return call_write(call, rotate_work, rotate_then);
}
