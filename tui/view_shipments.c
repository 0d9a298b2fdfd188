/* Parcels of all stores, newest first, and one of them with what lies in it. */
#include <string.h>

#include "common/json.h"
#include "common/mem.h"
#include "common/str.h"
#include "tui/detail.h"
#include "tui/list_view.h"
#include "tui/model.h"
#include "tui/model_pack.h"
#include "tui/shipment_acts.h"
#include "tui/tr.h"
#include "tui/views.h"
#include "tui/web_address.h"

enum {
    COL_ID,
    COL_REF,
    COL_STATE,
    COL_CARRIER,
    COL_TRACKING,
    COL_PIECES,
    COL_WHEN,
    COL_TOLD,
    COLS
};

static const struct column columns[COLS] = {
    [COL_ID] = {TEXT_COL_PARCEL, 6, 8, 1, false},
    [COL_REF] = {TEXT_COL_ORDER, 12, 18, 3, false},
    [COL_STATE] = {TEXT_COL_STATE, 10, 16, 2, false},
    [COL_CARRIER] = {TEXT_FORM_CARRIER, 8, 14, 5, false},
    [COL_TRACKING] = {TEXT_COL_TRACKING, 12, 24, 4, false},
    [COL_PIECES] = {TEXT_COL_ITEMS, 5, 6, 7, true},
    [COL_WHEN] = {TEXT_COL_WHEN, 5, 5, 6, true},
    [COL_TOLD] = {TEXT_COL_TOLD, 9, 12, 8, false},
};

static void cell(struct app *a, const void *row, int column, struct buf *out,
                 int *ret_role) {
    const struct shipment_row *r = row;
    switch (column) {
    case COL_ID:
        buf_adds(out, r->id);
        break;
    case COL_REF:
        buf_adds(out, r->ref);
        break;
    case COL_STATE:
        *ret_role = shipment_state_role(r->state);
        buf_adds(out, tr_word("parcel", r->state));
        break;
    case COL_CARRIER:
        buf_adds(out, r->carrier);
        break;
    case COL_TRACKING:
        buf_adds(out, r->tracking);
        break;
    case COL_PIECES:
        buf_adds(out, r->pieces);
        break;
    case COL_WHEN:
        *ret_role = ROLE_DIM;
        buf_adds(out, app_age(a, r->changed_ms));
        break;
    default:
        *ret_role = change_state_role(r->told);
        buf_adds(out, r->told[0] ? change_state_word(r->told) : "");
        break;
    }
}

static const char *seen(const void *row) {
    return ((const struct shipment_row *)row)->state;
}

static const struct list_def list_def = {
    .rows = {"shipments.list", sizeof(struct shipment_row), shipment_row_read,
             shipment_row_key},
    .topic = "order",
    .columns = columns,
    .n_columns = COLS,
    .cell = cell,
    .seen = seen,
    .detail = &view_shipment_ops,
    .empty = TEXT_UI_NO_SHIPMENTS,
};

static struct view *shipments_open(struct app *a, const char *filter) {
    return list_view_open(a, &view_shipments_ops, &list_def, filter);
}

static unsigned shipments_action(struct view *v, enum action_id action) {
    const struct shipment_row *r = list_view_row((struct list_view *)v);
    if (shipment_acts_has(action)) {
        if (r) {
            shipment_act(v->app, action, r);
        }
        return VIEW_DONE;
    }
    return list_view_action(v, action);
}

static bool shipments_offers(struct view *v, enum action_id action) {
    return shipment_acts_may(list_view_row((struct list_view *)v), action);
}

/* The state is told by the topic of its order, whichever part changed. */
static void shipments_event(struct view *v, const struct view_event *e) {
    list_view_event(v, e);
    if (str_eq(e->topic, "order") || str_eq(e->topic, "change")) {
        list_view_touch((struct list_view *)v);
    }
}

const struct view_ops view_shipments_ops = {
    .id = VIEW_SHIPMENTS,
    .title = TEXT_SCREEN_SHIPMENTS,
    .open = shipments_open,
    LIST_VIEW_OPS,
    .event = shipments_event,
    .action = shipments_action,
    .offers = shipments_offers,
    .query = "shipments",
};

