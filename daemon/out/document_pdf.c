/* A document as the lines fulexo-pdf reads; their form is in pdf/lines.h. */
#include "common/buf.h"
#include "out/document.h"

static const char *const words[] = {
    [DOCUMENT_TITLE] = "title", [DOCUMENT_BIG] = "big",
    [DOCUMENT_LINE] = "line",   [DOCUMENT_PAIR] = "pair",
    [DOCUMENT_RULE] = "rule",   [DOCUMENT_CODE] = "code",
    [DOCUMENT_HEAD] = "head",   [DOCUMENT_ROW] = "row",
    [DOCUMENT_PAGE] = "page",
};

static size_t cells_of(const struct document *d, enum document_what what) {
    if (what == DOCUMENT_RULE || what == DOCUMENT_PAGE)
        return 0;
    if (what == DOCUMENT_HEAD || what == DOCUMENT_ROW)
        return d->n_columns;
    return what == DOCUMENT_PAIR ? 2 : 1;
}

void document_pdf_lines(const struct document *d, struct buf *out) {
    buf_addf(out, "fulexo-pdf\t1\t%s\t%s\n", d->label ? "label" : "a4",
             text_lang_name(d->lang));
    buf_addf(out, "name\t%s\n", d->name);
    if (d->at_ms > 0)
        buf_addf(out, "at\t%lld\n", (long long)(d->at_ms / 1000));
    if (d->n_columns > 0)
        buf_adds(out, "columns");
    for (size_t i = 0; i < d->n_columns; i++)
        buf_addf(out, "\t%d%s", d->columns[i].width,
                 d->columns[i].right ? "r" : "");
    if (d->n_columns > 0)
        buf_addc(out, '\n');
    for (size_t i = 0; i < d->n; i++) {
        const struct document_item *item = &d->items[i];
        buf_adds(out, words[item->what]);
        for (size_t k = 0; k < cells_of(d, item->what); k++)
            buf_addf(out, "\t%s", item->cells[k]);
        buf_addc(out, '\n');
    }
}
