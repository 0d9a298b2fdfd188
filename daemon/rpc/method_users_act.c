/* What is done to users: out, in again, reset, and whose account is whose. */
#include <pwd.h>
#include <string.h>

#include "common/str.h"
#include "db/sql.h"
#include "model/login.h"
#include "model/proof.h"
#include "rpc/access.h"
#include "rpc/invitation.h"
#include "rpc/signed_in.h"
#include "rpc_handlers.gen.h"

/* --- deactivate, activate ------------------------------------------------ */

static int end_all(struct db_tx *tx, int64_t user_id) {
    int rc = login_end_all(tx, user_id, 0);
    if (rc >= 0)
        rc = api_token_end_all(tx, user_id);
    return rc < 0 ? rc : invitation_drop(tx, user_id);
}

/* Whose sessions `then` has to end. */
static void note_id(struct rpc_call *call, int64_t id) {
    int64_t *keep = arena_alloc(call_arena(call), sizeof *keep);
    *keep = id;
    call->data = keep;
}

static int set_active(struct rpc_call *call, struct db_tx *tx, const char *name,
                      bool active) {
    struct user u, was;
    int rc = invitation_user(call, tx, name, &u);
    if (rc < 0)
        return rc;
    was = u;
    u.active = active;
    note_id(call, u.id);
    rc = user_update(tx, &u, &call->error);
    if (rc >= 0 && !active)
        rc = end_all(tx, u.id);
    if (rc >= 0)
        rc = invitation_check_admins(call, tx, &was);
    return rc < 0 ? rc : invitation_changed(call, tx, &u, &was);
}

static int deactivate_work(struct rpc_call *call, struct db_tx *tx) {
    const struct rpc_users_deactivate_params *p = call->params;
    return set_active(call, tx, p->user, false);
}

static int deactivate_then(struct rpc_call *call) {
    const int64_t *id = call->data;
    access_user_ended(call->rpc, *id, NULL);
    return signed_in_reload(call);
}

int method_users_deactivate(struct rpc_call *call,
                            const struct rpc_users_deactivate_params *p) {
    (void)p;
    return call_write(call, deactivate_work, deactivate_then);
}

static int activate_work(struct rpc_call *call, struct db_tx *tx) {
    const struct rpc_users_activate_params *p = call->params;
    return set_active(call, tx, p->user, true);
}

int method_users_activate(struct rpc_call *call,
                          const struct rpc_users_activate_params *p) {
    (void)p;
    return call_write(call, activate_work, signed_in_reload);
}

/* --- reset --------------------------------------------------------------- */

static int reset_work(struct rpc_call *call, struct db_tx *tx) {
    const struct rpc_users_reset_params *p = call->params;
    struct user u;
    int rc = invitation_user(call, tx, p->user, &u);
    if (rc < 0)
        return rc;
    note_id(call, u.id);
    rc = end_all(tx, u.id);
    if (rc >= 0)
        rc = proof_password_set(tx, u.id, NULL);
    if (rc >= 0)
        rc = proof_totp_set(tx, u.id, NULL, 0, 0);
    if (rc >= 0)
        rc = proof_codes_set(tx, u.id, NULL, 0);
    return rc < 0 ? rc : invitation_make(call, tx, &u);
}

static int reset_then(struct rpc_call *call) {
    const int64_t *id = call->data;
    access_user_ended(call->rpc, *id, NULL);
    return signed_in_reload(call);
}

int method_users_reset(struct rpc_call *call,
                       const struct rpc_users_reset_params *p) {
    (void)p;
    call->secret = true;
    return call_write(call, reset_work, reset_then);
}

/* --- accounts ------------------------------------------------------------ */

static int link_work(struct rpc_call *call, struct db_tx *tx) {
    const struct rpc_users_link_params *p = call->params;
    struct user_account *a = call->data;
    struct user u;
    int rc = invitation_user(call, tx, p->user, &u);
    if (rc < 0)
        return rc;
    a->user_id = u.id;
    rc = user_account_link(tx, a);
    if (rc == ERR_EXISTS)
        return call_fail(call, rc, "account", "%s is linked already",
                         a->account);
    return rc < 0 ? rc : invitation_changed(call, tx, &u, NULL);
}

int method_users_link(struct rpc_call *call,
                      const struct rpc_users_link_params *p) {
    const struct passwd *pw = getpwnam(p->account);
    if (!pw)
        return call_fail(call, ERR_INVALID, "account",
                         "this machine has no account %s", p->account);
    if (people_is_console(call->rpc, pw->pw_uid) || pw->pw_uid == 65534)
        return call_fail(call, ERR_INVALID, "account",
                         "%s can be everybody here, so it is nobody",
                         p->account);
    struct user_account *a = arena_alloc(call_arena(call), sizeof *a);
    *a = (struct user_account){.uid = pw->pw_uid};
    (void)str_copy(a->account, sizeof a->account, p->account);
    call->data = a;
    return call_write(call, link_work, signed_in_reload);
}

static int is_it(const struct user_account *a, void *arg) {
    struct user_account *wanted = arg;
    if (a->user_id == wanted->user_id && str_eq(a->account, wanted->account))
        wanted->uid = a->uid;
    return 0;
}

static int unlink_work(struct rpc_call *call, struct db_tx *tx) {
    const struct rpc_users_unlink_params *p = call->params;
    struct user_account a = {.uid = -1};
    struct user u;
    int rc = invitation_user(call, tx, p->user, &u);
    if (rc < 0)
        return rc;
    a.user_id = u.id;
    (void)str_copy(a.account, sizeof a.account, p->account);
    rc = user_account_each(tx, is_it, &a);
    if (rc >= 0)
        rc = user_account_unlink(tx, a.uid);
    if (rc == ERR_NOT_FOUND)
        return call_fail(call, rc, "account", "%s is not linked to %s",
                         p->account, p->user);
    return rc < 0 ? rc : invitation_changed(call, tx, &u, NULL);
}

int method_users_unlink(struct rpc_call *call,
                        const struct rpc_users_unlink_params *p) {
    (void)p;
    return call_write(call, unlink_work, signed_in_reload);
}
