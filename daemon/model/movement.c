#include "model/movement.h"

#include <strings.h>

#include "common/money.h"
#include "common/str.h"
#include "db/sql.h"
#include "model/bin.h"
#include "model/demand.h"
#include "model/item.h"

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

/* May these pieces come or go there? */
static int check(struct db_tx *tx, const struct movement *m, struct error *e) {
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
    return 0;
}

/* The row and the balance it adds to. */
static int write_one(struct db_tx *tx, const struct movement *m) {
    int rc = db_run(tx, STMT_MOVEMENT_ADD, "iiisssiiiiisi", m->item_id,
                    m->bin_id, m->qty_e3, m->reason, m->ref ? m->ref : "",
                    m->note ? m->note : "", m->store_id, m->order_id,
                    m->line_id, m->part, m->work_id, m->author, db_now(tx));
    if (rc >= 0)
        rc = db_run(tx, STMT_BALANCE_ADD, "iii", m->item_id, m->bin_id,
                    m->qty_e3);
    if (rc >= 0)
        rc = db_run(tx, STMT_BALANCE_DROP_ZERO, "ii", m->item_id, m->bin_id);
    return rc < 0 ? rc : 0;
}

int movement_add(struct db_tx *tx, const struct movement *m, struct error *e) {
    int rc = check(tx, m, e);
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
    int rc = check(tx, &from, e);
    if (rc >= 0)
        rc = check(tx, &to, e);
    if (rc >= 0)
        rc = write_one(tx, &from);
    if (rc >= 0)
        rc = write_one(tx, &to);
    return rc < 0 ? rc : item_refresh(tx, m->item_id);
}

/* --- picked --------------------------------------------------------------- */

/* Where pieces are taken from, the named bin first. */
struct sources {
    const char *first; /* code; NULL: none is named */
    struct {
        int64_t bin_id, have_e3;
    } at[BINS_MAX];
    size_t n;
};

static int add_source(const struct bin *b, int64_t qty_e3, void *arg) {
    struct sources *s = arg;
    bool named = s->first && strcasecmp(b->code, s->first) == 0;
    if (s->n == BINS_MAX || (!named && (b->quarantine || qty_e3 <= 0)))
        return 0;
    size_t i = named ? 0 : s->n;
    if (named && s->n > 0)
        s->at[s->n] = s->at[0];
    s->at[i].bin_id = b->id;
    s->at[i].have_e3 = qty_e3;
    s->n++;
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
        m->qty_e3 = -n;
        left_e3 -= n;
        rc = write_one(tx, m);
    }
    if (rc >= 0 && left_e3 > 0) {
        m->bin_id = s->at[0].bin_id;
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
    s->at[s->n].bin_id = b.id;
    s->at[s->n++].have_e3 = 0;
    return 0;
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
    struct sources s = {.first = str_empty(bin) ? NULL : bin};
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
    rc = bin_of_item(tx, m.item_id, add_source, &s);
    if (rc >= 0)
        rc = named_source(tx, &s);
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
    int64_t item_id, bin_id, pieces_e3;
};

/* item 0: of whichever; returns how many places. */
static int read_taken(struct db_tx *tx, const struct movement_line *l,
                      int64_t item, struct taken ret[BINS_MAX]) {
    AUTO_ROWS struct db_rows *r = NULL;
    int n = 0;
    int rc = db_query(tx, STMT_PICKED_OF_LINE, &r, "Siiii", l->store_id,
                      l->order_id, l->line_id, l->part, l->work_id);
    while (rc >= 0 && n < BINS_MAX && (rc = db_step(r)) > 0)
        if (!item || db_i64(r, 0) == item)
            ret[n++] = (struct taken){db_i64(r, 0), db_i64(r, 1), db_i64(r, 2)};
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
