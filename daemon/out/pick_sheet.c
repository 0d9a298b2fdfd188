/* The pick list on paper, in the order it is walked: by bin, then by SKU, what
 * has no bin last. */
#include <stdlib.h>
#include <string.h>

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
