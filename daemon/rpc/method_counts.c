/* Cycle counts: begun, scanned, looked at. How they end is in
 * method_counts_end.c. */
#include "common/ref.h"
#include "common/str.h"
#include "db/sql.h"
#include "model/at_bin.h"
#include "rpc/count_view.h"
#include "rpc_handlers.gen.h"

/* --- list, get ----------------------------------------------------------- */

struct listing {
    struct jsonw *w;
    int64_t left, last;
    bool more;
};

static int list_one(const struct stock_count *c, void *arg) {
    struct listing *l = arg;
    if (l->left-- == 0) {
        l->more = true;
        return 1;
    }
    l->last = c->id;
    jsonw_begin_object(l->w);
    count_view_fields(l->w, c);
    jsonw_end_object(l->w);
    return 0;
}

static int list_work(struct rpc_call *call, struct db_tx *tx) {
    static const char *const states[] = {
        [RPC_COUNTS_LIST_STATE_OPEN] = "open",
        [RPC_COUNTS_LIST_STATE_SUBMITTED] = "submitted",
        [RPC_COUNTS_LIST_STATE_DONE] = "done",
        [RPC_COUNTS_LIST_STATE_DROPPED] = "dropped",
        [RPC_COUNTS_LIST_STATE_ALL] = NULL};
    const struct rpc_counts_list_params *p = call->params;
    struct listing l = {.left = p->limit};
    int64_t before = INT64_MAX;
    char next[24];
    int rc = 0;
    if (p->has_after)
        rc = level_view_number(call, 'C', p->after, &before);
    if (rc < 0)
        return rc;
    l.w = call_list_begin(call);
    rc = count_list(tx, states[p->state], before, list_one, &l);
    call_list_end(l.w, l.more ? count_name(next, l.last) : NULL, false);
    return rc < 0 ? rc : 0;
}

int method_counts_list(struct rpc_call *call,
                       const struct rpc_counts_list_params *p) {
    (void)p;
    return call_read(call, list_work, NULL);
}

static int get_work(struct rpc_call *call, struct db_tx *tx) {
    const struct rpc_counts_get_params *p = call->params;
    struct stock_count c;
    int rc = count_view_find(call, tx, p->id, &c);
    return rc < 0 ? rc : count_view_answer(call, tx, c.id, false);
}

int method_counts_get(struct rpc_call *call,
                      const struct rpc_counts_get_params *p) {
    (void)p;
    return call_read(call, get_work, NULL);
}

/* --- begin ------------------------------------------------------------------
 */

static int find_bins(struct rpc_call *call, struct db_tx *tx, int64_t *ids) {
    const struct rpc_counts_begin_params *p = call->params;
    int rc = 0;
    for (size_t i = 0; rc >= 0 && i < p->n_bins; i++) {
        struct bin b = {0};
        rc = level_view_bin(call, tx, "bins", p->bins[i], &b);
        ids[i] = b.id;
    }
    return rc;
}

static int find_items(struct rpc_call *call, struct db_tx *tx, int64_t *ids) {
    const struct rpc_counts_begin_params *p = call->params;
    int rc = 0;
    for (size_t i = 0; rc >= 0 && i < p->n_items; i++) {
        struct ref ref;
        if (ref_parse(p->items[i], &ref) < 0)
            return call_fail(call, ERR_INVALID, "items",
                             "%.60s is no reference of a product", p->items[i]);
        rc = level_view_item(call, tx, &ref, &ids[i]);
    }
    return rc;
}

static int begin_work(struct rpc_call *call, struct db_tx *tx) {
    const struct rpc_counts_begin_params *p = call->params;
    size_t n = p->n_bins + p->n_items;
    int64_t *ids = arena_alloc(call_arena(call), (n + 1) * sizeof *ids);
    struct count_new new = {.bins = ids,
                            .n_bins = p->n_bins,
                            .items = ids + p->n_bins,
                            .n_items = p->n_items,
                            .blind = p->blind == RPC_COUNTS_BEGIN_BLIND_YES,
                            .note = p->note,
                            .author = call->actor};
    int64_t id = 0;
    int rc = find_bins(call, tx, ids);
    if (rc >= 0)
        rc = find_items(call, tx, ids + p->n_bins);
    if (rc >= 0)
        rc = count_begin(tx, &new, &id, &call->error);
    return rc < 0 ? rc : count_view_answer(call, tx, id, true);
}

int method_counts_begin(struct rpc_call *call,
                        const struct rpc_counts_begin_params *p) {
    if ((p->n_bins == 0) == (p->n_items == 0))
        return call_fail(call, ERR_INVALID, "bins",
                         "name the bins or the items to count");
    return call_write(call, begin_work, NULL);
}

/* --- scan
 * --------------------------------------------------------------------- */

