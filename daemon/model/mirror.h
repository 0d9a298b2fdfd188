/* What all mirrored objects share: identity, hashes, the kept bytes, and the
 * rules by which an answer of the shop is applied. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/err.h"

struct arena;
struct db_tx;

enum mirror_kind {
    MIRROR_ORDER,
    MIRROR_REFUND,
    MIRROR_NOTE,
    MIRROR_PRODUCT, /* and variations */
    MIRROR_CUSTOMER,
    MIRROR_CATEGORY,
};
/* As the tables and texts write it: "order". */
const char *mirror_kind_name(enum mirror_kind k);

struct mirror_object {
    int64_t remote_id;
    uint8_t raw_hash[16]; /* XXH3-128 of the bytes received */
    uint8_t hash[16];     /* truth hash: named paths, canonical */
    const void *z;        /* kept object, compressed by kept_pack */
    size_t z_n;
    int64_t dict;       /* dictionary it was compressed with */
    const char *search; /* folded text for the index; NULL: none */
};

/* Circumstances of one read of the shop. */
struct mirror_read {
    int64_t store_id;
    int64_t sent_seq; /* order in which requests were sent, daemon-wide */
    bool bulk; /* first fill: one feed row a job instead of one an object */
};

struct mirror_stats {
    int seen;     /* objects in the answer */
    int inserted; /* new to the mirror */
    int changed;  /* truth hash differed */
    int same;     /* equal, skipped */
    int stale;    /* differed from a later read: put on the wake list */
};

/* Is the stored object byte-equal? 1 yes, 0 no or unknown, negative error. Runs
 * on a reader before parsing; may be stale by jobs still queued. */
int mirror_same(struct db_tx *tx, enum mirror_kind k, int64_t store_id,
                int64_t remote_id, const uint8_t raw_hash[16]);

/* Truth hash stored: 1 found, 0 unknown. gone as in orders.gone. */
int mirror_hash(struct db_tx *tx, enum mirror_kind k, int64_t store_id,
                int64_t remote_id, uint8_t ret[16], int *ret_gone);

/* Ids of a store and kind in ascending order (live ones), from `after`
 * (exclusive), at most max; returns how many. */
int mirror_ids(struct db_tx *tx, enum mirror_kind k, int64_t store_id,
               int64_t after, int64_t *ids, size_t max);

/* Number of live objects. */
int mirror_count(struct db_tx *tx, enum mirror_kind k, int64_t store_id,
                 int64_t *ret);

/* The kept bytes as received, inflated into the arena, NUL-terminated.
 * 1 found, 0 unknown, negative error. */
int mirror_raw(struct db_tx *tx, enum mirror_kind k, int64_t store_id,
               int64_t remote_id, struct arena *a, const char **ret,
               size_t *ret_n);

/* Mark any kind gone (2), trashed (1) or there again (0): 0 changed, 1 was so,
 * ERR_NOT_FOUND. What was set aside of one that is gone is forgotten. */
int mirror_mark_gone(struct db_tx *tx, const struct mirror_read *read,
                     enum mirror_kind k, int64_t remote_id, int gone);

/* Reserve `n` sequence numbers for requests; returns the first. Kept in meta,
 * so that they grow over restarts. */
int mirror_reserve_seq(struct db_tx *tx, int64_t n, int64_t *ret_first);

/* A row that did not decode: kept with its raw text (cut at 64 KiB), shown
 * under "needs attention". Its page goes on. */
int mirror_set_aside(struct db_tx *tx, const struct mirror_read *read,
                     enum mirror_kind k, int64_t remote_id,
                     const uint8_t raw_hash[16], const char *path,
                     const char *reason, const char *raw, size_t raw_n);

/* 1: rows of that kind are set aside; 0: none. */
int mirror_any_aside(struct db_tx *tx, int64_t store_id, enum mirror_kind k);
/* It decoded after all: forget what was set aside for it. */
int mirror_clear_aside(struct db_tx *tx, int64_t store_id, enum mirror_kind k,
                       int64_t remote_id);
