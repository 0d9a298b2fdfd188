/* Lines on paper: Pango sets the text, Cairo draws and writes the PDF. */
#pragma once

struct buf;
struct lines;

/* Append the PDF. 0, or an ERR_*: ERR_TOO_BIG, more than 500 pages; ERR_IO,
 * Cairo refused. The same lines give the same bytes. */
int paper_draw(const struct lines *l, struct buf *out);
