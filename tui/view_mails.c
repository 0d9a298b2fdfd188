/* Letters to customers, for who keeps the house: the queue, what failed, what
 * nobody knows. And the page of one. */
#include <string.h>

#include "common/json.h"
#include "common/mem.h"
#include "common/str.h"
#include "tui/detail.h"
#include "tui/edit.h"
#include "tui/link.h"
#include "tui/list_view.h"
#include "tui/loop.h"
#include "tui/model.h"
#include "tui/progress.h"
#include "tui/textview.h"
#include "tui/tr.h"
#include "tui/views.h"

enum {
    COL_MAIL,
    COL_STATE,
    COL_ABOUT,
    COL_TO,
    COL_LETTER,
    COL_WHEN,
    COL_SAID,
    COLS
};

static const struct column columns[COLS] = {
    [COL_MAIL] = {TEXT_COL_MAIL, 6, 7, 1, false},
    [COL_STATE] = {TEXT_COL_STATE, 9, 12, 2, false},
    [COL_ABOUT] = {TEXT_COL_ABOUT, 6, 10, 4, false},
    [COL_TO] = {TEXT_COL_EMAIL, 15, 30, 3, false},
    [COL_LETTER] = {TEXT_COL_LETTER, 15, 16, 6, false},
    [COL_WHEN] = {TEXT_COL_WHEN, 5, 5, 5, true},
    [COL_SAID] = {TEXT_COL_DETAIL, 14, 80, 7, false},
};

static void cell(struct app *a, const void *row, int column, struct buf *out,
                 int *ret_role) {
    const struct mail_row *r = row;
    switch (column) {
    case COL_MAIL:
        buf_adds(out, r->id);
        break;
    case COL_STATE:
        *ret_role = mail_state_role(r->state);
        buf_adds(out, tr_word("mail_state", r->state));
        break;
    case COL_ABOUT:
        buf_adds(out, str_starts(r->about, "R-") ? r->about : "");
        break;
    case COL_TO:
        buf_adds(out, r->to);
        break;
    case COL_LETTER:
        buf_adds(out, tr_word("letter", r->template));
        break;
    case COL_WHEN:
        *ret_role = ROLE_DIM;
        buf_adds(out, app_age(a, r->changed_ms));
        break;
    default:
        *ret_role = ROLE_DIM;
        buf_adds(out, r->text);
        break;
    }
}

static const struct list_def list = {
    .rows = {"mails.list", sizeof(struct mail_row), mail_row_read,
             mail_row_key},
    .topic = "mail",
    .columns = columns,
    .n_columns = COLS,
    .cell = cell,
    .detail = &view_mail_ops,
    .empty = TEXT_UI_NO_MAILS,
};

/* --- what is done with one ---------------------------------------------------
 */

/* The word ends in the number: it cannot be meant for another one. */
static void typed(void *arg, const char *word, const char *method) {
    struct view *v = arg;
    const char *id = strrchr(word, ' ');
    AUTO_BUF struct buf b = BUF_INIT;
    if (id) {
        view_param(&b, "mail", id + 1);
        app_write(v->app, method, buf_str(&b), id + 1);
    }
}

static void retry_typed(void *arg, const char *word) {
    typed(arg, word, "mails.retry");
}

static void discard_typed(void *arg, const char *word) {
    typed(arg, word, "mails.discard");
}

/* Of one whose fate nobody knows the customer may read it twice: typed out.
 * What failed for certain just goes again. */
static unsigned act(struct view *v, enum action_id action,
                    const struct mail_row *r) {
    AUTO_BUF struct buf question = BUF_INIT, word = BUF_INIT;
    if (!r) {
        return VIEW_DONE;
    }
    if (action == ACTION_DISCARD) {
        TF(&word, WORD_MAIL_DISCARD, "mail", r->id);
        TF(&question, ASK_MAIL_DISCARD, "word", buf_str(&word));
        app_confirm(v->app, buf_str(&question), buf_str(&word), discard_typed,
                    v);
    } else {
        bool sure = str_eq(r->state, "failed") || str_eq(r->state, "queued");
        TF(&word, WORD_MAIL_RETRY, "mail", r->id);
        if (sure) {
            retry_typed(v, buf_str(&word));
            return VIEW_DONE;
        }
        TF(&question, ASK_MAIL_RETRY, "word", buf_str(&word));
        app_confirm(v->app, buf_str(&question), buf_str(&word), retry_typed, v);
    }
    return VIEW_DONE;
}

static bool may(const struct mail_row *r, enum action_id action) {
    return (action != ACTION_RETRY || (r && r->retry)) &&
           (action != ACTION_DISCARD || (r && r->discard));
}

static void test(struct app *a) {
    static const struct edit_field fields[] = {
        {"to", TEXT_COL_EMAIL, -1, FORM_TEXT, NULL, NULL, true},
        {"lang", TEXT_FORM_LANG, -1, FORM_CHOICE, "en|tr", "en", true}};
    static const struct edit_def def = {.title = TEXT_EDIT_MAIL_TEST,
                                        .method = "mails.test",
                                        .fields = fields,
                                        .n = 2,
                                        .note = -1};
    edit_open(a, &def, "");
}

