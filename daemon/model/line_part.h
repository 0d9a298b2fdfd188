/* What an order's line is fulfilled as: the line itself, or the parts of its
 * bundle. Until somebody begins on the order that is what its bundle is made
 * of now; from then on what work was begun on, for the order's whole life (also
 * for the second parcel), unless the work is dropped. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "model/bundle.h"

struct arena;
struct db_tx;

/* Lines of one order that were begun. */
struct line_begun {
    struct line_begun_part {
        int64_t line_id;
        struct bundle_part p; /* part 0: the line itself */
        const char *bundle;   /* its name */
    } * parts;
    size_t n;
};

int line_part_begun(struct db_tx *tx, int64_t store_id, int64_t order_id,
                    struct arena *a, struct line_begun *ret);

/* The parts of one line of that order, in the arena; none: the line itself.
 * order_id, product_id: remote ids. */
int line_part_of(struct db_tx *tx, const struct line_begun *begun,
                 int64_t store_id, int64_t line_id, int64_t product_id,
                 struct arena *a, struct bundle_part **ret, size_t *ret_n);

/* Pieces of a part for so many bundles; absurd amounts stay absurd. */
int64_t line_part_want(int64_t bundles_e3, int64_t per_e3);
/* Bundles that so many pieces are enough for, cut pieces of one not counted. */
int64_t line_part_bundles(int64_t pieces_e3, int64_t per_e3);
