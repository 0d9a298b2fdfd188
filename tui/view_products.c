/* Products of all stores by name; variations unfold below them. */
#include "common/mem.h"
#include "common/str.h"
#include "tui/edits.h"
#include "tui/list_view.h"
#include "tui/model.h"
#include "tui/product_acts.h"
#include "tui/tr.h"
#include "tui/views.h"

enum {
    COL_REF,
    COL_SKU,
    COL_NAME,
    COL_TYPE,
    COL_STOCK,
    COL_PRICE,
    COL_STATUS,
    COL_CATEGORIES,
    COLS
};

static const struct column columns[COLS] = {
    [COL_REF] = {TEXT_COL_PRODUCT, 12, 18, 4, false},
    [COL_SKU] = {TEXT_COL_SKU, 13, 18, 2, false},
    [COL_NAME] = {TEXT_COL_NAME, 14, 44, 1, false},
    [COL_TYPE] = {TEXT_COL_TYPE, 14, 14, 7, false},
    [COL_STOCK] = {TEXT_COL_STOCK, 9, 14, 3, true},
    [COL_PRICE] = {TEXT_COL_PRICE, 13, 18, 5, true},
    [COL_STATUS] = {TEXT_COL_STATUS, 7, 9, 8, false},
    [COL_CATEGORIES] = {TEXT_COL_CATEGORIES, 12, 24, 9, false},
};

struct products {
    struct list_view list;
    bool unfolded;
};

/* What is on its way to it comes first: a long name must not cut it off. */
static void name_cell(const struct product_row *r, struct buf *out,
                      int *ret_role) {
    char n[24];
    buf_adds(out, r->parent_id ? "  " : "");
    if (r->pending[0]) {
        *ret_role = change_state_role(r->pending);
        buf_addf(out, "[%s] ", change_state_word(r->pending));
    }
    buf_adds(out, r->name);
    if (r->bundle) {
        buf_addf(out, " (%s)", T(PRODUCT_BUNDLE));
    }
    if (r->variations) {
        (void)str_format(n, sizeof n, "%lld", (long long)r->variations);
        buf_addf(out, " (%s)", n);
    }
}

static void cell(struct app *a, const void *row, int column, struct buf *out,
                 int *ret_role) {
    const struct product_row *r = row;
    char stock[64];
    (void)a;
    switch (column) {
    case COL_REF:
        buf_adds(out, r->ref);
        break;
    case COL_SKU:
        buf_adds(out, r->sku);
        break;
    case COL_NAME:
        name_cell(r, out, ret_role);
        break;
    case COL_TYPE:
        *ret_role = ROLE_DIM;
        buf_adds(out, tr_word("type", r->type));
        break;
    case COL_STOCK:
        product_row_stock(r, stock, sizeof stock, ret_role);
        buf_adds(out, stock);
        break;
    case COL_PRICE:
        buf_addf(out, "%s%s%s", r->price, r->price[0] ? " " : "",
                 r->price[0] ? r->currency : "");
        break;
    case COL_STATUS:
        *ret_role = str_eq(r->status, "publish") ? ROLE_DIM : ROLE_WARN;
        buf_adds(out, tr_word("publish", r->status));
        break;
    default:
        *ret_role = ROLE_DIM;
        buf_adds(out, r->categories);
        break;
    }
}

/* Of all stores, from what the frame knows of them; a filter or variations
 * between the rows make another list. */
static int64_t total(struct list_view *l) {
    int n;
    int64_t sum = 0;
    const struct store_row *s = app_stores(l->base.app, &n);
    if (l->filter[0] || l->extra || n == 0) {
        return -1;
    }
    for (int i = 0; i < n; i++) {
        sum += s[i].products;
    }
    return sum;
}

static const char *const sorts[] = {"name", "-name", "sku", "stock_quantity",
                                    NULL};

static const struct list_def def = {
    .rows = {"products.list", sizeof(struct product_row), product_row_read,
             product_row_key},
    .topic = "product",
    .columns = columns,
    .n_columns = COLS,
    .sorts = sorts,
    .cell = cell,
    .detail = &view_product_ops,
    .total = total,
    .empty = TEXT_UI_NO_PRODUCTS,
    .count = TEXT_COUNTS_PRODUCTS,
};

static struct view *products_open(struct app *a, const char *filter) {
    struct products *p = NEW(struct products);
    list_view_init(&p->list, a, &view_products_ops, &def, filter);
    return &p->list.base;
}

static void fold(struct products *p) {
    p->unfolded = !p->unfolded;
    list_view_extra(&p->list, p->unfolded ? "\"variations\":\"unfold\"" : NULL);
    app_say(p->list.base.app, ROLE_NORMAL, "%s",
            p->unfolded ? T(MESSAGE_UNFOLDED) : T(MESSAGE_FOLDED));
}

/* `low:yes` into the filter and out of it. */
static void low_stock(struct view *v) {
    static const char word[] = "low:yes";
    const char *old = list_view_filter(v);
    AUTO_FREE char *added = mem_printf("%s%s%s", old, *old ? " " : "", word);
    list_view_set_filter(v, str_ends(old, word) ? "" : added);
}

static unsigned products_action(struct view *v, enum action_id action) {
    struct products *p = (struct products *)v;
    const struct product_row *r = list_view_row(&p->list);
    switch (action) {
    case ACTION_UNFOLD:
        fold(p);
        return VIEW_DONE;
    case ACTION_LOW_STOCK:
        low_stock(v);
        return VIEW_DONE;
    case ACTION_EDIT:
        if (r) {
            edit_product(v->app, r->ref);
        }
        return VIEW_DONE;
    case ACTION_STOCK:
        if (r) {
            edit_stock(v->app, r->ref);
        }
        return VIEW_DONE;
    case ACTION_BUNDLE:
        if (r) {
            edit_bundle(v->app, r->ref);
        }
        return VIEW_DONE;
    case ACTION_PRODUCT_TRASH:
        if (r) {
            product_trash(v, r->ref);
        }
        return VIEW_DONE;
    case ACTION_CREATE:
        create_product(v->app);
        return VIEW_DONE;
    case ACTION_IMPORT:
        app_push(v->app, &view_import_ops, "products");
        return VIEW_DONE;
    case ACTION_CATEGORIES:
        app_push(v->app, &view_categories_ops, NULL);
        return VIEW_DONE;
    case ACTION_CREATE_CATEGORY:
        create_category(v->app);
        return VIEW_DONE;
    case ACTION_RAW:
        if (r) {
            AUTO_FREE char *arg = mem_printf("%s raw", r->ref);
            app_push(v->app, &view_product_ops, arg);
        }
        return VIEW_DONE;
    default:
        return list_view_action(v, action);
    }
}

const struct view_ops view_products_ops = {
    .id = VIEW_PRODUCTS,
    .title = TEXT_SCREEN_PRODUCTS,
    .open = products_open,
    LIST_VIEW_OPS,
    .event = list_view_event,
    .action = products_action,
    .head = list_view_head,
    .query = "products",
};
