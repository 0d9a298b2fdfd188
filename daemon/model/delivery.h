/* Webhook deliveries: what is written when a shop told that objects changed,
 * and the doors it may tell it at. The payload itself is never applied. */
#pragma once

#include <stdint.h>

#include "common/buf.h"
#include "common/digest.h"
#include "model/mirror.h"
#include "model/store.h"

struct db_tx;

enum {
    DELIVERY_WAKES = 2,
    DELIVERY_SAME_MS = 60 * 1000, /* so long the same is the same */
    DELIVERY_LAG_MAX_MS = 24 * 3600 * 1000,
};

struct delivery {
    char topic[96];
    uint8_t digest[DIGEST_KEY]; /* of topic and body */
    int n_wakes;                /* objects it tells of; 0: none */
    struct delivery_wake {
        enum mirror_kind kind;
        int64_t remote_id;
    } wakes[DELIVERY_WAKES];
    int64_t changed_ms; /* the change, by the shop's clock; 0: not told */
};

/* Journal it: its objects are woken, its hook's figures move; clock_offset_ms
 * is the shop's clock minus ours. 1: woken; 0: it tells of no object, or is the
 * last delivery of that object once more.
 *
 * Why the last and not any earlier one: a body that comes again behind another
 * one tells of a new change (5, 4, 5 in stock; trashed, restored, trashed). Why
 * for a minute: what is dropped wrongly is found late, a second re-read costs
 * one GET. */
int delivery_put(struct db_tx *tx, int64_t store_id, int64_t clock_offset_ms,
                 const struct delivery *d);
/* A ping of webhook `remote_id`; while the shop has not told the id of a new
 * one, it is for that. ERR_NOT_FOUND: no hook waits for it. */
int delivery_ping(struct db_tx *tx, int64_t store_id, int64_t remote_id);
/* A delivery signed with the store's secret names another shop as its source.
 * 1: said for the first time of that source; 0: known. */
int delivery_copied(struct db_tx *tx, int64_t store_id, const char *source);
/* Forget what is older than it is good for; returns how many. */
int delivery_trim(struct db_tx *tx);

/* Where a store's webhooks come in. */
struct delivery_door {
    struct store store;
    char *path;        /* the secret part */
    struct buf sealed; /* what deliveries are signed with: keys_open_hook */
};

/* Those of all stores that are not removed; *ret owned (delivery_doors_free).
 */
int delivery_doors(struct db_tx *tx, struct delivery_door **ret, size_t *ret_n);
/* NULL with n = 0 is fine. */
void delivery_doors_free(struct delivery_door *d, size_t n);
