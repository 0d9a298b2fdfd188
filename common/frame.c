/* The bytes in `in` are, in this order: lines handed out (taken), bytes known
 * to hold no newline (up to scanned), bytes not looked at. A line handed out
 * stays where it is until the next feed, so that nothing is copied. */
#include "common/frame.h"

#include <string.h>

#include "common/check.h"
#include "common/err.h"

/* A buffer that grew beyond this is given back once it is empty: a hundred
 * idle connections must not hold 4 MiB each. */
enum { KEEP = 64 * 1024 };

void frame_init(struct frame_reader *r, size_t max) {
    REQUIRE(max > 0);
    *r = (struct frame_reader){.in = BUF_INIT, .max = max};
}

void frame_done(struct frame_reader *r) {
    buf_done(&r->in);
    r->scanned = r->taken = 0;
}

/* Drop the lines handed out; their ranges end being valid here. */
static void drop_taken(struct frame_reader *r) {
    if (r->taken == r->in.len && r->in.cap > KEEP)
        buf_done(&r->in);
    else
        buf_consume(&r->in, r->taken);
    r->scanned -= r->taken;
    r->taken = 0;
}

int frame_feed(struct frame_reader *r, const void *data, size_t n) {
    if (r->overflowed)
        return ERR_TOO_BIG;
    drop_taken(r);
    if (n == 0)
        return 0;
    buf_add(&r->in, data, n);
    REQUIRE(r->scanned <= r->in.len);
    const char *from = r->in.data + r->scanned;
    const char *end = r->in.data + r->in.len;
    const char *newline = memrchr(from, '\n', (size_t)(end - from));
    if (!newline)
        r->scanned = r->in.len;
    /* Bytes of the line in progress. */
    size_t open = newline ? (size_t)(end - newline) - 1 : r->in.len;
    if (open > r->max) {
        r->overflowed = true;
        return ERR_TOO_BIG;
    }
    return 0;
}

/* Nothing but spaces: skipped like an empty line. */
static bool is_blank(const char *p, size_t n) {
    while (n > 0 && (*p == ' ' || *p == '\t' || *p == '\r')) {
        p++;
        n--;
    }
    return n == 0;
}

bool frame_next(struct frame_reader *r, const char **ret_line, size_t *ret_n) {
    while (r->scanned < r->in.len) {
        const char *from = r->in.data + r->scanned;
        const char *newline = memchr(from, '\n', r->in.len - r->scanned);
        if (!newline) {
            r->scanned = r->in.len;
            return false;
        }
        const char *line = r->in.data + r->taken;
        size_t n = (size_t)(newline - line);
        if (n > r->max) {
            r->overflowed = true;
            return false;
        }
        REQUIRE(r->taken + n < r->in.len);
        r->taken += n + 1;
        r->scanned = r->taken;
        if (n > 0 && line[n - 1] == '\r')
            n--;
        if (!is_blank(line, n)) {
            *ret_line = line;
            *ret_n = n;
            return true;
        }
    }
    return false;
}
