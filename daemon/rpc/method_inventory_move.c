/* Pieces that come, go and change their place by hand, and what an item's
 * limits are. */
#include "common/money.h"
#include "common/str.h"
#include "model/bundle.h"
#include "model/movement.h"
#include "rpc/level_view.h"
#include "rpc/person.h"
#include "rpc_handlers.gen.h"

static int audit(struct rpc_call *call, struct db_tx *tx, const struct ref *ref,
                 const char *bin, int64_t e3) {
    AUTO_BUF struct buf payload = BUF_INIT;
    char text[REF_TEXT];
    struct jsonw w;
    jsonw_init(&w, &payload);
    jsonw_begin_object(&w);
    jsonw_kstring(&w, "bin", bin);
    jsonw_kqty(&w, "quantity", e3);
    jsonw_end_object(&w);
    return call_audit(call, tx, ref_format(text, ref), buf_str(&payload));
}

/* --- correct ------------------------------------------------------------- */

/* This shop's own change among those told; NULL: none. */
static const struct shop_told *own(const struct rpc_inventory_correct_params *p,
                                   const struct shop_told *told, size_t n) {
    for (size_t i = 0; i < n; i++)
        if (told[i].remote_id == p->ref.id &&
            str_eq(told[i].store, p->ref.store) && told[i].change)
            return &told[i];
    return NULL;
}

static int answer(struct rpc_call *call, struct db_tx *tx, int64_t item_id,
                  const struct shop_told *told, size_t n) {
    const struct rpc_inventory_correct_params *p = call->params;
    const struct shop_told *mine = own(p, told, n);
    struct item i;
    int rc = item_get(tx, item_id, call_arena(call), &i);
    if (rc < 0)
        return rc;
    struct jsonw *w = call_result(call);
    jsonw_begin_object(w);
    level_view_text(w, "change", mine ? mine->change : NULL);
    level_view_text(w, "state", mine ? change_state_name(mine->state) : NULL);
    jsonw_kqty(w, "on_hand", i.on_hand_e3);
    level_view_told(call, w, "told", told, n);
    jsonw_end_object(w);
    return 0;
}

static int correct_work(struct rpc_call *call, struct db_tx *tx) {
    static const char *const codes[] = {
        [RPC_INVENTORY_CORRECT_CODE_CORRECTION] = "correction",
        [RPC_INVENTORY_CORRECT_CODE_FOUND] = "found",
        [RPC_INVENTORY_CORRECT_CODE_LOST] = "lost",
        [RPC_INVENTORY_CORRECT_CODE_DAMAGED] = "damaged",
        [RPC_INVENTORY_CORRECT_CODE_EXPIRED] = "expired",
        [RPC_INVENTORY_CORRECT_CODE_OWN_USE] = "own_use",
        [RPC_INVENTORY_CORRECT_CODE_OPENING] = "opening"};
    const struct rpc_inventory_correct_params *p = call->params;
    struct movement m = {.qty_e3 = p->delta,
                         .reason = codes[p->code],
                         .note = p->reason,
                         .author = call->actor};
    struct shop_told *told = NULL;
    size_t n = 0;
    struct bin b;
    int rc = level_view_item(call, tx, &p->ref, &m.item_id);
    if (rc >= 0)
        rc = level_view_bin(call, tx, "bin", p->bin, &b);
    if (rc < 0)
        return rc;
    m.bin_id = b.id;
    if (p->delta > 0)
        rc = bundle_refuse(tx, m.item_id, "ref", &call->error);
    if (rc >= 0)
        rc = level_view_lot(call, tx, m.item_id, p->lot, p->expires,
                            p->delta > 0, &m.lot_id);
    if (rc >= 0)
        rc = movement_add(tx, &m, &call->error);
    if (rc >= 0 && p->shop == RPC_INVENTORY_CORRECT_SHOP_YES)
        rc = level_view_tell(call, tx, m.item_id, p->delta,
                             p->has_reason ? p->reason : m.reason, &told, &n);
    if (rc >= 0)
        rc = audit(call, tx, &p->ref, b.code, p->delta);
    return rc < 0 ? rc : answer(call, tx, m.item_id, told, n);
}

/* What staff must not tell a shop alone. */
static bool over_limit(const struct rpc_call *call, int64_t delta_e3) {
    int64_t limit = call->rpc->o.stock_limit * 1000;
    return limit > 0 && call->who->role == RPC_ROLE_STAFF &&
           (delta_e3 > limit || delta_e3 < -limit);
}

