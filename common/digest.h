/* Hashes and random ids over OpenSSL and xxhash. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { DIGEST_SHA256 = 32, DIGEST_KEY = 16 };

/* First 16 bytes of SHA-256: our truth hash. */
void digest_truth(const void *data, size_t n, uint8_t ret[DIGEST_KEY]);

/* XXH3-128 of the bytes received: "nothing changed" without parsing. */
void digest_raw(const void *data, size_t n, uint8_t ret[DIGEST_KEY]);

/* SHA-256 of n bytes. */
void digest_sha256(const void *data, size_t n, uint8_t ret[DIGEST_SHA256]);

/* HMAC-SHA256. */
void digest_hmac(const void *key, size_t key_n, const void *data, size_t n,
                 uint8_t ret[DIGEST_SHA256]);

/* Base64 with padding into dst (>= 4*((n+2)/3)+1 bytes); hex lower case into
 * dst (>= 2n+1). */
void digest_base64(const void *data, size_t n, char *dst);
/* Lower-case hex of n bytes, NUL-terminated: dst holds 2 n + 1. */
void digest_hex(const void *data, size_t n, char *dst);

/* Are n bytes equal, in a time that tells nothing of where they differ. */
bool digest_equal(const void *a, const void *b, size_t n);

/* n bytes from the system's generator; aborts when there is none. */
void digest_random(void *dst, size_t n);
