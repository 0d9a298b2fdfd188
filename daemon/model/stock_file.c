#include "model/stock_file.h"

#include <stdlib.h>
#include <string.h>

#include "common/arena.h"
#include "common/mem.h"
#include "common/money.h"
#include "common/ref.h"
#include "common/str.h"
#include "db/sql.h"
#include "model/sheet.h"

struct row {
    int64_t remote_id;
    int32_t was, wanted;
    int line;
};

struct stock_file {
    struct sheet in;
    int ref, sku, stock; /* columns; -1: none */
    bool begun;
    struct row *rows; /* what changes; owned */
    size_t n_rows, cap;
};

struct stock_file *stock_file_new(int64_t store_id, const char *store,
                                  const char *text, size_t n) {
    struct stock_file *f = NEW(struct stock_file);
    sheet_begin(&f->in, store_id, store, text, n);
    return f;
}

int64_t stock_file_store(const struct stock_file *f) {
    return f->in.store_id;
}

void stock_file_free(struct stock_file *f) {
    if (!f)
        return;
    free(f->rows);
    sheet_done(&f->in);
    free(f);
}

void stock_file_sum(const struct stock_file *f, struct stock_sum *ret) {
    sheet_sum(&f->in, ret);
}

/* --- rows -------------------------------------------------------------------
 */

static int column(const char *const *cells, int n, const char *name) {
    for (int i = 0; i < n; i++)
        if (str_eq(cells[i], name))
            return i;
    return -1;
}

static int begin(struct stock_file *f, struct arena *a, struct error *e) {
    const char *cells[CSV_CELLS];
    int n = csv_row(&f->in.csv, a, cells);
    f->ref = column(cells, n, "ref");
    f->sku = column(cells, n, "sku");
    f->stock = column(cells, n, "stock");
    f->begun = true;
    if (n <= 0 || f->stock < 0 || (f->ref < 0 && f->sku < 0))
        return error_set(e, ERR_INVALID, "csv",
                         "its first row must name the columns: stock, and ref "
                         "or sku");
    return 0;
}

/* Of that store: its one object of that SKU. NULL: fine, else what is wrong. */
static int by_sku(struct db_tx *tx, int64_t store_id, const char *sku,
                  int64_t *ret, const char **ret_why) {
    AUTO_ROWS struct db_rows *r = NULL;
    int found = 0;
    int rc = db_query(tx, STMT_STOCK_OF_SKU, &r, "sS", sku, store_id);
    while (rc >= 0 && (rc = db_step(r)) > 0) {
        *ret = db_i64(r, 0);
        found++;
    }
    *ret_why = found == 0  ? "the store has no such SKU"
               : found > 1 ? "the store has that SKU more than once: give its "
                             "ref"
                           : NULL;
    return rc;
}

int stock_file_find(struct db_tx *tx, int64_t store_id, const char *store,
                    const char *ref, const char *sku, int64_t *ret,
                    const char **ret_why) {
    struct ref r;
    if (!*ref && *sku)
        return by_sku(tx, store_id, sku, ret, ret_why);
    if (ref_parse(ref, &r) < 0 || r.kind != REF_OBJECT)
        *ret_why = "no reference, as alpine:34, and no SKU";
    else if (!str_eq(r.store, store))
        *ret_why = "it is of another store";
    else
        *ret = r.id;
    return 0;
}

static int find(struct db_tx *tx, struct stock_file *f,
                const char *const *cells, int n, int64_t *ret,
                const char **ret_why) {
    const char *ref = f->ref >= 0 && f->ref < n ? cells[f->ref] : "";
    const char *sku = f->sku >= 0 && f->sku < n ? cells[f->sku] : "";
    return stock_file_find(tx, f->in.store_id, f->in.store, ref, sku, ret,
                           ret_why);
}

/* Its number of now: 1, or 0 with what is wrong. */
static int level_of(struct db_tx *tx, struct stock_file *f, int64_t id,
                    int64_t *ret, const char **ret_why) {
    AUTO_ROWS struct db_rows *r = NULL;
    int rc = db_query(tx, STMT_PRODUCT_STOCK_NOW, &r, "Si", f->in.store_id, id);
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
    int64_t by = row->wanted > row->was ? (int64_t)row->wanted - row->was
                                        : (int64_t)row->was - row->wanted;
    if (by == 0) {
        f->in.sum.same++;
        return;
    }
    if (f->n_rows == f->cap)
        f->rows = mem_resize(f->rows, f->cap = f->cap ? 2 * f->cap : 1024,
                             sizeof *f->rows);
    f->rows[f->n_rows++] = *row;
    f->in.sum.changes++;
    f->in.sum.most = by > f->in.sum.most ? by : f->in.sum.most;
}

