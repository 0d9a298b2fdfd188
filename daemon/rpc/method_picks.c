/* Picking over the protocol: each scan is one write, on disk when it is
 * answered. */
#include <string.h>

#include "common/money.h"
#include "common/str.h"
#include "db/sql.h"
#include "model/pick.h"
#include "rpc/mirrored.h"
#include "rpc/person.h"
#include "rpc/pick_view.h"
#include "rpc_handlers.gen.h"

/* The list of that id, or why there is none. */
static int find(struct rpc_call *call, struct db_tx *tx, const char *id,
                struct pick *ret) {
    int rc = pick_get(tx, id, call_arena(call), ret);
    if (rc == 0)
        return call_fail(call, ERR_NOT_FOUND, "pick", "there is no %s here",
                         id);
    if (rc == ERR_INVALID)
        return call_fail(call, rc, "pick", "a list is named P-77 or W-12");
    return rc < 0 ? rc : 0;
}

/* --- get ---------------------------------------------------------------- */

static int get_work(struct rpc_call *call, struct db_tx *tx) {
    const struct rpc_picks_get_params *p = call->params;
    struct pick k;
    int rc = find(call, tx, p->pick, &k);
    if (rc >= 0)
        rc = pick_view_whole(call, tx, &k);
    return rc;
}

int method_picks_get(struct rpc_call *call,
                     const struct rpc_picks_get_params *p) {
    (void)p;
    return call_read(call, get_work, NULL);
}

/* --- begin -------------------------------------------------------------- */

static int read_orders(struct rpc_call *call, struct db_tx *tx,
                       struct pick_order *orders) {
    const struct rpc_picks_begin_params *p = call->params;
    int rc = 0;
    for (size_t i = 0; rc >= 0 && i < p->n_orders; i++) {
        struct store s = {0};
        struct ref ref;
        if (ref_parse(p->orders[i], &ref) < 0)
            return call_fail(call, ERR_INVALID, "orders",
                             "%s is no order: write alpine:1779", p->orders[i]);
        rc = mirrored_store(call, tx, &ref, REF_OBJECT, &s);
        orders[i] = (struct pick_order){s.id, ref.id, p->orders[i]};
        store_done(&s);
    }
    return rc;
}

static int begin_work(struct rpc_call *call, struct db_tx *tx) {
    const struct rpc_picks_begin_params *p = call->params;
    struct pick_order orders[PICK_ORDERS_MAX];
    struct pick k;
    int rc = read_orders(call, tx, orders);
    if (rc >= 0)
        rc =
            pick_begin(tx, orders, p->n_orders,
                       p->kind == RPC_PICKS_BEGIN_KIND_BATCH ? "batch" : "wave",
                       call->actor, call_arena(call), &k, &call->error);
    if (rc >= 0)
        rc = pick_view_audit(call, tx, &k, NULL);
    return rc < 0 ? rc : pick_view_whole(call, tx, &k);
}

int method_picks_begin(struct rpc_call *call,
                       const struct rpc_picks_begin_params *p) {
    _Static_assert(sizeof p->orders / sizeof *p->orders == PICK_ORDERS_MAX,
                   "as many as the model takes");
    return call_write(call, begin_work, NULL);
}

/* --- scan, undo, short -------------------------------------------------- */

static int scan_work(struct rpc_call *call, struct db_tx *tx) {
    const struct rpc_picks_scan_params *p = call->params;
    struct pick_scan s;
    struct pick k = {0};
    int rc = find(call, tx, p->pick, &k);
    k.overrules = p->has_expired ? p->expired : NULL;
    if (rc >= 0)
        rc = pick_scan(tx, &k, p->code, p->has_quantity ? p->quantity : 1000,
                       call->actor, call_arena(call), &s, &call->error);
    if (rc >= 0)
        rc = pick_view_audit(call, tx, &k, p->code);
    if (rc >= 0)
        pick_view_scan(call, &k, &s, p->code, pick_verdict_name(s.verdict));
    return rc;
}

int method_picks_scan(struct rpc_call *call,
                      const struct rpc_picks_scan_params *p) {
    if (p->has_expired && call->who->role != RPC_ROLE_ADMIN)
        return call_fail(call, ERR_DENIED, "expired",
                         "an admin lets expired goods out");
    return call_write(call, scan_work, NULL);
}

static int undo_work(struct rpc_call *call, struct db_tx *tx) {
    const struct rpc_picks_undo_params *p = call->params;
    struct pick_scan s;
    struct pick k;
    int rc = find(call, tx, p->pick, &k);
    if (rc >= 0)
        rc = pick_undo(tx, &k, call->actor, call_arena(call), &s, &call->error);
    if (rc >= 0)
        rc = pick_view_audit(call, tx, &k, NULL);
    if (rc >= 0)
        pick_view_scan(call, &k, &s, "", "undone");
    return rc;
}

int method_picks_undo(struct rpc_call *call,
                      const struct rpc_picks_undo_params *p) {
    (void)p;
    return call_write(call, undo_work, NULL);
}

static const char *const reasons[] = {
    [RPC_PICKS_SHORT_REASON_MISSING] = "missing",
    [RPC_PICKS_SHORT_REASON_DAMAGED] = "damaged",
    [RPC_PICKS_SHORT_REASON_MISPLACED] = "misplaced",
    [RPC_PICKS_SHORT_REASON_OTHER] = "other"};

