/* Orders of all stores in one queue. */
#include <string.h>

#include "common/field.h"
#include "common/json.h"
#include "common/mem.h"
#include "common/str.h"
#include "tui/edits.h"
#include "tui/link.h"
#include "tui/list_view.h"
#include "tui/loop.h"
#include "tui/model.h"
#include "tui/new_order.h"
#include "tui/order_acts.h"
#include "tui/progress.h"
#include "tui/tr.h"
#include "tui/views.h"

enum {
    COL_REF,
    COL_AGE,
    COL_STATUS,
    COL_NAME,
    COL_LINES,
    COL_ITEMS,
    COL_TOTAL,
    COL_FLAGS,
    COLS
};

static const struct column columns[COLS] = {
    [COL_REF] = {TEXT_COL_ORDER, 12, 18, 1, false},
    [COL_AGE] = {TEXT_COL_AGE, 5, 5, 4, true},
    [COL_STATUS] = {TEXT_COL_STATUS, 12, 16, 2, false},
    [COL_NAME] = {TEXT_COL_CUSTOMER, 11, 30, 6, false},
    [COL_LINES] = {TEXT_COL_LINES, 5, 5, 8, true},
    [COL_ITEMS] = {TEXT_COL_ITEMS, 5, 6, 9, true},
    [COL_TOTAL] = {TEXT_COL_TOTAL, 13, 18, 5, true},
    [COL_FLAGS] = {TEXT_COL_FLAGS, 12, 26, 3, false}, /* "late packing" */
};

enum { STATUSES_MAX = 40 };

struct orders {
    struct list_view list;
    int64_t all, todo, held, late; /* -1 unknown */
    struct {
        char slug[40];
        int64_t n;
    } statuses[STATUSES_MAX];
    int n_statuses;
};

/* A guest without a name is known by the e-mail. */
static void add_name(const struct order_row *r, struct buf *out) {
    bool guest = str_empty(r->name);
    buf_addf(out, "%s%s%s", guest ? T(ORDER_GUEST) : r->name,
             guest && r->email[0] ? " " : "", guest ? r->email : "");
}

static void cell(struct app *a, const void *row, int column, struct buf *out,
                 int *ret_role) {
    const struct order_row *r = row;
    char flags[120];
    switch (column) {
    case COL_REF:
        buf_adds(out, r->ref);
        break;
    case COL_AGE:
        *ret_role = ROLE_DIM;
        buf_adds(out, app_age(a, r->created_ms));
        break;
    case COL_STATUS:
        buf_addf(out, "%s%s", r->wanted[0] ? "->" : "",
                 field_status(tr_lang, r->status));
        break;
    case COL_NAME:
        add_name(r, out);
        break;
    case COL_LINES:
        buf_addf(out, "%lld", (long long)r->lines);
        break;
    case COL_ITEMS:
        buf_adds(out, r->items);
        break;
    case COL_TOTAL:
        buf_addf(out, "%s %s", r->total, r->currency);
        break;
    default:
        order_row_flags(r, flags, sizeof flags, ret_role);
        buf_adds(out, flags);
        break;
    }
}

/* The counters answer the whole list and one status; any other filter is
 * only counted by reading to its end. */
static int64_t total(struct list_view *l) {
    const struct orders *o = (const struct orders *)l;
    if (str_empty(l->filter)) {
        return o->all;
    }
    for (int i = 0; i < o->n_statuses; i++) {
        if (str_starts(l->filter, "status:") &&
            str_eq(l->filter + strlen("status:"), o->statuses[i].slug)) {
            return o->statuses[i].n;
        }
    }
    return -1;
}

static const char *const sorts[] = {"-date_created", "date_created", "-total",
                                    "total", NULL};

static const char *seen(const void *row) {
    return ((const struct order_row *)row)->status;
}

static const struct list_def def = {
    .rows = {"orders.list", sizeof(struct order_row), order_row_read,
             order_row_key},
    .topic = "order",
    .columns = columns,
    .n_columns = COLS,
    .sorts = sorts,
    .cell = cell,
    .seen = seen,
    .detail = &view_order_ops,
    .total = total,
    .empty = TEXT_UI_NO_ORDERS,
};