static void write_bin(struct rpc_call *call, const struct bin *b) {
    static const char *const of_items[] = {"sku", "name", "lot", "asks"};
    struct jsonw *w = call_result(call);
    jsonw_begin_object(w);
    jsonw_kstring(w, "what", "bin");
    jsonw_kstring(w, "bin", b->code);
    for (size_t i = 0; i < sizeof of_items / sizeof *of_items; i++)
        level_view_text(w, of_items[i], NULL);
    level_view_qty(w, "counted", ITEM_NONE);
    jsonw_end_object(w);
}

/* e3: all of it (of the lot) counted there; nothing was when something is
 * asked. */
static void write_item(struct rpc_call *call, const struct bin *b,
                       const struct item *i, const struct lot *l, int64_t e3,
                       enum lot_ask asks) {
    struct jsonw *w = call_result(call);
    jsonw_begin_object(w);
    jsonw_kstring(w, "what", "item");
    jsonw_kstring(w, "bin", b->code);
    jsonw_kstring(w, "sku", i->sku);
    jsonw_kstring(w, "name", i->title);
    level_view_text(w, "lot", l->code);
    level_view_text(w, "asks", lot_ask_name(asks));
    level_view_qty(w, "counted", asks ? ITEM_NONE : e3);
    jsonw_end_object(w);
}

/* Which lot: the one that was scanned itself or was named, else it is asked
 * for. "-": the label names none, as on pieces from before it was kept so. */
static int which_lot(struct rpc_call *call, struct db_tx *tx,
                     struct count_at *at, const struct item *i,
                     enum lot_ask *ret_asks) {
    const struct rpc_counts_scan_params *p = call->params;
    bool takes_back = p->has_qty && p->qty < 0;
    if (at->lot_id || (p->has_lot && str_eq(p->lot, "-")))
        return 0;
    int rc = p->has_lot ? level_view_no_lot(call, tx, i->tenant_id, p->lot) : 0;
    if (rc >= 0)
        rc = lot_asks(tx, at->item_id, p->lot, p->has_expires || takes_back,
                      ret_asks);
    if (rc < 0 || *ret_asks)
        return rc;
    return level_view_lot(call, tx, at->item_id, p->lot,
                          p->has_expires ? p->expires : NULL, !takes_back,
                          &at->lot_id);
}

static int count_it(struct rpc_call *call, struct db_tx *tx,
                    const struct stock_count *c, const struct bin *b,
                    struct count_at *at) {
    const struct rpc_counts_scan_params *p = call->params;
    enum lot_ask asks = LOT_ASK_NOTHING;
    struct lot l = {0};
    struct item i;
    int64_t e3 = 0;
    int rc = item_get(tx, at->item_id, call_arena(call), &i);
    if (rc >= 0)
        rc = which_lot(call, tx, at, &i, &asks);
    if (rc >= 0 && at->lot_id)
        rc = lot_get(tx, at->lot_id, &l);
    if (rc >= 0 && !asks)
        rc = count_enter(tx, c, at, p->has_qty ? p->qty : 1000, !p->set,
                         call->actor, &e3, &call->error);
    if (rc >= 0)
        write_item(call, b, &i, &l, e3, asks);
    return rc < 0 ? rc : 0;
}

static int scan_item(struct rpc_call *call, struct db_tx *tx,
                     const struct stock_count *c, const char *work) {
    const struct rpc_counts_scan_params *p = call->params;
    struct count_at at = {0};
    struct bin b;
    int rc = at_bin_get(tx, work, call->actor, &b);
    if (rc == 0)
        return call_fail(call, ERR_INVALID, "code",
                         "scan the bin first that you count");
    at.bin_id = b.id;
    if (rc >= 0)
        rc = count_code(tx, c, p->code, &at, &call->error);
    return rc < 0 ? rc : count_it(call, tx, c, &b, &at);
}

static int scan_work(struct rpc_call *call, struct db_tx *tx) {
    const struct rpc_counts_scan_params *p = call->params;
    struct stock_count c;
    struct bin b;
    char work[24];
    int rc = count_view_find(call, tx, p->id, &c);
    if (rc >= 0)
        rc = bin_by_code(tx, p->code, &b);
    if (rc < 0)
        return rc;
    bool place = rc > 0;
    (void)count_name(work, c.id);
    rc = place ? count_visit(tx, &c, &b, call->actor, &call->error)
               : scan_item(call, tx, &c, work);
    if (rc >= 0)
        rc = call_audit(call, tx, work, "{}");
    if (rc >= 0 && place)
        write_bin(call, &b);
    return rc < 0 ? rc : 0;
}

int method_counts_scan(struct rpc_call *call,
                       const struct rpc_counts_scan_params *p) {
    (void)p;
    return call_write(call, scan_work, NULL);
}
