/* What utf8_cell.c knows about characters beyond ASCII. */
#pragma once

#include <stddef.h>
#include <stdint.h>

enum utf8_kind {
    UTF8_PLAIN,  /* one cell */
    UTF8_MARK,   /* combining: no cell of its own */
    UTF8_WIDE,   /* two cells */
    UTF8_FORMAT, /* invisible: joiners, bidi controls, line separators */
};

/* Code points first..last; the array is ascending, what is missing is plain. */
struct utf8_range {
    uint32_t first, last;
    uint8_t kind; /* enum utf8_kind */
};

extern const struct utf8_range utf8_ranges[];
extern const size_t utf8_range_count;
