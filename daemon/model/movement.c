#include "model/movement.h"

#include <strings.h>

#include "common/money.h"
#include "common/str.h"
#include "db/sql.h"
#include "model/bin.h"
#include "model/demand.h"
#include "model/item.h"
#include "model/lot.h"

enum {
    BINS_MAX = 64,                  /* of one item that are looked at */
    QTY_MAX_E3 = 1000 * 1000 * 1000 /* a million pieces at once */
};

int movement_balance(struct db_tx *tx, int64_t item_id, int64_t bin_id,
                     int64_t *ret_e3) {
    int64_t e3 = 0;
    int rc = db_value(tx, STMT_BALANCE_GET, &e3, "ii", item_id, bin_id);
    if (rc < 0)
        return rc;
    *ret_e3 = e3;
    return 0;
}

int movement_reason_manual(struct db_tx *tx, const char *reason) {
    int64_t manual = 0;
    int rc = db_value(tx, STMT_REASON_MANUAL, &manual, "s", reason);
    return rc < 0 ? rc : manual == 1;
}

/* May these pieces come or go there? arrives: they come from another bin, so
 * that nothing is new about them but the place. */
static int check(struct db_tx *tx, const struct movement *m, bool arrives,
                 struct error *e) {
    char have[MONEY_TEXT];
    struct bin b;
    int64_t now = 0;
    if (m->qty_e3 == 0 || m->qty_e3 > QTY_MAX_E3 || m->qty_e3 < -QTY_MAX_E3)
        return error_set(e, ERR_RANGE, "qty",
                         "a quantity is above 0 and at most 1,000,000");
    int rc = bin_by_id(tx, m->bin_id, &b);
    if (rc <= 0)
        return rc < 0 ? rc : ERR_NOT_FOUND;
    if (b.disabled && m->qty_e3 > 0)
        return error_set(e, ERR_CONFLICT, "bin",
                         "nothing is put into %s any more: it is disabled",
                         b.code);
    rc = movement_balance(tx, m->item_id, m->bin_id, &now);
    if (rc < 0)
        return rc;
    if (m->qty_e3 < 0 && !m->below && now + m->qty_e3 < 0)
        return error_set(e, ERR_CONFLICT, "qty", "there are only %s in %s",
                         money_format_qty(have, now > 0 ? now : 0), b.code);
    return lot_check(tx, m, now, arrives, e);
}

/* So many of it as a row of that lot. */
static int write_row(struct db_tx *tx, const struct movement *m, int64_t lot_id,
                     int64_t e3) {
    return e3 == 0 ? 0
                   : db_run(tx, STMT_MOVEMENT_ADD, "iiisssiiiiisii", m->item_id,
                            m->bin_id, e3, m->reason, m->ref ? m->ref : "",
                            m->note ? m->note : "", m->store_id, m->order_id,
                            m->line_id, m->part, m->work_id, m->author,
                            db_now(tx), lot_id);
}

/* The row and the balance it adds to; two rows where a lot has not so many. */
static int write_one(struct db_tx *tx, const struct movement *m) {
    int64_t of_lot = 0;
    int rc = m->lot_id ? lot_moved(tx, m, &of_lot) : 0;
    if (rc >= 0)
        rc = write_row(tx, m, m->lot_id, of_lot);
    if (rc >= 0)
        rc = write_row(tx, m, 0, m->qty_e3 - of_lot);
    if (rc >= 0)
        rc = db_run(tx, STMT_BALANCE_ADD, "iii", m->item_id, m->bin_id,
                    m->qty_e3);
    if (rc >= 0)
        rc = db_run(tx, STMT_BALANCE_DROP_ZERO, "ii", m->item_id, m->bin_id);
    return rc < 0 ? rc : 0;
}

int movement_add(struct db_tx *tx, const struct movement *m, struct error *e) {
    int rc = check(tx, m, false, e);
    if (rc >= 0)
        rc = write_one(tx, m);
    return rc < 0 ? rc : item_refresh(tx, m->item_id);
}

int movement_move(struct db_tx *tx, const struct movement *m, int64_t to_bin,
                  struct error *e) {
    struct movement from = *m, to = *m;
    if (m->qty_e3 <= 0 || m->bin_id == to_bin)
        return error_set(e, ERR_INVALID, m->qty_e3 <= 0 ? "qty" : "to",
                         m->qty_e3 <= 0 ? "a number above 0 can be moved"
                                        : "it lies there already");
    from.qty_e3 = -m->qty_e3;
    to.bin_id = to_bin;
    int rc = check(tx, &from, false, e);
    if (rc >= 0)
        rc = check(tx, &to, true, e);
    if (rc >= 0)
        rc = write_one(tx, &from);
    if (rc >= 0)
        rc = write_one(tx, &to);
    return rc < 0 ? rc : item_refresh(tx, m->item_id);
}

/* --- picked --------------------------------------------------------------- */

