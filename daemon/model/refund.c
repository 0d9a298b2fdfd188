#include "model/refund.h"

#include "common/arena.h"
#include "common/cleanup.h"
#include "common/mem.h"
#include "model/erased.h"
#include "model/mirror_apply.h"
#include "model/redact.h"
#include "model/wake.h"

static int insert(const struct mirror_apply *m, const struct refund *r,
                  int64_t *ret_id) {
    int rc = db_run(m->tx, STMT_REFUND_INSERT, "Siiiisibb", m->read->store_id,
                    r->o.remote_id, r->order_remote_id, r->created_ms,
                    r->total_e4, r->reason, m->read->sent_seq, r->o.raw_hash,
                    sizeof r->o.raw_hash, r->o.hash, sizeof r->o.hash);
    if (rc < 0)
        return rc;
    *ret_id = db_last_id(m->tx);
    return 0;
}

static int update(const struct mirror_apply *m, const struct refund *r,
                  int64_t id) {
    return db_run(m->tx, STMT_REFUND_UPDATE, "iiisibbi", r->order_remote_id,
                  r->created_ms, r->total_e4, r->reason, m->read->sent_seq,
                  r->o.raw_hash, sizeof r->o.raw_hash, r->o.hash,
                  sizeof r->o.hash, id);
}

static int apply_plain(const struct mirror_apply *m, const struct refund *r) {
    struct mirror_found f;
    AUTO_ROWS struct db_rows *rows = NULL;
    int rc = mirror_find(m, STMT_REFUND_FIND, &r->o, &f, &rows);
    if (rc < 0)
        return rc;
    db_rows_done(TAKE_PTR(rows));
    switch (mirror_judge(m, &f, 0)) {
    case MIRROR_NEW:
        rc = insert(m, r, &f.id);
        break;
    case MIRROR_CHANGED:
        rc = update(m, r, f.id);
        break;
    case MIRROR_SEEN:
        return mirror_seen(m, STMT_REFUND_SEEN, STMT_REFUND_OBJECT_PUT, f.id,
                           &r->o);
    case MIRROR_STALE:
        return mirror_late(m, &r->o);
    case MIRROR_SAME:
        return 0;
    }
    if (rc >= 0)
        rc = mirror_keep(m->tx, STMT_REFUND_OBJECT_PUT, f.id, &r->o);
    return rc < 0 ? rc : mirror_told(m, &r->o, r->order_remote_id);
}

DEFINE_CLEANUP(struct arena *, clean_arena, arena_free)

/* The shop still knows why; of an erased order we do not take it in again. */
static int apply_one(const struct mirror_apply *m, const struct refund *r) {
    int erased = m->erased ? erased_has(m->tx, m->read->store_id, MIRROR_ORDER,
                                        r->order_remote_id)
                           : 0;
    if (erased <= 0)
        return erased < 0 ? erased : apply_plain(m, r);
    CLEANUP(clean_arena) struct arena *a = arena_new(0);
    struct refund clean = *r;
    clean.reason = "";
    int rc = redact_kept(MIRROR_REFUND, a, &clean.o);
    return rc < 0 ? rc : apply_plain(m, &clean);
}

int refund_apply(struct db_tx *tx, const struct mirror_read *read,
                 const struct refund *r, size_t n, struct mirror_stats *st) {
    struct mirror_stats mine = {0};
    struct mirror_apply m;
    int rc = mirror_begin(&m, tx, read, MIRROR_REFUND, &mine);
    for (size_t i = 0; rc >= 0 && i < n; i++)
        rc = apply_one(&m, &r[i]);
    if (rc >= 0)
        rc = mirror_end(&m);
    if (rc < 0)
        return rc;
    mirror_stats_add(st, &mine);
    return 0;
}

/* -- beside its order ------------------------------------------------------ */

/* Takes an id out of those that are left; false: it is not among them. */
static bool strike(int64_t *ids, size_t n, int64_t id) {
    for (size_t i = 0; i < n; i++)
        if (ids[i] == id) {
            ids[i] = 0;
            return true;
        }
    return false;
}

/* A refund that is deleted in the shop moves no date of its order, and has none
 * of its own to ask for: the list in the order is the only trace. What differs
 * is read again, which tells whether it is new or gone. */
int refund_compare(struct db_tx *tx, int64_t store_id, int64_t order_remote_id,
                   const int64_t *ids, size_t n) {
    AUTO_FREE int64_t *left = mem_zalloc(n ? n : 1, sizeof *left);
    AUTO_ROWS struct db_rows *r = NULL;
    for (size_t i = 0; i < n; i++)
        left[i] = ids[i];
    int rc =
        db_query(tx, STMT_REFUND_IDS_OF, &r, "Si", store_id, order_remote_id);
    while (rc >= 0 && (rc = db_step(r)) > 0)
        if (!strike(left, n, db_i64(r, 0)))
            rc = wake_put(tx, store_id, MIRROR_REFUND, db_i64(r, 0));
    for (size_t i = 0; rc >= 0 && i < n; i++)
        if (left[i] > 0)
            rc = wake_put(tx, store_id, MIRROR_REFUND, left[i]);
    return rc < 0 ? rc : 0;
}
