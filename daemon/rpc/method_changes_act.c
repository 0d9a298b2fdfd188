/* What people do to a change: approve, retry, edit, discard, resolve. The model
 * knows which state allows what; here it is found, moved, written into the
 * audit trail and answered. */
#include <string.h>

#include "common/json.h"
#include "common/str.h"
#include "rpc/outgoing.h"
#include "rpc/person.h"
#include "rpc_handlers.gen.h"

enum { OVERFLOW_UID = 65534 }; /* the kernel's "somebody": nobody's identity */

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

/* Whoever can become root or the daemon could be both persons at once. */
static bool is_somebody(const struct rpc_call *call) {
    return call->who->id != 0 && call->uid != OVERFLOW_UID &&
           call->uid != (unsigned)-1 &&
           !people_is_console(call->rpc, call->uid);
}

int method_changes_approve(struct rpc_call *call,
                           const struct rpc_changes_approve_params *p) {
    (void)p;
    if (!is_somebody(call))
        return call_fail(call, ERR_DENIED, "",
                         "a second person approves from an account of their "
                         "own: neither root nor the one fulexod runs as, and "
                         "not the author");
    return call_write(call, approve_work, outgoing_then);
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

/* The payload with the members named replaced. */
static int edit_payload(struct rpc_call *call, const struct change *c,
                        const struct json *set, const char **ret) {
    AUTO_BUF struct buf b = BUF_INIT;
    const struct json *old;
    struct jsonw w;
    int rc = json_parse(call_arena(call), c->payload, strlen(c->payload), NULL,
                        &old, NULL);
    if (rc < 0)
        return rc;
    jsonw_init(&w, &b);
    jsonw_begin_object(&w);
    for (const struct json *m = json_first(old); m; m = json_next(m)) {
        const struct json *other = json_get(set, json_key(m));
        const char *text = outgoing_value(call, other ? other : m);
        jsonw_key(&w, json_key(m));
        jsonw_raw(&w, text, strlen(text));
    }
    for (const struct json *m = json_first(set); m; m = json_next(m)) {
        if (!json_get(old, json_key(m)))
            return call_fail(call, ERR_INVALID, "set",
                             "%.60s is no member of its payload", json_key(m));
    }
    jsonw_end_object(&w);
    *ret = outgoing_keep(call, &b);
    return 0;
}

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
        rc = edit_payload(call, &c, p->set, &payload);
    else if (rc >= 0)
        n = edit_paths(call, p->set, paths);
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
