/* Kept objects: what the shop returned, compressed with a dictionary per kind.
 * Negative dictionary ids are built in (schema/dict/<kind>.txt); after the
 * first ~2,000 objects of a kind a better one is trained off the writer and
 * stored for ever in `dict`. Thread-safe. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "model/mirror.h"

struct kept;

/* One for the daemon. */
struct kept *kept_new(void);
/* No pack or unpack may be running. NULL is fine. */
void kept_free(struct kept *k);

/* Load all dictionaries; once at start, on any tx. */
int kept_load(struct kept *k, struct db_tx *tx);

/* Compress n bytes into the arena with the newest dictionary of the kind. */
int kept_pack(struct kept *k, struct arena *a, enum mirror_kind kind,
              const void *raw, size_t n, const void **ret_z, size_t *ret_n,
              int64_t *ret_dict);

/* Inflate into the arena (NUL-terminated). ERR_DB_CORRUPT when damaged. */
int kept_unpack(struct kept *k, struct arena *a, const void *z, size_t z_n,
                int64_t dict, const char **ret, size_t *ret_n);

/* Offer a sample; returns 1 once enough are there to train. */
int kept_sample(struct kept *k, enum mirror_kind kind, const void *raw,
                size_t n);

/* Train from the samples (0.7 s: on a sync-lane reader) and keep the result in
 * memory; ERR_NOT_FOUND: not ready or being trained already, ERR_INVALID: the
 * samples did not do, or it packs them no better than the one in service.
 * kept_store then saves it in a write job, and kept_serve, in the job's done
 * callback when it was committed, puts it into service: nothing may be packed
 * with a dictionary that is not on disk. */
int kept_train(struct kept *k, enum mirror_kind kind);
/* The second step: write what was trained, in a write job. */
int kept_store(struct kept *k, struct db_tx *tx, enum mirror_kind kind);
/* The third step, after the COMMIT: pack with it from now on. */
void kept_serve(struct kept *k, enum mirror_kind kind);

/* The process-wide instance used by mirror_raw; set once at start. */
void kept_use(struct kept *k);
/* What kept_use was given; NULL before. */
struct kept *kept_current(void);
