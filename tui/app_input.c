/* What is typed: into the filter or the confirmation while one is open, else
 * through the keymap to an action of the program or of the view on top. */
#include <string.h>

#include "common/str.h"
#include "tui/app_core.h"
#include "tui/captive.h"

static void input_end(struct app *a) {
    a->input = INPUT_KEYS;
    a->dirty = true;
}

void app_filter_begin(struct app *a, const char *text) {
    struct view *v = app_top(a);
    if (!v->ops->set_filter) {
        return;
    }
    prompt_done(&a->prompt);
    prompt_init(&a->prompt, text ? text : v->ops->filter(v));
    a->prompt.history = &a->history[v->ops->id];
    a->prompt.history_at = a->prompt.history->n;
    a->prompt.complete = v->ops->query ? app_complete : NULL;
    a->prompt.complete_arg = a;
    if (v->ops->query) {
        app_keys_read(a, v->ops->query);
    }
    a->input = INPUT_FILTER;
    a->dirty = true;
}

/* Scan or type: what it is, or where it occurs. */
static void find_begin(struct app *a, const char *text) {
    if (app_view_id(a) != VIEW_FIND) {
        app_push(a, view_of(VIEW_FIND), "");
    }
    if (app_view_id(a) == VIEW_FIND) {
        app_filter_begin(a, text);
    }
}

/* Nothing was looked for yet: the line goes, and what lay under it is back. */
static void find_cancelled(struct app *a) {
    struct view *v = app_top(a);
    if (v->ops->id == VIEW_FIND && str_empty(v->ops->filter(v))) {
        app_pop(a);
    }
}

/* A filter with a fault stays open, the cursor on the fault. */
static void filter_key(struct app *a, int key) {
    struct view *v = app_top(a);
    enum prompt_result r = prompt_key(&a->prompt, key);
    if (r == PROMPT_CANCELLED) {
        input_end(a);
        find_cancelled(a);
    } else if (r == PROMPT_DONE && app_filter_check(a)) {
        prompt_history_add(&a->history[v->ops->id], buf_str(&a->prompt.text));
        input_end(a);
        v->ops->set_filter(v, buf_str(&a->prompt.text));
    }
    a->dirty = true;
}

/* Anything but the word itself does nothing, and says so. */
static void confirm_key(struct app *a, int key) {
    enum prompt_result r = prompt_key(&a->prompt, key);
    a->dirty = true;
    if (r == PROMPT_CANCELLED) {
        input_end(a);
        app_say(a, ROLE_NORMAL, "%s", T(MESSAGE_CANCELLED));
    } else if (r == PROMPT_DONE) {
        bool typed = str_eq(buf_str(&a->prompt.text), a->confirm.word);
        input_end(a);
        if (!typed) {
            app_say(a, ROLE_NORMAL, "%s", T(MESSAGE_CANCELLED));
        } else if (a->confirm.done) {
            a->confirm.done(a->confirm.arg, a->confirm.word);
        }
    }
}

/* Root screens by action. */
static bool go_action(struct app *a, enum action_id action) {
    static const struct {
        enum action_id action;
        enum action_view screen;
    } moves[] = {
        {ACTION_GO_DASHBOARD, VIEW_DASHBOARD},
        {ACTION_GO_ORDERS, VIEW_ORDERS},
        {ACTION_GO_PRODUCTS, VIEW_PRODUCTS},
        {ACTION_GO_CUSTOMERS, VIEW_CUSTOMERS},
        {ACTION_GO_STORES, VIEW_STORES},
        {ACTION_GO_WORK, VIEW_WORK},
        {ACTION_GO_ATTENTION, VIEW_ATTENTION},
        {ACTION_GO_CHANGES, VIEW_CHANGES},
        {ACTION_GO_USERS, VIEW_USERS},
        {ACTION_GO_TENANTS, VIEW_TENANTS},
        {ACTION_GO_SESSIONS, VIEW_SESSIONS},
        {ACTION_GO_TOKENS, VIEW_TOKENS},
        {ACTION_GO_AUDIT, VIEW_AUDIT},
        {ACTION_GO_PROFILE, VIEW_PROFILE},
        {ACTION_GO_INVENTORY, VIEW_INVENTORY},
        {ACTION_GO_SHIPMENTS, VIEW_SHIPMENTS},
        {ACTION_GO_RETURNS, VIEW_RETURNS},
        {ACTION_GO_MAILS, VIEW_MAILS},
        {ACTION_GO_APPROVALS, VIEW_APPROVALS},
        {ACTION_GO_TICKETS, VIEW_TICKETS},
    };
    for (size_t i = 0; i < sizeof moves / sizeof *moves; i++) {
        if (moves[i].action == action) {
            app_go(a, moves[i].screen, NULL);
            return true;
        }
    }
    return false;
}

