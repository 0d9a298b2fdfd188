/* Acts on users. What makes a code shows it once; what locks somebody out is
 * typed out. The daemon may ask for a proof on the way: the link holds the
 * act, view_prove asks, and it goes on. */
#include "tui/user_acts.h"

#include <string.h>

#include "common/jsonw.h"
#include "common/mem.h"
#include "common/str.h"
#include "tui/detail.h"
#include "tui/edit.h"
#include "tui/list_view.h"
#include "tui/model.h"
#include "tui/model_people.h"
#include "tui/once.h"
#include "tui/pick.h"
#include "tui/tr.h"
#include "tui/views.h"

#define COUNT(a) ((int)(sizeof(a) / sizeof *(a)))
#define ROLES "staff|owner|admin"

void people_again(struct view *v) {
    bool page = v->ops->id == VIEW_USER || v->ops->id == VIEW_TENANT ||
                v->ops->id == VIEW_PROFILE;
    if (page) {
        detail_reload((struct detail *)v);
    } else {
        list_view_touch((struct list_view *)v);
    }
}

void people_shown(struct view *v) {
    list_view_shown(v);
    list_view_touch((struct list_view *)v);
}

void people_links(struct textview *t, const char *label, const struct json *v,
                  const char *kind) {
    if (json_count(v) == 0) {
        textview_add(t, ROLE_DIM, label, "-");
    }
    for (const struct json *c = json_first(v); c; c = json_next(c)) {
        const char *name = json_string(c);
        AUTO_FREE char *link = mem_printf("%s %s", kind, name ? name : "");
        textview_add(t, ROLE_LINK, label, "%s", name ? name : "");
        textview_link(t, link);
        label = "";
    }
}

/* --- forms ---------------------------------------------------------------- */

void user_invited(struct app *a, const char *ref, const struct json *result) {
    AUTO_BUF struct buf title = BUF_INIT;
    AUTO_BUF struct buf how = BUF_INIT;
    AUTO_BUF struct buf until = BUF_INIT;
    AUTO_BUF struct buf when = BUF_INIT;
    const char *user = model_str(result, "user");
    const char *code = model_str(result, "code");
    (void)ref;
    TF(&title, ONCE_INVITATION, "user", user);
    struct once *o = once_open(a, buf_str(&title), code);
    if (!o) {
        return;
    }
    TF(&how, ONCE_INVITATION_HOW, "user", user);
    app_when(a, model_time(result, "until"), &when);
    TF(&until, ONCE_INVITATION_UNTIL, "when", buf_str(&when));
    once_add(o, ROLE_KEY, code);
    once_add(o, ROLE_NORMAL, buf_str(&how));
    once_add(o, ROLE_NORMAL, buf_str(&until));
    once_add(o, ROLE_WARN, T(ONCE_WARNING));
}

static void invite(struct app *a) {
    static const struct edit_field fields[] = {
        {.path = "name",
         .label = TEXT_FORM_USER_NAME,
         .help = TEXT_FORM_USER_NAME_HELP,
         .required = true},
        {.path = "title", .label = TEXT_FORM_USER_TITLE, .help = -1},
        {.path = "role",
         .label = TEXT_COL_ROLE,
         .help = TEXT_FORM_ROLE_HELP,
         .type = FORM_CHOICE,
         .choices = ROLES,
         .initial = "staff",
         .required = true},
        {.path = "tenant",
         .label = TEXT_COL_TENANT,
         .help = TEXT_FORM_TENANT_HELP},
        {.path = "stores",
         .label = TEXT_COL_STORES,
         .help = TEXT_FORM_USER_STORES_HELP,
         .list = true},
        {.path = "read_only",
         .label = TEXT_FORM_READ_ONLY,
         .help = TEXT_FORM_READ_ONLY_HELP,
         .type = FORM_BOOL},
        {.path = "lang",
         .label = TEXT_FORM_LANG,
         .help = TEXT_FORM_CHOICE_HELP,
         .type = FORM_CHOICE,
         .choices = "en|tr"},
    };
    static const struct edit_def def = {.title = TEXT_EDIT_INVITE,
                                        .method = "users.invite",
                                        .fields = fields,
                                        .n = COUNT(fields),
                                        .note = -1,
                                        .done = user_invited};
    edit_open(a, &def, "");
}

static void say_done(struct app *a, enum text_id text, const char *user) {
    AUTO_BUF struct buf b = BUF_INIT;
    text_format(&b, tr_lang, text, "user", user, NULL);
    app_say(a, ROLE_GOOD, "%s", buf_str(&b));
}

