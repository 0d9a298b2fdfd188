/* Orders on the packing table. Each call is one transaction with its audit row;
 * a scan's answer means that it is on disk. */
#include <string.h>

#include "common/str.h"
#include "db/sql.h"
#include "model/store.h"
#include "rpc/mirrored.h"
#include "rpc/pack_view.h"
#include "rpc/person.h"
#include "rpc_handlers.gen.h"

/* The store of the order; ERR_NOT_FOUND as for one that is not there. */
static int store_of(struct rpc_call *call, struct db_tx *tx,
                    const struct ref *ref, int64_t *ret) {
    struct store s = {0};
    int rc = mirrored_store(call, tx, ref, REF_OBJECT, &s);
    *ret = s.id;
    store_done(&s);
    return rc;
}

static int read_pack(struct rpc_call *call, struct db_tx *tx,
                     const struct ref *ref, struct pack *ret) {
    char text[REF_TEXT];
    int64_t store;
    int rc = store_of(call, tx, ref, &store);
    if (rc >= 0)
        rc = pack_get(tx, store, ref->id, call_arena(call), ret);
    if (rc == 0)
        return call_fail(call, ERR_NOT_FOUND, "ref", "nobody is packing %s",
                         ref_format(text, ref));
    return rc < 0 ? rc : 0;
}

static int audit(struct rpc_call *call, struct db_tx *tx,
                 const struct ref *ref) {
    char text[REF_TEXT];
    return call_audit(call, tx, ref_format(text, ref), "{}");
}

/* The table as it is now; what it adds follows. */
static int answer(struct rpc_call *call, struct db_tx *tx,
                  const struct ref *ref, const struct pack *p,
                  const char *take_out) {
    int rc = audit(call, tx, ref);
    if (rc < 0)
        return rc;
    struct jsonw *w = call_result(call);
    jsonw_begin_object(w);
    pack_view_fields(call, p, db_now(tx), w);
    if (take_out)
        jsonw_kstring(w, "take_out", take_out);
    jsonw_end_object(w);
    return 0;
}

/* --- reading ------------------------------------------------------------ */

static int get_work(struct rpc_call *call, struct db_tx *tx) {
    const struct rpc_packs_get_params *p = call->params;
    struct pack pack;
    int rc = read_pack(call, tx, &p->ref, &pack);
    if (rc < 0)
        return rc;
    struct jsonw *w = call_result(call);
    jsonw_begin_object(w);
    pack_view_fields(call, &pack, db_now(tx), w);
    jsonw_end_object(w);
    return 0;
}

int method_packs_get(struct rpc_call *call,
                     const struct rpc_packs_get_params *p) {
    (void)p;
    return call_read(call, get_work, NULL);
}

/* --- begin ---------------------------------------------------------------- */

static int begin_work(struct rpc_call *call, struct db_tx *tx) {
    const struct rpc_packs_begin_params *p = call->params;
    struct pack_begin b = {.remote_id = p->ref.id,
                           .who = call->actor,
                           .take = p->take,
                           .again = p->again,
                           .pick_first = call->rpc->pick_first};
    struct pack pack;
    int rc = store_of(call, tx, &p->ref, &b.store_id);
    if (rc >= 0)
        rc = pack_begin(tx, &b, call_arena(call), &pack, &call->error);
    if (rc == ERR_NOT_FOUND)
        return mirrored_missing(call, &p->ref);
    return rc < 0 ? rc : answer(call, tx, &p->ref, &pack, NULL);
}

int method_packs_begin(struct rpc_call *call,
                       const struct rpc_packs_begin_params *p) {
    (void)p;
    return call_write(call, begin_work, NULL);
}

/* --- scan ----------------------------------------------------------------- */

static int order_name(struct db_tx *tx, const struct pack_scanned *s,
                      char ret[REF_TEXT]) {
    struct store store = {0};
    struct ref ref = {.kind = REF_OBJECT, .id = s->order_id};
    int rc = store_by_id(tx, s->order_store, &store);
    if (rc > 0) {
        (void)str_copy(ref.store, sizeof ref.store, store.name);
        (void)ref_format(ret, &ref);
    }
    store_done(&store);
    return rc;
}

static int scan_work(struct rpc_call *call, struct db_tx *tx) {
    const struct rpc_packs_scan_params *p = call->params;
    char order[REF_TEXT] = "";
    struct pack_scanned s;
    struct pack pack = {0};
    int rc = read_pack(call, tx, &p->ref, &pack);
    pack.overrules = p->has_expired ? p->expired : NULL;
    if (rc >= 0)
        rc = pack_scan(tx, &pack, p->code, p->has_quantity ? p->quantity : 0,
                       call->actor, call_arena(call), &s, &call->error);
    if (rc >= 0 && s.verdict == PACK_ORDER)
        rc = order_name(tx, &s, order);
    if (rc >= 0)
        rc = audit(call, tx, &p->ref);
    if (rc < 0)
        return rc;
    pack_view_scan(call, &pack, &s, p->code, order[0] ? order : NULL,
                   db_now(tx), call_result(call));
    return 0;
}

