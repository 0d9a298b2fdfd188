/* Oneself: what one may see, the password, the authenticator, the language. */
#include "common/err.h"
#include "common/json.h"
#include "common/jsonw.h"
#include "common/mem.h"
#include "common/str.h"
#include "tui/detail.h"
#include "tui/edit.h"
#include "tui/link.h"
#include "tui/model.h"
#include "tui/pick.h"
#include "tui/tr.h"
#include "tui/user_acts.h"
#include "tui/views.h"

enum { CODES_FEW = 3 };

/* --- what one is ---------------------------------------------------------- */

static void codes_line(struct textview *t, const struct json *o) {
    AUTO_BUF struct buf b = BUF_INIT;
    char n[24];
    int64_t left = model_int(o, "codes", 0);
    (void)str_format(n, sizeof n, "%lld", (long long)left);
    TF(&b, PROFILE_CODES, "n", n);
    textview_add(t, left < CODES_FEW ? ROLE_WARN : ROLE_NORMAL,
                 T(PROFILE_CODES_LABEL), "%s", buf_str(&b));
}

static void stores_line(struct textview *t, const struct json *o) {
    char stores[400];
    bool all = model_flag(o, "all_stores");
    model_join(stores, sizeof stores, o, "stores");
    textview_add(t, ROLE_NORMAL, T(COL_STORES), "%s",
                 all         ? T(USER_ALL_STORES)
                 : stores[0] ? stores
                             : T(USER_NO_STORES));
}

static void links(struct textview *t) {
    textview_add(t, ROLE_NORMAL, NULL, "%s", "");
    textview_add(t, ROLE_LINK, "", "%s", T(SCREEN_SESSIONS_ALL));
    textview_link(t, "sessions");
    textview_add(t, ROLE_LINK, "", "%s", T(SCREEN_TOKENS));
    textview_link(t, "tokens");
}

static void lines(struct detail *d, struct textview *t, int width) {
    const struct json *o = detail_object(d);
    bool totp = model_flag(o, "totp");
    (void)width;
    textview_add(t, ROLE_NORMAL, T(COL_USER), "%s  %s", model_str(o, "user"),
                 model_str(o, "title"));
    textview_add(t, ROLE_NORMAL, T(COL_ROLE), "%s%s%s",
                 tr_word("role", model_str(o, "role")),
                 model_flag(o, "read_only") ? ", " : "",
                 model_flag(o, "read_only") ? T(FRAME_READ_ONLY) : "");
    if (model_str(o, "tenant")[0]) {
        textview_add(t, ROLE_NORMAL, T(COL_TENANT), "%s",
                     model_str(o, "tenant"));
    }
    stores_line(t, o);
    textview_add(t, ROLE_NORMAL, T(CLI_ASK_PASSWORD), "%s",
                 model_flag(o, "password") ? T(FORM_YES) : T(FORM_NO));
    textview_add(t, totp ? ROLE_NORMAL : ROLE_WARN, T(PROFILE_TOTP), "%s",
                 totp ? T(FORM_YES) : T(FORM_NO));
    if (totp) {
        codes_line(t, o);
    }
    textview_add(t, ROLE_NORMAL, T(FORM_LANG), "%s",
                 model_str(o, "lang")[0] ? tr_word("lang", model_str(o, "lang"))
                                         : T(PROFILE_LANG_TERMINAL));
    links(t);
}

static const struct detail_tab tabs[] = {{TEXT_TAB_DETAILS, lines, NULL, 0}};

static const struct detail_def def = {
    .parts = {{.method = "profile.get"}},
    .topic = "people",
    .tabs = tabs,
    .n_tabs = 1,
};

static struct view *profile_open(struct app *a, const char *arg) {
    (void)arg;
    return detail_open(a, &view_profile_ops, &def, "");
}

/* --- the password --------------------------------------------------------- */

/* Typed twice, as nobody sees what was typed. */
static int same_twice(struct edit *e, struct jsonw *w) {
    (void)w;
    if (str_eq(edit_value(e, "new"), edit_value(e, "again"))) {
        return 0;
    }
    edit_blame(e, "again", TEXT_CLI_NOT_THE_SAME);
    return ERR_INVALID;
}

static void password_set(struct app *a, const char *ref,
                         const struct json *result) {
    (void)ref;
    (void)result;
    app_say(a, ROLE_GOOD, "%s", T(PROFILE_PASSWORD_SET));
}

