/* The world at its worst: while an answer is held up on its way, what it shows
 * is changed at the shop, and the shop tells. What the daemon reads then is
 * answered first; what was held up comes after it and is old. */
#pragma once

#include <stdint.h>

struct buf;
struct sim;

#define SPITE_NAME "Turn " /* and a number that grows: the buyer's name */

/* An answer of a GET was given, and will be heard in_ms from now. */
void spite_held(struct sim *s, const char *uri, const struct buf *answer,
                int64_t in_ms);
