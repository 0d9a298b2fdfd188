/* What waits for somebody's approval, and what became of it: everybody's for
 * who may approve, else one's own. */
#include "common/json.h"
#include "common/mem.h"
#include "common/str.h"
#include "tui/approval.h"
#include "tui/bulk.h"
#include "tui/link.h"
#include "tui/list_view.h"
#include "tui/loop.h"
#include "tui/model.h"
#include "tui/progress.h"
#include "tui/textview.h"
#include "tui/tr.h"
#include "tui/views.h"

enum {
    COL_WHEN,
    COL_STATE,
    COL_STORE,
    COL_WHO,
    COL_WHAT,
    COL_WAS,
    COL_NOW,
    COL_WANTED,
    COLS
};
enum { FOOT_ROWS = 4, FOOT_FROM = 9 };

static const struct column columns[COLS] = {
    [COL_WHEN] = {TEXT_COL_WHEN, 4, 5, 5, true},
    [COL_STATE] = {TEXT_COL_STATE, 9, 10, 2, false},
    [COL_STORE] = {TEXT_COL_STORE, 8, 10, 6, false},
    [COL_WHO] = {TEXT_COL_AUTHOR, 6, 10, 4, false},
    [COL_WHAT] = {TEXT_COL_WHAT, 14, 30, 1, false},
    [COL_WAS] = {TEXT_COL_WAS, 6, 9, 8, true},
    [COL_NOW] = {TEXT_COL_NOW, 6, 9, 7, true},
    [COL_WANTED] = {TEXT_COL_PROPOSED, 8, 10, 3, true},
};

static const char *const states[] = {"pending", "approved", "rejected",
                                     "withdrawn"};
enum { STATES = sizeof states / sizeof *states };

struct approvals {
    struct list_view list;
    int64_t counts[STATES]; /* -1 not known */
    struct approval_ask ask;
};

static void cell(struct app *a, const void *row, int column, struct buf *out,
                 int *ret_role) {
    const struct approval_row *r = row;
    switch (column) {
    case COL_WHEN:
        *ret_role = ROLE_DIM;
        buf_adds(out, app_age(a, r->created_ms));
        break;
    case COL_STATE:
        *ret_role = approval_row_role(r);
        buf_adds(out, approval_row_word(r));
        break;
    case COL_STORE:
        buf_adds(out, r->store);
        break;
    case COL_WHO:
        *ret_role = ROLE_DIM;
        buf_adds(out, r->author);
        break;
    case COL_WHAT:
        buf_adds(out, r->what);
        break;
    case COL_WAS:
        buf_adds(out, r->base);
        break;
    case COL_NOW:
        *ret_role = r->stale ? ROLE_WARN : ROLE_NORMAL;
        buf_adds(out, r->current);
        break;
    default:
        buf_adds(out, r->wanted);
        break;
    }
}

static const char *seen(const void *row) {
    return ((const struct approval_row *)row)->seen;
}

static const struct list_def def = {
    .rows = {"approvals.list", sizeof(struct approval_row), approval_row_read,
             approval_row_key},
    .topic = "approval",
    .columns = columns,
    .n_columns = COLS,
    .cell = cell,
    .seen = seen,
    .detail = &view_approval_ops,
    .empty = TEXT_UI_NO_APPROVALS,
};

static void on_counts(void *arg, const struct link_reply *r) {
    struct approvals *v = arg;
    for (int i = 0; r->result && i < STATES; i++) {
        v->counts[i] = model_int(r->result, states[i], -1);
    }
    app_dirty(v->list.base.app);
}

static void ask_counts(void *arg) {
    struct approvals *v = arg;
    /* A full queue only leaves the old counts standing. */
    (void)link_ask(app_link(v->list.base.app), "approvals.counts", "{}",
                   on_counts, v);
}

static struct view *approvals_open(struct app *a, const char *filter) {
    struct approvals *v = NEW(struct approvals);
    for (int i = 0; i < STATES; i++) {
        v->counts[i] = -1;
    }
    list_view_init(&v->list, a, &view_approvals_ops, &def,
                   filter ? filter : "state:pending");
    ask_counts(v);
    return &v->list.base;
}

static void approvals_close(struct view *v) {
    app_forget(v->app, &((struct approvals *)v)->ask);
    list_view_close(v);
}

