/* A letter to the customer as it would be sent: seen first, then sent. */
#include <string.h>

#include "common/json.h"
#include "common/jsonw.h"
#include "common/mem.h"
#include "common/str.h"
#include "tui/link.h"
#include "tui/model.h"
#include "tui/pick.h"
#include "tui/return_acts.h"
#include "tui/textview.h"
#include "tui/tr.h"
#include "tui/views.h"

enum { ID_MAX = 24, NAME_MAX = 32, LABEL = 9 };

struct letter {
    struct view base;
    char id[ID_MAX], name[NAME_MAX];
    char *to, *subject, *body; /* owned; NULL: not here yet */
    char said[400];
    int role;
    struct textview text;
    bool sent; /* an answer is on its way */
};

static void say(struct letter *l, int role, const char *text) {
    (void)str_copy(l->said, sizeof l->said, text);
    l->role = role;
    app_dirty(l->base.app);
}

static void say_error(struct letter *l, const struct link_reply *r) {
    AUTO_FREE char *why =
        mem_printf("%s %s", r->message, r->hint ? r->hint : "");
    say(l, ROLE_BAD, why);
}

static void params(const struct letter *l, struct buf *out) {
    struct jsonw w;
    jsonw_init(&w, out);
    jsonw_begin_object(&w);
    jsonw_kstring(&w, "return", l->id);
    jsonw_kstring(&w, "letter", l->name);
    jsonw_end_object(&w);
}

static void on_preview(void *arg, const struct link_reply *r) {
    struct letter *l = arg;
    if (!r->result) {
        say_error(l, r);
        return;
    }
    l->to = mem_dup(model_str(r->result, "to"));
    l->subject = mem_dup(model_str(r->result, "subject"));
    l->body = mem_dup(model_str(r->result, "body"));
    say(l, *l->to ? ROLE_DIM : ROLE_WARN,
        *l->to ? T(LETTER_SEEN) : T(LETTER_NO_ADDRESS));
}

/* arg: "return_approved R-318". */
static struct view *letter_open(struct app *a, const char *arg) {
    struct letter *l = NEW(struct letter);
    AUTO_BUF struct buf b = BUF_INIT;
    size_t n = strcspn(arg, " ");
    l->base = (struct view){&view_letter_ops, a};
    (void)str_format(l->name, sizeof l->name, "%.*s", (int)n, arg);
    (void)str_copy(l->id, sizeof l->id, arg[n] ? arg + n + 1 : "");
    l->text.label_width = LABEL;
    say(l, ROLE_DIM, T(FRAME_LOADING));
    params(l, &b);
    int err =
        link_ask(app_link(a), "returns.preview", buf_str(&b), on_preview, l);
    if (err < 0) {
        say(l, ROLE_BAD, text_error(tr_lang, err));
    }
    return &l->base;
}

static void letter_close(struct view *v) {
    struct letter *l = (struct letter *)v;
    app_forget(v->app, l);
    textview_done(&l->text);
    free(l->to);
    free(l->subject);
    free(l->body);
    free(l);
}

static void on_sent(void *arg, const struct link_reply *r) {
    struct letter *l = arg;
    AUTO_BUF struct buf b = BUF_INIT;
    l->sent = false;
    if (!r->result) {
        say_error(l, r);
        return;
    }
    TF(&b, LETTER_QUEUED, "mail", model_str(r->result, "mail"), "to", l->to);
    app_say(l->base.app, ROLE_GOOD, "%s", buf_str(&b));
    app_leave(l->base.app, &l->base);
}

static unsigned letter_action(struct view *v, enum action_id action) {
    struct letter *l = (struct letter *)v;
    AUTO_BUF struct buf b = BUF_INIT;
    switch (action) {
    case ACTION_BACK:
        return VIEW_CLOSE;
    case ACTION_DOWN:
        return textview_move(&l->text, LISTBOX_DOWN) ? VIEW_DONE : VIEW_HANDLED;
    case ACTION_UP:
        return textview_move(&l->text, LISTBOX_UP) ? VIEW_DONE : VIEW_HANDLED;
    case ACTION_SEND:
        params(l, &b);
        if (!l->sent && link_write(app_link(v->app), "returns.notify",
                                   buf_str(&b), on_sent, l) == 0) {
            l->sent = true;
        }
        return VIEW_DONE;
    default:
        return VIEW_IGNORED;
    }
}

