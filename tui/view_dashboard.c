/* Today at a glance. Each number is a link to the list behind it. */
#include "common/field.h"
#include "common/json.h"
#include "common/mem.h"
#include "common/str.h"
#include "tui/dashboard.h"
#include "tui/detail.h"
#include "tui/model.h"
#include "tui/pad.h"
#include "tui/progress.h"
#include "tui/spark.h"
#include "tui/tr.h"
#include "tui/views.h"

enum { BAR_MAX = 30, FIGURE = 9 };

static const char *number(char dst[32], const struct json *o,
                          const char *path) {
    return progress_count(dst, model_int(o, path, 0));
}

static void link_line(struct textview *t, int role, const char *label,
                      const char *text, const char *target) {
    textview_add(t, role, label, "%s", text);
    textview_link(t, target);
}

/* What a handheld shows in several lines. */
static void link_prose(struct textview *t, int role, const char *label,
                       const char *text, const char *target, int width) {
    int first = t->n;
    textview_prose(t, role, label, text, width - t->label_width);
    textview_link_from(t, first, target);
}

/* Nobody listens to a picture: --plain has no screen. */
static bool pictures(const struct detail *d) {
    return app_screen(d->base.app) != NULL;
}

/* Everything of today, whatever its status. */
static void today(struct textview *t, const struct json *o, int width) {
    AUTO_BUF struct buf b = BUF_INIT;
    char n[32];
    TF(&b, DASHBOARD_ORDERS, "n", number(n, o, "today.orders"));
    buf_adds(&b, "   ");
    TF(&b, DASHBOARD_COMPLETED, "n", number(n, o, "today.completed"));
    buf_adds(&b, "   ");
    TF(&b, DASHBOARD_CANCELLED, "n", number(n, o, "today.cancelled"));
    link_prose(t, ROLE_NORMAL, T(DASHBOARD_TODAY), buf_str(&b),
               "orders date:today", width);
}

/* --- what is to do ----------------------------------------------------- */

/* The bars share one scale, so that they can be compared. */
static int64_t most(const struct json *o) {
    static const char *const paths[] = {"todo", "held", "late"};
    int64_t max = 1;
    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
        int64_t n = model_int(o, paths[i], 0);
        max = n > max ? n : max;
    }
    return max;
}

static void work(struct detail *d, struct textview *t, const char *path,
                 const char *label, int role, const char *target, int width) {
    const struct json *o = detail_object(d);
    AUTO_BUF struct buf b = BUF_INIT;
    char n[32];
    int64_t value = model_int(o, path, 0);
    int room = width - t->label_width - FIGURE;
    if (pictures(d)) {
        buf_addf(&b, "%7s  ", progress_count(n, value));
        spark_bar(&b, value, most(o), room > BAR_MAX ? BAR_MAX : room);
    } else {
        buf_adds(&b, progress_count(n, value));
    }
    link_line(t, value ? role : ROLE_DIM, label, buf_str(&b), target);
}

/* "picking 12  picked 4 ..": work that is not begun or done is none. */
static void in_hand(struct textview *t, const struct json *o, int width) {
    static const char *const states[] = {"picking", "picked", "packing",
                                         "packed"};
    AUTO_BUF struct buf b = BUF_INIT;
    int64_t all = 0;
    char n[32];
    for (size_t i = 0; i < sizeof states / sizeof *states; i++) {
        const struct json *v = json_get(json_get(o, "in_hand"), states[i]);
        int64_t count = 0;
        (void)json_i64(v, false, &count);
        all += count;
        if (count)
            buf_addf(&b, "  %s %s", tr_word("work", states[i]),
                     progress_count(n, count));
    }
    AUTO_FREE char *text =
        mem_printf("%7s%s", progress_count(n, all), buf_str(&b));
    link_prose(t, all ? ROLE_NORMAL : ROLE_DIM, T(DASHBOARD_IN_HAND), text,
               "work", width);
}

/* One status: all that are open, today's, and how many of them are late. */
static void status_line(struct textview *t, const struct json *s,
                        const char *label, int width) {
    const char *status = model_str(s, "status");
    int64_t late = model_int(s, "late", 0);
    AUTO_FREE char *target =
        mem_printf("orders status:%s%s", status,
                   model_flag(s, "open") ? "" : " date:today");
    AUTO_BUF struct buf b = BUF_INIT;
    char n[32];
    if (model_flag(s, "open"))
        buf_addf(&b, "%7s  ", number(n, s, "orders"));
    else
        buf_addf(&b, "%7s  ", "");
    pad(&b, field_status(tr_lang, status), 15);
    buf_addc(&b, ' ');
    TF(&b, DASHBOARD_OF_TODAY, "n", number(n, s, "today"));
    if (late) {
        buf_adds(&b, "   ");
        TF(&b, DASHBOARD_OF_LATE, "n", number(n, s, "late"));
    }
    link_prose(t, late ? ROLE_WARN : ROLE_NORMAL, label, buf_str(&b), target,
               width);
}

