/* Customers, registered ones and guests. */
#include "common/mem.h"
#include "common/str.h"
#include "tui/edits.h"
#include "tui/list_view.h"
#include "tui/model.h"
#include "tui/tr.h"
#include "tui/views.h"

enum {
    COL_NAME,
    COL_EMAIL,
    COL_CITY,
    COL_ORDERS,
    COL_SPENT,
    COL_LAST,
    COL_STORE,
    COL_KIND,
    COLS
};

static const struct column columns[COLS] = {
    [COL_NAME] = {TEXT_COL_NAME, 16, 30, 1, false},
    [COL_EMAIL] = {TEXT_COL_EMAIL, 18, 32, 4, false},
    [COL_CITY] = {TEXT_COL_CITY, 10, 20, 6, false},
    [COL_ORDERS] = {TEXT_COL_ORDERS, 6, 8, 2, true},
    [COL_SPENT] = {TEXT_COL_SPENT, 14, 26, 3, true},
    [COL_LAST] = {TEXT_COL_LAST_ORDER, 5, 11, 5, true},
    [COL_STORE] = {TEXT_COL_STORE, 8, 14, 7, false},
    [COL_KIND] = {TEXT_COL_TYPE, 10, 12, 8, false},
};

static void cell(struct app *a, const void *row, int column, struct buf *out,
                 int *ret_role) {
    const struct customer_row *r = row;
    switch (column) {
    case COL_NAME:
        buf_addf(out, "%s%s%s", r->name[0] ? r->name : r->email,
                 r->tags[0] ? " #" : "", r->tags);
        break;
    case COL_EMAIL:
        buf_adds(out, r->email);
        break;
    case COL_CITY:
        buf_addf(out, "%s %s", r->city, r->country);
        break;
    case COL_ORDERS:
        buf_addf(out, "%lld", (long long)r->orders);
        break;
    case COL_SPENT:
        buf_adds(out, r->spent);
        break;
    case COL_LAST:
        *ret_role = ROLE_DIM;
        buf_adds(out, app_age(a, r->last_order_ms));
        break;
    case COL_STORE:
        buf_adds(out, r->store);
        break;
    default:
        *ret_role = ROLE_DIM;
        buf_adds(out, r->guest ? T(CUSTOMER_GUEST) : T(CUSTOMER_REGISTERED));
        break;
    }
}

static const char *const sorts[] = {"name", "-name", NULL};

static const struct list_def def = {
    .rows = {"customers.list", sizeof(struct customer_row), customer_row_read,
             customer_row_key},
    .topic = "customer",
    .columns = columns,
    .n_columns = COLS,
    .sorts = sorts,
    .cell = cell,
    .detail = &view_customer_ops,
    .empty = TEXT_UI_NO_CUSTOMERS,
    .count = TEXT_COUNTS_CUSTOMERS,
};

static struct view *customers_open(struct app *a, const char *filter) {
    return list_view_open(a, &view_customers_ops, &def, filter);
}

/* All orders of whoever is selected, as a filter that can be edited. */
static void show_orders(struct view *v, const struct customer_row *r) {
    AUTO_FREE char *filter =
        mem_printf("store:%s email:\"%s\"", r->store, r->email);
    app_go(v->app, VIEW_ORDERS, filter);
}

static unsigned customers_action(struct view *v, enum action_id action) {
    const struct customer_row *r = list_view_row((struct list_view *)v);
    switch (action) {
    case ACTION_CUSTOMER_ORDERS:
        if (r && r->email[0]) {
            show_orders(v, r);
        }
        return VIEW_DONE;
    case ACTION_EDIT:
        if (r && !r->guest) {
            edit_customer(v->app, r->ref);
        }
        return VIEW_DONE;
    case ACTION_CREATE:
        create_customer(v->app);
        return VIEW_DONE;
    case ACTION_CUSTOMER_TAG:
        if (r) {
            edit_customer_tag(v->app, r->ref);
        }
        return VIEW_DONE;
    case ACTION_CUSTOMER_NOTE:
        if (r) {
            edit_customer_note(v->app, r->ref);
        }
        return VIEW_DONE;
    case ACTION_RAW:
        if (r && !r->guest) {
            AUTO_FREE char *arg = mem_printf("%s raw", r->ref);
            app_push(v->app, &view_customer_ops, arg);
        }
        return VIEW_DONE;
    default:
        return list_view_action(v, action);
    }
}

/* A guest is no object of the shop; an owner changes no customer. */
static bool customers_offers(struct view *v, enum action_id action) {
    const struct customer_row *r = list_view_row((struct list_view *)v);
    if (app_is_owner(v->app))
        return action != ACTION_EDIT && action != ACTION_CREATE;
    return action != ACTION_EDIT || (r && !r->guest);
}

const struct view_ops view_customers_ops = {
    .id = VIEW_CUSTOMERS,
    .title = TEXT_SCREEN_CUSTOMERS,
    .open = customers_open,
    LIST_VIEW_OPS,
    .event = list_view_event,
    .action = customers_action,
    .offers = customers_offers,
    .head = list_view_head,
    .query = "customers",
};
