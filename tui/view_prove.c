/* The daemon asks again who this is before something that cannot be taken
 * back. What was asked waits in the link and goes on by itself: nothing is
 * typed a second time.
 * Failure modes: a wrong secret (told, asked again), Esc or a lost daemon
 * (what waited is answered with the refusal; its form stays as it was). */
#include "common/mem.h"
#include "common/str.h"
#include "tui/form.h"
#include "tui/key.h"
#include "tui/link.h"
#include "tui/textview.h"
#include "tui/tr.h"
#include "tui/views.h"

static const struct form_field fields[] = {
    {"secret", TEXT_PROVE_SECRET, TEXT_PROVE_HELP, FORM_SECRET, true},
};

struct prove {
    struct view base;
    struct form form;
    bool asked; /* a verdict is on its way */
    char status[300];
};

static void on_verdict(void *arg, const struct link_reply *r) {
    struct prove *p = arg;
    p->asked = false;
    if (r->result) {
        app_drop(p->base.app, &p->base);
        return;
    }
    (void)str_format(p->status, sizeof p->status, "%s %s", r->message,
                     r->hint ? r->hint : "");
    form_wipe(&p->form);
    app_dirty(p->base.app);
}

static void submit(struct prove *p) {
    const char *secret = form_get(&p->form, 0);
    if (p->asked || !*secret) {
        return;
    }
    p->asked = true;
    (void)str_copy(p->status, sizeof p->status, "");
    link_prove(app_link(p->base.app), secret, on_verdict, p);
}

static struct view *prove_open(struct app *a, const char *arg) {
    struct prove *p = NEW(struct prove);
    (void)arg;
    p->base = (struct view){&view_prove_ops, a};
    form_init(&p->form, fields, 1);
    return &p->base;
}

/* Closed without a proof: nobody waits for one any more. */
static void prove_close(struct view *v) {
    struct prove *p = (struct prove *)v;
    form_done(&p->form);
    free(p);
}

static unsigned give_up(struct view *v) {
    struct app *a = v->app;
    app_drop(a, v);
    link_unproved(app_link(a));
    return VIEW_DONE;
}

static void prove_draw(struct view *v, const struct pane *body) {
    struct prove *p = (struct prove *)v;
    struct pane in = pane_sub(body, 0, 1, body->h, body->w - 2);
    int y = textview_show(&in, 0, ROLE_NORMAL, T(PROVE_WHY));
    struct pane rest = pane_sub(&in, y, 0, in.h - y, in.w);
    y = form_draw(&p->form, &rest);
    struct pane below = pane_sub(&rest, y, 0, rest.h - y, rest.w);
    (void)textview_show(&below, 0, p->asked ? ROLE_DIM : ROLE_BAD,
                        p->asked ? T(SIGNIN_ASKING) : p->status);
}

static unsigned prove_key(struct view *v, int key) {
    struct prove *p = (struct prove *)v;
    if (key == KEY_ENTER_) {
        submit(p);
        return VIEW_DONE;
    }
    return form_key(&p->form, key) ? VIEW_DONE : VIEW_IGNORED;
}

static unsigned prove_action(struct view *v, enum action_id action) {
    if (action == ACTION_SUBMIT) {
        submit((struct prove *)v);
        return VIEW_DONE;
    }
    return action == ACTION_CANCEL ? give_up(v) : VIEW_IGNORED;
}

static void prove_plain(struct view *v, struct buf *out) {
    struct prove *p = (struct prove *)v;
    buf_addf(out, "%s\n%s%s%s?\n", T(PROVE_WHY), p->status,
             p->status[0] ? "\n" : "", form_label(&p->form, 0));
}

const struct view_ops view_prove_ops = {
    .id = VIEW_FORM,
    .title = TEXT_SCREEN_PROVE,
    .open = prove_open,
    .close = prove_close,
    .draw = prove_draw,
    .action = prove_action,
    .key = prove_key,
    .plain = prove_plain,
};
