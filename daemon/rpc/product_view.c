#include "rpc/product_view.h"

#include "common/ref.h"
#include "common/str.h"
#include "rpc.gen.h"

enum { DECIMALS = 2 };

void product_view_ref(struct jsonw *w, const char *key, const char *store,
                      int64_t remote_id) {
    char text[REF_TEXT];
    struct ref ref = {.kind = REF_OBJECT, .id = remote_id};
    (void)str_copy(ref.store, sizeof ref.store, store);
    jsonw_kstring(w, key, ref_format(text, &ref));
}

/* "" when the shop has no price. */
static void write_price(struct jsonw *w, const char *key, int64_t e4) {
    if (e4 == PRODUCT_NONE)
        jsonw_kstring(w, key, "");
    else
        jsonw_kmoney(w, key, e4, DECIMALS);
}

static void write_quantity(struct jsonw *w, const char *key, int64_t e3) {
    if (e3 == PRODUCT_NONE)
        jsonw_kstring(w, key, NULL);
    else
        jsonw_kqty(w, key, e3);
}

static void write_identity(struct jsonw *w, const struct product_item *p,
                           uint64_t f) {
    if (f & 1u << RPC_PRODUCT_ROW_REF)
        product_view_ref(w, "ref", p->store, p->remote_id);
    if (f & 1u << RPC_PRODUCT_ROW_STORE)
        jsonw_kstring(w, "store", p->store);
    if (f & 1u << RPC_PRODUCT_ROW_REMOTE_ID)
        jsonw_ki64(w, "remote_id", p->remote_id);
    if (f & 1u << RPC_PRODUCT_ROW_PARENT_ID)
        jsonw_ki64(w, "parent_id", p->parent_id);
    if (f & 1u << RPC_PRODUCT_ROW_TYPE)
        jsonw_kstring(w, "type", p->type);
    if (f & 1u << RPC_PRODUCT_ROW_STATUS)
        jsonw_kstring(w, "status",
                      p->gone == 2   ? "gone"
                      : p->gone == 1 ? "trash"
                                     : p->status);
    if (f & 1u << RPC_PRODUCT_ROW_SKU)
        jsonw_kstring(w, "sku", p->sku);
    if (f & 1u << RPC_PRODUCT_ROW_NAME)
        jsonw_kstring(w, "name", p->name);
}

static void write_prices(struct jsonw *w, const struct product_item *p,
                         uint64_t f) {
    if (f & 1u << RPC_PRODUCT_ROW_PRICE)
        write_price(w, "price", p->price_e4);
    if (f & 1u << RPC_PRODUCT_ROW_REGULAR_PRICE)
        write_price(w, "regular_price", p->regular_e4);
    if (f & 1u << RPC_PRODUCT_ROW_SALE_PRICE)
        write_price(w, "sale_price", p->sale_e4);
    if (f & 1u << RPC_PRODUCT_ROW_CURRENCY)
        jsonw_kstring(w, "currency", p->currency);
}

static void write_stock(struct jsonw *w, const struct product_item *p,
                        uint64_t f) {
    if (f & 1u << RPC_PRODUCT_ROW_MANAGE_STOCK)
        jsonw_kbool(w, "manage_stock", p->manage != PRODUCT_UNMANAGED);
    if (f & 1u << RPC_PRODUCT_ROW_STOCK_QUANTITY)
        write_quantity(w, "stock_quantity", p->stock_e3);
    if (f & 1u << RPC_PRODUCT_ROW_STOCK_STATUS)
        jsonw_kstring(w, "stock_status", p->stock_status);
    if (f & 1u << RPC_PRODUCT_ROW_LOW_STOCK)
        jsonw_kbool(w, "low_stock", p->low);
    if (f & 1u << RPC_PRODUCT_ROW_LOW_STOCK_AMOUNT)
        write_quantity(w, "low_stock_amount", p->low_e3);
    if (f & 1u << RPC_PRODUCT_ROW_BUNDLE)
        jsonw_kbool(w, "bundle", p->bundle);
    if (f & 1u << RPC_PRODUCT_ROW_AVAILABLE)
        write_quantity(w, "available", p->available_e3);
}

int product_view_pending(struct rpc_call *call, struct db_tx *tx,
                         const struct product_item *p, struct pending *ret) {
    return pending_of(call, tx, p->store_id, MIRROR_PRODUCT, p->remote_id,
                      p->pending, ret);
}

void product_view_fields(const struct product_item *p,
                         const struct pending *pending, uint64_t f,
                         struct jsonw *w) {
    write_identity(w, p, f);
    write_prices(w, p, f);
    write_stock(w, p, f);
    if (f & 1u << RPC_PRODUCT_ROW_CATEGORIES) {
        jsonw_key(w, "categories");
        jsonw_begin_array(w);
        for (size_t i = 0; i < p->n_categories; i++)
            jsonw_string(w, p->categories[i]);
        jsonw_end_array(w);
    }
    if (f & 1u << RPC_PRODUCT_ROW_VARIATIONS)
        jsonw_ki64(w, "variations", p->variations);
    if (f & 1u << RPC_PRODUCT_ROW_DATE_MODIFIED)
        jsonw_ktime(w, "date_modified", p->modified_ms);
    if (f & 1u << RPC_PRODUCT_ROW_PENDING)
        pending_write(pending, w);
}
