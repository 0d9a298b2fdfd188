#include "model/stock_file.h"

#include <stdlib.h>

#include "common/mem.h"
#include "common/money.h"
#include "common/str.h"
#include "db/sql.h"

struct row {
    int64_t remote_id;
    int32_t was, wanted;
    int line;
};

struct stock_file {
    struct sheet in;
    int ref, sku, stock; /* columns; -1: none */
    struct row *rows;    /* what changes; owned */
    size_t cap;
};

static struct stock_file *of(struct sheet *s) {
    return (struct stock_file *)s;
}

static void done(struct sheet *s) {
    free(of(s)->rows);
    free(s);
}

/* --- rows -------------------------------------------------------------------
 */

static int column(const char *const *cells, int n, const char *name) {
    for (int i = 0; i < n; i++)
        if (str_eq(cells[i], name))
            return i;
    return -1;
}

static int names(struct sheet *s, const char *const *cells, int n,
                 struct error *e) {
    struct stock_file *f = of(s);
    f->ref = column(cells, n, "ref");
    f->sku = column(cells, n, "sku");
    f->stock = column(cells, n, "stock");
    if (f->stock < 0 || (f->ref < 0 && f->sku < 0))
        return error_set(e, ERR_INVALID, "csv",
                         "its first row must name the columns: stock, and ref "
                         "or sku");
    return 0;
}

static const char *cell(const char *const *cells, int n, int at) {
    return at >= 0 && at < n ? cells[at] : "";
}

/* Its number of now: 1, or 0 with what is wrong. */
static int level_of(struct db_tx *tx, const struct sheet *s, int64_t id,
                    int64_t *ret, const char **ret_why) {
    AUTO_ROWS struct db_rows *r = NULL;
    int rc = db_query(tx, STMT_PRODUCT_STOCK_NOW, &r, "Si", s->store_id, id);
    if (rc >= 0)
        rc = db_step(r);
    if (rc < 0)
        return rc;
    if (rc == 0)
        *ret_why = "the store has no such product";
    else if (db_null(r, 0) || db_i64(r, 1) != 1 || db_i64(r, 0) % 1000)
        *ret_why = "the shop does not count its stock in whole pieces";
    else
        *ret = db_i64(r, 0) / 1000;
    return 0;
}

static void keep(struct stock_file *f, const struct row *row) {
    struct sheet_sum *sum = &f->in.sum;
    int64_t by = row->wanted > row->was ? (int64_t)row->wanted - row->was
                                        : (int64_t)row->was - row->wanted;
    size_t n = (size_t)sum->items;
    if (by == 0) {
        sum->same++;
        return;
    }
    if (n == f->cap)
        f->rows = mem_resize(f->rows, f->cap = f->cap ? 2 * f->cap : 1024,
                             sizeof *f->rows);
    f->rows[n] = *row;
    sum->items++;
    sum->changes++;
    sum->most = by > sum->most ? by : sum->most;
}

static int row(struct db_tx *tx, struct sheet *s, const char *const *cells,
               int n, struct arena *a, struct error *e) {
    const struct stock_file *f = of(s);
    const char *why = NULL;
    int64_t id = 0, wanted = 0, was = 0;
    (void)a;
    (void)e;
    if (money_parse(cell(cells, n, f->stock), QTY_SCALE, &wanted) < 0 ||
        wanted % 1000 || wanted / 1000 > 999999 || wanted / 1000 < -999999)
        why = "stock must be a whole number";
    int rc = why ? 0
                 : sheet_find(tx, s, cell(cells, n, f->ref),
                              cell(cells, n, f->sku), &id, &why);
    if (rc >= 0 && !why)
        rc = level_of(tx, s, id, &was, &why);
    if (rc >= 0 && !why && (was > 999999 || was < -999999))
        why = "the shop's number is out of range";
    if (rc < 0)
        return rc;
    if (why)
        sheet_blame(s, why);
    else
        keep(of(s), &(struct row){id, (int32_t)was, (int32_t)(wanted / 1000),
                                  s->csv.line});
    return 0;
}

static int by_id(const void *x, const void *y) {
    const struct row *a = x, *b = y;
    if (a->remote_id != b->remote_id)
        return a->remote_id < b->remote_id ? -1 : 1;
    return a->line < b->line ? -1 : a->line > b->line;
}

/* One object has one number. */
static void end(struct sheet *s) {
    const struct stock_file *f = of(s);
    size_t n = (size_t)s->sum.items;
    if (n)
        qsort(f->rows, n, sizeof *f->rows, by_id);
    for (size_t i = 1; i < n; i++)
        if (f->rows[i].remote_id == f->rows[i - 1].remote_id)
            sheet_blame_line(s, f->rows[i].line,
                             "it is in the file more than once");
}

static int add(struct db_tx *tx, const struct sheet *s, int64_t proposal,
               size_t from, size_t max) {
    const struct stock_file *f = (const struct stock_file *)s;
    char base[16], wanted[16];
    size_t n = 0;
    int rc = 0;
    for (; rc >= 0 && n < max && from + n < (size_t)s->sum.items; n++) {
        const struct row *r = &f->rows[from + n];
        (void)str_format(base, sizeof base, "%d", (int)r->was);
        (void)str_format(wanted, sizeof wanted, "%d", (int)r->wanted);
        rc =
            proposal_csv_add(tx, proposal, r->remote_id, "stock", base, wanted);
    }
    return rc < 0 ? rc : (int)n;
}

struct sheet *stock_file_new(int64_t store_id, const char *store) {
    static const struct sheet_kind kind = {names, row, end, add, done};
    struct stock_file *f = NEW(struct stock_file);
    sheet_begin(&f->in, &kind, store_id, store);
    return &f->in;
}
