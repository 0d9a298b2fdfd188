/* Today at a glance. Each number is a link to the list behind it. */
#include "common/json.h"
#include "common/mem.h"
#include "common/str.h"
#include "tui/detail.h"
#include "tui/model.h"
#include "tui/pad.h"
#include "tui/progress.h"
#include "tui/tr.h"
#include "tui/views.h"

enum { BAR_MAX = 30, HOURS = 24 };

static const char *number(char dst[32], const struct json *o,
                          const char *path) {
    return progress_count(dst, model_int(o, path, 0));
}

static void link_line(struct textview *t, int role, const char *label,
                      const char *text, const char *target) {
    textview_add(t, role, label, "%s", text);
    textview_link(t, target);
}

/* Everything of today, whatever its status. */
static void today(struct textview *t, const struct json *o) {
    AUTO_BUF struct buf b = BUF_INIT;
    char n[32];
    TF(&b, DASHBOARD_ORDERS, "n", number(n, o, "today.orders"));
    buf_adds(&b, "   ");
    TF(&b, DASHBOARD_COMPLETED, "n", number(n, o, "today.completed"));
    buf_adds(&b, "   ");
    TF(&b, DASHBOARD_CANCELLED, "n", number(n, o, "today.cancelled"));
    link_line(t, ROLE_NORMAL, T(DASHBOARD_TODAY), buf_str(&b),
              "orders date:today");
}

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

static void bar(struct buf *b, int64_t n, int64_t max, int width) {
    int64_t full = max > 0 ? (n * width + max - 1) / max : 0;
    for (int64_t i = 0; i < full; i++) {
        buf_addc(b, '#');
    }
}

static void work(struct textview *t, const struct json *o, const char *path,
                 const char *label, int role, const char *target, int width) {
    AUTO_BUF struct buf b = BUF_INIT;
    char n[32];
    int64_t value = model_int(o, path, 0);
    int room = width - t->label_width - 9;
    buf_addf(&b, "%7s  ", progress_count(n, value));
    bar(&b, value, most(o), room > BAR_MAX ? BAR_MAX : room);
    link_line(t, value ? role : ROLE_DIM, label, buf_str(&b), target);
}

/* The busiest hour fills the line; hours without orders at both ends go. */
static void hours(struct textview *t, const struct json *o, int width) {
    int64_t n[HOURS] = {0};
    int64_t max = 0;
    int count = 0, first = HOURS;
    const struct json *h = json_first(json_get(o, "hours"));
    for (; h && count < HOURS; h = json_next(h), count++) {
        (void)json_i64(h, false, &n[count]);
        max = n[count] > max ? n[count] : max;
        first = n[count] && first == HOURS ? count : first;
    }
    const char *label = T(DASHBOARD_PER_HOUR);
    int room = width - t->label_width - 10;
    for (int i = first; i < count; i++) {
        AUTO_BUF struct buf b = BUF_INIT;
        buf_addf(&b, "%02d %4lld  ", i, (long long)n[i]);
        bar(&b, n[i], max, room > BAR_MAX ? BAR_MAX : room);
        textview_add(t, ROLE_DIM, label, "%s", buf_str(&b));
        label = "";
    }
}

/* Currencies side by side, never added up. */
static void revenue(struct textview *t, const struct json *o) {
    char text[200];
    model_amounts(text, sizeof text, o, "revenue");
    bool several = json_count(json_get(o, "revenue")) > 1;
    textview_add(t, ROLE_NORMAL, T(DASHBOARD_REVENUE), "%s  %s",
                 text[0] ? text : "-", several ? T(DASHBOARD_NOT_ADDED) : "");
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

/* What waits for a person, each number behind its list. */
static void waiting(struct textview *t, const struct json *o) {
    static const struct {
        const char *path, *target;
        enum text_id text;
        int role;
    } rows[] = {
        {"waiting.conflicts", "changes state:conflict",
         TEXT_DASHBOARD_CHANGE_CONFLICT, ROLE_BAD},
        {"waiting.unknown", "changes state:unknown", TEXT_DASHBOARD_UNKNOWN,
         ROLE_WARN},
        {"waiting.refused", "changes state:refused", TEXT_DASHBOARD_REFUSED,
         ROLE_BAD},
        {"waiting.approvals", "changes state:awaiting",
         TEXT_DASHBOARD_APPROVALS, ROLE_WARN},
        {"waiting.proposals", "approvals state:pending",
         TEXT_DASHBOARD_PROPOSALS, ROLE_WARN},
        {"waiting.drift", "attention what:drift", TEXT_DASHBOARD_DRIFT,
         ROLE_WARN},
        {"waiting.reorder", "inventory reorder:yes", TEXT_DASHBOARD_REORDER,
         ROLE_WARN},
        {"waiting.tickets", "tickets unread:yes", TEXT_DASHBOARD_TICKETS,
         ROLE_WARN},
        {"waiting.attention", "attention", TEXT_DASHBOARD_ATTENTION, ROLE_WARN},
    };
    const char *label = T(DASHBOARD_WAITING);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        AUTO_BUF struct buf b = BUF_INIT;
        char n[32];
        int64_t count = model_int(o, rows[i].path, 0);
        bool last = i + 1 == sizeof rows / sizeof *rows;
        if (count == 0 && !last) {
            continue; /* a zero is no news but for the last of them */
        }
        text_format(&b, tr_lang, rows[i].text, "n", progress_count(n, count),
                    NULL);
        link_line(t, count ? rows[i].role : ROLE_DIM, label, buf_str(&b),
                  rows[i].target);
        label = "";
    }
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
        pad(&b, row.status, 13);
        pad(&b, row.total, -10);
        buf_addf(&b, " %s  %s", row.currency, row.name);
        textview_add(t, ROLE_NORMAL, label, "%s", buf_str(&b));
        textview_link(t, target);
        label = "";
    }
}

static void lines(struct detail *d, struct textview *t, int width) {
    const struct json *o = detail_object(d);
    today(t, o);
    work(t, o, "todo", T(DASHBOARD_TODO), ROLE_NORMAL, "orders phase:todo",
         width);
    work(t, o, "held", T(DASHBOARD_HELD), ROLE_WARN, "orders phase:held",
         width);
    work(t, o, "late", T(DASHBOARD_LATE), ROLE_BAD, "orders late:yes", width);
    revenue(t, o);
    low_stock(t, o);
    waiting(t, o);
    stores(d, t, o);
    recent(d, t, o);
    hours(t, o, width);
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
