/* The bins of the warehouse, and what lies in one of them. */
#include "common/json.h"
#include "common/mem.h"
#include "common/str.h"
#include "tui/detail.h"
#include "tui/edits.h"
#include "tui/list_view.h"
#include "tui/model.h"
#include "tui/pad.h"
#include "tui/tr.h"
#include "tui/views.h"

/* --- the list ------------------------------------------------------------ */

enum { COL_CODE, COL_ZONE_, COL_PLACE_, COL_ITEMS_, COL_FLAGS, COLS };

static const struct column columns[COLS] = {
    [COL_CODE] = {TEXT_COL_BIN, 10, 32, 1, false},
    [COL_ZONE_] = {TEXT_FORM_ZONE, 6, 20, 3, false},
    [COL_PLACE_] = {TEXT_COL_PLACE, 6, 8, 5, true},
    [COL_ITEMS_] = {TEXT_COL_ITEMS, 6, 8, 2, true},
    [COL_FLAGS] = {TEXT_COL_STATE, 12, 26, 4, false},
};

static void flags(bool quarantine, bool disabled, struct buf *out) {
    if (quarantine)
        buf_adds(out, T(UI_QUARANTINE));
    if (disabled)
        buf_addf(out, "%s%s", quarantine ? ", " : "", T(FORM_DISABLED));
}

static void cell(struct app *a, const void *row, int column, struct buf *out,
                 int *ret_role) {
    const struct bin_row *r = row;
    (void)a;
    *ret_role = r->disabled ? ROLE_DIM : r->quarantine ? ROLE_WARN : *ret_role;
    switch (column) {
    case COL_CODE:
        buf_adds(out, r->code);
        break;
    case COL_ZONE_:
        buf_adds(out, r->zone);
        break;
    case COL_PLACE_:
        buf_addf(out, "%lld", (long long)r->place);
        break;
    case COL_ITEMS_:
        buf_addf(out, "%lld", (long long)r->items);
        break;
    default:
        flags(r->quarantine, r->disabled, out);
        break;
    }
}

static const struct list_def list_def = {
    .rows = {"bins.list", sizeof(struct bin_row), bin_row_read, bin_row_key},
    .topic = "inventory",
    .columns = columns,
    .n_columns = COLS,
    .cell = cell,
    .detail = &view_bin_ops,
    .empty = TEXT_UI_NO_BINS,
};

static struct view *bins_open(struct app *a, const char *arg) {
    (void)arg;
    return list_view_open(a, &view_bins_ops, &list_def, NULL);
}

static unsigned bins_action(struct view *v, enum action_id action) {
    const struct bin_row *r = list_view_row((struct list_view *)v);
    if (action == ACTION_CREATE)
        create_bin(v->app);
    else if (action == ACTION_EDIT && r)
        edit_bin(v->app, r->code);
    else
        return list_view_action(v, action);
    return VIEW_DONE;
}

const struct view_ops view_bins_ops = {
    .id = VIEW_BINS,
    .title = TEXT_SCREEN_BINS,
    .open = bins_open,
    LIST_VIEW_OPS,
    .event = list_view_event,
    .action = bins_action,
};

/* --- one of them --------------------------------------------------------- */

/* Enter shows the product's stock: from there it is moved or corrected. */
static void lines(struct detail *d, struct textview *t, int width) {
    const struct json *c = json_first(json_get(detail_object(d), "contents"));
    (void)width;
    if (!c)
        textview_add(t, ROLE_DIM, NULL, "%s", T(UI_BIN_EMPTY));
    for (; c; c = json_next(c)) {
        AUTO_BUF struct buf b = BUF_INIT;
        const char *sku = model_str(c, "sku");
        AUTO_FREE char *link = mem_printf("inventory sku:%s", sku);
        pad(&b, model_str(c, "quantity"), -8);
        buf_adds(&b, "  ");
        pad(&b, sku, 16);
        buf_addf(&b, " %s  %s", model_str(c, "name"), model_str(c, "tenant"));
        textview_add(t, ROLE_NORMAL, NULL, "%s", buf_str(&b));
        textview_link(t, link);
    }
    if (model_flag(detail_object(d), "more")) {
        AUTO_BUF struct buf b = BUF_INIT;
        TF(&b, UI_BIN_MORE, "ref", d->key);
        textview_add(t, ROLE_DIM, NULL, "%s", buf_str(&b));
    }
}

static void top(struct detail *d, struct textview *t, int width) {
    struct bin_row r = {0};
    AUTO_BUF struct buf b = BUF_INIT;
    (void)width;
    (void)bin_row_read(detail_object(d), &r);
    textview_add(t, ROLE_NORMAL, T(FORM_ZONE), "%s  %s %lld", r.zone,
                 T(COL_PLACE), (long long)r.place);
    flags(r.quarantine, r.disabled, &b);
    if (b.len)
        textview_add(t, ROLE_WARN, T(COL_STATE), "%s", buf_str(&b));
}

static const struct detail_tab tabs[] = {{TEXT_TAB_LINES, lines, NULL, 0}};

static const struct detail_def def = {
    .parts = {{"bins.get"}},
    .param = "bin",
    .topic = "inventory",
    .tabs = tabs,
    .n_tabs = 1,
    .top = top,
};

static struct view *bin_open(struct app *a, const char *arg) {
    return detail_open(a, &view_bin_ops, &def, arg);
}

/* Pieces move by the product's name, not by the bin's. */
static void bin_event(struct view *v, const struct view_event *e) {
    struct view_event any = *e;
    any.ref = "";
    detail_event(v, &any);
}

static unsigned bin_action(struct view *v, enum action_id action) {
    if (action != ACTION_EDIT)
        return detail_action(v, action);
    edit_bin(v->app, ((struct detail *)v)->key);
    return VIEW_DONE;
}

const struct view_ops view_bin_ops = {
    .id = VIEW_BIN,
    .title = TEXT_SCREEN_BIN,
    .open = bin_open,
    .close = detail_close,
    .draw = detail_draw,
    .event = bin_event,
    .shown = detail_shown,
    .name = detail_name,
    .ref = detail_ref,
    .plain = detail_plain,
    .pick = detail_pick,
    .here = detail_here,
    .action = bin_action,
};
