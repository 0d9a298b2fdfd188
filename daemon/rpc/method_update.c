/* Fields of products, customers and categories a person changes in a shop, and
 * their stock; orders are in method_orders_write.c. */
#include <string.h>

#include "common/json.h"
#include "common/money.h"
#include "common/str.h"
#include "model/category_list.h"
#include "model/change_value.h"
#include "model/proposal.h"
#include "rpc/mirrored.h"
#include "rpc/outgoing.h"
#include "rpc_handlers.gen.h"

/* --- product ----------------------------------------------------------- */

static int product_work(struct rpc_call *call, struct db_tx *tx) {
    static const char *const statuses[] = {"publish", "draft", "pending",
                                           "private"};
    const struct rpc_products_update_params *p = call->params;
    const struct rpc_goods *g = &p->goods;
    const char *ids = NULL;
    struct outgoing o;
    outgoing_ref(&o, call, tx, &p->ref, MIRROR_PRODUCT, CHANGE_SET, p->reason);
    o.base = p->base;
    outgoing_text(&o, "name", p->name);
    outgoing_text(&o, "sku", g->sku);
    outgoing_text(&o, CHANGE_GTIN, g->gtin);
    outgoing_text(&o, "status", g->has_status ? statuses[g->status] : NULL);
    outgoing_text(&o, "regular_price", g->regular_price);
    outgoing_text(&o, "sale_price", g->sale_price);
    outgoing_text(&o, "weight", g->weight);
    outgoing_text(&o, "dimensions.length", g->length);
    outgoing_text(&o, "dimensions.width", g->width);
    outgoing_text(&o, "dimensions.height", g->height);
    outgoing_text(&o, "description", g->description);
    outgoing_text(&o, "short_description", g->short_description);
    if (g->has_manage_stock)
        outgoing_json(&o, "manage_stock", g->manage_stock ? "true" : "false");
    if (g->has_categories && o.status >= 0)
        o.status = outgoing_categories(call, g, p->ref.store, &ids);
    if (ids)
        outgoing_json(&o, "categories", ids);
    outgoing_members(&o, "meta", true, g->meta);
    o.propose = p->propose;
    return outgoing_commit(&o);
}

int method_products_update(struct rpc_call *call,
                           const struct rpc_products_update_params *p) {
    (void)p;
    return call_write(call, product_work, outgoing_then);
}

static int trash_work(struct rpc_call *call, struct db_tx *tx) {
    const struct rpc_products_trash_params *p = call->params;
    struct outgoing o;
    outgoing_ref(&o, call, tx, &p->ref, MIRROR_PRODUCT, CHANGE_TRASH,
                 p->reason);
    return outgoing_commit(&o);
}

int method_products_trash(struct rpc_call *call,
                          const struct rpc_products_trash_params *p) {
    (void)p;
    return call_write(call, trash_work, outgoing_then);
}

/* --- stock ------------------------------------------------------------- */

static int adjust_work(struct rpc_call *call, struct db_tx *tx) {
    const struct rpc_inventory_adjust_params *p = call->params;
    char delta[MONEY_TEXT];
    struct outgoing o;
    outgoing_ref(&o, call, tx, &p->ref, MIRROR_PRODUCT, CHANGE_STOCK,
                 p->reason);
    const char *text = money_format_qty(delta, p->delta);
    outgoing_json(&o, "stock",
                  arena_dupn(call_arena(call), text, strlen(text)));
    o.propose = p->propose;
    return outgoing_commit(&o);
}

int method_inventory_adjust(struct rpc_call *call,
                            const struct rpc_inventory_adjust_params *p) {
    /* WooCommerce's inventory_delta is an integer; a fraction would be cut. */
    if (p->delta == 0 || p->delta % 1000)
        return call_fail(call, ERR_INVALID, "delta",
                         "must be a whole number other than zero");
    return call_write(call, adjust_work, outgoing_then);
}

