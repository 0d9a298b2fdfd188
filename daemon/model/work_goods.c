/* Goods follow work: picked ones are out of their bins from the moment picking
 * ends, back in them when it is taken up again or dropped; of work that is
 * done, what was packed has left the house.
 *
 * What is out is read from the movements of that work, so that a move that
 * changes nothing writes nothing. A product that nobody keeps in bins has no
 * movements. */
#include "common/arena.h"
#include "common/str.h"
#include "db/sql.h"
#include "model/bin.h"
#include "model/list.h"
#include "model/movement.h"
#include "model/work_lot.h"
#include "model/work_room.h"

int work_bin(struct db_tx *tx, int64_t store_id, int64_t product_id,
             struct arena *a, const char **ret) {
    struct bin b;
    int rc = product_id > 0 ? bin_of(tx, store_id, product_id, &b) : 0;
    if (rc >= 0)
        *ret = rc > 0 ? list_keep(a, b.code) : "";
    return rc < 0 ? rc : 0;
}

/* What that state has in hand of a line. */
static int64_t in_hand(const struct work *w, const struct work_line *l) {
    switch (w->state) {
    case WORK_PICKED:
    case WORK_PACKING:
    case WORK_PACKED:
        return l->picked_e3 > l->packed_e3 ? l->picked_e3 : l->packed_e3;
    case WORK_DONE:
        return l->packed_e3;
    default:
        return 0;
    }
}

/* Does the move take goods of the line: picking has ended, or the packer had
 * more than the picker? Goods once picked are asked for no second time: what
 * was counted into bins since then was counted without them. */
static bool takes(enum work_state from, const struct work_line *l) {
    return from == WORK_PICKING || l->packed_e3 > l->picked_e3;
}

/* Goods of one lot, or of none that was named, become what is in hand. */
static int part_goods(struct db_tx *tx, enum work_state from,
                      const struct work_line *l, int64_t hand,
                      struct movement_line *m, struct error *e) {
    int64_t out = 0;
    int rc = movement_put_back(tx, m, hand);
    if (rc < 0 || !takes(from, l))
        return rc;
    rc = movement_out(tx, m, &out);
    if (rc >= 0 && out < hand)
        rc = movement_picked(tx, m, l->bin, hand - out, e);
    return rc;
}

/* The lots that were named in the course of some work. */
struct named {
    const struct work_lot *at;
    size_t n;
};

static bool is_of(const struct work_lot *n, const struct work_line *l) {
    return n->line_id == l->line_id && n->part == l->part;
}

/* Pieces that were packed by their product alone: of the lots that were picked,
 * in their order. */
static int64_t packed_plainly(const struct named *named,
                              const struct work_line *l) {
    int64_t left = l->packed_e3;
    for (size_t i = 0; i < named->n; i++)
        if (is_of(&named->at[i], l))
            left -= named->at[i].packed_e3;
    return left > 0 ? left : 0;
}

static int64_t lot_in_hand(const struct work *w, const struct work_lot *n,
                           int64_t *plainly) {
    int64_t over = n->picked_e3 - n->packed_e3;
    if (w->state == WORK_DONE) {
        over = over < *plainly ? over : *plainly;
        *plainly -= over > 0 ? over : 0;
    } else if (w->state == WORK_DROPPED || w->state == WORK_PICKING) {
        return 0;
    }
    return n->packed_e3 + (over > 0 ? over : 0);
}

/* Each lot that was named by itself, then what has no name. */
static int line_goods(struct db_tx *tx, const struct work *w,
                      enum work_state from, const struct work_line *l,
                      const struct named *named, struct movement_line *m,
                      struct error *e) {
    int64_t rest = in_hand(w, l), plainly = packed_plainly(named, l);
    int rc = 0;
    m->line_id = l->line_id;
    m->part = l->part;
    m->product_id = l->product_id;
    for (size_t i = 0; rc >= 0 && i < named->n; i++) {
        if (!is_of(&named->at[i], l))
            continue;
        int64_t hand = lot_in_hand(w, &named->at[i], &plainly);
        hand = hand < rest ? hand : rest;
        rest -= hand;
        m->lot_id = named->at[i].lot_id;
        m->unnamed = false;
        rc = part_goods(tx, from, l, hand, m, e);
    }
    m->lot_id = 0;
    m->unnamed = true;
    return rc < 0 ? rc : part_goods(tx, from, l, rest, m, e);
}

/* A line the shop took off the order while it was packed. */
static int lost_lines(struct db_tx *tx, const struct work *w,
                      struct movement_line *m) {
    AUTO_ROWS struct db_rows *r = NULL;
    int rc = db_query(tx, STMT_PICKED_LOST_LINES, &r, "Sii", w->store_id,
                      w->remote_id, w->id);
    m->product_id = 0;
    m->unnamed = false;
    while (rc >= 0 && (rc = db_step(r)) > 0) {
        m->line_id = db_i64(r, 0);
        m->part = db_i64(r, 1);
        rc = movement_put_back(tx, m, 0);
    }
    return rc;
}

static void free_arena(struct arena **a) {
    arena_free(*a);
}

int work_goods(struct db_tx *tx, const struct work *w, enum work_state from,
               const char *who, struct error *e) {
    CLEANUP(free_arena) struct arena *a = arena_new(4096);
    struct work_line *l = NULL;
    char ref[96];
    struct movement_line m = {.store_id = w->store_id,
                              .order_id = w->remote_id,
                              .work_id = w->id,
                              .ref = ref,
                              .author = who};
    size_t n = 0;
    (void)str_format(ref, sizeof ref, "%s:%lld", w->store,
                     (long long)w->remote_id);
    struct work_lot *lots = NULL;
    size_t n_lots = 0;
    int rc = work_lines(tx, w->id, a, &l, &n);
    if (rc >= 0)
        rc = work_lots(tx, w->id, a, &lots, &n_lots);
    const struct named named = {lots, n_lots};
    for (size_t i = 0; rc >= 0 && i < n; i++)
        rc = line_goods(tx, w, from, &l[i], &named, &m, e);
    if (rc >= 0)
        rc = lost_lines(tx, w, &m);
    return rc < 0 ? rc : 0;
}
