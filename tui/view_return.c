/* One return: its goods and what becomes of them, what the customer reads, what
 * happened. */
#include <string.h>

#include "common/json.h"
#include "common/mem.h"
#include "common/str.h"
#include "tui/detail.h"
#include "tui/model.h"
#include "tui/pad.h"
#include "tui/return_acts.h"
#include "tui/tr.h"
#include "tui/views.h"

enum { CODE_WIDTH = 14, COUNT_WIDTH = 7 };

/* --- goods -------------------------------------------------------------------
 */

static void add_fate(struct buf *b, const struct json *l, const char *key,
                     const char *word) {
    const char *n = model_str(l, key);
    if (*n && !str_eq(n, "0")) {
        buf_addf(b, "%s%s %s", b->len ? ", " : "", n,
                 tr_word("return_fate", word));
    }
}

static void add_line(struct textview *t, const struct json *l, int width) {
    AUTO_BUF struct buf b = BUF_INIT, fate = BUF_INIT;
    const char *stock = model_str(l, "stock");
    AUTO_FREE char *count =
        mem_printf("%s/%s", model_str(l, "received"), model_str(l, "quantity"));
    bool all = str_eq(model_str(l, "received"), model_str(l, "quantity"));
    add_fate(&fate, l, "restock",
             model_flag(l, "stocked") ? "restocked" : "restock");
    add_fate(&fate, l, "quarantine", "quarantine");
    add_fate(&fate, l, "dispose", "dispose");
    pad(&b, count, COUNT_WIDTH);
    pad(&b, model_str(l, "sku"), CODE_WIDTH);
    buf_addf(&b, " %s", model_str(l, "name"));
    textview_add(t, all ? ROLE_GOOD : ROLE_NORMAL, NULL, "%s", buf_str(&b));
    if (*stock) {
        AUTO_FREE char *link = mem_printf("change %s", stock);
        textview_link(t, link);
    }
    if (fate.len) {
        textview_prose(t, ROLE_DIM, "", buf_str(&fate), width - t->label_width);
    }
}

static void add_refunds(struct detail *d, struct textview *t) {
    const struct json *f = json_first(json_get(detail_object(d), "refunds"));
    if (f) {
        textview_add(t, ROLE_HEADER, NULL, "%s", T(TAB_REFUNDS));
    }
    for (; f; f = json_next(f)) {
        AUTO_BUF struct buf when = BUF_INIT;
        app_when(d->base.app, model_time(f, "date_created"), &when);
        textview_add(t, ROLE_NORMAL, buf_str(&when), "%s  %s  %s",
                     model_str(f, "amount"),
                     model_flag(f, "ours") ? "" : T(RETURN_NOT_OURS),
                     model_str(f, "reason"));
    }
}

static void goods(struct detail *d, struct textview *t, int width) {
    const struct json *l = json_first(json_get(detail_object(d), "lines"));
    for (; l; l = json_next(l)) {
        add_line(t, l, width);
    }
    add_refunds(d, t);
}

/* --- letters and history -----------------------------------------------------
 */

static void letters(struct detail *d, struct textview *t, int width) {
    const struct json *o = detail_object(d);
    const struct json *m = json_first(json_get(o, "mails"));
    const struct json *l = json_first(json_get(o, "letters"));
    if (!m && !l) {
        textview_add(t, ROLE_DIM, NULL, "%s", T(UI_NO_MAILS));
    }
    for (; m; m = json_next(m)) {
        struct mail_row r = {0};
        AUTO_BUF struct buf when = BUF_INIT;
        (void)mail_row_read(m, &r);
        app_when(d->base.app, r.changed_ms, &when);
        textview_add(t, mail_state_role(r.state), buf_str(&when), "%s  %s  %s",
                     tr_word("mail_state", r.state),
                     tr_word("letter", r.template), r.to);
        if (!str_eq(r.state, "sent") && r.text[0]) {
            textview_prose(t, ROLE_DIM, "", r.text, width - t->label_width);
        }
    }
    for (; l; l = json_next(l)) {
        AUTO_BUF struct buf b = BUF_INIT;
        TF(&b, RETURN_MAY_WRITE, "letter", tr_word("letter", json_string(l)));
        textview_add(t, ROLE_DIM, NULL, "%s", buf_str(&b));
        AUTO_FREE char *link =
            mem_printf("letter %s %s", json_string(l), d->key);
        textview_link(t, link);
    }
}

