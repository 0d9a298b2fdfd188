#include "common/str.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "common/err.h"

static bool digit(char c) {
    return c >= '0' && c <= '9';
}

/* Digits from s onwards as a negative number, which reaches one further than a
 * positive one. *ret_end = first byte that is no digit. */
static int digits_negated(const char *s, int64_t *ret, const char **ret_end) {
    int64_t v = 0;
    bool over = false;
    const char *p = s;
    for (; digit(*p); p++)
        over = over || __builtin_mul_overflow(v, 10, &v) ||
               __builtin_sub_overflow(v, *p - '0', &v);
    *ret_end = p;
    if (p == s)
        return ERR_INVALID;
    *ret = v;
    return over ? ERR_RANGE : 0;
}

int str_to_i64(const char *s, int64_t min, int64_t max, int64_t *ret) {
    int64_t v;
    const char *end;
    if (!s)
        return ERR_INVALID;
    bool minus = *s == '-';
    int r = digits_negated(s + minus, &v, &end);
    if (r == ERR_INVALID || *end)
        return ERR_INVALID;
    if (r < 0)
        return r;
    if (!minus && __builtin_sub_overflow((int64_t)0, v, &v))
        return ERR_RANGE;
    if (v < min || v > max)
        return ERR_RANGE;
    *ret = v;
    return 0;
}

int str_to_bool(const char *s, bool *ret) {
    static const char *const yes[] = {"true", "yes", "on", "1"};
    static const char *const no[] = {"false", "no", "off", "0"};
    for (size_t i = 0; i < 4; i++) {
        bool is = str_eq(s, yes[i]);
        if (is || str_eq(s, no[i])) {
            *ret = is;
            return 0;
        }
    }
    return ERR_INVALID;
}

/* Seconds of a unit letter; 0 when there is no such unit. */
static int64_t unit_seconds(const char *unit) {
    if (str_eq(unit, "") || str_eq(unit, "s"))
        return 1;
    if (str_eq(unit, "m"))
        return 60;
    if (str_eq(unit, "h"))
        return 3600;
    if (str_eq(unit, "d"))
        return 86400;
    return str_eq(unit, "w") ? 7 * 86400 : 0;
}

int str_to_duration(const char *s, int64_t *ret_seconds) {
    static const int64_t most = 10LL * 366 * 86400;
    int64_t v;
    const char *end;
    if (!s)
        return ERR_INVALID;
    int r = digits_negated(s, &v, &end);
    if (r == ERR_INVALID || unit_seconds(end) == 0)
        return ERR_INVALID;
    if (r < 0 || v < -most)
        return ERR_RANGE;
    v = -v * unit_seconds(end);
    if (v > most)
        return ERR_RANGE;
    *ret_seconds = v;
    return 0;
}

bool str_eq(const char *a, const char *b) {
    return a && b ? strcmp(a, b) == 0 : a == b;
}

bool str_empty(const char *s) {
    return !s || !*s;
}

bool str_starts(const char *s, const char *prefix) {
    return strncmp(s, prefix, strlen(prefix)) == 0;
}

bool str_ends(const char *s, const char *suffix) {
    size_t n = strlen(s), m = strlen(suffix);
    return n >= m && memcmp(s + n - m, suffix, m) == 0;
}

int str_format(char *dst, size_t size, const char *fmt, ...) {
    va_list ap;
    va_start(ap, fmt);
    int n = vsnprintf(dst, size, fmt, ap);
    va_end(ap);
    return n < 0 || (size_t)n >= size ? ERR_RANGE : 0;
}

size_t str_copy(char *dst, size_t size, const char *src) {
    size_t n = strlen(src);
    if (size == 0)
        return 0;
    if (n >= size) {
        n = size - 1;
        /* A continuation byte at the cut: step back to its lead byte. */
        while (n > 0 && ((unsigned char)src[n] & 0xC0) == 0x80)
            n--;
    }
    memcpy(dst, src, n);
    dst[n] = 0;
    return n;
}

bool str_is_store_name(const char *s) {
    if (!s || *s < 'a' || *s > 'z')
        return false;
    size_t n = strspn(s, "abcdefghijklmnopqrstuvwxyz0123456789-");
    return s[n] == 0 && n <= 32;
}

bool str_glob(const char *pattern, const char *text) {
    const char *star = NULL, *mark = NULL;
    while (*text) {
        if (*pattern == '*') {
            star = ++pattern;
            mark = text;
        } else if (*pattern == '?' || *pattern == *text) {
            pattern++;
            text++;
        } else if (star) {
            /* Only the last star ever needs another try: no recursion. */
            pattern = star;
            text = ++mark;
        } else {
            return false;
        }
    }
    while (*pattern == '*')
        pattern++;
    return *pattern == 0;
}

enum { FAR = 9, LONGEST = 64 };

static int min3(int a, int b, int c) {
    int m = a < b ? a : b;
    return m < c ? m : c;
}

/* One row of the distance table; a[i-1] is the byte of this row. */
static void distance_row(const char *a, size_t i, const char *b, size_t m,
                         int row[3][LONGEST + 1]) {
    int *now = row[i % 3];
    const int *up = row[(i + 2) % 3], *up2 = row[(i + 1) % 3];
    now[0] = (int)i;
    for (size_t j = 1; j <= m; j++) {
        int cost = a[i - 1] != b[j - 1];
        now[j] = min3(up[j] + 1, now[j - 1] + 1, up[j - 1] + cost);
        if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
            now[j] = min3(now[j], up2[j - 2] + 1, FAR);
    }
}

int str_distance(const char *a, const char *b) {
    int row[3][LONGEST + 1];
    size_t n = strlen(a), m = strlen(b);
    if (n > LONGEST || m > LONGEST)
        return strcmp(a, b) == 0 ? 0 : FAR;
    for (size_t j = 0; j <= m; j++)
        row[0][j] = (int)j;
    for (size_t i = 1; i <= n; i++)
        distance_row(a, i, b, m, row);
    return min3(row[n % 3][m], FAR, FAR);
}
