/* Products and variations (one table: they share an id space), categories. */
#pragma once

#include "model/mirror.h"

enum product_manage {
    PRODUCT_UNMANAGED,
    PRODUCT_OWN_STOCK,
    PRODUCT_PARENT_STOCK
};

/* INT64_MIN in a nullable amount means: none. */
#define PRODUCT_NONE INT64_MIN

struct product {
    struct mirror_object o;
    int64_t parent_id; /* 0: not a variation */
    const char *type, *status, *sku, *name, *sort_name, *stock_status;
    const char *gtin;                      /* as gtin_key has it; "" none */
    int64_t price_e4, regular_e4, sale_e4; /* PRODUCT_NONE: none */
    enum product_manage manage;
    int64_t stock_e3; /* PRODUCT_NONE: not managed */
    int64_t low_e3;   /* PRODUCT_NONE: shop's default */
    int64_t created_ms, modified_ms;
    size_t n_categories;
    const int64_t *categories; /* remote ids */
};

/* Apply n decoded products in this transaction, each only if the read is not
 * older than what is stored; counts go into st when all went well. */
int product_apply(struct db_tx *tx, const struct mirror_read *read,
                  const struct product *p, size_t n, struct mirror_stats *st);

struct category {
    struct mirror_object o; /* z unused: small enough to re-read */
    int64_t parent_id, count;
    const char *name, *slug;
};

/* The same for categories. */
int category_apply(struct db_tx *tx, const struct mirror_read *read,
                   const struct category *c, size_t n, struct mirror_stats *st);
