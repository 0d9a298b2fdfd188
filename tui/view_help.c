/* Help and palette: the same list of actions, searched by typing, run by
 * Enter. `?` shows what this screen can do, `:` everything that can run. What
 * the screen is for comes first, as in the line of hints; then what is done on
 * few screens; then what every screen has; last the ways to other screens. */
#include <string.h>

#include "common/check.h"
#include "common/fold.h"
#include "common/mem.h"
#include "common/str.h"
#include "common/utf8.h"
#include "tui/key.h"
#include "tui/keymap.h"
#include "tui/listbox.h"
#include "tui/prompt.h"
#include "tui/tr.h"
#include "tui/views.h"

struct help {
    struct view base;
    enum action_view below; /* the view it was called from */
    bool palette;
    struct prompt search;
    enum action_id found[ACTION_COUNT];
    struct listbox box;
};

static const char *help_text(enum action_id a) {
    return text_get(tr_lang, action_rows[a].help_text);
}

/* All words of the search in name or help, marks and case aside. */
static bool matches(enum action_id a, const char *search) {
    AUTO_BUF struct buf hay = BUF_INIT;
    AUTO_BUF struct buf needle = BUF_INIT;
    AUTO_FREE char *text =
        mem_printf("%s %s %s", action_rows[a].name,
                   text_get(tr_lang, action_rows[a].hint_text), help_text(a));
    fold_text(&hay, text, strlen(text));
    fold_text(&needle, search, strlen(search));
    const char *w = buf_str(&needle);
    while (*w) {
        size_t n = strcspn(w, " ");
        AUTO_FREE char *word = mem_dupn(w, n);
        if (!strstr(buf_str(&hay), word)) {
            return false;
        }
        w += n + (w[n] == ' ');
    }
    return true;
}

static bool leads_away(const struct action_row *row) {
    return !strncmp(row->name, "go_", 3) || !strncmp(row->name, "view_", 5);
}

/* Where an action stands in the list. */
static int place_of(enum action_id a) {
    enum { FEW = 16, HINTS = 90 }; /* from there on: back and help */
    const struct action_row *row = &action_rows[a];
    bool few = __builtin_popcountll(row->views) <= FEW;
    return leads_away(row)                  ? HINTS + 3
           : row->hint && row->hint < HINTS ? row->hint
           : few                            ? HINTS + 1
                                            : HINTS + 2;
}

static void insert(struct help *h, enum action_id a) {
    int64_t i = h->box.count++;
    for (; i > 0 && place_of(h->found[i - 1]) > place_of(a); i--) {
        h->found[i] = h->found[i - 1];
    }
    h->found[i] = a;
}

/* Only what can be done here and now, by this person. */
static void search(struct help *h) {
    h->box.count = 0;
    for (int i = 0; i < ACTION_COUNT; i++) {
        enum action_id a = (enum action_id)i;
        bool here = action_rows[i].views & (UINT64_C(1) << h->below);
        if (here && app_allows(h->base.app, a) &&
            matches(a, buf_str(&h->search.text))) {
            insert(h, a);
        }
    }
    h->box.selected = 0;
    listbox_fix(&h->box);
}

static struct view *help_open(struct app *a, const char *arg) {
    struct help *h = NEW(struct help);
    h->base = (struct view){&view_help_ops, a};
    h->palette = str_eq(arg, ":");
    h->below = app_view_id(a);
    h->box.height = 10;
    prompt_init(&h->search, NULL);
    search(h);
    return &h->base;
}

static void help_close(struct view *v) {
    prompt_done(&((struct help *)v)->search);
    free(v);
}

static void draw_action(struct help *h, const struct pane *pane, int y,
                        int64_t i) {
    AUTO_BUF struct buf key = BUF_INIT;
    struct pane p = *pane;
    enum action_id a = h->found[i];
    keymap_show(app_keymap(h->base.app), h->below, a, &key);
    if (i == h->box.selected) {
        p.added_role = ROLE_SELECTED;
        pane_fill(&p, y, ROLE_NORMAL);
    }
    int x = 10;
    (void)pane_text(&p, y, 1, 8, ROLE_KEY, buf_str(&key));
    if (h->palette && p.w >= 60) {
        (void)pane_text(&p, y, x, 18, ROLE_LINK, action_rows[a].name);
        x += 19;
    }
    (void)pane_text(&p, y, x, -1, ROLE_NORMAL, help_text(a));
}

