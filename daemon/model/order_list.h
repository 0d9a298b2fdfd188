/* Orders as lists show them: filtered, sorted, paged by key. */
#pragma once

#include "model/list.h"

enum order_sort {
    ORDER_SORT_CREATED_DESC,
    ORDER_SORT_CREATED,
    ORDER_SORT_MODIFIED_DESC,
    ORDER_SORT_TOTAL_DESC,
    ORDER_SORT_TOTAL,
    ORDER_SORT_NUMBER, /* by the digits of the number */
    ORDER_SORT_NUMBER_DESC,
};

struct order_item {
    int64_t id; /* ours; never leaves the daemon */
    int64_t store_id, remote_id;
    const char *store; /* name */
    const char *number, *currency;
    const char *status;      /* effective */
    const char *shop_status; /* equal to status when nothing is pending */
    int gone;                /* as orders.gone */
    int64_t total_e4, created_ms, modified_ms, items_e3;
    int64_t contact_id, customer_id; /* 0: none; 0: a guest */
    const char *name, *email, *phone, *country;
    int lines;
    int pending;              /* open changes */
    unsigned flags;           /* enum order_flag */
    const char *tags, *holds; /* ",a,b,"; "" none */
    bool late, unmapped;      /* to do for too long; status has no phase */
    int64_t work_id;          /* the open work on it; 0: none */
    const char *work_state, *work_who, *work_tote;
};

struct order_page {
    struct order_item *items;
    size_t n;
    const char *next; /* NULL: the end */
    bool partial;     /* the walk was cut: more may match behind `next` */
};

/* One page. late_ms: an order to do is late when older, 0: never. All in the
 * arena. ERR_INVALID (filter, after), ERR_RANGE, ERR_NOT_FOUND (store),
 * ERR_TIMEOUT (nothing could be looked at in time). */
int order_list(struct db_tx *tx, const struct list_request *r, int64_t late_ms,
               struct arena *a, struct order_page *ret, struct error *e);

/* One order: 1 found, 0 not (or outside the scope). */
int order_item_get(struct db_tx *tx, int64_t store_id, int64_t remote_id,
                   int64_t late_ms, struct arena *a, struct order_item *ret);
