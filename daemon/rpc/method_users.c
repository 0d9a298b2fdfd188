/* Users: who they are and what they see. What ends their sessions or makes a
 * code is in method_users_act.c. */
#include <pwd.h>
#include <string.h>

#include "auth/token.h"
#include "common/digest.h"
#include "common/str.h"
#include "db/sql.h"
#include "model/proof.h"
#include "model/store.h"
#include "rpc/invitation.h"
#include "rpc/person.h"
#include "rpc/signed_in.h"
#include "rpc/user_view.h"
#include "rpc_handlers.gen.h"

/* --- list, get ----------------------------------------------------------- */

struct listing {
    struct rpc_call *call;
    struct db_tx *tx;
    struct jsonw *w;
    const char *after;
    int64_t left;
    char last[33];
    bool more;
};

static int list_one(const struct user *u, void *arg) {
    struct listing *l = arg;
    if ((l->after && strcmp(u->name, l->after) <= 0) || l->more)
        return 0;
    if (l->left-- == 0) {
        l->more = true;
        return 0;
    }
    (void)str_copy(l->last, sizeof l->last, u->name);
    return user_view_write(l->call, l->tx, u, l->w);
}

static int list_work(struct rpc_call *call, struct db_tx *tx) {
    const struct rpc_users_list_params *p = call->params;
    struct listing l = {.call = call,
                        .tx = tx,
                        .after = p->has_after ? p->after : NULL,
                        .left = p->limit};
    l.w = call_list_begin(call);
    int rc = user_each(tx, list_one, &l);
    call_list_end(l.w, l.more ? l.last : NULL, false);
    return rc;
}

int method_users_list(struct rpc_call *call,
                      const struct rpc_users_list_params *p) {
    (void)p;
    return call_read(call, list_work, NULL);
}

static int get_work(struct rpc_call *call, struct db_tx *tx) {
    const struct rpc_users_get_params *p = call->params;
    struct user u;
    int rc = invitation_user(call, tx, p->user, &u);
    return rc < 0 ? rc : user_view_write(call, tx, &u, call_result(call));
}

int method_users_get(struct rpc_call *call,
                     const struct rpc_users_get_params *p) {
    (void)p;
    return call_read(call, get_work, NULL);
}

/* --- invite -------------------------------------------------------------- */

static enum user_role role_of(enum rpc_user_role r) {
    static const enum user_role roles[] = {
        [RPC_USER_ROLE_ADMIN] = USER_ADMIN,
        [RPC_USER_ROLE_STAFF] = USER_STAFF,
        [RPC_USER_ROLE_OWNER] = USER_OWNER,
    };
    return roles[r];
}

static const char *lang_of(enum rpc_user_lang l) {
    return l == RPC_USER_LANG_TR ? "tr" : "en";
}

static int tenant_of(struct rpc_call *call, struct db_tx *tx, const char *name,
                     int64_t *ret_id) {
    struct tenant t;
    int rc = tenant_by_name(tx, name, &t);
    if (rc == 0)
        return call_fail(call, ERR_NOT_FOUND, "tenant", "there is no tenant %s",
                         name);
    if (rc > 0)
        *ret_id = t.id;
    return rc < 0 ? rc : 0;
}

static int set_stores(struct rpc_call *call, struct db_tx *tx, int64_t user_id,
                      const char *const *names, size_t n) {
    int64_t ids[64];
    for (size_t i = 0; i < n; i++) {
        struct store s = {0};
        int rc = store_by_name(tx, names[i], &s);
        ids[i] = s.id;
        store_done(&s);
        if (rc <= 0)
            return rc < 0 ? rc
                          : call_fail(call, ERR_NOT_FOUND, "stores",
                                      "there is no store %s", names[i]);
    }
    return user_stores_set(tx, user_id, ids, n);
}

static int invite_user(struct rpc_call *call, struct db_tx *tx,
                       struct user *u) {
    const struct rpc_users_invite_params *p = call->params;
    uint8_t random[10];
    u->role = role_of(p->role);
    u->all_stores = p->n_stores == 0;
    u->read_only = p->read_only;
    (void)str_copy(u->name, sizeof u->name, p->name);
    (void)str_copy(u->title, sizeof u->title, p->has_title ? p->title : "");
    (void)str_copy(u->lang, sizeof u->lang,
                   p->has_lang ? lang_of(p->lang) : "");
    int rc = p->has_tenant ? tenant_of(call, tx, p->tenant, &u->tenant_id) : 0;
    digest_random(random, sizeof random);
    if (rc >= 0)
        rc = user_create(tx, random, u, &call->error);
    if (rc >= 0 && p->n_stores > 0)
        rc = set_stores(call, tx, u->id, p->stores, p->n_stores);
    return rc;
}

static int invite_work(struct rpc_call *call, struct db_tx *tx) {
    struct user u = {0};
    int rc = invite_user(call, tx, &u);
    return rc < 0 ? rc : invitation_make(call, tx, &u);
}

/* Names that stand for no user in the audit trail. */
static bool is_taken(const struct rpc *r, const char *name) {
    const struct passwd *pw = getpwnam(name);
    return str_eq(name, "system") || (pw && people_is_console(r, pw->pw_uid));
}

int method_users_invite(struct rpc_call *call,
                        const struct rpc_users_invite_params *p) {
    if (is_taken(call->rpc, p->name))
        return call_fail(call, ERR_EXISTS, "name",
                         "%s is an account of this machine that administers "
                         "it: choose another",
                         p->name);
    if (p->n_stores > 0 && p->role != RPC_USER_ROLE_STAFF)
        return call_fail(call, ERR_INVALID, "stores",
                         "only staff are given stores one by one");
    call->secret = true;
    return call_write(call, invite_work, signed_in_reload);
}

/* --- update -------------------------------------------------------------- */

static int change_user(struct rpc_call *call, struct db_tx *tx,
                       struct user *u) {
    const struct rpc_users_update_params *p = call->params;
    int rc = 0;
    if (p->has_role)
        u->role = role_of(p->role);
    if (u->role != USER_OWNER)
        u->tenant_id = 0;
    if (p->has_tenant)
        rc = tenant_of(call, tx, p->tenant, &u->tenant_id);
    if (p->has_title)
        (void)str_copy(u->title, sizeof u->title, p->title);
    if (p->has_lang)
        (void)str_copy(u->lang, sizeof u->lang, lang_of(p->lang));
    if (p->has_read_only)
        u->read_only = p->read_only;
    if (p->n_stores > 0)
        u->all_stores = false;
    if (p->has_all_stores)
        u->all_stores = p->all_stores;
    if (rc >= 0 && p->n_stores > 0)
        rc = set_stores(call, tx, u->id, p->stores, p->n_stores);
    return rc < 0 ? rc : user_update(tx, u, &call->error);
}

static int update_work(struct rpc_call *call, struct db_tx *tx) {
    const struct rpc_users_update_params *p = call->params;
    struct user u, was;
    int rc = invitation_user(call, tx, p->user, &u);
    if (rc < 0)
        return rc;
    was = u;
    rc = change_user(call, tx, &u);
    if (rc >= 0)
        rc = invitation_check_admins(call, tx, &was);
    return rc < 0 ? rc : invitation_changed(call, tx, &u, &was);
}

int method_users_update(struct rpc_call *call,
                        const struct rpc_users_update_params *p) {
    if (p->n_stores > 0 && p->has_all_stores && p->all_stores)
        return call_fail(call, ERR_INVALID, "stores",
                         "either all stores, or these");
    return call_write(call, update_work, signed_in_reload);
}
