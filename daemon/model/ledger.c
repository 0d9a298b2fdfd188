#include "model/ledger.h"

#include "common/check.h"
#include "common/err.h"
#include "common/money.h"
#include "db/sql.h"
#include "model/feed.h"

static int taken(struct db_tx *tx, int64_t store_id, int64_t remote_id,
                 int64_t *ret) {
    int64_t parent = 0;
    int rc =
        db_value(tx, STMT_PRODUCT_PARENT, &parent, "Si", store_id, remote_id);
    if (rc >= 0 && parent > 0)
        rc = db_value(tx, STMT_LEDGER_TAKEN_VARIATION, ret, "Sii", store_id,
                      parent, remote_id);
    else if (rc >= 0)
        rc = db_value(tx, STMT_LEDGER_TAKEN_PRODUCT, ret, "Si", store_id,
                      remote_id);
    return rc < 0 ? rc : 0;
}

static int read_row(struct db_tx *tx, int64_t store_id, int64_t remote_id,
                    struct ledger *l) {
    AUTO_ROWS struct db_rows *r = NULL;
    int rc = db_query(tx, STMT_LEDGER_GET, &r, "Si", store_id, remote_id);
    if (rc >= 0)
        rc = db_step(r);
    if (rc <= 0)
        return rc;
    *l = (struct ledger){.agreed_e3 = db_i64(r, 0),
                         .agreed_ms = db_i64(r, 1),
                         .sent_e3 = db_i64(r, 2),
                         .taken_e3 = db_i64(r, 3),
                         .drift_e3 = db_i64(r, 4),
                         .drift_ms = db_i64(r, 5)};
    return 1;
}

int ledger_get(struct db_tx *tx, int64_t store_id, int64_t remote_id,
               struct ledger *ret) {
    struct ledger l;
    int rc = read_row(tx, store_id, remote_id, &l);
    if (rc <= 0)
        return rc;
    rc = taken(tx, store_id, remote_id, &l.taken_now_e3);
    if (rc < 0)
        return rc;
    l.expected_e3 = l.agreed_e3;
    if (!money_add(&l.expected_e3, l.sent_e3) ||
        !money_add(&l.expected_e3, l.taken_e3) ||
        !money_add(&l.expected_e3, -l.taken_now_e3))
        return ERR_RANGE;
    *ret = l;
    return 1;
}

/* Not long after the agreement the base follows the shop. */
static int settle(struct db_tx *tx, int64_t store_id, int64_t remote_id,
                  const struct ledger *l, int64_t stock_e3) {
    int64_t agreed = stock_e3;
    if (!money_add(&agreed, -l->sent_e3))
        return ERR_RANGE;
    int rc = db_run(tx, STMT_LEDGER_BASE, "iiSi", agreed, l->taken_now_e3,
                    store_id, remote_id);
    return rc < 0 ? rc : 0;
}

static int drifted(struct db_tx *tx, int64_t store_id, int64_t remote_id,
                   const struct ledger *l, int64_t drift_e3) {
    int64_t since = drift_e3 == 0 ? 0 : l->drift_ms ? l->drift_ms : db_now(tx);
    int rc = db_run(tx, STMT_LEDGER_DRIFT, "iiSi", drift_e3, since, store_id,
                    remote_id);
    return rc < 0 ? rc : feed_add(tx, "product", store_id, remote_id, "");
}

int ledger_check(struct db_tx *tx, int64_t store_id, int64_t remote_id,
                 int64_t shop_stock_e3) {
    struct ledger l;
    int64_t one;
    int rc = ledger_get(tx, store_id, remote_id, &l);
    if (rc <= 0)
        return rc;
    rc = db_value(tx, STMT_LEDGER_MOVING, &one, "Si", store_id, remote_id);
    if (rc != 0)
        return rc < 0 ? rc : 0;
    int64_t drift = shop_stock_e3;
    if (!money_add(&drift, -l.expected_e3))
        return ERR_RANGE;
    if (drift != 0 && db_now(tx) - l.agreed_ms < LEDGER_SETTLE_MS)
        return settle(tx, store_id, remote_id, &l, shop_stock_e3);
    return drift == l.drift_e3 ? 0
                               : drifted(tx, store_id, remote_id, &l, drift);
}

