/* The shops' sealed keys in memory, so that the loop thread can open them
 * without asking the database. Plain keys exist only while they are used. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "auth/seal.h"

struct arena;
struct db_tx;
struct keys;
struct store;

/* ring is borrowed. */
struct keys *keys_new(const struct seal_ring *ring);
/* It holds sealed keys alone: nothing to wipe. NULL is fine. */
void keys_free(struct keys *k);

/* Read those of all stores; at start, on any tx. */
int keys_load(struct keys *k, struct db_tx *tx);

/* Seal a store's pair: appends to both buffers. */
void keys_seal(const struct keys *k, const char *uuid, const char *key,
               const char *secret, struct buf *ret_key, struct buf *ret_secret);
/* What keys_seal made was committed: in force from now on. */
void keys_put(struct keys *k, int64_t store_id, const void *key, size_t key_n,
              const void *secret, size_t secret_n);
/* The store was removed. */
void keys_drop(struct keys *k, int64_t store_id);

/* Seal the secret a store's webhooks are signed with, for hook_secret.sealed:
 * appends. */
void keys_seal_hook(const struct keys *k, const char *uuid, const char *secret,
                    struct buf *ret_sealed);
/* And open it again: appends; wipe with seal_wipe. ERR_NOT_FOUND: its master
 * key is gone; ERR_INVALID. */
int keys_open_hook(const struct keys *k, const char *uuid, const void *sealed,
                   size_t n, struct buf *ret_secret);

/* The plain pair in the arena; the caller wipes the secret when done.
 * ERR_NOT_FOUND: there is none, or its master key is gone; ERR_INVALID. */
int keys_open(const struct keys *k, const struct store *s, struct arena *a,
              const char **key, const char **secret);
