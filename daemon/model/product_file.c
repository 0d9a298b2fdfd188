#include "model/product_file.h"

#include <stdlib.h>
#include <string.h>

#include "common/arena.h"
#include "common/json.h"
#include "common/jsonw.h"
#include "common/mem.h"
#include "common/money.h"
#include "common/ref.h"
#include "common/str.h"
#include "model/category_paths.h"
#include "model/change.h"
#include "model/change_check.h"
#include "model/change_value.h"
#include "model/product_cells.h"
#include "model/product_list.h"

enum {
    BYTES_MAX = 64 * 1024 * 1024, /* of values that are kept */
    ANY_FAR = 1000000000          /* per cent: a price is taken away */
};

/* One value of one product. */
struct item {
    int64_t remote_id; /* below 0: a new product */
    int field, line;
    char *base,
        *wanted; /* JSON, owned; of a new one its CELL_SKU, its payload */
};

struct product_file {
    struct sheet in;
    int ref, sku, columns; /* of the first row; -1: none */
    int at[PRODUCT_CELLS]; /* column of a value, -1: none */
    struct item *items;    /* owned */
    size_t n_items, cap, bytes;
    struct category_paths *categories; /* owned; NULL: not read yet */
};

static struct product_file *of(struct sheet *s) {
    return (struct product_file *)s;
}

static void done(struct sheet *s) {
    struct product_file *f = of(s);
    for (size_t i = 0; i < f->n_items; i++) {
        free(f->items[i].base);
        free(f->items[i].wanted);
    }
    free(f->items);
    category_paths_free(f->categories);
    free(f);
}

/* --- the first row -------------------------------------------------------- */

static int *column_of(struct product_file *f, const char *name) {
    if (str_eq(name, "ref"))
        return &f->ref;
    for (int i = 0; i < PRODUCT_CELLS; i++)
        if (str_eq(product_cells[i].name, name))
            return &f->at[i];
    return NULL;
}

static int read_names(struct product_file *f, const char *const *cells, int n,
                      struct error *e) {
    for (int i = 0; i < n; i++) {
        int *at = column_of(f, cells[i]);
        if (!at)
            return error_set(e, ERR_INVALID, "csv",
                             "there is no column \"%.60s\": there are ref, "
                             "sku, name, status, regular_price, sale_price, "
                             "weight, length, width, height, manage_stock, "
                             "categories, gtin, short_description and "
                             "description",
                             cells[i]);
        if (*at >= 0)
            return error_set(e, ERR_INVALID, "csv",
                             "the column %.60s is there twice", cells[i]);
        *at = i;
    }
    return 0;
}

static int names(struct sheet *s, const char *const *cells, int n,
                 struct error *e) {
    struct product_file *f = of(s);
    int values = 0;
    f->ref = f->sku = -1;
    for (int i = 0; i < PRODUCT_CELLS; i++)
        f->at[i] = -1;
    int rc = read_names(f, cells, n, e);
    if (rc < 0)
        return rc;
    f->sku = f->at[CELL_SKU];
    if (f->ref < 0) /* then it says which one, and is no value */
        f->at[CELL_SKU] = -1;
    for (int i = 0; i < PRODUCT_CELLS; i++)
        values += f->at[i] >= 0;
    f->columns = n;
    if ((f->ref < 0 && f->sku < 0) || values == 0)
        return error_set(e, ERR_INVALID, "csv",
                         "its first row must name the columns: ref or sku, and "
                         "what is to be changed");
    return 0;
}

/* --- a row ---------------------------------------------------------------- */

/* A row on its way. */
struct looking {
    struct db_tx *tx;
    struct product_file *f;
    struct arena *a;
    struct product_item p;
    struct change_source now;         /* of p */
    struct item items[PRODUCT_CELLS]; /* texts in the arena */
    int n;
    struct error why; /* code 0: nothing is wrong */
};

/* A cell as it was given away asks for nothing, whatever the shop has there: a
 * number in bars that is none, stock that is the product's. */