/* What the shop says to an approved one comes as an event of its change. */
static void approvals_event(struct view *v, const struct view_event *e) {
    enum { COUNTS_MS = 300 };
    struct view_event any = *e;
    struct loop *loop = app_loop(v->app);
    bool ours = str_eq(e->topic, "approval") || str_eq(e->topic, "change") ||
                str_eq(e->topic, "product");
    if (ours) {
        any.topic = "approval";
        any.ref = "";
    }
    list_view_event(v, &any);
    if ((ours || str_eq(e->topic, "system")) &&
        !loop_timer_pending(loop, ask_counts, v)) {
        loop_timer(loop, COUNTS_MS, ask_counts, v);
    }
}

static void approvals_head(struct view *v, struct buf *out) {
    const struct approvals *c = (const struct approvals *)v;
    for (int i = 0; i < STATES; i++) {
        char n[32];
        if (c->counts[i] > 0 || (i == 0 && c->counts[i] == 0)) {
            buf_addf(out, "%s%s %s", out->len ? "  " : "",
                     tr_word("approval.state", states[i]),
                     progress_count(n, c->counts[i]));
        }
    }
}

/* The reason, what is stale about it, and what the reviewer or the shop said.
 */
static void draw_foot(struct list_view *l, const struct pane *p) {
    const struct approval_row *r = list_view_row(l);
    AUTO_BUF struct buf b = BUF_INIT;
    int y = 0;
    if (!r) {
        return;
    }
    if (r->stale_text[0]) {
        y = textview_show(p, y, ROLE_WARN, r->stale_text);
    }
    if (r->note[0]) {
        TF(&b, APPROVAL_SAID, "who", r->reviewer, "text", r->note);
        y = textview_show(p, y, approval_row_role(r), buf_str(&b));
    }
    if (r->answer_text[0]) {
        y = textview_show(p, y, approval_row_role(r), r->answer_text);
    }
    if (r->reason[0]) {
        buf_clear(&b);
        TF(&b, APPROVAL_REASON, "text", r->reason);
        y = textview_show(p, y, ROLE_NORMAL, buf_str(&b));
    }
    if (r->over_limit) {
        (void)textview_show(p, y, ROLE_DIM, T(APPROVAL_OVER_LIMIT));
    }
}

static void approvals_draw(struct view *v, const struct pane *body) {
    int foot = body->h >= FOOT_FROM ? FOOT_ROWS : 0;
    struct pane bottom = pane_sub(body, body->h - foot, 0, foot, body->w);
    struct pane rows = pane_sub(body, 0, 0, body->h - foot, body->w);
    list_view_draw(v, &rows);
    draw_foot((struct list_view *)v, &bottom);
}

static bool approvals_offers(struct view *v, enum action_id action) {
    struct list_view *l = (struct list_view *)v;
    if (action == ACTION_APPROVE_MARKED) {
        return l->n_marks > 0;
    }
    return approval_acts_may(list_view_row(l), action);
}

static void add_marked(const char *key, const char *what, void *arg) {
    bulk_add(arg, key, what);
}

/* A stale one is not let go unseen: it is refused with its sentence, and
 * approved by itself. */
static unsigned approve_marked(struct list_view *l) {
    static const struct bulk_act act = {"approvals.approve",
                                        "id",
                                        NULL,
                                        TEXT_SCREEN_APPROVE_MARKED,
                                        TEXT_BULK_APPROVE_MARKED,
                                        TEXT_WORD_APPROVE_MARKED};
    struct bulk *b = bulk_create(l->base.app, &act, "", NULL);
    (void)list_view_each(l, add_marked, b);
    bulk_show(b);
    return VIEW_DONE;
}

static unsigned approvals_action(struct view *v, enum action_id action) {
    struct list_view *l = (struct list_view *)v;
    const struct approval_row *r = list_view_row(l);
    if (action == ACTION_ONLY_OPEN) {
        bool on = str_eq(list_view_filter(v), "state:pending");
        list_view_set_filter(v, on ? "" : "state:pending");
        return VIEW_DONE;
    }
    if (action == ACTION_APPROVE_MARKED) {
        return approve_marked(l);
    }
    if (!approval_acts_has(action)) {
        return list_view_action(v, action);
    }
    if (r) {
        approval_act(v->app, r, action, &((struct approvals *)v)->ask);
    }
    return VIEW_DONE;
}

const struct view_ops view_approvals_ops = {
    .id = VIEW_APPROVALS,
    .title = TEXT_SCREEN_APPROVALS,
    .open = approvals_open,
    .close = approvals_close,
    .draw = approvals_draw,
    .action = approvals_action,
    .offers = approvals_offers,
    .event = approvals_event,
    .shown = list_view_shown,
    .position = list_view_position,
    .filter = list_view_filter,
    .set_filter = list_view_set_filter,
    .ref = list_view_ref,
    .plain = list_view_plain,
    .pick = list_view_pick,
    .head = approvals_head,
    .query = "approvals",
};
