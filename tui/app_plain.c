/* --plain: the same views and actions as lines for screen readers. Nothing is
 * ever rewritten; each answer to a line typed is printed below it. */
#include <poll.h>
#include <stdio.h>
#include <string.h>

#include "common/mem.h"
#include "common/str.h"
#include "common/utf8.h"
#include "tui/app_core.h"
#include "tui/captive.h"
#include "tui/keymap.h"

enum { LINE_MAX_ = 2000, SETTLE_MS = 1500 };

struct plain {
    struct app *app;
    struct buf in;
    bool ended; /* end of input */
};

/* Bytes are gathered; a line is one command, as a reader hears it. */
static void on_input(void *arg, short revents) {
    struct plain *p = arg;
    char chunk[512];
    (void)revents;
    captive_alive();
    ssize_t n = read(0, chunk, sizeof chunk);
    if (n <= 0 || p->in.len > LINE_MAX_) {
        p->ended = true;
        loop_unwatch(p->app->loop, 0);
        return;
    }
    buf_add(&p->in, chunk, (size_t)n);
}

/* Wait until what was asked is answered, not longer than SETTLE_MS. */
static void settle(struct app *a) {
    int64_t until = loop_mono() + SETTLE_MS;
    while (!a->quit && loop_mono() < until &&
           (a->after >= 0 || link_state(a->link) != LINK_UP ||
            link_waiting(a->link) > 0)) {
        loop_turn(a->loop, 50);
    }
    loop_turn(a->loop, 0); /* what leaves a view waits for the next turn */
}

/* What a shop wrote is as hostile here as on a screen. */
static void print_safe(const char *text) {
    while (*text) {
        AUTO_BUF struct buf safe = BUF_INIT;
        size_t n = strcspn(text, "\n");
        utf8_safe(&safe, text, n);
        puts(buf_str(&safe));
        text += n;
        text += *text == '\n';
    }
}

/* All of it again below: nothing above is ever touched. */
static void show(struct app *a) {
    AUTO_BUF struct buf b = BUF_INIT;
    AUTO_BUF struct buf line = BUF_INIT;
    struct view *v = app_top(a);
    int role;
    app_title(a, &b);
    buf_addf(&b, "%s%s\n", app_read_only(a) ? "  " : "",
             app_read_only(a) ? T(FRAME_READ_ONLY) : "");
    if (v->ops->head) {
        v->ops->head(v, &line);
    }
    app_freshness(a, &line, &role);
    if (line.len) {
        buf_addf(&b, "%s\n", buf_str(&line));
    }
    if (v->ops->plain) {
        v->ops->plain(v, &b);
    }
    if (keymap_is_line(v->ops->id)) {
        buf_addf(&b, "%s\n",
                 v->ops->id == VIEW_FORM   ? T(UI_PLAIN_FORM)
                 : v->ops->id == VIEW_HELP ? T(UI_PLAIN_LIST)
                                           : T(UI_PLAIN_LINE));
    }
    print_safe(buf_str(&b));
}

static void show_message(struct app *a) {
    if (link_state(a->link) != LINK_UP) {
        print_safe(link_error(a->link));
    }
    if (a->message[0]) {
        print_safe(a->message);
        a->message[0] = '\0';
    }
    if (a->input == INPUT_CONFIRM) {
        print_safe(a->confirm.question);
    }
}

/* Actions by the names the palette shows. */
static bool by_name(struct app *a, const char *line) {
    for (int i = 0; i < ACTION_COUNT; i++) {
        bool here = action_rows[i].views & (UINT64_C(1) << app_view_id(a));
        if (here && str_eq(action_rows[i].name, line)) {
            app_act(a, (enum action_id)i);
            return true;
        }
    }
    return false;
}

/* A line typed is keys typed; in a form it replaces what stands there, and an
 * empty one leaves it. */
