/* Items: one pile of a client company, whichever of its shops sell it. A shop's
 * product or variation is a listing of one. Both are made when the warehouse
 * first touches the product: products of one tenant with the same SKU are one
 * pile, one without a SKU is its own. A variation that only shows its parent's
 * SKU has none. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "common/err.h"

struct arena;
struct db_tx;

#define ITEM_NONE INT64_MIN /* of a limit: none is set */

struct item {
    int64_t id, tenant_id;
    const char *sku, *title;
    int64_t reorder_e3, low_e3; /* ITEM_NONE */
    int64_t on_hand_e3;         /* sum of its balances */
    int64_t blocked_e3;         /* of these, in quarantine */
    int64_t reserved_e3;        /* open orders of all its shops want it */
    int64_t incoming_e3;        /* announced and not there yet */
    bool due;                   /* at or under its reorder point */
};

/* What may still be promised; negative when too much was. */
int64_t item_available(const struct item *i);

/* The item of a product: 1 found (texts in the arena), 0 nobody touched it yet
 * or it is not in the scope. */
int item_of(struct db_tx *tx, int64_t store_id, int64_t remote_id,
            struct arena *a, struct item *ret);
/* By its id: 1 or 0. Does not look at any scope: see item_seen. */
int item_get(struct db_tx *tx, int64_t id, struct arena *a, struct item *ret);
/* By a company's SKU: 1 and its id, or 0. */
int item_by_sku(struct db_tx *tx, int64_t tenant_id, const char *sku,
                int64_t *ret_id);

/* The item of a product, made if need be. ERR_NOT_FOUND: there is no such
 * product; ERR_INVALID: it is one that only has variations. */
int item_ensure(struct db_tx *tx, int64_t store_id, int64_t remote_id,
                int64_t *ret_id);

/* Products of the company's shops that came with its SKU since are listings of
 * it too. */
int item_link(struct db_tx *tx, int64_t id);

/* 1: the scope shows a store of that company, so its items too. */
int item_seen(struct db_tx *tx, int64_t tenant_id);

/* A product that sells it, of a store in the scope: 1, or 0: none does. */
int item_listed(struct db_tx *tx, int64_t id, int64_t *ret_store,
                int64_t *ret_remote);

/* Its limits (ITEM_NONE: none); what follows from them too. */
int item_set_limits(struct db_tx *tx, int64_t id, int64_t reorder_e3,
                    int64_t low_e3);
/* How many pieces one of that shop's takes, at least 1. */
int item_set_units(struct db_tx *tx, int64_t store_id, int64_t remote_id,
                   int64_t units);

/* What it is made of has changed: write what follows, tell the feed. */
int item_refresh(struct db_tx *tx, int64_t id);

/* Balances and what follows from them anew from the movements, of the first n
 * items behind `after`: the last one done, 0 at the end. */
int64_t item_rebuild(struct db_tx *tx, int64_t after, int n);
