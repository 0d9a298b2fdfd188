/* Work on orders: what is in one's own hand, or who has what, since when. It is
 * resumed from here, given back, or taken over where somebody left it. */
#include "common/err.h"
#include "common/json.h"
#include "common/mem.h"
#include "common/str.h"
#include "tui/link.h"
#include "tui/list_view.h"
#include "tui/model.h"
#include "tui/papers.h"
#include "tui/tr.h"
#include "tui/views.h"

enum { IDLE_S = 15 * 60 }; /* from then on another may take it over */

enum { COL_ORDER, COL_STATE, COL_WHO, COL_SINCE, COL_LEFT, COL_TOTE, COL_LIST };
enum { COLS = COL_LIST + 1 };

static const struct column columns[COLS] = {
    [COL_ORDER] = {TEXT_COL_ORDER, 13, 30, 1, false},
    [COL_STATE] = {TEXT_COL_STATE, 10, 12, 2, false},
    [COL_WHO] = {TEXT_COL_WHO, 8, 20, 3, false},
    [COL_SINCE] = {TEXT_COL_SINCE, 5, 5, 4, true},
    [COL_LEFT] = {TEXT_COL_LEFT, 7, 7, 5, true},
    [COL_TOTE] = {TEXT_COL_TOTE, 5, 8, 7, false},
    [COL_LIST] = {TEXT_COL_LIST, 8, 10, 6, false},
};

struct work_row {
    char ref[80], state[12], who[64], tote[16];
    char list[24]; /* what is worked on at once: P-77, or W-12 */
    int64_t since_ms, idle_s, lines, left;
};

static int row_read(const struct json *v, void *row) {
    struct work_row *r = row;
    const char *wave = model_str(v, "wave");
    model_text(r->ref, sizeof r->ref, v, "ref");
    model_text(r->state, sizeof r->state, v, "state");
    model_text(r->who, sizeof r->who, v, "who");
    model_text(r->tote, sizeof r->tote, v, "tote");
    (void)str_copy(r->list, sizeof r->list,
                   *wave ? wave : model_str(v, "pick"));
    r->since_ms = model_time(v, "since");
    r->idle_s = model_int(v, "idle", 0);
    r->lines = model_int(v, "lines", 0);
    r->left = model_int(v, "left", 0);
    return r->ref[0] ? 0 : ERR_INVALID;
}

static const char *row_key(const void *row) {
    return ((const struct work_row *)row)->ref;
}

struct work_view {
    struct list_view list;
    bool all, chosen; /* by the role, once it is known, or by a key */
    char asked[24];   /* the list an act was asked for */
};

static void cell(struct app *a, const void *row, int column, struct buf *out,
                 int *ret_role) {
    const struct work_row *r = row;
    bool left = r->who[0] && r->idle_s >= IDLE_S;
    *ret_role = left ? ROLE_WARN : r->who[0] ? ROLE_NORMAL : ROLE_DIM;
    switch (column) {
    case COL_ORDER:
        buf_adds(out, r->ref);
        break;
    case COL_STATE:
        buf_adds(out, tr_word("work", r->state));
        break;
    case COL_WHO:
        buf_adds(out, r->who[0] ? r->who : T(WORK_NOBODY));
        break;
    case COL_SINCE:
        buf_adds(out, r->since_ms ? app_age(a, r->since_ms) : "");
        break;
    case COL_LEFT:
        buf_addf(out, "%lld/%lld", (long long)r->left, (long long)r->lines);
        break;
    case COL_TOTE:
        buf_adds(out, r->tote);
        break;
    default:
        buf_adds(out, r->list);
        break;
    }
}

static const struct list_def def = {
    .rows = {"picks.list", sizeof(struct work_row), row_read, row_key},
    .topic = "order",
    .columns = columns,
    .n_columns = COLS,
    .cell = cell,
    .empty = TEXT_WORK_NONE,
    .count = TEXT_COUNTS_WORK,
};
static const struct list_def def_all = {
    .rows = {"picks.list", sizeof(struct work_row), row_read, row_key},
    .topic = "order",
    .columns = columns,
    .n_columns = COLS,
    .cell = cell,
    .empty = TEXT_WORK_NONE_AT_ALL,
    .count = TEXT_COUNTS_WORK,
};

static void show(struct work_view *w, bool all) {
    w->all = all;
    w->list.def = all ? &def_all : &def;
    list_view_extra(&w->list, all ? "\"state\":\"open\""
                                  : "\"state\":\"open\",\"mine\":true");
}

