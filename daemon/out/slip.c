/* The packing slip: what the customer finds in the parcel. It names no price:
 * a present is opened by somebody else. */
#include "common/money.h"
#include "common/text.h"
#include "out/docket.h"
#include "out/document.h"

static void head(const struct docket *k, struct document *d) {
    document_add(d, DOCUMENT_TITLE, k->store);
    document_add(d, DOCUMENT_BIG, text_get(k->lang, TEXT_PAPER_SLIP));
    document_pair(d, TEXT_PAPER_ORDER, k->number);
    document_pair(d, TEXT_PAPER_DATE, k->date);
    document_pair(d, TEXT_PAPER_PARCEL, docket_parcel(k, d->a));
    document_pair(d, TEXT_PAPER_CARRIER, k->carrier);
    document_pair(d, TEXT_PAPER_TRACKING, k->tracking);
    document_add(d, DOCUMENT_CODE, k->ref);
    document_rule(d);
    document_add(d, DOCUMENT_LINE, text_get(k->lang, TEXT_PAPER_SHIP_TO));
    for (size_t i = 0; i < k->n_address; i++)
        document_add(d, DOCUMENT_BIG, k->address[i]);
    document_rule(d);
}

static void lines(const struct docket *k, struct document *d) {
    const char *const titles[] = {
        text_get(k->lang, TEXT_PAPER_SKU), text_get(k->lang, TEXT_PAPER_ITEM),
        text_get(k->lang, TEXT_PAPER_QTY), text_get(k->lang, TEXT_PAPER_PACKED),
        text_get(k->lang, TEXT_PAPER_BACKORDER)};
    static const struct document_column columns[] = {
        {16, false}, {34, false}, {7, true}, {8, true}, {11, true}};
    d->n_columns = sizeof columns / sizeof *columns;
    for (size_t i = 0; i < d->n_columns; i++)
        d->columns[i] = columns[i];
    document_cells(d, DOCUMENT_HEAD, titles);
    for (size_t i = 0; i < k->n_lines; i++) {
        const struct docket_line *l = &k->lines[i];
        char qty[MONEY_TEXT], packed[MONEY_TEXT], back[MONEY_TEXT];
        const char *const cells[] = {
            l->sku, docket_name(l, d->a), money_format_qty(qty, l->qty_e3),
            money_format_qty(packed, l->packed_e3),
            l->back_e3 > 0 ? money_format_qty(back, l->back_e3) : ""};
        document_cells(d, DOCUMENT_ROW, cells);
    }
}

void slip_write(const struct docket *k, struct document *d) {
    head(k, d);
    lines(k, d);
    if (*k->note || k->n_notes > 0)
        document_rule(d);
    document_pair(d, TEXT_PAPER_NOTE, k->note);
    for (size_t i = 0; i < k->n_notes; i++)
        document_add(d, DOCUMENT_LINE, k->notes[i]);
}