static int short_work(struct rpc_call *call, struct db_tx *tx) {
    const struct rpc_picks_short_params *p = call->params;
    struct pick k;
    int rc = find(call, tx, p->pick, &k);
    if (rc >= 0 && k.wave_id)
        return call_fail(call, ERR_INVALID, "pick",
                         "name the order's own list (P-77), not the wave");
    if (rc < 0)
        return rc;
    struct pick_short s = {
        .work_id = k.works[0].id,
        .line_id = p->line,
        .part = p->part,
        .qty_e3 = p->has_quantity ? p->quantity : 0,
        .reason = reasons[p->reason],
        .way = p->way == RPC_PICKS_SHORT_WAY_SPLIT ? "split" : "backorder"};
    rc = pick_short(tx, &k, &s, call->actor, &call->error);
    if (rc >= 0)
        rc = pick_view_audit(call, tx, &k, s.reason);
    return rc < 0 ? rc : pick_view_whole(call, tx, &k);
}

int method_picks_short(struct rpc_call *call,
                       const struct rpc_picks_short_params *p) {
    (void)p;
    return call_write(call, short_work, NULL);
}

/* --- all of it ---------------------------------------------------------- */

typedef int (*pick_step)(struct db_tx *tx, struct pick *p, const char *who,
                         struct error *e);

static int step(struct rpc_call *call, struct db_tx *tx, const char *id,
                pick_step fn) {
    struct pick k;
    int rc = find(call, tx, id, &k);
    if (rc >= 0)
        rc = fn(tx, &k, call->actor, &call->error);
    if (rc >= 0)
        rc = pick_view_audit(call, tx, &k, NULL);
    return rc < 0 ? rc : pick_view_whole(call, tx, &k);
}

static int finish_work(struct rpc_call *call, struct db_tx *tx) {
    const struct rpc_picks_finish_params *p = call->params;
    return step(call, tx, p->pick, pick_finish);
}

int method_picks_finish(struct rpc_call *call,
                        const struct rpc_picks_finish_params *p) {
    (void)p;
    return call_write(call, finish_work, NULL);
}

static int take_over_work(struct rpc_call *call, struct db_tx *tx) {
    const struct rpc_picks_take_over_params *p = call->params;
    return step(call, tx, p->pick, pick_take_over);
}

int method_picks_take_over(struct rpc_call *call,
                           const struct rpc_picks_take_over_params *p) {
    (void)p;
    return call_write(call, take_over_work, NULL);
}

static int give_back_work(struct rpc_call *call, struct db_tx *tx) {
    const struct rpc_picks_give_back_params *p = call->params;
    return step(call, tx, p->pick, pick_give_back);
}

int method_picks_give_back(struct rpc_call *call,
                           const struct rpc_picks_give_back_params *p) {
    (void)p;
    return call_write(call, give_back_work, NULL);
}

static int drop_work(struct rpc_call *call, struct db_tx *tx) {
    const struct rpc_picks_drop_params *p = call->params;
    return step(call, tx, p->pick, pick_drop);
}

int method_picks_drop(struct rpc_call *call,
                      const struct rpc_picks_drop_params *p) {
    (void)p;
    return call_write(call, drop_work, NULL);
}

/* --- list --------------------------------------------------------------- */

struct listing {
    struct rpc_call *call;
    struct db_tx *tx;
    struct jsonw *w;
    int64_t left, last;
    bool more;
};

/* Rows newest first; a place is the id of the last. */
static int list_one(struct listing *l, int64_t id) {
    const struct rpc_picks_list_params *p = l->call->params;
    struct work w;
    int rc = work_get(l->tx, id, call_arena(l->call), &w);
    if (rc <= 0 || (p->state != RPC_PICKS_LIST_STATE_OPEN &&
                    (int)p->state != (int)w.state))
        return rc;
    if (l->left-- == 0) {
        l->more = true;
        return 0;
    }
    l->last = id;
    return pick_view_row(l->call, l->tx, &w, l->w);
}

/* What is in a hand is never ended, and little. */
static int query_list(struct rpc_call *call, struct db_tx *tx, int64_t before,
                      struct db_rows **ret) {
    const struct rpc_picks_list_params *p = call->params;
    if (p->mine)
        return db_query(tx, STMT_WORKS_OF_HAND, ret, "si", call->actor, before);
    if (p->state == RPC_PICKS_LIST_STATE_OPEN)
        return db_query(tx, STMT_WORKS_OPEN, ret, "i", before);
    return db_query(tx, STMT_WORKS_IN, ret, "si",
                    work_state_name((enum work_state)p->state), before);
}

static int list_work(struct rpc_call *call, struct db_tx *tx) {
    const struct rpc_picks_list_params *p = call->params;
    struct listing l = {.call = call, .tx = tx, .left = p->limit};
    AUTO_ROWS struct db_rows *r = NULL;
    int64_t before = INT64_MAX;
    char next[24];
    if (p->has_after && str_to_i64(p->after, 1, INT64_MAX, &before) < 0)
        return call_fail(call, ERR_INVALID, "after", "no such place");
    l.w = call_list_begin(call);
    int rc = query_list(call, tx, before, &r);
    while (rc >= 0 && !l.more && (rc = db_step(r)) > 0)
        rc = list_one(&l, db_i64(r, 0));
    (void)str_format(next, sizeof next, "%lld", (long long)l.last);
    call_list_end(l.w, l.more ? next : NULL, false);
    return rc;
}

_Static_assert((int)RPC_PICKS_LIST_STATE_PICKING == (int)WORK_PICKING &&
                   (int)RPC_PICKS_LIST_STATE_DROPPED == (int)WORK_DROPPED &&
                   (int)RPC_PICKS_LIST_STATE_OPEN == (int)WORK_STATES,
               "the protocol names the states in their order");

int method_picks_list(struct rpc_call *call,
                      const struct rpc_picks_list_params *p) {
    (void)p;
    return call_read(call, list_work, NULL);
}