int method_packs_scan(struct rpc_call *call,
                      const struct rpc_packs_scan_params *p) {
    if (p->has_quantity && p->quantity <= 0)
        return call_fail(call, ERR_INVALID, "quantity", "must be above zero");
    if (p->has_expired && call->who->role != RPC_ROLE_ADMIN)
        return call_fail(call, ERR_DENIED, "expired",
                         "an admin lets expired goods out");
    return call_write(call, scan_work, NULL);
}

static int short_work(struct rpc_call *call, struct db_tx *tx) {
    static const char *const reasons[] = {
        [RPC_PACKS_SHORT_REASON_MISSING] = "missing",
        [RPC_PACKS_SHORT_REASON_DAMAGED] = "damaged",
        [RPC_PACKS_SHORT_REASON_MISPLACED] = "misplaced",
        [RPC_PACKS_SHORT_REASON_OTHER] = "other"};
    const struct rpc_packs_short_params *p = call->params;
    const struct pack_short s = {
        .line_id = p->line,
        .part = p->part,
        .qty_e3 = p->has_quantity ? p->quantity : -1,
        .reason = reasons[p->reason],
        .way = p->way == RPC_PACKS_SHORT_WAY_SPLIT ? "split" : "backorder"};
    struct pack pack;
    int rc = read_pack(call, tx, &p->ref, &pack);
    if (rc >= 0)
        rc = pack_short(tx, &pack, &s, call->actor, call_arena(call),
                        &call->error);
    return rc < 0 ? rc : answer(call, tx, &p->ref, &pack, NULL);
}

int method_packs_short(struct rpc_call *call,
                       const struct rpc_packs_short_params *p) {
    if (p->has_quantity && p->quantity < 0)
        return call_fail(call, ERR_INVALID, "quantity", "not below zero");
    return call_write(call, short_work, NULL);
}

/* --- steps without more ------------------------------------------------ */

typedef int pack_step(struct db_tx *tx, struct pack *p, const char *who,
                      struct arena *a, struct error *e);

static int step(struct rpc_call *call, struct db_tx *tx, const struct ref *ref,
                pack_step *fn) {
    struct pack pack;
    int rc = read_pack(call, tx, ref, &pack);
    if (rc >= 0)
        rc = fn(tx, &pack, call->actor, call_arena(call), &call->error);
    return rc < 0 ? rc : answer(call, tx, ref, &pack, NULL);
}

static int undo_work(struct rpc_call *call, struct db_tx *tx) {
    const struct rpc_packs_undo_params *p = call->params;
    return step(call, tx, &p->ref, pack_undo);
}

int method_packs_undo(struct rpc_call *call,
                      const struct rpc_packs_undo_params *p) {
    (void)p;
    return call_write(call, undo_work, NULL);
}

static int parcel_work(struct rpc_call *call, struct db_tx *tx) {
    const struct rpc_packs_parcel_params *p = call->params;
    return step(call, tx, &p->ref, pack_new_parcel);
}

int method_packs_parcel(struct rpc_call *call,
                        const struct rpc_packs_parcel_params *p) {
    (void)p;
    return call_write(call, parcel_work, NULL);
}

static int finish_work(struct rpc_call *call, struct db_tx *tx) {
    const struct rpc_packs_finish_params *p = call->params;
    return step(call, tx, &p->ref, pack_finish);
}

int method_packs_finish(struct rpc_call *call,
                        const struct rpc_packs_finish_params *p) {
    (void)p;
    return call_write(call, finish_work, NULL);
}

static int put_back_work(struct rpc_call *call, struct db_tx *tx) {
    const struct rpc_packs_put_back_params *p = call->params;
    return step(call, tx, &p->ref, pack_put_back);
}

int method_packs_put_back(struct rpc_call *call,
                          const struct rpc_packs_put_back_params *p) {
    (void)p;
    return call_write(call, put_back_work, NULL);
}

static int accept_work(struct rpc_call *call, struct db_tx *tx) {
    const struct rpc_packs_accept_change_params *p = call->params;
    const char *out = "";
    struct pack pack;
    int rc = read_pack(call, tx, &p->ref, &pack);
    if (rc >= 0)
        rc = pack_accept(tx, &pack, call->actor, call_arena(call), &out,
                         &call->error);
    return rc < 0 ? rc : answer(call, tx, &p->ref, &pack, out);
}

int method_packs_accept_change(struct rpc_call *call,
                               const struct rpc_packs_accept_change_params *p) {
    (void)p;
    return call_write(call, accept_work, NULL);
}
