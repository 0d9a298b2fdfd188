/* Base64 with padding (RFC 4648, 4): bytes inside JSON. */
#pragma once

#include <stddef.h>

struct buf;

/* Append n bytes as text. */
void base64_encode(const void *data, size_t n, struct buf *out);
/* Append the bytes of n characters. ERR_INVALID, out untouched: another
 * character, a length that no bytes give, or bits behind the last byte that are
 * not zero. */
int base64_decode(const char *text, size_t n, struct buf *out);
