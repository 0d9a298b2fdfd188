/* What people do to a change: approve, retry, edit, discard, resolve. The model
 * knows which state allows what; here it is found, moved, written into the
 * audit trail and answered. */
#include <string.h>

#include "common/json.h"
#include "common/str.h"
#include "rpc/outgoing.h"
#include "rpc/propose.h"
#include "rpc_handlers.gen.h"

static int find(struct rpc_call *call, struct db_tx *tx, const char *id,
                struct change *ret) {
    int rc = change_get(tx, id, call_arena(call), ret);
    if (rc == 0)
        return call_fail(call, ERR_NOT_FOUND, "id", "there is no such change");
    return rc;
}

/* After a move: what became of it is the answer. */
static int moved(struct rpc_call *call, struct db_tx *tx,
                 const struct change *was, int rc) {
    struct change now;
    char payload[48];
    if (rc < 0)
        return rc;
    (void)str_format(payload, sizeof payload, "{\"change\":\"%s\"}", was->uuid);
    rc = call_audit(call, tx, was->store, payload);
    if (rc >= 0)
        rc = find(call, tx, was->uuid, &now);
    if (rc < 0)
        return rc;
    outgoing_note(call, now.store_id);
    outgoing_answer(call, now.uuid, now.state);
    return 0;
}

/* --- approve ----------------------------------------------------------- */

static int approve_work(struct rpc_call *call, struct db_tx *tx) {
    const struct rpc_changes_approve_params *p = call->params;
    struct change c;
    int rc = find(call, tx, p->id, &c);
    if (rc >= 0)
        rc = change_approve(tx, &c, call->actor, &call->error);
    return moved(call, tx, &c, rc);
}

int method_changes_approve(struct rpc_call *call,
                           const struct rpc_changes_approve_params *p) {
    (void)p;
    int rc = outgoing_second_person(call);
    return rc < 0 ? rc : call_write(call, approve_work, outgoing_then);
}

/* --- retry, discard, resolve ------------------------------------------- */

static int retry_work(struct rpc_call *call, struct db_tx *tx) {
    const struct rpc_changes_retry_params *p = call->params;
    struct change c;
    int rc = find(call, tx, p->id, &c);
    if (rc >= 0)
        rc = change_retry(tx, &c, &call->error);
    return moved(call, tx, &c, rc);
}

int method_changes_retry(struct rpc_call *call,
                         const struct rpc_changes_retry_params *p) {
    (void)p;
    return call_write(call, retry_work, outgoing_then);
}

static int discard_work(struct rpc_call *call, struct db_tx *tx) {
    const struct rpc_changes_discard_params *p = call->params;
    struct change c;
    int rc = find(call, tx, p->id, &c);
    if (rc >= 0)
        rc = change_discard(tx, &c, &call->error);
    return moved(call, tx, &c, rc);
}

int method_changes_discard(struct rpc_call *call,
                           const struct rpc_changes_discard_params *p) {
    (void)p;
    return call_write(call, discard_work, outgoing_then);
}

static int resolve_work(struct rpc_call *call, struct db_tx *tx) {
    static const enum change_choice choices[] = {
        [RPC_CHANGES_RESOLVE_CHOICE_MINE] = CHANGE_MINE,
        [RPC_CHANGES_RESOLVE_CHOICE_THEIRS] = CHANGE_THEIRS,
        [RPC_CHANGES_RESOLVE_CHOICE_HAPPENED] = CHANGE_HAPPENED,
        [RPC_CHANGES_RESOLVE_CHOICE_AGAIN] = CHANGE_AGAIN,
    };
    const struct rpc_changes_resolve_params *p = call->params;
    struct change c;
    int rc = find(call, tx, p->id, &c);
    if (rc >= 0)
        rc = change_resolve(tx, &c, choices[p->choice], &call->error);
    return moved(call, tx, &c, rc);
}

int method_changes_resolve(struct rpc_call *call,
                           const struct rpc_changes_resolve_params *p) {
    (void)p;
    return call_write(call, resolve_work, outgoing_then);
}

/* --- edit -------------------------------------------------------------- */

static size_t edit_paths(struct rpc_call *call, const struct json *set,
                         struct change_path *paths) {
    size_t n = 0;
    for (const struct json *m = json_first(set); m; m = json_next(m))
        paths[n++] = (struct change_path){.path = json_key(m),
                                          .wanted = outgoing_value(call, m)};
    return n;
}

static int edit_work(struct rpc_call *call, struct db_tx *tx) {
    const struct rpc_changes_edit_params *p = call->params;
    struct change_path paths[OUTGOING_PATHS];
    const char *payload = NULL;
    struct change c;
    size_t n = 0;
    int rc = find(call, tx, p->id, &c);
    if (rc >= 0 && c.payload)
        rc = outgoing_merge(call, c.payload, p->set, &payload);
    else if (rc >= 0)
        n = edit_paths(call, p->set, paths);
    if (rc >= 0)
        rc = propose_edit(call, tx, &c, paths, n);
    if (rc >= 0)
        rc = change_edit(tx, &c, call->actor, paths, n, payload, &call->error);
    return moved(call, tx, &c, rc);
}

int method_changes_edit(struct rpc_call *call,
                        const struct rpc_changes_edit_params *p) {
    if (!json_first(p->set))
        return call_fail(call, ERR_INVALID, "set", "nothing is set");
    return call_write(call, edit_work, outgoing_then);
}
