/* Packing: what was scanned lies in the open parcel, piece by piece, and what
 * is counted is what lies in parcels, never more than is wanted.
 *
 * Happy path: pack_begin, a scan for each piece, pack_finish; each in a
 * transaction of its own, so that a scan that was answered is on disk and the
 * next person (or the same one after a crash) goes on at the same line.
 * Failure modes: the wrong or one piece too many is written down and counted
 * nowhere; an order that changed since work on it began (work.basis), is held
 * or not to be shipped any more stops every scan until somebody accepts what is
 * new or puts all back; work in another's hand is refused.
 *
 * At most one parcel of a piece of work is open. packed + short <= wanted holds
 * for every line, and packed is the sum over the parcels that are not void. */
#pragma once

#include "model/parcel.h"
#include "model/work.h"

/* An order at the packing table; all in one arena. */
struct pack {
    struct work w;
    struct work_line *lines;
    size_t n_lines;
    struct parcel *parcels; /* of this work, void ones too */
    size_t n_parcels;
    int64_t parcel_id;           /* the open one, 0: none */
    int64_t *here_e3;            /* of each line, what lies in it */
    const char *status, *number; /* of the order */
    unsigned stop;               /* what changed, enum work_part */
    const char *why;             /* why it must not be shipped at all, or "" */
    const char
        *overrules;  /* why what has expired goes out; NULL: it does not */
    int64_t stop_ms; /* when the shop changed it, as far as it says */
};

/* Pieces neither packed nor declared short; of an optional part of a bundle
 * none is missed. */
int64_t pack_left(const struct pack *p);
/* May nothing be packed now? */
bool pack_stopped(const struct pack *p);

/* The order's open work: 1 found, 0 none. */
int pack_get(struct db_tx *tx, int64_t store_id, int64_t remote_id,
             struct arena *a, struct pack *ret);

struct pack_begin {
    int64_t store_id, remote_id;
    const char *who;
    bool take;       /* from another's hand, where that is allowed */
    bool again;      /* open what is packed already */
    bool pick_first; /* what nobody picked is not packed */
};
/* Begin, or go on. Errors as work_begin and work_touch; ERR_CONFLICT: it is to
 * be picked first. What is packed stays packed without `again`. */
int pack_begin(struct db_tx *tx, const struct pack_begin *b, struct arena *a,
               struct pack *ret, struct error *e);

enum pack_verdict {
    PACK_OK,
    PACK_WRONG,  /* not of this order */
    PACK_EXCESS, /* of this order, and one too many */
    PACK_PARCEL, /* a parcel of this order: it is the open one now */
    PACK_ORDER,  /* another order, or a parcel of one: go there */
    PACK_STOP,   /* the order changed: see stop and why */
    PACK_SERIAL, /* it is kept by serials: the serial itself is wanted */
    PACK_EXPIRED,
    PACK_USED, /* a serial that was not picked for it, is packed or not here */
    PACK_QUARANTINE, /* it, or all that is left, lies where nothing is for sale
                      */
    PACK_VERDICTS
};
const char *pack_verdict_name(enum pack_verdict v);

struct pack_scanned {
    enum pack_verdict verdict;
    const struct work_line *line;  /* of a product of it, else NULL */
    int64_t qty_e3;                /* counted */
    const char *name;              /* what the code is, "" when nobody knows */
    const char *expected;          /* a SKU that is still to come, or "" */
    struct work_line due;          /* storage of `line` */
    int64_t order_store, order_id; /* of PACK_ORDER */
};
/* One scan; qty 0: one piece, or what is left of one. *p is as it is after it.
 * A verdict is no failure: it is committed. ERR_CONFLICT: not in this person's
 * hand, or not being packed. */
int pack_scan(struct db_tx *tx, struct pack *p, const char *code,
              int64_t qty_e3, const char *who, struct arena *a,
              struct pack_scanned *ret, struct error *e);
/* Everything that is left, as if it had been scanned. ERR_CONFLICT as a scan.
 */
int pack_rest(struct db_tx *tx, struct pack *p, const char *who,
              struct arena *a, struct error *e);
/* Take the last counted scan back. ERR_CONFLICT: there is none. */
int pack_undo(struct db_tx *tx, struct pack *p, const char *who,
              struct arena *a, struct error *e);

struct pack_short {
    int64_t line_id, part;
    int64_t qty_e3;     /* -1: all that is not packed; 0: it was found */
    const char *reason; /* missing damaged misplaced other */
    const char *way;    /* backorder split */
};
/* So many of a line are not there. ERR_NOT_FOUND (line), ERR_INVALID. */
int pack_short(struct db_tx *tx, struct pack *p, const struct pack_short *s,
               const char *who, struct arena *a, struct error *e);
/* Close the open parcel and open another; an empty one stays. */
int pack_new_parcel(struct db_tx *tx, struct pack *p, const char *who,
                    struct arena *a, struct error *e);
/* All is in: ERR_CONFLICT names what is missing. */
int pack_finish(struct db_tx *tx, struct pack *p, const char *who,
                struct arena *a, struct error *e);

/* The person has seen what changed: go on with the order as it is now. What is
 * not wanted any more is taken out of the parcels, newest first, and told in
 * `out` ("2 x AO-34, 1 x AO-5"; "" nothing). ERR_CONFLICT: it is not to be
 * shipped at all. */
int pack_accept(struct db_tx *tx, struct pack *p, const char *who,
                struct arena *a, const char **ret_out, struct error *e);
/* All of it goes back: parcels that have not left are void, the work ends. */
int pack_put_back(struct db_tx *tx, struct pack *p, const char *who,
                  struct arena *a, struct error *e);
/* What lies in a parcel is not packed any more; the parcel is void.
 * ERR_CONFLICT: another has the work in hand. */
int pack_void(struct db_tx *tx, const struct parcel *p, const char *who,
              struct arena *a, struct error *e);
