/* Levels of the stock and their ledger, to look at. */
#include "common/money.h"
#include "db/sql.h"
#include "model/level_ledger.h"
#include "rpc/level_view.h"
#include "rpc/person.h"
#include "rpc/product_view.h"
#include "rpc_handlers.gen.h"

static int answer_list(struct rpc_call *call, struct db_tx *tx,
                       const struct list_request *r) {
    struct level_page page = {0};
    int rc = level_list(tx, r, call_arena(call), &page, &call->error);
    if (rc < 0)
        return rc;
    struct jsonw *w = call_list_begin(call);
    for (size_t i = 0; i < page.n; i++) {
        jsonw_begin_object(w);
        level_view_fields(w, &page.items[i]);
        jsonw_end_object(w);
    }
    call_list_end(w, page.next, page.partial);
    return 0;
}

static int list_work(struct rpc_call *call, struct db_tx *tx) {
    static const int sorts[] = {
        [RPC_INVENTORY_LIST_SORT_NAME] = LEVEL_SORT_NAME,
        [RPC_INVENTORY_LIST_SORT_NAME_DESC] = LEVEL_SORT_NAME_DESC,
        [RPC_INVENTORY_LIST_SORT_SKU] = LEVEL_SORT_SKU};
    const struct rpc_inventory_list_params *p = call->params;
    struct list_request r = {.filter = p->filter,
                             .store = p->store,
                             .sort = sorts[p->sort],
                             .limit = (int)p->limit,
                             .after = p->after,
                             .zone = call->rpc->zone};
    return answer_list(call, tx, &r);
}

int method_inventory_list(struct rpc_call *call,
                          const struct rpc_inventory_list_params *p) {
    (void)p;
    return call_read(call, list_work, NULL);
}

static int low_work(struct rpc_call *call, struct db_tx *tx) {
    const struct rpc_inventory_low_params *p = call->params;
    AUTO_BUF struct buf filter = BUF_INIT;
    buf_addf(&filter, "alert:yes %s", p->has_filter ? p->filter : "");
    struct list_request r = {.filter = buf_str(&filter),
                             .store = p->store,
                             .limit = (int)p->limit,
                             .after = p->after,
                             .zone = call->rpc->zone};
    return answer_list(call, tx, &r);
}

int method_inventory_low(struct rpc_call *call,
                         const struct rpc_inventory_low_params *p) {
    (void)p;
    return call_read(call, low_work, NULL);
}

/* --- get ---------------------------------------------------------------- */

static int write_bin(const struct bin *b, int64_t qty_e3, void *arg) {
    struct jsonw *w = arg;
    jsonw_begin_object(w);
    jsonw_kstring(w, "bin", b->code);
    jsonw_kstring(w, "zone", b->zone);
    jsonw_kqty(w, "quantity", qty_e3);
    jsonw_kbool(w, "quarantine", b->quarantine);
    jsonw_end_object(w);
    return 0;
}

struct lots {
    struct jsonw *w;
    int64_t now_ms;
};

static int write_lot(const struct lot *l, const struct bin *b, int64_t qty_e3,
                     void *arg) {
    const struct lots *lots = arg;
    jsonw_begin_object(lots->w);
    jsonw_kstring(lots->w, "bin", b->code);
    level_view_lot_fields(lots->w, l, qty_e3, lots->now_ms);
    jsonw_end_object(lots->w);
    return 0;
}

static int write_listings(struct rpc_call *call, struct db_tx *tx,
                          struct jsonw *w, int64_t item_id) {
    AUTO_ROWS struct db_rows *r = NULL;
    int rc = db_query(tx, STMT_LISTINGS_OF_ITEM, &r, "i", item_id);
    while (rc >= 0 && (rc = db_step(r)) > 0) {
        struct store s = {0};
        if (!db_scope_has(&call->who->scope, db_i64(r, 0)))
            continue;
        rc = store_by_id(tx, db_i64(r, 0), &s);
        if (rc > 0) {
            jsonw_begin_object(w);
            product_view_ref(w, "ref", s.name, db_i64(r, 1));
            jsonw_ki64(w, "units", db_i64(r, 2));
            jsonw_end_object(w);
        }
        store_done(&s);
    }
    return rc;
}

static int get_work(struct rpc_call *call, struct db_tx *tx) {
    const struct rpc_inventory_get_params *p = call->params;
    struct level l;
    int rc = level_view_get(call, tx, &p->ref, &l);
    if (rc < 0)
        return rc;
    struct jsonw *w = call_result(call);
    jsonw_begin_object(w);
    level_view_fields(w, &l);
    jsonw_key(w, "bins");
    jsonw_begin_array(w);
    if (l.kept)
        rc = bin_of_item(tx, l.item_id, write_bin, w);
    jsonw_end_array(w);
    jsonw_key(w, "lots");
    jsonw_begin_array(w);
    struct lots lots = {w, db_now(tx)};
    if (rc >= 0 && l.track != LOT_NONE)
        rc = lot_each(tx, l.item_id, write_lot, &lots);
    jsonw_end_array(w);
    jsonw_key(w, "listings");
    jsonw_begin_array(w);
    if (rc >= 0 && l.kept)
        rc = write_listings(call, tx, w, l.item_id);
    jsonw_end_array(w);
    jsonw_end_object(w);
    return rc < 0 ? rc : 0;
}

int method_inventory_get(struct rpc_call *call,
                         const struct rpc_inventory_get_params *p) {
    (void)p;
    return call_read(call, get_work, NULL);
}

/* --- ledger --------------------------------------------------------------- */

static void write_row(struct jsonw *w, const struct ledger_row *r) {
    jsonw_begin_object(w);
    jsonw_ktime(w, "at", r->at_ms);
    jsonw_kstring(w, "reason", r->reason);
    jsonw_kqty(w, "delta", r->qty_e3);
    level_view_text(w, "bin", r->bin);
    level_view_text(w, "lot", r->lot);
    level_view_text(w, "ref", r->ref);
    jsonw_kstring(w, "note", r->note);
    jsonw_kstring(w, "author", r->author);
    level_view_text(w, "state", r->state);
    jsonw_end_object(w);
}

static int ledger_work(struct rpc_call *call, struct db_tx *tx) {
    const struct rpc_inventory_ledger_params *p = call->params;
    struct list_request r = {.limit = (int)p->limit, .after = p->after};
    struct ledger_page page;
    struct level l;
    int rc = level_view_get(call, tx, &p->ref, &l);
    if (rc >= 0)
        rc = level_ledger(tx, l.store_id, l.remote_id, &r, call_arena(call),
                          &page, &call->error);
    if (rc < 0)
        return rc;
    struct jsonw *w = call_list_begin(call);
    for (size_t i = 0; i < page.n; i++)
        write_row(w, &page.items[i]);
    call_list_end(w, page.next, false);
    return 0;
}

int method_inventory_ledger(struct rpc_call *call,
                            const struct rpc_inventory_ledger_params *p) {
    (void)p;
    return call_read(call, ledger_work, NULL);
}