/* Nothing is sent that was not seen, or to nobody. */
static bool letter_offers(struct view *v, enum action_id action) {
    const struct letter *l = (const struct letter *)v;
    return action != ACTION_SEND || (l->body && *l->to);
}

static void make_lines(struct letter *l, int width) {
    textview_clear(&l->text);
    if (!l->body) {
        return;
    }
    textview_prose(&l->text, ROLE_KEY, T(LETTER_TO), l->to, width - LABEL);
    textview_prose(&l->text, ROLE_KEY, T(LETTER_SUBJECT), l->subject,
                   width - LABEL);
    textview_add(&l->text, ROLE_NORMAL, NULL, "%s", "");
    textview_prose(&l->text, ROLE_NORMAL, NULL, l->body, width);
}

static void letter_draw(struct view *v, const struct pane *body) {
    struct letter *l = (struct letter *)v;
    struct pane p = pane_sub(body, 0, 1, body->h, body->w - 2);
    int y = textview_show(&p, 0, l->role, l->said) + 1;
    struct pane rows = pane_sub(&p, y, 0, body->h - y, p.w);
    make_lines(l, p.w);
    textview_draw(&l->text, &rows, true);
}

static void letter_name(struct view *v, struct buf *out) {
    const struct letter *l = (const struct letter *)v;
    buf_addf(out, "%s  %s", l->id, tr_word("letter", l->name));
}

static const char *letter_ref(struct view *v) {
    return ((struct letter *)v)->id;
}

static void letter_plain(struct view *v, struct buf *out) {
    const struct letter *l = (const struct letter *)v;
    buf_addf(out, "%s\n", l->said);
    if (l->body) {
        buf_addf(out, "%s: %s\n%s: %s\n\n%s\n", T(LETTER_TO), l->to,
                 T(LETTER_SUBJECT), l->subject, l->body);
    }
}

const struct view_ops view_letter_ops = {
    .id = VIEW_LETTER,
    .title = TEXT_SCREEN_LETTER,
    .open = letter_open,
    .close = letter_close,
    .draw = letter_draw,
    .action = letter_action,
    .offers = letter_offers,
    .name = letter_name,
    .ref = letter_ref,
    .plain = letter_plain,
};

/* --- which one ---------------------------------------------------------------
 */

/* A choice on its way. */
struct choice {
    struct app *app;
    struct pick *pick;
    char id[ID_MAX];
};

static void chosen(struct app *a, void *arg, const char *value) {
    const struct choice *c = arg;
    AUTO_FREE char *target = mem_printf("%s %s", value, c->id);
    app_push(a, &view_letter_ops, target);
}

static void drop(void *arg) {
    struct choice *c = arg;
    app_forget(c->app, c);
    free(c);
}

static void on_return(void *arg, const struct link_reply *r) {
    struct choice *c = arg;
    const struct json *l =
        r->result ? json_first(json_get(r->result, "letters")) : NULL;
    if (!l) {
        pick_say(c->pick, r->result ? T(RETURN_NO_LETTERS) : r->message);
        return;
    }
    for (; l; l = json_next(l)) {
        pick_add(c->pick, json_string(l), tr_word("letter", json_string(l)));
    }
    pick_ready(c->pick);
}

void return_letters(struct app *a, const char *id) {
    struct choice *c = NEW(struct choice);
    AUTO_BUF struct buf b = BUF_INIT, title = BUF_INIT;
    c->app = a;
    (void)str_copy(c->id, sizeof c->id, id);
    TF(&title, PICK_LETTER, "return", id);
    c->pick = pick_open(a, buf_str(&title), "", chosen, drop, c);
    if (!c->pick) {
        return; /* and c is gone */
    }
    view_param(&b, "return", id);
    int err = link_ask(app_link(a), "returns.get", buf_str(&b), on_return, c);
    if (err < 0) {
        pick_say(c->pick, text_error(tr_lang, err));
    }
}
