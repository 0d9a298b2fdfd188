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
#include "model/change.h"
#include "model/change_check.h"
#include "model/change_value.h"
#include "model/product_list.h"

static const struct field {
    const char *name, *path;
} fields[] = {{"sku", "sku"},
              {"name", "name"},
              {"status", "status"},
              {"regular_price", "regular_price"},
              {"sale_price", "sale_price"},
              {"weight", "weight"},
              {"length", "dimensions.length"},
              {"width", "dimensions.width"},
              {"height", "dimensions.height"},
              {"manage_stock", "manage_stock"}};
enum {
    FIELDS = sizeof fields / sizeof *fields,
    SKU = 0,
    NAME,
    REGULAR = 3,
    SALE,
    MANAGE = 9,
    ANY_FAR = 1000000000 /* per cent: a price is taken away */
};

/* One value of one product. */
struct item {
    int64_t remote_id;
    int field, line;
    char *base, *wanted; /* JSON, owned */
};

struct product_file {
    struct sheet in;
    int ref, sku, columns; /* of the first row; -1: none */
    int at[FIELDS];        /* column of a value, -1: none */
    struct item *items;    /* owned */
    size_t n_items, cap;
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
    free(f);
}

/* --- the first row -------------------------------------------------------- */

static int *column_of(struct product_file *f, const char *name) {
    if (str_eq(name, "ref"))
        return &f->ref;
    for (int i = 0; i < FIELDS; i++)
        if (str_eq(fields[i].name, name))
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
                             "weight, length, width, height and manage_stock",
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
    for (int i = 0; i < FIELDS; i++)
        f->at[i] = -1;
    int rc = read_names(f, cells, n, e);
    if (rc < 0)
        return rc;
    if (f->ref < 0) { /* then it says which one, and is no value */
        f->sku = f->at[SKU];
        f->at[SKU] = -1;
    }
    for (int i = 0; i < FIELDS; i++)
        values += f->at[i] >= 0;
    f->columns = n;
    if ((f->ref < 0 && f->sku < 0) || values == 0)
        return error_set(e, ERR_INVALID, "csv",
                         "its first row must name the columns: ref or sku, and "
                         "what is to be changed");
    return 0;
}

/* --- a row ---------------------------------------------------------------- */

static const char *as_json(int field, const char *text, struct arena *a) {
    AUTO_BUF struct buf b = BUF_INIT;
    struct jsonw w;
    bool yes = str_eq(text, "yes") || str_eq(text, "true");
    bool no = str_eq(text, "no") || str_eq(text, "false");
    jsonw_init(&w, &b);
    if (field == MANAGE && (yes || no))
        jsonw_bool(&w, yes);
    else
        jsonw_string(&w, text);
    return arena_dupn(a, buf_str(&b), b.len);
}

/* A row on its way. */
struct looking {
    struct db_tx *tx;
    struct product_file *f;
    struct arena *a;
    struct product_item p;
    struct item items[FIELDS]; /* texts in the arena */
    int n;
    struct error why; /* code 0: nothing is wrong */
};

static int look_value(struct looking *k, int field, const char *text) {
    const struct change_new n = {.store_id = k->f->in.store_id,
                                 .kind = MIRROR_PRODUCT,
                                 .act = CHANGE_SET,
                                 .remote_id = k->p.remote_id};
    struct change_path path = {.path = fields[field].path,
                               .wanted = as_json(field, text, k->a)};
    const char *base = NULL;
    if (field == NAME && str_eq(text, k->p.name))
        return 0;
    if (field == NAME && k->p.parent_id > 0)
        return error_set(&k->why, ERR_INVALID, "name",
                         "a variation has the name of its product: %.80s",
                         k->p.name);
    if (field == NAME && !*text)
        return error_set(&k->why, ERR_INVALID, "name", "it needs a name");
    int rc = change_check_path(k->tx, &n, &path, k->a, &k->why);
    if (rc >= 0)
        rc = change_value_now(k->tx, k->f->in.store_id, MIRROR_PRODUCT,
                              k->p.remote_id, path.path, k->a, &base);
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
        if (k->items[i].field == REGULAR)
            to_regular = price_in(k->items[i].wanted, k->a);
        if (k->items[i].field == SALE)
            to_sale = price_in(k->items[i].wanted, k->a);
    }
    int64_t most = far(regular, to_regular);
    int64_t paid =
        far(sale >= 0 ? sale : regular, to_sale >= 0 ? to_sale : to_regular);
    most = paid > most ? paid : most;
    if (most > k->f->in.sum.most)
        k->f->in.sum.most = most;
}

static void keep(struct looking *k) {
    struct product_file *f = k->f;
    if (k->n == 0) {
        f->in.sum.same++;
        return;
    }
    for (int i = 0; i < k->n; i++) {
        if (f->n_items == f->cap)
            f->items = mem_resize(f->items, f->cap = f->cap ? 2 * f->cap : 1024,
                                  sizeof *f->items);
        struct item *to = &f->items[f->n_items++];
        *to = k->items[i];
        to->base = mem_dup(to->base);
        to->wanted = mem_dup(to->wanted);
    }
    f->in.sum.items = (int64_t)f->n_items;
    f->in.sum.changes++;
    keep_most(k);
}

