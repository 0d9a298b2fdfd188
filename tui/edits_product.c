/* Forms of products and categories. */
#include "tui/edits.h"

#include <string.h>

#include "common/json.h"
#include "common/jsonw.h"
#include "common/mem.h"
#include "common/str.h"
#include "tui/edit.h"
#include "tui/model.h"
#include "tui/tr.h"

#define COUNT(a) ((int)(sizeof(a) / sizeof *(a)))
#define FIELD(path, label)                                                     \
    { path, label, -1, FORM_TEXT, NULL, NULL, false }
#define NEEDED(path, label)                                                    \
    { path, label, -1, FORM_TEXT, NULL, NULL, true }
#define LONG(path, label)                                                      \
    { path, label, TEXT_FORM_LONG_HELP, FORM_LONG, NULL, NULL, false }
#define SIZES                                                                  \
    FIELD("weight", TEXT_UI_WEIGHT), FIELD("length", TEXT_FORM_LENGTH),        \
        FIELD("width", TEXT_FORM_WIDTH), FIELD("height", TEXT_FORM_HEIGHT)
#define TEXTS                                                                  \
    LONG("short_description", TEXT_FORM_SHORT_DESCRIPTION),                    \
        LONG("description", TEXT_COL_DETAIL)
#define GTIN                                                                   \
    { "gtin", TEXT_COL_GTIN, TEXT_FORM_GTIN_HELP, FORM_TEXT, NULL, NULL, false }
#define STORE                                                                  \
    { "store", TEXT_COL_STORE, -1, FORM_CHOICE, "stores", NULL, true }
#define PUBLISH "publish|draft|pending|private"

/* A variation has the name and the short description of its product; what is
 * typed over is the text as the shop has it, not as it is read. */
static void product_fields(struct edit *e, const struct json *object) {
    static const char *const sides[] = {"length", "width", "height"};
    const struct json *size = json_get(object, "dimensions");
    if (model_int(object, "parent_id", 0) > 0) {
        edit_drop(e, "name");
        edit_drop(e, "short_description");
    }
    for (int i = 0; i < COUNT(sides); i++) {
        edit_fill(e, sides[i], model_str(size, sides[i]));
    }
    edit_fill(e, "description", model_str(object, "description_html"));
    edit_fill(e, "short_description",
              model_str(object, "short_description_html"));
}

void edit_product(struct app *a, const char *ref) {
    static const struct edit_field fields[] = {
        FIELD("name", TEXT_COL_NAME),
        FIELD("sku", TEXT_COL_SKU),
        GTIN,
        {"status", TEXT_COL_STATUS, TEXT_FORM_CHOICE_HELP, FORM_CHOICE, PUBLISH,
         NULL, false},
        {"regular_price", TEXT_FORM_REGULAR_PRICE, -1, FORM_TEXT, NULL, NULL,
         false},
        {"sale_price", TEXT_FORM_SALE_PRICE, TEXT_FORM_SALE_PRICE_HELP,
         FORM_TEXT, NULL, NULL, false},
        SIZES,
        TEXTS};
    static const struct edit_def def = {.title = TEXT_EDIT_PRODUCT,
                                        .get = "products.get",
                                        .method = "products.update",
                                        .propose = true,
                                        .param = "ref",
                                        .base = true,
                                        .fields = fields,
                                        .n = COUNT(fields),
                                        .note = -1,
                                        .prepare = product_fields};
    edit_open(a, &def, ref);
}

void create_product(struct app *a) {
    static const struct edit_field fields[] = {
        STORE,
        NEEDED("name", TEXT_COL_NAME),
        FIELD("sku", TEXT_COL_SKU),
        GTIN,
        {"status", TEXT_COL_STATUS, TEXT_FORM_CHOICE_HELP, FORM_CHOICE, PUBLISH,
         "draft", false},
        FIELD("regular_price", TEXT_FORM_REGULAR_PRICE),
        FIELD("sale_price", TEXT_FORM_SALE_PRICE),
        FIELD("stock", TEXT_COL_STOCK),
        SIZES,
        TEXTS};
    static const struct edit_def def = {.title = TEXT_CREATE_PRODUCT,
                                        .method = "products.create",
                                        .propose = true,
                                        .fields = fields,
                                        .n = COUNT(fields),
                                        .note = -1};
    edit_open(a, &def, "");
}

/* --- categories ----------------------------------------------------------- */

void create_category(struct app *a) {
    static const struct edit_field fields[] = {
        STORE,
        NEEDED("name", TEXT_COL_NAME),
        {"parent", TEXT_FORM_PARENT, TEXT_FORM_PARENT_HELP, FORM_TEXT, NULL,
         NULL, false},
        FIELD("description", TEXT_COL_DETAIL)};
    static const struct edit_def def = {.title = TEXT_CREATE_CATEGORY,
                                        .method = "categories.create",
                                        .fields = fields,
                                        .n = COUNT(fields),
                                        .note = -1};
    edit_open(a, &def, "");
}

static void category_fields(struct edit *e, const struct json *object) {
    (void)object;
    edit_fill(e, "name", edit_arg(e));
}

void edit_category(struct app *a, const char *ref, const char *name) {
    static const struct edit_field fields[] = {NEEDED("name", TEXT_COL_NAME)};
    static const struct edit_def def = {.title = TEXT_EDIT_CATEGORY,
                                        .method = "categories.update",
                                        .param = "ref",
                                        .base = true,
                                        .fields = fields,
                                        .n = COUNT(fields),
                                        .note = -1,
                                        .prepare = category_fields};
    edit_open_with(a, &def, ref, mem_dup(name), free);
}

/* What was chosen of the store's, and what the product was in. */
struct chosen {
    char *refs, *were; /* JSON arrays, owned */
};

static void drop_chosen(void *arg) {
    struct chosen *c = arg;
    free(c->refs);
    free(c->were);
    free(c);
}

static int write_chosen(struct edit *e, struct jsonw *w) {
    const struct chosen *c = edit_arg(e);
    jsonw_key(w, "categories");
    jsonw_raw(w, c->refs, strlen(c->refs));
    jsonw_key(w, "base");
    jsonw_begin_object(w);
    jsonw_key(w, "categories");
    jsonw_raw(w, c->were, strlen(c->were));
    jsonw_end_object(w);
    return 0;
}

void edit_product_categories(struct app *a, const char *ref, const char *refs,
                             const char *were) {
    static const struct edit_field fields[] = {
        FIELD("reason", TEXT_COL_REASON)};
    static const struct edit_def def = {.title = TEXT_EDIT_CATEGORIES,
                                        .method = "products.update",
                                        .propose = true,
                                        .param = "ref",
                                        .fields = fields,
                                        .n = COUNT(fields),
                                        .note = TEXT_EDIT_CATEGORIES_NOTE,
                                        .as_is = true,
                                        .more = write_chosen};
    struct chosen *c = NEW(struct chosen);
    c->refs = mem_dup(refs);
    c->were = mem_dup(were);
    edit_open_with(a, &def, ref, c, drop_chosen);
}
