/* Bytes as text where a password, a token or a key is written down. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "common/buf.h"

/* Append n bytes in base64url without padding (RFC 4648, 5). */
void encode_base64url(const void *data, size_t n, struct buf *out);
/* Append the bytes of n characters. ERR_INVALID: another character, a length
 * that no bytes give, or bits behind the last byte that are not zero. */
int decode_base64url(const char *text, size_t n, struct buf *out);

/* The same in base32 without padding (RFC 4648, 6); upper case. Decoding takes
 * lower case and passes over blanks and hyphens: people type it. */
void encode_base32(const void *data, size_t n, struct buf *out);
int decode_base32(const char *text, size_t n, struct buf *out);
