/* Amounts as PHP reads and prints them: int64 x10^4. */
#pragma once

#include <stdint.h>

enum { CASH_TEXT = 40 };

/* What PHP's number cast sees: leading sign, digits, fraction; rest ignored.
 * Digits beyond the fourth are rounded half up. */
int64_t cash_of(const char *s);

/* "12.30" with `decimals` digits, rounded half away from zero. */
const char *cash_text(char dst[CASH_TEXT], int64_t e4, int decimals);

/* e4 * num / den, rounded to cents. */
int64_t cash_share(int64_t e4, int64_t num, int64_t den);

/* total / qty as the JSON float PHP prints ("219.76999999999998"). */
const char *cash_float(char dst[CASH_TEXT], int64_t e4, int64_t qty);
