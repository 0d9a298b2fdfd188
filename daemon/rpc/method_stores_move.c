/* stores.move: a store becomes another company's. */
#include "common/str.h"
#include "model/store.h"
#include "model/store_move.h"
#include "model/user.h"
#include "rpc/call.h"
#include "rpc/signed_in.h"
#include "rpc_handlers.gen.h"

static int find(struct rpc_call *call, struct db_tx *tx, int64_t *ret_store,
                struct tenant *ret_to) {
    const struct rpc_stores_move_params *p = call->params;
    struct store s = {0};
    int rc = store_by_name(tx, p->store, &s);
    *ret_store = s.id;
    store_done(&s);
    if (rc == 0)
        return call_fail(call, ERR_NOT_FOUND, "store", "there is no store %s",
                         p->store);
    if (rc > 0)
        rc = tenant_by_name(tx, p->tenant, ret_to);
    return rc == 0 ? call_fail(call, ERR_NOT_FOUND, "tenant",
                               "there is no tenant %s", p->tenant)
                   : rc;
}

/* Who it was taken from is told by the trail alone: their screens go. */
static int audit(struct rpc_call *call, struct db_tx *tx, const char *from,
                 const struct store_moved *m) {
    const struct rpc_stores_move_params *p = call->params;
    AUTO_BUF struct buf payload = BUF_INIT;
    struct jsonw w;
    jsonw_init(&w, &payload);
    jsonw_begin_object(&w);
    jsonw_kstring(&w, "was", from);
    jsonw_kstring(&w, "to", p->tenant);
    jsonw_ki64(&w, "approvals", m->proposals);
    jsonw_ki64(&w, "tickets", m->tickets);
    jsonw_ki64(&w, "links", m->links);
    jsonw_end_object(&w);
    return call_audit(call, tx, p->store, buf_str(&payload));
}

static int move_work(struct rpc_call *call, struct db_tx *tx) {
    const struct rpc_stores_move_params *p = call->params;
    struct tenant to;
    struct store_moved m = {0};
    const char *from = "";
    int64_t store = 0;
    int rc = find(call, tx, &store, &to);
    if (rc >= 0)
        rc = store_tenant(tx, store, call_arena(call), &from);
    if (rc >= 0)
        rc = store_move(tx, store, &to, call->actor, &m, &call->error);
    if (rc >= 0)
        rc = audit(call, tx, from, &m);
    struct jsonw *w = call_result(call);
    jsonw_begin_object(w);
    jsonw_kstring(w, "name", p->store);
    jsonw_kstring(w, "tenant", p->tenant);
    jsonw_kstring(w, "was", from);
    jsonw_ki64(w, "approvals", m.proposals);
    jsonw_ki64(w, "tickets", m.tickets);
    jsonw_ki64(w, "links", m.links);
    jsonw_end_object(w);
    return rc;
}

/* Answered once the old owners see it no more. */
int method_stores_move(struct rpc_call *call,
                       const struct rpc_stores_move_params *p) {
    if (!str_eq(p->confirm, p->store))
        return call_fail(call, ERR_INVALID, "confirm",
                         "type the store's name once more: %s", p->store);
    return call_write(call, move_work, signed_in_reload);
}