/* The sentence of the order's timeline. */
static void event_words(struct buf *out, const char *what, const char *id) {
    AUTO_FREE char *name = mem_printf("timeline.event.%s", what);
    int text = text_find(name);
    if (text < 0) {
        buf_adds(out, what);
    } else {
        text_format(out, tr_lang, (enum text_id)text, "detail", id, NULL);
    }
}

static void history(struct detail *d, struct textview *t, int width) {
    const struct json *e = json_first(json_get(detail_object(d), "events"));
    (void)width;
    for (; e; e = json_next(e)) {
        AUTO_BUF struct buf when = BUF_INIT;
        AUTO_BUF struct buf what = BUF_INIT;
        app_when(d->base.app, model_time(e, "at"), &when);
        event_words(&what, model_str(e, "what"), d->key);
        textview_add(t, ROLE_NORMAL, buf_str(&when), "%s  %s", buf_str(&what),
                     model_str(e, "who"));
    }
}

static const struct detail_tab tabs[] = {
    {TEXT_TAB_LINES, goods, NULL, 0},
    {TEXT_TAB_MAILS, letters, "mails", 0},
    {TEXT_TAB_TIMELINE, history, NULL, 0},
};

/* --- the page ----------------------------------------------------------------
 */

static void top(struct detail *d, struct textview *t, int width) {
    struct return_row r = {0};
    AUTO_BUF struct buf b = BUF_INIT;
    int room = width - t->label_width;
    (void)return_row_read(detail_object(d), &r);
    buf_addf(&b, "%s  %s  %s", tr_word("return_state", r.state), r.order,
             r.customer);
    textview_prose(t, return_state_role(r.state), NULL, buf_str(&b), width);
    buf_clear(&b);
    buf_addf(&b, "%s%s%s", tr_word("return_reason", r.reason),
             r.note[0] ? ": " : "", r.note);
    textview_prose(t, ROLE_NORMAL, T(COL_REASON), buf_str(&b), room);
    if (r.decision[0]) {
        textview_prose(t, ROLE_NORMAL, T(RETURN_DECISION), r.decision, room);
    }
    if (r.refund[0]) {
        textview_prose(t, ROLE_NORMAL, T(RETURN_REFUND), r.amount, room);
        AUTO_FREE char *link = mem_printf("change %s", r.refund);
        textview_link(t, link);
    }
}

static const struct detail_def def = {
    .parts = {{"returns.get", NULL}},
    .param = "return",
    .topic = "return",
    .tabs = tabs,
    .n_tabs = 3,
    .top = top,
};

static struct view *return_open(struct app *a, const char *arg) {
    return detail_open(a, &view_return_ops, &def, arg);
}

/* What became of a letter is on the page, too. */
static void return_event(struct view *v, const struct view_event *e) {
    struct view_event as_return = *e;
    if (str_eq(e->topic, "mail")) {
        as_return.topic = "return";
    }
    detail_event(v, &as_return);
}

static unsigned return_action(struct view *v, enum action_id action) {
    const struct json *o = detail_object((struct detail *)v);
    struct return_row r = {0};
    bool here = o && return_row_read(o, &r) == 0;
    unsigned done = return_act(v, action, here ? &r : NULL);
    return done ? done : detail_action(v, action);
}

static bool return_offers(struct view *v, enum action_id action) {
    const struct json *o = detail_object((struct detail *)v);
    struct return_row r = {0};
    return !o || return_row_read(o, &r) < 0 || return_acts_may(&r, action);
}

const struct view_ops view_return_ops = {
    .id = VIEW_RETURN,
    .title = TEXT_SCREEN_RETURN,
    .open = return_open,
    .close = detail_close,
    .draw = detail_draw,
    .action = return_action,
    .offers = return_offers,
    .event = return_event,
    .shown = detail_shown,
    .name = detail_name,
    .ref = detail_ref,
    .plain = detail_plain,
    .pick = detail_pick,
    .here = detail_here,
};
