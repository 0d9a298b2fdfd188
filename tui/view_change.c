/* One change: where it stands and why, and its values side by side: what its
 * author saw, what the shop has, what is wanted. */
#include <string.h>

#include "common/field.h"
#include "common/json.h"
#include "common/mem.h"
#include "common/str.h"
#include "common/utf8.h"
#include "tui/change_acts.h"
#include "tui/detail.h"
#include "tui/edits.h"
#include "tui/model.h"
#include "tui/pad.h"
#include "tui/tr.h"
#include "tui/views.h"

enum { WIDE = 60, PATH_WIDTH = 21, CELLS = 3, CELL_ROWS = 6 };

/* Bytes of s that fit into one row of `width` cells; blanks are not special: a
 * value is shown as it is. */
static const char *cell_row(struct buf *out, const char *s, int width) {
    size_t cells;
    size_t n = utf8_fit(s, (size_t)width, &cells);
    n = n == 0 && *s ? 1 : n;
    AUTO_FREE char *part = mem_dupn(s, n);
    pad(out, part, width);
    return s + n;
}

/* Values wrap inside their columns; rows go on until the longest ends. */
static void value_rows(struct textview *t, int role, const char *path,
                       int path_width, const char *const values[CELLS],
                       int width) {
    const char *rest[CELLS] = {values[0], values[1], values[2]};
    int cell = (width - path_width - (CELLS - 1)) / CELLS;
    cell = cell < 4 ? 4 : cell;
    for (int row = 0; row < CELL_ROWS; row++) {
        AUTO_BUF struct buf b = BUF_INIT;
        if (row && !*rest[0] && !*rest[1] && !*rest[2]) {
            return;
        }
        if (path_width) {
            pad(&b, row ? "" : path, path_width - 1);
            buf_addc(&b, ' ');
        }
        for (int i = 0; i < CELLS; i++) {
            rest[i] = cell_row(&b, rest[i], cell);
            buf_adds(&b, i + 1 < CELLS ? " " : "");
        }
        textview_add(t, role, NULL, "%s", buf_str(&b));
    }
}

static void safe_field(struct buf *out, const char *path) {
    AUTO_BUF struct buf raw = BUF_INIT;
    field_words(&raw, tr_lang, path);
    utf8_safe(out, buf_str(&raw), raw.len);
}

static void safe_value(struct buf *out, const char *path,
                       const struct json *v) {
    AUTO_BUF struct buf raw = BUF_INIT;
    change_value(&raw, path, v);
    utf8_safe(out, buf_str(&raw), raw.len);
}

static void safe_wanted(struct buf *out, const struct json *path) {
    AUTO_BUF struct buf raw = BUF_INIT;
    change_wanted(&raw, path);
    utf8_safe(out, buf_str(&raw), raw.len);
}

/* Narrow, the path has a line of its own and the values the one below. */
static void value_lines(struct textview *t, const struct json *p, int width) {
    AUTO_BUF struct buf base = BUF_INIT;
    AUTO_BUF struct buf theirs = BUF_INIT;
    AUTO_BUF struct buf wanted = BUF_INIT;
    AUTO_BUF struct buf path = BUF_INIT;
    const struct json *shop = json_get(p, "theirs");
    bool differs = shop && json_type(shop) != JSON_NULL;
    bool wide = width >= WIDE;
    safe_field(&path, model_str(p, "path"));
    safe_value(&base, model_str(p, "path"), json_get(p, "base"));
    safe_value(&theirs, model_str(p, "path"), shop);
    safe_wanted(&wanted, p);
    const char *cells[CELLS] = {buf_str(&base), buf_str(&theirs),
                                buf_str(&wanted)};
    if (!wide) {
        textview_add(t, ROLE_DIM, NULL, "%s", buf_str(&path));
    }
    value_rows(t, differs ? ROLE_BAD : ROLE_NORMAL, buf_str(&path),
               wide ? PATH_WIDTH : 0, cells, width);
}

static void payload_lines(struct textview *t, const struct json *payload,
                          int width) {
    const struct json *c = json_first(payload);
    for (; c; c = json_next(c)) {
        AUTO_BUF struct buf field = BUF_INIT;
        AUTO_BUF struct buf b = BUF_INIT;
        field_words(&field, tr_lang, json_key(c));
        change_value(&b, json_key(c), c);
        textview_prose(t, ROLE_NORMAL, buf_str(&field), buf_str(&b),
                       width - t->label_width);
    }
}

static void values(struct detail *d, struct textview *t, int width) {
    const struct json *o = detail_object(d);
    const struct json *p = json_first(json_get(o, "paths"));
    const char *const titles[CELLS] = {T(CHANGE_BASE), T(CHANGE_THEIRS),
                                       T(CHANGE_WANTED)};
    if (p) {
        value_rows(t, ROLE_HEADER, T(CHANGE_FIELD),
                   width >= WIDE ? PATH_WIDTH : 0, titles, width);
    }
    for (; p; p = json_next(p)) {
        value_lines(t, p, width);
    }
    payload_lines(t, json_get(o, "payload"), width);
}

