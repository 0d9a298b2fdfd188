/* All text of all screens passes pane_text: it is made safe, cut and clipped
 * there and nowhere else. */
#include "tui/pane.h"

#include <stdarg.h>
#include <string.h>

#include "common/buf.h"
#include "common/check.h"
#include "common/utf8.h"

struct pane pane_root(struct screen *s) {
    REQUIRE(s != NULL);
    struct pane p = {.screen = s};
    s->ops->size(s, &p.h, &p.w);
    return p;
}

static int clamp(int v, int low, int high) {
    return v < low ? low : v > high ? high : v;
}

struct pane pane_sub(const struct pane *p, int y, int x, int h, int w) {
    REQUIRE(p->h >= 0 && p->w >= 0);
    struct pane sub = *p;
    y = clamp(y, 0, p->h);
    x = clamp(x, 0, p->w);
    sub.y = p->y + y;
    sub.x = p->x + x;
    sub.h = clamp(h, 0, p->h - y);
    sub.w = clamp(w, 0, p->w - x);
    return sub;
}

/* Cut to `cells` with ".." at the end, whole clusters only. */
static void shorten(struct buf *text, size_t cells) {
    size_t used;
    if (utf8_cells(buf_str(text)) <= cells) {
        return;
    }
    size_t mark = cells > 4 ? 2 : 0;
    buf_truncate(text, utf8_fit(buf_str(text), cells - mark, &used));
    if (mark) {
        buf_adds(text, "..");
    }
}

/* Cells from x to the edge, at most w; 0 outside. */
static int room(const struct pane *p, int y, int x, int w) {
    if (y < 0 || y >= p->h || x < 0 || x >= p->w) {
        return 0;
    }
    return w < 0 || w > p->w - x ? p->w - x : w;
}

int pane_text(const struct pane *p, int y, int x, int w, int role,
              const char *text) {
    w = room(p, y, x, w);
    if (w == 0 || !text || !*text) {
        return 0;
    }
    AUTO_BUF struct buf safe = BUF_INIT;
    utf8_safe(&safe, text, strlen(text));
    shorten(&safe, (size_t)w);
    p->screen->ops->put(p->screen, p->y + y, p->x + x, role | p->added_role,
                        buf_str(&safe), w);
    return (int)utf8_cells(buf_str(&safe));
}

void pane_right(const struct pane *p, int y, int x, int w, int role,
                const char *text) {
    AUTO_BUF struct buf safe = BUF_INIT;
    utf8_safe(&safe, text, strlen(text));
    int cells = (int)utf8_cells(buf_str(&safe));
    int gap = cells < w ? w - cells : 0;
    (void)pane_text(p, y, x + gap, w - gap, role, text);
}

void pane_fill(const struct pane *p, int y, int role) {
    AUTO_BUF struct buf blanks = BUF_INIT;
    if (y < 0 || y >= p->h || p->w <= 0) {
        return;
    }
    memset(buf_reserve(&blanks, (size_t)p->w), ' ', (size_t)p->w);
    buf_added(&blanks, (size_t)p->w);
    (void)pane_text(p, y, 0, p->w, role, buf_str(&blanks));
}

int pane_textf(const struct pane *p, int y, int x, int w, int role,
               const char *fmt, ...) {
    AUTO_BUF struct buf b = BUF_INIT;
    va_list ap;
    va_start(ap, fmt);
    buf_addv(&b, fmt, ap);
    va_end(ap);
    return pane_text(p, y, x, w, role, buf_str(&b));
}

void pane_cursor(const struct pane *p, int y, int x) {
    if (p->h > 0 && p->w > 0) {
        p->screen->ops->cursor(p->screen, p->y + clamp(y, 0, p->h - 1),
                               p->x + clamp(x, 0, p->w - 1));
    }
}
