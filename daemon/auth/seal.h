/* Secrets at rest: AES-256-GCM under a key ring that lives outside the
 * database. Blob = version (1) | key id (4, big endian) | nonce (12) |
 * ciphertext | tag (16). Associated data = table, uuid and column, so that a
 * blob moved to another row does not open. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "common/buf.h"
#include "common/err.h"

struct seal_ring;

enum { SEAL_OVERHEAD = 1 + 4 + 12 + 16 };

/* Which value it is; all three are part of what is authenticated. */
struct seal_place {
    const char *table, *uuid, *column;
};

/* Read the ring at path, or create it (0600, one random key) when it does not
 * exist. ERR_DENIED: the file is readable by others; ERR_CONFIG: damaged;
 * ERR_IO. */
int seal_ring_open(const char *path, struct seal_ring **ret, struct error *e);
/* A fresh key, in the file before it is in force; what was sealed is still
 * opened by its own. One thread at a time. ERR_TOO_BIG: the ring is full;
 * ERR_IO. */
int seal_ring_add(struct seal_ring *r, struct error *e);
/* Number of the key that seals, and how many there are. */
uint32_t seal_ring_newest(const struct seal_ring *r);
size_t seal_ring_count(const struct seal_ring *r);
/* Append the keys as the file has them; the caller wipes it. */
void seal_ring_text(const struct seal_ring *r, struct buf *out);
/* A ring of one given key (tests). */
struct seal_ring *seal_ring_of(uint32_t id, const uint8_t key[32]);
/* Wipes the keys. NULL is fine. */
void seal_ring_free(struct seal_ring *r);

/* Append the sealed form of n bytes under the newest key. */
void seal_put(const struct seal_ring *r, const struct seal_place *place,
              const void *plain, size_t n, struct buf *out);
/* As seal_put with a given nonce, for known-answer tests only. */
void seal_put_nonce(const struct seal_ring *r, const struct seal_place *place,
                    const uint8_t nonce[12], const void *plain, size_t n,
                    struct buf *out);
/* Append the plain bytes. ERR_NOT_FOUND: its key is not in the ring;
 * ERR_INVALID: damaged, or of another place. Wipe with seal_wipe. */
int seal_get(const struct seal_ring *r, const struct seal_place *place,
             const void *blob, size_t n, struct buf *out);
/* Overwrite and free. */
void seal_wipe(struct buf *b);
