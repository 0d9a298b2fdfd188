/* The frame every screen has: bar, counts and freshness, filter, body,
 * message, hints. Small screens keep what matters most. */
#include <string.h>

#include "common/str.h"
#include "common/utf8.h"
#include "common/when.h"
#include "tui/app_core.h"
#include "tui/progress.h"
#include "tui/textview.h"

enum { HINTS_MAX = 32 };

struct layout {
    int head, filter, body, body_h, message, hints; /* rows; -1 none */
};

/* Rows are given up in this order: filter, head, message, hints; the body
 * stays. */
static struct layout layout_of(int h, bool filter, bool tall) {
    struct layout l = {.head = -1, .filter = -1, .message = -1, .hints = -1};
    int top = 1;
    int bottom = h;
    if (h >= 4) {
        l.hints = --bottom;
    }
    if (h >= 6) {
        l.message = --bottom;
    }
    if (h >= 8 && !tall) {
        l.head = top++;
    }
    if (filter && h >= 5) {
        l.filter = top++;
    }
    l.body = top;
    l.body_h = bottom > top ? bottom - top : 0;
    return l;
}

void app_title(struct app *a, struct buf *out) {
    struct view *v = app_top(a);
    AUTO_BUF struct buf name = BUF_INIT;
    if (v->ops->name) {
        v->ops->name(v, &name);
    }
    const char *n = buf_str(&name);
    text_format(out, tr_lang, v->ops->title, "ref", n, "store", n, "name", n,
                NULL);
}

static void clock_text(struct app *a, struct buf *out) {
    int hour, minute;
    zone_civil(a->zone, app_now(a), NULL, NULL, NULL, &hour, &minute);
    buf_addf(out, "%02d:%02d", hour, minute);
}

/* User and role come from the session, not from this machine. */
static void who(struct app *a, struct buf *out) {
    const struct link_session *s = link_session(a->link);
    if (s->user[0]) {
        buf_addf(out, "%s  %s  ", s->user, tr_word("role", s->role));
    }
    if (app_read_only(a)) {
        buf_addf(out, "%s  ", T(FRAME_READ_ONLY));
    }
}

static void draw_bar(struct app *a, const struct pane *p) {
    AUTO_BUF struct buf title = BUF_INIT;
    AUTO_BUF struct buf right = BUF_INIT;
    pane_fill(p, 0, ROLE_BAR);
    if (p->w >= 60) {
        who(a, &right);
    } else if (app_read_only(a)) {
        buf_addf(&right, "%s  ", T(FRAME_READ_ONLY));
    }
    clock_text(a, &right);
    int right_w = (int)utf8_cells(buf_str(&right)) + 1;
    int x = 1;
    if (p->w >= 50) {
        x += pane_text(p, 0, x, -1, ROLE_BAR, "Fulexo") + 2;
    }
    app_title(a, &title);
    (void)pane_text(p, 0, x, p->w - x - right_w - 1, ROLE_TITLE,
                    buf_str(&title));
    if (right_w < p->w / 2) {
        (void)pane_text(p, 0, p->w - right_w, -1, ROLE_BAR, buf_str(&right));
    }
}

/* Old enough to be named first, whatever the state says. */
static bool stale(const struct app *a, const struct store_row *s) {
    enum { STALE_MS = 15 * 60 * 1000 };
    return s->fresh_ms && app_now(a) - s->fresh_ms > STALE_MS;
}

/* One store's freshness: how old, or the state when that says more. */
static void add_store(struct app *a, const struct store_row *s,
                      struct buf *out) {
    buf_addf(out, "%s%s ", out->len ? "   " : "", s->name);
    if (str_eq(s->state, "connected") || str_eq(s->state, "degraded")) {
        buf_adds(out, app_age(a, s->fresh_ms));
    }
    if (!str_eq(s->state, "connected")) {
        buf_addf(out, "%s%s", str_eq(s->state, "degraded") ? " " : "",
                 tr_word("state", s->state));
    }
}

void app_freshness(struct app *a, struct buf *out, int *ret_role) {
    *ret_role = ROLE_DIM;
    /* What is wrong comes first: it must not be cut off. */
    for (int bad = 1; bad >= 0; bad--) {
        for (int i = 0; i < a->n_stores; i++) {
            const struct store_row *s = &a->stores[i];
            int role = store_state_role(s->state);
            bool trouble = role == ROLE_BAD || role == ROLE_WARN || stale(a, s);
            if (trouble == (bad == 1)) {
                add_store(a, s, out);
                *ret_role =
                    trouble && *ret_role == ROLE_DIM ? ROLE_WARN : *ret_role;
            }
        }
    }
}

