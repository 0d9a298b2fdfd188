/* An authenticator is set up: its secret as a code for the phone's camera and
 * to type, then its first six digits.
 * Happy path: the daemon makes a secret, the phone reads it, the digits it
 * shows are typed, the backup codes are shown once.
 * Failure modes: no secret is made (its sentence, nothing to type), the digits
 * are wrong (told, typed again; the secret stays), the terminal is too small
 * or shows no blocks (the secret and its address as text), left half way (the
 * secret was never in force). */
#include <string.h>

#include "common/err.h"
#include "common/json.h"
#include "common/mem.h"
#include "common/str.h"
#include "tui/form.h"
#include "tui/key.h"
#include "tui/link.h"
#include "tui/model.h"
#include "tui/once.h"
#include "tui/qr.h"
#include "tui/textview.h"
#include "tui/tr.h"
#include "tui/views.h"

enum { BESIDE_CELLS = 24, FORM_ROWS = 2 };

static const struct form_field fields[] = {
    {"code", TEXT_TOTP_CODE, -1, FORM_TEXT, true},
};

struct totp {
    struct view base;
    struct form form;
    struct qr *qr;      /* NULL: none can be made */
    char *secret, *uri; /* owned, wiped; NULL until the daemon answers */
    bool asked;         /* the digits are being looked at */
    char status[300];
    int role;
};

/* Nothing else is answered before: the role demands it. */
static bool must(struct app *a) {
    return link_state(app_link(a)) == LINK_ENROL;
}

static void say(struct totp *s, int role, const char *text) {
    (void)str_copy(s->status, sizeof s->status, text);
    s->role = role;
    app_dirty(s->base.app);
}

static void say_refusal(struct totp *s, const struct link_reply *r) {
    AUTO_FREE char *why =
        mem_printf("%s %s", r->message, r->hint ? r->hint : "");
    say(s, ROLE_BAD, why);
}

static void on_secret(void *arg, const struct link_reply *r) {
    struct totp *s = arg;
    if (!r->result) {
        say_refusal(s, r);
        return;
    }
    s->secret = mem_dup(model_str(r->result, "secret"));
    s->uri = mem_dup(model_str(r->result, "uri"));
    s->qr = qr_terminal() ? qr_make(s->uri) : NULL;
    say(s, ROLE_NORMAL, "");
}

/* They stand in for the phone when it is lost. */
static void show_codes(struct app *a, const struct json *codes) {
    AUTO_BUF struct buf all = BUF_INIT;
    for (const struct json *c = json_first(codes); c; c = json_next(c)) {
        buf_addf(&all, "%s%s", all.len ? " " : "",
                 json_string(c) ? json_string(c) : "");
    }
    struct once *o = once_open(a, T(ONCE_CODES), buf_str(&all));
    mem_wipe(all.data, all.len);
    if (!o) {
        return;
    }
    once_add(o, ROLE_NORMAL, T(ONCE_CODES_HOW));
    for (const struct json *c = json_first(codes); c; c = json_next(c)) {
        once_add(o, ROLE_KEY, json_string(c) ? json_string(c) : "");
    }
    once_add(o, ROLE_WARN, T(ONCE_WARNING));
}

static void on_confirmed(void *arg, const struct link_reply *r) {
    struct totp *s = arg;
    struct app *a = s->base.app;
    s->asked = false;
    if (!r->result) {
        say_refusal(s, r);
        form_set(&s->form, 0, "");
        return;
    }
    app_say(a, ROLE_GOOD, "%s", T(TOTP_ON));
    show_codes(a, json_get(r->result, "codes"));
    app_drop(a, &s->base);
    link_enrolled(app_link(a));
}

static void submit(struct totp *s) {
    AUTO_BUF struct buf params = BUF_INIT;
    if (!s->secret || s->asked) {
        return;
    }
    if (!*form_get(&s->form, 0)) {
        say(s, ROLE_WARN, T(TOTP_CODE_FIRST));
        return;
    }
    view_param(&params, "code", form_get(&s->form, 0));
    int err = link_write(app_link(s->base.app), "profile.totp_confirm",
                         buf_str(&params), on_confirmed, s);
    s->asked = err == 0;
    say(s, err < 0 ? ROLE_BAD : ROLE_DIM,
        err < 0 ? text_error(tr_lang, err) : T(SIGNIN_ASKING));
}

