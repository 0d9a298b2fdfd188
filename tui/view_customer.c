/* One customer: who it is, what was bought, where it goes. */
#include <string.h>

#include "common/field.h"
#include "common/json.h"
#include "common/mem.h"
#include "common/str.h"
#include "tui/detail.h"
#include "tui/edits.h"
#include "tui/link.h"
#include "tui/model.h"
#include "tui/pad.h"
#include "tui/progress.h"
#include "tui/tickets.h"
#include "tui/tr.h"
#include "tui/views.h"

enum { PART_RAW = 1, PART_CHANGES, PART_MARKS };
enum { TAB_NOTES = 2, TAB_RAW = 4, TABS = 5 };
#define NOTE "note "

static void history(struct detail *d, struct textview *t, int width) {
    const struct json *o = json_first(json_get(detail_object(d), "recent"));
    (void)width;
    if (!o) {
        textview_add(t, ROLE_DIM, NULL, "%s", T(UI_NO_ORDERS));
    }
    for (; o; o = json_next(o)) {
        struct order_row r = {0};
        AUTO_BUF struct buf when = BUF_INIT;
        char flags[120];
        int role;
        if (order_row_read(o, &r) < 0) {
            continue;
        }
        app_when(d->base.app, r.created_ms, &when);
        order_row_flags(&r, flags, sizeof flags, &role);
        AUTO_FREE char *link = mem_printf("order %s", r.ref);
        AUTO_BUF struct buf b = BUF_INIT;
        pad(&b, r.ref, 17);
        pad(&b, field_status(tr_lang, r.status), 13);
        pad(&b, r.total, -12);
        buf_addf(&b, " %s  %s", r.currency, flags);
        textview_add(t, role, buf_str(&when), "%s", buf_str(&b));
        textview_link(t, link);
    }
}

static void addresses(struct detail *d, struct textview *t, int width) {
    const struct json *o = detail_object(d);
    (void)width;
    detail_address(t, T(ORDER_SHIP_TO), json_get(o, "shipping"));
    textview_add(t, ROLE_NORMAL, NULL, "%s", "");
    detail_address(t, T(ORDER_BILL_TO), json_get(o, "billing"));
}

static void raw(struct detail *d, struct textview *t, int width) {
    detail_raw(t, json_get(detail_part(d, PART_RAW), "object"), width);
}

/* What the house knows; Enter on one takes it away. */
static void notes(struct detail *d, struct textview *t, int width) {
    const struct json *n =
        json_first(json_get(detail_part(d, PART_MARKS), "notes"));
    if (!n) {
        textview_add(t, ROLE_DIM, NULL, "%s", T(CUSTOMER_NO_NOTES));
    }
    for (; n; n = json_next(n)) {
        AUTO_BUF struct buf when = BUF_INIT;
        AUTO_FREE char *link = mem_printf(NOTE "%s", model_str(n, "id"));
        app_when(d->base.app, model_time(n, "at"), &when);
        textview_add(t, ROLE_DIM, NULL, "%s  %s  %s", model_str(n, "id"),
                     buf_str(&when), model_str(n, "author"));
        textview_link(t, link);
        textview_prose(t, ROLE_NORMAL, NULL, model_str(n, "text"), width);
    }
}

static void changes(struct detail *d, struct textview *t, int width) {
    detail_changes(d, t, width, PART_CHANGES);
}

static const struct detail_tab tabs[] = {
    {TEXT_TAB_ORDERS, history, "recent", 0},
    {TEXT_TAB_ADDRESSES, addresses, NULL, 0},
    {TEXT_TAB_OUR_NOTES, notes, NULL, PART_MARKS, .staff = true},
    {TEXT_TAB_CHANGES, changes, NULL, PART_CHANGES, .staff = true},
    {TEXT_TAB_RAW, raw, NULL, PART_RAW, .staff = true},
};