/* --- one of them ---------------------------------------------------------- */

static void lines(struct detail *d, struct textview *t, int width) {
    const struct json *l = json_first(json_get(detail_object(d), "lines"));
    (void)width;
    for (; l; l = json_next(l)) {
        textview_add(t, ROLE_NORMAL, NULL, "%4s x %-16s %s",
                     model_str(l, "quantity"), model_str(l, "sku"),
                     model_str(l, "name"));
    }
}

static const struct detail_tab tabs[] = {{TEXT_TAB_LINES, lines, NULL, 0}};

static void size_line(const struct shipment_row *r, struct textview *t,
                      int width) {
    AUTO_BUF struct buf b = BUF_INIT;
    if (r->weight) {
        buf_addf(&b, "%lld g  ", (long long)r->weight);
    }
    if (r->length || r->width || r->height) {
        buf_addf(&b, "%lld x %lld x %lld mm", (long long)r->length,
                 (long long)r->width, (long long)r->height);
    }
    if (b.len) {
        textview_prose(t, ROLE_NORMAL, T(SHIPMENT_SIZE), buf_str(&b), width);
    }
}

static void top(struct detail *d, struct textview *t, int width) {
    struct shipment_row r = {0};
    AUTO_BUF struct buf b = BUF_INIT;
    (void)shipment_row_read(detail_object(d), &r);
    int room = width - t->label_width;
    AUTO_FREE char *link = mem_printf("order %s", r.ref);
    textview_prose(t, shipment_state_role(r.state), T(COL_STATE),
                   tr_word("parcel", r.state), room);
    textview_add(t, ROLE_LINK, T(COL_ORDER), "%s", r.ref);
    textview_link(t, link);
    buf_addf(&b, "%s %s  %s", r.carrier, r.service, r.tracking);
    textview_prose(t, ROLE_NORMAL, T(FORM_CARRIER), buf_str(&b), room);
    web_address_add(t, "", r.url, room);
    size_line(&r, t, room);
    if (r.told[0]) {
        textview_prose(t, change_state_role(r.told), T(COL_TOLD),
                       change_state_word(r.told), room);
    }
}

static const struct detail_def detail_def = {
    .parts = {{"shipments.get", NULL}},
    .param = "id",
    .topic = "order",
    .tabs = tabs,
    .n_tabs = 1,
    .top = top,
};

static struct view *shipment_open(struct app *a, const char *arg) {
    return detail_open(a, &view_shipment_ops, &detail_def, arg);
}

static bool row_of(struct view *v, struct shipment_row *ret) {
    const struct json *o = detail_object((struct detail *)v);
    *ret = (struct shipment_row){0};
    return o && shipment_row_read(o, ret) == 0;
}

static unsigned shipment_action(struct view *v, enum action_id action) {
    struct shipment_row r;
    if (shipment_acts_has(action)) {
        if (row_of(v, &r)) {
            shipment_act(v->app, action, &r);
        }
        return VIEW_DONE;
    }
    return detail_action(v, action);
}

static bool shipment_offers(struct view *v, enum action_id action) {
    struct shipment_row r;
    return shipment_acts_may(row_of(v, &r) ? &r : NULL, action);
}

/* A parcel has no reference of a shop: any event of an order may be its. */
static void shipment_event(struct view *v, const struct view_event *e) {
    detail_event(v, e);
    if (str_eq(e->topic, "order") || str_eq(e->topic, "change")) {
        detail_reload((struct detail *)v);
    }
}

const struct view_ops view_shipment_ops = {
    .id = VIEW_SHIPMENT,
    .title = TEXT_SCREEN_SHIPMENT,
    .open = shipment_open,
    .close = detail_close,
    .draw = detail_draw,
    .event = shipment_event,
    .shown = detail_shown,
    .name = detail_name,
    .ref = detail_ref,
    .plain = detail_plain,
    .pick = detail_pick,
    .here = detail_here,
    .action = shipment_action,
    .offers = shipment_offers,
};
