/* The pick list on paper, in the order it is walked: by bin, then by SKU, what
 * has no bin last; of one order, or of several together. */
#include <stdlib.h>
#include <string.h>

#include "common/arena.h"
#include "common/buf.h"
#include "common/money.h"
#include "common/text.h"
#include "out/docket.h"
#include "out/document.h"

static int by_place(const void *a, const void *b) {
    const struct docket_line *x = a, *y = b;
    if (!*x->bin != !*y->bin)
        return *x->bin ? -1 : 1;
    int order = strcmp(x->bin, y->bin);
    return order ? order : strcmp(x->sku, y->sku);
}

static void head(const struct docket *k, struct document *d) {
    document_add(d, DOCUMENT_TITLE, text_get(k->lang, TEXT_PAPER_PICK));
    document_pair(d, TEXT_PAPER_STORE, k->store);
    document_pair(d, TEXT_PAPER_ORDER, k->number);
    document_pair(d, TEXT_PAPER_DATE, k->date);
    document_add(d, DOCUMENT_CODE, k->ref);
    if (*k->note)
        document_rule(d);
    document_pair(d, TEXT_PAPER_NOTE, k->note);
    document_rule(d);
}

void pick_sheet_write(struct docket *k, struct document *d) {
    static const struct document_column columns[] = {
        {3, false}, {12, false}, {18, false}, {36, false}, {7, true}};
    const char *const titles[] = {"", text_get(k->lang, TEXT_PAPER_BIN),
                                  text_get(k->lang, TEXT_PAPER_SKU),
                                  text_get(k->lang, TEXT_PAPER_ITEM),
                                  text_get(k->lang, TEXT_PAPER_QTY)};
    head(k, d);
    d->n_columns = sizeof columns / sizeof *columns;
    for (size_t i = 0; i < d->n_columns; i++)
        d->columns[i] = columns[i];
    if (k->n_lines > 0)
        qsort(k->lines, k->n_lines, sizeof *k->lines, by_place);
    document_cells(d, DOCUMENT_HEAD, titles);
    for (size_t i = 0; i < k->n_lines; i++) {
        const struct docket_line *l = &k->lines[i];
        char qty[MONEY_TEXT];
        if (l->parts) /* nobody picks a bundle: its parts are rows */
            continue;
        const char *const cells[] = {"[ ]", l->bin, l->sku,
                                     docket_part_of(k, l, d->a),
                                     money_format_qty(qty, l->qty_e3)};
        document_cells(d, DOCUMENT_ROW, cells);
    }
}

/* --- of several orders -----------------------------------------------------
 */

struct wave_row {
    const struct docket_line *line;
    const struct docket *of;
};

static int by_walk(const void *a, const void *b) {
    const struct wave_row *x = a, *y = b;
    int order = by_place(x->line, y->line);
    return order ? order : strcmp(x->of->number, y->of->number);
}

static struct wave_row *all_rows(const struct docket *k, size_t n,
                                 struct arena *a, size_t *ret_n) {
    size_t most = 1, at = 0;
    for (size_t i = 0; i < n; i++)
        most += k[i].n_lines;
    struct wave_row *rows = arena_alloc(a, most * sizeof *rows);
    for (size_t i = 0; i < n; i++)
        for (size_t l = 0; l < k[i].n_lines; l++)
            if (!k[i].lines[l].parts)
                rows[at++] = (struct wave_row){&k[i].lines[l], &k[i]};
    qsort(rows, at, sizeof *rows, by_walk);
    *ret_n = at;
    return rows;
}

/* "2: 1779", the tote and the order; without totes the order. */
static const char *whose_is(const struct docket *k, struct arena *a) {
    AUTO_BUF struct buf b = BUF_INIT;
    if (*k->tote)
        buf_addf(&b, "%s: ", k->tote);
    buf_adds(&b, k->number);
    return arena_dupn(a, b.data, b.len);
}

static void wave_head(const struct docket *k, size_t n, const char *whose,
                      struct document *d) {
    AUTO_BUF struct buf orders = BUF_INIT;
    for (size_t i = 0; i < n; i++)
        buf_addf(&orders, "%s%s", i > 0 ? ", " : "", whose_is(&k[i], d->a));
    document_add(d, DOCUMENT_TITLE, text_get(k->lang, TEXT_PAPER_PICK));
    document_pair(d, TEXT_PAPER_ORDERS, buf_str(&orders));
    document_add(d, DOCUMENT_CODE, whose);
    for (size_t i = 0; i < n; i++) {
        AUTO_BUF struct buf note = BUF_INIT;
        buf_addf(&note, "%s: %s", k[i].number, k[i].note);
        document_pair(d, TEXT_PAPER_NOTE, *k[i].note ? buf_str(&note) : "");
    }
    document_rule(d);
}

void pick_wave_write(struct docket *k, size_t n, const char *whose,
                     struct document *d) {
    static const struct document_column columns[] = {{3, false},  {11, false},
                                                     {16, false}, {28, false},
                                                     {5, true},   {12, false}};
    const char *const titles[] = {"",
                                  text_get(k->lang, TEXT_PAPER_BIN),
                                  text_get(k->lang, TEXT_PAPER_SKU),
                                  text_get(k->lang, TEXT_PAPER_ITEM),
                                  text_get(k->lang, TEXT_PAPER_QTY),
                                  text_get(k->lang, TEXT_PAPER_ORDER)};
    size_t rows_n;
    wave_head(k, n, whose, d);
    d->n_columns = sizeof columns / sizeof *columns;
    for (size_t i = 0; i < d->n_columns; i++)
        d->columns[i] = columns[i];
    const struct wave_row *rows = all_rows(k, n, d->a, &rows_n);
    document_cells(d, DOCUMENT_HEAD, titles);
    for (size_t i = 0; i < rows_n; i++) {
        const struct docket_line *l = rows[i].line;
        char qty[MONEY_TEXT];
        const char *const cells[] = {"[ ]",
                                     l->bin,
                                     l->sku,
                                     docket_part_of(rows[i].of, l, d->a),
                                     money_format_qty(qty, l->qty_e3),
                                     whose_is(rows[i].of, d->a)};
        document_cells(d, DOCUMENT_ROW, cells);
    }
}
