#include "sync/walk.h"

#include <string.h>

#include "common/check.h"

enum { SECOND = 1000 };

static int64_t whole_second(int64_t ms) {
    return ms - ms % SECOND;
}

static void enter_list(struct walk *w) {
    w->listed = w->probing = true;
    w->offset = 0;
}

void walk_init(struct walk *w, bool dated, int64_t mark_ms, int64_t overlap_ms,
               int size) {
    REQUIRE(size > 0);
    memset(w, 0, sizeof *w);
    int64_t from = mark_ms > overlap_ms ? mark_ms - overlap_ms : 0;
    w->after_ms = whole_second(from);
    w->size = size;
    w->dated = dated;
    if (!dated)
        enter_list(w);
}

/* The list is read: go on behind its second, or be through. */
static void leave_list(struct walk *w) {
    w->listed = w->probing = false;
    w->offset = 0;
    if (w->before_ms)
        w->after_ms = w->before_ms - SECOND;
    else
        w->finished = true;
    w->before_ms = 0;
}

static void list_page(struct walk *w, int n, int64_t total) {
    bool whole = total >= 0 ? total <= w->size : n < w->size;
    if (w->probing && whole) {
        leave_list(w);
        return;
    }
    if (w->probing) {
        w->probing = false;
        w->offset = total > 0 ? total : n; /* its end */
    } else if (w->offset == 0) {
        leave_list(w);
        return;
    }
    w->offset = w->offset > w->size ? w->offset - w->size : 0;
}

void walk_page(struct walk *w, int n, int64_t first_ms, int64_t last_ms,
               int64_t total) {
    if (w->listed) {
        list_page(w, n, total);
        return;
    }
    if (n < w->size) {
        w->finished = true;
        return;
    }
    first_ms = whole_second(first_ms);
    last_ms = whole_second(last_ms);
    if (last_ms - SECOND > w->after_ms && first_ms < last_ms) {
        w->after_ms = last_ms - SECOND;
        return;
    }
    /* all one second, or no usable dates: a list of its own */
    if (last_ms > w->after_ms) {
        w->after_ms = last_ms - SECOND;
        w->before_ms = last_ms + SECOND;
    }
    enter_list(w);
}
