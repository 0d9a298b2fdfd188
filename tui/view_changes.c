/* What people want shops to be: on its way, in trouble, done. What waits for
 * a person is decided in the change's own page, its values side by side. */
#include "common/json.h"
#include "common/mem.h"
#include "common/str.h"
#include "tui/bulk.h"
#include "tui/change_acts.h"
#include "tui/link.h"
#include "tui/list_view.h"
#include "tui/loop.h"
#include "tui/model.h"
#include "tui/progress.h"
#include "tui/textview.h"
#include "tui/tr.h"
#include "tui/views.h"

enum { COL_STATE, COL_REF, COL_WORDS, COL_AUTHOR, COL_WHEN, COL_TEXT, COLS };
enum { FOOT_ROWS = 4, FOOT_FROM = 9 };

static const struct column columns[COLS] = {
    [COL_STATE] = {TEXT_COL_STATE, 10, 12, 1, false},
    [COL_REF] = {TEXT_COL_OBJECT, 13, 22, 2, false},
    [COL_WORDS] = {TEXT_COL_WANTED, 14, 44, 3, false},
    [COL_AUTHOR] = {TEXT_COL_AUTHOR, 8, 14, 6, false},
    [COL_WHEN] = {TEXT_COL_WHEN, 5, 5, 4, true},
    [COL_TEXT] = {TEXT_COL_DETAIL, 34, 90, 7, false},
};

static const char *const states[] = {"awaiting", "queued",   "sending",
                                     "unknown",  "conflict", "refused"};
enum { STATES = sizeof states / sizeof *states };

struct changes {
    struct list_view list;
    int64_t counts[STATES]; /* -1 not known */
};

static void cell(struct app *a, const void *row, int column, struct buf *out,
                 int *ret_role) {
    const struct change_row *r = row;
    switch (column) {
    case COL_STATE:
        *ret_role = change_state_role(r->state);
        buf_adds(out, change_state_word(r->state));
        break;
    case COL_REF:
        buf_adds(out, r->ref[0] ? r->ref : r->store);
        break;
    case COL_WORDS:
        buf_adds(out, r->words);
        break;
    case COL_AUTHOR:
        *ret_role = ROLE_DIM;
        buf_adds(out, r->author);
        break;
    case COL_WHEN:
        *ret_role = ROLE_DIM;
        buf_adds(out, app_age(a, r->changed_ms));
        break;
    default:
        buf_adds(out, r->text[0] ? r->text : r->reason);
        break;
    }
}

static const char *seen(const void *row) {
    return ((const struct change_row *)row)->label;
}

static const struct list_def def = {
    .rows = {"changes.list", sizeof(struct change_row), change_row_read,
             change_row_key},
    .topic = "change",
    .columns = columns,
    .n_columns = COLS,
    .cell = cell,
    .seen = seen,
    .detail = &view_change_ops,
    .empty = TEXT_UI_NO_CHANGES,
};

static void on_counts(void *arg, const struct link_reply *r) {
    struct changes *c = arg;
    for (int i = 0; r->result && i < STATES; i++) {
        c->counts[i] = model_int(r->result, states[i], -1);
    }
    app_dirty(c->list.base.app);
}

static void ask_counts(void *arg) {
    struct changes *c = arg;
    /* A full queue only leaves the old counts standing. */
    (void)link_ask(app_link(c->list.base.app), "changes.count", "{}", on_counts,
                   c);
}

static struct view *changes_open(struct app *a, const char *filter) {
    struct changes *c = NEW(struct changes);
    for (int i = 0; i < STATES; i++) {
        c->counts[i] = -1;
    }
    list_view_init(&c->list, a, &view_changes_ops, &def, filter);
    ask_counts(c);
    return &c->list.base;
}

static void changes_event(struct view *v, const struct view_event *e) {
    enum { COUNTS_MS = 300 };
    struct loop *loop = app_loop(v->app);
    list_view_event(v, e);
    if ((str_eq(e->topic, "change") || str_eq(e->topic, "system")) &&
        !loop_timer_pending(loop, ask_counts, v)) {
        loop_timer(loop, COUNTS_MS, ask_counts, v);
    }
}

