/* A rectangle of the screen that one view draws into: text with roles at
 * cells, clipped to the rectangle. All text passes utf8_safe here, so nothing
 * a shop wrote reaches the terminal as a command. */
#pragma once

#include "tui/screen.h"

struct pane {
    struct screen *screen;
    int y, x, h, w; /* place on the screen; h, w may be 0 */
    int added_role; /* ROLE_SELECTED while a selected row is drawn, else 0 */
};

/* The whole screen. */
struct pane pane_root(struct screen *s);

/* A part of p, clipped to it. */
struct pane pane_sub(const struct pane *p, int y, int x, int h, int w);

/* Text at (y, x), at most w cells (w < 0: to the right edge). Longer text ends
 * in "..". Returns the cells used. */
int pane_text(const struct pane *p, int y, int x, int w, int role,
              const char *text);

/* The same, right-aligned within w cells. */
void pane_right(const struct pane *p, int y, int x, int w, int role,
                const char *text);

/* A row of blanks in a role. */
void pane_fill(const struct pane *p, int y, int role);

/* printf into pane_text. */
int pane_textf(const struct pane *p, int y, int x, int w, int role,
               const char *fmt, ...) __attribute__((format(printf, 6, 7)));

/* Rest the cursor here. */
void pane_cursor(const struct pane *p, int y, int x);
