/* What waits for approval: seen by who may approve, and by its author. How
 * something comes to be proposed is in propose.c. */
#include <string.h>

#include "common/digest.h"
#include "common/json.h"
#include "common/str.h"
#include "model/list.h"
#include "model/proposal.h"
#include "rpc/approval_view.h"
#include "rpc/file_apply.h"
#include "rpc/outgoing.h"
#include "rpc/person.h"
#include "rpc_handlers.gen.h"

/* Everybody's, or only the caller's own. */
static const char *whose(const struct rpc_call *call) {
    return approval_reviews(call) ? NULL : call->actor;
}

/* --- reading -----------------------------------------------------------------
 */

static int list_work(struct rpc_call *call, struct db_tx *tx) {
    const struct rpc_approvals_list_params *p = call->params;
    struct list_request r = {
        .filter = p->filter, .limit = (int)p->limit, .after = p->after};
    struct proposal_page page = {0};
    int rc = proposal_list(tx, &r, whose(call), call_arena(call), &page,
                           &call->error);
    if (rc < 0)
        return rc;
    struct jsonw *w = call_list_begin(call);
    for (size_t i = 0; rc >= 0 && i < page.n; i++) {
        jsonw_begin_object(w);
        rc = approval_view_fields(call, tx, &page.items[i], w);
        jsonw_end_object(w);
    }
    call_list_end(w, page.next, page.partial);
    return rc;
}

int method_approvals_list(struct rpc_call *call,
                          const struct rpc_approvals_list_params *p) {
    (void)p;
    return call_read(call, list_work, NULL);
}

/* Somebody else's is not there for who may not approve. */
static int find(struct rpc_call *call, struct db_tx *tx, const char *text,
                struct proposal *ret) {
    int64_t id = 0;
    int rc = proposal_id_parse(text, &id);
    if (rc >= 0)
        rc = proposal_get(tx, id, call_arena(call), ret);
    bool seen =
        rc > 0 && (approval_reviews(call) || str_eq(ret->author, call->actor));
    if (rc == ERR_INVALID || (rc >= 0 && !seen))
        return call_fail(call, ERR_NOT_FOUND, "id", "there is no proposal %s",
                         text);
    return rc;
}

static int get_work(struct rpc_call *call, struct db_tx *tx) {
    const struct rpc_approvals_get_params *p = call->params;
    struct proposal o;
    int rc = find(call, tx, p->id, &o);
    if (rc < 0)
        return rc;
    struct jsonw *w = call_result(call);
    jsonw_begin_object(w);
    rc = approval_view_fields(call, tx, &o, w);
    if (rc >= 0)
        rc = approval_view_items(call, tx, &o,
                                 p->has_from ? p->from : INT64_MIN, w);
    jsonw_end_object(w);
    return rc;
}

int method_approvals_get(struct rpc_call *call,
                         const struct rpc_approvals_get_params *p) {
    (void)p;
    return call_read(call, get_work, NULL);
}

/* Their stores are of one tenant: the first says it. */
static int orders_allowed(struct rpc_call *call, struct db_tx *tx) {
    const struct db_scope *s = db_get_scope(tx);
    if (call->who->role != RPC_ROLE_OWNER || s->all || s->n == 0)
        return 0;
    return proposal_orders_allowed(tx, s->stores[0]);
}

static int counts_work(struct rpc_call *call, struct db_tx *tx) {
    int64_t n[PROPOSAL_STATES] = {0};
    int rc = proposal_counts(tx, whose(call), n);
    int orders = rc < 0 ? rc : orders_allowed(call, tx);
    if (orders < 0)
        return orders;
    struct jsonw *w = call_result(call);
    jsonw_begin_object(w);
    for (int s = 0; s < PROPOSAL_STATES; s++)
        jsonw_ki64(w, proposal_state_name((enum proposal_state)s), n[s]);
    jsonw_kbool(w, "orders", orders > 0);
    jsonw_end_object(w);
    return 0;
}

int method_approvals_counts(struct rpc_call *call,
                            const struct rpc_approvals_counts_params *p) {
    (void)p;
    return call_read(call, counts_work, NULL);
}

/* For what follows a commit; outgoing_then reads the store alone. */
struct settled {
    int64_t store_id; /* first: outgoing.h */
    int64_t file;     /* proposal whose rows are to go out, or 0 */
};

/* --- deciding ----------------------------------------------------------------
 */

/* As find, and still the version that was looked at. */
static int take(struct rpc_call *call, struct db_tx *tx, const char *text,
                int64_t version, struct proposal *ret) {
    int rc = find(call, tx, text, ret);
    if (rc >= 0 && version && version != ret->version)
        return call_fail(call, ERR_CONFLICT, "if_version",
                         "%s was changed since you looked: look again", text);
    return rc;
}

/* What became of it is the answer. */
static int moved(struct rpc_call *call, struct db_tx *tx, const char *text,
                 int rc) {
    char payload[48];
    struct proposal now;
    if (rc >= 0)
        rc = find(call, tx, text, &now);
    if (rc < 0)
        return rc;
    (void)str_format(payload, sizeof payload, "{\"proposal\":\"A-%lld\"}",
                     (long long)now.id);
    rc = call_audit(call, tx, now.store, payload);
    if (rc < 0)
        return rc;
    struct settled *done = arena_alloc(call_arena(call), sizeof *done);
    *done =
        (struct settled){now.store_id, now.kind == PROPOSAL_CSV ? now.id : 0};
    call->data = done;
    struct jsonw *w = call_result(call);
    jsonw_begin_object(w);
    rc = approval_view_fields(call, tx, &now, w);
    jsonw_end_object(w);
    return rc;
}

