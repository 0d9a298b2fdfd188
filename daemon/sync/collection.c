#include "sync/collection.h"

#include <string.h>

#include "common/check.h"

/* In the order of a first sync: what screens need first. */
static const struct collection_row rows[SYNC_COLLECTIONS] = {
    [SYNC_ORDERS] = {"orders", MIRROR_ORDER, COLLECTION_ORDERS, true, true,
                     true},
    [SYNC_PRODUCTS] = {"products", MIRROR_PRODUCT, COLLECTION_PRODUCTS, true,
                       true, true},
    [SYNC_VARIATIONS] = {"variations", MIRROR_PRODUCT, COLLECTION_VARIATIONS,
                         true, true, false},
    [SYNC_CATEGORIES] = {"categories", MIRROR_CATEGORY, COLLECTION_CATEGORIES,
                         false, false, false},
    [SYNC_REFUNDS] = {"refunds", MIRROR_REFUND, COLLECTION_REFUNDS, true, false,
                      false},
    [SYNC_CUSTOMERS] = {"customers", MIRROR_CUSTOMER, COLLECTION_CUSTOMERS,
                        false, false, false},
    [SYNC_NOTES] = {"notes", MIRROR_NOTE, COLLECTION_COUNT, false, false,
                    false},
};

const struct collection_row *collection_row(enum sync_collection c) {
    REQUIRE(c >= 0 && c < SYNC_COLLECTIONS);
    return &rows[c];
}

const char *sync_collection_name(enum sync_collection c) {
    return collection_row(c)->name;
}

int sync_collection_parse(const char *name) {
    for (int c = 0; c < SYNC_COLLECTIONS; c++)
        if (strcmp(rows[c].name, name) == 0)
            return c;
    return ERR_INVALID;
}
