/* Selection and scrolling of any list: knows counts, not rows. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct listbox {
    int64_t count;    /* rows there are (or are known so far) */
    int64_t selected; /* 0 .. count-1; 0 when empty */
    int64_t top;      /* first row shown */
    int height;       /* rows shown */
};

enum listbox_move {
    LISTBOX_UP,
    LISTBOX_DOWN,
    LISTBOX_PAGE_UP,
    LISTBOX_PAGE_DOWN,
    LISTBOX_FIRST,
    LISTBOX_LAST
};

/* Keep selection and top inside count and height, the selection in view. */
void listbox_fix(struct listbox *l);

/* Move; true when anything changed. */
bool listbox_move(struct listbox *l, enum listbox_move move);

/* Select row i and leave it on the same line of the screen when it can: after
 * rows were inserted above. */
void listbox_follow(struct listbox *l, int64_t i);