static void type(struct app *a, const char *line) {
    const char *end = line + strlen(line);
    if (*line && app_view_id(a) == VIEW_FORM) {
        app_key(a, KEY_CTRL('u'));
    }
    while (line < end) {
        uint32_t cp;
        size_t n = utf8_decode(line, (size_t)(end - line), &cp);
        app_key(a, n ? (int)cp : '?');
        line += n ? n : 1;
    }
    app_key(a, KEY_ENTER_);
}

/* A key that is no text: what else can be said where every line is one. */
static bool is_command_key(const char *line, int *ret_key) {
    int key;
    if (key_parse(line, &key) < 0) {
        return false;
    }
    *ret_key = key;
    return key == KEY_ESC_ || key == KEY_BACKTAB_ || key >= KEY_F1_ ||
           (key < ' ' && key != KEY_ENTER_ && key != KEY_TAB_);
}

/* In the list of all that can be done words search; they run nothing. */
static void search(struct app *a, const char *words) {
    app_key(a, KEY_CTRL('u'));
    for (const char *s = words; *s;) {
        uint32_t cp;
        size_t n = utf8_decode(s, strlen(s), &cp);
        app_key(a, n ? (int)cp : '?');
        s += n ? n : 1;
    }
}

/* Where there is a line to type into, what is typed is the line's. */
static bool line_command(struct app *a, const char *line) {
    struct view *v = app_top(a);
    int64_t n;
    int key;
    if (a->input == INPUT_KEYS && !keymap_is_line(v->ops->id)) {
        return false;
    }
    if (is_command_key(line, &key)) {
        app_key(a, key);
    } else if (a->input != INPUT_KEYS || v->ops->id != VIEW_HELP) {
        type(a, line);
    } else if (str_to_i64(line, 1, 9999, &n) == 0) {
        v->ops->pick(v, (int)n);
    } else if (str_eq(line, "q")) { /* as everywhere */
        app_key(a, KEY_ESC_);
    } else {
        search(a, line);
    }
    return true;
}

/* A number picks, /text filters, a key or an action's name runs it. */
static void command(struct app *a, const char *line) {
    struct view *v = app_top(a);
    int64_t n;
    int key;
    if (line_command(a, line)) {
        return;
    }
    if (line[0] == '\0') {
        app_act(a, ACTION_PAGE_DOWN);
    } else if (str_to_i64(line, 1, 9999, &n) == 0) {
        if (v->ops->pick) {
            v->ops->pick(v, (int)n);
        }
    } else if (line[0] == '/' && v->ops->set_filter) {
        app_filter_begin(a, "");
        type(a, line + 1);
    } else if (!by_name(a, line)) {
        if (key_parse(line, &key) == 0) {
            app_key(a, key);
        } else {
            app_say(a, ROLE_WARN, "%s", T(UI_PLAIN_HELP));
        }
    }
}

static bool next_line(struct plain *p, char **ret) {
    size_t n = p->in.len ? strcspn(p->in.data, "\n") : 0;
    if (n >= p->in.len) {
        return false;
    }
    char *line = mem_dupn(p->in.data, n);
    buf_consume(&p->in, n + 1);
    size_t len = strlen(line);
    if (len && line[len - 1] == '\r') {
        line[len - 1] = '\0';
    }
    *ret = line;
    return true;
}

void app_plain_run(struct app *a) {
    struct plain p = {.app = a};
    loop_watch(a->loop, 0, POLLIN, on_input, &p);
    settle(a);
    show(a);
    print_safe(T(UI_PLAIN_HELP));
    while (!a->quit) {
        AUTO_FREE char *line = NULL;
        show_message(a);
        printf("> ");
        (void)fflush(stdout);
        while (!next_line(&p, &line) && !p.ended && !a->quit) {
            loop_turn(a->loop, -1);
        }
        if (!line || a->quit) {
            break;
        }
        command(a, line);
        settle(a);
        if (!a->quit && a->input == INPUT_KEYS) {
            show(a);
        }
    }
    buf_done(&p.in);
}
