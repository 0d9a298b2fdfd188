/* The view stack and what views ask of the program. Root screens stay open
 * once opened, so that going back to one finds the same place. */
#include <stdarg.h>
#include <string.h>

#include "common/check.h"
#include "common/mem.h"
#include "common/str.h"
#include "common/when.h"
#include "tui/app_core.h"

struct link *app_link(struct app *a) {
    return a->link;
}

struct loop *app_loop(struct app *a) {
    return a->loop;
}

struct screen *app_screen(struct app *a) {
    return a->screen;
}

struct keymap *app_keymap(struct app *a) {
    return &a->keymap;
}

const struct store_row *app_stores(const struct app *a, int *ret_n) {
    *ret_n = a->n_stores;
    return a->stores;
}

char *app_store_names(const struct app *a) {
    AUTO_BUF struct buf b = BUF_INIT;
    for (int i = 0; i < a->n_stores; i++) {
        buf_addf(&b, "%s%s", i ? "|" : "", a->stores[i].name);
    }
    return mem_dup(buf_str(&b));
}

int64_t app_now(const struct app *a) {
    (void)a;
    return loop_now();
}

void app_when(const struct app *a, int64_t ms, struct buf *out) {
    int month, day, hour, minute;
    if (ms == 0) {
        return;
    }
    zone_civil(a->zone, ms, NULL, &month, &day, &hour, &minute);
    int name = text_find("ui.month_1");
    if (CHECK(name >= 0)) {
        buf_addf(out, "%d %s %02d:%02d", day,
                 text_get(tr_lang, (enum text_id)(name + month - 1)), hour,
                 minute);
    }
}

const char *app_age(const struct app *a, int64_t ms) {
    static char text[WHEN_TEXT];
    return ms ? when_age(text, app_now(a) - ms) : "-";
}

void app_dirty(struct app *a) {
    a->dirty = true;
}

void app_copy(struct app *a, const char *text) {
    if (a->screen) {
        a->screen->ops->copy(a->screen, text);
    }
    AUTO_BUF struct buf b = BUF_INIT;
    TF(&b, MESSAGE_COPIED, "text", text);
    app_say(a, ROLE_GOOD, "%s", buf_str(&b));
}

void app_say(struct app *a, int role, const char *fmt, ...) {
    va_list ap;
    va_start(ap, fmt);
    AUTO_FREE char *text = mem_vprintf(fmt, ap);
    va_end(ap);
    (void)str_copy(a->message, sizeof a->message, text);
    a->message_role = role;
    a->said_ms = loop_mono();
    a->dirty = true;
}

void app_say_error(struct app *a, const struct link_reply *r) {
    app_say(a, ROLE_BAD, "%s%s%s", r->message, r->hint ? " " : "",
            r->hint ? r->hint : "");
}

struct view *app_top(struct app *a) {
    REQUIRE(a->depth > 0);
    return a->stack[a->depth - 1];
}

enum action_view app_view_id(struct app *a) {
    return app_top(a)->ops->id;
}

/* The view that asked is closed by now: this is for the one below. */
static void act_due(void *arg) {
    struct app *a = arg;
    int action = a->after;
    a->after = -1;
    if (action >= 0) {
        app_act(a, (enum action_id)action);
    }
}

void app_act_after(struct app *a, enum action_id action) {
    a->after = (int)action;
    loop_timer(a->loop, 0, act_due, a);
}

/* Timers, questions and confirmations of a view go with it. */
static void close_view(struct view *v) {
    app_forget(v->app, v);
    v->ops->close(v);
}

void app_push(struct app *a, const struct view_ops *ops, const char *arg) {
    REQUIRE(ops != NULL && ops->open != NULL);
    if (a->depth == APP_DEPTH) {
        app_say(a, ROLE_WARN, "%s", T(UI_TOO_DEEP));
        return;
    }
    struct view *v = ops->open(a, arg);
    REQUIRE(v->ops == ops);
    (void)app_push_view(a, v);
}

bool app_push_view(struct app *a, struct view *v) {
    REQUIRE(v->app == a);
    if (a->depth == APP_DEPTH) {
        close_view(v);
        app_say(a, ROLE_WARN, "%s", T(UI_TOO_DEEP));
        return false;
    }
    a->stack[a->depth++] = v;
    a->prefix = 0;
    a->dirty = true;
    return true;
}