static void statuses(struct textview *t, const struct json *o, int width) {
    const struct json *s = json_first(json_get(o, "by_status"));
    const char *label = T(DASHBOARD_BY_STATUS);
    for (; s; s = json_next(s), label = "")
        status_line(t, s, label, width);
}

/* --- what is earned, runs out and waits -------------------------------- */

/* Currencies side by side, never added up. */
static void revenue(struct textview *t, const struct json *o, int width) {
    char text[200];
    model_amounts(text, sizeof text, o, "revenue");
    bool several = json_count(json_get(o, "revenue")) > 1;
    AUTO_FREE char *line = mem_printf("%s  %s", text[0] ? text : "-",
                                      several ? T(DASHBOARD_NOT_ADDED) : "");
    link_prose(t, ROLE_NORMAL, T(DASHBOARD_REVENUE), line, "orders date:today",
               width);
}

/* The first few by name, the rest behind the number. */
static void low_stock(struct textview *t, const struct json *o) {
    AUTO_BUF struct buf all = BUF_INIT;
    char n[32];
    int64_t count = model_int(o, "low_stock", 0);
    buf_addf(&all, "%7s", progress_count(n, count));
    link_line(t, count ? ROLE_WARN : ROLE_DIM, T(DASHBOARD_LOW_STOCK),
              buf_str(&all), "products low:yes");
    const struct json *p = json_first(json_get(o, "low_stock_list"));
    for (int i = 0; p && i < 5; p = json_next(p), i++) {
        AUTO_BUF struct buf b = BUF_INIT;
        AUTO_FREE char *target = mem_printf("product %s", model_str(p, "ref"));
        pad(&b, model_str(p, "stock_quantity"), -7);
        buf_adds(&b, "  ");
        pad(&b, model_str(p, "sku"), 14);
        buf_addf(&b, " %s", model_str(p, "name"));
        link_line(t, ROLE_NORMAL, "", buf_str(&b), target);
    }
}

/* What waits for a person, each number behind its list. A zero is no news but
 * for the last of them: then nothing does. */
static const struct waits {
    const char *path, *target;
    enum text_id text;
    int role;
    bool house; /* an owner has no such list */
} waits[] = {
    {"waiting.conflicts", "changes state:conflict",
     TEXT_DASHBOARD_CHANGE_CONFLICT, ROLE_BAD, true},
    {"waiting.unknown", "changes state:unknown", TEXT_DASHBOARD_UNKNOWN,
     ROLE_WARN, true},
    {"waiting.refused", "changes state:refused", TEXT_DASHBOARD_REFUSED,
     ROLE_BAD, true},
    {"waiting.approvals", "changes state:awaiting", TEXT_DASHBOARD_APPROVALS,
     ROLE_WARN, true},
    {"waiting.proposals", "approvals state:pending", TEXT_DASHBOARD_PROPOSALS,
     ROLE_WARN, false},
    {"waiting.requested", "returns state:requested", TEXT_DASHBOARD_REQUESTED,
     ROLE_WARN, false},
    {"waiting.returns", "returns state:open", TEXT_DASHBOARD_RETURNS,
     ROLE_NORMAL, false},
    {"waiting.urgent", "tickets priority:urgent state:active",
     TEXT_DASHBOARD_URGENT, ROLE_BAD, false},
    {"waiting.tickets", "tickets unread:yes", TEXT_DASHBOARD_TICKETS, ROLE_WARN,
     false},
    {"waiting.open_tickets", "tickets state:active",
     TEXT_DASHBOARD_OPEN_TICKETS, ROLE_NORMAL, false},
    {"waiting.drift", "attention what:drift", TEXT_DASHBOARD_DRIFT, ROLE_WARN,
     true},
    {"waiting.reorder", "inventory reorder:yes", TEXT_DASHBOARD_REORDER,
     ROLE_WARN, false},
    {"waiting.attention", "attention", TEXT_DASHBOARD_ATTENTION, ROLE_WARN,
     true},
};

