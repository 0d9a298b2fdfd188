/* Who may work here, as what; and the page of one of them. */
#include "common/json.h"
#include "common/mem.h"
#include "common/str.h"
#include "tui/detail.h"
#include "tui/list_view.h"
#include "tui/model.h"
#include "tui/model_people.h"
#include "tui/tr.h"
#include "tui/user_acts.h"
#include "tui/views.h"

/* --- the list ------------------------------------------------------------- */

enum {
    COL_NAME,
    COL_ROLE,
    COL_STATE,
    COL_SEES,
    COL_TOTP,
    COL_SEEN,
    COL_TITLE,
    COL_ACCOUNTS,
    COLS
};

static const struct column columns[COLS] = {
    [COL_NAME] = {TEXT_COL_NAME, 12, 20, 1, false},
    [COL_ROLE] = {TEXT_COL_ROLE, 8, 10, 2, false},
    [COL_STATE] = {TEXT_COL_STATE, 12, 14, 3, false},
    [COL_SEES] = {TEXT_COL_STORES, 14, 40, 5, false},
    [COL_TOTP] = {TEXT_COL_TOTP, 5, 7, 4, false},
    [COL_SEEN] = {TEXT_COL_SEEN, 5, 5, 6, true},
    [COL_TITLE] = {TEXT_COL_TITLE, 14, 30, 7, false},
    [COL_ACCOUNTS] = {TEXT_COL_ACCOUNTS, 14, 40, 8, false},
};

static void cell(struct app *a, const void *row, int column, struct buf *out,
                 int *ret_role) {
    const struct user_row *r = row;
    int role;
    const char *state = user_row_state(r, &role);
    *ret_role = role;
    switch (column) {
    case COL_NAME:
        buf_adds(out, r->name);
        break;
    case COL_ROLE:
        buf_adds(out, tr_word("role", r->role));
        break;
    case COL_STATE:
        buf_adds(out, state);
        break;
    case COL_SEES:
        buf_adds(out, r->tenant[0] ? r->tenant : user_row_sees(r));
        break;
    case COL_TOTP:
        buf_adds(out, r->totp ? T(FORM_YES) : "-");
        break;
    case COL_SEEN:
        buf_adds(out, app_age(a, r->seen_ms));
        break;
    case COL_TITLE:
        buf_adds(out, r->title);
        break;
    default:
        buf_adds(out, r->accounts);
        break;
    }
}

static const struct list_def list_def = {
    .rows = {"users.list", sizeof(struct user_row), user_row_read,
             user_row_key},
    .topic = "people",
    .columns = columns,
    .n_columns = COLS,
    .cell = cell,
    .detail = &view_user_ops,
    .empty = TEXT_USER_NONE,
    .count = TEXT_COUNTS_USERS,
};

static struct view *users_open(struct app *a, const char *arg) {
    (void)arg;
    return list_view_open(a, &view_users_ops, &list_def, NULL);
}

static unsigned users_action(struct view *v, enum action_id action) {
    const struct user_row *r = list_view_row((struct list_view *)v);
    unsigned done = user_act(v, action, r);
    return done ? done : list_view_action(v, action);
}

static bool users_offers(struct view *v, enum action_id action) {
    return user_act_may(list_view_row((struct list_view *)v), action);
}

const struct view_ops view_users_ops = {
    .id = VIEW_USERS,
    .title = TEXT_SCREEN_USERS,
    .open = users_open,
    .close = list_view_close,
    .draw = list_view_draw,
    .action = users_action,
    .event = list_view_event,
    .shown = people_shown,
    .position = list_view_position,
    .ref = list_view_ref,
    .plain = list_view_plain,
    .pick = list_view_pick,
    .offers = users_offers,
};

/* --- the page ------------------------------------------------------------- */