/* Where pieces are taken from, the named bin first. */
struct source {
    int64_t bin_id, lot_id, have_e3;
};
struct sources {
    struct db_tx *tx;
    int64_t item_id;
    bool by_lot;       /* the item is kept by lots or serials */
    const char *first; /* code; NULL: none is named */
    int64_t lot_id;    /* of that lot alone; 0: of any that is good */
    int64_t now_ms;
    struct source at[BINS_MAX];
    size_t n, n_first; /* the first ones are of the named bin */
};

/* The named bin, unless nothing in it is for sale any more: then it is where
 * pieces come from that nobody has anywhere else. */
static bool is_first(const struct sources *s, const struct bin *b) {
    return s->first && !b->quarantine && strcasecmp(b->code, s->first) == 0;
}

/* Behind those of the named bin when it is another, else behind all. */
static void put_source(struct sources *s, bool first, struct source at) {
    size_t i = first ? s->n_first++ : s->n;
    for (size_t k = s->n++; k > i; k--)
        s->at[k] = s->at[k - 1];
    s->at[i] = at;
}

/* What lies in a bin, without what of it its lots have: that is theirs. */
static int add_source(const struct bin *b, int64_t qty_e3, void *arg) {
    struct sources *s = arg;
    bool first = is_first(s, b);
    int64_t named = 0;
    if (s->n == BINS_MAX || (!first && b->quarantine))
        return 0;
    int rc = s->by_lot ? db_value(s->tx, STMT_LOTS_IN_BIN_SUM, &named, "ii",
                                  s->item_id, b->id)
                       : 0;
    if (rc >= 0 && (first || qty_e3 > named))
        put_source(s, first, (struct source){b->id, 0, qty_e3 - named});
    return rc < 0 ? rc : 0;
}

/* Lots come as they go bad, so that of each bin the first to expire is taken
 * first. A lot that was named is in somebody's hand, wherever it lay. */
static int add_lot(const struct lot *l, const struct bin *b, int64_t qty_e3,
                   void *arg) {
    struct sources *s = arg;
    bool wanted =
        s->lot_id ? l->id == s->lot_id : lot_pickable(l, b, qty_e3, s->now_ms);
    if (s->n < BINS_MAX && wanted)
        put_source(s, is_first(s, b), (struct source){b->id, l->id, qty_e3});
    return 0;
}

/* All that is missing in the end comes out of the first: somebody has it in
 * their hands. */
static int take(struct db_tx *tx, const struct sources *s, struct movement *m,
                int64_t left_e3) {
    int rc = 0;
    for (size_t i = 0; rc >= 0 && left_e3 > 0 && i < s->n; i++) {
        int64_t have = s->at[i].have_e3, n = have < left_e3 ? have : left_e3;
        if (n <= 0)
            continue;
        m->bin_id = s->at[i].bin_id;
        m->lot_id = s->at[i].lot_id;
        m->qty_e3 = -n;
        left_e3 -= n;
        rc = write_one(tx, m);
    }
    if (rc >= 0 && left_e3 > 0) {
        m->bin_id = s->at[0].bin_id;
        m->lot_id = 0;
        m->qty_e3 = -left_e3;
        rc = write_one(tx, m);
    }
    return rc;
}

/* The bin a person named though nothing of it is known to lie there. */
static int named_source(struct db_tx *tx, struct sources *s) {
    struct bin b;
    int rc = s->first ? bin_by_code(tx, s->first, &b) : 0;
    if (rc <= 0 || s->n == BINS_MAX)
        return rc;
    for (size_t i = 0; i < s->n; i++)
        if (s->at[i].bin_id == b.id)
            return 0;
    s->at[s->n++] = (struct source){.bin_id = b.id};
    return 0;
}

static int find_sources(struct db_tx *tx, int64_t item_id, struct sources *s) {
    enum lot_track t = LOT_NONE;
    int rc = lot_track_of(tx, item_id, &t);
    s->tx = tx;
    s->item_id = item_id;
    s->by_lot = t != LOT_NONE;
    if (rc >= 0 && s->by_lot)
        rc = lot_each(tx, item_id, add_lot, s);
    if (rc >= 0)
        rc = bin_of_item(tx, item_id, add_source, s);
    return rc < 0 ? rc : named_source(tx, s);
}

/* 1 and the item, when it was ever kept here; 0. */
static int kept(struct db_tx *tx, const struct movement_line *l,
                int64_t *ret_item, int64_t *ret_units) {
    int64_t item = 0, units = 1, one;
    int rc = db_value(tx, STMT_LISTING_ITEM, &item, "Si", l->store_id,
                      l->product_id);
    if (rc > 0)
        rc = db_value(tx, STMT_LISTING_UNITS, &units, "Si", l->store_id,
                      l->product_id);
    if (rc > 0)
        rc = db_value(tx, STMT_MOVEMENT_ANY, &one, "i", item);
    if (rc > 0) {
        *ret_item = item;
        *ret_units = units;
    }
    return rc == ERR_NOT_FOUND ? 0 : rc;
}

