/* Folding for search: what is typed and what is stored meet in one form. */
#pragma once

#include <stddef.h>

struct buf;

/* Append the folded form of s: lower case, marks stripped from Latin, Greek and
 * Cyrillic letters, I İ ı i -> i, ß -> ss, Æ -> ae, Ø -> o, Ł -> l, full-width
 * forms -> ASCII, every run of white space -> one space; other scripts pass
 * unchanged. Deterministic and idempotent: fold(fold(x)) == fold(x). Invalid
 * bytes become '?'. */
void fold_text(struct buf *out, const char *s, size_t n);
