#include "rpc/user_view.h"

#include "common/str.h"
#include "db/sql.h"
#include "model/store.h"

static int add_store(struct db_tx *tx, int64_t id, struct jsonw *w) {
    struct store s = {0};
    int rc = store_by_id(tx, id, &s);
    if (rc > 0 && !s.removed)
        jsonw_string(w, s.name);
    store_done(&s);
    return rc;
}

int user_view_stores(struct rpc_call *call, struct db_tx *tx,
                     const struct user *u, struct jsonw *w) {
    int64_t *ids;
    size_t n = 0;
    bool some =
        u->role == USER_OWNER || (u->role == USER_STAFF && !u->all_stores);
    int rc = some ? user_stores(tx, u, call_arena(call), &ids, &n) : 0;
    jsonw_begin_array(w);
    for (size_t i = 0; rc >= 0 && i < n; i++)
        rc = add_store(tx, ids[i], w);
    jsonw_end_array(w);
    return rc < 0 ? rc : 0;
}

struct accounts {
    int64_t user_id;
    struct jsonw *w;
};

static int add_account(const struct user_account *a, void *arg) {
    const struct accounts *all = arg;
    char text[96];
    if (a->user_id != all->user_id)
        return 0;
    (void)str_format(text, sizeof text, "%s (%lld)", a->account,
                     (long long)a->uid);
    jsonw_string(all->w, text);
    return 0;
}

int user_view_write(struct rpc_call *call, struct db_tx *tx,
                    const struct user *u, struct jsonw *w) {
    jsonw_begin_object(w);
    jsonw_kstring(w, "name", u->name);
    jsonw_kstring(w, "title", u->title);
    jsonw_kstring(w, "role", user_role_name(u->role));
    jsonw_kstring(w, "tenant", u->tenant[0] ? u->tenant : NULL);
    jsonw_key(w, "stores");
    int rc = user_view_stores(call, tx, u, w);
    jsonw_kbool(w, "all_stores",
                u->role == USER_ADMIN ||
                    (u->role == USER_STAFF && u->all_stores));
    jsonw_kbool(w, "read_only", u->read_only);
    jsonw_kstring(w, "lang", u->lang);
    jsonw_kbool(w, "active", u->active);
    jsonw_kbool(w, "password", u->has_password);
    jsonw_kbool(w, "totp", u->has_totp);
    jsonw_key(w, "accounts");
    jsonw_begin_array(w);
    if (rc >= 0)
        rc = user_account_each(tx, add_account, &(struct accounts){u->id, w});
    jsonw_end_array(w);
    jsonw_ktime(w, "created", u->created_ms);
    jsonw_ktime(w, "seen", u->seen_ms);
    jsonw_end_object(w);
    return rc;
}
