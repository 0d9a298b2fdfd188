/* One order: where it goes, what is in it, what happened to it. */
#include <string.h>

#include "common/field.h"
#include "common/json.h"
#include "common/mem.h"
#include "common/str.h"
#include "tui/detail.h"
#include "tui/link.h"
#include "tui/model.h"
#include "tui/order_acts.h"
#include "tui/order_house.h"
#include "tui/order_tabs.h"
#include "tui/tickets.h"
#include "tui/tr.h"
#include "tui/views.h"

enum { PART_TIMELINE = 1, PART_RAW = 2, PART_CHANGES = 3 };

static void changes(struct detail *d, struct textview *t, int width) {
    detail_changes(d, t, width, PART_CHANGES);
}

static const struct detail_tab tabs[] = {
    {TEXT_TAB_LINES, order_lines, NULL, 0},
    {TEXT_TAB_WHY, order_why, NULL, ORDER_PART_WHY},
    {TEXT_TAB_ADDRESSES, order_addresses, NULL, 0},
    {TEXT_TAB_NOTES, order_notes, "notes", 0},
    {TEXT_TAB_REFUNDS, order_refunds, "refunds", 0},
    {TEXT_TAB_PARCELS, order_parcels, NULL, ORDER_PART_PARCELS},
    {TEXT_TAB_TIMELINE, order_timeline, NULL, PART_TIMELINE},
    {TEXT_TAB_CHANGES, changes, "pending", PART_CHANGES, .staff = true},
    {TEXT_TAB_HOUSE, order_house, NULL, ORDER_PART_SHARES, .staff = true},
    {TEXT_TAB_RAW, order_raw, NULL, PART_RAW, .staff = true},
};
enum { TAB_WHY = 1, TAB_RAW = 9, TABS = 10 };

static void status_lines(struct detail *d, struct textview *t, int width) {
    const struct json *o = detail_object(d);
    AUTO_BUF struct buf b = BUF_INIT;
    struct order_row r = {0};
    char flags[120];
    int role;
    (void)order_row_read(o, &r);
    order_row_flags(&r, flags, sizeof flags, &role);
    buf_addf(&b, "%s%s  ", r.wanted[0] ? "->" : "",
             field_status(tr_lang, r.status));
    order_paid(d, &b);
    buf_adds(&b, "  ");
    TF(&b, ORDER_AGE, "age", app_age(d->base.app, r.created_ms));
    textview_prose(t, ROLE_KEY, NULL, buf_str(&b), width);
    if (flags[0]) {
        textview_prose(t, role, T(COL_FLAGS), flags, width - t->label_width);
    }
}

/* The last word of an address on one line. */
static void address_line(const struct json *v, struct buf *b) {
    static const char *const fields[] = {"first_name", "last_name", "company",
                                         "address_1",  "address_2", "postcode",
                                         "city",       "state",     "country"};
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++) {
        const char *s = model_str(v, fields[i]);
        bool comma = b->len && i > 1 && i != 6 && i != 7 && i != 8;
        if (*s) {
            buf_addf(b, "%s%s", comma ? ", " : b->len ? " " : "", s);
        }
    }
    const char *phone = model_str(v, "phone");
    buf_addf(b, "%s%s", *phone ? "  " : "", phone);
}

static void top(struct detail *d, struct textview *t, int width) {
    const struct json *o = detail_object(d);
    AUTO_BUF struct buf b = BUF_INIT;
    int room = width - t->label_width;
    status_lines(d, t, width);
    const char *street = model_str(o, "shipping.address_1");
    address_line(json_get(o, *street ? "shipping" : "billing"), &b);
    textview_prose(t, ROLE_NORMAL, T(ORDER_SHIP_TO), buf_str(&b), room);
    const char *note = model_str(o, "customer_note");
    if (*note) {
        AUTO_FREE char *quoted = mem_printf("\"%s\"", note);
        textview_prose(t, ROLE_WARN, T(ORDER_NOTE), quoted, room);
    }
}

static const struct detail_def def = {
    .parts = {{"orders.get", NULL},
              {"orders.timeline", NULL},
              {"orders.raw", NULL},
              {"changes.list", "object"},
              [ORDER_PART_WHY] = {"orders.why", NULL},
              [ORDER_PART_PARCELS] = {"shipments.order", NULL},
              [ORDER_PART_SHARES] = {"orders.shares", NULL}},
    .beside = ORDER_PART_WHY,
    .param = "ref",
    .topic = "order",
    .tabs = tabs,
    .n_tabs = TABS,
    .top = top,
};

/* arg: "alpine:1779", or "alpine:1779 raw" and "alpine:1779 why" to begin at
 * that tab. */
static struct view *order_open(struct app *a, const char *arg) {
    size_t n = strcspn(arg, " ");
    AUTO_FREE char *key = mem_dupn(arg, n);
    struct view *v = detail_open(a, &view_order_ops, &def, key);
    if (str_eq(arg + n, " raw")) {
        ((struct detail *)v)->tab = TAB_RAW;
    } else if (str_eq(arg + n, " why")) {
        ((struct detail *)v)->tab = TAB_WHY;
    }
    return v;
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
    detail_reload((struct detail *)v);
}

/* A guest has no id: the e-mail is the reference. */
static void open_customer(struct detail *d) {
    const struct json *o = detail_object(d);
    int64_t id = model_int(o, "customer_id", 0);
    const char *email = model_str(o, "email");
    AUTO_FREE char *ref = NULL;
    if (id > 0) {
        ref = mem_printf("%s:customer/%lld", model_str(o, "store"),
                         (long long)id);
    } else if (*email) {
        ref = mem_printf("%s:guest/%s", model_str(o, "store"), email);
    }
    if (ref) {
        app_push(d->base.app, &view_customer_ops, ref);
    }
}

static unsigned order_action(struct view *v, enum action_id action) {
    struct detail *d = (struct detail *)v;
    switch (action) {
    case ACTION_REFRESH:
        app_say(v->app, ROLE_NORMAL, "%s", T(ORDER_REFRESHING));
        view_ask_ref(v->app, "orders.refresh", d->key, on_refreshed, v);
        return VIEW_DONE;
    case ACTION_CUSTOMER_ORDERS:
        open_customer(d);
        return VIEW_DONE;
    case ACTION_TICKET_NEW:
        ticket_new(v->app, d->key);
        return VIEW_DONE;
    case ACTION_CHARGE:
        order_charge(v->app, d->key);
        return VIEW_DONE;
    case ACTION_SHARE:
        order_share(v->app, d->key);
        return VIEW_DONE;
    case ACTION_OPEN:
        return order_house_open(d) ? VIEW_DONE : detail_action(v, action);
    case ACTION_RAW:
        d->tab = TAB_RAW;
        d->lines_width = 0;
        return VIEW_DONE;
    default:
        break;
    }
    struct order_set *set = order_set_new();
    order_set_add(set, d->key, model_str(detail_object(d), "status"));
    unsigned done = order_act(v->app, action, set);
    return done ? done : detail_action(v, action);
}

static void order_head(struct view *v, struct buf *out) {
    const struct json *o = detail_object((struct detail *)v);
    if (o) {
        TF(out, ORDER_CHECKED, "age",
           app_age(v->app, model_time(o, "checked")));
    }
}

const struct view_ops view_order_ops = {
    .id = VIEW_ORDER,
    .title = TEXT_SCREEN_ORDER,
    .open = order_open,
    DETAIL_OPS,
    .action = order_action,
    .offers = order_offers,
    .head = order_head,
};
