/* Lots that have expired or will soon, the first to expire first: what must go
 * out, be sold off or be taken out of the way. */
#include "common/str.h"
#include "tui/edits.h"
#include "tui/list_view.h"
#include "tui/model.h"
#include "tui/tr.h"
#include "tui/views.h"

enum { COL_DAY, COL_STATE, COL_SKU, COL_NAME, COL_LOT, COL_QTY, COL_BIN, COLS };

static const struct column columns[COLS] = {
    [COL_DAY] = {TEXT_COL_EXPIRES, 10, 10, 1, false},
    [COL_STATE] = {TEXT_COL_STATE, 8, 9, 4, false},
    [COL_SKU] = {TEXT_COL_SKU, 10, 16, 5, false},
    [COL_NAME] = {TEXT_COL_NAME, 14, 40, 3, false},
    [COL_LOT] = {TEXT_COL_LOT, 10, 24, 2, false},
    [COL_QTY] = {TEXT_COL_QTY, 5, 9, 6, true},
    [COL_BIN] = {TEXT_COL_BIN, 7, 14, 7, false},
};

static void cell(struct app *a, const void *row, int column, struct buf *out,
                 int *ret_role) {
    const struct lot_row *r = row;
    const char *const texts[COLS] = {r->expires, tr_word("lot", r->state),
                                     r->sku,     r->name,
                                     r->lot,     r->quantity,
                                     r->bin};
    (void)a;
    if (column == COL_DAY || column == COL_STATE)
        *ret_role = lot_role(r->state);
    buf_adds(out, texts[column]);
}

static const struct list_def def = {
    .rows = {"lots.list", sizeof(struct lot_row), lot_row_read, lot_row_key},
    .topic = "inventory",
    .columns = columns,
    .n_columns = COLS,
    .cell = cell,
    .empty = TEXT_UI_NO_LOTS,
};

static struct view *lots_open(struct app *a, const char *arg) {
    (void)arg;
    return list_view_open(a, &view_lots_ops, &def, NULL);
}

static unsigned lots_action(struct view *v, enum action_id action) {
    const struct lot_row *r = list_view_row((struct list_view *)v);
    if (action == ACTION_OPEN && r)
        app_push(v->app, &view_level_ops, r->ref);
    else if (action == ACTION_MOVE && r)
        edit_move(v->app, r->ref, "lot");
    else if (action == ACTION_EDIT && r)
        edit_lot(v->app, r->key);
    else
        return list_view_action(v, action);
    return VIEW_DONE;
}

const struct view_ops view_lots_ops = {
    .id = VIEW_LOTS,
    .title = TEXT_SCREEN_LOTS,
    .open = lots_open,
    LIST_VIEW_OPS,
    .event = list_view_event,
    .action = lots_action,
};