/* The counts are what people look for: freshness takes what is left. */
static void draw_head(struct app *a, const struct pane *p, int y) {
    struct view *v = app_top(a);
    AUTO_BUF struct buf left = BUF_INIT;
    AUTO_BUF struct buf right = BUF_INIT;
    int role;
    if (v->ops->head) {
        v->ops->head(v, &left);
    }
    int used = pane_text(p, y, 1, -1, ROLE_NORMAL, buf_str(&left));
    app_freshness(a, &right, &role);
    int room = p->w - used - 4;
    if (room >= 10) {
        int cells = (int)utf8_cells(buf_str(&right));
        int x = cells < room ? p->w - 1 - cells : used + 3;
        (void)pane_text(p, y, x, p->w - 1 - x, role, buf_str(&right));
    }
}

/* The cursor is in the line only while it is being typed. */
static void draw_filter(struct app *a, const struct pane *p, int y) {
    struct view *v = app_top(a);
    AUTO_BUF struct buf pos = BUF_INIT;
    if (v->ops->position) {
        v->ops->position(v, &pos);
    }
    int right = (int)utf8_cells(buf_str(&pos)) + 1;
    if (right > p->w / 2) {
        right = 1;
    } else {
        (void)pane_text(p, y, p->w - right, -1, ROLE_DIM, buf_str(&pos));
    }
    int room = p->w - 4 - right;
    if (a->input == INPUT_FILTER) {
        AUTO_BUF struct buf text = BUF_INIT;
        int cursor;
        (void)pane_text(p, y, 1, 1, ROLE_KEY, "/");
        prompt_show(&a->prompt, room, &text, &cursor);
        (void)pane_text(p, y, 3, room, ROLE_INPUT, buf_str(&text));
        pane_cursor(p, y, 3 + cursor);
    } else if (!str_empty(v->ops->filter(v))) {
        (void)pane_text(p, y, 1, 1, ROLE_KEY, "/");
        (void)pane_text(p, y, 3, room, ROLE_INPUT, v->ops->filter(v));
    } else {
        (void)pane_text(p, y, 1, room, ROLE_DIM, T(FRAME_FILTER));
    }
}

/* The bar takes what the label leaves. */
static void draw_job(struct app *a, const struct pane *p, int y) {
    AUTO_BUF struct buf b = BUF_INIT;
    struct progress_row r = {.done = a->job.done,
                             .total = a->job.total,
                             .rate = a->job.rate,
                             .eta_s = a->job.eta_s,
                             .running = true};
    buf_addf(&b, "%s  ", a->job.label);
    progress_bar(&b, &r, p->w - 2 - (int)utf8_cells(buf_str(&b)));
    (void)pane_text(p, y, 1, -1, ROLE_NORMAL, buf_str(&b));
}

/* What is too long for the line begins above it, over the body: on a small
 * screen the end of a sentence, which is the cure, must not be cut off. Returns
 * the cells used in the line itself. */
static int draw_upwards(const struct pane *p, int y, int role, const char *text,
                        int width) {
    struct textview t = {0};
    int used = 0;
    textview_prose(&t, role, NULL, text, width);
    for (int i = 0; i < t.n; i++) {
        int row = y - (t.n - 1 - i);
        if (row > 0) {
            pane_fill(p, row, ROLE_NORMAL);
            used = pane_text(p, row, 1, -1, role, t.lines[i].text);
        }
    }
    textview_done(&t);
    return used;
}

/* What is to be typed must be seen. */
static void draw_confirm(struct app *a, const struct pane *p, int y) {
    enum { ANSWER_MIN = 14 };
    AUTO_BUF struct buf text = BUF_INIT;
    int cursor;
    int used =
        draw_upwards(p, y, ROLE_WARN, a->confirm.question, p->w - ANSWER_MIN);
    prompt_show(&a->prompt, p->w - used - 4, &text, &cursor);
    (void)pane_text(p, y, used + 2, -1, ROLE_INPUT, buf_str(&text));
    pane_cursor(p, y, used + 2 + cursor);
}

static bool is_held(const struct app *a) {
    for (int i = 0; i < a->n_stores; i++) {
        if (a->stores[i].held) {
            return true;
        }
    }
    return false;
}

/* One line, by urgency: a question, a lost link, news, work going on, that
 * nothing is sent. */
