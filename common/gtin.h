/* Numbers of goods as they are printed in bars: GTIN-8, -12 (UPC-A), -13 (EAN),
 * -14 and ISBN. One number has many spellings: a scanner sends UPC-A with 12
 * digits, or with a 0 in front as EAN-13, or two as GTIN-14; people write
 * hyphens and blanks between. */
#pragma once

#include <stdbool.h>

enum { GTIN_TEXT = 16 };

/* What all spellings of one number have in common; "" where it is none. */
const char *gtin_key(char dst[GTIN_TEXT], const char *code);
/* Its digits alone, zeros in front and all. ERR_INVALID: they are not 8, 12, 13
 * or 14; ERR_RANGE: the last is not the check digit of the others, one was
 * mistyped. */
int gtin_digits(char dst[GTIN_TEXT], const char *code);
/* Are both the same number? A code that is none is the same as itself; ""
 * as nothing. */
bool gtin_same(const char *a, const char *b);
