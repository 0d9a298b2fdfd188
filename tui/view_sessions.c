/* Who is in: one's own sessions, an admin's view of everybody's. */
#include "common/jsonw.h"
#include "common/mem.h"
#include "common/str.h"
#include "tui/link.h"
#include "tui/list_view.h"
#include "tui/model.h"
#include "tui/model_people.h"
#include "tui/tr.h"
#include "tui/user_acts.h"
#include "tui/views.h"

enum {
    COL_USER,
    COL_KIND,
    COL_HERE,
    COL_USED,
    COL_UNTIL,
    COL_PLACE,
    COL_CLIENT,
    COL_ID,
    COLS
};

static const struct column columns[COLS] = {
    [COL_USER] = {TEXT_COL_USER, 10, 20, 1, false},
    [COL_KIND] = {TEXT_COL_KIND, 9, 12, 3, false},
    [COL_HERE] = {TEXT_COL_STATE, 10, 12, 2, false},
    [COL_USED] = {TEXT_COL_USED, 6, 6, 4, true},
    [COL_UNTIL] = {TEXT_COL_UNTIL, 12, 12, 6, false},
    [COL_PLACE] = {TEXT_COL_FROM, 10, 30, 5, false},
    [COL_CLIENT] = {TEXT_COL_CLIENT, 12, 20, 7, false},
    [COL_ID] = {TEXT_COL_ID, 26, 26, 8, false},
};

struct sessions {
    struct list_view list;
    char user[33]; /* theirs alone; "": all there are to see */
    int asked, ended;
};

static void cell(struct app *a, const void *row, int column, struct buf *out,
                 int *ret_role) {
    const struct session_row *r = row;
    *ret_role = r->connected ? ROLE_NORMAL : ROLE_DIM;
    switch (column) {
    case COL_USER:
        buf_adds(out, r->user);
        break;
    case COL_KIND:
        buf_adds(out, tr_word("session", r->kind));
        break;
    case COL_HERE:
        *ret_role = r->current ? ROLE_GOOD : *ret_role;
        buf_adds(out, r->current     ? T(SESSION_THIS)
                      : r->connected ? T(SESSION_CONNECTED)
                                     : T(SESSION_KEPT));
        break;
    case COL_USED:
        buf_adds(out, app_age(a, r->used_ms));
        break;
    case COL_UNTIL:
        app_when(a, r->until_ms, out);
        break;
    case COL_PLACE:
        buf_adds(out, r->place);
        break;
    case COL_CLIENT:
        buf_adds(out, r->client);
        break;
    default:
        buf_adds(out, r->id);
        break;
    }
}

static const struct list_def def = {
    .rows = {"sessions.list", sizeof(struct session_row), session_row_read,
             session_row_key},
    .topic = "people",
    .columns = columns,
    .n_columns = COLS,
    .cell = cell,
    .empty = TEXT_FRAME_EMPTY,
    .count = TEXT_COUNTS_SESSIONS,
};

/* arg: a user, or NULL. */
static struct view *sessions_open(struct app *a, const char *arg) {
    struct sessions *s = NEW(struct sessions);
    list_view_init(&s->list, a, &view_sessions_ops, &def, NULL);
    if (!str_empty(arg)) {
        AUTO_FREE char *extra = mem_printf("\"user\":\"%s\"", arg);
        (void)str_copy(s->user, sizeof s->user, arg);
        list_view_extra(&s->list, extra);
    }
    return &s->list.base;
}

static void sessions_name(struct view *v, struct buf *out) {
    buf_adds(out, ((struct sessions *)v)->user);
}

/* --- ending them ---------------------------------------------------------- */

static void on_ended(void *arg, const struct link_reply *r) {
    struct sessions *s = arg;
    struct app *a = s->list.base.app;
    if (!r->result) {
        app_say_error(a, r);
    }
    s->ended += r->result != NULL;
    if (--s->asked == 0) {
        AUTO_BUF struct buf b = BUF_INIT;
        char n[24];
        (void)str_format(n, sizeof n, "%d", s->ended);
        TF(&b, SESSION_ENDED, "n", n);
        if (s->ended > 0) {
            app_say(a, ROLE_GOOD, "%s", buf_str(&b));
        }
        list_view_touch(&s->list);
    }
}

static void end(struct sessions *s, const char *id) {
    AUTO_BUF struct buf params = BUF_INIT;
    struct app *a = s->list.base.app;
    view_param(&params, "id", id);
    int err = link_write(app_link(a), "sessions.revoke", buf_str(&params),
                         on_ended, s);
    if (err < 0) {
        app_say(a, ROLE_BAD, "%s", text_error(tr_lang, err));
        return;
    }
    s->ended = s->asked ? s->ended : 0;
    s->asked++;
}

static void end_one(void *arg, const char *word) {
    struct sessions *s = arg;
    (void)word;
    end(s, s->list.selected);
}

/* One's own, wherever they are, but for this one. */
static void end_others(void *arg, const char *word) {
    struct sessions *s = arg;
    const char *me = link_session(app_link(s->list.base.app))->user;
    int64_t n = pager_count(s->list.pager);
    (void)word;
    for (int64_t i = 0; i < n; i++) {
        const struct session_row *r = pager_row(s->list.pager, i);
        if (r && !r->current && str_eq(r->user, me)) {
            end(s, r->id);
        }
    }
    if (s->asked == 0) {
        app_say(s->list.base.app, ROLE_NORMAL, "%s", T(SESSION_NO_OTHERS));
    }
}

static void ask_one(struct sessions *s) {
    const struct session_row *r = list_view_row(&s->list);
    AUTO_BUF struct buf b = BUF_INIT;
    TF(&b, SESSION_END_ASK, "user", r->user, "kind",
       tr_word("session", r->kind), "word", T(WORD_END));
    (void)list_view_ref(&s->list.base); /* what was asked about is ended */
    app_confirm(s->list.base.app, buf_str(&b), T(WORD_END), end_one, s);
}

static unsigned sessions_action(struct view *v, enum action_id action) {
    struct sessions *s = (struct sessions *)v;
    AUTO_BUF struct buf b = BUF_INIT;
    switch (action) {
    case ACTION_REVOKE:
        ask_one(s);
        return VIEW_DONE;
    case ACTION_REVOKE_OTHERS:
        TF(&b, SESSION_OTHERS_ASK, "word", T(WORD_END));
        app_confirm(v->app, buf_str(&b), T(WORD_END), end_others, s);
        return VIEW_DONE;
    default:
        return list_view_action(v, action);
    }
}

static bool sessions_offers(struct view *v, enum action_id action) {
    return action != ACTION_OPEN &&
           (action != ACTION_REVOKE || list_view_row((struct list_view *)v));
}

const struct view_ops view_sessions_ops = {
    .id = VIEW_SESSIONS,
    .title = TEXT_SCREEN_SESSIONS,
    .open = sessions_open,
    .close = list_view_close,
    .draw = list_view_draw,
    .action = sessions_action,
    .event = list_view_event,
    .shown = people_shown,
    .name = sessions_name,
    .position = list_view_position,
    .ref = list_view_ref,
    .plain = list_view_plain,
    .pick = list_view_pick,
    .offers = sessions_offers,
};
