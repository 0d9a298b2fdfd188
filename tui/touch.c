#include "tui/touch.h"

int64_t touch_wait(const struct touch *t, int64_t now) {
    int64_t pause = t->burst < TOUCH_BURST ? TOUCH_SOON_MS : TOUCH_STREAM_MS;
    int64_t wait = t->last + pause - now;
    return t->last == 0 || wait < 0 ? 0 : wait;
}

void touch_done(struct touch *t, int64_t now) {
    int64_t paid = (now - t->last) / TOUCH_STREAM_MS;
    t->burst = (paid < t->burst ? t->burst - paid : 0) + 1;
    t->last = now;
}
