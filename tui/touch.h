/* How soon what events touched is read again: an event that comes alone at
 * once, its followers shortly after, a stream of them a few times a second. */
#pragma once

#include <stdint.h>

enum { TOUCH_BURST = 8, TOUCH_SOON_MS = 20, TOUCH_STREAM_MS = 100 };

struct touch {
    int64_t last;  /* when it was read last, monotonic ms; 0: never */
    int64_t burst; /* readings not yet paid for by time */
};

/* Milliseconds to wait before the next reading. */
int64_t touch_wait(const struct touch *t, int64_t now);
/* It is read now. */
void touch_done(struct touch *t, int64_t now);
