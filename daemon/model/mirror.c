#include "model/mirror.h"

#include <string.h>

#include "common/check.h"
#include "db/sql.h"
#include "model/feed.h"
#include "model/kept.h"
#include "model/mirror_apply.h"
#include "model/order.h"

/* Statements of a kind; STMT_COUNT where it has none. */
static const struct kind_row {
    const char *name;
    enum stmt_id same, hash, ids, live, raw, find, gone;
} kinds[] = {
    [MIRROR_ORDER] = {"order", STMT_ORDER_SAME, STMT_ORDER_HASH, STMT_ORDER_IDS,
                      STMT_ORDER_LIVE, STMT_ORDER_RAW, STMT_COUNT, STMT_COUNT},
    [MIRROR_REFUND] = {"refund", STMT_REFUND_SAME, STMT_REFUND_HASH,
                       STMT_REFUND_IDS, STMT_REFUND_LIVE, STMT_REFUND_RAW,
                       STMT_REFUND_FIND, STMT_REFUND_GONE},
    [MIRROR_NOTE] = {"note", STMT_COUNT, STMT_COUNT, STMT_NOTE_IDS,
                     STMT_NOTE_LIVE, STMT_COUNT, STMT_COUNT, STMT_COUNT},
    [MIRROR_PRODUCT] = {"product", STMT_PRODUCT_SAME, STMT_PRODUCT_HASH,
                        STMT_PRODUCT_IDS, STMT_PRODUCT_LIVE, STMT_PRODUCT_RAW,
                        STMT_PRODUCT_FIND, STMT_PRODUCT_GONE},
    [MIRROR_CUSTOMER] = {"customer", STMT_CONTACT_SAME, STMT_CONTACT_HASH,
                         STMT_CONTACT_IDS, STMT_CONTACT_LIVE, STMT_CONTACT_RAW,
                         STMT_CONTACT_FIND, STMT_CONTACT_GONE},
    [MIRROR_CATEGORY] = {"category", STMT_CATEGORY_SAME, STMT_CATEGORY_HASH,
                         STMT_CATEGORY_IDS, STMT_CATEGORY_LIVE, STMT_COUNT,
                         STMT_CATEGORY_FIND, STMT_CATEGORY_GONE},
};

static const struct kind_row *kind_row(enum mirror_kind k) {
    REQUIRE((size_t)k < sizeof kinds / sizeof kinds[0]);
    return &kinds[k];
}

const char *mirror_kind_name(enum mirror_kind k) {
    return kind_row(k)->name;
}

int mirror_same(struct db_tx *tx, enum mirror_kind k, int64_t store_id,
                int64_t remote_id, const uint8_t raw_hash[16]) {
    int64_t one;
    if (kind_row(k)->same == STMT_COUNT)
        return 0;
    return db_value(tx, kind_row(k)->same, &one, "Sib", store_id, remote_id,
                    raw_hash, (size_t)16);
}

int mirror_hash(struct db_tx *tx, enum mirror_kind k, int64_t store_id,
                int64_t remote_id, uint8_t ret[16], int *ret_gone) {
    AUTO_ROWS struct db_rows *r = NULL;
    size_t n;
    if (kind_row(k)->hash == STMT_COUNT)
        return 0;
    int rc = db_query(tx, kind_row(k)->hash, &r, "Si", store_id, remote_id);
    if (rc >= 0)
        rc = db_step(r);
    if (rc <= 0)
        return rc;
    const void *p = db_blob(r, 0, &n);
    if (n != 16)
        return 0; /* an account only known from orders */
    memcpy(ret, p, 16);
    *ret_gone = (int)db_i64(r, 1);
    return 1;
}

int mirror_ids(struct db_tx *tx, enum mirror_kind k, int64_t store_id,
               int64_t after, int64_t *ids, size_t max) {
    AUTO_ROWS struct db_rows *r = NULL;
    int n = 0;
    REQUIRE(max <= INT32_MAX);
    int rc = db_query(tx, kind_row(k)->ids, &r, "Sii", store_id, after,
                      (int64_t)max);
    while (rc >= 0 && (rc = db_step(r)) > 0)
        ids[n++] = db_i64(r, 0);
    return rc < 0 ? rc : n;
}

