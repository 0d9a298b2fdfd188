#include "common/query.h"
#include "common/str.h"
#include "model/saved_view.h"
#include "query_keys.gen.h"
#include "rpc/call.h"
#include "rpc/person.h"
#include "rpc_handlers.gen.h"

static void write_view(struct jsonw *w, const struct saved_view *v) {
    jsonw_begin_object(w);
    jsonw_ki64(w, "slot", v->slot);
    jsonw_kbool(w, "own", v->own);
    jsonw_kstring(w, "list", v->list);
    jsonw_kstring(w, "name", v->name);
    jsonw_kstring(w, "filter", v->filter);
    jsonw_kstring(w, "sort", v->sort);
    jsonw_end_object(w);
}

static int list_work(struct rpc_call *call, struct db_tx *tx) {
    struct saved_view views[SAVED_VIEWS];
    size_t n = 0;
    int rc = saved_view_list(tx, call->actor, call_arena(call), views, &n);
    if (rc < 0)
        return rc;
    struct jsonw *w = call_list_begin(call);
    for (size_t i = 0; i < n; i++)
        write_view(w, &views[i]);
    call_list_end(w, NULL, false);
    return 0;
}

int method_views_list(struct rpc_call *call,
                      const struct rpc_views_list_params *p) {
    (void)p;
    return call_read(call, list_work, NULL);
}

/* What all see is an admin's to say. */
static int may_for(struct rpc_call *call, bool everybody) {
    if (everybody && call->who->role != RPC_ROLE_ADMIN)
        return call_fail(call, ERR_DENIED, "everybody",
                         "admins alone keep views for everybody");
    return 0;
}

static int save_work(struct rpc_call *call, struct db_tx *tx) {
    const struct rpc_views_save_params *p = call->params;
    struct saved_view v = {.slot = (int)p->slot,
                           .own = !p->everybody,
                           .list = p->list,
                           .name = p->has_name ? p->name : p->filter,
                           .filter = p->filter,
                           .sort = p->sort};
    AUTO_BUF struct buf object = BUF_INIT;
    buf_addf(&object, "view/%d", v.slot);
    int rc = saved_view_put(tx, call->actor, &v);
    if (rc >= 0)
        rc = call_audit(call, tx, buf_str(&object), "{}");
    if (rc < 0)
        return rc;
    write_view(call_result(call), &v);
    return 0;
}

int method_views_save(struct rpc_call *call,
                      const struct rpc_views_save_params *p) {
    struct query q;
    const struct query_list *keys = query_list_find(p->list);
    int rc = may_for(call, p->everybody);
    if (rc < 0)
        return rc;
    if (!keys)
        return call_fail(call, ERR_INVALID_PARAMS, "list",
                         "there is no list %s; there is orders, products, "
                         "customers, changes",
                         p->list);
    rc = query_parse(p->filter, keys->keys, keys->n, &q, &call->error);
    if (rc < 0)
        return rc;
    query_done(&q);
    return call_write(call, save_work, NULL);
}

static int remove_work(struct rpc_call *call, struct db_tx *tx) {
    const struct rpc_views_remove_params *p = call->params;
    AUTO_BUF struct buf object = BUF_INIT;
    buf_addf(&object, "view/%d", (int)p->slot);
    int rc = saved_view_drop(tx, call->actor, (int)p->slot, !p->everybody);
    if (rc >= 0)
        rc = call_audit(call, tx, buf_str(&object), "{}");
    if (rc < 0)
        return rc;
    struct jsonw *w = call_result(call);
    jsonw_begin_object(w);
    jsonw_end_object(w);
    return 0;
}

int method_views_remove(struct rpc_call *call,
                        const struct rpc_views_remove_params *p) {
    int rc = may_for(call, p->everybody);
    return rc < 0 ? rc : call_write(call, remove_work, NULL);
}