static void help_draw(struct view *v, const struct pane *body) {
    struct help *h = (struct help *)v;
    AUTO_BUF struct buf text = BUF_INIT;
    int cursor;
    (void)pane_text(body, 0, 1, 1, ROLE_KEY, h->palette ? ":" : "?");
    prompt_show(&h->search, body->w - 4, &text, &cursor);
    (void)pane_text(body, 0, 3, -1, text.len ? ROLE_INPUT : ROLE_DIM,
                    text.len ? buf_str(&text) : T(UI_TYPE_TO_SEARCH));
    struct pane rows = pane_sub(body, 1, 0, body->h - 1, body->w);
    h->box.height = rows.h;
    listbox_fix(&h->box);
    if (h->box.count == 0) {
        (void)pane_text(&rows, 0, 1, -1, ROLE_WARN, T(UI_NO_SUCH_ACT));
    }
    for (int y = 0; y < rows.h && h->box.top + y < h->box.count; y++) {
        draw_action(h, &rows, y, h->box.top + y);
    }
    pane_cursor(body, 0, 3 + cursor);
}

/* Leave first: the action belongs to the view below. */
static unsigned run_found(struct help *h) {
    REQUIRE(h->box.count <= ACTION_COUNT);
    if (h->box.count == 0) {
        return VIEW_DONE;
    }
    app_act_after(h->base.app, h->found[h->box.selected]);
    return VIEW_CLOSE;
}

/* Moving leaves the search as it is typed. */
static unsigned move(struct help *h, enum listbox_move step) {
    (void)listbox_move(&h->box, step);
    return VIEW_DONE;
}

static unsigned help_key(struct view *v, int key) {
    struct help *h = (struct help *)v;
    switch (key) {
    case KEY_UP_:
    case KEY_CTRL('p'):
        return move(h, LISTBOX_UP);
    case KEY_DOWN_:
    case KEY_CTRL('n'):
        return move(h, LISTBOX_DOWN);
    case KEY_PGUP_:
        return move(h, LISTBOX_PAGE_UP);
    case KEY_PGDN_:
        return move(h, LISTBOX_PAGE_DOWN);
    default:
        break;
    }
    switch (prompt_key(&h->search, key)) {
    case PROMPT_DONE:
        return run_found(h);
    case PROMPT_CANCELLED:
        return VIEW_CLOSE;
    case PROMPT_EDITED:
        search(h);
        return VIEW_DONE;
    case PROMPT_IGNORED:
        break;
    }
    return VIEW_IGNORED;
}

static unsigned help_action(struct view *v, enum action_id action) {
    (void)v;
    (void)action;
    return VIEW_IGNORED;
}

static void help_plain(struct view *v, struct buf *out) {
    struct help *h = (struct help *)v;
    if (h->box.count == 0) {
        buf_addf(out, "%s\n", T(UI_NO_SUCH_ACT));
    }
    for (int64_t i = 0; i < h->box.count; i++) {
        AUTO_BUF struct buf key = BUF_INIT;
        enum action_id a = h->found[i];
        keymap_show(app_keymap(v->app), h->below, a, &key);
        buf_addf(out, "%d. %s (%s): %s\n", (int)i + 1, action_rows[a].name,
                 buf_str(&key), help_text(a));
    }
}

static void help_pick(struct view *v, int number) {
    struct help *h = (struct help *)v;
    if (number >= 1 && number <= h->box.count) {
        h->box.selected = number - 1;
        app_act_after(v->app, h->found[number - 1]);
        app_leave(v->app, v);
    }
}

const struct view_ops view_help_ops = {
    .id = VIEW_HELP,
    .title = TEXT_SCREEN_HELP,
    .open = help_open,
    .close = help_close,
    .draw = help_draw,
    .action = help_action,
    .key = help_key,
    .plain = help_plain,
    .pick = help_pick,
};