static void read_statuses(struct orders *o, const struct json *list) {
    const struct json *s = json_first(list);
    o->n_statuses = 0;
    for (; s && o->n_statuses < STATUSES_MAX; s = json_next(s)) {
        int i = o->n_statuses++;
        (void)str_copy(o->statuses[i].slug, sizeof o->statuses[i].slug,
                       json_key(s));
        o->statuses[i].n = -1;
        (void)json_i64(s, false, &o->statuses[i].n);
    }
}

static void on_counts(void *arg, const struct link_reply *r) {
    struct orders *o = arg;
    if (r->result) {
        o->all = model_int(r->result, "total", -1);
        o->todo = model_int(r->result, "todo", -1);
        o->held = model_int(r->result, "held", -1);
        o->late = model_int(r->result, "late", -1);
        read_statuses(o, json_get(r->result, "statuses"));
        app_dirty(o->list.base.app);
    }
}

/* Counts of all stores, independent of the filter. */
static void ask_counts(struct orders *o) {
    /* A full queue only leaves the old counts standing. */
    (void)link_ask(app_link(o->list.base.app), "orders.counts", "{}", on_counts,
                   o);
}

static struct view *orders_open(struct app *a, const char *filter) {
    struct orders *o = NEW(struct orders);
    o->all = o->todo = o->held = o->late = -1;
    list_view_init(&o->list, a, &view_orders_ops, &def, filter);
    ask_counts(o);
    return &o->list.base;
}

static void counts_due(void *arg) {
    ask_counts(arg);
}

static void orders_event(struct view *v, const struct view_event *e) {
    enum { COUNTS_MS = 500 };
    struct loop *loop = app_loop(v->app);
    list_view_event(v, e);
    if ((str_eq(e->topic, "order") || str_eq(e->topic, "system")) &&
        !loop_timer_pending(loop, counts_due, v)) {
        loop_timer(loop, COUNTS_MS, counts_due, v);
    }
}

static void add_count(struct buf *out, enum text_id id, int64_t n) {
    char text[32];
    if (n >= 0) {
        buf_adds(out, out->len ? "  " : "");
        text_format(out, tr_lang, id, "n", progress_count(text, n), NULL);
    }
}

static void orders_head(struct view *v, struct buf *out) {
    struct orders *o = (struct orders *)v;
    add_count(out, TEXT_COUNTS_TODO, o->todo);
    add_count(out, TEXT_COUNTS_HELD, o->held);
    add_count(out, TEXT_COUNTS_LATE, o->late);
}

static void on_refreshed(void *arg, const struct link_reply *r) {
    struct view *v = arg;
    if (!r->result) {
        app_say_error(v->app, r);
        return;
    }
    app_say(v->app, ROLE_GOOD, "%s",
            model_flag(r->result, "changed") ? T(ORDER_REFRESHED_CHANGED)
                                             : T(ORDER_REFRESHED));
    list_view_touch((struct list_view *)v);
}

static void refresh_one(const char *key, const char *seen, void *arg) {
    struct view *v = arg;
    (void)seen;
    view_ask_ref(v->app, "orders.refresh", key, on_refreshed, v);
}

static void add_order(const char *key, const char *status, void *arg) {
    order_set_add(arg, key, status);
}

static unsigned orders_action(struct view *v, enum action_id action) {
    struct list_view *l = (struct list_view *)v;
    const struct order_row *r = list_view_row(l);
    switch (action) {
    case ACTION_REFRESH:
        app_say(v->app, ROLE_NORMAL, "%s", T(ORDER_REFRESHING));
        (void)list_view_each(l, refresh_one, v);
        return VIEW_DONE;
    case ACTION_RAW:
        if (r) {
            AUTO_FREE char *arg = mem_printf("%s raw", r->ref);
            app_push(v->app, &view_order_ops, arg);
        }
        return VIEW_DONE;
    case ACTION_CREATE:
        new_order(v->app, r ? r->store : "");
        return VIEW_DONE;
    default:
        break;
    }
    struct order_set *set = order_set_new();
    (void)list_view_each(l, add_order, set);
    unsigned done = order_act(v->app, action, set);
    return done ? done : list_view_action(v, action);
}

const struct view_ops view_orders_ops = {
    .id = VIEW_ORDERS,
    .title = TEXT_SCREEN_ORDERS,
    .open = orders_open,
    LIST_VIEW_OPS,
    .event = orders_event,
    .action = orders_action,
    .offers = order_offers,
    .head = orders_head,
    .query = "orders",
};
