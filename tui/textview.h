/* A scrolled text of styled lines: detail pages, help, raw objects. */
#pragma once

#include <stdbool.h>

#include "common/buf.h"
#include "tui/listbox.h"
#include "tui/pane.h"

struct text_line {
    char *text; /* owned, safe or not: the pane makes it safe */
    int role;
    char *label; /* left column in ROLE_DIM, or NULL; owned */
    char *link;  /* what Enter opens: a reference, or an address of the web;
                    NULL: nothing. Owned */
};

struct textview {
    struct text_line *lines; /* owned */
    int n, cap;
    int at;  /* line of the cursor */
    int top; /* first line shown */
    int height;
    int label_width; /* cells of the label column */
};

void textview_done(struct textview *t);
/* Forget the lines, keep the place. */
void textview_clear(struct textview *t);

/* Add a line; text wraps when drawn narrower only by being cut, so callers
 * wrap prose with textview_prose. */
void textview_add(struct textview *t, int role, const char *label,
                  const char *fmt, ...) __attribute__((format(printf, 4, 5)));
/* Make the last line a link to a reference. */
void textview_link(struct textview *t, const char *ref);
/* The same of all lines from `first` on. */
void textview_link_from(struct textview *t, int first, const char *ref);
/* Add prose wrapped at `width` cells; newlines begin new lines. */
void textview_prose(struct textview *t, int role, const char *label,
                    const char *text, int width);

/* Prose straight into a pane from row y on; returns the row behind it. */
int textview_show(const struct pane *p, int y, int role, const char *text);

void textview_draw(struct textview *t, const struct pane *p, bool cursor);

/* Move by lines; true when the place changed. */
bool textview_move(struct textview *t, enum listbox_move move);
/* The reference under the cursor, or NULL. */
const char *textview_target(const struct textview *t);
