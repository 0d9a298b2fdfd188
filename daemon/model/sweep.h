/* What sweeps need of the mirror: their place, and what the mirror holds
 * between two ids to put beside a page of the shop. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "model/mirror.h"

struct db_tx;

/* Where a sweep stands. A round reads the shop's list by id from its end to
 * its start, so that removals only repeat rows and new ids land behind. */
struct sweep_place {
    int64_t left;  /* rows [0, left) are still to be read; -1: none is begun */
    int64_t above; /* lowest id read in this round; INT64_MAX: none */
    int64_t total; /* rows listed when it began */
    int64_t started_ms, success_ms; /* wall; success 0: never through */
};
/* One that never ran. */
#define SWEEP_PLACE_NEW ((struct sweep_place){.left = -1, .above = INT64_MAX})

/* 1 found, 0 never ran (then *ret is SWEEP_PLACE_NEW). */
int sweep_get(struct db_tx *tx, int64_t store_id, const char *kind,
              struct sweep_place *ret);
int sweep_put(struct db_tx *tx, int64_t store_id, const char *kind,
              const struct sweep_place *p);

/* An object of a list, or of the mirror. */
struct sweep_item {
    int64_t remote_id;
    int64_t read_seq; /* mirror: of its last read */
    bool unlisted;    /* mirror: known to be hidden from lists */
    /* products: stock as the shop says it */
    int manage;            /* enum product_manage */
    int64_t stock_e3;      /* PRODUCT_NONE: not managed */
    char stock_status[24]; /* cut */
};

struct sweep_range {
    enum mirror_kind kind;
    bool variations;   /* MIRROR_PRODUCT: these, else products */
    bool trashed;      /* what is in the trash, else what is live */
    int64_t low, high; /* ids: from, below */
};
/* What the mirror has there, ascending, at most max; returns how many. */
int sweep_items(struct db_tx *tx, int64_t store_id,
                const struct sweep_range *range, struct sweep_item *ret,
                size_t max);

/* Tell people that a shop suddenly lists far fewer rows than it had, and that
 * nothing was marked; and that it is well again. */
int sweep_doubt(struct db_tx *tx, int64_t store_id, enum mirror_kind kind,
                const char *reason);
int sweep_trust(struct db_tx *tx, int64_t store_id, enum mirror_kind kind);
