#include "model/product_cells.h"

#include <string.h>

#include "common/arena.h"
#include "common/csv.h"
#include "common/json.h"
#include "common/jsonw.h"
#include "common/ref.h"
#include "common/str.h"
#include "model/category_paths.h"
#include "model/change_value.h"
#include "model/product_file.h"
#include "model/product_list.h"

const struct product_cell product_cells[PRODUCT_CELLS] = {
    [CELL_SKU] = {"sku", "sku"},
    [CELL_NAME] = {"name", "name"},
    [CELL_STATUS] = {"status", "status"},
    [CELL_REGULAR] = {"regular_price", "regular_price"},
    [CELL_SALE] = {"sale_price", "sale_price"},
    [CELL_WEIGHT] = {"weight", "weight"},
    [CELL_LENGTH] = {"length", "dimensions.length"},
    [CELL_WIDTH] = {"width", "dimensions.width"},
    [CELL_HEIGHT] = {"height", "dimensions.height"},
    [CELL_MANAGE] = {"manage_stock", "manage_stock"},
    [CELL_CATEGORIES] = {"categories", "categories"},
    [CELL_GTIN] = {"gtin", CHANGE_GTIN},
    [CELL_SHORT] = {"short_description", "short_description"},
    [CELL_LONG] = {"description", "description"},
};

static int know(struct db_tx *tx, int64_t store_id, struct category_paths **t) {
    return *t ? 0 : category_paths_read(tx, store_id, t);
}

int product_cell_json(struct db_tx *tx, int64_t store_id,
                      struct category_paths **t, int cell, const char *text,
                      struct arena *a, const char **ret, struct error *why) {
    AUTO_BUF struct buf b = BUF_INIT;
    struct jsonw w;
    bool yes = str_eq(text, "yes") || str_eq(text, "true");
    bool no = str_eq(text, "no") || str_eq(text, "false");
    if (cell == CELL_CATEGORIES) {
        int rc = know(tx, store_id, t);
        return rc < 0 ? rc : category_paths_ids(*t, text, a, ret, why);
    }
    jsonw_init(&w, &b);
    if (cell == CELL_MANAGE && (yes || no))
        jsonw_bool(&w, yes);
    else
        jsonw_string(&w, text);
    *ret = arena_dupn(a, buf_str(&b), b.len);
    return 0;
}

/* Of what the shop has none, nothing. A variation's stock may be its product's:
 * that is "parent". */
int product_cell_text(struct db_tx *tx, int64_t store_id,
                      struct category_paths **t, int cell, const char *json,
                      struct arena *a, struct buf *out) {
    const struct json *v = NULL;
    bool flag;
    if (cell == CELL_CATEGORIES) {
        int rc = know(tx, store_id, t);
        if (rc >= 0)
            category_paths_text(*t, json, out);
        return rc;
    }
    (void)json_parse(a, json, strlen(json), NULL, &v, NULL);
    if (json_bool(v, false, &flag) == 0)
        buf_adds(out, flag ? "yes" : "no");
    else if (json_string(v))
        buf_adds(out, json_string(v));
    return 0;
}

/* --- given away ----------------------------------------------------------- */

/* Texts may be longer than a cell: they are not among them. */
void product_file_head(struct buf *out) {
    csv_cell(out, "ref", 1);
    for (int i = 0; i < CELL_SHORT; i++)
        csv_cell(out, product_cells[i].name, 0);
    csv_end(out);
}

static int add_cell(struct change_source *now, const struct product_item *p,
                    int field, struct category_paths **t, struct buf *row) {
    AUTO_BUF struct buf text = BUF_INIT;
    const char *json = NULL;
    int rc = change_value_next(now, product_cells[field].path, &json);
    if (rc >= 0 && field == CELL_NAME)
        buf_adds(&text, p->name);
    else if (rc >= 0 && json)
        rc = product_cell_text(now->tx, p->store_id, t, field, json, now->a,
                               &text);
    csv_cell(row, buf_str(&text), 0);
    return rc;
}

int product_file_row(struct db_tx *tx, const struct product_item *p,
                     struct category_paths **t, struct buf *out) {
    struct change_source now = {.tx = tx,
                                .store_id = p->store_id,
                                .remote_id = p->remote_id,
                                .kind = MIRROR_PRODUCT,
                                .a = arena_new(4096)};
    AUTO_BUF struct buf row = BUF_INIT;
    char ref[REF_TEXT];
    struct ref r = {.kind = REF_OBJECT, .id = p->remote_id};
    int rc = 0;
    (void)str_copy(r.store, sizeof r.store, p->store);
    csv_cell(&row, ref_format(ref, &r), 1);
    for (int i = 0; rc >= 0 && i < CELL_SHORT; i++)
        rc = add_cell(&now, p, i, t, &row);
    if (rc >= 0) {
        csv_end(&row);
        buf_add(out, buf_str(&row), row.len);
    }
    arena_free(now.a);
    return rc < 0 && rc != ERR_NOT_FOUND ? rc : 0;
}
