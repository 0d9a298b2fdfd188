/* Wrong tries must be counted although they are answered with an error, so the
 * work succeeds and commits, and `then` answers what v->verdict says. */
#include "rpc/proving.h"

#include <string.h>

#include "auth/hasher.h"
#include "auth/seal.h"
#include "auth/token.h"
#include "auth/totp.h"
#include "db/sql.h"

int proving_closed(struct rpc_call *call, int64_t left_ms) {
    return call_fail(call, ERR_THROTTLED, "", "%lld min",
                     (long long)((left_ms + 59999) / 60000));
}

int proving_read(struct rpc_call *call, struct db_tx *tx, const char *name,
                 struct proving *ret) {
    int64_t left;
    *ret = (struct proving){0};
    int rc = lockout_left(tx, name, call->place, &left);
    if (rc >= 0 && left > 0)
        return proving_closed(call, left);
    if (rc >= 0)
        rc = user_by_name(tx, name, &ret->u);
    if (rc > 0)
        rc = proof_get(tx, ret->u.id, call_arena(call), &ret->p);
    return rc;
}

/* --- the password -------------------------------------------------------- */

struct hashing {
    struct rpc_call *call;
    struct proving *v;
    call_work work;
    call_then then;
};

static void on_hashed(void *arg, bool fits) {
    struct hashing *h = arg;
    h->v->fits = fits;
    int rc = call_write(h->call, h->work, h->then);
    if (rc < 0)
        call_finish(h->call, rc);
}

int proving_hash(struct rpc_call *call, struct proving *v, const char *password,
                 call_work work, call_then then) {
    struct hashing *h = arena_alloc(call_arena(call), sizeof *h);
    *h = (struct hashing){call, v, work, then};
    int rc =
        hasher_check(call->rpc->hasher, password, v->p.password, on_hashed, h);
    return rc < 0 ? rc : call_hold(call);
}

/* --- codes --------------------------------------------------------------- */

int proving_secret(struct rpc_call *call, const struct proving *v,
                   const void *sealed, size_t n, struct buf *ret) {
    const struct seal_place place = {"users", v->u.uuid, "totp"};
    return call->rpc->o.ring
               ? seal_get(call->rpc->o.ring, &place, sealed, n, ret)
               : ERR_NOT_FOUND;
}

static int of_app(struct rpc_call *call, struct db_tx *tx,
                  const struct proving *v, const char *typed) {
    struct buf secret = BUF_INIT;
    int rc = proving_secret(call, v, v->p.totp, v->p.totp_n, &secret);
    int64_t step = rc < 0 ? rc
                          : totp_check(secret.data, secret.len, typed,
                                       db_now(tx), v->p.totp_step);
    seal_wipe(&secret);
    if (rc < 0)
        return rc;
    return step < 0 ? 0 : proof_totp_use(tx, v->u.id, step);
}

int proving_code(struct rpc_call *call, struct db_tx *tx,
                 const struct proving *v, const char *typed, bool backup) {
    uint8_t digest[32];
    int rc = v->p.totp ? of_app(call, tx, v, typed) : 0;
    if (rc != 0 || !backup || token_code_read(typed, digest) < 0)
        return rc;
    return proof_code_use(tx, v->u.id, digest);
}

/* --- wrong --------------------------------------------------------------- */

int proving_failed(struct rpc_call *call, struct db_tx *tx, const char *name,
                   struct proving *v) {
    int64_t left;
    int rc = lockout_wrong(tx, name, call->place, &left);
    if (rc >= 0)
        rc = call_audit(call, tx, name, "{\"ok\":false}");
    if (rc < 0)
        return rc;
    v->verdict = left > 0 ? ERR_THROTTLED : ERR_WRONG_PROOF;
    if (left > 0)
        (void)proving_closed(call, left);
    return 0;
}