static int as_it_is(struct looking *k, int field, const char *json,
                    const char *text) {
    AUTO_BUF struct buf was = BUF_INIT;
    if (field == CELL_NAME)
        return str_eq(text, k->p.name);
    int rc = product_cell_text(k->tx, k->f->in.store_id, &k->f->categories,
                               field, json, k->a, &was);
    return rc < 0 ? rc : str_eq(buf_str(&was), text);
}

static int may_have(struct looking *k, int field, const char *text) {
    bool own =
        field != CELL_NAME && field != CELL_CATEGORIES && field != CELL_SHORT;
    if (!own && k->p.parent_id > 0)
        return error_set(&k->why, ERR_INVALID, product_cells[field].name,
                         "a variation has that of its product");
    if (field == CELL_NAME && !*text)
        return error_set(&k->why, ERR_INVALID, "name", "it needs a name");
    return 0;
}

static int look_value(struct looking *k, int field, const char *text) {
    const struct change_new n = {.store_id = k->f->in.store_id,
                                 .kind = MIRROR_PRODUCT,
                                 .act = CHANGE_SET,
                                 .remote_id = k->p.remote_id};
    struct change_path path = {.path = product_cells[field].path};
    const char *base = NULL;
    int rc = change_value_next(&k->now, path.path, &base);
    if (rc >= 0)
        rc = as_it_is(k, field, base, text);
    if (rc != 0)
        return rc < 0 ? rc : 0;
    rc = may_have(k, field, text);
    if (rc >= 0)
        rc = product_cell_json(k->tx, k->f->in.store_id, &k->f->categories,
                               field, text, k->a, &path.wanted, &k->why);
    if (rc >= 0)
        rc = change_check_path(k->tx, &n, &path, k->a, &k->why);
    if (rc < 0 || change_value_same(path.path, base, path.wanted, k->a))
        return rc;
    k->items[k->n++] = (struct item){.remote_id = k->p.remote_id,
                                     .field = field,
                                     .line = k->f->in.csv.line,
                                     .base = (char *)base,
                                     .wanted = (char *)path.wanted};
    return 0;
}

static int64_t price_in(const char *json, struct arena *a) {
    const struct json *v;
    int64_t e4;
    if (!json || json_parse(a, json, strlen(json), NULL, &v, NULL) < 0 ||
        json_decimal(v, MONEY_SCALE, &e4) < 0)
        return -1;
    return e4;
}

/* How far apart, in per cent of what was, rounded up. A first price is nobody's
 * loss. */
static int64_t far(int64_t was, int64_t is) {
    if (was <= 0 || was == is)
        return 0;
    int64_t by = is > was ? is - was : was - is;
    if (is < 0 || by > INT64_MAX / 200)
        return ANY_FAR;
    int64_t percent = (by * 100 + was - 1) / was;
    return percent < ANY_FAR ? percent : ANY_FAR;
}

static int64_t none(int64_t e4) {
    return e4 == PRODUCT_NONE ? -1 : e4;
}

/* What customers pay, and the price a sale goes back to. */
static void keep_most(struct looking *k) {
    int64_t regular = none(k->p.regular_e4), sale = none(k->p.sale_e4);
    int64_t to_regular = regular, to_sale = sale;
    for (int i = 0; i < k->n; i++) {
        if (k->items[i].field == CELL_REGULAR)
            to_regular = price_in(k->items[i].wanted, k->a);
        if (k->items[i].field == CELL_SALE)
            to_sale = price_in(k->items[i].wanted, k->a);
    }
    int64_t most = far(regular, to_regular);
    int64_t paid =
        far(sale >= 0 ? sale : regular, to_sale >= 0 ? to_sale : to_regular);
    most = paid > most ? paid : most;
    if (most > k->f->in.sum.most)
        k->f->in.sum.most = most;
}

static void put(struct product_file *f, const struct item *it) {
    if (f->n_items == f->cap)
        f->items = mem_resize(f->items, f->cap = f->cap ? 2 * f->cap : 1024,
                              sizeof *f->items);
    struct item *to = &f->items[f->n_items++];
    *to = *it;
    to->base = mem_dup(to->base);
    to->wanted = mem_dup(to->wanted);
    f->bytes += strlen(to->base) + strlen(to->wanted);
    f->in.sum.items = (int64_t)f->n_items;
}

