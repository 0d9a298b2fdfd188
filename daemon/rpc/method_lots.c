/* Lots and serials: what expires, and the day it does. */
#include "common/arena.h"
#include "common/money.h"
#include "common/ref.h"
#include "common/str.h"
#include "db/sql.h"
#include "model/store.h"
#include "rpc/level_view.h"
#include "rpc/product_view.h"
#include "rpc_handlers.gen.h"

/* A product of the caller's that sells it, by name: 1; 0: none does. */
static int write_ref(struct db_tx *tx, struct jsonw *w, int64_t item_id) {
    struct store s = {0};
    int64_t store_id, remote_id;
    int rc = item_listed(tx, item_id, &store_id, &remote_id);
    if (rc > 0)
        rc = store_by_id(tx, store_id, &s);
    if (rc > 0) {
        jsonw_begin_object(w);
        product_view_ref(w, "ref", s.name, remote_id);
    }
    store_done(&s);
    return rc;
}

/* One row: 1; 0: it is of a company the caller does not work for. */
static int write_lot(struct rpc_call *call, struct db_tx *tx, struct jsonw *w,
                     const struct lot *l) {
    AUTO_ROWS struct db_rows *r = NULL;
    struct item i;
    int rc = item_get(tx, l->item_id, call_arena(call), &i);
    if (rc > 0)
        rc = write_ref(tx, w, l->item_id);
    if (rc <= 0)
        return rc;
    rc = db_query(tx, STMT_LOT_BIN, &r, "i", l->id);
    if (rc >= 0)
        rc = db_step(r);
    jsonw_kstring(w, "sku", i.sku);
    jsonw_kstring(w, "name", i.title);
    level_view_lot_fields(w, l, l->qty_e3, db_now(tx));
    level_view_text(w, "bin", rc > 0 ? db_text(r, 0) : NULL);
    jsonw_end_object(w);
    return rc < 0 ? rc : 1;
}

/* --- list ------------------------------------------------------------------
 */

struct listing {
    struct rpc_call *call;
    struct db_tx *tx;
    struct jsonw *w;
    int64_t left;
    struct list_key last;
    bool more;
};

static int list_one(const struct lot *l, void *arg) {
    struct listing *k = arg;
    if (k->left == 0) {
        k->more = true;
        return 1;
    }
    int rc = write_lot(k->call, k->tx, k->w, l);
    k->left -= rc > 0;
    k->last = (struct list_key){.num = l->expires_ms, .id = l->id};
    return rc < 0 ? rc : 0;
}

static int list_work(struct rpc_call *call, struct db_tx *tx) {
    const struct rpc_lots_list_params *p = call->params;
    struct listing k = {.call = call, .tx = tx, .left = p->limit};
    struct list_key at = {0};
    int64_t days = p->has_days ? p->days : -1;
    uint64_t hash = (uint64_t)days;
    int rc = p->has_after ? list_cursor_read(p->after, hash, call_arena(call),
                                             &at, &call->error)
                          : 0;
    if (rc < 0)
        return rc;
    struct lot after = {.expires_ms = at.num, .id = at.id};
    k.w = call_list_begin(call);
    rc = lot_expiring(tx, lot_until(db_now(tx), days), &after, list_one, &k);
    call_list_end(k.w,
                  k.more ? list_cursor(call_arena(call), hash, &k.last) : NULL,
                  false);
    return rc < 0 ? rc : 0;
}

int method_lots_list(struct rpc_call *call,
                     const struct rpc_lots_list_params *p) {
    (void)p;
    return call_read(call, list_work, NULL);
}

/* --- update ------------------------------------------------------------------
 */

static int audit(struct rpc_call *call, struct db_tx *tx,
                 const struct rpc_lots_update_params *p) {
    AUTO_BUF struct buf payload = BUF_INIT;
    char text[REF_TEXT];
    struct jsonw w;
    jsonw_init(&w, &payload);
    jsonw_begin_object(&w);
    jsonw_kstring(&w, "lot", p->lot);
    jsonw_kstring(&w, "expires", p->expires);
    jsonw_end_object(&w);
    return call_audit(call, tx, ref_format(text, &p->ref), buf_str(&payload));
}

static int update_work(struct rpc_call *call, struct db_tx *tx) {
    const struct rpc_lots_update_params *p = call->params;
    int64_t item = 0, id = 0, day = 0;
    struct lot l = {0};
    int rc = level_view_item(call, tx, &p->ref, &item);
    if (rc >= 0)
        rc = level_view_day(call, "expires", p->expires, &day);
    if (rc >= 0)
        rc = level_view_lot(call, tx, item, p->lot, NULL, false, &id);
    if (rc >= 0)
        rc = lot_get(tx, id, &l);
    if (rc >= 0)
        rc = lot_set_expires(tx, &l, day);
    if (rc >= 0)
        rc = audit(call, tx, p);
    if (rc < 0)
        return rc;
    l.expires_ms = day;
    rc = write_lot(call, tx, call_result(call), &l);
    return rc < 0 ? rc : 0;
}

int method_lots_update(struct rpc_call *call,
                       const struct rpc_lots_update_params *p) {
    (void)p;
    return call_write(call, update_work, NULL);
}
