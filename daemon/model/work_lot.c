#include "model/work_lot.h"

#include <string.h>

#include "common/arena.h"
#include "common/str.h"
#include "db/sql.h"
#include "model/bin.h"
#include "model/pick.h"

enum { PIECE_E3 = 1000 };

/* How a line's product is kept. */
struct keeping {
    int64_t item_id;
    enum lot_track track; /* LOT_NONE where nobody keeps it here */
    bool all_aside;       /* some lie here, none of them for sale */
};

static int keeping_of(struct db_tx *tx, const struct work *w,
                      const struct work_line *l, struct keeping *ret) {
    AUTO_ROWS struct db_rows *r = NULL;
    *ret = (struct keeping){.track = LOT_NONE};
    int rc =
        db_query(tx, STMT_LISTING_TRACK, &r, "Si", w->store_id, l->product_id);
    if (rc >= 0)
        rc = db_step(r);
    if (rc <= 0)
        return rc == ERR_NOT_FOUND ? 0 : rc;
    ret->item_id = db_i64(r, 0);
    ret->all_aside = db_i64(r, 3) > 0 && db_i64(r, 2) <= db_i64(r, 3);
    return lot_track_parse(db_text(r, 1), &ret->track);
}

int work_lot_of(struct db_tx *tx, const struct work *w,
                const struct work_line *l, const char *code, struct lot *ret) {
    struct keeping k;
    int rc = keeping_of(tx, w, l, &k);
    return rc < 0 || k.track == LOT_NONE
               ? rc
               : lot_by_code(tx, k.item_id, code, ret);
}

/* --- judging -------------------------------------------------------------- */

struct good {
    int64_t now_ms;
    bool any;
};

static int is_good(const struct lot *l, const struct bin *b, int64_t qty_e3,
                   void *arg) {
    struct good *g = arg;
    g->any = true;
    return lot_pickable(l, b, qty_e3, g->now_ms);
}

/* Somebody scanned the product, not its lot: it is the first to expire they
 * were sent to. Where every lot there is has expired it can only be one of
 * these. */
static int judge_any(struct db_tx *tx, int64_t item, bool overruled,
                     enum work_lot_verdict *ret) {
    struct good g = {.now_ms = db_now(tx)};
    int rc = lot_each(tx, item, is_good, &g);
    *ret = rc == 0 && g.any && !overruled ? WORK_LOT_EXPIRED : WORK_LOT_OK;
    return rc < 0 ? rc : 0;
}

/* What of the lot the line has, and whether picking named serials for it. */
static int named(struct db_tx *tx, const struct work *w,
                 const struct work_line *l, int64_t lot_id,
                 struct work_lot *ret, bool *ret_any) {
    AUTO_ROWS struct db_rows *r = NULL;
    *ret = (struct work_lot){.lot_id = lot_id};
    *ret_any = false;
    int rc = db_query(tx, STMT_WORK_LOTS_OF_LINE, &r, "iii", w->id, l->line_id,
                      l->part);
    while (rc >= 0 && (rc = db_step(r)) > 0) {
        *ret_any |= db_i64(r, 1) > 0;
        if (db_i64(r, 0) == lot_id) {
            ret->picked_e3 = db_i64(r, 1);
            ret->packed_e3 = db_i64(r, 2);
        }
    }
    return rc;
}

/* One piece: it must lie in a bin, and be nobody else's. */
static int judge_serial(struct db_tx *tx, const struct lot *lot,
                        enum work_lot_verdict *ret) {
    int64_t work;
    int rc = db_value(tx, STMT_WORK_LOT_NAMED, &work, "i", lot->id);
    if (rc > 0 || lot->qty_e3 <= 0)
        *ret = WORK_LOT_USED;
    return rc < 0 ? rc : 0;
}

/* More than what of the lot is for sale can only have come out of quarantine.
 * Of a lot of which none is there the figures know less than the shelf. */
static int judge_place(struct db_tx *tx, const struct lot *lot, int64_t e3,
                       enum work_lot_verdict *ret) {
    int64_t aside = 0;
    int rc = lot_quarantined(tx, lot->id, &aside);
    if (rc >= 0 && aside > 0 && e3 > lot->qty_e3 - aside)
        *ret = WORK_LOT_QUARANTINE;
    return rc;
}

/* Of a lot that was named: picked ones were judged when they were picked. */
static int judge_named(struct db_tx *tx, const struct work *w,
                       const struct work_line *l, enum lot_track t,
                       const struct work_lot_scan *s,
                       enum work_lot_verdict *ret) {
    struct work_lot have;
    bool any;
    bool packs = s->step == WORK_LOT_PACK;
    int rc = named(tx, w, l, s->lot->id, &have, &any);
    if (rc < 0 || (packs && have.picked_e3 - have.packed_e3 >= s->e3))
        return rc < 0 ? rc : 0;
    if (lot_expired(s->lot, db_now(tx)) && !s->overruled)
        *ret = WORK_LOT_EXPIRED;
    /* what was scanned leaves its bin when the step ends */
    int64_t before = packs ? have.packed_e3 - have.picked_e3 : have.picked_e3;
    rc = judge_place(tx, s->lot, s->e3 + before, ret);
    if (rc < 0 || t != LOT_SERIAL || *ret == WORK_LOT_QUARANTINE)
        return rc;
    if (s->e3 != PIECE_E3 || (packs && any)) { /* it is not what was picked */
        *ret = WORK_LOT_USED;
        return 0;
    }
    return judge_serial(tx, s->lot, ret);
}

