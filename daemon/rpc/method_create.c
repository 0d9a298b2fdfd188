/* Objects that are to be made in a shop. The payload has the names of
 * WooCommerce's POST but for an order's `lines`; prices and totals are left to
 * the shop. */
#include <string.h>

#include "common/json.h"
#include "common/money.h"
#include "common/str.h"
#include "model/change_value.h"
#include "model/product_list.h"
#include "model/proposal.h"
#include "rpc/mirrored.h"
#include "rpc/outgoing.h"
#include "rpc_handlers.gen.h"

static void maybe(struct jsonw *w, const char *key, const char *text) {
    if (text)
        jsonw_kstring(w, key, text);
}

static void maybe_json(struct jsonw *w, const char *key, const struct json *v) {
    AUTO_BUF struct buf text = BUF_INIT;
    if (!v)
        return;
    json_print(&text, v);
    jsonw_key(w, key);
    jsonw_raw(w, text.data, text.len);
}

static void write_meta(struct jsonw *w, const struct json *meta) {
    if (!meta)
        return;
    jsonw_key(w, "meta_data");
    jsonw_begin_array(w);
    for (const struct json *c = json_first(meta); c; c = json_next(c)) {
        jsonw_begin_object(w);
        jsonw_kstring(w, "key", json_key(c));
        jsonw_kstring(w, "value", json_string(c));
        jsonw_end_object(w);
    }
    jsonw_end_array(w);
}

/* A reference into the store the object is made in: its id, or ERR_INVALID. */
static int id_in(struct rpc_call *call, const struct ref *ref,
                 const char *store, enum ref_kind kind, const char *field,
                 int64_t *ret) {
    if (ref->kind != kind || !str_eq(ref->store, store))
        return call_fail(call, ERR_INVALID, field,
                         "must be one of the store %s", store);
    *ret = ref->id;
    return 0;
}

static int commit(struct outgoing *o, struct buf *payload, int rc) {
    if (rc < 0)
        return rc;
    o->n.payload = outgoing_keep(o->call, payload);
    return outgoing_commit(o);
}

/* --- order ------------------------------------------------------------- */

static int write_line(struct rpc_call *call, struct db_tx *tx, int64_t store_id,
                      const char *store, const struct json *line,
                      struct jsonw *w) {
    struct ref ref;
    struct product_item p = {0};
    int64_t id = 0, e3 = 0;
    int rc = ref_parse(json_string(json_get(line, "product")), &ref);
    if (rc >= 0)
        rc = id_in(call, &ref, store, REF_OBJECT, "lines", &id);
    if (rc >= 0)
        rc = product_item_get(tx, store_id, id, call_arena(call), &p);
    /* WooCommerce takes an unknown id and makes a line of nothing. */
    if (rc == 0)
        rc = call_fail(call, ERR_INVALID, "lines",
                       "%s:%lld is no product of the shop", store,
                       (long long)id);
    if (rc < 0)
        return rc;
    (void)json_decimal(json_get(line, "quantity"), QTY_SCALE, &e3);
    if (e3 <= 0 || e3 % 1000)
        return call_fail(call, ERR_INVALID, "lines",
                         "a quantity must be whole and above zero");
    jsonw_begin_object(w);
    jsonw_ki64(w, "product_id", p.parent_id ? p.parent_id : id);
    if (p.parent_id)
        jsonw_ki64(w, "variation_id", id);
    jsonw_ki64(w, "quantity", e3 / 1000);
    jsonw_end_object(w);
    return 0;
}

static int write_lines(struct outgoing *o,
                       const struct rpc_orders_create_params *p,
                       struct jsonw *w) {
    int rc = 0;
    jsonw_key(w, "lines");
    jsonw_begin_array(w);
    for (const struct json *l = json_first(p->lines); l && rc >= 0;
         l = json_next(l))
        rc = write_line(o->call, o->tx, o->n.store_id, p->store, l, w);
    jsonw_end_array(w);
    return rc;
}

/* One line that asks for more than there is. The shop takes such an order all
 * the same: whoever makes it is told, and decides. */
