/* Lines belong to the view and are made anew when the width or the object
 * changes; scrolling is the listbox's. */
#include "tui/textview.h"

#include <stdarg.h>
#include <string.h>

#include "common/check.h"
#include "common/mem.h"
#include "common/utf8.h"
#include "tui/listbox.h"
#include "tui/web_address.h"

void textview_clear(struct textview *t) {
    for (int i = 0; i < t->n; i++) {
        free(t->lines[i].text);
        free(t->lines[i].label);
        free(t->lines[i].link);
    }
    t->n = 0;
}

void textview_done(struct textview *t) {
    textview_clear(t);
    free(t->lines);
    *t = (struct textview){0};
}

/* Takes over text. */
static void add_line(struct textview *t, int role, const char *label,
                     char *text) {
    if (t->n == t->cap) {
        t->cap = t->cap ? t->cap * 2 : 32;
        t->lines = mem_resize(t->lines, (size_t)t->cap, sizeof *t->lines);
    }
    t->lines[t->n++] = (struct text_line){text, role, mem_dup(label), NULL};
}

void textview_add(struct textview *t, int role, const char *label,
                  const char *fmt, ...) {
    va_list ap;
    va_start(ap, fmt);
    add_line(t, role, label, mem_vprintf(fmt, ap));
    va_end(ap);
}

void textview_link_from(struct textview *t, int first, const char *ref) {
    REQUIRE(ref != NULL && first >= 0);
    for (int i = first; i < t->n; i++) {
        free(t->lines[i].link);
        t->lines[i].link = mem_dup(ref);
    }
}

void textview_link(struct textview *t, const char *ref) {
    if (t->n > 0)
        textview_link_from(t, t->n - 1, ref);
}

/* Bytes of the next line of s: to a newline, or the last blank that fits. */
static size_t break_at(const char *s, size_t n, size_t width) {
    size_t cells;
    size_t fit = utf8_fit(s, width, &cells);
    if (fit >= n) {
        return n;
    }
    for (size_t i = fit; i > fit / 2; i--) {
        if (s[i] == ' ') {
            return i;
        }
    }
    return fit ? fit : 1;
}

void textview_prose(struct textview *t, int role, const char *label,
                    const char *text, int width) {
    width = width < 8 ? 8 : width;
    do {
        size_t line = strcspn(text, "\r\n");
        AUTO_BUF struct buf safe = BUF_INIT;
        utf8_safe(&safe, text, line);
        const char *s = buf_str(&safe);
        do {
            size_t n = break_at(s, strlen(s), (size_t)width);
            add_line(t, role, label, mem_dupn(s, n));
            label = label ? "" : NULL;
            s += n;
            s += *s == ' ';
        } while (*s);
        text += line;
        text += *text == '\r' && text[1] == '\n' ? 2 : *text != '\0';
    } while (*text);
}

int textview_show(const struct pane *p, int y, int role, const char *text) {
    struct textview t = {0};
    textview_prose(&t, role, NULL, text, p->w - 2);
    for (int i = 0; i < t.n && y < p->h; i++) {
        (void)pane_text(p, y++, 1, -1, role, t.lines[i].text);
    }
    textview_done(&t);
    return y;
}

static void fix(struct textview *t, struct listbox *l) {
    *l = (struct listbox){t->n, t->at, t->top, t->height};
    listbox_fix(l);
}

static void store(struct textview *t, const struct listbox *l) {
    t->at = (int)l->selected;
    t->top = (int)l->top;
}

/* The label stands in its own column, once a paragraph. */
static void draw_line(const struct textview *t, const struct pane *p, int y,
                      const struct text_line *line) {
    REQUIRE(line->text != NULL);
    int x = 0;
    if (line->label && t->label_width) {
        (void)pane_text(p, y, 0, t->label_width - 1, ROLE_DIM, line->label);
        x = t->label_width;
    }
    const struct screen_ops *ops = p->screen->ops;
    bool web = web_address_ok(line->link);
    if (web)
        ops->link(p->screen, line->link);
    (void)pane_text(p, y, x, -1, line->role, line->text);
    if (web)
        ops->link(p->screen, NULL);
}

void textview_draw(struct textview *t, const struct pane *p, bool cursor) {
    struct listbox l;
    t->height = p->h;
    fix(t, &l);
    store(t, &l);
    for (int y = 0; y < p->h && t->top + y < t->n; y++) {
        draw_line(t, p, y, &t->lines[t->top + y]);
    }
    if (cursor) {
        pane_cursor(p, t->at - t->top, 0);
    }
}

bool textview_move(struct textview *t, enum listbox_move move) {
    struct listbox l;
    fix(t, &l);
    bool moved = listbox_move(&l, move);
    store(t, &l);
    return moved;
}

const char *textview_target(const struct textview *t) {
    return t->at >= 0 && t->at < t->n ? t->lines[t->at].link : NULL;
}
