/* One product: stock and price, its variations, its description. */
#include <string.h>

#include "common/json.h"
#include "common/mem.h"
#include "common/str.h"
#include "tui/detail.h"
#include "tui/edits.h"
#include "tui/model.h"
#include "tui/pad.h"
#include "tui/product_acts.h"
#include "tui/product_bundle.h"
#include "tui/progress.h"
#include "tui/tr.h"
#include "tui/views.h"
#include "tui/web_address.h"

enum {
    PART_RAW = 1,
    PART_CHANGES,
    PART_SALES,
    PART_BUNDLE,
    TAB_RAW = 4,
    TABS = 6
};

static void add_pair(struct textview *t, const char *label, const char *text) {
    if (!str_empty(text)) {
        textview_add(t, ROLE_NORMAL, label, "%s", text);
    }
}

static void stock_lines(struct textview *t, const struct product_row *r) {
    AUTO_BUF struct buf b = BUF_INIT;
    char stock[64];
    int role;
    product_row_stock(r, stock, sizeof stock, &role);
    buf_adds(&b, stock);
    if (r->low_amount[0] && r->stock[0]) {
        buf_adds(&b, "  ");
        TF(&b, PRODUCT_THRESHOLD, "n", r->low_amount);
    }
    textview_add(t, role, T(COL_STOCK), "%s", buf_str(&b));
}

static void price_lines(struct textview *t, const struct product_row *r,
                        const struct json *o) {
    AUTO_BUF struct buf b = BUF_INIT;
    char regular[40];
    model_money(regular, sizeof regular, model_str(o, "regular_price"));
    buf_addf(&b, "%s %s", r->price[0] ? r->price : "-", r->currency);
    if (r->sale[0]) {
        buf_adds(&b, "  ");
        TF(&b, PRODUCT_ON_SALE, "price", regular);
    }
    textview_add(t, ROLE_NORMAL, T(COL_PRICE), "%s", buf_str(&b));
}

static void attributes(struct textview *t, const struct json *o) {
    const struct json *a = json_first(json_get(o, "attributes"));
    for (; a; a = json_next(a)) {
        char options[200];
        model_join(options, sizeof options, a, "options");
        textview_add(t, ROLE_NORMAL, model_str(a, "name"), "%s", options);
    }
}

/* Its page in the shop and its pictures. */
static void addresses(struct textview *t, const struct json *o, int width) {
    const struct json *i = json_first(json_get(o, "images"));
    const char *label = T(UI_IMAGES);
    web_address_add(t, T(UI_LINK), model_str(o, "permalink"), width);
    for (; i; i = json_next(i)) {
        web_address_add(t, label, json_string(i), width);
        label = "";
    }
}

/* 10 x 20 x 5; what the shop has none of is a dash. */
static void size_line(struct textview *t, const struct json *o) {
    static const char *const sides[] = {"length", "width", "height"};
    AUTO_BUF struct buf b = BUF_INIT;
    bool any = false;
    for (int i = 0; i < 3; i++) {
        const char *side = model_str(json_get(o, "dimensions"), sides[i]);
        any |= *side != '\0';
        buf_addf(&b, "%s%s", i ? " x " : "", *side ? side : "-");
    }
    if (any) {
        textview_add(t, ROLE_NORMAL, T(UI_SIZE), "%s", buf_str(&b));
    }
}

static void details(struct detail *d, struct textview *t, int width) {
    const struct json *o = detail_object(d);
    struct product_row r = {0};
    char n[32];
    (void)product_row_read(o, &r);
    add_pair(t, T(COL_SKU), r.sku);
    add_pair(t, T(COL_GTIN), model_str(o, "gtin"));
    stock_lines(t, &r);
    if (r.bundle) {
        textview_add(t, ROLE_NORMAL, T(PRODUCT_BUNDLE), "%s: %s",
                     T(BUNDLE_AVAILABLE),
                     r.available[0] ? r.available : T(BUNDLE_NOT_COUNTED));
    }
    price_lines(t, &r, o);
    textview_add(t, ROLE_NORMAL, T(COL_TYPE), "%s  %s", tr_word("type", r.type),
                 tr_word("publish", r.status));
    add_pair(t, T(COL_CATEGORIES), r.categories);
    attributes(t, o);
    const char *parent = model_str(o, "parent");
    if (*parent) {
        AUTO_FREE char *link = mem_printf("product %s", parent);
        textview_add(t, ROLE_LINK, T(COL_PRODUCT), "%s", parent);
        textview_link(t, link);
    }
    int64_t sold = model_int(o, "total_sales", -1);
    if (sold >= 0) {
        (void)progress_count(n, sold);
        textview_add(t, ROLE_NORMAL, T(PRODUCT_SALES), "%s", n);
    }
    add_pair(t, T(UI_WEIGHT), model_str(o, "weight"));
    size_line(t, o);
    addresses(t, o, width - t->label_width);
    textview_add(t, ROLE_NORMAL, NULL, "%s", "");
    textview_prose(t, ROLE_NORMAL, NULL, model_str(o, "short_description"),
                   width);
    textview_prose(t, ROLE_NORMAL, NULL, model_str(o, "description"), width);
}

