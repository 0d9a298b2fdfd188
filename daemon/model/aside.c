/* Rows that did not decode. A hostile or broken shop must not fill the disk
 * with them: one row an object, a bounded number of rows without a readable
 * id, and little text each once a store has many. */
#include "db/sql.h"
#include "model/erased.h"
#include "model/feed.h"
#include "model/mirror.h"

enum {
    RAW_MAX = 64 * 1024, /* kept of each row */
    CROWD = 1000,        /* rows of a store from which on less is kept */
    RAW_CROWD = 1024,    /* that much */
    NAMELESS_MAX = 200,  /* rows without an id, per store and kind */
};

static int crowded(struct db_tx *tx, int64_t store_id) {
    int64_t n = 0;
    int rc = db_value(tx, STMT_ASIDE_CROWD, &n, "Si", store_id, (int64_t)CROWD);
    return rc < 0 ? rc : n >= CROWD;
}

static int make_room(struct db_tx *tx, int64_t store_id, const char *kind) {
    int64_t n = 0;
    int rc = db_value(tx, STMT_ASIDE_CROWD_NAMELESS, &n, "Ssi", store_id, kind,
                      (int64_t)NAMELESS_MAX);
    if (rc < 0 || n < NAMELESS_MAX)
        return rc;
    return db_run(tx, STMT_ASIDE_DROP_OLDEST, "Ss", store_id, kind);
}

/* What cannot be read cannot be redacted either. */
static int may_keep(struct db_tx *tx, int64_t store_id, enum mirror_kind k,
                    int64_t remote_id) {
    if (k != MIRROR_ORDER && k != MIRROR_CUSTOMER)
        return 1;
    int rc = erased_has(tx, store_id, k, remote_id);
    return rc < 0 ? rc : !rc;
}

int mirror_set_aside(struct db_tx *tx, const struct mirror_read *read,
                     enum mirror_kind k, int64_t remote_id,
                     const uint8_t raw_hash[16], const char *path,
                     const char *reason, const char *raw, size_t raw_n) {
    const char *kind = mirror_kind_name(k);
    int64_t store = read->store_id, id, now = db_now(tx);
    int crowd = crowded(tx, store);
    if (crowd < 0)
        return crowd;
    size_t max = crowd ? RAW_CROWD : RAW_MAX;
    int keep = may_keep(tx, store, k, remote_id);
    if (keep < 0)
        return keep;
    size_t n = !keep ? 0 : raw_n > max ? max : raw_n;
    int rc = db_value(tx, STMT_ASIDE_FIND, &id, "Ssib", store, kind, remote_id,
                      raw_hash, (size_t)16);
    if (rc > 0)
        rc = db_run(tx, STMT_ASIDE_UPDATE, "bssbii", raw_hash, (size_t)16, path,
                    reason, raw ? raw : "", n, now, id);
    if (rc != 0)
        return rc < 0 ? rc : 0;
    if (remote_id <= 0)
        rc = make_room(tx, store, kind);
    if (rc >= 0)
        rc = db_run(tx, STMT_ASIDE_INSERT, "Ssibssbi", store, kind, remote_id,
                    raw_hash, (size_t)16, path, reason, raw ? raw : "", n, now);
    return rc < 0 ? rc : feed_add(tx, "attention", store, remote_id, "");
}

int mirror_any_aside(struct db_tx *tx, int64_t store_id, enum mirror_kind k) {
    int64_t one;
    return db_value(tx, STMT_ASIDE_ANY, &one, "Ss", store_id,
                    mirror_kind_name(k));
}

int mirror_clear_aside(struct db_tx *tx, int64_t store_id, enum mirror_kind k,
                       int64_t remote_id) {
    int rc = db_run(tx, STMT_ASIDE_CLEAR, "Ssi", store_id, mirror_kind_name(k),
                    remote_id);
    if (rc > 0)
        rc = feed_add(tx, "attention", store_id, remote_id, "");
    return rc < 0 ? rc : 0;
}
