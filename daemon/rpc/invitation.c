#include "rpc/invitation.h"

#include "auth/token.h"
#include "common/mem.h"
#include "common/str.h"
#include "db/sql.h"
#include "model/proof.h"
#include "rpc/person.h"
#include "rpc/user_view.h"

static const int64_t invitation_ms = 7LL * 24 * 3600 * 1000;

int invitation_user(struct rpc_call *call, struct db_tx *tx, const char *name,
                    struct user *ret) {
    int rc = user_by_name(tx, name, ret);
    if (rc == 0)
        return call_fail(call, ERR_NOT_FOUND, "user", "there is no user %s",
                         name);
    return rc < 0 ? rc : 0;
}

int invitation_make(struct rpc_call *call, struct db_tx *tx,
                    const struct user *u) {
    char code[TOKEN_CODE];
    uint8_t digest[32];
    AUTO_BUF struct buf payload = BUF_INIT;
    token_code(code);
    int rc = token_code_read(code, digest);
    int64_t until = db_now(tx) + invitation_ms;
    if (rc >= 0)
        rc = invitation_put(tx, u->id, digest, until);
    buf_addf(&payload, "{\"role\":\"%s\"}", user_role_name(u->role));
    if (rc >= 0)
        rc = call_audit(call, tx, u->name, buf_str(&payload));
    struct jsonw *w = call_result(call);
    jsonw_begin_object(w);
    jsonw_kstring(w, "user", u->name);
    jsonw_kstring(w, "code", code);
    jsonw_ktime(w, "until", until);
    jsonw_end_object(w);
    mem_wipe(code, sizeof code);
    return rc;
}

static void text_change(struct jsonw *w, const char *key, const char *was,
                        const char *now) {
    if (str_eq(was, now))
        return;
    jsonw_key(w, key);
    jsonw_begin_array(w);
    jsonw_string(w, was);
    jsonw_string(w, now);
    jsonw_end_array(w);
}

/* Names, roles and switches: nothing that an erasure would have to reach. */
static void write_changes(struct buf *out, const struct user *u,
                          const struct user *was) {
    static const char *const words[] = {"no", "yes"};
    struct jsonw w;
    jsonw_init(&w, out);
    jsonw_begin_object(&w);
    if (was) {
        text_change(&w, "role", user_role_name(was->role),
                    user_role_name(u->role));
        text_change(&w, "all_stores", words[was->all_stores],
                    words[u->all_stores]);
        text_change(&w, "read_only", words[was->read_only],
                    words[u->read_only]);
        text_change(&w, "active", words[was->active], words[u->active]);
    }
    jsonw_end_object(&w);
}

int invitation_changed(struct rpc_call *call, struct db_tx *tx,
                       const struct user *u, const struct user *was) {
    AUTO_BUF struct buf payload = BUF_INIT;
    struct user now;
    write_changes(&payload, u, was);
    int rc = call_audit(call, tx, u->name, buf_str(&payload));
    if (rc >= 0)
        rc = user_by_id(tx, u->id, &now);
    return rc < 0 ? rc : user_view_write(call, tx, &now, call_result(call));
}

int invitation_check_admins(struct rpc_call *call, struct db_tx *tx,
                            const struct user *was) {
    int64_t n = 0;
    if (call->who->id == 0 || was->role != USER_ADMIN || !was->active)
        return 0;
    int rc = db_value(tx, STMT_USER_ADMINS, &n, "");
    if (rc >= 0 && n == 0)
        return call_fail(call, ERR_CONFLICT, "user",
                         "%s is the last active admin: make another first",
                         was->name);
    return rc < 0 ? rc : 0;
}
