/* An order as the mirror takes it in, prepared by the decoder on a parse
 * thread: everything that costs (folding, compression, hashes) is done before
 * the writer sees it. All pointers live in the page's arena. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "model/mirror.h"

enum order_flag {
    ORDER_NOTE = 1,     /* the customer left a note */
    ORDER_REFUNDED = 2, /* has refunds */
    ORDER_NO_SKU = 4,   /* a line without SKU or product */
    ORDER_UNLISTED = 8, /* the shop hides it from its lists */
    ORDER_DECIMAL = 16, /* a fractional quantity */
};

enum { ORDER_REFUNDS = 500 /* more are not named */ };

struct order_line {
    int64_t line_id, product_id, variation_id;
    const char *sku;
    int64_t qty_e3, total_e4, reduced_e3;
};

struct order {
    struct mirror_object o; /* identity, hashes, kept bytes, search text */
    const char *number, *status, *currency;
    int64_t total_e4, created_ms, modified_ms;
    int64_t customer_id; /* 0: guest */
    const char *name, *email, *email_key, *phone, *city, *country;
    const char *sort_name; /* folded name */
    unsigned flags;        /* enum order_flag */
    int64_t items_e3;
    size_t n_lines;
    struct order_line *lines;
    size_t n_refunds;
    const int64_t *refunds; /* remote ids, 0 unreadable; NULL: not told */
};

/* Apply n orders of one answer, in ascending arrival: insert, update or skip
 * each by the rules of mirror.h, with lines, kept object, search text, list
 * columns, contact and feed rows. Counts go to *st. Returns 0 or the database's
 * error (the job must then fail as a whole). */
int order_apply(struct db_tx *tx, const struct mirror_read *read,
                const struct order *orders, size_t n, struct mirror_stats *st);

/* Of mirror_mark_gone: the shop says it is gone (2) or in the trash (1); 0 when
 * it was known and changed, 1 when nothing changed, ERR_NOT_FOUND. */
int order_mark_gone(struct db_tx *tx, const struct mirror_read *read,
                    int64_t remote_id, int gone);

/* The shop's lists show it, or do not though it is there; nothing happens to an
 * order that is not known. */
int order_set_listed(struct db_tx *tx, int64_t store_id, int64_t remote_id,
                     bool listed);

/* Rebuild every derived row of a slice of orders from truth (`fulexo cache
 * clear`): ids (after, ..] at most n; returns the last id done, 0 at the end.
 */
int64_t order_rebuild(struct db_tx *tx, int64_t after, int n);
