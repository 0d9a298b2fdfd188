/* Inside the model only: what the samples of a dictionary may teach it. */
#pragma once

#include <stddef.h>

struct buf;

/* How many different people's objects must have a word for it to be nobody's:
 * a currency, a city, the shop's address, "Mehmet". */
enum { KEPT_COMMON = 50 };

/* Take every other word out of n JSON texts that stand one behind the other in
 * `text`, of sizes[i] bytes each; what is left need not be JSON. Objects of one
 * e-mail address, else of one customer, are one person's; one with neither is a
 * person's of its own. Also one that cannot be read is, so that it teaches
 * nothing of its own. */
void kept_common(struct buf *text, size_t *sizes, unsigned n);
