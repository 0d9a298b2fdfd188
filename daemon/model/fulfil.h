/* What an order still wants of the warehouse, line by line:
 *
 *   open = ordered - refunded - already in parcels
 *
 * A refund names the line it takes from (meta `_refunded_item_id`); one of
 * money alone takes nothing. Of a line that is packed as parts of a bundle
 * (model/line_part.h) as many are in parcels as all required parts are there
 * for, whole ones; each part is open by itself. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;
struct db_tx;

struct fulfil_part {
    int64_t part, product_id; /* 1, 2 .. */
    int64_t per_e3;           /* of it in one bundle */
    bool optional;
    const char *sku, *name, *ean;
    int64_t due_e3; /* for what was ordered and not refunded */
    int64_t shipped_e3;
};

struct fulfil_line {
    int64_t line_id, product_id; /* of the variation if it has one; 0: none */
    const char *sku, *name;
    const char *ean; /* the shop's global_unique_id; "" none */
    int64_t ordered_e3, refunded_e3, shipped_e3;
    int64_t reduced_e3;        /* taken from the shop's stock already */
    struct fulfil_part *parts; /* it is packed as; none: as itself */
    size_t n_parts;
};

/* The order's lines in their order, in the arena. ERR_NOT_FOUND: no such order
 * in the scope. */
int fulfil_lines(struct db_tx *tx, int64_t store_id, int64_t remote_id,
                 struct arena *a, struct fulfil_line **ret, size_t *ret_n);

/* Never negative: what was refunded after it left is no debt. */
int64_t fulfil_open(const struct fulfil_line *l);
int64_t fulfil_part_open(const struct fulfil_part *p);
