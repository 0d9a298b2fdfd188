/* URLs of a shop: taking apart what a person typed, encoding, and putting
 * together what is requested. Pure. Never follows what a shop says about its
 * own address. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "common/buf.h"
#include "common/err.h"

struct url {
    char scheme[8]; /* http https */
    char host[256]; /* lower case; IPv6 in brackets */
    int port;       /* 0: the scheme's default */
    char path[512]; /* "" or "/shop", no trailing slash, no query */
};

/* Parse an address. A missing scheme is https; white space around, a query, a
 * fragment and trailing slashes are dropped, as are "/wp-json..." and
 * "/wp-admin..." that people paste. ERR_INVALID with a sentence: user:password
 * inside, other schemes, bad characters, too long. */
int url_parse(const char *text, struct url *ret, struct error *e);

/* "https://host[:port]/path" into dst. Returns 0 or ERR_RANGE. */
int url_format(const struct url *u, char *dst, size_t size);

/* Append RFC 3986 encoded (unreserved only stay). */
void url_encode(struct buf *out, const char *s, size_t n);

/* Append the URL of a REST route: base + "/wp-json" + path + "?query", or with
 * `route` base + "/?rest_route=" + path + "&_x=/wp-json/wc/" + query
 * (WooCommerce looks for that text before it believes a key). query may be "".
 */
void url_rest(struct buf *out, const char *base, bool route, const char *path,
              const char *query);
