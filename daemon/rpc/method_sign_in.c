/* session.sign_in and session.accept.
 *
 * Happy path: what is known of the name is read, the password is hashed beside
 * the loop, then one write checks, counts, writes into the audit trail and
 * makes the token; after its commit the session is that person's.
 * Failure modes: a name nobody has goes the same way at the same pace; a name
 * that is closed to this place is told so before anything is hashed; the
 * client goes meanwhile: the token is made and lost with the answer. */
#include <string.h>

#include "auth/hasher.h"
#include "auth/password.h"
#include "auth/token.h"
#include "common/digest.h"
#include "common/mem.h"
#include "common/str.h"
#include "model/login.h"
#include "rpc/access.h"
#include "rpc/proving.h"
#include "rpc/signed_in.h"
#include "rpc/web_session.h"
#include "rpc_handlers.gen.h"

static const int64_t keep_ms[] = {
    [RPC_SESSION_KEEP_RESUME] = 12LL * 3600 * 1000,
    [RPC_SESSION_KEEP_LOGIN] = 7LL * 24 * 3600 * 1000,
    [RPC_SESSION_KEEP_HTTP] = 7LL * 24 * 3600 * 1000,
};

struct entry {
    struct proving v;
    char token[TOKEN_TEXT]; /* "" none */
    int64_t kept;           /* its row */
    char session[27];       /* its id */
    char hash[PASSWORD_HASH];
    int64_t ended[64]; /* rows that made room */
    size_t n_ended;
};

static struct entry *entry_new(struct rpc_call *call) {
    struct entry *e = arena_alloc(call_arena(call), sizeof *e);
    memset(e, 0, sizeof *e);
    call->data = e;
    return e;
}

/* --- the token ----------------------------------------------------------- */

static void note_ended(int64_t id, void *arg) {
    struct entry *e = arg;
    if (e->n_ended < sizeof e->ended / sizeof *e->ended)
        e->ended[e->n_ended++] = id;
}

static int keep(struct rpc_call *call, struct db_tx *tx, struct entry *e,
                enum rpc_session_keep how) {
    static const char *const kinds[] = {[RPC_SESSION_KEEP_RESUME] = "resume",
                                        [RPC_SESSION_KEEP_LOGIN] = "login",
                                        [RPC_SESSION_KEEP_HTTP] = "http"};
    struct login l = {.user_id = e->v.u.id};
    enum token_kind kind;
    uint8_t digest[32], random[10];
    if (how == RPC_SESSION_KEEP_NO)
        return 0;
    token_make(how == RPC_SESSION_KEEP_HTTP ? TOKEN_REFRESH : TOKEN_RESUME,
               e->token);
    e->n_ended = 0;
    int rc = token_read(e->token, &kind, digest);
    if (rc < 0)
        return rc;
    digest_random(random, sizeof random);
    l.until_ms = db_now(tx) + keep_ms[how];
    (void)str_copy(l.kind, sizeof l.kind, kinds[how]);
    (void)str_copy(l.place, sizeof l.place, call->print);
    (void)str_copy(l.client, sizeof l.client, call->client);
    rc = login_create(tx, random, digest, &l, note_ended, e);
    e->kept = l.id;
    memcpy(e->session, l.uuid, sizeof e->session);
    return rc;
}

/* They are who they say. */
static int let_in(struct rpc_call *call, struct db_tx *tx, struct entry *e,
                  enum rpc_session_keep how) {
    const struct user *u = &e->v.u;
    int rc = lockout_clear(tx, u->name, call->place);
    if (rc >= 0)
        rc = user_seen(tx, u->id);
    if (rc >= 0)
        rc = keep(call, tx, e, how);
    return rc < 0 ? rc : call_audit(call, tx, u->name, "{\"ok\":true}");
}

static int entered(struct rpc_call *call) {
    struct entry *e = call->data;
    struct rpc *r = call->rpc;
    if (e->v.verdict < 0)
        return e->v.verdict;
    for (size_t i = 0; i < e->n_ended; i++)
        access_row_ended(r, ACCESS_KEPT, e->ended[i]);
    struct person *p = people_of_id(r->people, e->v.u.id);
    bool kept = e->token[0] != '\0';
    signed_in_write(call, p, kept ? e->token : NULL, kept ? e->session : NULL);
    mem_wipe(e->token, sizeof e->token);
    if (call->web_done)
        web_session_begun(r, e->session, e->kept, e->v.u.id, call->print);
    if (!call->conn) {
        person_unref(p);
        return 0;
    }
    access_forget(&call->conn->session);
    access_enter(&call->conn->session, p, ACCESS_PROOF, e->kept);
    access_proved(r, &call->conn->session);
    return 0;
}

