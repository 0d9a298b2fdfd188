#include "model/day.h"

#include "db/sql.h"

int day_orders(struct db_tx *tx, int64_t store_id, int64_t from, int64_t to,
               void (*fn)(const struct day_order *o, void *arg), void *arg) {
    AUTO_ROWS struct db_rows *r = NULL;
    int rc = db_query(tx, STMT_ORDERS_OF_DAY, &r, "Sii", store_id, from, to);
    while (rc >= 0 && (rc = db_step(r)) > 0) {
        struct day_order o = {.created_ms = db_i64(r, 0),
                              .status = db_text(r, 1),
                              .currency = db_text(r, 2),
                              .total_e4 = db_i64(r, 3)};
        fn(&o, arg);
    }
    return rc;
}

int day_low_stock(struct db_tx *tx, int64_t store_id, int64_t *ret) {
    int rc = db_value(tx, STMT_PRODUCT_LOW_COUNT, ret, "S", store_id);
    return rc < 0 ? rc : 0;
}
