/* A list of lines whose links are the values. */
#include "tui/pick.h"

#include "common/mem.h"
#include "common/str.h"
#include "tui/textview.h"
#include "tui/tr.h"
#include "tui/views.h"

enum { EARLY_MAX = 16 };

struct pick {
    struct view base;
    char *title, *question, *said; /* owned */
    void (*done)(struct app *a, void *arg, const char *value);
    void (*drop)(void *arg);
    void *arg;
    struct textview text;
    bool ready;
    enum action_id early[EARLY_MAX]; /* typed before it was ready */
    int n_early;
};

struct pick *pick_open(struct app *a, const char *title, const char *question,
                       void (*done)(struct app *a, void *arg,
                                    const char *value),
                       void (*drop)(void *arg), void *arg) {
    struct pick *p = NEW(struct pick);
    p->base = (struct view){&view_pick_ops, a};
    p->title = mem_dup(title);
    p->question = mem_dup(question);
    p->done = done;
    p->drop = drop;
    p->arg = arg;
    return app_push_view(a, &p->base) ? p : NULL;
}

void pick_add(struct pick *p, const char *value, const char *text) {
    textview_add(&p->text, ROLE_NORMAL, NULL, "%s", text);
    textview_link(&p->text, value);
    app_dirty(p->base.app);
}

void pick_say(struct pick *p, const char *text) {
    free(p->said);
    p->said = mem_dup(text);
    app_dirty(p->base.app);
}

void pick_select(struct pick *p, const char *value) {
    for (int i = 0; i < p->text.n; i++) {
        if (str_eq(p->text.lines[i].link, value)) {
            p->text.at = i;
        }
    }
}

static void pick_close(struct view *v) {
    struct pick *p = (struct pick *)v;
    if (p->drop) {
        app_forget(v->app, p->arg);
        p->drop(p->arg);
    }
    textview_done(&p->text);
    free(p->title);
    free(p->question);
    free(p->said);
    free(p);
}

/* What was picked may open something: the list is gone by then. */
static unsigned picked(struct view *v) {
    struct pick *p = (struct pick *)v;
    const char *target = textview_target(&p->text);
    if (!target) {
        return VIEW_DONE;
    }
    struct app *a = v->app;
    AUTO_FREE char *value = mem_dup(target);
    void (*done)(struct app * app, void *arg, const char *chosen) = p->done;
    void (*drop)(void *arg) = p->drop;
    void *arg = p->arg;
    p->drop = NULL;
    app_pop(a);
    done(a, arg, value);
    if (drop) {
        app_forget(a, arg);
        drop(arg);
    }
    return VIEW_DONE;
}

/* Does it pick? The list is gone then. */
static bool act(struct pick *p, enum action_id action) {
    static const struct {
        enum action_id action;
        enum listbox_move move;
    } moves[] = {
        {ACTION_UP, LISTBOX_UP},
        {ACTION_DOWN, LISTBOX_DOWN},
        {ACTION_PAGE_UP, LISTBOX_PAGE_UP},
        {ACTION_PAGE_DOWN, LISTBOX_PAGE_DOWN},
        {ACTION_FIRST, LISTBOX_FIRST},
        {ACTION_LAST, LISTBOX_LAST},
    };
    for (size_t i = 0; i < sizeof moves / sizeof *moves; i++) {
        if (moves[i].action == action) {
            (void)textview_move(&p->text, moves[i].move);
        }
    }
    if (action != ACTION_OPEN || !textview_target(&p->text)) {
        return false;
    }
    (void)picked(&p->base);
    return true;
}

static unsigned pick_action(struct view *v, enum action_id action) {
    struct pick *p = (struct pick *)v;
    if (action == ACTION_BACK || action == ACTION_HELP ||
        action == ACTION_QUIT) {
        return VIEW_IGNORED;
    }
    if (p->ready) {
        (void)act(p, action);
    } else if (p->n_early < EARLY_MAX) {
        p->early[p->n_early++] = action;
    }
    return VIEW_DONE;
}

void pick_ready(struct pick *p) {
    int n = p->n_early;
    p->ready = true;
    for (int i = 0; i < n && !act(p, p->early[i]); i++) {
    }
}

static void pick_draw(struct view *v, const struct pane *body) {
    struct pick *p = (struct pick *)v;
    int y = 0;
    if (p->question[0]) {
        y = textview_show(body, y, ROLE_KEY, p->question) + (body->h > 10);
    }
    if (p->text.n == 0) {
        (void)textview_show(body, y, ROLE_DIM,
                            p->said ? p->said : T(FRAME_LOADING));
        pane_cursor(body, y, 0);
        return;
    }
    struct pane lines = pane_sub(body, y, 1, body->h - y, body->w - 2);
    textview_draw(&p->text, &lines, true);
    int at = y + p->text.at - p->text.top;
    (void)pane_text(body, at, 0, 1, ROLE_KEY, ">");
    pane_cursor(body, at, 0);
}

static void pick_name(struct view *v, struct buf *out) {
    buf_adds(out, ((struct pick *)v)->title);
}

static void pick_plain(struct view *v, struct buf *out) {
    struct pick *p = (struct pick *)v;
    buf_addf(out, "%s\n", p->question);
    if (p->text.n == 0) {
        buf_addf(out, "%s\n", p->said ? p->said : T(FRAME_LOADING));
    }
    for (int i = 0; i < p->text.n; i++) {
        buf_addf(out, "%d. %s\n", i + 1, p->text.lines[i].text);
    }
}

static void pick_number(struct view *v, int number) {
    struct pick *p = (struct pick *)v;
    if (number >= 1 && number <= p->text.n) {
        p->text.at = number - 1;
        (void)picked(v);
    }
}

const struct view_ops view_pick_ops = {
    .id = VIEW_PICK,
    .title = TEXT_SCREEN_PICK,
    .close = pick_close,
    .draw = pick_draw,
    .action = pick_action,
    .name = pick_name,
    .plain = pick_plain,
    .pick = pick_number,
};