/* --- sign in ------------------------------------------------------------- */

/* The code is looked at even when the password is wrong: it is spent then, and
 * nobody learns which of the two was right. */
static int right(struct rpc_call *call, struct db_tx *tx, struct entry *e,
                 const char *code) {
    bool may = e->v.u.id && e->v.u.active && e->v.p.password && e->v.fits;
    if (!e->v.p.totp)
        return may;
    int rc = code ? proving_code(call, tx, &e->v, code, true) : 0;
    return rc <= 0 ? rc : may;
}

static int sign_in_work(struct rpc_call *call, struct db_tx *tx) {
    const struct rpc_session_sign_in_params *p = call->params;
    struct entry *e = call->data;
    bool fits = e->v.fits;
    /* Read again: between then and now an admin may have been here. */
    int rc = proving_read(call, tx, p->user, &e->v);
    if (rc < 0 && rc != ERR_THROTTLED)
        return rc;
    e->v.verdict = rc;
    e->v.fits = fits;
    if (rc == ERR_THROTTLED)
        return 0;
    rc = right(call, tx, e, p->has_code ? p->code : NULL);
    if (rc < 0)
        return rc;
    return rc > 0 ? let_in(call, tx, e, p->keep)
                  : proving_failed(call, tx, p->user, &e->v);
}

static int sign_in_read(struct rpc_call *call, struct db_tx *tx) {
    const struct rpc_session_sign_in_params *p = call->params;
    struct entry *e = call->data;
    return proving_read(call, tx, p->user, &e->v);
}

static int sign_in_hash(struct rpc_call *call) {
    const struct rpc_session_sign_in_params *p = call->params;
    struct entry *e = call->data;
    return proving_hash(call, &e->v, p->password, sign_in_work, entered);
}

int method_session_sign_in(struct rpc_call *call,
                           const struct rpc_session_sign_in_params *p) {
    /* A token of HTTP is exchanged over HTTP: its session is no connection. */
    if ((p->keep == RPC_SESSION_KEEP_HTTP) != (call->web_done != NULL))
        return call_fail(call, ERR_INVALID_PARAMS, "keep",
                         "http is for the HTTP face");
    int rc = access_try(call->rpc, call->place, &call->error);
    if (rc < 0)
        return rc;
    (void)entry_new(call);
    return call_read(call, sign_in_read, sign_in_hash);
}

/* --- accept -------------------------------------------------------------- */

static int accept_work(struct rpc_call *call, struct db_tx *tx) {
    const struct rpc_session_accept_params *p = call->params;
    struct entry *e = call->data;
    uint8_t digest[32];
    int rc = proving_read(call, tx, p->user, &e->v);
    e->v.verdict = rc == ERR_THROTTLED ? rc : 0;
    if (rc < 0)
        return rc == ERR_THROTTLED ? 0 : rc;
    bool known =
        e->v.u.id && e->v.u.active && token_code_read(p->code, digest) >= 0;
    rc = known ? invitation_use(tx, e->v.u.id, digest) : 0;
    if (rc == 0)
        return proving_failed(call, tx, p->user, &e->v);
    if (rc > 0)
        rc = proof_password_set(tx, e->v.u.id, e->hash);
    return rc < 0 ? rc : let_in(call, tx, e, RPC_SESSION_KEEP_NO);
}

static void on_made(void *arg, const char *hash) {
    struct rpc_call *call = arg;
    struct entry *e = call->data;
    int rc = ERR_INTERNAL;
    if (hash) {
        (void)str_copy(e->hash, sizeof e->hash, hash);
        rc = call_write(call, accept_work, entered);
    }
    if (rc < 0)
        call_finish(call, rc);
}

int method_session_accept(struct rpc_call *call,
                          const struct rpc_session_accept_params *p) {
    int rc = signed_in_password(call, "password", p->password, p->user);
    if (rc >= 0)
        rc = access_try(call->rpc, call->place, &call->error);
    if (rc < 0)
        return rc;
    (void)entry_new(call);
    rc = hasher_make(call->rpc->hasher, p->password, on_made, call);
    return rc < 0 ? rc : call_hold(call);
}