static void suspend(struct app *a) {
    if (a->screen) {
        a->screen->ops->suspend(a->screen);
        a->dirty = true;
    }
}

static void copy_ref(struct app *a) {
    struct view *v = app_top(a);
    const char *ref = v->ops->ref ? v->ops->ref(v) : NULL;
    if (!str_empty(ref)) {
        app_copy(a, ref);
    }
}

static bool gets_out(int key) {
    return key == KEY_ESC_ || key == KEY_BACKSPACE_;
}

/* The key that ends the program on its first screen: of `back` one that does
 * not only get out of things. 0: whoever chose the keys left none. */
static int leaving_key(struct app *a) {
    int quit = 0;
    for (int i = 0; i < a->keymap.n; i++) {
        const struct binding *b = &a->keymap.bindings[i];
        if (b->first || !(b->views & UINT64_C(1) << app_view_id(a))) {
            continue;
        }
        if (b->action == ACTION_BACK && !gets_out(b->key)) {
            return b->key;
        }
        quit = b->action == ACTION_QUIT ? b->key : quit;
    }
    return quit;
}

static void say_leaving(struct app *a, int key) {
    AUTO_BUF struct buf b = BUF_INIT;
    char name[KEY_TEXT];
    TF(&b, MESSAGE_LEAVES, "key", key_label(name, key));
    app_say(a, ROLE_NORMAL, "%s", buf_str(&b));
}

/* Esc and q: first out of the filter, then out of the view. Esc and Backspace
 * never end a session: it is too easy to press one once too often. key: which
 * it was, 0 none. */
static void back(struct app *a, int key) {
    struct view *v = app_top(a);
    int leaves = a->depth <= 1 && gets_out(key) ? leaving_key(a) : 0;
    if (v->ops->filter && !str_empty(v->ops->filter(v))) {
        v->ops->set_filter(v, "");
    } else if (leaves) {
        say_leaving(a, leaves);
    } else {
        app_pop(a);
    }
}

/* g1 to g9. */
static bool saved_action(struct app *a, enum action_id action) {
    static const enum action_id slots[] = {
        ACTION_VIEW_1, ACTION_VIEW_2, ACTION_VIEW_3,
        ACTION_VIEW_4, ACTION_VIEW_5, ACTION_VIEW_6,
        ACTION_VIEW_7, ACTION_VIEW_8, ACTION_VIEW_9};
    for (size_t i = 0; i < sizeof slots / sizeof *slots; i++) {
        if (slots[i] == action) {
            app_saved_open(a, (int)i + 1);
            return true;
        }
    }
    return false;
}

static bool own_action(struct app *a, enum action_id action, int key) {
    switch (action) {
    case ACTION_QUIT:
        a->quit = true;
        return true;
    case ACTION_SUSPEND:
        suspend(a);
        return true;
    case ACTION_REDRAW:
        if (a->screen) {
            a->screen->ops->redraw(a->screen);
        }
        return true;
    case ACTION_BACK:
        back(a, key);
        return true;
    case ACTION_HELP:
        app_push(a, view_of(VIEW_HELP), "?");
        return true;
    case ACTION_PALETTE:
        app_push(a, view_of(VIEW_HELP), ":");
        return true;
    case ACTION_FILTER:
        app_filter_begin(a, NULL);
        return true;
    case ACTION_FIND:
        find_begin(a, "");
        return true;
    case ACTION_KEEP_VIEW:
        app_saved_keep(a);
        return true;
    case ACTION_COPY:
        copy_ref(a);
        return true;
    case ACTION_SYNC_ALL:
        app_job(a, "stores.sync", "{\"all\":true}", false, T(UI_SYNC_ALL));
        return true;
    default:
        return saved_action(a, action) || go_action(a, action);
    }
}

