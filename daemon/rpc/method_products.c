#include "common/money.h"
#include "common/str.h"
#include "db/sql.h"
#include "model/change_value.h"
#include "model/product_list.h"
#include "rpc/mirrored.h"
#include "rpc/product_view.h"
#include "rpc/raw_view.h"
#include "rpc_handlers.gen.h"

enum { VARIATIONS_MAX = 500 };

static int write_rows(struct rpc_call *call, struct db_tx *tx, struct jsonw *w,
                      const struct product_page *page, uint64_t fields) {
    int rc = 0;
    for (size_t i = 0; i < page->n && rc >= 0; i++) {
        struct pending pending;
        rc = product_view_pending(call, tx, &page->items[i], &pending);
        jsonw_begin_object(w);
        product_view_fields(&page->items[i], &pending, fields, w);
        jsonw_end_object(w);
    }
    return rc;
}

/* The store of the parent asked for; its name narrows the list. */
static int read_parent(struct rpc_call *call, struct db_tx *tx, int64_t *ret) {
    const struct rpc_products_list_params *p = call->params;
    struct store s = {0};
    *ret = 0;
    if (!p->has_parent)
        return 0;
    int rc = mirrored_store(call, tx, &p->parent, REF_OBJECT, &s);
    *ret = s.id;
    store_done(&s);
    return rc;
}

static int list_work(struct rpc_call *call, struct db_tx *tx) {
    static const int sorts[] = {
        [RPC_PRODUCTS_LIST_SORT_NAME] = PRODUCT_SORT_NAME,
        [RPC_PRODUCTS_LIST_SORT_NAME_DESC] = PRODUCT_SORT_NAME_DESC,
        [RPC_PRODUCTS_LIST_SORT_SKU] = PRODUCT_SORT_SKU,
        [RPC_PRODUCTS_LIST_SORT_STOCK_QUANTITY] = PRODUCT_SORT_STOCK,
    };
    const struct rpc_products_list_params *p = call->params;
    struct list_request r = {.filter = p->filter,
                             .store = p->store,
                             .sort = sorts[p->sort],
                             .limit = (int)p->limit,
                             .after = p->after,
                             .zone = call->rpc->zone};
    struct product_page page;
    int64_t store;
    int rc = read_parent(call, tx, &store);
    if (rc >= 0)
        rc = product_list(tx, &r,
                          p->variations == RPC_PRODUCTS_LIST_VARIATIONS_UNFOLD,
                          store, p->has_parent ? p->parent.id : 0,
                          call_arena(call), &page, &call->error);
    if (rc < 0)
        return rc;
    struct jsonw *w = call_list_begin(call);
    rc = write_rows(call, tx, w, &page, p->fields);
    call_list_end(w, page.next, page.partial);
    return rc;
}

int method_products_list(struct rpc_call *call,
                         const struct rpc_products_list_params *p) {
    (void)p;
    return call_read(call, list_work, NULL);
}

/* --- get --------------------------------------------------------------- */

struct whole {
    struct product_item row;
    struct product_page variations;
    struct pending pending;
    const struct json *shop; /* as it returned it; NULL: not kept */
    const struct json *raw;  /* with what is on its way */
    int64_t checked_ms;
};

static int read_variations(struct rpc_call *call, struct db_tx *tx,
                           const struct ref *ref, struct whole *o) {
    struct list_request r = {.sort = PRODUCT_SORT_NAME,
                             .limit = VARIATIONS_MAX};
    if (o->row.variations == 0)
        return 0;
    return product_list(tx, &r, false, o->row.store_id, ref->id,
                        call_arena(call), &o->variations, &call->error);
}

static int read_whole(struct rpc_call *call, struct db_tx *tx,
                      const struct ref *ref, struct whole *o) {
    struct store s = {0};
    *o = (struct whole){0};
    int rc = mirrored_store(call, tx, ref, REF_OBJECT, &s);
    if (rc >= 0)
        rc = product_item_get(tx, s.id, ref->id, call_arena(call), &o->row);
    store_done(&s);
    if (rc <= 0)
        return rc < 0 ? rc : mirrored_missing(call, ref);
    rc = mirrored_checked(tx, o->row.store_id,
                          o->row.parent_id ? "variations" : "products",
                          &o->checked_ms);
    if (rc >= 0)
        rc = read_variations(call, tx, ref, o);
    if (rc >= 0)
        rc = mirrored_json(call, tx, MIRROR_PRODUCT, o->row.store_id, ref,
                           &o->shop);
    if (rc >= 0)
        rc = product_view_pending(call, tx, &o->row, &o->pending);
    o->raw = o->pending.now ? o->pending.now : o->shop;
    return rc < 0 ? rc : 0;
}