static void variations(struct detail *d, struct textview *t, int width) {
    const struct json *v =
        json_first(json_get(detail_object(d), "variation_list"));
    (void)width;
    if (!v) {
        textview_add(t, ROLE_DIM, NULL, "%s", T(UI_NO_VARIATIONS));
    }
    for (; v; v = json_next(v)) {
        struct product_row r = {0};
        AUTO_BUF struct buf b = BUF_INIT;
        char stock[64];
        int role;
        if (product_row_read(v, &r) < 0) {
            continue;
        }
        product_row_stock(&r, stock, sizeof stock, &role);
        pad(&b, stock, -10);
        pad(&b, r.price, -12);
        buf_addf(&b, " %s  %s", r.currency, r.name);
        AUTO_FREE char *link = mem_printf("product %s", r.ref);
        textview_add(t, role, r.sku, "%s", buf_str(&b));
        textview_link(t, link);
    }
}

/* One line a period: pieces, orders, money. */
static void sales(struct detail *d, struct textview *t, int width) {
    const struct json *p =
        json_first(json_get(detail_part(d, PART_SALES), "periods"));
    (void)width;
    for (; p; p = json_next(p)) {
        AUTO_BUF struct buf label = BUF_INIT;
        AUTO_BUF struct buf b = BUF_INIT;
        char days[32], orders[32], money[200];
        int64_t n = model_int(p, "days", 0);
        if (n) {
            TF(&label, PRODUCT_DAYS, "n", progress_count(days, n));
        } else {
            buf_adds(&label, T(PRODUCT_EVER));
        }
        model_amounts(money, sizeof money, p, "revenue");
        pad(&b, model_str(p, "quantity"), -8);
        buf_adds(&b, "  ");
        TF(&b, PRODUCT_IN_ORDERS, "n",
           progress_count(orders, model_int(p, "orders", 0)));
        buf_addf(&b, "  %s", money);
        textview_add(t, ROLE_NORMAL, buf_str(&label), "%s", buf_str(&b));
    }
}

static void raw(struct detail *d, struct textview *t, int width) {
    detail_raw(t, json_get(detail_part(d, PART_RAW), "object"), width);
}

static void changes(struct detail *d, struct textview *t, int width) {
    detail_changes(d, t, width, PART_CHANGES);
}

static void bundle(struct detail *d, struct textview *t, int width) {
    (void)width;
    product_bundle(d, t, PART_BUNDLE);
}

static const struct detail_tab tabs[] = {
    {TEXT_TAB_DETAILS, details, NULL, 0},
    {TEXT_TAB_VARIATIONS, variations, "variation_list", 0},
    {TEXT_TAB_SALES, sales, NULL, PART_SALES},
    {TEXT_TAB_CHANGES, changes, "pending", PART_CHANGES, .staff = true},
    {TEXT_TAB_RAW, raw, NULL, PART_RAW, .staff = true},
    {TEXT_TAB_BUNDLE, bundle, NULL, PART_BUNDLE},
};

static void top(struct detail *d, struct textview *t, int width) {
    struct product_row r = {0};
    (void)product_row_read(detail_object(d), &r);
    textview_prose(t, ROLE_KEY, NULL, model_str(detail_object(d), "name"),
                   width);
    if (r.pending[0]) {
        textview_add(t, change_state_role(r.pending), T(COL_STATE), "%s",
                     tr_word("change.state", r.pending));
    }
}

static const struct detail_def def = {
    .parts = {{"products.get", NULL},
              {"products.raw", NULL},
              {"changes.list", "object"},
              {"products.sales", NULL},
              {"bundles.get", NULL}},
    .param = "ref",
    .topic = "product",
    .tabs = tabs,
    .n_tabs = TABS,
    .top = top,
};

static struct view *product_open(struct app *a, const char *arg) {
    size_t n = strcspn(arg, " ");
    AUTO_FREE char *key = mem_dupn(arg, n);
    struct view *v = detail_open(a, &view_product_ops, &def, key);
    if (str_eq(arg + n, " raw")) {
        ((struct detail *)v)->tab = TAB_RAW;
    }
    return v;
}

static unsigned product_action(struct view *v, enum action_id action) {
    struct detail *d = (struct detail *)v;
    switch (action) {
    case ACTION_EDIT:
        edit_product(v->app, d->key);
        return VIEW_DONE;
    case ACTION_CATEGORIES:
        app_push(v->app, &view_categories_ops, d->key);
        return VIEW_DONE;
    case ACTION_BUNDLE:
        edit_bundle(v->app, d->key);
        return VIEW_DONE;
    case ACTION_PRODUCT_TRASH:
        product_trash(v, d->key);
        return VIEW_DONE;
    case ACTION_STOCK:
        edit_stock(v->app, d->key);
        return VIEW_DONE;
    case ACTION_RAW:
        d->tab = TAB_RAW;
        d->lines_width = 0;
        return VIEW_DONE;
    default:
        return detail_action(v, action);
    }
}

const struct view_ops view_product_ops = {
    .id = VIEW_PRODUCT,
    .title = TEXT_SCREEN_PRODUCT,
    .open = product_open,
    DETAIL_OPS,
    .action = product_action,
};
