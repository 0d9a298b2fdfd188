/* Oneself: what one is, the language, the password. The authenticator is in
 * method_totp.c. The console is no user and has nothing of it. */
#include <string.h>

#include "auth/hasher.h"
#include "auth/password.h"
#include "common/mem.h"
#include "common/str.h"
#include "model/login.h"
#include "rpc/access.h"
#include "rpc/proving.h"
#include "rpc/signed_in.h"
#include "rpc/user_view.h"
#include "rpc_handlers.gen.h"

/* --- get ----------------------------------------------------------------- */

static int read_me(struct rpc_call *call, struct db_tx *tx, struct user *u,
                   int64_t *ret_codes) {
    *u = (struct user){.role = USER_ADMIN, .all_stores = true};
    *ret_codes = 0;
    if (call->who->id == 0) {
        (void)str_copy(u->name, sizeof u->name, call->who->name);
        return 0;
    }
    int rc = user_by_id(tx, call->who->id, u);
    if (rc > 0)
        rc = proof_codes_left(tx, u->id, ret_codes);
    return rc;
}

static int get_work(struct rpc_call *call, struct db_tx *tx) {
    struct user u;
    int64_t codes;
    int rc = read_me(call, tx, &u, &codes);
    if (rc < 0)
        return rc;
    struct jsonw *w = call_result(call);
    jsonw_begin_object(w);
    jsonw_kstring(w, "user", u.name);
    jsonw_kstring(w, "title", u.title);
    jsonw_kstring(w, "role", user_role_name(u.role));
    jsonw_kstring(w, "tenant", u.tenant[0] ? u.tenant : NULL);
    jsonw_key(w, "stores");
    rc = user_view_stores(call, tx, &u, w);
    jsonw_kbool(w, "all_stores", call->who->scope.all);
    jsonw_kbool(w, "read_only", call->read_only);
    jsonw_kstring(w, "lang", u.lang);
    jsonw_kbool(w, "password", u.has_password);
    jsonw_kbool(w, "totp", u.has_totp);
    jsonw_ki64(w, "codes", codes);
    jsonw_kbool(w, "totp_required",
                call->who->id && call->who->role & call->rpc->o.totp_roles);
    jsonw_end_object(w);
    return rc;
}

int method_profile_get(struct rpc_call *call,
                       const struct rpc_profile_get_params *p) {
    (void)p;
    return call_read(call, get_work, NULL);
}

/* --- update -------------------------------------------------------------- */

static int update_work(struct rpc_call *call, struct db_tx *tx) {
    const struct rpc_profile_update_params *p = call->params;
    const char *lang = p->lang == RPC_USER_LANG_TR ? "tr" : "en";
    struct user u;
    int rc = user_by_id(tx, call->who->id, &u);
    if (rc <= 0)
        return rc < 0 ? rc : ERR_SIGN_IN;
    (void)str_copy(u.lang, sizeof u.lang, lang);
    rc = user_update(tx, &u, &call->error);
    struct jsonw *w = call_result(call);
    jsonw_begin_object(w);
    jsonw_kstring(w, "lang", lang);
    jsonw_end_object(w);
    return rc < 0 ? rc : call_audit(call, tx, u.name, "{}");
}

int method_profile_update(struct rpc_call *call,
                          const struct rpc_profile_update_params *p) {
    (void)p;
    if (call->who->id == 0)
        return call_fail(call, ERR_DENIED, "", "the console is no user");
    return call_write(call, update_work, signed_in_reload);
}

/* --- password ------------------------------------------------------------ */

struct changing {
    struct proving v;
    char hash[PASSWORD_HASH];
    int64_t kept; /* the session that stays */
};

static int password_work(struct rpc_call *call, struct db_tx *tx) {
    struct changing *o = call->data;
    int64_t id = o->v.u.id;
    int rc = proof_password_set(tx, id, o->hash);
    if (rc >= 0)
        rc = login_end_all(tx, id, o->kept);
    if (rc >= 0)
        rc = lockout_clear(tx, o->v.u.name, call->place);
    struct jsonw *w = call_result(call);
    jsonw_begin_object(w);
    jsonw_kbool(w, "changed", true);
    jsonw_end_object(w);
    return rc < 0 ? rc : call_audit(call, tx, o->v.u.name, "{\"ok\":true}");
}

static int password_then(struct rpc_call *call) {
    const struct changing *o = call->data;
    access_user_ended(call->rpc, o->v.u.id, call->conn);
    if (call->conn)
        access_proved(call->rpc, &call->conn->session);
    return 0;
}

static void on_made(void *arg, const char *hash) {
    struct rpc_call *call = arg;
    struct changing *o = call->data;
    int rc = ERR_INTERNAL;
    if (hash) {
        (void)str_copy(o->hash, sizeof o->hash, hash);
        rc = call_write(call, password_work, password_then);
    }
    if (rc < 0)
        call_finish(call, rc);
}

static int make(struct rpc_call *call) {
    const struct rpc_profile_password_params *p = call->params;
    int rc = hasher_make(call->rpc->hasher, p->new, on_made, call);
    return rc < 0 ? rc : call_hold(call);
}

/* The old one was wrong: counted, and told. */
static int wrong_work(struct rpc_call *call, struct db_tx *tx) {
    struct changing *o = call->data;
    return proving_failed(call, tx, o->v.u.name, &o->v);
}

static int wrong_then(struct rpc_call *call) {
    const struct changing *o = call->data;
    return o->v.verdict;
}

static void on_checked(void *arg, bool fits) {
    struct rpc_call *call = arg;
    int rc;
    if (fits) {
        rc = make(call);
    } else {
        call->request_id = NULL; /* another try is another request */
        rc = call_write(call, wrong_work, wrong_then);
    }
    if (rc < 0)
        call_finish(call, rc);
}

static int password_read(struct rpc_call *call, struct db_tx *tx) {
    struct changing *o = call->data;
    return proving_read(call, tx, call->who->name, &o->v);
}

/* The first password is chosen by whom the machine knows. */
static int password_check(struct rpc_call *call) {
    const struct rpc_profile_password_params *p = call->params;
    struct changing *o = call->data;
    if (!o->v.p.password)
        return make(call);
    int rc = hasher_check(call->rpc->hasher, p->has_old ? p->old : "",
                          o->v.p.password, on_checked, call);
    return rc < 0 ? rc : call_hold(call);
}

int method_profile_password(struct rpc_call *call,
                            const struct rpc_profile_password_params *p) {
    if (call->who->id == 0)
        return call_fail(call, ERR_DENIED, "", "the console is no user");
    int rc = signed_in_password(call, "new", p->new, call->who->name);
    if (rc >= 0)
        rc = access_try(call->rpc, call->place, &call->error);
    if (rc < 0)
        return rc;
    struct changing *o = arena_alloc(call_arena(call), sizeof *o);
    memset(o, 0, sizeof *o);
    o->kept = call->by_token ? 0 : call->kept;
    call->data = o;
    return call_read(call, password_read, password_check);
}
