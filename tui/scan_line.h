/* What is typed or scanned into the line of picking and packing. */
#pragma once

#include <stddef.h>

struct jsonw;

/* The member `code`; of "L2407 !sample for the customer" also `expired`, the
 * reason why what has expired goes out all the same. */
void scan_line_code(struct jsonw *w, const char *text, size_t n);