static void seen_lines(struct detail *d, struct textview *t) {
    AUTO_BUF struct buf b = BUF_INIT;
    const struct json *o = detail_object(d);
    int64_t seen = model_time(o, "seen");
    app_when(d->base.app, model_time(o, "created"), &b);
    textview_add(t, ROLE_NORMAL, T(COL_CREATED), "%s", buf_str(&b));
    buf_clear(&b);
    app_when(d->base.app, seen, &b);
    textview_add(t, ROLE_NORMAL, T(COL_SEEN), "%s",
                 seen ? buf_str(&b) : T(STORE_NEVER));
}

static void proof_lines(struct textview *t, const struct user_row *r) {
    textview_add(t, ROLE_NORMAL, T(CLI_ASK_PASSWORD), "%s",
                 r->password ? T(FORM_YES) : T(FORM_NO));
    textview_add(t, ROLE_NORMAL, T(PROFILE_TOTP), "%s",
                 r->totp ? T(FORM_YES) : T(FORM_NO));
    textview_add(t, r->accounts[0] ? ROLE_NORMAL : ROLE_DIM, T(COL_ACCOUNTS),
                 "%s", r->accounts[0] ? r->accounts : "-");
}

static void lines(struct detail *d, struct textview *t, int width) {
    struct user_row r = {0};
    int role;
    AUTO_FREE char *trail = mem_printf("audit who:%s", d->key);
    const struct json *o = detail_object(d);
    (void)width;
    (void)user_row_read(o, &r);
    const char *state = user_row_state(&r, &role);
    textview_add(t, ROLE_NORMAL, T(COL_TITLE), "%s", r.title);
    textview_add(t, ROLE_NORMAL, T(COL_ROLE), "%s%s%s", tr_word("role", r.role),
                 r.read_only ? ", " : "",
                 r.read_only ? T(FRAME_READ_ONLY) : "");
    textview_add(t, role, T(COL_STATE), "%s", state);
    if (r.tenant[0]) {
        AUTO_FREE char *link = mem_printf("tenant %s", r.tenant);
        textview_add(t, ROLE_LINK, T(COL_TENANT), "%s", r.tenant);
        textview_link(t, link);
    }
    if (r.all_stores) {
        textview_add(t, ROLE_NORMAL, T(COL_STORES), "%s", user_row_sees(&r));
    } else {
        people_links(t, T(COL_STORES), json_get(o, "stores"), "store");
    }
    proof_lines(t, &r);
    textview_add(t, ROLE_NORMAL, T(FORM_LANG), "%s",
                 model_str(o, "lang")[0] ? model_str(o, "lang") : "-");
    seen_lines(d, t);
    textview_add(t, ROLE_LINK, "", "%s", T(USER_TRAIL));
    textview_link(t, trail);
}

static const struct detail_tab tabs[] = {{TEXT_TAB_DETAILS, lines, NULL, 0}};

static const struct detail_def page_def = {
    .parts = {{.method = "users.get"}},
    .param = "user",
    .topic = "people",
    .tabs = tabs,
    .n_tabs = 1,
};

static struct view *user_open(struct app *a, const char *arg) {
    return detail_open(a, &view_user_ops, &page_def, arg);
}

static const struct user_row *row_of(struct view *v, struct user_row *ret) {
    const struct json *o = detail_object((struct detail *)v);
    return o && user_row_read(o, ret) == 0 ? ret : NULL;
}

static unsigned user_action(struct view *v, enum action_id action) {
    struct user_row r = {0};
    unsigned done = user_act(v, action, row_of(v, &r));
    return done ? done : detail_action(v, action);
}

static bool user_offers(struct view *v, enum action_id action) {
    struct user_row r = {0};
    return user_act_may(row_of(v, &r), action);
}

const struct view_ops view_user_ops = {
    .id = VIEW_USER,
    .title = TEXT_SCREEN_USER,
    .open = user_open,
    DETAIL_OPS,
    .action = user_action,
    .offers = user_offers,
};
