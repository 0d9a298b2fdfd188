/* One proposal: what its author saw, what is there now, what is proposed, and
 * what the shop said to it. */
#include "common/field.h"
#include "common/json.h"
#include "common/mem.h"
#include "common/str.h"
#include "tui/approval.h"
#include "tui/detail.h"
#include "tui/model.h"
#include "tui/pad.h"
#include "tui/tr.h"
#include "tui/views.h"

enum { WIDE = 60, PATH_WIDTH = 21, CELLS = 3 };

static void row(struct textview *t, int role, const char *path,
                const char *const cells[CELLS], int width) {
    AUTO_BUF struct buf b = BUF_INIT;
    int room = width >= WIDE ? PATH_WIDTH : 0;
    int each = (width - room) / CELLS - 1;
    if (room) {
        pad(&b, path, room);
    } else {
        textview_add(t, ROLE_DIM, NULL, "%s", path);
    }
    for (int i = 0; i < CELLS; i++) {
        pad(&b, cells[i], each < 4 ? 4 : each);
        buf_addc(&b, ' ');
    }
    textview_add(t, role, NULL, "%s", buf_str(&b));
}

static void value(struct buf *out, const char *path, const struct json *v) {
    if (v && json_type(v) != JSON_NULL) {
        change_value(out, path, v);
    }
}

/* Members of a new object below each other. */
static void members(struct textview *t, const struct json *v, int width) {
    for (const struct json *m = json_first(v); m; m = json_next(m)) {
        AUTO_BUF struct buf field = BUF_INIT;
        AUTO_BUF struct buf b = BUF_INIT;
        field_words(&field, tr_lang, json_key(m));
        value(&b, json_key(m), m);
        textview_prose(t, ROLE_NORMAL, buf_str(&field), buf_str(&b),
                       width - t->label_width);
    }
}

static void item(struct textview *t, const struct json *i, int width) {
    AUTO_BUF struct buf field = BUF_INIT;
    AUTO_BUF struct buf base = BUF_INIT;
    AUTO_BUF struct buf current = BUF_INIT;
    AUTO_BUF struct buf wanted = BUF_INIT;
    const char *path = model_str(i, "path");
    const char *answer = model_str(i, "answer");
    const char *why = model_str(i, "fault");
    if (!*path) {
        members(t, json_get(i, "wanted"), width);
        return;
    }
    field_words(&field, tr_lang, path);
    value(&base, path, json_get(i, "base"));
    value(&current, path, json_get(i, "current"));
    value(&wanted, path, json_get(i, "wanted"));
    const char *const cells[CELLS] = {buf_str(&base), buf_str(&current),
                                      buf_str(&wanted)};
    row(t, model_flag(i, "stale") ? ROLE_WARN : ROLE_NORMAL, buf_str(&field),
        cells, width);
    if (*why || *answer) {
        textview_prose(t, *why ? ROLE_BAD : change_state_role(answer), "",
                       *why ? why : tr_word("change.state", answer), width);
    }
}

static void values(struct detail *d, struct textview *t, int width) {
    const struct json *o = detail_object(d);
    const struct json *i = json_first(json_get(o, "list"));
    const char *const titles[CELLS] = {T(COL_WAS), T(COL_NOW), T(COL_PROPOSED)};
    if (i && *model_str(i, "path")) {
        row(t, ROLE_HEADER, "", titles, width);
    }
    for (; i; i = json_next(i)) {
        item(t, i, width);
    }
}

static void pair(struct textview *t, int role, const char *label,
                 const char *text, int room) {
    if (*text) {
        textview_prose(t, role, label, text, room);
    }
}

static void top(struct detail *d, struct textview *t, int width) {
    struct approval_row r = {0};
    int room = width - t->label_width;
    (void)approval_row_read(detail_object(d), &r);
    textview_prose(t, ROLE_KEY, NULL, r.what, width);
    pair(t, approval_row_role(&r), T(COL_STATE),
         tr_word("approval.state", r.state), room);
    pair(t, ROLE_NORMAL, T(COL_AUTHOR), r.author, room);
    pair(t, ROLE_NORMAL, T(COL_REASON), r.reason, room);
    pair(t, ROLE_WARN, T(APPROVAL_STALE), r.stale_text, room);
    pair(t, ROLE_NORMAL, T(APPROVAL_REVIEWER), r.reviewer, room);
    pair(t, ROLE_NORMAL, T(APPROVAL_NOTE), r.note, room);
    if (r.answer[0]) {
        pair(t, change_state_role(r.answer), T(APPROVAL_SHOP),
             tr_word("change.state", r.answer), room);
    }
    pair(t, change_state_role(r.answer), "", r.answer_text, room);
}

static const struct detail_tab tabs[] = {{TEXT_TAB_VALUES, values, NULL, 0}};

static const struct detail_def def = {
    .parts = {{"approvals.get"}},
    .param = "id",
    .topic = "approval",
    .tabs = tabs,
    .n_tabs = 1,
    .top = top,
};

static struct view *approval_open(struct app *a, const char *arg) {
    return detail_open(a, &view_approval_ops, &def, arg);
}

static void approval_event(struct view *v, const struct view_event *e) {
    struct view_event any = *e;
    if (str_eq(e->topic, "change") || str_eq(e->topic, "product") ||
        str_eq(e->topic, "approval")) {
        any.topic = "approval";
        any.ref = "";
    }
    detail_event(v, &any);
}

/* What is being asked about: there is one question at a time. */
static struct approval_ask asked;

static unsigned approval_action(struct view *v, enum action_id action) {
    const struct json *o = detail_object((struct detail *)v);
    struct approval_row r = {0};
    if (!approval_acts_has(action)) {
        return detail_action(v, action);
    }
    if (o && approval_row_read(o, &r) == 0) {
        approval_act(v->app, &r, action, &asked);
    }
    return VIEW_DONE;
}

static bool approval_offers(struct view *v, enum action_id action) {
    const struct json *o = detail_object((struct detail *)v);
    struct approval_row r = {0};
    return !o || approval_row_read(o, &r) < 0 || approval_acts_may(&r, action);
}

static void approval_close(struct view *v) {
    app_forget(v->app, &asked);
    detail_close(v);
}

static void approval_name(struct view *v, struct buf *out) {
    buf_adds(out, ((struct detail *)v)->key);
}

const struct view_ops view_approval_ops = {
    .id = VIEW_APPROVAL,
    .title = TEXT_SCREEN_APPROVAL,
    .open = approval_open,
    .close = approval_close,
    .draw = detail_draw,
    .action = approval_action,
    .offers = approval_offers,
    .event = approval_event,
    .shown = detail_shown,
    .name = approval_name,
    .ref = detail_ref,
    .plain = detail_plain,
    .pick = detail_pick,
    .here = detail_here,
};
