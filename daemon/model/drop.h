/* Inside the model only: rows of the mirror that go for good, with all that
 * hangs on them: kept object, search text, counters, marks. Whether they may go
 * is the caller's to say. */
#pragma once

#include <stdint.h>

#include "model/search.h"

/* Search texts of one job, written at its end. */
struct drop {
    struct db_tx *tx;
    struct search_batch orders, products, contacts;
};
#define DROP_INIT(t)                                                           \
    {                                                                          \
        .tx = (t), .orders = SEARCH_INIT(&search_orders),                      \
        .products = SEARCH_INIT(&search_products),                             \
        .contacts = SEARCH_INIT(&search_contacts)                              \
    }
/* Forget what was not flushed; for CLEANUP. */
void drop_done(struct drop *d);
#define AUTO_DROP CLEANUP(drop_done)

/* An order that nothing is wanted of any more (gone, no demand), with its
 * lines, notes, refunds, marks and timeline; its guest goes with the last one.
 * status: the effective one, which is counted. */
struct drop_order {
    int64_t store_id, remote_id, id, contact_id;
    const char *status;
};
int drop_order(struct drop *d, const struct drop_order *o);
int drop_refund(struct drop *d, int64_t id);
int drop_product(struct drop *d, int64_t store_id, int64_t remote_id,
                 int64_t id);
int drop_contact(struct drop *d, int64_t id);
int drop_category(struct drop *d, int64_t store_id, int64_t remote_id,
                  int64_t id);

/* Write the search texts. */
int drop_flush(struct drop *d);
