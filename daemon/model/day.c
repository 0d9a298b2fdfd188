#include "model/day.h"

#include "db/sql.h"
#include "model/row_list.h"
#include "model/work.h"

static const int64_t hour_ms = 3600000;

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

static int hours_of(struct db_tx *tx, enum stmt_id id, int64_t store_id,
                    int64_t from, int64_t to, int64_t *hours) {
    AUTO_ROWS struct db_rows *r = NULL;
    int rc = db_query(tx, id, &r, "Sii", store_id, from, to);
    while (rc >= 0 && (rc = db_step(r)) > 0) {
        int64_t hour = (db_i64(r, 0) - from) / hour_ms;
        if (hour < DAY_HOURS)
            hours[hour]++;
    }
    return rc;
}

int day_work(struct db_tx *tx, int64_t store_id, int64_t from, int64_t to,
             struct day_work *w) {
    int rc = hours_of(tx, STMT_PACKED_OF_DAY, store_id, from, to, w->packed);
    return rc < 0 ? rc
                  : hours_of(tx, STMT_SHIPPED_OF_DAY, store_id, from, to,
                             w->shipped);
}

int day_in_hand(struct db_tx *tx, int64_t store_id, int64_t *counts) {
    AUTO_ROWS struct db_rows *r = NULL;
    int rc = db_query(tx, STMT_WORK_OPEN_COUNTS, &r, "S", store_id);
    return rc < 0 ? rc : row_add_states(r, work_state_parse, counts);
}

int day_low_stock(struct db_tx *tx, int64_t store_id, int64_t *ret) {
    int rc = db_value(tx, STMT_PRODUCT_LOW_COUNT, ret, "S", store_id);
    return rc < 0 ? rc : 0;
}