/* Leaving the last screen leaves the program. */
void app_pop(struct app *a) {
    if (a->depth <= 1) {
        a->quit = true;
        return;
    }
    close_view(a->stack[--a->depth]);
    struct view *v = app_top(a);
    if (v->ops->shown) {
        v->ops->shown(v);
    }
    a->dirty = true;
}

static void leave_due(void *arg) {
    struct view *v = arg;
    if (v == app_top(v->app)) {
        app_pop(v->app);
    }
}

void app_leave(struct app *a, struct view *v) {
    /* Next turn: the caller still uses its view. */
    loop_timer(a->loop, 0, leave_due, v);
}

void app_drop(struct app *a, struct view *v) {
    int i = a->depth - 1;
    while (i > 0 && a->stack[i] != v) {
        i--;
    }
    if (i == a->depth - 1) {
        app_pop(a);
    } else if (i > 0) {
        close_view(v);
        a->depth--;
        memmove(&a->stack[i], &a->stack[i + 1],
                (size_t)(a->depth - i) * sizeof *a->stack);
    }
}

void app_go(struct app *a, enum action_view screen, const char *filter) {
    REQUIRE((unsigned)screen < VIEW_COUNT);
    while (a->depth > 1) {
        close_view(a->stack[--a->depth]);
    }
    struct view *v = a->roots[screen];
    bool kept = v != NULL;
    if (!kept) {
        v = a->roots[screen] = view_of(screen)->open(a, filter);
    }
    a->stack[0] = v;
    a->depth = 1;
    a->prefix = 0;
    if (kept && filter && v->ops->set_filter) {
        v->ops->set_filter(v, filter);
    } else if (kept && v->ops->shown) {
        v->ops->shown(v);
    }
    a->dirty = true;
}

void app_close_all(struct app *a) {
    while (a->depth > 1) {
        close_view(a->stack[--a->depth]);
    }
    for (int i = 0; i < VIEW_COUNT; i++) {
        if (a->roots[i]) {
            close_view(a->roots[i]);
        }
    }
    a->depth = 0;
}

bool app_read_only(const struct app *a) {
    return a->read_only || link_session(a->link)->read_only;
}

bool app_is_owner(const struct app *a) {
    return str_eq(link_session(a->link)->role, "owner");
}

/* The daemon decides; this only keeps keys from promising what it refuses.
 * TEXT_COUNT: nothing speaks against it. */
enum text_id app_refuses(struct app *a, enum action_id action) {
    REQUIRE((unsigned)action < ACTION_COUNT);
    const struct action_row *row = &action_rows[action];
    const char *role = link_session(a->link)->role;
    struct view *v = a->depth ? a->stack[a->depth - 1] : NULL;
    if (row->write && app_read_only(a)) {
        return TEXT_MESSAGE_READ_ONLY;
    }
    if ((row->admin && !str_empty(role) && !str_eq(role, "admin")) ||
        (row->staff && app_is_owner(a))) {
        return TEXT_MESSAGE_NOT_ALLOWED;
    }
    if (v && v->ops->offers && !v->ops->offers(v, action)) {
        return TEXT_MESSAGE_NOT_WITH_THIS;
    }
    return TEXT_COUNT;
}

bool app_allows(struct app *a, enum action_id action) {
    return app_refuses(a, action) == TEXT_COUNT;
}

void app_speak(struct app *a, const char *lang) {
    tr_lang = text_lang(lang);
    a->dirty = true;
}

void app_confirm(struct app *a, const char *question, const char *word,
                 void (*done)(void *arg, const char *word), void *arg) {
    free(a->confirm.question);
    free(a->confirm.word);
    a->confirm =
        (struct app_confirm){mem_dup(question), mem_dup(word), done, arg};
    prompt_done(&a->prompt);
    prompt_init(&a->prompt, NULL);
    a->input = INPUT_CONFIRM;
    a->dirty = true;
}

/* A confirmation whose view is gone must not fire any more. */
void app_forget(struct app *a, void *arg) {
    if (a->confirm.arg == arg) {
        a->confirm.done = NULL;
        if (a->input == INPUT_CONFIRM) {
            a->input = INPUT_KEYS;
        }
    }
    loop_forget(a->loop, arg);
    link_forget(a->link, arg);
}
