/* A list as lines for --plain: a page of numbered rows, each cell behind the
 * title of its column, so that it can be heard without seeing the table. */
#include "common/str.h"
#include "tui/list_view.h"
#include "tui/tr.h"

enum { PLAIN_ROWS = 10 };

static void plain_row(struct list_view *l, const void *row, struct buf *out) {
    for (int i = 0; i < l->def->n_columns; i++) {
        AUTO_BUF struct buf cell = BUF_INIT;
        int role = ROLE_NORMAL;
        l->def->cell(l->base.app, row, i, &cell, &role);
        if (cell.len) {
            buf_addf(out, "%s%s %s", i ? ", " : "",
                     text_get(tr_lang, (enum text_id)l->def->columns[i].title),
                     buf_str(&cell));
        }
    }
    buf_addc(out, '\n');
}

void list_view_plain(struct view *v, struct buf *out) {
    struct list_view *l = (struct list_view *)v;
    l->box.height = PLAIN_ROWS;
    listbox_fix(&l->box);
    pager_want(l->pager, l->box.top, l->box.top + PLAIN_ROWS);
    if (l->box.count == 0) {
        buf_addf(out, "%s\n", list_view_why_empty(l));
        return;
    }
    list_view_position(v, out);
    buf_addc(out, '\n');
    for (int i = 0; i < PLAIN_ROWS; i++) {
        const void *row = pager_row(l->pager, l->box.top + i);
        if (row) {
            buf_addf(out, "%d. ", i + 1);
            plain_row(l, row, out);
        }
    }
}

void list_view_pick(struct view *v, int number) {
    struct list_view *l = (struct list_view *)v;
    if (number >= 1 && number <= PLAIN_ROWS &&
        l->box.top + number <= l->box.count) {
        l->box.selected = l->box.top + number - 1;
        (void)v->ops->action(v, ACTION_OPEN);
    }
}