static void waiting(struct textview *t, const struct json *o, bool owner) {
    const char *label = T(DASHBOARD_WAITING);
    for (size_t i = 0; i < sizeof waits / sizeof *waits; i++) {
        const struct waits *w = &waits[i];
        AUTO_BUF struct buf b = BUF_INIT;
        char n[32];
        int64_t count = model_int(o, w->path, 0);
        if (count == 0 || (owner && w->house))
            continue;
        text_format(&b, tr_lang, w->text, "n", progress_count(n, count), NULL);
        link_line(t, w->role, label, buf_str(&b), w->target);
        label = "";
    }
    if (label[0])
        textview_add(t, ROLE_DIM, label, "%s", T(DASHBOARD_NOTHING));
}

static void stores(struct detail *d, struct textview *t, const struct json *o) {
    const struct json *s = json_first(json_get(o, "stores"));
    const char *label = T(DASHBOARD_STORES);
    for (; s; s = json_next(s)) {
        const char *state = model_str(s, "state");
        AUTO_FREE char *target = mem_printf("store %s", model_str(s, "name"));
        AUTO_BUF struct buf b = BUF_INIT;
        pad(&b, model_str(s, "name"), 17);
        pad(&b, tr_word("state", state), 13);
        buf_adds(&b, app_age(d->base.app, model_time(s, "fresh")));
        textview_add(t, store_state_role(state), label, "%s", buf_str(&b));
        textview_link(t, target);
        label = "";
    }
}

static void recent(struct detail *d, struct textview *t, const struct json *o) {
    const struct json *r = json_first(json_get(o, "recent"));
    const char *label = T(DASHBOARD_RECENT);
    for (; r; r = json_next(r)) {
        struct order_row row = {0};
        if (order_row_read(r, &row) < 0) {
            continue;
        }
        AUTO_FREE char *target = mem_printf("order %s", row.ref);
        AUTO_BUF struct buf b = BUF_INIT;
        pad(&b, row.ref, 14);
        pad(&b, app_age(d->base.app, row.created_ms), -6);
        buf_addc(&b, ' ');
        pad(&b, field_status(tr_lang, row.status), 13);
        pad(&b, row.total, -10);
        buf_addf(&b, " %s  %s", row.currency, row.name);
        textview_add(t, ROLE_NORMAL, label, "%s", buf_str(&b));
        textview_link(t, target);
        label = "";
    }
}

/* An owner looks at the shop, who works here at the work. */
static void lines(struct detail *d, struct textview *t, int width) {
    const struct json *o = detail_object(d);
    bool owner = app_is_owner(d->base.app);
    today(t, o, width);
    work(d, t, "todo", T(DASHBOARD_TODO), ROLE_NORMAL, "orders phase:todo",
         width);
    work(d, t, "held", T(DASHBOARD_HELD), ROLE_WARN, "orders phase:held",
         width);
    work(d, t, "late", T(DASHBOARD_LATE), ROLE_BAD, "orders late:yes", width);
    if (!owner)
        in_hand(t, o, width);
    statuses(t, o, width);
    revenue(t, o, width);
    dashboard_hours(t, o, pictures(d), width);
    waiting(t, o, owner);
    low_stock(t, o);
    stores(d, t, o);
    recent(d, t, o);
}

static const struct detail_tab tabs[] = {
    {TEXT_SCREEN_DASHBOARD, lines, NULL, 0}};

static const struct detail_def def = {
    .parts = {{"dashboard.get"}},
    .topic = "order",
    .tabs = tabs,
    .n_tabs = 1,
};

static struct view *dashboard_open(struct app *a, const char *arg) {
    (void)arg;
    return detail_open(a, &view_dashboard_ops, &def, "");
}

/* Any change may move a number: all topics but the progress of jobs. */
static void dashboard_event(struct view *v, const struct view_event *e) {
    struct view_event any = *e;
    if (!str_eq(e->topic, "job") && !str_eq(e->topic, "sync")) {
        any.topic = "order";
        any.ref = "";
        detail_event(v, &any);
    }
}

const struct view_ops view_dashboard_ops = {
    .id = VIEW_DASHBOARD,
    .title = TEXT_SCREEN_DASHBOARD,
    .open = dashboard_open,
    .close = detail_close,
    .draw = detail_draw,
    .action = detail_action,
    .event = dashboard_event,
    .shown = detail_shown,
    .plain = detail_plain,
    .pick = detail_pick,
};
