/* Who is it? Pushed when the daemon does not know the account, or when the
 * session was ended from elsewhere; leaves by itself once the link is up. What
 * was on the screen before stays below it, and what was asked waits.
 * Failure modes: a refusal is told under the fields, the password is emptied;
 * Esc leaves the program, for there is nothing to see. */
#include "common/mem.h"
#include "common/str.h"
#include "tui/form.h"
#include "tui/key.h"
#include "tui/link.h"
#include "tui/loop.h"
#include "tui/textview.h"
#include "tui/tr.h"
#include "tui/views.h"

enum { FIELD_USER, FIELD_PASSWORD, FIELD_CODE, FIELDS };

static const struct form_field fields[FIELDS] = {
    {"user", TEXT_CLI_ASK_USER, -1, FORM_TEXT, true},
    {"password", TEXT_CLI_ASK_PASSWORD, -1, FORM_SECRET, true},
    {"code", TEXT_SIGNIN_CODE, TEXT_SIGNIN_CODE_HELP, FORM_SECRET, false},
};

struct signin {
    struct view base;
    struct form form;
    bool asked; /* an answer is on its way */
    char status[300];
    int role;
};

static void say(struct signin *s, int role, const char *text) {
    (void)str_copy(s->status, sizeof s->status, text);
    s->role = role;
    app_dirty(s->base.app);
}

static void on_refused(void *arg, const struct link_reply *r) {
    struct signin *s = arg;
    AUTO_BUF struct buf b = BUF_INIT;
    s->asked = false;
    buf_addf(&b, "%s %s", r->message, r->hint ? r->hint : "");
    say(s, ROLE_BAD, buf_str(&b));
    form_wipe(&s->form);
    s->form.at = FIELD_PASSWORD;
}

static void submit(struct signin *s) {
    const char *user = form_get(&s->form, FIELD_USER);
    const char *password = form_get(&s->form, FIELD_PASSWORD);
    if (s->asked)
        return;
    if (!*user || !*password) {
        s->form.at = *user ? FIELD_PASSWORD : FIELD_USER;
        return;
    }
    s->asked = true;
    say(s, ROLE_DIM, T(SIGNIN_ASKING));
    link_sign_in(app_link(s->base.app), user, password,
                 form_get(&s->form, FIELD_CODE), on_refused, s);
}

/* Somebody is in, maybe to set up an authenticator first. */
static void look(void *arg) {
    struct signin *s = arg;
    enum link_state state = link_state(app_link(s->base.app));
    if (state == LINK_UP || state == LINK_ENROL)
        app_drop(s->base.app, &s->base);
    else
        loop_timer(app_loop(s->base.app), 50, look, s);
}

static struct view *signin_open(struct app *a, const char *arg) {
    struct signin *s = NEW(struct signin);
    (void)arg;
    s->base = (struct view){&view_signin_ops, a};
    form_init(&s->form, fields, FIELDS);
    loop_timer(app_loop(a), 50, look, s);
    return &s->base;
}

static void signin_close(struct view *v) {
    struct signin *s = (struct signin *)v;
    loop_forget(app_loop(v->app), s);
    if (app_link(v->app))
        link_forget(app_link(v->app), s);
    form_wipe(&s->form);
    form_done(&s->form);
    free(s);
}

static void signin_draw(struct view *v, const struct pane *body) {
    struct signin *s = (struct signin *)v;
    struct pane p = pane_sub(body, 1, 1, body->h - 1, body->w - 2);
    int y = form_draw(&s->form, &p);
    struct pane below = pane_sub(&p, y, 0, p.h - y, p.w);
    (void)textview_show(&below, 0, s->status[0] ? s->role : ROLE_DIM,
                        s->status[0] ? s->status : T(SIGNIN_INVITED));
}

static unsigned signin_key(struct view *v, int key) {
    struct signin *s = (struct signin *)v;
    if (key != KEY_ENTER_)
        return form_key(&s->form, key) ? VIEW_DONE : VIEW_IGNORED;
    if (s->form.at == FIELD_CODE)
        submit(s);
    else
        form_move(&s->form, 1);
    return VIEW_DONE;
}

static unsigned signin_action(struct view *v, enum action_id action) {
    struct signin *s = (struct signin *)v;
    switch (action) {
    case ACTION_NEXT_FIELD:
    case ACTION_PREVIOUS_FIELD:
        form_move(&s->form, action == ACTION_NEXT_FIELD ? 1 : -1);
        return VIEW_DONE;
    case ACTION_SUBMIT:
        submit(s);
        return VIEW_DONE;
    case ACTION_CANCEL:
        app_act(v->app, ACTION_QUIT);
        return VIEW_DONE;
    default:
        return VIEW_IGNORED;
    }
}

static void signin_plain(struct view *v, struct buf *out) {
    struct signin *s = (struct signin *)v;
    if (s->status[0])
        buf_addf(out, "%s\n", s->status);
    buf_addf(out, "%s?\n", form_label(&s->form, s->form.at));
}

const struct view_ops view_signin_ops = {
    .id = VIEW_FORM,
    .title = TEXT_SCREEN_SIGNIN,
    .open = signin_open,
    .close = signin_close,
    .draw = signin_draw,
    .action = signin_action,
    .key = signin_key,
    .plain = signin_plain,
};
