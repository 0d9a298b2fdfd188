#include "model/sweep.h"

#include "common/check.h"
#include "common/str.h"
#include "db/sql.h"
#include "model/feed.h"
#include "model/product.h"

int sweep_get(struct db_tx *tx, int64_t store_id, const char *kind,
              struct sweep_place *ret) {
    AUTO_ROWS struct db_rows *r = NULL;
    int rc = db_query(tx, STMT_SWEEP_GET, &r, "Ss", store_id, kind);
    if (rc >= 0)
        rc = db_step(r);
    if (rc < 0)
        return rc;
    *ret = SWEEP_PLACE_NEW;
    if (rc > 0)
        *ret = (struct sweep_place){db_i64(r, 0), db_i64(r, 1), db_i64(r, 2),
                                    db_i64(r, 3), db_i64(r, 4)};
    return rc;
}

int sweep_put(struct db_tx *tx, int64_t store_id, const char *kind,
              const struct sweep_place *p) {
    int rc = db_run(tx, STMT_SWEEP_PUT, "Ssiiiii", store_id, kind, p->left,
                    p->above, p->total, p->started_ms, p->success_ms);
    return rc < 0 ? rc : 0;
}

static enum stmt_id items_of(const struct sweep_range *range) {
    switch (range->kind) {
    case MIRROR_ORDER:
        return STMT_SWEEP_ORDERS;
    case MIRROR_REFUND:
        return STMT_SWEEP_REFUNDS;
    case MIRROR_PRODUCT:
        return range->variations ? STMT_SWEEP_VARIATIONS : STMT_SWEEP_PRODUCTS;
    case MIRROR_CUSTOMER:
        return STMT_SWEEP_CONTACTS;
    case MIRROR_CATEGORY:
        return STMT_SWEEP_CATEGORIES;
    case MIRROR_NOTE:
        break;
    }
    return STMT_COUNT;
}

static void read_stock(struct db_rows *r, struct sweep_item *item) {
    item->manage = (int)db_i64(r, 3);
    item->stock_e3 = db_null(r, 4) ? PRODUCT_NONE : db_i64(r, 4);
    (void)str_copy(item->stock_status, sizeof item->stock_status,
                   db_text(r, 5));
}

int sweep_items(struct db_tx *tx, int64_t store_id,
                const struct sweep_range *range, struct sweep_item *ret,
                size_t max) {
    AUTO_ROWS struct db_rows *r = NULL;
    int n = 0;
    REQUIRE(items_of(range) != STMT_COUNT);
    int rc = db_query(tx, items_of(range), &r, "Siiii", store_id, range->low,
                      range->high, (int64_t)range->trashed, (int64_t)max);
    while (rc >= 0 && (rc = db_step(r)) > 0) {
        struct sweep_item *item = &ret[n++];
        *item = (struct sweep_item){.remote_id = db_i64(r, 0),
                                    .read_seq = db_i64(r, 1),
                                    .unlisted = db_i64(r, 2) != 0};
        if (range->kind == MIRROR_PRODUCT)
            read_stock(r, item);
    }
    return rc < 0 ? rc : n;
}

int sweep_doubt(struct db_tx *tx, int64_t store_id, enum mirror_kind kind,
                const char *reason) {
    int rc = db_run(tx, STMT_REMOVAL_PUT, "Sssi", store_id,
                    mirror_kind_name(kind), reason, db_now(tx));
    return rc < 0 ? rc : feed_add(tx, "attention", store_id, 0, "");
}

int sweep_trust(struct db_tx *tx, int64_t store_id, enum mirror_kind kind) {
    int rc =
        db_run(tx, STMT_REMOVAL_CLEAR, "Ss", store_id, mirror_kind_name(kind));
    if (rc > 0)
        rc = feed_add(tx, "attention", store_id, 0, "");
    return rc < 0 ? rc : 0;
}
