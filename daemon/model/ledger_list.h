/* Listings whose stock does not add up, for people: see model/ledger.h. One
 * that is gone, or whose stock the shop counts no longer, is none of them. */
#pragma once

#include "model/ledger.h"
#include "model/list.h"

struct store;

struct drift_item {
    int64_t store_id, remote_id;
    const char *store; /* name */
    const char *sku, *name;
    int64_t shop_e3;  /* the shop's number */
    int64_t drift_e3; /* what it is above what is expected */
    int64_t taken_e3; /* by orders since it was agreed */
    struct ledger sum;
};

struct drift_page {
    struct drift_item *items;
    size_t n;
    const char *next; /* NULL: the end */
};

/* One page by store and id, filtered by the keys of what needs attention. Texts
 * in the arena. Errors as order_list. */
int drift_list(struct db_tx *tx, const struct list_request *r, struct arena *a,
               struct drift_page *ret, struct error *e);

/* How many the n stores have together. */
int drift_count(struct db_tx *tx, const struct store *stores, size_t n,
                int64_t *ret);
