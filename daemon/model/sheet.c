#include "model/sheet.h"

#include <string.h>

#include "common/arena.h"
#include "common/ref.h"
#include "common/str.h"
#include "db/sql.h"

enum {
    WINDOW = 4 * 1024 * 1024,
    ROW_MOST = CSV_CELLS * (CSV_CELL_MAX + 4), /* then a row is whole in it */
};

void sheet_begin(struct sheet *s, const struct sheet_kind *kind,
                 int64_t store_id, const char *store) {
    s->kind = kind;
    s->store_id = store_id;
    (void)str_copy(s->store, sizeof s->store, store);
}

void sheet_text(struct sheet *s, const char *text, size_t n) {
    buf_add(&s->text, text, n);
    s->size = s->read = (int64_t)n;
}

void sheet_file(struct sheet *s, const char *data, const uint8_t sha[FILE_SHA],
                int64_t size) {
    s->data = data;
    memcpy(s->sha, sha, FILE_SHA);
    s->size = size;
}

void sheet_free(struct sheet *s) {
    if (!s)
        return;
    buf_done(&s->text);
    s->kind->done(s);
}

/* --- the window ----------------------------------------------------------- */

static size_t ahead(const struct sheet *s) {
    return s->begun ? (size_t)(s->csv.end - s->csv.at) : s->text.len;
}

/* What is read is let go; then as much as fits comes by. */
static int fill(struct sheet *s, struct error *e) {
    int rc = 0;
    if (s->read == s->size || ahead(s) >= ROW_MOST)
        return 0;
    buf_consume(&s->text, s->text.len - ahead(s));
    while (rc >= 0 && s->read < s->size && s->text.len + FILE_CHUNK <= WINDOW) {
        size_t was = s->text.len;
        rc = file_bytes(s->data, s->sha, s->read, &s->text, e);
        if (rc >= 0 && s->text.len == was)
            return error_set(e, ERR_IO, "file", "it is shorter than it was");
        s->read += rc >= 0 ? (int64_t)(s->text.len - was) : 0;
    }
    s->csv.at = buf_str(&s->text);
    s->csv.end = s->csv.at + s->text.len;
    return rc < 0 ? rc : 0;
}

void sheet_sum(const struct sheet *s, struct sheet_sum *ret) {
    int64_t past = s->read - (int64_t)ahead(s);
    *ret = s->sum;
    ret->kept = s->kept;
    ret->part = s->size > 0 ? (double)past / (double)s->size : 1;
}

/* --- rows ----------------------------------------------------------------- */

void sheet_blame_line(struct sheet *s, int line, const char *text) {
    s->sum.faults++;
    if (s->sum.n_kept < SHEET_FAULTS) {
        struct sheet_fault *to = &s->kept[s->sum.n_kept++];
        to->line = line;
        (void)str_copy(to->text, sizeof to->text, text);
    }
}

void sheet_blame(struct sheet *s, const char *text) {
    sheet_blame_line(s, s->csv.line, text);
}

static int first_row(struct sheet *s, struct arena *a, struct error *e) {
    const char *cells[CSV_CELLS];
    int rc = fill(s, e);
    if (rc < 0)
        return rc;
    csv_begin(&s->csv, buf_str(&s->text), s->text.len);
    s->begun = true;
    int n = csv_row(&s->csv, a, cells);
    return s->kind->names(s, cells, n > 0 ? n : 0, e);
}

static int one_row(struct db_tx *tx, struct sheet *s, const char *const *cells,
                   int n, struct arena *a, struct error *e) {
    if (++s->sum.rows > SHEET_ROWS)
        return error_set(e, ERR_TOO_BIG, "csv", "at most %d rows", SHEET_ROWS);
    if (n > 0)
        return s->kind->row(tx, s, cells, n, a, e);
    sheet_blame(
        s, "no row of CSV: a quote is not closed, or a letter is no UTF-8");
    return 0;
}

int sheet_look(struct db_tx *tx, struct sheet *s, size_t max, struct error *e) {
    struct arena *a = arena_new(0);
    const char *cells[CSV_CELLS];
    int rc = s->begun ? 0 : first_row(s, a, e);
    int done = 0;
    while (rc >= 0 && (size_t)done < max) {
        arena_reset(a);
        rc = fill(s, e);
        int n = rc < 0 ? 0 : csv_row(&s->csv, a, cells);
        if (n == 0)
            break;
        done++;
        rc = one_row(tx, s, cells, n, a, e);
    }
    if (rc >= 0 && done == 0)
        s->kind->end(s);
    arena_free(a);
    return rc < 0 ? rc : done;
}

int sheet_add(struct db_tx *tx, const struct sheet *s, int64_t proposal,
              size_t from, size_t max) {
    return s->kind->add(tx, s, proposal, from, max);
}

/* --- which object --------------------------------------------------------- */

const char sheet_no_sku[] = "the store has no such SKU";

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
    *ret_why = found == 0  ? sheet_no_sku
               : found > 1 ? "the store has that SKU more than once: give its "
                             "ref"
                           : NULL;
    return rc;
}

int sheet_find(struct db_tx *tx, const struct sheet *s, const char *ref,
               const char *sku, int64_t *ret, const char **ret_why) {
    struct ref r;
    if (!*ref && *sku)
        return by_sku(tx, s->store_id, sku, ret, ret_why);
    if (ref_parse(ref, &r) < 0 || r.kind != REF_OBJECT)
        *ret_why = "no reference, as alpine:34, and no SKU";
    else if (!str_eq(r.store, s->store))
        *ret_why = "it is of another store";
    else
        *ret = r.id;
    return 0;
}