static void draw_message(struct app *a, const struct pane *p, int y) {
    if (a->input == INPUT_CONFIRM) {
        draw_confirm(a, p, y);
    } else if (link_state(a->link) != LINK_UP && link_error(a->link)[0]) {
        (void)draw_upwards(p, y, ROLE_BAD,
                           a->was_up && link_state(a->link) != LINK_REFUSED
                               ? T(LINK_LOST)
                               : link_error(a->link),
                           p->w - 1);
    } else if (a->message[0]) {
        (void)draw_upwards(p, y, a->message_role, a->message, p->w - 1);
    } else if (a->job.label) {
        draw_job(a, p, y);
    } else if (is_held(a)) {
        (void)pane_text(p, y, 1, -1, ROLE_WARN, T(FRAME_HELD));
    }
}

/* Actions of the view that belong into the hint line, in their order. */
static int hint_actions(struct app *a, enum action_id list[HINTS_MAX]) {
    enum action_view view = app_top(a)->ops->id;
    int n = 0;
    for (int i = 0; i < ACTION_COUNT; i++) {
        const struct action_row *row = &action_rows[i];
        if (!row->hint || !(row->views & (UINT64_C(1) << view)) ||
            n == HINTS_MAX || !app_allows(a, (enum action_id)i)) {
            continue;
        }
        int k = n++;
        for (; k > 0 && action_rows[list[k - 1]].hint > row->hint; k--) {
            list[k] = list[k - 1];
        }
        list[k] = (enum action_id)i;
    }
    return n;
}

/* A hint that does not fit whole is left out. */
static int add_hint(struct app *a, const struct pane *p, int y, int x,
                    enum action_id action) {
    AUTO_BUF struct buf key = BUF_INIT;
    const char *text = text_get(tr_lang, action_rows[action].hint_text);
    keymap_show(&a->keymap, app_view_id(a), action, &key);
    int need = (int)utf8_cells(buf_str(&key)) + 1 + (int)utf8_cells(text);
    if (!key.len || x + need > p->w) {
        return x;
    }
    x += pane_text(p, y, x, -1, ROLE_KEY, buf_str(&key)) + 1;
    return x + pane_text(p, y, x, -1, ROLE_DIM, text) + 2;
}

static void draw_hints(struct app *a, const struct pane *p, int y) {
    enum action_id list[HINTS_MAX];
    int n = hint_actions(a, list);
    struct pane left = *p;
    int x = 1;
    /* Help is always there: the way to all the others. */
    if (n > 0 && list[n - 1] == ACTION_HELP) {
        AUTO_BUF struct buf key = BUF_INIT;
        const char *text =
            text_get(tr_lang, action_rows[ACTION_HELP].hint_text);
        keymap_show(&a->keymap, app_view_id(a), ACTION_HELP, &key);
        int need = (int)utf8_cells(buf_str(&key)) + (int)utf8_cells(text) + 2;
        (void)add_hint(a, p, y, p->w - need, ACTION_HELP);
        left.w -= need + 1;
        n--;
    }
    for (int i = 0; i < n; i++) {
        x = add_hint(a, &left, y, x, list[i]);
    }
}

void app_hints(struct app *a, struct buf *out) {
    enum action_id list[HINTS_MAX];
    int n = hint_actions(a, list);
    for (int i = 0; i < n; i++) {
        buf_adds(out, i ? "  " : "");
        keymap_show(&a->keymap, app_view_id(a), list[i], out);
        buf_addf(out, " %s", text_get(tr_lang, action_rows[list[i]].hint_text));
    }
}

void app_paint(struct app *a) {
    struct view *v = app_top(a);
    struct pane root = pane_root(a->screen);
    struct layout l = layout_of(root.h, v->ops->filter != NULL, v->ops->tall);
    a->screen->ops->erase(a->screen);
    a->screen->ops->cursor(a->screen, -1, 0);
    draw_bar(a, &root);
    struct pane body = pane_sub(&root, l.body, 0, l.body_h, root.w);
    v->ops->draw(v, &body);
    if (l.head >= 0) {
        draw_head(a, &root, l.head);
    }
    if (l.filter >= 0) {
        draw_filter(a, &root, l.filter);
    }
    if (l.message >= 0) {
        draw_message(a, &root, l.message);
    }
    if (l.hints >= 0) {
        draw_hints(a, &root, l.hints);
    }
    a->screen->ops->flush(a->screen);
}
