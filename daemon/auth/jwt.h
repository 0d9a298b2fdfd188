/* JSON web tokens: RS256 (RFC 7515, 7518) alone. Pure: no clock, no table. */
#pragma once

#include <stddef.h>

#include "common/buf.h"
#include "common/err.h"

struct jsonw;
struct jwt_key;

enum { JWT_BITS = 2048, JWT_TEXT_MAX = 4096 };

/* A fresh pair; some tens of milliseconds. */
struct jwt_key *jwt_key_make(void);
/* A pair or a public key out of PEM (PKCS #8, SPKI). ERR_INVALID: neither, not
 * RSA, or under 2048 bits. */
int jwt_key_read(const char *pem, size_t n, struct jwt_key **ret);
/* Append the pair as PEM; the caller wipes it. */
void jwt_key_write(const struct jwt_key *k, struct buf *out);
void jwt_key_free(struct jwt_key *k); /* NULL is fine */

/* The public half as a member of a JWK set. */
void jwt_key_jwk(const struct jwt_key *k, const char *kid, struct jsonw *w);

/* Append the compact form of the claims (JSON text). kid NULL: the header names
 * none. */
void jwt_sign(const struct jwt_key *k, const char *kid, const char *claims,
              struct buf *out);

/* Which key a token names, unchecked: its kid as text in `ret` ("" none).
 * ERR_INVALID: no token, or of another algorithm. */
int jwt_kid(const char *token, struct buf *ret);
/* Append the claims' JSON text when the signature is the key's. ERR_INVALID. */
int jwt_verify(const struct jwt_key *k, const char *token, struct buf *claims);