static void saved(struct app *a, const char *ref, const struct json *result) {
    (void)result;
    say_done(a, TEXT_USER_SAVED, ref);
}

/* What does not apply to the role is no field: an owner sees their tenant's
 * stores, an admin all; who becomes staff or owner is edited once more. */
static void fields_of_role(struct edit *e, const struct json *object) {
    const char *role = model_str(object, "role");
    if (!str_eq(role, "staff")) {
        edit_drop(e, "stores");
        edit_drop(e, "all_stores");
    }
}

static void edit_user(struct app *a, const char *user) {
    static const struct edit_field fields[] = {
        {.path = "title", .label = TEXT_FORM_USER_TITLE, .help = -1},
        {.path = "role",
         .label = TEXT_COL_ROLE,
         .help = TEXT_FORM_ROLE_HELP,
         .type = FORM_CHOICE,
         .choices = ROLES,
         .required = true},
        {.path = "tenant",
         .label = TEXT_COL_TENANT,
         .help = TEXT_FORM_TENANT_HELP},
        {.path = "all_stores",
         .label = TEXT_FORM_ALL_STORES,
         .help = TEXT_FORM_ALL_STORES_HELP,
         .type = FORM_BOOL},
        {.path = "stores",
         .label = TEXT_COL_STORES,
         .help = TEXT_FORM_STORES_ONLY_HELP,
         .list = true},
        {.path = "read_only",
         .label = TEXT_FORM_READ_ONLY,
         .help = TEXT_FORM_READ_ONLY_HELP,
         .type = FORM_BOOL},
        {.path = "lang",
         .label = TEXT_FORM_LANG,
         .help = TEXT_FORM_CHOICE_HELP,
         .type = FORM_CHOICE,
         .choices = "en|tr"},
    };
    static const struct edit_def def = {.title = TEXT_EDIT_USER,
                                        .get = "users.get",
                                        .method = "users.update",
                                        .param = "user",
                                        .changed = true,
                                        .fields = fields,
                                        .n = COUNT(fields),
                                        .note = -1,
                                        .prepare = fields_of_role,
                                        .done = saved};
    edit_open(a, &def, user);
}

static void linked(struct app *a, const char *ref, const struct json *result) {
    (void)result;
    say_done(a, TEXT_USER_LINKED, ref);
}

static void link_account(struct app *a, const char *user) {
    static const struct edit_field fields[] = {{.path = "account",
                                                .label = TEXT_FORM_ACCOUNT,
                                                .help = TEXT_FORM_ACCOUNT_HELP,
                                                .required = true}};
    static const struct edit_def def = {.title = TEXT_EDIT_LINK,
                                        .method = "users.link",
                                        .param = "user",
                                        .fields = fields,
                                        .n = 1,
                                        .note = TEXT_FORM_ACCOUNT_NOTE,
                                        .done = linked};
    edit_open(a, &def, user);
}

/* --- an account is theirs no more ----------------------------------------- */

struct unlink {
    struct app *app;
    struct pick *pick;
    char user[33];
};

/* "ayse (1001)": the name ends before the number. */
static void offer_account(struct unlink *u, const char *text) {
    const char *end = strrchr(text, ' ');
    AUTO_FREE char *name =
        mem_dupn(text, end ? (size_t)(end - text) : strlen(text));
    pick_add(u->pick, name, text);
}

static void on_accounts(void *arg, const struct link_reply *r) {
    struct unlink *u = arg;
    const struct json *c = json_first(json_get(r->result, "accounts"));
    if (!r->result) {
        pick_say(u->pick, r->message);
    } else if (!c) {
        pick_say(u->pick, T(USER_NO_ACCOUNTS));
    }
    for (; c; c = json_next(c)) {
        offer_account(u, json_string(c) ? json_string(c) : "");
    }
    pick_ready(u->pick);
}

static void on_unlinked(void *arg, const struct link_reply *r) {
    struct app *a = arg;
    if (!r->result) {
        app_say_error(a, r);
        return;
    }
    say_done(a, TEXT_USER_UNLINKED, model_str(r->result, "name"));
}

static void unlink_picked(struct app *a, void *arg, const char *account) {
    const struct unlink *u = arg;
    AUTO_BUF struct buf params = BUF_INIT;
    struct jsonw w;
    jsonw_init(&w, &params);
    jsonw_begin_object(&w);
    jsonw_kstring(&w, "user", u->user);
    jsonw_kstring(&w, "account", account);
    jsonw_end_object(&w);
    int err = link_write(app_link(a), "users.unlink", buf_str(&params),
                         on_unlinked, a);
    if (err < 0) {
        app_say(a, ROLE_BAD, "%s", text_error(tr_lang, err));
    }
}