/* States nothing is in are left out. */
static void changes_head(struct view *v, struct buf *out) {
    const struct changes *c = (const struct changes *)v;
    bool known = false;
    for (int i = 0; i < STATES; i++) {
        char n[32];
        known = known || c->counts[i] >= 0;
        if (c->counts[i] > 0) {
            buf_addf(out, "%s%s %s", out->len ? "  " : "",
                     change_state_word(states[i]),
                     progress_count(n, c->counts[i]));
        }
    }
    if (known && out->len == 0) {
        buf_adds(out, T(UI_NOTHING_WAITS));
    }
}

/* The whole sentence and its cure below the rows. */
static void draw_foot(struct list_view *l, const struct pane *p) {
    const struct change_row *r = list_view_row(l);
    if (!r) {
        return;
    }
    int y = 0;
    if (r->text[0]) {
        y = textview_show(p, 0, change_state_role(r->state), r->text);
    }
    if (r->cure[0]) {
        (void)textview_show(p, y, ROLE_KEY, r->cure);
    }
}

static void changes_draw(struct view *v, const struct pane *body) {
    int foot = body->h >= FOOT_FROM ? FOOT_ROWS : 0;
    struct pane bottom = pane_sub(body, body->h - foot, 0, foot, body->w);
    struct pane rows = pane_sub(body, 0, 0, body->h - foot, body->w);
    list_view_draw(v, &rows);
    draw_foot((struct list_view *)v, &bottom);
}

static void only_open(struct view *v) {
    static const char word[] = "state:open";
    bool on = str_eq(list_view_filter(v), word);
    list_view_set_filter(v, on ? "" : word);
}

static bool changes_offers(struct view *v, enum action_id action) {
    struct list_view *l = (struct list_view *)v;
    const struct change_row *r = list_view_row(l);
    return l->n_marks ? change_acts_many(action) : change_acts_may(r, action);
}

static void add_marked(const char *key, const char *seen, void *arg) {
    bulk_add(arg, key, seen);
}

/* Several at once are shown before anything is sent. */
static unsigned act_on_marks(struct list_view *l, enum action_id action) {
    struct bulk *b = change_acts_bulk(l->base.app, action);
    (void)list_view_each(l, add_marked, b);
    bulk_show(b);
    return VIEW_DONE;
}

/* One is decided where its values are seen: its page opens with the act. */
static unsigned act_on_one(struct view *v, const struct change_row *r,
                           enum action_id action) {
    if (action == ACTION_RETRY) {
        change_acts_retry(v->app, r->id, r->ref);
    } else {
        AUTO_FREE char *arg =
            mem_printf("%s %s %s", r->id, action_rows[action].name, r->ref);
        app_push(v->app, &view_change_ops, arg);
    }
    return VIEW_DONE;
}

static unsigned changes_action(struct view *v, enum action_id action) {
    struct list_view *l = (struct list_view *)v;
    const struct change_row *r = list_view_row(l);
    if (action == ACTION_ONLY_OPEN) {
        only_open(v);
        return VIEW_DONE;
    }
    if (!change_acts_has(action)) {
        return list_view_action(v, action);
    }
    if (l->n_marks) {
        return act_on_marks(l, action);
    }
    return r ? act_on_one(v, r, action) : VIEW_DONE;
}

const struct view_ops view_changes_ops = {
    .id = VIEW_CHANGES,
    .title = TEXT_SCREEN_CHANGES,
    .open = changes_open,
    .close = list_view_close,
    .draw = changes_draw,
    .action = changes_action,
    .offers = changes_offers,
    .event = changes_event,
    .shown = list_view_shown,
    .position = list_view_position,
    .filter = list_view_filter,
    .set_filter = list_view_set_filter,
    .ref = list_view_ref,
    .plain = list_view_plain,
    .pick = list_view_pick,
    .head = changes_head,
    .query = "changes",
};
