/* Goods that come back: what waits for a decision, for the postman, for a look,
 * for money. */
#include "common/json.h"
#include "common/mem.h"
#include "common/str.h"
#include "tui/link.h"
#include "tui/list_view.h"
#include "tui/loop.h"
#include "tui/model.h"
#include "tui/progress.h"
#include "tui/return_acts.h"
#include "tui/tr.h"
#include "tui/views.h"

enum {
    COL_RETURN,
    COL_STATE,
    COL_ORDER,
    COL_CUSTOMER,
    COL_PIECES,
    COL_REASON,
    COL_WHEN,
    COLS
};

static const struct column columns[COLS] = {
    [COL_RETURN] = {TEXT_COL_RETURN, 7, 8, 1, false},
    [COL_STATE] = {TEXT_COL_STATE, 10, 12, 2, false},
    [COL_ORDER] = {TEXT_COL_ORDER, 13, 18, 3, false},
    [COL_CUSTOMER] = {TEXT_COL_CUSTOMER, 12, 28, 5, false},
    [COL_PIECES] = {TEXT_COL_PIECES, 5, 7, 4, true},
    [COL_REASON] = {TEXT_COL_REASON, 12, 20, 6, false},
    [COL_WHEN] = {TEXT_COL_WHEN, 5, 5, 7, true},
};

static const char *const states[] = {"requested", "approved", "received",
                                     "inspected", "refunded"};
enum { STATES = sizeof states / sizeof *states };

struct returns {
    struct list_view list;
    int64_t counts[STATES]; /* -1 not known */
};

static void cell(struct app *a, const void *row, int column, struct buf *out,
                 int *ret_role) {
    const struct return_row *r = row;
    switch (column) {
    case COL_RETURN:
        buf_adds(out, r->id);
        break;
    case COL_STATE:
        *ret_role = return_state_role(r->state);
        buf_adds(out, tr_word("return_state", r->state));
        break;
    case COL_ORDER:
        buf_adds(out, r->order);
        break;
    case COL_CUSTOMER:
        buf_adds(out, r->customer);
        break;
    case COL_PIECES:
        buf_addf(out, "%s/%s", r->received, r->quantity);
        break;
    case COL_REASON:
        buf_adds(out, tr_word("return_reason", r->reason));
        break;
    default:
        *ret_role = ROLE_DIM;
        buf_adds(out, app_age(a, r->changed_ms));
        break;
    }
}

static const struct list_def def = {
    .rows = {"returns.list", sizeof(struct return_row), return_row_read,
             return_row_key},
    .topic = "return",
    .columns = columns,
    .n_columns = COLS,
    .cell = cell,
    .detail = &view_return_ops,
    .empty = TEXT_UI_NO_RETURNS,
};

static void on_counts(void *arg, const struct link_reply *r) {
    struct returns *c = arg;
    for (int i = 0; r->result && i < STATES; i++) {
        c->counts[i] = model_int(r->result, states[i], -1);
    }
    app_dirty(c->list.base.app);
}

static void ask_counts(void *arg) {
    struct returns *c = arg;
    /* A full queue only leaves the old counts standing. */
    (void)link_ask(app_link(c->list.base.app), "returns.count", "{}", on_counts,
                   c);
}

static struct view *returns_open(struct app *a, const char *filter) {
    struct returns *c = NEW(struct returns);
    for (int i = 0; i < STATES; i++) {
        c->counts[i] = -1;
    }
    list_view_init(&c->list, a, &view_returns_ops, &def, filter);
    ask_counts(c);
    return &c->list.base;
}

static void returns_event(struct view *v, const struct view_event *e) {
    enum { COUNTS_MS = 300 };
    struct loop *loop = app_loop(v->app);
    list_view_event(v, e);
    if ((str_eq(e->topic, "return") || str_eq(e->topic, "system")) &&
        !loop_timer_pending(loop, ask_counts, v)) {
        loop_timer(loop, COUNTS_MS, ask_counts, v);
    }
}

/* States nothing is in are left out. */
static void returns_head(struct view *v, struct buf *out) {
    const struct returns *c = (const struct returns *)v;
    bool known = false;
    for (int i = 0; i < STATES; i++) {
        char n[32];
        known = known || c->counts[i] >= 0;
        if (c->counts[i] > 0) {
            buf_addf(out, "%s%s %s", out->len ? "  " : "",
                     tr_word("return_state", states[i]),
                     progress_count(n, c->counts[i]));
        }
    }
    if (known && out->len == 0) {
        buf_adds(out, T(UI_NOTHING_WAITS));
    }
}

static bool returns_offers(struct view *v, enum action_id action) {
    return return_acts_may(list_view_row((struct list_view *)v), action);
}

static unsigned returns_action(struct view *v, enum action_id action) {
    static const char word[] = "state:open";
    if (action == ACTION_ONLY_OPEN) {
        bool on = str_eq(list_view_filter(v), word);
        list_view_set_filter(v, on ? "" : word);
        return VIEW_DONE;
    }
    unsigned done = return_act(v, action, list_view_row((struct list_view *)v));
    return done ? done : list_view_action(v, action);
}

const struct view_ops view_returns_ops = {
    .id = VIEW_RETURNS,
    .title = TEXT_SCREEN_RETURNS,
    .open = returns_open,
    LIST_VIEW_OPS,
    .action = returns_action,
    .offers = returns_offers,
    .event = returns_event,
    .head = returns_head,
    .query = "returns",
};
