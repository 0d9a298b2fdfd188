/* Stock that does not add up. Changing it is in method_update.c. */
#include "model/ledger_list.h"
#include "rpc/mirrored.h"
#include "rpc/product_view.h"
#include "rpc_handlers.gen.h"

static void write_item(struct jsonw *w, const struct drift_item *d) {
    const struct ledger *l = &d->sum;
    jsonw_begin_object(w);
    product_view_ref(w, "ref", d->store, d->remote_id);
    jsonw_kstring(w, "store", d->store);
    jsonw_ki64(w, "remote_id", d->remote_id);
    jsonw_kstring(w, "sku", d->sku);
    jsonw_kstring(w, "name", d->name);
    jsonw_kqty(w, "shop", d->shop_e3);
    jsonw_kqty(w, "expected", l->expected_e3);
    jsonw_kqty(w, "drift", d->drift_e3);
    jsonw_ktime(w, "since", l->drift_ms);
    jsonw_kqty(w, "agreed", l->agreed_e3);
    jsonw_ktime(w, "agreed_at", l->agreed_ms);
    jsonw_kqty(w, "sent", l->sent_e3);
    jsonw_kqty(w, "taken", d->taken_e3);
    jsonw_end_object(w);
}

static int drift_work(struct rpc_call *call, struct db_tx *tx) {
    const struct rpc_inventory_drift_params *p = call->params;
    struct list_request r = {
        .filter = p->filter, .limit = (int)p->limit, .after = p->after};
    struct drift_page page = {0};
    int rc = drift_list(tx, &r, call_arena(call), &page, &call->error);
    if (rc < 0)
        return rc;
    struct jsonw *w = call_list_begin(call);
    for (size_t i = 0; i < page.n; i++)
        write_item(w, &page.items[i]);
    call_list_end(w, page.next, false);
    return 0;
}

int method_inventory_drift(struct rpc_call *call,
                           const struct rpc_inventory_drift_params *p) {
    (void)p;
    return call_read(call, drift_work, NULL);
}

/* --- agree ------------------------------------------------------------- */

static int agree(struct rpc_call *call, struct db_tx *tx, const struct ref *ref,
                 int64_t *ret_e3) {
    struct store s = {0};
    int rc = mirrored_store(call, tx, ref, REF_OBJECT, &s);
    if (rc < 0)
        return rc;
    rc = ledger_agree(tx, s.id, ref->id, ret_e3);
    store_done(&s);
    if (rc == 0)
        return call_fail(call, ERR_NOT_FOUND, "ref",
                         "its stock was never changed from here");
    if (rc == ERR_CONFLICT)
        return call_fail(call, rc, "ref", "a change of its stock is open");
    return rc;
}

static int agree_work(struct rpc_call *call, struct db_tx *tx) {
    const struct rpc_inventory_agree_params *p = call->params;
    AUTO_BUF struct buf payload = BUF_INIT;
    char ref[REF_TEXT];
    struct jsonw w;
    int64_t e3;
    int rc = agree(call, tx, &p->ref, &e3);
    if (rc < 0)
        return rc;
    jsonw_init(&w, &payload);
    jsonw_begin_object(&w);
    jsonw_kqty(&w, "agreed", e3);
    jsonw_end_object(&w);
    rc = call_audit(call, tx, ref_format(ref, &p->ref), buf_str(&payload));
    if (rc < 0)
        return rc;
    struct jsonw *out = call_result(call);
    jsonw_begin_object(out);
    jsonw_kstring(out, "ref", ref);
    jsonw_kqty(out, "agreed", e3);
    jsonw_end_object(out);
    return 0;
}

int method_inventory_agree(struct rpc_call *call,
                           const struct rpc_inventory_agree_params *p) {
    (void)p;
    return call_write(call, agree_work, NULL);
}