int mirror_count(struct db_tx *tx, enum mirror_kind k, int64_t store_id,
                 int64_t *ret) {
    int rc = db_value(tx, kind_row(k)->live, ret, "S", store_id);
    return rc < 0 ? rc : 0;
}

int mirror_raw(struct db_tx *tx, enum mirror_kind k, int64_t store_id,
               int64_t remote_id, struct arena *a, const char **ret,
               size_t *ret_n) {
    AUTO_ROWS struct db_rows *r = NULL;
    size_t z_n;
    if (kind_row(k)->raw == STMT_COUNT)
        return 0;
    int rc = db_query(tx, kind_row(k)->raw, &r, "Si", store_id, remote_id);
    if (rc >= 0)
        rc = db_step(r);
    if (rc <= 0)
        return rc;
    const void *z = db_blob(r, 1, &z_n);
    rc = kept_unpack(kept_current(), a, z, z_n, db_i64(r, 0), ret, ret_n);
    return rc < 0 ? rc : 1;
}

/* Another kind than order and note: the row has a flag and no more. */
static int mark_row(struct db_tx *tx, const struct mirror_read *read,
                    const struct kind_row *k, int64_t remote_id, int gone) {
    AUTO_ROWS struct db_rows *r = NULL;
    if (k->gone == STMT_COUNT)
        return ERR_NOT_FOUND; /* notes come and go with note_apply */
    int rc = db_query(tx, k->find, &r, "Si", read->store_id, remote_id);
    if (rc >= 0)
        rc = db_step(r);
    if (rc <= 0)
        return rc < 0 ? rc : ERR_NOT_FOUND;
    if (db_i64(r, 1) > read->sent_seq || db_i64(r, 4) == gone)
        return 1;
    int64_t id = db_i64(r, 0);
    rc = db_run(tx, k->gone, "iii", (int64_t)gone, read->sent_seq, id);
    return rc < 0 ? rc : 0;
}

static int mark_other(struct db_tx *tx, const struct mirror_read *read,
                      enum mirror_kind k, int64_t remote_id, int gone) {
    int rc = mark_row(tx, read, kind_row(k), remote_id, gone);
    if (rc != 0 || read->bulk)
        return rc;
    /* A refund's order is not looked up for this: a reader refreshes. */
    int64_t told = k == MIRROR_PRODUCT || k == MIRROR_CUSTOMER ? remote_id : 0;
    return feed_add(tx, mirror_topic(k), read->store_id, told, "");
}

int mirror_mark_gone(struct db_tx *tx, const struct mirror_read *read,
                     enum mirror_kind k, int64_t remote_id, int gone) {
    REQUIRE(gone >= 0 && gone <= 2);
    int rc = k == MIRROR_ORDER ? order_mark_gone(tx, read, remote_id, gone)
                               : mark_other(tx, read, k, remote_id, gone);
    if (rc == 0 && gone == 2) {
        int noted = db_run(tx, STMT_GONE_PUT, "Ssii", read->store_id,
                           mirror_kind_name(k), remote_id, db_now(tx));
        if (noted < 0)
            return noted;
    }
    /* what was set aside of it will never read again */
    if (gone == 2 && (rc == 0 || rc == ERR_NOT_FOUND)) {
        int cleared = mirror_clear_aside(tx, read->store_id, k, remote_id);
        if (cleared < 0)
            return cleared;
    }
    return rc;
}

int mirror_reserve_seq(struct db_tx *tx, int64_t n, int64_t *ret_first) {
    int64_t last;
    REQUIRE(n > 0);
    int rc = db_value(tx, STMT_SEQ_RESERVE, &last, "i", n);
    if (rc <= 0)
        return rc < 0 ? rc : ERR_DB;
    *ret_first = last - n + 1;
    return 0;
}