int method_inventory_correct(struct rpc_call *call,
                             const struct rpc_inventory_correct_params *p) {
    if (p->shop == RPC_INVENTORY_CORRECT_SHOP_YES && over_limit(call, p->delta))
        return call_fail(call, ERR_NEEDS_APPROVAL, "delta",
                         "correct the bin without telling the shop, and "
                         "propose the shop's number");
    return call_write(call, correct_work, level_view_then);
}

/* --- move ------------------------------------------------------------------
 */

static int move_work(struct rpc_call *call, struct db_tx *tx) {
    const struct rpc_inventory_move_params *p = call->params;
    struct movement m = {.qty_e3 = p->qty,
                         .reason = "move",
                         .note = p->note,
                         .author = call->actor};
    char ref[REF_TEXT];
    struct bin from, to;
    int64_t left = 0;
    int rc = level_view_item(call, tx, &p->ref, &m.item_id);
    if (rc >= 0)
        rc = level_view_bin(call, tx, "from", p->from, &from);
    if (rc >= 0)
        rc = level_view_bin(call, tx, "to", p->to, &to);
    if (rc < 0)
        return rc;
    m.bin_id = from.id;
    rc = level_view_lot(call, tx, m.item_id, p->lot, NULL, false, &m.lot_id);
    if (rc >= 0)
        rc = movement_move(tx, &m, to.id, &call->error);
    if (rc >= 0)
        rc = movement_balance(tx, m.item_id, from.id, &left);
    if (rc >= 0)
        rc = audit(call, tx, &p->ref, to.code, p->qty);
    if (rc < 0)
        return rc;
    struct jsonw *w = call_result(call);
    jsonw_begin_object(w);
    jsonw_kstring(w, "ref", ref_format(ref, &p->ref));
    jsonw_kstring(w, "from", from.code);
    jsonw_kstring(w, "to", to.code);
    jsonw_kqty(w, "left", left);
    jsonw_end_object(w);
    return 0;
}

int method_inventory_move(struct rpc_call *call,
                          const struct rpc_inventory_move_params *p) {
    (void)p;
    return call_write(call, move_work, NULL);
}

/* --- limits ------------------------------------------------------------------
 */

/* A limit as typed: "" none, NULL as it was. */
static int read_limit(struct rpc_call *call, const char *param,
                      const char *text, int64_t *e3) {
    int64_t v = ITEM_NONE;
    if (!text)
        return 0;
    if (*text && (money_parse(text, QTY_SCALE, &v) < 0 || v < 0 ||
                  v > INT64_C(1000000000)))
        return call_fail(call, ERR_INVALID, param,
                         "must be a number of pieces, 0 to 1,000,000, or "
                         "empty for none");
    *e3 = v;
    return 0;
}

static int set_tracking(struct rpc_call *call, struct db_tx *tx, int64_t item) {
    static const enum lot_track tracks[] = {
        [RPC_INVENTORY_LIMITS_TRACKING_NONE] = LOT_NONE,
        [RPC_INVENTORY_LIMITS_TRACKING_LOT] = LOT_BATCH,
        [RPC_INVENTORY_LIMITS_TRACKING_SERIAL] = LOT_SERIAL};
    const struct rpc_inventory_limits_params *p = call->params;
    return p->has_tracking
               ? lot_track_set(tx, item, tracks[p->tracking], &call->error)
               : 0;
}

static int limits_work(struct rpc_call *call, struct db_tx *tx) {
    const struct rpc_inventory_limits_params *p = call->params;
    char ref[REF_TEXT];
    int64_t item;
    struct level l;
    int rc = level_view_item(call, tx, &p->ref, &item);
    if (rc >= 0)
        rc = level_view_get(call, tx, &p->ref, &l);
    if (rc >= 0)
        rc = read_limit(call, "reorder", p->reorder, &l.reorder_e3);
    if (rc >= 0)
        rc = read_limit(call, "threshold", p->threshold, &l.low_e3);
    if (rc >= 0 && p->has_units)
        rc = item_set_units(tx, l.store_id, l.remote_id, p->units);
    if (rc >= 0)
        rc = item_set_limits(tx, item, l.reorder_e3, l.low_e3);
    if (rc >= 0)
        rc = set_tracking(call, tx, item);
    if (rc >= 0)
        rc = level_view_get(call, tx, &p->ref, &l);
    if (rc >= 0)
        rc = call_audit(call, tx, ref_format(ref, &p->ref), "{}");
    if (rc < 0)
        return rc;
    struct jsonw *w = call_result(call);
    jsonw_begin_object(w);
    level_view_fields(w, &l);
    jsonw_end_object(w);
    return 0;
}

int method_inventory_limits(struct rpc_call *call,
                            const struct rpc_inventory_limits_params *p) {
    (void)p;
    return call_write(call, limits_work, NULL);
}
