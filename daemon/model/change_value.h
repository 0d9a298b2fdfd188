/* Values at paths of an object, as JSON text. Pure but for change_value_now and
 * _next. Paths: a member ("status"), a member of an object ("billing.email"),
 * meta data by key ("meta[_gift]"), the stock ("stock"). */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "model/mirror.h"

struct arena;
struct db_tx;
struct json;

/* The number in bars on goods (common/gtin.h). */
#define CHANGE_GTIN "global_unique_id"

/* The value in an object of the shop, canonical: entities decoded in names,
 * ids of categories as a sorted array, scalars of meta data as text, the number
 * in bars as its digits. "null"
 * when it has none. In the arena. */
const char *change_value_of(const struct json *object, enum mirror_kind kind,
                            const char *path, struct arena *a);

/* The same of text a person gave: ERR_INVALID when it is no JSON. */
int change_value_canonical(const char *json, const char *path, struct arena *a,
                           const char **ret);

/* Do both mean the same at that path? "12.5" and "12.50" are one price, ""
 * and null one absence. */
bool change_value_same(const char *path, const char *x, const char *y,
                       struct arena *a);

/* Is `base` or one of the JSON array `accept` (may be NULL) the same as v? */
bool change_value_accepted(const char *path, const char *base,
                           const char *accept, const char *v, struct arena *a);

/* Key of "meta[KEY]" in the arena; NULL for other paths. */
const char *change_value_meta(const char *path, struct arena *a);

/* The effective value: of the newest change on its way, else of the mirrored
 * object. ERR_NOT_FOUND: the object is not mirrored or its bytes are not kept.
 */
int change_value_now(struct db_tx *tx, int64_t store_id, enum mirror_kind kind,
                     int64_t remote_id, const char *path, struct arena *a,
                     const char **ret);

/* The same of one object after another path: its bytes are read once. */
struct change_source {
    struct db_tx *tx;
    int64_t store_id, remote_id;
    enum mirror_kind kind;
    struct arena *a;           /* for all that is answered */
    const struct json *object; /* its own; NULL before the first */
};
int change_value_next(struct change_source *s, const char *path,
                      const char **ret);