static int write_short(const struct outgoing *o, const struct json *line,
                       struct jsonw *w) {
    struct ref ref;
    struct product_item p = {0};
    int64_t wanted = 0, left = 0;
    int rc = ref_parse(json_string(json_get(line, "product")), &ref);
    if (rc >= 0)
        rc = product_item_get(o->tx, o->n.store_id, ref.id, call_arena(o->call),
                              &p);
    if (rc > 0)
        rc = proposal_free(o->tx, o->n.store_id, ref.id, &left);
    (void)json_decimal(json_get(line, "quantity"), QTY_SCALE, &wanted);
    bool out = rc == 0 && str_eq(p.stock_status, "outofstock");
    if (rc < 0 || (rc == 0 && !out) || (rc > 0 && left >= wanted))
        return rc < 0 ? rc : 0;
    jsonw_begin_object(w);
    jsonw_kstring(w, "product", json_string(json_get(line, "product")));
    jsonw_kstring(w, "sku", p.sku);
    jsonw_kstring(w, "name", p.name);
    jsonw_kqty(w, "wanted", wanted);
    jsonw_kqty(w, "free", out || left < 0 ? 0 : left);
    jsonw_end_object(w);
    return 0;
}

static int note_short(struct outgoing *o, const struct json *lines) {
    AUTO_BUF struct buf list = BUF_INIT;
    struct jsonw w;
    int rc = 0;
    jsonw_init(&w, &list);
    jsonw_begin_array(&w);
    for (const struct json *l = json_first(lines); l && rc >= 0;
         l = json_next(l))
        rc = write_short(o, l, &w);
    jsonw_end_array(&w);
    o->also_key = "short";
    o->also = outgoing_keep(o->call, &list);
    return rc;
}

static void write_delivery(struct jsonw *w,
                           const struct rpc_orders_create_params *p) {
    if (!p->has_shipping_method && !p->has_shipping_total)
        return;
    jsonw_key(w, "shipping_lines");
    jsonw_begin_array(w);
    jsonw_begin_object(w);
    /* A method the shop knows by no id is taken as a flat rate. */
    jsonw_kstring(w, "method_id", "flat_rate");
    jsonw_kstring(w, "method_title",
                  p->has_shipping_method ? p->shipping_method : "");
    jsonw_kmoney(w, "total", p->shipping_total, 2);
    jsonw_end_object(w);
    jsonw_end_array(w);
}

static int order_work(struct rpc_call *call, struct db_tx *tx) {
    const struct rpc_orders_create_params *p = call->params;
    AUTO_BUF struct buf payload = BUF_INIT;
    struct outgoing o;
    struct jsonw w;
    int64_t customer = 0;
    outgoing_store(&o, call, tx, p->store, MIRROR_ORDER, p->reason);
    o.propose = p->propose;
    int rc = o.status;
    if (rc >= 0 && p->has_customer)
        rc = id_in(call, &p->customer, p->store, REF_CUSTOMER, "customer",
                   &customer);
    if (rc < 0)
        return rc;
    jsonw_init(&w, &payload);
    jsonw_begin_object(&w);
    jsonw_kstring(&w, "status", p->has_status ? p->status : "pending");
    jsonw_ki64(&w, "customer_id", customer);
    maybe_json(&w, "billing", p->billing);
    maybe_json(&w, "shipping", p->shipping);
    maybe(&w, "payment_method", p->payment_method);
    maybe(&w, "payment_method_title", p->payment_method_title);
    maybe(&w, "customer_note", p->customer_note);
    rc = write_lines(&o, p, &w);
    if (rc >= 0)
        rc = note_short(&o, p->lines);
    write_delivery(&w, p);
    write_meta(&w, p->meta);
    jsonw_end_object(&w);
    return commit(&o, &payload, rc);
}

int method_orders_create(struct rpc_call *call,
                         const struct rpc_orders_create_params *p) {
    if (!json_first(p->lines))
        return call_fail(call, ERR_INVALID, "lines", "an order has lines");
    if (p->shipping_total < 0)
        return call_fail(call, ERR_INVALID, "shipping_total",
                         "must not be below zero");
    return call_write(call, order_work, outgoing_then);
}

/* --- product ----------------------------------------------------------- */

static void write_size(struct jsonw *w, const struct rpc_goods *g) {
    if (!g->has_length && !g->has_width && !g->has_height)
        return;
    jsonw_key(w, "dimensions");
    jsonw_begin_object(w);
    maybe(w, "length", g->length);
    maybe(w, "width", g->width);
    maybe(w, "height", g->height);
    jsonw_end_object(w);
}

