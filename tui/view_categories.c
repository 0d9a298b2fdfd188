/* Categories as the shops have them. Opened with a product's reference it is
 * that product's store's, those it is in marked, and what is marked in the end
 * is what it is to be in. */
#include <string.h>

#include "common/json.h"
#include "common/jsonw.h"
#include "common/mem.h"
#include "common/ref.h"
#include "common/str.h"
#include "tui/edits.h"
#include "tui/list_view.h"
#include "tui/model.h"
#include "tui/tr.h"
#include "tui/views.h"

enum { COL_PATH, COL_PRODUCTS, COL_STORE_, COL_REF_, COLS };

static const struct column columns[COLS] = {
    [COL_PATH] = {TEXT_COL_CATEGORY, 20, 60, 1, false},
    [COL_PRODUCTS] = {TEXT_COL_PRODUCTS, 8, 10, 2, true},
    [COL_STORE_] = {TEXT_COL_STORE, 8, 20, 3, false},
    [COL_REF_] = {TEXT_COL_REF, 14, 30, 4, false},
};

struct categories {
    struct list_view list;
    char product[REF_TEXT]; /* "": they are looked after */
    char *were;             /* ids it was in, a JSON array, owned; NULL: not
                               read yet */
};

static void cell(struct app *a, const void *row, int column, struct buf *out,
                 int *ret_role) {
    const struct category_row *r = row;
    (void)a;
    switch (column) {
    case COL_PATH:
        buf_adds(out, r->path);
        break;
    case COL_PRODUCTS:
        buf_addf(out, "%lld", (long long)r->products);
        break;
    case COL_STORE_:
        buf_adds(out, r->store);
        break;
    default:
        *ret_role = ROLE_DIM;
        buf_adds(out, r->ref);
        break;
    }
}

static const struct list_def def = {
    .rows = {"categories.list", sizeof(struct category_row), category_row_read,
             category_row_key},
    .topic = "product",
    .columns = columns,
    .n_columns = COLS,
    .cell = cell,
    .empty = TEXT_UI_NO_CATEGORIES,
};

/* --- those of one product ------------------------------------------------- */

static void on_product(void *arg, const struct link_reply *r) {
    struct categories *c = arg;
    struct list_view *l = &c->list;
    AUTO_BUF struct buf were = BUF_INIT;
    struct jsonw w;
    if (!r->result) {
        app_say_error(l->base.app, r);
        return;
    }
    jsonw_init(&w, &were);
    jsonw_begin_array(&w);
    for (const struct json *v =
             json_first(json_get(r->result, "category_refs"));
         v; v = json_next(v)) {
        struct ref ref;
        const char *text = json_string(v);
        if (!text || ref_parse(text, &ref) < 0 || l->n_marks == LIST_MARKS_MAX)
            continue;
        jsonw_i64(&w, ref.id);
        l->marks[l->n_marks++] = (struct list_mark){mem_dup(text), mem_dup("")};
    }
    jsonw_end_array(&w);
    c->were = mem_dup(buf_str(&were));
    app_dirty(l->base.app);
}

static void begin_choosing(struct categories *c) {
    struct list_view *l = &c->list;
    AUTO_BUF struct buf only = BUF_INIT;
    struct jsonw w;
    struct ref ref;
    if (ref_parse(c->product, &ref) < 0)
        return;
    jsonw_init(&w, &only);
    jsonw_begin_object(&w);
    jsonw_kstring(&w, "store", ref.store);
    jsonw_end_object(&w);
    only.data[--only.len] = '\0';
    list_view_extra(l, buf_str(&only) + 1);
    view_ask_ref(l->base.app, "products.get", c->product, on_product, c);
}

/* Handed to a form, which says what becomes of it, and asks an owner why. */
static void choose(struct categories *c) {
    const struct list_view *l = &c->list;
    AUTO_BUF struct buf refs = BUF_INIT;
    struct jsonw w;
    if (!c->were)
        return;
    jsonw_init(&w, &refs);
    jsonw_begin_array(&w);
    for (int i = 0; i < l->n_marks; i++)
        jsonw_string(&w, l->marks[i].key);
    jsonw_end_array(&w);
    edit_product_categories(l->base.app, c->product, buf_str(&refs), c->were);
}

