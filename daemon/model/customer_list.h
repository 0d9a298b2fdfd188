/* Customers, registered ones and guests, as lists show them. */
#pragma once

#include "model/list.h"

struct buf;

enum customer_sort { CUSTOMER_SORT_NAME, CUSTOMER_SORT_NAME_DESC };

/* Money of one currency. */
struct customer_amount {
    char currency[8];
    int64_t spent_e4; /* of paid orders, less refunds */
    int64_t paid;     /* how many orders are paid */
};

struct customer_item {
    int64_t id;                  /* contact.id; never leaves the daemon */
    int64_t store_id, remote_id; /* remote 0: a guest */
    const char *store;           /* name */
    bool registered;
    const char *name, *email, *phone, *city, *country;
    int64_t created_ms;
    int64_t orders, last_order_ms; /* all of them; 0: none */
    struct customer_amount *spent;
    size_t n_spent;
    const char *tags; /* ours, ",a,b,"; "" none */
};

struct customer_page {
    struct customer_item *items;
    size_t n;
    const char *next; /* NULL: the end */
    bool partial;
};

/* One page, by name. Errors as order_list. */
int customer_list(struct db_tx *tx, const struct list_request *r,
                  struct arena *a, struct customer_page *ret, struct error *e);

/* How it is called: alpine:customer/12, or alpine:guest/<e-mail>. */
void customer_item_ref(struct buf *out, const struct customer_item *c);

/* One customer by the shop's id, or a guest by e-mail when remote_id is 0: 1
 * found, 0 not (or outside the scope). */
int customer_item_get(struct db_tx *tx, int64_t store_id, int64_t remote_id,
                      const char *email, struct arena *a,
                      struct customer_item *ret);
