/* Products and variations as lists show them. */
#pragma once

#include "model/list.h"
#include "model/product.h"

enum product_sort {
    PRODUCT_SORT_NAME,
    PRODUCT_SORT_NAME_DESC,
    PRODUCT_SORT_SKU,
    PRODUCT_SORT_STOCK, /* what is not counted last */
};

struct product_item {
    int64_t id; /* ours; never leaves the daemon */
    int64_t store_id, remote_id, parent_id;
    const char *store; /* name */
    const char *type, *status, *sku, *name, *stock_status, *currency;
    int64_t price_e4, regular_e4, sale_e4, stock_e3, low_e3; /* PRODUCT_NONE */
    enum product_manage manage;
    bool low;
    int gone;
    int pending;          /* open changes */
    bool bundle;          /* packed as others (model/bundle.h) */
    int64_t available_e3; /* of a bundle; PRODUCT_NONE: nobody counts it */
    int64_t created_ms, modified_ms;
    int variations;          /* of a product: how many */
    const char **categories; /* names */
    size_t n_categories;
};

struct product_page {
    struct product_item *items;
    size_t n;
    const char *next; /* NULL: the end */
    bool partial;
};

/* One page. unfold: variations are rows below their product. parent: only the
 * variations of that product (0: all), with parent_store its store. Errors as
 * order_list. */
int product_list(struct db_tx *tx, const struct list_request *r, bool unfold,
                 int64_t parent_store, int64_t parent, struct arena *a,
                 struct product_page *ret, struct error *e);

/* One product or variation: 1 found, 0 not (or outside the scope). */
int product_item_get(struct db_tx *tx, int64_t store_id, int64_t remote_id,
                     struct arena *a, struct product_item *ret);
