/* Paragraphs, wrapped for the width they are shown at. */
#include "tui/once.h"

#include <string.h>

#include "common/mem.h"
#include "tui/textview.h"
#include "tui/tr.h"
#include "tui/views.h"
#include "tui/web_address.h"

enum { PARTS_MAX = 32, PLAIN_WIDTH = 100 };

struct once {
    struct view base;
    char *title, *copy; /* owned; copy is wiped */
    struct {
        enum role role;
        char *text; /* owned; wiped */
    } parts[PARTS_MAX];
    int n;
    struct textview text;
    int width; /* of the lines in text; 0: make anew */
};

struct once *once_open(struct app *a, const char *title, const char *copy) {
    struct once *o = NEW(struct once);
    o->base = (struct view){&view_once_ops, a};
    o->title = mem_dup(title);
    o->copy = mem_dup(copy);
    return app_push_view(a, &o->base) ? o : NULL;
}

void once_add(struct once *o, enum role role, const char *text) {
    if (o->n < PARTS_MAX) {
        o->parts[o->n].role = role;
        o->parts[o->n++].text = mem_dup(text);
    }
    o->width = 0;
    app_dirty(o->base.app);
}

static void wipe(char *text) {
    if (text) {
        mem_wipe(text, strlen(text));
    }
    free(text);
}

static void wipe_lines(struct once *o) {
    for (int i = 0; i < o->text.n; i++) {
        struct text_line *l = &o->text.lines[i];
        mem_wipe(l->text, strlen(l->text));
        if (l->link) {
            mem_wipe(l->link, strlen(l->link));
        }
    }
    textview_clear(&o->text);
}

static void once_close(struct view *v) {
    struct once *o = (struct once *)v;
    wipe_lines(o);
    textview_done(&o->text);
    for (int i = 0; i < o->n; i++) {
        wipe(o->parts[i].text);
    }
    wipe(o->copy);
    free(o->title);
    free(o);
}

static void make_lines(struct once *o, int width) {
    if (o->width == width) {
        return;
    }
    wipe_lines(o);
    for (int i = 0; i < o->n; i++) {
        int first = o->text.n;
        const char *text = o->parts[i].text;
        textview_prose(&o->text, (int)o->parts[i].role, NULL, text, width);
        if (web_address_ok(text)) {
            textview_link_from(&o->text, first, text);
        }
    }
    o->width = width;
}

static void once_draw(struct view *v, const struct pane *body) {
    struct once *o = (struct once *)v;
    struct pane p = pane_sub(body, 0, 1, body->h, body->w - 2);
    make_lines(o, p.w);
    textview_draw(&o->text, &p, true);
}

static unsigned once_action(struct view *v, enum action_id action) {
    struct once *o = (struct once *)v;
    switch (action) {
    case ACTION_UP:
    case ACTION_DOWN:
        (void)textview_move(&o->text,
                            action == ACTION_UP ? LISTBOX_UP : LISTBOX_DOWN);
        return VIEW_DONE;
    case ACTION_PAGE_UP:
    case ACTION_PAGE_DOWN:
        (void)textview_move(&o->text, action == ACTION_PAGE_UP
                                          ? LISTBOX_PAGE_UP
                                          : LISTBOX_PAGE_DOWN);
        return VIEW_DONE;
    default:
        return VIEW_IGNORED;
    }
}

static void once_name(struct view *v, struct buf *out) {
    buf_adds(out, ((const struct once *)v)->title);
}

static const char *once_ref(struct view *v) {
    return ((const struct once *)v)->copy;
}

static void once_plain(struct view *v, struct buf *out) {
    struct once *o = (struct once *)v;
    make_lines(o, PLAIN_WIDTH);
    for (int i = 0; i < o->text.n; i++) {
        buf_addf(out, "%s\n", o->text.lines[i].text);
    }
}

const struct view_ops view_once_ops = {
    .id = VIEW_ONCE,
    .title = TEXT_SCREEN_ONCE,
    .close = once_close,
    .draw = once_draw,
    .action = once_action,
    .name = once_name,
    .ref = once_ref,
    .plain = once_plain,
};
