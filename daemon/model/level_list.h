/* Levels: of every product and variation that can lie on a shelf, what its shop
 * says beside what the warehouse has of it. */
#pragma once

#include "model/item.h"
#include "model/list.h"
#include "model/lot.h"

enum level_sort { LEVEL_SORT_NAME, LEVEL_SORT_NAME_DESC, LEVEL_SORT_SKU };

struct level {
    int64_t store_id, remote_id;
    const char *store, *sku, *name;
    int64_t shop_e3;   /* the shop's number, ITEM_NONE: it counts none */
    bool low;          /* at or under the shop's threshold, else ours */
    int64_t wanted_e3; /* by open orders of this listing, in the shop's units */
    bool kept;         /* the warehouse has touched it: what follows is set */
    int64_t item_id, units;
    int64_t on_hand_e3, blocked_e3, reserved_e3, incoming_e3, available_e3;
    int64_t reorder_e3, low_e3; /* ours, ITEM_NONE */
    bool bundle;                /* available is of its parts, or ITEM_NONE */
    bool due;                   /* at or under its reorder point */
    enum lot_track track;
    int64_t expires_ms; /* the first day a lot of it expires; 0: none does */
    bool expiring;      /* it has, or will soon */
    char bin[33];       /* to pick it from, "" none */
};

struct level_page {
    struct level *items;
    size_t n;
    const char *next; /* NULL: the end */
    bool partial;
};

/* One page; filter by the keys of inventory. Errors as order_list. */
int level_list(struct db_tx *tx, const struct list_request *r, struct arena *a,
               struct level_page *ret, struct error *e);

/* One: 1 found, 0 not (or outside the scope, or it only has variations). */
int level_get(struct db_tx *tx, int64_t store_id, int64_t remote_id,
              struct arena *a, struct level *ret);

/* Listings of a store that are at their reorder point. */
int level_due_count(struct db_tx *tx, int64_t store_id, int64_t *ret);
