/* ULID: 26 characters, sortable by time (github.com/ulid/spec: 48 bit ms, 80
 * bit random, Crockford base32). */
#pragma once

#include <stdbool.h>
#include <stdint.h>

enum { ULID_TEXT = 27 };

/* Write a new id into dst. random = 10 bytes from the caller's source of
 * randomness. */
void ulid_format(char dst[ULID_TEXT], int64_t now_ms, const uint8_t random[10]);
/* Is it 26 characters of Crockford's alphabet, in range? */
bool ulid_valid(const char *s);