static struct view *work_open(struct app *a, const char *arg) {
    struct work_view *w = NEW(struct work_view);
    (void)arg;
    list_view_init(&w->list, a, &view_work_ops, &def, NULL);
    show(w, false);
    return &w->list.base;
}

/* An admin looks after everybody's; who it is may be known only now. */
static void work_draw(struct view *v, const struct pane *body) {
    struct work_view *w = (struct work_view *)v;
    const char *role = link_session(app_link(v->app))->role;
    if (!w->chosen && role[0]) {
        w->chosen = true;
        if (str_eq(role, "admin")) {
            show(w, true);
        }
    }
    list_view_draw(v, body);
}

static void work_name(struct view *v, struct buf *out) {
    buf_adds(out,
             ((struct work_view *)v)->all ? T(WORK_EVERYBODY) : T(WORK_MINE));
}

/* --- acts ----------------------------------------------------------------- */

static void said(struct work_view *w, const struct link_reply *r,
                 enum text_id text) {
    AUTO_BUF struct buf b = BUF_INIT;
    if (!r->result) {
        app_say_error(w->list.base.app, r);
        return;
    }
    text_format(&b, tr_lang, text, "pick", w->asked, NULL);
    app_say(w->list.base.app, ROLE_GOOD, "%s", buf_str(&b));
    list_view_touch(&w->list);
}

static void on_given_back(void *arg, const struct link_reply *r) {
    said(arg, r, TEXT_WORK_GIVEN_BACK);
}

static void on_taken(void *arg, const struct link_reply *r) {
    said(arg, r, TEXT_WORK_TAKEN);
}

static void act(struct work_view *w, const char *method, link_cb *cb) {
    const struct work_row *r = list_view_row(&w->list);
    struct app *a = w->list.base.app;
    AUTO_BUF struct buf params = BUF_INIT;
    if (!r) {
        return;
    }
    (void)str_copy(w->asked, sizeof w->asked, r->list);
    view_param(&params, "pick", r->list);
    int err = link_write(app_link(a), method, buf_str(&params), cb, w);
    if (err < 0) {
        app_say(a, ROLE_BAD, "%s", text_error(tr_lang, err));
    }
}

/* At the line of the last scan; what is past picking is the packers'. */
static void resume(struct work_view *w) {
    const struct work_row *r = list_view_row(&w->list);
    if (r && str_eq(r->state, "picking")) {
        app_push(w->list.base.app, &view_picking_ops, r->list);
    } else if (r) {
        app_push(w->list.base.app, &view_pack_ops, r->ref);
    }
}

static void pick_list(struct work_view *w) {
    const struct work_row *r = list_view_row(&w->list);
    if (r) {
        papers_pick_list(w->list.base.app, r->list, r->ref);
    }
}

static unsigned work_action(struct view *v, enum action_id action) {
    struct work_view *w = (struct work_view *)v;
    switch (action) {
    case ACTION_OPEN:
        resume(w);
        return VIEW_DONE;
    case ACTION_PAPER:
        pick_list(w);
        return VIEW_DONE;
    case ACTION_PAPER_CODES:
        papers_codes(v->app);
        return VIEW_DONE;
    case ACTION_WORK_ALL:
        w->chosen = true;
        show(w, !w->all);
        return VIEW_DONE;
    case ACTION_WORK_GIVE_BACK:
        act(w, "picks.give_back", on_given_back);
        return VIEW_DONE;
    case ACTION_WORK_TAKE_OVER:
        act(w, "picks.take_over", on_taken);
        return VIEW_DONE;
    default:
        return list_view_action(v, action);
    }
}

/* One gives back one's own and takes over another's. */
static bool work_offers(struct view *v, enum action_id action) {
    const struct work_row *r = list_view_row((struct list_view *)v);
    const char *me = link_session(app_link(v->app))->user;
    bool mine = r && str_eq(r->who, me);
    return action == ACTION_WORK_GIVE_BACK   ? mine
           : action == ACTION_WORK_TAKE_OVER ? r && !mine
           : action == ACTION_OPEN           ? r != NULL
           : action == ACTION_PAPER          ? r != NULL
                                             : true;
}

static void work_shown(struct view *v) {
    list_view_shown(v);
    list_view_touch((struct list_view *)v);
}

const struct view_ops view_work_ops = {
    .id = VIEW_WORK,
    .title = TEXT_SCREEN_WORK,
    .open = work_open,
    .close = list_view_close,
    .draw = work_draw,
    .action = work_action,
    .event = list_view_event,
    .shown = work_shown,
    .name = work_name,
    .head = list_view_head,
    .position = list_view_position,
    .ref = list_view_ref,
    .plain = list_view_plain,
    .pick = list_view_pick,
    .offers = work_offers,
};
