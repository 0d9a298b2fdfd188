/* Tenants: client companies, whose stores and owners are theirs for ever. */
#include <string.h>

#include "common/str.h"
#include "model/user.h"
#include "rpc/call.h"
#include "rpc/user_view.h"
#include "rpc_handlers.gen.h"

static void write_members(struct jsonw *w, const struct tenant *t) {
    jsonw_kstring(w, "name", t->name);
    jsonw_kstring(w, "title", t->title);
    jsonw_ki64(w, "stores", t->stores);
    jsonw_ki64(w, "users", t->users);
    jsonw_kbool(w, "owner_orders", t->owner_orders);
    jsonw_ktime(w, "created", t->created_ms);
}

static void write_tenant(struct jsonw *w, const struct tenant *t) {
    jsonw_begin_object(w);
    write_members(w, t);
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

/* --- one ----------------------------------------------------------------- */

struct page {
    struct jsonw *w;
    const char *name;
    struct tenant t;
};

/* tenant_each alone counts. */
static int find_counted(const struct tenant *t, void *arg) {
    struct page *p = arg;
    if (str_eq(t->name, p->name))
        p->t = *t;
    return 0;
}

static int add_owner(const struct user *u, void *arg) {
    struct page *p = arg;
    if (u->role == USER_OWNER && u->tenant_id == p->t.id)
        jsonw_string(p->w, u->name);
    return 0;
}

static int get_work(struct rpc_call *call, struct db_tx *tx) {
    const struct rpc_tenants_get_params *p = call->params;
    struct jsonw *w = call_result(call);
    struct page page = {.w = w, .name = p->tenant};
    int rc = tenant_each(tx, find_counted, &page);
    if (rc >= 0 && !page.t.id)
        return call_fail(call, ERR_NOT_FOUND, "tenant", "there is no tenant %s",
                         p->tenant);
    /* What any owner of it sees. */
    const struct user any = {.role = USER_OWNER, .tenant_id = page.t.id};
    jsonw_begin_object(w);
    write_members(w, &page.t);
    jsonw_key(w, "store_names");
    if (rc >= 0)
        rc = user_view_stores(call, tx, &any, w);
    jsonw_key(w, "owners");
    jsonw_begin_array(w);
    if (rc >= 0)
        rc = user_each(tx, add_owner, &page);
    jsonw_end_array(w);
    jsonw_end_object(w);
    return rc < 0 ? rc : 0;
}

int method_tenants_get(struct rpc_call *call,
                       const struct rpc_tenants_get_params *p) {
    (void)p;
    return call_read(call, get_work, NULL);
}

/* --- writes -------------------------------------------------------------- */

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
