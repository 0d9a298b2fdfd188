/* Links that show one order to whoever has them, for a while. The link itself
 * is signed (auth/share_token.h); the row ends it before its time. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "common/err.h"

struct arena;
struct db_tx;

enum {
    SHARE_TEXT = 24,
    SHARE_UUID = 16,
    SHARES_MAX = 100,                               /* of one answer */
    SHARE_KEPT_MS = 30 * 24 * 3600 * INT64_C(1000), /* after its end */
};

struct share {
    int64_t id, store_id, remote_id, until_ms, revoked_ms, created_ms;
    const char *author;
};

/* "L-12"; and back, also "12": the id or ERR_INVALID. */
const char *share_format(char dst[SHARE_TEXT], int64_t id);
int share_parse(const char *text, int64_t *ret_id);

/* Fills id and created_ms; links long over are forgotten on the way. */
int share_add(struct db_tx *tx, const uint8_t uuid[SHARE_UUID],
              struct share *s);
/* 1 found, 0 not (or outside the scope); texts in the arena. */
int share_get(struct db_tx *tx, int64_t id, struct arena *a, struct share *ret);
/* The same by what the link says: 1 when it opens something, 0 when there is
 * none, it is revoked or its time is over. */
int share_open(struct db_tx *tx, const uint8_t uuid[SHARE_UUID],
               struct arena *a, struct share *ret);
/* 1; 0: it was revoked before. */
int share_revoke(struct db_tx *tx, const struct share *s);
/* Of an order those that open something, oldest first, behind `after`. */
int share_list(struct db_tx *tx, int64_t store_id, int64_t remote_id,
               int64_t after, struct arena *a, struct share **ret,
               size_t *ret_n);
