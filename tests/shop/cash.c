#include "tests/shop/cash.h"

#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

int64_t cash_of(const char *s) {
    bool minus = *s == '-';
    int64_t v = 0;
    int digits = -1;
    for (s += minus; digits < 4 && *s; s++) {
        if (*s == '.' && digits < 0)
            digits = 0;
        else if (*s >= '0' && *s <= '9' && v < 100000000000000) {
            v = 10 * v + (*s - '0');
            digits += digits >= 0;
        } else
            break;
    }
    if (digits == 4 && *s >= '5' && *s <= '9')
        v++;
    for (int d = digits < 0 ? 0 : digits; d < 4; d++)
        v *= 10;
    return minus ? -v : v;
}

static int64_t divide(int64_t v, int64_t by) {
    return v < 0 ? -((-v + by / 2) / by) : (v + by / 2) / by;
}

const char *cash_text(char dst[CASH_TEXT], int64_t e4, int decimals) {
    int64_t unit = 1, scale = 1;
    for (int d = decimals; d < 4; d++)
        unit *= 10;
    for (int d = 0; d < decimals && d < 4; d++)
        scale *= 10;
    int64_t v = divide(e4, unit), whole = (v < 0 ? -v : v) / scale;
    if (decimals == 0)
        (void)snprintf(dst, CASH_TEXT, "%s%" PRId64, v < 0 ? "-" : "", whole);
    else
        (void)snprintf(dst, CASH_TEXT, "%s%" PRId64 ".%0*" PRId64,
                       v < 0 ? "-" : "", whole, decimals,
                       (v < 0 ? -v : v) % scale);
    return dst;
}

int64_t cash_share(int64_t e4, int64_t num, int64_t den) {
    return den ? divide(divide(e4 * num, den), 100) * 100 : 0;
}

const char *cash_float(char dst[CASH_TEXT], int64_t e4, int64_t qty) {
    double v = (double)e4 / 10000.0 / (double)(qty ? qty : 1);
    for (int digits = 1; digits <= 17; digits++) {
        (void)snprintf(dst, CASH_TEXT, "%.*g", digits, v);
        if (strtod(dst, NULL) == v)
            break;
    }
    return dst;
}
