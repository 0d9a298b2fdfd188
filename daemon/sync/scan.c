#include "sync/scan.h"

#include <stddef.h>
#include <string.h>

#include "common/check.h"

void scan_init(struct scan *s, int64_t pos, int most) {
    REQUIRE(pos >= 0 && most >= SCAN_SIZE_MIN && most <= SCAN_SIZE_MAX);
    memset(s, 0, sizeof *s);
    s->low = s->next = pos;
    s->top = true;
    s->size = s->most = most;
}

static struct scan_window *find(struct scan *s, int state) {
    for (int i = 0; i < SCAN_WINDOWS; i++)
        if ((int)s->w[i].state == state)
            return &s->w[i];
    return NULL;
}

static struct scan_window *send(struct scan *s, struct scan_window *w) {
    w->state = SCAN_SENT;
    w->sent = ++s->tick;
    w->first_id = w->last_id = 0;
    return w;
}

/* The window that must be accepted before any other: the topmost. */
static struct scan_window *topmost(struct scan *s) {
    struct scan_window *best = NULL;
    for (int i = 0; i < SCAN_WINDOWS; i++)
        if (s->w[i].state != SCAN_FREE && (!best || s->w[i].from > best->from))
            best = &s->w[i];
    return best;
}

struct scan_window *scan_next(struct scan *s) {
    struct scan_window *w = find(s, SCAN_DUE);
    if (w)
        return send(s, w);
    w = find(s, SCAN_FREE);
    if (!w || s->next == 0)
        return NULL;
    /* one row shared with the neighbour above, if there is one */
    bool shared = !s->top || topmost(s);
    int64_t to = s->next + (shared ? 1 : 0);
    w->from = to > s->size ? to - s->size : 0;
    w->n = (int)(to - w->from);
    s->next = w->from;
    return send(s, w);
}

static bool slipped(const struct scan *s, const struct scan_window *w) {
    return !s->top && w->sent < s->low_read && w->last_id != s->low_id;
}

static void accept_ready(struct scan *s) {
    struct scan_window *w;
    while ((w = topmost(s)) && w->state == SCAN_READ) {
        if (slipped(s, w)) {
            w->state = SCAN_DUE;
            return;
        }
        s->low = w->from;
        s->low_id = w->first_id;
        s->low_read = w->read;
        s->top = false;
        w->state = SCAN_FREE;
    }
}

void scan_read(struct scan *s, struct scan_window *w, int64_t first_id,
               int64_t last_id) {
    REQUIRE(w->state == SCAN_SENT);
    w->state = SCAN_READ;
    w->read = ++s->tick;
    w->first_id = first_id;
    w->last_id = last_id;
    accept_ready(s);
    if (s->size < s->most)
        s->size += s->size / 4 + 1;
    if (s->size > s->most)
        s->size = s->most;
}

bool scan_shrink(struct scan *s, struct scan_window *w) {
    REQUIRE(w->state == SCAN_SENT);
    if (w->n <= SCAN_SIZE_MIN)
        return false;
    s->size = w->n / 2 > SCAN_SIZE_MIN ? w->n / 2 : SCAN_SIZE_MIN;
    struct scan_window *lower = find(s, SCAN_FREE);
    w->state = SCAN_DUE;
    if (!lower)
        return true; /* no room to split: the same window once more */
    int half = w->n / 2;
    lower->state = SCAN_DUE;
    lower->from = w->from;
    lower->n = w->n - half + 1; /* shares its last row with the upper half */
    w->from += w->n - half;
    w->n = half;
    return true;
}

void scan_again(struct scan *s, struct scan_window *w) {
    (void)s;
    REQUIRE(w->state == SCAN_SENT);
    w->state = SCAN_DUE;
}

bool scan_finished(const struct scan *s) {
    if (s->next > 0)
        return false;
    for (int i = 0; i < SCAN_WINDOWS; i++)
        if (s->w[i].state != SCAN_FREE)
            return false;
    return true;
}
