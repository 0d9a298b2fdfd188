/* Bins: the places of the warehouse, walked by zone, place and code. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "common/err.h"

struct db_tx;

struct bin {
    int64_t id;
    char code[33]; /* as its label says; found without regard to case */
    char zone[33];
    int64_t place;   /* on the walk through its zone */
    bool quarantine; /* what lies in it is not for sale and not picked */
    bool disabled;   /* nothing is put there any more */
    int64_t version;
    int64_t items; /* different ones in it; of bin_list alone */
};

/* 1 found, 0 not. */
int bin_by_code(struct db_tx *tx, const char *code, struct bin *ret);
int bin_by_id(struct db_tx *tx, int64_t id, struct bin *ret);

/* In the order of the walk, behind that bin (NULL: all); fn's return other than
 * 0 ends it and is returned. */
int bin_list(struct db_tx *tx, const struct bin *after,
             int (*fn)(const struct bin *b, void *arg), void *arg);

/* Fills id and version. ERR_INVALID (e->where): no code a label can hold;
 * ERR_EXISTS. */
int bin_create(struct db_tx *tx, struct bin *b, struct error *e);
/* Zone, place, quarantine and disabled, by id and version. ERR_CONFLICT: it
 * is another version; or it is to be disabled and something lies in it. What is
 * available of the items in it follows. */
int bin_update(struct db_tx *tx, const struct bin *b, struct error *e);

/* Where to pick a product from: the first bin of the walk that has some, is not
 * in quarantine and not disabled. 1, or 0: none has, or nobody keeps it here.
 */
int bin_of(struct db_tx *tx, int64_t store_id, int64_t remote_id,
           struct bin *ret);

/* Bins an item lies in, in the order of the walk; as bin_list. */
int bin_of_item(struct db_tx *tx, int64_t item_id,
                int (*fn)(const struct bin *b, int64_t qty_e3, void *arg),
                void *arg);