int work_lot_judge(struct db_tx *tx, const struct work *w,
                   const struct work_line *l, const struct work_lot_scan *s,
                   enum work_lot_verdict *ret) {
    struct keeping k;
    *ret = WORK_LOT_OK;
    int rc = keeping_of(tx, w, l, &k);
    if (rc < 0)
        return rc;
    if (s->lot->id && k.track != LOT_NONE)
        return judge_named(tx, w, l, k.track, s, ret);
    if (k.track == LOT_SERIAL)
        *ret = WORK_LOT_SERIAL;
    else if (s->step == WORK_LOT_PACK && l->picked_e3 > l->packed_e3)
        return 0; /* it was judged when it was picked */
    else if (k.all_aside)
        *ret = WORK_LOT_QUARANTINE;
    else if (k.track == LOT_BATCH)
        rc = judge_any(tx, k.item_id, s->overruled, ret);
    return rc;
}

/* --- counting ---------------------------------------------------------------
 */

int work_lot_count(struct db_tx *tx, int64_t work_id, const struct work_line *l,
                   int64_t lot_id, enum work_lot_step step, int64_t e3) {
    if (lot_id == 0)
        return 0;
    int rc = db_run(tx, STMT_WORK_LOT_ADD, "iiiiii", work_id, l->line_id,
                    l->part, lot_id, step == WORK_LOT_PICK ? e3 : 0,
                    step == WORK_LOT_PACK ? e3 : 0);
    return rc < 0 ? rc : 0;
}

int work_lot_unpack(struct db_tx *tx, int64_t work_id, int64_t parcel_id,
                    const struct work_line *l, int64_t e3) {
    AUTO_ROWS struct db_rows *r = NULL;
    int rc = db_query(tx, STMT_PARCEL_LOTS, &r, "iiii", work_id, parcel_id,
                      l->line_id, l->part);
    while (rc >= 0 && e3 > 0 && (rc = db_step(r)) > 0) {
        int64_t lot = db_i64(r, 0), packed = 0;
        rc = db_value(tx, STMT_WORK_LOT_PACKED, &packed, "iiii", work_id,
                      l->line_id, l->part, lot);
        int64_t n = packed < db_i64(r, 1) ? packed : db_i64(r, 1);
        n = n < e3 ? n : e3;
        e3 -= n;
        if (rc >= 0)
            rc = work_lot_count(tx, work_id, l, lot, WORK_LOT_PACK, -n);
    }
    return rc < 0 ? rc : 0;
}

int work_lots(struct db_tx *tx, int64_t work_id, struct arena *a,
              struct work_lot **ret, size_t *ret_n) {
    AUTO_ROWS struct db_rows *r = NULL;
    struct work_lot *lots = NULL;
    size_t n = 0, room = 0;
    int rc = db_query(tx, STMT_WORK_LOTS, &r, "i", work_id);
    while (rc >= 0 && (rc = db_step(r)) > 0) {
        if (n == room) {
            room = room ? 2 * room : 16;
            struct work_lot *more = arena_alloc(a, room * sizeof *more);
            if (n)
                memcpy(more, lots, n * sizeof *more);
            lots = more;
        }
        lots[n++] = (struct work_lot){.line_id = db_i64(r, 0),
                                      .part = db_i64(r, 1),
                                      .lot_id = db_i64(r, 2),
                                      .picked_e3 = db_i64(r, 3),
                                      .packed_e3 = db_i64(r, 4)};
    }
    if (rc < 0)
        return rc;
    *ret = lots;
    *ret_n = n;
    return 0;
}

/* --- where to go ------------------------------------------------------------
 */

struct first {
    int64_t now_ms;
    struct lot *ret;
};

static int take_first(const struct lot *l, const struct bin *b, int64_t qty_e3,
                      void *arg) {
    const struct first *f = arg;
    if (!lot_pickable(l, b, qty_e3, f->now_ms))
        return 0;
    *f->ret = *l;
    return 1;
}

int pick_proposes(struct db_tx *tx, const struct work *w,
                  const struct work_line *l, struct lot *ret) {
    struct first f = {.now_ms = db_now(tx), .ret = ret};
    struct keeping k;
    int rc = keeping_of(tx, w, l, &k);
    return rc < 0 || k.track == LOT_NONE
               ? rc
               : lot_each(tx, k.item_id, take_first, &f);
}
