/* Client companies, and the page of one: its stores and its owners. */
#include "common/json.h"
#include "common/mem.h"
#include "common/str.h"
#include "tui/detail.h"
#include "tui/edit.h"
#include "tui/list_view.h"
#include "tui/model.h"
#include "tui/model_people.h"
#include "tui/progress.h"
#include "tui/tr.h"
#include "tui/user_acts.h"
#include "tui/views.h"

/* --- acts ----------------------------------------------------------------- */

static void saved(struct app *a, const char *ref, const struct json *result) {
    AUTO_BUF struct buf b = BUF_INIT;
    (void)ref;
    TF(&b, TENANT_SAVED, "tenant", model_str(result, "name"));
    app_say(a, ROLE_GOOD, "%s", buf_str(&b));
}

static void add(struct app *a) {
    static const struct edit_field fields[] = {
        {.path = "name",
         .label = TEXT_FORM_USER_NAME,
         .help = TEXT_FORM_USER_NAME_HELP,
         .required = true},
        {.path = "title", .label = TEXT_FORM_TENANT_TITLE, .help = -1},
    };
    static const struct edit_def def = {.title = TEXT_EDIT_TENANT_ADD,
                                        .method = "tenants.create",
                                        .fields = fields,
                                        .n = 2,
                                        .note = TEXT_TENANT_NOTE,
                                        .done = saved};
    edit_open(a, &def, "");
}

static void edit(struct app *a, const char *tenant) {
    static const struct edit_field fields[] = {
        {.path = "title", .label = TEXT_FORM_TENANT_TITLE, .help = -1},
        {.path = "owner_orders",
         .label = TEXT_FORM_OWNER_ORDERS,
         .help = TEXT_FORM_OWNER_ORDERS_HELP,
         .type = FORM_BOOL},
    };
    static const struct edit_def def = {.title = TEXT_EDIT_TENANT,
                                        .get = "tenants.get",
                                        .method = "tenants.update",
                                        .param = "tenant",
                                        .changed = true,
                                        .fields = fields,
                                        .n = 2,
                                        .note = -1,
                                        .done = saved};
    edit_open(a, &def, tenant);
}

static unsigned act(struct view *v, enum action_id action, const char *tenant) {
    if (action == ACTION_TENANT_ADD) {
        add(v->app);
        return VIEW_DONE;
    }
    if (action == ACTION_TENANT_EDIT && *tenant) {
        edit(v->app, tenant);
        return VIEW_DONE;
    }
    return VIEW_IGNORED;
}

/* --- the list ------------------------------------------------------------- */

enum { COL_NAME, COL_TITLE, COL_STORES, COL_OWNERS, COLS };

static const struct column columns[COLS] = {
    [COL_NAME] = {TEXT_COL_NAME, 14, 32, 1, false},
    [COL_TITLE] = {TEXT_FORM_TENANT_TITLE, 10, 40, 4, false},
    [COL_STORES] = {TEXT_COL_STORES, 8, 8, 2, true},
    [COL_OWNERS] = {TEXT_COL_OWNERS, 8, 8, 3, true},
};

static void cell(struct app *a, const void *row, int column, struct buf *out,
                 int *ret_role) {
    const struct tenant_row *r = row;
    char n[32];
    (void)a;
    (void)ret_role;
    switch (column) {
    case COL_NAME:
        buf_adds(out, r->name);
        break;
    case COL_TITLE:
        buf_adds(out, r->title);
        break;
    default:
        buf_adds(out, progress_count(n, column == COL_STORES ? r->stores
                                                             : r->users));
        break;
    }
}

static const struct list_def list_def = {
    .rows = {"tenants.list", sizeof(struct tenant_row), tenant_row_read,
             tenant_row_key},
    .topic = "people",
    .columns = columns,
    .n_columns = COLS,
    .cell = cell,
    .detail = &view_tenant_ops,
    .empty = TEXT_FRAME_EMPTY,
    .count = TEXT_COUNTS_TENANTS,
};

static struct view *tenants_open(struct app *a, const char *arg) {
    (void)arg;
    return list_view_open(a, &view_tenants_ops, &list_def, NULL);
}

static unsigned tenants_action(struct view *v, enum action_id action) {
    const struct tenant_row *r = list_view_row((struct list_view *)v);
    unsigned done = act(v, action, r ? r->name : "");
    return done ? done : list_view_action(v, action);
}

const struct view_ops view_tenants_ops = {
    .id = VIEW_TENANTS,
    .title = TEXT_SCREEN_TENANTS,
    .open = tenants_open,
    .close = list_view_close,
    .draw = list_view_draw,
    .action = tenants_action,
    .event = list_view_event,
    .shown = people_shown,
    .position = list_view_position,
    .ref = list_view_ref,
    .plain = list_view_plain,
    .pick = list_view_pick,
};

/* --- the page ------------------------------------------------------------- */

static void lines(struct detail *d, struct textview *t, int width) {
    const struct json *o = detail_object(d);
    AUTO_BUF struct buf b = BUF_INIT;
    (void)width;
    textview_add(t, ROLE_NORMAL, T(FORM_TENANT_TITLE), "%s",
                 model_str(o, "title"));
    app_when(d->base.app, model_time(o, "created"), &b);
    textview_add(t, ROLE_NORMAL, T(COL_CREATED), "%s",
                 b.len ? buf_str(&b) : "-");
    textview_add(t, ROLE_NORMAL, T(FORM_OWNER_ORDERS), "%s",
                 model_flag(o, "owner_orders") ? T(FORM_YES) : T(FORM_NO));
    people_links(t, T(COL_STORES), json_get(o, "store_names"), "store");
    people_links(t, T(COL_OWNERS), json_get(o, "owners"), "user");
}

static const struct detail_tab tabs[] = {{TEXT_TAB_DETAILS, lines, NULL, 0}};

static const struct detail_def page_def = {
    .parts = {{.method = "tenants.get"}},
    .param = "tenant",
    .topic = "people",
    .tabs = tabs,
    .n_tabs = 1,
};

static struct view *tenant_open(struct app *a, const char *arg) {
    return detail_open(a, &view_tenant_ops, &page_def, arg);
}

static unsigned tenant_action(struct view *v, enum action_id action) {
    unsigned done = act(v, action, ((struct detail *)v)->key);
    return done ? done : detail_action(v, action);
}

const struct view_ops view_tenant_ops = {
    .id = VIEW_TENANT,
    .title = TEXT_SCREEN_TENANT,
    .open = tenant_open,
    DETAIL_OPS,
    .action = tenant_action,
};
