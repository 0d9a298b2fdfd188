/* A QR code in cells of a terminal: a cell is two modules, one above the
 * other, dark on light whatever the terminal's own colours are, for that is
 * what phones read. */
#pragma once

#include <stdbool.h>

#include "common/buf.h"

struct qr;

/* The quiet zone: what the standard asks for, and what phones still read. */
enum { QR_QUIET = 4, QR_QUIET_LEAST = 2 };

/* Of a text, as small as it can be. NULL: it is too long for any. */
struct qr *qr_make(const char *text);
void qr_free(struct qr *q); /* wipes it; NULL is fine */

/* Modules a side, without a quiet zone; and what one is. */
int qr_width(const struct qr *q);
bool qr_dark(const struct qr *q, int y, int x);

/* The widest quiet zone it can have in h x w cells, QR_QUIET_LEAST to QR_QUIET
 * modules. ERR_RANGE: it does not fit. */
int qr_quiet(const struct qr *q, int h, int w);
/* Cells it takes with that quiet zone. */
void qr_size(const struct qr *q, int quiet, int *ret_h, int *ret_w);
/* Append its row of cells: blanks and half blocks, for ROLE_QR. */
void qr_row(const struct qr *q, int quiet, int row, struct buf *out);
/* All rows as lines for a terminal, with its colours as ANSI sequences. */
void qr_lines(const struct qr *q, int quiet, struct buf *out);

/* Does this terminal show half blocks? By what the locale says of it. */
bool qr_terminal(void);
/* "GEZD GNBV ...": a secret in groups of four, to be typed from. */
void qr_groups(const char *secret, struct buf *out);
