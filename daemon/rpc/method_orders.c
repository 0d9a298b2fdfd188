/* orders.list and orders.refresh; the detail is in method_order.c. */
#include <string.h>

#include "db/sql.h"
#include "model/order_list.h"
#include "rpc/mirrored.h"
#include "rpc/order_view.h"
#include "rpc/refresh.h"
#include "rpc_handlers.gen.h"

static int list_work(struct rpc_call *call, struct db_tx *tx) {
    static const int sorts[] = {
        [RPC_ORDERS_LIST_SORT_DATE_CREATED_DESC] = ORDER_SORT_CREATED_DESC,
        [RPC_ORDERS_LIST_SORT_DATE_CREATED] = ORDER_SORT_CREATED,
        [RPC_ORDERS_LIST_SORT_TOTAL_DESC] = ORDER_SORT_TOTAL_DESC,
        [RPC_ORDERS_LIST_SORT_TOTAL] = ORDER_SORT_TOTAL,
    };
    const struct rpc_orders_list_params *p = call->params;
    struct list_request r = {.filter = p->filter,
                             .store = p->store,
                             .status = p->status,
                             .sort = sorts[p->sort],
                             .limit = (int)p->limit,
                             .after = p->after,
                             .zone = call->rpc->zone};
    struct order_page page;
    struct pending *pending;
    int rc = order_list(tx, &r, call->rpc->o.late_s * 1000, call_arena(call),
                        &page, &call->error);
    if (rc >= 0)
        rc = order_view_pendings(call, tx, &page, &pending);
    if (rc < 0)
        return rc;
    struct jsonw *w = call_list_begin(call);
    for (size_t i = 0; i < page.n; i++) {
        jsonw_begin_object(w);
        order_view_fields(&page.items[i], &pending[i], p->fields, db_now(tx),
                          w);
        jsonw_end_object(w);
    }
    call_list_end(w, page.next, page.partial);
    return 0;
}

int method_orders_list(struct rpc_call *call,
                       const struct rpc_orders_list_params *p) {
    (void)p;
    return call_read(call, list_work, NULL);
}

/* --- refresh ----------------------------------------------------------- */

/* The order before it is asked for. */
struct before {
    int64_t store_id;
    int known;
    uint8_t hash[16];
};

static int refresh_find(struct rpc_call *call, struct db_tx *tx) {
    const struct rpc_orders_refresh_params *p = call->params;
    struct before *b = arena_alloc(call_arena(call), sizeof *b);
    struct store s = {0};
    int gone;
    int rc = mirrored_store(call, tx, &p->ref, REF_OBJECT, &s);
    if (rc >= 0)
        rc = b->known =
            mirror_hash(tx, MIRROR_ORDER, s.id, p->ref.id, b->hash, &gone);
    b->store_id = s.id;
    store_done(&s);
    call->data = b;
    return rc;
}

static int refresh_look(struct rpc_call *call, struct db_tx *tx) {
    const struct rpc_orders_refresh_params *p = call->params;
    const struct before *b = call->data;
    struct order_item o;
    uint8_t hash[16];
    char text[REF_TEXT];
    int gone;
    int rc =
        order_item_get(tx, b->store_id, p->ref.id, 0, call_arena(call), &o);
    if (rc > 0)
        rc = mirror_hash(tx, MIRROR_ORDER, b->store_id, p->ref.id, hash, &gone);
    if (rc <= 0)
        return rc < 0 ? rc : mirrored_missing(call, &p->ref);
    struct jsonw *w = call_result(call);
    jsonw_begin_object(w);
    jsonw_kstring(w, "ref", ref_format(text, &p->ref));
    jsonw_kbool(w, "changed",
                !b->known || memcmp(hash, b->hash, sizeof hash) != 0 ||
                    (gone != 0));
    jsonw_kstring(w, "status", o.status);
    jsonw_ktime(w, "checked", db_now(tx));
    jsonw_end_object(w);
    return 0;
}

static void refreshed(struct rpc_call *call, int status) {
    if (status == ERR_SHOP_NOT_FOUND || status >= 0)
        status = call_read(call, refresh_look, NULL);
    if (status < 0)
        call_finish(call, status);
}

static int refresh_then(struct rpc_call *call) {
    const struct rpc_orders_refresh_params *p = call->params;
    const struct before *b = call->data;
    return refresh_order(call, b->store_id, p->ref.id, refreshed);
}

int method_orders_refresh(struct rpc_call *call,
                          const struct rpc_orders_refresh_params *p) {
    (void)p;
    return call_read(call, refresh_find, refresh_then);
}
