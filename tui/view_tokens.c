/* One's own tokens for scripts: made, told once, ended. */
#include "common/json.h"
#include "common/mem.h"
#include "common/str.h"
#include "tui/edit.h"
#include "tui/link.h"
#include "tui/list_view.h"
#include "tui/model.h"
#include "tui/model_people.h"
#include "tui/once.h"
#include "tui/tr.h"
#include "tui/user_acts.h"
#include "tui/views.h"

enum { COL_NAME, COL_MAY, COL_STORES, COL_USED, COL_UNTIL, COL_CREATED, COLS };

static const struct column columns[COLS] = {
    [COL_NAME] = {TEXT_COL_NAME, 16, 40, 1, false},
    [COL_MAY] = {TEXT_COL_MAY, 12, 14, 3, false},
    [COL_STORES] = {TEXT_COL_STORES, 12, 40, 4, false},
    [COL_USED] = {TEXT_COL_USED, 6, 6, 2, true},
    [COL_UNTIL] = {TEXT_COL_UNTIL, 12, 12, 5, false},
    [COL_CREATED] = {TEXT_COL_CREATED, 12, 12, 6, false},
};

static void cell(struct app *a, const void *row, int column, struct buf *out,
                 int *ret_role) {
    const struct token_row *r = row;
    (void)ret_role;
    switch (column) {
    case COL_NAME:
        buf_adds(out, r->name);
        break;
    case COL_MAY:
        buf_adds(out, r->read_only ? T(FRAME_READ_ONLY) : T(TOKEN_WRITES));
        break;
    case COL_STORES:
        buf_adds(out, r->stores[0] ? r->stores : T(TOKEN_ALL_STORES));
        break;
    case COL_USED:
        buf_adds(out, app_age(a, r->used_ms));
        break;
    default:
        app_when(a, column == COL_UNTIL ? r->until_ms : r->created_ms, out);
        break;
    }
}

static const struct list_def def = {
    .rows = {"tokens.list", sizeof(struct token_row), token_row_read,
             token_row_key},
    .topic = "people",
    .columns = columns,
    .n_columns = COLS,
    .cell = cell,
    .empty = TEXT_TOKEN_NONE,
    .count = TEXT_COUNTS_TOKENS,
};

static struct view *tokens_open(struct app *a, const char *arg) {
    (void)arg;
    return list_view_open(a, &view_tokens_ops, &def, NULL);
}

/* --- acts ----------------------------------------------------------------- */

static void made(struct app *a, const char *ref, const struct json *result) {
    const char *token = model_str(result, "token");
    struct once *o = once_open(a, T(ONCE_TOKEN), token);
    (void)ref;
    if (o) {
        once_add(o, ROLE_KEY, token);
        once_add(o, ROLE_NORMAL, T(ONCE_TOKEN_HOW));
        once_add(o, ROLE_WARN, T(ONCE_WARNING));
    }
}

static void add(struct app *a) {
    static const struct edit_field fields[] = {
        {.path = "name",
         .label = TEXT_COL_NAME,
         .help = TEXT_FORM_TOKEN_NAME_HELP,
         .required = true},
        {.path = "read_only",
         .label = TEXT_FORM_READ_ONLY,
         .help = TEXT_FORM_TOKEN_READ_ONLY_HELP,
         .type = FORM_BOOL,
         .initial = "true"},
        {.path = "stores",
         .label = TEXT_COL_STORES,
         .help = TEXT_FORM_TOKEN_STORES_HELP,
         .list = true},
        {.path = "days",
         .label = TEXT_FORM_DAYS,
         .help = TEXT_FORM_DAYS_HELP,
         .type = FORM_NUMBER},
    };
    static const struct edit_def def_add = {.title = TEXT_EDIT_TOKEN,
                                            .method = "tokens.create",
                                            .fields = fields,
                                            .n = 4,
                                            .note = -1,
                                            .done = made};
    edit_open(a, &def_add, "");
}

static void on_ended(void *arg, const struct link_reply *r) {
    struct view *v = arg;
    if (!r->result) {
        app_say_error(v->app, r);
        return;
    }
    app_say(v->app, ROLE_GOOD, "%s", T(TOKEN_ENDED));
    people_again(v);
}

static void end_one(void *arg, const char *word) {
    struct list_view *l = arg;
    AUTO_BUF struct buf params = BUF_INIT;
    (void)word;
    view_param(&params, "id", l->selected);
    int err = link_write(app_link(l->base.app), "tokens.revoke",
                         buf_str(&params), on_ended, l);
    if (err < 0) {
        app_say(l->base.app, ROLE_BAD, "%s", text_error(tr_lang, err));
    }
}

static unsigned tokens_action(struct view *v, enum action_id action) {
    const struct token_row *r = list_view_row((struct list_view *)v);
    AUTO_BUF struct buf b = BUF_INIT;
    switch (action) {
    case ACTION_TOKEN_ADD:
        add(v->app);
        return VIEW_DONE;
    case ACTION_REVOKE:
        TF(&b, TOKEN_END_ASK, "name", r->name, "word", T(WORD_END));
        (void)list_view_ref(v); /* what was asked about is ended */
        app_confirm(v->app, buf_str(&b), T(WORD_END), end_one, v);
        return VIEW_DONE;
    default:
        return list_view_action(v, action);
    }
}

static bool tokens_offers(struct view *v, enum action_id action) {
    return action != ACTION_OPEN &&
           (action != ACTION_REVOKE || list_view_row((struct list_view *)v));
}

const struct view_ops view_tokens_ops = {
    .id = VIEW_TOKENS,
    .title = TEXT_SCREEN_TOKENS,
    .open = tokens_open,
    .close = list_view_close,
    .draw = list_view_draw,
    .action = tokens_action,
    .event = list_view_event,
    .shown = people_shown,
    .position = list_view_position,
    .ref = list_view_ref,
    .plain = list_view_plain,
    .pick = list_view_pick,
    .offers = tokens_offers,
};
