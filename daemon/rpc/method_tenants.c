#include <string.h>

#include "common/str.h"
#include "model/user.h"
#include "rpc/call.h"
#include "rpc_handlers.gen.h"

static void write_tenant(struct jsonw *w, const struct tenant *t) {
    jsonw_begin_object(w);
    jsonw_kstring(w, "name", t->name);
    jsonw_kstring(w, "title", t->title);
    jsonw_ki64(w, "stores", t->stores);
    jsonw_ki64(w, "users", t->users);
    jsonw_kbool(w, "owner_orders", t->owner_orders);
    jsonw_ktime(w, "created", t->created_ms);
    jsonw_end_object(w);
}

struct listing {
    struct jsonw *w;
    const char *after, *only; /* NULL: all */
    int64_t left;
    char last[33];
    bool more;
};

static int list_one(const struct tenant *t, void *arg) {
    struct listing *l = arg;
    if ((l->after && strcmp(t->name, l->after) <= 0) || l->more ||
        (l->only && !str_eq(t->name, l->only)))
        return 0;
    if (l->left-- == 0) {
        l->more = true;
        return 0;
    }
    (void)str_copy(l->last, sizeof l->last, t->name);
    write_tenant(l->w, t);
    return 0;
}

static int list_work(struct rpc_call *call, struct db_tx *tx) {
    const struct rpc_tenants_list_params *p = call->params;
    struct listing l = {.after = p->has_after ? p->after : NULL,
                        .left = p->limit};
    l.w = call_list_begin(call);
    int rc = tenant_each(tx, list_one, &l);
    call_list_end(l.w, l.more ? l.last : NULL, false);
    return rc;
}

int method_tenants_list(struct rpc_call *call,
                        const struct rpc_tenants_list_params *p) {
    (void)p;
    return call_read(call, list_work, NULL);
}

static int answer(struct rpc_call *call, struct db_tx *tx, const char *name) {
    struct listing l = {.only = name, .left = 1, .w = call_result(call)};
    int rc = call_audit(call, tx, name, "{}");
    return rc < 0 ? rc : tenant_each(tx, list_one, &l);
}

static int create_work(struct rpc_call *call, struct db_tx *tx) {
    const struct rpc_tenants_create_params *p = call->params;
    struct tenant t = {0};
    (void)str_copy(t.name, sizeof t.name, p->name);
    (void)str_copy(t.title, sizeof t.title, p->has_title ? p->title : "");
    int rc = tenant_create(tx, &t, &call->error);
    return rc < 0 ? rc : answer(call, tx, t.name);
}

int method_tenants_create(struct rpc_call *call,
                          const struct rpc_tenants_create_params *p) {
    (void)p;
    return call_write(call, create_work, NULL);
}

static int update_work(struct rpc_call *call, struct db_tx *tx) {
    const struct rpc_tenants_update_params *p = call->params;
    struct tenant t;
    int rc = tenant_by_name(tx, p->tenant, &t);
    if (rc == 0)
        return call_fail(call, ERR_NOT_FOUND, "tenant", "there is no tenant %s",
                         p->tenant);
    if (rc < 0)
        return rc;
    if (p->has_title)
        (void)str_copy(t.title, sizeof t.title, p->title);
    if (p->has_owner_orders)
        t.owner_orders = p->owner_orders;
    rc = tenant_update(tx, &t);
    return rc < 0 ? rc : answer(call, tx, t.name);
}

int method_tenants_update(struct rpc_call *call,
                          const struct rpc_tenants_update_params *p) {
    if (!p->has_title && !p->has_owner_orders)
        return call_fail(call, ERR_INVALID, "", "nothing is changed");
    return call_write(call, update_work, NULL);
}