static void instants(struct detail *d, struct textview *t,
                     const struct json *o) {
    static const struct {
        const char *path;
        enum text_id label;
    } rows[] = {{"created", TEXT_CHANGE_CREATED},
                {"changed", TEXT_CHANGE_CHANGED},
                {"sent", TEXT_CHANGE_SENT},
                {"next", TEXT_CHANGE_NEXT}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        AUTO_BUF struct buf b = BUF_INIT;
        int64_t ms = model_time(o, rows[i].path);
        if (ms) {
            app_when(d->base.app, ms, &b);
            textview_add(t, ROLE_NORMAL, text_get(tr_lang, rows[i].label), "%s",
                         buf_str(&b));
        }
    }
}

static void pair(struct textview *t, const char *label, const char *text) {
    if (*text) {
        textview_add(t, ROLE_NORMAL, label, "%s", text);
    }
}

static void history(struct detail *d, struct textview *t, int width) {
    const struct json *o = detail_object(d);
    struct change_row r = {0};
    (void)change_row_read(o, &r);
    pair(t, T(COL_AUTHOR), r.author);
    pair(t, T(CHANGE_APPROVER), r.approver);
    instants(d, t, o);
    textview_add(t, ROLE_NORMAL, T(CHANGE_ATTEMPTS), "%lld",
                 (long long)r.attempts);
    textview_add(t, ROLE_DIM, T(CHANGE_ID), "%s", r.id);
    const struct json *answer = json_get(o, "answer");
    if (answer && json_type(answer) != JSON_NULL) {
        textview_add(t, ROLE_HEADER, NULL, "%s", T(CHANGE_ANSWER));
        detail_raw(t, answer, width);
    }
}

static const struct detail_tab tabs[] = {
    {TEXT_TAB_VALUES, values, NULL, 0},
    {TEXT_TAB_HISTORY, history, NULL, 0},
};

/* Where it stands and why, and what to do. */
static void top(struct detail *d, struct textview *t, int width) {
    struct change_row r = {0};
    int room = width - t->label_width;
    (void)change_row_read(detail_object(d), &r);
    textview_prose(t, ROLE_KEY, NULL, r.label, width);
    textview_prose(t, change_state_role(r.state), T(COL_STATE),
                   tr_word("change.state", r.state), room);
    if (r.text[0]) {
        textview_prose(t, change_state_role(r.state), "", r.text, room);
    }
    if (r.cure[0]) {
        textview_prose(t, ROLE_KEY, T(UI_CURE), r.cure, room);
    }
    if (r.reason[0]) {
        textview_prose(t, ROLE_NORMAL, T(COL_REASON), r.reason, room);
    }
}

static const struct detail_def def = {
    .parts = {{"changes.get"}},
    .param = "id",
    .topic = "change",
    .tabs = tabs,
    .n_tabs = 2,
    .top = top,
};

static const char *ref_of(const struct detail *d) {
    const struct json *o = detail_object(d);
    const char *ref = model_str(o, "ref");
    return *ref ? ref : model_str(o, "store");
}

static void typed(void *arg, const char *word) {
    struct detail *d = arg;
    change_acts_typed(d->base.app, word, d->key, ref_of(d));
}

/* arg: the id, or "ID action REF": the act to be asked about at once, with what
 * the page, which has no answer yet, cannot know. */
static struct view *change_open(struct app *a, const char *arg) {
    size_t n = strcspn(arg, " ");
    AUTO_FREE char *key = mem_dupn(arg, n);
    struct view *v = detail_open(a, &view_change_ops, &def, key);
    const char *name = arg[n] ? arg + n + 1 : "";
    size_t name_n = strcspn(name, " ");
    const char *ref = name[name_n] ? name + name_n + 1 : "";
    for (int i = 0; name_n && i < ACTION_COUNT; i++) {
        if (strlen(action_rows[i].name) == name_n &&
            memcmp(action_rows[i].name, name, name_n) == 0) {
            change_acts_ask(v, (enum action_id)i, ref, typed);
        }
    }
    return v;
}

static unsigned change_action(struct view *v, enum action_id action) {
    struct detail *d = (struct detail *)v;
    if (!change_acts_has(action)) {
        return detail_action(v, action);
    }
    if (action == ACTION_RETRY) {
        change_acts_retry(v->app, d->key, ref_of(d));
    } else if (action == ACTION_EDIT) {
        edit_change(v->app, d->key);
    } else {
        change_acts_ask(v, action, ref_of(d), typed);
    }
    return VIEW_DONE;
}

/* Typed before it is here: the daemon knows what may be done. */
static bool change_offers(struct view *v, enum action_id action) {
    const struct json *o = detail_object((struct detail *)v);
    struct change_row r = {0};
    return !o || change_row_read(o, &r) < 0 || change_acts_may(&r, action);
}

static void change_name(struct view *v, struct buf *out) {
    buf_adds(out, ref_of((struct detail *)v));
}

const struct view_ops view_change_ops = {
    .id = VIEW_CHANGE,
    .title = TEXT_SCREEN_CHANGE,
    .open = change_open,
    .close = detail_close,
    .draw = detail_draw,
    .action = change_action,
    .offers = change_offers,
    .event = detail_event,
    .shown = detail_shown,
    .name = change_name,
    .ref = detail_ref,
    .plain = detail_plain,
    .pick = detail_pick,
    .here = detail_here,
};
