#include "model/drop.h"

#include "db/sql.h"
#include "model/contact.h"

void drop_done(struct drop *d) {
    search_done(&d->orders);
    search_done(&d->products);
    search_done(&d->contacts);
}

int drop_flush(struct drop *d) {
    int rc = search_flush(&d->orders, d->tx);
    if (rc >= 0)
        rc = search_flush(&d->products, d->tx);
    return rc < 0 ? rc : search_flush(&d->contacts, d->tx);
}

static int by_id(struct drop *d, const enum stmt_id *all, size_t n,
                 int64_t id) {
    int rc = 0;
    for (size_t i = 0; rc >= 0 && i < n; i++)
        rc = db_run(d->tx, all[i], "i", id);
    return rc;
}

/* Objects before the rows they are found by. */
int drop_order(struct drop *d, const struct drop_order *o) {
    static const enum stmt_id own[] = {STMT_LINE_CLEAR, STMT_DROP_ORDER_OBJECT,
                                       STMT_DROP_ORDER_TAGS,
                                       STMT_DROP_ORDER_HOLDS, STMT_DROP_ORDER};
    static const enum stmt_id beside[] = {
        STMT_DROP_REFUND_OBJECTS, STMT_DROP_REFUNDS, STMT_DROP_NOTES,
        STMT_DROP_HOLD_LOG,       STMT_DROP_EVENTS,  STMT_DROP_SHARES};
    int rc = by_id(d, own, sizeof own / sizeof *own, o->id);
    for (size_t i = 0; rc >= 0 && i < sizeof beside / sizeof *beside; i++)
        rc = db_run(d->tx, beside[i], "Si", o->store_id, o->remote_id);
    if (rc >= 0)
        rc = db_run(d->tx, STMT_ORDER_COUNT_ADD, "Ssi", o->store_id, o->status,
                    (int64_t)-1);
    if (rc < 0)
        return rc;
    search_add(&d->orders, o->id, NULL, false);
    return contact_release(d->tx, &d->contacts, o->contact_id, 0);
}

int drop_refund(struct drop *d, int64_t id) {
    static const enum stmt_id own[] = {STMT_DROP_REFUND_OBJECT,
                                       STMT_DROP_REFUND};
    return by_id(d, own, sizeof own / sizeof *own, id);
}

int drop_product(struct drop *d, int64_t store_id, int64_t remote_id,
                 int64_t id) {
    static const enum stmt_id own[] = {
        STMT_PRODUCT_CATEGORY_CLEAR, STMT_DROP_PRODUCT_OBJECT,
        STMT_DROP_PRODUCT_UNDER, STMT_DROP_PRODUCT};
    int rc = by_id(d, own, sizeof own / sizeof *own, id);
    if (rc >= 0)
        rc = db_run(d->tx, STMT_DROP_LEDGER, "Si", store_id, remote_id);
    if (rc >= 0)
        search_add(&d->products, id, NULL, false);
    return rc;
}

int drop_contact(struct drop *d, int64_t id) {
    static const enum stmt_id own[] = {
        STMT_CONTACT_TAGS_CLEAR, STMT_CONTACT_NOTES_CLEAR,
        STMT_ERASE_CONTACT_OBJECT, STMT_CONTACT_DROP};
    int rc = by_id(d, own, sizeof own / sizeof *own, id);
    if (rc >= 0)
        search_add(&d->contacts, id, NULL, false);
    return rc;
}

int drop_category(struct drop *d, int64_t store_id, int64_t remote_id,
                  int64_t id) {
    int rc = db_run(d->tx, STMT_DROP_CATEGORY, "i", id);
    return rc < 0 ? rc
                  : db_run(d->tx, STMT_DROP_CATEGORY_PRODUCTS, "Si", store_id,
                           remote_id);
}