/* Its change is on disk, send it; the rows of a file follow. */
static int approve_then(struct rpc_call *call) {
    const struct settled *done = call->data;
    if (done && done->file)
        file_apply(call->rpc, done->file);
    return outgoing_then(call);
}

static int approve_work(struct rpc_call *call, struct db_tx *tx) {
    const struct rpc_approvals_approve_params *p = call->params;
    struct proposal o;
    int rc = take(call, tx, p->id, p->if_version, &o);
    if (rc >= 0)
        rc = proposal_approve(tx, &o, call->actor, p->note, p->stale,
                              digest_random, call_arena(call), &call->error);
    return moved(call, tx, p->id, rc);
}

int method_approvals_approve(struct rpc_call *call,
                             const struct rpc_approvals_approve_params *p) {
    int rc = outgoing_second_person(call);
    (void)p;
    return rc < 0 ? rc : call_write(call, approve_work, approve_then);
}

static int reject_work(struct rpc_call *call, struct db_tx *tx) {
    const struct rpc_approvals_reject_params *p = call->params;
    struct proposal o;
    int rc = take(call, tx, p->id, p->if_version, &o);
    if (rc >= 0)
        rc = proposal_reject(tx, &o, call->actor, p->note, &call->error);
    return moved(call, tx, p->id, rc);
}

int method_approvals_reject(struct rpc_call *call,
                            const struct rpc_approvals_reject_params *p) {
    int rc = outgoing_second_person(call);
    (void)p;
    return rc < 0 ? rc : call_write(call, reject_work, NULL);
}

/* --- the author --------------------------------------------------------------
 */

static int own(struct rpc_call *call, const struct proposal *p) {
    return str_eq(p->author, call->actor)
               ? 0
               : call_fail(call, ERR_DENIED, "",
                           "only its author changes or withdraws it; it can be "
                           "rejected");
}

/* Its payload with the members named replaced, or its paths. */
static int edit(struct rpc_call *call, struct db_tx *tx,
                const struct proposal *p, const struct json *set,
                const char *reason) {
    bool new = p->kind == PROPOSAL_NEW_ORDER || p->kind == PROPOSAL_NEW_PRODUCT;
    struct change_path paths[OUTGOING_PATHS];
    struct proposal_item *items;
    const char *payload = NULL;
    size_t n = 0, n_items = 0;
    int rc = 0;
    if (new &&set) {
        rc = proposal_items(tx, p, 0, 1, call_arena(call), &items, &n_items);
        if (rc >= 0 && n_items)
            rc = outgoing_merge(call, items[0].wanted, set, &payload);
    }
    for (const struct json *m = new ? NULL : json_first(set);
         m &&n < OUTGOING_PATHS; m = json_next(m))
        paths[n++] = (struct change_path){.path = json_key(m),
                                          .wanted = outgoing_value(call, m)};
    return rc < 0 ? rc
                  : proposal_edit(tx, p, paths, n, payload, reason,
                                  call_arena(call), &call->error);
}

static int edit_work(struct rpc_call *call, struct db_tx *tx) {
    const struct rpc_approvals_edit_params *p = call->params;
    struct proposal o;
    int rc = take(call, tx, p->id, p->if_version, &o);
    if (rc >= 0)
        rc = own(call, &o);
    if (rc >= 0)
        rc = edit(call, tx, &o, p->set, p->reason);
    return moved(call, tx, p->id, rc);
}

int method_approvals_edit(struct rpc_call *call,
                          const struct rpc_approvals_edit_params *p) {
    if (!json_first(p->set) && !p->has_reason)
        return call_fail(call, ERR_INVALID, "set", "nothing is set");
    return call_write(call, edit_work, NULL);
}

static int withdraw_work(struct rpc_call *call, struct db_tx *tx) {
    const struct rpc_approvals_withdraw_params *p = call->params;
    struct proposal o;
    int rc = find(call, tx, p->id, &o);
    if (rc >= 0)
        rc = own(call, &o);
    if (rc >= 0)
        rc = proposal_withdraw(tx, &o, &call->error);
    return moved(call, tx, p->id, rc);
}

int method_approvals_withdraw(struct rpc_call *call,
                              const struct rpc_approvals_withdraw_params *p) {
    (void)p;
    return call_write(call, withdraw_work, NULL);
}

static int stop_work(struct rpc_call *call, struct db_tx *tx) {
    const struct rpc_approvals_stop_params *p = call->params;
    struct proposal o;
    int rc = find(call, tx, p->id, &o);
    if (rc >= 0)
        rc = proposal_stop(tx, &o, &call->error);
    return moved(call, tx, p->id, rc);
}

int method_approvals_stop(struct rpc_call *call,
                          const struct rpc_approvals_stop_params *p) {
    (void)p;
    return call_write(call, stop_work, NULL);
}