static struct view *totp_open(struct app *a, const char *arg) {
    struct totp *s = NEW(struct totp);
    (void)arg;
    s->base = (struct view){&view_totp_ops, a};
    form_init(&s->form, fields, 1);
    say(s, ROLE_DIM, T(FRAME_LOADING));
    int err = link_write(app_link(a), "profile.totp_begin", "{}", on_secret, s);
    if (err < 0) {
        say(s, ROLE_BAD, text_error(tr_lang, err));
    }
    return &s->base;
}

static void wipe(char *text) {
    if (text) {
        mem_wipe(text, strlen(text));
    }
    free(text);
}

static void totp_close(struct view *v) {
    struct totp *s = (struct totp *)v;
    form_done(&s->form);
    qr_free(s->qr);
    wipe(s->secret);
    wipe(s->uri);
    free(s);
}

/* --- drawing -------------------------------------------------------------- */

/* The picture at the left when it fits with room to type beside it; returns
 * the cells it took. */
static int draw_code(struct totp *s, const struct pane *p) {
    int h, w;
    int quiet = s->qr ? qr_quiet(s->qr, p->h, p->w - BESIDE_CELLS) : ERR_RANGE;
    if (quiet < 0) {
        return 0;
    }
    qr_size(s->qr, quiet, &h, &w);
    for (int row = 0; row < h; row++) {
        AUTO_BUF struct buf line = BUF_INIT;
        qr_row(s->qr, quiet, row, &line);
        (void)pane_text(p, row, 0, w, ROLE_QR, buf_str(&line));
    }
    return w + 2;
}

/* What is typed is always there; what there is to read takes the rest. */
static void totp_draw(struct view *v, const struct pane *body) {
    struct totp *s = (struct totp *)v;
    int x = draw_code(s, body);
    struct pane p = pane_sub(body, 0, x + 1, body->h, body->w - x - 2);
    struct pane top = pane_sub(&p, 0, 0, p.h - FORM_ROWS - 2, p.w);
    int y = 0;
    if (must(v->app)) {
        y = textview_show(&top, y, ROLE_WARN, T(TOTP_MUST));
    }
    if (s->secret) {
        AUTO_BUF struct buf groups = BUF_INIT;
        qr_groups(s->secret, &groups);
        y = textview_show(&top, y, ROLE_NORMAL,
                          x ? T(TOTP_SCAN) : T(TOTP_TYPE));
        y = textview_show(&top, y, ROLE_KEY, buf_str(&groups));
        if (!x) {
            y = textview_show(&top, y, ROLE_DIM, s->uri);
        }
        struct pane form = pane_sub(&p, y, 0, FORM_ROWS, p.w);
        y += form_draw(&s->form, &form) - 1;
    }
    struct pane below = pane_sub(&p, y, 0, p.h - y, p.w);
    (void)textview_show(&below, 0, s->role, s->status);
}

static unsigned totp_key(struct view *v, int key) {
    struct totp *s = (struct totp *)v;
    if (key == KEY_ENTER_) {
        submit(s);
        return VIEW_DONE;
    }
    return form_key(&s->form, key) ? VIEW_DONE : VIEW_IGNORED;
}

static unsigned totp_action(struct view *v, enum action_id action) {
    if (action == ACTION_SUBMIT) {
        submit((struct totp *)v);
        return VIEW_DONE;
    }
    if (action == ACTION_CANCEL && must(v->app)) {
        app_act(v->app, ACTION_QUIT); /* there is nothing else to see */
        return VIEW_DONE;
    }
    return action == ACTION_CANCEL ? VIEW_CLOSE : VIEW_IGNORED;
}

static void totp_plain(struct view *v, struct buf *out) {
    struct totp *s = (struct totp *)v;
    if (must(v->app)) {
        buf_addf(out, "%s\n", T(TOTP_MUST));
    }
    if (s->secret) {
        buf_addf(out, "%s\n", T(TOTP_TYPE));
        qr_groups(s->secret, out);
        buf_addf(out, "\n%s\n%s?\n", s->uri, form_label(&s->form, 0));
    }
    buf_addf(out, "%s%s", s->status, s->status[0] ? "\n" : "");
}

const struct view_ops view_totp_ops = {
    .id = VIEW_FORM,
    .title = TEXT_SCREEN_TOTP,
    .open = totp_open,
    .close = totp_close,
    .draw = totp_draw,
    .action = totp_action,
    .key = totp_key,
    .plain = totp_plain,
    .tall = true,
};