static void keep(struct looking *k) {
    struct product_file *f = k->f;
    if (k->n == 0) {
        f->in.sum.same++;
        return;
    }
    for (int i = 0; i < k->n; i++)
        put(f, &k->items[i]);
    f->in.sum.changes++;
    keep_most(k);
}

/* --- a new product -------------------------------------------------------- */

static void write_size(struct jsonw *w,
                       const char *const wanted[PRODUCT_CELLS]) {
    bool any = false;
    for (int i = 0; i < PRODUCT_CELLS; i++) {
        if (!wanted[i] || !str_starts(product_cells[i].path, "dimensions."))
            continue;
        if (!any) {
            jsonw_key(w, "dimensions");
            jsonw_begin_object(w);
        }
        any = true;
        jsonw_key(w, product_cells[i].name);
        jsonw_raw(w, wanted[i], strlen(wanted[i]));
    }
    if (any)
        jsonw_end_object(w);
}

static const char *payload(const char *const wanted[PRODUCT_CELLS],
                           const char *sku, struct arena *a) {
    AUTO_BUF struct buf b = BUF_INIT;
    struct jsonw w;
    jsonw_init(&w, &b);
    jsonw_begin_object(&w);
    jsonw_kstring(&w, "type", "simple");
    if (!wanted[CELL_STATUS])
        jsonw_kstring(&w, "status", "draft");
    jsonw_kstring(&w, "sku", sku);
    for (int i = 0; i < PRODUCT_CELLS; i++) {
        if (!wanted[i] || i == CELL_SKU || strchr(product_cells[i].path, '.'))
            continue;
        jsonw_key(&w, product_cells[i].path);
        jsonw_raw(&w, wanted[i], strlen(wanted[i]));
    }
    write_size(&w, wanted);
    jsonw_end_object(&w);
    return arena_dupn(a, buf_str(&b), b.len);
}

/* What it is to have, checked as that of one that is there; an empty cell asks
 * for nothing. */
static int make(struct looking *k, const char *const *cells, const char *sku) {
    struct product_file *f = k->f;
    const struct change_new n = {.store_id = f->in.store_id,
                                 .kind = MIRROR_PRODUCT,
                                 .act = CHANGE_CREATE};
    const char *wanted[PRODUCT_CELLS] = {NULL};
    int rc = 0;
    for (int i = 0; rc >= 0 && i < PRODUCT_CELLS; i++) {
        struct change_path path = {.path = product_cells[i].path};
        if (f->at[i] < 0 || !*cells[f->at[i]])
            continue;
        rc = product_cell_json(k->tx, f->in.store_id, &f->categories, i,
                               cells[f->at[i]], k->a, &path.wanted, &k->why);
        if (rc >= 0)
            rc = change_check_path(k->tx, &n, &path, k->a, &k->why);
        wanted[i] = path.wanted;
    }
    if (rc < 0)
        return rc;
    put(f, &(struct item){.remote_id = -1 - f->in.sum.created,
                          .field = -1,
                          .line = f->in.csv.line,
                          .base = (char *)sku,
                          .wanted = (char *)payload(wanted, sku, k->a)});
    f->in.sum.created++;
    f->in.sum.changes++;
    return 0;
}

/* 1: it is k->p; 0: it is to be made. */
static int find(struct looking *k, const char *const *cells) {
    const struct product_file *f = k->f;
    const char *why = NULL;
    int64_t id = 0;
    int rc = sheet_find(k->tx, &f->in, f->ref >= 0 ? cells[f->ref] : "",
                        f->sku >= 0 ? cells[f->sku] : "", &id, &why);
    if (rc >= 0 && why == sheet_no_sku)
        return f->at[CELL_NAME] >= 0 && *cells[f->at[CELL_NAME]]
                   ? 0
                   : error_set(&k->why, ERR_NOT_FOUND, "",
                               "%s; with a name it would be made", why);
    if (rc >= 0 && why)
        return error_set(&k->why, ERR_NOT_FOUND, "", "%s", why);
    if (rc >= 0)
        rc = product_item_get(k->tx, f->in.store_id, id, k->a, &k->p);
    if (rc == 0 || (rc > 0 && k->p.gone))
        return error_set(&k->why, ERR_NOT_FOUND, "",
                         "the store has no such product");
    k->now = (struct change_source){.tx = k->tx,
                                    .store_id = f->in.store_id,
                                    .remote_id = id,
                                    .kind = MIRROR_PRODUCT,
                                    .a = k->a};
    return rc;
}

