/* How cycle counts end: submitted, approved by another person, counted again or
 * dropped. */
#include "db/sql.h"
#include "rpc/count_view.h"
#include "rpc/person.h"
#include "rpc_handlers.gen.h"

/* --- what is written -------------------------------------------------------
 */

static int apply(struct rpc_call *call, struct db_tx *tx,
                 const struct stock_count *c, bool shop) {
    struct count_delta *d = NULL;
    char name[24];
    size_t n = 0;
    int rc =
        count_apply(tx, c, call->actor, call_arena(call), &d, &n, &call->error);
    for (size_t i = 0; shop && rc >= 0 && i < n; i++) {
        struct shop_told *told;
        size_t told_n;
        if (d[i].e3 != 0)
            rc = level_view_tell(call, tx, d[i].item_id, d[i].e3,
                                 count_name(name, c->id), &told, &told_n);
    }
    return rc;
}

/* --- submit
 * -------------------------------------------------------------------- */

static int submit_work(struct rpc_call *call, struct db_tx *tx) {
    const struct rpc_counts_submit_params *p = call->params;
    int64_t tolerance = call->rpc->o.count_tolerance * 1000;
    struct stock_count c;
    bool within = false;
    int rc = count_view_find(call, tx, p->id, &c);
    if (rc >= 0)
        rc = count_submit(tx, &c, p->partly, tolerance, call->actor, &within,
                          &call->error);
    if (rc >= 0 && within)
        rc = apply(call, tx, &c, true);
    return rc < 0 ? rc : count_view_answer(call, tx, c.id, true);
}

int method_counts_submit(struct rpc_call *call,
                         const struct rpc_counts_submit_params *p) {
    (void)p;
    return call_write(call, submit_work, level_view_then);
}

/* --- approve
 * ------------------------------------------------------------------- */

static int approve_work(struct rpc_call *call, struct db_tx *tx) {
    const struct rpc_counts_approve_params *p = call->params;
    struct stock_count c;
    int rc = count_view_find(call, tx, p->id, &c);
    if (rc >= 0)
        rc = count_is_by(tx, &c, call->actor);
    if (rc > 0)
        return call_fail(call, ERR_DENIED, "",
                         "nobody approves what they counted themselves");
    if (rc >= 0)
        rc = apply(call, tx, &c, p->shop == RPC_COUNTS_APPROVE_SHOP_YES);
    return rc < 0 ? rc : count_view_answer(call, tx, c.id, true);
}

int method_counts_approve(struct rpc_call *call,
                          const struct rpc_counts_approve_params *p) {
    (void)p;
    /* whoever can become root or the daemon could be both persons at once */
    if (call->who->id == 0 || people_is_console(call->rpc, call->uid))
        return call_fail(call, ERR_DENIED, "",
                         "a second person approves from an account of their "
                         "own: neither root nor the one fulexod runs as, and "
                         "not who counted");
    return call_write(call, approve_work, level_view_then);
}

/* --- reopen, drop
 * ---------------------------------------------------------------- */

static int reopen_work(struct rpc_call *call, struct db_tx *tx) {
    const struct rpc_counts_reopen_params *p = call->params;
    struct stock_count c;
    int rc = count_view_find(call, tx, p->id, &c);
    if (rc >= 0)
        rc = count_reopen(tx, &c, call->actor, &call->error);
    return rc < 0 ? rc : count_view_answer(call, tx, c.id, true);
}

int method_counts_reopen(struct rpc_call *call,
                         const struct rpc_counts_reopen_params *p) {
    (void)p;
    return call_write(call, reopen_work, NULL);
}

static int drop_work(struct rpc_call *call, struct db_tx *tx) {
    const struct rpc_counts_drop_params *p = call->params;
    struct stock_count c;
    int rc = count_view_find(call, tx, p->id, &c);
    if (rc >= 0)
        rc = count_drop(tx, &c, call->actor, &call->error);
    return rc < 0 ? rc : count_view_answer(call, tx, c.id, true);
}

int method_counts_drop(struct rpc_call *call,
                       const struct rpc_counts_drop_params *p) {
    (void)p;
    return call_write(call, drop_work, NULL);
}
