#include <string.h>

#include "common/money.h"
#include "common/ref.h"
#include "common/str.h"
#include "db/sql.h"
#include "model/customer_list.h"
#include "model/order_list.h"
#include "rpc/customer_ref.h"
#include "rpc/mirrored.h"
#include "rpc/order_view.h"
#include "rpc/raw_view.h"
#include "rpc_handlers.gen.h"

enum { RECENT = 20, DECIMALS = 2 };

/* alpine:customer/12, or alpine:guest/<e-mail>. */
static void write_ref(struct jsonw *w, const struct customer_item *c) {
    AUTO_BUF struct buf text = BUF_INIT;
    customer_item_ref(&text, c);
    jsonw_kstring(w, "ref", buf_str(&text));
}

static void write_spent(struct jsonw *w, const char *key,
                        const struct customer_item *c, bool average) {
    jsonw_key(w, key);
    jsonw_begin_object(w);
    for (size_t i = 0; i < c->n_spent; i++) {
        const struct customer_amount *a = &c->spent[i];
        int64_t v = a->spent_e4;
        if (average && a->paid > 0)
            v = v / a->paid / 100 * 100; /* to the cent */
        jsonw_kmoney(w, a->currency, v, DECIMALS);
    }
    jsonw_end_object(w);
}

static void write_who(struct jsonw *w, const struct customer_item *c,
                      uint64_t f) {
    if (f & 1u << RPC_CUSTOMER_ROW_REF)
        write_ref(w, c);
    if (f & 1u << RPC_CUSTOMER_ROW_STORE)
        jsonw_kstring(w, "store", c->store);
    if (f & 1u << RPC_CUSTOMER_ROW_REMOTE_ID)
        jsonw_ki64(w, "remote_id", c->remote_id);
    if (f & 1u << RPC_CUSTOMER_ROW_KIND)
        jsonw_kstring(w, "kind", c->registered ? "registered" : "guest");
    if (f & 1u << RPC_CUSTOMER_ROW_NAME)
        jsonw_kstring(w, "name", c->name);
    if (f & 1u << RPC_CUSTOMER_ROW_EMAIL)
        jsonw_kstring(w, "email", c->email);
    if (f & 1u << RPC_CUSTOMER_ROW_PHONE)
        jsonw_kstring(w, "phone", c->phone);
}

static void write_fields(struct jsonw *w, const struct customer_item *c,
                         uint64_t f) {
    write_who(w, c, f);
    if (f & 1u << RPC_CUSTOMER_ROW_CITY)
        jsonw_kstring(w, "city", c->city);
    if (f & 1u << RPC_CUSTOMER_ROW_COUNTRY)
        jsonw_kstring(w, "country", c->country);
    if (f & 1u << RPC_CUSTOMER_ROW_ORDERS)
        jsonw_ki64(w, "orders", c->orders);
    if (f & 1u << RPC_CUSTOMER_ROW_SPENT)
        write_spent(w, "spent", c, false);
    if (f & 1u << RPC_CUSTOMER_ROW_LAST_ORDER)
        jsonw_ktime(w, "last_order", c->last_order_ms);
    if (f & 1u << RPC_CUSTOMER_ROW_TAGS)
        customer_tags_write(w, c->tags);
}

static int list_work(struct rpc_call *call, struct db_tx *tx) {
    const struct rpc_customers_list_params *p = call->params;
    bool down = p->sort == RPC_CUSTOMERS_LIST_SORT_NAME_DESC;
    struct list_request r = {.filter = p->filter,
                             .store = p->store,
                             .sort = down ? CUSTOMER_SORT_NAME_DESC
                                          : CUSTOMER_SORT_NAME,
                             .limit = (int)p->limit,
                             .after = p->after,
                             .zone = call->rpc->zone};
    struct customer_page page;
    int rc = customer_list(tx, &r, call_arena(call), &page, &call->error);
    if (rc < 0)
        return rc;
    struct jsonw *w = call_list_begin(call);
    for (size_t i = 0; i < page.n; i++) {
        jsonw_begin_object(w);
        write_fields(w, &page.items[i], p->fields);
        jsonw_end_object(w);
    }
    call_list_end(w, page.next, page.partial);
    return 0;
}

int method_customers_list(struct rpc_call *call,
                          const struct rpc_customers_list_params *p) {
    (void)p;
    return call_read(call, list_work, NULL);
}

/* --- get --------------------------------------------------------------- */

/* The kept object of the account; of a guest that of the newest order. */
static int read_raw(struct rpc_call *call, struct db_tx *tx,
                    const struct customer_item *c,
                    const struct order_page *orders, const struct json **ret) {
    enum mirror_kind kind = MIRROR_CUSTOMER;
    struct ref ref = {.kind = REF_CUSTOMER, .id = c->remote_id};
    if (c->remote_id == 0 && orders->n == 0)
        return 0;
    if (c->remote_id == 0) {
        kind = MIRROR_ORDER;
        ref.id = orders->items[0].remote_id;
    }
    return mirrored_json(call, tx, kind, c->store_id, &ref, ret);
}

/* Newest orders: those with the customer's e-mail in this store. */
static int read_orders(struct rpc_call *call, struct db_tx *tx,
                       const struct customer_item *c, struct order_page *ret) {
    AUTO_BUF struct buf filter = BUF_INIT;
    *ret = (struct order_page){0};
    if (str_empty(c->email) || strpbrk(c->email, "\"\\*,"))
        return 0;
    buf_addf(&filter, "email:\"%s\"", c->email);
    struct list_request r = {.filter = buf_str(&filter),
                             .store = c->store,
                             .sort = ORDER_SORT_CREATED_DESC,
                             .limit = RECENT};
    return order_list(tx, &r, call->rpc->o.late_s * 1000, call_arena(call), ret,
                      &call->error);
}

static void write_recent(struct jsonw *w, const struct order_page *orders,
                         const struct pending *pending, int64_t now) {
    jsonw_key(w, "recent");
    jsonw_begin_array(w);
    for (size_t i = 0; i < orders->n; i++)
        order_view_write(&orders->items[i], &pending[i], now, w);
    jsonw_end_array(w);
}

static int get_work(struct rpc_call *call, struct db_tx *tx) {
    const struct rpc_customers_get_params *p = call->params;
    struct customer_item c = {0};
    struct order_page orders = {0};
    const struct json *raw = NULL;
    struct pending *pending;
    int64_t checked;
    int rc = customer_ref_find(call, tx, p->ref, &c);
    if (rc >= 0)
        rc = read_orders(call, tx, &c, &orders);
    if (rc >= 0)
        rc = read_raw(call, tx, &c, &orders, &raw);
    if (rc >= 0)
        rc = mirrored_checked(tx, c.store_id, "customers", &checked);
    if (rc >= 0)
        rc = order_view_pendings(call, tx, &orders, &pending);
    if (rc < 0)
        return rc;
    struct jsonw *w = call_result(call);
    jsonw_begin_object(w);
    write_fields(w, &c, UINT64_MAX);
    raw_address(w, "billing", json_get(raw, "billing"), true);
    raw_address(w, "shipping", json_get(raw, "shipping"), false);
    write_spent(w, "average", &c, true);
    jsonw_ktime(w, "date_created", c.registered ? c.created_ms : 0);
    write_recent(w, &orders, pending, db_now(tx));
    jsonw_ktime(w, "checked", checked);
    jsonw_end_object(w);
    return 0;
}

int method_customers_get(struct rpc_call *call,
                         const struct rpc_customers_get_params *p) {
    (void)p;
    return call_read(call, get_work, NULL);
}
