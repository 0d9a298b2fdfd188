/* One line that finds anything: first what is exactly the code a scanner typed
 * (reference, order number, SKU, tracking number, lot or serial, and of the
 * house's own bins, totes, pick lists, inbound shipments and counts: all by
 * index), then what the
 * words occur in, a few of each kind, each within the time a list's page may
 * take. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "common/err.h"

struct arena;
struct db_tx;

enum found_kind {
    FOUND_ORDER,
    FOUND_PRODUCT,
    FOUND_CUSTOMER,
    FOUND_SHIPMENT,
    FOUND_LOT,     /* or serial: ref is a product's */
    FOUND_BIN,     /* ref: its code */
    FOUND_PICK,    /* P-77 W-12 */
    FOUND_WORK,    /* past picking: ref is the order's */
    FOUND_INBOUND, /* I-12 */
    FOUND_COUNT    /* C-7 */
};
/* "order". */
const char *found_kind_name(enum found_kind k);

struct found {
    enum found_kind kind;
    const char *ref; /* as the kind's own methods take it */
    const char *store, *code, *title, *state;
    bool exact; /* ref or code is the text asked for, without case */
};

struct found_list {
    struct found *items;
    size_t n;
    bool partial; /* not all could be looked at in time */
};

enum { FIND_EACH = 20 /* of a kind, by words */ };

/* house: what is the warehouse's own is found too. At most `limit`
 * (1..LIST_LIMIT_MAX), nothing twice, in the caller's scope; all in the arena.
 * Text without a letter or digit finds nothing. */
int find_anything(struct db_tx *tx, const char *text, bool house, int limit,
                  struct arena *a, struct found_list *ret, struct error *e);
