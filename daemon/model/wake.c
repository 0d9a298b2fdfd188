#include "model/wake.h"

#include "common/str.h"
#include "db/db.h"
#include "db/sql.h"

int wake_put(struct db_tx *tx, int64_t store_id, enum mirror_kind kind,
             int64_t remote_id) {
    int rc = db_run(tx, STMT_WAKE_PUT, "Ssii", store_id, mirror_kind_name(kind),
                    remote_id, db_now(tx));
    return rc < 0 ? rc : 0;
}

static int kind_of(const char *name) {
    for (int k = 0; k <= MIRROR_CATEGORY; k++)
        if (str_eq(mirror_kind_name((enum mirror_kind)k), name))
            return k;
    return ERR_DB;
}

int wake_list(struct db_tx *tx, int64_t store_id, struct wake *ret,
              size_t max) {
    AUTO_ROWS struct db_rows *r = NULL;
    size_t n = 0;
    int rc = db_query(tx, STMT_WAKE_LIST, &r, "S", store_id);
    while (rc >= 0 && n < max && (rc = db_step(r)) > 0) {
        int kind = kind_of(db_text(r, 0));
        if (kind < 0)
            return kind;
        ret[n++] = (struct wake){(enum mirror_kind)kind, db_i64(r, 1),
                                 db_i64(r, 2), db_i64(r, 3)};
    }
    return rc < 0 ? rc : (int)n;
}

/* Only when nobody asked once more meanwhile: times is what was seen. */
int wake_done(struct db_tx *tx, int64_t store_id, const struct wake *w) {
    int rc = db_run(tx, STMT_WAKE_DONE, "Ssii", store_id,
                    mirror_kind_name(w->kind), w->remote_id, w->times);
    return rc < 0 ? rc : 0;
}

int wake_count(struct db_tx *tx, int64_t store_id, int64_t *ret_n,
               int64_t *ret_since_ms) {
    AUTO_ROWS struct db_rows *r = NULL;
    int rc = db_query(tx, STMT_WAKE_COUNT, &r, "S", store_id);
    if (rc >= 0)
        rc = db_step(r);
    if (rc <= 0)
        return rc < 0 ? rc : ERR_DB;
    *ret_n = db_i64(r, 0);
    *ret_since_ms = db_i64(r, 1);
    return 0;
}

/* Variations, refunds and notes are read below the object they belong to. */
int wake_parent(struct db_tx *tx, int64_t store_id, const struct wake *w,
                int64_t *ret) {
    switch (w->kind) {
    case MIRROR_PRODUCT:
        return db_value(tx, STMT_WAKE_PRODUCT, ret, "Si", store_id,
                        w->remote_id);
    case MIRROR_REFUND:
        return db_value(tx, STMT_WAKE_REFUND, ret, "Si", store_id,
                        w->remote_id);
    case MIRROR_NOTE:
        return db_value(tx, STMT_WAKE_NOTE, ret, "Si", store_id, w->remote_id);
    default:
        return 1;
    }
}

static int add_ids(struct db_tx *tx, enum stmt_id stmt, int64_t store_id,
                   size_t max, int64_t *ids) {
    AUTO_ROWS struct db_rows *r = NULL;
    int n = 0;
    int rc = db_query(tx, stmt, &r, "Si", store_id, (int64_t)max);
    while (rc >= 0 && (rc = db_step(r)) > 0)
        ids[n++] = db_i64(r, 0);
    return rc < 0 ? rc : n;
}

int wake_recent_orders(struct db_tx *tx, int64_t store_id, int64_t *ids,
                       size_t max) {
    int n = add_ids(tx, STMT_WAKE_RECENT, store_id, max, ids);
    int more =
        n < 0 ? n : add_ids(tx, STMT_WAKE_NEWEST, store_id, max, ids + n);
    return more < 0 ? more : n + more;
}
