#include "common/gtin.h"

#include <string.h>

enum { SHORTEST = 8, LONGEST = 14 };

const char *gtin_key(char dst[GTIN_TEXT], const char *code) {
    char digits[LONGEST + 1];
    size_t n = 0, zeros = 0;
    dst[0] = '\0';
    for (const char *s = code; *s; s++) {
        if (*s == '-' || *s == ' ')
            continue;
        if (*s < '0' || *s > '9' || n == LONGEST)
            return dst;
        digits[n++] = *s;
    }
    while (zeros < n && digits[zeros] == '0')
        zeros++;
    if (n < SHORTEST || zeros == n)
        return dst;
    memcpy(dst, digits + zeros, n - zeros);
    dst[n - zeros] = '\0';
    return dst;
}

bool gtin_same(const char *a, const char *b) {
    char x[GTIN_TEXT], y[GTIN_TEXT];
    return *a && (strcmp(a, b) == 0 ||
                  (*gtin_key(x, a) && strcmp(x, gtin_key(y, b)) == 0));
}
