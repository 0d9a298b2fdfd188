/* One ticket: what it is about, and its messages, oldest first. What is shown
 * is read: the daemon is told when an answer says it was not. */
#include <string.h>

#include "common/json.h"
#include "common/mem.h"
#include "common/str.h"
#include "tui/detail.h"
#include "tui/link.h"
#include "tui/model.h"
#include "tui/tickets.h"
#include "tui/tr.h"
#include "tui/views.h"

/* "182 KiB"; nobody counts bytes. */
static void size_words(struct buf *out, int64_t bytes) {
    if (bytes < 1024) {
        buf_addf(out, "%lld B", (long long)bytes);
    } else if (bytes < 10 * 1024 * 1024) {
        buf_addf(out, "%lld KiB", (long long)((bytes + 512) / 1024));
    } else {
        buf_addf(out, "%lld MiB", (long long)(bytes / 1024 / 1024));
    }
}

static void file_lines(struct textview *t, const struct json *files) {
    for (const struct json *f = json_first(files); f; f = json_next(f)) {
        AUTO_BUF struct buf b = BUF_INIT;
        size_words(&b, model_int(f, "size", 0));
        textview_add(t, ROLE_LINK, NULL, "  %s %s  %s", model_str(f, "id"),
                     model_str(f, "name"), buf_str(&b));
    }
}

/* What was done, as "State: open -> resolved". */
static void did(struct textview *t, const struct json *m, int width) {
    AUTO_BUF struct buf b = BUF_INIT;
    const char *kind = model_str(m, "kind");
    const char *was = model_str(m, "was"), *is = model_str(m, "text");
    bool who = str_eq(kind, "assignee");
    AUTO_FREE char *words = mem_printf("ticket.%s", kind);
    TF(&b, TICKET_DID, "what",
       who                     ? T(COL_ASSIGNEE)
       : str_eq(kind, "state") ? T(COL_STATE)
                               : T(COL_PRIORITY),
       "was", who ? (*was ? was : T(TICKET_NOBODY)) : tr_word(words, was), "is",
       who ? (*is ? is : T(TICKET_NOBODY)) : tr_word(words, is));
    textview_prose(t, ROLE_DIM, NULL, buf_str(&b), width);
}

static void message_lines(struct detail *d, struct textview *t,
                          const struct json *m, int width) {
    AUTO_BUF struct buf when = BUF_INIT;
    bool internal = model_flag(m, "internal");
    const char *kind = model_str(m, "kind");
    app_when(d->base.app, model_time(m, "at"), &when);
    textview_add(t, internal ? ROLE_WARN : ROLE_HEADER, NULL, "%s  %s%s%s",
                 model_str(m, "author"), buf_str(&when), internal ? "  " : "",
                 internal ? T(TICKET_INTERNAL) : "");
    if (str_eq(kind, "reply") || str_eq(kind, "note")) {
        if (*model_str(m, "text")) {
            textview_prose(t, ROLE_NORMAL, NULL, model_str(m, "text"), width);
        }
        file_lines(t, json_get(m, "files"));
    } else {
        did(t, m, width);
    }
}

static void on_read(void *arg, const struct link_reply *r) {
    if (r->result) {
        detail_reload(arg);
    }
}

/* On top it is read; beside its list it is only passed by. */
static void tell_read(struct detail *d, const struct json *o) {
    AUTO_BUF struct buf params = BUF_INIT;
    struct app *a = d->base.app;
    if (!model_flag(o, "unread") || app_read_only(a) ||
        app_view_id(a) != VIEW_TICKET) {
        return;
    }
    view_param(&params, "id", d->key);
    /* A full queue only leaves its star standing. */
    (void)link_write(app_link(a), "tickets.read", buf_str(&params), on_read, d);
}

static void messages(struct detail *d, struct textview *t, int width) {
    const struct json *o = detail_object(d);
    tell_read(d, o);
    const struct json *m = json_first(json_get(o, "messages"));
    if (*model_str(o, "earlier")) {
        AUTO_BUF struct buf b = BUF_INIT;
        TF(&b, TICKET_EARLIER, "id", d->key);
        textview_prose(t, ROLE_DIM, NULL, buf_str(&b), width);
    }
    for (; m; m = json_next(m)) {
        message_lines(d, t, m, width);
    }
}

static void about_line(struct textview *t, const char *ref) {
    bool customer = strstr(ref, ":customer/") != NULL;
    AUTO_FREE char *link = mem_printf("%s%s", customer ? "" : "order ", ref);
    textview_add(t, ROLE_LINK, T(TICKET_ABOUT), "%s", ref);
    textview_link(t, link);
}

static void details(struct detail *d, struct textview *t, int width) {
    struct ticket_row r = {0};
    AUTO_BUF struct buf when = BUF_INIT;
    (void)width;
    (void)ticket_row_read(detail_object(d), &r);
    textview_add(t, ROLE_NORMAL, T(COL_STORE), "%s", r.store);
    if (r.ref[0]) {
        about_line(t, r.ref);
    }
    app_when(d->base.app, r.created_ms, &when);
    textview_add(t, ROLE_NORMAL, T(TICKET_OPENED), "%s  %s", buf_str(&when),
                 r.author);
}

static void top(struct detail *d, struct textview *t, int width) {
    struct ticket_row r = {0};
    (void)ticket_row_read(detail_object(d), &r);
    textview_prose(t, ROLE_KEY, NULL, r.subject, width);
    textview_add(t, ticket_state_role(r.state), NULL, "%s, %s%s%s",
                 tr_word("ticket.state", r.state),
                 tr_word("ticket.priority", r.priority),
                 r.assignee[0] ? ", " : "", r.assignee);
}

static const struct detail_tab tabs[] = {
    {TEXT_TAB_TIMELINE, messages, NULL, 0},
    {TEXT_TAB_DETAILS, details, NULL, 0},
};

static const struct detail_def def = {
    .parts = {{.method = "tickets.get"}},
    .param = "id",
    .topic = "ticket",
    .tabs = tabs,
    .n_tabs = 2,
    .top = top,
};

static struct view *ticket_open(struct app *a, const char *arg) {
    return detail_open(a, &view_ticket_ops, &def, arg);
}

static unsigned ticket_action(struct view *v, enum action_id action) {
    const struct json *o = detail_object((struct detail *)v);
    if (ticket_act(v->app, action, o)) {
        return VIEW_DONE;
    }
    return detail_action(v, action);
}

static bool ticket_offers(struct view *v, enum action_id action) {
    return ticket_act_may(action, detail_object((struct detail *)v));
}

const struct view_ops view_ticket_ops = {
    .id = VIEW_TICKET,
    .title = TEXT_SCREEN_TICKET,
    .open = ticket_open,
    .close = detail_close,
    .draw = detail_draw,
    .event = detail_event,
    .shown = detail_shown,
    .name = detail_name,
    .ref = detail_ref,
    .plain = detail_plain,
    .pick = detail_pick,
    .here = detail_here,
    .action = ticket_action,
    .offers = ticket_offers,
};
