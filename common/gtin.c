#include "common/gtin.h"

#include <string.h>

#include "common/err.h"

enum { SHORTEST = 8, LONGEST = 14 };

/* How many there are; 0: it is no number. */
static size_t digits_of(char dst[GTIN_TEXT], const char *code) {
    size_t n = 0;
    for (const char *s = code; *s; s++) {
        if (*s == '-' || *s == ' ')
            continue;
        if (*s < '0' || *s > '9' || n == LONGEST)
            return 0;
        dst[n++] = *s;
    }
    dst[n] = '\0';
    return n;
}

const char *gtin_key(char dst[GTIN_TEXT], const char *code) {
    char digits[GTIN_TEXT];
    size_t n = digits_of(digits, code), zeros = 0;
    dst[0] = '\0';
    while (zeros < n && digits[zeros] == '0')
        zeros++;
    if (n < SHORTEST || zeros == n)
        return dst;
    memcpy(dst, digits + zeros, n - zeros);
    dst[n - zeros] = '\0';
    return dst;
}

/* The last digit fills the others up to a whole ten; counted from behind, every
 * second one counts thrice. */
int gtin_digits(char dst[GTIN_TEXT], const char *code) {
    char digits[GTIN_TEXT];
    size_t n = digits_of(digits, code);
    int sum = 0;
    if ((n != 8 && (n < 12 || n > LONGEST)) || strspn(digits, "0") == n)
        return ERR_INVALID;
    for (size_t i = 0; i < n; i++)
        sum += (digits[i] - '0') * ((n - i) % 2 ? 1 : 3);
    if (sum % 10)
        return ERR_RANGE;
    memcpy(dst, digits, n + 1);
    return 0;
}

bool gtin_same(const char *a, const char *b) {
    char x[GTIN_TEXT], y[GTIN_TEXT];
    return *a && (strcmp(a, b) == 0 ||
                  (*gtin_key(x, a) && strcmp(x, gtin_key(y, b)) == 0));
}
