/* session.refresh: the token of an HTTP session is exchanged; one that was
 * exchanged before ends the session, for two hold it. */
#include <string.h>

#include "auth/token.h"
#include "common/digest.h"
#include "common/mem.h"
#include "common/str.h"
#include "db/sql.h"
#include "model/login.h"
#include "model/user.h"
#include "rpc/access.h"
#include "rpc/signed_in.h"
#include "rpc/web_session.h"
#include "rpc_handlers.gen.h"

static const int64_t keep_ms = 7LL * 24 * 3600 * 1000;

struct exchange {
    struct login l;
    bool ended; /* a spent token: its session is over */
    char token[TOKEN_TEXT];
};

static int spent(struct rpc_call *call, struct db_tx *tx, struct exchange *o,
                 const uint8_t digest[32]) {
    int rc = login_spent(tx, digest, &o->l.id);
    if (rc <= 0)
        return rc < 0 ? rc : ERR_SIGN_IN;
    o->ended = true;
    rc = login_end(tx, o->l.id);
    if (rc >= 0)
        rc = call_audit(call, tx, "", "{\"ok\":false,\"reused\":true}");
    return rc;
}

static int turn(struct rpc_call *call, struct db_tx *tx, struct exchange *o,
                const uint8_t digest[32]) {
    uint8_t fresh[32];
    enum token_kind kind;
    struct user u = {0};
    int rc = user_by_id(tx, o->l.user_id, &u);
    if (rc <= 0 || !u.active || !str_eq(o->l.place, call->print) ||
        !str_eq(o->l.kind, "http"))
        return rc < 0 ? rc : ERR_SIGN_IN;
    token_make(TOKEN_REFRESH, o->token);
    rc = token_read(o->token, &kind, fresh);
    if (rc >= 0)
        rc = login_turn(tx, o->l.id, digest, fresh);
    if (rc >= 0)
        rc = login_used(tx, o->l.id, keep_ms);
    return rc < 0 ? rc : call_audit(call, tx, u.name, "{\"ok\":true}");
}

static int work(struct rpc_call *call, struct db_tx *tx) {
    const struct rpc_session_refresh_params *p = call->params;
    struct exchange *o = arena_alloc(call_arena(call), sizeof *o);
    enum token_kind kind;
    uint8_t digest[32];
    memset(o, 0, sizeof *o);
    call->data = o;
    if (token_read(p->token, &kind, digest) < 0 || kind != TOKEN_REFRESH)
        return ERR_SIGN_IN;
    int rc = login_find(tx, digest, &o->l);
    if (rc == 0)
        return spent(call, tx, o, digest);
    return rc < 0 ? rc : turn(call, tx, o, digest);
}

static int then(struct rpc_call *call) {
    struct exchange *o = call->data;
    struct rpc *r = call->rpc;
    if (o->ended) {
        access_row_ended(r, ACCESS_KEPT, o->l.id);
        return ERR_SIGN_IN;
    }
    struct person *p = people_of_id(r->people, o->l.user_id);
    web_session_begun(r, o->l.uuid, o->l.id, o->l.user_id, o->l.place);
    signed_in_write(call, p, o->token, o->l.uuid);
    mem_wipe(o->token, sizeof o->token);
    person_unref(p);
    return 0;
}

int method_session_refresh(struct rpc_call *call,
                           const struct rpc_session_refresh_params *p) {
    (void)p;
    return call_write(call, work, then);
}
