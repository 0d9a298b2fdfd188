#include "model/product_list.h"
#include "model/sales.h"
#include "rpc/mirrored.h"
#include "rpc/product_view.h"
#include "rpc_handlers.gen.h"

static void write_period(struct jsonw *w, int days, const struct sales *s) {
    jsonw_begin_object(w);
    if (days)
        jsonw_ki64(w, "days", days);
    else {
        jsonw_key(w, "days");
        jsonw_null(w);
    }
    jsonw_ki64(w, "orders", s->orders);
    jsonw_kqty(w, "quantity", s->qty_e3);
    jsonw_key(w, "revenue");
    amounts_write(&s->revenue, w);
    jsonw_end_object(w);
}

static void write_sales(struct jsonw *w, const struct product_item *p,
                        const struct sales sold[SALES_PERIODS]) {
    jsonw_begin_object(w);
    product_view_ref(w, "ref", p->store, p->remote_id);
    jsonw_key(w, "periods");
    jsonw_begin_array(w);
    for (size_t i = 0; i < SALES_PERIODS; i++)
        write_period(w, sales_days[i], &sold[i]);
    jsonw_end_array(w);
    jsonw_end_object(w);
}

static int sales_work(struct rpc_call *call, struct db_tx *tx) {
    const struct rpc_products_sales_params *p = call->params;
    struct sales sold[SALES_PERIODS];
    struct product_item item;
    struct store s = {0};
    int rc = mirrored_store(call, tx, &p->ref, REF_OBJECT, &s);
    if (rc >= 0)
        rc = product_item_get(tx, s.id, p->ref.id, call_arena(call), &item);
    if (rc == 0)
        rc = mirrored_missing(call, &p->ref);
    if (rc > 0)
        rc = sales_of(tx, s.id, p->ref.id, item.parent_id, sold);
    store_done(&s);
    if (rc < 0)
        return rc;
    write_sales(call_result(call), &item, sold);
    return 0;
}

int method_products_sales(struct rpc_call *call,
                          const struct rpc_products_sales_params *p) {
    (void)p;
    return call_read(call, sales_work, NULL);
}