static int look(struct db_tx *tx, struct stock_file *f,
                const char *const *cells, int n) {
    const char *why = NULL;
    int64_t id = 0, wanted = 0, was = 0;
    const char *text = f->stock < n ? cells[f->stock] : "";
    if (money_parse(text, QTY_SCALE, &wanted) < 0 || wanted % 1000 ||
        wanted / 1000 > 999999 || wanted / 1000 < -999999)
        why = "stock must be a whole number";
    int rc = why ? 0 : find(tx, f, cells, n, &id, &why);
    if (rc >= 0 && !why)
        rc = level_of(tx, f, id, &was, &why);
    if (rc >= 0 && !why && (was > 999999 || was < -999999))
        why = "the shop's number is out of range";
    if (rc < 0)
        return rc;
    if (why)
        sheet_blame(&f->in, f->in.csv.line, why);
    else
        keep(f, &(struct row){id, (int32_t)was, (int32_t)(wanted / 1000),
                              f->in.csv.line});
    return 0;
}

static int by_id(const void *x, const void *y) {
    const struct row *a = x, *b = y;
    if (a->remote_id != b->remote_id)
        return a->remote_id < b->remote_id ? -1 : 1;
    return a->line < b->line ? -1 : a->line > b->line;
}

/* One object has one number. */
static void end(struct stock_file *f) {
    if (f->n_rows)
        qsort(f->rows, f->n_rows, sizeof *f->rows, by_id);
    for (size_t i = 1; i < f->n_rows; i++)
        if (f->rows[i].remote_id == f->rows[i - 1].remote_id)
            sheet_blame(&f->in, f->rows[i].line,
                        "it is in the file more than once");
}

int stock_file_look(struct db_tx *tx, struct stock_file *f, size_t max,
                    struct error *e) {
    struct arena *a = arena_new(0);
    const char *cells[CSV_CELLS];
    int rc = f->begun ? 0 : begin(f, a, e);
    int done = 0;
    while (rc >= 0 && (size_t)done < max) {
        int n = csv_row(&f->in.csv, a, cells);
        if (n == 0) {
            if (done == 0)
                end(f);
            break;
        }
        done++;
        if (++f->in.sum.rows > STOCK_FILE_ROWS)
            rc = error_set(e, ERR_TOO_BIG, "csv", "at most %d rows",
                           STOCK_FILE_ROWS);
        else if (n < 0)
            sheet_blame(&f->in, f->in.csv.line,
                        "no row of CSV: a quote is not closed, or a "
                        "letter is no UTF-8");
        else
            rc = look(tx, f, cells, n);
    }
    arena_free(a);
    return rc < 0 ? rc : done;
}

/* --- proposing --------------------------------------------------------------
 */

int stock_file_begin(struct db_tx *tx, const struct stock_file *f,
                     const char *author, const char *reason, bool over,
                     int64_t *ret, struct error *e) {
    if (f->in.sum.faults || f->n_rows == 0)
        return error_set(e, ERR_INVALID, "csv",
                         f->in.sum.faults ? "rows of it are at fault"
                                          : "nothing of it is a change");
    return proposal_csv_create(tx, f->in.store_id, author, reason, over,
                               (int64_t)f->n_rows, ret);
}

int stock_file_add(struct db_tx *tx, const struct stock_file *f, int64_t id,
                   size_t from, size_t max) {
    char base[16], wanted[16];
    size_t n = 0;
    int rc = 0;
    for (; rc >= 0 && n < max && from + n < f->n_rows; n++) {
        const struct row *row = &f->rows[from + n];
        (void)str_format(base, sizeof base, "%d", (int)row->was);
        (void)str_format(wanted, sizeof wanted, "%d", (int)row->wanted);
        rc = proposal_csv_add(tx, id, row->remote_id, "stock", base, wanted);
    }
    return rc < 0 ? rc : (int)n;
}

int stock_file_end(struct db_tx *tx, const struct stock_file *f, int64_t id,
                   bool at_once) {
    int rc = proposal_csv_ready(tx, id, f->in.store_id);
    if (rc >= 0 && at_once)
        rc = proposal_csv_release(tx, id);
    return rc < 0 ? rc : 0;
}
