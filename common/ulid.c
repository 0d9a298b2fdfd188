#include "common/ulid.h"

#include <string.h>

#include "common/check.h"

/* Crockford base32: no I, L, O, U. */
static const char alphabet[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

enum { TIME_CHARS = 10, CHARS = ULID_TEXT - 1 };

void ulid_format(char dst[ULID_TEXT], int64_t now_ms,
                 const uint8_t random[10]) {
    REQUIRE(now_ms >= 0 && now_ms < (int64_t)1 << 48);
    for (int i = TIME_CHARS - 1; i >= 0; i--, now_ms >>= 5)
        dst[i] = alphabet[now_ms & 31];
    /* Five bytes make eight characters, twice. */
    for (int half = 0; half < 2; half++) {
        uint64_t bits = 0;
        for (int i = 0; i < 5; i++)
            bits = bits << 8 | random[half * 5 + i];
        for (int i = 7; i >= 0; i--, bits >>= 5)
            dst[TIME_CHARS + half * 8 + i] = alphabet[bits & 31];
    }
    dst[CHARS] = 0;
}

bool ulid_valid(const char *s) {
    /* 26 characters hold 130 bits: the first has only three to give. */
    return s && strlen(s) == CHARS && strspn(s, alphabet) == CHARS &&
           s[0] <= '7';
}
