/* The change feed and the audit trail: both written in the transaction of the
 * change they tell of. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/err.h"

struct db_tx;
struct arena;

/* One event. topic: "order" "product" "customer" "store" "sync" "attention"
 * "ticket", "ticket_note" (the same, not for owners) ...;
 * store_id 0: none; remote_id 0: many at once; data: JSON object or "". */
int feed_add(struct db_tx *tx, const char *topic, int64_t store_id,
             int64_t remote_id, const char *data);
/* Data of an "order" whose notes alone changed: no row of a list does. */
#define FEED_NOTES "{\"part\":\"notes\"}"
/* Of an "order" that the house works on: what lies in a parcel, which no list
 * shows, and every other step. Neither is news of a shop. */
#define FEED_WORK "{\"part\":\"work\"}"
#define FEED_STEP "{\"part\":\"step\"}"

struct feed_event {
    int64_t seq, at_ms, store_id, remote_id;
    const char *topic, *data; /* in the arena */
};

/* Events with seq > since, oldest first, at most max. *ret_lost = since is
 * older than what is kept (the client must read again). */
int feed_since(struct db_tx *tx, int64_t since, struct arena *a,
               struct feed_event *ret, size_t max, size_t *ret_n,
               bool *ret_lost);
/* Number of the newest event; 0: there was none yet. */
int feed_last(struct db_tx *tx, int64_t *ret_seq);
/* Drop all but the newest `keep` events. */
int feed_trim(struct db_tx *tx, int64_t keep);

/* Append to the audit chain. payload: JSON. key: 32 bytes, HMAC key. */
int audit_add(struct db_tx *tx, const uint8_t key[32], const uint8_t salt[16],
              const char *actor, const char *action, const char *object,
              const char *payload);
/* Walk the chain: 0 good, ERR_DB_CORRUPT with the first bad id in e->where. */
int audit_verify(struct db_tx *tx, const uint8_t key[32], struct error *e);

/* Repeat protection: 1 and the stored result (arena) when this request ran
 * before, 0 when new, ERR_REPEAT with other parameters. */
int request_find(struct db_tx *tx, const char *actor, const char *request_id,
                 const char *method, const uint8_t params[32], struct arena *a,
                 const char **ret_result);
int request_store(struct db_tx *tx, const char *actor, const char *request_id,
                  const char *method, const uint8_t params[32],
                  const char *result);
