#include "sync/walk.h"

#include <string.h>

#include "common/check.h"

enum { SECOND = 1000 };

static int64_t whole_second(int64_t ms) {
    return ms - ms % SECOND;
}

void walk_init(struct walk *w, int64_t mark_ms, int64_t overlap_ms, int size) {
    REQUIRE(size > 0);
    memset(w, 0, sizeof *w);
    int64_t from = mark_ms > overlap_ms ? mark_ms - overlap_ms : 0;
    w->after_ms = whole_second(from);
    w->size = size;
}

/* The whole second was read by id; go on behind it. */
static void leave_second(struct walk *w) {
    w->after_ms = w->before_ms - SECOND;
    w->before_ms = 0;
    w->offset = 0;
}

void walk_page(struct walk *w, int n, int64_t first_ms, int64_t last_ms) {
    if (w->before_ms) {
        if (n < w->size)
            leave_second(w);
        else
            w->offset += n;
        return;
    }
    if (n < w->size) {
        w->finished = true;
        return;
    }
    first_ms = whole_second(first_ms);
    last_ms = whole_second(last_ms);
    bool one_second = first_ms == last_ms && first_ms > w->after_ms;
    if (one_second) {
        w->after_ms = last_ms - SECOND;
        w->before_ms = last_ms + SECOND;
        w->offset = 0;
    } else if (last_ms - SECOND > w->after_ms) {
        w->after_ms = last_ms - SECOND;
        w->offset = 0;
    } else {
        /* no usable dates: plain paging still reaches the end */
        w->offset += n;
    }
}