int movement_picked(struct db_tx *tx, const struct movement_line *l,
                    const char *bin, int64_t qty_e3, struct error *e) {
    struct sources s = {.first = str_empty(bin) ? NULL : bin,
                        .lot_id = l->lot_id,
                        .now_ms = db_now(tx)};
    struct movement m = {.reason = "pick",
                         .ref = l->ref,
                         .author = l->author,
                         .store_id = l->store_id,
                         .order_id = l->order_id,
                         .line_id = l->line_id,
                         .part = l->part,
                         .work_id = l->work_id};
    int64_t units, pieces;
    int rc = kept(tx, l, &m.item_id, &units);
    if (rc <= 0)
        return rc;
    if (qty_e3 <= 0 || __builtin_mul_overflow(qty_e3, units, &pieces) ||
        pieces > QTY_MAX_E3)
        return error_set(e, ERR_RANGE, "qty", "so many cannot be picked");
    rc = find_sources(tx, m.item_id, &s);
    if (rc < 0)
        return rc;
    if (s.n == 0) /* the figures say there is none, and no bin was named */
        return 0;
    rc = take(tx, &s, &m, pieces);
    if (rc >= 0)
        rc = item_refresh(tx, m.item_id);
    if (rc >= 0)
        rc = demand_again(tx, l->store_id, l->order_id);
    return rc < 0 ? rc : 1;
}

/* --- put back ------------------------------------------------------------- */

/* Where the pieces of a line lay, and how many of each place are out. */
struct taken {
    int64_t item_id, bin_id, lot_id, pieces_e3;
};

/* item 0: of whichever; returns how many places. */
static int read_taken(struct db_tx *tx, const struct movement_line *l,
                      int64_t item, struct taken ret[BINS_MAX]) {
    AUTO_ROWS struct db_rows *r = NULL;
    int n = 0;
    int rc = db_query(tx, STMT_PICKED_OF_LINE, &r, "iiiSi", l->work_id,
                      l->line_id, l->part, l->store_id, l->order_id);
    while (rc >= 0 && n < BINS_MAX && (rc = db_step(r)) > 0)
        if ((!item || db_i64(r, 0) == item) &&
            (!l->lot_id || db_i64(r, 2) == l->lot_id) &&
            !(l->unnamed && db_i64(r, 4)))
            ret[n++] = (struct taken){db_i64(r, 0), db_i64(r, 1), db_i64(r, 2),
                                      db_i64(r, 3)};
    return rc < 0 ? rc : n;
}

/* As read_taken, of the line's own product, with its units. */
static int taken_of(struct db_tx *tx, const struct movement_line *l,
                    struct taken ret[BINS_MAX], int64_t *ret_units) {
    int64_t item = 0;
    *ret_units = 1;
    int rc = l->product_id ? kept(tx, l, &item, ret_units) : 1;
    return rc <= 0 ? rc : read_taken(tx, l, item, ret);
}

static int64_t sum_of(const struct taken *t, int n) {
    int64_t sum = 0;
    for (int i = 0; i < n; i++)
        sum += t[i].pieces_e3;
    return sum;
}

int movement_out(struct db_tx *tx, const struct movement_line *l,
                 int64_t *ret_e3) {
    struct taken t[BINS_MAX];
    int64_t units;
    int n = taken_of(tx, l, t, &units);
    if (n < 0)
        return n;
    *ret_e3 = sum_of(t, n) / units;
    return 0;
}

int movement_put_back(struct db_tx *tx, const struct movement_line *l,
                      int64_t keep_e3) {
    struct taken t[BINS_MAX];
    int64_t units, keep;
    int n = taken_of(tx, l, t, &units), rc = n, rows = 0;
    if (n <= 0)
        return n;
    if (__builtin_mul_overflow(keep_e3, units, &keep))
        return ERR_RANGE;
    int64_t over = sum_of(t, n) - keep;
    for (int i = 0; rc >= 0 && over > 0 && i < n; i++) {
        struct movement m = {.item_id = t[i].item_id,
                             .bin_id = t[i].bin_id,
                             .lot_id = t[i].lot_id,
                             .qty_e3 =
                                 t[i].pieces_e3 < over ? t[i].pieces_e3 : over,
                             .reason = "put_back",
                             .ref = l->ref,
                             .author = l->author,
                             .store_id = l->store_id,
                             .order_id = l->order_id,
                             .line_id = l->line_id,
                             .part = l->part,
                             .work_id = l->work_id};
        over -= m.qty_e3;
        rc = write_one(tx, &m);
        if (rc >= 0)
            rc = item_refresh(tx, m.item_id);
        rows++;
    }
    if (rc >= 0 && rows > 0)
        rc = demand_again(tx, l->store_id, l->order_id);
    return rc < 0 ? rc : rows;
}
