/* Every change ends in listbox_fix: there is one place that knows what a
 * legal position is. */
#include "tui/listbox.h"

#include "common/check.h"

static int64_t clamp(int64_t v, int64_t low, int64_t high) {
    if (v > high) {
        v = high;
    }
    return v < low ? low : v;
}

void listbox_fix(struct listbox *l) {
    int64_t height = l->height > 0 ? l->height : 1;
    l->selected = clamp(l->selected, 0, l->count - 1);
    l->top = clamp(l->top, l->selected - height + 1, l->selected);
    l->top = clamp(l->top, 0, l->count - height);
}

bool listbox_move(struct listbox *l, enum listbox_move move) {
    REQUIRE(l->count >= 0);
    int64_t before = l->selected;
    int64_t page = l->height > 2 ? l->height - 1 : 1;
    switch (move) {
    case LISTBOX_UP:
        l->selected--;
        break;
    case LISTBOX_DOWN:
        l->selected++;
        break;
    case LISTBOX_PAGE_UP:
        l->selected -= page;
        l->top -= page;
        break;
    case LISTBOX_PAGE_DOWN:
        l->selected += page;
        l->top += page;
        break;
    case LISTBOX_FIRST:
        l->selected = 0;
        break;
    case LISTBOX_LAST:
        l->selected = l->count - 1;
        break;
    }
    listbox_fix(l);
    return l->selected != before;
}

void listbox_follow(struct listbox *l, int64_t i) {
    REQUIRE(i >= 0);
    l->top += i - l->selected;
    l->selected = i;
    listbox_fix(l);
}
