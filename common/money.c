#include "common/money.h"

#include <string.h>

#include "common/check.h"
#include "common/err.h"

/* Digits a caller may ask for although the scale has fewer. */
enum { DECIMALS_PAD = 4, SCALE_MOST = 9 };

static bool digit(char c) {
    return c >= '0' && c <= '9';
}

/* ^-?\d+(\.\d+)?$ */
static bool well_formed(const char *s) {
    s += *s == '-';
    if (!digit(*s))
        return false;
    while (digit(*s))
        s++;
    if (*s != '.')
        return *s == 0;
    s++;
    if (!digit(*s))
        return false;
    while (digit(*s))
        s++;
    return *s == 0;
}

/* *v = *v * 10 - d; going down reaches INT64_MIN. */
static bool shift_in(int64_t *v, int d) {
    return !__builtin_mul_overflow(*v, 10, v) &&
           !__builtin_sub_overflow(*v, d, v);
}

int money_parse(const char *s, int scale, int64_t *ret) {
    int64_t v = 0;
    REQUIRE(scale >= 0 && scale <= SCALE_MOST);
    if (!s || !well_formed(s))
        return ERR_INVALID;
    bool minus = *s == '-';
    for (s += minus; digit(*s); s++)
        if (!shift_in(&v, *s - '0'))
            return ERR_RANGE;
    s += *s == '.';
    for (int i = 0; i < scale; i++) {
        if (!shift_in(&v, *s ? *s - '0' : 0))
            return ERR_RANGE;
        s += *s != 0;
    }
    if (s[strspn(s, "0")])
        return ERR_RANGE;
    if (!minus && __builtin_sub_overflow((int64_t)0, v, &v))
        return ERR_RANGE;
    *ret = v;
    return 0;
}

/* The digits of |v| with at least `least` of them; returns how many. */
static int digits_of(int64_t v, int least, char dst[MONEY_TEXT]) {
    char turned[MONEY_TEXT] = {0};
    uint64_t u = v < 0 ? 0 - (uint64_t)v : (uint64_t)v;
    int n = 0;
    for (; u > 0 || n < least; u /= 10)
        turned[n++] = (char)('0' + u % 10);
    for (int i = 0; i < n; i++)
        dst[i] = turned[n - 1 - i];
    return n;
}

static const char *format(char dst[MONEY_TEXT], int64_t v, int scale,
                          int decimals, bool grouped) {
    char digits[MONEY_TEXT] = {0};
    char *p = dst;
    REQUIRE(scale >= 0 && scale <= SCALE_MOST);
    int most = scale > DECIMALS_PAD ? scale : DECIMALS_PAD;
    decimals = decimals < 0 ? 0 : decimals > most ? most : decimals;
    int n = digits_of(v, scale + 1, digits);
    int whole = n - scale, needed = scale;
    while (needed > 0 && digits[whole + needed - 1] == '0')
        needed--;
    if (v < 0)
        *p++ = '-';
    for (int i = 0; i < whole; i++) {
        if (grouped && i > 0 && (whole - i) % 3 == 0)
            *p++ = ',';
        *p++ = digits[i];
    }
    int shown = needed > decimals ? needed : decimals;
    if (shown > 0)
        *p++ = '.';
    for (int i = 0; i < shown; i++)
        *p++ = i < scale ? digits[whole + i] : '0';
    *p = 0;
    return dst;
}

const char *money_format(char dst[MONEY_TEXT], int64_t v, int scale,
                         int decimals) {
    return format(dst, v, scale, decimals, false);
}

const char *money_format_qty(char dst[MONEY_TEXT], int64_t e3) {
    return format(dst, e3, QTY_SCALE, 0, false);
}

const char *money_format_human(char dst[MONEY_TEXT], int64_t v, int scale,
                               int decimals) {
    return format(dst, v, scale, decimals, true);
}

bool money_add(int64_t *acc, int64_t v) {
    int64_t sum;
    if (__builtin_add_overflow(*acc, v, &sum))
        return false;
    *acc = sum;
    return true;
}
