/* Picking: the work of one order, or of a wave of several walked together, as
 * one list. A scan counts on the first line that still wants it; what is not
 * wanted counts nothing and says so. Every scan is a row, also those that
 * counted nothing, and undoing one is another row. */
#pragma once

#include "model/work.h"

enum { PICK_ORDERS_MAX = 50, PICK_CODE = 128 };

/* One line of one order in the list. */
struct pick_line {
    size_t work; /* index into works */
    struct work_line l;
};

struct pick {
    int64_t wave_id;  /* 0: one order alone */
    const char *kind; /* "single" "batch" "wave" */
    struct work *works;
    size_t n_works;
    struct pick_line *lines; /* by bin, SKU, tote */
    size_t n_lines;
    int64_t last_work, last_line, last_part; /* of the last scan; 0: none */
    const char *overrules; /* why what has expired goes out, or NULL */
};

/* "P-77" and "W-12": 1 found, 0 not (or no order of it in the scope),
 * ERR_INVALID. In the arena. */
int pick_get(struct db_tx *tx, const char *id, struct arena *a,
             struct pick *ret);

/* Begin on orders: one alone, or several as a wave of that kind ("batch",
 * "wave": totes 1..n). All or none; errors as work_begin, with the order in
 * e->where. */
struct pick_order {
    int64_t store_id, remote_id;
    const char *ref;
};
int pick_begin(struct db_tx *tx, const struct pick_order *orders, size_t n,
               const char *kind, const char *who, struct arena *a,
               struct pick *ret, struct error *e);

enum pick_verdict {
    PICK_OK,
    PICK_WRONG,      /* another product of the store */
    PICK_UNKNOWN,    /* no code of the store */
    PICK_EXCESS,     /* of the order, but picked already */
    PICK_SERIAL,     /* it is kept by serials: the serial itself is wanted */
    PICK_EXPIRED,    /* the lot, or all that is left of it */
    PICK_USED,       /* a serial that is not in a bin, or in another's hand */
    PICK_QUARANTINE, /* it, or all that is left, lies where nothing is for sale
                      */
};
const char *pick_verdict_name(enum pick_verdict v);

struct pick_scan {
    enum pick_verdict verdict;
    const char *name;               /* of what was scanned; "" unknown */
    int64_t work_id, line_id, part; /* it counted there, or would have */
    const char *tote;               /* where it goes; "" none */
    int64_t lot_id;                 /* that was named; 0: none */
};
/* code: SKU, EAN, id or reference of a product or variation, or the lot or
 * serial of a piece of one; a lot is then named. ERR_CONFLICT: the
 * lease (work_touch), or it is picked already. */
int pick_scan(struct db_tx *tx, struct pick *p, const char *code,
              int64_t qty_e3, const char *who, struct arena *a,
              struct pick_scan *ret, struct error *e);
/* Take back the last scan that counted, or the last short. ERR_CONFLICT: there
 * is none. */
int pick_undo(struct db_tx *tx, struct pick *p, const char *who,
              struct arena *a, struct pick_scan *ret, struct error *e);

struct pick_short {
    int64_t work_id, line_id, part;
    int64_t qty_e3;     /* 0: all that is left of the line */
    const char *reason; /* missing damaged misplaced other */
    const char *way;    /* backorder: waits for goods; split: a second parcel */
};
int pick_short(struct db_tx *tx, struct pick *p, const struct pick_short *s,
               const char *who, struct error *e);

/* All picked or short: to the packers. ERR_CONFLICT says what is left. */
int pick_finish(struct db_tx *tx, struct pick *p, const char *who,
                struct error *e);
/* Of each of its orders. */
int pick_give_back(struct db_tx *tx, struct pick *p, const char *who,
                   struct error *e);
int pick_take_over(struct db_tx *tx, struct pick *p, const char *who,
                   struct error *e);
/* Begun by mistake: the orders are free again, nothing is left to pack. */
int pick_drop(struct db_tx *tx, struct pick *p, const char *who,
              struct error *e);

/* The lot to take for a line, the first to expire: 1; 0: none, or it is not
 * kept by lots. */
struct lot;
int pick_proposes(struct db_tx *tx, const struct work *w,
                  const struct work_line *l, struct lot *ret);

/* What of a line is neither picked nor short. */
int64_t pick_left(const struct work_line *l);
/* Must that be picked before all is? Not of an optional part: what was not
 * picked of it is missing. */
bool pick_due(const struct work_line *l);