static int find(struct looking *k, const char *const *cells) {
    const struct product_file *f = k->f;
    const char *why = NULL;
    int64_t id = 0;
    int rc = sheet_find(k->tx, &f->in, f->ref >= 0 ? cells[f->ref] : "",
                        f->sku >= 0 ? cells[f->sku] : "", &id, &why);
    if (rc >= 0 && why)
        return error_set(&k->why, ERR_NOT_FOUND, "", "%s", why);
    if (rc >= 0)
        rc = product_item_get(k->tx, f->in.store_id, id, k->a, &k->p);
    if (rc == 0 || (rc > 0 && k->p.gone))
        return error_set(&k->why, ERR_NOT_FOUND, "",
                         "the store has no such product");
    return rc;
}

static int row(struct db_tx *tx, struct sheet *s, const char *const *cells,
               int n, struct arena *a, struct error *e) {
    struct product_file *f = of(s);
    struct looking k = {.tx = tx, .f = f, .a = a};
    AUTO_BUF struct buf said = BUF_INIT;
    (void)e;
    if (n != f->columns) {
        buf_addf(&said, "it has %d cells, the first row has %d", n, f->columns);
        sheet_blame(s, buf_str(&said));
        return 0;
    }
    int rc = find(&k, cells);
    for (int i = 0; rc >= 0 && i < FIELDS; i++)
        if (f->at[i] >= 0)
            rc = look_value(&k, i, cells[f->at[i]]);
    if (rc >= 0) {
        keep(&k);
        return 0;
    }
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

/* One product is in one row. */
static void end(struct sheet *s) {
    struct product_file *f = of(s);
    if (f->n_items)
        qsort(f->items, f->n_items, sizeof *f->items, by_id);
    for (size_t i = 1; i < f->n_items; i++)
        if (f->items[i].remote_id == f->items[i - 1].remote_id &&
            f->items[i].line != f->items[i - 1].line)
            sheet_blame_line(s, f->items[i].line,
                             "it is in the file more than once");
}

static int add(struct db_tx *tx, const struct sheet *s, int64_t proposal,
               size_t from, size_t max) {
    const struct product_file *f = (const struct product_file *)s;
    size_t n = 0;
    int rc = 0;
    for (; rc >= 0 && n < max && from + n < f->n_items; n++) {
        const struct item *it = &f->items[from + n];
        rc = proposal_csv_add(tx, proposal, it->remote_id,
                              fields[it->field].path, it->base, it->wanted);
    }
    return rc < 0 ? rc : (int)n;
}

struct sheet *product_file_new(int64_t store_id, const char *store) {
    static const struct sheet_kind kind = {names, row, end, add, done};
    struct product_file *f = NEW(struct product_file);
    sheet_begin(&f->in, &kind, store_id, store);
    return &f->in;
}

/* --- given away ----------------------------------------------------------- */

void product_file_head(struct buf *out) {
    csv_cell(out, "ref", 1);
    for (int i = 0; i < FIELDS; i++)
        csv_cell(out, fields[i].name, 0);
    csv_end(out);
}

/* As it is typed; of what the shop has none, nothing. */
static const char *typed(int field, const char *json, struct arena *a) {
    const struct json *v;
    bool flag;
    if (json_parse(a, json, strlen(json), NULL, &v, NULL) < 0)
        return "";
    if (field == MANAGE)
        return json_bool(v, true, &flag) == 0 && flag ? "yes" : "no";
    return json_string(v) ? json_string(v) : "";
}

int product_file_row(struct db_tx *tx, int64_t store_id, const char *store,
                     int64_t remote_id, struct buf *out) {
    struct arena *a = arena_new(4096);
    AUTO_BUF struct buf row = BUF_INIT;
    struct product_item p;
    char ref[REF_TEXT];
    struct ref r = {.kind = REF_OBJECT, .id = remote_id};
    (void)str_copy(r.store, sizeof r.store, store);
    csv_cell(&row, ref_format(ref, &r), 1);
    int rc = product_item_get(tx, store_id, remote_id, a, &p);
    int any = rc;
    for (int i = 0; rc > 0 && i < FIELDS; i++) {
        const char *json = "null";
        any = change_value_now(tx, store_id, MIRROR_PRODUCT, remote_id,
                               fields[i].path, a, &json);
        if (any < 0)
            break;
        csv_cell(&row, i == NAME ? p.name : typed(i, json, a), 0);
    }
    if (any >= 0 && rc > 0) {
        csv_end(&row);
        buf_add(out, buf_str(&row), row.len);
    }
    arena_free(a);
    return rc < 0 ? rc : any < 0 && any != ERR_NOT_FOUND ? any : 0;
}