static int row(struct db_tx *tx, struct sheet *s, const char *const *cells,
               int n, struct arena *a, struct error *e) {
    struct product_file *f = of(s);
    struct looking k = {.tx = tx, .f = f, .a = a};
    AUTO_BUF struct buf said = BUF_INIT;
    if (n != f->columns) {
        buf_addf(&said, "it has %d cells, the first row has %d", n, f->columns);
        sheet_blame(s, buf_str(&said));
        return 0;
    }
    int rc = find(&k, cells);
    if (rc == 0)
        rc = make(&k, cells, cells[f->sku]);
    for (int i = 0; rc > 0 && i < PRODUCT_CELLS; i++)
        if (f->at[i] >= 0) {
            int each = look_value(&k, i, cells[f->at[i]]);
            rc = each < 0 ? each : rc;
        }
    if (rc > 0)
        keep(&k);
    if (rc >= 0)
        return f->bytes <= BYTES_MAX
                   ? 0
                   : error_set(e, ERR_TOO_BIG, "csv",
                               "it changes more than fits at once: cut it "
                               "into parts");
    if (!k.why.code && rc != ERR_NOT_FOUND)
        return rc;
    buf_addf(&said, "%s%s%s", k.why.where, k.why.where[0] ? ": " : "",
             k.why.code ? k.why.detail : "the store has no such product");
    sheet_blame(s, buf_str(&said));
    return 0;
}

static int by_id(const void *x, const void *y) {
    const struct item *a = x, *b = y;
    if (a->remote_id != b->remote_id)
        return a->remote_id < b->remote_id ? -1 : 1;
    if (a->line != b->line)
        return a->line < b->line ? -1 : 1;
    return a->field - b->field;
}

static int by_sku(const void *x, const void *y) {
    const struct item *const *a = x, *const *b = y;
    int order = strcmp((*a)->base, (*b)->base);
    return order ? order : (*a)->line - (*b)->line;
}

static const char twice[] = "it is in the file more than once";

/* Those to be made come first: they have the lowest numbers. */
static void end_new(struct product_file *f) {
    size_t n = (size_t)f->in.sum.created;
    AUTO_FREE const struct item **all = mem_zalloc(n + 1, sizeof *all);
    for (size_t i = 0; i < n; i++)
        all[i] = &f->items[i];
    qsort(all, n, sizeof *all, by_sku);
    for (size_t i = 1; i < n; i++)
        if (str_eq(all[i]->base, all[i - 1]->base))
            sheet_blame_line(&f->in, all[i]->line, twice);
}

/* One product is in one row. */
static void end(struct sheet *s) {
    struct product_file *f = of(s);
    if (f->n_items)
        qsort(f->items, f->n_items, sizeof *f->items, by_id);
    for (size_t i = 1; i < f->n_items; i++)
        if (f->items[i].remote_id == f->items[i - 1].remote_id &&
            f->items[i].line != f->items[i - 1].line)
            sheet_blame_line(s, f->items[i].line, twice);
    if (f->in.sum.created)
        end_new(f);
}

static int add(struct db_tx *tx, const struct sheet *s, int64_t proposal,
               size_t from, size_t max) {
    const struct product_file *f = (const struct product_file *)s;
    size_t n = 0;
    int rc = 0;
    for (; rc >= 0 && n < max && from + n < f->n_items; n++) {
        const struct item *it = &f->items[from + n];
        bool is_new = it->remote_id < 0;
        rc = proposal_csv_add(tx, proposal, it->remote_id,
                              is_new ? "" : product_cells[it->field].path,
                              is_new ? NULL : it->base, it->wanted);
    }
    return rc < 0 ? rc : (int)n;
}

struct sheet *product_file_new(int64_t store_id, const char *store) {
    static const struct sheet_kind kind = {names, row, end, add, done};
    struct product_file *f = NEW(struct product_file);
    sheet_begin(&f->in, &kind, store_id, store);
    return &f->in;
}