static void unlink_account(struct app *a, const char *user) {
    AUTO_BUF struct buf params = BUF_INIT;
    AUTO_BUF struct buf ask = BUF_INIT;
    struct unlink *u = NEW(struct unlink);
    u->app = a;
    (void)str_copy(u->user, sizeof u->user, user);
    TF(&ask, USER_UNLINK_ASK, "user", user);
    u->pick =
        pick_open(a, T(SCREEN_UNLINK), buf_str(&ask), unlink_picked, free, u);
    if (!u->pick) {
        return; /* u went with it */
    }
    view_param(&params, "user", user);
    int err =
        link_ask(app_link(a), "users.get", buf_str(&params), on_accounts, u);
    if (err < 0) {
        pick_say(u->pick, text_error(tr_lang, err));
    }
}

/* --- typed out ------------------------------------------------------------ */

static void on_done(struct view *v, const struct link_reply *r,
                    enum text_id text) {
    if (!r->result) {
        app_say_error(v->app, r);
        return;
    }
    say_done(v->app, text, model_str(r->result, "name"));
    people_again(v);
}

static void on_deactivated(void *arg, const struct link_reply *r) {
    on_done(arg, r, TEXT_USER_DEACTIVATED);
}

static void on_activated(void *arg, const struct link_reply *r) {
    on_done(arg, r, TEXT_USER_ACTIVATED);
}

static void on_reset(void *arg, const struct link_reply *r) {
    struct view *v = arg;
    if (!r->result) {
        app_say_error(v->app, r);
        return;
    }
    people_again(v);
    user_invited(v->app, "", r->result);
}

static void write_user(struct view *v, const char *method, const char *user,
                       link_cb *cb) {
    AUTO_BUF struct buf params = BUF_INIT;
    view_param(&params, "user", user);
    int err = link_write(app_link(v->app), method, buf_str(&params), cb, v);
    if (err < 0) {
        app_say(v->app, ROLE_BAD, "%s", text_error(tr_lang, err));
    }
}

/* The word that was typed is the user's name. */
static void deactivate(void *v, const char *word) {
    write_user(v, "users.deactivate", word, on_deactivated);
}

static void activate(void *v, const char *word) {
    write_user(v, "users.activate", word, on_activated);
}

static void reset(void *v, const char *word) {
    write_user(v, "users.reset", word, on_reset);
}

static void ask_name(struct view *v, enum text_id question, const char *user,
                     void (*done)(void *v, const char *word)) {
    AUTO_BUF struct buf b = BUF_INIT;
    text_format(&b, tr_lang, question, "user", user, NULL);
    app_confirm(v->app, buf_str(&b), user, done, v);
}

/* --- which ---------------------------------------------------------------- */

bool user_act_may(const struct user_row *r, enum action_id action) {
    switch (action) {
    case ACTION_USER_EDIT:
    case ACTION_LINK_ACCOUNT:
    case ACTION_RESET:
    case ACTION_USER_SESSIONS:
        return r != NULL;
    case ACTION_UNLINK_ACCOUNT:
        return r && r->accounts[0];
    case ACTION_DEACTIVATE:
        return r && r->active;
    case ACTION_ACTIVATE:
        return r && !r->active;
    default:
        return true;
    }
}

unsigned user_act(struct view *v, enum action_id action,
                  const struct user_row *r) {
    switch (action) {
    case ACTION_INVITE:
        invite(v->app);
        return VIEW_DONE;
    case ACTION_USER_EDIT:
        edit_user(v->app, r->name);
        return VIEW_DONE;
    case ACTION_LINK_ACCOUNT:
        link_account(v->app, r->name);
        return VIEW_DONE;
    case ACTION_UNLINK_ACCOUNT:
        unlink_account(v->app, r->name);
        return VIEW_DONE;
    case ACTION_USER_SESSIONS:
        app_push(v->app, &view_sessions_ops, r->name);
        return VIEW_DONE;
    case ACTION_RESET:
        ask_name(v, TEXT_USER_RESET_ASK, r->name, reset);
        return VIEW_DONE;
    case ACTION_DEACTIVATE:
        ask_name(v, TEXT_USER_DEACTIVATE_ASK, r->name, deactivate);
        return VIEW_DONE;
    case ACTION_ACTIVATE:
        ask_name(v, TEXT_USER_ACTIVATE_ASK, r->name, activate);
        return VIEW_DONE;
    default:
        return VIEW_IGNORED;
    }
}
