/* Amounts and quantities as scaled integers, never float: money x10^4 (_e4),
 * quantity x10^3 (_e3). */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    MONEY_SCALE = 4,
    QTY_SCALE = 3,
    MONEY_TEXT = 32 /* bytes that any formatted amount fits */
};

/* Parse ^-?\d+(\.\d+)?$ into value * 10^scale (scale 0..9). ERR_INVALID: not of
 * that form. ERR_RANGE: does not fit an int64, or has more non-zero digits than
 * the scale keeps. *ret untouched on failure. */
int money_parse(const char *s, int scale, int64_t *ret);

/* Format with exactly `decimals` digits when the value has no more, else with
 * as many as it needs (<= scale). */
const char *money_format(char dst[MONEY_TEXT], int64_t v, int scale,
                         int decimals);

/* Format a quantity: "3", "1.5" (no trailing zeros). */
const char *money_format_qty(char dst[MONEY_TEXT], int64_t e3);

/* With thousands separators for people: "148,220.40". */
const char *money_format_human(char dst[MONEY_TEXT], int64_t v, int scale,
                               int decimals);

/* *acc += v; false (acc untouched) on overflow. */
bool money_add(int64_t *acc, int64_t v);