static void act(struct app *a, enum action_id action, int key) {
    struct view *v = app_top(a);
    enum text_id refused = app_refuses(a, action);
    if (refused != TEXT_COUNT) {
        app_say(a, ROLE_WARN, "%s", text_get(tr_lang, refused));
        return;
    }
    unsigned r = v->ops->action(v, action);
    if (r & VIEW_CLOSE) {
        app_pop(a);
    } else if (!(r & VIEW_HANDLED)) {
        (void)own_action(a, action, key);
    }
    a->dirty = true;
}

void app_act(struct app *a, enum action_id action) {
    act(a, action, 0);
}

static bool can_find(struct app *a) {
    return action_rows[ACTION_FIND].views >> app_view_id(a) & 1;
}

static bool is_text(int key) {
    return key >= ' ' && key < KEY_SPECIAL && key != KEY_BACKSPACE_;
}

/* What means nothing here and a code may begin with, a scanner types. */
static void scanned_key(struct app *a, int prefix, int key) {
    bool first = (key >= '0' && key <= '9') ||
                 (key && key == link_session(a->link)->code_prefix[0]);
    if (prefix == 0 && first && can_find(a)) {
        find_begin(a, (const char[]){(char)key, '\0'});
    } else if (is_text(key)) {
        a->stray_ms = loop_mono();
    }
}

/* A scan into a list of choices, which has no line to take it: what follows its
 * first letter means nothing either, and its Enter least of all. */
static bool stray_key(struct app *a, int key) {
    enum { SCAN_MS = 500 };
    bool scan = app_top(a)->ops->id == VIEW_PICK && a->stray_ms > 0 &&
                loop_mono() - a->stray_ms < SCAN_MS;
    a->stray_ms = 0;
    if (!scan || !(is_text(key) || key == KEY_ENTER_)) {
        return false;
    }
    if (is_text(key)) {
        a->stray_ms = loop_mono();
        return true;
    }
    if (a->screen) {
        a->screen->ops->ring(a->screen);
    }
    app_say(a, ROLE_WARN, "%s", T(MESSAGE_NOT_CHOSEN));
    return true;
}

/* A message stays until the next act, not until the next key. */
static void mapped_key(struct app *a, int key) {
    struct view *v = app_top(a);
    enum action_id action;
    int prefix = a->prefix;
    a->prefix = 0;
    if (stray_key(a, key)) {
        return;
    }
    switch (keymap_find(&a->keymap, v->ops->id, prefix, key, &action)) {
    case KEYMAP_ACTION:
        a->message[0] = '\0';
        if (!app_ahead_begin(a, action, prefix, key)) {
            act(a, action, key);
        }
        break;
    case KEYMAP_PREFIX:
        a->prefix = key;
        break;
    case KEYMAP_NONE:
        scanned_key(a, prefix, key);
        break;
    }
}

/* Forms and searches take keys before the keymap sees them. */
static void view_key(struct app *a, int key) {
    struct view *v = app_top(a);
    unsigned r = v->ops->key ? v->ops->key(v, key) : VIEW_IGNORED;
    if (r & VIEW_REDRAW) {
        a->dirty = true;
    }
    if (r & VIEW_CLOSE) {
        app_pop(a);
    } else if (!(r & VIEW_HANDLED)) {
        mapped_key(a, key);
    }
}

/* A paste never runs commands: outside an input it opens the line that finds
 * anything. */
static bool paste_key(struct app *a, int key) {
    if (key == KEY_PASTE_ON_) {
        struct view *v = app_top(a);
        a->pasting = true;
        if (a->input == INPUT_KEYS && !v->ops->key && can_find(a)) {
            find_begin(a, "");
        }
        return true;
    }
    if (key == KEY_PASTE_OFF_) {
        a->pasting = false;
        return true;
    }
    struct view *v = app_top(a);
    bool line = key < ' ' || key >= KEY_SPECIAL;
    return a->pasting && (line || (a->input == INPUT_KEYS && !v->ops->key));
}

void app_key(struct app *a, int key) {
    captive_alive();
    if (key == KEY_EOF_) {
        a->quit = true;
    } else if (key == KEY_RESIZE_) {
        a->dirty = true;
    } else if (key_tail_swallow(&a->tail, key, loop_mono()) ||
               paste_key(a, key) || app_ahead_key(a, key)) {
        return;
    } else if (a->input == INPUT_FILTER) {
        filter_key(a, key);
    } else if (a->input == INPUT_CONFIRM) {
        confirm_key(a, key);
    } else {
        view_key(a, key);
    }
}
