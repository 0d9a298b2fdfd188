/* The shops: state, freshness, progress, what is wrong and what to do. */
#include "common/mem.h"
#include "common/str.h"
#include "common/utf8.h"
#include "tui/list_view.h"
#include "tui/model.h"
#include "tui/progress.h"
#include "tui/store_acts.h"
#include "tui/textview.h"
#include "tui/tr.h"
#include "tui/views.h"

enum {
    COL_NAME,
    COL_STATE,
    COL_FRESH,
    COL_ORDERS,
    COL_QUEUE,
    COL_HOOKS,
    COL_ATTENTION,
    COL_VERIFIED,
    COL_RATE,
    COLS
};

enum { FOOT_ROWS = 5, FOOT_FROM = 9 };

static const struct column columns[COLS] = {
    [COL_NAME] = {TEXT_COL_STORE, 10, 20, 1, false},
    [COL_STATE] = {TEXT_COL_STATE, 10, 13, 2, false},
    [COL_FRESH] = {TEXT_COL_FRESH, 6, 6, 3, true},
    [COL_ORDERS] = {TEXT_COL_ORDERS, 8, 10, 4, true},
    [COL_QUEUE] = {TEXT_COL_QUEUE, 6, 6, 7, true},
    [COL_HOOKS] = {TEXT_COL_HOOKS, 10, 14, 7, false},
    [COL_ATTENTION] = {TEXT_COL_ATTENTION, 9, 9, 6, true},
    [COL_VERIFIED] = {TEXT_COL_VERIFIED, 13, 22, 5, true},
    [COL_RATE] = {TEXT_COL_RATE, 9, 10, 8, true},
};

static void verified(struct app *a, const struct store_row *r, struct buf *out,
                     int *ret_role) {
    char n[32];
    if (!r->verify_ms) {
        *ret_role = ROLE_DIM;
        buf_adds(out, T(STORE_NEVER));
        return;
    }
    *ret_role = r->verify_differences ? ROLE_BAD : ROLE_GOOD;
    TF(out, STORE_VERIFIED, "when", app_age(a, r->verify_ms), "n",
       progress_count(n, r->verify_differences));
}

static void cell(struct app *a, const void *row, int column, struct buf *out,
                 int *ret_role) {
    const struct store_row *r = row;
    char n[32], word[60];
    switch (column) {
    case COL_NAME:
        buf_adds(out, r->name);
        break;
    case COL_STATE:
        *ret_role = store_state_role(r->state);
        buf_adds(out, tr_word("state", r->state));
        break;
    case COL_FRESH:
        buf_adds(out, app_age(a, r->fresh_ms));
        break;
    case COL_ORDERS:
        buf_adds(out, progress_count(n, r->orders));
        break;
    case COL_QUEUE:
        buf_adds(out, progress_count(n, r->queue));
        break;
    case COL_HOOKS:
        hooks_row_word(&r->hooks, app_age(a, r->hooks.last_ms), word,
                       sizeof word, ret_role);
        buf_adds(out, word);
        break;
    case COL_ATTENTION:
        *ret_role = r->attention ? ROLE_WARN : ROLE_NORMAL;
        buf_adds(out, progress_count(n, r->attention));
        break;
    case COL_VERIFIED:
        verified(a, r, out, ret_role);
        break;
    default:
        *ret_role = ROLE_DIM;
        TF(out, STORE_RATE, "n", progress_count(n, r->rate));
        break;
    }
}

static const char *const sorts[] = {"name", "-fresh", NULL};

static const struct list_def def = {
    .rows = {"stores.list", sizeof(struct store_row), store_row_read,
             store_row_key},
    .topic = "store",
    .columns = columns,
    .n_columns = COLS,
    .sorts = sorts,
    .cell = cell,
    .detail = &view_store_ops,
    .empty = TEXT_UI_NO_STORES,
    .count = TEXT_COUNTS_STORES,
};

static struct view *stores_open(struct app *a, const char *filter) {
    return list_view_open(a, &view_stores_ops, &def, filter);
}

static int foot_progress(const struct pane *p, int y,
                         const struct store_row *r) {
    AUTO_BUF struct buf b = BUF_INIT;
    buf_addf(&b, "%s %s  ", r->name,
             tr_word("collection", r->progress.collection));
    progress_bar(&b, &r->progress, p->w - 2 - (int)utf8_cells(buf_str(&b)));
    return y + (pane_text(p, y, 1, -1, ROLE_NORMAL, buf_str(&b)) > 0);
}

/* What is wrong with how it tells us of changes, and the cure. */
static int foot_hooks(const struct pane *p, int y, const struct store_row *r) {
    const struct hooks_row *h = &r->hooks;
    if (!h->reason[0]) {
        return y;
    }
    AUTO_FREE char *text = mem_printf("%s: %s %s", r->name, h->reason, h->cure);
    return textview_show(p, y, h->poll ? ROLE_DIM : ROLE_WARN, text);
}

/* Below the rows: the selected store's trouble with its cure, and how far the
 * work is of every store that works. */
static void draw_foot(struct list_view *l, const struct pane *p) {
    const struct store_row *r = list_view_row(l);
    int y = 0;
    if (r && r->held) {
        y = textview_show(p, y, ROLE_WARN, T(FRAME_HELD));
    }
    if (r && r->reason[0]) {
        AUTO_FREE char *text =
            mem_printf("%s: %s %s", r->name, r->reason, r->cure);
        y = textview_show(p, y, store_state_role(r->state), text);
    } else if (r && !r->can_write && !str_eq(r->state, "new")) {
        AUTO_FREE char *text =
            mem_printf("%s: %s", r->name, T(STORE_CANNOT_WRITE));
        y = textview_show(p, y, ROLE_DIM, text);
    }
    y = r ? foot_hooks(p, y, r) : y;
    for (int64_t i = 0; i < l->box.count && y < p->h; i++) {
        const struct store_row *s = pager_row(l->pager, i);
        if (s && s->progress.running) {
            y = foot_progress(p, y, s);
        }
    }
}

static void stores_draw(struct view *v, const struct pane *body) {
    struct list_view *l = (struct list_view *)v;
    int foot = body->h >= FOOT_FROM ? FOOT_ROWS : 0;
    struct pane bottom = pane_sub(body, body->h - foot, 0, foot, body->w);
    struct pane rows = pane_sub(body, 0, 0, body->h - foot, body->w);
    list_view_draw(v, &rows);
    draw_foot(l, &bottom);
}

static unsigned stores_action(struct view *v, enum action_id action) {
    const struct store_row *r = list_view_row((struct list_view *)v);
    if (action == ACTION_STORE_ADD) {
        app_push(v->app, &view_store_form_ops, "add");
        return VIEW_DONE;
    }
    unsigned done = store_act(v, action, r ? r->name : "", r ? r->state : "");
    return done ? done : list_view_action(v, action);
}

const struct view_ops view_stores_ops = {
    .id = VIEW_STORES,
    .title = TEXT_SCREEN_STORES,
    .open = stores_open,
    .close = list_view_close,
    .draw = stores_draw,
    .action = stores_action,
    .event = list_view_event,
    .shown = list_view_shown,
    .position = list_view_position,
    .filter = list_view_filter,
    .set_filter = list_view_set_filter,
    .ref = list_view_ref,
    .plain = list_view_plain,
    .pick = list_view_pick,
    .head = list_view_head,
    .query = "stores",
};
