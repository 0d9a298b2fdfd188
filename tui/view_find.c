/* The line that finds anything: a code from a scanner opens what it is, words
 * list what they are found in. It lies over the screen it was called from, and
 * goes away with what it opened. */
#include "common/err.h"
#include "common/mem.h"
#include "common/str.h"
#include "tui/codes.h"
#include "tui/list_view.h"
#include "tui/loop.h"
#include "tui/model.h"
#include "tui/tr.h"
#include "tui/views.h"

enum { COL_KIND, COL_REF, COL_CODE, COL_TITLE, COL_STATE, COLS };

static const struct column columns[COLS] = {
    [COL_KIND] = {TEXT_COL_KIND, 8, 10, 4, false},
    [COL_REF] = {TEXT_COL_REF, 14, 28, 2, false},
    [COL_CODE] = {TEXT_COL_CODE, 10, 24, 3, false},
    [COL_TITLE] = {TEXT_COL_NAME, 12, 60, 1, false},
    [COL_STATE] = {TEXT_COL_STATUS, 10, 14, 5, false},
};

struct found_row {
    char kind[16], ref[400], code[96], title[128], state[32];
    bool exact;
};

static int found_read(const struct json *v, void *row) {
    struct found_row *r = row;
    r->exact = model_flag(v, "exact");
    model_text(r->kind, sizeof r->kind, v, "kind");
    model_text(r->ref, sizeof r->ref, v, "ref");
    model_text(r->code, sizeof r->code, v, "code");
    model_text(r->title, sizeof r->title, v, "title");
    model_text(r->state, sizeof r->state, v, "state");
    return r->ref[0] ? 0 : ERR_INVALID;
}

static const char *found_key(const void *row) {
    return ((const struct found_row *)row)->ref;
}

static void cell(struct app *a, const void *row, int column, struct buf *out,
                 int *ret_role) {
    const struct found_row *r = row;
    (void)a;
    switch (column) {
    case COL_KIND:
        *ret_role = ROLE_DIM;
        buf_adds(out, tr_word("found", r->kind));
        break;
    case COL_REF:
        buf_adds(out, r->ref);
        break;
    case COL_CODE:
        *ret_role = r->exact ? ROLE_GOOD : ROLE_NORMAL;
        buf_adds(out, r->code);
        break;
    case COL_TITLE:
        buf_adds(out, r->title);
        break;
    default:
        buf_adds(out, r->state);
        break;
    }
}

struct find {
    struct list_view list;
    bool fresh;  /* the answer to what was typed is still due */
    bool opened; /* something it found is, or was, on top of it */
};

/* Where each kind is shown. */
static const struct view_ops *screen_of(const char *kind) {
    static const struct {
        const char *kind;
        const struct view_ops *ops;
    } screens[] = {
        {"order", &view_order_ops},       {"product", &view_product_ops},
        {"customer", &view_customer_ops}, {"shipment", &view_shipment_ops},
        {"lot", &view_level_ops},         {"bin", &view_inventory_ops},
        {"pick", &view_picking_ops},      {"work", &view_pack_ops},
        {"inbound", &view_scan_ops},      {"count", &view_scan_ops}};
    for (size_t i = 0; i < sizeof screens / sizeof *screens; i++) {
        if (str_eq(screens[i].kind, kind)) {
            return screens[i].ops;
        }
    }
    return NULL;
}

static void open_row(struct find *f, const struct found_row *r) {
    const struct view_ops *ops = r ? screen_of(r->kind) : NULL;
    if (ops) {
        AUTO_BUF struct buf arg = BUF_INIT;
        /* a bin is what lies in it */
        buf_addf(&arg, "%s%s", ops == &view_inventory_ops ? "bin:" : "",
                 r->ref);
        f->opened = true;
        app_push(f->list.base.app, ops, buf_str(&arg));
    }
}

/* One thing is exactly what was scanned: it is what is wanted. */
static void jump_due(void *arg) {
    struct find *f = arg;
    const struct found_row *first = pager_row(f->list.pager, 0);
    const struct found_row *second = pager_row(f->list.pager, 1);
    if (app_view_id(f->list.base.app) == VIEW_FIND && first && first->exact &&
        !(second && second->exact)) {
        open_row(f, first);
    }
}

static void arrived(struct list_view *l) {
    struct find *f = (struct find *)l;
    if (f->fresh && !pager_loading(l->pager)) {
        f->fresh = false;
        loop_timer(app_loop(l->base.app), 0, jump_due, f);
    }
}

static const struct list_def def = {
    .rows = {"search.find", sizeof(struct found_row), found_read, found_key},
    .topic = "",
    .columns = columns,
    .n_columns = COLS,
    .cell = cell,
    .arrived = arrived,
    .empty = TEXT_FIND_EMPTY,
    .no_match = TEXT_FIND_NOTHING,
    .count = TEXT_COUNTS_FOUND,
};

static struct view *find_open(struct app *a, const char *text) {
    struct find *f = NEW(struct find);
    list_view_init(&f->list, a, &view_find_ops, &def, text);
    f->fresh = !str_empty(text);
    return &f->list.base;
}

static void set_text(struct view *v, const char *text) {
    struct find *f = (struct find *)v;
    if (codes_refuse(v->app, text)) {
        return;
    }
    f->fresh = true;
    list_view_set_filter(v, text);
}

/* Back from what was found: to where one was. */
static void find_shown(struct view *v) {
    struct find *f = (struct find *)v;
    if (f->opened && pager_count(f->list.pager) == 1) {
        app_leave(v->app, v);
    }
    f->opened = false;
    list_view_shown(v);
}

static unsigned find_action(struct view *v, enum action_id action) {
    struct find *f = (struct find *)v;
    switch (action) {
    case ACTION_OPEN:
        open_row(f, list_view_row(&f->list));
        return VIEW_DONE;
    case ACTION_BACK:
        return VIEW_CLOSE | VIEW_REDRAW;
    default:
        return list_view_action(v, action);
    }
}

const struct view_ops view_find_ops = {
    .id = VIEW_FIND,
    .title = TEXT_SCREEN_FIND,
    .open = find_open,
    .close = list_view_close,
    .draw = list_view_draw,
    .shown = find_shown,
    .position = list_view_position,
    .filter = list_view_filter,
    .set_filter = set_text,
    .ref = list_view_ref,
    .plain = list_view_plain,
    .pick = list_view_pick,
    .event = list_view_event,
    .action = find_action,
    .head = list_view_head,
};
