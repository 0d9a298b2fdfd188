/* Levels of the stock: what the shops say beside what lies in the warehouse. */
#include <string.h>

#include "common/mem.h"
#include "common/str.h"
#include "tui/edits.h"
#include "tui/list_view.h"
#include "tui/model.h"
#include "tui/tr.h"
#include "tui/views.h"

enum {
    COL_SKU,
    COL_NAME,
    COL_SHOP,
    COL_ON_HAND,
    COL_RESERVED,
    COL_AVAILABLE,
    COL_INCOMING,
    COL_BIN,
    COL_STORE,
    COL_REF,
    COLS
};

static const struct column columns[COLS] = {
    [COL_SKU] = {TEXT_COL_SKU, 10, 18, 2, false},
    [COL_NAME] = {TEXT_COL_NAME, 16, 44, 1, false},
    [COL_SHOP] = {TEXT_COL_SHOP, 6, 8, 5, true},
    [COL_ON_HAND] = {TEXT_COL_ON_HAND, 7, 9, 4, true},
    [COL_RESERVED] = {TEXT_COL_RESERVED, 8, 9, 7, true},
    [COL_AVAILABLE] = {TEXT_COL_AVAILABLE, 9, 10, 3, true},
    [COL_INCOMING] = {TEXT_COL_INCOMING, 10, 10, 8, true},
    [COL_BIN] = {TEXT_COL_BIN, 7, 14, 6, false},
    [COL_STORE] = {TEXT_COL_STORE, 7, 12, 7, false},
    [COL_REF] = {TEXT_COL_PRODUCT, 14, 18, 9, false},
};

static void cell(struct app *a, const void *row, int column, struct buf *out,
                 int *ret_role) {
    const struct level_row *r = row;
    const char *const texts[COLS] = {
        r->sku,       r->name,     r->shop, r->on_hand, r->reserved,
        r->available, r->incoming, r->bin,  r->ref,     r->ref};
    (void)a;
    if (column == COL_SHOP && r->low)
        *ret_role = ROLE_WARN;
    else if (column == COL_AVAILABLE && (r->due || r->available[0] == '-'))
        *ret_role = ROLE_WARN;
    else if (column >= COL_STORE || column == COL_INCOMING)
        *ret_role = ROLE_DIM;
    /* words, not colour alone */
    if (column == COL_NAME && (r->low || r->due))
        buf_addf(out, "[%s] ", r->due ? T(FLAG_REORDER) : T(FLAG_LOW));
    if (column == COL_NAME && r->expiring)
        buf_addf(out, "[%s %s] ", T(FLAG_EXPIRES), r->expires);
    bool number = column >= COL_SHOP && column <= COL_INCOMING;
    if (column == COL_STORE) /* of the reference */
        buf_add(out, r->ref, strcspn(r->ref, ":"));
    else
        buf_adds(out, number && !texts[column][0] ? "-" : texts[column]);
    if (column == COL_NAME && r->bundle)
        buf_addf(out, " (%s)", T(PRODUCT_BUNDLE));
}

static const char *const sorts[] = {"name", "-name", "sku", NULL};

static const struct list_def def = {
    .rows = {"inventory.list", sizeof(struct level_row), level_row_read,
             level_row_key},
    .topic = "inventory",
    .columns = columns,
    .n_columns = COLS,
    .sorts = sorts,
    .cell = cell,
    .detail = &view_level_ops,
    .empty = TEXT_UI_NO_LEVELS,
    .count = TEXT_COUNTS_PRODUCTS,
};

static struct view *inventory_open(struct app *a, const char *filter) {
    return list_view_open(a, &view_inventory_ops, &def, filter);
}

/* `alert:yes` into the filter and out of it. */
static void alerts(struct view *v) {
    static const char word[] = "alert:yes";
    const char *old = list_view_filter(v);
    AUTO_FREE char *added = mem_printf("%s%s%s", old, *old ? " " : "", word);
    list_view_set_filter(v, str_ends(old, word) ? "" : added);
}

static unsigned act_on_row(struct view *v, enum action_id action) {
    const struct level_row *r = list_view_row((struct list_view *)v);
    if (r && action == ACTION_EDIT)
        edit_limits(v->app, r->ref);
    else if (r && action == ACTION_STOCK)
        edit_correct(v->app, r->ref, r->tracking);
    else if (r)
        edit_move(v->app, r->ref, r->tracking);
    return VIEW_DONE;
}

static unsigned inventory_action(struct view *v, enum action_id action) {
    switch (action) {
    case ACTION_EDIT:
    case ACTION_STOCK:
    case ACTION_MOVE:
        return act_on_row(v, action);
    case ACTION_LOW_STOCK:
        alerts(v);
        return VIEW_DONE;
    case ACTION_RECEIVING:
        app_push(v->app, &view_receiving_ops, NULL);
        return VIEW_DONE;
    case ACTION_COUNTS:
        app_push(v->app, &view_counts_ops, NULL);
        return VIEW_DONE;
    case ACTION_LOTS:
        app_push(v->app, &view_lots_ops, NULL);
        return VIEW_DONE;
    case ACTION_BINS:
        app_push(v->app, &view_bins_ops, NULL);
        return VIEW_DONE;
    case ACTION_IMPORT:
        app_push(v->app, &view_import_ops, "inventory");
        return VIEW_DONE;
    case ACTION_CREATE_BIN:
        create_bin(v->app);
        return VIEW_DONE;
    default:
        return list_view_action(v, action);
    }
}

/* An owner sets no limits of the warehouse. */
static bool inventory_offers(struct view *v, enum action_id action) {
    return action != ACTION_EDIT || !app_is_owner(v->app);
}

const struct view_ops view_inventory_ops = {
    .id = VIEW_INVENTORY,
    .title = TEXT_SCREEN_INVENTORY,
    .open = inventory_open,
    LIST_VIEW_OPS,
    .event = list_view_event,
    .action = inventory_action,
    .offers = inventory_offers,
    .head = list_view_head,
    .query = "inventory",
};
