/* CSV as RFC 4180 has it, and as spreadsheets write it: a byte order mark, CRLF
 * or LF, and ; or a tab between cells are taken too.
 *
 * A spreadsheet runs a cell that begins with = + - @ as a formula, whoever
 * wrote it. So such a cell is written with a ' before it, which is taken off
 * again when it is read; one that begins with a ' of its own gets a second. A
 * plain number stays as it is, but for digits that would come back as others:
 * with a zero in front, or 12 and more of them (4.00638E+12). */
#pragma once

#include <stddef.h>

struct arena;
struct buf;

enum { CSV_CELLS = 64, CSV_CELL_MAX = 32768 };

/* A text being read; copied freely, to read on from there. */
struct csv {
    const char *at, *end;
    char separator; /* , ; or tab: what the first row has most of */
    int line;       /* of the row read last, 1 the first */
    int next;       /* of the row to come */
};

/* Begin with a text, which stays the caller's and must outlive it. */
void csv_begin(struct csv *c, const char *text, size_t n);
/* The next row that is not empty: its cells, ended by NUL, in the arena; how
 * many, 0 at the end. ERR_INVALID: a quote that is never closed or has text
 * behind it, a NUL, no UTF-8. ERR_TOO_BIG: more than CSV_CELLS cells, or one
 * longer than CSV_CELL_MAX. After an error the row is behind, *ret untouched.
 */
int csv_row(struct csv *c, struct arena *a, const char *ret[CSV_CELLS]);

/* Append a cell, safe and quoted where it must be; `first` puts no comma before
 * it. */
void csv_cell(struct buf *out, const char *text, int first);
/* End of a row. */
void csv_end(struct buf *out);