/* --- looking after them --------------------------------------------------- */

static void on_deleted(void *arg, const struct link_reply *r) {
    struct view *v = arg;
    if (r->result)
        app_change_made(v->app, r->result, v->ops->ref(v));
    else
        app_say_error(v->app, r);
}

/* Its name was typed; the row is the one it was asked of, or the daemon says
 * that it is called otherwise. */
static void confirmed(void *arg, const char *name) {
    struct view *v = arg;
    AUTO_BUF struct buf b = BUF_INIT;
    struct jsonw w;
    jsonw_init(&w, &b);
    jsonw_begin_object(&w);
    jsonw_kstring(&w, "ref", v->ops->ref(v));
    jsonw_kstring(&w, "name", name);
    jsonw_end_object(&w);
    int err = link_write(app_link(v->app), "categories.delete", buf_str(&b),
                         on_deleted, v);
    if (err < 0)
        app_say(v->app, ROLE_BAD, "%s", text_error(tr_lang, err));
}

static void ask_delete(struct view *v, const struct category_row *r) {
    AUTO_BUF struct buf b = BUF_INIT;
    char n[24];
    (void)str_format(n, sizeof n, "%lld", (long long)r->products);
    TF(&b, CATEGORY_DELETE_CONFIRM, "name", r->name, "n", n);
    app_confirm(v->app, buf_str(&b), r->name, confirmed, v);
}

/* What is in it. */
static void show(struct view *v, const struct category_row *r) {
    AUTO_FREE char *filter =
        mem_printf("store:%s category:\"%s\"", r->store, r->name);
    app_push(v->app, &view_products_ops, filter);
}

/* --- the screen ----------------------------------------------------------- */

static struct view *categories_open(struct app *a, const char *arg) {
    struct categories *c = NEW(struct categories);
    (void)str_copy(c->product, sizeof c->product, arg ? arg : "");
    list_view_init(&c->list, a, &view_categories_ops, &def, NULL);
    if (c->product[0])
        begin_choosing(c);
    return &c->list.base;
}

static void categories_close(struct view *v) {
    struct categories *c = (struct categories *)v;
    free(c->were);
    list_view_close(v);
}

static unsigned categories_action(struct view *v, enum action_id action) {
    struct categories *c = (struct categories *)v;
    const struct category_row *r = list_view_row(&c->list);
    if (action == ACTION_SUBMIT)
        choose(c);
    else if (action == ACTION_CREATE)
        create_category(v->app);
    else if (action == ACTION_EDIT && r)
        edit_category(v->app, r->ref, r->name);
    else if (action == ACTION_CATEGORY_DELETE && r)
        ask_delete(v, r);
    else if (action == ACTION_OPEN && r && !c->product[0])
        show(v, r);
    else if (action == ACTION_OPEN)
        return list_view_action(v, ACTION_MARK);
    else
        return list_view_action(v, action);
    return VIEW_DONE;
}

/* One marks only what one chooses. */
static bool categories_offers(struct view *v, enum action_id action) {
    const struct categories *c = (const struct categories *)v;
    bool choosing = c->product[0] != '\0';
    if (action == ACTION_MARK || action == ACTION_SUBMIT)
        return choosing;
    return !choosing || action != ACTION_CATEGORY_DELETE;
}

static void categories_name(struct view *v, struct buf *out) {
    const struct categories *c = (const struct categories *)v;
    buf_addf(out, "%s%s", c->product[0] ? " " : "", c->product);
}

const struct view_ops view_categories_ops = {
    .id = VIEW_CATEGORIES,
    .title = TEXT_SCREEN_CATEGORIES,
    .open = categories_open,
    .close = categories_close,
    .draw = list_view_draw,
    .shown = list_view_shown,
    .position = list_view_position,
    .filter = list_view_filter,
    .set_filter = list_view_set_filter,
    .ref = list_view_ref,
    .plain = list_view_plain,
    .pick = list_view_pick,
    .event = list_view_event,
    .action = categories_action,
    .offers = categories_offers,
    .name = categories_name,
    .query = "categories",
};
