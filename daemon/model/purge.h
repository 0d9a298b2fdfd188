/* What is left of a store that was removed goes: everything mirrored, what was
 * wanted of its shop, the warehouse's work on its orders. What is the house's
 * own stays, without its orders: pieces that moved, charges, who did what (the
 * trail's rows; details about the store's objects go), who was erased. The row
 * of the store stays as a number without a name, so that none is given twice.
 *
 * In slices, without a place to remember: one that was cut off begins again and
 * finds less to do. tests/unit/model/test_purge.c has every table. */
#pragma once

#include <stdint.h>

#include "common/err.h"

struct db_tx;

struct purge {
    int64_t store_id;
    char name[33];
    int64_t total;     /* orders, products, contacts, changes at the begin */
    int64_t done;      /* of them */
    int step;          /* worked on */
    int64_t audit;     /* last row of the trail looked at */
    int64_t this_pass; /* rows of all tables */
};

/* Find the removed store of that name; zeroed but for store_id, name and
 * total. ERR_NOT_FOUND; ERR_CONFLICT: it is not removed. */
int purge_find(struct db_tx *tx, const char *name, struct purge *ret);

/* Go on for about max_ms: 1 there is more, 0 it is through and the name free.
 * On an error *p is as it was. */
int purge_slice(struct db_tx *tx, int64_t max_ms, struct purge *p);
