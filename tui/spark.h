/* Figures as pictures in a line of text: bars and sparklines. A picture never
 * stands alone: the figure is written beside it. */
#pragma once

#include <stdint.h>

struct buf;

/* A bar of '#': n of max fills that part of `width` cells; something is never
 * nothing. */
void spark_bar(struct buf *out, int64_t n, int64_t max, int width);

/* A cell a figure, as high as it is beside the highest; a zero is a dot. */
void spark_line(struct buf *out, const int64_t *n, int count);