/* --- the list ----------------------------------------------------------------
 */

static const char *const states[] = {"queued", "sending", "failed", "unknown",
                                     "parked"};
enum { STATES = sizeof states / sizeof *states };

struct mails {
    struct list_view list;
    int64_t counts[STATES]; /* -1 not known */
};

static void on_counts(void *arg, const struct link_reply *r) {
    struct mails *m = arg;
    for (int i = 0; r->result && i < STATES; i++) {
        m->counts[i] = model_int(r->result, states[i], -1);
    }
    app_dirty(m->list.base.app);
}

static void ask_counts(void *arg) {
    struct mails *m = arg;
    /* A full queue only leaves the old counts standing. */
    (void)link_ask(app_link(m->list.base.app), "mails.count", "{}", on_counts,
                   m);
}

static struct view *mails_open(struct app *a, const char *filter) {
    struct mails *m = NEW(struct mails);
    for (int i = 0; i < STATES; i++) {
        m->counts[i] = -1;
    }
    list_view_init(&m->list, a, &view_mails_ops, &list, filter);
    ask_counts(m);
    return &m->list.base;
}

static void mails_event(struct view *v, const struct view_event *e) {
    enum { COUNTS_MS = 300 };
    struct loop *loop = app_loop(v->app);
    list_view_event(v, e);
    if ((str_eq(e->topic, "mail") || str_eq(e->topic, "system")) &&
        !loop_timer_pending(loop, ask_counts, v)) {
        loop_timer(loop, COUNTS_MS, ask_counts, v);
    }
}

/* States nothing is in are left out. */
static void mails_head(struct view *v, struct buf *out) {
    const struct mails *m = (const struct mails *)v;
    for (int i = 0; i < STATES; i++) {
        char n[32];
        if (m->counts[i] > 0) {
            buf_addf(out, "%s%s %s", out->len ? "  " : "",
                     tr_word("mail_state", states[i]),
                     progress_count(n, m->counts[i]));
        }
    }
    if (m->counts[0] >= 0 && out->len == 0) {
        buf_adds(out, T(UI_NOTHING_WAITS));
    }
}

static bool mails_offers(struct view *v, enum action_id action) {
    return may(list_view_row((struct list_view *)v), action);
}

static unsigned mails_action(struct view *v, enum action_id action) {
    if (action == ACTION_MAIL_TEST) {
        test(v->app);
        return VIEW_DONE;
    }
    if (action == ACTION_RETRY || action == ACTION_DISCARD) {
        return act(v, action, list_view_row((struct list_view *)v));
    }
    return list_view_action(v, action);
}

const struct view_ops view_mails_ops = {
    .id = VIEW_MAILS,
    .title = TEXT_SCREEN_MAILS,
    .open = mails_open,
    LIST_VIEW_OPS,
    .event = mails_event,
    .head = mails_head,
    .action = mails_action,
    .offers = mails_offers,
    .query = "mails",
};

/* --- one ---------------------------------------------------------------------
 */

static void text(struct detail *d, struct textview *t, int width) {
    const struct json *o = detail_object(d);
    textview_prose(t, ROLE_NORMAL, NULL, model_str(o, "body"), width);
}

static void top(struct detail *d, struct textview *t, int width) {
    const struct json *o = detail_object(d);
    struct mail_row r = {0};
    int room = width - t->label_width;
    (void)mail_row_read(o, &r);
    AUTO_FREE char *state =
        mem_printf("%s  %s", tr_word("mail_state", r.state), r.text);
    textview_prose(t, mail_state_role(r.state), T(COL_STATE), state, room);
    textview_prose(t, ROLE_KEY, T(LETTER_TO), r.to, room);
    textview_prose(t, ROLE_KEY, T(LETTER_SUBJECT), r.subject, room);
}

static const struct detail_tab tabs[] = {{TEXT_TAB_TEXT, text, NULL, 0}};

static const struct detail_def page = {
    .parts = {{"mails.get", NULL}},
    .param = "mail",
    .topic = "mail",
    .tabs = tabs,
    .n_tabs = 1,
    .top = top,
};

static struct view *mail_open(struct app *a, const char *arg) {
    return detail_open(a, &view_mail_ops, &page, arg);
}

static unsigned mail_action(struct view *v, enum action_id action) {
    const struct json *o = detail_object((struct detail *)v);
    struct mail_row r = {0};
    bool here = o && mail_row_read(o, &r) == 0;
    if (action == ACTION_RETRY || action == ACTION_DISCARD) {
        return act(v, action, here ? &r : NULL);
    }
    return detail_action(v, action);
}

static bool mail_offers(struct view *v, enum action_id action) {
    const struct json *o = detail_object((struct detail *)v);
    struct mail_row r = {0};
    return !o || mail_row_read(o, &r) < 0 || may(&r, action);
}

const struct view_ops view_mail_ops = {
    .id = VIEW_MAIL,
    .title = TEXT_SCREEN_MAIL,
    .open = mail_open,
    DETAIL_OPS,
    .action = mail_action,
    .offers = mail_offers,
};
