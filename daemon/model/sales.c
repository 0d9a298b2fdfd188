#include "model/sales.h"

#include "common/money.h"
#include "common/str.h"
#include "db/sql.h"
#include "model/store.h"

const int sales_days[SALES_PERIODS] = {30, 90, 365, 0};

struct sold {
    int64_t order_id, created_ms, qty_e3, total_e4;
    const char *currency;
};

/* Lines of one order follow each other. */
static void add(struct sales *s, const struct sold *l, bool another) {
    s->orders += another;
    if (!money_add(&s->qty_e3, l->qty_e3))
        s->qty_e3 = INT64_MAX;
    amounts_add(&s->revenue, l->currency, l->total_e4);
}

/* By core's own phases: a status a plug-in made is a step on the way of an
 * order that is paid, or the shop would leave it pending. */
static bool paid(const char *status) {
    enum status_phase phase = status_phase_of(status);
    return phase != PHASE_UNPAID && phase != PHASE_DEAD;
}

int sales_of(struct db_tx *tx, int64_t store_id, int64_t remote_id,
             int64_t parent_id, struct sales ret[SALES_PERIODS]) {
    const int64_t day_ms = 86400000;
    AUTO_ROWS struct db_rows *r = NULL;
    struct sales sum[SALES_PERIODS] = {0};
    int64_t now = db_now(tx), last = 0;
    int rc =
        db_query(tx, STMT_PRODUCT_SOLD, &r, "Sii", store_id,
                 parent_id ? parent_id : remote_id, parent_id ? remote_id : 0);
    while (rc >= 0 && (rc = db_step(r)) > 0) {
        struct sold l = {.order_id = db_i64(r, 0),
                         .created_ms = db_i64(r, 1),
                         .currency = db_text(r, 3),
                         .qty_e3 = db_i64(r, 4),
                         .total_e4 = db_i64(r, 5)};
        if (!paid(db_text(r, 2)))
            continue;
        for (size_t i = 0; i < SALES_PERIODS; i++)
            if (!sales_days[i] || now - l.created_ms < sales_days[i] * day_ms)
                add(&sum[i], &l, l.order_id != last);
        last = l.order_id;
    }
    if (rc < 0)
        return rc;
    for (size_t i = 0; i < SALES_PERIODS; i++)
        ret[i] = sum[i];
    return 0;
}