int ledger_any(struct db_tx *tx, int64_t store_id) {
    int64_t one;
    return db_value(tx, STMT_LEDGER_ANY, &one, "S", store_id);
}

static int check_mirrored(struct db_tx *tx, int64_t store_id,
                          int64_t remote_id) {
    int64_t stock;
    int rc = db_value(tx, STMT_LEDGER_STOCK, &stock, "Si", store_id, remote_id);
    return rc <= 0 ? rc : ledger_check(tx, store_id, remote_id, stock);
}

int ledger_again(struct db_tx *tx, int64_t store_id) {
    enum { AT_ONCE = 64 };
    int64_t ids[AT_ONCE];
    size_t n = 0;
    AUTO_ROWS struct db_rows *r = NULL;
    int rc =
        db_query(tx, STMT_LEDGER_DRIFTED, &r, "Si", store_id, (int64_t)AT_ONCE);
    while (rc >= 0 && n < AT_ONCE && (rc = db_step(r)) > 0)
        ids[n++] = db_i64(r, 0);
    db_rows_done(TAKE_PTR(r));
    for (size_t i = 0; rc >= 0 && i < n; i++)
        rc = check_mirrored(tx, store_id, ids[i]);
    return rc < 0 ? rc : 0;
}

static int set_base(struct db_tx *tx, int64_t store_id, int64_t remote_id,
                    int64_t agreed_e3, int64_t taken_e3) {
    int rc = db_run(tx, STMT_LEDGER_AGREE, "Siiii", store_id, remote_id,
                    agreed_e3, db_now(tx), taken_e3);
    return rc < 0 ? rc : 0;
}

/* The first of a listing: the base is what was there before it. */
static int agree(struct db_tx *tx, int64_t store_id, int64_t remote_id,
                 int64_t delta_e3) {
    int64_t stock, out = 0;
    int rc = db_value(tx, STMT_LEDGER_STOCK, &stock, "Si", store_id, remote_id);
    if (rc <= 0)
        return rc; /* not mirrored, or not managed: nothing to agree on */
    rc = taken(tx, store_id, remote_id, &out);
    if (rc < 0)
        return rc;
    if (!money_add(&stock, -delta_e3))
        return ERR_RANGE;
    return set_base(tx, store_id, remote_id, stock, out);
}

int ledger_sent(struct db_tx *tx, int64_t store_id, int64_t remote_id,
                int64_t delta_e3) {
    struct ledger l;
    int rc = read_row(tx, store_id, remote_id, &l);
    if (rc == 0)
        rc = agree(tx, store_id, remote_id, delta_e3);
    if (rc < 0)
        return rc;
    rc = db_run(tx, STMT_LEDGER_SENT, "iSi", delta_e3, store_id, remote_id);
    return rc < 0 ? rc : check_mirrored(tx, store_id, remote_id);
}

int ledger_agree(struct db_tx *tx, int64_t store_id, int64_t remote_id,
                 int64_t *ret_e3) {
    struct ledger l;
    int64_t one, stock;
    int rc = ledger_get(tx, store_id, remote_id, &l);
    if (rc <= 0)
        return rc;
    rc = db_value(tx, STMT_LEDGER_OPEN, &one, "Si", store_id, remote_id);
    if (rc != 0)
        return rc < 0 ? rc : ERR_CONFLICT;
    rc = db_value(tx, STMT_LEDGER_STOCK, &stock, "Si", store_id, remote_id);
    if (rc <= 0)
        return rc;
    rc = set_base(tx, store_id, remote_id, stock, l.taken_now_e3);
    if (rc >= 0)
        rc = feed_add(tx, "product", store_id, remote_id, "");
    if (rc < 0)
        return rc;
    *ret_e3 = stock;
    return 1;
}
