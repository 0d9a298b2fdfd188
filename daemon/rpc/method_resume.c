/* session.resume, session.confirm, session.sign_out: a session goes on, proves
 * itself again, ends. */
#include <string.h>

#include "auth/token.h"
#include "common/mem.h"
#include "common/str.h"
#include "db/sql.h"
#include "model/login.h"
#include "rpc/access.h"
#include "rpc/proving.h"
#include "rpc/signed_in.h"
#include "rpc_handlers.gen.h"

enum { USED_MS = 60000 }; /* written down this often at most */

/* --- resume -------------------------------------------------------------- */

struct resumed {
    int64_t user_id, kept;
    enum access_how how;
    bool read_only;
    int64_t *only; /* in the arena; NULL: all stores */
    size_t n_only;
};

static int resume_session(struct rpc_call *call, struct db_tx *tx,
                          const uint8_t digest[32], struct resumed *o) {
    struct login l;
    int rc = login_find(tx, digest, &l);
    /* From elsewhere: asked to sign in again, and the session stays whole. */
    if (rc <= 0 || !str_eq(l.place, call->print) || str_eq(l.kind, "http"))
        return rc < 0 ? rc : 0;
    int64_t keep_ms = l.until_ms - l.used_ms;
    *o = (struct resumed){l.user_id, l.id, ACCESS_KEPT, false, NULL, 0};
    if (db_now(tx) - l.used_ms > USED_MS)
        rc = login_used(tx, l.id, keep_ms);
    return rc < 0 ? rc : 1;
}

static int resume_token(struct rpc_call *call, struct db_tx *tx,
                        const uint8_t digest[32], struct resumed *o) {
    struct api_token t;
    int rc = api_token_find(tx, digest, &t);
    if (rc <= 0)
        return rc;
    *o = (struct resumed){t.user_id, t.id, ACCESS_TOKEN, t.read_only, NULL, 0};
    if (t.some)
        rc = api_token_stores(tx, t.id, call_arena(call), &o->only, &o->n_only);
    if (rc >= 0 && db_now(tx) - t.used_ms > USED_MS)
        rc = api_token_used(tx, t.id);
    return rc < 0 ? rc : 1;
}

static int resume_work(struct rpc_call *call, struct db_tx *tx) {
    const struct rpc_session_resume_params *p = call->params;
    struct resumed *o = arena_alloc(call_arena(call), sizeof *o);
    struct user u = {0};
    enum token_kind kind;
    uint8_t digest[32];
    *o = (struct resumed){0};
    call->data = o;
    int rc = token_read(p->token, &kind, digest) < 0 ? 0
             : kind == TOKEN_RESUME ? resume_session(call, tx, digest, o)
             : kind == TOKEN_API    ? resume_token(call, tx, digest, o)
                                    : 0;
    if (rc > 0)
        rc = user_by_id(tx, o->user_id, &u);
    if (rc <= 0 || !u.active)
        return rc < 0 ? rc : ERR_SIGN_IN;
    return call_audit(call, tx, u.name, "{\"ok\":true}");
}

static void narrow(struct rpc_session *s, const struct resumed *o) {
    access_forget(s);
    s->token_read_only = o->read_only;
    if (!o->only)
        return;
    s->only = mem_alloc((o->n_only + 1) * sizeof *s->only);
    memcpy(s->only, o->only, o->n_only * sizeof *s->only);
    s->n_only = o->n_only;
}

static int resume_then(struct rpc_call *call) {
    const struct resumed *o = call->data;
    struct person *p = people_of_id(call->rpc->people, o->user_id);
    if (p->role == RPC_ROLE_GUEST || !call->conn) {
        person_unref(p);
        return ERR_SIGN_IN;
    }
    struct rpc_session *s = &call->conn->session;
    narrow(s, o);
    access_enter(s, p, o->how, o->kept);
    signed_in_write(call, s->who, NULL, NULL);
    return 0;
}

int method_session_resume(struct rpc_call *call,
                          const struct rpc_session_resume_params *p) {
    (void)p;
    return call_write(call, resume_work, resume_then);
}

/* --- confirm ------------------------------------------------------------- */

static int confirm_work(struct rpc_call *call, struct db_tx *tx) {
    const struct rpc_session_confirm_params *p = call->params;
    struct proving *v = call->data;
    int rc = p->has_code ? proving_code(call, tx, v, p->code, false)
                         : v->p.password && v->fits;
    if (rc == 0)
        return proving_failed(call, tx, call->who->name, v);
    if (rc > 0)
        rc = lockout_clear(tx, call->who->name, call->place);
    return rc < 0 ? rc : call_audit(call, tx, call->who->name, "{\"ok\":true}");
}

static int confirm_then(struct rpc_call *call) {
    const struct proving *v = call->data;
    if (v->verdict < 0)
        return v->verdict;
    if (call->conn)
        access_proved(call->rpc, &call->conn->session);
    struct jsonw *w = call_result(call);
    jsonw_begin_object(w);
    jsonw_kbool(w, "confirmed", true);
    jsonw_end_object(w);
    return 0;
}

static int confirm_read(struct rpc_call *call, struct db_tx *tx) {
    struct proving *v = arena_alloc(call_arena(call), sizeof *v);
    call->data = v;
    return proving_read(call, tx, call->who->name, v);
}

static int confirm_hash(struct rpc_call *call) {
    const struct rpc_session_confirm_params *p = call->params;
    struct proving *v = call->data;
    if (p->has_code)
        return call_write(call, confirm_work, confirm_then);
    return proving_hash(call, v, p->password, confirm_work, confirm_then);
}

int method_session_confirm(struct rpc_call *call,
                           const struct rpc_session_confirm_params *p) {
    if (p->has_code == p->has_password)
        return call_fail(call, ERR_INVALID_PARAMS, "password",
                         "give either password or code");
    if (call->who->id == 0)
        return call_fail(call, ERR_DENIED, "", "the console is never asked");
    int rc = access_try(call->rpc, call->place, &call->error);
    return rc < 0 ? rc : call_read(call, confirm_read, confirm_hash);
}

/* --- sign out ------------------------------------------------------------ */

static int sign_out_work(struct rpc_call *call, struct db_tx *tx) {
    const int64_t *kept = call->data;
    int rc = *kept ? login_end(tx, *kept) : 0;
    if (rc == ERR_NOT_FOUND)
        rc = 0; /* somebody ended it meanwhile */
    return rc < 0 ? rc : call_audit(call, tx, call->who->name, "{}");
}

static int sign_out_then(struct rpc_call *call) {
    const int64_t *kept = call->data;
    access_row_ended(call->rpc, ACCESS_KEPT, *kept);
    if (call->conn)
        access_leave(call->conn);
    struct jsonw *w = call_result(call);
    jsonw_begin_object(w);
    jsonw_kbool(w, "ended", true);
    jsonw_end_object(w);
    return 0;
}

int method_session_sign_out(struct rpc_call *call,
                            const struct rpc_session_sign_out_params *p) {
    int64_t *kept = arena_alloc(call_arena(call), sizeof *kept);
    (void)p;
    *kept = call->by_token ? 0 : call->kept;
    call->data = kept;
    return call_write(call, sign_out_work, sign_out_then);
}
