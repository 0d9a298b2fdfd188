/* Code 128: subset B, and C where digits come in fours. Pure. */
#pragma once

#include <stddef.h>
#include <stdint.h>

enum {
    CODE128_TEXT = 80, /* characters at most */
    /* Start, one a character, a switch to C and one back for each four digits,
     * checksum, stop. */
    CODE128_SYMBOLS = CODE128_TEXT * 2 + 3,
    CODE128_WIDTHS = CODE128_SYMBOLS * 6 + 1,
};

/* Symbol values of printable ASCII: start, data, checksum, stop. Returns how
 * many, 0 when the text has none or others, or is too long. */
size_t code128_symbols(const char *text, uint8_t ret[CODE128_SYMBOLS]);

/* Widths in modules of bars and gaps by turns, a bar first and last. Returns
 * how many, as above; their sum in *ret_modules, without the quiet zones of 10
 * modules a side. */
size_t code128_widths(const char *text, uint8_t ret[CODE128_WIDTHS],
                      int *ret_modules);