static void top(struct detail *d, struct textview *t, int width) {
    const struct json *o = detail_object(d);
    AUTO_BUF struct buf b = BUF_INIT;
    struct customer_row r = {0};
    char n[32], average[80];
    (void)customer_row_read(o, &r);
    buf_addf(&b, "%s  %s", r.name[0] ? r.name : r.email,
             r.guest ? T(CUSTOMER_GUEST) : T(CUSTOMER_REGISTERED));
    buf_addf(&b, "  %s  %s %s", r.name[0] ? r.email : "", r.city, r.country);
    textview_prose(t, ROLE_KEY, NULL, buf_str(&b), width);
    buf_clear(&b);
    TF(&b, COUNTS_ORDERS, "n", progress_count(n, r.orders));
    buf_addf(&b, "  %s  ", r.spent);
    model_amounts(average, sizeof average, o, "average");
    if (average[0]) {
        TF(&b, CUSTOMER_AVERAGE, "amount", average);
    }
    if (r.tags[0]) {
        buf_addf(&b, "  #%s", r.tags);
    }
    textview_prose(t, ROLE_NORMAL, NULL, buf_str(&b), width);
}

static const struct detail_def def = {
    .parts = {{"customers.get", NULL},
              {"customers.raw", NULL},
              {"changes.list", "object"},
              {"customers.marks", NULL}},
    .param = "ref",
    .topic = "customer",
    .tabs = tabs,
    .n_tabs = TABS,
    .top = top,
};

static struct view *customer_open(struct app *a, const char *arg) {
    size_t n = strlen(arg);
    bool show_raw = str_ends(arg, " raw");
    AUTO_FREE char *key = mem_dupn(arg, show_raw ? n - 4 : n);
    struct view *v = detail_open(a, &view_customer_ops, &def, key);
    if (show_raw) {
        ((struct detail *)v)->tab = TAB_RAW;
    }
    return v;
}

static void show_orders(struct detail *d) {
    const struct json *o = detail_object(d);
    const char *email = model_str(o, "email");
    if (*email) {
        AUTO_FREE char *filter =
            mem_printf("store:%s email:\"%s\"", model_str(o, "store"), email);
        app_go(d->base.app, VIEW_ORDERS, filter);
    }
}

/* --- notes --------------------------------------------------------------- */

static void on_unnoted(void *arg, const struct link_reply *r) {
    struct detail *d = arg;
    if (!r->result) {
        app_say_error(d->base.app, r);
        return;
    }
    app_say(d->base.app, ROLE_GOOD, "%s", T(MESSAGE_MARKED));
    detail_reload(d);
}

/* The line may have moved while it was typed: the number is the word. */
static void unnote_typed(void *arg, const char *id) {
    struct detail *d = arg;
    AUTO_BUF struct buf params = BUF_INIT;
    struct jsonw w;
    jsonw_init(&w, &params);
    jsonw_begin_object(&w);
    jsonw_kstring(&w, "ref", d->key);
    jsonw_kstring(&w, "note", id);
    jsonw_end_object(&w);
    int err = link_write(app_link(d->base.app), "customers.unnote",
                         buf_str(&params), on_unnoted, d);
    if (err < 0) {
        app_say(d->base.app, ROLE_BAD, "%s", text_error(tr_lang, err));
    }
}

static bool ask_unnote(struct detail *d) {
    const char *target = textview_target(&d->text);
    AUTO_BUF struct buf b = BUF_INIT;
    if (d->tab != TAB_NOTES || !target || !str_starts(target, NOTE) ||
        !app_allows(d->base.app, ACTION_CUSTOMER_NOTE)) {
        return false;
    }
    const char *id = target + sizeof NOTE - 1;
    TF(&b, ASK_UNNOTE, "id", id);
    app_confirm(d->base.app, buf_str(&b), id, unnote_typed, d);
    return true;
}

/* --- erase ---------------------------------------------------------------- */