/* A product offers several options, a variation has taken one. */
static void write_attributes(struct jsonw *w, const struct json *list) {
    jsonw_key(w, "attributes");
    jsonw_begin_array(w);
    for (const struct json *a = json_first(list); a; a = json_next(a)) {
        const char *option = json_string(json_get(a, "option"));
        const struct json *o = json_first(json_get(a, "options"));
        jsonw_begin_object(w);
        raw_text(w, "name", a, "name", true);
        jsonw_key(w, "options");
        jsonw_begin_array(w);
        if (option)
            jsonw_string(w, option);
        for (; o; o = json_next(o)) {
            if (json_string(o))
                jsonw_string(w, json_string(o));
        }
        jsonw_end_array(w);
        jsonw_end_object(w);
    }
    jsonw_end_array(w);
}

static void write_images(struct jsonw *w, const struct json *raw) {
    const char *one = json_string(json_path(raw, "image.src"));
    jsonw_key(w, "images");
    jsonw_begin_array(w);
    if (one)
        jsonw_string(w, one);
    for (const struct json *i = json_first(json_get(raw, "images")); i;
         i = json_next(i)) {
        if (json_string(json_get(i, "src")))
            jsonw_string(w, json_string(json_get(i, "src")));
    }
    jsonw_end_array(w);
}

static void write_category_refs(struct jsonw *w, const char *store,
                                const struct json *raw) {
    const struct json *c = json_first(json_get(raw, "categories"));
    jsonw_key(w, "category_refs");
    jsonw_begin_array(w);
    for (; c; c = json_next(c)) {
        char text[REF_TEXT];
        struct ref ref = {.kind = REF_CATEGORY};
        (void)str_copy(ref.store, sizeof ref.store, store);
        if (json_i64(json_get(c, "id"), true, &ref.id) == 0)
            jsonw_string(w, ref_format(text, &ref));
    }
    jsonw_end_array(w);
}

static void write_facts(struct jsonw *w, const struct json *raw) {
    const struct json *size = json_get(raw, "dimensions");
    const char *backorders = json_string(json_get(raw, "backorders"));
    int64_t sales;
    raw_text(w, "slug", raw, "slug", false);
    raw_text(w, "permalink", raw, "permalink", false);
    raw_text(w, "gtin", raw, CHANGE_GTIN, false);
    raw_plain(w, "description", raw, "description");
    raw_plain(w, "short_description", raw, "short_description");
    raw_text(w, "description_html", raw, "description", false);
    raw_text(w, "short_description_html", raw, "short_description", false);
    raw_text(w, "weight", raw, "weight", false);
    jsonw_key(w, "dimensions");
    jsonw_begin_object(w);
    raw_text(w, "length", size, "length", false);
    raw_text(w, "width", size, "width", false);
    raw_text(w, "height", size, "height", false);
    jsonw_end_object(w);
    jsonw_kstring(w, "backorders", backorders ? backorders : "no");
    jsonw_key(w, "total_sales");
    if (json_i64(json_get(raw, "total_sales"), true, &sales) == 0)
        jsonw_i64(w, sales);
    else
        jsonw_null(w);
    write_attributes(w, json_get(raw, "attributes"));
    write_images(w, raw);
}

/* What the shop counts; stock_quantity has the changes on their way in it. */
static void write_shop_stock(struct jsonw *w, const struct json *shop) {
    int64_t e3;
    if (json_decimal(json_get(shop, "stock_quantity"), QTY_SCALE, &e3) == 0)
        jsonw_kqty(w, "shop_stock", e3);
    else
        jsonw_kstring(w, "shop_stock", NULL);
}

static int get_work(struct rpc_call *call, struct db_tx *tx) {
    const struct rpc_products_get_params *p = call->params;
    struct whole o;
    int rc = read_whole(call, tx, &p->ref, &o);
    if (rc < 0)
        return rc;
    struct jsonw *w = call_result(call);
    jsonw_begin_object(w);
    product_view_fields(&o.row, &o.pending, UINT64_MAX, w);
    write_shop_stock(w, o.shop);
    if (o.row.parent_id)
        product_view_ref(w, "parent", o.row.store, o.row.parent_id);
    else
        jsonw_kstring(w, "parent", NULL);
    write_facts(w, o.raw);
    write_category_refs(w, o.row.store, o.raw);
    jsonw_ktime(w, "date_created", o.row.created_ms);
    jsonw_key(w, "variation_list");
    jsonw_begin_array(w);
    rc = write_rows(call, tx, w, &o.variations, UINT64_MAX);
    jsonw_end_array(w);
    jsonw_ktime(w, "checked", o.checked_ms);
    jsonw_end_object(w);
    return rc;
}

int method_products_get(struct rpc_call *call,
                        const struct rpc_products_get_params *p) {
    (void)p;
    return call_read(call, get_work, NULL);
}
