/* The authenticator: offered, confirmed by its first code, removed. */
#include <string.h>

#include "auth/encode.h"
#include "auth/seal.h"
#include "auth/token.h"
#include "auth/totp.h"
#include "common/digest.h"
#include "common/mem.h"
#include "common/str.h"
#include "db/sql.h"
#include "rpc/access.h"
#include "rpc/proving.h"
#include "rpc/signed_in.h"
#include "rpc_handlers.gen.h"

enum { CODES = 10 };

static int refuse_console(struct rpc_call *call) {
    return call_fail(call, ERR_DENIED, "", "the console is no user");
}

static int me(struct rpc_call *call, struct db_tx *tx, struct proving *v) {
    int rc = proving_read(call, tx, call->who->name, v);
    return rc < 0 || v->u.id ? rc : ERR_SIGN_IN;
}

/* --- begin --------------------------------------------------------------- */

static void answer_secret(struct rpc_call *call, const uint8_t *secret,
                          const char *user) {
    struct buf text = BUF_INIT, uri = BUF_INIT;
    encode_base32(secret, TOTP_SECRET, &text);
    totp_uri(secret, TOTP_SECRET, "Fulexo", user, &uri);
    struct jsonw *w = call_result(call);
    jsonw_begin_object(w);
    jsonw_kstring(w, "secret", buf_str(&text));
    jsonw_kstring(w, "uri", buf_str(&uri));
    jsonw_end_object(w);
    seal_wipe(&text);
    seal_wipe(&uri);
}

static int begin_work(struct rpc_call *call, struct db_tx *tx) {
    AUTO_BUF struct buf sealed = BUF_INIT;
    uint8_t secret[TOTP_SECRET];
    struct proving v;
    int rc = me(call, tx, &v);
    if (rc < 0)
        return rc;
    const struct seal_place place = {"users", v.u.uuid, "totp"};
    digest_random(secret, sizeof secret);
    seal_put(call->rpc->o.ring, &place, secret, sizeof secret, &sealed);
    rc = proof_totp_offer(tx, v.u.id, sealed.data, sealed.len);
    if (rc >= 0)
        rc = call_audit(call, tx, v.u.name, "{}");
    answer_secret(call, secret, v.u.name);
    mem_wipe(secret, sizeof secret);
    return rc;
}

int method_profile_totp_begin(struct rpc_call *call,
                              const struct rpc_profile_totp_begin_params *p) {
    (void)p;
    if (call->who->id == 0)
        return refuse_console(call);
    call->secret = true;
    return call_write(call, begin_work, NULL);
}

/* --- confirm ------------------------------------------------------------- */

/* Fresh backup codes, kept as digests and answered. */
static int make_codes(struct rpc_call *call, struct db_tx *tx,
                      int64_t user_id) {
    uint8_t digests[CODES][32];
    struct jsonw *w = call_result(call);
    int rc = 0;
    jsonw_begin_object(w);
    jsonw_key(w, "codes");
    jsonw_begin_array(w);
    for (int i = 0; rc >= 0 && i < CODES; i++) {
        char code[TOKEN_CODE];
        token_code(code);
        rc = token_code_read(code, digests[i]);
        jsonw_string(w, code);
        mem_wipe(code, sizeof code);
    }
    jsonw_end_array(w);
    jsonw_end_object(w);
    return rc < 0 ? rc : proof_codes_set(tx, user_id, digests, CODES);
}

static int first_code(struct rpc_call *call, struct db_tx *tx,
                      const struct proving *v, int64_t *ret_step) {
    const struct rpc_profile_totp_confirm_params *p = call->params;
    struct buf secret = BUF_INIT;
    int rc = proving_secret(call, v, v->p.totp_new, v->p.totp_new_n, &secret);
    if (rc >= 0)
        *ret_step = totp_check(secret.data, secret.len, p->code, db_now(tx), 0);
    seal_wipe(&secret);
    return rc;
}

static int confirm_work(struct rpc_call *call, struct db_tx *tx) {
    struct proving *v = call->data;
    int64_t step = -1;
    int rc = me(call, tx, v);
    if (rc >= 0 && !v->p.totp_new)
        return call_fail(call, ERR_CONFLICT, "", "profile.totp_begin first");
    if (rc >= 0)
        rc = first_code(call, tx, v, &step);
    if (rc < 0)
        return rc;
    if (step < 0)
        return proving_failed(call, tx, v->u.name, v);
    rc = proof_totp_set(tx, v->u.id, v->p.totp_new, v->p.totp_new_n, step);
    if (rc >= 0)
        rc = make_codes(call, tx, v->u.id);
    return rc < 0 ? rc : call_audit(call, tx, v->u.name, "{\"ok\":true}");
}

static int confirm_then(struct rpc_call *call) {
    const struct proving *v = call->data;
    return v->verdict < 0 ? v->verdict : signed_in_reload(call);
}

int method_profile_totp_confirm(
    struct rpc_call *call, const struct rpc_profile_totp_confirm_params *p) {
    (void)p;
    if (call->who->id == 0)
        return refuse_console(call);
    int rc = access_try(call->rpc, call->place, &call->error);
    if (rc < 0)
        return rc;
    struct proving *v = arena_alloc(call_arena(call), sizeof *v);
    *v = (struct proving){0};
    call->data = v;
    call->request_id = NULL; /* a code works once: that is protection enough */
    return call_write(call, confirm_work, confirm_then);
}

/* --- remove -------------------------------------------------------------- */

static int remove_work(struct rpc_call *call, struct db_tx *tx) {
    struct proving v;
    int rc = me(call, tx, &v);
    if (rc >= 0)
        rc = proof_totp_set(tx, v.u.id, NULL, 0, 0);
    if (rc >= 0)
        rc = proof_codes_set(tx, v.u.id, NULL, 0);
    struct jsonw *w = call_result(call);
    jsonw_begin_object(w);
    jsonw_kbool(w, "removed", true);
    jsonw_end_object(w);
    return rc < 0 ? rc : call_audit(call, tx, v.u.name, "{}");
}

int method_profile_totp_remove(struct rpc_call *call,
                               const struct rpc_profile_totp_remove_params *p) {
    (void)p;
    if (call->who->id == 0)
        return refuse_console(call);
    if (call->who->role & call->rpc->o.totp_roles)
        return call_fail(call, ERR_DENIED, "",
                         "your role must have one; profile.totp_begin takes "
                         "another in its place");
    return call_write(call, remove_work, signed_in_reload);
}