static void say_erased(struct app *a, const struct json *v) {
    AUTO_BUF struct buf b = BUF_INIT, stores = BUF_INIT;
    char n[32];
    (void)progress_count(n, model_int(v, "orders", 0));
    for (const struct json *s = json_first(json_get(v, "elsewhere")); s;
         s = json_next(s)) {
        buf_addf(&stores, "%s%s", stores.len ? ", " : "", json_string(s));
    }
    if (stores.len) {
        TF(&b, CUSTOMER_ERASED_ELSEWHERE, "n", n, "stores", buf_str(&stores));
    } else {
        TF(&b, CUSTOMER_ERASED, "n", n);
    }
    app_say(a, ROLE_NORMAL, "%s", buf_str(&b));
}

/* A guest is nobody any more: there is no page to come back to. */
static void on_erased(void *arg, const struct link_reply *r) {
    struct detail *d = arg;
    struct app *a = d->base.app;
    bool guest = strstr(d->key, ":guest/") != NULL;
    if (!r->result) {
        app_say_error(a, r);
        return;
    }
    say_erased(a, r->result);
    if (guest) {
        app_go(a, VIEW_CUSTOMERS, "");
    }
}

static void erase_confirmed(void *arg, const char *word) {
    struct detail *d = arg;
    AUTO_BUF struct buf params = BUF_INIT;
    struct jsonw w;
    jsonw_init(&w, &params);
    jsonw_begin_object(&w);
    jsonw_kstring(&w, "ref", d->key);
    jsonw_kstring(&w, "confirm", word);
    jsonw_end_object(&w);
    int err = link_write(app_link(d->base.app), "customers.erase",
                         buf_str(&params), on_erased, d);
    if (err < 0) {
        app_say(d->base.app, ROLE_BAD, "%s", text_error(tr_lang, err));
    }
}

/* The e-mail is typed: nothing brings the person back. */
static void erase(struct detail *d) {
    AUTO_BUF struct buf b = BUF_INIT;
    const struct json *o = detail_object(d);
    const char *email = model_str(o, "email");
    const char *name = model_str(o, "name");
    const char *word = *email ? email : d->key;
    if (o) {
        TF(&b, CUSTOMER_ERASE_CONFIRM, "who", *name ? name : word, "word",
           word);
        app_confirm(d->base.app, buf_str(&b), word, erase_confirmed, d);
    }
}

static unsigned customer_action(struct view *v, enum action_id action) {
    struct detail *d = (struct detail *)v;
    switch (action) {
    case ACTION_CUSTOMER_ORDERS:
        show_orders(d);
        return VIEW_DONE;
    case ACTION_CUSTOMER_ERASE:
        erase(d);
        return VIEW_DONE;
    case ACTION_EDIT:
        edit_customer(v->app, d->key);
        return VIEW_DONE;
    case ACTION_TICKET_NEW:
        ticket_new(v->app, d->key);
        return VIEW_DONE;
    case ACTION_CUSTOMER_TAG:
        edit_customer_tag(v->app, d->key);
        return VIEW_DONE;
    case ACTION_CUSTOMER_NOTE:
        edit_customer_note(v->app, d->key);
        return VIEW_DONE;
    case ACTION_OPEN:
        return ask_unnote(d) ? VIEW_DONE : detail_action(v, action);
    case ACTION_RAW:
        d->tab = TAB_RAW;
        d->lines_width = 0;
        return VIEW_DONE;
    default:
        return detail_action(v, action);
    }
}

/* A guest is no object of the shop; an owner changes no customer. */
static bool customer_offers(struct view *v, enum action_id action) {
    const char *key = ((struct detail *)v)->key;
    if (action == ACTION_EDIT && app_is_owner(v->app))
        return false;
    return (action != ACTION_EDIT && action != ACTION_TICKET_NEW) ||
           !strstr(key, ":guest/");
}

const struct view_ops view_customer_ops = {
    .id = VIEW_CUSTOMER,
    .title = TEXT_SCREEN_CUSTOMER,
    .open = customer_open,
    DETAIL_OPS,
    .action = customer_action,
    .offers = customer_offers,
};