/* The difference to the number that was seen is what goes out. */
static int set_work(struct rpc_call *call, struct db_tx *tx) {
    const struct rpc_inventory_set_params *p = call->params;
    char text[MONEY_TEXT];
    const char *seen = NULL;
    int64_t was = p->seen / 1000;
    struct outgoing o;
    outgoing_ref(&o, call, tx, &p->ref, MIRROR_PRODUCT, CHANGE_STOCK,
                 p->reason);
    if (o.status >= 0 && !p->has_seen) {
        o.status = proposal_value_now(tx, o.n.store_id, p->ref.id, "stock",
                                      call_arena(call), &seen);
        if (o.status == ERR_NOT_FOUND)
            o.status = mirrored_missing(call, &p->ref);
        else if (o.status >= 0 &&
                 (!seen || str_to_i64(seen, INT32_MIN, INT32_MAX, &was) < 0))
            o.status = call_fail(call, ERR_CONFLICT, "ref",
                                 "the shop does not count its stock");
    }
    if (o.status >= 0 && p->stock / 1000 == was)
        o.status = call_fail(call, ERR_INVALID, "stock",
                             "it has %lld: nothing is changed", (long long)was);
    (void)str_format(text, sizeof text, "%lld", (long long)was);
    o.seen = arena_dupn(call_arena(call), text, strlen(text));
    (void)str_format(text, sizeof text, "%lld",
                     (long long)(p->stock / 1000 - was));
    outgoing_json(&o, "stock",
                  arena_dupn(call_arena(call), text, strlen(text)));
    o.level = true;
    o.propose = p->propose;
    return outgoing_commit(&o);
}

int method_inventory_set(struct rpc_call *call,
                         const struct rpc_inventory_set_params *p) {
    if (p->stock % 1000 || p->stock / 1000 > INT32_MAX ||
        p->stock / 1000 < -INT32_MAX)
        return call_fail(call, ERR_INVALID, "stock", "must be a whole number");
    if (p->seen % 1000 || p->seen / 1000 > INT32_MAX ||
        p->seen / 1000 < -INT32_MAX)
        return call_fail(call, ERR_INVALID, "seen", "must be a whole number");
    return call_write(call, set_work, outgoing_then);
}

/* --- customer ---------------------------------------------------------- */

static int customer_work(struct rpc_call *call, struct db_tx *tx) {
    const struct rpc_customers_update_params *p = call->params;
    struct outgoing o;
    outgoing_ref(&o, call, tx, &p->ref, MIRROR_CUSTOMER, CHANGE_SET, p->reason);
    o.base = p->base;
    outgoing_text(&o, "email", p->email);
    outgoing_text(&o, "first_name", p->first_name);
    outgoing_text(&o, "last_name", p->last_name);
    outgoing_members(&o, "billing", false, p->billing);
    outgoing_members(&o, "shipping", false, p->shipping);
    return outgoing_commit(&o);
}

int method_customers_update(struct rpc_call *call,
                            const struct rpc_customers_update_params *p) {
    (void)p;
    return call_write(call, customer_work, outgoing_then);
}

/* --- category ---------------------------------------------------------- */

static int category_work(struct rpc_call *call, struct db_tx *tx) {
    const struct rpc_categories_update_params *p = call->params;
    struct outgoing o;
    outgoing_ref(&o, call, tx, &p->ref, MIRROR_CATEGORY, CHANGE_SET, p->reason);
    o.base = p->base;
    outgoing_text(&o, "name", p->name);
    outgoing_text(&o, "slug", p->slug);
    outgoing_text(&o, "description", p->description);
    return outgoing_commit(&o);
}

/* Nothing takes it back: who wants it gone knows what it is called. */
static int check_name(struct outgoing *o, const char *name) {
    struct category_item *c;
    size_t n = 0;
    if (o->status < 0)
        return o->status;
    int rc = category_list(o->tx, o->n.store_id, call_arena(o->call), &c, &n);
    for (size_t i = 0; rc >= 0 && i < n; i++)
        if (c[i].remote_id == o->n.remote_id && !str_eq(c[i].name, name))
            return call_fail(o->call, ERR_INVALID, "name",
                             "it is called %.60s, not %.60s", c[i].name, name);
    return rc;
}

static int category_delete_work(struct rpc_call *call, struct db_tx *tx) {
    const struct rpc_categories_delete_params *p = call->params;
    struct outgoing o;
    outgoing_ref(&o, call, tx, &p->ref, MIRROR_CATEGORY, CHANGE_TRASH,
                 p->reason);
    o.status = check_name(&o, p->name);
    return outgoing_commit(&o);
}

int method_categories_delete(struct rpc_call *call,
                             const struct rpc_categories_delete_params *p) {
    (void)p;
    return call_write(call, category_delete_work, outgoing_then);
}

int method_categories_update(struct rpc_call *call,
                             const struct rpc_categories_update_params *p) {
    (void)p;
    return call_write(call, category_work, outgoing_then);
}