static void write_stock(struct jsonw *w,
                        const struct rpc_products_create_params *p) {
    if (p->has_stock || p->goods.has_manage_stock)
        jsonw_kbool(w, "manage_stock", p->has_stock || p->goods.manage_stock);
    if (p->has_stock)
        jsonw_ki64(w, "stock_quantity", p->stock / 1000);
}

static int product_work(struct rpc_call *call, struct db_tx *tx) {
    const struct rpc_products_create_params *p = call->params;
    static const char *const statuses[] = {"publish", "draft", "pending",
                                           "private"};
    const struct rpc_goods *g = &p->goods;
    AUTO_BUF struct buf payload = BUF_INIT;
    const char *ids = NULL;
    struct outgoing o;
    struct jsonw w;
    outgoing_store(&o, call, tx, p->store, MIRROR_PRODUCT, p->reason);
    o.propose = p->propose;
    if (g->has_categories && o.status >= 0)
        o.status = outgoing_categories(call, g, p->store, &ids);
    if (o.status < 0)
        return o.status;
    jsonw_init(&w, &payload);
    jsonw_begin_object(&w);
    jsonw_kstring(&w, "type", "simple");
    jsonw_kstring(&w, "status", g->has_status ? statuses[g->status] : "draft");
    jsonw_kstring(&w, "name", p->name);
    maybe(&w, "sku", g->sku);
    maybe(&w, CHANGE_GTIN, g->gtin);
    maybe(&w, "regular_price", g->regular_price);
    maybe(&w, "sale_price", g->sale_price);
    maybe(&w, "weight", g->weight);
    maybe(&w, "description", g->description);
    maybe(&w, "short_description", g->short_description);
    write_size(&w, g);
    write_stock(&w, p);
    if (ids) {
        jsonw_key(&w, "categories");
        jsonw_raw(&w, ids, strlen(ids));
    }
    write_meta(&w, g->meta);
    jsonw_end_object(&w);
    return commit(&o, &payload, 0);
}

int method_products_create(struct rpc_call *call,
                           const struct rpc_products_create_params *p) {
    if (p->stock < 0 || p->stock % 1000)
        return call_fail(call, ERR_INVALID, "stock",
                         "must be whole and not below zero");
    return call_write(call, product_work, outgoing_then);
}

/* --- customer ---------------------------------------------------------- */

static int customer_work(struct rpc_call *call, struct db_tx *tx) {
    const struct rpc_customers_create_params *p = call->params;
    AUTO_BUF struct buf payload = BUF_INIT;
    struct outgoing o;
    struct jsonw w;
    outgoing_store(&o, call, tx, p->store, MIRROR_CUSTOMER, p->reason);
    if (o.status < 0)
        return o.status;
    jsonw_init(&w, &payload);
    jsonw_begin_object(&w);
    jsonw_kstring(&w, "email", p->email);
    maybe(&w, "first_name", p->first_name);
    maybe(&w, "last_name", p->last_name);
    maybe_json(&w, "billing", p->billing);
    maybe_json(&w, "shipping", p->shipping);
    jsonw_end_object(&w);
    return commit(&o, &payload, 0);
}

int method_customers_create(struct rpc_call *call,
                            const struct rpc_customers_create_params *p) {
    (void)p;
    return call_write(call, customer_work, outgoing_then);
}

/* --- category ---------------------------------------------------------- */

static int category_work(struct rpc_call *call, struct db_tx *tx) {
    const struct rpc_categories_create_params *p = call->params;
    AUTO_BUF struct buf payload = BUF_INIT;
    struct outgoing o;
    struct jsonw w;
    int64_t parent = 0;
    outgoing_store(&o, call, tx, p->store, MIRROR_CATEGORY, p->reason);
    int rc = o.status;
    if (rc >= 0 && p->has_parent)
        rc = id_in(call, &p->parent, p->store, REF_CATEGORY, "parent", &parent);
    if (rc < 0)
        return rc;
    jsonw_init(&w, &payload);
    jsonw_begin_object(&w);
    jsonw_kstring(&w, "name", p->name);
    maybe(&w, "slug", p->slug);
    maybe(&w, "description", p->description);
    if (parent)
        jsonw_ki64(&w, "parent", parent);
    jsonw_end_object(&w);
    return commit(&o, &payload, 0);
}

int method_categories_create(struct rpc_call *call,
                             const struct rpc_categories_create_params *p) {
    (void)p;
    return call_write(call, category_work, outgoing_then);
}
