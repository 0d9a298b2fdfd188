/* The label on the parcel: where it goes, in letters that are read from a
 * conveyor; the carrier's number to scan, without one the order's. */
#include "common/text.h"
#include "out/docket.h"
#include "out/document.h"

void label_write(const struct docket *k, struct document *d) {
    d->label = true;
    document_pair(d, TEXT_PAPER_FROM, k->store);
    document_rule(d);
    for (size_t i = 0; i < k->n_address; i++)
        document_add(d, i == 0 ? DOCUMENT_TITLE : DOCUMENT_BIG, k->address[i]);
    document_add(d, DOCUMENT_LINE, k->phone);
    document_rule(d);
    document_pair(d, TEXT_PAPER_ORDER, k->number);
    document_pair(d, TEXT_PAPER_PARCEL, docket_parcel(k, d->a));
    document_pair(d, TEXT_PAPER_CARRIER, k->carrier);
    document_pair(d, TEXT_PAPER_SERVICE, k->service);
    document_add(d, DOCUMENT_CODE, *k->tracking ? k->tracking : k->ref);
    if (*k->tracking)
        document_pair(d, TEXT_PAPER_REF, k->ref);
}
