/* OAuth 1.0a, one-legged, HMAC-SHA256, as WooCommerce checks it over plain
 * http. Pure: nonce and time are given. */
#pragma once

#include <stddef.h>

#include "common/buf.h"

enum { OAUTH_SIGNATURE = 48 };

/* Append the signature base string: METHOD&enc(url)&enc(sorted parameters).
 * url: scheme, host and path as the shop's home has them, no query. query:
 * RFC 3986 encoded pairs "a=b&c=d" including the oauth_ ones. Sorted by encoded
 * name, then encoded value. */
void oauth_base(struct buf *out, const char *method, const char *url,
                const char *query);

/* Base64 of HMAC-SHA256(secret "&", base) into dst. */
void oauth_sign(const char *secret, const char *base, size_t n,
                char dst[OAUTH_SIGNATURE]);

struct oauth_request {
    const char *method;
    const char *base_url; /* what is signed: home + path, no query */
    const char *query;    /* encoded, "" or "a=b" */
    const char *key, *secret;
    const char *nonce;     /* unique per request */
    long long timestamp_s; /* the shop's clock, +-15 min */
};
/* Append query with the oauth_ parameters and the signature. */
void oauth_query(struct buf *out, const struct oauth_request *r);
