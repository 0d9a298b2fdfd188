/* Registered customers of a shop; guests exist as contacts made by orders. */
#pragma once

#include "model/mirror.h"

struct customer {
    struct mirror_object o;
    const char *email, *email_key, *name, *sort_name, *phone, *city, *country;
    int64_t created_ms;
};

/* Apply n decoded customers in this transaction; a guest of the same e-mail
 * becomes the customer. ERR_INVALID: an id that is not positive. */
int customer_apply(struct db_tx *tx, const struct mirror_read *read,
                   const struct customer *c, size_t n, struct mirror_stats *st);

/* The contact of an order: found or made by customer id, else by folded
 * e-mail; *ret = 0 when there is neither. */
struct order;
int contact_for_order(struct db_tx *tx, int64_t store_id, const struct order *o,
                      int64_t *ret);
