/* Bundles: a product of a store that is packed as others of the same store, its
 * parts. The shop sells it as a product like any other and counts its own
 * number of it; what it is made of is ours.
 *
 * A part is a product or variation with pieces of its own, once in a bundle,
 * and never a bundle itself: so there are no circles. An optional part is
 * packed where it is there; the bundle leaves without it.
 *
 *   available = least over required parts of floor(available / per bundle)
 *
 * where a part is available as the warehouse says, or, of one it never kept,
 * as its shop says less what bundles have promised of it. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/err.h"

struct arena;
struct db_tx;

enum { BUNDLE_PARTS = 50, BUNDLE_PER_MAX = 10000 * 1000 };

struct bundle_part {
    int64_t part; /* 1, 2 .. */
    int64_t product_id;
    int64_t per_e3; /* of it in one bundle */
    bool optional;
};

struct bundle {
    int64_t discount; /* per cent off what the parts cost, 0 to 100 */
    struct bundle_part *parts;
    size_t n;
    int64_t changed_ms;
    const char *changed_by;
    int64_t version;
};

/* What that product is made of, in the arena: 1, or 0 it is no bundle. */
int bundle_get(struct db_tx *tx, int64_t store_id, int64_t remote_id,
               struct arena *a, struct bundle *ret);
/* 1: it is one; 0. */
int bundle_is(struct db_tx *tx, int64_t store_id, int64_t remote_id);
/* ERR_CONFLICT in e, about that field: nothing can be put on the pile of an
 * item that is packed as its parts; 0 where another shop of the company sells
 * the same thing as one. */
int bundle_refuse(struct db_tx *tx, int64_t item_id, const char *field,
                  struct error *e);
/* Bundles that product is a part of, in the arena. */
int bundle_with(struct db_tx *tx, int64_t store_id, int64_t remote_id,
                struct arena *a, int64_t **ret, size_t *ret_n);

/* Make the product that bundle, in place of what it was; parts are numbered as
 * they are given. Open orders that nobody has begun on ask for the new parts.
 * ERR_NOT_FOUND: no such product; ERR_INVALID says which part is at fault and
 * why; ERR_CONFLICT: it is a part of a bundle itself. */
int bundle_set(struct db_tx *tx, int64_t store_id, int64_t remote_id,
               const struct bundle *b, const char *who, struct arena *a,
               struct error *e);
/* A product like any other again. ERR_NOT_FOUND: it is no bundle. */
int bundle_remove(struct db_tx *tx, int64_t store_id, int64_t remote_id,
                  struct arena *a);

#define BUNDLE_ANY INT64_MAX /* available: nobody counts it */

/* What may still be promised of a product, as a part of bundles; never below
 * nothing. */
int bundle_part_available(struct db_tx *tx, int64_t store_id, int64_t remote_id,
                          int64_t *ret_e3);
/* Whole bundles that may be promised: 1 and how many (BUNDLE_ANY: no required
 * part is counted), 0: it is no bundle. */
int bundle_available(struct db_tx *tx, int64_t store_id, int64_t remote_id,
                     int64_t *ret_e3);
