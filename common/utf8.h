/* UTF-8: validation, decoding, cell width, and making outside text safe for a
 * terminal. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct buf;

/* Decode one code point from s (at most n bytes, n > 0). Returns bytes used
 * (1..4), or 0 when invalid (overlong, surrogate, > U+10FFFF, cut); *ret is
 * then untouched. */
size_t utf8_decode(const char *s, size_t n, uint32_t *ret);

/* Encode into dst (>= 4 bytes); returns bytes written, 0 for an invalid code
 * point. */
size_t utf8_encode(uint32_t cp, char *dst);

/* Are all n bytes valid UTF-8? Word-at-a-time on ASCII. */
bool utf8_valid(const char *s, size_t n);

/* Append s with every invalid byte replaced by U+FFFD. */
void utf8_repair(struct buf *out, const char *s, size_t n);

/* Terminal cells of a code point: 0 combining, 1, 2 wide; -1 for control
 * characters. Our own table, so that the two ends of an SSH link cannot
 * disagree; the screen draws '?' where wcwidth() differs. */
int utf8_width(uint32_t cp);

/* Cells of the whole text (after utf8_safe). */
size_t utf8_cells(const char *s);

/* Append text fit for one screen line: control characters, escape sequences,
 * bidi overrides, line and paragraph separators, zero-width format characters
 * and invalid bytes become '?', newline and tab become a space. */
void utf8_safe(struct buf *out, const char *s, size_t n);

/* Bytes of the longest prefix of s that fits into `cells` cells, whole clusters
 * only; *ret_cells gets the cells used. */
size_t utf8_fit(const char *s, size_t cells, size_t *ret_cells);