/* The first one has none before it. */
static void fields_of(struct edit *e, const struct json *object) {
    if (!model_flag(object, "password")) {
        edit_drop(e, "old");
    }
}

static void set_password(struct app *a) {
    static const struct edit_field fields[] = {
        {.path = "old",
         .label = TEXT_FORM_PASSWORD_OLD,
         .help = -1,
         .type = FORM_SECRET,
         .required = true},
        {.path = "new",
         .label = TEXT_CLI_ASK_NEW,
         .help = TEXT_FORM_PASSWORD_HELP,
         .type = FORM_SECRET,
         .required = true},
        {.path = "again",
         .label = TEXT_CLI_ASK_NEW_AGAIN,
         .help = TEXT_FORM_PASSWORD_HELP,
         .type = FORM_SECRET,
         .required = true,
         .own = true},
    };
    static const struct edit_def form = {.title = TEXT_EDIT_PASSWORD,
                                         .get = "profile.get",
                                         .method = "profile.password",
                                         .fields = fields,
                                         .n = 3,
                                         .note = -1,
                                         .prepare = fields_of,
                                         .more = same_twice,
                                         .done = password_set};
    edit_open(a, &form, "");
}

/* --- the authenticator ---------------------------------------------------- */

static void on_removed(void *arg, const struct link_reply *r) {
    struct view *v = arg;
    if (!r->result) {
        app_say_error(v->app, r);
        return;
    }
    app_say(v->app, ROLE_WARN, "%s", T(PROFILE_TOTP_OFF));
    people_again(v);
}

static void remove_totp(void *arg, const char *word) {
    struct view *v = arg;
    (void)word;
    int err = link_write(app_link(v->app), "profile.totp_remove", "{}",
                         on_removed, v);
    if (err < 0) {
        app_say(v->app, ROLE_BAD, "%s", text_error(tr_lang, err));
    }
}

/* --- the language --------------------------------------------------------- */

static void on_lang(void *arg, const struct link_reply *r) {
    struct view *v = arg;
    if (!r->result) {
        app_say_error(v->app, r);
        return;
    }
    app_speak(v->app, model_str(r->result, "lang"));
    app_say(v->app, ROLE_GOOD, "%s", T(PROFILE_LANG_SET));
    people_again(v);
}

static void lang_picked(struct app *a, void *arg, const char *lang) {
    AUTO_BUF struct buf params = BUF_INIT;
    view_param(&params, "lang", lang);
    int err = link_write(app_link(a), "profile.update", buf_str(&params),
                         on_lang, arg);
    if (err < 0) {
        app_say(a, ROLE_BAD, "%s", text_error(tr_lang, err));
    }
}

static void pick_lang(struct view *v) {
    struct pick *p = pick_open(v->app, T(FORM_LANG), T(PROFILE_LANG_ASK),
                               lang_picked, NULL, v);
    if (p) {
        pick_add(p, "en", tr_word("lang", "en"));
        pick_add(p, "tr", tr_word("lang", "tr"));
        pick_select(p, text_lang_name(tr_lang));
        pick_ready(p);
    }
}

static unsigned profile_action(struct view *v, enum action_id action) {
    AUTO_BUF struct buf b = BUF_INIT;
    switch (action) {
    case ACTION_PASSWORD:
        set_password(v->app);
        return VIEW_DONE;
    case ACTION_TOTP:
        app_push(v->app, &view_totp_ops, NULL);
        return VIEW_DONE;
    case ACTION_TOTP_OFF:
        TF(&b, PROFILE_TOTP_OFF_ASK, "word", T(WORD_OFF));
        app_confirm(v->app, buf_str(&b), T(WORD_OFF), remove_totp, v);
        return VIEW_DONE;
    case ACTION_LANGUAGE:
        pick_lang(v);
        return VIEW_DONE;
    default:
        return detail_action(v, action);
    }
}

static bool profile_offers(struct view *v, enum action_id action) {
    const struct json *o = detail_object((struct detail *)v);
    return action != ACTION_TOTP_OFF || model_flag(o, "totp");
}

const struct view_ops view_profile_ops = {
    .id = VIEW_PROFILE,
    .title = TEXT_SCREEN_PROFILE,
    .open = profile_open,
    DETAIL_OPS,
    .action = profile_action,
    .offers = profile_offers,
};
